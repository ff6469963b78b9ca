// SPDX-License-Identifier: Apache-2.0
// Documents to read, print and send.
import { reportOf } from '../data/commands';
import { useWorld } from '../data/project';
import { useDocument, useJson } from '../data/use';
import { Contents, DocumentView, Method } from '../document/view';
import { PageHead } from '../parts/page';
import { Await } from '../parts/states';
import { href } from '../router';

const DOCUMENTS: [string, string, string][] = [
  ['framework', 'Segmentation framework', 'How should we segment, and what follows?'],
  ['personas', 'Persona book', 'Who are they, really? A page for each segment.'],
  ['proposal', 'Coverage proposal', 'What is wrong with today\u2019s coverage, what is proposed, what it brings.'],
  ['expansion', 'Expansion brief', 'Where is the growth in the base?'],
  ['migration', 'Migration plan', 'Who changes tier, and how is it done well?'],
  ['territories', 'Territory plan', 'Are the books fair, and what is the least disruptive way to make them so?'],
  ['measurement', 'Measurement plan and scoreboard', 'Is it working?'],
  ['readiness', 'Readiness report', 'What can this data carry?'],
  ['roadmap', 'Roadmap', 'In which order to begin, sized on the data there is.'],
];

interface Parameter {
  name: string;
  schema?: { enum?: string[] };
}

/** The documents that this server writes, by its own description; known ones first and with their question. */
function useDocuments(): [string, string, string][] {
  const api = useJson<{ paths: Record<string, { get?: { parameters?: Parameter[] } }> }>('openapi.json');
  const offered = api.data?.paths['/v1/report']?.get?.parameters?.find((p) => p.name === 'what')?.schema?.enum;
  if (!offered) {
    return api.error ? DOCUMENTS : [];
  }
  const rest = offered.filter((o) => !DOCUMENTS.some(([name]) => name === o));
  return [...DOCUMENTS.filter(([name]) => offered.includes(name)), ...rest.map((o): [string, string, string] => [o, o, ''])];
}

export function DocumentsPage() {
  const documents = useDocuments();
  return (
    <>
      <PageHead where="Documents" title="Documents to read, print and send" facts={false} />
      <ul class="cards">{documents.map(([name, title, question]) => (
        <li key={name}><a href={href(`/document/${name}`)}>{title}</a><p>{question}</p></li>
      ))}</ul>
      <p class="says">A cohort review is made from a cohort on the page <a href={href('/cohorts')}>Cohorts</a>, an account brief from the page of an account.</p>
    </>
  );
}

export function DocumentPage({ name }: { name: string }) {
  const { asOf } = useWorld();
  const query = reportOf(name, { as_of: asOf });
  const answer = useDocument('report', query);
  const title = DOCUMENTS.find((d) => d[0] === name)?.[1] ?? name;
  return (
    <>
      <PageHead where={title} title={answer.error ? title : answer.data?.document.title} doc={answer.data} source={{ path: 'report', query }} />
      <Await answer={answer} height={1200} lines={16}>{(doc) => (
        <div class="reading"><Contents doc={doc} /><div class="text"><DocumentView doc={doc} /><Method doc={doc} /></div></div>
      )}</Await>
    </>
  );
}
