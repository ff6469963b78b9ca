/* SPDX-License-Identifier: Apache-2.0 */
#include "report/territories.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "document/chart.h"
#include "report/report.h"

static double share_of(int64_t part, int64_t whole)
{
    return whole > 0 ? (double)part / (double)whole : 0.0;
}

static double hours_of(int64_t minutes)
{
    return (double)minutes / MINUTES_PER_HOUR;
}

static words hours_words(int64_t minutes)
{
    words out;
    words n = words_count(llround(hours_of(minutes)));
    (void)snprintf(out.text, sizeof out.text, "%.80s h", n.text);
    return out;
}

static const char *value_name(const view *v)
{
    return v->value_label != NULL ? v->value_label : "Value";
}

void report_territories_title(strbuf *out, const territories_input *in)
{
    const territory *t = in->t;
    words before = words_share(share_of(t->minutes_above[0], t->total_minutes));
    words after = words_share(share_of(t->minutes_above[1], t->total_minutes));
    if (t->n_moves == 0) {
        strbuf_printf(out, "No move pays: %s of the hours lie above fair shares", before.text);
        return;
    }
    strbuf_printf(out, "Moving %s of %s brings the hours above fair shares from %s to %s",
                  words_count((int64_t)t->n_moves).text,
                  words_things((int64_t)t->n_items, "account").text, before.text, after.text);
}

/* --- books --- */

enum {
    K_CSM,
    K_NAME,
    K_CAPACITY,
    K_HOURS_0,
    K_HOURS_1,
    K_USED_0,
    K_USED_1,
    K_FAIR_0,
    K_FAIR_1,
    K_ACCOUNTS_0,
    K_ACCOUNTS_1,
    K_VALUE_0,
    K_VALUE_1,
    K_RENEWALS_0,
    K_RENEWALS_1,
    K_RISK_0,
    K_RISK_1,
    K_COLUMNS
};

static doc_table *book_table(doc_section *s, const char *value, char label[2][64])
{
    (void)snprintf(label[0], 64, "%.40s", value);
    (void)snprintf(label[1], 64, "%.40s after", value);
    const doc_column columns[K_COLUMNS] = {
        [K_CSM] = {.key = "csm_id", .label = "Manager", .type = CELL_TEXT, .priority = 3},
        [K_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT},
        [K_CAPACITY] = {.key = "capacity_hours",
                        .label = "Hours there are",
                        .type = CELL_NUMBER,
                        .priority = 4},
        [K_HOURS_0] = {.key = "hours_before",
                       .label = "Hours needed",
                       .type = CELL_NUMBER,
                       .priority = 2},
        [K_HOURS_1] = {.key = "hours_after",
                       .label = "Hours after",
                       .type = CELL_NUMBER,
                       .priority = 2},
        [K_USED_0] = {.key = "used_before", .label = "Of hours", .type = CELL_SHARE, .priority = 6},
        [K_USED_1] = {.key = "used_after",
                      .label = "Of hours after",
                      .type = CELL_SHARE,
                      .priority = 6},
        [K_FAIR_0] = {.key = "of_fair_before",
                      .label = "Of fair share",
                      .type = CELL_SHARE,
                      .bar = true},
        [K_FAIR_1] = {.key = "of_fair_after", .label = "After", .type = CELL_SHARE, .bar = true},
        [K_ACCOUNTS_0] = {.key = "accounts_before",
                          .label = "Accounts",
                          .type = CELL_COUNT,
                          .priority = 5},
        [K_ACCOUNTS_1] = {.key = "accounts_after",
                          .label = "Accounts after",
                          .type = CELL_COUNT,
                          .priority = 5},
        [K_VALUE_0] = {.key = "value_before", .label = label[0], .type = CELL_MONEY, .priority = 1},
        [K_VALUE_1] = {.key = "value_after", .label = label[1], .type = CELL_MONEY, .priority = 1},
        [K_RENEWALS_0] = {.key = "renewals_before",
                          .label = "Renewals",
                          .type = CELL_COUNT,
                          .priority = 7},
        [K_RENEWALS_1] = {.key = "renewals_after",
                          .label = "Renewals after",
                          .type = CELL_COUNT,
                          .priority = 7},
        [K_RISK_0] = {.key = "at_risk_before",
                      .label = "At risk",
                      .type = CELL_COUNT,
                      .priority = 8},
        [K_RISK_1] = {.key = "at_risk_after",
                      .label = "At risk after",
                      .type = CELL_COUNT,
                      .priority = 8},
    };
    return doc_table_new(s, "books", "Books before and after", columns, K_COLUMNS);
}

