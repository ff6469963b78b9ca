// SPDX-License-Identifier: Apache-2.0
// Who moved between two dates, from where to where and why.
import type { ComponentChildren } from 'preact';
import { primaryDimension, useWorld } from '../data/project';
import { useDocument } from '../data/use';
import { asNumber, asText, findTable } from '../document/find';
import { longDate, number } from '../document/format';
import { TableView } from '../document/table';
import type { Doc } from '../document/types';
import { DocumentView, Method } from '../document/view';
import { PageHead } from '../parts/page';
import { Await, Empty } from '../parts/states';
import { Switch, Tabs } from '../parts/tabs';
import { setParams, useRoute } from '../router';
import { Flow, Matrix, type Chosen } from './migration_flow';
import { Plain } from './plans';

const VIEWS = [['moved', 'Who moved'], ['ahead', 'Who should, and where it heads']] as const;

export function MigrationPage() {
  const { params } = useRoute();
  const { asOf } = useWorld();
  const view = params.get('view') ?? 'moved';
  const tabs = <Tabs path="/migration" param="view" tabs={VIEWS} now={view} label="Back and ahead" />;
  return view === 'ahead'
    ? <Plain where="Migration" command="migration" query={{ dimension: params.get('dimension'), as_of: asOf }}>{tabs}</Plain>
    : <Moved tabs={tabs} />;
}

/** More than there are ways from segment to segment: those are looked at whole. */
export const MOVES = 1000;

const AS = [['flow', 'Flow'], ['matrix', 'Matrix']] as const;

/** The accounts that moved, all or those of one move. */
function Movers({ doc, chosen }: { doc: Doc; chosen: Chosen | undefined }) {
  const table = findTable(doc, 'accounts');
  if (!table || !chosen) {
    return null;
  }
  const flow = findTable(doc, 'flows')?.rows.find((r) => asText(r.from) === chosen.from && asText(r.to) === chosen.to);
  const n = asNumber(flow?.accounts ?? null) ?? 0;
  return (
    <section aria-labelledby="movers">
      <h2 id="movers">From {chosen.from} to {chosen.to}: {number(n)} account{n === 1 ? '' : 's'}</h2>
      <p><button type="button" class="button" onClick={() => setParams({ from: null, to: null }, true)}>All moves</button></p>
      <TableView table={table} doc={doc} where={{ from: chosen.from, to: chosen.to }} />
    </section>
  );
}

function Dates({ since }: { since: string }) {
  const { project, asOf } = useWorld();
  const until = asOf ?? project.last_day;
  const day = /^\d{4}-\d\d-\d\d$/;
  const put = (name: string, value: string, otherwise: string) => {
    if (value === '' || day.test(value)) {
      setParams({ [name]: value === otherwise ? null : value || null });
    }
  };
  return (
    <>
      <label class="choice">From
        <input type="date" max={until} value={since} onChange={(e) => put('since', e.currentTarget.value, '')} />
      </label>
      <label class="choice">To
        <input type="date" min={since || undefined} max={project.last_day} value={until} onChange={(e) => put('as_of', e.currentTarget.value, project.last_day)} />
      </label>
    </>
  );
}

function Moved({ tabs }: { tabs: ComponentChildren }) {
  const { project, asOf } = useWorld();
  const { params } = useRoute();
  const dimension = params.get('dimension') ?? primaryDimension(project)?.name;
  const shown = params.get('as') ?? 'flow';
  const from = params.get('from');
  const to = params.get('to');
  const chosen = from && to ? { from, to } : undefined;
  const query = { since: params.get('since'), dimension: params.get('dimension'), as_of: asOf };
  const answer = useDocument('diff', query, MOVES);
  const title = answer.data?.sections[0]?.title ?? answer.data?.document.title;
  const Shape = shown === 'matrix' ? Matrix : Flow;
  return (
    <>
      <PageHead where="Migration" title={answer.error ? 'Migration' : title} doc={answer.data} source={{ path: 'diff', query }}>
        <div class="controls">
          <Dates since={params.get('since') ?? ''} />
          <label class="choice">Dimension
            <select value={dimension} onChange={(e) => setParams({ dimension: e.currentTarget.value, from: null, to: null })}>
              {project.dimensions.map((d) => <option key={d.name} value={d.name}>{d.label}</option>)}
            </select>
          </label>
          <Switch label="As" options={AS} value={shown} onChange={(v) => setParams({ as: v === 'flow' ? null : v }, true)} />
        </div>
        {!params.get('since') && <p class="says">Without a first date: since the last recorded review before {longDate(asOf ?? project.last_day)}.</p>}
      </PageHead>
      {tabs}
      <Await answer={answer} height={800}>{(doc) => {
        const flows = findTable(doc, 'flows');
        const first = doc.sections[0];
        const taken = (id: string) => id === 'flows' || (chosen !== undefined && id === 'accounts');
        const rest = { ...doc, sections: doc.sections.map((s) => (s === first ? { ...s, title: null, items: s.items.filter((i) => !(i.type === 'table' && taken(i.id))) } : s)) };
        return (
          <>
            {flows && flows.rows.length > 0 ? <Shape flows={flows} dimension={dimension} chosen={chosen} />
              : <Empty title="Nobody moved between these dates."><p>Try an earlier first date; <code>strata backfill</code> records past reviews.</p></Empty>}
            <Movers doc={doc} chosen={chosen} />
            <DocumentView doc={rest} /><Method doc={doc} />
          </>
        );
      }}</Await>
    </>
  );
}
