// SPDX-License-Identifier: Apache-2.0
// Rows of a table in the order and with the filter that a reader asked for.
import { isNumeric } from './format';
import type { Cell, Column, Row } from './types';

export interface Sorting {
  key: string;
  up: boolean;
}
export interface Placed {
  row: Row;
  at: number;
}

function compare(a: Cell | undefined, b: Cell | undefined, numeric: boolean): number {
  if (numeric) {
    return Number(a) - Number(b);
  }
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** Missing values go last in either direction; equal ones keep their order. */
export function sorted(rows: Placed[], column: Column | undefined, sorting: Sorting | undefined): Placed[] {
  if (!column || !sorting) {
    return rows;
  }
  const numeric = isNumeric(column.type);
  const empty = (v: Cell | undefined) => v === null || v === undefined || v === '';
  return [...rows].sort((a, b) => {
    const x = a.row[column.key];
    const y = b.row[column.key];
    if (empty(x) || empty(y)) {
      return empty(x) === empty(y) ? a.at - b.at : empty(x) ? 1 : -1;
    }
    const d = compare(x, y, numeric);
    return (sorting.up ? d : -d) || a.at - b.at;
  });
}

/** `id`: what else of the row is shown in the column. */
export function matching(rows: Placed[], columns: (Column & { id?: string })[], want: string): Placed[] {
  const text = want.trim().toLocaleLowerCase();
  if (!text) {
    return rows;
  }
  const has = (v: Cell | undefined) => v !== null && v !== undefined && String(v).toLocaleLowerCase().includes(text);
  return rows.filter(({ row }) => columns.some((c) => has(row[c.key]) || (c.id !== undefined && has(row[c.id]))));
}
