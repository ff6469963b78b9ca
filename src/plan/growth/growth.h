/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_GROWTH_GROWTH_H
#define STRATA_PLAN_GROWTH_GROWTH_H

/* Where growth in the base is. The model says how (template `expansion`): a score of room,
 * readiness and people (`expansion_score`), tiers with a gate on health (`expansion_tier`) and who
 * leads
 * (`expansion_lead`). Here accounts are ranked by it, told why, and the score is tried on the past.
 */

#include "analysis/figure.h"
#include "segment/view.h"
#include "stats/learning/discrimination.h"
#include "store/store.h"

enum {
    GROWTH_SIGNS_MOST = 64,
    GROWTH_TRIALS = 5,
    GROWTH_TRIAL_MONTHS = 12,
    GROWTH_STEP_MONTHS = 3
};

typedef struct growth_model {
    const bound_def *score, *tier, *lead; /* lead may be NULL */
    size_t ready;                         /* code of the tier "Ready" */
    size_t gap_slot;                      /* of `arr_gap`; SIZE_MAX: the model has none */
} growth_model;

/* STRATA_E_MODEL when the model has no score, no tiers or no tier "Ready" of these names. */
STRATA_MUST_CHECK strata_status growth_model_find(const bound_model *b, growth_model *out,
                                                  strata_error *err);

/* One factor of one account's score. */
typedef struct growth_sign {
    const char *label, *feature; /* the factor's expression */
    value_type type;             /* of the value */
    double value;                /* NaN: missing */
    double scaled, weight, part; /* part: points of the score */
} growth_sign;

typedef struct growth_account {
    uint32_t account;
    double score;
    int64_t gap_minor; /* -1: not known */
} growth_account;

typedef struct growth_tier {
    size_t accounts, gap_known;
    int64_t value_minor, gap_minor; /* gaps above 0 only */
} growth_tier;

typedef struct growth {
    growth_model model;
    const growth_tier *tiers;    /* by code of model.tier */
    const growth_account *ready; /* highest score first, then larger gap, then account */
    size_t n_ready;
} growth;

/* The view must have kept growth_slots(). Allocated in `a`. */
STRATA_MUST_CHECK strata_status growth_slots(const growth_model *m, arena *a, const size_t **slots,
                                             size_t *n, strata_error *err);
STRATA_MUST_CHECK strata_status growth_rank(const view *v, const growth_model *m, arena *a,
                                            growth *out, strata_error *err);
/* The factors of one account, most points first; room for GROWTH_SIGNS_MOST. */
STRATA_MUST_CHECK strata_status growth_signs(const view *v, const growth_model *m, size_t account,
                                             growth_sign *out, size_t *n, strata_error *err);

/* Who is new in an account: contacts that became known in 180 days and are still there, in the
 * department with most of them; of several the first by name. n 0: nobody, or no department is
 * named. */
typedef struct new_people {
    const char *department; /* as the contacts first say it */
    uint32_t n;
    day since; /* the first of them */
} new_people;
/* As the signs ask: anybody; in departments that are new themselves (new_departments_180d); those
 * that decide (new_deciders_180d). */
typedef enum growth_news { NEWS_ANYBODY, NEWS_DEPARTMENT, NEWS_DECIDERS, GROWTH_NEWS } growth_news;
typedef struct growth_people {
    new_people of[GROWTH_NEWS];
} growth_people;
enum { GROWTH_NEW_DAYS = 180 };
/* By account. Facts after the day are not in it; STRATA_E_NOMEM, STRATA_E_STORE. */
STRATA_MUST_CHECK strata_status growth_people_read(store_conn *conn, const portfolio *p, day as_of,
                                                   arena *a, const growth_people **out,
                                                   strata_error *err);

/* How the score would have done: at each of five dates, a quarter apart and the last a year before
 * the as-of date, customers are scored by what was known; did an expansion follow within 12 months?
 * Attributes of accounts (potential, seats) are as of the last ingest on every date, so a score
 * that reads them may look better than it would have been. */
typedef struct growth_trial {
    bool done; /* else `why` */
    const char *why;
    size_t n_dates, rows, accounts, expanded; /* rows: customers at a date whose score is known */
    day first, last;                          /* of the dates scored on */
    auc_result auc;                           /* intervals by account */
    lift_result lift;                         /* of the highest tenth */
    share_figure *tiers;   /* by code of the tier at the last date: expanded of its customers */
    bool reads_attributes; /* the score reads attributes */
    auc_result
        *factors; /* by factor of the score: its scaled value at the last date, where known */
    size_t n_factors;
} growth_trial;

STRATA_MUST_CHECK strata_status growth_try(const context *cx, const view *v, const growth_model *m,
                                           arena *a, growth_trial *out, strata_error *err);

#endif
