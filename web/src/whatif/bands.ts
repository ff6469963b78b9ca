// SPDX-License-Identifier: Apache-2.0
// Accounts put into bands of one feature by lower edges, over plain arrays: a million accounts take a
// few milliseconds, so that bands follow the pointer.

export interface Banded {
  accounts: Float64Array; /* per band; the last one is of accounts whose value is missing */
  amount: Float64Array;
  moved: number;
  movedAmount: number;
  up: number;
}

/** Band of each account: 0 is at or above the highest edge, edges.length below all, one more: missing. */
export function bandsOf(values: Float64Array, edges: readonly number[], out: Uint8Array): void {
  const n = edges.length;
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    if (v !== v) {
      out[i] = n + 1;
      continue;
    }
    let band = 0;
    while (band < n && v < (edges[band] as number)) {
      band++;
    }
    out[i] = band;
  }
}

/** Sizes under `edges` (from high to low), and who would be elsewhere than in `before`. */
export function resegment(values: Float64Array, amounts: Float64Array, edges: readonly number[], before: Uint8Array): Banded {
  const n = edges.length;
  const out: Banded = { accounts: new Float64Array(n + 2), amount: new Float64Array(n + 2), moved: 0, movedAmount: 0, up: 0 };
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number;
    const worth = amounts[i] as number;
    let band = 0;
    if (v !== v) {
      band = n + 1;
    } else {
      while (band < n && v < (edges[band] as number)) {
        band++;
      }
    }
    const sum = worth === worth ? worth : 0;
    out.accounts[band]!++;
    out.amount[band]! += sum;
    if (band !== before[i]) {
      out.moved++;
      out.movedAmount += sum;
      out.up += band < (before[i] as number) ? 1 : 0;
    }
  }
  return out;
}

/** Amounts spread over orders of magnitude are drawn on a logarithmic scale, all else on a plain one. */
export interface Scale {
  to: (x: number) => number; /* 0 to 1 */
  from: (t: number) => number;
  max: number;
}

export function scaleOf(values: Float64Array): Scale {
  const known = values.filter((v) => v === v && v >= 0).sort();
  const max = known.length > 0 ? Math.max(1, known[known.length - 1] as number) : 1;
  const middle = Math.max(known[known.length >> 1] ?? 1, max / 1e6);
  if (max / middle < 12) {
    return { to: (x) => Math.min(1, Math.max(0, x / max)), from: (t) => t * max, max };
  }
  const unit = middle / 4;
  const all = Math.log1p(max / unit);
  return {
    to: (x) => Math.min(1, Math.log1p(Math.max(0, x) / unit) / all),
    from: (t) => Math.expm1(t * all) * unit,
    max,
  };
}

export function histogram(values: Float64Array, scale: Scale, bins: number): Float64Array {
  const out = new Float64Array(bins);
  for (const v of values) {
    if (v === v) {
      out[Math.min(bins - 1, Math.floor(scale.to(v) * bins))]!++;
    }
  }
  return out;
}

/** A value that people would write: two or three digits that count. */
export function tidy(x: number): number {
  if (x < 10) {
    return Math.round(x * 10) / 10;
  }
  const unit = 10 ** (Math.floor(Math.log10(x)) - 1);
  return Math.round(x / unit) * unit;
}

/** An edge stays between its neighbours, so that no band turns inside out. */
export function moveEdge(edges: readonly number[], at: number, to: number): number[] {
  const high = at > 0 ? (edges[at - 1] as number) : Infinity;
  const low = at < edges.length - 1 ? (edges[at + 1] as number) : 0;
  return edges.map((e, i) => (i === at ? Math.min(high, Math.max(low, to)) : e));
}
