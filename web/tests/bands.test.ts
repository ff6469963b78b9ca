// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogram, moveEdge, scaleOf, tally, tidy } from '../src/whatif/bands';
import { splitColumns } from '../src/whatif/columns';

const arr = Float64Array.from([100, 50, 49.99, 5, NaN, 0]);

test('sizes and amounts add up to all, and movers are counted with their direction', () => {
  const before = Uint8Array.from([0, 1, 2, 2, 3, 2]);
  const then = tally(Uint8Array.from([0, 1, 1, 1, 3, 2]), arr, before, 4);
  assert.deepEqual([...then.accounts], [1, 3, 1, 1]);
  assert.equal(then.accounts.reduce((a: number, b: number) => a + b), 6);
  assert.ok(Math.abs(then.amount.reduce((a: number, b: number) => a + b) - 204.99) < 1e-9);
  assert.deepEqual([then.moved, then.up], [2, 2]);
  assert.equal(tally(before, arr, before, 4).moved, 0);
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

test('what can be negative is drawn between its outermost hundredths, with the thresholds in sight', () => {
  const trend = scaleOf(Float64Array.from([-0.5, -0.1, 0, 0.2, 0.4]), [0.6]);
  assert.ok(trend.min < -0.5 && trend.max > 0.6);
  assert.ok(Math.abs(trend.from(trend.to(0.1)) - 0.1) < 1e-9);
});

test('a histogram counts every known value once', () => {
  assert.equal(histogram(arr, scaleOf(arr), 8).reduce((a, b) => a + b), 5);
});

test('edges come to rest on values that people would write', () => {
  assert.deepEqual([tidy(51_234), tidy(7.3), tidy(0), tidy(0.8049, 'share'), tidy(-234), tidy(7.6, 'duration')], [51_000, 7.3, 0, 0.8, -230, 8]);
});

test('columns follow each other; an answer of another shape is refused', () => {
  const [a, b] = splitColumns(Float64Array.from([1, 2, 3, 4]).buffer, 2);
  assert.deepEqual([[...a!], [...b!]], [[1, 2], [3, 4]]);
  assert.throws(() => splitColumns(new ArrayBuffer(24), 2), /columns/);
});
