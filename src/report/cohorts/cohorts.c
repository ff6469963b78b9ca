/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/cohorts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "document/text.h"
#include "report/cohorts/cohorts_parts.h"
#include "report/report.h"

enum { TABLE_AGES = 37, FIXED_COLUMNS = 2 };
#define NOT_REACHED "\xc2\xb7" /* a middle dot */

/* Ages that stay longest in a narrow table, and that a short list shows. */
static bool is_milestone(const cohorts_report *c, size_t age)
{
    static const size_t months[] = {1, 3, 6, 12, 24, 36};
    static const size_t quarters[] = {1, 2, 4, 8, 12};
    bool by_month = c->r->in->clock.by_days || c->r->in->clock.calendar.unit == PERIOD_MONTH;
    const size_t *list = by_month ? months : quarters;
    size_t n = by_month ? sizeof months / sizeof *months : sizeof quarters / sizeof *quarters;
    for (size_t i = 0; i < n; i++) {
        if (list[i] == age) {
            return true;
        }
    }
    return c->r->in->kind == RETENTION_BRACKET;
}

/* Ages that some cohort shown has reached. */
static size_t reached_ages(const cohorts_report *c)
{
    const retention *r = c->r;
    size_t n = 0;
    for (size_t k = 0; k < r->n_ages; k++) {
        for (size_t g = 0; g < r->n_groups; g++) {
            n = retention_cell(r, g, k)->kind != COHORT_CENSORED ? k + 1 : n;
        }
    }
    return n;
}

/* --- the triangle --- */

static doc_cell triangle_cell(const cohorts_report *c, const cohort_cell *cell, cohort_text *text)
{
    *text = cohorts_cell_text(c, cell);
    return cell_text(text->s[0] != '\0' ? text->s : NOT_REACHED);
}

static void put_row(doc_table *t, const cohorts_report *c, size_t group, size_t n_ages,
                    doc_cell *row)
{
    const retention *r = c->r;
    cohort_text texts[TABLE_AGES];
    bool total = group == r->n_groups;
    size_t accounts = total ? r->accounts : r->in->groups->accounts[r->first + group];
    row[0] = cell_text(total ? "All" : r->in->groups->labels[r->first + group]);
    row[1] = cell_count((int64_t)accounts);
    for (size_t k = 0; k < n_ages; k++) {
        const cohort_cell *cell = total ? &r->all[k] : retention_cell(r, group, k);
        row[FIXED_COLUMNS + k] = triangle_cell(c, cell, &texts[k]);
    }
    if (total) {
        doc_row_total(t, row);
    } else {
        doc_row(t, row);
    }
}

static void put_legend(doc_table *t, const cohorts_report *c)
{
    const retention *r = c->r;
    const groups *g = r->in->groups;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    bool partial = false;
    bool few = false;
    for (size_t i = 0; i < r->n_groups * r->n_ages; i++) {
        const cohort_cell *cell = &r->cells[i];
        partial |= cell->kind != COHORT_CENSORED && !cell->over;
        few |= cell->kind == COHORT_TOO_FEW && c->show == SHOW_PERCENT;
    }
    strbuf_add(&text, partial ? "\\* not over yet; " : "");
    strbuf_add(&text, NOT_REACHED " not reached yet");
    strbuf_add(&text, r->unseen > 0 ? ", or before usage begins" : "");
    if (few) {
        strbuf_printf(&text, "; %s: under %.0f accounts, so no rate",
                      measure_is_share(r->request.measure) ? "5 of 12" : "n 12",
                      r->request.minimum_accounts);
    }
    strbuf_printf(&text, ". All: the cohorts that completed the %s.", cohorts_unit(c));
    doc_table_footnote(t, "%s", strbuf_text(&text));
    if (r->n_groups < g->n) {
        doc_table_footnote(t, "The latest %zu of %zu cohorts; --last %zu shows all.", r->n_groups,
                           g->n, g->n);
    }
}

