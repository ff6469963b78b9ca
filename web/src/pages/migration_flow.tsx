// SPDX-License-Identifier: Apache-2.0
// Moves between segments: as ribbons from left to right, or as a matrix. Each opens the accounts that made the move.
import { segmentColour, useWorld } from '../data/project';
import { asNumber, asText } from '../document/find';
import { number } from '../document/format';
import type { Table } from '../document/types';
import { SegmentDot } from '../parts/segment';
import { setParams } from '../router';

export interface Chosen {
  from: string;
  to: string;
}
interface Props {
  flows: Table;
  dimension: string | undefined;
  chosen: Chosen | undefined;
}
interface Move extends Chosen {
  n: number;
}

const movesOf = (flows: Table): Move[] => flows.rows.map((r) => ({ from: asText(r.from), to: asText(r.to), n: asNumber(r.accounts ?? null) ?? 0 })).filter((m) => m.n > 0);
const place = (order: string[], name: string) => (order.indexOf(name) < 0 ? order.length : order.indexOf(name));
const shade = (x: number) => Math.min(8, Math.max(0, Math.round(Math.sqrt(x) * 8)));
const open = (m: Chosen) => setParams({ from: m.from, to: m.to }, true);

function useOrder(flows: Table, dimension: string | undefined) {
  const { project } = useWorld();
  const order = project.dimensions.find((d) => d.name === dimension)?.segments ?? [];
  const moves = movesOf(flows);
  const names = (key: 'from' | 'to') => [...new Set(moves.map((m) => m[key]))].sort((a, b) => place(order, a) - place(order, b));
  return { moves, names, colour: (n: string) => segmentColour(project, n, dimension) ?? 'var(--grey)' };
}

/** Rows are where accounts were, columns where they are. */
export function Matrix({ flows, dimension }: Props) {
  const { moves, names } = useOrder(flows, dimension);
  const most = Math.max(...moves.map((m) => m.n));
  const cell = new Map(moves.map((m) => [`${m.from}\u0000${m.to}`, m]));
  return (
    <figure class="chart">
      <figcaption>From where (rows) to where (columns): accounts that moved</figcaption>
      <div class="box" tabIndex={0} role="group" aria-label="Matrix of moves">
        <table class="heat">
          <thead><tr><th scope="col"><span class="vh">From</span></th>{names('to').map((t) => <th scope="col" class="num" key={t}><SegmentDot name={t} dimension={dimension} />{t}</th>)}</tr></thead>
          <tbody>{names('from').map((f) => (
            <tr key={f}><th scope="row"><SegmentDot name={f} dimension={dimension} />{f}</th>{names('to').map((t) => {
              const m = cell.get(`${f}\u0000${t}`);
              return <td key={t} class={m ? `num cell shade s-${shade(m.n / most)}` : 'num none'}>{m
                ? <button type="button" class="cell-door" aria-label={`${number(m.n)} from ${f} to ${t}`} onClick={() => open(m)}>{number(m.n)}</button> : '\u00b7'}</td>;
            })}</tr>
          ))}</tbody>
        </table>
      </div>
    </figure>
  );
}

const WIDTH = 900;
const BAR = 14;
const GAP = 12;
const SIDE = 170;

interface Stack {
  name: string;
  y: number;
  height: number;
  n: number;
}

function stacked(names: string[], moves: Move[], key: 'from' | 'to', unit: number): Stack[] {
  let y = 0;
  return names.map((name) => {
    const n = moves.filter((m) => m[key] === name).reduce((a, m) => a + m.n, 0);
    const height = Math.max(3, n * unit);
    const out = { name, y, height, n };
    y += Math.max(height, 18) + GAP;
    return out;
  });
}

const heightOf = (s: Stack[]): number => Math.max(...s.map((x) => x.y + Math.max(x.height, 18)));

/** Ribbons as wide as the accounts are many; the colour is that of where they are now. */
export function Flow({ flows, dimension, chosen }: Props) {
  const { moves, names, colour } = useOrder(flows, dimension);
  const total = moves.reduce((a, m) => a + m.n, 0);
  const unit = 300 / Math.max(1, total);
  const left = stacked(names('from'), moves, 'from', unit);
  const right = stacked(names('to'), moves, 'to', unit);
  const height = Math.max(heightOf(left), heightOf(right));
  const used = { left: new Map<string, number>(), right: new Map<string, number>() };
  const take = (side: Map<string, number>, stack: Stack[], name: string, h: number): number => {
    const s = stack.find((x) => x.name === name) as Stack;
    const at = side.get(name) ?? 0;
    side.set(name, at + h);
    return s.y + at;
  };
  const x0 = SIDE + BAR;
  const x1 = WIDTH - SIDE - BAR;
  const sorted = left.flatMap((l) => right.flatMap((r) => moves.filter((m) => m.from === l.name && m.to === r.name)));
  return (
    <figure class="chart">
      <figcaption>{number(total)} accounts from where they were (left) to where they are (right). A ribbon opens its accounts.</figcaption>
      <div class="box" tabIndex={0} role="group" aria-label="Moves as ribbons">
        <svg class="flow" viewBox={`0 0 ${WIDTH} ${height}`} role="group" aria-label="Moves between segments">
          {sorted.map((m) => {
            const h = m.n * unit;
            const a = take(used.left, left, m.from, h);
            const b = take(used.right, right, m.to, h);
            const c = (x0 + x1) / 2;
            const on = chosen?.from === m.from && chosen.to === m.to;
            const label = `${number(m.n)} from ${m.from} to ${m.to}`;
            return (
              <path key={`${m.from}>${m.to}`} class={on ? 'ribbon on' : chosen ? 'ribbon dim' : 'ribbon'} role="button" tabindex={0} aria-label={label} style={{ fill: colour(m.to) }}
                d={`M${x0} ${a}C${c} ${a} ${c} ${b} ${x1} ${b}v${h}C${c} ${b + h} ${c} ${a + h} ${x0} ${a + h}z`}
                onClick={() => open(m)} onKeyDown={(e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); open(m); } }}>
                <title>{label}</title>
              </path>
            );
          })}
          {left.map((s) => (
            <g key={s.name} aria-hidden="true"><rect x={SIDE} y={s.y} width={BAR} height={s.height} style={{ fill: colour(s.name) }} />
              <text x={SIDE - 8} y={s.y + Math.max(s.height, 18) / 2} text-anchor="end">{s.name} <tspan class="n">{number(s.n)}</tspan></text></g>
          ))}
          {right.map((s) => (
            <g key={s.name} aria-hidden="true"><rect x={WIDTH - SIDE - BAR} y={s.y} width={BAR} height={s.height} style={{ fill: colour(s.name) }} />
              <text x={WIDTH - SIDE + 8} y={s.y + Math.max(s.height, 18) / 2}>{s.name} <tspan class="n">{number(s.n)}</tspan></text></g>
          ))}
        </svg>
      </div>
    </figure>
  );
}
