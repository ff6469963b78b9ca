// SPDX-License-Identifier: Apache-2.0
// Rows of a table of which the document has the first only: the server chooses and sorts among all of them and hands them
// out page by page, so that a filter or an order is never of those alone that happen to be here.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, getJson, type Query } from '../data/api';
import { countTables, remarksOf, type Remarks } from './find';
import type { Placed, Sorting } from './rows';
import type { Cell, CellRemark, Column, Doc, Row, Table } from './types';

const PAGE = 400;

export interface Wanted {
  sorting: Sorting | undefined;
  find: string;
  /** values that rows must have, by column */
  where: Record<string, string>;
}

const NONE: Remarks = { reasons: new Map(), types: new Map(), origins: new Map() };

export interface More {
  rows: Placed[];
  remarks: Remarks;
  /** rows that are wanted, here or not; undefined until the server has said */
  total: number | undefined;
  busy: boolean;
  error: ApiError | undefined;
  /** reads some more */
  more: () => void;
}

interface Page {
  columns: Column[];
  rows: Cell[][];
  total: number;
  next_cursor: string | null;
  /** of cells of this page, rows counted in it */
  missing?: CellRemark[];
  types?: CellRemark[];
  provenance?: CellRemark[];
}

interface Read {
  list: string;
  key: string;
  rows: Placed[];
  remarks: Remarks;
  total: number | undefined;
  cursor: string | null;
  begun: boolean;
}

/** Where the rows of a table are asked for, and with what: the limit of the command is not that of a page. */
export function rowsOf(doc: Doc, table: Table): { path: string; query: Query } {
  const { limit, ...others } = doc.source?.query ?? {};
  return { path: `rows/${doc.source?.path ?? ''}`, query: { ...others, command_limit: limit, table: table.id } };
}

/** `only` is a parameter that may be given several times. */
function pageOf(doc: Doc, table: Table, wanted: Wanted, cursor: string | null, signal: AbortSignal): Promise<Page> {
  const { path, query } = rowsOf(doc, table);
  const only = Object.entries(wanted.where).filter(([, v]) => v !== '').map(([k, v]) => `${k}:${v}`);
  const order = wanted.sorting ? `${wanted.sorting.up ? '' : '-'}${wanted.sorting.key}` : null;
  return getJson<Page>(path, { ...query, order, find: wanted.find.trim(), only, limit: PAGE, cursor }, signal);
}

const rowOf = (columns: Column[], cells: Cell[]): Row => Object.fromEntries(columns.map((c, i) => [c.key, cells[i] ?? null]));

/* Behind every row of the document, whose remarks are by its place there. */
const ELSEWHERE = 1_000_000_000;

/** The remarks of a page with those before it; `at` of the page's first row. */
export function remarked(before: Remarks, page: Pick<Page, 'missing' | 'types' | 'provenance'>, at: number): Remarks {
  const own = remarksOf(page, 'rows', at);
  return {
    reasons: new Map([...before.reasons, ...own.reasons]), types: new Map([...before.types, ...own.types]), origins: new Map([...before.origins, ...own.origins]),
  };
}

/** Whether the rows behind the first can be asked for: tables that share their id come as one. */
export const hasPages = (doc: Doc, table: Table): boolean =>
  table.of !== undefined && doc.source !== undefined && countTables(doc, table.id) === 1;

export function useMore(doc: Doc, table: Table, wanted: Wanted): More {
  const plain = !wanted.sorting && wanted.find.trim() === '' && Object.values(wanted.where).every((v) => v === '');
  const paged = hasPages(doc, table);
  const list = JSON.stringify([doc.source, doc.document.data_digest, table.id]);
  const key = `${list} ${JSON.stringify(wanted)}`;
  const first = (): Read => ({ list, key, cursor: null, begun: false,
    remarks: plain ? remarksOf(table, 'rows') : NONE, rows: plain ? table.rows.map((row, at) => ({ row, at })) : [], total: plain ? table.of ?? table.rows.length : undefined });
  const [read, setRead] = useState<Read>(first);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const stop = useRef<AbortController>();
  /* what was there stays, dimmed, until the other rows come: no jumps */
  const stale = !plain && read.key !== key && read.list === list && paged;
  const now = read.key === key ? read : stale ? { ...read, total: undefined } : first();
  const go = (from: Read) => {
    stop.current?.abort();
    const mine = new AbortController();
    stop.current = mine;
    setBusy(true);
    setError(undefined);
    pageOf(doc, table, wanted, from.cursor, mine.signal).then((page) => {
      const known = from.begun ? from.rows : [];
      const got = page.rows.map((cells, i): Placed => {
        const at = known.length + i;
        const own = plain ? table.rows[at] : undefined;
        return own ? { row: own, at } : { row: rowOf(page.columns, cells), at: plain ? at : ELSEWHERE + at };
      });
      const remarks = remarked(from.remarks, page, (plain ? 0 : ELSEWHERE) + known.length);
      setRead({ list, key, rows: [...known, ...got], remarks, total: page.total, cursor: page.next_cursor, begun: true });
      setBusy(false);
    }, (e: unknown) => {
      if (!mine.signal.aborted) {
        setError(e instanceof ApiError ? e : new ApiError('unknown', String(e), 0));
        setBusy(false);
      }
    });
  };
  useEffect(() => {
    if (!paged || plain) {
      return undefined;
    }
    const timer = setTimeout(() => go(first()), wanted.find ? 200 : 0);
    return () => clearTimeout(timer);
  }, [key, paged]);
  useEffect(() => () => stop.current?.abort(), []);
  return {
    rows: now.rows, remarks: now.remarks, total: now.total, busy: (busy || (stale && !error)) && paged, error,
    more: () => {
      if (paged && !busy && !stale && !error && now.rows.length < (now.total ?? 0)) {
        go(now);
      }
    },
  };
}
