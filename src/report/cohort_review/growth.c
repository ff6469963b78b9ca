/* SPDX-License-Identifier: Apache-2.0 */
/* What became of the opening ARR; how, when and where the cohort grew; its segments. */
#include <stdio.h>

#include "report/cohort_review/parts.h"

static void put_bridge(const review_page *p, doc_section *s)
{
    const review_growth *g = &p->r->growth;
    const chart_bridge_step steps[] = {
        {"Opening", (double)g->opening_minor / 100, true},
        {"Expansion", (double)g->kinds[ARR_EXPANSION].minor / 100, false},
        {"Reactivation", (double)g->kinds[ARR_REACTIVATION].minor / 100, false},
        {"Contraction", -(double)g->kinds[ARR_CONTRACTION].minor / 100, false},
        {"Churn", -(double)g->kinds[ARR_CHURN].minor / 100, false},
        {"Today", (double)g->closing_minor / 100, true}};
    chart_theme theme = {.currency = p->currency};
    doc_chart(s, "arr_bridge", "From opening ARR to ARR today",
              "A bridge from the ARR of the first days over what came and went to the ARR today; "
              "the table has the figures.",
              chart_bridge(&theme, steps, sizeof steps / sizeof *steps, CHART_MONEY));
}

static void put_kinds(const review_page *p, doc_section *s)
{
    const review_growth *g = &p->r->growth;
    static const arr_kind kinds[] = {ARR_EXPANSION, ARR_REACTIVATION, ARR_CONTRACTION, ARR_CHURN};
    static const doc_column columns[] = {
        {.key = "movement", .label = "Movement", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "movements", .label = "Times", .type = CELL_COUNT},
        {.key = "arr", .label = "ARR", .type = CELL_MONEY},
        {.key = "share", .label = "% of opening", .type = CELL_SHARE}};
    doc_table *t = doc_table_new(s, "movements", "Since the start", columns, 5);
    int origin = review_origin(p, "ARR movements after each account's first day", "arr");
    double opening = (double)g->opening_minor;
    doc_row(t, (doc_cell[]){cell_text("opening"), cell_count((int64_t)p->s->cohort.n),
                            cell_empty(NULL), cell_money(g->opening_minor), cell_share(1.0)});
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        const growth_line *l = &g->kinds[kinds[k]];
        bool takes = kinds[k] == ARR_CONTRACTION || kinds[k] == ARR_CHURN;
        int64_t minor = takes ? -l->minor : l->minor;
        doc_row(t, (doc_cell[]){cell_text(arr_kind_name(kinds[k])),
                                cell_count((int64_t)l->accounts), cell_count((int64_t)l->movements),
                                with_origin(cell_money(minor), origin),
                                cell_share((double)minor / opening)});
    }
    doc_row_total(t, (doc_cell[]){cell_text("today"), cell_count((int64_t)p->r->churn.customers),
                                  cell_empty(NULL), cell_money(g->closing_minor),
                                  cell_share((double)g->closing_minor / opening)});
}

