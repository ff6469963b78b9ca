/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/text/scan.h"
#include "source/text/scan_private.h"
#include "source/usage/load.h"
#include "store/stmt.h"

enum { MAX_STAGE_COLUMNS = 24, APPEND_ROWS = 65536 };

char scan_delimiter(const model_source *s)
{
    if (s->delimiter == NULL) {
        size_t n = strlen(s->path);
        bool tsv =
            n > 4 && (strcmp(s->path + n - 4, ".tsv") == 0 || strcmp(s->path + n - 4, ".tab") == 0);
        return tsv ? '\t' : 0;
    }
    if (strcmp(s->delimiter, "tab") == 0 || strcmp(s->delimiter, "\\t") == 0) {
        return '\t';
    }
    return (char)(strcmp(s->delimiter, "space") == 0 ? ' ' : s->delimiter[0]);
}

strata_status job_reject(ingest_job *j, int32_t file_no, const reject *r, strata_error *err)
{
    const input_file *f = &j->files[file_no];
    if (j->options.strict) {
        return strata_fail(
            err, STRATA_E_DATA, "%s:%lld%s%s: %s%s%s%s", f->path, (long long)r->line,
            r->column_name != NULL ? ": column " : "", r->column_name != NULL ? r->column_name : "",
            r->reason, r->value[0] != '\0' ? " ('" : "", r->value, r->value[0] != '\0' ? "')" : "");
    }
    if (!vec_push(&j->rejects, (file_reject){file_no, *r})) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    return STRATA_OK;
}

static strata_status take_rejects(scan *s, int32_t file_no, int64_t line, const parsed *r,
                                  strata_error *err)
{
    ingest_job *j = s->job;
    input_file *f = &j->files[file_no];
    int64_t kept = f->n_rejected;
    for (size_t i = 0; i < r->rejects.n && kept < REJECTS_PER_FILE; i++, kept++) {
        reject what = r->rejects.data[i];
        what.line += line;
        STRATA_TRY(job_reject(j, file_no, &what, err));
    }
    f->n_read += (int64_t)r->n_read;
    f->n_rejected += (int64_t)r->n_rejected;
    f->n_left_out += (int64_t)r->n_left_out;
    j->n_unknown[table_of(s->source)] += (int64_t)r->n_unknown_accounts;
    return STRATA_OK;
}

static strata_status stage_rows(const scan *s, const parsed *r, strata_error *err)
{
    append_column columns[MAX_STAGE_COLUMNS] = {{.type = COLUMN_INT64, .data = r->lines}};
    for (size_t i = 0; i < r->n_fields; i++) {
        columns[i + 1] =
            (append_column){parse_column_type(s->table->fields[i].kind), r->columns[i], NULL};
    }
    return append_rows(s->stage, columns, r->n_fields + 1, r->n_rows, err);
}

static strata_status stage_attributes(const scan *s, const plan *p, const parsed *r,
                                      strata_error *err)
{
    STRATA_AUTO_FREE text_view *names = STRATA_NEW_ARRAY(r->n_rows + 1, text_view);
    STRATA_AUTO_FREE text_view *values = STRATA_NEW_ARRAY(r->n_rows + 1, text_view);
    STRATA_AUTO_FREE int64_t *places = STRATA_NEW_ARRAY(r->n_rows + 1, int64_t);
    if (names == NULL || values == NULL || places == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t e = 0; e < p->n_extras; e++) {
        size_t n = 0;
        text_view name = {p->extras[e].name, strlen(p->extras[e].name)};
        for (size_t row = 0; row < r->n_rows; row++) {
            text_view v = r->extras[row * p->n_extras + e];
            if (v.ptr != NULL && !value_is_empty(v.ptr, v.len)) {
                names[n] = name;
                places[n] = r->lines[row];
                values[n++] = v;
            }
        }
        append_column columns[] = {{.type = COLUMN_INT64, .data = places},
                                   {.type = COLUMN_TEXT, .data = names},
                                   {.type = COLUMN_TEXT, .data = values}};
        STRATA_TRY(append_rows(s->attributes, columns, 3, n, err));
    }
    return STRATA_OK;
}

