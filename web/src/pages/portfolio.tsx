// SPDX-License-Identifier: Apache-2.0
// The first screen: how is the portfolio, what changed, what to do today.
import { useWorld } from '../data/project';
import { useDocument, type Answer } from '../data/use';
import { asNumber, asText, findChart, findSection, findTable, remarksOf } from '../document/find';
import { FigureView } from '../document/figure';
import { longDate, moneyShort, number, share } from '../document/format';
import { inline } from '../document/inline';
import { TableView } from '../document/table';
import { hasPages, useMore, type Wanted } from '../document/more';
import type { Doc, Figure, Row, Table } from '../document/types';
import { Items } from '../document/view';
import { ChartView } from '../parts/chart';
import { PageHead } from '../parts/page';
import { SegmentDot } from '../parts/segment';
import { Await, Empty, Failure, Skeleton } from '../parts/states';
import { href } from '../router';
import { MOVES } from './migration';

/** A metric of the model's dialect as a headline figure, with its range below. */
function metric(doc: Doc, metricName: string): Figure | undefined {
  const table = findTable(doc, 'metrics');
  const at = table?.rows.findIndex((r) => r.metric === metricName) ?? -1;
  const row = table?.rows[at];
  if (!table || !row) {
    return undefined;
  }
  const low = asNumber(row.low);
  const high = asNumber(row.high);
  return {
    type: 'figure',
    label: `${metricName}, 12 months`,
    value_type: 'share',
    value: row.value ?? null,
    below: low !== null && high !== null ? `95\u202f%: ${share(low)} to ${share(high)}` : null,
    provenance: remarksOf(table, 'rows').origins.get(`${at}:value`),
  };
}

function arrFigure(movements: Doc): Figure {
  const table = findTable(movements, 'movements');
  const total = table?.totals[0];
  const opening = asNumber(total?.opening ?? null);
  const closing = asNumber(total?.closing ?? null);
  const change = opening && closing !== null ? closing / opening - 1 : null;
  return {
    type: 'figure', label: 'ARR', value_type: 'money', value: closing,
    below: change === null ? null : `${change >= 0 ? '+' : '\u2212'}${share(Math.abs(change))} in 12 months`,
    provenance: table ? remarksOf(table, 'totals').origins.get('0:closing') : undefined,
  };
}

function Headline({ movements, metrics }: { movements: Answer<Doc>; metrics: Answer<Doc> }) {
  if (movements.error) {
    return <Await answer={movements}>{() => null}</Await>;
  }
  const m = movements.data;
  const k = metrics.data;
  const figures = k ? ['NRR', 'GRR', 'Logo retention'].map((n) => metric(k, n)).filter((f): f is Figure => f !== undefined) : [];
  const customers = m && asNumber(findTable(m, 'movements')?.totals[0]?.accounts ?? null);
  return (
    <dl class="figures headline">
      {m ? <FigureView figure={arrFigure(m)} doc={m} /> : <Place label="ARR" />}
      {k ? figures.map((f) => <FigureView key={f.label} figure={f} doc={k} />)
        : ['NRR, 12 months', 'GRR, 12 months', 'Logo retention, 12 months'].map((l) => <Place key={l} label={l} />)}
      {m ? <FigureView doc={m} figure={{ type: 'figure', label: 'Customers', value_type: 'count', value: customers ?? null, below: 'with ARR today', provenance: findTable(m, 'movements')?.columns.find((c) => c.key === 'accounts')?.provenance }} /> : <Place label="Customers" />}
    </dl>
  );
}

function Place({ label }: { label: string }) {
  return <div><dt>{label}</dt><dd class="value"><span class="bone">{'\u00a0'}</span></dd><dd class="below">{'\u00a0'}</dd></div>;
}

function TaskRow({ row, currency }: { row: Row; currency: string }) {
  const late = asNumber(row.days_late ?? null) ?? 0;
  return (
    <li>
      <a href={href(`/account/${asText(row.account_id)}`)}>{asText(row.name)}</a>
      <span class="amount">{moneyShort(asNumber(row.value ?? null) ?? 0, currency)}</span>
      <span class="what">{inline(asText(row.playbook))}: {inline(asText(row.step))}</span>
      <span class={late > 0 ? 'due late' : 'due'}>{late > 0 ? `${number(late)} days late` : late === 0 ? 'today' : `due ${asText(row.due)}`}</span>
    </li>
  );
}

const LARGEST: Wanted = { sorting: { key: 'value', up: false }, find: '', where: {} };

