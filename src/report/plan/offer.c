/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/offer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "report/report.h"

static const char *const headings[OFFER_COLUMNS] = {"Message", "Product", "Service", "Pricing"};

static bool shown(const offer_report *in, const offer_segment *g)
{
    return in->only == SEGMENT_ABSENT || in->only == g->code;
}

static const char *value_label(const offer_report *in)
{
    return in->offer->value_label != NULL ? in->offer->value_label : "Value";
}

static bool has_value(const offer_report *in)
{
    return in->offer->value_label != NULL;
}

/* --- the title --- */

/* All pricing lines of a kind together; nobody is in two segments. */
static offer_line all_of(const offer_report *in, const char *key)
{
    offer_line sum = {0};
    for (size_t i = 0; i < in->offer->n_segments; i++) {
        const offer_segment *g = &in->offer->segments[i];
        const offer_cell *c = &g->cells[OFFER_PRICING];
        for (size_t k = 0; shown(in, g) && k < c->n; k++) {
            if (strcmp(c->lines[k].key, key) == 0) {
                sum.n += c->lines[k].n;
                sum.worth_minor += c->lines[k].worth_minor;
            }
        }
    }
    return sum;
}

void report_offer_title(strbuf *out, const offer_report *in)
{
    const char *currency = report_currency(in->v->b);
    const offer_line little = all_of(in, "underpriced");
    const offer_line empty = all_of(in, "seats_empty");
    if (in->offer->n_segments == 0) {
        strbuf_add(out, "Nobody is a customer on that day: there is nobody to say it to");
        return;
    }
    if (little.n == 0 && empty.n == 0) {
        strbuf_add(out, "What each segment should hear, get built, be given and be charged");
        return;
    }
    if (little.n > 0) {
        strbuf_printf(out, "%s %s heavily and %s %s less than their peers",
                      words_things((int64_t)little.n, "account").text,
                      little.n == 1 ? "uses" : "use", little.n == 1 ? "pays" : "pay",
                      words_money(little.worth_minor, currency).text);
    }
    if (empty.n > 0) {
        strbuf_printf(out, "%s%s %s for seats that stand empty%s", little.n > 0 ? "; " : "",
                      little.n > 0 ? words_count((int64_t)empty.n).text
                                   : words_things((int64_t)empty.n, "account").text,
                      empty.n == 1 ? "pays" : "pay", empty.worth_minor > 0 ? ", " : "");
        strbuf_add(out, empty.worth_minor > 0 ? words_money(empty.worth_minor, currency).text : "");
    }
}

/* --- the matrix --- */

/* "Work on how-to (1,014 accounts, $20.1M)"; of the message the first sentence. */
static void cell_words(strbuf *out, const offer_report *in, const offer_cell *c)
{
    strbuf_clear(out);
    if (c->n > 0 && c->lines[0].column == OFFER_MESSAGE) {
        const char *end = strstr(c->lines[0].text, ". ");
        strbuf_add_n(out, c->lines[0].text,
                     end != NULL ? (size_t)(end - c->lines[0].text) + 1 : strlen(c->lines[0].text));
        return;
    }
    for (size_t i = 0; i < c->n && i < 2; i++) {
        const offer_line *l = &c->lines[i];
        strbuf_printf(out, "%s%s (%s", i > 0 ? "; " : "", l->text,
                      words_things((int64_t)l->n, "account").text);
        if (has_value(in)) {
            strbuf_printf(out, ", %s", words_money(l->value_minor, report_currency(in->v->b)).text);
        }
        strbuf_add(out, ")");
    }
}

enum { M_SEGMENT, M_FIRST, M_ACCOUNTS = M_FIRST + OFFER_COLUMNS, M_VALUE, M_COLUMNS };

