/* SPDX-License-Identifier: Apache-2.0 */
#include "source/facts.h"

#include <stdio.h>
#include <string.h>

#include "base/strbuf.h"
#include "source/references.h"
#include "source/text/record.h"
#include "source/text/scan.h"
#include "source/usage/load.h"
#include "store/stmt.h"

static strata_status run_named(ingest_job *j, const char *pattern, const char *name,
                               strata_error *err)
{
    char file[80];
    (void)snprintf(file, sizeof file, "source/%s_%s.sql", pattern, name);
    return stmt_run(j->conn, file, err);
}

strata_status facts_check_rejects(const ingest_job *j, size_t source, strata_error *err)
{
    int64_t n_read = 0;
    int64_t n_rejected = 0;
    STRBUF_AUTO strbuf reasons;
    strbuf_init(&reasons, 0);
    int shown = 0;
    for (size_t i = 0; i < j->n_files; i++) {
        if (j->files[i].source == source) {
            n_read += j->files[i].n_read;
            n_rejected += j->files[i].n_rejected;
        }
    }
    if ((double)n_rejected <= (double)n_read * j->m->ingest.rejects_allowed) {
        return STRATA_OK;
    }
    for (size_t i = 0; i < j->rejects.n && shown < 3; i++) {
        const file_reject *r = &j->rejects.data[i];
        if (j->files[r->file_no].source == source) {
            strbuf_printf(&reasons, "%s line %lld: %s%s%s", shown++ > 0 ? "; " : "",
                          (long long)r->what.line,
                          r->what.column_name != NULL ? r->what.column_name : "",
                          r->what.column_name != NULL ? " " : "", r->what.reason);
            if (r->what.value[0] != '\0') {
                strbuf_printf(&reasons, " ('%s')", r->what.value);
            }
        }
    }
    STRATA_TRY(strbuf_status(&reasons, err));
    return strata_fail(err, STRATA_E_DATA,
                       "%s: %lld of %lld rows of %s are refused, more than the %.3g %% that "
                       "ingest.rejects_allowed permits:%s",
                       j->m->sources[source].entity, (long long)n_rejected, (long long)n_read,
                       j->m->sources[source].path, j->m->ingest.rejects_allowed * 100,
                       strbuf_text(&reasons));
}

/* Rejects the second and later rows of an id. */
static strata_status reject_duplicates(ingest_job *j, source_table table, strata_error *err)
{
    const table_spec *t = table_get(table);
    size_t id = table_id_field(t);
    if (id == SIZE_MAX && table != TABLE_SNAPSHOTS) {
        return STRATA_OK;
    }
    char file[80];
    (void)snprintf(file, sizeof file, "source/duplicates_%s.sql", t->name);
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(j->conn, file, &s, err));
    STRATA_TRY(stmt_execute(s, err));
    size_t n_found = 0;
    for (bool more;; n_found++) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        int64_t place = stmt_get_int(s, 0);
        int32_t file_no = place_file(place);
        reject r = {.line = place_line(place),
                    .column_name = id == SIZE_MAX ? "date" : t->fields[id].name,
                    .reason = id == SIZE_MAX ? "an earlier row has this account and date"
                                             : "an earlier row has this id"};
        text_view v = id == SIZE_MAX ? (text_view){"", 0} : stmt_get_text(s, 1);
        size_t len = v.len < REJECT_VALUE - 1 ? v.len : REJECT_VALUE - 1;
        memcpy(r.value, v.ptr, len);
        if (j->files[file_no].n_rejected++ < REJECTS_PER_FILE) {
            STRATA_TRY(job_reject(j, file_no, &r, err));
        }
    }
    return n_found == 0 ? STRATA_OK : run_named(j, "drop_duplicates", t->name, err);
}

