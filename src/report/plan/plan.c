/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/number.h"
#include "report/cohorts/flows.h"
#include "report/plan/plan_moves.h"
#include "report/value.h"
#include "report/words.h"
#include "segment/view.h"

static doc_cell text_or(const char *text, const char *reason)
{
    return text != NULL ? cell_text(text) : cell_empty(reason);
}

/* --- what changes in the definitions --- */

static strata_status definitions(document *d, doc_section *parent, const plan_input *in, arena *a,
                                 strata_error *err)
{
    static const doc_column columns[] = {
        {.key = "definition", .label = "Definition", .type = CELL_TEXT},
        {.key = "part", .label = "Part", .type = CELL_TEXT},
        {.key = "before", .label = "Before", .type = CELL_TEXT},
        {.key = "after", .label = "After", .type = CELL_TEXT}};
    const definition_change *changes = NULL;
    size_t n = 0;
    char title[96];
    STRATA_TRY(definitions_compare(in->before.b, in->after.b, a, &changes, &n, err));
    (void)snprintf(title, sizeof title, "%zu definition%s", n, n == 1 ? " differs" : "s differ");
    doc_section *s =
        document_section(d, parent, "definitions", n > 0 ? title : "The definitions are the same");
    doc_paragraph(s, "From %s to %s.", document_escape(d, in->before_name),
                  document_escape(d, in->after_name));
    if (n == 0) {
        return STRATA_OK;
    }
    doc_table *t = doc_table_new(s, "definitions", NULL, columns, 4);
    for (size_t i = 0; i < n; i++) {
        doc_row(t, (doc_cell[]){cell_text(changes[i].of), cell_text(changes[i].part),
                                text_or(changes[i].before, "added"),
                                text_or(changes[i].after, "removed")});
    }
    return STRATA_OK;
}

/* --- every dimension --- */

static strata_status dimensions(document *d, doc_section *parent, const plan_input *in, arena *a,
                                strata_error *err)
{
    const doc_column columns[] = {
        {.key = "dimension", .label = "Dimension", .type = CELL_TEXT},
        {.key = "moved", .label = "Accounts that move", .type = CELL_COUNT},
        {.key = "share", .label = "Share", .type = CELL_SHARE},
        {.key = "value", .label = in->value_label, .type = CELL_MONEY},
        {.key = "moves_before", .label = "Moves in a year, before", .type = CELL_COUNT},
        {.key = "moves_after", .label = "after", .type = CELL_COUNT},
        {.key = "flapped_before", .label = "Left and came back, before", .type = CELL_COUNT},
        {.key = "flapped_after", .label = "after", .type = CELL_COUNT}};
    doc_section *s = document_section(d, parent, "dimensions", "What moves, and how calm it stays");
    doc_table *t = doc_table_new(s, "dimensions", NULL, columns, 8);
    for (size_t i = 0; i < in->after.b->n_defs; i++) {
        const bound_def *after = &in->after.b->defs[i];
        if (after->kind != DEF_DIMENSION) {
            continue;
        }
        const char *name = in->after.b->model->dimensions[after->index].name;
        const bound_def *before = plan_dimension(in->before.b, name);
        plan_calm now = plan_calm_of(in, &in->after, after);
        if (before == NULL) {
            doc_row(t, (doc_cell[]){cell_text(report_dimension_label(in->after.b, after)),
                                    cell_empty("a new dimension"), cell_empty(NULL),
                                    cell_empty(NULL), cell_empty("a new dimension"),
                                    cell_count((int64_t)now.n_moves), cell_empty("a new dimension"),
                                    cell_count((int64_t)now.n_flapped)});
            continue;
        }
        plan_moves m = {0};
        STRATA_TRY(plan_moves_find(in, before, after, a, &m, err));
        plan_calm then = plan_calm_of(in, &in->before, before);
        double share = m.n_accounts > 0 ? (double)m.n / (double)m.n_accounts : 0.0;
        doc_row(t, (doc_cell[]){cell_text(report_dimension_label(in->after.b, after)),
                                cell_count((int64_t)m.n), cell_share(share),
                                in->value != NULL ? cell_money(m.value_minor) : cell_empty(NULL),
                                cell_count((int64_t)then.n_moves), cell_count((int64_t)now.n_moves),
                                cell_count((int64_t)then.n_flapped),
                                cell_count((int64_t)now.n_flapped)});
    }
    doc_table_footnote(t,
                       "Counted at the as-of date and the %d month ends before it; new and "
                       "leaving customers are left out.",
                       PLAN_DATES - 1);
    return STRATA_OK;
}

