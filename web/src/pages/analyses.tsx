// SPDX-License-Identifier: Apache-2.0
// Every analysis that has no page of its own: a list, and each as its document.
import { ANALYSES } from '../data/commands';
import type { Query } from '../data/api';
import { useWorld } from '../data/project';
import { DocumentView, Method } from '../document/view';
import { PageHead } from '../parts/page';
import { Await } from '../parts/states';
import { useDocument } from '../data/use';
import { href } from '../router';

export function AnalysesPage() {
  return (
    <>
      <PageHead where="More analyses" title="What else can be asked of the data" facts={false} />
      {ANALYSES.map((g) => (
        <section key={g.group} class="depth-2">
          <h2>{g.group}</h2>
          <ul class="cards">{g.items.map((a) => (
            <li key={a.command}>
              <a href={href(`/analysis/${a.command}`)}>{a.title}</a>
              <p>{a.says}</p>
            </li>
          ))}</ul>
        </section>
      ))}
    </>
  );
}

const found = (command: string) => ANALYSES.flatMap((g) => g.items).find((a) => a.command === command);

export function AnalysisPage({ command, params }: { command: string; params: URLSearchParams }) {
  const { asOf } = useWorld();
  const known = found(command);
  const query: Query = { ...(known?.query ?? {}), ...Object.fromEntries(params), as_of: asOf };
  const answer = useDocument(command, query);
  return (
    <>
      <PageHead where={known?.title ?? command} title={answer.data?.document.title ?? known?.title ?? command} doc={answer.data} source={{ path: command, query }} />
      <Await answer={answer} height={600}>{(doc) => <><DocumentView doc={doc} /><Method doc={doc} /></>}</Await>
    </>
  );
}
