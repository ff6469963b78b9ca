/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/predict_parts.h"
#include "segment/segmentation.h"

static const double CHANCE_P = 0.05;

static strata_status fit_and_judge(const predict_job *j, learner kind, double *probability,
                                   strata_error *err)
{
    prediction *out = j->out;
    STRATA_CLEANUP(predictor_done) predictor p = {0};
    predictor_request q = {.rows = &out->past,
                           .candidates = &out->candidates,
                           .learn = out->learn,
                           .tune = out->tune,
                           .kind = kind};
    context_progress(j->cx, learner_label(kind), 1 + (uint64_t)kind, PREDICT_STEPS);
    STRATA_TRY(predictor_fit(j->cx, &q, j->arena, &p, err));
    STRATA_TRY(
        predictor_probabilities(&p, &out->past, out->judge.which, out->judge.n, probability, err));
    if (kind == LEARNER_TREES) {
        out->trees = p.summary.rounds;
    } else {
        out->logistic = p;
    }
    return judge(&out->past, &out->judge, probability, j->q->p->n_accounts, j->arena,
                 &out->judged[kind], err);
}

static void choose(prediction *out)
{
    const auc_difference *d = &out->difference;
    out->better = d->test.defined && d->test.p < CHANCE_P && d->difference >= JUDGE_GAIN;
    out->chosen = out->better ? LEARNER_TREES : LEARNER_LOGISTIC;
    const auc_result *auc = &out->judged[out->chosen].auc;
    out->tells = auc->bounded ? auc->interval_95.low > 0.5 : auc->auc > 0.5;
}

static strata_status by_date(const predict_job *j, const double *probability, strata_error *err)
{
    prediction *out = j->out;
    size_t n = out->schedule.n;
    uint32_t *part_of = ARENA_NEW(j->arena, out->judge.n + 1, uint32_t);
    out->by_judged_date = ARENA_NEW(j->arena, n + 1, judged_part);
    if (part_of == NULL || out->by_judged_date == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < out->judge.n; i++) {
        part_of[i] = out->past.date[out->judge.which[i]];
    }
    return judge_parts(&out->past, &out->judge, &(judged_split){probability, part_of, n}, j->arena,
                       out->by_judged_date, err);
}

static strata_status by_band(const predict_job *j, const double *probability, strata_error *err)
{
    prediction *out = j->out;
    uint32_t *part_of = ARENA_NEW(j->arena, out->judge.n + 1, uint32_t);
    if (part_of == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < out->judge.n; i++) {
        part_of[i] = (uint32_t)predict_band_of(out->target, probability[i]);
    }
    return judge_parts(&out->past, &out->judge,
                       &(judged_split){probability, part_of, PREDICT_BANDS}, j->arena, out->by_band,
                       err);
}

/* The segments that accounts were in on the dates judged on. */
static strata_status by_segment(const predict_job *j, const double *probability, strata_error *err)
{
    prediction *out = j->out;
    const predict_request *q = j->q;
    day dates[SCHEDULE_DATES_MAX];
    size_t at[SCHEDULE_DATES_MAX] = {0};
    size_t n = 0;
    size_t n_segments = 0;
    for (size_t i = 0; i < out->schedule.n; i++) {
        at[i] = n;
        if (out->schedule.judged[i] == ROLE_JUDGE) {
            dates[n++] = out->schedule.dates[i];
        }
    }
    (void)bound_segments(q->bound, q->dimension, &n_segments);
    STRATA_AUTO(segmentation_free) segmentation *s = NULL;
    segmentation_request request = SEGMENTATION_REQUEST(.dates = dates, .n_dates = n);
    STRATA_TRY(segmentation_run(j->cx, q->p, q->bound, q->overrides, &request, &s, err));
    uint32_t *part_of = ARENA_NEW(j->arena, out->judge.n + 1, uint32_t);
    judged_part *parts = ARENA_NEW(j->arena, n_segments + 1, judged_part);
    if (part_of == NULL || parts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu segments", n_segments);
    }
    for (size_t i = 0; i < out->judge.n; i++) {
        size_t row = out->judge.which[i];
        size_t date = at[out->past.date[row]];
        part_of[i] = segmentation_codes(s, q->dimension, date)[out->past.account[row]];
    }
    STRATA_TRY(judge_parts(&out->past, &out->judge,
                           &(judged_split){probability, part_of, n_segments}, j->arena, parts,
                           err));
    out->by_segment = parts;
    out->n_segments = n_segments;
    return STRATA_OK;
}

strata_status predict_judge(const predict_job *j, strata_error *err)
{
    prediction *out = j->out;
    double *said[LEARNERS];
    for (int k = 0; k < LEARNERS; k++) {
        said[k] = ARENA_NEW(j->arena, out->judge.n + 1, double);
        if (said[k] == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        STRATA_TRY(fit_and_judge(j, (learner)k, said[k], err));
    }
    STRATA_TRY(judge_compare(&out->past, &out->judge, (const double *const *)said,
                             j->q->p->n_accounts, j->arena, &out->difference, err));
    choose(out);
    STRATA_TRY(by_date(j, said[out->chosen], err));
    STRATA_TRY(by_band(j, said[out->chosen], err));
    return j->q->dimension == NULL ? STRATA_OK : by_segment(j, said[out->chosen], err);
}
