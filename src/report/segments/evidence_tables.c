/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of the evidence for segments, and how it was judged. */
#include <math.h>

#include "report/segments/evidence_parts.h"

/* --- segments --- */

static doc_cell bound_cell(bool stated, double x)
{
    return stated ? cell_share(x) : cell_empty(NULL);
}

/* A row: a segment at a horizon, or all of them. */
typedef struct after_row {
    int months;
    const char *label;
    const evidence_after *x;
    const char *too_few;
    int origin;
    bool total;
} after_row;

static void put_after(doc_table *t, const after_row *r)
{
    const evidence_after *x = r->x;
    const char *none = x->accounts == 0 ? "no members at these reviews" : r->too_few;
    doc_cell cells[] = {cell_count(r->months),
                        cell_text(r->label),
                        cell_count((int64_t)x->accounts),
                        cell_count((int64_t)x->churned.of),
                        cell_count((int64_t)x->churned.hits),
                        with_origin(report_rate_cell(x->churned, none), r->origin),
                        bound_cell(x->churned.stated, x->churned.low),
                        bound_cell(x->churned.stated, x->churned.high),
                        with_origin(report_ratio_cell(x->nrr, none), r->origin),
                        bound_cell(x->nrr.stated, x->nrr.low),
                        bound_cell(x->nrr.stated, x->nrr.high),
                        with_origin(report_ratio_cell(x->grr, none), r->origin),
                        bound_cell(x->grr.stated, x->grr.low),
                        bound_cell(x->grr.stated, x->grr.high),
                        cell_count((int64_t)x->expanded.hits),
                        with_origin(report_rate_cell(x->expanded, none), r->origin),
                        bound_cell(x->expanded.stated, x->expanded.low),
                        bound_cell(x->expanded.stated, x->expanded.high)};
    if (r->total) {
        doc_row_total(t, cells);
    } else {
        doc_row(t, cells);
    }
}

/* The same of a shop: money in minor units. */
static doc_cell money_cell(const evidence_after *x, double minor, const char *none, int origin)
{
    return x->spent.stated ? with_origin(cell_money(llround(minor)), origin) : cell_empty(none);
}

static void put_bought(doc_table *t, const after_row *r)
{
    const evidence_after *x = r->x;
    const char *none = x->accounts == 0 ? "no members at these reviews" : r->too_few;
    const share_figure again = x->churned;
    doc_cell cells[] = {cell_count(r->months),
                        cell_text(r->label),
                        cell_count((int64_t)x->accounts),
                        cell_count((int64_t)again.of),
                        cell_count((int64_t)again.hits),
                        with_origin(report_rate_cell(again, none), r->origin),
                        bound_cell(again.stated, again.low),
                        bound_cell(again.stated, again.high),
                        with_origin(cell_money(x->spent.part_minor), r->origin),
                        money_cell(x, x->spent.ratio, none, r->origin),
                        money_cell(x, x->spent.low, none, r->origin),
                        money_cell(x, x->spent.high, none, r->origin),
                        cell_count((int64_t)x->expanded.hits),
                        with_origin(report_rate_cell(x->expanded, none), r->origin),
                        bound_cell(x->expanded.stated, x->expanded.low),
                        bound_cell(x->expanded.stated, x->expanded.high)};
    if (r->total) {
        doc_row_total(t, cells);
    } else {
        doc_row(t, cells);
    }
}

static void put_horizon(document *d, doc_table *t, const bound_model *b, const evidence *e,
                        size_t h, bool alone)
{
    const evidence_horizon *x = &e->horizons[h];
    words too_few = report_too_few(b);
    after_row row = {.months = x->months, .too_few = too_few.text};
    void (*put)(doc_table *, const after_row *) = e->shop ? put_bought : put_after;
    row.origin = document_provenance(
        d,
        e->shop ? "accounts that had ordered by a review, by the segment that they were in then, "
                  "and their orders in so many months after it; intervals take accounts, not "
                  "reviews, as independent"
                : "accounts with ARR at a review, by the segment that they were in then, and their "
                  "ARR so many months later; intervals take accounts, not reviews, as independent",
        e->shop ? "orders and what the segments read, as of each review"
                : "arr and what the segments read, as of each review",
        NULL);
    for (size_t g = 0; g < e->n_segments; g++) {
        if (x->segments[g].accounts > 0) {
            row.label = e->labels[g];
            row.x = &x->segments[g];
            put(t, &row);
        }
    }
    row.label = "All";
    row.x = &x->all;
    row.total = alone;
    put(t, &row);
}

