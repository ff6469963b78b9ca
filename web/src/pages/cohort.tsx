// SPDX-License-Identifier: Apache-2.0
// The review of one cohort, or the accounts behind one of its cells.
import { reviewOf } from '../data/commands';
import { useWorld } from '../data/project';
import { useRoute } from '../router';
import { Switch } from '../parts/tabs';
import { setParams } from '../router';
import { SaveCell } from './cohort_save';
import { Plain } from './plans';

const LOST = [['', 'all of them'], ['true', 'those that are gone']] as const;

export function CohortPage() {
  const { asOf } = useWorld();
  const { params } = useRoute();
  const cell = params.get('cell');
  if (cell) {
    const query = { cell, measure: params.get('measure'), every: params.get('every'), by: params.get('by'), lost: params.get('lost'), as_of: asOf };
    return (
      <Plain where={`Cohort \u00b7 ${cell}`} command="cohorts" query={query}>
        <div class="controls"><Switch label="Accounts" options={LOST} value={params.get('lost') ?? ''} onChange={(v) => setParams({ lost: v || null })} /></div>
        <SaveCell key={`${cell} ${query.lost ?? ''}`} query={query} />
      </Plain>
    );
  }
  return <Plain where="Cohort review" command="cohort" query={reviewOf(params.get('name') ?? '', { by: params.get('by'), as_of: asOf })} />;
}
