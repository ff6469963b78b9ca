/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_COVERAGE_TRANSITION_H
#define STRATA_PLAN_COVERAGE_TRANSITION_H

/* From the touch that accounts have to the touch that they should have, in waves, one after the
 * other. Every account that is under- or over-served is in exactly one wave or held back; so is
 * every account that changes hands.
 *
 * Held back is less touch or another manager for an account of which an exception of the model's
 * tier changes holds (held_back.h). More touch is never held back.
 *
 * How long a wave takes is the work of it over the people there are (five days a week, at least
 * four weeks, so that its effect can be seen before the next begins): days of one account by the
 * model's roadmap: `account` where nothing is announced, `handover` where something is. */

#include "plan/coverage/coverage.h"
#include "plan/territory/territory.h"

typedef enum transition_wave {
    WAVE_HOLD,  /* hold the touchpoints that are planned: the level stays */
    WAVE_RAISE, /* more touch */
    WAVE_LOWER, /* less touch */
    WAVE_BOOKS, /* another manager */
    WAVES,
    WAVE_NONE = 255
} transition_wave;

typedef struct wave_sum {
    size_t n;
    int64_t value_minor, stake_minor;
    int64_t minutes; /* a year more (less: below 0); of WAVE_BOOKS: that change hands */
    double days;     /* of work */
    day from, until; /* whole weeks; DAY_MISSING: nothing to do */
} wave_sum;

typedef struct transition {
    const uint8_t *touch; /* by account: WAVE_HOLD, _RAISE, _LOWER or WAVE_NONE */
    const uint8_t *moves; /* by account: 1 changes hands now */
    const uint32_t *held; /* by account: of what is held back, bits of the model's exceptions */
    wave_sum waves[WAVES];
    wave_sum held_touch, held_moves;      /* what is held back; no days and dates */
    size_t reasons[MODEL_EXCEPTIONS_MAX]; /* accounts held back for each, some for several */
    size_t n_held;                        /* accounts held back, each once */
    double people;
    day start, end;
} transition;

typedef struct transition_input {
    const view *v;
    const workload *w;
    const stakes *s;
    const coverage *c;
    const territory *t;   /* NULL: nobody changes hands */
    const uint32_t *held; /* by account: held_back_now() */
    size_t n_csms;
} transition_input;

/* Books of which only the moves are made that are not held back. */
typedef struct transition_books {
    const view *v;
    const workload *w;
    const territory *t;
    const transition *plan;
} transition_books;

/* Of manager j: minutes, value and accounts then (renewals and accounts at risk are those of now).
 */
territory_book transition_book(const transition_books *x, size_t j);
/* Minutes above fair shares then, of all books. */
int64_t transition_above(const transition_books *x);

/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status transition_plan(const transition_input *in, arena *a,
                                                transition *out, strata_error *err);
/* The first day of the model's roadmap; unless it says, the first Monday after the date. */
day transition_start(const model *m, day as_of);

#endif
