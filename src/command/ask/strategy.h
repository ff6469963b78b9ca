/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_STRATEGY_H
#define STRATA_COMMAND_ASK_STRATEGY_H

/* What documents on strategy read: a study of the portfolio, and where the model and the data
 * allow it, how segments are looked after, what that takes, and how well it fits. */

#include "command/look.h"
#include "plan/coverage/transition.h"
#include "plan/offer/offer.h"
#include "plan/work/split.h"

typedef struct strategy {
    const view *view; /* that all of it is of */
    csm_list csms;
    const char *no_work; /* why there is no engagement: the message of its failure; NULL: there is,
                            and all that follows is filled */
    engagement engagement;
    workload work;
    capacity capacity;
    stakes stakes;
    coverage coverage;
    touch_effect effect, growth; /* of touch, on staying and on growth */
    const split *split;          /* NULL: no effect, no stakes or no hours */
} strategy;

/* The look has its dates; its view and study are made here. */
STRATA_MUST_CHECK strata_status strategy_open(look *l, strategy *out, strata_error *err);
/* The same beside a look that has its study, which stays as it is: profiles show all that a view
 * keeps. *own is the caller's to free. */
STRATA_MUST_CHECK strata_status strategy_beside(look *l, view **own, strategy *out,
                                                strata_error *err);

enum { OFFER_MONTHS = 12, OFFER_MONTHS_MOST = 60 };
/* The matrix of l->def from what was said in so many months. After strategy_open(). */
STRATA_MUST_CHECK strata_status offer_ask(look *l, const strategy *s, int months, const profile *p,
                                          offer *out, strata_error *err);
/* The books evened as `strata territories` does it when nothing else is said; after strategy_open()
 * with work. *out stays NULL and *why_not says so, when they cannot be. */
STRATA_MUST_CHECK strata_status books_ask(look *l, const strategy *s, territory_request *request,
                                          const territory **out, const char **why_not,
                                          strata_error *err);

#endif
