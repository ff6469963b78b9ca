/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/make_figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/number.h"
#include "segment/view.h"
#include "stats/inference/holm.h"
#include "stats/inference/proportion.h"
#include "stats/inference/quantile.h"

figure figure_ratio(double part, double whole, const char *why_not)
{
    return whole > 0.0 ? FIGURE(part / whole) : NO_FIGURE(why_not);
}

share_figure share_figure_of(size_t hits, size_t of, double minimum)
{
    share_figure f = {.hits = hits, .of = of};
    if (of > 0) {
        interval i = wilson_interval(hits, of);
        f.stated = (double)of >= minimum;
        f.share = (double)hits / (double)of;
        f.low = i.low;
        f.high = i.high;
    }
    return f;
}

share_figure share_of(const study *s, size_t hits, size_t of)
{
    return share_figure_of(hits, of, s->minimum_accounts);
}

spread_figure spread_of_sorted(const double *sorted, size_t n, size_t missing)
{
    spread_figure f = {.n = n, .missing = missing};
    if (n > 0) {
        f.q1 = quantile_sorted(sorted, n, 0.25);
        f.median = quantile_sorted(sorted, n, 0.5);
        f.q3 = quantile_sorted(sorted, n, 0.75);
    }
    return f;
}

test_figure test_of(stat_test t, const char *method, const char *effect_name)
{
    if (!t.defined) {
        return test_not_done(method, "nothing to tell apart");
    }
    return (test_figure){.done = true,
                         .method = method,
                         .effect_name = effect_name,
                         .statistic = t.statistic,
                         .df = t.df,
                         .p = t.p,
                         .p_holm = t.p,
                         .effect = t.effect};
}

test_figure test_not_done(const char *method, const char *why)
{
    return (test_figure){.method = method, .why = why};
}

strata_status tests_correct(test_figure *const *tests, size_t n, strata_error *err)
{
    STRATA_AUTO_FREE double *p = STRATA_NEW_ARRAY(n, double);
    if (p == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory correcting %zu tests", n);
    }
    size_t done = 0;
    for (size_t i = 0; i < n; i++) {
        if (tests[i]->done) {
            p[done++] = tests[i]->p;
        }
    }
    STRATA_TRY(holm(p, done, p, err));
    done = 0;
    for (size_t i = 0; i < n; i++) {
        if (tests[i]->done) {
            tests[i]->p_holm = p[done++];
        }
    }
    return STRATA_OK;
}

short_text text_share(double share)
{
    char number[NUMBER_TEXT];
    short_text t;
    number_format_share(share, number);
    (void)snprintf(t.s, sizeof t.s, "%s %%", number);
    return t;
}

short_text text_money(const study *s, int64_t minor)
{
    char number[NUMBER_TEXT];
    short_text t;
    number_format_money_short(minor, s->v->p->currency, number);
    (void)snprintf(t.s, sizeof t.s, "%s", number);
    return t;
}

short_text text_number(double x, int decimals)
{
    char number[NUMBER_TEXT];
    short_text t;
    number_format(x, decimals, number);
    (void)snprintf(t.s, sizeof t.s, "%s", number);
    return t;
}

short_text text_p(double p)
{
    char number[NUMBER_TEXT];
    short_text t = {"p < 0.001"};
    if (p >= 0.001) {
        number_format(p, 3, number);
        (void)snprintf(t.s, sizeof t.s, "p = %s", number);
    }
    return t;
}

short_text text_count(size_t n)
{
    return text_number((double)n, 0);
}

short_text text_value(const study *s, value_type type, double x)
{
    if (type == VALUE_MONEY) {
        return text_money(s, money_minor(x));
    }
    if (type == VALUE_SHARE) {
        return text_share(x);
    }
    short_text t = text_number(x, fabs(x - round(x)) < 5e-7 ? 0 : 1);
    if (type == VALUE_DURATION) {
        size_t len = strlen(t.s);
        (void)snprintf(t.s + len, sizeof t.s - len, " days");
    }
    return t;
}
