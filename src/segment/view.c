/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "panel/dates.h"
#include "segment/plan.h"

/* Read by nearly every table of a portfolio, whatever the model says. */
static const feature_id standard[] = {FEATURE_ARR,        FEATURE_ARR_12M_AGO,
                                      FEATURE_SPEND_365D, FEATURE_SPEND_PREV_365D,
                                      FEATURE_TENURE,     FEATURE_IS_CUSTOMER};
enum { N_STANDARD = sizeof standard / sizeof standard[0] };

void view_free(view *v)
{
    if (v != NULL) {
        segmentation_free(v->s);
        free(v);
    }
}

int64_t money_minor(double major)
{
    return isnan(major) ? 0 : llround(major * 100.0);
}

int64_t view_value_minor(const view *v, size_t account)
{
    return v->value != NULL ? money_minor(v->value[account]) : 0;
}

column view_column(const view *v, const char *name)
{
    for (size_t slot = 0; slot < v->b->scope.n_symbols; slot++) {
        if (strcmp(v->b->scope.symbols[slot].name, name) == 0) {
            return segmentation_column(v->s, slot);
        }
    }
    return (column){0};
}

const bound_def *view_primary(const view *v)
{
    return bound_primary(v->b);
}

/* The dates to evaluate, each once, ascending. */
typedef struct date_list {
    day days[VIEW_TREND + 3];
    size_t n;
} date_list;

static void add_date(date_list *list, day d)
{
    size_t at = 0;
    while (at < list->n && list->days[at] < d) {
        at++;
    }
    if (at < list->n && list->days[at] == d) {
        return;
    }
    memmove(&list->days[at + 1], &list->days[at], (list->n - at) * sizeof list->days[0]);
    list->days[at] = d;
    list->n++;
}

static size_t date_at(const date_list *list, day d)
{
    size_t at = 0;
    while (list->days[at] != d) {
        at++;
    }
    return at;
}

/* Month ends behind the as-of date, oldest first, and the date itself. */
static void trend_days(day as_of, day out[VIEW_TREND])
{
    out[VIEW_TREND - 1] = as_of;
    for (size_t i = VIEW_TREND - 1; i-- > 0;) {
        out[i] = day_month_start(out[i + 1]) - 1;
    }
}

size_t view_value_slot(const portfolio *p)
{
    bool arr = p->symbols[FEATURE_ARR].missing_because == NULL;
    bool orders = p->symbols[FEATURE_SPEND_365D].missing_because == NULL;
    return arr ? FEATURE_ARR : orders ? FEATURE_SPEND_365D : SIZE_MAX;
}

static void point_at_value(view *v)
{
    size_t now = view_value_slot(v->p);
    v->has_arr = now == FEATURE_ARR;
    size_t before = v->has_arr ? FEATURE_ARR_12M_AGO : FEATURE_SPEND_PREV_365D;
    if (now != SIZE_MAX) {
        v->value = segmentation_column(v->s, now).num;
        v->value_year_ago = segmentation_column(v->s, before).num;
        v->value_label = v->has_arr ? "ARR" : "Spend in 365 days";
    }
}

static strata_status keep_list(const view_options *options, size_t **out, size_t *n,
                               strata_error *err)
{
    *n = N_STANDARD + options->n_keep;
    *out = STRATA_NEW_ARRAY(*n, size_t);
    if (*out == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < N_STANDARD; i++) {
        (*out)[i] = standard[i];
    }
    for (size_t i = 0; i < options->n_keep; i++) {
        (*out)[N_STANDARD + i] = options->keep[i];
    }
    return STRATA_OK;
}

strata_status view_new(const context *cx, const portfolio *p, const bound_model *b,
                       const override_set *overrides, const view_options *options, view **out,
                       strata_error *err)
{
    STRATA_AUTO(view_free) view *v = STRATA_NEW_ARRAY(1, view);
    STRATA_AUTO_FREE size_t *keep = NULL;
    if (v == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *v = (view){.p = p, .b = b, .overrides = overrides, .as_of = options->as_of};
    v->since = options->since != DAY_MISSING ? options->since
                                             : review_period_before(b->model->review, v->as_of);
    v->year_ago = months_before(v->as_of, 12);
    if (v->since >= v->as_of) {
        return strata_fail(err, STRATA_E_USAGE, "--since must lie before --as-of");
    }
    day trend[VIEW_TREND];
    trend_days(v->as_of, trend);
    date_list dates = {0};
    add_date(&dates, v->since);
    add_date(&dates, v->year_ago);
    for (size_t i = 0; i < VIEW_TREND; i++) {
        add_date(&dates, trend[i]);
    }
    v->now_at = date_at(&dates, v->as_of);
    v->since_at = date_at(&dates, v->since);
    v->year_ago_at = date_at(&dates, v->year_ago);
    for (size_t i = 0; i < VIEW_TREND; i++) {
        v->trend_at[i] = date_at(&dates, trend[i]);
    }
    size_t n_keep = 0;
    STRATA_TRY(keep_list(options, &keep, &n_keep, err));
    segmentation_request request = SEGMENTATION_REQUEST(.dates = dates.days, .n_dates = dates.n,
                                                        .keep_slots = keep, .n_keep_slots = n_keep);
    request.keep_date = v->now_at;
    request.watch = options->watch;
    request.watched_alone = options->alone;
    request.changes = options->changes;
    STRATA_TRY(segmentation_run(cx, p, b, overrides, &request, &v->s, err));
    point_at_value(v);
    *out = strata_steal(&v);
    return STRATA_OK;
}
