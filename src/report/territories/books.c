/* SPDX-License-Identifier: Apache-2.0 */
#include "report/territories/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/auto.h"
#include "document/chart.h"

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
    cells[K_CAPACITY] = capacity >= 0 ? cell_number(territories_hours(capacity))
                                      : cell_empty("hours are not known");
    for (size_t k = 0; k < 2; k++) {
        cells[K_HOURS_0 + k] = cell_number(territories_hours(b[k].minutes));
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

/* --- chart --- */

typedef struct charted {
    double off; /* of the fair share now */
    size_t book;
} charted;

static int furthest_first(const void *x, const void *y)
{
    const charted *a = x;
    const charted *b = y;
    if (a->off > b->off || a->off < b->off) {
        return a->off > b->off ? -1 : 1;
    }
    return (a->book > b->book) - (a->book < b->book);
}

static size_t list_books(const territory *t, charted *out)
{
    size_t n = 0;
    for (size_t j = 0; j < t->csms->n; j++) {
        if (t->minutes_share[j] > 0) {
            double of = territories_share(t->before[j].minutes, t->minutes_share[j]);
            out[n++] = (charted){fabs(of - 1.0), j};
        }
    }
    qsort(out, n, sizeof *out, furthest_first);
    return n;
}

/* Those furthest from their fair share now. */
static strata_status put_chart(doc_section *s, const territory *t, arena *a, strata_error *err)
{
    enum { SHOWN = 20, SIDES = 2 };
    charted *all = ARENA_NEW(a, t->csms->n + 1, charted);
    double now[SHOWN];
    double then[SHOWN];
    const char *labels[SHOWN];
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t n = list_books(t, all);
    n = n < SHOWN ? n : SHOWN;
    for (size_t k = 0; k < n; k++) {
        size_t j = all[k].book;
        const manager *c = &t->csms->items[j];
        now[k] = territories_share(t->before[j].minutes, t->minutes_share[j]);
        then[k] = territories_share(t->after[j].minutes, t->minutes_share[j]);
        labels[k] = arena_printf(a, "%s %s", c->name, c->id);
        if (labels[k] == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    const chart_measure sides[SIDES] = {
        {.title = "Hours now, of the fair share", .format = CHART_SHARE, .values = now},
        {.title = "After the moves", .format = CHART_SHARE, .values = then}};
    const chart_theme theme = {0};
    doc_chart(
        s, "books_chart",
        n < t->csms->n ? "The books furthest from their fair share, now and after"
                       : "Every book, furthest from its fair share first, now and after",
        "Bars of the hours that each book needs, as a share of what is fair, before and after "
        "the moves; the table has the figures.",
        chart_bars(&theme, labels, n, sides, SIDES));
    return STRATA_OK;
}

strata_status territories_books(doc_section *s, const territories_input *in, strata_error *err)
{
    const territory *t = in->t;
    STRATA_AUTO(arena_free) arena *a = NULL;
    char label[2][64];
    STRATA_TRY(arena_new(&a, err));
    if (t->n_moves > 0) {
        STRATA_TRY(put_chart(s, t, a, err));
    }
    doc_table *table = book_table(s, territories_value_name(in->v), label);
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
    return STRATA_OK;
}
