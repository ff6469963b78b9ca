// SPDX-License-Identifier: Apache-2.0
// One segment in full.
import { useWorld } from '../data/project';
import { profileOf } from '../data/commands';
import { useDocument } from '../data/use';
import { DocumentView, Method } from '../document/view';
import { PageHead } from '../parts/page';
import { SegmentDot } from '../parts/segment';
import { Await, Empty } from '../parts/states';
import { go, href, useRoute } from '../router';

export function SegmentPage() {
  const { project, asOf } = useWorld();
  const { params } = useRoute();
  const name = params.get('name') ?? '';
  const dimension = params.get('dimension') ?? project.dimensions.find((d) => d.segments.includes(name))?.name;
  const query = profileOf(name, { dimension, as_of: asOf });
  const answer = useDocument(name ? 'profile' : null, query);
  const others = (project.dimensions.find((d) => d.name === dimension)?.segments ?? []).filter((s) => s !== name);
  if (!name) {
    return <><PageHead where="Segment" title="Which segment?" /><Empty title="Choose one from the list of segments."><p><a href={href('/segments')}>Segments</a></p></Empty></>;
  }
  return (
    <>
      <PageHead where={`Segment \u00b7 ${name}`} mark={<SegmentDot name={name} dimension={dimension} />} title={answer.error ? name : answer.data?.document.title} doc={answer.data} source={{ path: 'profile', query }}>
        <div class="controls">
          <a class="button" href={href('/accounts', { where: `${dimension ?? 'segment'} = "${name}"` })}>Its accounts</a>
          {others.length > 0 && (
            <label class="choice">Set beside
              <select value="" onChange={(e) => go(href('/compare', { a: name, b: e.currentTarget.value, dimension }))}>
                <option value="" disabled>another segment</option>
                {others.map((s) => <option key={s} value={s}>{s}</option>)}
              </select>
            </label>
          )}
        </div>
      </PageHead>
      <Await answer={answer} height={700}>{(doc) => <><DocumentView doc={doc} /><Method doc={doc} /></>}</Await>
    </>
  );
}
