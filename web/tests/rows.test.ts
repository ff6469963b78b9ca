// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cursorAt, firstHole } from '../src/data/rows';
import { remarked, rowsOf } from '../src/document/more';
import { matching, sorted } from '../src/document/rows';
import type { Column, Doc, Table } from '../src/document/types';
import { sight, TALLEST } from '../src/parts/window';
import { monthEnds } from '../src/pages/month_ends';

const column: Column = { key: 'n', label: 'N', type: 'count' };
const rows = [3, null, 1, 3, 2].map((n, at) => ({ row: { n, name: `row ${at}` }, at }));

test('missing values go last in either direction, equal ones keep their order', () => {
  assert.deepEqual(sorted(rows, column, { key: 'n', up: true }).map((r) => r.at), [2, 4, 0, 3, 1]);
  assert.deepEqual(sorted(rows, column, { key: 'n', up: false }).map((r) => r.at), [0, 3, 4, 2, 1]);
});

test('a filter looks into the columns that are shown', () => {
  const shown: Column[] = [{ key: 'name', label: 'Name', type: 'text' }];
  assert.deepEqual(matching(rows, shown, 'ROW 4').map((r) => r.at), [4]);
  assert.equal(matching(rows, [column], 'row').length, 0);
  assert.deepEqual(matching(rows, [{ ...column, id: 'name' }], 'row 4').map((r) => r.at), [4], 'and at what is shown below a name');
});

test('of a short list the rows in sight follow the scroll bar one to one', () => {
  const s = sight(1000, 36, 3600, 360, 0);
  assert.deepEqual([s.first, s.last, s.top, s.height], [100, 110, 3600, 36_000]);
});

test('of a million rows the last one can be reached', () => {
  const s = sight(1_000_000, 36, TALLEST - 640, 640);
  assert.equal(s.last, 1_000_000);
  assert.equal(s.height, TALLEST);
  assert.ok(Math.abs(s.top + (s.last - s.first) * 36 - TALLEST) < 1, 'the last row ends where the list ends');
  assert.equal(sight(1_000_000, 36, 0, 640).first, 0);
  assert.equal(sight(0, 36, 0, 640).last, 0);
});

test('month ends go back from the day itself, over years and February', () => {
  assert.deepEqual(monthEnds('2024-03-31', 3), ['2024-01-31', '2024-02-29', '2024-03-31']);
  assert.deepEqual(monthEnds('2026-01-15', 3), ['2025-11-30', '2025-12-31', '2026-01-15']);
});

test('a reader of a long list skips to the rows in sight', () => {
  assert.equal(cursorAt('0123456789abcdef-200', 999_800), '0123456789abcdef-999800');
  assert.equal(cursorAt('0123456789abcdef-200', 0), null);
  assert.equal(cursorAt(null, 500), null);
  const rows = [['a'], ['b'], undefined, ['d']];
  assert.deepEqual([firstHole(rows, 0, 2), firstHole(rows, 0, 4), firstHole(rows, 3, 6)], [undefined, 2, 4]);
});

test('what a page says of its cells stays with their rows behind those before', () => {
  const none = { reasons: new Map(), types: new Map(), origins: new Map() };
  const first = remarked(none, { missing: [{ part: 'rows', row: 1, column: 'csm', reason: 'no manager' }], provenance: [{ part: 'rows', row: 0, column: 'arr', id: 4 }] }, 0);
  const both = remarked(first, { missing: [{ part: 'rows', row: 0, column: 'csm', reason: 'left' }, { part: 'totals', row: 0, column: 'csm', reason: 'of all' }], types: [{ part: 'rows', row: 2, column: 'arr', type: 'money' }] }, 400);
  assert.deepEqual([...both.reasons], [['1:csm', 'no manager'], ['400:csm', 'left']]);
  assert.deepEqual([...both.types], [['402:arr', 'money']]);
  assert.deepEqual([...both.origins], [['0:arr', 4]]);
});

test('the limit of a command is not taken for that of a page', () => {
  const doc = { source: { path: 'tasks', query: { as_of: '2026-03-31', limit: 7 } } } as unknown as Doc;
  assert.deepEqual(rowsOf(doc, { id: 'tasks' } as Table), { path: 'rows/tasks', query: { as_of: '2026-03-31', command_limit: 7, table: 'tasks' } });
});