void cohorts_caption(strbuf *out, const cohorts_report *c)
{
    const retention *r = c->r;
    strbuf_printf(out, "%s %s", cohorts_shown_words(c), cohorts_unit(c));
    strbuf_add(out, r->in->kind == RETENTION_OR_LATER ? " or later" : "");
    if (r->in->clock.by_days) {
        strbuf_add(out, "; months of 30.4 days from each account's own start");
    } else {
        strbuf_printf(out, "; 0 is the %s of the start", cohorts_unit(c));
    }
    if (r->request.previous && c->show == SHOW_PERCENT) {
        strbuf_printf(out, "; of those active the %s before", cohorts_unit(c));
    }
}

static void put_triangle(doc_section *s, const cohorts_report *c)
{
    size_t reached = reached_ages(c);
    size_t n_ages = reached < TABLE_AGES ? reached : TABLE_AGES;
    doc_column columns[FIXED_COLUMNS + TABLE_AGES] = {
        {.key = "cohort", .label = c->by_start ? "Started" : "Group", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT}};
    doc_cell row[FIXED_COLUMNS + TABLE_AGES];
    char keys[TABLE_AGES][24];
    for (size_t k = 0; k < n_ages; k++) {
        (void)snprintf(keys[k], sizeof keys[k], "age_%zu", k);
        columns[FIXED_COLUMNS + k] = (doc_column){.key = keys[k],
                                                  .label = c->r->ages[k],
                                                  .type = CELL_NUMBER,
                                                  .priority = is_milestone(c, k) ? 1 : (int)k + 2};
    }
    STRBUF_AUTO strbuf caption;
    strbuf_init(&caption, 0);
    cohorts_caption(&caption, c);
    doc_table *t =
        doc_table_new(s, "triangle", strbuf_text(&caption), columns, FIXED_COLUMNS + n_ages);
    for (size_t g = 0; g < c->r->n_groups; g++) {
        put_row(t, c, g, n_ages, row);
    }
    if (c->r->n_groups > 1) {
        put_row(t, c, c->r->n_groups, n_ages, row);
    }
    put_legend(t, c);
    if (reached > n_ages) {
        doc_table_footnote(t, "%zu later ages are in --format csv and json.", reached - n_ages);
    }
}

/* --- the average --- */

static doc_cell rate_cell(const cohorts_report *c, double x)
{
    return c->r->request.measure == MEASURE_REVENUE ? cell_money((int64_t)llround(x))
                                                    : cell_share(x);
}

static void put_average(doc_section *s, const cohorts_report *c)
{
    const retention *r = c->r;
    cell_type type = r->request.measure == MEASURE_REVENUE ? CELL_MONEY : CELL_SHARE;
    const doc_column columns[] = {
        {.key = "age", .label = cohorts_unit(c), .type = CELL_TEXT},
        {.key = "cohorts", .label = "Cohorts", .type = CELL_COUNT, .priority = 1},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "rate", .label = cohorts_measure_label(c), .type = type},
        {.key = "low", .label = "95 % from", .type = type},
        {.key = "high", .label = "to", .type = type}};
    doc_table *t = doc_table_new(s, "average", "All cohorts that completed the age", columns, 6);
    for (size_t k = 0; k < r->n_ages; k++) {
        const cohort_cell *cell = &r->all[k];
        if (cell->kind == COHORT_CENSORED || (c->brief && !is_milestone(c, k))) {
            continue;
        }
        doc_cell none = cell_empty(cell->stated ? NULL : "too few accounts for a rate");
        doc_row(t, (doc_cell[]){cell_text(r->ages[k]), cell_count((int64_t)r->cohorts[k]),
                                cell_count((int64_t)cell->accounts),
                                cell->stated ? rate_cell(c, cell->rate) : none,
                                cell->ranged ? rate_cell(c, cell->low) : none,
                                cell->ranged ? rate_cell(c, cell->high) : none});
    }
    doc_table_footnote(t, measure_is_share(r->request.measure)
                              ? "Intervals: Wilson."
                              : "Intervals: accounts drawn again (above 1,000: linearised).");
    if (!c->brief) {
        doc_table_fold(t);
    }
}

