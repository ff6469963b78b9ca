// SPDX-License-Identifier: Apache-2.0
// What there is before there is a portfolio: data that nobody has read yet, or a model that cannot be used as it stands.
import { useState } from 'preact/hooks';
import { ApiError } from '../data/api';
import { finished, isOver, orderJob, type Job } from '../data/jobs';
import { inline } from '../document/inline';
import { PageHead } from '../parts/page';
import { Failure } from '../parts/states';
import { href } from '../router';

/** Pages that need no portfolio: the model is mended on one, work is followed on the other. */
export const WITHOUT = ['/model', '/jobs'];

function ReadData({ again }: { again: () => void }) {
  const [job, set] = useState<Job>();
  const [error, fail] = useState<ApiError>();
  const read = async () => {
    fail(undefined);
    try {
      const done = await finished(await orderJob('ingest'), set);
      if (done.error) {
        throw new ApiError(done.error.code, done.error.message, done.error.status);
      }
      again();
    } catch (e) {
      set(undefined);
      fail(e as ApiError);
    }
  };
  const busy = job !== undefined && !isOver(job);
  return (
    <>
      <p><button type="button" class="button strong" disabled={busy} onClick={() => void read()}>{busy ? 'Reading\u2026' : 'Read the data now'}</button></p>
      {busy && <p class="says" role="status">{job.progress.what ?? 'It has been ordered.'}</p>}
      {error && <Failure error={error} />}
    </>
  );
}

export function Begin({ error, again }: { error: ApiError; again: () => void }) {
  if (error.code === 'unreachable' || error.status === 401 || error.status === 403) {
    return <Failure error={error} again={again} />;
  }
  if (error.status === 404) {
    return (
      <>
        <PageHead where="Begin" title="No data has been read yet" facts={false} />
        <p>The model file says where the files lie and which columns they have; reading them takes seconds for thousands of accounts. On the command line it is <code>strata ingest</code>.</p>
        <ReadData again={again} />
        <p class="says">The page <a href={href('/model')}>Model</a> shows the sources that it names, <a href={href('/jobs')}>Jobs</a> what was ordered before.</p>
      </>
    );
  }
  return (
    <>
      <PageHead where="Begin" title="The portfolio cannot be shown" facts={false} />
      <div class="note warning failure" role="alert"><p>{inline(error.message)}</p></div>
      <p>If the model file is what it says, it can be mended on the page <a href={href('/model')}>Model</a>, which checks it as one types.</p>
      <p><button type="button" class="button" onClick={again}>Try again</button></p>
    </>
  );
}