/* The ids that rows of another table find their account by. */
static strata_status gather_via(ingest_job *j, source_table table, strata_error *err)
{
    const table_spec *t = table_get(table);
    account_map *m = &j->via[table];
    char file[80];
    (void)snprintf(file, sizeof file, "source/via_%s.sql", t->name);
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(j->conn, file, &s, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(dict_new(&m->ids, err));
    VEC(int32_t) numbers = {0};
    strata_status st = STRATA_OK;
    for (size_t n = 1; st == STRATA_OK && n > 0;) {
        st = stmt_next_chunk(s, &n, err);
        for (size_t i = 0; st == STRATA_OK && i < n; i++) {
            int32_t code;
            st = dict_add(m->ids, stmt_text(s, 0, i), &code, err);
            if (st == STRATA_OK && !vec_push(&numbers, stmt_int32(s, 1)[i])) {
                st = strata_fail(err, STRATA_E_NOMEM, "out of memory");
            }
        }
    }
    if (st == STRATA_OK) {
        int32_t *copy = ARENA_NEW(j->a, numbers.n + 1, int32_t);
        if (copy == NULL) {
            st = strata_fail(err, STRATA_E_NOMEM, "out of memory");
        } else if (numbers.n > 0) {
            memcpy(copy, numbers.data, numbers.n * sizeof *copy);
        }
        m->number = copy;
    }
    vec_free(&numbers);
    return st;
}

/* Does a source find its accounts through this table? */
static bool is_via(const ingest_job *j, source_table table)
{
    for (size_t i = 0; i < j->m->n_sources; i++) {
        if (j->m->sources[i].via != NULL && table_find(j->m->sources[i].via) == table) {
            return true;
        }
    }
    return false;
}

static strata_status load_table(ingest_job *j, source_table table, const model_source *src,
                                strata_error *err)
{
    const table_spec *t = table_get(table);
    STRATA_TRY(run_named(j, "clear", entity_name(t->entity), err));
    if (t->entity == ENTITY_ARR) {
        int64_t n_below = 0;
        STRATA_TRY(arr_load(j, table, src->end_is_last_day, &n_below, err));
        return n_below == 0 ? STRATA_OK
                            : record_finding(j, "arr", "arr_below_zero", n_below,
                                             "movements took ARR below 0; it was kept at 0", err);
    }
    STRATA_TRY(table == TABLE_CSMS ? references_note_hours(j, err) : STRATA_OK);
    return table == TABLE_USAGE ? usage_load(j, err) : run_named(j, "insert", t->name, err);
}

strata_status facts_load(ingest_job *j, entity e, strata_error *err)
{
    source_table table = TABLE_COUNT;
    const model_source *first = NULL;
    for (size_t i = 0; i < j->m->n_sources; i++) {
        const model_source *src = &j->m->sources[i];
        if (table_get(table_of(src))->entity != e) {
            continue;
        }
        if (first == NULL) {
            first = src;
            table = table_of(src);
            STRATA_TRY(run_named(j, "stage", table_get(table)->name, err));
            STRATA_TRY(e == ENTITY_USAGE ? usage_begin(j, err) : STRATA_OK);
        } else if (table_of(src) != table || src->end_is_last_day != first->end_is_last_day) {
            return strata_fail(err, STRATA_E_MODEL,
                               "%s:%d:%d: all arr sources must have the same form and end_is",
                               src->place.file, src->place.line, src->place.column);
        }
        STRATA_TRY(scan_source(j, i, false, err));
    }
    if (first == NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(reject_duplicates(j, table, err));
    for (size_t i = 0; i < j->m->n_sources; i++) {
        if (table_of(&j->m->sources[i]) == table) {
            STRATA_TRY(facts_check_rejects(j, i, err));
        }
    }
    if (is_via(j, table)) {
        STRATA_TRY(gather_via(j, table, err));
    }
    STRATA_TRY(load_table(j, table, first, err));
    STRATA_TRY(record_files(j, table, err));
    return run_named(j, "stage", table_get(table)->name, err); /* gives the memory back */
}
