// SPDX-License-Identifier: Apache-2.0
// What if thresholds were elsewhere: every account is put into its segment anew while the pointer moves.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { ApiError } from '../data/api';
import { useWorld } from '../data/project';
import { useJson } from '../data/use';
import { Await, Empty, Failure, Skeleton } from '../parts/states';
import { setParams, useRoute } from '../router';
import { tidy } from './bands';
import { Bench } from './bench';
import { readColumns } from './columns';
import { closureOf, Evaluator, othersIn, type Ruled } from './rules';

/** What can be tried: a dimension of the model with all that it is made of, or new bands of a feature. */
interface Trial {
  id: string;
  title: string;
  dims: Ruled[];
  /** new bands: of this feature */
  fresh?: string;
}

function trialsOf(all: readonly Ruled[]): Trial[] {
  const own = all.map((d): Trial => ({ id: d.name, title: d.label, dims: closureOf(all, d.name) }))
    .filter((t) => new Evaluator(t.dims).thresholds.length > 0);
  const fresh = (feature: string, title: string): Trial => ({ id: feature, title, dims: [], fresh: feature });
  return [...own, fresh('arr', 'New bands of ARR'), fresh('health', 'New bands of health')];
}

/** Four quarters of the accounts, as bands to begin with. */
function quarters(feature: string, values: Float64Array): Ruled {
  const known = values.filter((v) => v === v && v > 0).sort();
  const edges = [0.75, 0.5, 0.25].map((q) => tidy(known[Math.floor(known.length * q)] ?? 0));
  return {
    name: `${feature}_bands`, label: `Bands of ${feature}`, kind: 'bands', edges, rules: [{ name: feature, type: feature === 'arr' ? 'money' : 'number' }],
    segments: ['Highest quarter', 'Second', 'Third', 'Lowest quarter', 'Not known'],
  };
}

interface Loaded {
  trial: Trial;
  data: Map<string, Float64Array>;
  amounts: Float64Array;
}

function useColumns(trial: Trial | undefined, value: string, asOf: string | undefined): { loaded?: Loaded; error?: ApiError } {
  const [state, set] = useState<{ id?: string; loaded?: Loaded; error?: ApiError }>({});
  useEffect(() => {
    if (!trial) {
      return undefined;
    }
    const stop = new AbortController();
    const names = trial.fresh ? [trial.fresh] : [...new Evaluator(trial.dims).columns];
    readColumns([...new Set([value, ...names])], asOf, stop.signal).then((data) => {
      const amounts = data.get(value) as Float64Array;
      const dims = trial.fresh ? [quarters(trial.fresh, data.get(trial.fresh) as Float64Array)] : trial.dims;
      set({ id: trial.id, loaded: { trial: { ...trial, dims }, data, amounts } });
    }, (e: unknown) => !stop.signal.aborted && set({ id: trial.id, error: e instanceof ApiError ? e : new ApiError('unknown', String(e), 0) }));
    return () => stop.abort();
  }, [trial, asOf]);
  return state.id === trial?.id ? state : {};
}

/** Begun anew with another dimension, and with other thresholds of the model. */
const keyOf = (t: Trial): string => `${t.id} ${new Evaluator(t.dims).thresholds.map((x) => x.value).join()}`;

function LeftOut({ dims }: { dims: readonly Ruled[] }) {
  const others = othersIn(dims);
  return (
    <p class="says">Nothing is saved until you say so: the rules are evaluated in the browser, over the values of the as-of date, with all dimensions that this one is made of.
      Waiting times, margins and pins are not in it{others.length > 0 ? <>, and {others.map((o, i) => <span key={o}>{i > 0 ? ', ' : ''}<code>{o}</code></span>)} (which one day cannot tell) counts as unknown</> : ''}; the plan has them.</p>
  );
}

export function WhatIf() {
  const { project, asOf } = useWorld();
  const { params } = useRoute();
  const rules = useJson<{ dimensions: Ruled[] }>('whatif/rules');
  const trials = useMemo(() => (rules.data ? trialsOf(rules.data.dimensions) : []), [rules.data]);
  const primary = project.dimensions.find((d) => d.primary)?.name;
  const trial = trials.find((t) => t.id === params.get('what')) ?? trials.find((t) => t.id === primary) ?? trials[0];
  const choice = (
    <label class="choice">Segments of
      <select id="segments-of" value={trial?.id} onChange={(e) => setParams({ what: e.currentTarget.value, edge: null }, true)}>
        {trials.map((t) => <option key={t.id} value={t.id}>{t.title}</option>)}
      </select>
    </label>
  );
  const { loaded, error } = useColumns(trial, project.value ?? 'arr', asOf);
  return (
    <section aria-labelledby="whatif">
      <h2 id="whatif">What if a threshold were elsewhere?</h2>
      <LeftOut dims={trial?.dims ?? []} />
      <Await answer={rules} height={480}>{() => (error ? <Failure error={error} /> : !loaded || loaded.trial.id !== trial?.id ? <Skeleton height={480} />
        : loaded.amounts.length === 0 ? <Empty title="There is no account on this day." />
          : <Bench key={keyOf(loaded.trial)} dims={loaded.trial.dims} data={loaded.data} amounts={loaded.amounts} choice={choice} fresh={trial?.fresh !== undefined} onSaved={rules.again} />)}</Await>
    </section>
  );
}
