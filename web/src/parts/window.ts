// SPDX-License-Identifier: Apache-2.0
// Which rows of a very long list are in sight. Browsers limit how tall an element can be (Firefox
// to about 17 million pixels); beyond a height that all can do, the scroll bar is scaled to the rows.

export const TALLEST = 12_000_000;

export interface Sight {
  first: number;
  last: number; /* exclusive */
  /** where the first of them is drawn */
  top: number;
  height: number;
}

export function sight(total: number, row: number, scroll: number, view: number, margin = 8): Sight {
  const full = total * row;
  const height = Math.min(full, TALLEST);
  if (total === 0) {
    return { first: 0, last: 0, top: 0, height: 0 };
  }
  const reach = Math.max(1, height - view);
  const exact = full <= TALLEST ? scroll : (Math.min(scroll, reach) / reach) * (full - view);
  const first = Math.max(0, Math.floor(exact / row) - margin);
  const last = Math.min(total, Math.ceil((exact + view) / row) + margin);
  return { first, last, top: scroll + (first * row - exact), height };
}
