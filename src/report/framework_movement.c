/* SPDX-License-Identifier: Apache-2.0 */
/* Who moved since the last review, why, and how the sizes ran over a year. */
#include <math.h>
#include <stdlib.h>

#include "report/changes.h"
#include "report/framework_parts.h"

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
    const doc_column columns[] = {
        {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 3},
        {.key = "value", .label = "Worth", .type = CELL_MONEY},
        {.key = "from", .label = "From", .type = CELL_TEXT},
        {.key = "to", .label = "To", .type = CELL_TEXT},
        {.key = "why", .label = "Why", .type = CELL_TEXT, .priority = 1}};
    size_t most = f->in->most < n ? f->in->most : n;
    doc_table *t =
        doc_table_new(s, "moves", framework_text(f, "The %zu moves worth most", most), columns, 6);
    for (size_t i = 0; i < most; i++) {
        const move *m = &moves[i];
        doc_row(t, (doc_cell[]){cell_text(f->v->p->ids[m->account]),
                                cell_text(f->v->p->names[m->account]), cell_money(m->value),
                                cell_text(report_segment_label(f->b, f->def, m->from)),
                                cell_text(report_segment_label(f->b, f->def, m->to)),
                                cell_text(reason(f, m))});
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