static void put_lines(const review_page *p, doc_section *s, const char *id, const char *caption,
                      const char *head, const growth_line *lines, size_t n)
{
    const doc_column columns[] = {{.key = "of", .label = head, .type = CELL_TEXT},
                                  {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
                                  {.key = "arr", .label = "Expansion ARR", .type = CELL_MONEY},
                                  {.key = "share", .label = "%", .type = CELL_SHARE, .bar = true}};
    int64_t all = p->r->growth.kinds[ARR_EXPANSION].minor;
    doc_table *t = doc_table_new(s, id, caption, columns, 4);
    for (size_t k = 0; k < n; k++) {
        doc_row(t,
                (doc_cell[]){cell_text(lines[k].label != NULL ? lines[k].label : "none recorded"),
                             cell_count((int64_t)lines[k].accounts), cell_money(lines[k].minor),
                             cell_share((double)lines[k].minor / (double)all)});
    }
}

static void put_groups(const review_page *p, doc_section *s)
{
    const review_growth *g = &p->r->growth;
    const doc_column columns[] = {
        {.key = "group", .label = g->attribute, .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "expanded", .label = "Expanded", .type = CELL_TEXT},
        {.key = "opening_arr", .label = "Opening ARR", .type = CELL_MONEY, .priority = 1},
        {.key = "arr", .label = "Expansion ARR", .type = CELL_MONEY},
        {.key = "share", .label = "% of opening", .type = CELL_SHARE}};
    doc_table *t = doc_table_new(s, "expansion_groups", g->attribute, columns, 6);
    for (size_t k = 0; k < g->n_groups; k++) {
        const growth_line *l = &g->groups[k];
        char expanded[WORDS_TEXT];
        (void)snprintf(expanded, sizeof expanded, "%zu of %zu", l->accounts, l->of_accounts);
        doc_row(t, (doc_cell[]){cell_text(l->label != NULL ? l->label : "Unknown"),
                                cell_count((int64_t)l->of_accounts), cell_text(expanded),
                                cell_money(l->of_minor), cell_money(l->minor),
                                l->of_minor > 0 && l->of_accounts >= p->s->minimum
                                    ? cell_share((double)l->minor / (double)l->of_minor)
                                    : cell_empty(p->too_few)});
    }
}

void review_put_growth(const review_page *p)
{
    const review_growth *g = &p->r->growth;
    const growth_line *e = &g->kinds[ARR_EXPANSION];
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    if (e->movements == 0) {
        strbuf_add(&title, "No account has expanded so far");
    } else {
        strbuf_printf(&title, "%s of %s expanded", words_count((int64_t)e->accounts).text,
                      words_things((int64_t)p->s->cohort.n, "account").text);
        strbuf_printf(&title, ", by %s", words_money(e->minor, p->currency).text);
    }
    doc_section *s = document_section(p->d, NULL, "growth", strbuf_text(&title));
    if (g->months > 0 && g->expanded.stated) {
        doc_paragraph(s, "By month %d, %s had expanded%s%s.", g->months,
                      words_rate_range(g->expanded).text, g->others.stated ? "; before: " : "",
                      g->others.stated ? words_rate_range(g->others).text : "");
    }
    put_bridge(p, s);
    put_kinds(p, s);
    if (e->movements == 0) {
        return;
    }
    put_lines(p, s, "expansion_ages", "Expansion by month of life", "When", g->by_age, GROWTH_AGES);
    if (g->has_types) {
        put_lines(p, s, "expansion_types",
                  g->types_by_seats ? "Expansion by type, told by seats on the day"
                                    : "Expansion by type",
                  "Type", g->types, g->n_types);
    } else {
        doc_note(s, "missing",
                 "No types of expansion: map the column `type` of the source 'arr' "
                 "(seats, tier, cross-sell, price), or `seats` of subscriptions.");
    }
    if (g->n_groups > 0) {
        put_groups(p, s);
    }
}

/* ": Steady kept 84.8 %, Save plays 83.3 %": the best and the worst of those with a rate. */
static void put_extremes(const review_segments *g, strbuf *title)
{
    const cohort_segment *best = NULL;
    const cohort_segment *worst = NULL;
    for (size_t k = 0; k < g->n; k++) {
        const cohort_segment *x = &g->items[k];
        if (x->logos.stated) {
            best = best == NULL || x->logos.share > best->logos.share ? x : best;
            worst = worst == NULL || x->logos.share < worst->logos.share ? x : worst;
        }
    }
    if (best != worst) {
        strbuf_printf(title, ": %s kept %s", best->label, words_share(best->logos.share).text);
        strbuf_printf(title, ", %s %s", worst->label, words_share(worst->logos.share).text);
    }
}

void review_put_segments(const review_page *p)
{
    const review_segments *g = &p->r->segments;
    if (g->why != NULL) {
        doc_section *none = document_section(p->d, NULL, "segments", "No segments inside yet");
        doc_note(none, "missing", "Segments inside the cohort are left out: %s.", g->why);
        return;
    }
    const char *label = report_dimension_label(p->s->b, g->dimension);
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "Inside the cohort, by %s on day 90", label);
    put_extremes(g, &title);
    doc_section *s = document_section(p->d, NULL, "segments", strbuf_text(&title));
    char kept[WORDS_TEXT];
    char nrr[WORDS_TEXT];
    (void)snprintf(kept, sizeof kept, "Kept by month %d", g->months);
    (void)snprintf(nrr, sizeof nrr, "NRR, month %d", g->months);
    const doc_column columns[] = {
        {.key = "segment", .label = label, .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "opening_arr", .label = "Opening ARR", .type = CELL_MONEY},
        {.key = "kept", .label = kept, .type = CELL_TEXT},
        {.key = "nrr", .label = nrr, .type = CELL_SHARE}};
    doc_table *t = doc_table_new(s, "segments", NULL, columns, 5);
    int origin = review_origin(p,
                               "segment on day 90 of each account's life, as the model has it "
                               "from facts up to then",
                               "model");
    for (size_t k = 0; k < g->n; k++) {
        const cohort_segment *x = &g->items[k];
        doc_row(t, (doc_cell[]){cell_text(x->label),
                                with_origin(cell_count((int64_t)x->accounts), origin),
                                cell_money(x->opening_minor),
                                x->followed > 0 ? words_cell(t, words_rate_range(x->logos))
                                                : cell_empty("not reached yet"),
                                x->nrr.stated ? cell_share(x->nrr.ratio) : cell_empty(p->too_few)});
    }
    if (g->too_young > 0) {
        doc_table_footnote(t, "Day 90 is still to come for %s.",
                           words_things((int64_t)g->too_young, "account").text);
    }
}
