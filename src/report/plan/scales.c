/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/scales.h"

#include <math.h>
#include <stdio.h>

#include "report/value.h"

static const quantile_cuts *cuts_of(const view *v, const bound_def *def)
{
    bool quantiles = def->kind == DEF_BIN && v->b->model->bins[def->index].quantiles > 0;
    return quantiles ? segmentation_cuts(v->s, def, v->now_at) : NULL;
}

/* A score is used when its edge lies above the one of the group before. */
static bool group_used(const quantile_cuts *cuts, size_t group)
{
    double below = group > 0 ? cuts->upper[group - 1] : -INFINITY;
    return cuts->upper[group] > below;
}

static void put_groups(doc_table *t, const view *v, const bound_def *def, const quantile_cuts *cuts)
{
    const model_bin *bin = &v->b->model->bins[def->index];
    symbol value = {.type = rule_type(def->rules[0])};
    for (size_t k = 0; k < cuts->n_groups; k++) {
        size_t score = cuts->reverse ? cuts->n_groups - k : k + 1;
        bool last = k + 1 == cuts->n_groups;
        doc_cell up_to =
            last ? cell_empty("no upper edge") : report_number_cell(&value, cuts->upper[k]);
        doc_row(t, (doc_cell[]){cell_text(bin->label != NULL ? bin->label : bin->name),
                                cell_count((int64_t)score), up_to,
                                cell_text(last || group_used(cuts, k) ? "" : "no account")});
    }
}

void report_scales(document *d, doc_section *parent, const view *v)
{
    static const doc_column columns[] = {
        {.key = "scale", .label = "Scale", .type = CELL_TEXT},
        {.key = "score", .label = "Score", .type = CELL_COUNT},
        {.key = "up_to", .label = "Up to", .type = CELL_NUMBER, .decimals = 2},
        {.key = "used", .label = "Used by", .type = CELL_TEXT}};
    doc_section *s = NULL;
    doc_table *t = NULL;
    size_t unused = 0;
    for (size_t i = 0; i < v->b->n_defs; i++) {
        const quantile_cuts *cuts = cuts_of(v, &v->b->defs[i]);
        if (cuts == NULL) {
            continue;
        }
        if (s == NULL) {
            s = document_section(d, parent, "scales", "Quantile scales");
            t = doc_table_new(s, "scales", "Largest value that gets each score", columns, 4);
        }
        put_groups(t, v, &v->b->defs[i], cuts);
        unused += cuts->n_unused;
    }
    if (unused > 0) {
        doc_note(s, "warning",
                 "%zu %s no account gets: equal values never part, so many accounts with the same "
                 "value leave scores unused.",
                 unused, unused == 1 ? "score that" : "scores that");
    }
}
