// SPDX-License-Identifier: Apache-2.0
// Values as people read them, alike to the reports of the command line.
import type { Cell, CellType, Column, Table } from './types';

const MINUS = '\u2212';
const NARROW = '\u202f';
const NONE = '\u2013';
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October',
  'November', 'December'];

export interface Style {
  currency: string;
  decimals?: number;
  bareShare?: boolean;
  /** money in tables: whole units, or exact to the cent; short in text */
  money?: 'short' | 'whole' | 'exact';
}

function signed(text: string): string {
  return text.startsWith('-') ? MINUS + text.slice(1) : text;
}

export function number(x: number, decimals = 0): string {
  return signed(x.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
}

export function share(x: number, decimals = 1): string {
  return `${number(x * 100, decimals)}${NARROW}%`;
}

function symbol(currency: string): { before: string; after: string } {
  const known: Record<string, string> = { USD: '$', EUR: '\u20ac', GBP: '\u00a3', JPY: '\u00a5' };
  const sign = known[currency];
  return sign ? { before: sign, after: '' } : { before: '', after: `${NARROW}${currency}` };
}

/** $1.24M: three significant digits. */
export function moneyShort(x: number, currency: string): string {
  const { before, after } = symbol(currency);
  const size = Math.abs(x);
  const units: [number, string][] = [[1e9, 'B'], [1e6, 'M'], [1e3, 'k']];
  const unit = units.find(([least]) => size >= least * 0.9995);
  const scaled = unit ? size / unit[0] : size;
  const digits = !unit || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
  return `${x < 0 ? MINUS : ''}${before}${number(scaled, digits)}${unit ? unit[1] : ''}${after}`;
}

export function moneyFull(x: number, currency: string, cents: boolean): string {
  const { before, after } = symbol(currency);
  return `${x < 0 ? MINUS : ''}${before}${number(Math.abs(x), cents ? 2 : 0)}${after}`;
}

/** 14 March 2026 */
export function longDate(iso: string): string {
  const [y, m, d] = iso.split('-').map(Number);
  return y && m && d ? `${d} ${MONTHS[m - 1]} ${y}` : iso;
}

export function isNumeric(type: CellType): boolean {
  return ['count', 'change', 'number', 'days', 'share', 'money'].includes(type);
}

export function cellText(value: Cell | undefined, type: CellType, style: Style): string {
  if (value === null || value === undefined || value === '') {
    return value === '' ? '' : NONE;
  }
  if (typeof value === 'boolean') {
    return value ? 'yes' : 'no';
  }
  if (typeof value !== 'number') {
    return Array.isArray(value) ? value.map((v) => (v === null ? '' : number(v))).join(' ') : value;
  }
  switch (type) {
    case 'share':
      return style.bareShare ? number(value * 100, 1) : share(value);
    case 'money':
      return style.money === 'short' || style.money === undefined
        ? moneyShort(value, style.currency) : moneyFull(value, style.currency, style.money === 'exact');
    case 'days':
      return `${number(value)}${NARROW}d`;
    case 'change':
      return (value > 0 ? '+' : '') + number(value);
    case 'number':
      return number(value, style.decimals ?? (Number.isInteger(value) ? 0 : 1));
    default:
      return number(value, Number.isInteger(value) ? 0 : 1);
  }
}

/** How the values of a column are written: cents only where amounts are small and have some. */
export function columnStyle(table: Table, column: Column, currency: string): Style {
  const style: Style = { currency, decimals: column.decimals };
  if (column.type === 'share') {
    style.bareShare = column.label.includes('%');
  }
  if (column.type === 'money') {
    const values = [...table.rows, ...table.totals].map((r) => r[column.key]).filter((v) => typeof v === 'number');
    const large = values.some((v) => Math.abs(v) >= 10000);
    style.money = !large && values.some((v) => !Number.isInteger(v)) ? 'exact' : 'whole';
  }
  return style;
}
