/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "base/auto.h"
#include "stats/contracts/churn.h"
#include "stats/numeric/special.h"

static const double level = 0.05;

/* `likelihood` is the larger model's; it holds the smaller one, so it cannot be below. */
static stat_test ratio_test(double likelihood, double smaller, double df)
{
    stat_test t = {.defined = true, .df = df};
    t.statistic = fmax(0.0, 2.0 * (likelihood - smaller));
    t.p = chi_square_sf(t.statistic, df);
    return t;
}

static void test_models(churn_comparison *c)
{
    const fit_result *constant = &c->fits[CHURN_CONSTANT];
    const fit_result *sbg = &c->fits[CHURN_SBG];
    const fit_result *bdw = &c->fits[CHURN_BDW];
    /* An sBG on the edge where all customers are alike is constant churn. */
    bool sbg_known = constant->converged && (sbg->converged || sbg->outcome == FIT_AT_BOUND);
    double smaller = constant->log_likelihood;
    if (sbg_known) {
        smaller = fmax(smaller, sbg->log_likelihood);
        c->sbg_over_constant = ratio_test(smaller, constant->log_likelihood, 1.0);
        c->sbg_over_constant.p *= c->sbg_over_constant.statistic > 0.0 ? 0.5 : 1.0;
    }
    if (sbg_known && bdw->converged) {
        c->bdw_over_sbg = ratio_test(bdw->log_likelihood, smaller, 1.0);
        c->bdw_over_constant = ratio_test(bdw->log_likelihood, constant->log_likelihood, 2.0);
        double one = chi_square_sf(c->bdw_over_constant.statistic, 1.0);
        c->bdw_over_constant.p = (c->bdw_over_constant.p + one) / 2.0;
    }
}

static void choose_best(const lifetimes *l, churn_comparison *c)
{
    for (size_t m = 0; m < CHURN_MODELS; m++) {
        if (!c->fits[m].converged) {
            continue;
        }
        c->aic[m] = fit_aic(&c->fits[m]);
        c->bic[m] = fit_bic(&c->fits[m], l->at_risk[0]);
        if (!c->found || c->bic[m] < c->bic[c->best]) {
            c->best = (churn_model)m;
        }
        c->found = true;
    }
}

static trend churn_by_age(const lifetimes *l)
{
    size_t lost[LIFETIME_PERIODS_MAX];
    size_t at_risk[LIFETIME_PERIODS_MAX];
    for (size_t t = 0; t < l->n_periods; t++) {
        lost[t] = (size_t)l->lost[t];
        at_risk[t] = (size_t)l->at_risk[t];
    }
    return trend_of_shares(lost, at_risk, NULL, l->n_periods);
}

static bool is_significant(const stat_test *t)
{
    return t->defined && t->p < level;
}

static void judge(const lifetimes *l, churn_comparison *c)
{
    bool better = is_significant(&c->sbg_over_constant) || is_significant(&c->bdw_over_constant);
    const char *objection = lifetimes_objection(l, 1, 2);
    if (objection != NULL || !c->by_age.test.defined) {
        c->shape = CHURN_UNKNOWN;
        c->reason = objection != NULL ? objection : "churn cannot be compared between ages";
    } else if (is_significant(&c->by_age.test) && c->by_age.slope > 0.0) {
        c->shape = CHURN_STEEPENS;
        c->reason = "churn grows with age";
    } else if (is_significant(&c->by_age.test) && better) {
        c->shape = CHURN_FLATTENS;
        c->reason =
            "churn falls with age, and constant churn fits worse than customers that differ";
    } else if (is_significant(&c->by_age.test) || better) {
        c->shape = CHURN_UNKNOWN;
        c->reason = "the trend of churn by age and the models do not agree";
    } else {
        c->shape = CHURN_STRAIGHT;
        c->reason = "no sign that churn changes with age";
    }
}

strata_status churn_compare(const lifetimes *l, const context *cx, churn_comparison *out,
                            strata_error *err)
{
    churn_comparison c = {0};
    for (size_t m = 0; m < CHURN_MODELS; m++) {
        STRATA_TRY(churn_fit((churn_model)m, l, cx, &c.fits[m], err));
    }
    c.by_age = churn_by_age(l);
    choose_best(l, &c);
    test_models(&c);
    judge(l, &c);
    *out = c;
    return STRATA_OK;
}
