/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_MIGRATION_PARTS_H
#define STRATA_REPORT_MIGRATION_PARTS_H

/* The sections of report/migration/migration.h, one file each. Private to them. */

#include "document/chart.h"
#include "report/migration/migration.h"
#include "report/report.h"

/* A text in the input's arena; "" when memory ran out, which shows in the next builder. */
const char *migration_text(const char *text);
#define SAY(in, ...) migration_text(arena_printf((in)->a, __VA_ARGS__))

/* "Growth"; "not a customer" for what is nowhere. */
const char *migration_segment(const migration_input *in, size_t segment);
/* Are there an order and rules, so that there can be candidates? */
bool migration_has_rules(const migration_input *in);
chart_theme migration_theme(const migration_input *in);
/* Names of the exceptions whose bits are set, "renewal near, health falling"; "" for none. In the
 * arena; "" when memory ran out. */
const char *migration_held_names(const migration_input *in, uint32_t held);
/* What they saw of the candidate, "Time to renewal is 63 days"; likewise. */
const char *migration_held_said(const migration_input *in, const migration_candidate *c);

void migration_put_candidates(document *d, doc_section *parent, const migration_input *in);
STRATA_MUST_CHECK strata_status migration_put_moves(document *d, doc_section *parent,
                                                    const migration_input *in, strata_error *err);
STRATA_MUST_CHECK strata_status migration_put_forecast(document *d, doc_section *parent,
                                                       const migration_input *in,
                                                       strata_error *err);
void migration_put_goals(document *d, doc_section *parent, const migration_input *in);
void migration_put_pathways(document *d, doc_section *parent, const migration_input *in);
void migration_put_stays(document *d, doc_section *parent, const migration_input *in);
void migration_put_method(document *d, doc_section *parent, const migration_input *in);

#endif
