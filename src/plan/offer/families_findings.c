/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "plan/coverage/stakes.h"
#include "plan/offer/families.h"

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for account trees");
}

static void count(family_finding *f, int64_t value)
{
    f->n++;
    f->value_minor += value;
}

static bool several(uint8_t bits)
{
    return (bits & (bits - 1U)) != 0;
}

/* Edges of the first dimension in bands of health; those of all figures without one. */
static void find_edges(const view *v, family_findings *out)
{
    out->green = HEALTH_GREEN_FROM;
    out->red = HEALTH_RED_UNDER;
    for (size_t i = 0; i < v->b->model->n_dimensions; i++) {
        const model_dimension *d = &v->b->model->dimensions[i];
        bool health = d->of.text != NULL && strcmp(d->of.text, "health") == 0;
        if (d->kind == DIMENSION_BANDS && d->n_bands >= 2 && health) {
            out->green = d->bands[0].from;
            out->red = d->bands[d->n_bands - 2].from;
            return;
        }
    }
}

typedef struct risky_account {
    uint32_t account;
    int64_t value;
} risky_account;

static int worth_most_first(const void *left, const void *right)
{
    const risky_account *a = left;
    const risky_account *b = right;
    if (a->value != b->value) {
        return a->value > b->value ? -1 : 1;
    }
    return (a->account > b->account) - (a->account < b->account);
}

static strata_status find_risky(const families *f, arena *a, family_findings *out,
                                strata_error *err)
{
    STRATA_AUTO_FREE risky_account *list = STRATA_NEW_ARRAY(f->n + 1, risky_account);
    uint32_t *risky = ARENA_NEW(a, f->n + 1, uint32_t);
    if (list == NULL || risky == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < f->n; i++) {
        const family_member *m = &f->members[i];
        bool fits = m->parent != FAMILY_NONE && m->own_minor > 0 && m->own_health < out->red &&
                    f->members[m->parent].own_minor > 0 &&
                    f->members[m->parent].own_health >= out->green;
        if (fits) {
            list[out->at_risk.n] = (risky_account){(uint32_t)i, m->own_minor};
            count(&out->at_risk, m->own_minor);
        }
    }
    qsort(list, out->at_risk.n, sizeof *list, worth_most_first);
    for (size_t i = 0; i < out->at_risk.n; i++) {
        risky[i] = list[i].account;
    }
    out->risky = risky;
    return STRATA_OK;
}

/* --- as one account --- */

static const bound_def *find_tiers(const bound_model *b)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        const bound_def *def = &b->defs[i];
        if (def->kind == DEF_DIMENSION && b->model->dimensions[def->index].ordered &&
            b->model->dimensions[def->index].kind == DIMENSION_TIERS &&
            bound_reads(def, FEATURE_ARR)) {
            return def;
        }
    }
    return NULL;
}

/* The first rule that holds of each account, where its ARR is that of all it stands for. */
static strata_status place_as_one(const view *v, const bound_def *def, const column *columns,
                                  segment_code *out, strata_error *err)
{
    size_t n = v->p->n_accounts;
    const rule_input in = {.now = {.columns = columns, .as_of = v->as_of}};
    STRATA_AUTO_FREE uint8_t *holds = STRATA_NEW_ARRAY(n + 1, uint8_t);
    if (holds == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        out[i] = SEGMENT_ABSENT;
    }
    for (size_t t = 0; t < def->n_rules; t++) {
        const rule *r = def->rules[t];
        memset(holds, RULE_YES, n);
        if (r != NULL) {
            STRATA_AUTO_FREE unsigned char *scratch =
                STRATA_NEW_ARRAY(rule_scratch_bytes(r) + 1, unsigned char);
            if (scratch == NULL) {
                return no_memory(err);
            }
            rule_eval_condition(r, &in, n, holds, scratch);
        }
        for (size_t i = 0; i < n; i++) {
            bool here = out[i] == SEGMENT_ABSENT && holds[i] == RULE_YES;
            out[i] = here ? (segment_code)t : out[i];
        }
    }
    return STRATA_OK;
}

static strata_status find_better(const view *v, const families *f, arena *a, family_findings *out,
                                 strata_error *err)
{
    size_t n_symbols = v->b->scope.n_symbols;
    STRATA_AUTO_FREE column *columns = STRATA_NEW_ARRAY(n_symbols + 1, column);
    STRATA_AUTO_FREE double *arr = STRATA_NEW_ARRAY(f->n + 1, double);
    segment_code *as_one = ARENA_NEW(a, f->n + 1, segment_code);
    if (columns == NULL || arr == NULL || as_one == NULL) {
        return no_memory(err);
    }
    segmentation_columns(v->s, n_symbols, columns);
    for (size_t i = 0; i < f->n; i++) {
        arr[i] = (double)f->members[i].sum_minor / 100.0;
    }
    columns[FEATURE_ARR].num = arr;
    STRATA_TRY(place_as_one(v, out->tiers, columns, as_one, err));
    const segment_code *now = segmentation_codes(v->s, out->tiers, v->now_at);
    for (size_t k = 0; k < f->n_heads; k++) {
        uint32_t i = f->heads[k];
        bool both = now[i] < SEGMENTS_MAX && as_one[i] < SEGMENTS_MAX;
        if (both && as_one[i] < now[i]) {
            count(&out->better, f->members[i].sum_minor);
        }
    }
    out->as_one = as_one;
    return STRATA_OK;
}

strata_status families_find(const view *v, const families *f, arena *a, family_findings *out,
                            strata_error *err)
{
    family_findings found = {.tiers = v->has_arr ? find_tiers(v->b) : NULL};
    find_edges(v, &found);
    for (size_t k = 0; k < f->n_heads; k++) {
        const family_member *m = &f->members[f->heads[k]];
        if (several(m->touches)) {
            count(&found.mixed_touch, m->sum_minor);
        }
        if (m->managers_differ) {
            count(&found.mixed_managers, m->sum_minor);
        }
    }
    STRATA_TRY(find_risky(f, a, &found, err));
    if (found.tiers != NULL) {
        STRATA_TRY(find_better(v, f, a, &found, err));
    }
    *out = found;
    return STRATA_OK;
}
