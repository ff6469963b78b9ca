// SPDX-License-Identifier: Apache-2.0
// A table of a document: sortable heads, a filter and a box of its own when it is long, origins on its
// cells, links on accounts and segments. Of long ones the rows that are scrolled to are drawn, and asked for (more.ts).
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { useWorld } from '../data/project';
import { number } from './format';
import { asNumber, remarksOf } from './find';
import { inline } from './inline';
import { hasPages, useMore } from './more';
import { matching, sorted, type Placed, type Sorting } from './rows';
import { Failure } from '../parts/states';
import { cellClass, CellView, columnsOf, type ColumnView } from './cells';
import type { CellType, Doc, Row, Table } from './types';

const LONG = 24;
const STEP = 40;

function Head({ columns, sorting, onSort, sortable }: {
  columns: ColumnView[]; sorting: Sorting | undefined; sortable: boolean; onSort: (s: Sorting) => void;
}) {
  return (
    <thead><tr>{columns.map((c) => {
      const on = sorting?.key === c.key;
      const label = c.label || <span class="vh">{c.key}</span>;
      const flip = () => onSort({ key: c.key, up: on ? !sorting.up : !c.numeric });
      return (
        <th key={c.key} scope="col" class={c.numeric ? 'num' : undefined}
          aria-sort={on ? (sorting.up ? 'ascending' : 'descending') : undefined}>
          {sortable ? <button type="button" class="sort" onClick={flip}>{label}</button> : label}
        </th>
      );
    })}</tr></thead>
  );
}

/** Arrow keys move between rows of a table whose rows lead somewhere. */
function moveFocus(e: KeyboardEvent): void {
  const step = e.key === 'ArrowDown' ? 1 : e.key === 'ArrowUp' ? -1 : 0;
  const here = e.target instanceof HTMLElement ? e.target.closest('tbody a') : null;
  if (!step || !here) {
    return;
  }
  const links = [...(here.closest('tbody')?.querySelectorAll<HTMLElement>('.of-account a') ?? [])];
  const next = links[links.indexOf(here as HTMLElement) + step];
  if (next) {
    e.preventDefault();
    next.focus();
  }
}

interface Props {
  table: Table;
  doc: Doc;
  /** keys of the columns to show, in order; otherwise those that its author shows */
  only?: string[];
  limit?: number;
  caption?: boolean;
  /** only rows with these values, by column */
  where?: Record<string, string>;
  /** that its segments are of, where their names alone could be of several */
  dimension?: string;
}

const EVERY: Record<string, string> = {};
const has = (row: Row, where: Record<string, string>): boolean => Object.entries(where).every(([k, v]) => v === '' || String(row[k] ?? '') === v);

/** The rows that somebody wants to see, in their order: out of those that are here, or from the server. */
function useRows(table: Table, doc: Doc, columns: ColumnView[], wanted: { sorting: Sorting | undefined; find: string; where: Record<string, string> }, limit: number | undefined) {
  const remote = limit === undefined && hasPages(doc, table);
  const more = useMore(doc, table, wanted);
  const { sorting, find, where } = wanted;
  const here = useMemo<Placed[]>(() => {
    if (remote) {
      return [];
    }
    const all = table.rows.slice(0, limit ?? table.rows.length).map((row, at) => ({ row, at })).filter(({ row }) => has(row, where));
    return sorted(matching(all, columns, find), columns.find((c) => c.key === sorting?.key), sorting);
  }, [remote, table, columns, find, sorting, limit, where]);
  const remarks = useMemo(() => remarksOf(table, 'rows'), [table]);
  return remote ? { remote, ...more } : { remote, remarks, rows: here, total: here.length, busy: false, error: undefined, more: () => undefined };
}

