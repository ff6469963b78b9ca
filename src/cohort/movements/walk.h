/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_MOVEMENTS_WALK_H
#define STRATA_COHORT_MOVEMENTS_WALK_H

/* One account's ARR movements, one after the other, and what they add up to in a
 * window. Pure; amounts are minor units and never negative, the kind says which
 * way. */

#include <stdbool.h>

#include "cohort/book.h"

/* A stretch of ARR that began and ended within one calendar month is brief: some
 * say such an account was never a customer. */
typedef struct arr_step {
    uint32_t row; /* of the book */
    day day;
    arr_kind kind;
    int64_t minor;  /* size of the movement */
    int64_t before; /* ARR before it */
    bool returned;  /* the account has come back at least once, with this step or before */
    bool brief;     /* of a brief stretch, which began and ended on these days */
    day brief_from, brief_to;
} arr_step;

typedef struct arr_walk {
    const arr_book *book;
    uint32_t next, end; /* rows */
    int64_t arr;
    uint32_t brief_first, brief_end; /* rows of the brief stretch that the walk came to last */
    bool returned;
} arr_walk;

arr_walk arr_walk_of(const arr_book *book, size_t account);
bool arr_walk_next(arr_walk *w, arr_step *out); /* false after the last movement */
/* Is the step of a brief stretch that lies wholly in (from, to]? Its movements add up to 0. */
static inline bool arr_step_is_brief(const arr_step *s, day from, day to)
{
    return s->brief && s->brief_from > from && s->brief_to <= to;
}

/* After the end of one day, up to the end of another. */
typedef struct arr_window {
    day from, to;
} arr_window;

/* What one account's ARR did after the end of day `from`, up to the end of day `to`:
 * opening + new + expansion + reactivation - contraction - churn = closing. */
typedef struct arr_track {
    int64_t opening, closing;
    int64_t minor[ARR_KIND_COUNT];
    uint32_t movements[ARR_KIND_COUNT];
    /* Of these, the movements of brief stretches that lie wholly in the window. They add up to 0
     * together: new + expansion + reactivation = contraction + churn. */
    int64_t brief_minor[ARR_KIND_COUNT];
    uint32_t brief_movements[ARR_KIND_COUNT];
    bool before;   /* had ARR above 0 on some day up to `from` */
    bool returned; /* came back within the window, having left before it or within it */
} arr_track;

void arr_track_read(const arr_book *book, size_t account, day from, day to, arr_track *out);

#endif
