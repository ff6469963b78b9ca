/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/ltv/left.h"

#include <math.h>

#include "cohort/shop/models.h"
#include "cohort/tenure.h"
#include "stats/buyers/lifetime_value.h"
#include "stats/buyers/pareto_nbd.h"

static const double months_a_year = 12.0;

static void add(ltv_left *left, double expected, double minor)
{
    left->customers++;
    left->mean += expected;
    left->minor += minor;
}

/* Sums become means; a figure that is not finite is none. */
static void finish(ltv_left *left)
{
    left->mean = left->customers > 0 ? left->mean / (double)left->customers : 0.0;
    left->known = left->customers > 0 && isfinite(left->mean) && isfinite(left->minor);
    if (!left->known) {
        *left = (ltv_left){.why = left->customers == 0 ? "nobody is a customer now"
                                                       : "the model's expectation is not finite"};
    }
}

/* --- contracts --- */

strata_status ltv_left_contracts(const ltv_request *q, const segment_code *codes,
                                 segment_code group, churn_model best, const fit_result *fit,
                                 ltv_left *out, strata_error *err)
{
    double derl[LIFETIME_PERIODS_MAX + 1]; /* by full months of age */
    bool have[LIFETIME_PERIODS_MAX + 1] = {false};
    ltv_left left = {0};
    for (size_t i = 0; i < q->arr->n_accounts; i++) {
        int64_t arr = codes == NULL || codes[i] == group ? arr_book_at(q->arr, i, q->as_of) : 0;
        if (arr <= 0) {
            continue;
        }
        size_t months = (size_t)tenure_full_months(q->arr->first[i], q->as_of);
        months = months < LIFETIME_PERIODS_MAX ? months : LIFETIME_PERIODS_MAX;
        if (!have[months]) {
            churn_question ask = {.renewals = months,
                                  .horizon = LTV_HORIZON,
                                  .discount = pow(1.0 + q->discount, 1.0 / months_a_year) - 1.0};
            churn_lifetime rest = {0};
            STRATA_TRY(churn_residual_lifetime(best, fit, ask, &rest, err));
            if (!rest.known) {
                *out = (ltv_left){.why = rest.reason};
                return STRATA_OK;
            }
            derl[months] = rest.value;
            have[months] = true;
        }
        add(&left, derl[months], q->margin * (double)arr / months_a_year * derl[months]);
    }
    finish(&left);
    *out = left;
    return STRATA_OK;
}

/* --- shops --- */

static void say_why(const ltv_request *q, const char *why, ltv_group *by_group, ltv_group *all)
{
    for (size_t g = 0; g < q->groups->n; g++) {
        by_group[g].left = (ltv_left){.why = why};
    }
    all->left = (ltv_left){.why = why};
}

static strata_status add_customers(const ltv_request *q, const shop_fits *f, arena *a,
                                   ltv_group *by_group, ltv_group *all, strata_error *err)
{
    const buyer_cells *cells = f->buyers.cells;
    pareto_nbd m = pareto_nbd_of(&f->purchases[SHOP_PARETO_NBD]);
    double a_week = log(1.0 + q->discount) * DAYS_PER_WEEK / DAYS_PER_YEAR;
    double *dert = ARENA_NEW(a, cells->n + 1, double);
    if (dert == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for lifetime values");
    }
    for (size_t c = 0; c < cells->n; c++) {
        dert[c] = pareto_nbd_dert(&m, cells->cell[c], a_week);
    }
    for (size_t i = 0; i < f->buyers.n; i++) {
        const shop_customer *c = &f->buyers.customer[i];
        double expected = dert[cells->cell_of[i]];
        double value = lifetime_value(q->margin, expected, shop_spend(f, c));
        segment_code g = q->groups->code[c->account];
        if (g < q->groups->n) {
            add(&by_group[g].left, expected, value);
        }
        add(&all->left, expected, value);
    }
    for (size_t g = 0; g < q->groups->n; g++) {
        finish(&by_group[g].left);
    }
    finish(&all->left);
    return STRATA_OK;
}

strata_status ltv_left_shop(const context *cx, const ltv_request *q, arena *a, ltv_group *by_group,
                            ltv_group *all, strata_error *err)
{
    STRATA_CLEANUP(shop_fits_done) shop_fits f = {0};
    STRATA_TRY(shop_fits_make(cx, &(shop_sample){q->orders, 1U << SHOP_PARETO_NBD, NULL}, q->as_of,
                              a, &f, err));
    const fit_result *fit = &f.purchases[SHOP_PARETO_NBD];
    const char *why = NULL;
    if (!(q->discount > 0.0)) {
        why = "purchases without end need a discount above 0";
    } else if (!fit->converged) {
        why = arena_printf(a, "Pareto/NBD: %s", fit->reason);
    } else {
        why = f.why_spend;
    }
    if (why == NULL && fit->converged) {
        return add_customers(q, &f, a, by_group, all, err);
    }
    if (why == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a text");
    }
    say_why(q, why, by_group, all);
    return STRATA_OK;
}