export function TableView({ table, doc, only, limit, caption = true, where = EVERY, dimension }: Props) {
  const { project } = useWorld();
  const [sorting, sort] = useState<Sorting>();
  const [want, filter] = useState('');
  const [wide, setWide] = useState(false);
  const [shown, show] = useState(STEP);
  const id = useId();
  const columns = useMemo(() => columnsOf(table, doc, project, wide ? table.columns.map((c) => c.key) : only)
    .map((c) => (dimension ? { ...c, dimension } : c)), [table, doc, project, wide, only, dimension]);
  const { remote, rows: placed, remarks, total, busy, error, more } = useRows(table, doc, columns, { sorting, find: want, where }, limit);
  const all = table.of ?? table.rows.length;
  const long = (limit ?? all) > LONG && all > LONG;
  const chosen = want.trim() !== '' || Object.values(where).some((v) => v !== '');
  const onward = () => {
    show((n) => Math.min(n + STEP, Math.max(placed.length, STEP)));
    if (shown + STEP >= placed.length) {
      more();
    }
  };
  const hidden = table.columns.length - columns.reduce((n, c) => n + (c.id ? 2 : 1), 0);
  /* bars are as long as the largest value that is here */
  const drawn = useMemo(() => (!remote ? columns : columns.map((c) => (c.bar
    ? { ...c, max: placed.reduce((m, p) => Math.max(m, asNumber(p.row[c.key]) ?? 0), 0) } : c))), [remote, columns, placed]);
  const body = (
    <>
      <div class="bar-tools">
        <p class={caption && (table.caption || long) ? 'caption' : 'caption vh'} id={id}>
          {table.caption ? inline(table.caption) : `${number(all)} row${all === 1 ? '' : 's'}`}
        </p>
        {long && (
          <span class="tools">
            <span class="found" role="status">{busy && total === undefined ? 'Looking\u2026' : chosen && total !== undefined ? `${number(total)} of ${number(all)} rows` : ''}</span>
            <input type="search" class="filter" aria-label="Filter rows" value={want}
              placeholder={`Filter ${number(all)} rows`}
              onInput={(e) => { filter(e.currentTarget.value); show(STEP); }} />
          </span>
        )}
        {hidden > 0 && !only && (
          <button type="button" class="quiet-button" aria-pressed={wide} onClick={() => setWide(true)}>{hidden} more column{hidden > 1 ? 's' : ''}</button>
        )}
      </div>
      <Box labelledby={id} onKeyDown={moveFocus} busy={busy} onEnd={onward}>
        <table aria-labelledby={id}>
          <Head columns={columns} sorting={sorting} sortable={table.rows.length > 2} onSort={sort} />
          <tbody>{placed.slice(0, shown).map(({ row, at }) => (
            <RowView key={at} row={row} at={at} columns={drawn} doc={doc} {...remarks} />
          ))}</tbody>
          {table.totals.length > 0 && !chosen && limit === undefined && <Totals table={table} columns={columns} doc={doc} />}
        </table>
      </Box>
      {error && <Failure error={error} />}
      {(total ?? placed.length) > Math.min(shown, placed.length) && (
        <p class="foot more-rows">
          <span>{number(Math.min(shown, placed.length))} of {number(total ?? all)} rows<span class="on-paper">; a download has all</span></span>
          {limit === undefined && <button type="button" class="quiet-button" disabled={busy} onClick={onward}>{busy ? 'Reading\u2026' : 'Show more'}</button>}
        </p>
      )}
      {chosen && total === 0 && <p class="foot">{want.trim() ? `No row has \u201c${want}\u201d.` : 'No row is so.'}</p>}
      <Foot table={table} />
    </>
  );
  const inner = <div class={long ? 'table long' : 'table'} data-table={table.id}>{body}</div>;
  if (!table.folded || only) {
    return inner;
  }
  return <details class="fold"><summary>{table.caption ? inline(table.caption) : 'The figures as a table'}</summary>{inner}</details>;
}

/** A box that scrolls sideways on narrow screens, reachable by keyboard then, and asks for more rows at its end. */
function Box({ children, labelledby, busy, onKeyDown, onEnd }: {
  children: preact.ComponentChildren; labelledby: string; busy: boolean; onKeyDown: (e: KeyboardEvent) => void; onEnd: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const el = box.current;
    if (!el) {
      return undefined;
    }
    const measure = () => setScrolls(el.scrollWidth > el.clientWidth + 1 || el.scrollHeight > el.clientHeight + 1);
    const watch = new ResizeObserver(measure);
    watch.observe(el);
    measure();
    return () => watch.disconnect();
  }, []);
  const scrolled = () => {
    const el = box.current;
    if (el && el.scrollTop + el.clientHeight > el.scrollHeight - 400) {
      onEnd();
    }
  };
  return (
    <div class={busy ? 'box stale-rows' : 'box'} aria-busy={busy} ref={box} onKeyDown={onKeyDown} onScroll={scrolled}
      {...(scrolls ? { role: 'group', tabIndex: 0, 'aria-labelledby': labelledby } : {})}>{children}</div>
  );
}

function RowView({ row, at, columns, doc, origins, reasons, types }: {
  row: Row; at: number; columns: ColumnView[]; doc: Doc; origins: Map<string, number>; reasons: Map<string, string>; types: Map<string, CellType>;
}) {
  return (
    <tr>{columns.map((c, i) => {
      const Tag = i === 0 && c.type === 'text' && row[c.key] && typeof row[c.key] === 'string' ? 'th' : 'td';
      const value = row[c.key];
      const bar = c.max > 0 && typeof value === 'number';
      return (
        <Tag key={c.key} scope={Tag === 'th' ? 'row' : undefined} class={cellClass(c, value)}
          style={bar ? { '--w': `${Math.max(0, (value / c.max) * 100).toFixed(1)}%` } as never : undefined}>
          <CellView row={row} column={c} type={types.get(`${at}:${c.key}`)} doc={doc} origin={origins.get(`${at}:${c.key}`)} reason={reasons.get(`${at}:${c.key}`)} />
        </Tag>
      );
    })}</tr>
  );
}

function Totals({ table, columns, doc }: { table: Table; columns: ColumnView[]; doc: Doc }) {
  const { origins, reasons, types } = remarksOf(table, 'totals');
  return (
    <tfoot>{table.totals.map((row, at) => (
      <tr key={at}>{columns.map((c) => (
        <td key={c.key} class={c.numeric ? 'num' : undefined}>
          {row[c.key] === null || row[c.key] === undefined ? '' : (
            <CellView row={row} column={c} type={types.get(`${at}:${c.key}`)} doc={doc} origin={origins.get(`${at}:${c.key}`)} reason={reasons.get(`${at}:${c.key}`)} plain />
          )}
        </td>
      ))}</tr>
    ))}</tfoot>
  );
}

function Foot({ table }: { table: Table }) {
  const why = [...new Set((table.missing ?? []).filter((m) => m.part === 'rows').map((m) => m.reason))].slice(0, 6);
  return (
    <>
      {why.map((r) => <p class="foot" key={r}>{'\u2013'} {r}</p>)}
      {table.footnotes.map((f) => <p class="foot" key={f}>{inline(f)}</p>)}
    </>
  );
}
