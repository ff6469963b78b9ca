// SPDX-License-Identifier: Apache-2.0
// ARR, health and usage of one account at the last month ends, each as it was known on that day.
import { explainOf } from '../data/commands';
import { useWorld } from '../data/project';
import { useDocument } from '../data/use';
import { asText, findTable } from '../document/find';
import { longDate, moneyShort, number } from '../document/format';
import { FeatureDoor } from '../parts/origin';
import { Await, Empty } from '../parts/states';
import { monthEnds } from './month_ends';

type Series = (number | null)[];

function Line({ label, feature, days, values, say, none }: { label: string; feature: string; days: string[]; values: Series; say: (v: number) => string; none: string }) {
  const known = values.filter((v): v is number => v !== null);
  if (known.length < 2) {
    return <figure class="time-line"><figcaption>{label} <b>{known[0] !== undefined ? <FeatureDoor feature={feature} name={label}>{say(known[0])}</FeatureDoor> : 'not known'}</b></figcaption><p class="says">{known.length === 1 ? 'Known on one day only so far.' : none}</p></figure>;
  }
  const width = 560;
  const height = 96;
  const high = Math.max(...known, 1);
  const x = (i: number) => 4 + (i / Math.max(1, values.length - 1)) * (width - 8);
  const y = (v: number) => height - 4 - (v / high) * (height - 12);
  const path = values.map((v, i) => (v === null ? '' : `${i === 0 || values[i - 1] == null ? 'M' : 'L'}${x(i).toFixed(1)} ${y(v).toFixed(1)}`)).join('');
  const last = values.length - 1;
  const end = values[last];
  return (
    <figure class="time-line">
      <figcaption>{label} <b>{end !== null && end !== undefined ? <FeatureDoor feature={feature} name={label}>{say(end)}</FeatureDoor> : 'not known now'}</b></figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img"
        aria-label={`${label} from ${say(known[0] as number)} to ${say(known[known.length - 1] as number)}, between ${longDate(days[0] ?? '')} and ${longDate(days[last] ?? '')}`}>
        <line x1="0" x2={width} y1={height - 4} y2={height - 4} class="axis" />
        <path d={path} class="line" />
        {values.map((v, i) => v !== null && (
          <path key={i} d={`M${x(i).toFixed(1)} ${y(v).toFixed(1)}h0`} class={i === last ? 'end' : 'point'}>
            <title>{`${longDate(days[i] ?? '')}: ${say(v)}`}</title>
          </path>
        ))}
      </svg>
      <p class="ends"><span>{longDate(days[0] ?? '')}</span><span>{longDate(days[last] ?? '')}</span></p>
    </figure>
  );
}

const MISSING: Record<string, string> = {
  Health: 'No month has what health is computed from, or health from elsewhere: the page Data says what it takes.',
  usage: 'No usage of this account has been read: the source usage would bring it.',
};

export function Timeline({ id }: { id: string }) {
  const { project, asOf } = useWorld();
  const answer = useDocument('brief', explainOf(id, { as_of: asOf }));
  return (
    <Await answer={answer} height={194} lines={4}>{(doc) => {
      const rows = findTable(doc, 'trend')?.rows ?? [];
      const series = (start: string) => rows.find((r) => asText(r.measure).startsWith(start))?.trend;
      const at = (start: string): Series => { const s = series(start); return Array.isArray(s) ? s : []; };
      const days = monthEnds(asOf ?? project.last_day, 13);
      const plain = (v: number) => number(v);
      if (rows.length === 0) {
        return <Empty title="Nothing is known of its last twelve months."><p>ARR, health and usage appear here as soon as a source has dated rows of this account.</p></Empty>;
      }
      return (
        <div class="timeline" aria-label="The last twelve months" role="group">
          <Line feature={series('ARR') ? 'arr' : 'spend_365d'} label={series('ARR') ? 'ARR' : 'Spend in 365 days'} days={days} values={series('ARR') ? at('ARR') : at('Spend')} say={(v) => moneyShort(v, project.currency)} none="No month has a value." />
          <Line feature="health" label="Health" days={days} values={at('Health')} say={plain} none={MISSING.Health as string} />
          <Line feature="events_30d" label="Events in 30 days" days={days} values={at('Events')} say={plain} none={MISSING.usage as string} />
        </div>
      );
    }}</Await>
  );
}
