/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/vec.h"
#include "source/fields.h"
#include "source/source.h"
#include "source/text/record.h"
#include "store/stmt.h"

static bool same(text_view v, const char *text)
{
    return strlen(text) == v.len && memcmp(text, v.ptr, v.len) == 0;
}

/* One line per entity of the model: its files together. */
static strata_status read_files(store_conn *c, ingest_source_summary *sources, size_t n,
                                strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, "source/source_files.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        for (size_t i = 0; i < n; i++) {
            ingest_source_summary *e = &sources[i];
            if (!same(stmt_get_text(s, 1), e->entity)) {
                continue;
            }
            day first = stmt_get_day(s, 9);
            day last = stmt_get_day(s, 10);
            e->n_files++;
            e->n_read += stmt_get_int(s, 6);
            e->n_loaded += stmt_get_int(s, 7);
            e->n_rejected += stmt_get_int(s, 8);
            if (first != DAY_MISSING && (e->first_day == DAY_MISSING || first < e->first_day)) {
                e->first_day = first;
            }
            e->last_day = last > e->last_day ? last : e->last_day;
        }
    }
}

typedef struct findings {
    VEC(ingest_finding) list;
} findings;

static void findings_done(findings *f)
{
    vec_free(&f->list);
}

static const char *copy(arena *a, text_view v)
{
    return v.ptr == NULL ? NULL : arena_strndup(a, v.ptr, v.len);
}

static strata_status read_findings(store_conn *c, arena *a, ingest_summary *out,
                                   ingest_source_summary *sources, strata_error *err)
{
    STRATA_CLEANUP(findings_done) findings found = {0};
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, "source/data_issues.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        ingest_finding f = {copy(a, stmt_get_text(s, 0)), copy(a, stmt_get_text(s, 1)),
                            stmt_get_int(s, 2), copy(a, stmt_get_text(s, 3))};
        for (size_t i = 0; f.entity != NULL && i < out->n_sources; i++) {
            if (strcmp(sources[i].entity, f.entity) != 0 || f.kind == NULL) {
                continue;
            }
            sources[i].n_left_out += strcmp(f.kind, "left_out") == 0 ? f.n : 0;
            sources[i].n_unknown_accounts += strcmp(f.kind, "unknown_accounts") == 0 ? f.n : 0;
        }
        if (f.entity == NULL || f.kind == NULL || !vec_push(&found.list, f)) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    ingest_finding *kept = ARENA_NEW(a, found.list.n + 1, ingest_finding);
    if (kept == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (found.list.n > 0) {
        memcpy(kept, found.list.data, found.list.n * sizeof *kept);
    }
    out->findings = kept;
    out->n_findings = found.list.n;
    return STRATA_OK;
}

typedef struct reasons {
    VEC(ingest_reason) list;
} reasons;

static void reasons_done(reasons *r)
{
    vec_free(&r->list);
}

static strata_status read_reasons(store_conn *c, arena *a, ingest_summary *out, strata_error *err)
{
    STRATA_CLEANUP(reasons_done) reasons found = {0};
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, "source/reject_reasons.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        ingest_reason r = {.entity = copy(a, stmt_get_text(s, 0)),
                           .column = copy(a, stmt_get_text(s, 1)),
                           .reason = copy(a, stmt_get_text(s, 2)),
                           .n = stmt_get_int(s, 3),
                           .path = copy(a, stmt_get_text(s, 4)),
                           .line = stmt_get_int(s, 5),
                           .value = copy(a, stmt_get_text(s, 6))};
        if (r.entity == NULL || r.reason == NULL || r.path == NULL || !vec_push(&found.list, r)) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    ingest_reason *kept = ARENA_NEW(a, found.list.n + 1, ingest_reason);
    if (kept == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (found.list.n > 0) {
        memcpy(kept, found.list.data, found.list.n * sizeof *kept);
    }
    out->reasons = kept;
    out->n_reasons = found.list.n;
    return STRATA_OK;
}

strata_status ingest_status(store *st, const model *m, arena *a, ingest_summary *out,
                            strata_error *err)
{
    store_conn *c = store_main(st);
    ingest_summary sum = {0};
    ingest_source_summary *sources = ARENA_NEW(a, m->n_sources + 1, ingest_source_summary);
    if (sources == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < m->n_sources; i++) {
        bool known = false;
        for (size_t k = 0; k < sum.n_sources; k++) {
            known = known || strcmp(sources[k].entity, m->sources[i].entity) == 0;
        }
        if (!known) {
            sources[sum.n_sources++] = (ingest_source_summary){.entity = m->sources[i].entity,
                                                               .path = m->sources[i].path,
                                                               .first_day = DAY_MISSING,
                                                               .last_day = DAY_MISSING};
        }
    }
    STRATA_TRY(read_files(c, sources, sum.n_sources, err));
    STRATA_TRY(read_findings(c, a, &sum, sources, err));
    STRATA_TRY(read_reasons(c, a, &sum, err));
    sum.sources = sources;
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, "source/count_accounts.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    bool more;
    STRATA_TRY(stmt_next(s, &more, err));
    sum.n_accounts = more ? stmt_get_int(s, 0) : 0;
    const char *text;
    STRATA_TRY(meta_get(c, a, "data_digest", &text, err));
    if (text != NULL) {
        memcpy(sum.data_digest, text, strnlen(text, DIGEST_TEXT - 1));
    }
    STRATA_TRY(meta_get(c, a, "accounts_derived", &text, err));
    sum.accounts_derived = text != NULL && strcmp(text, "yes") == 0;
    *out = sum;
    return STRATA_OK;
}
