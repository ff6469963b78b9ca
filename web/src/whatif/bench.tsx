// SPDX-License-Identifier: Apache-2.0
// Thresholds to move on one side, what becomes of the segments on the other.
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { segmentColour, segmentColours, useWorld, type Project } from '../data/project';
import { moneyShort, number, share } from '../document/format';
import { setParams, useRoute } from '../router';
import { Origin } from '../parts/origin';
import { Apply } from './apply';
import { histogram, scaleOf, tally, tidy, type Tally } from './bands';
import { Edges } from './edges';
import { Evaluator, type Ruled, type Threshold } from './rules';
import { literal, rulesText } from './write';

const BINS = 96;

function sayer(type: string, currency: string): (x: number) => string {
  switch (type) {
    case 'money': return (x) => moneyShort(x, currency);
    case 'share': return (x) => share(x, 0);
    case 'duration': return (x) => `${number(x)} days`;
    default: return (x) => number(x, Number.isInteger(x) ? 0 : 1);
  }
}

/** Thresholds on one feature of one dimension, from high to low: they share a scale and keep their order. */
interface Group {
  id: string;
  title: string;
  feature: string;
  type: string;
  places: number[];
  bands?: Ruled;
}

function groupsOf(thresholds: readonly Threshold[], dims: readonly Ruled[]): Group[] {
  const groups = new Map<string, Group>();
  thresholds.forEach((t, i) => {
    const id = `${t.dimension}.${t.feature}`;
    const dim = dims.find((d) => d.name === t.dimension);
    const group = groups.get(id) ?? { id, title: `${t.feature} in ${dim?.label ?? t.dimension}`, feature: t.feature, type: t.type, places: [], bands: dim?.kind === 'bands' ? dim : undefined };
    group.places.push(i);
    groups.set(id, group);
  });
  groups.forEach((g) => g.places.sort((a, b) => (thresholds[b] as Threshold).value - (thresholds[a] as Threshold).value));
  return [...groups.values()];
}

interface Props {
  dims: Ruled[]; /* the last one is looked at, the others are what it is made of */
  data: Map<string, Float64Array>;
  amounts: Float64Array;
  /** which dimension: stands before the choice of the threshold */
  choice: ComponentChildren;
  /** the dimension is none of the model's */
  fresh: boolean;
  /** the model has other thresholds now */
  onSaved: () => void;
}

/** Counted here, not by a command: by the rules alone. */
function Counted({ what, name, children }: { what: string; name: string; children: ComponentChildren }) {
  const { project, asOf } = useWorld();
  return (
    <Origin asOf={asOf ?? project.last_day} name={name} origin={{ id: 0, rows_where: null,
      definition: `${what} that the rules alone put into the segment: without waiting times, margins and pins, which the page Segments has`,
      inputs: 'the rules of the model over the values of the as-of date, evaluated in the browser' }}>{children}</Origin>
  );
}

function Segments({ target, now, then, project }: { target: Ruled; now: Tally; then: Tally; project: Project }) {
  const all = then.amount.reduce((x, y) => x + y, 0);
  const own = project.dimensions.some((d) => d.name === target.name);
  const colours = segmentColours(target.segments);
  return (
    <div class="box" role="group" tabIndex={0} aria-label="Segments now and then"><table>
      <thead><tr><th scope="col">Segment</th><th scope="col" class="num">Accounts by the rules now</th><th scope="col" class="num">then</th><th scope="col" class="num">Change</th><th scope="col" class="num">Value now</th><th scope="col" class="num">then</th><th scope="col" class="num">% of value</th></tr></thead>
      <tbody>{target.segments.map((name, i) => {
        const a = now.accounts[i] ?? 0;
        const b = then.accounts[i] ?? 0;
        return i >= target.rules.length && a === 0 && b === 0 && target.kind === 'tiers' ? null : (
          <tr key={i}>
            <th scope="row"><span class="dot" style={{ background: (own ? segmentColour(project, name, target.name) : colours[i]) ?? 'var(--grey)' }} />{name}</th>
            <td class="num"><Counted what="Accounts" name={`${name} now`}>{number(a)}</Counted></td>
            <td class="num"><Counted what="Accounts" name={`${name} then`}>{number(b)}</Counted></td>
            <td class="num">{b === a ? '' : <Counted what="How many more accounts" name={`the change of ${name}`}>{`${b > a ? '+' : ''}${number(b - a)}`}</Counted>}</td>
            <td class="num"><Counted what="Value of the accounts" name={`the value of ${name} now`}>{moneyShort(now.amount[i] ?? 0, project.currency)}</Counted></td>
            <td class="num"><Counted what="Value of the accounts" name={`the value of ${name} then`}>{moneyShort(then.amount[i] ?? 0, project.currency)}</Counted></td>
            <td class="num">{all > 0 ? <Counted what="Share of all value with the accounts" name={`the share of ${name}`}>{share((then.amount[i] ?? 0) / all)}</Counted> : '\u2013'}</td>
          </tr>
        );
      })}</tbody>
    </table></div>
  );
}