/* --- one dimension: sizes, flows, accounts --- */

typedef struct size_pair {
    int64_t n_before, n_after, value_before, value_after;
} size_pair;

static size_pair sizes_of(const plan_input *in, const plan_moves *m, const segment_code *before,
                          const segment_code *after)
{
    const segment_code *old = segmentation_codes(in->before.s, m->before, PLAN_DATES - 1);
    const segment_code *new = segmentation_codes(in->after.s, m->after, PLAN_DATES - 1);
    size_pair z = {0};
    for (size_t i = 0; i < in->p->n_accounts; i++) {
        int64_t value = in->value != NULL ? money_minor(in->value[i]) : 0;
        bool was = before != NULL && old[i] == *before;
        bool is = after != NULL && new[i] == *after;
        z.n_before += was;
        z.n_after += is;
        z.value_before += was ? value : 0;
        z.value_after += is ? value : 0;
    }
    return z;
}

static void size_row(doc_table *t, const char *label, const size_pair *z)
{
    if (z->n_before > 0 || z->n_after > 0) {
        doc_row(t, (doc_cell[]){cell_text(label), cell_count(z->n_before), cell_count(z->n_after),
                                cell_change(z->n_after - z->n_before), cell_money(z->value_before),
                                cell_money(z->value_after)});
    }
}

/* The segment of the model before that stands for `after`; NULL when there is none. */
static const segment_code *counterpart(const plan_input *in, const plan_moves *m, size_t n_before,
                                       segment_code after, segment_code *out)
{
    for (size_t k = 0; k <= n_before; k++) {
        *out = k < n_before ? (segment_code)k : (segment_code)SEGMENT_OUTSIDE;
        if (plan_same_segment(in, m, *out, after)) {
            return out;
        }
    }
    return NULL;
}

static void sizes(doc_section *s, const plan_input *in, const plan_moves *m)
{
    const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "before", .label = "Accounts before", .type = CELL_COUNT},
        {.key = "after", .label = "after", .type = CELL_COUNT, .bar = true},
        {.key = "change", .label = "Change", .type = CELL_CHANGE},
        {.key = "value_before", .label = "Value before", .type = CELL_MONEY, .priority = 1},
        {.key = "value_after", .label = "after", .type = CELL_MONEY, .priority = 1}};
    doc_table *t = doc_table_new(s, "sizes", NULL, columns, in->value != NULL ? 6 : 4);
    size_t n_before = 0;
    size_t n_after = 0;
    (void)bound_segments(in->before.b, m->before, &n_before);
    (void)bound_segments(in->after.b, m->after, &n_after);
    for (size_t k = 0; k <= n_after; k++) {
        segment_code after = k < n_after ? (segment_code)k : (segment_code)SEGMENT_OUTSIDE;
        segment_code before = 0;
        size_pair z = sizes_of(in, m, counterpart(in, m, n_before, after, &before), &after);
        size_row(t, report_segment_label(in->after.b, m->after, after), &z);
    }
    for (size_t k = 0; k < n_before; k++) {
        segment_code before = (segment_code)k;
        bool gone = true;
        for (size_t j = 0; j < n_after && gone; j++) {
            gone = !plan_same_segment(in, m, before, (segment_code)j);
        }
        size_pair z = gone ? sizes_of(in, m, &before, NULL) : (size_pair){0};
        size_row(t, report_segment_label(in->before.b, m->before, before), &z);
    }
}

