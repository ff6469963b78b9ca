// SPDX-License-Identifier: Apache-2.0
// What if the edges of a dimension were elsewhere: every account is put into its band anew while the pointer moves.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ApiError } from '../data/api';
import { segmentColours, useWorld, type Dimension } from '../data/project';
import { moneyShort, number, share } from '../document/format';
import { Empty, Failure, Skeleton } from '../parts/states';
import { setParams, useRoute } from '../router';
import { bandsOf, histogram, resegment, scaleOf, tidy } from './bands';
import { readColumns } from './columns';
import { Edges } from './edges';

const BINS = 96;

export interface Ladder {
  title: string;
  dimension?: string;
  feature: string;
  names: string[];
  edges?: number[];
}

/** Dimensions that are bands of one feature bring their edges along; others can be tried with bands of ARR or health. */
export function laddersOf(dimensions: Dimension[]): Ladder[] {
  const own = dimensions.flatMap((d): Ladder[] => d.bands ? [{
    title: d.label, dimension: d.name, feature: d.bands.feature, edges: d.bands.edges.map((e) => e.from),
    names: d.segments.slice(0, d.bands.edges.length + 1),
  }] : []);
  const free = (feature: string, title: string): Ladder => ({ title, feature, names: ['Highest quarter', 'Second', 'Third', 'Lowest quarter'] });
  return [...own, free('arr', 'New bands of ARR'), free('health', 'New bands of health')];
}

function quartiles(values: Float64Array): number[] {
  const known = values.filter((v) => v === v && v > 0).sort();
  return [0.75, 0.5, 0.25].map((q) => tidy(known[Math.floor(known.length * q)] ?? 0));
}

function useColumns(feature: string, asOf: string | undefined) {
  const [state, set] = useState<{ feature: string; values?: Float64Array; amounts?: Float64Array; error?: ApiError }>({ feature: '' });
  useEffect(() => {
    const stop = new AbortController();
    readColumns(feature === 'arr' ? ['arr'] : [feature, 'arr'], asOf, stop.signal).then(
      ([values, amounts]) => set({ feature, values, amounts: amounts ?? values }),
      (e: unknown) => !stop.signal.aborted && set({ feature, error: e instanceof ApiError ? e : new ApiError('unknown', String(e), 0) }));
    return () => stop.abort();
  }, [feature, asOf]);
  return state.feature === feature ? state : { feature };
}

