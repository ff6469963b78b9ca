// SPDX-License-Identifier: Apache-2.0
// All accounts: filtered in the language of the rules, sorted by any name, scrolled however many there are.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWorld } from '../data/project';
import { RowsReader, type RowsState } from '../data/rows';
import { useDocument } from '../data/use';
import { asText } from '../document/find';
import { longDate, number } from '../document/format';
import { Grid } from '../parts/grid';
import { PageHead } from '../parts/page';
import { Popover } from '../parts/popover';
import { Failure, Skeleton } from '../parts/states';
import { href, setParams, useRoute } from '../router';

const EXAMPLES = ['arr >= 25k and health < 60', 'last_seen > 30 days', 'health_band = Red and arr > 10k'];

/** "--where:1:7: unknown ..." as it is said below a field of one line. */
const fieldError = (message: string): string => message.replace(/^(?:--where:)?1:(\d+): /, 'At character $1: ');

function useRows(query: Record<string, string | undefined>): [RowsState | undefined, (from: number, to: number) => void] {
  const [state, set] = useState<RowsState>();
  const reader = useRef<RowsReader>();
  useEffect(() => {
    const mine = new RowsReader(query, set);
    reader.current = mine;
    return () => mine.close();
  }, [JSON.stringify(query)]);
  return [state, (from, to) => reader.current?.want(from, to)];
}

function Filter({ where, error }: { where: string; error: string | undefined }) {
  const [draft, setDraft] = useState(where);
  useEffect(() => setDraft(where), [where]);
  const submit = (e: Event) => {
    e.preventDefault();
    setParams({ where: draft.trim() || null });
  };
  return (
    <form class="filter-form" onSubmit={submit} role="search">
      <label for="where">Only accounts for which</label>
      <div class="filter-line">
        <input id="where" value={draft} spellcheck={false} autocomplete="off" autocapitalize="off" placeholder="such as arr >= 25k and health < 60"
          aria-invalid={error ? true : undefined} aria-describedby={error ? 'where-error' : 'where-hint'} onInput={(e) => setDraft(e.currentTarget.value)} />
        <button type="submit" class="button strong">Filter</button>
        {where && <button type="button" class="button" onClick={() => setParams({ where: null })}>All</button>}
      </div>
      {error ? <p class="field-error" id="where-error" role="alert">{error}</p> : (
        <p class="field-hint" id="where-hint">{EXAMPLES.map((x) => <a key={x} href={href('/accounts', { where: x })}><code>{x}</code></a>)}</p>
      )}
    </form>
  );
}

function ColumnChoice({ chosen }: { chosen: string[] }) {
  const answer = useDocument('features', {}, null);
  const tables = answer.data?.sections.flatMap((s) => s.items).filter((i) => i.type === 'table') ?? [];
  const names = [...new Set(['id', 'name', 'since', ...tables.flatMap((t) => (t.type === 'table' ? t.rows.map((r) => asText(r.name)) : []))])].filter(Boolean);
  const toggle = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((c) => c !== name) : [...chosen, name];
    setParams({ columns: next.join() || null }, true);
  };
  return (
    <fieldset class="column-choice"><legend>Columns</legend>
      {names.map((n) => <label key={n}><input type="checkbox" checked={chosen.includes(n)} onChange={() => toggle(n)} /><code>{n}</code></label>)}
    </fieldset>
  );
}

export function AccountsPage() {
  const { asOf, project } = useWorld();
  const { params } = useRoute();
  const where = params.get('where') ?? '';
  const sort = params.get('sort') ?? '';
  const columns = params.get('columns') ?? undefined; /* without: those that the server finds telling */
  const query = { where: where || undefined, sort: sort || undefined, columns, as_of: asOf };
  const [state, want] = useRows(query);
  const bad = state?.error && state.error.status >= 400 && state.error.status < 500 ? state.error : undefined;
  const title = !state ? undefined : bad ? 'Accounts'
    : `${number(state.total)} account${state.total === 1 ? '' : 's'}${where ? ` where ${where}` : ''}`;
  const source = { path: 'accounts', query };
  return (
    <>
      <PageHead where="Accounts" title={title?.replace(/([\\`*_[\]])/g, '\\$1')} source={source} facts={false}>
        <Filter where={where} error={bad && fieldError(bad.message)} />
      </PageHead>
      <div class="controls">
        <p class="says">As of {longDate(asOf ?? project.last_day)}, in the order of {sort ? <code>{sort}</code> : 'their value'}.</p>
        <Popover class="button" name="Columns" label="Columns">{() => <ColumnChoice chosen={columns?.split(',') ?? state?.columns.map((c) => c.key) ?? []} />}</Popover>
      </div>
      {state?.error && !bad && <Failure error={state.error} />}
      {!state ? <Skeleton height={640} lines={16} /> : !state.error && <Grid state={state} want={want} sort={sort} />}
    </>
  );
}

