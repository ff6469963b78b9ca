/* SPDX-License-Identifier: Apache-2.0 */
#include "report/territories_parts.h"

#include <stdio.h>

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

void territories_books(doc_section *s, const territories_input *in)
{
    const territory *t = in->t;
    char label[2][64];
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
}
