/* SPDX-License-Identifier: Apache-2.0 */
/* Two dimensions at once: value against health and against lifecycle, recency against frequency. */
#include <math.h>
#include <string.h>

#include "report/framework/parts.h"

/* A grid under construction: figures by cell, and the texts in them. */
typedef struct grid {
    chart_grid chart;
    double *values;
    const char **texts, **below;
} grid;

static strata_status new_grid(framework *f, size_t rows, size_t columns, grid *out,
                              strata_error *err)
{
    grid g = {.values = ARENA_NEW(f->a, rows * columns, double),
              .texts = ARENA_NEW(f->a, rows * columns, const char *),
              .below = ARENA_NEW(f->a, rows * columns, const char *)};
    if (g.values == NULL || g.texts == NULL || g.below == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    g.chart = (chart_grid){.n_rows = rows,
                           .n_columns = columns,
                           .values = g.values,
                           .texts = g.texts,
                           .below = g.below};
    *out = g;
    return STRATA_OK;
}

static size_t without_empty_missing(const framework *f, const bound_def *def,
                                    const framework_cells *cells, bool rows)
{
    size_t n = rows ? cells->n : cells->n_across;
    bool tiers = f->b->model->dimensions[def->index].kind == DIMENSION_TIERS;
    size_t members = 0;
    size_t others = rows ? cells->n_across : cells->n;
    for (size_t k = 0; k < others; k++) {
        members += rows ? cells->accounts[(n - 1) * cells->n_across + k]
                        : cells->accounts[k * cells->n_across + n - 1];
    }
    return !tiers && members == 0 ? n - 1 : n;
}

static void fill_grid(framework *f, const framework_cells *cells, grid *g)
{
    for (size_t r = 0; r < g->chart.n_rows; r++) {
        for (size_t c = 0; c < g->chart.n_columns; c++) {
            size_t from = r * cells->n_across + c;
            size_t to = r * g->chart.n_columns + c;
            bool value = f->profile->has_value;
            g->values[to] =
                value ? framework_major(cells->value[from]) : (double)cells->accounts[from];
            g->texts[to] =
                value ? framework_text(f, "%s", words_money(cells->value[from], f->currency).text)
                      : NULL;
            g->below[to] =
                value ? framework_text(f, "%s",
                                       words_things((int64_t)cells->accounts[from], "account").text)
                      : NULL;
            if (cells->accounts[from] == 0) {
                g->texts[to] = "\xe2\x80\x93";
                g->below[to] = "";
            }
        }
    }
}

/* The cell that holds most: what the heading says. */
static void most_of(const grid *g, size_t *row, size_t *across)
{
    for (size_t i = 0; i < g->chart.n_rows * g->chart.n_columns; i++) {
        if (g->values[i] > g->values[*row * g->chart.n_columns + *across]) {
            *row = i / g->chart.n_columns;
            *across = i % g->chart.n_columns;
        }
    }
}

/* One row for each cell with members: what the picture shows, with the accounts behind it. */
static void cell_table(framework *f, doc_section *s, const bound_def *rows,
                       const bound_def *columns, const framework_cells *cells)
{
    const doc_column heads[] = {
        {.key = "row", .label = report_dimension_label(f->b, rows), .type = CELL_TEXT},
        {.key = "column", .label = report_dimension_label(f->b, columns), .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .bar = true},
        {.key = "value",
         .label = f->profile->has_value ? f->profile->value_label : "",
         .type = CELL_MONEY,
         .bar = true}};
    doc_table *t =
        doc_table_new(s,
                      framework_text(f, "matrix_%s_%s", f->b->scope.symbols[rows->slot].name,
                                     f->b->scope.symbols[columns->slot].name),
                      NULL, heads, f->profile->has_value ? 4 : 3);
    doc_table_fold(t);
    for (size_t r = 0; r < cells->n; r++) {
        for (size_t c = 0; c < cells->n_across; c++) {
            size_t i = r * cells->n_across + c;
            STRBUF_AUTO strbuf where;
            strbuf_init(&where, 0);
            if (cells->accounts[i] == 0) {
                continue;
            }
            report_segment_where(&where, f->b, rows, (segment_code)r);
            strbuf_add(&where, " and ");
            report_segment_where(&where, f->b, columns, (segment_code)c);
            int origin = document_provenance(f->d, "Accounts in both segments at the as-of date.",
                                             NULL, strbuf_text(&where));
            doc_row(t, (doc_cell[]){cell_text(rows->labels[r]), cell_text(columns->labels[c]),
                                    with_origin(cell_count((int64_t)cells->accounts[i]), origin),
                                    with_origin(cell_money(cells->value[i]), origin)});
        }
    }
}

static strata_status cross(framework *f, doc_section *parent, const bound_def *rows,
                           const bound_def *columns, strata_error *err)
{
    framework_cells cells = {0};
    grid g = {0};
    size_t row = 0;
    size_t across = 0;
    STRATA_TRY(framework_count(f, rows, columns, &cells, err));
    STRATA_TRY(new_grid(f, without_empty_missing(f, rows, &cells, true),
                        without_empty_missing(f, columns, &cells, false), &g, err));
    fill_grid(f, &cells, &g);
    most_of(&g, &row, &across);
    const char *x = report_dimension_label(f->b, rows);
    const char *y = report_dimension_label(f->b, columns);
    g.chart.row_title = x;
    g.chart.column_title = y;
    g.chart.rows = rows->labels;
    g.chart.columns = columns->labels;
    g.chart.format = f->profile->has_value ? CHART_MONEY : CHART_COUNT;
    size_t n = cells.accounts[row * cells.n_across + across];
    doc_section *s = document_section(
        f->d, parent, framework_text(f, "matrix-%s", f->b->scope.symbols[columns->slot].name),
        framework_text(f, "%s by %s", x, y));
    const char *title = framework_text(
        f, "%s and %s hold the most: %s%s%s", rows->labels[row], columns->labels[across],
        words_things((int64_t)n, "account").text, f->profile->has_value ? ", " : "",
        f->profile->has_value
            ? words_money(cells.value[row * cells.n_across + across], f->currency).text
            : "");
    doc_chart(s, framework_text(f, "grid-%s", f->b->scope.symbols[columns->slot].name), title,
              title, chart_matrix(&f->theme, &g.chart));
    cell_table(f, s, rows, columns, &cells);
    return STRATA_OK;
}

strata_status framework_matrix(framework *f, strata_error *err)
{
    const bound_def *value = framework_dimension(f, (const char *const[]){"value", "spend", NULL});
    const bound_def *health = framework_dimension(f, (const char *const[]){"health_band", NULL});
    const bound_def *stage =
        framework_dimension(f, (const char *const[]){"lifecycle", "stage", NULL});
    const char *rows = value != NULL ? report_dimension_label(f->b, value) : NULL;
    if (value == NULL || (health == NULL && stage == NULL)) {
        framework_lacks(f, "The matrix of value, health and lifecycle",
                        "`extends: hybrid` in the model (`extends: shop` for orders)");
        return STRATA_OK;
    }
    doc_section *s = document_section(
        f->d, NULL, "matrix",
        framework_text(f, "%s against %s%s%s", rows,
                       report_dimension_label(f->b, health != NULL ? health : stage),
                       health != NULL && stage != NULL ? " and " : "",
                       health != NULL && stage != NULL ? report_dimension_label(f->b, stage) : ""));
    if (health != NULL) {
        STRATA_TRY(cross(f, s, value, health, err));
    } else {
        framework_lacks(f, "Value by health",
                        "a dimension `health_band` (`extends: health-risk`), which needs usage, "
                        "tickets or surveys");
    }
    if (stage != NULL) {
        STRATA_TRY(cross(f, s, value, stage, err));
    }
    return STRATA_OK;
}

/* --- recency, frequency, monetary value --- */

enum { RFM_SCORES = 5 };

typedef struct rfm_cells {
    size_t n[RFM_SCORES * RFM_SCORES];
    int64_t value[RFM_SCORES * RFM_SCORES];
    size_t all;
} rfm_cells;

/* Frequency down the rows from 5 to 1, recency across from 1 to 5. */
static bool count_rfm(const framework *f, rfm_cells *out)
{
    const double *r = view_column(f->v, "grid_r").num;
    const double *q = view_column(f->v, "grid_f").num;
    const segment_code *now = study_codes_now(f->s, f->def);
    if (r == NULL || q == NULL) {
        return false;
    }
    for (size_t i = 0; i < f->s->n; i++) {
        bool known = now[i] < SEGMENTS_MAX && r[i] >= 1 && r[i] <= RFM_SCORES && q[i] >= 1 &&
                     q[i] <= RFM_SCORES;
        if (known) {
            size_t at =
                (size_t)(RFM_SCORES - llround(q[i])) * RFM_SCORES + (size_t)(llround(r[i]) - 1);
            out->n[at]++;
            out->value[at] += f->s->value != NULL ? f->s->value[i] : 0;
            out->all++;
        }
    }
    return out->all > 0;
}

strata_status framework_rfm(framework *f, strata_error *err)
{
    static const char *const recency[] = {"R1 longest ago", "R2", "R3", "R4", "R5 latest"};
    static const char *const frequency[] = {"F5 most", "F4", "F3", "F2", "F1 least"};
    enum { CELLS = RFM_SCORES * RFM_SCORES };
    rfm_cells cells = {0};
    if (!count_rfm(f, &cells)) {
        framework_lacks(f, "The RFM heat map",
                        "`extends: rfm` in the model (for orders `extends: shop`)");
        return STRATA_OK;
    }
    double values[CELLS];
    const char *texts[CELLS];
    const char *below[CELLS];
    for (size_t i = 0; i < CELLS; i++) {
        values[i] = (double)cells.n[i];
        texts[i] = framework_text(f, "%s", words_count((int64_t)cells.n[i]).text);
        below[i] = f->profile->has_value
                       ? framework_text(f, "%s", words_money(cells.value[i], f->currency).text)
                       : "";
    }
    size_t best = cells.n[RFM_SCORES - 1] + cells.n[2 * RFM_SCORES - 1];
    int64_t worth = cells.value[RFM_SCORES - 1] + cells.value[2 * RFM_SCORES - 1];
    doc_section *s = document_section(
        f->d, NULL, "rfm",
        f->profile->has_value
            ? framework_text(f, "The latest and most frequent %s bring %s of %s",
                             words_share(framework_part_of((int64_t)best, (int64_t)cells.all)).text,
                             words_share(framework_part_of(worth, f->profile->value_minor)).text,
                             f->v->has_arr ? "ARR" : "spend")
            : "Recency and frequency");
    doc_paragraph(s, "Accounts by recency (across) and frequency (down), each scored 1 to 5; the "
                     "figure below the count is what they are worth.");
    chart_grid picture = {.row_title = "Frequency",
                          .column_title = "Recency",
                          .rows = frequency,
                          .columns = recency,
                          .n_rows = RFM_SCORES,
                          .n_columns = RFM_SCORES,
                          .values = values,
                          .format = CHART_COUNT,
                          .texts = texts,
                          .below = below};
    doc_chart(s, "rfm-grid", "Accounts by recency and frequency",
              "A grid of accounts by recency score and frequency score; the table below lists the "
              "segments made from it.",
              chart_matrix(&f->theme, &picture));
    (void)err;
    return STRATA_OK;
}
