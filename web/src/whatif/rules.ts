// SPDX-License-Identifier: Apache-2.0
// The rules of the model over plain arrays, with thresholds that can be moved: only what depends on a moved
// one is evaluated anew, so that a million accounts follow the pointer. Truths are no, unknown, yes in this
// order, so that `and` is the smaller and `or` the larger, as in src/rule.

export type Tree =
  | { op: string; of: Tree[] }
  | { number: number | null; type: string }
  | { name: string; type: string }
  | { name: string; codes: number[] }
  | { other: string };

export interface Ruled {
  name: string;
  label: string;
  kind: 'tiers' | 'bands';
  segments: string[];
  rules: (Tree | null)[];
  edges: number[];
}

/** A number of a rule that decides by itself: `arr >= 15000`. */
export interface Threshold {
  dimension: string;
  feature: string;
  type: string;
  value: number;
  /** the first segment whose rule has it */
  segment: string;
}

const NO = 0;
const UNKNOWN = 1;
const YES = 2;
const COMPARES = ['<', '<=', '>', '>=', '=', '!='];
const MIRRORED: Record<string, string> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const MOVABLE = ['money', 'number', 'share', 'duration'];

const isOperation = (t: Tree): t is { op: string; of: Tree[] } => 'op' in t;
const isNumber = (t: Tree | null | undefined): t is { number: number | null; type: string } => t != null && 'number' in t;
const isName = (t: Tree | null | undefined): t is { name: string; type: string } => t != null && 'name' in t && 'type' in t;

/** The dimensions that `name` is made of, itself last. */
export function closureOf(all: readonly Ruled[], name: string): Ruled[] {
  const wanted = new Set([name]);
  const visit = (t: Tree): void => {
    if ('name' in t) {
      wanted.add(t.name);
    } else if (isOperation(t)) {
      t.of.forEach(visit);
    }
  };
  /* the server lists them in the order of evaluation, so whoever is read comes before */
  for (const d of [...all].reverse()) {
    if (wanted.has(d.name)) {
      d.rules.forEach((r) => r && visit(r));
    }
  }
  return all.filter((d) => wanted.has(d.name));
}

/** Conditions that one day's values cannot tell. */
export function othersIn(dims: readonly Ruled[]): string[] {
  const out: string[] = [];
  const visit = (t: Tree): void => {
    if ('other' in t) {
      out.push(t.other);
    } else if (isOperation(t)) {
      t.of.forEach(visit);
    }
  };
  dims.forEach((d) => d.rules.forEach((r) => r && visit(r)));
  return [...new Set(out)];
}

interface Node {
  op: string;
  kids: Node[];
  /** of a comparison with movable constants: their places in the list of thresholds, by kid; -1: not movable */
  at: number[];
  depends: Set<number>;
  name?: string;
  codes?: Uint8Array;
  number?: number;
  truth?: Uint8Array;
  amount?: Float64Array;
  fresh: boolean;
}

interface Dim {
  ruled: Ruled;
  rules: (Node | null)[];
  /** places of the edges of bands in the list of thresholds */
  edges: number[];
  depends: Set<number>;
  codes: Uint8Array;
  fresh: boolean;
}

export class Evaluator {
  readonly thresholds: Threshold[] = [];
  readonly columns = new Set<string>();
  values: number[] = [];
  private readonly dims = new Map<string, Dim>();
  private data = new Map<string, Float64Array>();
  private n = 0;

  constructor(readonly ruled: readonly Ruled[]) {
    for (const r of ruled) {
      const dim: Dim = { ruled: r, rules: [], edges: [], depends: new Set(), codes: new Uint8Array(0), fresh: false };
      dim.rules = r.rules.map((t, i) => (t ? this.compile(t, dim, r.segments[i] ?? r.name) : null));
      const of = r.rules[0];
      dim.edges = r.edges.map((value, i) => this.threshold(dim, isName(of) ? of.name : r.name, isName(of) ? of.type : 'number', value, r.segments[i] ?? ''));
      dim.edges.forEach((e) => dim.depends.add(e));
      dim.rules.forEach((x) => x?.depends.forEach((d) => dim.depends.add(d)));
      this.dims.set(r.name, dim);
    }
    this.values = this.thresholds.map((t) => t.value);
  }

  private threshold(dim: Dim, feature: string, type: string, value: number, segment: string): number {
    const known = this.thresholds.findIndex((t) => t.dimension === dim.ruled.name && t.feature === feature && t.value === value);
    return known >= 0 ? known : this.thresholds.push({ dimension: dim.ruled.name, feature, type, value, segment }) - 1;
  }

