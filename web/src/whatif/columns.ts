// SPDX-License-Identifier: Apache-2.0
// The columns that a what-if needs, as plain numbers: little endian, one column after the other.
import { getBytes } from '../data/api';

/** As many as the server takes in one request. */
const MOST = 16;

export function splitColumns(bytes: ArrayBuffer, n: number): Float64Array[] {
  const each = bytes.byteLength / 8 / n;
  if (!Number.isInteger(each)) {
    throw new Error(`the answer is not of ${n} columns of numbers`);
  }
  return Array.from({ length: n }, (_, i) => new Float64Array(bytes, i * each * 8, each));
}

export async function readColumns(features: readonly string[], asOf: string | undefined, signal: AbortSignal): Promise<Map<string, Float64Array>> {
  const out = new Map<string, Float64Array>();
  for (let from = 0; from < features.length; from += MOST) {
    const some = features.slice(from, from + MOST);
    const columns = splitColumns(await getBytes('whatif/columns', { features: some.join(), as_of: asOf }, signal), some.length);
    some.forEach((name, i) => out.set(name, columns[i] as Float64Array));
  }
  return out;
}
