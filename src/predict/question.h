/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_QUESTION_H
#define STRATA_PREDICT_QUESTION_H

/* What is predicted, within how long, and whether it came true.
 *
 * Churn: of an account with ARR above 0 at the end of day D, ARR falls to 0 at the end of some day
 * of the horizon, D+1 .. D+H. Who comes back within the horizon churned all the same, as the ARR
 * ledger has it. Expansion: an expansion movement on some day of the horizon; price increases are
 * expansion, new business and reactivation are not. */

#include <stdbool.h>

#include <strata/error.h>

#include "base/day.h"
#include "cohort/book.h"

typedef enum predict_target { PREDICT_CHURN, PREDICT_EXPANSION, PREDICT_TARGETS } predict_target;

const char *predict_target_name(predict_target t); /* "churn" */
/* PREDICT_TARGETS when there is none of that name. */
predict_target predict_target_find(const char *name);
/* The feature that a saved prediction becomes: "churn_risk". */
const char *predict_target_feature(predict_target t);

/* So many days, or so many calendar months. */
typedef struct horizon {
    int n;
    bool months;
} horizon;

enum { HORIZON_TEXT = 24, HORIZON_DAYS_MAX = 1096, HORIZON_MONTHS_MAX = 36 };

/* "90 days", "12 months", "6 weeks", "1 year", "90d", "12m"; STRATA_E_USAGE for anything else. */
STRATA_MUST_CHECK strata_status horizon_parse(const char *text, horizon *out, strata_error *err);
void horizon_text(horizon h, char out[HORIZON_TEXT]); /* "90 days" */
/* The last day of the horizon that begins after day d; of a month's last day, a month's last. */
day horizon_end(day d, horizon h);
/* The last day whose horizon is over by the end of day d. */
day horizon_start(day d, horizon h);
int horizon_days(horizon h); /* a month is a twelfth of 365.25 days, rounded */

/* Whether it came true for the account after day `from`; the book must reach horizon_end(from). */
bool predict_outcome(const arr_book *book, size_t account, predict_target t, day from, horizon h);

#endif
