// SPDX-License-Identifier: Apache-2.0
/** The day itself and the month ends before it, `n` in all, oldest first. */
export function monthEnds(day: string, n: number): string[] {
  const [y = 1970, m = 1] = day.split('-').map(Number);
  const out = [day];
  for (let back = 0; out.length < n; back++) {
    const end = new Date(Date.UTC(y, m - 1 - back, 0)).toISOString().slice(0, 10);
    if (end < day) {
      out.unshift(end);
    }
  }
  return out;
}
