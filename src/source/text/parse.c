/* SPDX-License-Identifier: Apache-2.0 */
#include "source/text/parse.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/check.h"
#include "source/lookup.h"
#include "source/text/encoding.h"
#include "source/text/formula.h"

column_type parse_column_type(field_kind kind)
{
    switch (kind) {
    case FIELD_ACCOUNT:
    case FIELD_DAY:
    case FIELD_FEATURE:
    case FIELD_USER:
        return COLUMN_DAY;
    case FIELD_ID:
    case FIELD_TEXT:
    case FIELD_CURRENCY:
        return COLUMN_TEXT;
    case FIELD_MONEY:
    case FIELD_NUMBER:
    case FIELD_BOOL:
    case FIELD_PERIOD:
    case FIELD_SEVERITY:
    case FIELD_SURVEY_KIND:
    case FIELD_ROLE:
    case FIELD_DEAL_KIND:
    case FIELD_STAGE:
        break;
    }
    return COLUMN_DOUBLE;
}

static size_t width_of(field_kind kind)
{
    column_type type = parse_column_type(kind);
    return type == COLUMN_DAY    ? sizeof(int32_t)
           : type == COLUMN_TEXT ? sizeof(text_view)
                                 : sizeof(double);
}

strata_status parsed_init(parsed *out, const plan *p, strata_error *err)
{
    *out = (parsed){.n_fields = p->table->n_fields, .n_extras = p->n_extras};
    out->columns = STRATA_NEW_ARRAY(out->n_fields, void *);
    out->names = STRATA_NEW_ARRAY(out->n_fields, text_view *);
    out->evidence = STRATA_NEW_ARRAY(out->n_fields, unsigned);
    if (out->columns == NULL || out->names == NULL || out->evidence == NULL) {
        parsed_done(out);
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    return STRATA_OK;
}

void parsed_done(parsed *r)
{
    for (size_t i = 0; r->columns != NULL && i < r->n_fields; i++) {
        free(r->columns[i]);
    }
    for (size_t i = 0; r->names != NULL && i < r->n_fields; i++) {
        free(r->names[i]);
    }
    free(r->columns);
    free(r->names);
    free(r->ids);
    free(r->codes);
    free(r->evidence);
    free(r->lines);
    free(r->extras);
    vec_free(&r->rejects);
    arena_free(r->texts);
    *r = (parsed){0};
}

static bool resize(void **p, size_t n, size_t size)
{
    void *q = realloc(*p, n * size);
    if (q == NULL) {
        return false;
    }
    *p = q;
    return true;
}

static strata_status prepare(parsed *r, const plan *p, size_t n_rows, strata_error *err)
{
    r->n_rows = 0;
    r->rejects.n = 0;
    r->n_read = r->n_rejected = r->n_unknown_accounts = r->n_left_out = 0;
    r->currency[0] = '\0';
    memset(r->evidence, 0, r->n_fields * sizeof *r->evidence);
    arena_free(r->texts);
    r->texts = NULL;
    STRATA_TRY(arena_new(&r->texts, err));
    if (n_rows <= r->cap_rows) {
        return STRATA_OK;
    }
    bool ok =
        resize((void **)&r->lines, n_rows, sizeof *r->lines) &&
        resize((void **)&r->ids, n_rows, sizeof *r->ids) &&
        resize((void **)&r->codes, n_rows, sizeof *r->codes) &&
        (p->n_extras == 0 || resize((void **)&r->extras, n_rows * p->n_extras, sizeof *r->extras));
    for (size_t i = 0; ok && i < r->n_fields; i++) {
        field_kind kind = p->table->fields[i].kind;
        ok = resize(&r->columns[i], n_rows, width_of(kind)) &&
             (!lookup_is_code(kind) || resize((void **)&r->names[i], n_rows, sizeof **r->names));
    }
    if (!ok) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows", n_rows);
    }
    r->cap_rows = n_rows;
    return STRATA_OK;
}

/* What parsing one row needs to know. */
typedef struct row_job {
    const plan *p;
    const lookups *l;
    const row_block *rows;
    parsed *out;
    const formula_values *computed;
    size_t row; /* in rows */
    size_t to;  /* in out */
} row_job;

