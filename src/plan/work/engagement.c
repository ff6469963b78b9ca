/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/work/engagement.h"

#include <math.h>
#include <string.h>

static double per_year(int days)
{
    return days > 0 ? DAYS_PER_YEAR / days : 0.0;
}

double engagement_programme_hours(const engagement *e, const model_programme *p)
{
    double touches = per_year(p->cadence_days) * e->hours[WORK_TOUCHPOINT];
    double reviews = per_year(p->review_days) * e->hours[WORK_REVIEW];
    return touches + reviews > 0.0 ? touches + reviews + e->hours[WORK_RENEWAL] : 0.0;
}

/* --- what the model states --- */

static strata_status read_hours(const model *m, engagement *out, strata_error *err)
{
    for (size_t i = 0; i < WORK_KINDS; i++) {
        out->hours[i] = m->engagement.hours[i];
        if (isnan(out->hours[i])) {
            return strata_fail(err, STRATA_E_MODEL,
                               "%s says nowhere how long a %s takes; add engagement: {hours: {%s: "
                               "1}}, or extends: common",
                               m->path, work_names[i], work_names[i]);
        }
    }
    out->month_hours = m->engagement.month_hours;
    return STRATA_OK;
}

static model_programme over(model_programme own, const model_programme *level)
{
    own.cadence_days = own.cadence_days >= 0 ? own.cadence_days : level->cadence_days;
    own.review_days = own.review_days >= 0 ? own.review_days : level->review_days;
    own.onboarding_days = own.onboarding_days >= 0 ? own.onboarding_days : level->onboarding_days;
    own.support = own.support != NULL ? own.support : level->support;
    own.accounts_per_csm =
        isnan(own.accounts_per_csm) ? level->accounts_per_csm : own.accounts_per_csm;
    return own;
}

static model_programme complete(model_programme p)
{
    static const model_programme nothing = {.support = "standard"};
    p = over(p, &nothing);
    p.accounts_per_csm = p.accounts_per_csm > 0.0 ? p.accounts_per_csm : (double)NAN;
    return p;
}

static strata_status read_levels(const model *m, engagement *out, strata_error *err)
{
    bool any = false;
    for (size_t i = 0; i < TOUCH_LEVELS; i++) {
        any = any || m->engagement.has_level[i];
        out->levels[i] = complete(m->engagement.levels[i]);
    }
    return any ? STRATA_OK
               : strata_fail(err, STRATA_E_MODEL,
                             "%s says nowhere what touch levels mean; add engagement: {levels: "
                             "{high: {cadence: weekly}}}, or extends: common",
                             m->path);
}

static const bound_def *find_dimension(const view *v)
{
    const char *by = v->b->model->engagement.by;
    const bound_def *def = by != NULL ? bound_find(v->b, by) : NULL;
    return def != NULL && def->kind == DEF_DIMENSION ? def : view_primary(v);
}

static const model_engaged *stated_for(const model *m, const bound_def *def, size_t segment)
{
    for (size_t i = 0; i < m->engagement.n_segments; i++) {
        const char *name = m->engagement.segments[i].segment;
        if (strcmp(name, def->keys[segment]) == 0 || strcmp(name, def->labels[segment]) == 0) {
            return &m->engagement.segments[i];
        }
    }
    return NULL;
}

static void set_programme(engaged_segment *s, touch_level touch, model_programme p)
{
    s->touch = touch;
    s->programme = p;
    s->touches_per_year = per_year(p.cadence_days);
    s->reviews_per_year = per_year(p.review_days);
}

/* --- what the data propose --- */

static void add_up(const view *v, const bound_def *def, engaged_segment *segments)
{
    const segment_code *codes = segmentation_codes(v->s, def, v->now_at);
    for (size_t i = 0; i < v->p->n_accounts; i++) {
        if (codes[i] < SEGMENTS_MAX) {
            segments[codes[i]].n_accounts++;
            segments[codes[i]].value_minor += view_value_minor(v, i);
        }
    }
}

static int64_t hours_there_are(const csm_list *csms, double month_hours)
{
    int64_t minutes = 0;
    for (size_t i = 0; i < csms->n; i++) {
        int64_t own = csm_minutes_a_year(&csms->items[i], month_hours);
        minutes += own > 0 ? own : 0;
    }
    return minutes / MINUTES_PER_HOUR;
}

/* The richest level that the hours pay for; what costs nothing always fits. */
static touch_level level_within(const engagement *e, double hours)
{
    touch_level best = TOUCH_DIGITAL;
    double most = -1.0;
    for (size_t i = 0; i < TOUCH_LEVELS; i++) {
        double cost = engagement_programme_hours(e, &e->levels[i]);
        if (cost <= hours && cost > most) {
            most = cost;
            best = (touch_level)i;
        }
    }
    return best;
}

static strata_status propose(const view *v, const csm_list *csms, engagement *e,
                             engaged_segment *segments, strata_error *err)
{
    int64_t hours = hours_there_are(csms, e->month_hours);
    int64_t all = 0;
    for (size_t i = 0; i < e->n_segments; i++) {
        all += segments[i].value_minor;
    }
    if (hours <= 0 || all <= 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "engagement of '%s' is not stated, and none can be proposed without %s; "
                           "add engagement: {segments: {...}} to %s%s",
                           e->def->labels[0], hours <= 0 ? "managers' hours" : "ARR or spend",
                           v->b->model->path, hours <= 0 ? ", or a source 'csms'" : "");
    }
    for (size_t i = 0; i < e->n_segments; i++) {
        engaged_segment *s = &segments[i];
        if (s->proposed) {
            double share = (double)s->value_minor / (double)all;
            double each = s->n_accounts > 0 ? share * (double)hours / (double)s->n_accounts : 0.0;
            touch_level touch = level_within(e, each);
            s->hours_affordable = each;
            set_programme(s, touch, e->levels[touch]);
        }
    }
    return STRATA_OK;
}

strata_status engagement_resolve(const view *v, const csm_list *csms, arena *a, engagement *out,
                                 strata_error *err)
{
    const model *m = v->b->model;
    engagement e = {.def = find_dimension(v)};
    if (e.def == NULL || e.def->n_segments == 0) {
        return strata_fail(err, STRATA_E_MODEL, "%s has no dimension with segments to look after",
                           m->path);
    }
    STRATA_TRY(read_hours(m, &e, err));
    STRATA_TRY(read_levels(m, &e, err));
    e.n_segments = e.def->n_segments;
    engaged_segment *segments = ARENA_NEW(a, e.n_segments, engaged_segment);
    if (segments == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the engagement of segments");
    }
    for (size_t i = 0; i < e.n_segments; i++) {
        const model_engaged *stated = stated_for(m, e.def, i);
        segments[i] = (engaged_segment){
            .label = e.def->labels[i], .proposed = stated == NULL, .hours_affordable = NAN};
        e.n_proposed += stated == NULL;
        if (stated != NULL) {
            set_programme(&segments[i], stated->touch,
                          complete(over(stated->own, &e.levels[stated->touch])));
        }
    }
    add_up(v, e.def, segments);
    if (e.n_proposed > 0) {
        STRATA_TRY(propose(v, csms, &e, segments, err));
    }
    e.segments = segments;
    *out = e;
    return STRATA_OK;
}
