/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_PAPERS_H
#define STRATA_MODEL_PAPERS_H

/* Papers: the texts that people send, say and work by, as templates. Those of assets/papers/ are
 * shipped; `papers:` of a model names files of its own, whose parts go before the shipped ones. */

#include "model/model.h"
#include "template/template.h"

/* By paper: its fields, in the order of their tables in papers.c. */
typedef enum tier_field {
    TIER_ACCOUNT,
    TIER_ACCOUNT_ID,
    TIER_PRODUCT,
    TIER_CSM,
    TIER_FROM,
    TIER_TO,
    TIER_WORTH,
    TIER_BECAUSE,
    TIER_TELL,
    TIER_AS_OF,
    TIER_EFFECTIVE,
    TIER_RENEWAL,
    TIER_GREW,
    TIER_SINCE,
    TIER_USERS,
    TIER_ADOPTION,
    TIER_TICKETS,
    TIER_CHAMPION,
    TIER_NO_CHAMPION,
    TIER_TALKS,
    TIER_TALKS_NOW,
    TIER_REVIEWS,
    TIER_TOUCH,
    TIER_TOUCH_NOW,
    TIER_SUPPORT,
    TIER_SUPPORT_NOW,
    TIER_SUPPORT_CHANGES,
    TIER_BY_MAIL,
    TIER_FIELDS
} tier_field;
typedef enum tier_day {
    TIER_DAY_DECIDE,
    TIER_DAY_ANNOUNCE,
    TIER_DAY_TELL,
    TIER_DAY_EFFECTIVE,
    TIER_DAY_FIRST_MONTH,
    TIER_DAY_FIRST_QUARTER,
    TIER_DAYS
} tier_day;

typedef enum growth_field {
    GROWTH_ACCOUNT,
    GROWTH_CSM,
    GROWTH_SIGN,
    GROWTH_FACT,
    GROWTH_PERCENT,
    GROWTH_ROOM,
    GROWTH_PEOPLE,
    GROWTH_DEPARTMENT,
    GROWTH_SINCE,
    GROWTH_CHAMPION,
    GROWTH_NO_CHAMPION,
    GROWTH_RENEWAL,
    GROWTH_PRODUCT,
    GROWTH_AS_OF,
    GROWTH_USERS,
    GROWTH_FILLED,
    GROWTH_GREW,
    GROWTH_LIKED,
    GROWTH_FIELDS
} growth_field;
typedef enum growth_day { GROWTH_DAY_START, GROWTH_DAYS } growth_day;

typedef enum talk_field {
    TALK_TICKET_THEME,
    TALK_TICKET_OPENED,
    TALK_CHAMPION_LEFT,
    TALK_LOW_SCORE,
    TALK_LOW_SCORE_ON,
    TALK_USE_FELL,
    TALK_FELL_MOST,
    TALK_RENEWAL,
    TALK_HIGH_SCORE,
    TALK_HIGH_SCORE_ON,
    TALK_SILENT_FOR,
    TALK_MOST_USED,
    TALK_FIELDS
} talk_field;

typedef enum message_field {
    MESSAGE_PRODUCT,
    MESSAGE_COMPANY,
    MESSAGE_PAIN,
    MESSAGE_PRAISE,
    MESSAGE_FEATURE,
    MESSAGE_MISSING_FEATURE,
    MESSAGE_ADOPTION,
    MESSAGE_SEATS_FILLED,
    MESSAGE_FIELDS
} message_field;

const template_form *paper_form(paper_kind k);

/* A paper ready to be filled: the model's own parts before the shipped ones. Borrows from the
 * model; what is shipped is read into `a`. STRATA_E_NOMEM. */
typedef struct paper {
    const template_form *form;
    const template_text *own; /* NULL: none */
    template_text shipped;
} paper;
STRATA_MUST_CHECK strata_status paper_open(const model *m, paper_kind k, arena *a, paper *out,
                                           strata_error *err);
/* The first of `business.products`; *out NULL: the model names none. False: memory ran out. */
bool paper_product(const model *m, arena *a, const char **out);
/* Every part of a paper is shipped, those with a key too where a key is known; NULL: neither has
 * one of that key. */
const template_part *paper_part(const paper *p, const char *part, const char *key);

#endif