  private compile(t: Tree, dim: Dim, segment: string): Node {
    const node: Node = { op: 'other', kids: [], at: [], depends: new Set(), fresh: false };
    if (isNumber(t)) {
      return { ...node, op: 'number', number: t.number ?? NaN };
    }
    if ('name' in t) {
      const inner = this.dims.get(t.name);
      if (!inner) {
        this.columns.add(t.name);
      }
      const codes = 'codes' in t ? Uint8Array.from({ length: Math.max(0, ...t.codes) + 1 }, (_, i) => Number(t.codes.includes(i))) : undefined;
      return { ...node, op: 'name', name: t.name, codes, depends: new Set(inner?.depends) };
    }
    if (!isOperation(t)) {
      return node;
    }
    node.op = t.op;
    node.kids = t.of.map((k) => this.compile(k, dim, segment));
    const names = t.of.filter(isName);
    const subject = names[0];
    const decides = (COMPARES.includes(t.op) && t.op !== '=' && t.op !== '!=') || t.op === 'between';
    node.at = t.of.map((k) => (decides && names.length === 1 && subject && MOVABLE.includes(subject.type) && isNumber(k) && k.number !== null
      ? this.threshold(dim, subject.name, subject.type, k.number, segment) : -1));
    node.kids.forEach((k) => k.depends.forEach((d) => node.depends.add(d)));
    node.at.forEach((a) => a >= 0 && node.depends.add(a));
    return node;
  }

  /** Columns by name, each of all accounts. */
  load(data: Map<string, Float64Array>, n: number): void {
    this.data = data;
    this.n = n;
    this.dims.forEach((d) => { d.codes = new Uint8Array(n); d.fresh = false; });
  }

  /** Moves thresholds; true when any moved. */
  move(values: readonly number[]): boolean {
    const moved = values.flatMap((v, i) => (v !== this.values[i] ? [i] : []));
    this.values = [...values];
    const stale = (x: { depends: Set<number> }) => moved.some((m) => x.depends.has(m));
    const spoil = (node: Node): void => {
      if (stale(node)) {
        node.fresh = false;
        node.kids.forEach(spoil);
      }
    };
    this.dims.forEach((d) => {
      if (stale(d)) {
        d.fresh = false;
        d.rules.forEach((r) => r && spoil(r));
      }
    });
    return moved.length > 0;
  }

  /** The segment of each account, by its place in the dimension. */
  codesOf(name: string): Uint8Array {
    const dim = this.dims.get(name);
    if (!dim) {
      return new Uint8Array(this.n);
    }
    if (!dim.fresh) {
      (dim.ruled.kind === 'bands' ? this.bands : this.tiers).call(this, dim);
      dim.fresh = true;
    }
    return dim.codes;
  }

  private tiers(dim: Dim): void {
    const { codes } = dim;
    codes.fill(dim.rules.length - 1);
    for (let t = dim.rules.length - 1; t >= 0; t--) {
      const rule = dim.rules[t];
      if (rule) {
        const truth = this.truth(rule);
        for (let i = 0; i < codes.length; i++) {
          if (truth[i] === YES) {
            codes[i] = t;
          }
        }
      }
    }
  }

  private bands(dim: Dim): void {
    const rule = dim.rules[0];
    const values = rule ? this.amount(rule) : new Float64Array(this.n).fill(NaN);
    const edges = dim.edges.map((e) => this.values[e] as number);
    const { codes } = dim;
    const last = edges.length;
    for (let i = 0; i < codes.length; i++) {
      const v = values[i] as number;
      let band = v !== v ? last + 1 : 0;
      while (band < last && v < (edges[band] as number)) {
        band++;
      }
      codes[i] = band;
    }
  }

  private truth(node: Node): Uint8Array {
    const out = (node.truth ??= new Uint8Array(this.n));
    if (node.fresh && out.length === this.n) {
      return out;
    }
    node.fresh = true;
    if (node.op === 'and' || node.op === 'or') {
      this.combine(node, out);
    } else if (node.op === 'not') {
      const kid = this.truth(node.kids[0] as Node);
      for (let i = 0; i < out.length; i++) {
        out[i] = YES - (kid[i] as number);
      }
    } else if (node.codes && node.name !== undefined) {
      this.member(node.codes, node.name, out);
    } else if (node.op === 'is missing') {
      const x = this.amount(node.kids[0] as Node);
      for (let i = 0; i < out.length; i++) {
        out[i] = x[i] !== x[i] ? YES : NO;
      }
    } else if (COMPARES.includes(node.op)) {
      this.compare(node, out);
    } else if (node.op === 'between' || node.op === 'in') {
      this.within(node, out);
    } else if (node.op === 'other') {
      out.fill(UNKNOWN);
    } else {
      const x = this.amount(node);
      for (let i = 0; i < out.length; i++) {
        out[i] = x[i] !== x[i] ? UNKNOWN : x[i] === 0 ? NO : YES;
      }
    }
    return out;
  }

