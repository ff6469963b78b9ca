/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_LEAKAGE_H
#define STRATA_PREDICT_LEAKAGE_H

/* Features that know the outcome because they were made after it: refused and named. Nothing
 * honest tells so well on its own. */

#include "predict/rows.h"

enum { LEAK_ENOUGH = 10 }; /* rows of either outcome below which nothing is said */
static const double LEAK_AUC = 0.95;

/* Sets left_out and `alone` of the candidates still in use, on the rows numbered by `which`
 * (those judged on, which nothing was fitted to). Features that are the same for everyone or known
 * for nobody in all rows are left out too. */
STRATA_MUST_CHECK strata_status leakage_check(const rows *r, const uint32_t *which, size_t n,
                                              candidates *c, arena *a, strata_error *err);

#endif
