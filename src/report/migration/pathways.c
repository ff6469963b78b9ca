/* SPDX-License-Identifier: Apache-2.0 */
/* The ways from one segment to another: whom they are for, what came of them, what came back. */
#include <math.h>

#include "report/migration/parts.h"

static void put_ways(document *d, doc_section *s, const migration_input *in)
{
    static const doc_column columns[] = {
        {.key = "name", .label = "Pathway", .type = CELL_TEXT},
        {.key = "from", .label = "From", .type = CELL_TEXT},
        {.key = "to", .label = "To", .type = CELL_TEXT},
        {.key = "accounts", .label = "For now", .type = CELL_COUNT},
        {.key = "value", .label = "Worth", .type = CELL_MONEY, .priority = 1},
        {.key = "intervention", .label = "Intervention", .type = CELL_TEXT},
        {.key = "minutes", .label = "Minutes", .type = CELL_NUMBER, .priority = 2},
        {.key = "cost", .label = "Cost each", .type = CELL_MONEY, .priority = 1},
        {.key = "trigger", .label = "Trigger", .type = CELL_TEXT, .priority = 3},
        {.key = "measure", .label = "Measure", .type = CELL_TEXT, .priority = 4},
        {.key = "outcome", .label = "Expected", .type = CELL_TEXT, .priority = 4}};
    doc_table *t = doc_table_new(s, "pathways", "Whom each way is for now", columns,
                                 sizeof columns / sizeof columns[0]);
    for (size_t k = 0; k < in->v->b->model->migration.n_pathways; k++) {
        const migration_pathway *p = &in->pathways[k];
        int origin = document_provenance(d, "accounts in the segment for which the trigger holds",
                                         p->path->trigger.text, p->path->trigger.text);
        const char *measure = p->path->measure.text;
        doc_row(t, (doc_cell[]){
                       cell_text(p->path->name), cell_text(p->path->from), cell_text(p->path->to),
                       p->lacks != NULL ? cell_empty(p->lacks)
                                        : with_origin(cell_count((int64_t)p->n_now), origin),
                       in->v->value != NULL ? cell_money(p->value_minor) : cell_empty(NULL),
                       cell_text(p->path->intervention), cell_number(p->minutes),
                       isnan(p->cost) ? cell_empty("no hourly cost is known")
                                      : cell_money(llround(p->cost)),
                       cell_text(p->path->trigger.text),
                       measure != NULL ? cell_text(measure) : cell_empty("not stated"),
                       p->path->outcome != NULL ? cell_text(p->path->outcome)
                                                : cell_empty("not stated")});
    }
}

/* --- what came of them --- */

static doc_cell share_cell(bool known, double x, const char *why)
{
    return known ? cell_share(x) : cell_empty(why);
}

static void put_result(doc_table *t, const migration_pathway *p)
{
    bool any = p->effect != NULL && p->horizon < EFFECT_HORIZONS;
    const effect_after *a = any ? &p->effect->after[p->horizon] : NULL;
    bool is_up = any && p->to < p->from && a->of[OUTCOME_UP].defined;
    const char *why = p->effect == NULL ? "never done for accounts of the segment"
                      : !any            ? "too few to compare"
                                        : "a way down";
    const ratio_difference *up = is_up ? &a->of[OUTCOME_UP] : NULL;
    /* Nobody, or everybody, moved on both sides: drawing again gives a range without a width. */
    const bool wide = is_up && up->high > up->low;
    const char *no_range = is_up ? "too few moves for a range" : why;
    bool returns = !isnan(p->back);
    const char *no_return = any ? "no cost is known" : why;
    doc_row(t, (doc_cell[]){cell_text(p->path->name), cell_count((int64_t)p->n_12m),
                            p->n_measured > 0 ? cell_count((int64_t)p->n_met)
                                              : cell_empty(p->path->measure.text == NULL
                                                               ? "no measure is stated"
                                                               : "nobody to judge it by"),
                            any ? cell_count((int64_t)a->n_matched) : cell_empty(why),
                            any ? cell_count(effect_months[p->horizon]) : cell_empty(why),
                            share_cell(is_up, is_up ? up->first : 0.0, why),
                            share_cell(is_up, is_up ? up->second : 0.0, why),
                            share_cell(is_up, is_up ? up->difference : 0.0, why),
                            share_cell(wide, wide ? up->low : 0.0, no_range),
                            share_cell(wide, wide ? up->high : 0.0, no_range),
                            any ? cell_money(llround(a->arr)) : cell_empty(why),
                            returns ? cell_number(p->back) : cell_empty(no_return),
                            returns ? cell_number(p->back_low) : cell_empty(no_return),
                            returns ? cell_number(p->back_high) : cell_empty(no_return)});
}

