// SPDX-License-Identifier: Apache-2.0
// Any document as a page: every command's answer is readable through this, designed pages or not.
import type { ComponentChildren } from 'preact';
import { ChartView } from '../parts/chart';
import { longDate, moneyShort, number } from './format';
import { Figures } from './figure';
import { inline } from './inline';
import { TableView } from './table';
import type { Doc, Figure, Item, Section } from './types';

const NOTE_WORDS = { note: 'Note', warning: 'Careful', missing: 'Missing' };

function One({ item, doc, depth }: { item: Item; doc: Doc; depth: number }): ComponentChildren {
  switch (item.type) {
    case 'section': return <SectionView section={item} doc={doc} depth={depth} />;
    case 'paragraph': return <p>{inline(item.text)}</p>;
    case 'note':
      return <div class={`note ${item.kind}`}><p><strong>{NOTE_WORDS[item.kind]}</strong> {inline(item.text)}</p></div>;
    case 'table': return <TableView table={item} doc={doc} />;
    case 'chart': return <ChartView chart={item} />;
    default: return null;
  }
}

/** Items in order, with bullets and figures that follow each other put together. */
export function Items({ items, doc, depth }: { items: readonly Item[]; doc: Doc; depth: number }) {
  const out: ComponentChildren[] = [];
  for (let i = 0; i < items.length;) {
    const item = items[i] as Item;
    let end = i + 1;
    if (item.type === 'bullet' || item.type === 'figure') {
      while (items[end]?.type === item.type) {
        end++;
      }
    }
    const run = items.slice(i, end);
    if (item.type === 'bullet') {
      out.push(<ul class="points" key={i}>{run.map((b, k) => <li key={k}>{b.type === 'bullet' && inline(b.text)}</li>)}</ul>);
    } else if (item.type === 'figure') {
      out.push(<Figures key={i} figures={run as Figure[]} doc={doc} />);
    } else {
      out.push(<One key={i} item={item} doc={doc} depth={depth} />);
    }
    i = end;
  }
  return <>{out}</>;
}

export function SectionView({ section, doc, depth = 1 }: { section: Section; doc: Doc; depth?: number }) {
  const Title = `h${Math.min(6, depth + 1)}` as 'h2';
  return (
    <section id={section.id} class={`depth-${depth}`}>
      {section.title && <Title>{inline(section.title)}</Title>}
      <Items items={section.items} doc={doc} depth={depth + 1} />
    </section>
  );
}

export function DocumentFacts({ doc }: { doc: Doc }) {
  const d = doc.document;
  return (
    <ul class="facts">
      <li>as of {longDate(d.as_of)}</li>
      {d.accounts !== null && <li>{number(d.accounts)} accounts</li>}
      {d.arr !== null && <li>{moneyShort(d.arr, d.currency)} ARR</li>}
      <li>model {d.model.name} <code>{d.model.digest.slice(0, 6)}</code></li>
    </ul>
  );
}

export function Contents({ doc }: { doc: Doc }) {
  const titled = doc.sections.filter((s) => s.title);
  if (titled.length < 4) {
    return null;
  }
  return (
    <nav class="contents" aria-label="In this document">
      <ol>{titled.map((s) => <li key={s.id}><a href={`#${s.id}`}>{inline(s.title ?? '')}</a></li>)}</ol>
    </nav>
  );
}

export function Method({ doc }: { doc: Doc }) {
  const d = doc.document;
  return (
    <footer class="made-of">
      <dl>
        <div><dt>Model</dt><dd>{d.model.name} {d.model.digest.slice(0, 12)}</dd></div>
        <div><dt>Data</dt><dd>{d.data_digest.slice(0, 12)}</dd></div>
        <div><dt>Seed</dt><dd>{d.seed}</dd></div>
        <div><dt>Strata</dt><dd>{d.version}</dd></div>
      </dl>
    </footer>
  );
}

export function DocumentView({ doc, skip = [] }: { doc: Doc; skip?: string[] }) {
  return <>{doc.sections.filter((s) => !skip.includes(s.id)).map((s) => <SectionView key={s.id} section={s} doc={doc} />)}</>;
}
