/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_HISTORY_HISTORY_H
#define STRATA_HISTORY_HISTORY_H

/* Memberships over time, as the store keeps them: one row per stay in a
 * segment, with the cause of entering it. A review is recorded whole or not at
 * all; recording on a date forgets what was recorded for that date and later. */

#include "base/arena.h"
#include "segment/segmentation.h"
#include "store/store.h"

/* A recorded review. Strings in the arena it was read into. */
typedef struct history_run {
    int32_t run_id;
    day as_of;
    const char *model_name, *model_digest, *data_digest, *version;
    uint64_t seed;
    int64_t created_at;            /* microseconds since 1970, UTC */
    int64_t n_accounts, arr_minor; /* arr -1: no ARR data */
} history_run;

STRATA_MUST_CHECK strata_status history_runs(store_conn *conn, arena *a, const history_run **out,
                                             size_t *n, strata_error *err);
/* The newest review before day d; out->run_id is 0 when there is none. */
STRATA_MUST_CHECK strata_status history_before(store_conn *conn, day d, arena *a, history_run *out,
                                               strata_error *err);

/* A stay of one account in a segment. valid_to is the first day it no longer held;
 * DAY_MISSING: it still does. clause, before, after: NULL where no clause turned. */
typedef struct history_span {
    const char *dimension, *segment;
    day valid_from, valid_to;
    const char *cause, *clause, *before, *after;
} history_span;

/* By dimension, then date; n 0 when nothing was recorded of the account. */
STRATA_MUST_CHECK strata_status history_of_account(store_conn *conn, const char *account_id,
                                                   arena *a, const history_span **out, size_t *n,
                                                   strata_error *err);

/* Where the record has each account in a dimension on day d, by account number (SEGMENT_ABSENT:
 * nowhere; a segment that the present model has not: SEGMENT_OTHER_MODEL). *out is NULL when no
 * review was recorded on exactly that day. Allocated in `a`. */
typedef struct history_codes {
    const portfolio *p;
    const bound_model *b;
    const bound_def *def; /* the dimension */
    day d;
} history_codes;
STRATA_MUST_CHECK strata_status history_codes_at(store_conn *conn, const history_codes *of,
                                                 arena *a, segment_code **out, strata_error *err);

/* What is recorded along with the memberships. */
typedef struct history_note {
    const char *model_name, *model_text, *version;
    uint64_t seed;
} history_note;

/* How many accounts a segment has at one date, and their ARR. */
typedef struct history_size {
    size_t def; /* index into b->defs */
    segment_code code;
    int64_t accounts, arr_minor;
} history_size;
typedef struct history_sizes {
    const history_size *rows;
    size_t n_rows;
    int64_t n_accounts, arr_minor; /* of all accounts that exist */
    bool has_arr;                  /* else arr_minor means nothing */
} history_sizes;

/* Reviews to be recorded: dates[first] .. dates[n_dates-1] of a segmentation that was run with
 * `changes`. The date before them, if there is one, is the review that is already recorded: it
 * lets changed data be told from changed rules. */
typedef struct history_review {
    const portfolio *p;
    const bound_model *b;
    const segmentation *s;
    const day *dates; /* as requested of the segmentation */
    size_t n_dates, first;
    history_note note;
    const history_sizes *sizes; /* by date - first; filled by history_count() */
} history_review;

/* Counts segments and their ARR at each date, in one sweep. Allocated in `a`. */
STRATA_MUST_CHECK strata_status history_count(const context *cx, history_review *review, arena *a,
                                              strata_error *err);
/* Writes the reviews in one transaction; forgets what is recorded for the first date and later. */
STRATA_MUST_CHECK strata_status history_record(const context *cx, store *s,
                                               const history_review *review, strata_error *err);

/* The stable name of a segment, as recorded: the tier's or band's key, the text
 * of an attribute, the label of the outside; NULL for SEGMENT_ABSENT. */
const char *history_segment_key(const bound_model *b, const bound_def *def, segment_code code);

#endif
