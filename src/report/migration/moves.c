/* SPDX-License-Identifier: Apache-2.0 */
/* Who moved between two dates: a matrix with shares and their ranges, sizes then and now, causes.
 */
#include "report/migration/parts.h"
#include "report/segments/changes.h"

/* Cells of the movement with those who were nowhere and are not yet there as one outside. */
static size_t cell(const movement *m, size_t from, size_t to)
{
    size_t n = m->n_segments;
    size_t sum = 0;
    for (size_t r = from; r < (from < n ? from + 1 : m->size); r++) {
        for (size_t c = to; c < (to < n ? to + 1 : m->size); c++) {
            sum += m->accounts[r * m->size + c];
        }
    }
    return from >= n && to >= n ? 0 : sum;
}

static const char *side(const migration_input *in, size_t segment, bool before)
{
    return segment < in->moves->n_segments ? in->moves->labels[segment]
           : before                        ? "Entered"
                                           : "Left";
}

static size_t row_total(const movement *m, size_t from)
{
    size_t sum = 0;
    for (size_t to = 0; to <= m->n_segments; to++) {
        sum += cell(m, from, to);
    }
    return sum;
}

/* One row for each pair that somebody moved between. */
static void put_pairs(document *d, doc_section *s, const migration_input *in)
{
    const movement *m = in->moves;
    double minimum = in->v->b->model->quality.minimum_accounts;
    words few = report_too_few(in->v->b);
    static const doc_column columns[] = {
        {.key = "from", .label = "From", .type = CELL_TEXT},
        {.key = "to", .label = "To", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .bar = true},
        {.key = "of", .label = "Of", .type = CELL_COUNT, .priority = 1},
        {.key = "share", .label = "Share", .type = CELL_SHARE},
        {.key = "low", .label = "from", .type = CELL_SHARE, .priority = 2},
        {.key = "high", .label = "to", .type = CELL_SHARE, .priority = 2}};
    doc_table *t = doc_table_new(s, "matrix",
                                 "Of the accounts of each segment then, where they "
                                 "are now",
                                 columns, sizeof columns / sizeof columns[0]);
    int origin = document_provenance(
        d,
        "accounts of a segment on the earlier date by where they are on the later one, over all "
        "accounts of that segment then; range: Wilson, 95 %",
        report_dimension_label(in->v->b, in->paths->def), NULL);
    for (size_t from = 0; from <= m->n_segments; from++) {
        size_t of = row_total(m, from);
        for (size_t to = 0; to <= m->n_segments; to++) {
            size_t n = cell(m, from, to);
            if (n == 0) {
                continue;
            }
            bool entered = from == m->n_segments;
            bool stated = !entered && (double)of >= minimum;
            interval within = wilson_interval(n, of);
            const char *why = entered ? "not a share of a segment" : few.text;
            doc_row(t, (doc_cell[]){cell_text(side(in, from, true)), cell_text(side(in, to, false)),
                                    with_origin(cell_count((int64_t)n), origin),
                                    cell_count((int64_t)of),
                                    stated ? cell_share((double)n / (double)of) : cell_empty(why),
                                    stated ? cell_share(within.low) : cell_empty(why),
                                    stated ? cell_share(within.high) : cell_empty(why)});
        }
    }
}

static strata_status put_matrix_chart(doc_section *s, const migration_input *in, strata_error *err)
{
    const movement *m = in->moves;
    size_t n = m->n_segments + 1;
    double *values = ARENA_NEW(in->a, n * n, double);
    const char **texts = ARENA_NEW(in->a, n * n, const char *);
    const char **rows = ARENA_NEW(in->a, n, const char *);
    const char **columns = ARENA_NEW(in->a, n, const char *);
    if (values == NULL || texts == NULL || rows == NULL || columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a chart");
    }
    for (size_t from = 0; from < n; from++) {
        rows[from] = side(in, from, true);
        columns[from] = side(in, from, false);
        for (size_t to = 0; to < n; to++) {
            size_t count = cell(m, from, to);
            values[from * n + to] = (double)count;
            texts[from * n + to] =
                count == 0 ? "\xe2\x80\x93" : SAY(in, "%s", words_count((int64_t)count).text);
        }
    }
    const chart_grid grid = {.row_title = SAY(in, "On %s", words_day(m->since).text),
                             .column_title = SAY(in, "On %s", words_day(m->as_of).text),
                             .rows = rows,
                             .columns = columns,
                             .n_rows = n,
                             .n_columns = n,
                             .values = values,
                             .format = CHART_COUNT,
                             .texts = texts,
                             .unshaded_diagonal = true};
    const chart_theme theme = migration_theme(in);
    doc_chart(s, "matrix", "From where (rows) to where (columns); the diagonal stayed",
              "A matrix of accounts by segment then and now; the table has the figures.",
              chart_matrix(&theme, &grid));
    return STRATA_OK;
}

