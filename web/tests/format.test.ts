// SPDX-License-Identifier: Apache-2.0
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cellText, columnStyle, longDate, moneyShort, number, share } from '../src/document/format';

test('money is short in text, with three digits that count', () => {
  assert.equal(moneyShort(1_237_000, 'USD'), '$1.24M');
  assert.equal(moneyShort(18_940_000, 'USD'), '$18.9M');
  assert.equal(moneyShort(999_960, 'USD'), '$1.00M');
  assert.equal(moneyShort(0, 'USD'), '$0');
  assert.equal(moneyShort(-5200, 'EUR'), '\u2212\u20ac5.20k');
  assert.equal(moneyShort(5200, 'CHF'), '5.20k\u202fCHF');
});

test('shares have one decimal and numbers a true minus', () => {
  assert.equal(share(0.308), '30.8\u202f%');
  assert.equal(number(-1234.5, 1), '\u22121,234.5');
});

test('what is missing is a dash, never 0', () => {
  assert.equal(cellText(null, 'money', { currency: 'USD' }), '\u2013');
  assert.equal(cellText(0, 'count', { currency: 'USD' }), '0');
});

test('dates are written out in prose and stay when they are none', () => {
  assert.equal(longDate('2026-03-14'), '14 March 2026');
  assert.equal(longDate('soon'), 'soon');
});

test('cents are shown only in columns of small amounts', () => {
  const table = (values: number[]) => ({
    type: 'table' as const, id: 't', caption: null, columns: [], totals: [], footnotes: [], rows: values.map((arr) => ({ arr })),
  });
  const column = { key: 'arr', label: 'ARR', type: 'money' as const };
  assert.equal(columnStyle(table([12.5, 3]), column, 'USD').money, 'exact');
  assert.equal(columnStyle(table([12.5, 30_000]), column, 'USD').money, 'whole');
  assert.equal(columnStyle(table([12, 3]), column, 'USD').money, 'whole');
});
