/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_NAIVE_PARTS_H
#define STRATA_TEST_NAIVE_PARTS_H

/* Inside the naive features: what is asked, and what all of them need. */

#include <math.h>
#include <stdbool.h>

#include "naive.h"

/* Runs the statement for every fact `x` of the account, whatever its day. */
#define EACH(list, statement)                                                                      \
    for (size_t k = 0; k < q->facts->n_##list; k++) {                                              \
        __typeof__(*q->facts->list) x = q->facts->list[k];                                         \
        if (x.account == q->account) {                                                             \
            statement;                                                                             \
        }                                                                                          \
    }

typedef struct question {
    const ledger_facts *facts;
    int32_t account;
    day d, start;
    const char *name;
} question;

static inline bool is(const question *q, const char *name)
{
    for (size_t i = 0;; i++) {
        if (q->name[i] != name[i]) {
            return false;
        }
        if (name[i] == '\0') {
            return true;
        }
    }
}

static inline bool within(const question *q, day x, int days)
{
    return x <= q->d && x > q->d - days;
}

static inline double missing_unless(bool known, double value)
{
    return known ? value : (double)NAN;
}

static inline day months_ago(day d, int n)
{
    day then = day_add_months(d, -n);
    return d == day_month_end(d) ? day_month_end(then) : then;
}

static inline bool started(const question *q)
{
    return q->start != DAY_MISSING && q->start <= q->d;
}

/* One feature of an entity; NaN: missing. */
double naive_usage_feature(const question *q);
double naive_arr_feature(const question *q);
double naive_order_feature(const question *q);
double naive_ticket_feature(const question *q);
double naive_survey_feature(const question *q);
double naive_health_feature(const question *q);
double naive_contact_feature(const question *q);
double naive_touch_feature(const question *q);
double naive_deal_feature(const question *q);
double naive_intervention_feature(const question *q);
double naive_prediction_feature(const question *q);

#endif
