// SPDX-License-Identifier: Apache-2.0
// The model: edit it with checks as one types, see who would move before anything is applied, try edges.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, send } from '../data/api';
import { useWorld } from '../data/project';
import { useJson } from '../data/use';
import type { Doc } from '../document/types';
import { DocumentView } from '../document/view';
import { PageHead } from '../parts/page';
import { Await, Failure, Skeleton } from '../parts/states';
import { Tabs } from '../parts/tabs';
import { useRoute } from '../router';
import { problemsOf, type Problem } from '../data/problems';
import type { ModelFile } from '../data/model_text';
import { WhatIf } from '../whatif/page';
import { Editor } from './model_editor';

const VIEWS = [['edit', 'Edit'], ['whatif', 'What if']] as const;

/** Asks about the text once typing has paused. */
function useCheck(text: string | undefined): { problems: Problem[]; busy: boolean; error?: ApiError } {
  const [state, set] = useState<{ problems: Problem[]; busy: boolean; error?: ApiError }>({ problems: [], busy: false });
  useEffect(() => {
    if (text === undefined) {
      return undefined;
    }
    const stop = new AbortController();
    set((s) => ({ ...s, busy: true }));
    const timer = setTimeout(() => {
      send<unknown>('POST', 'model/check', text, {}, stop.signal).then(
        (answer) => set({ problems: problemsOf(answer), busy: false }),
        (e: unknown) => !stop.signal.aborted && set({ problems: [], busy: false, error: e as ApiError }));
    }, 350);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [text]);
  return state;
}

function Planned({ plan, applied, onApply, busy, error }: { plan: Doc; applied: boolean; busy: boolean; error: ApiError | undefined; onApply: () => void }) {
  const may = useWorld().project.may_edit ?? true;
  return (
    <section class="plan" aria-labelledby="plan">
      <h2 id="plan" tabIndex={-1}>{plan.document.title}</h2>
      {error && <Failure error={error} />}
      {applied ? <p class="note" role="status"><strong>Applied.</strong> strata.yaml is saved. The next review (<code>strata run</code>) records the memberships by it.</p>
        : <p><button type="button" class="button strong" disabled={busy || !may} onClick={onApply}>Apply: save strata.yaml</button></p>}
      {!may && <p class="says">Saving needs the role admin, and a server that was started with <code>--allow-write</code>. The text can be copied into strata.yaml by hand.</p>}
      <DocumentView doc={plan} />
    </section>
  );
}

function Edit({ file }: { file: ModelFile }) {
  const { project, refresh } = useWorld();
  const [text, setText] = useState(file.text);
  const [digest, setDigest] = useState(file.digest);
  const [saved, setSaved] = useState(file.text);
  const [plan, setPlan] = useState<{ of: string; doc: Doc }>();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const [applied, setApplied] = useState(false);
  const check = useCheck(text === saved ? undefined : text);
  const end = useRef<HTMLDivElement>(null);
  const problems = text === saved ? [] : check.problems;
  const wrong = problems.some((p) => p.severity === 'error');
  const run = (work: Promise<void>) => {
    setBusy(true);
    setError(undefined);
    work.catch((e: unknown) => setError(e as ApiError)).finally(() => setBusy(false));
  };
  const ask = () => run(send<Doc>('POST', 'model/plan', text).then((doc) => {
    setPlan({ of: text, doc });
    setApplied(false);
    setTimeout(() => end.current?.scrollIntoView(), 50);
  }));
  const apply = () => run(send<{ digest: string }>('PUT', 'model', text, { 'If-Match': digest }).then((a) => {
    setDigest(a.digest);
    setSaved(text);
    setApplied(true);
    refresh(); /* dimensions and colours of other pages follow */
  }));
  const state = text === saved ? 'As saved.' : check.busy ? 'Checking\u2026' : wrong ? 'This cannot be used yet.' : problems.length > 0 ? 'Usable; look at the notes.' : 'No mistakes found.';
  return (
    <>
      <Editor text={text} problems={problems} onChange={(t) => { setText(t); setApplied(false); }} />
      <div class="controls editor-foot">
        <p class="says" role="status">{state}</p>
        <button type="button" class="button" disabled={text === saved} onClick={() => setText(saved)}>Undo all</button>
        {project.broken ? <button type="button" class="button strong" disabled={text === saved || wrong || busy} onClick={apply}>Save strata.yaml</button>
          : <button type="button" class="button strong" disabled={text === saved || wrong || busy} onClick={ask}>{busy ? 'Working\u2026' : 'Plan: who would move?'}</button>}
      </div>
      {project.broken && <p class="says" role="status">{applied ? 'Saved.' : 'As long as the file that is saved cannot be used there is nothing to compare with: who would move is not known.'}</p>}
      {check.error && text !== saved && <Failure error={check.error} />}
      {error && !plan && <Failure error={error} />}
      <div ref={end}>{plan && plan.of === text && <Planned plan={plan.doc} applied={applied} busy={busy} error={error} onApply={apply} />}</div>
    </>
  );
}

export function ModelPage() {
  const { params } = useRoute();
  const view = params.get('view') ?? 'edit';
  const answer = useJson<ModelFile>(view === 'edit' ? 'model' : null);
  return (
    <>
      <PageHead where="Model" title={view === 'edit' ? 'What counts as what: the model file' : 'Move a threshold and see who moves'} facts={false} />
      <Tabs path="/model" param="view" tabs={VIEWS} now={view} label="Ways to change the model" />
      {view === 'whatif' ? <WhatIf /> : answer.busy && !answer.data ? <Skeleton height={600} lines={16} />
        : <Await answer={answer} height={600}>{(file) => <Edit key={file.digest} file={file} />}</Await>}
    </>
  );
}
