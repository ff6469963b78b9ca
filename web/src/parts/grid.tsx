// SPDX-License-Identifier: Apache-2.0
// Very many rows: only those in sight are elements. Rows follow each other by the arrow keys (one of them
// is in the order of Tab), Enter opens the account.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useWorld } from '../data/project';
import type { RowsColumn, RowsState } from '../data/rows';
import { cellText, isNumeric } from '../document/format';
import type { Cell } from '../document/types';
import { go, href, setParams } from '../router';
import { Meaning } from './origin';
import { Window } from './popover';
import { SegmentName } from './segment';
import { Empty } from './states';
import { sight } from './window';

const ROW = 36;

function Head({ columns, sort }: { columns: RowsColumn[]; sort: string }) {
  const key = sort.replace(/^-/, '');
  const flip = (c: RowsColumn) => {
    const down = key === c.key ? !sort.startsWith('-') : isNumeric(c.type);
    setParams({ sort: (down ? '-' : '') + c.key });
  };
  return (
    <div class="grid-head" role="row" aria-rowindex={1}>
      {columns.map((c, i) => (
        <div role="columnheader" key={c.key} aria-colindex={i + 1} class={isNumeric(c.type) ? 'num' : undefined}
          aria-sort={key === c.key ? (sort.startsWith('-') ? 'descending' : 'ascending') : undefined}>
          {c.key === 'id' ? c.label : <button type="button" class="sort" onClick={() => flip(c)}>{c.label}</button>}
        </div>
      ))}
    </div>
  );
}

/** A figure opens what it is; those of all rows share one window. */
function CellOf({ column, value, currency, onAsk }: { column: RowsColumn; value: Cell; currency: string; onAsk: (el: HTMLElement) => void }) {
  if (typeof value === 'string' && column.type === 'text' && column.key !== 'id' && column.key !== 'name') {
    return <SegmentName name={value} />;
  }
  const text = cellText(value, column.type, { currency, money: 'whole', decimals: column.decimals });
  return value === null || !isNumeric(column.type) ? <span title={text.length > 18 ? text : undefined}>{text}</span>
    : <button type="button" class="door" tabIndex={-1} aria-haspopup="dialog" onClick={(e) => onAsk(e.currentTarget)}>{text}</button>;
}

interface Asked {
  column: RowsColumn;
  account: string;
  el: HTMLElement;
}

/** From a row to its cells and back. */
function sideways(row: HTMLElement, back: boolean): void {
  const stops = [row, ...row.querySelectorAll<HTMLElement>('a, button')];
  const next = stops[stops.indexOf(document.activeElement as HTMLElement) + (back ? -1 : 1)];
  next?.focus({ preventScroll: true });
}

const template = (columns: RowsColumn[]) =>
  columns.map((c) => (c.key === 'name' ? 'minmax(180px, 2.2fr)' : c.key === 'id' ? 'minmax(92px, 0.8fr)'
    : c.type === 'text' ? 'minmax(140px, 1.4fr)' : `minmax(${Math.max(c.type === 'money' ? 116 : 96, c.label.length * 8 + 36)}px, 1fr)`)).join(' ');

export function Grid({ state, want, sort }: { state: RowsState; want: (from: number, to: number) => void; sort: string }) {
  const { project } = useWorld();
  const box = useRef<HTMLDivElement>(null);
  const [scroll, setScroll] = useState(0);
  const [view, setView] = useState(640);
  const [at, setAt] = useState(0);
  const keyed = useRef(false);
  const [asked, ask] = useState<Asked>();
  const { columns, rows, total } = state;
  const s = sight(total, ROW, scroll, view);
  /* another list (other `rows`) is asked for what is in sight too, wherever the scroll bar stands */
  useEffect(() => want(s.first - 200, s.last + 200), [s.first, s.last, rows]);
  useEffect(() => {
    const el = box.current;
    if (!el) {
      return undefined;
    }
    const watch = new ResizeObserver(() => setView(el.clientHeight));
    watch.observe(el);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (keyed.current) {
      keyed.current = false;
      box.current?.querySelector<HTMLElement>(`[data-at="${at}"]`)?.focus({ preventScroll: true });
    }
  }, [at]);
  if (total === 0) {
    return <Empty title="No account is so."><p>Loosen the filter, or look at a day when there were some.</p></Empty>;
  }
  const idAt = columns.findIndex((c) => c.key === 'id');
  const move = (e: KeyboardEvent) => {
    const page = Math.floor(view / ROW) - 1;
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -total, End: total };
    const step = steps[e.key];
    const el = box.current;
    const row = (e.target as HTMLElement).closest<HTMLElement>('.grid-row');
    const onRow = row === e.target;
    if ((e.key === 'ArrowRight' || e.key === 'ArrowLeft') && row) {
      e.preventDefault();
      sideways(row, e.key === 'ArrowLeft');
    } else if (e.key === 'Enter' && onRow && rows[at] && idAt >= 0) {
      go(href(`/account/${String(rows[at]?.[idAt])}`));
    } else if (step !== undefined && el && row) {
      e.preventDefault();
      const next = Math.max(0, Math.min(total - 1, at + step));
      const y = (next / Math.max(1, total - 1)) * (s.height - view);
      const top = s.height === total * ROW ? Math.min(Math.max(el.scrollTop, (next + 2) * ROW - view), next * ROW) : y;
      el.scrollTop = top;
      setScroll(top);
      keyed.current = true;
      setAt(next);
    }
  };
  const visible = Array.from({ length: s.last - s.first }, (_, i) => s.first + i);
  return (
    <div class="grid-box" ref={box} onScroll={(e) => { setScroll(e.currentTarget.scrollTop); ask(undefined); }} onKeyDown={move}>
      <div role="grid" aria-label="Accounts" aria-rowcount={total + 1} aria-colcount={columns.length} class="grid" style={{ '--cols': template(columns), minWidth: `${columns.length * 128}px` } as never}>
        <Head columns={columns} sort={sort} />
        <div role="rowgroup" class="grid-body" style={{ height: `${s.height}px` }}>
          <div class="grid-rows" role="presentation" style={{ transform: `translateY(${s.top}px)` }}>
            {visible.map((i) => {
              const row = rows[i];
              const id = row && idAt >= 0 ? String(row[idAt]) : '';
              return (
                <div role="row" key={i} data-at={i} aria-rowindex={i + 2} tabIndex={i === at || (i === s.first && (at < s.first || at >= s.last)) ? 0 : -1}
                  class="grid-row" onFocus={() => i !== at && setAt(i)}>
                  {columns.map((c, k) => (
                    <div role="gridcell" key={c.key} aria-colindex={k + 1} class={isNumeric(c.type) ? 'num' : undefined}>
                      {!row ? <span class="bone" /> : (c.key === 'name' || c.key === 'id') && id
                        ? <a tabIndex={-1} href={href(`/account/${id}`)}>{String(row[k])}</a>
                        : <CellOf column={c} value={row[k] ?? null} currency={project.currency} onAsk={(el) => ask({ column: c, account: id, el })} />}
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      {asked && (
        <Window key={`${asked.account} ${asked.column.key}`} anchor={() => asked.el} name={`Where ${asked.column.label} comes from`} onClose={() => ask(undefined)}>
          <Meaning feature={asked.column.key} account={asked.account} />
        </Window>
      )}
    </div>
  );
}
