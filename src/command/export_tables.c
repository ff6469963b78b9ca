/* SPDX-License-Identifier: Apache-2.0 */
#include "command/export_tables.h"

#include <math.h>
#include <string.h>

#include "history/history.h"
#include "report/value.h"
#include "store/stmt.h"

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory exporting; choose fewer --columns");
}

static text_view view_of(const char *text)
{
    return (text_view){text, text != NULL ? strlen(text) : 0};
}

/* --- accounts --- */

static const bound_def *dimension_at(const bound_model *b, size_t slot)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        if (b->defs[i].slot == slot && b->defs[i].kind == DEF_DIMENSION) {
            return &b->defs[i];
        }
    }
    return NULL;
}

static column_type type_of(const look *l, const list_column *wanted)
{
    if (wanted->kind != LIST_SLOT) {
        return wanted->kind == LIST_SINCE ? COLUMN_DAY : COLUMN_TEXT;
    }
    if (dimension_at(l->bound, wanted->slot) != NULL) {
        return COLUMN_TEXT;
    }
    value_type type = l->bound->scope.symbols[wanted->slot].type;
    return type == VALUE_TEXT   ? COLUMN_TEXT
           : type == VALUE_DATE ? COLUMN_DAY
           : type == VALUE_BOOL ? COLUMN_BOOL
                                : COLUMN_DOUBLE;
}

static const char *text_at(const look *l, const list_column *wanted, uint32_t account)
{
    const portfolio *p = l->view->p;
    if (wanted->kind != LIST_SLOT) {
        return wanted->kind == LIST_ID ? p->ids[account] : p->names[account];
    }
    const bound_def *def = dimension_at(l->bound, wanted->slot);
    if (def != NULL) {
        return report_segment_label(l->bound, def,
                                    segmentation_codes(l->view->s, def, l->view->now_at)[account]);
    }
    const symbol *sym = &l->bound->scope.symbols[wanted->slot];
    column c = segmentation_column(l->view->s, wanted->slot);
    int32_t code = c.code != NULL ? c.code[account] : CODE_MISSING;
    return code != CODE_MISSING ? sym->levels[code] : NULL;
}

static double number_at(const look *l, const list_column *wanted, uint32_t account)
{
    column c = segmentation_column(l->view->s, wanted->slot);
    double x = c.num != NULL ? c.num[account] : (double)NAN;
    return isfinite(x) ? x : (double)NAN;
}

static day day_at(const look *l, const list_column *wanted, uint32_t account)
{
    if (wanted->kind == LIST_SINCE) {
        day d = l->view->p->exists_from[account];
        return d > DAY_MIN ? d : DAY_MISSING;
    }
    double x = number_at(l, wanted, account);
    return isnan(x) ? DAY_MISSING : (day)x;
}

enum { BATCH = 2048 }; /* rows handed over at a time */

/* Values of one column for a batch of accounts. */
typedef struct batch_column {
    double numbers[BATCH];
    day days[BATCH];
    uint8_t flags[BATCH];
    uint64_t validity[BATCH / 64];
    text_view texts[BATCH];
} batch_column;

static append_column fill(const look *l, const list_column *wanted, const uint32_t *accounts,
                          size_t n, batch_column *b)
{
    column_type type = type_of(l, wanted);
    memset(b->validity, 0, sizeof b->validity);
    for (size_t i = 0; i < n; i++) {
        if (type == COLUMN_TEXT) {
            b->texts[i] = view_of(text_at(l, wanted, accounts[i]));
        } else if (type == COLUMN_DAY) {
            b->days[i] = day_at(l, wanted, accounts[i]);
        } else {
            double x = number_at(l, wanted, accounts[i]);
            b->numbers[i] = x;
            b->flags[i] = x > 0.5 ? 1 : 0;
            b->validity[i / 64] |= (uint64_t)!isnan(x) << (i % 64);
        }
    }
    switch ((int)type) {
    case COLUMN_TEXT:
        return (append_column){.type = type, .data = b->texts};
    case COLUMN_DAY:
        return (append_column){.type = type, .data = b->days};
    case COLUMN_BOOL:
        return (append_column){.type = type, .data = b->flags, .validity = b->validity};
    default:
        return (append_column){.type = type, .data = b->numbers};
    }
}