/* --- what stands out --- */

static void put_range(strbuf *out, const cohorts_report *c, const cohort_cell *cell)
{
    bool money = c->r->request.measure == MEASURE_REVENUE;
    char low[NUMBER_TEXT];
    number_format_share(cell->low, low);
    if (money) {
        strbuf_add(out, words_money((int64_t)llround(cell->rate), c->currency).text);
    } else {
        strbuf_add(out, words_share(cell->rate).text);
    }
    if (cell->ranged && money) {
        strbuf_printf(out, " (%s to %s)",
                      words_money((int64_t)llround(cell->low), c->currency).text,
                      words_money((int64_t)llround(cell->high), c->currency).text);
    } else if (cell->ranged) {
        strbuf_printf(out, " (%s to %s)", low, words_share(cell->high).text);
    }
}

static void put_finding(document *d, doc_section *s, const cohorts_report *c, size_t age)
{
    const retention *r = c->r;
    size_t best = SIZE_MAX;
    size_t worst = SIZE_MAX;
    size_t n = 0;
    for (size_t g = 0; g < r->n_groups; g++) {
        const cohort_cell *cell = retention_cell(r, g, age);
        if (cell->kind == COHORT_OBSERVED) {
            n++;
            best = best == SIZE_MAX || cell->rate > retention_cell(r, best, age)->rate ? g : best;
            worst =
                worst == SIZE_MAX || cell->rate < retention_cell(r, worst, age)->rate ? g : worst;
        }
    }
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    strbuf_printf(&text, "%s %s, all cohorts: ", cohorts_unit(c), r->ages[age]);
    text.text[0] = (char)(text.text[0] - 'a' + 'A');
    put_range(&text, c, &r->all[age]);
    if (n > 1 && best != worst) {
        const cohort_cell *high = retention_cell(r, best, age);
        const cohort_cell *low = retention_cell(r, worst, age);
        strbuf_printf(&text, ". Highest: %s, ", SAFE(d, r->in->groups->labels[r->first + best]));
        put_range(&text, c, high);
        strbuf_printf(&text, "; lowest: %s, ", SAFE(d, r->in->groups->labels[r->first + worst]));
        put_range(&text, c, low);
        if (high->ranged && low->ranged) {
            strbuf_add(&text, high->low > low->high
                                  ? "; their ranges do not overlap"
                                  : "; their ranges overlap, so the difference may be chance");
        }
    }
    doc_paragraph(s, "%s.", strbuf_text(&text));
}

/* --- how it was computed --- */

static const char *definition(measure m)
{
    switch (m) {
    case MEASURE_LOGO:
        return "Logo retention: accounts with ARR at the end of the age, of all accounts that had "
               "become customers by then; who left and came back counts as kept.";
    case MEASURE_NRR:
        return "NRR in the dialect *cohort*: ARR at the end of the age over the new-business ARR "
               "(the ARR of the day an account first had any); expansion and reactivation add.";
    case MEASURE_GRR:
        return "GRR in the dialect *cohort*: account by account the lower of ARR at the end of the "
               "age and new-business ARR, over new-business ARR; never above 100 %.";
    case MEASURE_REVENUE:
        return "Revenue per account since the start of age 0, up to the end of the age: ARR earned "
               "over time (a month earns a twelfth), or the amounts of orders less returns.";
    case MEASURE_ORDERS:
        return "Order retention: accounts with an order in the age, of all that had ordered by "
               "then.";
    case MEASURE_QUANTITY:
        return "Orders in the age over the orders of the same accounts in age 0.";
    case MEASURE_UNITS:
        return "Units (the quantity of the orders, less what was returned) in the age over the "
               "units of the same accounts in age 0.";
    case MEASURE_SEATS:
        return "Net seat retention: seats at the end of the age over the seats of the first day on "
               "which the account had ARR and seats; seats added count. An account's seats are "
               "the sum over its subscriptions in force.";
    case MEASURE_SEATS_GROSS:
        return "Gross seat retention: account by account the lower of the seats at the end of the "
               "age and those of the first day on which it had ARR and seats, over the latter; "
               "never above 100 %. An account's seats are the sum over its subscriptions in force.";
    case MEASURE_USAGE:
    case MEASURE_COUNT:
    default:
        return "Usage retention: accounts with a day of use in the age, of all accounts of the "
               "cohort.";
    }
}

