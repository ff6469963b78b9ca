// SPDX-License-Identifier: Apache-2.0
// Colours in chart specifications stand for the tokens of the style sheet, as in assets/report.js, so
// that a chart follows light, dark and print.
export const TOKENS: Record<string, string> = {
  '#1b2430': 'ink', '#5d6875': 'muted', '#d8dde3': 'line', '#8a94a0': 'grey',
  '#0b63a5': 'accent', '#10233a': 'on-light', '#fdfdfe': 'on-dark',
  '#0072b2': 'c0', '#e69f00': 'c1', '#009e73': 'c2', '#cc79a7': 'c3', '#d55e00': 'c4',
  '#56b4e9': 'c5', '#332288': 'c6', '#999933': 'c7', '#882255': 'c8', '#44aa99': 'c9',
  '#eef5fb': 's0', '#d3e5f3': 's1', '#b4d3ea': 's2', '#92bfe0': 's3', '#6fa9d4': 's4',
  '#4c92c6': 's5', '#2f7ab2': 's6', '#176097': 's7', '#064676': 's8',
};

export function themed<T>(value: T): T {
  if (typeof value === 'string') {
    const token = Object.hasOwn(TOKENS, value) ? TOKENS[value] : undefined;
    return (token ? `var(--${token})` : value) as T;
  }
  if (Array.isArray(value)) {
    return value.map(themed) as T;
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, themed(v)])) as T;
  }
  return value;
}

interface Layer {
  mark?: { type?: string } & Record<string, unknown>;
  data?: { values?: { text?: unknown }[] };
}

/** What is looked at of a specification; all else goes through as it is. */
export interface Spec extends Record<string, unknown> {
  usermeta?: { strata?: { height?: unknown } };
  facet?: unknown;
  spec?: Record<string, unknown>;
  layer?: Layer[];
}

/** Height to keep free before a chart is drawn, from what its author measured. */
export function plotHeight(spec: Spec): number {
  const told = spec.usermeta?.strata?.height;
  return typeof told === 'number' ? told : 280;
}

/** Headings that stand side by side over columns of bars: each as long as its column, so that none runs into the next. */
function headed(layer: Layer, width: number): Layer {
  const heads = layer.data?.values ?? [];
  return layer.mark?.type !== 'text' || heads.length < 2 || heads.some((v) => typeof v.text !== 'string') ? layer
    : { ...layer, mark: { ...layer.mark, limit: Math.max(48, Math.floor((width - 110) / heads.length) - 6) } };
}

/** Small multiples: as many panels in a row as fit, each as wide as that leaves. */
export function fitted(spec: Spec, width: number): Spec {
  if (!spec.facet || !spec.spec) {
    return width < 480 && spec.layer ? { ...spec, layer: spec.layer.map((l) => headed(l, width)) } : spec;
  }
  const columns = Math.max(1, Math.min(4, Math.floor(width / 240)));
  const panel = Math.max(140, Math.floor(width / columns) - 76);
  return { ...spec, columns, spec: { ...spec.spec, width: panel } };
}
