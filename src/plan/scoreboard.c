/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/scoreboard.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/make_figure.h"
#include "analysis/outcomes.h"
#include "base/auto.h"
#include "segment/visit.h"
#include "stats/inference/bootstrap.h"
#include "stats/numeric/special.h"

enum { QUARTER = 3, YEAR = 12, DAYS_SEEN = SCOREBOARD_DATES + YEAR / QUARTER, WINDOW_DAYS = 90 };
static const double NPS_FRESH_DAYS = 365.0;
static const double PROMOTER = 9.0;
static const double DETRACTOR = 6.0;

const char *const score_verdict_names[] = {
    [SCORE_NO_TARGET] = "no target",     [SCORE_NO_DATA] = "no data",
    [SCORE_TOO_FEW] = "too few",         [SCORE_BEHIND] = "behind",
    [SCORE_NOT_CERTAIN] = "not certain", [SCORE_ON_TRACK] = "on track"};

bool target_rises(target_measure m)
{
    return m != TARGET_CHURN && m != TARGET_COST;
}

/* What is known of all accounts on the days; [day * n + account]. */
typedef struct seen {
    const scoreboard_request *q;
    const bound_def *def;
    size_t n;
    day days[DAYS_SEEN];
    segment_code *codes;
    float *nps, *minutes; /* NaN: not known */
} seen;

/* A column that the data does not carry is not there. */
static double value_at(const double *values, size_t i)
{
    return values != NULL ? values[i] : (double)NAN;
}

static strata_status take(void *self, const dated_block *block, strata_error *err)
{
    (void)err;
    const seen *s = self;
    const double *nps = block->columns[FEATURE_NPS_LAST].num;
    const double *age = block->columns[FEATURE_NPS_AGE].num;
    const double *customer = block->columns[FEATURE_IS_CUSTOMER].num;
    const double *minutes = block->columns[FEATURE_TOUCH_MINUTES_90D].num;
    for (size_t i = 0; i < block->n; i++) {
        size_t at = block->date * s->n + block->first + i;
        bool is = customer[i] > 0.0;
        s->codes[at] = block->codes[s->def->slot][i];
        s->nps[at] = is && value_at(age, i) <= NPS_FRESH_DAYS ? (float)value_at(nps, i) : NAN;
        s->minutes[at] = is ? (float)value_at(minutes, i) : NAN;
    }
    return STRATA_OK;
}

static strata_status look(const context *cx, seen *s, arena *a, strata_error *err)
{
    const view *v = s->q->v;
    const size_t slots[] = {s->def->slot, FEATURE_NPS_LAST, FEATURE_NPS_AGE, FEATURE_IS_CUSTOMER,
                            FEATURE_TOUCH_MINUTES_90D};
    for (int k = 0; k < DAYS_SEEN; k++) {
        s->days[k] = day_add_months(v->as_of, -QUARTER * (DAYS_SEEN - 1 - k));
    }
    s->codes = ARENA_NEW(a, DAYS_SEEN * s->n + 1, segment_code);
    s->nps = ARENA_NEW(a, DAYS_SEEN * s->n + 1, float);
    s->minutes = ARENA_NEW(a, DAYS_SEEN * s->n + 1, float);
    if (s->codes == NULL || s->nps == NULL || s->minutes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts on %d days", s->n,
                           DAYS_SEEN);
    }
    const segmentation_visit visit = {.dates = s->days,
                                      .n_dates = DAYS_SEEN,
                                      .slots = slots,
                                      .n_slots = 5,
                                      .take = take,
                                      .self = s};
    return visit_dates(cx, v->p, v->b, v->overrides, &visit, err);
}

/* --- figures of one day --- */

/* The accounts of a segment, or of all segments one after the other, on one day. */
typedef struct followed {
    int64_t *was, *is, *least; /* minor units: then, now, the less of both */
    int64_t *cost, *worth;
    size_t n, n_cost;
    size_t churned, expanded;
    size_t answered, promoters, detractors;
} followed;

static void followed_done(followed *m)
{
    free(m->was);
    free(m->is);
    free(m->least);
    free(m->cost);
    free(m->worth);
}

static strata_status followed_new(size_t n, followed *m, strata_error *err)
{
    m->was = STRATA_NEW_ARRAY(n + 1, int64_t);
    m->is = STRATA_NEW_ARRAY(n + 1, int64_t);
    m->least = STRATA_NEW_ARRAY(n + 1, int64_t);
    m->cost = STRATA_NEW_ARRAY(n + 1, int64_t);
    m->worth = STRATA_NEW_ARRAY(n + 1, int64_t);
    if (m->was == NULL || m->is == NULL || m->least == NULL || m->cost == NULL ||
        m->worth == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", n);
    }
    return STRATA_OK;
}

