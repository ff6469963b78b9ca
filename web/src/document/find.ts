// SPDX-License-Identifier: Apache-2.0
// Pieces of a document by their id, wherever they stand in it.
import type { Cell, CellType, Chart, Doc, Figure, Item, Provenance, Section, Table } from './types';

function* walk(items: readonly Item[]): Generator<Item> {
  for (const item of items) {
    yield item;
    if (item.type === 'section') {
      yield* walk(item.items);
    }
  }
}

export function findTable(doc: Doc | undefined, id: string): Table | undefined {
  for (const item of doc ? walk(doc.sections) : []) {
    if (item.type === 'table' && item.id === id) {
      return item;
    }
  }
  return undefined;
}

export function findChart(doc: Doc | undefined, id: string): Chart | undefined {
  for (const item of doc ? walk(doc.sections) : []) {
    if (item.type === 'chart' && item.id === id) {
      return item;
    }
  }
  return undefined;
}

export function findSection(doc: Doc | undefined, id: string): Section | undefined {
  for (const item of doc ? walk(doc.sections) : []) {
    if (item.type === 'section' && item.id === id) {
      return item;
    }
  }
  return undefined;
}

export function figuresOf(doc: Doc): Figure[] {
  return [...walk(doc.sections)].filter((i): i is Figure => i.type === 'figure');
}

export function provenanceOf(doc: Doc, id: number | undefined): Provenance | undefined {
  return id === undefined ? undefined : doc.provenance.find((p) => p.id === id);
}

/** Provenance of one cell of a table; remarks are few enough to look through once per table. */
export function cellOrigins(table: Table, part: 'rows' | 'totals'): Map<string, number> {
  const out = new Map<string, number>();
  for (const r of table.provenance ?? []) {
    if (r.part === part && r.id !== undefined) {
      out.set(`${r.row}:${r.column}`, r.id);
    }
  }
  return out;
}

export function cellReasons(table: Table, part: 'rows' | 'totals'): Map<string, string> {
  const out = new Map<string, string>();
  for (const r of table.missing ?? []) {
    if (r.part === part && r.reason !== undefined) {
      out.set(`${r.row}:${r.column}`, r.reason);
    }
  }
  return out;
}

export function cellTypes(table: Table, part: 'rows' | 'totals'): Map<string, CellType> {
  const out = new Map<string, CellType>();
  for (const r of table.types ?? []) {
    if (r.part === part && r.type !== undefined) {
      out.set(`${r.row}:${r.column}`, r.type);
    }
  }
  return out;
}

export const asNumber = (c: Cell | undefined): number | null => (typeof c === 'number' ? c : null);
export const asText = (c: Cell | undefined): string => (typeof c === 'string' ? c : c == null ? '' : String(c));
