// SPDX-License-Identifier: Apache-2.0
// Segments of a dimension: their sizes and outcomes, the matrix, the quality card.
import { primaryDimension, useWorld } from '../data/project';
import { reportOf, segmentsOf } from '../data/commands';
import { useDocument } from '../data/use';
import { findSection } from '../document/find';
import { DocumentView, Items, Method } from '../document/view';
import type { Doc } from '../document/types';
import { PageHead } from '../parts/page';
import { SegmentDot } from '../parts/segment';
import { Await, Empty } from '../parts/states';
import { Tabs } from '../parts/tabs';
import { href, setParams, useRoute } from '../router';

const VIEWS = [['sizes', 'Sizes and outcomes'], ['matrix', 'Matrix'], ['findings', 'Findings'], ['quality', 'Quality card']] as const;

function Profiles({ dimension }: { dimension: string }) {
  const { project } = useWorld();
  const list = project.dimensions.find((d) => d.name === dimension)?.segments ?? [];
  return list.length === 0 ? null : (
    <nav class="chips" aria-label="Profiles">
      {list.map((s) => <a key={s} href={href('/segment', { name: s, dimension })}><SegmentDot name={s} dimension={dimension} />{s}</a>)}
    </nav>
  );
}

function Part({ doc, ids, otherwise }: { doc: Doc; ids: string[]; otherwise: string }) {
  const found = ids.map((id) => findSection(doc, id)).filter((s) => s !== undefined);
  return found.length === 0 ? <Empty title={otherwise} /> : <Items items={found} doc={doc} depth={1} />;
}

export function SegmentsPage() {
  const { project, asOf } = useWorld();
  const { params } = useRoute();
  const dimension = params.get('dimension') ?? primaryDimension(project)?.name ?? '';
  const view = params.get('view') ?? 'sizes';
  const given = params.get('dimension') ?? undefined;
  const query = segmentsOf(given, { as_of: asOf, meanings: view === 'sizes' });
  const segments = useDocument('segments', query);
  const report = useDocument(view === 'matrix' || view === 'findings' ? 'report' : null, reportOf('framework', { dimension: given, as_of: asOf }));
  const quality = useDocument(view === 'quality' ? 'quality' : null, { dimension: given, as_of: asOf });
  return (
    <>
      <PageHead where="Segments" title={segments.error ? 'Segments' : segments.data?.document.title} doc={segments.data} source={{ path: 'segments', query }}>
        <div class="controls">
          <label class="choice">Dimension
            <select value={dimension} onChange={(e) => setParams({ dimension: e.currentTarget.value })}>
              {project.dimensions.map((d) => <option key={d.name} value={d.name}>{d.label}</option>)}
            </select>
          </label>
          <Profiles dimension={dimension} />
        </div>
      </PageHead>
      <Tabs path="/segments" param="view" tabs={VIEWS} now={view} label="Views of the segments" />
      {view === 'sizes' && <Await answer={segments} height={700}>{(doc) => <><DocumentView doc={doc} /><Method doc={doc} /></>}</Await>}
      {view === 'matrix' && <Await answer={report} height={700}>{(doc) => <Part doc={doc} ids={['matrix', 'dimensions']} otherwise="This model has one dimension only: a matrix needs two." />}</Await>}
      {view === 'findings' && <Await answer={report} height={700}>{(doc) => <Part doc={doc} ids={['concentration', 'findings', 'profiles']} otherwise="Nothing stands out in this data." />}</Await>}
      {view === 'quality' && <Await answer={quality} height={700}>{(doc) => <DocumentView doc={doc} />}</Await>}
    </>
  );
}