static void put_results(document *d, doc_section *parent, const migration_input *in)
{
    static const doc_column columns[] = {
        {.key = "name", .label = "Pathway", .type = CELL_TEXT},
        {.key = "done", .label = "Done in 12m", .type = CELL_COUNT},
        {.key = "met", .label = "Measure holds", .type = CELL_COUNT, .priority = 2},
        {.key = "matched", .label = "Compared", .type = CELL_COUNT, .priority = 1},
        {.key = "months", .label = "Months on", .type = CELL_COUNT, .priority = 1},
        {.key = "up", .label = "Moved up", .type = CELL_SHARE},
        {.key = "others_up", .label = "Others", .type = CELL_SHARE},
        {.key = "difference", .label = "Difference", .type = CELL_SHARE},
        {.key = "low", .label = "from", .type = CELL_SHARE, .priority = 1},
        {.key = "high", .label = "to", .type = CELL_SHARE, .priority = 1},
        {.key = "arr", .label = "ARR it made", .type = CELL_MONEY, .priority = 2},
        {.key = "return", .label = "Back for 1", .type = CELL_NUMBER, .decimals = 1},
        {.key = "return_low", .label = "from", .type = CELL_NUMBER, .decimals = 1, .priority = 2},
        {.key = "return_high", .label = "to", .type = CELL_NUMBER, .decimals = 1, .priority = 2}};
    size_t n = in->v->b->model->migration.n_pathways;
    size_t told = 0;
    size_t measured = 0;
    for (size_t k = 0; k < n; k++) {
        const migration_pathway *p = &in->pathways[k];
        bool any = p->effect != NULL && p->horizon < EFFECT_HORIZONS && p->to < p->from;
        measured += any;
        told += any && p->effect->after[p->horizon].of[OUTCOME_UP].low > 0.0;
    }
    doc_section *s = document_section(
        d, parent, "pathways_tried",
        measured == 0 ? "What the ways bring cannot be measured yet"
        : told > 0    ? SAY(in, "%zu of %s brought more accounts up than would have come", told,
                            words_things((int64_t)n, "way").text)
                      : "No way is seen to bring more accounts up than would have come");
    doc_table *t = doc_table_new(s, "pathways_tried",
                                 "Accounts of the segment that had the intervention, against "
                                 "accounts like them that had none",
                                 columns, sizeof columns / sizeof columns[0]);
    for (size_t k = 0; k < n; k++) {
        put_result(t, &in->pathways[k]);
    }
    doc_table_footnote(t,
                       "Back for 1: ARR of the accounts compared that would not be there "
                       "without it, over what it cost. Below 0: accounts that had it did worse.");
}

void migration_put_pathways(document *d, doc_section *parent, const migration_input *in)
{
    size_t n = in->v->b->model->migration.n_pathways;
    if (n == 0) {
        doc_section *s = document_section(d, parent, "pathways", "No pathways");
        doc_note(s, "missing",
                 "The model names no ways from one segment to another; add `migration: "
                 "{pathways: [{name: ..., from: ..., to: ..., trigger: ..., intervention: ...}]}`. "
                 "`strata targets` has the effect of every intervention.");
        return;
    }
    size_t accounts = 0;
    for (size_t k = 0; k < n; k++) {
        accounts += in->pathways[k].n_now;
    }
    doc_section *s = document_section(
        d, parent, "pathways",
        SAY(in, "%s up and down %s open to %s now", words_things((int64_t)n, "way").text,
            n == 1 ? "is" : "are", words_things((int64_t)accounts, "account").text));
    put_ways(d, s, in);
    put_results(d, s, in);
}
