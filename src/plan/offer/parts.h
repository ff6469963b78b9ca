/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_OFFER_PARTS_H
#define STRATA_PLAN_OFFER_PARTS_H

/* Inside the offer: what its columns share. */

#include "analysis/make_figure.h"
#include "analysis/read.h"
#include "base/vec.h"
#include "plan/offer/offer.h"

typedef struct offer_builder {
    const offer_input *in;
    arena *a;
    const study *s;
    const segment_code *codes;
    const bound_def *def;
    const char *dimension;     /* its name in rules */
    const char *value_feature; /* "arr" or "spend_365d"; NULL without values */
    const double *users, *events, *seats, *features; /* by account; NULL without */
    uint8_t *verdict;                                /* scratch, by account */
    uint32_t *list;                                  /* scratch, by account */
    double *sorted;                                  /* scratch, by account */
    const uint8_t *without; /* [segment * accounts]: active, and not using the feature that
                               leans names first; NULL: there is none */
} offer_builder;

typedef VEC(offer_line) offer_lines;

/* Adds the line with the accounts for which verdict[i] is RULE_YES; nothing when there are none. */
STRATA_MUST_CHECK strata_status offer_add(const offer_builder *x, const offer_line *line,
                                          offer_lines *out, strata_error *err);
/* The same with the accounts that line->where lists. */
STRATA_MUST_CHECK strata_status offer_add_where(const offer_builder *x, const offer_line *line,
                                                offer_lines *out, strata_error *err);
/* `segment = "Growth"` or `segment = "Growth" and ...`; NULL when memory ran out. */
const char *offer_where(const offer_builder *x, const bound_def *def, segment_code code,
                        const char *more);
STRATA_MUST_CHECK strata_status offer_no_memory(strata_error *err);
/* Known values of the members of a segment that are worth something, ascending in x->sorted;
 * how many. */
size_t offer_sorted(const offer_builder *x, segment_code code, const double *values);

typedef strata_status offer_part(const offer_builder *x, const offer_segment *g, offer_lines *out,
                                 const char **why, strata_error *err);
offer_part offer_message, offer_product, offer_service, offer_pricing;

#endif
