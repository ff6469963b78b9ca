/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_PERSONA_H
#define STRATA_PERSONA_PERSONA_H

/* Personas: who the accounts of each segment of a dimension are, from facts up to the as-of date.
 * All parts are by segment code of the profile's dimension. */

#include "persona/anti.h"
#include "persona/buyers.h"
#include "persona/committee.h"
#include "persona/decisions.h"
#include "persona/leans.h"
#include "persona/preference.h"
#include "persona/voice.h"
#include "persona/worth.h"

#include "analysis/profile.h"
#include "analysis/traits.h"

typedef struct personas {
    const study *study;
    const profile *profile;
    day from; /* the first day of what was said and of touchpoints */
    int months;
    const trait_list *firmographics; /* attributes against all others */
    voice voice;
    committee committee;
    preference preference;
    leans leans;
    buyers buyers;
    decisions decisions;
    worth worth;
    anti_personas anti;
    /* By segment, plan/plays/segment_plays.h; NULL: not asked for. */
    const struct segment_plays *plays;
} personas;

/* The study needs STUDY_ALL; months: how far back texts and touchpoints are read. Allocated in
 * `a`. */
STRATA_MUST_CHECK strata_status personas_make(const study *s, store_conn *conn,
                                              const bound_def *def, int months, arena *a,
                                              personas *out, strata_error *err);

#endif