static void add_base(followed *m, int64_t was, int64_t is)
{
    m->was[m->n] = was;
    m->is[m->n] = is;
    m->least[m->n++] = is < was ? is : was;
    m->churned += is <= 0;
    m->expanded += is > was;
}

static void add_answer(followed *m, double score)
{
    m->answered++;
    m->promoters += score >= PROMOTER;
    m->detractors += score <= DETRACTOR;
}

static double cost_of(const scoreboard_request *q, size_t account, double mean)
{
    int32_t csm = q->csm[account];
    return csm >= 0 && q->csms->items[csm].cost_per_hour >= 0
               ? (double)q->csms->items[csm].cost_per_hour
               : mean;
}

static void gather(const seen *s, int date, segment_code segment, followed *m)
{
    const arr_book *b = s->q->book;
    double mean = csms_hour_cost(s->q->csms);
    size_t now = (size_t)date * s->n;
    size_t then = (size_t)(date - YEAR / QUARTER) * s->n;
    for (size_t i = 0; i < s->n; i++) {
        int64_t is = arr_book_at(b, i, s->days[date]);
        if (s->codes[then + i] == segment) {
            int64_t was = arr_book_at(b, i, s->days[date - YEAR / QUARTER]);
            if (was > 0) {
                add_base(m, was, is);
            }
        }
        if (s->codes[now + i] != segment) {
            continue;
        }
        if (!isnan(s->nps[now + i])) {
            add_answer(m, (double)s->nps[now + i]);
        }
        double hours = (double)s->minutes[now + i] / MINUTES_PER_HOUR * DAYS_PER_YEAR / WINDOW_DAYS;
        if (!isnan(hours) && is > 0 && mean > 0.0) {
            m->cost[m->n_cost] = llround(hours * cost_of(s->q, i, mean));
            m->worth[m->n_cost++] = is;
        }
    }
}

static score_value ratio_value(const int64_t *part, const int64_t *base, size_t n, double least)
{
    score_value v = {.n = n, .stated = n > 0 && (double)n >= least};
    if (n > 0) {
        const ratio_sample sample = {.n = n, .base = base, .parts = {part}, .n_parts = 1};
        interval range = {0};
        double sums[2] = {0.0, 0.0};
        linearised_ratios(&sample, &range);
        for (size_t i = 0; i < n; i++) {
            sums[0] += (double)part[i];
            sums[1] += (double)base[i];
        }
        v.x = sums[0] / sums[1];
        v.low = fmax(range.low, 0.0);
        v.high = range.high;
    }
    return v;
}

static score_value share_value(size_t hits, size_t of, double least)
{
    share_figure f = share_figure_of(hits, of, least);
    double share = of > 0 ? (double)hits / (double)of : 0.0;
    return (score_value){.n = of, .stated = f.stated, .x = share, .low = f.low, .high = f.high};
}

static score_value nps_value(const followed *m, double least)
{
    double n = (double)m->answered;
    score_value v = {.n = m->answered, .stated = n > 0.0 && n >= least};
    if (n > 0.0) {
        double p = (double)m->promoters / n;
        double d = (double)m->detractors / n;
        double error = STATS_Z95 * sqrt(fmax(p + d - (p - d) * (p - d), 0.0) / n);
        v.x = 100.0 * (p - d);
        v.low = fmax(v.x - 100.0 * error, -100.0);
        v.high = fmin(v.x + 100.0 * error, 100.0);
    }
    return v;
}

static void put_values(const followed *m, double least, size_t date, score_cell *cells)
{
    cells[TARGET_NRR].at[date] = ratio_value(m->is, m->was, m->n, least);
    cells[TARGET_GRR].at[date] = ratio_value(m->least, m->was, m->n, least);
    cells[TARGET_GRR].at[date].high = fmin(cells[TARGET_GRR].at[date].high, 1.0);
    cells[TARGET_CHURN].at[date] = share_value(m->churned, m->n, least);
    cells[TARGET_EXPANSION].at[date] = share_value(m->expanded, m->n, least);
    cells[TARGET_NPS].at[date] = nps_value(m, least);
    cells[TARGET_COST].at[date] = ratio_value(m->cost, m->worth, m->n_cost, least);
}

/* --- against targets --- */

static const model_segment_targets *targets_of(const model_scoreboard *s, const char *key)
{
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->segments[i].segment, key) == 0) {
            return &s->segments[i];
        }
    }
    return NULL;
}

