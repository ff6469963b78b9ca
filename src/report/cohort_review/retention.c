/* SPDX-License-Identifier: Apache-2.0 */
/* How much was kept at months 3, 6, 9 and 12, against the cohorts before and against goals. */
#include <math.h>
#include <stdio.h>

#include "report/cohort_review/parts.h"

static const double LEVEL = 0.05;
enum { COHORTS_MAX = REVIEW_PEERS_MAX + 1 };

/* --- the cohort itself --- */

static void put_marks(const review_page *p, doc_section *s)
{
    const review_retention *r = &p->r->retention;
    static const doc_column columns[] = {
        {.key = "month", .label = "By month", .type = CELL_COUNT},
        {.key = "followed", .label = "Followed", .type = CELL_COUNT},
        {.key = "kept", .label = "Kept", .type = CELL_TEXT},
        {.key = "logo_retention", .label = "Logo retention (95 %)", .type = CELL_TEXT},
        {.key = "nrr", .label = "NRR (95 %)", .type = CELL_TEXT},
        {.key = "grr", .label = "GRR (95 %)", .type = CELL_TEXT, .priority = 1}};
    doc_table *t = doc_table_new(s, "marks", NULL, columns, 6);
    int origin = review_origin(p,
                               "state at the end of the month of each account's life over its "
                               "first day with ARR, of those followed so long",
                               "arr");
    for (size_t k = 0; k < REVIEW_MARKS; k++) {
        const review_mark *m = &r->cohort[k];
        char kept[WORDS_TEXT];
        (void)snprintf(kept, sizeof kept, "%zu of %zu", m->logos.hits, m->logos.of);
        doc_cell never = cell_empty("not reached yet");
        bool any = m->reached > 0;
        doc_row(t,
                (doc_cell[]){
                    cell_count(m->months), cell_count((int64_t)m->reached),
                    any ? with_origin(cell_text(kept), origin) : never,
                    any ? with_origin(words_cell(t, review_mark_words(m, GOAL_LOGO, true)), origin)
                        : never,
                    any ? with_origin(words_cell(t, review_mark_words(m, GOAL_NRR, true)), origin)
                        : never,
                    any ? with_origin(words_cell(t, review_mark_words(m, GOAL_GRR, true)), origin)
                        : never});
    }
    doc_table_footnote(t, "Followed: accounts that could have reached that age by the as-of date. "
                          "An age that nobody has reached is not 0 %%, it is not known.");
}

/* --- side by side --- */

static const review_mark *mark_of(const review_page *p, size_t n, size_t age)
{
    const review_retention *r = &p->r->retention;
    return n < p->s->n_peers ? &r->peers[n][age] : &r->cohort[age];
}

static const char *name_of(const review_page *p, size_t n)
{
    return n < p->s->n_peers ? p->s->peers[n].label : p->in->name;
}

/* Trends that are clear, and that of the last age. */
static void put_trends(const review_page *p, doc_table *t, size_t measure)
{
    bool last = true;
    for (size_t age = REVIEW_MARKS; age > 0; age--) {
        const trend *x = &p->r->retention.trend[measure][age - 1];
        if (x->test.defined && (last || x->test.p < LEVEL)) {
            doc_table_footnote(t,
                               "Trend at month %d over %zu cohorts: %s from one to the next, %s.",
                               review_marks[age - 1], p->r->retention.counted[measure][age - 1],
                               review_points(x->slope).text, words_p(x->test.p).text);
            last = false;
        }
    }
}

static void put_side_by_side(const review_page *p, doc_section *s, size_t measure)
{
    static const doc_column columns[] = {
        {.key = "cohort", .label = "Cohort", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 1},
        {.key = "month_3", .label = "Month 3", .type = CELL_SHARE},
        {.key = "month_6", .label = "Month 6", .type = CELL_SHARE},
        {.key = "month_9", .label = "Month 9", .type = CELL_SHARE},
        {.key = "month_12", .label = "Month 12", .type = CELL_SHARE}};
    static const char *const ids[] = {"logo_retention", "nrr", "grr"};
    doc_table *t = doc_table_new(s, ids[measure], review_measure_labels[measure], columns, 6);
    for (size_t n = 0; n <= p->s->n_peers; n++) {
        doc_cell cells[2 + REVIEW_MARKS] = {
            cell_text(name_of(p, n)),
            cell_count((int64_t)(n < p->s->n_peers ? p->s->peers[n].n : p->s->cohort.n))};
        for (size_t age = 0; age < REVIEW_MARKS; age++) {
            cells[2 + age] = review_mark_cell(p, mark_of(p, n, age), measure);
        }
        if (n < p->s->n_peers) {
            doc_row(t, cells);
        } else {
            doc_row_total(t, cells);
        }
    }
    put_trends(p, t, measure);
}

