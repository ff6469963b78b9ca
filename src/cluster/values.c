/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/values.h"

#include <stdlib.h>

#include "base/auto.h"

static strata_status out_of_memory(const cluster_source *src, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", src->p->n_accounts);
}

static void mark(const rule *r, uint8_t *wanted)
{
    size_t n = 0;
    const size_t *slots = r != NULL ? rule_slots(r, &n) : NULL;
    for (size_t i = 0; i < n; i++) {
        wanted[slots[i]] = 1;
    }
}

strata_status cluster_slots(const cluster_source *src, const cluster_candidate *features, size_t n,
                            arena *a, const size_t **slots, size_t *n_slots, strata_error *err)
{
    const rule_scope *scope = &src->b->scope;
    STRATA_AUTO_FREE uint8_t *wanted = STRATA_NEW_ARRAY(scope->n_symbols, uint8_t);
    size_t *list = ARENA_NEW(a, scope->n_symbols + 1, size_t);
    if (wanted == NULL || list == NULL) {
        return out_of_memory(src, err);
    }
    mark(src->b->population, wanted);
    mark(src->where, wanted);
    for (size_t k = 0; k < n; k++) {
        mark(features[k].rule, wanted);
    }
    size_t count = 0;
    for (size_t slot = 0; slot < scope->n_symbols; slot++) {
        if (wanted[slot] && scope->symbols[slot].missing_because == NULL) {
            list[count++] = slot;
        }
    }
    *slots = list;
    *n_slots = count;
    return STRATA_OK;
}

/* What one evaluation works with. */
typedef struct reading {
    const cluster_source *src;
    rule_input in;
    column *columns;
    void *scratch;
    uint8_t *verdict;
} reading;

static void reading_done(reading *r)
{
    free(r->columns);
    free(r->scratch);
    free(r->verdict);
}

static size_t larger(size_t most, const rule *r)
{
    size_t bytes = r != NULL ? rule_scratch_bytes(r) : 0;
    return bytes > most ? bytes : most;
}

static strata_status reading_make(reading *r, const cluster_candidate *features, size_t n,
                                  const segmentation *s, day as_of, strata_error *err)
{
    const bound_model *b = r->src->b;
    size_t most = larger(larger(0, b->population), r->src->where);
    for (size_t k = 0; k < n; k++) {
        most = larger(most, features[k].rule);
    }
    r->columns = STRATA_NEW_ARRAY(b->scope.n_symbols, column);
    r->scratch = STRATA_NEW_ARRAY(most + 1, unsigned char);
    r->verdict = STRATA_NEW_ARRAY(r->src->p->n_accounts, uint8_t);
    if (r->columns == NULL || r->scratch == NULL || r->verdict == NULL) {
        return out_of_memory(r->src, err);
    }
    segmentation_columns(s, b->scope.n_symbols, r->columns);
    r->in = (rule_input){.now = {.columns = r->columns, .as_of = as_of}};
    return STRATA_OK;
}

/* Leaves inside[i] at 1 only where the condition holds; counts those it takes out. */
static size_t keep_only(reading *r, const rule *condition, uint8_t *inside)
{
    size_t out = 0;
    size_t n = r->src->p->n_accounts;
    if (condition == NULL) {
        return 0;
    }
    rule_eval_condition(condition, &r->in, n, r->verdict, r->scratch);
    for (size_t i = 0; i < n; i++) {
        bool drop = inside[i] && r->verdict[i] != RULE_YES;
        out += drop;
        inside[i] = inside[i] && !drop;
    }
    return out;
}

static strata_status evaluate(reading *r, const cluster_candidate *features, size_t n, arena *a,
                              cluster_values *v, strata_error *err)
{
    for (size_t k = 0; k < n; k++) {
        if (features[k].rule == NULL) {
            continue;
        }
        v->by_feature[k] = ARENA_NEW(a, v->n + 1, double);
        if (v->by_feature[k] == NULL) {
            return out_of_memory(r->src, err);
        }
        rule_eval_number(features[k].rule, &r->in, v->n, v->by_feature[k], r->scratch);
    }
    return STRATA_OK;
}

/* NOLINTNEXTLINE(readability-function-size): what it reads and what it makes, one each */
strata_status cluster_values_of(const cluster_source *src, const cluster_candidate *features,
                                size_t n, const segmentation *s, day as_of, arena *a,
                                cluster_values *out, strata_error *err)
{
    STRATA_CLEANUP(reading_done) reading r = {.src = src};
    cluster_values v = {.n = src->p->n_accounts, .as_of = as_of};
    STRATA_TRY(reading_make(&r, features, n, s, as_of, err));
    v.inside = ARENA_NEW(a, v.n + 1, uint8_t);
    v.by_feature = ARENA_NEW(a, n + 1, double *);
    if (v.inside == NULL || v.by_feature == NULL) {
        return out_of_memory(src, err);
    }
    for (size_t i = 0; i < v.n; i++) {
        v.inside[i] = src->p->exists_from[i] <= as_of;
    }
    v.n_outside = keep_only(&r, src->b->population, v.inside);
    v.n_elsewhere = keep_only(&r, src->where, v.inside);
    for (size_t i = 0; i < v.n; i++) {
        v.n_inside += v.inside[i];
    }
    STRATA_TRY(evaluate(&r, features, n, a, &v, err));
    *out = v;
    return STRATA_OK;
}

/* NOLINTNEXTLINE(readability-function-size): what it reads and what it makes, one each */
strata_status cluster_values_at(const context *cx, const cluster_source *src,
                                const cluster_candidate *features, size_t n, day as_of, arena *a,
                                cluster_values *out, strata_error *err)
{
    STRATA_AUTO(segmentation_free) segmentation *s = NULL;
    const size_t *slots = NULL;
    size_t n_slots = 0;
    STRATA_TRY(cluster_slots(src, features, n, a, &slots, &n_slots, err));
    segmentation_request request =
        SEGMENTATION_REQUEST(.dates = &as_of, .n_dates = 1, .keep_slots = slots,
                             .n_keep_slots = n_slots);
    request.keep_date = 0;
    STRATA_TRY(segmentation_run(cx, src->p, src->b, src->overrides, &request, &s, err));
    return cluster_values_of(src, features, n, s, as_of, a, out, err);
}
