/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_SURVIVAL_LOGRANK_H
#define STRATA_STATS_SURVIVAL_LOGRANK_H

#include <strata/error.h>

#include <stddef.h>
#include <stdint.h>

#include "stats/inference/test.h"
#include "stats/survival/follow_up.h"

/* Log-rank test that k groups survive alike (Mantel 1966; R: survival::survdiff(rho = 0)).
 *
 * time[i]: how long thing i was followed, finite; event[i]: 1 when it ended then, 0 when it was
 * lost from sight; group[i] in 0 .. n_groups-1, n_groups at most 1000. Empty groups do not count.
 * The statistic is chi-square with (groups - 1) degrees of freedom; effect is 0 (there is no agreed
 * one). Not defined under two groups or without an event. O(n log n + times k^2 + k^3). */
STRATA_MUST_CHECK strata_status log_rank(const double *time, const uint8_t *event,
                                         const uint16_t *group, size_t n, size_t n_groups,
                                         stat_test *out, strata_error *err);

/* The same within strata, whose excesses and variances add up (R: survdiff(... + strata(s))), and
 * with delayed entry when life.entry is given. A group in 0 .. n_groups-1 for each lifetime. */
typedef struct log_rank_data {
    follow_up life;
    const uint16_t *group;
    size_t n_groups;
    strata_of strata;
} log_rank_data;
STRATA_MUST_CHECK strata_status log_rank_stratified(const log_rank_data *d, stat_test *out,
                                                    strata_error *err);

#endif
