/* SPDX-License-Identifier: Apache-2.0 */
/* Who moved since the last review, why, and how the sizes ran over a year. */
#include <math.h>
#include <stdlib.h>

#include "report/framework/parts.h"
#include "report/segments/changes.h"

/* Rows are where accounts were, columns where they are; the outside and the new ones only where
 * somebody came from or went there. */
static void flow_chart(framework *f, doc_section *s, const movement *m)
{
    size_t rows = m->size;
    size_t columns = m->size - 1; /* nobody moves to "not there yet" */
    double *values = ARENA_NEW(f->a, rows * columns, double);
    const char **texts = ARENA_NEW(f->a, rows * columns, const char *);
    const char **below = ARENA_NEW(f->a, rows * columns, const char *);
    if (values == NULL || texts == NULL || below == NULL) {
        return; /* the arena's failure shows in the next text */
    }
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            size_t from = r * m->size + c;
            size_t to = r * columns + c;
            bool none = m->accounts[from] == 0;
            bool outside = r == c && c == m->n_segments;
            values[to] = outside ? 0 : (double)m->accounts[from];
            texts[to] = none || outside
                            ? "\xe2\x80\x93"
                            : framework_text(f, "%s", words_count((int64_t)m->accounts[from]).text);
            below[to] =
                none || outside || !f->profile->has_value || m->value_minor[from] == 0
                    ? ""
                    : framework_text(f, "%s", words_money(m->value_minor[from], f->currency).text);
        }
    }
    chart_grid grid = {.row_title = framework_text(f, "On %s", words_day(m->since).text),
                       .column_title = framework_text(f, "On %s", words_day(m->as_of).text),
                       .rows = m->labels,
                       .columns = m->labels,
                       .n_rows = rows,
                       .n_columns = columns,
                       .values = values,
                       .format = CHART_COUNT,
                       .texts = texts,
                       .below = below,
                       .unshaded_diagonal = true};
    const char *title = framework_text(f, "From where (rows) to where (columns): accounts and what "
                                          "they are worth now; the diagonal stayed");
    doc_chart(s, "flows", title, title, chart_matrix(&f->theme, &grid));
}

typedef struct move {
    uint32_t account;
    segment_code from, to;
    int64_t value;
    const membership_change *change; /* NULL: the cause is not known */
} move;

static int by_value(const void *a, const void *b)
{
    const move *x = a;
    const move *y = b;
    if (x->value != y->value) {
        return x->value > y->value ? -1 : 1;
    }
    return (x->account > y->account) - (x->account < y->account);
}

static strata_status find_moves(framework *f, move **out, size_t *n, strata_error *err)
{
    const segment_code *before = study_codes_since(f->s, f->def);
    const segment_code *now = study_codes_now(f->s, f->def);
    move *list = ARENA_NEW(f->a, f->s->n + 1, move);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    for (size_t i = 0; i < f->s->n; i++) {
        bool in = before[i] < SEGMENTS_MAX || now[i] < SEGMENTS_MAX;
        if (before[i] == now[i] || !in) {
            continue;
        }
        int64_t now_worth = f->s->value != NULL ? f->s->value[i] : 0;
        int64_t then = f->s->value_since != NULL ? f->s->value_since[i] : 0;
        list[(*n)++] = (move){.account = (uint32_t)i,
                              .from = before[i],
                              .to = now[i],
                              .value = now_worth > then ? now_worth : then,
                              .change = framework_change_of(f, (uint32_t)i)};
    }
    qsort(list, *n, sizeof *list, by_value);
    *out = list;
    return STRATA_OK;
}

static void cause_table(framework *f, doc_section *s, const move *moves, size_t n)
{
    size_t counts[CHANGE_DEFINITION + 1] = {0};
    int64_t worth[CHANGE_DEFINITION + 1] = {0};
    for (size_t i = 0; i < n; i++) {
        if (moves[i].change != NULL) {
            counts[moves[i].change->cause]++;
            worth[moves[i].change->cause] += moves[i].value;
        }
    }
    const doc_column columns[] = {
        {.key = "cause", .label = "Cause", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .bar = true},
        {.key = "value", .label = "Worth", .type = CELL_MONEY, .bar = true}};
    doc_table *t = doc_table_new(s, "causes", "Why they moved: what last changed their segment",
                                 columns, f->profile->has_value ? 3 : 2);
    for (int cause = 0; cause <= CHANGE_DEFINITION; cause++) {
        if (counts[cause] > 0) {
            doc_row(t, (doc_cell[]){cell_text(report_cause_words((change_cause)cause)),
                                    cell_count((int64_t)counts[cause]), cell_money(worth[cause])});
        }
    }
}

/* An account that took several steps is told by the last one. */
static const char *reason(framework *f, const move *m)
{
    const membership_change *c = m->change;
    if (c == NULL) {
        return "\xe2\x80\x93";
    }
    if (c->from != m->from && c->clause != NULL && c->after != NULL) {
        return framework_text(f, "via %s; then %s", report_segment_label(f->b, f->def, c->from),
                              c->after);
    }
    if (c->clause == NULL || c->before == NULL || c->after == NULL) {
        return report_cause_words(c->cause);
    }
    return framework_text(f, "%s; before: %s", c->after, c->before);
}

