/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_LEARNING_LOG_ODDS_H
#define STRATA_STATS_LEARNING_LOG_ODDS_H

/* Which words one group uses more than another: the weighted log-odds ratio with an informative
 * Dirichlet prior (Monroe, Colaresi & Quinn 2008, Political Analysis 16:372, section 3.5.1). Rare
 * words are held back by the prior, frequent ones by their variance. */

#include <stddef.h>

typedef struct log_odds {
    double delta;    /* log odds of the word in the one group less that in the other */
    double variance; /* of delta */
    double z;        /* delta / sqrt(variance); 0 where not defined */
} log_odds;

/* in[w] and out[w]: how often word w is said in the one group and in the other, not below 0. The
 * prior is worth `prior` words (above 0) that are spread as those of both groups together. A word
 * that nobody says, and every word while a group says nothing or all say one word, has z = 0. */
void log_odds_compare(const double *in, const double *out, size_t n, double prior, log_odds *to);

#endif
