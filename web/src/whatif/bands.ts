// SPDX-License-Identifier: Apache-2.0
// What thresholds do to all accounts, over plain arrays: a million accounts take a few milliseconds, so that
// segments follow the pointer.

export interface Tally {
  accounts: Float64Array; /* by segment */
  amount: Float64Array;
  moved: number;
  movedAmount: number;
  up: number; /* of an ordered dimension: to an earlier segment */
}

/** Sizes of `n` segments, and who is elsewhere than in `before`. */
export function tally(codes: Uint8Array, amounts: Float64Array, before: Uint8Array, n: number): Tally {
  const out: Tally = { accounts: new Float64Array(n), amount: new Float64Array(n), moved: 0, movedAmount: 0, up: 0 };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    const worth = amounts[i] as number;
    const sum = worth === worth ? worth : 0;
    out.accounts[code]!++;
    out.amount[code]! += sum;
    if (code !== before[i]) {
      out.moved++;
      out.movedAmount += sum;
      out.up += code < (before[i] as number) ? 1 : 0;
    }
  }
  return out;
}

/** Amounts spread over orders of magnitude are drawn on a logarithmic scale, all else on a plain one; what can
 * be negative between its outermost hundredths. */
export interface Scale {
  to: (x: number) => number; /* 0 to 1 */
  from: (t: number) => number;
  min: number;
  max: number;
}

const within = (t: number): number => Math.min(1, Math.max(0, t));

function plainScale(min: number, max: number): Scale {
  const width = Math.max(1e-9, max - min);
  return { to: (x) => within((x - min) / width), from: (t) => min + t * width, min, max };
}

/** `marks`: values that have to be on it. */
export function scaleOf(values: Float64Array, marks: readonly number[] = []): Scale {
  const known = values.filter((v) => v === v).sort();
  const at = (q: number) => known[Math.min(known.length - 1, Math.floor(known.length * q))] ?? 0;
  if (at(0) < 0) {
    const low = Math.min(at(0.01), ...marks);
    const high = Math.max(at(0.99), ...marks);
    const room = (high - low) * 0.05;
    return plainScale(low - room, high + room);
  }
  const max = Math.max(at(1), ...marks.map((m) => m * 1.05)) || 1;
  const middle = Math.max(at(0.5), max / 1e6);
  if (max / middle < 12) {
    return plainScale(0, max);
  }
  const unit = middle / 4;
  const all = Math.log1p(max / unit);
  return {
    to: (x) => within(Math.log1p(Math.max(0, x) / unit) / all),
    from: (t) => Math.expm1(t * all) * unit,
    min: 0,
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

/** A value that people would write: two or three digits that count; of shares whole percent. */
export function tidy(x: number, type = 'number'): number {
  if (type === 'share') {
    return Math.round(x * 100) / 100;
  }
  if (Math.abs(x) < 10) {
    return type === 'duration' ? Math.round(x) : Math.round(x * 10) / 10;
  }
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(x))) - 1);
  return Math.round(x / unit) * unit;
}

/** An edge stays between its neighbours (from high to low), so that no band turns inside out. */
export function moveEdge(edges: readonly number[], at: number, to: number): number[] {
  const high = at > 0 ? (edges[at - 1] as number) : Infinity;
  const low = at < edges.length - 1 ? (edges[at + 1] as number) : -Infinity;
  return edges.map((e, i) => (i === at ? Math.min(high, Math.max(low, to)) : e));
}
