/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/movements/reconcile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cohort/notice.h"

static const struct {
    const char *key, *brief, *words;
} causes[CAUSE_COUNT] = {
    [CAUSE_NOTICE] = {"notice", "Gave notice", "gave notice before the service ended"},
    [CAUSE_SAME_MONTH] = {"same_month", "Same month", "came and went within one calendar month"},
    [CAUSE_NEW] = {"new", "New", "first paid within the window"},
    [CAUSE_NEW_GONE] = {"new_and_gone", "New and gone",
                        "first paid within the window and had gone by its end"},
    [CAUSE_REACTIVATED] = {"reactivated", "Reactivated",
                           "had left before the window and came back in it"},
    [CAUSE_RETURNED] = {"returned", "Returned", "left and came back within the window"},
    [CAUSE_RECOVERED] = {"recovered", "Shrank and grew", "shrank and grew within the window"},
    [CAUSE_RENEWAL_WON] = {"renewal_won", "Renewal won", "had a renewal due and won"},
    [CAUSE_RENEWAL_LOST] = {"renewal_lost", "Renewal lost", "had a renewal due and lost"},
    [CAUSE_RENEWAL_OPEN] = {"renewal_open", "Renewal open", "had a renewal due and still open"},
    [CAUSE_NOT_DUE] = {"not_due", "Not due", "had no renewal due in the window"},
    [CAUSE_CHURNED] = {"churned", "Left", "left"},
    [CAUSE_CONTRACTED] = {"contracted", "Shrank", "shrank"},
    [CAUSE_EXPANDED] = {"expanded", "Grew", "grew"},
    [CAUSE_UNCHANGED] = {"unchanged", "Paid the same", "paid the same, counted differently"},
};

const char *reconcile_cause_key(reconcile_cause c)
{
    return causes[c].key;
}

const char *reconcile_cause_short(reconcile_cause c)
{
    return causes[c].brief;
}

const char *reconcile_cause_words(reconcile_cause c)
{
    return causes[c].words;
}

/* --- causes --- */

static reconcile_cause renewal_cause(const metric_setup *s, size_t account)
{
    renewal_sum due = renewals_due(s->renewals, account, s->window.from, s->window.to);
    return due.due == 0   ? CAUSE_NOT_DUE
           : due.lost > 0 ? CAUSE_RENEWAL_LOST
           : due.open > 0 ? CAUSE_RENEWAL_OPEN
                          : CAUSE_RENEWAL_WON;
}

/* What the account did in a window. */
static reconcile_cause movement_cause(const metric_setup *s, size_t account, metric_window w)
{
    arr_track t;
    arr_track_read(s->book, account, w.from, w.to, &t);
    bool began = t.opening == 0;
    bool brief = t.brief_movements[ARR_CHURN] > 0;
    uint32_t others = t.movements[ARR_CHURN] - t.brief_movements[ARR_CHURN];
    if (began && brief && others == 0 && t.closing == 0) {
        return CAUSE_SAME_MONTH;
    }
    if (began && t.before) {
        return CAUSE_REACTIVATED;
    }
    if (began) {
        return t.closing > 0 ? CAUSE_NEW : CAUSE_NEW_GONE;
    }
    if (t.returned) {
        return CAUSE_RETURNED;
    }
    if (t.movements[ARR_CHURN] > 0) {
        return CAUSE_CHURNED;
    }
    if (t.movements[ARR_CONTRACTION] > 0 && t.movements[ARR_EXPANSION] > 0) {
        return CAUSE_RECOVERED;
    }
    return t.movements[ARR_CONTRACTION] > 0 ? CAUSE_CONTRACTED
           : t.movements[ARR_EXPANSION] > 0 ? CAUSE_EXPANDED
                                            : CAUSE_UNCHANGED;
}

static reconcile_cause cause_of(const metric_setup *s, const metric_setup *other,
                                const reconciliation *r, size_t account)
{
    const metric_value *a = &r->a;
    const metric_value *b = &r->b;
    if (s->book != other->book && !arr_books_agree(s->book, other->book, account, s->window.to)) {
        return CAUSE_NOTICE;
    }
    if (a->def->frame == FRAME_DUE || b->def->frame == FRAME_DUE) {
        return renewal_cause(s, account);
    }
    const metric_window wider = {a->window.from < b->window.from ? a->window.from : b->window.from,
                                 a->window.to};
    return movement_cause(s, account, wider);
}

/* --- effects --- */

typedef struct factor {
    double num, den;
} factor;

/* What a factor is: 1 / 1 where a definition has only one. */
static factor factor_of(const metric_value *v, int k)
{
    if (k > 0 && v->def->n_factors < 2) {
        return (factor){1, 1};
    }
    return (factor){(double)v->sum.num[k], (double)v->sum.den[k]};
}

static double factor_effect(const reconciliation *r, const metric_part *a, const metric_part *b,
                            int k)
{
    factor x = factor_of(&r->a, k);
    factor y = factor_of(&r->b, k);
    double by_num = (double)(a->num[k] - b->num[k]) * (1 / x.den + 1 / y.den) / 2;
    double by_den =
        (double)(a->den[k] - b->den[k]) * (x.num / x.den / y.den + y.num / y.den / x.den) / 2;
    return by_num - by_den;
}

