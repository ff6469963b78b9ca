/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_CLUSTERING_PARTITION_H
#define STRATA_STATS_CLUSTERING_PARTITION_H

/* Two groupings of the same things: how alike they are, which group of one is which of the other,
 * and whether the groups of one come again when the things are drawn anew. */

#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/context.h"

/* How alike two groupings of the same n things are: the adjusted Rand index (Hubert & Arabie 1985),
 * 1 for the same groups under any names, about 0 for unrelated ones. 1 when both put everything
 * into one group or both everything into groups of its own. n = 0: 1. Any labels will do. */
STRATA_MUST_CHECK strata_status adjusted_rand_index(const uint32_t *a, const uint32_t *b, size_t n,
                                                    double *out, strata_error *err);

/* Things in both groups: counts[g * kb + h] of group g of `a` and group h of `b`, which the caller
 * holds and which is cleared here. Labels under ka and kb. */
void partition_overlap(const uint32_t *a, size_t ka, const uint32_t *b, size_t kb, size_t n,
                       size_t *counts);
/* Jaccard's coefficient of every pair of groups, from such counts: things in both over things in
 * either; 0 where both are empty. */
STRATA_MUST_CHECK strata_status partition_jaccard(const size_t *counts, size_t ka, size_t kb,
                                                  double *out, strata_error *err);

/* The pairing of rows with columns, each used at most once, with the greatest sum of
 * gain[row * cols + col] (Crouse 2016: shortest augmenting paths after Jonker & Volgenant 1987).
 * Only pairs that gain something are made: col_of_row[row] is SIZE_MAX for a row without one.
 * STRATA_E_DATA: a gain is not finite. */
STRATA_MUST_CHECK strata_status partition_match(const double *gain, size_t rows, size_t cols,
                                                size_t *col_of_row, strata_error *err);

/* Groups the things `rows[0 .. n-1]` again, rows ascending, one that was drawn twice there twice:
 * label[i], under *k, is the group of rows[i]. Runs on several threads at once. */
typedef strata_status partition_refit(void *payload, size_t replicate, const uint32_t *rows,
                                      size_t n, uint32_t *label, size_t *k, strata_error *err);

typedef struct partition_trial {
    const uint32_t *label; /* the grouping in question: n labels under k */
    size_t n, k;
    size_t replicates;
    size_t draws;    /* things drawn per replicate, with replacement; 0: n */
    uint64_t stream; /* of random numbers; replicate r draws from stream + r */
    partition_refit *refit;
    void *payload;
} partition_trial;

/* Of one group over the replicates in which a thing of it was drawn. */
typedef struct partition_stability {
    double mean;       /* of Jaccard's coefficient with the most similar group of the refit; NaN
                        * when nothing of the group was ever drawn */
    size_t replicates; /* that drew something of it */
    size_t recovered;  /* of these with a coefficient over 0.75 */
    size_t dissolved;  /* of these with a coefficient of 0.5 or less */
} partition_stability;

/* Stability of every group (Hennig 2007): draws the things again, groups them again and compares,
 * among the things that were drawn, each counted once. out[k]. The same for any number of threads
 * when the callback is. Fails as the callback does; STRATA_E_DATA: nothing to draw from, a label of
 * k or more;
 * STRATA_E_INTERNAL: the callback gave a label of k or more. */
STRATA_MUST_CHECK strata_status partition_bootstrap(const context *cx, const partition_trial *t,
                                                    partition_stability *out, strata_error *err);

#endif
