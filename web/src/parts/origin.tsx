// SPDX-License-Identifier: Apache-2.0
// A figure as a door: what it means, what went in, as of when, and the accounts behind it.
import type { ComponentChildren } from 'preact';
import { longDate } from '../document/format';
import { plain } from '../document/inline';
import type { Provenance } from '../document/types';
import { useWorld } from '../data/project';
import { useDocument } from '../data/use';
import { asText } from '../document/find';
import { href } from '../router';
import { Popover } from './popover';
import { Await } from './states';

interface Props {
  origin: Provenance | undefined;
  asOf: string;
  name: string;
  children: ComponentChildren;
}

/** What a figure means, what went in and as of when: entries of a list. */
export function Meant({ origin, asOf }: { origin: Provenance | undefined; asOf: string }) {
  return (
    <>
      {origin && <><dt>Definition</dt><dd>{plain(origin.definition)}</dd></>}
      {origin?.inputs && <><dt>From</dt><dd>{plain(origin.inputs)}</dd></>}
      <dt>As of</dt>
      <dd>{longDate(asOf)}</dd>
    </>
  );
}

function Told({ origin, asOf }: { origin: Provenance; asOf: string }) {
  return (
    <dl class="origin-list">
      <Meant origin={origin} asOf={asOf} />
      {origin.rows_where && (
        <>
          <dt>Accounts behind it</dt>
          <dd><a href={href('/accounts', { where: origin.rows_where, as_of: asOf })}>
            <code>{origin.rows_where}</code></a></dd>
        </>
      )}
    </dl>
  );
}

export function Origin({ origin, asOf, name, children }: Props) {
  if (!origin) {
    return <>{children}</>;
  }
  return (
    <Popover class="door" name={`Where ${plain(name)} comes from`} label={children}>
      {() => <Told origin={origin} asOf={asOf} />}
    </Popover>
  );
}

/** What a feature means, by the list of features of the model. */
export function Meaning({ feature, account }: { feature: string; account?: string }) {
  const { project, asOf } = useWorld();
  const answer = useDocument('features', { as_of: asOf }, null);
  return (
    <Await answer={answer} height={72} lines={3}>{(doc) => {
      const row = doc.sections.flatMap((s) => s.items).flatMap((i) => (i.type === 'table' ? i.rows : [])).find((r) => r.name === feature);
      return (
        <>
          <Told asOf={asOf ?? project.last_day} origin={{ id: 0, rows_where: null, definition: row ? asText(row.meaning) : 'A name of the model: the model file has its rule.', inputs: null }} />
          <p class="links">
            {account && <a href={href(`/account/${account}`)}>Account {account}</a>}
            <a href={href('/analysis/features')}>All names and what they mean</a>
          </p>
        </>
      );
    }}</Await>
  );
}

/** A figure that is a feature of an account. */
export function FeatureDoor({ feature, name, children }: { feature: string; name: string; children: ComponentChildren }) {
  return <Popover class="door" name={`Where ${name} comes from`} label={children}>{() => <Meaning feature={feature} />}</Popover>;
}
