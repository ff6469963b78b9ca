/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_TIER_CHANGE_PARTS_H
#define STRATA_REPORT_TIER_CHANGE_PARTS_H

/* What the files of report/tier_change/tier_change.h share. Private to them. */

#include "report/paper.h"
#include "report/report.h"
#include "report/tier_change/tier_change.h"

/* "" for NULL. */
const char *tier_text(const char *text);
/* A text in the arena, "" when memory ran out, which shows in the next builder. */
#define TIER_SAY(in, ...) tier_text(arena_printf((in)->a, __VA_ARGS__))

const char *tier_name(const tier_papers_input *in);
const char *tier_segment(const tier_papers_input *in, size_t segment);
double tier_fact(const tier_papers_input *in, size_t slot); /* NaN: not known */

/* "every week" and the like; NULL where nothing is planned. */
const char *tier_rhythm(const tier_papers_input *in, int days);
/* The fields of the papers `tier-up` and `tier-down`, by tier_field. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status tier_fill(const tier_papers_input *in, const char **values,
                                          strata_error *err);

STRATA_MUST_CHECK strata_status tier_put_facts(document *d, doc_section *parent,
                                               const tier_papers_input *in, const filled_paper *f,
                                               strata_error *err);

#endif
