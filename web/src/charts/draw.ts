// SPDX-License-Identifier: Apache-2.0
// The charts' runtime, a bundle of its own. Expressions of specifications are interpreted, never
// compiled to code, so that the page can forbid eval; tooltips are elements of ours, not inline style.
import { parse, View, type Runtime, type Spec } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import { fitted, themed } from './theme';

let tip: HTMLElement | undefined;

function showTip(_: unknown, event: MouseEvent, __: unknown, value: unknown): void {
  tip ??= document.body.appendChild(Object.assign(document.createElement('div'), { className: 'tip' }));
  if (value === null || value === undefined || value === '') {
    tip.hidden = true;
    return;
  }
  tip.replaceChildren(...rowsOf(value));
  tip.hidden = false;
  const left = Math.min(event.clientX + 12, window.innerWidth - tip.offsetWidth - 8);
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${Math.max(8, Math.min(event.clientY + 14, window.innerHeight - tip.offsetHeight - 8))}px`;
}

function rowsOf(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) {
    return [document.createTextNode(String(value))];
  }
  return Object.entries(value).map(([key, v]) => {
    const row = document.createElement('div');
    const label = document.createElement('span');
    label.textContent = key.trim();
    const shown = document.createElement(key.trim() ? 'b' : 'strong');
    shown.textContent = String(v ?? '');
    row.append(...(key.trim() ? [label, ' ', shown] : [shown]));
    return row;
  });
}

export interface Drawn {
  view: View;
  finalize: () => void;
}

export async function draw(plot: HTMLElement, spec: Record<string, unknown>): Promise<Drawn> {
  const sized = fitted(themed(spec), plot.clientWidth);
  const compiled = compile(sized as unknown as TopLevelSpec).spec;
  const runtime: Runtime = parse(compiled as Spec, undefined, { ast: true } as never);
  const view = new View(runtime, {
    expr: expressionInterpreter,
    renderer: 'svg',
    container: plot,
    hover: true,
    logLevel: 1,
    tooltip: showTip as never,
    loader: { load: () => Promise.reject(new Error('no outside data')) } as never,
  } as never);
  await view.runAsync();
  return {
    view,
    finalize: () => {
      view.finalize();
      if (tip) {
        tip.hidden = true;
      }
    },
  };
}