/* Part of one account (or of many, by their sums) in A - B: the effect is linear in the sums. */
static double effect_of(const reconciliation *r, const metric_part *a, const metric_part *b)
{
    if (r->a.def->n_factors < 2) {
        return factor_effect(r, a, b, 0);
    }
    double scale[2] = {r->a.scale, r->b.scale};
    factor x[2] = {factor_of(&r->a, 0), factor_of(&r->a, 1)};
    factor y[2] = {factor_of(&r->b, 0), factor_of(&r->b, 1)};
    double mean_0 = (x[0].num / x[0].den + y[0].num / y[0].den) / 2;
    double mean_1 = (scale[0] * x[1].num / x[1].den + scale[1] * y[1].num / y[1].den) / 2;
    return factor_effect(r, a, b, 0) * mean_1 +
           factor_effect(r, a, b, 1) * mean_0 * (scale[0] + scale[1]) / 2;
}

static double scale_effect(const reconciliation *r)
{
    if (r->a.def->n_factors < 2) {
        return 0;
    }
    double mean[2];
    for (int k = 0; k < 2; k++) {
        factor x = factor_of(&r->a, k);
        factor y = factor_of(&r->b, k);
        mean[k] = (x.num / x.den + y.num / y.den) / 2;
    }
    return (r->a.scale - r->b.scale) * mean[0] * mean[1];
}

/* --- rows --- */

static bool parts_equal(const metric_part *a, const metric_part *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static void add_part(metric_part *to, const metric_part *x)
{
    for (int k = 0; k < 2; k++) {
        to->num[k] += x->num[k];
        to->den[k] += x->den[k];
    }
}

static int by_effect(const void *a, const void *b)
{
    const reconcile_row *x = a;
    const reconcile_row *y = b;
    double ex = fabs(x->effect);
    double ey = fabs(y->effect);
    if (ex < ey || ex > ey) {
        return ex > ey ? -1 : 1;
    }
    return x->account < y->account ? -1 : x->account > y->account;
}

static void fill_rows(const reconcile_side *x, const reconcile_side *y, reconciliation *r)
{
    const metric_setup *s = &x->setup;
    for (size_t i = 0; i < s->book->n_accounts; i++) {
        metric_part a = metric_part_of(x->def, s, i);
        metric_part b = metric_part_of(y->def, &y->setup, i);
        if (parts_equal(&a, &b)) {
            r->same.accounts += a.num[0] != 0 || a.den[0] != 0;
            add_part(&r->same.a, &a);
            add_part(&r->same.b, &b);
            continue;
        }
        reconcile_row row = {i, cause_of(s, &y->setup, r, i), a, b, effect_of(r, &a, &b)};
        reconcile_total *t = &r->causes[row.cause];
        t->accounts++;
        add_part(&t->a, &a);
        add_part(&t->b, &b);
        r->rows[r->n_rows++] = row;
    }
    for (int c = 0; c < CAUSE_COUNT; c++) {
        r->causes[c].effect = effect_of(r, &r->causes[c].a, &r->causes[c].b);
    }
    qsort(r->rows, r->n_rows, sizeof *r->rows, by_effect);
}

static strata_status check_pair(const reconcile_side *a, const reconcile_side *b, strata_error *err)
{
    const metric_def *x = a->def;
    const metric_def *y = b->def;
    if (x == y && a->setup.reactivation == b->setup.reactivation &&
        a->setup.without_brief == b->setup.without_brief && a->setup.book == b->setup.book) {
        return strata_fail(err, STRATA_E_USAGE, "%s:%s and %s:%s are the same definition",
                           x->metric, x->dialect, y->metric, y->dialect);
    }
    bool shares = x->unit != METRIC_LIFETIME && y->unit != METRIC_LIFETIME;
    bool counts = x->unit != METRIC_MONEY && y->unit != METRIC_MONEY;
    if (x->unit != y->unit && !(shares && counts)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "%s:%s and %s:%s count different things (money, accounts or a "
                           "lifetime); only definitions of one unit can be set against each other",
                           x->metric, x->dialect, y->metric, y->dialect);
    }
    return STRATA_OK;
}

strata_status reconcile_make(const context *cx, arena *a, const reconcile_side *x,
                             const reconcile_side *y, reconciliation **out, strata_error *err)
{
    STRATA_TRY(check_pair(x, y, err));
    size_t n = x->setup.book->n_accounts;
    reconciliation *r = ARENA_NEW(a, 1, reconciliation);
    reconcile_row *rows = ARENA_NEW(a, n + 1, reconcile_row);
    if (r == NULL || rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", n);
    }
    *r = (reconciliation){.rows = rows};
    STRATA_TRY(metric_compute(cx, x->def, &x->setup, NULL, 0, &r->a, err));
    STRATA_TRY(metric_compute(cx, y->def, &y->setup, NULL, 0, &r->b, err));
    for (int side = 0; side < 2; side++) {
        const metric_value *v = side == 0 ? &r->a : &r->b;
        if (!v->known) {
            return strata_fail(err, STRATA_E_DATA, "%s:%s has no value: %s", v->def->metric,
                               v->def->dialect, v->why);
        }
    }
    r->difference = r->a.value - r->b.value;
    r->scale_effect = scale_effect(r);
    fill_rows(x, y, r);
    *out = r;
    return STRATA_OK;
}
