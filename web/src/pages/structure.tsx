// SPDX-License-Identifier: Apache-2.0
// What statistics find in the data: groups of alike accounts, and who is likely to churn or to expand.
import { predictOf } from '../data/commands';
import { useWorld } from '../data/project';
import { useDocument } from '../data/use';
import { DocumentView, Method } from '../document/view';
import { PageHead } from '../parts/page';
import { Await } from '../parts/states';
import { Tabs } from '../parts/tabs';
import { useRoute } from '../router';

const VIEWS = [['clusters', 'Clusters'], ['churn', 'Churn'], ['expansion', 'Expansion'], ['card', 'Model card']] as const;

export function StructurePage() {
  const { asOf } = useWorld();
  const { params } = useRoute();
  const view = params.get('view') ?? 'clusters';
  const path = view === 'clusters' ? 'cluster' : 'predict';
  const query = view === 'clusters' ? { as_of: asOf }
    : predictOf(view === 'expansion' ? 'expansion' : 'churn', { as_of: asOf, card: view === 'card' });
  const answer = useDocument(path, query);
  return (
    <>
      <PageHead where="Clusters and predictions" title={answer.error ? 'Clusters and predictions' : answer.busy ? undefined : answer.data?.document.title} doc={answer.busy ? undefined : answer.data} source={{ path, query }} />
      <Tabs path="/structure" param="view" tabs={VIEWS} now={view} label="What was found" />
      {answer.busy && <p class="wait" role="status">{view === 'clusters' ? 'Grouping the accounts and drawing them again fifty times; this takes some seconds.' : 'Learning from the company\u2019s past and testing on later dates; this takes some seconds.'}</p>}
      <Await answer={answer} height={900} lines={14}>{(doc) => <><DocumentView doc={doc} /><Method doc={doc} /></>}</Await>
    </>
  );
}
