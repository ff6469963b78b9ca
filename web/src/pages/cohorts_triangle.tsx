// SPDX-License-Identifier: Apache-2.0
// The triangle: a cell for each cohort and age, shaded by its rate. A cell says what it is (observed,
// partial, too few, not reached yet) and opens the accounts behind it.
import { useMemo, useState } from 'preact/hooks';
import { asNumber, asText, provenanceOf } from '../document/find';
import { moneyShort, number, share } from '../document/format';
import { Meant, Origin } from '../parts/origin';
import type { Doc, Row, Table } from '../document/types';
import { Popover } from '../parts/popover';
import { href } from '../router';

interface Props {
  doc: Doc;
  cells: Table;
  show: string;
  measure: string;
  /** by which period cohorts are made */
  every: string;
  currency: string;
}

const COHORTS = 24;
const AGES = 25;

/** What stands behind a cell: accounts, seats, or money. */
const valueText = (value: number, measure: string, currency: string) => measure === 'logo' ? number(value)
  : measure === 'seats' ? number(value, Number.isInteger(value) ? 0 : 2) : moneyShort(value, currency);

function textOf(row: Row, show: string, measure: string, currency: string): string {
  const rate = asNumber(row.rate ?? null);
  const accounts = asNumber(row.accounts ?? null);
  const active = asNumber(row.active ?? null);
  const value = asNumber(row.value ?? null);
  if (row.kind === 'censored' || accounts === null) {
    return '';
  }
  if (show === 'count') {
    return active === null ? '' : number(active);
  }
  if (show === 'value') {
    return value === null ? '' : valueText(value, measure, currency);
  }
  return rate === null ? `${number(active ?? 0)}/${number(accounts)}` : number(rate * 100, Math.abs(rate) >= 0.9995 ? 0 : 1);
}

const shadeOf = (rate: number, low: number, high: number) =>
  Math.max(0, Math.min(8, Math.round(((rate - low) / Math.max(1e-9, high - low)) * 8)));

const KINDS: Record<string, string> = {
  observed: 'observed', partial: 'the period is not over', 'too few': 'too few accounts for a rate', censored: 'not reached yet',
};

function Detail({ row, doc, cells, show, measure, every, currency }: { row: Row; doc: Doc; cells: Table; show: string; measure: string; every: string; currency: string }) {
  const key = show === 'count' ? 'active' : show === 'value' ? 'value' : 'rate';
  const origin = provenanceOf(doc, cells.columns.find((c) => c.key === key)?.provenance);
  const rate = asNumber(row.rate ?? null);
  const low = asNumber(row.low ?? null);
  const high = asNumber(row.high ?? null);
  const value = asNumber(row.value ?? null);
  const cell = `${asText(row.cohort)}:${asText(row.age)}`;
  const same = { every, measure: measure === 'logo' ? null : measure };
  return (
    <>
      <p><strong>{asText(row.cohort)}, age {asText(row.age)}</strong> {'\u2013'} {KINDS[asText(row.kind)] ?? asText(row.kind)}</p>
      <dl class="origin-list">
        <dt>Kept</dt>
        <dd>{number(asNumber(row.active ?? null) ?? 0)} of {number(asNumber(row.accounts ?? null) ?? 0)} accounts{value !== null && measure !== 'logo' ? `, ${valueText(value, measure, currency)}${measure === 'seats' ? ' seats' : ''}` : ''}</dd>
        <Meant origin={origin} asOf={doc.document.as_of} />
        {rate !== null && <><dt>Rate</dt><dd>{share(rate)}{low !== null && high !== null ? ` (${share(low)} to ${share(high)})` : ''}</dd></>}
      </dl>
      <p class="links">
        <a href={href('/cohort', { cell, ...same })}>The accounts</a>
        <a href={href('/cohort', { cell, lost: 'true', ...same })}>Who is gone</a>
        <a href={href('/cohort', { cell, ...same })}>Keep as a segment</a>
        <a href={href('/cohort', { name: asText(row.cohort) })}>Review of {asText(row.cohort)}</a>
      </p>
    </>
  );
}

export function Triangle({ doc, cells, show, measure, every, currency }: Props) {
  const [whole, showWhole] = useState(false);
  const names = useMemo(() => [...new Set(cells.rows.map((r) => asText(r.cohort)))], [cells]);
  const cohorts = whole ? names : names.slice(-COHORTS);
  const shown = new Set(cohorts);
  const rows = cells.rows.filter((r) => shown.has(asText(r.cohort)));
  const known = rows.filter((r) => r.kind !== 'censored');
  const ages = [...new Set(known.map((r) => asText(r.age)))].slice(0, whole ? undefined : AGES);
  const at = new Map(rows.map((r) => [`${asText(r.cohort)}\u0000${asText(r.age)}`, r]));
  const rates = known.map((r) => asNumber(r.rate ?? null)).filter((r): r is number => r !== null && r < 1).sort((a, b) => a - b);
  const low = rates[Math.floor(rates.length * 0.05)] ?? 0;
  const high = Math.max(rates[Math.floor(rates.length * 0.95)] ?? 1, low + 1e-6);
  const first = (c: string) => asNumber(at.get(`${c}\u0000${ages[0] ?? ''}`)?.accounts ?? null);
  return (
    <figure class="chart triangle">
      <figcaption class="vh">Cohorts (rows) by age (columns)</figcaption>
      <div class="box" role="group" tabIndex={0} aria-label="Cohorts by age">
        <table class="heat">
          <thead><tr><th scope="col">Started</th><th scope="col" class="num">Accounts</th>{ages.map((a) => <th scope="col" class="num" key={a}>{a}</th>)}</tr></thead>
          <tbody>{cohorts.map((c) => (
            <tr key={c}>
              <th scope="row"><a href={href('/cohort', { name: c })}>{c}</a></th>
              <td class="num"><Origin origin={provenanceOf(doc, cells.columns.find((x) => x.key === 'accounts')?.provenance)} asOf={doc.document.as_of} name={`Accounts of ${c}`}>{number(first(c) ?? 0)}</Origin></td>
              {ages.map((a) => {
                const row = at.get(`${c}\u0000${a}`);
                if (!row || row.kind === 'censored') {
                  return <td key={a} class="ahead"><span class="vh">not reached yet</span></td>;
                }
                const rate = asNumber(row.rate ?? null);
                const kind = row.kind === 'partial' ? ' partial' : row.kind === 'too few' ? ' few' : '';
                return (
                  <td key={a} class={rate === null ? `num cell${kind}` : `num cell shade s-${shadeOf(rate, low, high)}${kind}`}>
                    <Popover class="cell-door" name={`${c}, age ${a}`} label={textOf(row, show, measure, currency)}>{() => <Detail row={row} doc={doc} cells={cells} show={show} measure={measure} every={every} currency={currency} />}</Popover>
                  </td>
                );
              })}
            </tr>
          ))}</tbody>
        </table>
      </div>
      <p class="foot">{show === 'percent' ? 'Percent kept. ' : ''}Hatched: the period is not over. 5/12: too few accounts for a rate. Empty: not reached yet, which is not 0.</p>
      {names.length > COHORTS && (
        <p class="foot more-rows"><span>{whole ? `All ${number(names.length)} cohorts` : `The latest ${COHORTS} of ${number(names.length)} cohorts`}</span>
          <button type="button" class="quiet-button" aria-pressed={whole} onClick={() => showWhole(!whole)}>{whole ? `The latest ${COHORTS} only` : 'Show all'}</button></p>
      )}
    </figure>
  );
}
