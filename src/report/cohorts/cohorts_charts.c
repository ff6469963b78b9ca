/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "document/text.h"
#include "report/cohorts/cohorts_parts.h"
#include "report/report.h"

/* --- every cell in a row of its own --- */

static doc_cell maybe_rate(const cohorts_report *c, const cohort_cell *cell, double x, bool there)
{
    return there ? cell_number(cohorts_rate(c, cell, x)) : cell_empty(NULL);
}

void cohorts_cells_table(doc_section *s, const cohorts_report *c)
{
    static const doc_column columns[] = {
        {.key = "cohort", .label = "Cohort", .type = CELL_TEXT},
        {.key = "age", .label = "Age", .type = CELL_TEXT},
        {.key = "kind", .label = "Kind", .type = CELL_TEXT},
        {.key = "over", .label = "Over", .type = CELL_BOOL},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "active", .label = "Active", .type = CELL_COUNT},
        {.key = "value", .label = "Value", .type = CELL_NUMBER, .decimals = 2},
        {.key = "rate", .label = "Rate", .type = CELL_NUMBER, .decimals = 4},
        {.key = "low", .label = "95 % from", .type = CELL_NUMBER, .decimals = 4},
        {.key = "high", .label = "to", .type = CELL_NUMBER, .decimals = 4}};
    const retention *r = c->r;
    doc_table *t = doc_table_new(s, "cells", NULL, columns, 10);
    for (size_t i = 0; i < r->n_groups * r->n_ages; i++) {
        const cohort_cell *cell = &r->cells[i];
        bool known = cell->kind != COHORT_CENSORED;
        doc_row(t, (doc_cell[]){cell_text(r->in->groups->labels[r->first + i / r->n_ages]),
                                cell_text(r->ages[i % r->n_ages]),
                                cell_text(cohort_cell_kind_name(cell->kind)), cell_bool(cell->over),
                                known ? cell_count((int64_t)cell->accounts) : cell_empty(NULL),
                                known ? cell_count((int64_t)cell->active) : cell_empty(NULL),
                                known ? cell_number(cohorts_amount(c, cell)) : cell_empty(NULL),
                                maybe_rate(c, cell, cell->rate, cell->stated),
                                maybe_rate(c, cell, cell->low, cell->ranged),
                                maybe_rate(c, cell, cell->high, cell->ranged)});
    }
}

/* --- heat map --- */

typedef struct heat_map {
    double *values;
    cohort_text *texts;
    const char **shown;
} heat_map;

static void heat_map_done(heat_map *h)
{
    free(h->values);
    free(h->texts);
    free((void *)h->shown);
}

static void put_heat_map(document *d, doc_section *s, const cohorts_report *c, size_t n_ages)
{
    const retention *r = c->r;
    size_t most = c->whole ? r->n_groups : COHORT_CHART_ROWS;
    size_t rows = r->n_groups < most ? r->n_groups : most;
    size_t n = rows * n_ages;
    STRATA_CLEANUP(heat_map_done)
    heat_map h = {.values = STRATA_NEW_ARRAY(n, double),
                  .texts = STRATA_NEW_ARRAY(n, cohort_text),
                  .shown = STRATA_NEW_ARRAY(n, const char *)};
    if (!h.values || !h.texts || !h.shown) {
        document_fail(d);
        return;
    }
    size_t skipped = r->n_groups - rows;
    for (size_t i = 0; i < n; i++) {
        const cohort_cell *cell = retention_cell(r, skipped + i / n_ages, i % n_ages);
        h.values[i] = cohorts_cell_number(c, cell);
        h.texts[i] = cohorts_cell_text(c, cell);
        h.shown[i] = h.texts[i].s[0] != '\0' ? h.texts[i].s : NULL;
    }
    const chart_grid grid = {.row_title = NULL,
                             .column_title = cohorts_unit(c),
                             .rows = r->in->groups->labels + r->first + skipped,
                             .columns = r->ages,
                             .n_rows = rows,
                             .n_columns = n_ages,
                             .values = h.values,
                             .format = cohorts_format(c),
                             .texts = h.shown};
    chart_theme theme = {.currency = c->currency};
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    cohorts_caption(&title, c);
    doc_chart(s, "heatmap", strbuf_text(&title),
              "A triangle of cohorts by age, darker where more is kept; the table has the figures.",
              chart_matrix(&theme, &grid));
}

/* --- curves --- */

enum { CURVES = 6, OTHER_COHORTS = 3, CURVE_AGES = 3 };

typedef struct curves {
    double *values; /* [series][value, low, high][age] */
    chart_series series[CURVES];
    const char *names[CURVES]; /* those with a colour */
    size_t n, n_names, n_ages;
} curves;