static score_verdict judge(const score_cell *c, target_measure m)
{
    const score_value *v = &c->at[SCOREBOARD_DATES - 1];
    if (isnan(c->target)) {
        return SCORE_NO_TARGET;
    }
    if (!v->stated) {
        return v->n == 0 ? SCORE_NO_DATA : SCORE_TOO_FEW;
    }
    if (target_rises(m) ? v->x >= c->target : v->x <= c->target) {
        return SCORE_ON_TRACK;
    }
    bool reached = target_rises(m) ? v->high >= c->target : v->low <= c->target;
    return reached ? SCORE_NOT_CERTAIN : SCORE_BEHIND;
}

static void put_targets(const model *m, const char *key, score_cell *cells, scoreboard *out)
{
    const model_segment_targets *t = targets_of(&m->scoreboard, key);
    for (size_t k = 0; k < TARGET_MEASURES; k++) {
        score_cell *c = &cells[k];
        c->target = t != NULL ? t->value[k] : (double)NAN;
        c->owner = t != NULL && t->owner != NULL ? t->owner : m->scoreboard.owner;
        c->source = t != NULL && t->source != NULL ? t->source : m->targets.source;
        c->verdict = judge(c, (target_measure)k);
        out->n_targets += isnan(c->target) ? 0 : 1;
        out->n_on_track += c->verdict == SCORE_ON_TRACK;
        out->n_behind += c->verdict == SCORE_BEHIND;
    }
}

/* The ranges of today's NRR and GRR are those of the profile: the same accounts, drawn in the same
 * order by the same stream, so that two documents never tell two ranges of one figure. */
static strata_status draw_ranges(const context *cx, const seen *s, size_t segment,
                                 const followed *m, score_cell *cells, strata_error *err)
{
    enum { NOW = SCOREBOARD_DATES - 1, PARTS = 2 };
    score_value *const of[PARTS] = {&cells[TARGET_NRR].at[NOW], &cells[TARGET_GRR].at[NOW]};
    size_t def = (size_t)(s->def - s->q->v->b->defs);
    const ratio_sample sample = {
        .n = m->n, .base = m->was, .parts = {m->is, m->least}, .n_parts = PARTS};
    interval range[PARTS] = {{0}};
    if (!of[0]->stated) {
        return STRATA_OK;
    }
    STRATA_TRY(
        bootstrap_ratios(cx, analysis_stream(STREAM_OUTCOMES, def, segment), &sample, range, err));
    for (size_t k = 0; k < PARTS; k++) {
        of[k]->low = range[k].low;
        of[k]->high = range[k].high;
    }
    return STRATA_OK;
}

/* `segment` n_segments: of all, one segment after the other. */
static strata_status fill(const context *cx, const seen *s, size_t segment, score_cell *cells,
                          strata_error *err)
{
    double least = s->q->v->b->model->quality.minimum_accounts;
    bool all = segment == s->def->n_segments;
    for (size_t k = 0; k < SCOREBOARD_DATES; k++) {
        STRATA_CLEANUP(followed_done) followed m = {0};
        STRATA_TRY(followed_new(s->n, &m, err));
        for (size_t g = all ? 0 : segment; g < (all ? s->def->n_segments : segment + 1); g++) {
            gather(s, (int)k + YEAR / QUARTER, (segment_code)g, &m);
        }
        put_values(&m, least, k, cells);
        if (k + 1 == SCOREBOARD_DATES) {
            STRATA_TRY(draw_ranges(cx, s, segment, &m, cells, err));
        }
    }
    return STRATA_OK;
}

static const bound_def *dimension_of(const view *v)
{
    const char *by = v->b->model->scoreboard.by;
    return by != NULL ? bound_find(v->b, by) : view_primary(v);
}

strata_status scoreboard_make(const context *cx, const scoreboard_request *q, arena *a,
                              scoreboard *out, strata_error *err)
{
    const model *m = q->v->b->model;
    seen s = {.q = q, .def = dimension_of(q->v), .n = q->v->p->n_accounts};
    size_t n = s.def->n_segments;
    score_cell *cells = ARENA_NEW(a, (n + 1) * TARGET_MEASURES, score_cell);
    if (cells == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu segments", n);
    }
    scoreboard result = {.def = s.def, .n_segments = n, .cells = cells, .has_arr = q->v->has_arr};
    STRATA_TRY(look(cx, &s, a, err));
    memcpy(result.dates, s.days + YEAR / QUARTER, sizeof result.dates);
    for (size_t k = 0; k <= n; k++) {
        score_cell *of = &cells[k * TARGET_MEASURES];
        STRATA_TRY(fill(cx, &s, k, of, err));
        put_targets(m, k < n ? s.def->keys[k] : "all", of, &result);
    }
    const score_cell *all = &cells[n * TARGET_MEASURES];
    result.has_nps = all[TARGET_NPS].at[SCOREBOARD_DATES - 1].n > 0;
    result.has_cost = all[TARGET_COST].at[SCOREBOARD_DATES - 1].n > 0;
    *out = result;
    return STRATA_OK;
}