/* What is not in a triangle of seats, or may be wrong in it. */
static void put_seats_notes(doc_section *s, const cohorts_report *c)
{
    if (c->seatless > 0) {
        doc_note(s, "note",
                 "%s of %s that started by the as-of date %s left out: no subscription of theirs "
                 "says how many seats it has.",
                 words_count((int64_t)c->seatless).text,
                 words_things((int64_t)c->started, "account").text,
                 c->seatless == 1 ? "is" : "are");
    }
    if (c->unsaid > 0) {
        doc_note(s, "warning",
                 "%s that had seats %s ARR but none on the as-of date: the subscriptions then in "
                 "force do not say how many, which counts as none.",
                 words_things((int64_t)c->unsaid, "account").text, c->unsaid == 1 ? "has" : "have");
    }
}

static void put_definition(document *d, const cohorts_report *c)
{
    const retention *r = c->r;
    doc_section *s = document_section(d, NULL, "method", "How it is counted");
    doc_paragraph(s, "%s", definition(r->request.measure));
    doc_paragraph(
        s,
        "Ages count from the %s. A rate is of accounts that completed the age; the rest is "
        "not known, which is not 0.",
        c->origin_words);
    if (r->in->kind == RETENTION_OR_LATER) {
        doc_note(s, "note",
                 "'Or later' looks up to the as-of date: cohorts that started earlier "
                 "had more time to come back.");
    }
    if (r->entered < r->accounts) {
        doc_note(s, "note",
                 "%s of %s have no %s yet; an account counts from the age on in which it had its "
                 "first.",
                 words_count((int64_t)(r->accounts - r->entered)).text,
                 words_things((int64_t)r->accounts, "account").text,
                 measure_is_seats(r->request.measure)               ? "seats"
                 : r->in->presence == PRESENCE_ORDERS && !r->by_arr ? "order"
                                                                    : "ARR");
    }
    if (r->request.measure == MEASURE_UNITS && r->in->orders->n_unitless > 0) {
        doc_note(s, "note", "Orders of %s do not say how many units they had; they count none.",
                 words_things((int64_t)r->in->orders->n_unitless, "account-day").text);
    }
    if (r->unseen > 0) {
        doc_note(
            s, "note",
            "Usage begins on %s: what %s did in %ss that began before that month is not known, and "
            "does not count.",
            words_day(r->in->usage->begins).text, words_things((int64_t)r->unseen, "account").text,
            cohorts_unit(c));
    }
    put_seats_notes(s, c);
    if (r->early > 0 && measure_is_seats(r->request.measure)) {
        doc_note(s, "note", "%s had seats before the start; the first of them are the base.",
                 words_things((int64_t)r->early, "account").text);
    } else if (r->early > 0) {
        doc_note(s, "note",
                 "%s had ARR or orders before the start; what they paid before is not in revenue.",
                 words_things((int64_t)r->early, "account").text);
    }
    if (c->dated != NULL) {
        doc_note(s, "note", "%s", c->dated);
    }
    if (c->caution != NULL) {
        doc_note(s, "note", "%s", c->caution);
    }
}

void report_cohorts(document *d, const cohorts_report *c)
{
    doc_section *s = document_section(d, NULL, "cohorts", cohorts_measure_label(c));
    size_t age = cohorts_headline(c);
    if (age != SIZE_MAX) {
        put_finding(d, s, c, age);
    }
    if (c->r->n_groups > 0 && (c->whole || !c->cells)) {
        cohorts_charts(d, s, c);
    }
    if (c->cells) {
        cohorts_cells_table(s, c);
    } else if (c->r->n_groups > 0) {
        put_triangle(s, c);
    }
    if (c->r->n_groups > 0) {
        put_average(s, c);
    }
    put_definition(d, c);
}
