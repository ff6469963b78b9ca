// SPDX-License-Identifier: Apache-2.0
// Headline figures in a row.
import { Origin } from '../parts/origin';
import { cellText } from './format';
import { provenanceOf } from './find';
import { inline } from './inline';
import type { Doc, Figure } from './types';

export function FigureView({ figure, doc }: { figure: Figure; doc: Doc }) {
  const unknown = figure.value === null;
  const text = unknown ? figure.reason ?? 'not known'
    : cellText(figure.value, figure.value_type, { currency: doc.document.currency });
  return (
    <div>
      <dt>{inline(figure.label)}</dt>
      <dd class={unknown ? 'value unknown' : 'value'}>
        <Origin origin={provenanceOf(doc, figure.provenance)} asOf={doc.document.as_of} name={figure.label}>{text}</Origin>
      </dd>
      {figure.below && <dd class="below">{inline(figure.below)}</dd>}
    </div>
  );
}

export function Figures({ figures, doc }: { figures: Figure[]; doc: Doc }) {
  return <dl class="figures">{figures.map((f) => <FigureView key={f.label} figure={f} doc={doc} />)}</dl>;
}