static doc_table *shop_table(doc_section *s)
{
    static const doc_column columns[] = {
        {.key = "months", .label = "Months on", .type = CELL_COUNT},
        {.key = "segment", .label = "Segment then", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 1},
        {.key = "observations", .label = "Times seen", .type = CELL_COUNT, .priority = 3},
        {.key = "bought", .label = "Bought", .type = CELL_COUNT, .priority = 4},
        {.key = "repeat", .label = "Bought again", .type = CELL_SHARE, .bar = true},
        {.key = "repeat_low", .label = "95 % from", .type = CELL_SHARE, .priority = 2},
        {.key = "repeat_high", .label = "to", .type = CELL_SHARE, .priority = 2},
        {.key = "spent", .label = "Spent", .type = CELL_MONEY, .priority = 4},
        {.key = "spent_each", .label = "Spent each", .type = CELL_MONEY},
        {.key = "spent_each_low", .label = "95 % from", .type = CELL_MONEY, .priority = 3},
        {.key = "spent_each_high", .label = "to", .type = CELL_MONEY, .priority = 3},
        {.key = "much", .label = "Much", .type = CELL_COUNT, .priority = 4},
        {.key = "spent_much", .label = "Spent much", .type = CELL_SHARE, .bar = true},
        {.key = "spent_much_low", .label = "95 % from", .type = CELL_SHARE, .priority = 4},
        {.key = "spent_much_high", .label = "to", .type = CELL_SHARE, .priority = 4}};
    doc_table *t = doc_table_new(s, "after", NULL, columns, sizeof columns / sizeof columns[0]);
    doc_table_footnote(t, "Bought again: an order in so many months after the review, of accounts "
                          "that had ordered before. Spent each: what was spent in these months, "
                          "over all times seen. Spent much: bought again, and spent more than half "
                          "of those who did after the same review.");
    return t;
}

void evidence_put_segments(document *d, doc_section *s, const bound_model *b, const evidence *e,
                           size_t only)
{
    static const doc_column columns[] = {
        {.key = "months", .label = "Months on", .type = CELL_COUNT},
        {.key = "segment", .label = "Segment then", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 1},
        {.key = "observations", .label = "Times seen", .type = CELL_COUNT, .priority = 3},
        {.key = "churned", .label = "Left", .type = CELL_COUNT, .priority = 4},
        {.key = "churn", .label = "Churn", .type = CELL_SHARE, .bar = true},
        {.key = "churn_low", .label = "95 % from", .type = CELL_SHARE, .priority = 2},
        {.key = "churn_high", .label = "to", .type = CELL_SHARE, .priority = 2},
        {.key = "nrr", .label = "NRR", .type = CELL_SHARE},
        {.key = "nrr_low", .label = "95 % from", .type = CELL_SHARE, .priority = 3},
        {.key = "nrr_high", .label = "to", .type = CELL_SHARE, .priority = 3},
        {.key = "grr", .label = "GRR", .type = CELL_SHARE},
        {.key = "grr_low", .label = "95 % from", .type = CELL_SHARE, .priority = 4},
        {.key = "grr_high", .label = "to", .type = CELL_SHARE, .priority = 4},
        {.key = "expanded", .label = "Grew", .type = CELL_COUNT, .priority = 4},
        {.key = "expansion", .label = "Expansion", .type = CELL_SHARE, .bar = true},
        {.key = "expansion_low", .label = "95 % from", .type = CELL_SHARE, .priority = 4},
        {.key = "expansion_high", .label = "to", .type = CELL_SHARE, .priority = 4}};
    doc_table *t =
        e->shop ? shop_table(s)
                : doc_table_new(s, "after", NULL, columns, sizeof columns / sizeof columns[0]);
    for (size_t h = 0; h < EVIDENCE_HORIZONS; h++) {
        if ((only == EVIDENCE_HORIZONS || only == h) && e->horizons[h].n_reviews > 0) {
            put_horizon(d, t, b, e, h, only == h);
        }
    }
    if (e->shop) {
        return;
    }
    doc_table_footnote(t, "Churn: no ARR so many months after the review. NRR: ARR then over ARR "
                          "at the review, of the same accounts; GRR the same without what was "
                          "added. Expansion: more ARR than at the review.");
}

/* --- the ranking --- */

