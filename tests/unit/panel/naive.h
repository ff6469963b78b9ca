/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_NAIVE_H
#define STRATA_TEST_NAIVE_H

/* Every feature from its definition, one account and one date at a time, by
 * reading all facts each time: the reference the sweep is compared with. */

#include "panel/features.h"
#include "panel/ledger_memory.h"

/* NaN: missing. `facts->started_on` must be set. */
double naive_feature(const ledger_facts *facts, feature_id f, int32_t account, day as_of);

#endif
