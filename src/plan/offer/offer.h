/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_OFFER_OFFER_H
#define STRATA_PLAN_OFFER_OFFER_H

/* What each segment should hear, get built, be given and be charged: a matrix of segment against
 * message, product, service and pricing. Every line has its evidence and the accounts behind it;
 * where a rule of the model's language lists exactly these, `where` is that rule.
 *
 *   message  what to say: the model's own text, else one of five, by what the segment is like
 *   product  what is asked for by the accounts with most ARR (themes of tickets; phrases that are
 *            said more often than elsewhere), and the feature that is used least against elsewhere
 *   service  the touch that its accounts call for, and who does not get it
 *   pricing  heavy users that pay little, seats that run out, seats that stand empty, accounts that
 *            use as much as those on the next plan */

#include "analysis/profile.h"
#include "persona/leans.h"
#include "persona/voice.h"
#include "plan/coverage/coverage.h"

typedef enum offer_column {
    OFFER_MESSAGE,
    OFFER_PRODUCT,
    OFFER_SERVICE,
    OFFER_PRICING,
    OFFER_COLUMNS
} offer_column;
extern const char *const offer_column_names[]; /* "message", ... */

typedef struct offer_line {
    offer_column column;
    const char *key;          /* stable: "underpriced", "theme", ... */
    const char *text;         /* what to do or say */
    const char *evidence;     /* with its figures */
    const char *where;        /* lists exactly the accounts; NULL: no rule can */
    const uint32_t *accounts; /* behind it, ascending */
    size_t n;
    int64_t value_minor; /* theirs */
    int64_t worth_minor; /* money that the line is about, as the evidence says; -1: none */
    bool own;            /* the text stands in the model file */
} offer_line;

typedef struct offer_cell {
    const offer_line *lines; /* in order of weight */
    size_t n;
    const char *why; /* of a cell without lines: why */
} offer_cell;

typedef struct offer_segment {
    const segment_profile *profile;
    segment_code code;
    const char *label;
    size_t accounts;
    int64_t value_minor;
    offer_cell cells[OFFER_COLUMNS];
} offer_segment;

typedef struct offer {
    const bound_def *def;
    const char *value_label;       /* "ARR"; NULL without values */
    const offer_segment *segments; /* those with accounts, in code order */
    size_t n_segments;
} offer;

typedef struct offer_input {
    const study *study; /* the view kept offer_slots() too */
    const profile *profile;
    store_conn *conn;
    const voice_corpora *said;
    const voice *voice;
    const leans *leans;
    int months;          /* that `said` covers */
    const engagement *e; /* NULL: there is none, and no workload, stakes and coverage; */
    const workload *w;
    const stakes *s;
    const coverage *c;
    const char *no_service; /* why there is none */
} offer_input;

/* Slots that the view must keep besides study_slots(). Allocated in `a`. */
STRATA_MUST_CHECK strata_status offer_slots(const portfolio *p, const bound_model *b, arena *a,
                                            const size_t **slots, size_t *n, strata_error *err);
/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status offer_make(const offer_input *in, arena *a, offer *out,
                                           strata_error *err);

#endif
