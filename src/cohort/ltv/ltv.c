/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/ltv/ltv.h"

#include <math.h>

#include "cohort/ltv/left.h"
#include "cohort/tenure.h"
#include "stats/numeric/special.h"

enum { TAIL_MONTHS = 3 }; /* what is projected starts from the mean of these */

/* Sums by age while accounts are read. */
typedef struct paid_sums {
    double minor[LTV_AGES], squares[LTV_AGES]; /* paid up to an age */
    size_t accounts[LTV_AGES];
    double month[LTV_AGES], month_squares[LTV_AGES]; /* paid in the month before it; [0] is none */
} paid_sums;

/* --- realised --- */

static day first_day(const ltv_request *q, size_t account)
{
    return q->arr != NULL ? q->arr->first[account] : q->orders->first[account];
}

/* What the account paid from its first day to the end of `to`, minor units. */
static double paid_until(const ltv_request *q, size_t account, day to)
{
    double sum = 0.0;
    if (q->arr == NULL) {
        const order_book *o = q->orders;
        for (uint32_t k = o->start[account]; k < o->start[account + 1] && o->day[k] <= to; k++) {
            sum += (double)o->amount[k];
        }
        return sum;
    }
    const arr_book *b = q->arr;
    for (uint32_t k = b->start[account]; k < b->start[account + 1] && b->day[k] <= to; k++) {
        bool last = k + 1 == b->start[account + 1] || b->day[k + 1] > to;
        day until = last ? to : b->day[k + 1];
        sum += (double)b->after[k] * (double)(until - b->day[k]) / DAYS_PER_YEAR;
    }
    return sum;
}

static void add_account(const ltv_request *q, size_t account, day first, paid_sums *sums)
{
    double before = 0.0;
    for (int m = 0; m < LTV_AGES; m++) {
        day then = first + (day)lround(m * DAYS_PER_MONTH);
        if (then > q->as_of) {
            return;
        }
        double paid = paid_until(q, account, then);
        sums->minor[m] += paid;
        sums->squares[m] += paid * paid;
        sums->accounts[m]++;
        if (m > 0) {
            sums->month[m] += paid - before;
            sums->month_squares[m] += (paid - before) * (paid - before);
        }
        before = paid;
    }
}

static void set_realised(const ltv_request *q, const segment_code *codes, segment_code group,
                         paid_sums *sums, ltv_group *out)
{
    size_t n = q->arr != NULL ? q->arr->n_accounts : q->orders->n_accounts;
    double paid = 0.0;
    for (size_t i = 0; i < n; i++) {
        day first = first_day(q, i);
        bool in = first != DAY_MISSING && first <= q->as_of && (codes == NULL || codes[i] == group);
        if (in) {
            add_account(q, i, first, sums);
            paid += paid_until(q, i, q->as_of);
            out->accounts++;
        }
    }
    out->paid_minor = (int64_t)llround(paid);
    for (size_t m = 0; m < LTV_AGES; m++) {
        bool enough = sums->accounts[m] > 0 && sums->accounts[m] >= q->minimum_accounts;
        out->realised[m] =
            (ltv_point){.known = enough,
                        .accounts = sums->accounts[m],
                        .minor = enough ? sums->minor[m] / (double)sums->accounts[m] : 0.0};
    }
}

/* --- expected --- */

/* Mean of n values and its standard error, from their sum and that of their squares. */
typedef struct estimate {
    double mean, error;
} estimate;

static estimate estimate_of(double sum, double squares, size_t n)
{
    double count = (double)n;
    double variance = n > 1 ? fmax(squares - sum * sum / count, 0.0) / (count - 1.0) : 0.0;
    return (estimate){sum / count, sqrt(variance / count)};
}

static void no_value(ltv_group *out, const char *why)
{
    out->known = false;
    out->why = why;
    out->left = (ltv_left){.why = why};
}

/* The months that enough accounts have lived through: a quarter of them at least, or the last
 * months would rest on a few. */
static int observed_months(const ltv_group *g)
{
    int m = 0;
    while (m < LTV_HORIZON && g->realised[m + 1].known &&
           4 * g->realised[m + 1].accounts >= g->accounts) {
        m++;
    }
    return m;
}

static void set_curve(const ltv_request *q, const paid_sums *sums, const churn_point *s,
                      double tail, ltv_group *out)
{
    int seen = out->observed;
    for (int m = 1; m <= LTV_HORIZON; m++) {
        double paid = m <= seen ? sums->month[m] / (double)sums->accounts[m]
                                : tail * s[m - 1].survival / s[seen - 1].survival;
        double weight = pow(1.0 + q->discount, -(double)(m - 1) / 12.0);
        out->expected[m] = out->expected[m - 1] + q->margin * paid * weight;
    }
    out->value = out->expected[LTV_HORIZON];
}

/* Standard error of the value: that of what was paid, and of what is projected; both are of the
 * same accounts, so they add up. */
