// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extended } from '../src/data/model_text';
import { nameOfCell } from '../src/pages/cell_name';

test('a saved list goes into what a model extends, and the rest stays as it was written', () => {
  assert.equal(extended('strata: 1\nextends: hybrid   # ours\nx: 1\n', 'saved/a.yaml'), 'strata: 1\nextends: [hybrid, saved/a.yaml] # ours\nx: 1\n');
  assert.equal(extended('extends: [value, rfm]\n', 'saved/a.yaml'), 'extends: [value, rfm, saved/a.yaml]\n');
  assert.equal(extended('strata: 1\nbusiness: {}\n', 'saved/a.yaml'), 'strata: 1\nextends: [saved/a.yaml]\nbusiness: {}\n');
  assert.equal(extended('extends: [value, saved/a.yaml]\n', 'saved/a.yaml'), 'extends: [value, saved/a.yaml]\n');
  assert.equal(extended('extends:\n  - value\n', 'saved/a.yaml'), null);
});

test('a cell has a name that a rule can use', () => {
  assert.equal(nameOfCell('2025-Q1:2', false), 'started_2025_q1_at_2');
  assert.equal(nameOfCell('Enterprise (EU):0', true), 'gone_enterprise_eu_at_0');
});
