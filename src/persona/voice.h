/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_VOICE_H
#define STRATA_PERSONA_VOICE_H

/* What the accounts of a segment say more often than all others: themes of tickets where a column
 * names them, phrases of tickets and of answers to surveys.
 *
 * Counted are accounts, never mentions. Ranked by the weighted log-odds ratio with an informative
 * Dirichlet prior (stats/learning/log_odds.h), the prior worth half the smaller side; shown are
 * those whose z passes after correction for all segments and terms of a kind (Holm), that enough
 * accounts say, and a larger share of them than elsewhere. No phrase holds a name, an address or a
 * number (names.h, text.h). */

#include <strata/error.h>

#include "analysis/study.h"
#include "persona/phrases.h"
#include "store/store.h"

typedef enum voice_kind {
    VOICE_THEME,     /* of tickets, as the data names them */
    VOICE_TICKET,    /* phrases of tickets */
    VOICE_PRAISE,    /* phrases of NPS answers with 9 or 10 */
    VOICE_COMPLAINT, /* phrases of NPS answers with 6 or less */
    VOICE_REMARK,    /* phrases of all other answers in words */
    VOICE_KINDS
} voice_kind;

enum { VOICE_SHOWN = 8 };

typedef struct voice_item {
    const char *text;
    size_t in, of_in;   /* accounts of the segment that say it, of those that say anything */
    size_t out, of_out; /* of all other segments */
    double log_odds, z, p_holm;
} voice_item;

typedef struct voice_list {
    const voice_item *items; /* strongest first */
    size_t n;
    size_t accounts; /* of the segment that say anything */
    bool enough;     /* at least the model's minimum number of accounts; else nothing is listed */
} voice_list;

typedef struct voice {
    size_t speakers[VOICE_KINDS]; /* accounts that say anything, of all segments; 0: no such data */
    size_t terms[VOICE_KINDS];    /* different ones said by enough accounts to be compared */
    size_t n_segments;
    const voice_list *lists; /* [kind * n_segments + segment] */
} voice;

typedef struct voice_corpora {
    corpus of[VOICE_KINDS];
} voice_corpora;
void voice_corpora_done(voice_corpora *v);
#define VOICE_CORPORA_AUTO STRATA_CLEANUP(voice_corpora_done)

/* What was said from `from` to the view's date, by account, without names. */
STRATA_MUST_CHECK strata_status voice_read(const study *s, store_conn *conn, day from,
                                           hidden_names *h, voice_corpora *out, strata_error *err);
/* By segment: codes by account, n_segments or more is none. Allocated in `a`. */
STRATA_MUST_CHECK strata_status voice_compare(const study *s, const voice_corpora *c,
                                              const segment_code *codes, size_t n_segments,
                                              arena *a, voice *out, strata_error *err);

#endif
