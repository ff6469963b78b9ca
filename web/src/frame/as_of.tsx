// SPDX-License-Identifier: Apache-2.0
// The date that everything is computed as of. It lives in the URL; without one it is the last day with data.
import { longDate } from '../document/format';
import { setParams } from '../router';

export function AsOf({ last, now }: { last: string; now: string | undefined }) {
  const choose = (value: string) => {
    if (!value || (/^\d{4}-\d{2}-\d{2}$/.test(value) && value <= last)) {
      setParams({ as_of: value === last ? null : value });
    }
  };
  return (
    <div class={now ? 'as-of past' : 'as-of'}>
      <label for="as-of">As of</label>
      <input id="as-of" type="date" value={now ?? last} max={last} onChange={(e) => choose(e.currentTarget.value)} />
      {now && (
        <button type="button" class="quiet-button" onClick={() => choose('')} title={`Back to ${longDate(last)}`}>latest</button>
      )}
    </div>
  );
}