static void put_heat_map(const review_page *p, doc_section *s)
{
    double values[COHORTS_MAX * REVIEW_MARKS];
    const char *rows[COHORTS_MAX];
    static const char *const columns[REVIEW_MARKS] = {"3", "6", "9", "12"};
    size_t n = p->s->n_peers + 1;
    for (size_t k = 0; k < n; k++) {
        rows[k] = name_of(p, k);
        for (size_t age = 0; age < REVIEW_MARKS; age++) {
            review_rate rate = review_rate_of(mark_of(p, k, age), GOAL_LOGO);
            values[k * REVIEW_MARKS + age] = rate.stated ? rate.value : (double)NAN;
        }
    }
    const chart_grid grid = {.column_title = "month of life",
                             .rows = rows,
                             .columns = columns,
                             .n_rows = n,
                             .n_columns = REVIEW_MARKS,
                             .values = values,
                             .format = CHART_SHARE};
    chart_theme theme = {.currency = p->currency};
    doc_chart(s, "triangle", "Accounts kept, by cohort and month of life",
              "A triangle of cohorts by age, darker where more is kept; the table has the figures.",
              chart_matrix(&theme, &grid));
}

/* --- month by month --- */

static void put_curve(const review_page *p, doc_section *s, bool nrr)
{
    const review_curve *c = &p->r->retention.curve;
    const review_curve *e = &p->r->retention.earlier_curve;
    char names[REVIEW_CURVE][8];
    const char *periods[REVIEW_CURVE];
    size_t n = 0;
    for (size_t m = 0; m < REVIEW_CURVE; m++) {
        (void)snprintf(names[m], sizeof names[m], "%zu", m);
        periods[m] = names[m];
        n = isnan(c->logos[m]) ? n : m + 1;
    }
    if (n < 3) {
        return;
    }
    const chart_series series[] = {{.name = p->in->name, .values = nrr ? c->nrr : c->logos},
                                   {.name = p->s->all_peers, .values = nrr ? e->nrr : e->logos}};
    const char *const colored[] = {p->in->name};
    chart_theme theme = {.currency = p->currency, .names = colored, .n_names = 1};
    const chart_time time = {.periods = periods,
                             .n_periods = n,
                             .series = series,
                             .n_series = p->s->n_peers > 0 ? 2 : 1,
                             .format = CHART_SHARE,
                             .title = nrr ? "NRR" : "Logo retention"};
    doc_chart(s, nrr ? "nrr_curve" : "logo_curve",
              nrr ? "ARR over opening ARR, by month of life" : "Accounts kept, by month of life",
              "A line per group by month of life, of those followed so long.",
              chart_lines(&theme, &time));
}

void review_put_retention(const review_page *p)
{
    const review_mark *m = review_headline(p);
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    if (m != NULL) {
        strbuf_printf(&title, "By month %d, %s of accounts are kept", m->months,
                      words_share(m->logos.share).text);
        strbuf_printf(&title, ", NRR is %s", words_share(m->nrr.ratio).text);
        strbuf_printf(&title, " and GRR %s", words_share(m->grr.ratio).text);
    } else {
        strbuf_add(&title, "Too early, or too few accounts, to state retention");
    }
    doc_section *s = document_section(p->d, NULL, "retention", strbuf_text(&title));
    put_marks(p, s);
    put_curve(p, s, false);
    put_curve(p, s, true);
    if (p->s->n_peers == 0) {
        doc_note(s, "missing", "There is no %s to set it against.", p->s->each_peer);
        return;
    }
    doc_section *side = document_section(p->d, s, "side_by_side",
                                         p->s->by_start ? "Against the cohorts before"
                                                        : "Against the other groups");
    put_heat_map(p, side);
    for (size_t k = 0; k < REVIEW_MEASURES; k++) {
        put_side_by_side(p, side, k);
    }
}

/* --- goals --- */

static const char *standing(const review_goal *g)
{
    if (!g->actual.stated) {
        return "";
    }
    if (g->below || g->above) {
        return g->below ? "below" : "above";
    }
    return g->actual.value < g->goal ? "below, may be chance" : "above, may be chance";
}

void review_put_goals(const review_page *p)
{
    const review_goals *g = &p->r->goals;
    const model *m = p->s->b->model;
    static const doc_column columns[] = {
        {.key = "measure", .label = "Measure", .type = CELL_TEXT},
        {.key = "month", .label = "By month", .type = CELL_COUNT},
        {.key = "kind", .label = "Against", .type = CELL_TEXT},
        {.key = "goal", .label = "Goal", .type = CELL_SHARE},
        {.key = "actual", .label = "This cohort", .type = CELL_SHARE},
        {.key = "standing", .label = "", .type = CELL_TEXT}};
    if (g->n == 0) {
        return; /* the summary says how to give some */
    }
    doc_section *s = document_section(p->d, NULL, "goals", "Against benchmarks and targets");
    doc_table *t = doc_table_new(s, "goals", NULL, columns, 6);
    int origin = document_provenance(p->d, "assumption of the model file", "model", NULL);
    for (size_t k = 0; k < g->n; k++) {
        const review_goal *x = &g->items[k];
        doc_row(t, (doc_cell[]){cell_text(review_measure_labels[x->measure]), cell_count(x->months),
                                cell_text(x->is_target ? "target" : "benchmark"),
                                with_origin(cell_share(x->goal), origin),
                                x->actual.stated
                                    ? cell_share(x->actual.value)
                                    : cell_empty(x->reached == 0 ? "not reached yet" : p->too_few),
                                cell_text(standing(x))});
    }
    doc_table_footnote(t, "Goals are assumptions of the model file%s%s%s%s.",
                       m->benchmarks.source != NULL ? "; source of the benchmarks: " : "",
                       m->benchmarks.source != NULL ? m->benchmarks.source : "",
                       m->targets.source != NULL ? "; of the targets: " : "",
                       m->targets.source != NULL ? m->targets.source : "");
}
