/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PREDICT_CANDIDATES_H
#define STRATA_PREDICT_CANDIDATES_H

/* What a prediction may look at, and what it must not. A feature of the catalogue is known as of
 * any date; an attribute of the accounts file is what it is today, so it is only looked at when a
 * person vouches for it, and even then it is refused when it knows the outcome. */

#include "base/arena.h"
#include "predict/question.h"
#include "predict/schedule.h"
#include "segment/portfolio.h"

/* Why a candidate is not used. */
typedef enum left_out {
    USED,
    LEFT_SAYS_OUTCOME,   /* says by its definition what has become of the account */
    LEFT_NO_PAST,        /* an attribute: today's value may be younger than the date */
    LEFT_UNDATED,        /* facts of it do not say since when they were known */
    LEFT_BEGINS_LATE,    /* its data begins too late to learn from */
    LEFT_ALWAYS_MISSING, /* known for nobody */
    LEFT_CONSTANT,       /* the same for everyone */
    LEFT_ONE_CLASS,      /* leak: whether it is known tells the outcome */
    LEFT_TOO_GOOD,       /* leak: alone it tells the outcome nearly without fail */
    LEFT_OUT_KINDS
} left_out;

/* One column that a model may read. */
typedef struct candidate {
    const char *name, *label; /* of a level of a text: "plan = Team" */
    const char *definition;   /* NULL: an attribute */
    value_type type;          /* VALUE_TEXT becomes one VALUE_BOOL per level */
    entity entity;            /* whose facts it is made of; ENTITY_ACCOUNTS: an attribute, or age */
    feature_id feature;       /* FEATURE_COUNT: an attribute */
    size_t attribute;         /* its place in portfolio.attributes */
    int32_t level;            /* of a text; -1: none */
    left_out left_out;
    double alone; /* AUC of this feature alone among the rows that know it (or of being known, for
                     LEFT_ONE_CLASS), turned so that it is 0.5 or more; 0: not looked at */
} candidate;

typedef struct candidates {
    candidate *items; /* in catalogue order, then attributes; those left out among them */
    size_t n;
} candidates;

/* `with`: attributes a person vouches for, by name; STRATA_E_NOTFOUND with the nearest name for one
 * that is not there. Allocated in `a`. */
STRATA_MUST_CHECK strata_status candidates_list(const portfolio *p, const schedule *s,
                                                const char *const *with, size_t n_with, arena *a,
                                                candidates *out, strata_error *err);

/* "its definition says what became of the account". */
const char *left_out_words(left_out why);
/* A leak that was found in the data, not one known beforehand. */
bool left_out_is_leak(left_out why);

#endif
