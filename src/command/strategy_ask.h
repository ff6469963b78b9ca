/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_STRATEGY_ASK_H
#define STRATA_COMMAND_STRATEGY_ASK_H

/* What documents on strategy read: a study of the portfolio, and where the model and the data
 * allow it, how segments are looked after, what that takes, and how well it fits. */

#include "command/look.h"
#include "plan/offer.h"
#include "plan/split.h"

typedef struct strategy {
    csm_list csms;
    const char *no_work; /* why there is no engagement: the message of its failure; NULL: there is,
                            and all that follows is filled */
    engagement engagement;
    workload work;
    capacity capacity;
    stakes stakes;
    coverage coverage;
    touch_effect effect;
    const split *split; /* NULL: no effect, no stakes or no hours */
} strategy;

/* The look has its dates; its view and study are made here. */
STRATA_MUST_CHECK strata_status strategy_open(look *l, strategy *out, strata_error *err);

enum { OFFER_MONTHS = 12, OFFER_MONTHS_MOST = 60 };
/* The matrix of l->def from what was said in so many months. After strategy_open(). */
STRATA_MUST_CHECK strata_status offer_ask(look *l, const strategy *s, int months, const profile *p,
                                          offer *out, strata_error *err);

#endif