static strata_status set_interval(const ltv_request *q, const fit_result *fit, estimate paid,
                                  estimate tail, ltv_group *out, strata_error *err)
{
    int seen = out->observed;
    double projected = out->value - out->expected[seen];
    double relative = tail.mean > 0.0 ? tail.error / tail.mean : 0.0;
    if (seen < LTV_HORIZON) {
        churn_question rest = {.renewals = (size_t)seen,
                               .horizon = (size_t)(LTV_HORIZON - seen),
                               .discount = pow(1.0 + q->discount, 1.0 / 12.0) - 1.0};
        churn_lifetime left = {0};
        STRATA_TRY(churn_residual_lifetime(out->model, fit, rest, &left, err));
        double of_rest = left.known && left.value > 0.0 ? left.se / left.value : 0.0;
        relative = sqrt(relative * relative + of_rest * of_rest);
    }
    double of_paid = paid.mean > 0.0 ? paid.error / paid.mean : 0.0;
    double error = out->expected[seen] * of_paid + projected * relative;
    out->low = fmax(out->value - STATS_Z95 * error, 0.0);
    out->high = out->value + STATS_Z95 * error;
    return STRATA_OK;
}

static strata_status set_value(const ltv_request *q, const paid_sums *sums,
                               const churn_comparison *c, ltv_group *out, strata_error *err)
{
    const fit_result *fit = &c->fits[c->best];
    churn_point survival[LTV_HORIZON];
    churn_lifetime stay = {0};
    int seen = out->observed;
    out->model = c->best;
    STRATA_TRY(churn_curve(c->best, fit, LTV_HORIZON, survival, err));
    STRATA_TRY(
        churn_new_lifetime(c->best, fit, (churn_question){.horizon = LTV_HORIZON - 1}, &stay, err));
    if (!stay.known) {
        no_value(out, stay.reason);
        return STRATA_OK;
    }
    double month = 0.0;
    for (int m = seen; m > seen - TAIL_MONTHS; m--) {
        month += sums->month[m] / (double)sums->accounts[m] / TAIL_MONTHS;
    }
    estimate last = estimate_of(sums->month[seen], sums->month_squares[seen], sums->accounts[seen]);
    estimate paid = estimate_of(sums->minor[seen], sums->squares[seen], sums->accounts[seen]);
    estimate tail = {month, last.error};
    out->known = true;
    out->months = stay.value;
    set_curve(q, sums, survival, tail.mean, out);
    return set_interval(q, fit, paid, tail, out, err);
}

static void count_customers(const ltv_request *q, const segment_code *codes, segment_code group,
                            ltv_group *out)
{
    for (size_t i = 0; i < q->arr->n_accounts; i++) {
        bool in = codes == NULL || codes[i] == group;
        out->customers += in && arr_book_at(q->arr, i, q->as_of) > 0;
    }
}

/* NOLINTNEXTLINE(readability-function-size): which group, what it paid, where it goes */
static strata_status set_expected(const context *cx, const ltv_request *q,
                                  const segment_code *codes, segment_code group,
                                  const paid_sums *sums, arena *a, ltv_group *out,
                                  strata_error *err)
{
    if (q->arr == NULL) {
        no_value(out, "needs ARR; what shop customers will spend is in strata forecast");
        return STRATA_OK;
    }
    count_customers(q, codes, group, out);
    out->observed = observed_months(out);
    if (out->accounts < q->minimum_accounts || out->observed < TAIL_MONTHS) {
        no_value(out, "too few accounts were followed for three months");
        return STRATA_OK;
    }
    lifetimes *seen = ARENA_NEW(a, 1, lifetimes);
    churn_comparison *c = ARENA_NEW(a, 1, churn_comparison);
    if (seen == NULL || c == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for lifetime values");
    }
    tenure_count(q->arr, codes, group, q->as_of, LIFETIME_PERIODS_MAX, seen);
    STRATA_TRY(churn_compare(seen, cx, c, err));
    if (!c->found) {
        no_value(out, c->reason != NULL ? c->reason : "no model fits its churn");
        return STRATA_OK;
    }
    STRATA_TRY(set_value(q, sums, c, out, err));
    return out->known
               ? ltv_left_contracts(q, codes, group, c->best, &c->fits[c->best], &out->left, err)
               : STRATA_OK;
}

static strata_status compute_group(const context *cx, const ltv_request *q,
                                   const segment_code *codes, segment_code group, arena *a,
                                   ltv_group *out, strata_error *err)
{
    paid_sums sums = {0};
    set_realised(q, codes, group, &sums, out);
    return set_expected(cx, q, codes, group, &sums, a, out, err);
}

/* --- */

strata_status ltv_compute(const context *cx, const ltv_request *q, arena *a, ltv *out,
                          strata_error *err)
{
    const groups *g = q->groups;
    ltv_group *groups_value = ARENA_NEW(a, g->n + 1, ltv_group);
    ltv result = {.groups = g, .by_group = groups_value};
    if (groups_value == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu cohorts", g->n);
    }
    for (size_t k = 0; k < g->n; k++) {
        STRATA_TRY(context_check(cx, err));
        STRATA_TRY(compute_group(cx, q, g->code, (segment_code)k, a, &groups_value[k], err));
    }
    STRATA_TRY(compute_group(cx, q, NULL, 0, a, &result.all, err));
    if (q->arr == NULL) {
        STRATA_TRY(ltv_left_shop(cx, q, a, groups_value, &result.all, err));
    }
    *out = result;
    return STRATA_OK;
}
