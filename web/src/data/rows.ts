// SPDX-License-Identifier: Apache-2.0
// Rows of a long list, as far as somebody looks at them: a cursor ends in the number of its first row, so that a
// reader who jumps to the end waits for the rows there and not for those between.
import type { Cell, CellType } from '../document/types';
import { ApiError, getJson, type Query } from './api';

export interface RowsColumn {
  key: string;
  label: string;
  type: CellType;
  decimals?: number;
}
interface Page {
  columns: (RowsColumn | string)[];
  rows: Cell[][];
  next_cursor: string | null;
  total: number;
}

export interface RowsState {
  columns: RowsColumn[];
  /** by their place in the list; holes have not been asked for */
  rows: (Cell[] | undefined)[];
  total: number;
  error?: ApiError;
}

const FIRST = 200;
const MORE = 1000;

const named = (c: RowsColumn | string): RowsColumn =>
  typeof c === 'string' ? { key: c, label: c, type: 'text' } : c;

/** The cursor of the same list for another first row. */
export function cursorAt(cursor: string | null, row: number): string | null {
  return cursor === null || row === 0 ? null : cursor.replace(/-\d+$/, `-${row}`);
}

/** The first row of a span that is not there; undefined when all are. */
export function firstHole(rows: readonly (Cell[] | undefined)[], from: number, to: number): number | undefined {
  for (let i = from; i < to; i++) {
    if (!rows[i]) {
      return i;
    }
  }
  return undefined;
}

/** Reads the spans of a list that somebody wants to see. */
export class RowsReader {
  state: RowsState = { columns: [], rows: [], total: 0 };
  private cursor: string | null = null;
  private known = false;
  private busy = false;
  private from = 0;
  private to = FIRST;
  private readonly stop = new AbortController();

  constructor(private readonly query: Query, private readonly changed: (s: RowsState) => void) {
    void this.read();
  }

  /** Rows of this span are wanted; what was wanted before is not any more. */
  want(from: number, to: number): void {
    this.from = Math.max(0, from);
    this.to = to;
    void this.read();
  }

  close(): void {
    this.stop.abort();
  }

  /** Where to go on reading; undefined when all that is wanted is there. */
  private next(): number | undefined {
    return this.known ? firstHole(this.state.rows, this.from, Math.min(this.to, this.state.total)) : 0;
  }

  private async read(): Promise<void> {
    if (this.busy) {
      return;
    }
    this.busy = true;
    try {
      for (let at = this.next(); at !== undefined && !this.state.error; at = this.next()) {
        const limit = this.known ? MORE : FIRST;
        const page = await getJson<Page>('rows/accounts', { ...this.query, limit, cursor: cursorAt(this.cursor, at) }, this.stop.signal);
        this.known = true;
        this.cursor ??= page.next_cursor;
        const { rows } = this.state;
        page.rows.forEach((row, i) => { rows[(at as number) + i] = row; });
        const total = page.rows.length === 0 ? Math.min(page.total, at) : page.total;
        this.state = { columns: page.columns.map(named), rows, total };
        this.changed(this.state);
      }
    } catch (e) {
      if (!this.stop.signal.aborted) {
        const error = e instanceof ApiError ? e : new ApiError('unknown', String(e), 0);
        this.state = { ...this.state, error };
        this.changed(this.state);
      }
    } finally {
      this.busy = false;
    }
  }
}
