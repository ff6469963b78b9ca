/* SPDX-License-Identifier: Apache-2.0 */
#include "source/text/zone.h"

#include <string.h>

#include "store/stmt.h"

enum { ZONE_FIRST = 0, ZONE_DAYS = 47848 }; /* 1970-01-01 .. 2100-12-31, and the midnight after */

strata_status zone_load(store_conn *c, const char *name, arena *a, time_zone *out,
                        strata_error *err)
{
    if (name == NULL || strcmp(name, "UTC") == 0) {
        *out = (time_zone){0};
        return STRATA_OK;
    }
    int64_t *midnight = ARENA_NEW(a, ZONE_DAYS, int64_t);
    if (midnight == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(c, "source/zone.sql", &s, err));
    STRATA_TRY(stmt_bind_text(s, "zone", name, err));
    strata_status status = stmt_execute(s, err);
    if (status == STRATA_E_CANCELLED || status == STRATA_E_NOMEM) {
        return status;
    }
    if (status != STRATA_OK) {
        return strata_fail(err, STRATA_E_MODEL,
                           "unknown time zone '%s' in business.timezone; use a name such as "
                           "Europe/Berlin",
                           name);
    }
    size_t filled = 0;
    for (size_t n;;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        if (n == 0) {
            break;
        }
        const int64_t *seconds = stmt_int64(s, 0);
        for (size_t i = 0; i < n && filled < ZONE_DAYS; i++) {
            midnight[filled++] = seconds[i];
        }
    }
    *out = (time_zone){.first = ZONE_FIRST, .n = filled, .midnight = midnight};
    return STRATA_OK;
}

day zone_day(const time_zone *z, int64_t utc_seconds)
{
    int64_t d = utc_seconds / 86400 - (utc_seconds % 86400 < 0);
    if (z == NULL || z->n == 0 || d <= z->first || d >= z->first + (int64_t)z->n - 2) {
        return (day)(d < DAY_MIN ? DAY_MIN : d > DAY_MAX ? DAY_MAX : d);
    }
    size_t i = (size_t)(d - z->first);
    while (z->midnight[i] > utc_seconds) {
        i--;
    }
    while (z->midnight[i + 1] <= utc_seconds) {
        i++;
    }
    return (day)((int64_t)i + z->first);
}
