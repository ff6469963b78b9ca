/* SPDX-License-Identifier: Apache-2.0 */
#include "report/accounts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "document/text.h"
#include "report/report.h"

void account_list_title(strbuf *out, const view *v, const list_request *request,
                        const account_list *list)
{
    words all = words_things((int64_t)list->population, "account");
    if (list->n == 0) {
        strbuf_printf(out, "None of %s matches", all.text);
        return;
    }
    if (request->where == NULL && !request->outside) {
        strbuf_add(out, all.text);
    } else {
        strbuf_printf(out, "%s of %s", words_count((int64_t)list->n).text, all.text);
    }
    if (v->value == NULL) {
        return;
    }
    strbuf_printf(out, ", worth %s of %s",
                  words_money(list->value_minor, report_currency(v->b)).text,
                  v->has_arr ? "ARR" : "spend in 365 days");
    if (request->where != NULL && list->population_minor > 0) {
        double share = (double)list->value_minor / (double)list->population_minor;
        strbuf_printf(out, " (%s)", words_share(share).text);
    }
}

static const char *label_of(const view *v, list_column wanted)
{
    if (wanted.kind == LIST_ID) {
        return "Account";
    }
    if (wanted.kind == LIST_NAME) {
        return "Name";
    }
    if (wanted.kind == LIST_SINCE) {
        return "Since";
    }
    const symbol *s = &v->b->scope.symbols[wanted.slot];
    if (wanted.slot < FEATURE_COUNT) {
        return feature_get((feature_id)wanted.slot)->label;
    }
    return s->label != NULL ? s->label : s->name;
}

static cell_type type_of(const view *v, list_column wanted)
{
    if (wanted.kind == LIST_SLOT) {
        return report_cell_type(v->b->scope.symbols[wanted.slot].type);
    }
    return wanted.kind == LIST_SINCE ? CELL_DATE : CELL_TEXT;
}

static int decimals_of(const view *v, list_column wanted)
{
    column c = {0};
    if (wanted.kind == LIST_SLOT) {
        c = segmentation_column(v->s, wanted.slot);
    }
    return c.num != NULL ? report_decimals(c.num, v->p->n_accounts) : 0;
}

list_column_look list_column_shown(const view *v, list_column wanted)
{
    return (list_column_look){.label = label_of(v, wanted),
                              .type = type_of(v, wanted),
                              .decimals = decimals_of(v, wanted)};
}

/* What is dropped first on a narrow terminal: the last columns, but never who it is. */
static int priority_of(list_column wanted, size_t place)
{
    return wanted.kind == LIST_ID || (wanted.kind == LIST_NAME && place < 2) ? 0 : (int)place;
}

static const bound_def *dimension_at(const bound_model *b, size_t slot)
{
    for (size_t i = 0; i < b->n_defs; i++) {
        if (b->defs[i].slot == slot && b->defs[i].kind == DEF_DIMENSION) {
            return &b->defs[i];
        }
    }
    return NULL;
}

doc_cell list_column_cell(const view *v, list_column wanted, uint32_t account)
{
    switch (wanted.kind) {
    case LIST_ID:
        return cell_text(v->p->ids[account]);
    case LIST_NAME:
        return cell_text(v->p->names[account]);
    case LIST_SINCE:
        return cell_date(v->p->exists_from[account]);
    case LIST_SLOT:
        break;
    }
    const bound_def *def = dimension_at(v->b, wanted.slot);
    if (def != NULL) {
        segment_code code = segmentation_codes(v->s, def, v->now_at)[account];
        return cell_text(report_segment_label(v->b, def, code));
    }
    return report_slot_cell(&v->b->scope.symbols[wanted.slot],
                            segmentation_column(v->s, wanted.slot), account);
}

/* --- totals --- */

/* Money adds up; nothing else in a list of accounts does. */
static doc_cell total_of(document *d, const view *v, const list_request *request,
                         const account_list *list, list_column wanted)
{
    const symbol *s = wanted.kind == LIST_SLOT ? &v->b->scope.symbols[wanted.slot] : NULL;
    if (s == NULL || s->type != VALUE_MONEY) {
        return cell_empty(NULL);
    }
    column c = segmentation_column(v->s, wanted.slot);
    int64_t sum = 0;
    for (size_t i = 0; c.num != NULL && i < list->n; i++) {
        sum += money_minor(c.num[list->accounts[i]]);
    }
    char inputs[WORDS_TEXT + 80];
    (void)snprintf(inputs, sizeof inputs, "%.60s of %s", s->name,
                   words_things((int64_t)list->n, "account").text);
    int origin = document_provenance(
        d, wanted.slot < FEATURE_COUNT ? feature_get((feature_id)wanted.slot)->definition : NULL,
        inputs, request->where != NULL ? rule_text(request->where) : NULL);
    return with_origin(cell_money(sum), origin);
}

static void put_total(document *d, doc_table *t, const view *v, const list_request *request,
                      const account_list *list, doc_cell *cells)
{
    char all[WORDS_TEXT + 8];
    (void)snprintf(all, sizeof all, "All %s", words_count((int64_t)list->n).text);
    for (size_t c = 0; c < request->n_columns; c++) {
        cells[c] = total_of(d, v, request, list, request->columns[c]);
    }
    if (request->columns[0].kind != LIST_SLOT) {
        cells[0] = cell_text(all);
    }
    doc_row_total(t, cells);
}

static void put_remarks(document *d, doc_section *s, const view *v, const list_request *request,
                        const account_list *list)
{
    size_t shown = list->n < request->limit ? list->n : request->limit;
    if (shown < list->n) {
        doc_paragraph(s, "The first %s of %s are shown; `--limit %zu` shows all.",
                      words_count((int64_t)shown).text, words_count((int64_t)list->n).text,
                      list->n);
    }
    if (list->n_outside > 0) {
        doc_paragraph(
            s, "%s more %s, but %s outside the model's population (%s); `--all` shows %s.",
            words_count((int64_t)list->n_outside).text, list->n_outside == 1 ? "matches" : "match",
            list->n_outside == 1 ? "is" : "are", SAFE(d, v->b->model->outside_label),
            list->n_outside == 1 ? "it" : "them");
    }
}

void report_accounts(document *d, doc_section *parent, const view *v, const list_request *request,
                     const account_list *list)
{
    size_t n = request->n_columns;
    STRATA_AUTO_FREE doc_column *columns = STRATA_NEW_ARRAY(n, doc_column);
    STRATA_AUTO_FREE doc_cell *cells = STRATA_NEW_ARRAY(n, doc_cell);
    doc_section *s = document_section(d, parent, "accounts", NULL);
    if (columns == NULL || cells == NULL || s == NULL) {
        document_fail(d);
        return;
    }
    for (size_t c = 0; c < n; c++) {
        columns[c] = (doc_column){.key = list_column_key(v->b, request->columns[c]),
                                  .label = label_of(v, request->columns[c]),
                                  .type = type_of(v, request->columns[c]),
                                  .decimals = decimals_of(v, request->columns[c]),
                                  .priority = priority_of(request->columns[c], c)};
    }
    doc_table *t = list->n > 0 ? doc_table_new(s, "accounts", NULL, columns, n) : NULL;
    for (size_t i = 0; i < list->n && i < request->limit; i++) {
        for (size_t c = 0; c < n; c++) {
            cells[c] = list_column_cell(v, request->columns[c], list->accounts[i]);
        }
        doc_row(t, cells);
    }
    if (list->n > 1) {
        put_total(d, t, v, request, list, cells);
    }
    put_remarks(d, s, v, request, list);
}
