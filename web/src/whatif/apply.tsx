// SPDX-License-Identifier: Apache-2.0
// Moved thresholds into strata.yaml: the server says what would change in its text, then it is saved, unless
// somebody else has changed it meanwhile.
import { useState } from 'preact/hooks';
import { ApiError, send } from '../data/api';
import { useWorld } from '../data/project';
import { problemsOf } from '../data/problems';
import type { Doc } from '../document/types';
import { inline } from '../document/inline';
import { DocumentView } from '../document/view';
import { Failure } from '../parts/states';
import type { Threshold } from './rules';

export interface Moved extends Threshold {
  to: number;
}

interface Change {
  dimension: string;
  segment: string;
  feature: string;
  before: string;
  after: string;
  line: number;
  taken_from: string | null;
  description: string | null;
}

interface Edited {
  text: string;
  digest: string; /* of the file that the text is to replace */
  changes: Change[];
  errors: unknown[];
  warnings: unknown[];
  diff: { mark: ' ' | '-' | '+'; line: number; text: string }[];
}

const WORDS = { ' ': '', '-': 'before', '+': 'after' };

function Diff({ lines, changes }: { lines: Edited['diff']; changes: Change[] }) {
  const numbers = new Set(changes.map((c) => c.line));
  return (
    <div class="diff code" role="group" tabIndex={0} aria-label="Lines of strata.yaml that change">
      {lines.map((l, i) => {
        const gap = i > 0 && l.mark === ' ' && l.line > (lines[i - 1] as Edited['diff'][number]).line + 1;
        return (
          <div key={i} class={`diff-line ${WORDS[l.mark]}${gap ? ' gap' : ''}${l.mark === '+' && numbers.has(l.line) ? ' number' : ''}`}>
            <span class="diff-no">{l.line}</span><span class="diff-mark">{l.mark}<span class="vh">{WORDS[l.mark]}</span></span><span>{l.text}</span>
          </div>
        );
      })}
    </div>
  );
}

/** What people wrote about a segment is theirs to mend. */
function Descriptions({ changes }: { changes: Change[] }) {
  const told = changes.filter((c) => c.description && /\d/.test(c.description));
  return told.length === 0 ? null : (
    <div class="note warning">
      <p><strong>Look at the words.</strong> Only numbers of rules are changed. These segments say of themselves what may no longer hold:</p>
      <ul class="points">{told.map((c, i) => <li key={i}>{c.segment}: {c.description}</li>)}</ul>
    </div>
  );
}

const moves = (moved: readonly Moved[]): string =>
  JSON.stringify({ moves: moved.map((m) => ({ dimension: m.dimension, feature: m.feature, from: m.value, to: m.to })) });

interface State {
  of: string; /* the moves that all else is of */
  busy?: boolean;
  edited?: Edited;
  plan?: Doc;
  saved?: boolean;
  error?: ApiError;
}

function Wrong({ error, again }: { error: ApiError; again: () => void }) {
  if (error.status === 412) {
    return (
      <div class="note warning failure" role="alert">
        <p><strong>Not saved: somebody else has changed strata.yaml since.</strong> What they wrote is as it was. Look at the change again: it is then made in their text.</p>
        <button type="button" class="button" onClick={again}>Look at the change again</button>
      </div>
    );
  }
  return error.status === 422 || error.status === 400
    ? <div class="note warning failure" role="alert"><p><strong>This cannot be written into the model.</strong> {inline(error.message)}</p></div>
    : <Failure error={error} />;
}

function Look({ edited, state, onPlan, onSave }: { edited: Edited; state: State; onPlan: () => void; onSave: () => void }) {
  const may = useWorld().project.may_edit ?? true;
  const doubts = problemsOf({ errors: edited.errors, warnings: edited.warnings });
  const wrong = edited.errors.length > 0;
  const taken = [...new Set(edited.changes.flatMap((c) => (c.taken_from ? [c.taken_from] : [])))];
  return (
    <>
      {taken.length > 0 && <p class="says">Rules that came from {taken.join(' and ')} are taken over into strata.yaml, word for word, with the new numbers: what a later version of the template says of them no longer counts.</p>}
      <ul class="points">{edited.changes.map((c, i) => <li key={i}>line {c.line}: <code>{c.feature}</code> of {c.segment} from {c.before} to <strong>{c.after}</strong></li>)}</ul>
      <Diff lines={edited.diff} changes={edited.changes} />
      {doubts.length > 0 && <ul class="problems" aria-label="What checking found">{doubts.map((p, i) => <li key={i} class={p.severity}>{p.line !== null && `line ${p.line}: `}{inline(p.message)}</li>)}</ul>}
      <Descriptions changes={edited.changes} />
      <p class="says">The plan counts waiting times, margins and pins too, which the figures above do not.</p>
      <div class="controls">
        <button type="button" class="button" disabled={state.busy || wrong} onClick={onPlan}>Plan: who would move?</button>
        <button type="button" class="button strong" disabled={state.busy || wrong || !may} onClick={onSave}>Save strata.yaml</button>
      </div>
      {!may && <p class="says">Saving needs the role admin, and a server that was started with <code>--allow-write</code>. The lines can be written into strata.yaml by hand.</p>}
    </>
  );
}

/** `onSaved`: the rules of the model are to be read anew. */
export function Apply({ moved, onSaved }: { moved: readonly Moved[]; onSaved: () => void }) {
  const { refresh } = useWorld();
  const now = moves(moved);
  const [kept, set] = useState<State>({ of: now });
  const state = kept.of === now ? kept : { of: now };
  const run = (work: Promise<Partial<State>>) => {
    set({ ...state, busy: true, error: undefined });
    work.then((done) => set((s) => (s.of === now ? { ...s, ...done, busy: false } : s)),
      (error: unknown) => set((s) => ({ ...s, busy: false, error: error instanceof ApiError ? error : new ApiError('unknown', String(error), 0) })));
  };
  const look = () => run(send<Edited>('POST', 'whatif/edit', now, { 'Content-Type': 'application/json' }).then((edited) => ({ edited, plan: undefined })));
  const { edited, plan } = state;
  if (state.saved) {
    return (
      <div class="note" role="status">
        <p><strong>Saved.</strong> strata.yaml has the new thresholds. The next review (<code>strata run</code>) records the memberships by it.</p>
        <button type="button" class="button" onClick={onSaved}>Go on from the new thresholds</button>
      </div>
    );
  }
  return (
    <section class="apply" aria-labelledby="apply">
      <h3 id="apply">Into the model</h3>
      {!edited && <p><button type="button" class="button strong" disabled={moved.length === 0 || state.busy} onClick={look}>Show the change of strata.yaml</button></p>}
      {state.error && <Wrong error={state.error} again={look} />}
      {edited && <Look edited={edited} state={state}
        onPlan={() => run(send<Doc>('POST', 'model/plan', edited.text).then((doc) => ({ plan: doc })))}
        onSave={() => run(send('PUT', 'model', edited.text, { 'If-Match': edited.digest }).then(() => { refresh(); return { saved: true }; }))} />}
      {plan && <DocumentView doc={plan} />}
    </section>
  );
}
