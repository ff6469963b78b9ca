/* SPDX-License-Identifier: Apache-2.0 */
/* How large the segments are, where the value sits, and what each dimension means. */
#include <string.h>

#include "report/framework/parts.h"
#include "report/segments/segments.h"

/* --- the segments of the report --- */

strata_status framework_segments(framework *f, strata_error *err)
{
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_segments_title(&title, f->v, f->profile);
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(f->d, NULL, "segments", strbuf_text(&title));
    report_segments(f->d, s, f->v, f->profile);
    return STRATA_OK;
}

/* --- value concentration --- */

strata_status framework_concentration(framework *f, strata_error *err)
{
    enum { POINTS_MAX = 64 };
    (void)err;
    const insight *in = framework_insight(f, "value_concentration");
    if (in == NULL) {
        framework_lacks(f, "Value concentration", "ARR or orders of enough customers");
        return STRATA_OK;
    }
    double top20 = in->values[1].x;
    double top50 = in->values[2].x;
    doc_section *s =
        document_section(f->d, NULL, "concentration",
                         framework_text(f, "A fifth of the customers holds %s of %s",
                                        words_share(top20).text, f->v->has_arr ? "ARR" : "spend"));
    doc_paragraph(s, "%s %s", SAFE(f->d, in->sentence), SAFE(f->d, in->implies));
    double x[POINTS_MAX];
    double y[POINTS_MAX];
    size_t n = in->n_lorenz < POINTS_MAX ? in->n_lorenz : POINTS_MAX;
    for (size_t k = 0; k < n; k++) { /* from the largest down */
        x[k] = 1.0 - in->lorenz[n - 1 - k].accounts;
        y[k] = 1.0 - in->lorenz[n - 1 - k].value;
    }
    const chart_mark marks[] = {
        {0.2, top20, framework_text(f, "top 20 %%: %s", words_share(top20).text)},
        {0.5, top50, framework_text(f, "top 50 %%: %s", words_share(top50).text)}};
    doc_chart(s, "lorenz",
              framework_text(f, "Share of %s held by the largest customers",
                             f->v->has_arr ? "ARR" : "spend"),
              SAFE(f->d, in->sentence), chart_lorenz(&f->theme, x, y, n, marks, 2));
    int origin = document_provenance(f->d, in->definition, NULL, in->expression);
    const doc_column columns[] = {
        {.key = "figure", .label = "Figure", .type = CELL_TEXT},
        {.key = "value", .label = "Value", .type = CELL_NUMBER, .decimals = 2}};
    doc_table *t = doc_table_new(s, "concentration", NULL, columns, 2);
    for (size_t i = 0; i < in->n_values; i++) {
        const named_value *v = &in->values[i];
        doc_cell cell = v->type == VALUE_SHARE         ? cell_share(v->x)
                        : v->type == VALUE_MONEY       ? cell_money(money_minor(v->x))
                        : strcmp(v->name, "gini") == 0 ? cell_number(v->x)
                                                       : cell_count((int64_t)v->x);
        doc_row(t, (doc_cell[]){cell_text(v->label), with_origin(cell, origin)});
    }
    return STRATA_OK;
}

/* --- dimensions and their bands --- */

static strata_status dimension_rows(framework *f, const bound_def *def, doc_table *t,
                                    strata_error *err)
{
    framework_cells cells = {0};
    STRATA_TRY(framework_count(f, def, NULL, &cells, err));
    size_t all = 0;
    int64_t worth = 0;
    for (size_t i = 0; i < cells.n; i++) {
        all += cells.accounts[i];
        worth += cells.value[i];
    }
    const model_dimension *dim = &f->b->model->dimensions[def->index];
    for (size_t i = 0; i < cells.n; i++) {
        STRBUF_AUTO strbuf said;
        strbuf_init(&said, 0);
        if (cells.accounts[i] == 0 && (dim->kind != DIMENSION_TIERS && i + 1 == cells.n)) {
            continue;
        }
        STRATA_TRY(report_segment_when(&said, f->b, def, (segment_code)i, err));
        const char *when = strbuf_text(&said);
        int origin = report_segment_origin(f->d, f->b, def, (segment_code)i, when, NULL);
        doc_row(
            t, (doc_cell[]){cell_text(def->labels[i]), cell_text(when),
                            with_origin(cell_count((int64_t)cells.accounts[i]), origin),
                            cell_share(framework_part_of((int64_t)cells.accounts[i], (int64_t)all)),
                            cell_money(cells.value[i]),
                            cell_share(framework_part_of(cells.value[i], worth))});
    }
    if (dim->kind == DIMENSION_TIERS && cells.accounts[cells.n - 1] > 0 &&
        def->n_rules == cells.n && def->rules[cells.n - 1] == NULL) {
        doc_table_footnote(
            t, "%s (%s) in no band above: %s.",
            words_things((int64_t)cells.accounts[cells.n - 1], "account").text,
            words_share(framework_part_of((int64_t)cells.accounts[cells.n - 1], (int64_t)all)).text,
            SAFE(f->d, def->labels[cells.n - 1]));
    }
    doc_row_total(t, (doc_cell[]){cell_text("All"), cell_empty(NULL), cell_count((int64_t)all),
                                  cell_share(all > 0 ? 1.0 : 0.0), cell_money(worth),
                                  cell_share(worth > 0 ? 1.0 : 0.0)});
    return STRATA_OK;
}

static strata_status one_dimension(framework *f, doc_section *parent, const bound_def *def,
                                   strata_error *err)
{
    const model_dimension *dim = &f->b->model->dimensions[def->index];
    doc_section *s = document_section(f->d, parent, framework_text(f, "dimension-%s", dim->name),
                                      report_dimension_label(f->b, def));
    if (dim->kind == DIMENSION_TIERS) {
        doc_paragraph(s, "Tried from the top; the first that holds decides.%s",
                      dim->hold.enter_after_days > 0 || dim->hold.leave_after_days > 0
                          ? framework_text(f,
                                           " Held calm: a better tier is entered after %d days, a "
                                           "worse one after %d, and an edge must be passed by %s.",
                                           dim->hold.enter_after_days, dim->hold.leave_after_days,
                                           words_share(dim->hold.margin).text)
                          : "");
    }
    const char *label = f->profile->has_value ? f->profile->value_label : "Value";
    const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "definition", .label = "Definition", .type = CELL_TEXT, .priority = 2},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "accounts_share", .label = "%", .type = CELL_SHARE, .bar = true},
        {.key = "value", .label = label, .type = CELL_MONEY},
        {.key = "value_share", .label = "%", .type = CELL_SHARE, .bar = true}};
    doc_table *t = doc_table_new(s, framework_text(f, "dimension_%s", dim->name), NULL, columns,
                                 f->profile->has_value ? 6 : 4);
    return dimension_rows(f, def, t, err);
}

strata_status framework_dimensions(framework *f, strata_error *err)
{
    size_t n = 0;
    for (size_t i = 0; i < f->b->n_defs; i++) {
        n += f->b->defs[i].kind == DEF_DIMENSION;
    }
    doc_section *s = document_section(
        f->d, NULL, "dimensions",
        framework_text(f, "%zu dimension%s, and what each band means", n, n == 1 ? "" : "s"));
    for (size_t k = 0; k < f->b->model->n_dimensions; k++) { /* in the order of the file */
        for (size_t i = 0; i < f->b->n_defs; i++) {
            const bound_def *def = &f->b->defs[i];
            if (def->kind == DEF_DIMENSION && def->index == k) {
                STRATA_TRY(one_dimension(f, s, def, err));
            }
        }
    }
    return STRATA_OK;
}
