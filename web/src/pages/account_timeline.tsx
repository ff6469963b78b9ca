// SPDX-License-Identifier: Apache-2.0
// ARR and health of one account at the last month ends, each as it was known on that day: the same
// question asked as of thirteen dates.
import { useEffect, useState } from 'preact/hooks';
import { getDocument } from '../data/api';
import { explainOf } from '../data/commands';
import { primaryDimension, useWorld } from '../data/project';
import { asNumber, asText, findTable } from '../document/find';
import { longDate, moneyShort, number } from '../document/format';
import type { Doc } from '../document/types';
import { Skeleton } from '../parts/states';
import { monthEnds } from './month_ends';

interface Point {
  day: string;
  arr: number | null;
  health: number | null;
}

function pointOf(day: string, doc: Doc): Point {
  const rows = findTable(doc, 'account')?.rows ?? [];
  const value = (what: string) => asNumber(rows.find((r) => asText(r.what) === what)?.value ?? null);
  return { day, arr: value('ARR'), health: value('Health') };
}

function Line({ label, points, pick, say, floor }: {
  label: string; points: Point[]; pick: (p: Point) => number | null; say: (v: number) => string; floor?: number;
}) {
  const values = points.map(pick);
  const known = values.filter((v): v is number => v !== null);
  if (known.length < 2) {
    return null;
  }
  const width = 560;
  const height = 96;
  const low = floor ?? 0;
  const high = Math.max(...known, low + 1);
  const x = (i: number) => 4 + (i / Math.max(1, points.length - 1)) * (width - 8);
  const y = (v: number) => height - 4 - ((v - low) / (high - low)) * (height - 12);
  const path = values.map((v, i) => (v === null ? '' : `${i === 0 || values[i - 1] == null ? 'M' : 'L'}${x(i).toFixed(1)} ${y(v).toFixed(1)}`)).join('');
  const last = values.length - 1;
  const end = values[last];
  const start = known[0] as number;
  return (
    <figure class="time-line">
      <figcaption>{label} <b>{end !== null && end !== undefined ? say(end) : 'not known now'}</b></figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img"
        aria-label={`${label} from ${say(start)} on ${longDate(points[0]?.day ?? '')} to ${say(known[known.length - 1] as number)}`}>
        <line x1="0" x2={width} y1={height - 4} y2={height - 4} class="axis" />
        <path d={path} class="line" />
        {values.map((v, i) => v !== null && (
          <circle key={i} cx={x(i)} cy={y(v)} r={i === last ? 4 : 2.5} class={i === last ? 'end' : 'point'}>
            <title>{`${longDate(points[i]?.day ?? '')}: ${say(v)}`}</title>
          </circle>
        ))}
      </svg>
      <p class="ends"><span>{longDate(points[0]?.day ?? '')}</span><span>{longDate(points[last]?.day ?? '')}</span></p>
    </figure>
  );
}

export function Timeline({ id }: { id: string }) {
  const { project, asOf } = useWorld();
  const [points, set] = useState<Point[]>();
  const until = asOf ?? project.last_day;
  useEffect(() => {
    const stop = new AbortController();
    const dimension = primaryDimension(project)?.name;
    set(undefined);
    // A day before the account began is a day without a point, not a failure.
    Promise.all(monthEnds(until, 13).map((day) =>
      getDocument('explain', explainOf(id, { dimension, as_of: day }), stop.signal)
        .then((doc) => pointOf(day, doc), () => ({ day, arr: null, health: null }))))
      .then((all) => !stop.signal.aborted && set(all), () => undefined);
    return () => stop.abort();
  }, [id, until]);
  if (!points) {
    return <Skeleton height={168} lines={3} />;
  }
  return (
    <div class="timeline" aria-label="The last twelve months" role="group">
      <Line label="ARR" points={points} pick={(p) => p.arr} say={(v) => moneyShort(v, project.currency)} />
      <Line label="Health" points={points} pick={(p) => p.health} say={(v) => number(v)} />
    </div>
  );
}
