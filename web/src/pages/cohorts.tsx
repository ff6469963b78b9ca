// SPDX-License-Identifier: Apache-2.0
// Cohorts by age: the triangle with its toggles, curves, and what is worth what.
import { useWorld } from '../data/project';
import { useDocument } from '../data/use';
import { asText, findTable } from '../document/find';
import { inline } from '../document/inline';
import type { Doc } from '../document/types';
import { DocumentView, SectionView } from '../document/view';
import { PageHead } from '../parts/page';
import { Await, Empty } from '../parts/states';
import { Switch, Tabs } from '../parts/tabs';
import { setParams, useRoute } from '../router';
import { curves } from './cohorts_curves';
import { Triangle } from './cohorts_triangle';
import { Plot } from '../parts/chart';

const VIEWS = [['triangle', 'Triangle'], ['curves', 'Curves'], ['ltv', 'Lifetime value'], ['churn', 'Churn trend'], ['pmf', 'Product/market fit']] as const;
const MEASURES = [['logo', 'Accounts'], ['nrr', 'NRR'], ['grr', 'GRR'], ['seats', 'Seats']] as const;
const EVERY = [['month', 'Months'], ['quarter', 'Quarters'], ['year', 'Years']] as const;
const SHOW = [['percent', 'Percent'], ['value', 'Value'], ['count', 'Count']] as const;
const AGAINST = [['start', 'the start'], ['previous', 'the age before']] as const;

/** The period that a cohort is named by: 2025, 2025-Q1 or 2025-01. */
function everyOf(doc: Doc | undefined): string | undefined {
  const name = asText(findTable(doc, 'cells')?.rows[0]?.cohort);
  return /^\d{4}-Q\d$/.test(name) ? 'quarter' : /^\d{4}-\d\d$/.test(name) ? 'month' : /^\d{4}$/.test(name) ? 'year' : undefined;
}

function Retention({ doc, curved, every }: { doc: Doc; curved: boolean; every: string }) {
  const { params } = useRoute();
  const cells = findTable(doc, 'cells');
  const said = doc.sections[0]?.items.filter((i) => i.type === 'paragraph' || i.type === 'note') ?? [];
  const method = doc.sections.find((s) => s.id === 'method');
  if (!cells || cells.rows.length === 0) {
    return <Empty title="There is no cohort to follow yet."><p>Cohorts need accounts with a first day: ARR, orders, or a column started_on.</p></Empty>;
  }
  return (
    <>
      {said.map((i, k) => i.type === 'paragraph' && <p key={k} class="says">{inline(i.text)}</p>)}
      {curved ? <Plot spec={curves(cells, findTable(doc, 'average'))} alt="Share kept by age: each cohort a thin line, the average of all a thick one." />
        : <Triangle doc={doc} cells={cells} show={params.get('show') ?? 'percent'} measure={params.get('measure') ?? 'logo'} every={every} currency={doc.document.currency} />}
      {method && <SectionView section={method} doc={doc} />}
    </>
  );
}

export function CohortsPage() {
  const { asOf } = useWorld();
  const { params } = useRoute();
  const view = params.get('view') ?? 'triangle';
  const own = view === 'triangle' || view === 'curves';
  const measure = params.get('measure') ?? 'logo';
  const query = own
    ? { measure: measure === 'logo' ? null : measure, every: params.get('every'), against: params.get('against'), by: params.get('by'), as_of: asOf }
    : { as_of: asOf };
  const path = own ? 'cohorts' : view;
  const answer = useDocument(path, query, own ? null : undefined);
  /* without a choice the command takes the shortest period in which most cohorts are large enough for a rate */
  const every = params.get('every') ?? (own ? everyOf(answer.data) : undefined) ?? '';
  const choose = (name: string, first: string) => (v: string) => setParams({ [name]: v === first ? null : v }, true);
  return (
    <>
      <PageHead where="Cohorts" title={answer.error ? 'Cohorts' : answer.data?.document.title} doc={answer.data} source={{ path, query }} />
      <Tabs path="/cohorts" param="view" tabs={VIEWS} now={view} label="Views of cohorts" />
      {own && (
        <div class="controls">
          <Switch label="Kept" options={MEASURES} value={measure} onChange={choose('measure', 'logo')} />
          <Switch label="Started in" options={EVERY} value={every} onChange={(v) => setParams({ every: v }, true)} />
          {view === 'triangle' && <Switch label="Show" options={SHOW} value={params.get('show') ?? 'percent'} onChange={choose('show', 'percent')} />}
          <Switch label="Against" options={AGAINST} value={params.get('against') ?? 'start'} onChange={choose('against', 'start')} />
        </div>
      )}
      <Await answer={answer} height={800} lines={16}>{(doc) => own ? <Retention doc={doc} curved={view === 'curves'} every={every} /> : <DocumentView doc={doc} />}</Await>
    </>
  );
}
