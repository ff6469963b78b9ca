/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_ROADMAP_H
#define STRATA_PLAN_ROADMAP_H

/* From this data to segments that decide what people do, in four phases. Each step is counted from
 * the data (rows refused, accounts without a manager, segments without a programme ...), takes the
 * days of work that the model's `roadmap` assumes for one of its kind, and is done when something
 * that Strata itself shows is so. */

#include "base/arena.h"
#include "model/model.h"

typedef enum roadmap_phase {
    PHASE_FOUNDATION,
    PHASE_OPERATIONALISE,
    PHASE_ACTIVATE,
    PHASE_OPTIMISE,
    ROADMAP_PHASES
} roadmap_phase;
extern const char *const roadmap_phase_names[]; /* "Foundation", ... */

/* What there is. Counts of what the data do not say are 0, and the `_known` before them false. */
typedef struct roadmap_facts {
    day as_of, last_run; /* last_run DAY_MISSING: no review is recorded */
    size_t n_analyses, n_running, n_inputs;
    const char *inputs; /* the first of them: "users of usage, csms"; NULL: none */
    int64_t n_rows, n_rejected, n_unknown;
    size_t n_segments, n_without_motion;
    bool work_known;
    size_t n_with_work,
        n_without_csm;          /* accounts that take hours; without a manager who is known */
    size_t n_without_programme; /* segments whose programme is proposed; all, when not known */
    size_t n_csms;
    bool misfit_known;
    size_t n_judged, n_not_held, n_under, n_over; /* n_under: for their level */
    size_t n_without_touch;
    bool books_known;
    size_t n_moves;
    size_t n_playbooks;
    int64_t n_interventions; /* of 90 days; -1: no such source */
    size_t n_hypotheses;
    bool effect_measured;
} roadmap_facts;

typedef struct roadmap_step {
    const char *key, *what, *who;
    const char *needs; /* column, source or key of the model file; NULL: none */
    const char *check; /* when it is done */
    const char *now;   /* how that stands */
    size_t n;          /* of what it is about */
    const char *unit;  /* of n: "account" */
    double days;       /* of work; 0 when done */
    bool done;
} roadmap_step;

typedef struct roadmap_stage {
    const roadmap_step *steps;
    size_t n_steps, n_done;
    double days;
    day from, until; /* whole weeks; DAY_MISSING: nothing to do */
} roadmap_stage;

typedef struct roadmap {
    roadmap_stage stages[ROADMAP_PHASES];
    double days, people;
    day start, end; /* end: the first day after */
    size_t n_steps, n_done;
    bool books_left_out; /* books were not evened to count the moves: no step of it */
} roadmap;

/* `start`: the first day. Allocated in `a`. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status roadmap_make(const roadmap_facts *facts, const model *m, day start,
                                             arena *a, roadmap *out, strata_error *err);

#endif
