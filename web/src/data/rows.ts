// SPDX-License-Identifier: Apache-2.0
// Rows of a long list, page by page: each page tells where the next begins.
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
  rows: Cell[][];
  total: number;
  complete: boolean;
  error?: ApiError;
}

const FIRST = 200;
const MORE = 5000;

const named = (c: RowsColumn | string): RowsColumn =>
  typeof c === 'string' ? { key: c, label: c, type: 'text' } : c;

/** Reads a list from its beginning as far as somebody wants to see it. */
export class RowsReader {
  state: RowsState = { columns: [], rows: [], total: 0, complete: false };
  private cursor: string | null = null;
  private busy = false;
  private wanted = FIRST;
  private readonly stop = new AbortController();

  constructor(private readonly query: Query, private readonly changed: (s: RowsState) => void) {
    void this.read();
  }

  /** Rows up to this one are wanted. */
  want(row: number): void {
    this.wanted = Math.max(this.wanted, row);
    void this.read();
  }

  close(): void {
    this.stop.abort();
  }

  private async read(): Promise<void> {
    if (this.busy) {
      return;
    }
    this.busy = true;
    try {
      while (!this.state.complete && this.state.rows.length < this.wanted) {
        const limit = this.state.rows.length === 0 ? FIRST : MORE;
        const page = await getJson<Page>('rows/accounts', { ...this.query, limit, cursor: this.cursor }, this.stop.signal);
        this.cursor = page.next_cursor;
        this.state = {
          columns: page.columns.map(named),
          rows: this.state.rows.concat(page.rows),
          total: page.total,
          complete: page.next_cursor === null || page.next_cursor === undefined,
        };
        this.changed(this.state);
      }
    } catch (e) {
      if (!this.stop.signal.aborted) {
        const error = e instanceof ApiError ? e : new ApiError('unknown', String(e), 0);
        this.state = { ...this.state, complete: true, error };
        this.changed(this.state);
      }
    } finally {
      this.busy = false;
    }
  }
}
