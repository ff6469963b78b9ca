/* SPDX-License-Identifier: Apache-2.0 */
#include "source/ledger/info.h"

#include <stdlib.h>

#include "base/auto.h"
#include "store/stmt.h"

STRATA_DEFINE_AUTO(ledger_facts_info, ledger_facts_info_free)

void ledger_facts_info_free(ledger_facts_info *l)
{
    if (l != NULL) {
        free(l->feature_first_seen);
        free(l->started_on);
        free(l);
    }
}

/* (number, day) rows into an array by number. */
static strata_status read_days(store_conn *c, const char *sql, size_t n, day **out,
                               strata_error *err)
{
    STRATA_AUTO_FREE day *days = STRATA_NEW_ARRAY(n + 1, day);
    if (days == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu days", n);
    }
    for (size_t i = 0; i < n; i++) {
        days[i] = DAY_MISSING;
    }
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, sql, &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (size_t rows;;) {
        STRATA_TRY(stmt_next_chunk(s, &rows, err));
        if (rows == 0) {
            break;
        }
        const int32_t *number = stmt_int32(s, 0);
        const day *d = stmt_day(s, 1);
        for (size_t i = 0; i < rows; i++) {
            if (number[i] >= 0 && (size_t)number[i] < n && valid_row(stmt_validity(s, 1), i)) {
                days[number[i]] = d[i];
            }
        }
    }
    *out = strata_steal(&days);
    return STRATA_OK;
}

strata_status ledger_facts_info_read(store_conn *c, ledger_facts_info **out, strata_error *err)
{
    STRATA_AUTO(ledger_facts_info_free) ledger_facts_info *l = calloc(1, sizeof *l);
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    if (l == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    ledger_info *info = &l->info;
    info->first_day = info->last_day = info->users_first_seen = DAY_MISSING;
    for (int e = 0; e < ENTITY_COUNT; e++) {
        info->first_day_of[e] = DAY_MISSING;
    }
    STRATA_TRY(stmt_new(c, "source/ledger_extent.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        int64_t n = stmt_get_int(s, 1);
        int64_t e = stmt_get_int(s, 0);
        day first = stmt_get_day(s, 2);
        day last = stmt_get_day(s, 3);
        if (e == ENTITY_ACCOUNTS) {
            info->n_accounts = (size_t)n;
        }
        info->entities |= n > 0 ? 1U << e : 0;
        if (first != DAY_MISSING) {
            info->first_day_of[e] = first;
            info->first_day =
                info->first_day == DAY_MISSING || first < info->first_day ? first : info->first_day;
            info->last_day = last > info->last_day ? last : info->last_day;
        }
        info->undated |= stmt_get_int(s, 6) > 0 ? 1U << e : 0;
        if (e == ENTITY_USAGE) {
            info->users_first_seen = stmt_get_day(s, 4);
            info->n_usage_features = (size_t)stmt_get_int(s, 5);
        }
    }
    STRATA_TRY(read_days(c, "source/feature_days.sql", info->n_usage_features,
                         &l->feature_first_seen, err));
    STRATA_TRY(read_days(c, "source/started_days.sql", info->n_accounts, &l->started_on, err));
    info->feature_first_seen = l->feature_first_seen;
    *out = strata_steal(&l);
    return STRATA_OK;
}