/* Ages without a rate leave a gap; partial ones are left out. */
static void add_curve(const cohorts_report *c, curves *v, const char *name,
                      const cohort_cell *cells, bool band)
{
    double *value = &v->values[v->n * 3 * v->n_ages];
    double *low = value + v->n_ages;
    double *high = low + v->n_ages;
    for (size_t k = 0; k < v->n_ages; k++) {
        const cohort_cell *cell = &cells[k];
        bool stated = cell->kind == COHORT_OBSERVED;
        value[k] = stated ? cohorts_rate(c, cell, cell->rate) : NAN;
        low[k] = stated && cell->ranged ? cohorts_rate(c, cell, cell->low) : NAN;
        high[k] = stated && cell->ranged ? cohorts_rate(c, cell, cell->high) : NAN;
    }
    v->series[v->n++] = (chart_series){
        .name = name, .values = value, .low = band ? low : NULL, .high = band ? high : NULL};
}

static size_t stated_ages(const cohort_cell *cells, size_t n)
{
    size_t stated = 0;
    for (size_t k = 0; k < n; k++) {
        stated += cells[k].kind == COHORT_OBSERVED;
    }
    return stated;
}

/* Cohorts from one to the same of the year before. */
static size_t cohorts_a_year(const cohorts_report *c)
{
    static const size_t n[] = {[PERIOD_MONTH] = 12, [PERIOD_QUARTER] = 4, [PERIOD_YEAR] = 1};
    return n[c->r->in->clock.calendar.unit];
}

static void add_named(const cohorts_report *c, curves *v, size_t group, bool band)
{
    const char *name = c->r->in->groups->labels[c->r->first + group];
    v->names[v->n_names++] = name;
    add_curve(c, v, name, retention_cell(c->r, group, 0), band);
}

/* All with its band, the latest cohort that has a curve and those of one and two years before;
 * groups each with their own. */
static void gather_curves(const cohorts_report *c, curves *v)
{
    const retention *r = c->r;
    if (c->by_start || r->n_groups > CURVES) {
        add_curve(c, v, "All", r->all, true);
        size_t step = c->by_start ? cohorts_a_year(c) : 1;
        size_t g = r->n_groups;
        while (g > 0 && stated_ages(retention_cell(r, g - 1, 0), v->n_ages) < CURVE_AGES) {
            g--;
        }
        for (; g > 0 && v->n <= OTHER_COHORTS; g = g > step ? g - step : 0) {
            add_named(c, v, g - 1, false);
        }
        return;
    }
    for (size_t g = 0; g < r->n_groups; g++) {
        if (stated_ages(retention_cell(r, g, 0), v->n_ages) > 1) {
            add_named(c, v, g, true);
        }
    }
}

static void put_curves(document *d, doc_section *s, const cohorts_report *c, size_t n_ages)
{
    STRATA_AUTO_FREE double *values = STRATA_NEW_ARRAY((size_t)(3 * CURVES) * n_ages, double);
    if (values == NULL) {
        document_fail(d);
        return;
    }
    curves v = {.values = values, .n_ages = n_ages};
    gather_curves(c, &v);
    bool any = v.n > 0 && (stated_ages(c->r->all, n_ages) > 1 || !c->by_start);
    if (!any) {
        return;
    }
    const chart_time t = {.periods = c->r->ages,
                          .n_periods = n_ages,
                          .series = v.series,
                          .n_series = v.n,
                          .format =
                              c->r->request.measure == MEASURE_REVENUE ? CHART_MONEY : CHART_SHARE,
                          .title = cohorts_measure_label(c)};
    chart_theme theme = {.currency = c->currency, .names = v.names, .n_names = v.n_names};
    doc_chart(s, "curves", "By age, with 95 % intervals",
              "Curves by age of the account; the table of averages has the figures.",
              chart_lines(&theme, &t));
}

void cohorts_charts(document *d, doc_section *s, const cohorts_report *c)
{
    const retention *r = c->r;
    size_t reached = 0;
    size_t observed = 0;
    size_t most = c->whole ? r->n_ages : COHORT_CHART_AGES;
    for (size_t k = 0; k < r->n_ages && k < most; k++) {
        for (size_t g = 0; g < r->n_groups; g++) {
            cohort_cell_kind kind = retention_cell(r, g, k)->kind;
            reached = kind != COHORT_CENSORED ? k + 1 : reached;
            observed = kind == COHORT_OBSERVED ? k + 1 : observed;
        }
        observed = r->all[k].kind == COHORT_OBSERVED ? k + 1 : observed;
    }
    if (reached > 0) {
        put_heat_map(d, s, c, reached);
    }
    if (observed > 1) {
        put_curves(d, s, c, observed);
    }
}