static doc_cell share_cell(int64_t part, int64_t whole)
{
    return whole > 0 ? cell_share((double)part / (double)whole) : cell_empty("no hours");
}

static void fill_book(const territory *t, const territory_book b[2], int64_t capacity, int64_t fair,
                      doc_cell cells[K_COLUMNS])
{
    cells[K_CAPACITY] =
        capacity >= 0 ? cell_number(hours_of(capacity)) : cell_empty("hours are not known");
    for (size_t k = 0; k < 2; k++) {
        cells[K_HOURS_0 + k] = cell_number(hours_of(b[k].minutes));
        cells[K_USED_0 + k] =
            capacity >= 0 ? share_cell(b[k].minutes, capacity) : cell_empty("hours are not known");
        cells[K_FAIR_0 + k] = share_cell(b[k].minutes, fair);
        cells[K_ACCOUNTS_0 + k] = cell_count((int64_t)b[k].accounts);
        cells[K_VALUE_0 + k] = cell_money(b[k].value_minor);
        cells[K_RENEWALS_0 + k] = cell_count((int64_t)b[k].renewals);
        cells[K_RISK_0 + k] =
            t->health_known ? cell_count((int64_t)b[k].at_risk) : cell_empty("needs health");
    }
}

static void add_book(territory_book *sum, const territory_book *b)
{
    sum->minutes += b->minutes;
    sum->value_minor += b->value_minor;
    sum->accounts += b->accounts;
    sum->renewals += b->renewals;
    sum->at_risk += b->at_risk;
}

static void put_books(doc_section *s, const territories_input *in)
{
    const territory *t = in->t;
    char label[2][64];
    doc_table *table = book_table(s, value_name(in->v), label);
    territory_book sums[2] = {{0}, {0}};
    for (size_t j = 0; j < t->csms->n; j++) {
        const territory_book both[2] = {t->before[j], t->after[j]};
        doc_cell cells[K_COLUMNS];
        fill_book(t, both, t->capacity[j], t->minutes_share[j], cells);
        cells[K_CSM] = cell_text(t->csms->items[j].id);
        cells[K_NAME] = cell_text(t->csms->items[j].name);
        doc_row(table, cells);
        add_book(&sums[0], &both[0]);
        add_book(&sums[1], &both[1]);
    }
    doc_cell cells[K_COLUMNS];
    fill_book(t, sums, t->capacity_unknown ? -1 : t->total_capacity, t->total_minutes, cells);
    cells[K_CSM] = cell_empty(NULL);
    cells[K_NAME] = cell_text("All");
    doc_row_total(table, cells);
    doc_table_footnote(table,
                       "*After*: once all moves are made. Renewals are those due within %d "
                       "days; at risk is a health under 60.",
                       TERRITORY_RENEWALS_DAYS);
}

/* --- moves --- */

enum {
    M_ACCOUNT,
    M_NAME,
    M_FROM,
    M_TO,
    M_HOURS,
    M_VALUE,
    M_PRICE,
    M_WHY,
    M_FROM_NAME, /* people read the names in M_WHY */
    M_TO_NAME,
    M_COLUMNS
};

/* "Ada at 131 % of fair hours and 96 % of fair ARR", as the books are now. */
static const char *standing(const territories_input *in, int32_t j, arena *a)
{
    const territory *t = in->t;
    const char *name = t->csms->items[j].name;
    if (t->minutes_share[j] == 0) {
        return arena_printf(a, "%s has no hours", name);
    }
    return arena_printf(a, "%s at %.0f %% of fair hours, %.0f %% of fair %s", name,
                        100.0 * share_of(t->before[j].minutes, t->minutes_share[j]),
                        100.0 * share_of(t->before[j].value_minor, t->value_share[j]),
                        in->v->has_arr ? "ARR" : "value");
}

