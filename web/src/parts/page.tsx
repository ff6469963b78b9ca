// SPDX-License-Identifier: Apache-2.0
// The head of a page: where one is, what was found, as of when; and what can be taken along.
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { download, url, type Query } from '../data/api';
import { DocumentFacts } from '../document/view';
import { inline, plain } from '../document/inline';
import type { Doc } from '../document/types';
import { Popover } from './popover';

const FORMS = [
  ['HTML page', 'text/html', 'html'],
  ['Markdown', 'text/markdown', 'md'],
  ['Excel workbook', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['CSV', 'text/csv', 'csv'],
  ['JSON', 'application/json', 'json'],
] as const;

export interface Source {
  path: string;
  query: Query;
}

function Take({ source, onFail }: { source: Source; onFail: (text: string) => void }) {
  const name = String(source.query.what ?? source.query.name ?? source.query.account ?? source.path);
  return (
    <div class="menu">
      {FORMS.map(([label, type, end]) => (
        <button type="button" key={end} onClick={() =>
          download(source.path, source.query, type, `${name}.${end}`).catch((e: Error) => onFail(e.message))}>
          {label}
        </button>
      ))}
      <a href={url(source.path, source.query)} target="_blank" rel="noreferrer">Open the answer itself</a>
    </div>
  );
}

export function DownloadMenu({ source }: { source: Source }) {
  const failed = (text: string) => {
    const live = document.getElementById('live');
    if (live) {
      live.textContent = `The download failed: ${text}`;
    }
  };
  return (
    <>
      <Popover class="button" name="Download as" label="Download">{() => <Take source={source} onFail={failed} />}</Popover>
      <button type="button" class="button" onClick={() => window.print()}>Print</button>
    </>
  );
}

interface Props {
  where: string;
  title: string | undefined;
  doc?: Doc;
  source?: Source;
  /** pages that show no single document have no line of its facts */
  facts?: boolean;
  /** a headline that is known to take two lines has their place from the beginning */
  long?: boolean;
  /** before the place, such as the colour of a segment */
  mark?: ComponentChildren;
  children?: ComponentChildren;
}

export function PageHead({ where, title, doc, source, facts = true, long, mark, children }: Props) {
  useEffect(() => {
    document.title = `${title ? plain(title) : where} \u00b7 Strata`;
  }, [where, title]);
  return (
    <header class="page-head">
      <div class="page-where">
        <p class="eyebrow">{mark}{where}</p>
        <div class="actions">{source && <DownloadMenu source={source} />}</div>
      </div>
      <h1 class={long ? 'long' : undefined}>{title ? inline(title) : <span class="bone title-bone"><span class="vh">{where}</span></span>}</h1>
      {facts && (doc ? <DocumentFacts doc={doc} /> : <p class="facts">{'\u00a0'}</p>)}
      {children}
    </header>
  );
}
