// SPDX-License-Identifier: Apache-2.0
// Where an account has been: a lane for each dimension, and every entry with its cause.
import { useWorld } from '../data/project';
import { segmentColour } from '../data/project';
import { useDocument } from '../data/use';
import { asText, findTable } from '../document/find';
import { TableView } from '../document/table';
import type { Row, Table } from '../document/types';
import { Await, Empty } from '../parts/states';

function Lanes({ table }: { table: Table }) {
  const { project, asOf } = useWorld();
  const time = (day: string) => Date.parse(day);
  const end = time(asOf ?? project.last_day);
  const begin = Math.min(...table.rows.map((r) => time(asText(r.from))));
  const names = [...new Set(table.rows.map((r) => asText(r.dimension)))];
  const label = (n: string) => project.dimensions.find((d) => d.name === n)?.label ?? n;
  const share = (from: number, to: number) => `${((to - from) / Math.max(1, end - begin)) * 100}%`;
  return (
    <div class="lanes" aria-hidden="true">{names.map((n) => (
      <div class="lane" key={n}>
        <span>{label(n)}</span>
        <div>{table.rows.filter((r) => r.dimension === n).map((r: Row, i) => {
          const until = r.until ? time(asText(r.until)) : end;
          const name = asText(r.segment);
          return (
            <span key={i} class="stay" title={`${name}, from ${asText(r.from)}`} style={{
              left: share(begin, time(asText(r.from))), width: share(time(asText(r.from)), until),
              borderColor: segmentColour(project, name, n) ?? 'var(--grey)',
            }}>{name}</span>
          );
        })}</div>
      </div>
    ))}</div>
  );
}

export function Stays({ id }: { id: string }) {
  const { asOf } = useWorld();
  const answer = useDocument('history', { account: id, as_of: asOf }, null);
  return (
    <Await answer={answer} height={400}>{(doc) => {
      const table = findTable(doc, 'stays');
      if (!table || table.rows.length === 0) {
        return <Empty title="No review has found this account yet."><p><code>strata run</code> records a review, <code>strata backfill</code> those of past dates.</p></Empty>;
      }
      return <>{table.rows.length > 1 && <Lanes table={table} />}<TableView table={table} doc={doc} /></>;
    }}</Await>
  );
}
