/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_TEXT_ZONE_H
#define STRATA_SOURCE_TEXT_ZONE_H

/* Which day it was in the portfolio's time zone. */

#include <stddef.h>
#include <stdint.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/day.h"
#include "store/store.h"

typedef struct time_zone {
    day first;               /* day of midnight[0] */
    size_t n;                /* 0: the zone is UTC */
    const int64_t *midnight; /* by day: seconds since 1970-01-01 UTC at which it begins there */
} time_zone;

/* The rules of `name` ("America/New_York") for 1970 to 2100, from the database's own
 * time zone tables; outside them days are those of UTC. Allocated in `a`.
 * STRATA_E_MODEL for a name nobody knows. */
STRATA_MUST_CHECK strata_status zone_load(store_conn *c, const char *name, arena *a, time_zone *out,
                                          strata_error *err);
/* The day on which an instant fell. NULL is UTC. */
day zone_day(const time_zone *z, int64_t utc_seconds);

#endif
