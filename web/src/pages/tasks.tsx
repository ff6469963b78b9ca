// SPDX-License-Identifier: Apache-2.0
// The steps that are due: for whom, by which playbook, how late, and why.
import { useMemo } from 'preact/hooks';
import { useWorld } from '../data/project';
import { useDocument } from '../data/use';
import { asText, findTable } from '../document/find';
import { number } from '../document/format';
import { chosenRows } from '../document/rows';
import { TableView } from '../document/table';
import type { Doc, Table } from '../document/types';
import { DocumentView } from '../document/view';
import { PageHead } from '../parts/page';
import { Await, Empty } from '../parts/states';
import { setParams, useRoute } from '../router';

function Choice({ label, name, values, now }: { label: string; name: string; values: [string, number][]; now: string }) {
  return (
    <label class="choice">{label}
      <select value={now} onChange={(e) => setParams({ [name]: e.currentTarget.value || null }, true)}>
        <option value="">all</option>
        {values.map(([v, n]) => <option key={v} value={v}>{v} ({number(n)})</option>)}
      </select>
    </label>
  );
}

function counted(table: Table, key: string): [string, number][] {
  const out = new Map<string, number>();
  for (const row of table.rows) {
    const v = asText(row[key]);
    if (v) {
      out.set(v, (out.get(v) ?? 0) + 1);
    }
  }
  return [...out].sort((a, b) => b[1] - a[1]);
}

function Worklist({ doc, table }: { doc: Doc; table: Table }) {
  const { params } = useRoute();
  const playbook = params.get('playbook') ?? '';
  const owner = params.get('owner') ?? '';
  const chosen = useMemo(() => chosenRows(table, (r) => (!playbook || r.playbook === playbook) && (!owner || r.owner === owner)), [table, playbook, owner]);
  return (
    <>
      <div class="controls">
        <Choice label="Playbook" name="playbook" values={counted(table, 'playbook')} now={playbook} />
        <Choice label="Owner" name="owner" values={counted(table, 'owner')} now={owner} />
      </div>
      {chosen.rows.length === 0 ? <Empty title="Nothing is due with this choice." /> : <TableView table={chosen} doc={doc} />}
    </>
  );
}

export function TasksPage() {
  const { asOf } = useWorld();
  const query = { as_of: asOf };
  const answer = useDocument('tasks', query);
  return (
    <>
      <PageHead where="Tasks" title={answer.data?.document.title} doc={answer.data} source={{ path: 'tasks', query }} />
      <Await answer={answer} height={700} lines={14}>{(doc) => {
        const table = findTable(doc, 'tasks');
        if (!table || table.rows.length === 0) {
          return <><Empty title="Nothing is due."><p>Plays begin when the trigger of a playbook turns true; the playbooks page lists the triggers.</p></Empty><DocumentView doc={doc} /></>;
        }
        const rest = { ...doc, sections: doc.sections.map((s) => ({ ...s, items: s.items.filter((i) => i !== table) })) };
        return <><Worklist doc={doc} table={table} /><DocumentView doc={rest} /></>;
      }}</Await>
    </>
  );
}
