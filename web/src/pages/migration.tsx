// SPDX-License-Identifier: Apache-2.0
// Who moved between two dates, from where to where and why.
import type { ComponentChildren } from 'preact';
import { primaryDimension, useWorld } from '../data/project';
import { useDocument } from '../data/use';
import { asNumber, asText, findTable } from '../document/find';
import { number } from '../document/format';
import type { Doc, Row } from '../document/types';
import { DocumentView, Method } from '../document/view';
import { PageHead } from '../parts/page';
import { SegmentDot } from '../parts/segment';
import { Await, Empty } from '../parts/states';
import { Tabs } from '../parts/tabs';
import { setParams, useRoute } from '../router';
import { Plain } from './plans';

/** Rows are where accounts were, columns where they are; a cell is the shade of its share of the row. */
function Matrix({ doc, dimension }: { doc: Doc; dimension: string | undefined }) {
  const { project } = useWorld();
  const flows = findTable(doc, 'flows')?.rows ?? [];
  if (flows.length === 0) {
    return <Empty title="Nobody moved between these dates." />;
  }
  const order = project.dimensions.find((d) => d.name === dimension)?.segments ?? [];
  const names = (key: 'from' | 'to') => [...new Set(flows.map((r: Row) => asText(r[key])))]
    .sort((a, b) => place(order, a) - place(order, b));
  const cell = new Map(flows.map((r) => [`${asText(r.from)}\u0000${asText(r.to)}`, asNumber(r.accounts ?? null) ?? 0]));
  const most = Math.max(...cell.values());
  return (
    <figure class="chart">
      <figcaption>From where (rows) to where (columns): accounts that moved</figcaption>
      <div class="box" tabIndex={0} role="group" aria-label="Matrix of moves">
        <table class="heat">
          <thead><tr><th scope="col"><span class="vh">From</span></th>{names('to').map((t) => <th scope="col" class="num" key={t}><SegmentDot name={t} dimension={dimension} />{t}</th>)}</tr></thead>
          <tbody>{names('from').map((f) => (
            <tr key={f}><th scope="row"><SegmentDot name={f} dimension={dimension} />{f}</th>{names('to').map((t) => {
              const n = cell.get(`${f}\u0000${t}`);
              return <td key={t} class={n ? `num shade s-${shade(n / most)}` : 'num none'}>{n ? number(n) : '\u00b7'}</td>;
            })}</tr>
          ))}</tbody>
        </table>
      </div>
    </figure>
  );
}

const place = (order: string[], name: string) => (order.indexOf(name) < 0 ? order.length : order.indexOf(name));
const shade = (x: number) => Math.min(8, Math.max(0, Math.round(Math.sqrt(x) * 8)));

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

function Moved({ tabs }: { tabs: ComponentChildren }) {
  const { project, asOf } = useWorld();
  const { params } = useRoute();
  const dimension = params.get('dimension') ?? primaryDimension(project)?.name;
  const query = { since: params.get('since'), dimension: params.get('dimension'), as_of: asOf };
  const answer = useDocument('diff', query);
  const title = answer.data?.sections[0]?.title ?? answer.data?.document.title;
  return (
    <>
      <PageHead where="Migration" title={answer.error ? 'Migration' : title} doc={answer.data} source={{ path: 'diff', query }}>
        <div class="controls">
          <label class="choice">Since
            <input type="date" max={asOf ?? project.last_day} value={params.get('since') ?? ''} onChange={(e) => setParams({ since: e.currentTarget.value || null })} />
          </label>
          <label class="choice">Dimension
            <select value={dimension} onChange={(e) => setParams({ dimension: e.currentTarget.value })}>
              {project.dimensions.map((d) => <option key={d.name} value={d.name}>{d.label}</option>)}
            </select>
          </label>
        </div>
      </PageHead>
      {tabs}
      <Await answer={answer} height={800}>{(doc) => {
        const first = doc.sections[0];
        const rest = { ...doc, sections: doc.sections.map((s) => (s === first ? { ...s, title: null, items: s.items.filter((i) => !(i.type === 'table' && i.id === 'flows')) } : s)) };
        return <><Matrix doc={doc} dimension={dimension} /><DocumentView doc={rest} /><Method doc={doc} /></>;
      }}</Await>
    </>
  );
}
