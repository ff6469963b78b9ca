// SPDX-License-Identifier: Apache-2.0
// Rows of a table of which the document has the first only: the server chooses and sorts among all of them and hands them
// out page by page, so that a filter or an order is never of those alone that happen to be here.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, getJson, type Query } from '../data/api';
import type { Placed, Sorting } from './rows';
import type { Cell, Column, Doc, Item, Row, Table } from './types';

const PAGE = 400;

export interface Wanted {
  sorting: Sorting | undefined;
  find: string;
  /** values that rows must have, by column */
  where: Record<string, string>;
}

export interface More {
  rows: Placed[];
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
}

interface Read {
  key: string;
  rows: Placed[];
  total: number | undefined;
  cursor: string | null;
  begun: boolean;
}

/** `only` is a parameter that may be given several times. */
function pageOf(doc: Doc, table: Table, wanted: Wanted, cursor: string | null, signal: AbortSignal): Promise<Page> {
  const { path, query } = doc.source as { path: string; query: Query };
  const { limit, ...others } = query;
  const only = Object.entries(wanted.where).filter(([, v]) => v !== '').map(([k, v]) => `${k}:${v}`);
  const order = wanted.sorting ? `${wanted.sorting.up ? '' : '-'}${wanted.sorting.key}` : null;
  return getJson<Page>(`rows/${path}`, { ...others, command_limit: limit, table: table.id, order, find: wanted.find.trim(), only, limit: PAGE, cursor }, signal);
}

const rowOf = (columns: Column[], cells: Cell[]): Row => Object.fromEntries(columns.map((c, i) => [c.key, cells[i] ?? null]));

/* Behind every row of the document, whose remarks are by its place there. */
const ELSEWHERE = 1_000_000_000;

const tablesOf = (items: readonly Item[], id: string): number => items.reduce((n, i) =>
  n + (i.type === 'section' ? tablesOf(i.items, id) : i.type === 'table' && i.id === id ? 1 : 0), 0);

/** Whether the rows behind the first can be asked for: tables that share their id come as one. */
export const hasPages = (doc: Doc, table: Table): boolean =>
  table.of !== undefined && doc.source !== undefined && tablesOf(doc.sections, table.id) === 1;

export function useMore(doc: Doc, table: Table, wanted: Wanted): More {
  const plain = !wanted.sorting && wanted.find.trim() === '' && Object.values(wanted.where).every((v) => v === '');
  const paged = hasPages(doc, table);
  const key = JSON.stringify([doc.source, doc.document.data_digest, table.id, wanted]);
  const first = (): Read => ({ key, cursor: null, begun: false,
    rows: plain ? table.rows.map((row, at) => ({ row, at })) : [], total: plain ? table.of ?? table.rows.length : undefined });
  const [read, setRead] = useState<Read>(first);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const stop = useRef<AbortController>();
  const now = read.key === key ? read : first();
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
      setRead({ key, rows: [...known, ...got], total: page.total, cursor: page.next_cursor, begun: true });
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
    rows: now.rows, total: now.total, busy: busy && paged, error,
    more: () => {
      if (paged && !busy && !error && now.rows.length < (now.total ?? 0)) {
        go(now);
      }
    },
  };
}
