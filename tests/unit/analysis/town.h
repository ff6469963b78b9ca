/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TESTS_ANALYSIS_TOWN_H
#define STRATA_TESTS_ANALYSIS_TOWN_H

/* A portfolio of 400 accounts with effects planted in it:
 *   - accounts 0..99 have $80,000, 100..199 $20,000, 200..399 $5,000 from 2024-01-01 on;
 *   - of every ten accounts of the small tier, four churn on 2025-01-15; of the middle tier one;
 * none of the large;
 *   - those that stay and are even expand by 20 % on 2025-02-01;
 *   - accounts that will churn were used on 2 days in June 2024, the others on 12 days; the same in
 *     June 2025 for those that are left, and large ones are used twice as much;
 *   - industry is Retail for the large tier, else Retail and Health in turn; seats are 10 for all;
 *   - accounts 380..399 start on 2025-05-15, and 390..399 are used as much as large ones;
 *   - every fourth account was touched once in June 2025, and 0..39 have an open expansion of
 * $10,000. */

#include "analysis/world.h"

enum { TOWN = 400, TOWN_NEW = 380, TOWN_HEAVY = 390 };

typedef struct town town;
town *town_new(const char *yaml, int threads);
void town_free(town *t);
/* For a group of tests that share one. */
int town_set_up(void **state);
int town_tear_down(void **state);
const world *town_world(const town *t);

extern const char town_yaml[];
bool town_churns(size_t account);

#endif
