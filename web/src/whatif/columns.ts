// SPDX-License-Identifier: Apache-2.0
// The columns that a what-if needs, as plain numbers: little endian, one column after the other.
import { getBytes } from '../data/api';

export function splitColumns(bytes: ArrayBuffer, n: number): Float64Array[] {
  const each = bytes.byteLength / 8 / n;
  if (!Number.isInteger(each)) {
    throw new Error(`the answer is not of ${n} columns of numbers`);
  }
  return Array.from({ length: n }, (_, i) => new Float64Array(bytes, i * each * 8, each));
}

export async function readColumns(features: string[], asOf: string | undefined, signal: AbortSignal): Promise<Float64Array[]> {
  return splitColumns(await getBytes('whatif/columns', { features: features.join(), as_of: asOf }, signal), features.length);
}