/** What is due, the largest accounts first: out of all steps, of which the document may have the first only. */
function Due({ doc, table }: { doc: Doc; table: Table }) {
  const more = useMore(doc, table, LARGEST);
  const rows = hasPages(doc, table) ? more.rows.map((r) => r.row)
    : [...table.rows].sort((a, b) => (asNumber(b.value ?? null) ?? 0) - (asNumber(a.value ?? null) ?? 0));
  const due = rows.filter((r) => (asNumber(r.days_late ?? null) ?? 0) >= 0).slice(0, 7);
  return (
    <>
      <p class="says">{inline(doc.document.title)}. The largest accounts first:</p>
      {more.error ? <Failure error={more.error} /> : rows.length === 0 ? <Skeleton height={360} lines={7} />
        : due.length === 0 ? <Empty title="Nothing is due today." />
          : <ol class="task-list">{due.map((r, i) => <TaskRow key={i} row={r} currency={doc.document.currency} />)}</ol>}
      <p class="more"><a href={href('/tasks')}>All {number(table.of ?? table.rows.length)} steps</a></p>
    </>
  );
}

function Today({ tasks }: { tasks: Answer<Doc> }) {
  return (
    <section class="panel" aria-labelledby="today">
      <h2 id="today">What to do today</h2>
      <Await answer={tasks} height={460} lines={8}>{(doc) => {
        const table = findTable(doc, 'tasks');
        return table && table.rows.length > 0 ? <Due doc={doc} table={table} /> : <Empty title="Nothing is due today." />;
      }}</Await>
    </section>
  );
}

function Moves({ diff }: { diff: Answer<Doc> }) {
  return (
    <Await answer={diff} height={360} lines={7}>{(doc) => {
      const flows = (findTable(doc, 'flows')?.rows ?? []).filter((r) => r.from !== 'not there yet' && r.to !== 'not there yet');
      const section = doc.sections[0];
      if (flows.length === 0) {
        return <Empty title="Nobody moved since the last review." />;
      }
      const most = Math.max(...flows.map((r) => asNumber(r.accounts ?? null) ?? 0));
      return (
        <>
          <p class="says">{section?.title ? inline(section.title) : null}</p>
          <ul class="flow-list">{flows.slice(0, 8).map((r, i) => (
            <li key={i}>
              <span class="from"><SegmentDot name={asText(r.from)} />{asText(r.from)}</span>
              <span class="arrow" aria-label="to">{'\u2192'}</span>
              <span class="to"><SegmentDot name={asText(r.to)} />{asText(r.to)}</span>
              <span class="length" aria-hidden="true"><span style={{ width: `${((asNumber(r.accounts ?? null) ?? 0) / most) * 100}%` }} /></span>
              <a class="num" href={href('/migration', { from: asText(r.from), to: asText(r.to) })} aria-label={`${number(asNumber(r.accounts ?? null) ?? 0)} accounts from ${asText(r.from)} to ${asText(r.to)}`}>{number(asNumber(r.accounts ?? null) ?? 0)}</a>
            </li>
          ))}</ul>
          <p class="more"><a href={href('/migration')}>Who, and why</a></p>
        </>
      );
    }}</Await>
  );
}

export function PortfolioPage() {
  const { asOf, project } = useWorld();
  const query = { as_of: asOf };
  const movements = useDocument('movements', query);
  const metrics = useDocument('metrics', query);
  const segments = useDocument('segments', query);
  const diff = useDocument('diff', query, MOVES);
  const tasks = useDocument('tasks', query);
  const report = useDocument('report', query);
  const day = movements.data?.document.as_of ?? asOf ?? project.last_day;
  const flows = findChart(movements.data, 'flows');
  return (
    <>
      <PageHead long where="Portfolio" title={movements.error ? `The portfolio on ${longDate(day)}` : movements.data?.document.title} doc={movements.data} />
      <Headline movements={movements} metrics={metrics} />
      <div class="two-thirds">
        <section class="panel" aria-labelledby="came">
          <h2 id="came">What came, what went</h2>
          <Await answer={movements} height={420}>{() => flows ? <ChartView chart={flows} bare /> : <Empty title="There is no ARR in the data."><p>An ARR source (snapshots, movements or subscriptions) in the model file switches this on.</p></Empty>}</Await>
          <p class="more"><a href={href('/analysis/movements')}>Every period, with causes and renewals</a></p>
        </section>
        <Today tasks={tasks} />
      </div>
      <section class="panel" aria-labelledby="segments">
        <h2 id="segments">{segments.data ? inline(segments.data.document.title) : 'Segments'}</h2>
        <Await answer={segments} height={330}>{(doc) => {
          const table = findTable(doc, 'segments');
          return table ? <TableView table={table} doc={doc} caption={false} /> : null;
        }}</Await>
        <p class="more"><a href={href('/segments')}>Profiles, matrix and quality</a></p>
      </section>
      <div class="halves">
        <section class="panel" aria-labelledby="moved"><h2 id="moved">Movement since the last review</h2><Moves diff={diff} /></section>
        <section class="panel" aria-labelledby="concentration">
          <h2 id="concentration">{findSection(report.data, 'concentration')?.title ?? 'Concentration'}</h2>
          <Await answer={report} height={360}>{(doc) => {
            const s = findSection(doc, 'concentration');
            return s ? <Items items={s.items.filter((i) => i.type !== 'table')} doc={doc} depth={3} /> : <Empty title="Not enough accounts to speak of concentration." />;
          }}</Await>
        </section>
      </div>
    </>
  );
}
