// SPDX-License-Identifier: Apache-2.0
// What a page shows while it waits, when there is nothing, and when something went wrong.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../data/api';
import type { Answer } from '../data/use';
import { href } from '../router';

const LONG_WAIT = 6000;

/** Grey bars in the place of what comes, of about its height. */
export function Skeleton({ lines = 6, height }: { lines?: number; height?: number }) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), LONG_WAIT);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="skeleton" role="status" style={height ? { minHeight: `${height}px` } : undefined}>
      {long ? <span class="wait-long">Still computing. The first answer about this state of the data takes longest; it is kept.</span> : <span class="vh">Loading</span>}
      {Array.from({ length: lines }, (_, i) => <span key={i} aria-hidden="true" class={`bone w${i % 4}`} />)}
    </div>
  );
}

function advice(error: ApiError): ComponentChildren {
  if (error.code === 'unreachable') {
    return <>The server does not answer. Is <code>strata serve</code> still running? Nothing is lost: the page asks again when you say so.</>;
  }
  switch (error.status) {
    case 401: return <>Whoever runs the server gives out tokens. <a href="/" target="_self">Sign in</a></>;
    case 403: return 'Another role, or a server that allows it, is needed.';
    case 404: return 'It may be named differently as of the chosen date.';
    case 409:
    case 412: return 'Something else changed it meanwhile; read it anew.';
    case 429:
    case 503: return 'The server has much to do; wait a moment.';
    default: return null;
  }
}

/** What the data or the model do not allow is no mistake of anybody: it says what is missing and where to look. */
function Lacking({ error }: { error: ApiError }) {
  const text = error.message.charAt(0).toUpperCase() + error.message.slice(1);
  return (
    <Empty title={text.endsWith('.') ? text : `${text}.`}>
      <p>The page <a href={href('/data')}>Data</a> lists what every source and column would switch on; the <a href={href('/model')}>model file</a> names the sources, and <code>strata ingest</code> reads them.</p>
    </Empty>
  );
}

export function Failure({ error, again }: { error: ApiError; again?: () => void }) {
  if (error.status === 422) {
    return <Lacking error={error} />;
  }
  const more = advice(error);
  return (
    <div class="note warning failure" role="alert">
      <p><strong>{error.code === 'unreachable' ? 'No answer' : 'This cannot be shown'}</strong> {error.code === 'unreachable' ? '' : error.message}</p>
      {more && <p>{more}</p>}
      {again && <button type="button" class="button" onClick={again}>Try again</button>}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return <div class="empty"><p class="empty-title">{title}</p>{children}</div>;
}

interface AwaitProps<T> {
  answer: Answer<T>;
  height?: number;
  lines?: number;
  children: (data: T) => ComponentChildren;
}

/** The data once it is there; until then its place. An older answer stays, dimmed, while a newer one comes. */
export function Await<T>({ answer, height, lines, children }: AwaitProps<T>) {
  if (answer.error) {
    return <Failure error={answer.error} again={answer.again} />;
  }
  if (answer.data === undefined) {
    return <Skeleton height={height} lines={lines} />;
  }
  return <div class={answer.busy ? 'stale' : 'fresh'} aria-busy={answer.busy}>{children(answer.data)}</div>;
}
