/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/leans.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/make_figure.h"
#include "panel/blocks.h"
#include "store/stmt.h"

static const double LEVEL = 0.05;

typedef struct leaning {
    const study *s;
    size_t n_features, width; /* bytes of an account's bits */
    uint8_t *used;            /* [account * width]: bit per feature used in the time */
    uint8_t *active;          /* by account */
    size_t *counts;           /* [segment * n_features + feature]; the last segment: all */
    size_t *n_active;         /* by segment; the last: all */
    const char **names;
} leaning;

static void leaning_done(leaning *l)
{
    free(l->used);
    free(l->active);
    free(l->counts);
    free(l->n_active);
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for the use of features");
}

/* Each account is of one task only, so threads never write the same bytes. */
static strata_status mark_block(void *job, size_t task, const ledger_block *b, strata_error *err)
{
    leaning *l = job;
    const usage_rows *u = &b->usage;
    day until = l->s->v->as_of;
    (void)task;
    (void)err;
    for (size_t i = 0; i < b->n_accounts && u->start != NULL; i++) {
        size_t account = (size_t)b->first + i;
        for (size_t r = u->start[i]; r < u->start[i + 1]; r++) {
            if (u->day[r] > until || u->day[r] <= until - LEANS_DAYS) {
                continue;
            }
            l->active[account] = 1;
            if (u->feature[r] >= 0) {
                size_t f = (size_t)u->feature[r];
                l->used[account * l->width + f / 8] |= (uint8_t)(1U << f % 8);
            }
        }
    }
    return STRATA_OK;
}

static strata_status read_names(leaning *l, store_conn *conn, arena *a, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    size_t n = 0;
    l->names = ARENA_NEW(a, l->n_features + 1, const char *);
    STRATA_TRY(l->names != NULL ? STRATA_OK : no_memory(err));
    STRATA_TRY(stmt_new(conn, "cohort/usage_features.sql", &q, err));
    STRATA_TRY(stmt_execute(q, err));
    for (bool more = true; n < l->n_features;) {
        STRATA_TRY(stmt_next(q, &more, err));
        if (!more) {
            break;
        }
        text_view name = stmt_get_text(q, 0);
        l->names[n] = arena_strndup(a, name.ptr != NULL ? name.ptr : "", name.len);
        STRATA_TRY(l->names[n++] != NULL ? STRATA_OK : no_memory(err));
    }
    return STRATA_OK;
}

static strata_status count_use(leaning *l, const segment_code *codes, size_t n_segments,
                               strata_error *err)
{
    l->counts = STRATA_NEW_ARRAY((n_segments + 1) * l->n_features + 1, size_t);
    l->n_active = STRATA_NEW_ARRAY(n_segments + 1, size_t);
    if (l->counts == NULL || l->n_active == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < l->s->n; i++) {
        if (codes[i] >= n_segments || !l->active[i]) {
            continue;
        }
        l->n_active[codes[i]]++;
        l->n_active[n_segments]++;
        for (size_t f = 0; f < l->n_features; f++) {
            size_t used = l->used[i * l->width + f / 8] >> f % 8 & 1U;
            l->counts[codes[i] * l->n_features + f] += used;
            l->counts[n_segments * l->n_features + f] += used;
        }
    }
    return STRATA_OK;
}

static lean compare(const leaning *l, size_t n_segments, size_t g, size_t f)
{
    static const char method[] = "chi-square test of two shares";
    size_t hits = l->counts[g * l->n_features + f];
    size_t out = l->counts[n_segments * l->n_features + f] - hits;
    size_t n = l->n_active[g];
    size_t n_out = l->n_active[n_segments] - n;
    bool enough = (double)n >= l->s->minimum_accounts && (double)n_out >= l->s->minimum_accounts;
    return (lean){.feature = l->names[f],
                  .in = share_of(l->s, hits, n),
                  .out = share_of(l->s, out, n_out),
                  .difference = newcombe_interval(hits, n, out, n_out),
                  .test = enough ? test_of(two_proportions(hits, n, out, n_out), method,
                                           "difference of the shares")
                                 : test_not_done(method, "too few accounts to compare")};
}

static int largest_first(const void *x, const void *y)
{
    const lean *a = x;
    const lean *b = y;
    double da = fabs(a->test.effect);
    double db = fabs(b->test.effect);
    if (da < db || da > db) {
        return da > db ? -1 : 1;
    }
    return strcmp(a->feature, b->feature);
}

