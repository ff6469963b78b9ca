// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bandsOf, histogram, moveEdge, resegment, scaleOf, tidy } from '../src/whatif/bands';
import { splitColumns } from '../src/whatif/columns';

const arr = Float64Array.from([100, 50, 49.99, 5, NaN, 0]);

test('an edge belongs to the band above it, and missing is a band of its own', () => {
  const out = new Uint8Array(6);
  bandsOf(arr, [100, 50], out);
  assert.deepEqual([...out], [0, 1, 2, 2, 3, 2]);
});

test('sizes and amounts add up to all, and movers are counted with their direction', () => {
  const before = new Uint8Array(6);
  bandsOf(arr, [100, 50], before);
  const then = resegment(arr, arr, [100, 5], before);
  assert.deepEqual([...then.accounts], [1, 3, 1, 1]);
  assert.equal(then.accounts.reduce((a, b) => a + b), 6);
  assert.ok(Math.abs(then.amount.reduce((a, b) => a + b) - 204.99) < 1e-9);
  assert.deepEqual([then.moved, then.up], [2, 2]);
  assert.equal(resegment(arr, arr, [100, 50], before).moved, 0);
});

test('an edge cannot pass its neighbours', () => {
  assert.deepEqual(moveEdge([100, 50, 5], 1, 200), [100, 100, 5]);
  assert.deepEqual(moveEdge([100, 50, 5], 1, 1), [100, 5, 5]);
});

test('amounts over orders of magnitude get a logarithmic scale that goes there and back', () => {
  const wide = scaleOf(Float64Array.from([1, 10, 100, 1000, 100_000]));
  assert.ok(Math.abs(wide.from(wide.to(500)) - 500) < 1e-6);
  assert.ok(wide.to(1000) > 0.3);
  const plain = scaleOf(Float64Array.from([10, 50, 60, 100]));
  assert.equal(plain.to(50), 0.5);
});

test('a histogram counts every known value once', () => {
  assert.equal(histogram(arr, scaleOf(arr), 8).reduce((a, b) => a + b), 5);
});

test('edges come to rest on values that people would write', () => {
  assert.deepEqual([tidy(51_234), tidy(7.3), tidy(0)], [51_000, 7.3, 0]);
});

test('columns follow each other; an answer of another shape is refused', () => {
  const [a, b] = splitColumns(Float64Array.from([1, 2, 3, 4]).buffer, 2);
  assert.deepEqual([[...a!], [...b!]], [[1, 2], [3, 4]]);
  assert.throws(() => splitColumns(new ArrayBuffer(24), 2), /columns/);
});
