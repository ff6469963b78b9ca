/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PERSONA_ANTI_PARTS_H
#define STRATA_PERSONA_ANTI_PARTS_H

/* Inside the search for anti-personas: the accounts searched, and conditions over them. */

#include "base/strbuf.h"
#include "base/vec.h"
#include "persona/anti.h"

/* One value under or over an edge, a flag that is so or not, or an attribute's level. */
typedef struct anti_condition {
    size_t slot;
    int32_t level; /* of a text; -1: a number or a flag */
    bool at_least; /* value >= edge, else value < edge */
    double edge;
    size_t index; /* into the columns searched */
    double p_search;
} anti_condition;

typedef struct anti_search {
    const study *s;
    size_t n;           /* accounts searched */
    uint32_t *accounts; /* ascending */
    uint8_t *kept, *half;
    VEC(double *) columns;  /* each n values */
    VEC(anti_condition) of; /* what each column is about; edges are not set yet */
    size_t least;           /* accounts that a rule must have in the finding half */
} anti_search;

void anti_search_done(anti_search *x);
/* Accounts with an outcome, and a column for every value known a year ago and every level. */
STRATA_MUST_CHECK strata_status anti_search_fill(const study *s, anti_search *out,
                                                 strata_error *err);
/* `adoption < 25%`, `plan = "Starter"`; the edge is the shortest number that parts the same
 * accounts. */
void anti_condition_print(const anti_search *x, const anti_condition *c, strbuf *out);
/* holds[i] of the accounts searched: RULE_YES, RULE_NO, RULE_UNKNOWN. */
void anti_condition_holds(const anti_search *x, const anti_condition *c, uint8_t *holds);

#endif
