/* SPDX-License-Identifier: Apache-2.0 */
/* Why NRR is not that of the cohort before. */
#include "report/cohort_review/parts.h"

/* The largest part in the direction of the change. */
static size_t largest_kind(const nrr_split *x)
{
    double sign = x->change < 0.0 ? -1.0 : 1.0;
    size_t most = 0;
    for (size_t k = 1; k < SPLIT_KIND_COUNT; k++) {
        most = sign * x->kinds[k] > sign * x->kinds[most] ? k : most;
    }
    return most;
}

static void put_chart(const review_page *p, doc_section *s)
{
    const review_nrr *n = &p->r->nrr;
    chart_bridge_step steps[SPLIT_KIND_COUNT + 2];
    static const char *const labels[SPLIT_KIND_COUNT] = {"Expansion", "Reactivation", "Contraction",
                                                         "Churn"};
    size_t count = 0;
    steps[count++] = (chart_bridge_step){n->against, n->split->nrr[0], true};
    for (size_t k = 0; k < SPLIT_KIND_COUNT; k++) {
        if (k != SPLIT_REACTIVATION) { /* none: accounts start with ARR */
            steps[count++] = (chart_bridge_step){labels[k], n->split->kinds[k], false};
        }
    }
    steps[count++] = (chart_bridge_step){p->in->name, n->split->nrr[1], true};
    chart_theme theme = {.currency = p->currency};
    doc_chart(s, "nrr_bridge", "From one NRR to the other",
              "A bridge from the NRR before over the parts of the change to that of this cohort; "
              "the table has the figures.",
              chart_bridge(&theme, steps, count, CHART_SHARE));
}

static void put_kinds(const review_page *p, doc_section *s)
{
    const review_nrr *n = &p->r->nrr;
    static const doc_column columns[] = {
        {.key = "part", .label = "Part of the change", .type = CELL_TEXT},
        {.key = "points", .label = "Points of NRR", .type = CELL_NUMBER, .decimals = 2}};
    doc_table *t = doc_table_new(s, "nrr_kinds", "By movement", columns, 2);
    int origin = review_origin(p,
                               "difference of the two cohorts' ARR movements over their opening "
                               "ARR, first day to the end of the month",
                               "arr");
    for (size_t k = 0; k < SPLIT_KIND_COUNT; k++) {
        if (k != SPLIT_REACTIVATION) {
            doc_row(t, (doc_cell[]){cell_text(split_kind_name((split_kind)k)),
                                    with_origin(cell_number(100.0 * n->split->kinds[k]), origin)});
        }
    }
    doc_row_total(t, (doc_cell[]){cell_text("NRR"), cell_number(100.0 * n->split->change)});
}

static void put_segments(const review_page *p, doc_section *s)
{
    const review_nrr *n = &p->r->nrr;
    static const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "weight_before", .label = "ARR % before", .type = CELL_SHARE, .priority = 1},
        {.key = "weight", .label = "ARR %", .type = CELL_SHARE},
        {.key = "nrr_before", .label = "NRR before", .type = CELL_SHARE},
        {.key = "nrr", .label = "NRR", .type = CELL_SHARE},
        {.key = "mix", .label = "Mix, points", .type = CELL_NUMBER, .decimals = 2},
        {.key = "rate", .label = "Rate, points", .type = CELL_NUMBER, .decimals = 2}};
    if (n->attribute == NULL) {
        return;
    }
    doc_table *t = doc_table_new(s, "nrr_segments", n->attribute, columns, 7);
    double mix = 0.0;
    double rate = 0.0;
    for (size_t k = 0; k < n->split->n_segments; k++) {
        const nrr_split_part *x = &n->split->segments[k];
        mix += x->mix;
        rate += x->rate;
        doc_row(t,
                (doc_cell[]){cell_text(n->labels[k]), cell_share(x->weight[0]),
                             cell_share(x->weight[1]), cell_share(x->nrr[0]), cell_share(x->nrr[1]),
                             cell_number(100.0 * x->mix), cell_number(100.0 * x->rate)});
    }
    doc_row_total(t, (doc_cell[]){cell_text("All"), cell_share(1.0), cell_share(1.0),
                                  cell_share(n->split->nrr[0]), cell_share(n->split->nrr[1]),
                                  cell_number(100.0 * mix), cell_number(100.0 * rate)});
    doc_table_footnote(t,
                       "Mix: more or less of the opening ARR is with the segment. Rate: the "
                       "segment itself did better or worse. All of both together are the change; "
                       "weights are the means of both sides.");
}

void review_put_nrr(const review_page *p)
{
    const review_nrr *n = &p->r->nrr;
    if (n->why != NULL) {
        doc_section *none =
            document_section(p->d, NULL, "nrr_change", "NRR is not compared with a cohort before");
        doc_note(none, "missing", "Why NRR differs is not said: %s.", n->why);
        return;
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    size_t k = largest_kind(n->split);
    strbuf_printf(&title, "NRR of month %d is %s against %s", n->months,
                  review_points(n->split->change).text, n->against);
    strbuf_printf(&title, ", chiefly by %s", split_kind_name((split_kind)k));
    doc_section *s = document_section(p->d, NULL, "nrr_change", strbuf_text(&title));
    doc_paragraph(s,
                  "%s: %s from %zu accounts. %s: %s from %zu accounts. The parts add up to the "
                  "difference exactly.",
                  SAFE(p->d, n->against), words_share(n->split->nrr[0]).text, n->accounts[0],
                  p->cohort, words_share(n->split->nrr[1]).text, n->accounts[1]);
    put_chart(p, s);
    put_kinds(p, s);
    put_segments(p, s);
}
