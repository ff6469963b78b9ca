// SPDX-License-Identifier: Apache-2.0
// What becomes of today's customers, as ranges, with how far off such forecasts were.
import { useWorld } from '../data/project';
import { Switch } from '../parts/tabs';
import { setParams, useRoute } from '../router';
import { Plain } from './plans';

const HORIZONS = [['6', '6 months'], ['12', '12 months'], ['24', '24 months']] as const;

export function ForecastPage() {
  const { asOf } = useWorld();
  const { params } = useRoute();
  const horizon = params.get('horizon') ?? '12';
  return (
    <Plain where="Forecast" command="forecast" query={{ horizon: horizon === '12' ? null : horizon, as_of: asOf }}>
      <div class="controls"><Switch label="Months ahead" options={HORIZONS} value={horizon} onChange={(v) => setParams({ horizon: v === '12' ? null : v })} /></div>
    </Plain>
  );
}
