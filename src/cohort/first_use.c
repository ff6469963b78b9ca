/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/first_use.h"

#include "panel/blocks.h"
#include "store/stmt.h"

typedef struct use_job {
    first_use *u;
    day until;
} use_job;

static void take_block(const use_job *job, const ledger_block *b)
{
    const usage_rows *rows = &b->usage;
    for (size_t i = 0; rows->start != NULL && i < b->n_accounts; i++) {
        day *first = job->u->day + ((size_t)b->first + i) * job->u->n_features;
        for (uint32_t k = rows->start[i]; k < rows->start[i + 1] && rows->day[k] <= job->until;
             k++) {
            int32_t f = rows->feature[k];
            if (f >= 0 && first[f] == DAY_MISSING) {
                first[f] = rows->day[k];
            }
        }
    }
}

static strata_status read_block(void *payload, size_t task, const ledger_block *block,
                                strata_error *err)
{
    (void)task;
    (void)err;
    take_block(payload, block);
    return STRATA_OK;
}

static day earliest(const day *days, size_t n)
{
    day first = DAY_MISSING;
    for (size_t i = 0; i < n; i++) {
        bool earlier = first == DAY_MISSING || days[i] < first;
        first = days[i] != DAY_MISSING && earlier ? days[i] : first;
    }
    return first;
}

strata_status first_use_read(const context *cx, const ledger_source *source,
                             const char *const *names, day until, arena *a, first_use **out,
                             strata_error *err)
{
    const ledger_info *info = source->info(source->self);
    size_t n = info->n_usage_features;
    if ((info->entities & 1U << ENTITY_USAGE) == 0 || n == 0) {
        return strata_fail(err, STRATA_E_DATA,
                           "there is no usage that names features; add a source 'usage' with a "
                           "column 'feature' and ingest again");
    }
    if (n > FIRST_USE_FEATURES_MAX) {
        return strata_fail(err, STRATA_E_DATA,
                           "usage names %zu features, %d is the most; put them into groups first",
                           n, FIRST_USE_FEATURES_MAX);
    }
    first_use *u = ARENA_NEW(a, 1, first_use);
    if (u != NULL) {
        *u = (first_use){.n_accounts = info->n_accounts,
                         .n_features = n,
                         .names = names,
                         .first_seen = info->feature_first_seen,
                         .recorded_from = earliest(info->feature_first_seen, n),
                         .day = ARENA_NEW(a, info->n_accounts * n + 1, day)};
    }
    if (u == NULL || u->day == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the first use of %zu features",
                           n);
    }
    for (size_t i = 0; i < u->n_accounts * n; i++) {
        u->day[i] = DAY_MISSING;
    }
    use_job job = {.u = u, .until = until};
    STRATA_TRY(blocks_read(cx, source, 1U << ENTITY_USAGE, until, read_block, &job, err));
    *out = u;
    return STRATA_OK;
}

static strata_status read_names(store_conn *conn, arena *a, size_t n, const char ***out,
                                strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    const char **names = ARENA_NEW(a, n + 1, const char *);
    bool more = true;
    STRATA_TRY(stmt_new(conn, "cohort/usage_features.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (size_t i = 0; i < n && names != NULL; i++) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            return strata_fail(err, STRATA_E_STORE,
                               "the store names %zu of %zu features; ingest "
                               "again",
                               i, n);
        }
        text_view name = stmt_get_text(s, 0);
        names[i] = arena_strndup(a, name.ptr, name.len);
        if (names[i] == NULL) {
            names = NULL;
        }
    }
    *out = names;
    return names != NULL ? STRATA_OK
                         : strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu features", n);
}

strata_status first_use_load(const context *cx, store_conn *conn, const ledger_source *source,
                             day until, arena *a, first_use **out, strata_error *err)
{
    const char **names = NULL;
    STRATA_TRY(read_names(conn, a, source->info(source->self)->n_usage_features, &names, err));
    return first_use_read(cx, source, names, until, a, out, err);
}
