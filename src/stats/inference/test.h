/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STATS_INFERENCE_TEST_H
#define STRATA_STATS_INFERENCE_TEST_H

#include <stdbool.h>

/* What a test of a hypothesis comes to. `defined` is false when the data cannot tell anything
 * apart (fewer than two groups, every value the same); the numbers are 0 then. */
typedef struct stat_test {
    bool defined;
    double statistic;
    double df; /* degrees of freedom; 0: the method has none */
    double p;
    double effect; /* its meaning stands with the test */
} stat_test;

#endif
