// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { TOKENS, themed } from '../src/charts/theme';
import { problemsOf } from '../src/data/problems';
import { segmentColour } from '../src/data/project';
import { inline, plain } from '../src/document/inline';

const flat = (node: unknown): string =>
  node === null || node === undefined || typeof node === 'boolean' ? '' : Array.isArray(node) ? node.map(flat).join('')
    : typeof node === 'object' ? flat((node as { props: { children?: unknown } }).props.children) : String(node);
const kinds = (text: string) => inline(text).map((n) => (typeof n === 'object' && n ? (n as unknown as { type: unknown }).type : 'text'));

test('inline marks become elements, and a backslash takes a mark its meaning', () => {
  assert.deepEqual(kinds('**a** and `b`'), ['strong', 'text', 'code']);
  assert.equal(flat(inline('5 \\* 3 \\_x\\_')), '5 * 3 _x_');
  assert.equal(plain('**a** `b` \\*'), 'a b *');
});

test('a link that could run something stays text', () => {
  assert.ok(!kinds('[x](javascript:alert(1))').includes('a'));
  assert.deepEqual(kinds('[x](https://example.org)'), ['a']);
});

test('markup in data is text', () => {
  assert.equal(flat(inline('<img src=x onerror=alert(1)>')), '<img src=x onerror=alert(1)>');
});

test('colours of charts are the tokens of the reports', () => {
  const script = readFileSync(path.join(process.env.STRATA_ROOT ?? '.', 'assets/report.js'), 'utf8');
  for (const [hex, name] of Object.entries(TOKENS)) {
    assert.ok(script.includes(`'${hex}': '${name}'`), `${hex} is ${name} there too`);
  }
  assert.deepEqual(themed({ a: ['#0072b2', 3, null] }), { a: ['var(--c0)', 3, null] });
});

test('a segment has the colour of its place in its dimension, the primary one first', () => {
  const project = { name: '', currency: 'USD', last_day: '', dimensions: [
    { name: 'risk', label: 'Risk', segments: ['Champions', 'Red'] },
    { name: 'segment', label: 'Segment', primary: true, segments: ['Steady', 'Champions'] }] };
  assert.equal(segmentColour(project, 'Champions'), 'var(--c1)');
  assert.equal(segmentColour(project, 'Champions', 'risk'), 'var(--c0)');
  assert.equal(segmentColour(project, 'nobody'), undefined);
});

test('problems of a model come with their place', () => {
  assert.deepEqual(problemsOf({ errors: ["strata.yaml:14:23: unknown feature 'helth'"], warnings: [{ line: 3, column: 1, message: 'gap' }] }), [
    { severity: 'error', line: 14, column: 23, message: "unknown feature 'helth'" },
    { severity: 'warning', line: 3, column: 1, message: 'gap' }]);
  assert.deepEqual(problemsOf(null), []);
});