static strata_status choose(const leaning *l, const lean *all, arena *a, leans_segment *out,
                            strata_error *err)
{
    lean *more = ARENA_NEW(a, l->n_features + 1, lean);
    lean *less = ARENA_NEW(a, l->n_features + 1, lean);
    if (more == NULL || less == NULL) {
        return no_memory(err);
    }
    for (size_t f = 0; f < l->n_features; f++) {
        if (!all[f].test.done || all[f].test.p_holm >= LEVEL) {
            continue;
        }
        if (all[f].test.effect > 0.0) {
            more[out->n_more++] = all[f];
        } else {
            less[out->n_less++] = all[f];
        }
    }
    qsort(more, out->n_more, sizeof *more, largest_first);
    qsort(less, out->n_less, sizeof *less, largest_first);
    out->n_more = out->n_more < LEANS_SHOWN ? out->n_more : LEANS_SHOWN;
    out->n_less = out->n_less < LEANS_SHOWN ? out->n_less : LEANS_SHOWN;
    out->more = more;
    out->less = less;
    return STRATA_OK;
}

static strata_status compare_all(const leaning *l, size_t n_segments, arena *a, leans *out,
                                 strata_error *err)
{
    size_t n = n_segments * l->n_features;
    lean *all = ARENA_NEW(a, n + 1, lean);
    test_figure **tests = ARENA_NEW(a, n + 1, test_figure *);
    leans_segment *segments = ARENA_NEW(a, n_segments + 1, leans_segment);
    if (all == NULL || tests == NULL || segments == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        all[i] = compare(l, n_segments, i / l->n_features, i % l->n_features);
        tests[i] = &all[i].test;
    }
    STRATA_TRY(tests_correct(tests, n, err));
    for (size_t g = 0; g < n_segments; g++) {
        segments[g].active = l->n_active[g];
        segments[g].enough = (double)l->n_active[g] >= l->s->minimum_accounts;
        STRATA_TRY(choose(l, all + g * l->n_features, a, &segments[g], err));
    }
    for (size_t f = 0; f < l->n_features; f++) {
        out->features += l->counts[n_segments * l->n_features + f] > 0;
    }
    out->segments = segments;
    return STRATA_OK;
}

/* Who used what in the time. The features must be as many as the leaning holds. */
static strata_status sweep(leaning *l, store_conn *conn, arena *a, strata_error *err)
{
    const study *s = l->s;
    l->width = (l->n_features + 7) / 8;
    l->used = STRATA_NEW_ARRAY(s->n * l->width + 1, uint8_t);
    l->active = STRATA_NEW_ARRAY(s->n + 1, uint8_t);
    if (l->used == NULL || l->active == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(
        blocks_read(s->cx, s->v->p->ledgers, 1U << ENTITY_USAGE, s->v->as_of, mark_block, l, err));
    return read_names(l, conn, a, err);
}

strata_status leans_make(const study *s, store_conn *conn, const segment_code *codes,
                         size_t n_segments, arena *a, leans *out, strata_error *err)
{
    const ledger_info *info = s->v->p->info;
    leans result = {.n_segments = n_segments};
    STRATA_CLEANUP(leaning_done) leaning l = {.s = s, .n_features = info->n_usage_features};
    if (l.n_features == 0 || l.n_features > LEANS_FEATURES_MAX) {
        result.why = l.n_features == 0 ? "needs usage with a column for the feature"
                                       : "there are more than 4,096 features";
        *out = result;
        return STRATA_OK;
    }
    STRATA_TRY(sweep(&l, conn, a, err));
    STRATA_TRY(count_use(&l, codes, n_segments, err));
    STRATA_TRY(compare_all(&l, n_segments, a, &result, err));
    *out = result;
    return STRATA_OK;
}

static void mark_without(const leaning *l, const char *feature, uint8_t *out)
{
    for (size_t f = 0; feature != NULL && f < l->n_features; f++) {
        if (l->names[f] == NULL || strcmp(l->names[f], feature) != 0) {
            continue;
        }
        for (size_t i = 0; i < l->s->n; i++) {
            bool used = (l->used[i * l->width + f / 8] >> f % 8 & 1U) != 0;
            out[i] = l->active[i] && !used;
        }
        return;
    }
}

strata_status leans_without(const study *s, store_conn *conn, const char *const *features, size_t n,
                            uint8_t *out, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_CLEANUP(leaning_done)
    leaning l = {.s = s, .n_features = s->v->p->info->n_usage_features};
    memset(out, 0, n * s->n);
    if (l.n_features == 0 || l.n_features > LEANS_FEATURES_MAX) {
        return STRATA_OK;
    }
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(sweep(&l, conn, a, err));
    for (size_t k = 0; k < n; k++) {
        mark_without(&l, features[k], out + k * s->n);
    }
    return STRATA_OK;
}
