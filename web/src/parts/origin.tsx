// SPDX-License-Identifier: Apache-2.0
// A figure as a door: what it means, what went in, as of when, and the accounts behind it.
import type { ComponentChildren } from 'preact';
import { longDate } from '../document/format';
import { plain } from '../document/inline';
import type { Provenance } from '../document/types';
import { href } from '../router';
import { Popover } from './popover';

interface Props {
  origin: Provenance | undefined;
  asOf: string;
  name: string;
  children: ComponentChildren;
}

export function Origin({ origin, asOf, name, children }: Props) {
  if (!origin) {
    return <>{children}</>;
  }
  return (
    <Popover class="door" name={`Where ${plain(name)} comes from`} label={children}>
      {() => (
        <dl class="origin-list">
          <dt>Definition</dt>
          <dd>{plain(origin.definition)}</dd>
          {origin.inputs && <><dt>From</dt><dd>{plain(origin.inputs)}</dd></>}
          <dt>As of</dt>
          <dd>{longDate(asOf)}</dd>
          {origin.rows_where && (
            <>
              <dt>Accounts behind it</dt>
              <dd><a href={href('/accounts', { where: origin.rows_where, as_of: asOf })}>
                <code>{origin.rows_where}</code></a></dd>
            </>
          )}
        </dl>
      )}
    </Popover>
  );
}
