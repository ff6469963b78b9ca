// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitted, plotHeight, themed } from '../src/charts/theme';

test('headings over columns of bars keep within their column on a phone, and are left alone elsewhere', () => {
  const spec = { layer: [{ mark: { type: 'bar' } }, { mark: { type: 'text' }, data: { values: [{ text: 'Now' }, { text: 'After the moves' }] } }] };
  assert.equal(fitted(spec, 350).layer?.[1]?.mark?.limit, 114);
  assert.deepEqual(fitted(spec, 350).layer?.[0], spec.layer[0]);
  assert.equal(fitted(spec, 900), spec);
});

test('small multiples are as many in a row as fit; colours are tokens; a chart without a height gets one', () => {
  assert.equal(fitted({ facet: {}, spec: {} }, 500).columns, 2);
  assert.equal(themed({ a: ['#0072b2'] }).a[0], 'var(--c0)');
  assert.equal(plotHeight({}), 280);
});
