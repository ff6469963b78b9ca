/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/portfolio.h"

#include <string.h>

size_t portfolio_slot(const portfolio *p, const char *name)
{
    for (size_t i = 0; i < p->n_symbols; i++) {
        if (strcmp(p->symbols[i].name, name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

const char *portfolio_value_name(const portfolio *p)
{
    return p->symbols[FEATURE_ARR].missing_because == NULL ? "arr" : "spend_365d";
}

size_t portfolio_account(const portfolio *p, const char *id)
{
    size_t low = 0;
    size_t high = p->n_accounts;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(p->ids[mid], id);
        if (order == 0) {
            return mid;
        }
        if (order < 0) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return SIZE_MAX;
}

day portfolio_last_day(const portfolio *p, day today)
{
    return p->info->last_day < today && p->info->last_day != DAY_MISSING ? p->info->last_day
                                                                         : today;
}

void portfolio_free(portfolio *p)
{
    if (p != NULL) {
        arena *a = p->arena;
        arena_free(a); /* holds `p` itself */
    }
}