static void move_table(framework *f, doc_section *s, const move *moves, size_t n)
{
    doc_column columns[6] = {{.key = "account_id", .label = "Account", .type = CELL_TEXT}};
    size_t k = 1;
    if (f->has_names) {
        columns[k++] =
            (doc_column){.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 3};
    }
    columns[k++] = (doc_column){.key = "value", .label = "Worth", .type = CELL_MONEY};
    columns[k++] = (doc_column){.key = "from", .label = "From", .type = CELL_TEXT};
    columns[k++] = (doc_column){.key = "to", .label = "To", .type = CELL_TEXT};
    columns[k++] = (doc_column){.key = "why", .label = "Why", .type = CELL_TEXT, .priority = 1};
    size_t most = f->in->most < n ? f->in->most : n;
    doc_table *t =
        doc_table_new(s, "moves", framework_text(f, "The %zu moves worth most", most), columns, k);
    for (size_t i = 0; i < most; i++) {
        const move *m = &moves[i];
        doc_cell cells[6] = {cell_text(f->v->p->ids[m->account])};
        k = 1;
        if (f->has_names) {
            cells[k++] = cell_text(f->v->p->names[m->account]);
        }
        cells[k++] = cell_money(m->value);
        cells[k++] = cell_text(report_segment_label(f->b, f->def, m->from));
        cells[k++] = cell_text(report_segment_label(f->b, f->def, m->to));
        cells[k++] = cell_text(reason(f, m));
        doc_row(t, cells);
    }
    doc_table_footnote(t, "Worth: %s now or at the last review, whichever is more.",
                       f->profile->has_value ? f->profile->value_label : "value");
}

strata_status framework_movement(framework *f, strata_error *err)
{
    const movement *m = f->movement;
    move *moves = NULL;
    size_t n = 0;
    STRATA_TRY(find_moves(f, &moves, &n, err));
    const char *since = framework_text(f, "%s", words_day(m->since).text);
    doc_section *s = document_section(
        f->d, NULL, "movement",
        m->moved == 0 ? framework_text(f, "No account changed its segment since %s", since)
                      : framework_text(f, "%s changed segment since %s",
                                       words_things((int64_t)m->moved, "account").text, since));
    doc_paragraph(
        s, "%s stayed where they were, %s came in from outside or new, %s left the population.",
        words_things((int64_t)m->stayed, "account").text, words_count((int64_t)m->entered).text,
        words_count((int64_t)m->left).text);
    if (n == 0) {
        return STRATA_OK;
    }
    flow_chart(f, s, m);
    cause_table(f, s, moves, n);
    move_table(f, s, moves, n);
    return STRATA_OK;
}

/* --- a year of sizes --- */

static void trend_table(framework *f, doc_section *s)
{
    enum { COLUMNS_MAX = 24 };
    const profile *p = f->profile;
    size_t n = p->n_segments < COLUMNS_MAX - 2 ? p->n_segments : COLUMNS_MAX - 2;
    doc_column columns[COLUMNS_MAX] = {{.key = "month", .label = "Month end", .type = CELL_DATE}};
    doc_cell cells[COLUMNS_MAX];
    for (size_t g = 0; g < n; g++) {
        columns[g + 1] = (doc_column){.key = f->def->keys[p->segments[g].code],
                                      .label = p->segments[g].label,
                                      .type = p->has_value ? CELL_MONEY : CELL_COUNT,
                                      .priority = 1};
    }
    columns[n + 1] = columns[1];
    columns[n + 1].key = "all";
    columns[n + 1].label = "All";
    doc_table *t = doc_table_new(s, "trend", NULL, columns, n + 2);
    doc_table_fold(t);
    for (size_t m = 0; m < VIEW_TREND; m++) {
        cells[0] = cell_date(p->trend_days[m]);
        for (size_t g = 0; g <= n; g++) {
            const segment_profile *x = g < n ? &p->segments[g] : &p->total;
            cells[g + 1] = p->has_value ? cell_money(x->trend_value_minor[m])
                                        : cell_count((int64_t)x->trend_accounts[m]);
        }
        doc_row(t, cells);
    }
}

strata_status framework_trend(framework *f, strata_error *err)
{
    const profile *p = f->profile;
    if (!p->has_trend) {
        framework_lacks(f, "The trend over 12 months", "a source `arr` or `orders`");
        return STRATA_OK;
    }
    chart_series *series = ARENA_NEW(f->a, p->n_segments + 1, chart_series);
    double *values = ARENA_NEW(f->a, (p->n_segments + 1) * VIEW_TREND, double);
    const char *months[VIEW_TREND];
    if (series == NULL || values == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    for (size_t m = 0; m < VIEW_TREND; m++) {
        char day_text[DAY_TEXT];
        day_format(p->trend_days[m], day_text);
        months[m] = framework_text(f, "%.7s", day_text);
    }
    for (size_t g = 0; g < p->n_segments; g++) {
        for (size_t m = 0; m < VIEW_TREND; m++) {
            values[g * VIEW_TREND + m] =
                fmax(0.0, framework_major(p->segments[g].trend_value_minor[m]));
        }
        series[g] = (chart_series){.name = p->segments[g].label, .values = &values[g * VIEW_TREND]};
    }
    int64_t first = p->total.trend_value_minor[0];
    int64_t last = p->total.trend_value_minor[VIEW_TREND - 1];
    const char *label = p->value_label;
    const chart_time chart = {.periods = months,
                              .n_periods = VIEW_TREND,
                              .series = series,
                              .n_series = p->n_segments,
                              .format = CHART_MONEY,
                              .title = label,
                              .from_zero = true};
    doc_section *s = document_section(f->d, NULL, "trend",
                                      framework_text(f, "%s went from %s to %s since %s", label,
                                                     words_money(first, f->currency).text,
                                                     words_money(last, f->currency).text,
                                                     words_month_of(p->trend_days[0]).text));
    const char *title = framework_text(f, "%s by segment at the last twelve month ends", label);
    doc_chart(s, "trend-value", title, title, chart_stack(&f->theme, &chart, false));
    trend_table(f, s);
    return STRATA_OK;
}
