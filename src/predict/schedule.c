/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/schedule.h"

#include <string.h>

#include "panel/dates.h"

/* Usable dates below which there is no block of its own to tune on. */
enum { DATES_FOR_THREE = 8, PARTS_OF_THREE = 4, PARTS_OF_TWO = 3 };

/* Where the data begins: with ARR, and with every other entity that has at least half of the
 * history; the others begin too late. */
static void find_begin(const ledger_info *info, schedule *s)
{
    day last = horizon_start(s->as_of, s->horizon);
    day oldest = months_before(last, SCHEDULE_DATES_MAX - 1) - SCHEDULE_WARM_DAYS;
    day first = info->first_day_of[ENTITY_ARR];
    s->begins = first == DAY_MISSING || first < oldest ? oldest : first;
    day middle = s->begins + (last - s->begins) / 2;
    day begins = s->begins;
    for (int e = 0; e < ENTITY_COUNT; e++) {
        day f = info->first_day_of[e];
        if (f == DAY_MISSING || f > s->as_of) {
            continue;
        }
        if (f > middle) {
            s->late |= 1U << e;
        } else if (f > begins) {
            begins = f;
        }
    }
    s->begins = begins;
}

static void list_dates(schedule *s)
{
    day last = horizon_start(s->as_of, s->horizon);
    day first = s->begins + SCHEDULE_WARM_DAYS;
    size_t n = 0;
    while (n < SCHEDULE_DATES_MAX && months_before(last, (int)n) >= first) {
        n++;
    }
    s->n = n;
    for (size_t i = 0; i < n; i++) {
        s->dates[i] = months_before(last, (int)(n - 1 - i));
    }
}

/* The last n dates at or before index `end` take the role; the first index of them. */
static size_t take_block(date_role *roles, size_t end, size_t n, date_role role)
{
    for (size_t i = end - n; i < end; i++) {
        roles[i] = role;
    }
    return end - n;
}

/* Dates before index `block` whose horizon is over by its first date. */
static size_t before_block(const schedule *s, size_t block)
{
    size_t end = block;
    while (end > 0 && horizon_end(s->dates[end - 1], s->horizon) > s->dates[block]) {
        end--;
    }
    return end;
}

static void assign(schedule *s)
{
    size_t lost = s->n - before_block(s, s->n - 1) - 1; /* dates between two blocks */
    size_t usable = s->n > 2 * lost ? s->n - 2 * lost : 0;
    memset(s->judged, 0, sizeof s->judged);
    memset(s->today, 0, sizeof s->today);
    s->shared = usable < DATES_FOR_THREE;
    if (s->shared) {
        usable = s->n > lost ? s->n - lost : 0;
        size_t judge = usable / PARTS_OF_TWO > 0 ? usable / PARTS_OF_TWO : 1;
        size_t learn = before_block(s, take_block(s->judged, s->n, judge, ROLE_JUDGE));
        if (learn == 0) {
            s->why = "the history is too short to learn from one part and judge on a later one";
            return;
        }
        (void)take_block(s->judged, learn, learn, ROLE_SHARED);
        (void)take_block(s->today, s->n, s->n, ROLE_SHARED);
        return;
    }
    size_t part = usable / PARTS_OF_THREE;
    size_t tune = before_block(s, take_block(s->judged, s->n, part, ROLE_JUDGE));
    size_t learn = before_block(s, take_block(s->judged, tune, part, ROLE_TUNE));
    (void)take_block(s->judged, learn, learn, ROLE_LEARN);
    learn = before_block(s, take_block(s->today, s->n, part, ROLE_TUNE));
    (void)take_block(s->today, learn, learn, ROLE_LEARN);
}

void schedule_make(const ledger_info *info, day as_of, horizon h, schedule *out)
{
    schedule s = {.as_of = as_of, .horizon = h};
    find_begin(info, &s);
    list_dates(&s);
    if (s.n < 2) {
        s.why = "the history is too short: fewer than two past dates have an outcome by now";
    } else {
        assign(&s);
    }
    *out = s;
}