static strata_status put_slope(doc_section *s, const migration_input *in, strata_error *err)
{
    const movement *m = in->moves;
    size_t n = m->n_segments;
    double *values = ARENA_NEW(in->a, 2 * n + 1, double);
    chart_series *series = ARENA_NEW(in->a, n + 1, chart_series);
    if (values == NULL || series == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for a chart");
    }
    for (size_t k = 0; k < n; k++) {
        values[2 * k] = (double)m->from_total[k];
        values[2 * k + 1] = (double)m->to_total[k];
        series[k] = (chart_series){.name = m->labels[k], .values = values + 2 * k};
    }
    const char *periods[] = {SAY(in, "%s", words_day(m->since).text),
                             SAY(in, "%s", words_day(m->as_of).text)};
    const chart_time time = {.periods = periods,
                             .n_periods = 2,
                             .series = series,
                             .n_series = n,
                             .format = CHART_COUNT,
                             .title = "Accounts"};
    const chart_theme theme = migration_theme(in);
    doc_chart(
        s, "sizes", "Accounts of each segment, then and now",
        "A line for each segment from its accounts on the earlier date to those on the later.",
        chart_slope(&theme, &time));
    return STRATA_OK;
}

/* Moves from one segment to another: who came and who left is in the matrix. */
static strata_status keep_between(const migration_input *in, membership_change **out, size_t *n,
                                  strata_error *err)
{
    membership_change *list = ARENA_NEW(in->a, in->changes.n + 1, membership_change);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory listing %zu changes", in->changes.n);
    }
    for (size_t i = 0; i < in->changes.n; i++) {
        const membership_change *c = &in->changes.items[i];
        if (c->from < in->moves->n_segments && c->to < in->moves->n_segments) {
            list[(*n)++] = *c;
        }
    }
    *out = list;
    return STRATA_OK;
}

strata_status migration_put_moves(document *d, doc_section *parent, const migration_input *in,
                                  strata_error *err)
{
    const movement *m = in->moves;
    const char *title = NULL;
    if (in->paths->ordered) {
        title = SAY(in, "Since %s, %s moved up, %s moved down, %s stayed", words_day(m->since).text,
                    words_things((int64_t)m->up, "account").text,
                    words_count((int64_t)m->down).text, words_count((int64_t)m->stayed).text);
    } else {
        title = SAY(in, "Since %s, %s changed segment, %s stayed", words_day(m->since).text,
                    words_things((int64_t)m->moved, "account").text,
                    words_count((int64_t)m->stayed).text);
    }
    doc_section *s = document_section(d, parent, "moves", title);
    STRATA_TRY(put_slope(s, in, err));
    STRATA_TRY(put_matrix_chart(s, in, err));
    put_pairs(d, s, in);
    membership_change *between = NULL;
    size_t n = 0;
    STRATA_TRY(keep_between(in, &between, &n, err));
    const changes_input changes = {.p = in->v->p,
                                   .b = in->v->b,
                                   .items = between,
                                   .n = n,
                                   .def = in->paths->def,
                                   .since = m->since,
                                   .as_of = m->as_of,
                                   .value = in->v->value,
                                   .value_label = in->v->value_label,
                                   .most = in->most};
    return report_changes(d, s, &changes, err);
}
