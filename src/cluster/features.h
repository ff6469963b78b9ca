/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLUSTER_FEATURES_H
#define STRATA_CLUSTER_FEATURES_H

/* What accounts are compared by: expressions that were asked for, or those of a
 * fixed list that this portfolio has values of. */

#include <strata/error.h>

#include "base/arena.h"
#include "model/bind.h"

enum { CLUSTER_FEATURES_MAX = 40 };

/* Features that say the same of an account: names take at most one of each. */
typedef enum cluster_theme {
    THEME_OTHER,
    THEME_VALUE,
    THEME_GROWTH,
    THEME_USAGE,
    THEME_USERS,
    THEME_BREADTH,
    THEME_USAGE_TREND,
    THEME_HEALTH,
    THEME_SENTIMENT,
    THEME_SUPPORT,
    THEME_TOUCH,
    THEME_AGE,
    THEME_RECENCY,
    THEME_RHYTHM,
    THEME_SIZE
} cluster_theme;

typedef struct cluster_candidate {
    const char *expression; /* as rules write it */
    const char *label;      /* "Active days in 30 days"; the expression where it has none */
    value_type type;
    const rule *rule; /* NULL: it has no data, see `why` */
    cluster_theme theme;
    const char *high, *low; /* what much and little of it is called: "many users", "few users" */
    const char *why;        /* why it cannot be used: "needs orders"; NULL: it can be tried */
} cluster_candidate;

typedef struct cluster_candidates {
    cluster_candidate *items;
    size_t n;
    bool given; /* asked for by name: what can be used is used, however alike */
} cluster_candidates;

/* From expressions (n > 0), or by themselves (n = 0): computed features of value, usage, health and
 * support in order of preference, then numeric features of the model. STRATA_E_USAGE for an
 * expression that is wrong, has no data or is no number. Allocated in `a`. */
STRATA_MUST_CHECK strata_status cluster_candidates_make(arena *a, const bound_model *b,
                                                        const char *const *expressions, size_t n,
                                                        cluster_candidates *out, strata_error *err);

#endif
