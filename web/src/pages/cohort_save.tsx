// SPDX-License-Identifier: Apache-2.0
// The accounts of a cohort's cell kept as a segment: `strata cohorts --cell .. --save NAME`, ordered as a job.
import { useState } from 'preact/hooks';
import { ApiError, type Query } from '../data/api';
import { finished, orderJob, type Job } from '../data/jobs';
import { extendModel } from '../data/model_text';
import { useWorld } from '../data/project';
import { Failure } from '../parts/states';
import { href } from '../router';
import { nameOfCell } from './cell_name';

function command(query: Query, name: string): string {
  const words = Object.entries(query).flatMap(([key, value]) =>
    value === null || value === undefined || value === '' ? [] : value === 'true' ? [`--${key}`] : [`--${key.replace('_', '-')} '${String(value)}'`]);
  return ['strata cohorts', ...words, `--save ${name}`].join(' ');
}

/** `left`: why the model does not name the list yet; undefined once it does. */
function Saved({ name, left }: { name: string; left: string | undefined }) {
  if (left) {
    return (
      <div class="note" role="status">
        <p><strong>Saved.</strong> <code>saved/{name}.csv</code> has the accounts. The model does not name it yet ({left}): add <code>saved/{name}.yaml</code> to <code>extends</code> on the page <a href={href('/model')}>Model</a>.</p>
      </div>
    );
  }
  return (
    <div class="note" role="status">
      <p><strong>Saved.</strong> <code>saved/{name}.csv</code> has the accounts, the model extends <code>saved/{name}.yaml</code>, and <code>{name}</code> is a dimension that every rule can name.</p>
      <p class="links"><a href={href('/accounts', { where: `${name} = Saved` })}>Its accounts</a> <a href={href('/segments', { dimension: name })}>Saved and others side by side</a></p>
    </div>
  );
}

export function SaveCell({ query }: { query: Query }) {
  const { project, refresh } = useWorld();
  const [name, setName] = useState(nameOfCell(String(query.cell), query.lost === 'true'));
  const [state, set] = useState<{ busy: boolean; saved?: string; left?: string; error?: ApiError }>({ busy: false });
  if (!project.may_run) {
    return <p class="says">To keep these accounts as a segment: <code>{command(query, name)}</code>. Here it needs the role analyst, and a server that was started with <code>--allow-write</code>.</p>;
  }
  const taken = project.dimensions.some((d) => d.name === name);
  const save = async (e: Event) => {
    e.preventDefault();
    set({ busy: true });
    try {
      const job: Job = await finished(await orderJob('cohorts', { ...query, save: name, replace: taken ? 'true' : null }), () => undefined);
      if (job.error) {
        throw new ApiError(job.error.code, job.error.message, job.error.status);
      }
      const left = project.may_edit ? await extendModel(`saved/${name}.yaml`) : 'that needs the role admin';
      refresh();
      set({ busy: false, saved: name, left });
    } catch (e2) {
      set({ busy: false, error: e2 as ApiError });
    }
  };
  return (
    <>
      <form class="controls" onSubmit={(e) => void save(e)}>
        <label class="choice">Keep these accounts as a segment
          <input value={name} required pattern="[a-z][a-z0-9_]*" title="lower-case letters, digits and _" spellcheck={false} autocomplete="off" onInput={(e) => { setName(e.currentTarget.value); set({ busy: false }); }} />
        </label>
        <button type="submit" class="button strong" disabled={state.busy}>{state.busy ? 'Saving\u2026' : taken ? 'Save over it' : 'Save'}</button>
      </form>
      {state.error && <Failure error={state.error} />}
      {state.saved && <Saved name={state.saved} left={state.left} />}
    </>
  );
}
