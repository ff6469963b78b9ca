// SPDX-License-Identifier: Apache-2.0
// Work in the background: what is under way and how far, what is done and its result, what failed and why.
import { useState } from 'preact/hooks';
import { ApiError, download } from '../data/api';
import { cancelJob, isOver, orderJob, useJobs, type Job } from '../data/jobs';
import { useWorld } from '../data/project';
import { number } from '../document/format';
import { PageHead } from '../parts/page';
import { Empty, Failure, Skeleton } from '../parts/states';

const STATES: Record<Job['state'], string> = { queued: 'waits for its turn', running: 'running', done: 'done', failed: 'failed', cancelled: 'cancelled' };

/** What can be begun here; `changes`: writes to the project. */
const ORDERS: { command: string; title: string; says: string; changes: boolean }[] = [
  { command: 'ingest', title: 'Read the data anew', says: 'after an export has changed', changes: true },
  { command: 'run', title: 'Record a review', says: 'who is in which segment today', changes: true },
  { command: 'backfill', title: 'Record past reviews', says: 'a month end each, so that movements have a history', changes: true },
  { command: 'cluster', title: 'Find groups', says: 'takes longest of all analyses', changes: false },
  { command: 'predict', title: 'Learn who churns', says: 'with its test on later dates', changes: false },
];

function Progress({ job }: { job: Job }) {
  const { what, done, total } = job.progress;
  const text = what ? `${what}${total > 0 ? `, ${number(done)} of ${number(total)}` : ''}` : STATES[job.state];
  return (
    <>
      {total > 0 ? <progress value={done} max={total} aria-label={`How far ${job.command} is`} /> : <progress aria-label={`${job.command} is under way`} />}
      <span class="says">{text}</span>
    </>
  );
}

function JobRow({ job, onFail }: { job: Job; onFail: (e: ApiError) => void }) {
  const fail = (e: unknown) => onFail(e as ApiError);
  return (
    <li class={`job ${job.state}`} data-job={job.id}>
      <p class="job-name"><strong>{job.command}</strong> <span class="job-state">{STATES[job.state]}</span></p>
      <div class="job-says">
        {!isOver(job) && <Progress job={job} />}
        {job.error && <p>{job.error.message}</p>}
        {job.notices?.map((n) => <p key={n} class="says">{n}</p>)}
      </div>
      <div class="job-acts">
        {!isOver(job) && <button type="button" class="button" onClick={() => void cancelJob(job.id).catch(fail)}>Cancel<span class="vh"> {job.command}</span></button>}
        {job.files?.map((f) => <a key={f} class="button" href={f} download>{f.split('/').pop()}</a>)}
        {job.state === 'done' && job.result && (
          <button type="button" class="button" onClick={() => void download(`jobs/${job.id}/result`, {}, 'application/json', `${job.command}-${job.id}.json`).catch(fail)}>
            Download<span class="vh"> the result of {job.command}</span></button>
        )}
      </div>
    </li>
  );
}

function Order({ begun, onFail }: { begun: () => void; onFail: (e: ApiError) => void }) {
  const { project, asOf } = useWorld();
  const may = project.may_run ?? false;
  const begin = (command: string) => {
    orderJob(command, { as_of: asOf, ...(command === 'predict' ? { what: 'churn' } : {}) }).then(begun, (e: unknown) => onFail(e as ApiError));
  };
  return (
    <section aria-labelledby="orders">
      <h2 id="orders">Begin</h2>
      <ul class="orders">{ORDERS.map((o) => (
        <li key={o.command}>
          <button type="button" class="button" disabled={o.changes && !may} onClick={() => begin(o.command)}>{o.title}</button>
          <span>{o.says} <code>strata {o.command}{o.command === 'predict' ? ' churn' : ''}</code></span>
        </li>
      ))}</ul>
      {!may && <p class="says">What changes the project needs the role analyst, and a server that was started with <code>--allow-write</code>; the commands do the same on the command line.</p>}
    </section>
  );
}

export function JobsPage() {
  const { jobs, error, again } = useJobs();
  const [failed, fail] = useState<ApiError>();
  const under = jobs?.filter((j) => !isOver(j)).length ?? 0;
  const title = !jobs ? undefined : under > 0 ? `${number(under)} job${under === 1 ? '' : 's'} under way` : jobs.length > 0 ? 'No job is under way' : 'No job has been ordered since the server started';
  return (
    <>
      <PageHead where="Jobs" title={error ? 'Jobs' : title} facts={false} />
      <p class="says">Work that nobody needs to wait for: one job after the other, and this page may be left meanwhile. The server remembers the last 32 until it is stopped.</p>
      {failed && <Failure error={failed} />}
      <Order begun={() => { fail(undefined); again(); }} onFail={fail} />
      <h2>Ordered</h2>
      {error ? <Failure error={error} again={again} /> : !jobs ? <Skeleton height={240} />
        : jobs.length === 0 ? <Empty title="Nothing to show yet."><p>Begin one above, or send <code>POST /v1/jobs/run</code> from a scheduler.</p></Empty>
          : <ul class="jobs" aria-label="Jobs, newest first">{jobs.map((j) => <JobRow key={j.id} job={j} onFail={fail} />)}</ul>}
    </>
  );
}
