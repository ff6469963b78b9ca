/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_RULE_FIXTURE_H
#define STRATA_TEST_RULE_FIXTURE_H

/* A scope with one symbol of every type, and accounts to go with it. */

#include "rule/rule.h"

enum {
    SLOT_ARR,
    SLOT_POTENTIAL_ARR,
    SLOT_HEALTH_SCORE,
    SLOT_ADOPTION,
    SLOT_LAST_SEEN,
    SLOT_RENEWAL,
    SLOT_STRATEGIC,
    SLOT_HEALTH,
    SLOT_VALUE,
    SLOT_INDUSTRY,
    SLOT_SEATS,
    SLOT_USAGE_DEPTH, /* its data is missing */
    SLOT_COUNT
};

static const char *const health_levels[] = {"green", "yellow", "red"};
static const char *const value_levels[] = {"Strategic", "Growth", "Core", "Nurture", "Save plays"};
static const char *const industry_levels[] = {"EdTech", "Fin Tech", "Health", "edtech"};

static const symbol fixture_symbols[SLOT_COUNT] = {
    {.name = "arr", .type = VALUE_MONEY, .label = "ARR", .never_negative = true},
    {.name = "potential_arr", .type = VALUE_MONEY, .never_negative = true},
    {.name = "health_score", .type = VALUE_NUMBER},
    {.name = "adoption", .type = VALUE_SHARE},
    {.name = "last_seen", .type = VALUE_DURATION},
    {.name = "renewal", .type = VALUE_DATE},
    {.name = "strategic", .type = VALUE_BOOL},
    {.name = "health", .type = VALUE_TEXT, .levels = health_levels, .n_levels = 3},
    {.name = "value", .type = VALUE_TEXT, .levels = value_levels, .n_levels = 5},
    {.name = "industry",
     .type = VALUE_TEXT,
     .levels = industry_levels,
     .n_levels = 4,
     .open_levels = true},
    {.name = "seats", .type = VALUE_NUMBER},
    {.name = "usage_depth", .type = VALUE_NUMBER, .missing_because = "needs usage"},
};

static const rule_scope fixture_scope = {fixture_symbols, SLOT_COUNT};
static const rule_place fixture_place = {"strata.yaml", 14, 23, "tier 'Growth'"};

/* One account; missing is NAN or CODE_MISSING. */
typedef struct account {
    double arr, potential_arr, health_score, adoption, last_seen, renewal, strategic;
    int32_t health, value, industry;
    double seats, usage_depth;
} account;

/* Columns that look at one account. */
static inline void account_columns(const account *who, column columns[SLOT_COUNT])
{
    memset(columns, 0, SLOT_COUNT * sizeof *columns);
    columns[SLOT_ARR].num = &who->arr;
    columns[SLOT_POTENTIAL_ARR].num = &who->potential_arr;
    columns[SLOT_HEALTH_SCORE].num = &who->health_score;
    columns[SLOT_ADOPTION].num = &who->adoption;
    columns[SLOT_LAST_SEEN].num = &who->last_seen;
    columns[SLOT_RENEWAL].num = &who->renewal;
    columns[SLOT_STRATEGIC].num = &who->strategic;
    columns[SLOT_HEALTH].code = &who->health;
    columns[SLOT_VALUE].code = &who->value;
    columns[SLOT_INDUSTRY].code = &who->industry;
    columns[SLOT_SEATS].num = &who->seats;
    columns[SLOT_USAGE_DEPTH].num = &who->usage_depth;
}

/* $18,900, 70 % adopted, seen 12 days ago, renews 2026-03-31, yellow, Growth, EdTech;
 * potential_arr is missing. */
static const account fixture_account = {18900, NAN, 60, 0.7, 12, 20543, 1, 1, 1, 0, 40, 5};

#endif
