// SPDX-License-Identifier: Apache-2.0
// One account: what it is worth and how it fares over time, where it has been, why it is where it is,
// what would move it, what is due.
import { useState } from 'preact/hooks';
import { explainOf, predictOf } from '../data/commands';
import { useWorld } from '../data/project';
import { useDocument } from '../data/use';
import { asText, findTable } from '../document/find';
import { cellText, longDate, moneyShort } from '../document/format';
import { inline } from '../document/inline';
import { TableView } from '../document/table';
import type { Cell, Doc, Section } from '../document/types';
import { DocumentView, Items } from '../document/view';
import { FeatureDoor } from '../parts/origin';
import { PageHead } from '../parts/page';
import { SegmentName } from '../parts/segment';
import { Await, Empty } from '../parts/states';
import { Tabs } from '../parts/tabs';
import { useRoute } from '../router';
import { Plays } from './account_plays';
import { Stays } from './account_stays';
import { Timeline } from './account_timeline';

const VIEWS = [['why', 'Why it is here'], ['stays', 'Where it has been'], ['tasks', 'Plays and messages'], ['chance', 'Chance of churn'], ['brief', 'Brief']] as const;

function facts(doc: Doc | undefined): Map<string, Cell> {
  return new Map((findTable(doc, 'account')?.rows ?? []).map((r) => [asText(r.what), r.value ?? null]));
}

/** Facts that are features of the account, by what the document calls them. */
const FEATURES: Record<string, string> = { ARR: 'arr', 'Customer since': 'started_on', Tenure: 'tenure', Seats: 'seats', Health: 'health', 'Spend in 365 days': 'spend_365d' };

function factText(what: string, value: Cell, currency: string): string {
  if (what === 'ARR' && typeof value === 'number') {
    return moneyShort(value, currency);
  }
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? longDate(value)
    : cellText(value, what === 'Tenure' ? 'days' : typeof value === 'number' ? 'number' : 'text', { currency });
}

function Facts({ doc }: { doc: Doc }) {
  const { project } = useWorld();
  const rows = [...facts(doc)];
  return (
    <dl class="fact-list">{rows.map(([what, value]) => (
      <div key={what}>
        <dt>{what}</dt>
        <dd>{FEATURES[what] && value !== null ? <FeatureDoor feature={FEATURES[what]} name={what}>{factText(what, value, project.currency)}</FeatureDoor> : factText(what, value, project.currency)}</dd>
      </div>
    ))}</dl>
  );
}

const segmentIn = (s: Section): string | undefined => {
  const first = s.items.find((i) => i.type === 'paragraph');
  return first?.type === 'paragraph' ? /\*\*((?:\\.|[^*])+)\*\*/.exec(first.text)?.[1]?.replace(/\\(.)/g, '$1') : undefined;
};

/** One dimension: the segment, the clauses tried on the way, and the smallest changes that would move it. */
function Reason({ section, doc }: { section: Section; doc: Doc }) {
  const name = segmentIn(section);
  const tables = section.items.filter((i) => i.type === 'table');
  const ways = section.items.filter((i) => i.type === 'bullet');
  const said = section.items.filter((i) => i.type !== 'table' && i.type !== 'bullet');
  return (
    <section class="reason" id={`why-${section.id}`}>
      <h2><span class="eyebrow">{section.title}</span>{name ? <SegmentName name={name} dimension={section.id} /> : null}</h2>
      <Items items={said} doc={doc} depth={3} />
      {ways.length > 0 && (
        <div class="ways">
          <h3>What would move it</h3>
          <ul class="points">{ways.map((b, i) => <li key={i}>{b.type === 'bullet' && inline(b.text)}</li>)}</ul>
        </div>
      )}
      {tables.map((t) => t.type === 'table' && <TableView key={t.id} table={t} doc={doc} dimension={section.id} />)}
    </section>
  );
}

function Why({ doc }: { doc: Doc }) {
  const [all, showAll] = useState(false);
  const sections = doc.sections.filter((s) => s.id !== 'account');
  return (
    <>
      {sections.slice(0, all ? sections.length : 2).map((s) => <Reason key={s.id} section={s} doc={doc} />)}
      {!all && sections.length > 2 && (
        <button type="button" class="button" onClick={() => showAll(true)}>The other {sections.length - 2} dimensions and scores</button>
      )}
    </>
  );
}

/** A document of its own in a tab, asked for when the tab is open. */
function Part({ command, query, none, wait, headed }: { command: string; query: Record<string, string | undefined>; none: string; wait?: string; headed?: boolean }) {
  const answer = useDocument(command, query);
  return (
    <>
      {wait && answer.busy && <p class="wait" role="status">{wait}</p>}
      <Await answer={answer} height={400}>{(doc) => {
        const rows = doc.sections.some((s) => s.items.some((i) => i.type !== 'table' || i.rows.length > 0));
        return rows ? <>{headed && <h2 class="finding">{inline(doc.document.title)}</h2>}<DocumentView doc={doc} /></> : <Empty title={none} />;
      }}</Await>
    </>
  );
}

export function AccountPage({ id }: { id: string }) {
  const { asOf } = useWorld();
  const { params } = useRoute();
  const view = params.get('view') ?? 'why';
  const query = explainOf(id, { as_of: asOf });
  const explain = useDocument('explain', query);
  const name = explain.data?.sections.find((s) => s.id === 'account')?.title ?? undefined;
  const first = explain.data?.sections.find((s) => s.id !== 'account');
  const now = first && segmentIn(first);
  return (
    <>
      <PageHead where={`Account \u00b7 ${id}`} title={explain.error ? id : name} facts={false} source={{ path: 'explain', query }}>
        {now && <p class="account-segment"><SegmentName name={now} dimension={first?.id} link /></p>}
      </PageHead>
      <Await answer={explain} height={700} lines={12}>{(doc) => <><Facts doc={doc} /><Timeline id={id} /></>}</Await>
      {explain.data && (
        <>
          <Tabs path={`/account/${id}`} param="view" tabs={VIEWS} now={view} label="About this account" />
          {view === 'why' && <Await answer={explain} height={500}>{(doc) => <Why doc={doc} />}</Await>}
          {view === 'stays' && <Stays id={id} />}
          {view === 'tasks' && <Plays id={id} segment={now || undefined} dimension={first?.id} />}
          {view === 'chance' && <Part command="predict" query={{ ...predictOf('churn'), account: id, as_of: asOf } as Record<string, string | undefined>} headed none="Nothing could be said about this account." wait={'Learning from the company\u2019s past; this takes some seconds.'} />}
          {view === 'brief' && <Part command="brief" query={{ account: id, as_of: asOf }} none="There is nothing to say about this account yet." />}
        </>
      )}
    </>
  );
}