static strata_status note_reject(row_job *j, const plan_column *c, text_view value,
                                 const char *reason, int64_t line, strata_error *err)
{
    j->out->n_rejected++;
    if (j->out->rejects.n >= REJECTS_PER_PIECE) {
        return STRATA_OK;
    }
    reject r = {.line = line, .reason = reason};
    if (c != NULL && c->heading != NULL) {
        r.column = (int32_t)c->number;
        r.column_name = c->heading;
    }
    size_t n = encoding_cut(value, REJECT_VALUE - 1);
    if (n > 0 && value.ptr != NULL) {
        memcpy(r.value, value.ptr, n);
    }
    if (!vec_push(&j->out->rejects, r)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    return STRATA_OK;
}

static text_view cell_of(const row_job *j, const plan_column *c)
{
    return row_cell(j->rows, j->row, c->cell);
}

/* The model's own word for a value ("severity.urgent": high), else the value. */
static text_view translate(const row_job *j, const char *name, text_view v)
{
    const model_pairs *values = &j->p->source->values;
    size_t n = strlen(name);
    for (size_t i = 0; i < values->n; i++) {
        const char *key = values->items[i].key;
        if (strncmp(key, name, n) == 0 && key[n] == '.' && strlen(key + n + 1) == v.len &&
            strncmp(key + n + 1, v.ptr, v.len) == 0) {
            return (text_view){values->items[i].value, strlen(values->items[i].value)};
        }
    }
    return v;
}

static cell_status parse_text(const row_job *j, text_view v, text_view *out, const char **why)
{
    *out = v;
    if (v.ptr == NULL) {
        return CELL_EMPTY;
    }
    if (j->rows->ascii) {
        return CELL_OK;
    }
    return encoding_to_utf8(j->p->source->encoding, v, j->out->texts, out, why) ? CELL_OK
                                                                                : CELL_BAD;
}

static cell_status parse_account(row_job *j, size_t f, text_view v, int32_t *out, const char **why)
{
    const account_map *m = j->l->via != NULL ? j->l->via : j->l->accounts;
    if (v.ptr == NULL) {
        return CELL_EMPTY;
    }
    if (m->number == NULL) { /* only gathering */
        *out = 0;
        j->out->names[f][j->to] = v;
        return CELL_OK;
    }
    int32_t code = j->out->codes[j->row];
    *out = code == DICT_NONE ? DICT_NONE : m->number[code];
    if (*out == DICT_NONE) {
        *why = j->l->via != NULL ? "no row with this id, so no account" : "no such account";
        j->out->n_unknown_accounts++;
        return CELL_BAD;
    }
    return CELL_OK;
}

static cell_status parse_name(row_job *j, size_t f, text_view v, const char **why)
{
    text_view *name = &j->out->names[f][j->to];
    cell_status st = parse_text(j, v, name, why);
    if (st != CELL_OK) {
        name->ptr = NULL;
    }
    return st;
}

static cell_status parse_word(const row_job *j, const source_field *f, text_view v, double *out,
                              const char **why)
{
    if (v.ptr == NULL) {
        return CELL_EMPTY;
    }
    int code = field_word(f->kind, translate(j, f->name, v));
    if (code < 0) {
        *why = field_words(f->kind);
        return CELL_BAD;
    }
    *out = code;
    return CELL_OK;
}

static cell_status parse_value(row_job *j, size_t f, text_view v, double *out, const char **why)
{
    const source_field *spec = &j->p->table->fields[f];
    bool yes;
    cell_status st;
    *out = NAN;
    if (v.ptr == NULL) {
        return CELL_EMPTY;
    }
    switch (spec->kind) {
    case FIELD_MONEY:
    case FIELD_NUMBER:
        return value_number(v.ptr, v.len, &j->l->styles[f], &j->out->evidence[f], out, why);
    case FIELD_BOOL:
        v = translate(j, spec->name, v);
        st = value_bool(v.ptr, v.len, &yes, why);
        *out = st == CELL_OK ? (double)yes : (double)NAN;
        return st;
    case FIELD_PERIOD:
    case FIELD_SEVERITY:
    case FIELD_SURVEY_KIND:
    case FIELD_ROLE:
    case FIELD_DEAL_KIND:
    case FIELD_STAGE:
        return parse_word(j, spec, v, out, why);
    case FIELD_ID:
    case FIELD_ACCOUNT:
    case FIELD_TEXT:
    case FIELD_DAY:
    case FIELD_FEATURE:
    case FIELD_USER:
    case FIELD_CURRENCY:
        break;
    }
    return CELL_EMPTY;
}

static cell_status parse_field(row_job *j, size_t f, text_view v, const char **why)
{
    void *values = j->out->columns[f];
    const source_field *spec = &j->p->table->fields[f];
    day *days = values;
    switch (spec->kind) {
    case FIELD_ACCOUNT:
        return parse_account(j, f, v, &days[j->to], why);
    case FIELD_FEATURE:
    case FIELD_USER:
        return parse_name(j, f, v, why);
    case FIELD_DAY:
        days[j->to] = DAY_MISSING;
        return v.ptr == NULL ? CELL_EMPTY
                             : value_day(v.ptr, v.len, &j->l->styles[f], &j->out->evidence[f],
                                         &days[j->to], why);
    case FIELD_ID:
    case FIELD_TEXT:
    case FIELD_CURRENCY:
        if (v.ptr != NULL) {
            v = translate(j, spec->name, v);
        }
        return parse_text(j, v, &((text_view *)values)[j->to], why);
    case FIELD_MONEY:
    case FIELD_NUMBER:
    case FIELD_BOOL:
    case FIELD_PERIOD:
    case FIELD_SEVERITY:
    case FIELD_SURVEY_KIND:
    case FIELD_ROLE:
    case FIELD_DEAL_KIND:
    case FIELD_STAGE:
        break;
    }
    return parse_value(j, f, v, &((double *)values)[j->to], why);
}

/* A computed value; NaN is missing. */
static cell_status take_computed(row_job *j, size_t f, double x, const char **why)
{
    if (isnan(x)) {
        if (j->p->table->fields[f].kind == FIELD_DAY) {
            ((day *)j->out->columns[f])[j->to] = DAY_MISSING;
        } else {
            ((double *)j->out->columns[f])[j->to] = NAN;
        }
        return CELL_EMPTY;
    }
    if (j->p->table->fields[f].kind != FIELD_DAY) {
        ((double *)j->out->columns[f])[j->to] = x;
        return CELL_OK;
    }
    if (x < DAY_MIN || x > DAY_MAX) {
        *why = "not a date";
        return CELL_BAD;
    }
    ((day *)j->out->columns[f])[j->to] = (day)x;
    return CELL_OK;
}

/* One row; it takes the place `to` of the output unless it is rejected. */
static strata_status parse_row(row_job *j, strata_error *err)
{
    const table_spec *t = j->p->table;
    for (size_t f = 0; f < t->n_fields; f++) {
        const plan_column *c = &j->p->columns[f];
        text_view v = cell_of(j, c);
        const char *why = NULL;
        cell_status st =
            c->formula == NULL
                ? parse_field(j, f, v, &why)
                : take_computed(j, f, j->computed->columns[c->formula_no][j->row], &why);
        if (st == CELL_EMPTY && t->fields[f].needed) {
            st = CELL_BAD;
            why = "empty, and needed";
        }
        if (st == CELL_BAD) {
            return note_reject(j, c, v, why, j->rows->lines[j->row], err);
        }
    }
    for (size_t i = 0; i < j->p->n_extras; i++) {
        const char *why;
        (void)parse_text(j, cell_of(j, &j->p->extras[i].column),
                         &j->out->extras[j->to * j->p->n_extras + i], &why);
    }
    size_t bad;
    const char *why = check_row(j->p, j->l, j->out, j->to, &bad);
    if (why != NULL) {
        const plan_column *c = &j->p->columns[bad];
        return note_reject(j, c, cell_of(j, c), why, j->rows->lines[j->row], err);
    }
    j->out->lines[j->to++] = j->rows->lines[j->row];
    return STRATA_OK;
}

static strata_status note_faults(row_job *j, strata_error *err)
{
    for (size_t i = 0; i < j->rows->faults.n; i++) {
        const csv_fault *f = &j->rows->faults.data[i];
        char text[REJECT_VALUE];
        int n = snprintf(text, sizeof text, "%zu fields, the heading has %zu", f->n_fields,
                         j->p->n_headings);
        text_view v = {text, f->n_fields == SIZE_MAX || n < 0 ? 0 : (size_t)n};
        STRATA_TRY(note_reject(j, NULL, v,
                               f->n_fields == SIZE_MAX ? "a quote is not closed"
                                                       : "wrong number of fields",
                               f->line, err));
    }
    j->out->n_read += j->rows->faults.n;
    return STRATA_OK;
}

strata_status parse_rows(const plan *p, const lookups *l, const row_block *rows, parsed *out,
                         strata_error *err)
{
    STRATA_TRY(prepare(out, p, rows->n_rows, err));
    STRATA_CLEANUP(formula_values_done) formula_values computed = {0};
    row_job j = {.p = p, .l = l, .rows = rows, .computed = &computed, .out = out};
    STRATA_TRY(note_faults(&j, err));
    STRATA_TRY(formula_eval(p, l, rows, out->evidence, &computed, err));
    lookup_accounts(p, l, rows, out);
    for (j.row = 0; j.row < rows->n_rows; j.row++) {
        if (computed.keep != NULL && computed.keep[j.row] != RULE_YES) {
            out->n_left_out++;
            continue;
        }
        STRATA_TRY(parse_row(&j, err));
    }
    out->n_rows = j.to;
    out->n_read += rows->n_rows;
    return lookup_names(p, l, out, err); /* a rejected row names nothing */
}
