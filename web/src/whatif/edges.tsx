// SPDX-License-Identifier: Apache-2.0
// Where accounts lie on one feature, with the thresholds on it as handles: by pointer, arrow keys or figure.
import { useRef } from 'preact/hooks';
import { moveEdge, type Scale } from './bands';

const WIDTH = 1000;
const HEIGHT = 180;

interface Props {
  bins: Float64Array;
  scale: Scale;
  /** from high to low */
  edges: number[];
  /** what each edge is */
  names: string[];
  /** of bands: the colour between the edges; without, all bars are grey */
  colours?: string[];
  tidy: (x: number) => number;
  say: (x: number) => string;
  onChange: (edges: number[]) => void;
}

export function Edges({ bins, scale, edges, names, colours, tidy, say, onChange }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const most = Math.max(1, ...bins.map(Math.sqrt));
  const bandAt = (t: number) => {
    const v = scale.from(t);
    const at = edges.findIndex((e) => v >= e);
    return at < 0 ? edges.length : at;
  };
  const drag = (at: number) => (down: PointerEvent) => {
    const handle = down.currentTarget as HTMLElement;
    handle.setPointerCapture(down.pointerId);
    const move = (e: PointerEvent) => {
      const rect = box.current?.getBoundingClientRect();
      if (rect) {
        onChange(moveEdge(edges, at, tidy(scale.from(Math.min(1, Math.max(0, (e.clientX - rect.left) / rect.width))))));
      }
    };
    const up = () => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', up);
      handle.removeEventListener('pointercancel', up);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', up);
    handle.addEventListener('pointercancel', up);
  };
  const key = (at: number) => (e: KeyboardEvent) => {
    const step = { ArrowRight: 0.01, ArrowUp: 0.01, ArrowLeft: -0.01, ArrowDown: -0.01, PageUp: 0.05, PageDown: -0.05 }[e.key];
    if (step) {
      e.preventDefault();
      const now = edges[at] as number;
      const next = tidy(scale.from(Math.min(1, Math.max(0, scale.to(now) + step))));
      onChange(moveEdge(edges, at, next === now ? now + Math.sign(step) * Math.min(1, Math.max(0.01, Math.abs(now) / 100)) : next));
    }
  };
  return (
    <div class="edges" ref={box}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        {[...bins].map((n, i) => {
          const h = (Math.sqrt(n) / most) * (HEIGHT - 8);
          const w = WIDTH / bins.length;
          return n > 0 && <rect key={i} x={i * w + 0.5} width={Math.max(1, w - 1)} y={HEIGHT - h} height={h} style={{ fill: colours?.[bandAt((i + 0.5) / bins.length)] ?? 'var(--grey)' }} />;
        })}
      </svg>
      {edges.map((e, at) => (
        <div key={at} class="edge" role="slider" tabIndex={0} style={{ left: `${scale.to(e) * 100}%` }}
          aria-label={names[at]} aria-valuemin={scale.min} aria-valuemax={scale.max} aria-valuenow={e} aria-valuetext={say(e)}
          onPointerDown={drag(at)} onKeyDown={key(at)}><span>{say(e)}</span></div>
      ))}
    </div>
  );
}
