// SPDX-License-Identifier: Apache-2.0
// The JSON of a document, schema 1 (docs/json.md).

export type CellType =
  | 'text' | 'count' | 'change' | 'number' | 'days' | 'share' | 'money' | 'date' | 'series' | 'boolean' | 'empty';
export type Cell = string | number | boolean | null | (number | null)[];
export type Row = Record<string, Cell>;

export interface Column {
  key: string;
  label: string;
  type: CellType;
  decimals?: number;
  bar?: boolean;
  /** of figures that have no origin of their own */
  provenance?: number;
}
export interface CellRemark {
  part: 'rows' | 'totals';
  row: number;
  column: string;
  reason?: string;
  id?: number;
  type?: CellType;
}
export interface Table {
  type: 'table';
  id: string;
  caption: string | null;
  columns: Column[];
  shown?: number;
  folded?: boolean;
  rows: Row[];
  /** rows there are, where `rows` has the first only */
  of?: number;
  totals: Row[];
  missing?: CellRemark[];
  provenance?: CellRemark[];
  /** of cells that are not what their column is */
  types?: CellRemark[];
  footnotes: string[];
}
export interface Figure {
  type: 'figure';
  label: string;
  value_type: CellType;
  value: Cell;
  reason?: string;
  below: string | null;
  provenance?: number;
}
export interface Chart {
  type: 'chart';
  id: string;
  title: string;
  alt: string;
  spec: Record<string, unknown>;
}
export interface Note {
  type: 'note';
  kind: 'note' | 'warning' | 'missing';
  text: string;
}
export interface Text {
  type: 'paragraph' | 'bullet';
  text: string;
}
export interface Section {
  type: 'section';
  id: string;
  title: string | null;
  items: Item[];
}
export type Item = Section | Text | Note | Figure | Table | Chart;

export interface Provenance {
  id: number;
  definition: string;
  inputs: string | null;
  rows_where: string | null;
}
export interface Head {
  schema: number;
  kind: string;
  title: string;
  portfolio: string;
  currency: string;
  as_of: string;
  accounts: number | null;
  arr: number | null;
  model: { name: string; digest: string };
  data_digest: string;
  version: string;
  seed: string;
}
export interface Doc {
  document: Head;
  sections: Section[];
  next_steps: string[];
  /** how it was asked for: rows behind the first of its tables are asked for the same way */
  source?: { path: string; query: Record<string, string | number | boolean | null | undefined> };
  provenance: Provenance[];
}
