// SPDX-License-Identifier: Apache-2.0
// What is due for an account, how to begin, and what its segment is told.
import { explainOf } from '../data/commands';
import { useWorld } from '../data/project';
import { useDocument } from '../data/use';
import { asText, findSection, findTable } from '../document/find';
import { inline } from '../document/inline';
import { DocumentView, Items } from '../document/view';
import { Await, Empty } from '../parts/states';

/** The message of the model file, or one filled with the segment's facts, with what it rests on. */
function SegmentMessage({ segment, dimension }: { segment: string; dimension: string | undefined }) {
  const { asOf } = useWorld();
  const offer = useDocument('offer', { segment, dimension, as_of: asOf });
  return (
    <Await answer={offer} height={80} lines={2}>{(doc) => {
      const row = findTable(doc, 'message')?.rows[0];
      return row ? <><p>To accounts in {segment}: {inline(asText(row.text))}</p>{row.evidence && <p class="says">{inline(asText(row.evidence))}</p>}</>
        : <p class="says">The model file has no message for {segment}, and its facts make none: <code>messages</code> in the model file would state one.</p>;
    }}</Await>
  );
}

export function Plays({ id, segment, dimension }: { id: string; segment: string | undefined; dimension: string | undefined }) {
  const { asOf } = useWorld();
  const tasks = useDocument('tasks', { account: id, as_of: asOf });
  const brief = useDocument('brief', explainOf(id, { as_of: asOf }));
  return (
    <>
      <Await answer={tasks} height={200}>{(doc) => ((findTable(doc, 'tasks')?.rows.length ?? 0) > 0 ? <DocumentView doc={doc} />
        : <Empty title="No play is due for this account."><p>Plays begin when the trigger of a playbook turns true; <a href="/analysis/playbooks">Playbooks</a> lists the triggers and what keeps some from running.</p></Empty>)}</Await>
      {/* from top to bottom, so that nothing is pushed down while it is read */}
      {(tasks.data ?? tasks.error) && <section aria-labelledby="say">
        <h2 id="say">What to say</h2>
        <Await answer={brief} height={60} lines={1}>{(doc) => {
          const opener = findSection(doc, 'opener');
          return opener ? <Items items={opener.items} doc={doc} depth={3} /> : <p class="says">Nothing in its facts gives a first sentence.</p>;
        }}</Await>
        {segment && <SegmentMessage segment={segment} dimension={dimension} />}
      </section>}
    </>
  );
}
