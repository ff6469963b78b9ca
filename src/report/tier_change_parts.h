/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_TIER_CHANGE_PARTS_H
#define STRATA_REPORT_TIER_CHANGE_PARTS_H

/* What the files of report/tier_change.h share. Private to them. */

#include "report/report.h"
#include "report/tier_change.h"

/* "" for NULL. */
const char *tier_text(const char *text);
/* A text in the arena, "" when memory ran out, which shows in the next builder. */
#define TIER_SAY(in, ...) tier_text(arena_printf((in)->a, __VA_ARGS__))

const char *tier_name(const tier_papers_input *in);
const char *tier_segment(const tier_papers_input *in, size_t segment);
double tier_fact(const tier_papers_input *in, size_t slot); /* NaN: not known */
const char *tier_csm(const tier_papers_input *in);          /* "the present manager" */

STRATA_MUST_CHECK strata_status tier_put_messages(document *d, doc_section *parent,
                                                  const tier_papers_input *in, strata_error *err);
STRATA_MUST_CHECK strata_status tier_put_brief(document *d, doc_section *parent,
                                               const tier_papers_input *in, strata_error *err);

#endif
