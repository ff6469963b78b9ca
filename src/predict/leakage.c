/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/leakage.h"

#include <math.h>

#include "stats/learning/discrimination.h"

typedef struct scratch {
    double *score;
    uint8_t *outcome;
} scratch;

/* 0: too few of either outcome. */
static strata_status auc_of(const scratch *s, size_t n, double *out, strata_error *err)
{
    scored seen = {n, s->score, s->outcome};
    auc_result found = {0};
    *out = 0.0;
    STRATA_TRY(auc_compute(&seen, NULL, &found, err));
    if (found.n_positive >= LEAK_ENOUGH && found.n_negative >= LEAK_ENOUGH) {
        *out = fmax(found.auc, 1.0 - found.auc);
    }
    return STRATA_OK;
}

/* The same for everyone, or known for nobody. */
static left_out emptiness(const rows *r, size_t at)
{
    double first = NAN;
    size_t known = 0;
    bool differs = false;
    for (size_t i = 0; i < r->n; i++) {
        double x = r->x[i * r->n_columns + at];
        if (isnan(x)) {
            continue;
        }
        first = known++ == 0 ? x : first;
        differs = differs || x < first || x > first;
    }
    bool varies = differs || (known > 0 && known < r->n);
    return known == 0 ? LEFT_ALWAYS_MISSING : varies ? USED : LEFT_CONSTANT;
}

static strata_status check_one(const rows *r, const uint32_t *which, size_t n, size_t at,
                               candidate *c, const scratch *s, strata_error *err)
{
    size_t known = 0;
    double being_known = 0.0;
    for (size_t i = 0; i < n; i++) {
        s->score[i] = isnan(r->x[which[i] * r->n_columns + at]) ? 0.0 : 1.0;
        s->outcome[i] = r->y[which[i]];
    }
    STRATA_TRY(auc_of(s, n, &being_known, err));
    for (size_t i = 0; i < n; i++) {
        double x = r->x[which[i] * r->n_columns + at];
        if (!isnan(x)) {
            s->score[known] = x;
            s->outcome[known++] = r->y[which[i]];
        }
    }
    STRATA_TRY(auc_of(s, known, &c->alone, err));
    if (being_known >= LEAK_AUC) {
        c->left_out = LEFT_ONE_CLASS;
        c->alone = being_known;
    } else if (c->alone >= LEAK_AUC) {
        c->left_out = LEFT_TOO_GOOD;
    }
    return STRATA_OK;
}

strata_status leakage_check(const rows *r, const uint32_t *which, size_t n, candidates *c, arena *a,
                            strata_error *err)
{
    scratch s = {ARENA_NEW(a, n + 1, double), ARENA_NEW(a, n + 1, uint8_t)};
    if (s.score == NULL || s.outcome == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory checking %zu rows", n);
    }
    for (size_t k = 0; k < c->n; k++) {
        candidate *item = &c->items[k];
        if (item->left_out != USED) {
            continue;
        }
        item->left_out = emptiness(r, k);
        if (item->left_out == USED) {
            STRATA_TRY(check_one(r, which, n, k, item, &s, err));
        }
    }
    return STRATA_OK;
}
