// SPDX-License-Identifier: Apache-2.0
// What the server says about the project as a whole, and the colours of segments that follow from it.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export interface Dimension {
  name: string;
  label: string;
  primary?: boolean;
  segments: string[];
  /** as rules name them */
  keys?: string[];
  /** from high to low */
  ordered?: boolean;
  /** of a dimension that only bands one feature: the lower edges, from high to low */
  bands?: { feature: string; edges: { segment: string; from: number }[] };
}
export interface Project {
  name: string;
  currency: string;
  last_day: string;
  /** what an account is worth: arr, or spend_365d of a shop */
  value?: string;
  model_digest?: string;
  data_digest?: string;
  dimensions: Dimension[];
  /** the server has none to show: its data or its model are not there or wrong */
  broken?: boolean;
  /** whether this reader may save the model */
  may_edit?: boolean;
  /** whether this reader may order what changes the project */
  may_run?: boolean;
}

export interface World {
  project: Project;
  /** the as-of date chosen in the URL; undefined: the last day with data */
  asOf: string | undefined;
  /** the project has changed: read it anew */
  refresh: () => void;
}
export const WorldContext = createContext<World>({
  project: { name: '', currency: 'USD', last_day: '', dimensions: [] }, asOf: undefined, refresh: () => undefined,
});
export const useWorld = (): World => useContext(WorldContext);

const COLOURS = 10;

// A band called "Red" that is drawn green would be read wrongly.
const NAMED: Record<string, number> = { Blue: 0, Yellow: 1, Amber: 1, Green: 2, Red: 4 };

/** Colours in the order of a dimension's segments; a name that is a colour changes places with the one that has it. */
export function segmentColours(segments: string[]): string[] {
  const order = Array.from({ length: COLOURS }, (_, i) => i);
  segments.slice(0, COLOURS).forEach((name, i) => {
    const wanted = NAMED[name];
    if (wanted !== undefined) {
      const holder = order.indexOf(wanted);
      order[holder] = order[i]!;
      order[i] = wanted;
    }
  });
  return segments.map((_, i) => `var(--c${order[i % COLOURS]})`);
}

/** The place of a segment in its dimension is its colour, as in the charts of documents. */
export function segmentColour(project: Project, segment: string, dimension?: string): string | undefined {
  const lists = dimension ? project.dimensions.filter((d) => d.name === dimension || d.label === dimension)
    : [...project.dimensions].sort((a, b) => Number(b.primary ?? false) - Number(a.primary ?? false));
  for (const d of lists) {
    const at = d.segments.indexOf(segment);
    if (at >= 0) {
      return segmentColours(d.segments)[at];
    }
  }
  return undefined;
}

export const primaryDimension = (project: Project): Dimension | undefined =>
  project.dimensions.find((d) => d.primary) ?? project.dimensions[0];

/** The dimension that most of a column's segments are of, the primary one among equals: names such as Champions or
 * Growth may be of several. */
export function dimensionOf(values: readonly unknown[], project: Project): string | undefined {
  const names = [...new Set(values)];
  const of = (d: Dimension) => names.filter((n) => typeof n === 'string' && d.segments.includes(n)).length;
  const best = [...project.dimensions].sort((a, b) => of(b) - of(a) || Number(b.primary ?? false) - Number(a.primary ?? false))[0];
  return best && of(best) > 0 ? best.name : undefined;
}
