/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COHORT_REVIEW_CHURN_H
#define STRATA_COHORT_REVIEW_CHURN_H

/* When accounts of a cohort left, why, and what they have in common. A first stay
 * ends with the first day without ARR; coming back later does not undo it. */

#include "cohort/movements/arr_words.h"
#include "cohort/review/levels.h"
#include "cohort/review/review.h"

enum { CHURN_WINDOWS = 4 };
/* Days of life 0..90, 91..180, 181..365, 366 and more. */
typedef struct churn_window {
    const char *name; /* "early" */
    int from, to;     /* days of life, both in; `to` 0: open */
} churn_window;
extern const churn_window churn_windows[CHURN_WINDOWS];

typedef struct churn_reason {
    const char *text; /* NULL: none recorded */
    size_t accounts;
    int64_t minor; /* ARR before they left */
} churn_reason;

typedef struct window_churn {
    size_t churned;      /* accounts that left in the window */
    int64_t minor;       /* ARR they had before */
    share_figure rate;   /* left in it, of those there at its start and followed to its end */
    share_figure others; /* the same of the peers together; the open window has neither */
    test_figure test;    /* cohort against peers; Holm over the windows */
    const churn_reason *reasons; /* most accounts first */
    size_t n_reasons;
} window_churn;

typedef struct review_churn {
    window_churn windows[CHURN_WINDOWS];
    size_t churned; /* sum over the windows */
    int64_t minor;
    size_t came_back; /* of the churned, with ARR again on the as-of date */
    size_t customers; /* with ARR on the as-of date */
    bool has_reasons;
    account_set left, stayed; /* first stay ended; not */
    level_list levels;        /* left against stayed */
} review_churn;

/* `words` may be NULL: reasons are not known. Allocated in `a`. */
STRATA_MUST_CHECK strata_status review_churn_make(const review_subject *s, const arr_words *words,
                                                  arena *a, review_churn *out, strata_error *err);
/* The window that so many days of life lie in. */
size_t churn_window_of(int days);

#endif
