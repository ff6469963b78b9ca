// SPDX-License-Identifier: Apache-2.0
// Retention by age as curves: cohorts thin and grey, the highest and the lowest named, the average thick.
import { asNumber, asText } from '../document/find';
import type { Table } from '../document/types';

const GREY = '#8a94a0';
const ACCENT = '#0b63a5';
const COLOURS = ['#009e73', '#d55e00'];

interface Dot {
  age: number;
  rate: number;
  cohort: string;
}

const dots = (table: Table, name: (r: Table['rows'][number]) => string): Dot[] =>
  table.rows.flatMap((r) => {
    const age = Number.parseInt(asText(r.age), 10);
    const rate = asNumber(r.rate ?? null);
    return Number.isNaN(age) || rate === null || (r.kind && r.kind !== 'observed') ? [] : [{ age, rate, cohort: name(r) }];
  });

/** The cohorts that kept most and least at the oldest age that half of them have reached. */
function extremes(all: Dot[]): string[] {
  const cohorts = new Set(all.map((d) => d.cohort)).size;
  const ages = [...new Set(all.map((d) => d.age))].sort((a, b) => b - a);
  const age = ages.find((a) => all.filter((d) => d.age === a).length * 2 >= cohorts);
  const then = all.filter((d) => d.age === age).sort((a, b) => a.rate - b.rate);
  const low = then[0]?.cohort;
  const high = then[then.length - 1]?.cohort;
  return [high, low].filter((c, i, list): c is string => c !== undefined && list.indexOf(c) === i);
}

export function curves(cells: Table, average: Table | undefined): Record<string, unknown> {
  const all = dots(cells, (r) => asText(r.cohort));
  const named = extremes(all);
  const mean = average ? dots(average, () => 'Average') : [];
  const x = { field: 'age', type: 'quantitative', title: 'age', axis: { grid: false, tickMinStep: 1, format: 'd' } };
  const y = { field: 'rate', type: 'quantitative', title: null, scale: { zero: false }, axis: { labelExpr: "format(datum.value * 100, '~g') + ' %'" } };
  const tip = [{ field: 'cohort', title: ' ' }, { field: 'age', title: 'age' }, { field: 'rate', title: 'kept', format: '.1%' }];
  const ends = named.flatMap((c, i) => all.filter((d) => d.cohort === c).slice(-1).map((d) => ({ ...d, color: COLOURS[i] })));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json', width: 'container', height: 380,
    autosize: { type: 'fit-x', contains: 'padding' }, background: 'transparent', padding: { right: 64, left: 4, top: 8, bottom: 4 },
    config: {
      font: 'system-ui, sans-serif', view: { stroke: null },
      axis: { domain: false, gridColor: '#d8dde3', labelColor: '#1b2430', labelFontSize: 12, tickSize: 0, labelPadding: 6, titleColor: '#5d6875', titleFontWeight: 'normal' },
      text: { fill: '#1b2430', fontSize: 12 },
    },
    usermeta: { strata: { height: 420 } },
    layer: [
      { data: { values: all.filter((d) => !named.includes(d.cohort)) }, mark: { type: 'line', strokeWidth: 1, color: GREY, opacity: 0.45 }, encoding: { x, y, detail: { field: 'cohort' }, tooltip: tip } },
      { data: { values: named.flatMap((c, i) => all.filter((d) => d.cohort === c).map((d) => ({ ...d, color: COLOURS[i] }))) }, mark: { type: 'line', strokeWidth: 2 }, encoding: { x, y, detail: { field: 'cohort' }, color: { field: 'color', type: 'nominal', scale: null }, tooltip: tip } },
      { data: { values: mean }, mark: { type: 'line', strokeWidth: 3, color: ACCENT, strokeDash: [1, 0] }, encoding: { x, y, tooltip: tip } },
      { data: { values: ends }, mark: { type: 'text', align: 'left', dx: 6 }, encoding: { x, y, text: { field: 'cohort' }, color: { field: 'color', type: 'nominal', scale: null } } },
      { data: { values: mean.slice(-1) }, mark: { type: 'text', align: 'left', dx: 6, fontWeight: 600 }, encoding: { x, y, text: { field: 'cohort' } } },
    ],
  };
}