static void matrix_row(doc_table *t, const offer_report *in, const offer_segment *g, arena *a)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    doc_cell cells[M_COLUMNS] = {
        [M_SEGMENT] = cell_text(g->label),
        [M_ACCOUNTS] = cell_count((int64_t)g->accounts),
        [M_VALUE] = has_value(in) ? cell_money(g->value_minor) : cell_empty("no ARR and no orders"),
    };
    for (size_t c = 0; c < OFFER_COLUMNS; c++) {
        cell_words(&text, in, &g->cells[c]);
        cells[M_FIRST + c] = g->cells[c].n > 0 ? cell_text(arena_strdup(a, strbuf_text(&text)))
                                               : cell_empty(g->cells[c].why);
    }
    doc_row(t, cells);
}

strata_status report_offer_matrix(doc_section *s, const offer_report *in, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    doc_column columns[M_COLUMNS] = {
        [M_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        [M_ACCOUNTS] = {.key = "accounts",
                        .label = "Accounts",
                        .type = CELL_COUNT,
                        .data_only = true},
        [M_VALUE] = {
            .key = "value", .label = value_label(in), .type = CELL_MONEY, .data_only = true}};
    for (size_t c = 0; c < OFFER_COLUMNS; c++) {
        columns[M_FIRST + c] =
            (doc_column){.key = offer_column_names[c], .label = headings[c], .type = CELL_TEXT};
    }
    doc_table *t = doc_table_new(s, "offer", NULL, columns, M_COLUMNS);
    for (size_t i = 0; i < in->offer->n_segments; i++) {
        if (shown(in, &in->offer->segments[i])) {
            matrix_row(t, in, &in->offer->segments[i], a);
        }
    }
    return STRATA_OK;
}

/* --- the lines --- */

enum {
    L_SEGMENT,
    L_TEXT,
    L_ACCOUNTS,
    L_SHARE,
    L_VALUE,
    L_EVIDENCE,
    L_WORTH,
    L_KEY,
    L_WHERE,
    L_COLUMNS
};

static void line_row(document *d, doc_table *t, const offer_report *in, const offer_segment *g,
                     const offer_line *l)
{
    int origin = document_provenance(d, l->evidence, offer_column_names[l->column], l->where);
    const doc_cell cells[L_COLUMNS] = {
        [L_SEGMENT] = cell_text(g->label),
        [L_TEXT] = cell_text(l->text),
        [L_ACCOUNTS] = with_origin(cell_count((int64_t)l->n), origin),
        [L_SHARE] = cell_share((double)l->n / (double)g->accounts),
        [L_VALUE] = has_value(in) ? with_origin(cell_money(l->value_minor), origin)
                                  : cell_empty("no ARR and no orders"),
        [L_WORTH] = l->worth_minor >= 0 ? with_origin(cell_money(l->worth_minor), origin)
                                        : cell_empty(NULL),
        [L_EVIDENCE] = cell_text(l->evidence),
        [L_KEY] = cell_text(l->key),
        [L_WHERE] = l->where != NULL ? cell_text(l->where) : cell_empty(NULL),
    };
    doc_row(t, cells);
}

static bool any_line(const offer_report *in, offer_column c)
{
    for (size_t i = 0; i < in->offer->n_segments; i++) {
        if (shown(in, &in->offer->segments[i]) && in->offer->segments[i].cells[c].n > 0) {
            return true;
        }
    }
    return false;
}

static void put_column(document *d, doc_section *parent, const offer_report *in, offer_column c)
{
    static const char *const titles[OFFER_COLUMNS] = {
        "Message: what to say", "Product: what is asked for, by what it pays",
        "Service: what is due, and who does not get it", "Pricing: use against price"};
    const doc_column columns[L_COLUMNS] = {
        [L_SEGMENT] = {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        [L_TEXT] = {.key = "text", .label = headings[c], .type = CELL_TEXT},
        [L_ACCOUNTS] = {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        [L_SHARE] = {.key = "share", .label = "Of segment", .type = CELL_SHARE, .priority = 3},
        [L_VALUE] = {.key = "value", .label = value_label(in), .type = CELL_MONEY},
        [L_EVIDENCE] = {.key = "evidence", .label = "Evidence", .type = CELL_TEXT, .priority = 1},
        [L_WORTH] = {.key = "worth",
                     .label = c == OFFER_PRICING ? "In question" : "At stake",
                     .type = CELL_MONEY,
                     .priority = 2,
                     .data_only = c == OFFER_MESSAGE || c == OFFER_PRODUCT},
        [L_KEY] = {.key = "line", .label = "Line", .type = CELL_TEXT, .data_only = true},
        [L_WHERE] = {.key = "where", .label = "Rule", .type = CELL_TEXT, .data_only = true},
    };
    doc_section *s = document_section(d, parent, offer_column_names[c], titles[c]);
    doc_table *t =
        any_line(in, c) ? doc_table_new(s, offer_column_names[c], NULL, columns, L_COLUMNS) : NULL;
    for (size_t i = 0; i < in->offer->n_segments; i++) {
        const offer_segment *g = &in->offer->segments[i];
        for (size_t k = 0; shown(in, g) && k < g->cells[c].n; k++) {
            line_row(d, t, in, g, &g->cells[c].lines[k]);
        }
    }
    for (size_t i = 0; i < in->offer->n_segments; i++) {
        const offer_segment *g = &in->offer->segments[i];
        if (shown(in, g) && g->cells[c].n == 0 && g->cells[c].why != NULL) {
            doc_note(s, "missing", "%s: %s.", SAFE(d, g->label), SAFE(d, g->cells[c].why));
        }
    }
}

void report_offer_lines(document *d, doc_section *parent, const offer_report *in)
{
    for (int c = 0; c < OFFER_COLUMNS; c++) {
        put_column(d, parent, in, (offer_column)c);
    }
}

/* --- the accounts --- */

typedef struct listed {
    uint32_t account;
    int64_t value;
} listed;

static int by_value(const void *a, const void *b)
{
    const listed *x = a;
    const listed *y = b;
    if (x->value != y->value) {
        return x->value > y->value ? -1 : 1;
    }
    return (x->account > y->account) - (x->account < y->account);
}

static void put_accounts(doc_table *t, const offer_report *in, const offer_segment *g,
                         const offer_line *l, listed *scratch)
{
    for (size_t i = 0; i < l->n; i++) {
        scratch[i] = (listed){l->accounts[i], view_value_minor(in->v, l->accounts[i])};
    }
    qsort(scratch, l->n, sizeof *scratch, by_value);
    for (size_t i = 0; i < l->n && i < in->listed; i++) {
        const doc_cell cells[] = {
            cell_text(g->label),
            cell_text(offer_column_names[l->column]),
            cell_text(l->key),
            cell_text(l->text),
            cell_text(in->v->p->ids[scratch[i].account]),
            cell_text(in->v->p->names[scratch[i].account]),
            has_value(in) ? cell_money(scratch[i].value) : cell_empty("no ARR and no orders"),
        };
        doc_row(t, cells);
    }
}

void report_offer_accounts(document *d, doc_section *parent, const offer_report *in)
{
    STRATA_AUTO_FREE listed *scratch = STRATA_NEW_ARRAY(in->v->p->n_accounts + 1, listed);
    if (in->listed == 0 || scratch == NULL) {
        return;
    }
    const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "column", .label = "Column", .type = CELL_TEXT},
        {.key = "line", .label = "Line", .type = CELL_TEXT},
        {.key = "text", .label = "What", .type = CELL_TEXT, .priority = 2},
        {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 1},
        {.key = "value", .label = value_label(in), .type = CELL_MONEY}};
    doc_section *s = document_section(d, parent, "accounts", "The accounts behind each line");
    doc_table *t = doc_table_new(s, "accounts", NULL, columns, 7);
    for (size_t i = 0; i < in->offer->n_segments; i++) {
        const offer_segment *g = &in->offer->segments[i];
        for (size_t c = OFFER_PRODUCT; shown(in, g) && c < OFFER_COLUMNS; c++) {
            for (size_t k = 0; k < g->cells[c].n; k++) {
                put_accounts(t, in, g, &g->cells[c].lines[k], scratch);
            }
        }
    }
}