strata_status scan_settle(scan *s, int32_t file_no, int64_t line, parsed *r, strata_error *err)
{
    STRATA_TRY(take_rejects(s, file_no, line, r, err));
    for (size_t i = 0; i < r->n_fields; i++) {
        s->evidence[i] |= r->evidence[i];
    }
    if (r->currency[0] != '\0') {
        return strata_fail(
            err, STRATA_E_MODEL,
            "%s has amounts in %s, and there is no rate for it; add `ingest: {rates: "
            "{%s: ...}}`, what one %s is worth in %s",
            s->job->files[file_no].path, r->currency, r->currency, r->currency,
            s->job->m->business.currency);
    }
    return STRATA_OK;
}

strata_status scan_stage(const scan *s, const plan *p, int32_t file_no, int64_t line, parsed *r,
                         strata_error *err)
{
    if (s->stage == NULL || r->n_rows == 0) {
        return STRATA_OK;
    }
    int64_t base = ((int64_t)file_no << PLACE_LINE_BITS) + line;
    if (usage_is_gathered(p)) {
        return usage_gather(s->job, file_no, r, err);
    }
    for (size_t i = 0; i < r->n_rows; i++) {
        r->lines[i] += base;
    }
    STRATA_TRY(stage_rows(s, r, err));
    return s->attributes == NULL ? STRATA_OK : stage_attributes(s, p, r, err);
}

strata_status scan_take(scan *s, const plan *p, int32_t file_no, int64_t line, parsed *r,
                        strata_error *err)
{
    STRATA_TRY(scan_settle(s, file_no, line, r, err));
    return scan_stage(s, p, file_no, line, r, err);
}

strata_status scan_rest(const scan *s, strata_error *err)
{
    dict_settle(s->job->features);
    dict_settle(s->job->users);
    dict_settle(s->job->accounts.ids);
    return s->table->table == TABLE_USAGE ? usage_rows_relieve(s->job->cx, s->job->usage, err)
                                          : STRATA_OK;
}

static strata_status stage_open(scan *s, strata_error *err)
{
    char name[64];
    (void)snprintf(name, sizeof name, "stage_%s", s->table->name);
    STRATA_TRY(appender_new(s->job->conn, name, &s->stage, err));
    if (table_of(s->source) == TABLE_ACCOUNTS) {
        STRATA_TRY(appender_new(s->job->conn, "stage_attribute", &s->attributes, err));
    }
    return STRATA_OK;
}

static strata_status read_files(scan *s, strata_error *err)
{
    ingest_job *j = s->job;
    for (size_t i = 0; i < j->n_files; i++) {
        if (j->files[i].source != s->source_no) {
            continue;
        }
        STRATA_TRY(context_check(j->cx, err));
        const char *reader = scan_reader(s->source, j->files[i].path);
        STRATA_TRY(reader == NULL ? scan_csv(s, (int32_t)i, err)
                                  : scan_query(s, (int32_t)i, reader, err));
    }
    if (s->stage != NULL) {
        STRATA_TRY(appender_finish(s->stage, err));
    }
    return s->attributes == NULL ? STRATA_OK : appender_finish(s->attributes, err);
}

/* Forgets what a pass gave, before the next. */
static strata_status start_over(scan *s, strata_error *err)
{
    ingest_job *j = s->job;
    size_t kept = 0;
    for (size_t i = 0; i < j->rejects.n; i++) {
        if (j->files[j->rejects.data[i].file_no].source != s->source_no) {
            j->rejects.data[kept++] = j->rejects.data[i];
        }
    }
    j->rejects.n = kept;
    j->n_unknown[table_of(s->source)] = 0;
    if (s->table->table == TABLE_USAGE) {
        usage_rows_rewind(j->usage);
    }
    char name[64];
    (void)snprintf(name, sizeof name, "source/unstage_%s.sql", s->table->name);
    for (size_t i = 0; i < j->n_files; i++) {
        input_file *f = &j->files[i];
        if (f->source != s->source_no) {
            continue;
        }
        f->n_read = f->n_rejected = f->n_left_out = f->n_kept = f->n_future = 0;
        if (s->stage != NULL) {
            STRATA_AUTO(stmt_free) stmt *q = NULL;
            STRATA_TRY(stmt_new(j->conn, name, &q, err));
            STRATA_TRY(stmt_bind_int64(q, "file_no", (int64_t)i, err));
            STRATA_TRY(stmt_execute(q, err));
        }
    }
    return STRATA_OK;
}

