// SPDX-License-Identifier: Apache-2.0
// A chart in a place of known height, drawn when it comes near the window and anew when its width changes.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Drawn } from '../charts/draw';
import { charts } from '../charts/load';
import { plotHeight } from '../charts/theme';
import { inline } from '../document/inline';
import type { Chart } from '../document/types';

export function Plot({ spec, alt }: { spec: Record<string, unknown>; alt: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [failed, fail] = useState<string>();
  useEffect(() => {
    const plot = box.current;
    let drawn: Drawn | undefined;
    let width = 0;
    let gone = false;
    let turn = 0;
    if (!plot) {
      return undefined;
    }
    const redraw = async () => {
      width = plot.clientWidth;
      const mine = ++turn;
      try {
        const next = await (await charts()).draw(plot, spec);
        if (gone || mine !== turn) {
          next.finalize();
          return;
        }
        drawn?.finalize();
        drawn = next;
        plot.dataset.drawn = 'true';
      } catch (e) {
        fail(e instanceof Error ? e.message : String(e));
      }
    };
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((e) => e.isIntersecting) && !width) {
        void redraw();
      }
    }, { rootMargin: '400px' });
    seen.observe(plot);
    let timer = 0;
    const resized = new ResizeObserver(() => {
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        if (width && Math.abs(plot.clientWidth - width) > 4) {
          void redraw();
        }
      }, 150);
    });
    resized.observe(plot);
    // Those further down are drawn when there is nothing else to do, so that paper has them too.
    const later = window.setTimeout(() => void (width || redraw()), 1200);
    return () => {
      gone = true;
      clearTimeout(timer);
      seen.disconnect();
      resized.disconnect();
      clearTimeout(later);
      drawn?.finalize();
    };
  }, [spec]);
  if (failed) {
    return <p class="note warning">This chart could not be drawn: {failed}</p>;
  }
  return <div class="plot" ref={box} role="img" aria-label={alt} style={{ minHeight: `${plotHeight(spec)}px` }} />;
}

export function ChartView({ chart, bare }: { chart: Chart; bare?: boolean }) {
  return (
    <figure class="chart">
      <figcaption class={bare ? 'vh' : undefined}>{inline(chart.title)}</figcaption>
      <Plot spec={chart.spec} alt={`${chart.title}. ${chart.alt}`} />
    </figure>
  );
}
