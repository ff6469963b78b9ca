// SPDX-License-Identifier: Apache-2.0
// The steps that are due: for whom, by which playbook, how late, and why.
import { useMemo } from 'preact/hooks';
import { useWorld } from '../data/project';
import { useDocument, useJson } from '../data/use';
import { asText, findTable } from '../document/find';
import { number } from '../document/format';
import { hasPages, rowsOf } from '../document/more';
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

/** How many steps each value has: of all steps, of which the document may have the first only. */
function useCounted(doc: Doc, table: Table, key: string): [string, number][] {
  const paged = hasPages(doc, table);
  const { path, query } = rowsOf(doc, table);
  const answer = useJson<{ groups: [string | null, number][] }>(paged ? path : null, { ...query, groups: key });
  const here = useMemo(() => counted(table, key), [table, key]);
  return paged ? (answer.data?.groups ?? []).filter((g): g is [string, number] => typeof g[0] === 'string' && g[0] !== '') : here;
}

function Worklist({ doc, table }: { doc: Doc; table: Table }) {
  const { params } = useRoute();
  const playbook = params.get('playbook') ?? '';
  const owner = params.get('owner') ?? '';
  const where = useMemo(() => ({ playbook, owner }), [playbook, owner]);
  return (
    <>
      <div class="controls">
        <Choice label="Playbook" name="playbook" values={useCounted(doc, table, 'playbook')} now={playbook} />
        <Choice label="Owner" name="owner" values={useCounted(doc, table, 'owner')} now={owner} />
      </div>
      <TableView table={table} doc={doc} where={where} />
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