  private combine(node: Node, out: Uint8Array): void {
    out.fill(node.op === 'and' ? YES : NO);
    for (const kid of node.kids) {
      const x = this.truth(kid);
      for (let i = 0; i < out.length; i++) {
        const v = x[i] as number;
        if (node.op === 'and' ? v < (out[i] as number) : v > (out[i] as number)) {
          out[i] = v;
        }
      }
    }
  }

  private member(codes: Uint8Array, name: string, out: Uint8Array): void {
    const from: ArrayLike<number> = this.dims.has(name) ? this.codesOf(name) : this.column(name);
    for (let i = 0; i < out.length; i++) {
      const c = from[i] as number;
      out[i] = c !== c ? UNKNOWN : codes[c] === 1 ? YES : NO;
    }
  }

  /** The constant of a comparison: as written, or where it was moved. */
  private constant(node: Node, kid: number): number {
    const at = node.at[kid] ?? -1;
    return at >= 0 ? this.values[at] as number : node.kids[kid]?.number ?? NaN;
  }

  private compare(node: Node, out: Uint8Array): void {
    const [left, right] = node.kids as [Node, Node];
    if (right.op !== 'number' && left.op !== 'number') {
      this.against(node.op, this.amount(left), this.amount(right), out);
      return;
    }
    const swapped = right.op !== 'number';
    const op = swapped ? MIRRORED[node.op] ?? node.op : node.op;
    const c = this.constant(node, swapped ? 0 : 1);
    const x = this.amount(swapped ? right : left);
    if (c !== c) {
      out.fill(UNKNOWN);
      return;
    }
    /* above, below, or at the constant: a table of three */
    const below = op === '<' || op === '<=' || op === '!=' ? YES : NO;
    const at = op === '<=' || op === '>=' || op === '=' ? YES : NO;
    const above = op === '>' || op === '>=' || op === '!=' ? YES : NO;
    for (let i = 0; i < out.length; i++) {
      const v = x[i] as number;
      out[i] = v !== v ? UNKNOWN : v < c ? below : v > c ? above : at;
    }
  }

  private against(op: string, x: Float64Array, y: Float64Array, out: Uint8Array): void {
    for (let i = 0; i < out.length; i++) {
      const a = x[i] as number;
      const b = y[i] as number;
      const holds = op === '<' ? a < b : op === '<=' ? a <= b : op === '>' ? a > b : op === '>=' ? a >= b : op === '=' ? a === b : a !== b;
      out[i] = a !== a || b !== b ? UNKNOWN : holds ? YES : NO;
    }
  }

  private within(node: Node, out: Uint8Array): void {
    const x = this.amount(node.kids[0] as Node);
    const rest = node.kids.slice(1).map((_, k) => this.constant(node, k + 1));
    const [low = NaN, high = NaN] = rest;
    const set = new Set(rest);
    const between = node.op === 'between';
    const unknown = between && node.kids.slice(1).some((k) => k.op !== 'number');
    for (let i = 0; i < out.length; i++) {
      const v = x[i] as number;
      out[i] = unknown || v !== v ? UNKNOWN : (between ? v >= low && v <= high : set.has(v)) ? YES : NO;
    }
  }

  private column(name: string): Float64Array {
    return this.data.get(name) ?? new Float64Array(this.n).fill(NaN);
  }

  private amount(node: Node): Float64Array {
    if (node.op === 'name' && node.name !== undefined && !node.codes) {
      return this.column(node.name);
    }
    const out = (node.amount ??= new Float64Array(this.n));
    if (node.op === 'number') {
      return out.fill(node.number ?? NaN);
    }
    const conditions = ['and', 'or', 'not', 'is missing', 'between', 'in', 'other', 'name', ...COMPARES];
    if (conditions.includes(node.op)) {
      const t = this.truth(node);
      for (let i = 0; i < out.length; i++) {
        out[i] = t[i] === UNKNOWN ? NaN : t[i] === YES ? 1 : 0;
      }
      return out;
    }
    const kids = node.kids.map((k) => this.amount(k));
    for (let i = 0; i < out.length; i++) {
      let v = kids[0]?.[i] ?? NaN;
      if (kids.length === 1) {
        v = node.op === 'negate' ? -v : node.op === 'abs' ? Math.abs(v) : node.op === 'log' ? Math.log(v) : v;
      }
      for (let k = 1; k < kids.length; k++) {
        v = joined(node.op, v, kids[k]?.[i] ?? NaN);
      }
      out[i] = Number.isFinite(v) ? v : NaN;
    }
    return out;
  }
}

function joined(op: string, a: number, b: number): number {
  switch (op) {
    case '+': return a + b;
    case '-': return a - b;
    case '*': return a * b;
    case '/': return a / b;
    case 'min': return Math.min(a, b);
    case 'max': return Math.max(a, b);
    case 'coalesce': return a !== a ? b : a;
    default: return NaN;
  }
}
