/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/windows.h"

static const struct {
    feature_id value, age;
} features[PREDICTION_KIND_COUNT] = {
    [PREDICTION_CHURN] = {FEATURE_CHURN_RISK, FEATURE_CHURN_RISK_AGE},
    [PREDICTION_EXPANSION] = {FEATURE_EXPANSION_CHANCE, FEATURE_EXPANSION_CHANCE_AGE},
};

static strata_status predictions_new(const sweep *s, void **out, strata_error *err)
{
    (void)s;
    (void)err;
    *out = NULL; /* needs no scratch */
    return STRATA_OK;
}

static void predictions_free(void *self)
{
    (void)self;
}

static strata_status predictions_run(void *self, const ledger_block *block, const sweep_out *out,
                                     strata_error *err)
{
    (void)self;
    (void)err;
    const prediction_rows *p = &block->predictions;
    const date_table *t = &out->sweep->dates.tables[SHIFT_NONE];
    for (size_t i = 0; i < block->n_accounts; i++) {
        size_t last[PREDICTION_KIND_COUNT] = {SIZE_MAX, SIZE_MAX};
        size_t r = p->start[i];
        for (size_t j = 0; j < t->n; j++) {
            for (; r < p->start[i + 1] && p->day[r] <= t->days[j]; r++) {
                last[p->kind[r]] = r;
            }
            for (size_t k = 0; k < PREDICTION_KIND_COUNT; k++) {
                bool there = last[k] != SIZE_MAX;
                put_cell(out, features[k].value, i, j, there, there ? p->probability[last[k]] : 0);
                put_cell(out, features[k].age, i, j, there,
                         there ? (double)t->days[j] - p->day[last[k]] : 0);
            }
        }
    }
    return STRATA_OK;
}

const kernel kernel_predictions = {ENTITY_PREDICTIONS, predictions_new, predictions_run,
                                   predictions_free};
