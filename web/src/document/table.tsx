// SPDX-License-Identifier: Apache-2.0
// A table of a document: sortable heads, a filter and a box of its own when it is long, origins on its
// cells, links on accounts and segments. Long ones draw the rows in sight only.
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { useWorld } from '../data/project';
import { number } from './format';
import { cellOrigins, cellReasons, cellTypes } from './find';
import { inline } from './inline';
import { matching, sorted, type Placed, type Sorting } from './rows';
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
  const links = [...(here.closest('tbody')?.querySelectorAll<HTMLElement>('tr > :first-child a, tr > :nth-child(2) a') ?? [])];
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
}

export function TableView({ table, doc, only, limit, caption = true }: Props) {
  const { project } = useWorld();
  const [sorting, sort] = useState<Sorting>();
  const [want, filter] = useState('');
  const [wide, setWide] = useState(false);
  const [shown, show] = useState(STEP);
  const id = useId();
  const columns = useMemo(() => columnsOf(table, doc, project, wide ? table.columns.map((c) => c.key) : only), [table, doc, project, wide, only]);
  const origins = useMemo(() => cellOrigins(table, 'rows'), [table]);
  const reasons = useMemo(() => cellReasons(table, 'rows'), [table]);
  const types = useMemo(() => cellTypes(table, 'rows'), [table]);
  const placed = useMemo<Placed[]>(() => {
    const all = table.rows.slice(0, limit ?? table.rows.length).map((row, at) => ({ row, at }));
    return sorted(matching(all, columns, want), columns.find((c) => c.key === sorting?.key), sorting);
  }, [table, columns, want, sorting, limit]);
  const long = (limit ?? table.rows.length) > LONG && table.rows.length > LONG;
  const hidden = table.columns.length - columns.length;
  const body = (
    <>
      <div class="bar-tools">
        <p class={caption && (table.caption || long) ? 'caption' : 'caption vh'} id={id}>
          {table.caption ? inline(table.caption) : `${number(table.rows.length)} row${table.rows.length === 1 ? '' : 's'}`}
        </p>
        {long && (
          <span class="tools">
            <span class="vh" role="status">{want ? `${placed.length} of ${table.rows.length} rows` : ''}</span>
            <input type="search" class="filter" aria-label="Filter rows" value={want}
              placeholder={`Filter ${number(table.rows.length)} rows`}
              onInput={(e) => { filter(e.currentTarget.value); show(STEP); }} />
          </span>
        )}
        {hidden > 0 && !only && (
          <button type="button" class="quiet-button" aria-pressed={wide} onClick={() => setWide(true)}>{hidden} more column{hidden > 1 ? 's' : ''}</button>
        )}
      </div>
      <Box labelledby={id} onKeyDown={moveFocus} onEnd={() => show((n) => Math.min(n + STEP, placed.length))}>
        <table aria-labelledby={id}>
          <Head columns={columns} sorting={sorting} sortable={table.rows.length > 2} onSort={sort} />
          <tbody>{placed.slice(0, shown).map(({ row, at }) => (
            <RowView key={at} row={row} at={at} columns={columns} doc={doc} origins={origins} reasons={reasons} types={types} />
          ))}</tbody>
          {table.totals.length > 0 && !want && limit === undefined && <Totals table={table} columns={columns} doc={doc} />}
        </table>
      </Box>
      {placed.length > shown && <p class="foot on-paper">The first {shown} of {number(placed.length)} rows; a download has all.</p>}
      {want && placed.length === 0 && <p class="foot">No row has “{want}”.</p>}
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
function Box({ children, labelledby, onKeyDown, onEnd }: {
  children: preact.ComponentChildren; labelledby: string; onKeyDown: (e: KeyboardEvent) => void; onEnd: () => void;
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
    <div class="box" ref={box} onKeyDown={onKeyDown} onScroll={scrolled}
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
  const origins = cellOrigins(table, 'totals');
  const reasons = cellReasons(table, 'totals');
  const types = cellTypes(table, 'totals');
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
