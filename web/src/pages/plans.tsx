// SPDX-License-Identifier: Apache-2.0
// Coverage, expansion and territories: the document of the command, with the limits that can be tried.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useWorld } from '../data/project';
import { useDocument } from '../data/use';
import type { Query } from '../data/api';
import { DocumentView, Method } from '../document/view';
import { PageHead } from '../parts/page';
import { Await } from '../parts/states';
import { setParams, useRoute } from '../router';

export function Plain({ where, command, query, children }: { where: string; command: string; query: Query; children?: ComponentChildren }) {
  const answer = useDocument(command, query);
  return (
    <>
      <PageHead where={where} title={answer.error ? where : answer.data?.document.title} doc={answer.data} source={{ path: command, query }} />
      {children}
      <Await answer={answer} height={700} lines={12}>{(doc) => <><DocumentView doc={doc} /><Method doc={doc} /></>}</Await>
    </>
  );
}

export function CoveragePage() {
  return <Plain where="Coverage" command="coverage" query={{ as_of: useWorld().asOf }} />;
}

export function ExpansionPage() {
  return <Plain where="Expansion" command="expansion" query={{ as_of: useWorld().asOf }} />;
}

const LIMITS: { name: string; label: string; hint: string; text?: boolean }[] = [
  { name: 'moves', label: 'At most so many moves', hint: 'any that pay' },
  { name: 'limit', label: 'No book above, of its hours', hint: '100%', text: true },
  { name: 'within', label: 'As good as even within', hint: '5%', text: true },
  { name: 'handover', label: 'A move costs, hours', hint: '2' },
  { name: 'lock', label: 'Stay with their manager', hint: 'such as arr > 100k', text: true },
  { name: 'keep_renewals', label: 'Renewing within, days: stay', hint: '90' },
];

export function TerritoriesPage() {
  const { asOf } = useWorld();
  const { params } = useRoute();
  const given = Object.fromEntries([...LIMITS.map((l) => l.name), 'assign'].map((name) => [name, params.get(name) ?? '']));
  const [draft, setDraft] = useState<Record<string, string>>(given);
  const submit = (e: Event) => {
    e.preventDefault();
    setParams(Object.fromEntries(Object.keys(given).map((name) => [name, draft[name] || null])));
  };
  return (
    <Plain where="Territories" command="territories" query={{ ...given, as_of: asOf }}>
      <form class="controls" onSubmit={submit}>
        {LIMITS.map((l) => (
          <label class="choice" key={l.name}>{l.label}
            <input inputMode={l.text ? 'text' : 'numeric'} placeholder={l.hint} value={draft[l.name] ?? ''}
              onInput={(e) => setDraft({ ...draft, [l.name]: e.currentTarget.value })} />
          </label>
        ))}
        <label class="tick"><input type="checkbox" checked={draft.assign === 'true'} onChange={(e) => setDraft({ ...draft, assign: e.currentTarget.checked ? 'true' : '' })} />Give accounts without a manager to one</label>
        <button type="submit" class="button strong">Try these limits</button>
        {Object.values(given).some((v) => v !== '') && <button type="button" class="button" onClick={() => { setDraft({}); setParams(Object.fromEntries(Object.keys(given).map((name) => [name, null]))); }}>No limits of mine</button>}
      </form>
    </Plain>
  );
}