/* A book that is full now takes accounts when others leave it. */
static const char *reason(const territories_input *in, const territory_move *m, arena *a)
{
    const territory *t = in->t;
    const char *to = standing(in, m->to, a);
    const char *from = m->from >= 0 ? standing(in, m->from, a) : "has no manager";
    bool full = t->before[m->to].minutes > t->minutes_share[m->to];
    if (to == NULL || from == NULL) {
        return NULL;
    }
    return arena_printf(a, "%s; %s%s", from, to, full ? ", in exchange for others" : "");
}

static strata_status put_moves(document *d, doc_section *parent, const territories_input *in,
                               strata_error *err)
{
    const doc_column columns[M_COLUMNS] = {
        [M_ACCOUNT] = {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        [M_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 2},
        [M_FROM] = {.key = "from", .label = "From", .type = CELL_TEXT},
        [M_TO] = {.key = "to", .label = "To", .type = CELL_TEXT},
        [M_HOURS] = {.key = "hours", .label = "Hours a year", .type = CELL_NUMBER, .decimals = 1},
        [M_VALUE] = {.key = "value", .label = value_name(in->v), .type = CELL_MONEY, .priority = 1},
        [M_PRICE] = {.key = "price_hours",
                     .label = "Price in hours",
                     .type = CELL_NUMBER,
                     .decimals = 1,
                     .priority = 3},
        [M_WHY] = {.key = "why", .label = "Why", .type = CELL_TEXT, .priority = 4},
        [M_FROM_NAME] = {.key = "from_name",
                         .label = "From manager",
                         .type = CELL_TEXT,
                         .data_only = true},
        [M_TO_NAME] = {.key = "to_name",
                       .label = "To manager",
                       .type = CELL_TEXT,
                       .data_only = true},
    };
    const territory *t = in->t;
    const portfolio *p = in->v->p;
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    doc_section *s = document_section(d, parent, "moves", "Who moves");
    doc_table *table = doc_table_new(s, "moves", NULL, columns, M_COLUMNS);
    for (size_t i = 0; i < t->n_moves && i < in->shown; i++) {
        const territory_move *m = &t->moves[i];
        const manager *from = m->from >= 0 ? &t->csms->items[m->from] : NULL;
        const manager *to = &t->csms->items[m->to];
        const char *why = reason(in, m, a);
        if (why == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        const doc_cell cells[M_COLUMNS] = {
            [M_ACCOUNT] = cell_text(p->ids[m->account]),
            [M_NAME] = cell_text(p->names[m->account]),
            [M_FROM] = from != NULL ? cell_text(from->id) : cell_empty("nobody"),
            [M_FROM_NAME] = from != NULL ? cell_text(from->name) : cell_empty("nobody"),
            [M_TO] = cell_text(to->id),
            [M_TO_NAME] = cell_text(to->name),
            [M_HOURS] = cell_number(hours_of(in->w->total[m->account])),
            [M_VALUE] = cell_money(view_value_minor(in->v, m->account)),
            [M_PRICE] = cell_number(hours_of(m->price)),
            [M_WHY] = cell_text(why),
        };
        doc_row(table, cells);
    }
    if (in->shown < t->n_moves) {
        doc_paragraph(s, "%s of %s are shown, largest first; `--show %zu` shows all.",
                      words_count((int64_t)in->shown).text, words_count((int64_t)t->n_moves).text,
                      t->n_moves);
    }
    return STRATA_OK;
}

/* --- fewer moves --- */

enum { F_MOST, F_MOVED, F_HOURS, F_VALUE, F_PRICE, F_GAP, F_COLUMNS };

static void put_frontier_chart(doc_section *s, const territory *t)
{
    enum { KINDS = 2, LABEL = 16 };
    double hours[TERRITORY_FRONTIER];
    double value[TERRITORY_FRONTIER];
    char text[TERRITORY_FRONTIER][LABEL];
    const char *labels[TERRITORY_FRONTIER];
    size_t n = 0;
    for (size_t k = 0; k < t->n_frontier; k++) {
        if (t->frontier[k].met) {
            hours[n] = share_of(t->frontier[k].minutes_above, t->total_minutes);
            value[n] = share_of(t->frontier[k].value_above, t->total_value);
            (void)snprintf(text[n], LABEL, "%zu", t->frontier[k].n_moved);
            labels[n] = text[n];
            n++;
        }
    }
    if (n > 1) {
        const chart_measure measures[KINDS] = {
            {.title = "Hours above fair shares", .format = CHART_SHARE, .values = hours},
            {.title = "Value above fair shares", .format = CHART_SHARE, .values = value}};
        const chart_theme theme = {0};
        doc_chart(s, "frontier", "What stays uneven, by the number of accounts moved",
                  "Bars of the share of hours and of value above fair shares for each number of "
                  "moves; the table has the figures.",
                  chart_bars(&theme, labels, n, measures, KINDS));
    }
}

static void put_frontier(document *d, doc_section *parent, const territories_input *in)
{
    const territory *t = in->t;
    const doc_column columns[F_COLUMNS] = {
        [F_MOST] = {.key = "most_moves", .label = "Moves allowed", .type = CELL_COUNT},
        [F_MOVED] = {.key = "moves", .label = "Made", .type = CELL_COUNT, .priority = 2},
        [F_HOURS] = {.key = "hours_above", .label = "Hours above fair", .type = CELL_SHARE},
        [F_VALUE] = {.key = "value_above", .label = "Value above fair", .type = CELL_SHARE},
        [F_PRICE] = {.key = "price_hours",
                     .label = "Price in hours",
                     .type = CELL_NUMBER,
                     .priority = 1},
        [F_GAP] = {.key = "gap", .label = "Gap at most", .type = CELL_SHARE, .priority = 3},
    };
    doc_section *s = document_section(d, parent, "frontier", "What fewer moves would give");
    put_frontier_chart(s, t);
    doc_table *table = doc_table_new(s, "frontier", NULL, columns, F_COLUMNS);
    for (size_t k = 0; k < t->n_frontier; k++) {
        const territory_point *f = &t->frontier[k];
        const doc_cell none = cell_empty("limits not met");
        const doc_cell cells[F_COLUMNS] = {
            [F_MOST] = cell_count((int64_t)f->most_moves),
            [F_MOVED] = f->met ? cell_count((int64_t)f->n_moved) : none,
            [F_HOURS] = f->met ? cell_share(share_of(f->minutes_above, t->total_minutes)) : none,
            [F_VALUE] = f->met ? cell_share(share_of(f->value_above, t->total_value)) : none,
            [F_PRICE] = f->met ? cell_number(hours_of(f->price)) : none,
            [F_GAP] = f->met ? cell_share(f->gap) : none,
        };
        doc_row(table, cells);
    }
}

/* --- in force, left out, how --- */

static void put_limits(document *d, doc_section *parent, const territories_input *in)
{
    const territory *t = in->t;
    const territory_request *r = &in->request;
    doc_section *s = document_section(d, parent, "limits", "What binds");
    if (t->capacity_unknown) {
        doc_note(s, "missing",
                 "Some managers state no hours (`capacity_hours` of csms, or `month` "
                 "of `engagement`): fair shares are equal, and no book has a limit.");
    } else if (isnan(r->limit)) {
        doc_bullet(s, "No book takes more than its manager's hours; one that is above them now "
                      "takes no more than it has.");
    } else {
        doc_bullet(s, "No book takes more than %s of its manager's hours.",
                   words_share(r->limit).text);
    }
    if (r->most_moves != SIZE_MAX) {
        doc_bullet(s, "At most %s.", words_things((int64_t)r->most_moves, "move").text);
    }
    if (t->region_used) {
        doc_bullet(s, "A manager who states regions takes over accounts of these only.");
    }
    if (t->skill_used) {
        doc_bullet(s, "A manager who states skills takes over accounts whose %s is among them.",
                   SAFE(d, r->skill));
    }
    doc_bullet(s, "%s of %s may move: %s locked by rule%s%s%s, %s for a renewal within %ld days.",
               words_count((int64_t)t->n_free).text, words_count((int64_t)t->n_items).text,
               words_count((int64_t)t->n_rule_locked).text, in->lock != NULL ? " (`" : "",
               in->lock != NULL ? SAFE(d, in->lock) : "", in->lock != NULL ? "`)" : "",
               words_count((int64_t)t->n_renewal_locked).text, r->renewal_lock);
}

static void put_left_out(document *d, doc_section *parent, const territories_input *in)
{
    const territory *t = in->t;
    const char *currency = report_currency(in->v->b);
    if (t->n_nobody == 0 && t->n_unknown == 0) {
        return;
    }
    doc_section *s = document_section(d, parent, "left_out", "In no book");
    if (t->n_nobody > 0) {
        doc_note(s, "warning",
                 "%s with %s of work a year and %s have no manager: `--assign` places them.",
                 words_things((int64_t)t->n_nobody, "account").text,
                 hours_words(t->nobody_minutes).text, words_money(t->nobody_value, currency).text);
    }
    if (t->n_unknown > 0) {
        doc_note(s, "warning",
                 "%s with %s of work a year and %s name a manager that the csms source does not "
                 "have.",
                 words_things((int64_t)t->n_unknown, "account").text,
                 hours_words(t->unknown_minutes).text,
                 words_money(t->unknown_value, currency).text);
    }
}

static void put_method(document *d, doc_section *parent, const territories_input *in)
{
    const territory *t = in->t;
    const territory_solution *z = &t->solution;
    doc_section *s = document_section(d, parent, "method", "How it was computed");
    doc_paragraph(
        s,
        "Hours are the work of the 12 months ahead by the engagement of each segment, weighed by "
        "complexity (`strata capacity`). A fair share is in proportion to managers' hours. What "
        "counts is hours off the fair share beyond %s of it, the same of %s (an even share of it "
        "counts as much as one of hours), and the price of moves.",
        words_share(in->request.within).text, SAFE(d, value_name(in->v)));
    doc_paragraph(
        s,
        "A move costs %.0f hours (an assumption, `--handover`), times (1 + ARR over the mean, at "
        "most 4) / 2, times 1 to 2 by how lately the account was touched%s.",
        in->request.handover_hours,
        t->touch_known ? "" : "; without touchpoints, nobody is known to have been");
    doc_paragraph(s,
                  "The plan costs %s: %s off fair shares and %s of moves. No plan can cost less "
                  "than %s, so it is at most %s from the best.",
                  hours_words(llround(z->objective)).text,
                  hours_words(llround(z->objective - (double)z->price)).text,
                  hours_words(z->price).text, hours_words(llround(z->bound)).text,
                  words_share(territory_gap(z)).text);
}

/* The busiest and the least busy book, of fair shares. */
static void extremes(const territory *t, const territory_book *b, double *low, double *high)
{
    *low = HUGE_VAL;
    *high = 0.0;
    for (size_t j = 0; j < t->csms->n; j++) {
        if (t->minutes_share[j] > 0) {
            double of = (double)b[j].minutes / (double)t->minutes_share[j];
            *low = fmin(*low, of);
            *high = fmax(*high, of);
        }
    }
}

static void put_summary(doc_section *s, const territories_input *in)
{
    const territory *t = in->t;
    double low[2];
    double high[2];
    extremes(t, t->before, &low[0], &high[0]);
    extremes(t, t->after, &low[1], &high[1]);
    doc_paragraph(s,
                  "Books take %s to %s of their fair hours now, %s to %s after. %s above fair "
                  "shares goes from %s to %s of all.",
                  words_share(low[0]).text, words_share(high[0]).text, words_share(low[1]).text,
                  words_share(high[1]).text, in->v->has_arr ? "ARR" : "Value",
                  words_share(share_of(t->value_above[0], t->total_value)).text,
                  words_share(share_of(t->value_above[1], t->total_value)).text);
    if (!t->capacity_unknown && t->total_minutes > t->total_capacity) {
        doc_note(s, "warning",
                 "The books take %s a year and the managers have %s: moving accounts evens this "
                 "out, it does not mend it.",
                 hours_words(t->total_minutes).text, hours_words(t->total_capacity).text);
    }
}

strata_status report_territories(document *d, doc_section *parent, const territories_input *in,
                                 strata_error *err)
{
    doc_section *s = document_section(d, parent, "territories", NULL);
    put_summary(s, in);
    put_books(s, in);
    if (in->t->n_moves > 0) {
        STRATA_TRY(put_moves(d, parent, in, err));
        put_frontier(d, parent, in);
    }
    put_limits(d, parent, in);
    put_left_out(d, parent, in);
    put_method(d, parent, in);
    return STRATA_OK;
}
