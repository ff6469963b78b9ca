// SPDX-License-Identifier: Apache-2.0
// Pieces of a document by their id, wherever they stand in it.
import type { Cell, CellRemark, CellType, Chart, Doc, Figure, Item, Provenance, Section, Table } from './types';

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

/** How many tables have that id. */
export const countTables = (doc: Doc, id: string): number =>
  [...walk(doc.sections)].filter((i) => i.type === 'table' && i.id === id).length;

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

/** What there is to say of single cells, by their row and their column; few enough to look through once per table. */
export interface Remarks {
  reasons: Map<string, string>;
  types: Map<string, CellType>;
  origins: Map<string, number>;
}

/** Those of a part of a table, or of a page of its rows, of which the first is the table's row `at`. */
export function remarksOf(of: Pick<Table, 'missing' | 'types' | 'provenance'>, part: CellRemark['part'], at = 0): Remarks {
  const byCell = <V>(list: CellRemark[] | undefined, say: (r: CellRemark) => V | undefined): Map<string, V> => {
    const out = new Map<string, V>();
    for (const r of list ?? []) {
      const said = say(r);
      if (r.part === part && said !== undefined) {
        out.set(`${at + r.row}:${r.column}`, said);
      }
    }
    return out;
  };
  return { reasons: byCell(of.missing, (r) => r.reason), types: byCell(of.types, (r) => r.type), origins: byCell(of.provenance, (r) => r.id) };
}

export const asNumber = (c: Cell | undefined): number | null => (typeof c === 'number' ? c : null);
export const asText = (c: Cell | undefined): string => (typeof c === 'string' ? c : c == null ? '' : String(c));
