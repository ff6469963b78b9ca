/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/judge.h"

#include <math.h>

typedef struct lists {
    double *score;
    uint8_t *outcome;
    uint32_t *account;
} lists;

static strata_status lists_new(arena *a, size_t n, lists *out, strata_error *err)
{
    *out = (lists){ARENA_NEW(a, n + 1, double), ARENA_NEW(a, n + 1, uint8_t),
                   ARENA_NEW(a, n + 1, uint32_t)};
    return out->score != NULL && out->outcome != NULL && out->account != NULL
               ? STRATA_OK
               : strata_fail(err, STRATA_E_NOMEM, "out of memory judging %zu rows", n);
}

static strata_status lists_of(const rows *r, const row_set *set, const double *score, arena *a,
                              lists *out, strata_error *err)
{
    STRATA_TRY(lists_new(a, set->n, out, err));
    for (size_t i = 0; i < set->n; i++) {
        out->score[i] = score[i];
        out->outcome[i] = r->y[set->which[i]];
        out->account[i] = r->account[set->which[i]];
    }
    return STRATA_OK;
}

strata_status judge(const rows *r, const row_set *set, const double *probability, size_t n_accounts,
                    arena *a, judged *out, strata_error *err)
{
    judged j = {0};
    lists l;
    STRATA_TRY(lists_of(r, set, probability, a, &l, err));
    scored s = {set->n, l.score, l.outcome};
    scored_clusters clusters = {l.account, n_accounts};
    STRATA_TRY(auc_compute(&s, &clusters, &j.auc, err));
    STRATA_TRY(average_precision(&s, &j.precision, &j.has_precision, err));
    STRATA_TRY(lift_at(&s, JUDGE_SHARE, &j.lift, err));
    STRATA_TRY(brier_split(&s, JUDGE_BINS, &j.brier, err));
    STRATA_TRY(log_loss(&s, &j.loss, err));
    STRATA_TRY(calibration_check_run(&s, &j.check, err));
    STRATA_TRY(reliability_bins(&s, JUDGE_BINS, j.bins, &j.n_bins, err));
    *out = j;
    return STRATA_OK;
}

strata_status judge_compare(const rows *r, const row_set *set, const double *const said[LEARNERS],
                            size_t n_accounts, arena *a, auc_difference *out, strata_error *err)
{
    lists l;
    STRATA_TRY(lists_of(r, set, said[LEARNER_TREES], a, &l, err));
    scored s = {set->n, l.score, l.outcome};
    scored_clusters clusters = {l.account, n_accounts};
    return auc_compare(&s, said[LEARNER_LOGISTIC], &clusters, out, err);
}

static strata_status measure_part(const rows *r, const row_set *set, const judged_split *split,
                                  uint32_t part, const lists *l, judged_part *out,
                                  strata_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < set->n; i++) {
        if (split->part_of[i] == part) {
            l->score[n] = split->probability[i];
            l->outcome[n++] = r->y[set->which[i]];
        }
    }
    if (out->hits < JUDGE_ENOUGH || out->n - out->hits < JUDGE_ENOUGH) {
        return STRATA_OK;
    }
    const scored s = {n, l->score, l->outcome};
    bool known = false;
    lift_result lift = {0};
    STRATA_TRY(average_precision(&s, &out->precision, &known, err));
    STRATA_TRY(lift_at(&s, JUDGE_SHARE, &lift, err));
    STRATA_TRY(brier_score(&s, &out->brier, err));
    out->lift = lift.lift;
    return auc_compute(&s, NULL, &out->auc, err);
}

strata_status judge_parts(const rows *r, const row_set *set, const judged_split *split, arena *a,
                          judged_part *out, strata_error *err)
{
    lists l;
    STRATA_TRY(lists_new(a, set->n, &l, err));
    for (size_t k = 0; k < split->n_parts; k++) {
        out[k] = (judged_part){0};
    }
    for (size_t i = 0; i < set->n; i++) {
        if (split->part_of[i] >= split->n_parts) {
            continue;
        }
        judged_part *p = &out[split->part_of[i]];
        size_t row = set->which[i];
        p->n++;
        p->hits += r->y[row];
        p->expected += split->probability[i];
        p->arr += r->arr[row];
        p->arr_expected += split->probability[i] * (double)r->arr[row];
        p->arr_hit += r->y[row] ? r->arr[row] : 0;
    }
    for (size_t k = 0; k < split->n_parts; k++) {
        STRATA_TRY(measure_part(r, set, split, (uint32_t)k, &l, &out[k], err));
    }
    return STRATA_OK;
}
