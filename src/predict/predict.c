/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/predict.h"

#include "predict/leakage.h"
#include "predict/predict_parts.h"

void prediction_done(prediction *p)
{
    predictor_done(&p->today);
}

static strata_status say_why(const predict_job *j, const char *why, strata_error *err)
{
    if (why == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    j->out->why = why;
    return STRATA_OK;
}

/* "churned", of accounts. */
static const char *happened(predict_target t)
{
    return t == PREDICT_CHURN ? "churned" : "expanded";
}

static void count_past(const predict_job *j)
{
    prediction *out = j->out;
    const rows *r = &out->past;
    uint32_t last = UINT32_MAX;
    uint32_t last_hit = UINT32_MAX;
    for (size_t i = 0; i < r->n; i++) {
        predict_date *d = &out->by_date[r->date[i]];
        d->n++;
        d->hits += r->y[i];
        out->n_past_accounts += r->account[i] != last;
        last = r->account[i];
        if (r->y[i]) {
            out->n_happened += r->account[i] != last_hit;
            last_hit = r->account[i];
        }
    }
}

/* Enough of both outcomes, in every block? */
static strata_status check_enough(const predict_job *j, strata_error *err)
{
    prediction *out = j->out;
    const char *did = happened(out->target);
    char span[HORIZON_TEXT];
    horizon_text(out->schedule.horizon, span);
    size_t n_positive = out->learn.n_positive + out->tune.n_positive + out->judge.n_positive;
    size_t n = out->learn.n + out->tune.n + out->judge.n;
    if (out->n_happened < PREDICT_HAPPENED_MIN) {
        return say_why(j,
                       arena_printf(j->arena,
                                    "not enough data: %zu of %zu accounts %s within %s of one of "
                                    "the %zu past dates, %d are needed",
                                    out->n_happened, out->n_past_accounts, did, span,
                                    out->schedule.n, PREDICT_HAPPENED_MIN),
                       err);
    }
    if (n_positive == n) {
        return say_why(
            j, arena_printf(j->arena, "every account %s within %s of every date", did, span), err);
    }
    const struct {
        const row_set *set;
        const char *what;
    } blocks[] = {
        {&out->learn, "learned from"}, {&out->tune, "tuned on"}, {&out->judge, "judged on"}};
    for (size_t k = 0; k < sizeof blocks / sizeof blocks[0]; k++) {
        const row_set *s = blocks[k].set;
        if (s->n_positive_accounts < PREDICT_JUDGED_MIN ||
            s->n - s->n_positive < PREDICT_JUDGED_MIN) {
            return say_why(j,
                           arena_printf(j->arena,
                                        "not enough data: of the %zu accounts on the dates to be "
                                        "%s, %zu %s, and %d of either kind are needed",
                                        s->n_accounts, blocks[k].what, s->n_positive_accounts, did,
                                        PREDICT_JUDGED_MIN),
                           err);
        }
    }
    return STRATA_OK;
}

/* What knows the outcome shows most on the newest date: whoever left after its horizon is not there
 * to be known about. */
static strata_status check_newest(const predict_job *j, strata_error *err)
{
    prediction *out = j->out;
    uint32_t *newest = ARENA_NEW(j->arena, out->judge.n + 1, uint32_t);
    if (newest == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t n = 0;
    for (size_t i = 0; i < out->judge.n; i++) {
        if (out->past.date[out->judge.which[i]] + 1U == out->schedule.n) {
            newest[n++] = out->judge.which[i];
        }
    }
    return leakage_check(&out->past, newest, n, &out->candidates, j->arena, err);
}

static strata_status check_features(const predict_job *j, strata_error *err)
{
    prediction *out = j->out;
    STRATA_TRY(check_newest(j, err));
    STRATA_TRY(
        leakage_check(&out->past, out->judge.which, out->judge.n, &out->candidates, j->arena, err));
    for (size_t k = 0; k < out->candidates.n; k++) {
        if (out->candidates.items[k].left_out == USED) {
            return STRATA_OK;
        }
    }
    return say_why(
        j, "there is no feature to learn from: none is known and differs between accounts", err);
}

static strata_status collect(const predict_job *j, strata_error *err)
{
    const predict_request *q = j->q;
    prediction *out = j->out;
    STRATA_TRY(
        candidates_list(q->p, &out->schedule, q->with, q->n_with, j->arena, &out->candidates, err));
    rows_request past = {.p = q->p,
                         .book = q->book,
                         .schedule = &out->schedule,
                         .target = q->target,
                         .candidates = &out->candidates};
    context_progress(j->cx, "past dates", 0, PREDICT_STEPS);
    STRATA_TRY(rows_collect(j->cx, &past, j->arena, &out->past, &out->sampled, err));
    count_past(j);
    return predict_sets(j, false, &out->learn, &out->tune, &out->judge, err);
}

static strata_status run(const predict_job *j, strata_error *err)
{
    prediction *out = j->out;
    if (out->schedule.why != NULL) {
        return say_why(j, out->schedule.why, err);
    }
    STRATA_TRY(collect(j, err));
    STRATA_TRY(check_enough(j, err));
    if (out->why == NULL) {
        STRATA_TRY(check_features(j, err));
    }
    if (out->why != NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(context_check(j->cx, err));
    STRATA_TRY(predict_judge(j, err));
    return out->tells ? predict_today(j, err) : STRATA_OK;
}

strata_status predict_run(const context *cx, const predict_request *q, arena *a, prediction *out,
                          strata_error *err)
{
    STRATA_CLEANUP(prediction_done) prediction result = {.target = q->target};
    if ((q->p->info->entities & 1U << ENTITY_ARR) == 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "predictions need ARR: add a source 'arr' and ingest again. For a shop, "
                           "'strata forecast' gives the chance that each customer orders again");
    }
    schedule_make(q->p->info, q->as_of, q->horizon, &result.schedule);
    predict_job j = {cx, q, a, &result};
    STRATA_TRY(run(&j, err));
    *out = result;
    result.today.trees = NULL; /* it is out's now */
    return STRATA_OK;
}
