/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/windows.h"

enum { CHANGE_DAYS = 90 };

static strata_status health_new(const sweep *s, void **out, strata_error *err)
{
    (void)s;
    (void)err;
    *out = NULL; /* needs no scratch */
    return STRATA_OK;
}

static void health_free(void *self)
{
    (void)self;
}

/* Moves *r behind the last row up to day d; the mean score of that row's day, NaN without one. */
static double score_on(const health_rows *h, size_t begin, size_t end, size_t *r, day d)
{
    while (*r < end && h->day[*r] <= d) {
        (*r)++;
    }
    int64_t sum = 0;
    int64_t count = 0;
    for (size_t k = *r; k > begin && h->day[k - 1] == h->day[*r - 1]; k--) {
        sum += in_millionths(h->score[k - 1]);
        count++;
    }
    return count > 0 ? (double)sum / ((double)count * MILLIONTHS) : (double)NAN;
}

static strata_status health_run(void *self, const ledger_block *block, const sweep_out *out,
                                strata_error *err)
{
    (void)self;
    (void)err;
    const health_rows *h = &block->health;
    const date_table *t = &out->sweep->dates.tables[SHIFT_NONE];
    for (size_t i = 0; i < block->n_accounts; i++) {
        size_t begin = h->start[i];
        size_t end = h->start[i + 1];
        size_t now = begin;
        size_t then = begin;
        for (size_t j = 0; j < t->n; j++) {
            double score = score_on(h, begin, end, &now, t->days[j]);
            double before = score_on(h, begin, end, &then, t->days[j] - CHANGE_DAYS);
            put_cell(out, FEATURE_HEALTH_SUPPLIED, i, j, true, score);
            put_cell(out, FEATURE_HEALTH_CHANGE_90D, i, j, true, score - before);
            put_cell(out, FEATURE_HEALTH_AGE, i, j, now > begin,
                     now > begin ? (double)t->days[j] - h->day[now - 1] : 0);
        }
    }
    return STRATA_OK;
}

const kernel kernel_health = {ENTITY_HEALTH, health_new, health_run, health_free};