/** Figures as one types them: shares in percent. */
function Fields({ group, thresholds, values, onChange }: { group: Group; thresholds: readonly Threshold[]; values: number[]; onChange: (v: number[]) => void }) {
  const unit = group.type === 'share' ? 100 : 1;
  const put = (at: number, text: string) => {
    const v = Number(text);
    if (text.trim() !== '' && Number.isFinite(v)) {
      onChange(values.map((x, k) => (k === at ? v / unit : x)));
    }
  };
  return (
    <div class="controls edge-fields">{group.places.map((p) => {
      const t = thresholds[p] as Threshold;
      return (
        <label class="choice" key={p}>{t.segment}{unit === 100 ? ', %' : group.type === 'duration' ? ', days' : ''}
          <input class="edge-input" inputMode="decimal" value={Number(((values[p] as number) * unit).toPrecision(8))} onChange={(e) => put(p, e.currentTarget.value)} />
        </label>
      );
    })}</div>
  );
}

export function Bench({ dims, data, amounts, choice, fresh, onSaved }: Props) {
  const { project } = useWorld();
  const { params } = useRoute();
  const target = dims[dims.length - 1] as Ruled;
  const engine = useMemo(() => {
    const e = new Evaluator(dims);
    e.load(data, amounts.length);
    return e;
  }, [dims, data, amounts]);
  const begin = useMemo(() => engine.thresholds.map((t) => t.value), [engine]);
  const before = useMemo(() => engine.codesOf(target.name).slice(), [engine]);
  const now = useMemo(() => tally(before, amounts, before, target.segments.length), [before]);
  const [values, setValues] = useState(begin);
  const groups = useMemo(() => groupsOf(engine.thresholds, dims), [engine]);
  const group = groups.find((g) => g.id === params.get('edge')) ?? groups[0] as Group;
  const column = data.get(group.feature) ?? new Float64Array(0);
  const scale = useMemo(() => scaleOf(column, group.places.map((p) => begin[p] as number)), [column, group]);
  const bins = useMemo(() => histogram(column, scale, BINS), [column, scale]);
  const asked = useRef(0);
  const redraw = useRef<HTMLParagraphElement>(null);
  const { then, took } = useMemo(() => {
    const started = performance.now();
    engine.move(values);
    const t = tally(engine.codesOf(target.name), amounts, before, target.segments.length);
    return { then: t, took: performance.now() - started };
  }, [engine, values]);
  useEffect(() => {
    if (asked.current && redraw.current) {
      redraw.current.dataset.took = (performance.now() - asked.current).toFixed(1);
    }
  }, [values]);
  const change = (next: number[]) => {
    asked.current = performance.now();
    setValues(next);
  };
  const moveGroup = (edges: number[]) => change(values.map((v, i) => edges[group.places.indexOf(i)] ?? v));
  const ordered = project.dimensions.find((d) => d.name === target.name)?.ordered ?? target.kind === 'bands';
  const say = sayer(group.type, project.currency);
  const keys = useMemo(() => new Map(project.dimensions.map((d) => [d.name, d.keys ?? d.segments])), [project]);
  const moved = engine.thresholds.flatMap((t, i) => (t.value === values[i] ? [] : [{ ...t, to: values[i] as number }]));
  const total = amounts.length;
  return (
    <div class="whatif">
      <div class="controls">
        {choice}
        <label class="choice">Threshold on
          <select id="edge-of" value={group.id} onChange={(e) => setParams({ edge: e.currentTarget.value }, true)}>
            {groups.map((g) => <option key={g.id} value={g.id}>{g.title}</option>)}
          </select>
        </label>
        <button type="button" class="button" disabled={moved.length === 0} onClick={() => change(begin)}>Back to the thresholds of now</button>
      </div>
      <Edges bins={bins} scale={scale} edges={group.places.map((p) => values[p] as number)} say={say} tidy={(x) => tidy(x, group.type)} onChange={moveGroup}
        names={group.places.map((p) => `Threshold on ${group.feature} of ${(engine.thresholds[p] as Threshold).segment}`)}
        colours={group.bands && segmentColours(group.bands.segments)} />
      <Fields group={group} thresholds={engine.thresholds} values={values} onChange={change} />
      <p class="says" role="status" ref={redraw} data-accounts={total}>
        {then.moved === 0 ? `${number(total)} accounts where they are now. Drag a threshold, or move it with the arrow keys.`
          : `${number(then.moved)} of ${number(total)} accounts would move${ordered ? ` (${number(then.up)} up, ${number(then.moved - then.up)} down)` : ''}, with ${moneyShort(then.movedAmount, project.currency)}.`}
        <span class="took"> {number(total)} accounts placed in {number(took, 1)} ms.</span>
      </p>
      {moved.length > 0 && <ul class="points moved-edges">{moved.map((m) => <li key={`${m.dimension}${m.feature}${m.value}`}><code>{m.feature}</code> of {m.segment}: {literal(m.value, m.type)} becomes <strong>{literal(m.to, m.type)}</strong></li>)}</ul>}
      <Segments target={target} now={now} then={then} project={project} />
      {fresh ? <p class="says">These bands are not in the model: as rules, below, they can be written into it.</p> : <Apply moved={moved} onSaved={onSaved} />}
      <details class="fold"><summary>As rules for the model file</summary><pre class="code" tabIndex={0}>{rulesText(dims, engine.thresholds, values, keys)}</pre></details>
    </div>
  );
}
