// SPDX-License-Identifier: Apache-2.0
// A text field with line numbers and what is wrong in which line.
import { useRef } from 'preact/hooks';
import { inline } from '../document/inline';
import type { Problem } from '../data/problems';

interface Props {
  text: string;
  problems: Problem[];
  onChange: (text: string) => void;
}

export function Editor({ text, problems, onChange }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const lines = text.split('\n').length;
  const worst = new Map<number, Problem['severity']>();
  for (const p of problems) {
    if (p.line !== null && worst.get(p.line) !== 'error') {
      worst.set(p.line, p.severity);
    }
  }
  const show = (p: Problem) => {
    const el = field.current;
    if (!el || p.line === null) {
      return;
    }
    const before = text.split('\n').slice(0, p.line - 1).reduce((n, l) => n + l.length + 1, 0);
    el.focus();
    el.setSelectionRange(before + (p.column ?? 1) - 1, before + (p.column ?? 1) - 1);
    el.scrollTop = Math.max(0, (p.line - 6) * 21);
  };
  return (
    <div class="editor">
      <div class="editor-box">
        <div class="gutter" aria-hidden="true" ref={gutter}>
          {Array.from({ length: lines }, (_, i) => <span key={i} class={worst.get(i + 1)}>{i + 1}</span>)}
        </div>
        <textarea ref={field} class="code" spellcheck={false} autocomplete="off" autocapitalize="off" wrap="off" aria-label="Model file, YAML"
          aria-invalid={problems.some((p) => p.severity === 'error')} value={text} onInput={(e) => onChange(e.currentTarget.value)}
          onScroll={(e) => { if (gutter.current) { gutter.current.scrollTop = e.currentTarget.scrollTop; } }} />
      </div>
      <ul class="problems" aria-label="What checking found">
        {problems.map((p, i) => (
          <li key={i} class={p.severity}>
            {p.line !== null && <button type="button" class="quiet-button" onClick={() => show(p)}>line {p.line}</button>} {inline(p.message)}
          </li>
        ))}
      </ul>
    </div>
  );
}
