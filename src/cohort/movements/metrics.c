/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/movements/metrics.h"

#include <math.h>

#include "panel/dates.h"
#include "stats/inference/bootstrap.h"
#include "stats/inference/proportion.h"

enum { ROLLING_DAYS = 30, TRAILING_MONTHS = 6, MONTHS = 12 };

int metric_months(metric_window w)
{
    int months = day_month_index(w.to) - day_month_index(w.from);
    return months > 0 && months_before(w.to, months) == w.from ? months : 0;
}

metric_window metric_window_of(const metric_def *m, const metric_window *asked)
{
    int months = metric_months(*asked);
    metric_window w = *asked;
    switch (m->frame) {
    case FRAME_GIVEN:
    case FRAME_DUE:
        break;
    case FRAME_30_DAYS:
        w.from = w.to - ROLLING_DAYS;
        break;
    case FRAME_6_MONTHS:
        w.from = months_before(w.to, TRAILING_MONTHS);
        break;
    case FRAME_COHORT:
        w.from = months > 0 ? months_before(asked->from, months)
                            : asked->from - (asked->to - asked->from);
        break;
    }
    return w;
}

static bool counts_back(const metric_def *m, const metric_setup *s)
{
    bool can_switch = m->with_back != NULL || m->without_back != NULL;
    return can_switch && s->reactivation >= 0 ? s->reactivation == 1 : m->back;
}

metric_part metric_part_of(const metric_def *m, const metric_setup *s, size_t account)
{
    metric_part part = {0};
    metric_window w = metric_window_of(m, &s->window);
    m->part(s, &w, account, counts_back(m, s), &part);
    return part;
}

double metric_scale(const metric_def *m, const metric_window *w)
{
    if (m->unit != METRIC_LIFETIME) {
        return 1.0;
    }
    /* Yearly ARR times a lifetime in months, or in windows that are no whole number of months. */
    return m->frame == FRAME_6_MONTHS || metric_months(*w) > 0
               ? 1.0 / MONTHS
               : (double)(w->to - w->from) / (MONTHS * DAYS_PER_MONTH);
}

double metric_ratio(const metric_def *m, const metric_part *sum, double scale, bool *known)
{
    *known = sum->den[0] != 0 && (m->n_factors < 2 || sum->den[1] != 0);
    if (!*known) {
        return 0.0;
    }
    double value = scale * (double)sum->num[0] / (double)sum->den[0];
    return m->n_factors < 2 ? value : value * (double)sum->num[1] / (double)sum->den[1];
}

/* --- intervals --- */

static strata_status money_interval(const context *cx, const metric_def *m, const metric_setup *s,
                                    const groups *g, size_t group, metric_value *v,
                                    strata_error *err)
{
    STRATA_AUTO_FREE int64_t *base = STRATA_NEW_ARRAY(v->accounts + 1, int64_t);
    STRATA_AUTO_FREE int64_t *part = STRATA_NEW_ARRAY(v->accounts + 1, int64_t);
    ratio_sample sample = {.base = base, .parts = {part}, .n_parts = 1};
    interval x;
    if (base == NULL || part == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", v->accounts);
    }
    for (size_t i = 0; i < s->book->n_accounts; i++) {
        if (g != NULL && g->code[i] != group) {
            continue;
        }
        metric_part p = metric_part_of(m, s, i);
        if (p.den[0] > 0 && sample.n < v->accounts) {
            base[sample.n] = p.den[0];
            part[sample.n++] = p.num[0];
        }
    }
    if (sample.n < 2) {
        return STRATA_OK;
    }
    STRATA_TRY(
        bootstrap_ratios(cx, (uint64_t)(m - metric_defs) << 32 | group << 12, &sample, &x, err));
    v->has_interval = true;
    v->low = x.low;
    v->high = x.high;
    return STRATA_OK;
}

static strata_status add_interval(const context *cx, const metric_def *m, const metric_setup *s,
                                  const groups *g, size_t group, metric_value *v, strata_error *err)
{
    bool extra = v->back && m->frame == FRAME_GIVEN; /* accounts from outside the base count too */
    if (!m->paired || !v->known || extra) {
        return STRATA_OK;
    }
    if (m->unit == METRIC_MONEY) {
        return money_interval(cx, m, s, g, group, v, err);
    }
    interval x = wilson_interval((size_t)v->sum.num[0], (size_t)v->sum.den[0]);
    v->has_interval = true;
    v->low = x.low;
    v->high = x.high;
    return STRATA_OK;
}

/* --- values --- */

static const char *why_not(const metric_def *m, const metric_setup *s, const metric_value *v)
{
    if (m->frame == FRAME_DUE && (s->renewals == NULL || s->renewals->n == 0)) {
        return "there are no renewals; opportunities of kind renewal with due_on switch it on";
    }
    if (m->n_factors == 2 && v->sum.den[0] == 0) {
        return "nobody has ARR";
    }
    return m->undefined;
}

/* Churn by reason is not known where no reason is. */
static bool lacks_reasons(const metric_def *m, const metric_setup *s)
{
    bool by_reason = m->dialect[0] == 'v' || m->dialect[0] == 'd';
    return by_reason && (s->words == NULL || s->words->n_reasons == 0);
}

strata_status metric_compute(const context *cx, const metric_def *m, const metric_setup *s,
                             const groups *g, size_t group, metric_value *out, strata_error *err)
{
    metric_value v = {.def = m,
                      .window = metric_window_of(m, &s->window),
                      .back = counts_back(m, s),
                      .by_notice = s->book->by_notice,
                      .scale = metric_scale(m, &s->window)};
    for (size_t i = 0; i < s->book->n_accounts; i++) {
        if (g != NULL && g->code[i] != group) {
            continue;
        }
        metric_part p = metric_part_of(m, s, i);
        v.accounts += p.num[0] != 0 || p.den[0] != 0;
        for (int k = 0; k < 2; k++) {
            v.sum.num[k] += p.num[k];
            v.sum.den[k] += p.den[k];
        }
    }
    v.value = metric_ratio(m, &v.sum, v.scale, &v.known);
    if (v.known && lacks_reasons(m, s)) {
        v.known = false;
        v.value = 0;
        v.why = "no movement has a reason; a column mapped to reason switches it on";
    } else if (!v.known) {
        v.why = why_not(m, s, &v);
    }
    if (s->ranges) {
        STRATA_TRY(add_interval(cx, m, s, g, group, &v, err));
    }
    *out = v;
    return STRATA_OK;
}
