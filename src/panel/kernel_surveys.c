/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "panel/windows.h"

enum { ANSWERS, NPS_ANSWERS, NPS_POINTS };
enum { NPS_ANSWERS_365D = WINDOW_HIDDEN(0), NPS_POINTS_365D = WINDOW_HIDDEN(1) };

static const window windows[] = {
    {FEATURE_SURVEYS_365D, ANSWERS, 0, 365},
    {NPS_ANSWERS_365D, NPS_ANSWERS, 0, 365},
    {NPS_POINTS_365D, NPS_POINTS, 0, 365},
};
static const derived made[] = {
    {FEATURE_NPS_365D, NPS_POINTS_365D, NPS_ANSWERS_365D, 1, 0},
};
static const window_table table = {windows, sizeof windows / sizeof *windows, made,
                                   sizeof made / sizeof *made};

typedef struct surveys_kernel {
    const sweep *sweep;
    window_sums sums;
} surveys_kernel;

static void surveys_free(void *self)
{
    surveys_kernel *k = self;
    if (k) {
        window_sums_done(&k->sums);
        free(k);
    }
}
STRATA_DEFINE_AUTO(surveys_kernel, surveys_free)

static strata_status surveys_new(const sweep *s, void **out, strata_error *err)
{
    STRATA_AUTO(surveys_free) surveys_kernel *k = STRATA_NEW_ARRAY(1, surveys_kernel);
    if (!k) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the survey features");
    }
    k->sweep = s;
    STRATA_TRY(window_sums_new(s, &table, &k->sums, err));
    *out = strata_steal(&k);
    return STRATA_OK;
}

/* The answers to one kind of survey up to some day. */
typedef struct answers {
    day last;           /* DAY_MISSING: none yet */
    int64_t sum, count; /* of that day, in millionths */
    bool has_previous;
    double previous; /* mean of the day before it that had answers */
} answers;

static double answers_mean(const answers *a)
{
    return (double)a->sum / ((double)a->count * MILLIONTHS);
}

static void answers_add(answers *a, day d, double score)
{
    if (isnan(score)) {
        return; /* an answer in words only */
    }
    if (a->last != d) {
        a->has_previous = a->last != DAY_MISSING;
        a->previous = a->has_previous ? answers_mean(a) : 0;
        a->last = d;
        a->sum = 0;
        a->count = 0;
    }
    a->sum += in_millionths(score);
    a->count++;
}

static void answers_put(const answers *by_kind, const sweep_out *out, size_t i, size_t j)
{
    day d = out->sweep->dates.tables[SHIFT_NONE].days[j];
    const answers *nps = &by_kind[SURVEY_NPS];
    const answers *csat = &by_kind[SURVEY_CSAT];
    const answers *pmf = &by_kind[SURVEY_PMF];
    bool known = nps->last != DAY_MISSING;
    put_cell(out, FEATURE_NPS_LAST, i, j, known, answers_mean(nps));
    put_cell(out, FEATURE_NPS_PREV, i, j, nps->has_previous, nps->previous);
    put_cell(out, FEATURE_NPS_CHANGE, i, j, nps->has_previous, answers_mean(nps) - nps->previous);
    put_cell(out, FEATURE_NPS_AGE, i, j, known, (double)d - nps->last);
    put_cell(out, FEATURE_CSAT_LAST, i, j, csat->last != DAY_MISSING, answers_mean(csat));
    put_cell(out, FEATURE_PMF_LAST, i, j, pmf->last != DAY_MISSING, answers_mean(pmf));
}

static void put_answers(const survey_rows *s, size_t begin, size_t end, const sweep_out *out,
                        size_t i)
{
    const date_table *t = &out->sweep->dates.tables[SHIFT_NONE];
    answers by_kind[SURVEY_KIND_COUNT];
    for (size_t kind = 0; kind < SURVEY_KIND_COUNT; kind++) {
        by_kind[kind] = (answers){.last = DAY_MISSING, .count = 1};
    }
    size_t r = begin;
    for (size_t j = 0; j < t->n; j++) {
        for (; r < end && s->day[r] <= t->days[j]; r++) {
            answers_add(&by_kind[s->kind[r]], s->day[r], s->score[r]);
        }
        answers_put(by_kind, out, i, j);
    }
}

static void add_survey(window_sums *w, size_t lane, const survey_rows *s, size_t r)
{
    window_sums_add(w, ANSWERS, lane, s->day[r], 1);
    if (s->kind[r] == SURVEY_NPS && !isnan(s->score[r])) {
        int64_t points = s->score[r] >= 9 ? 100 : s->score[r] <= 6 ? -100 : 0;
        window_sums_add(w, NPS_ANSWERS, lane, s->day[r], 1);
        window_sums_add(w, NPS_POINTS, lane, s->day[r], points);
    }
}

static strata_status surveys_run(void *self, const ledger_block *block, const sweep_out *out,
                                 strata_error *err)
{
    (void)err;
    surveys_kernel *k = self;
    const survey_rows *s = &block->surveys;
    for (size_t i = 0; i < block->n_accounts; i += LANES) {
        lane_group g = lanes_from(block, i);
        for (size_t lane = 0; lane < g.n; lane++) {
            size_t begin = s->start[i + lane];
            size_t end = s->start[i + lane + 1];
            day first = begin < end ? s->day[begin] : DAY_MISSING;
            g.visible[lane] = lane_visible(k->sweep, block->started_on[i + lane], first);
            for (size_t r = begin; r < end; r++) {
                add_survey(&k->sums, lane, s, r);
            }
            put_answers(s, begin, end, out, i + lane);
        }
        window_sums_put(&k->sums, out, &g);
    }
    return STRATA_OK;
}

const kernel kernel_surveys = {ENTITY_SURVEYS, surveys_new, surveys_run, surveys_free};
