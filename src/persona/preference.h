/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_PREFERENCE_H
#define STRATA_PERSONA_PREFERENCE_H

/* How accounts like to be reached: touchpoints by channel and by day of the week, and how many of
 * those that say so were answered. Answers come in clusters, by account
 * (stats/inference/cluster_share.h). */

#include <strata/error.h>

#include "analysis/figure.h"
#include "analysis/study.h"
#include "persona/grouping.h"
#include "stats/inference/cluster_share.h"
#include "store/store.h"

enum { PREFERENCE_CHANNELS_MAX = 12, WEEKDAYS = 7 };

typedef struct preference_row {
    const char *label; /* "email", "Tuesday" */
    size_t accounts;   /* of the segment, reached so */
    size_t touches, known, answered;
    bool stated;            /* enough accounts to state the response */
    cluster_share response; /* of those known */
    /* The same channel or day in all other segments. */
    size_t others_accounts, others_known, others_answered;
    /* Are the same accounts answering more, or less, this way than by the segment's other channels
     * (on its other days) together? Accounts reached both ways count; p_holm over all channels and
     * days of all segments. */
    size_t both;
    test_figure against; /* effect: the difference within accounts */
    interval difference; /* 95 % */
} preference_row;

typedef struct preference_segment {
    size_t accounts; /* touched */
    size_t touches;
    preference_row all;             /* its test is against all other segments */
    const preference_row *channels; /* most touches first; those without touches left out */
    size_t n_channels;
    preference_row weekdays[WEEKDAYS]; /* Monday first */
    /* What is answered more than the rest by the same accounts, by most, of what passes its test;
     * NULL: no channel, or day, does. */
    const preference_row *best_channel, *best_weekday;
} preference_segment;

typedef struct preference {
    bool known;                         /* there are touchpoints in the time */
    bool has_answers;                   /* some say whether they were answered */
    size_t channels_left_out;           /* beyond the PREFERENCE_CHANNELS_MAX with most touches */
    const preference_segment *segments; /* n_segments + 1; the last: all, without tests */
    size_t n_segments;
} preference;

/* From `from` to the view's date. Allocated in `a`. */
STRATA_MUST_CHECK strata_status preference_make(const study *s, store_conn *conn, day from,
                                                const grouping *by, arena *a, preference *out,
                                                strata_error *err);

#endif
