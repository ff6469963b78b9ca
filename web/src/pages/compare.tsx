// SPDX-License-Identifier: Apache-2.0
// Two segments side by side.
import { useWorld } from '../data/project';
import { useRoute } from '../router';
import { Plain } from './plans';

export function ComparePage() {
  const { asOf } = useWorld();
  const { params } = useRoute();
  const query = { segment: params.get('a') ?? '', other: params.get('b') ?? '', dimension: params.get('dimension'), as_of: asOf };
  return <Plain where="Segments side by side" command="compare" query={query} />;
}