strata_status export_accounts_table(const look *l, const export_accounts *x, export_out *t,
                                    strata_error *err)
{
    STRATA_AUTO_FREE batch_column *values = STRATA_NEW_ARRAY(x->n_columns, batch_column);
    table_file_column *head = ARENA_NEW(l->c->arena, x->n_columns + 1, table_file_column);
    append_column *row = ARENA_NEW(l->c->arena, x->n_columns + 1, append_column);
    if (values == NULL || head == NULL || row == NULL) {
        return out_of_memory(err);
    }
    for (size_t k = 0; k < x->n_columns; k++) {
        const char *name =
            x->columns[k].kind == LIST_ID ? "account_id" : list_column_key(l->bound, x->columns[k]);
        head[k] = (table_file_column){.name = name, .type = type_of(l, &x->columns[k])};
    }
    STRATA_TRY(export_out_head(t, head, x->n_columns, err));
    for (size_t first = 0; first < x->n; first += BATCH) {
        size_t n = x->n - first < BATCH ? x->n - first : BATCH;
        for (size_t k = 0; k < x->n_columns; k++) {
            row[k] = fill(l, &x->columns[k], x->accounts + first, n, &values[k]);
        }
        STRATA_TRY(export_out_add(t, row, n, err));
        context_progress(&l->c->cx, "export", first, x->n);
    }
    return STRATA_OK;
}

/* --- memberships --- */

typedef struct membership_batch {
    text_view ids[BATCH], dimensions[BATCH], segments[BATCH], labels[BATCH];
    double values[BATCH];
    size_t n;
} membership_batch;

static strata_status flush(export_out *t, membership_batch *b, strata_error *err)
{
    const append_column row[] = {{.type = COLUMN_TEXT, .data = b->ids},
                                 {.type = COLUMN_TEXT, .data = b->dimensions},
                                 {.type = COLUMN_TEXT, .data = b->segments},
                                 {.type = COLUMN_TEXT, .data = b->labels},
                                 {.type = COLUMN_DOUBLE, .data = b->values}};
    STRATA_TRY(export_out_add(t, row, b->n, err));
    b->n = 0;
    return STRATA_OK;
}

static double value_at(const look *l, uint32_t account)
{
    return l->view->value != NULL ? l->view->value[account] : (double)NAN;
}

static strata_status add_dimension(const look *l, const export_accounts *x, const bound_def *def,
                                   export_out *t, membership_batch *b, strata_error *err)
{
    const segment_code *codes = segmentation_codes(l->view->s, def, l->view->now_at);
    for (size_t i = 0; i < x->n; i++) {
        uint32_t account = x->accounts[i];
        b->ids[b->n] = view_of(l->view->p->ids[account]);
        b->dimensions[b->n] = view_of(l->bound->model->dimensions[def->index].name);
        b->segments[b->n] = view_of(history_segment_key(l->bound, def, codes[account]));
        b->labels[b->n] = view_of(report_segment_label(l->bound, def, codes[account]));
        b->values[b->n] = value_at(l, account);
        if (++b->n == BATCH) {
            STRATA_TRY(flush(t, b, err));
        }
    }
    return STRATA_OK;
}