function Bench({ ladder, values, amounts }: { ladder: Ladder; values: Float64Array; amounts: Float64Array }) {
  const { project } = useWorld();
  const begin = useMemo(() => ladder.edges ?? quartiles(values), [ladder, values]);
  const [edges, setEdges] = useState(begin);
  const scale = useMemo(() => scaleOf(values), [values]);
  const bins = useMemo(() => histogram(values, scale, BINS), [values, scale]);
  const before = useMemo(() => {
    const out = new Uint8Array(values.length);
    bandsOf(values, begin, out);
    return out;
  }, [values, begin]);
  const now = useMemo(() => resegment(values, amounts, begin, before), [values, amounts, begin, before]);
  const started = performance.now();
  const then = resegment(values, amounts, edges, before);
  const took = performance.now() - started;
  const say = (x: number) => (ladder.feature === 'arr' ? moneyShort(x, project.currency) : number(x, Number.isInteger(x) ? 0 : 1));
  const total = values.length;
  const names = [...ladder.names.slice(0, edges.length + 1), 'Not known'];
  const colours = segmentColours(names);
  const asked = useRef(0);
  const redraw = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (asked.current && redraw.current) {
      redraw.current.dataset.took = (performance.now() - asked.current).toFixed(1);
    }
  }, [edges]);
  const change = (next: number[]) => {
    asked.current = performance.now();
    setEdges(next);
  };
  return (
    <div class="whatif">
      <Edges bins={bins} scale={scale} edges={edges} names={names} say={say} onChange={change} />
      <p class="says" role="status" ref={redraw} data-accounts={total}>
        {then.moved === 0 ? `${number(total)} accounts where they are now. Drag an edge, or move it with the arrow keys.`
          : `${number(then.moved)} of ${number(total)} accounts would move (${number(then.up)} up, ${number(then.moved - then.up)} down), with ${moneyShort(then.movedAmount, project.currency)} of ARR.`}
        <span class="took"> {number(total)} accounts placed in {number(took, 1)} ms.</span>
      </p>
      <div class="box"><table>
        <thead><tr><th scope="col">Band</th><th scope="col" class="num">From</th><th scope="col" class="num">Accounts now</th><th scope="col" class="num">then</th><th scope="col" class="num">Change</th><th scope="col" class="num">ARR now</th><th scope="col" class="num">then</th><th scope="col" class="num">% of ARR</th></tr></thead>
        <tbody>{names.map((name, i) => {
          const a = now.accounts[i] ?? 0;
          const b = then.accounts[i] ?? 0;
          const all = then.amount.reduce((x, y) => x + y, 0);
          return i === names.length - 1 && a === 0 && b === 0 ? null : (
            <tr key={i}>
              <th scope="row"><span class="dot" style={{ background: i < names.length - 1 ? colours[i] : 'var(--grey)' }} />{name}</th>
              <td class="num">{i < edges.length ? (
                <input class="edge-input" inputMode="decimal" aria-label={`Lower edge of ${name}`} value={edges[i]}
                  onChange={(e) => { const v = Number(e.currentTarget.value); if (Number.isFinite(v)) { change(edges.map((x, k) => (k === i ? v : x)).sort((x, y) => y - x)); } }} />
              ) : i === edges.length ? 'the rest' : ''}</td>
              <td class="num">{number(a)}</td><td class="num">{number(b)}</td>
              <td class="num">{b === a ? '' : `${b > a ? '+' : ''}${number(b - a)}`}</td>
              <td class="num">{moneyShort(now.amount[i] ?? 0, project.currency)}</td><td class="num">{moneyShort(then.amount[i] ?? 0, project.currency)}</td>
              <td class="num">{all > 0 ? share((then.amount[i] ?? 0) / all) : '\u2013'}</td>
            </tr>
          );
        })}</tbody>
      </table></div>
      <div class="controls">
        <button type="button" class="button" disabled={edges.every((e, i) => e === begin[i])} onClick={() => change(begin)}>Back to the edges of now</button>
      </div>
      <details class="fold"><summary>As rules for the model file</summary><pre class="code" tabIndex={0}>{snippet(ladder, edges, names)}</pre></details>
    </div>
  );
}

function snippet(ladder: Ladder, edges: number[], names: string[]): string {
  const rows = edges.map((e, i) => `      - {name: ${names[i]}, when: ${ladder.feature} >= ${e}}`);
  return ['dimensions:', `  ${ladder.dimension ?? `${ladder.feature}_bands`}:`, '    tiers:', ...rows, `      - {name: ${names[edges.length]}, otherwise: true}`].join('\n');
}

export function WhatIf() {
  const { project, asOf } = useWorld();
  const { params } = useRoute();
  const ladders = useMemo(() => laddersOf(project.dimensions), [project]);
  const at = Math.max(0, ladders.findIndex((l) => (l.dimension ?? l.feature) === params.get('what')));
  const ladder = ladders[at] as Ladder;
  const columns = useColumns(ladder.feature, asOf);
  return (
    <section aria-labelledby="whatif">
      <h2 id="whatif">What if an edge were elsewhere?</h2>
      <p class="says">Nothing is saved: accounts are put into bands in the browser, by the values of the as-of date and the edges alone. Waiting times, margins and rules on other features come with the plan.</p>
      <div class="controls">
        <label class="choice">Bands of
          <select value={ladder.dimension ?? ladder.feature} onChange={(e) => setParams({ what: e.currentTarget.value }, true)}>
            {ladders.map((l) => <option key={l.dimension ?? l.feature} value={l.dimension ?? l.feature}>{l.title}</option>)}
          </select>
        </label>
      </div>
      {columns.error ? <Failure error={columns.error} /> : !columns.values || !columns.amounts ? <Skeleton height={480} />
        : columns.values.length === 0 ? <Empty title="There is no account on this day." />
          : <Bench key={ladder.title} ladder={ladder} values={columns.values} amounts={columns.amounts} />}
    </section>
  );
}
