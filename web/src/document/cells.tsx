// SPDX-License-Identifier: Apache-2.0
// Single cells: their text, what they link to, where they come from.
import { Origin } from '../parts/origin';
import { SegmentDot } from '../parts/segment';
import { Spark } from '../parts/spark';
import { dimensionOf, type Project } from '../data/project';
import { href } from '../router';
import { provenanceOf } from './find';
import { cellText, columnStyle, isNumeric, type Style } from './format';
import { inline, plain } from './inline';
import type { Cell, CellType, Column, Doc, Row, Table } from './types';

const BRIEF = 10;
const WORDY = 22;
const ROOMY = 48;
const ACCOUNT_KEYS = ['account_id', 'account'];
const SEGMENT_KEYS = ['segment', 'from', 'to', 'persona', 'tier'];
const VERDICTS: Record<string, string> = { pass: 'good', holds: 'good', yes: 'good', warn: 'fair', fail: 'poor', 'does not hold': 'poor', no: 'poor' };

export interface ColumnView extends Column {
  style: Style;
  numeric: boolean;
  max: number;
  kind: 'plain' | 'account' | 'name' | 'segment' | 'verdict';
  dimension?: string;
  /** of names: key of the account's id, which stands below them */
  id?: string;
}

function kindOf(c: Column, table: Table, project: Project): ColumnView['kind'] {
  if (c.type !== 'text') {
    return 'plain';
  }
  const isAccounts = table.columns.some((o) => ACCOUNT_KEYS.includes(o.key)) ||
    (table.id === 'accounts' && table.columns[0]?.key === 'id');
  if (ACCOUNT_KEYS.includes(c.key) || (isAccounts && c.key === 'id')) {
    return 'account';
  }
  if (isAccounts && c.key === 'name') {
    return 'name';
  }
  if (SEGMENT_KEYS.includes(c.key)) {
    const known = new Set(project.dimensions.flatMap((d) => d.segments));
    return table.rows.some((r) => known.has(String(r[c.key]))) ? 'segment' : 'plain';
  }
  return c.key === 'verdict' || c.key === 'holds' || c.key === 'speaks' ? 'verdict' : 'plain';
}

/** An account's id and name stand in one column, as wide tables need room. */
function named(columns: ColumnView[]): ColumnView[] {
  const name = columns.find((c) => c.kind === 'name');
  const id = columns.find((c) => c.kind === 'account');
  return name && id ? columns.filter((c) => c !== id).map((c) => (c === name ? { ...c, id: id.key, label: id.label } : c)) : columns;
}

export function columnsOf(table: Table, doc: Doc, project: Project, only?: string[]): ColumnView[] {
  const shown = only
    ? only.map((key) => table.columns.find((c) => c.key === key)).filter((c): c is Column => c !== undefined)
    : table.columns.slice(0, table.shown ?? table.columns.length);
  return named(shown.map((c) => {
    const numbers = c.bar ? table.rows.map((r) => r[c.key]).filter((v): v is number => typeof v === 'number') : [];
    return {
      ...c,
      style: columnStyle(table, c, doc.document.currency),
      numeric: isNumeric(c.type),
      max: Math.max(0, ...numbers),
      kind: kindOf(c, table, project),
      dimension: SEGMENT_KEYS.includes(c.key) ? dimensionOf(table.rows.map((r) => r[c.key] ?? null), project) : undefined,
    };
  }));
}

export function cellClass(c: ColumnView, value: Cell | undefined): string | undefined {
  if (c.numeric) {
    return c.max > 0 && typeof value === 'number' ? 'num bar' : 'num';
  }
  if (c.kind === 'account' || c.kind === 'name') {
    return 'of-account';
  }
  if (typeof value !== 'string') {
    return c.type === 'date' ? 'brief' : undefined;
  }
  return c.type === 'date' || value.length <= BRIEF ? 'brief' : value.length > ROOMY ? 'roomy' : value.length > WORDY ? 'wordy' : undefined;
}

/** The account of a row, by whichever name its table calls it. */
export function accountOf(row: Row): string | undefined {
  for (const key of [...ACCOUNT_KEYS, 'id']) {
    const v = row[key];
    if (typeof v === 'string' && v) {
      return v;
    }
  }
  return undefined;
}

function Words({ row, column, value }: { row: Row; column: ColumnView; value: string }) {
  const account = column.kind === 'account' || column.kind === 'name' ? accountOf(row) : undefined;
  if (account) {
    const id = column.id ? row[column.id] : null;
    return <><a href={href(`/account/${account}`)} title={value.length > 19 ? value : undefined}>{value}</a>{typeof id === 'string' && id !== value && <span class="id">{id}</span>}</>;
  }
  if (column.kind === 'segment') {
    const dimension = typeof row.dimension === 'string' ? row.dimension : column.dimension;
    return <span class="segment"><SegmentDot name={value} dimension={dimension} />{inline(value)}</span>;
  }
  if (column.kind === 'verdict') {
    return <span class={`verdict ${VERDICTS[value] ?? ''}`}>{value}</span>;
  }
  return <>{inline(value)}</>;
}

export function CellView({ row, column, type, doc, origin, reason, plain: bare }: {
  row: Row; column: ColumnView; type: CellType | undefined; doc: Doc; origin: number | undefined; reason: string | undefined; plain?: boolean;
}) {
  const value = row[column.key];
  if (value === null || value === undefined) {
    return <span class="none" title={reason}>{'\u2013'}</span>;
  }
  if (Array.isArray(value)) {
    return <Spark values={value} />;
  }
  if (typeof value === 'string' && column.type === 'text' && !bare) {
    return <Words row={row} column={column} value={value} />;
  }
  const text = type ? cellText(value, type, { currency: doc.document.currency })
    : cellText(value, column.type, column.style);
  const name = `${plain(column.label)}: ${text}`;
  return <Origin origin={provenanceOf(doc, origin ?? column.provenance)} asOf={doc.document.as_of} name={name}>{text}</Origin>;
}
