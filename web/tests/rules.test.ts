// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closureOf, Evaluator, othersIn, type Ruled, type Tree } from '../src/whatif/rules';
import { rulesText } from '../src/whatif/write';

const name = (n: string, type = 'number'): Tree => ({ name: n, type });
const num = (x: number, type = 'number'): Tree => ({ number: x, type });
const op = (o: string, ...of: Tree[]): Tree => ({ op: o, of });

const value: Ruled = {
  name: 'value', label: 'Value', kind: 'tiers', segments: ['Large', 'Middle', 'Small'], edges: [],
  rules: [op('or', op('>', name('arr', 'money'), num(50)), op('>', name('potential', 'money'), num(100))), op('>=', name('arr', 'money'), num(10)), null],
};
const health: Ruled = { name: 'health_band', label: 'Health', kind: 'bands', segments: ['Green', 'Yellow', 'Red', 'Unknown'], edges: [80, 60], rules: [name('health')] };
const cells: Ruled = {
  name: 'segment', label: 'Segment', kind: 'tiers', segments: ['Stars', 'Saves', 'Rest'], edges: [],
  rules: [op('and', { name: 'value', codes: [0] }, { name: 'health_band', codes: [0] }), op('and', { name: 'value', codes: [0, 1] }, op('not', { name: 'health_band', codes: [0, 1] })), null],
};
const data = new Map([
  ['arr', Float64Array.from([60, 50, 10, 9, NaN, 5])],
  ['potential', Float64Array.from([NaN, 100, NaN, NaN, NaN, 101])],
  ['health', Float64Array.from([80, 79, 59, NaN, 90, 85])],
]);

function made(dims: Ruled[]): Evaluator {
  const e = new Evaluator(dims);
  e.load(data, 6);
  return e;
}

test('the first rule that holds decides; what is missing matches none', () => {
  const e = made([value]);
  assert.deepEqual([...e.codesOf('value')], [0, 1, 1, 2, 2, 0]);
  assert.deepEqual(e.thresholds.map((t) => [t.feature, t.value, t.segment]), [['arr', 50, 'Large'], ['potential', 100, 'Large'], ['arr', 10, 'Middle']]);
});

test('cells over dimensions follow a threshold that lies two levels below', () => {
  const e = made([value, health, cells]);
  assert.deepEqual([...e.codesOf('health_band')], [0, 1, 2, 3, 0, 0]);
  assert.deepEqual([...e.codesOf('segment')], [0, 2, 1, 2, 2, 0]);
  const edge = e.thresholds.findIndex((t) => t.feature === 'health' && t.value === 80);
  assert.equal(e.move(e.thresholds.map((t, i) => (i === edge ? 82 : t.value))), true);
  assert.deepEqual([...e.codesOf('segment')], [2, 2, 1, 2, 2, 0]);
  e.move(e.thresholds.map((t) => t.value));
  assert.deepEqual([...e.codesOf('segment')], [0, 2, 1, 2, 2, 0]);
});

test('a moved threshold gives what a model with it written so gives', () => {
  const e = made([value]);
  e.codesOf('value');
  e.move([5, 100, 4]);
  const written = made([{ ...value, rules: [op('or', op('>', name('arr', 'money'), num(5)), op('>', name('potential', 'money'), num(100))), op('>=', name('arr', 'money'), num(4)), null] }]);
  assert.deepEqual([...e.codesOf('value')], [...written.codesOf('value')]);
});

test('conditions are no, unknown or yes by Kleene', () => {
  const one = (t: Tree) => [...made([{ ...value, segments: ['Yes', 'No'], rules: [t, null] }]).codesOf('value')].map((c) => c === 0);
  assert.deepEqual(one(op('not', op('>', name('arr'), num(9)))), [false, false, false, true, false, true]);
  assert.deepEqual(one(op('is missing', name('arr'))), [false, false, false, false, true, false]);
  assert.deepEqual(one(op('between', name('arr'), num(9), num(50))), [false, true, true, true, false, false]);
  assert.deepEqual(one(op('<', num(9), name('arr'))), [true, true, true, false, false, false]);
  assert.deepEqual(one(op('>', op('/', name('arr'), op('-', name('health'), num(80))), num(0))), [false, false, false, false, false, true]);
  assert.deepEqual(one(op('in', name('arr'), num(5), num(60))), [true, false, false, false, false, true]);
  assert.deepEqual(one(op('or', { other: 'health turned Red' }, op('=', name('arr'), num(60)))), [true, false, false, false, false, false]);
});

test('a dimension brings those that it is made of, and no other', () => {
  const all = [value, health, { ...health, name: 'other' }, cells];
  assert.deepEqual(closureOf(all, 'segment').map((d) => d.name), ['value', 'health_band', 'segment']);
  assert.deepEqual(closureOf(all, 'value').map((d) => d.name), ['value']);
  assert.deepEqual(othersIn([{ ...value, rules: [op('and', { other: 'arr turned 5' })] }]), ['arr turned 5']);
});

test('moved thresholds are written as the model file has them', () => {
  const e = new Evaluator([value, health]);
  const values = e.thresholds.map((t) => (t.value === 50 ? 60 : t.value === 80 ? 75 : t.value));
  const text = rulesText([value, health], e.thresholds, values, new Map());
  assert.ok(text.includes('- {name: Large, when: "arr > 60 or potential > 100"}'), text);
  assert.ok(text.includes('Green: 75') && text.includes('Red: 0') && text.includes('otherwise: true'), text);
});
