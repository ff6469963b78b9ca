/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "history/history.h"
#include "segment/view.h"

/* Counts by definition and code of one date; the outside comes behind the segments. */
typedef struct tally {
    int64_t *accounts, *arr;
} tally;

typedef struct sizes_job {
    const history_review *r;
    tally *tallies;                  /* [date - first][def] */
    const size_t *n_codes;           /* by def: segments + 1; 0 for other than dimensions */
    int64_t *n_accounts, *arr_minor; /* by date - first */
} sizes_job;

static size_t place_of(segment_code code, size_t n_codes)
{
    return code == SEGMENT_OUTSIDE ? n_codes - 1 : code;
}

/* Whole cents add up the same in any order, so threads may add as they come. */
static void add(int64_t *to, int64_t x)
{
#pragma omp atomic
    *to += x;
}

static strata_status count_block(void *payload, const panel_block *block, strata_error *err)
{
    sizes_job *job = payload;
    const bound_model *b = job->r->b;
    (void)err;
    for (size_t d = 0; d < block->n_dates; d++) {
        const double *arr = block->values + d * block->n_features * block->n_accounts;
        for (size_t def = 0; def < b->n_defs; def++) {
            if (job->n_codes[def] == 0) {
                continue;
            }
            const segment_code *codes =
                segmentation_codes(job->r->s, &b->defs[def], job->r->first + d) + block->first;
            const tally *t = &job->tallies[d * b->n_defs + def];
            for (size_t i = 0; i < block->n_accounts; i++) {
                if (codes[i] != SEGMENT_ABSENT) {
                    size_t at = place_of(codes[i], job->n_codes[def]);
                    add(&t->accounts[at], 1);
                    add(&t->arr[at], money_minor(arr[i]));
                }
            }
        }
        int64_t there = 0;
        int64_t total = 0;
        for (size_t i = 0; i < block->n_accounts; i++) {
            there += job->r->p->exists_from[(size_t)block->first + i] <=
                     job->r->dates[job->r->first + d];
            total += money_minor(arr[i]);
        }
        add(&job->n_accounts[d], there);
        add(&job->arr_minor[d], total);
    }
    return STRATA_OK;
}

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory counting segments");
}

static strata_status alloc_tallies(sizes_job *job, size_t n_dates, arena *a, strata_error *err)
{
    const bound_model *b = job->r->b;
    size_t *n_codes = ARENA_NEW(a, b->n_defs, size_t);
    job->tallies = ARENA_NEW(a, n_dates * b->n_defs, tally);
    job->n_accounts = ARENA_NEW(a, n_dates, int64_t);
    job->arr_minor = ARENA_NEW(a, n_dates, int64_t);
    if (n_codes == NULL || job->tallies == NULL || job->n_accounts == NULL ||
        job->arr_minor == NULL) {
        return out_of_memory(err);
    }
    for (size_t def = 0; def < b->n_defs; def++) {
        if (b->defs[def].kind != DEF_DIMENSION) {
            continue;
        }
        size_t n = 0;
        (void)bound_segments(b, &b->defs[def], &n);
        n_codes[def] = n + 1;
        for (size_t d = 0; d < n_dates; d++) {
            tally *t = &job->tallies[d * b->n_defs + def];
            t->accounts = ARENA_NEW(a, n + 1, int64_t);
            t->arr = ARENA_NEW(a, n + 1, int64_t);
            if (t->accounts == NULL || t->arr == NULL) {
                return out_of_memory(err);
            }
        }
    }
    job->n_codes = n_codes;
    return STRATA_OK;
}

/* Rows of one date: every segment, also the empty ones; the outside if anyone is there. */
static strata_status list_rows(const sizes_job *job, size_t d, arena *a, history_sizes *out,
                               strata_error *err)
{
    const bound_model *b = job->r->b;
    size_t n = 0;
    for (size_t def = 0; def < b->n_defs; def++) {
        n += job->n_codes[def];
    }
    history_size *rows = ARENA_NEW(a, n, history_size);
    if (rows == NULL) {
        return out_of_memory(err);
    }
    size_t at = 0;
    for (size_t def = 0; def < b->n_defs; def++) {
        const tally *t = &job->tallies[d * b->n_defs + def];
        for (size_t k = 0; k < job->n_codes[def]; k++) {
            bool outside = k + 1 == job->n_codes[def];
            if (!outside || t->accounts[k] > 0) {
                rows[at++] = (history_size){.def = def,
                                            .code = outside ? (segment_code)SEGMENT_OUTSIDE
                                                            : (segment_code)k,
                                            .accounts = t->accounts[k],
                                            .arr_minor = t->arr[k]};
            }
        }
    }
    *out = (history_sizes){.rows = rows,
                           .n_rows = at,
                           .n_accounts = job->n_accounts[d],
                           .arr_minor = job->arr_minor[d],
                           .has_arr = job->r->p->symbols[FEATURE_ARR].missing_because == NULL};
    return STRATA_OK;
}

strata_status history_count(const context *cx, history_review *review, arena *a, strata_error *err)
{
    size_t n_dates = review->n_dates - review->first;
    const feature_id features[] = {FEATURE_ARR};
    sizes_job job = {.r = review};
    STRATA_TRY(alloc_tallies(&job, n_dates, a, err));
    STRATA_TRY(panel_sweep(cx, review->p->ledgers, features, 1, review->dates + review->first,
                           n_dates, count_block, &job, err));
    history_sizes *sizes = ARENA_NEW(a, n_dates, history_sizes);
    if (sizes == NULL) {
        return out_of_memory(err);
    }
    for (size_t d = 0; d < n_dates; d++) {
        STRATA_TRY(list_rows(&job, d, a, &sizes[d], err));
    }
    review->sizes = sizes;
    return STRATA_OK;
}