static void put_rank(document *d, doc_table *t, const evidence *e, evidence_outcome o, size_t place)
{
    const evidence_dimension *x = &e->dimensions[e->order[o][place]];
    const evidence_separation *f = &x->by[o];
    int origin = document_provenance(
        d,
        "rates by segment learnt at the earlier reviews, judged at the later ones: AUC; 1 less "
        "the log loss of these rates over that of the rate of all",
        e->shop ? "orders and what the segments read, as of each review"
                : "arr and what the segments read, as of each review",
        NULL);
    doc_cell unknown = cell_empty(f->why);
    doc_row(t, (doc_cell[]){cell_text(evidence_what(e, o)), cell_text(x->label),
                            cell_count((int64_t)x->n_segments),
                            f->known ? with_origin(cell_number(f->auc), origin) : unknown,
                            f->known ? cell_number(f->low) : unknown,
                            f->known ? cell_number(f->high) : unknown,
                            f->known ? with_origin(cell_share(f->explained), origin) : unknown,
                            f->known ? cell_share(f->explained_learning) : unknown,
                            cell_count((int64_t)f->accounts), cell_count((int64_t)f->of),
                            cell_count((int64_t)f->hits),
                            x->reads_attributes ? cell_text("attributes as they are now")
                                                : cell_empty(NULL)});
}

void evidence_put_ranking(document *d, doc_section *s, const evidence *e)
{
    static const doc_column columns[] = {
        {.key = "outcome", .label = "Outcome", .type = CELL_TEXT},
        {.key = "segmentation", .label = "Segmentation", .type = CELL_TEXT},
        {.key = "segments", .label = "Segments", .type = CELL_COUNT, .priority = 1},
        {.key = "auc", .label = "AUC", .type = CELL_NUMBER, .decimals = 2},
        {.key = "auc_low", .label = "95 % from", .type = CELL_NUMBER, .decimals = 2},
        {.key = "auc_high", .label = "to", .type = CELL_NUMBER, .decimals = 2},
        {.key = "explained", .label = "Explained", .type = CELL_SHARE},
        {.key = "explained_learning", .label = "where learnt", .type = CELL_SHARE, .priority = 2},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .priority = 3},
        {.key = "observations", .label = "Times seen", .type = CELL_COUNT, .priority = 4},
        {.key = "had_outcome", .label = "With it", .type = CELL_COUNT, .priority = 3},
        {.key = "caution", .label = "Caution", .type = CELL_TEXT, .priority = 1}};
    doc_table *t = doc_table_new(s, "ranking", NULL, columns, sizeof columns / sizeof columns[0]);
    for (size_t o = 0; o < EVIDENCE_OUTCOMES; o++) {
        for (size_t k = 0; k < e->n_dimensions; k++) {
            put_rank(d, t, e, (evidence_outcome)o, k);
        }
    }
    doc_table_footnote(
        t,
        "AUC: the chance that an account with the outcome came from a segment with "
        "a higher learnt rate than one without it; 0.5 is a coin, 1 certainty. "
        "Explained: share of the uncertainty that the segments take away; below 0 "
        "they mislead. Rates learnt at %s up to %s, judged at %s from %s on. Caution: attributes "
        "carry no date, so their present values stood in for past ones and may "
        "know the outcome.",
        words_things((int64_t)e->n_learnt, "review").text, words_day(e->learnt_to).text,
        words_things((int64_t)e->n_judged, "review").text, words_day(e->judged_from).text);
}

/* --- the method --- */

void evidence_put_method(doc_section *s, const evidence *e)
{
    static const char *const units[] = {
        [REVIEW_WEEK] = "week", [REVIEW_MONTH] = "month", [REVIEW_QUARTER] = "quarter"};
    STRBUF_AUTO strbuf followed;
    strbuf_init(&followed, 0);
    for (size_t h = 0; h < EVIDENCE_HORIZONS; h++) {
        const evidence_horizon *x = &e->horizons[h];
        strbuf_printf(&followed, "%s%zu for %d months", h > 0 ? ", " : "", x->n_reviews, x->months);
    }
    STRBUF_AUTO strbuf step;
    strbuf_init(&step, 0);
    if (e->step > 1) {
        strbuf_printf(&step, ", every %zu-th one", e->step);
    }
    doc_paragraph(s,
                  "Segments were recomputed at %s (each end of a %s%s) from %s to %s, each from "
                  "what was known then. Of these could be followed: %s; later reviews are left "
                  "out, since their time is not over. An account counts at every review at which "
                  "it had %s, so the same account counts many times: 95 %% intervals take "
                  "accounts as independent, not reviews.",
                  words_things((int64_t)e->n_reviews, "review").text, units[e->every],
                  strbuf_text(&step), words_day(e->first).text, words_day(e->last).text,
                  strbuf_text(&followed), e->shop ? "ordered before" : "ARR");
    if (e->usage_from != DAY_MISSING) {
        doc_note(s, "note",
                 "Usage is known from %s on. At reviews before that day, segments that read usage "
                 "put accounts where missing values go.",
                 words_day(e->usage_from).text);
    }
}