static bool settle_styles(const scan *s)
{
    bool again = false;
    for (size_t i = 0; i < s->table->n_fields; i++) {
        value_style settled;
        if (value_settle(s->evidence[i], &s->styles[i], &settled)) {
            s->styles[i] = settled;
            again = true;
        }
        s->evidence[i] = 0;
    }
    return again;
}

/* The model's `kind` for rows without one; -1. */
static int kind_of(const scan *s)
{
    const char *kind = s->source->kind;
    size_t f = table_field(s->table, "kind");
    return kind == NULL || f == SIZE_MAX
               ? -1
               : field_word(s->table->fields[f].kind, (text_view){kind, strlen(kind)});
}

static strata_status prepare_scan(scan *s, strata_error *err)
{
    ingest_job *j = s->job;
    const model_source *src = s->source;
    s->styles = ARENA_NEW(j->a, s->table->n_fields, value_style);
    s->evidence = ARENA_NEW(j->a, s->table->n_fields, unsigned);
    if (s->styles == NULL || s->evidence == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    value_style style = {.zone = &j->zone};
    if (src->date_format != NULL && !value_order_of(src->date_format, &style.order)) {
        return strata_fail(err, STRATA_E_MODEL,
                           "%s:%d:%d: date_format '%s' has no day and month; write d/m/y or m/d/y",
                           src->place.file, src->place.line, src->place.column, src->date_format);
    }
    if (src->decimal != NULL) {
        style.decimal = src->decimal[0] == ',' ? DECIMAL_COMMA : DECIMAL_DOT;
    }
    for (size_t i = 0; i < s->table->n_fields; i++) {
        s->styles[i] = style;
    }
    double months = src->period == NULL
                        ? 12
                        : field_word(FIELD_PERIOD, (text_view){src->period, strlen(src->period)});
    source_table via = src->via == NULL ? TABLE_COUNT : table_find(src->via);
    s->look = (lookups){
        .accounts = &j->accounts,
        .via = via != TABLE_COUNT && j->via[via].ids != NULL ? &j->via[via] : NULL,
        .features = j->features,
        .users = j->users,
        .rates = j->rates,
        .n_rates = j->n_rates,
        .styles = s->styles,
        .months = months > 0 ? months : 12,
        .kind = kind_of(s),
    };
    return STRATA_OK;
}

strata_status scan_source(ingest_job *j, size_t source_no, bool gather, strata_error *err)
{
    const model_source *src = &j->m->sources[source_no];
    scan s = {.job = j,
              .source_no = source_no,
              .source = src,
              .table = table_get(table_of(src)),
              .gather = gather};
    STRATA_TRY(prepare_scan(&s, err));
    if (s.table->table == TABLE_USAGE) {
        usage_rows_mark(j->usage);
    }
    STRATA_TRY(start_over(&s, err));
    bool again = false;
    do {
        strata_status st = gather ? STRATA_OK : stage_open(&s, err);
        st = st == STRATA_OK ? read_files(&s, err) : st;
        again = st == STRATA_OK && settle_styles(&s);
        if (again) {
            st = start_over(&s, err);
        }
        appender_free(s.stage);
        appender_free(s.attributes);
        s.stage = s.attributes = NULL;
        if (st != STRATA_OK) {
            return st;
        }
    } while (again);
    return STRATA_OK;
}
