// SPDX-License-Identifier: Apache-2.0
// What checking a model file found, with the place in the text.
export interface Problem {
  severity: 'error' | 'warning' | 'note';
  line: number | null;
  column: number | null;
  message: string;
}

const WHERE = /^(?:[^\s:]+:)?(\d+):(\d+): (.*)$/s;

function one(raw: unknown, severity: Problem['severity']): Problem {
  if (typeof raw === 'string') {
    const m = WHERE.exec(raw);
    return m ? { severity, line: Number(m[1]), column: Number(m[2]), message: m[3] ?? raw }
      : { severity, line: null, column: null, message: raw };
  }
  const r = raw as Partial<Problem> & { kind?: Problem['severity'] };
  return { severity: r.severity ?? r.kind ?? severity, line: r.line || null, column: r.column || null, message: r.message ?? '' };
}

export function problemsOf(answer: unknown): Problem[] {
  const a = (answer ?? {}) as Record<string, unknown>;
  const list = (key: string) => (Array.isArray(a[key]) ? (a[key] as unknown[]) : []);
  return [
    ...list('errors').map((p) => one(p, 'error')),
    ...list('problems').map((p) => one(p, 'warning')),
    ...list('warnings').map((p) => one(p, 'warning')),
    ...list('notes').map((p) => one(p, 'note')),
  ];
}
