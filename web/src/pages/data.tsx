// SPDX-License-Identifier: Apache-2.0
// What was read, what was refused and why, and which analyses the data allows.
import { reportOf } from '../data/commands';
import { useWorld } from '../data/project';
import { useDocument } from '../data/use';
import { findSection } from '../document/find';
import { DocumentView, SectionView } from '../document/view';
import { PageHead } from '../parts/page';
import { Await, Empty } from '../parts/states';

export function DataPage() {
  const { asOf } = useWorld();
  const query = { as_of: asOf };
  const readiness = useDocument('readiness', query);
  const report = useDocument('report', reportOf('framework', query));
  const history = useDocument('history', query);
  const title = readiness.data && (findSection(readiness.data, 'analyses')?.title ?? readiness.data.document.title);
  return (
    <>
      <PageHead where="Data" title={readiness.error ? 'Data' : title} doc={readiness.data} source={{ path: 'readiness', query }} />
      <Await answer={report} height={420}>{(doc) => {
        const quality = findSection(doc, 'data-quality');
        return quality ? <SectionView section={quality} doc={doc} /> : <Empty title="Nothing was refused when the data was read." />;
      }}</Await>
      {/* from top to bottom, so that nothing is pushed down while it is read */}
      {(report.data ?? report.error) && <Await answer={readiness} height={600}>{(doc) => <DocumentView doc={doc} />}</Await>}
      {(report.data ?? report.error) && (readiness.data ?? readiness.error) && <Await answer={history} height={200}>{(doc) => <DocumentView doc={doc} />}</Await>}
    </>
  );
}
