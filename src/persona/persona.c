/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/persona.h"

#include "persona/names_read.h"
#include "persona/personal.h"

strata_status personas_make(const study *s, store_conn *conn, const bound_def *def, int months,
                            arena *a, personas *out, strata_error *err)
{
    const segment_code *now = study_codes_now(s, def);
    const segment_code *year_ago = study_codes_year_ago(s, def);
    size_t n = def->n_segments;
    const grouping by = {now, n};
    personas p = {.study = s, .months = months};
    VOICE_CORPORA_AUTO voice_corpora said = {0};
    HIDDEN_NAMES_AUTO hidden_names names = {0};
    p.from = day_add_months(s->v->as_of, -months) + 1;
    STRATA_TRY(profile_make(s, def, a, &p.profile, err));
    trait_list *attributes = NULL;
    STRATA_TRY(traits_of_attributes(s, def, a, &attributes, err));
    p.firmographics = attributes;
    STRATA_TRY(names_read(conn, s->v->p, s->v->as_of, &names, err));
    STRATA_TRY(voice_read(s, conn, p.from, &names, &said, err));
    STRATA_TRY(voice_compare(s, &said, now, n, a, &p.voice, err));
    STRATA_TRY(committee_make(s, conn, p.from, &by, a, &p.committee, err));
    STRATA_TRY(preference_make(s, conn, p.from, &by, a, &p.preference, err));
    STRATA_TRY(leans_make(s, conn, now, n, a, &p.leans, err));
    STRATA_TRY(buyers_make(s, now, n, a, &p.buyers, err));
    STRATA_TRY(decisions_make(s, conn, year_ago, n, a, &p.decisions, err));
    STRATA_TRY(worth_make(s, now, n, a, &p.worth, err));
    STRATA_TRY(anti_personas_find(s, now, n, a, &p.anti, err));
    STRATA_TRY(personas_hide_personal(&p, &names, a, err));
    *out = p;
    return STRATA_OK;
}