strata_status export_membership(const look *l, const export_accounts *x, export_out *t,
                                strata_error *err)
{
    const table_file_column head[] = {{"account_id", COLUMN_TEXT},
                                      {"dimension", COLUMN_TEXT},
                                      {"segment", COLUMN_TEXT},
                                      {"label", COLUMN_TEXT},
                                      {portfolio_value_name(l->view->p), COLUMN_DOUBLE}};
    STRATA_AUTO_FREE membership_batch *b = STRATA_NEW_ARRAY(1, membership_batch);
    if (b == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(export_out_head(t, head, sizeof head / sizeof head[0], err));
    for (size_t i = 0; i < l->bound->n_defs; i++) {
        if (l->bound->defs[i].kind == DEF_DIMENSION) {
            STRATA_TRY(add_dimension(l, x, &l->bound->defs[i], t, b, err));
        }
    }
    STRATA_TRY(flush(t, b, err));
    return STRATA_OK;
}

/* --- segments --- */

/* One segment's row; nothing for one that nobody is in and that is no segment of the model. */
static strata_status add_segment(const look *l, const export_accounts *x, const bound_def *def,
                                 segment_code code, export_out *t, strata_error *err)
{
    const segment_code *codes = segmentation_codes(l->view->s, def, l->view->now_at);
    int64_t n = 0;
    int64_t minor = 0;
    for (size_t i = 0; i < x->n; i++) {
        n += codes[x->accounts[i]] == code;
        minor += codes[x->accounts[i]] == code ? view_value_minor(l->view, x->accounts[i]) : 0;
    }
    if (n == 0 && code >= SEGMENTS_MAX) {
        return STRATA_OK;
    }
    text_view texts[] = {view_of(l->bound->model->dimensions[def->index].name),
                         view_of(history_segment_key(l->bound, def, code)),
                         view_of(report_segment_label(l->bound, def, code))};
    double value = l->view->value != NULL ? (double)minor / 100.0 : (double)NAN;
    day as_of = l->as_of;
    const append_column row[] = {
        {.type = COLUMN_DAY, .data = &as_of},     {.type = COLUMN_TEXT, .data = &texts[0]},
        {.type = COLUMN_TEXT, .data = &texts[1]}, {.type = COLUMN_TEXT, .data = &texts[2]},
        {.type = COLUMN_INT64, .data = &n},       {.type = COLUMN_DOUBLE, .data = &value}};
    return export_out_add(t, row, 1, err);
}

strata_status export_segments(const look *l, const export_accounts *x, export_out *t,
                              strata_error *err)
{
    const table_file_column head[] = {
        {"as_of", COLUMN_DAY},      {"dimension", COLUMN_TEXT},
        {"segment", COLUMN_TEXT},   {"label", COLUMN_TEXT},
        {"accounts", COLUMN_INT64}, {portfolio_value_name(l->view->p), COLUMN_DOUBLE}};
    STRATA_TRY(export_out_head(t, head, sizeof head / sizeof head[0], err));
    for (size_t i = 0; i < l->bound->n_defs; i++) {
        const bound_def *def = &l->bound->defs[i];
        size_t n = 0;
        if (def->kind != DEF_DIMENSION) {
            continue;
        }
        (void)bound_segments(l->bound, def, &n);
        for (size_t k = 0; k <= n; k++) {
            segment_code code = k < n ? (segment_code)k : (segment_code)SEGMENT_OUTSIDE;
            STRATA_TRY(add_segment(l, x, def, code, t, err));
        }
    }
    return STRATA_OK;
}

/* --- history --- */

enum { SPAN_COLUMNS = 9, SPAN_CHUNK = 2048 };

static strata_status add_spans(stmt *s, export_out *t, size_t n, strata_error *err)
{
    STRATA_AUTO_FREE text_view *texts = STRATA_NEW_ARRAY(n * SPAN_COLUMNS, text_view);
    append_column row[SPAN_COLUMNS];
    if (texts == NULL) {
        return out_of_memory(err);
    }
    for (size_t col = 0; col < SPAN_COLUMNS; col++) {
        column_type type = stmt_column_type(s, col);
        row[col] = (append_column){.type = type, .data = texts + col * n};
        if (type == COLUMN_DAY) {
            row[col].data = stmt_day(s, col);
            row[col].validity = stmt_validity(s, col);
        }
        for (size_t i = 0; i < n && type == COLUMN_TEXT; i++) {
            texts[col * n + i] = stmt_text(s, col, i);
        }
    }
    return export_out_add(t, row, n, err);
}

strata_status export_history(const look *l, export_out *t, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    table_file_column head[SPAN_COLUMNS];
    size_t n = 0;
    STRATA_TRY(stmt_new(store_main(l->project->store), "history/spans.sql", &s, err));
    for (size_t col = 0; col < SPAN_COLUMNS; col++) {
        head[col] =
            (table_file_column){.name = stmt_column_name(s, col), .type = stmt_column_type(s, col)};
    }
    STRATA_TRY(export_out_head(t, head, SPAN_COLUMNS, err));
    STRATA_TRY(stmt_stream(s, err));
    do {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        STRATA_TRY(n > 0 ? add_spans(s, t, n, err) : STRATA_OK);
    } while (n > 0);
    return STRATA_OK;
}
