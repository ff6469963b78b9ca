// SPDX-License-Identifier: Apache-2.0
// Rules as text of the model file, with thresholds where they were moved.
import type { Ruled, Threshold, Tree } from './rules';

const units: Record<string, (x: number) => string> = {
  share: (x) => `${plain(x * 100)}%`,
  duration: (x) => `${plain(x)} days`,
};
const plain = (x: number): string => String(Number(x.toPrecision(10)));

export const literal = (x: number, type: string): string => (units[type] ?? plain)(x);

type Moved = (dimension: string, feature: string, value: number) => number;

/** Null when the tree has what only the model's own text can say: levels of an attribute, `turned` and `for`. */
function textOf(t: Tree, dim: Ruled, keys: Map<string, string[]>, moved: Moved): string | null {
  if ('other' in t) {
    return null;
  }
  if ('codes' in t) {
    const names = keys.get(t.name);
    const list = names && t.codes.map((c) => names[c]);
    return !list || list.some((n) => n === undefined) ? null
      : list.length === 1 ? `${t.name} = '${list[0]}'` : `${t.name} in (${list.map((n) => `'${n}'`).join(', ')})`;
  }
  if ('name' in t) {
    return t.name;
  }
  if ('number' in t) {
    return t.number === null ? null : literal(t.number, t.type);
  }
  const subject = t.of.find((k) => 'name' in k && 'type' in k);
  const parts = t.of.map((k) => ('number' in k && k.number !== null && subject && 'name' in subject
    ? literal(moved(dim.name, subject.name, k.number), 'type' in subject && k.type === 'number' ? 'number' : k.type)
    : textOf(k, dim, keys, moved)));
  if (parts.some((p) => p === null)) {
    return null;
  }
  const grouped = parts.map((p, i) => {
    const k = t.of[i];
    return k && 'op' in k && ['and', 'or'].includes(k.op) ? `(${p})` : p as string;
  });
  switch (t.op) {
    case 'and': case 'or': return grouped.join(` ${t.op} `);
    case 'not': return `not (${parts[0]})`;
    case 'is missing': return `${parts[0]} is missing`;
    case 'negate': return `-${parts[0]}`;
    case 'between': return `${parts[0]} between ${parts[1]} and ${parts[2]}`;
    case 'in': return `${parts[0]} in (${parts.slice(1).join(', ')})`;
    case 'min': case 'max': case 'abs': case 'coalesce': case 'log': return `${t.op}(${parts.join(', ')})`;
    default: return `(${parts.join(` ${t.op} `)})`.replace(/^\((.*)\)$/, ['+', '-', '*', '/'].includes(t.op) ? '($1)' : '$1');
  }
}

/** The dimensions whose thresholds moved, as they would stand in strata.yaml. */
export function rulesText(ruled: readonly Ruled[], thresholds: readonly Threshold[], values: readonly number[], keys: Map<string, string[]>): string {
  const changed = new Set(thresholds.filter((t, i) => t.value !== values[i]).map((t) => t.dimension));
  const moved: Moved = (dimension, feature, value) => {
    const at = thresholds.findIndex((t) => t.dimension === dimension && t.feature === feature && t.value === value);
    return values[at] ?? value;
  };
  const lines = ruled.filter((d) => changed.has(d.name) || changed.size === 0 && d === ruled[ruled.length - 1]).flatMap((d) => {
    if (d.kind === 'bands') {
      const of = d.rules[0];
      const rows = d.edges.map((e, i) => `      ${d.segments[i]}: ${plain(of && 'name' in of ? moved(d.name, of.name, e) : e)}`);
      return [`  ${d.name}:`, `    score: ${of && 'name' in of ? of.name : '# as it is'}`, '    bands:', ...rows, `      ${d.segments[d.edges.length]}: 0`];
    }
    const rows = d.rules.map((r, i) => {
      const text = r && textOf(r, d, keys, moved);
      return r === null ? `      - {name: ${d.segments[i]}, otherwise: true}`
        : text === null ? `      # ${d.segments[i]}: as it is in the model` : `      - {name: ${d.segments[i]}, when: "${text}"}`;
    });
    return [`  ${d.name}:`, '    tiers:', ...rows];
  });
  return ['dimensions:', ...lines].join('\n');
}