static strata_status put_flows(doc_section *s, const plan_input *in, const plan_moves *m,
                               strata_error *err)
{
    STRATA_AUTO_FREE flow *list = STRATA_NEW_ARRAY(m->n, flow);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing two models");
    }
    size_t n = 0;
    for (size_t i = 0; i < m->n; i++) {
        flow_add(list, &n, m->items[i].from, m->items[i].to, m->items[i].value_minor);
    }
    report_flows(s, (flow_side){in->before.b, m->before}, (flow_side){in->after.b, m->after},
                 in->value != NULL ? in->value_label : NULL, list, n);
    return STRATA_OK;
}

static strata_status movers(doc_section *s, const plan_input *in, const plan_moves *m, arena *a,
                            strata_error *err)
{
    const doc_column columns[] = {
        {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
        {.key = "value", .label = in->value_label, .type = CELL_MONEY},
        {.key = "from", .label = "From", .type = CELL_TEXT},
        {.key = "to", .label = "To", .type = CELL_TEXT},
        {.key = "clause", .label = "Rule", .type = CELL_TEXT},
        {.key = "observed", .label = "Account's value", .type = CELL_TEXT, .priority = 1}};
    size_t n_slots = in->after.b->scope.n_symbols;
    column *values = ARENA_NEW(a, n_slots + 1, column);
    if (values == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing two models");
    }
    segmentation_columns(in->after.s, n_slots, values);
    size_t n = in->most > 0 && in->most < m->n ? in->most : m->n;
    doc_table *t = doc_table_new(s, "movers", NULL, columns, sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < n; i++) {
        const plan_move *move = &m->items[i];
        plan_reason why = {0};
        STRATA_TRY(plan_move_reason(in, m, move, values, a, &why, err));
        doc_row(t, (doc_cell[]){
                       cell_text(in->p->ids[move->account]), cell_text(in->p->names[move->account]),
                       in->value != NULL ? cell_money(move->value_minor) : cell_empty(NULL),
                       cell_text(report_segment_label(in->before.b, m->before, move->from)),
                       cell_text(report_segment_label(in->after.b, m->after, move->to)),
                       text_or(why.clause, NULL), text_or(why.observed, NULL)});
    }
    if (n < m->n) {
        doc_table_footnote(t, "%zu more; --limit shows them", m->n - n);
    }
    return STRATA_OK;
}

static strata_status one_dimension(document *d, doc_section *parent, const plan_input *in, arena *a,
                                   strata_error *err)
{
    const bound_def *before = plan_dimension(in->before.b, in->dimension);
    const bound_def *after = plan_dimension(in->after.b, in->dimension);
    plan_moves m = {0};
    char title[400];
    char money[NUMBER_TEXT] = "";
    if (before == NULL || after == NULL) {
        doc_section *s = document_section(d, parent, "moves", "Nothing to compare");
        doc_note(s, "note", "The dimension '%s' is in one of the models only.",
                 document_escape(d, in->dimension));
        return STRATA_OK;
    }
    STRATA_TRY(plan_moves_find(in, before, after, a, &m, err));
    number_format_money_short(m.value_minor, in->p->currency, money);
    (void)snprintf(title, sizeof title, "%s: %s of %s would move%s%s%s%s",
                   report_dimension_label(in->after.b, after), words_count((int64_t)m.n).text,
                   words_things((int64_t)m.n_accounts, "account").text,
                   in->value != NULL ? ", " : "", in->value != NULL ? money : "",
                   in->value != NULL ? " of " : "", in->value != NULL ? in->value_label : "");
    doc_section *s = document_section(d, parent, "moves", title);
    sizes(s, in, &m);
    if (m.n == 0) {
        return STRATA_OK;
    }
    STRATA_TRY(put_flows(s, in, &m, err));
    return movers(s, in, &m, a, err);
}

strata_status report_plan(document *d, doc_section *parent, const plan_input *in, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(definitions(d, parent, in, a, err));
    STRATA_TRY(dimensions(d, parent, in, a, err));
    STRATA_TRY(one_dimension(d, parent, in, a, err));
    return STRATA_OK;
}
