// SPDX-License-Identifier: Apache-2.0
// Inline Markdown of documents: **bold**, *emphasis*, `code`, [text](url), \ before a mark.
import type { ComponentChildren } from 'preact';

const MARKS = /\\([\\`*_[\]()#+\-.!<>&|~])|\*\*((?:\\.|[^*])+)\*\*|\*((?:\\.|[^*])+)\*|`([^`]+)`|\[((?:\\.|[^\]])*)\]\(([^)\s]+)\)/g;

/** A link leads to the web or to a page of the workbench; anything else stays text. */
function safe(url: string): boolean {
  return /^(https?:\/\/|mailto:|#|\/)/.test(url);
}

const DATES = /\b\d{4}-(?:Q\d|\d\d(?:-\d\d)?)\b/g;

/** Words, with dates that no line's end breaks. */
function words(text: string): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let at = 0;
  for (const m of text.matchAll(DATES)) {
    if (m.index > at) {
      out.push(text.slice(at, m.index));
    }
    at = m.index + m[0].length;
    out.push(<span class="brief">{m[0]}</span>);
  }
  return at === 0 ? [text] : at < text.length ? [...out, text.slice(at)] : out;
}

export function inline(text: string): ComponentChildren[] {
  const out: ComponentChildren[] = [];
  let at = 0;
  for (const m of text.matchAll(MARKS)) {
    if (m.index > at) {
      out.push(...words(text.slice(at, m.index)));
    }
    at = m.index + m[0].length;
    if (m[1] !== undefined) {
      out.push(m[1]);
    } else if (m[2] !== undefined) {
      out.push(<strong>{inline(m[2])}</strong>);
    } else if (m[3] !== undefined) {
      out.push(<em>{inline(m[3])}</em>);
    } else if (m[4] !== undefined) {
      out.push(<code>{m[4]}</code>);
    } else {
      const label = inline(m[5] ?? '');
      out.push(safe(m[6] ?? '') ? <a href={m[6]}>{label}</a> : <>{label}</>);
    }
  }
  if (at < text.length) {
    out.push(...words(text.slice(at)));
  }
  return out;
}

/** The same without marks, for titles of windows and labels. */
export function plain(text: string): string {
  return text.replace(/\\([\\`*_[\]()#+\-.!<>&|~])|\*\*|`/g, (m, c: string | undefined) => c ?? (m === '`' ? '' : ''));
}
