/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_TERRITORIES_PARTS_H
#define STRATA_REPORT_TERRITORIES_PARTS_H

/* What the parts of report_territories() share. */

#include "report/report.h"
#include "report/territories/territories.h"

/* 0 of nothing. */
double territories_share(int64_t part, int64_t whole);
double territories_hours(int64_t minutes);
/* "1,234 h". */
words territories_hours_words(int64_t minutes);
const char *territories_value_name(const view *v);

/* books.c: load, accounts, value, renewals and risk of each book, before and after. */
STRATA_MUST_CHECK strata_status territories_books(doc_section *s, const territories_input *in,
                                                  strata_error *err);
/* moves.c: who moves and why; what fewer moves would give. STRATA_E_NOMEM. */
STRATA_MUST_CHECK strata_status territories_moves(document *d, doc_section *parent,
                                                  const territories_input *in, strata_error *err);
STRATA_MUST_CHECK strata_status territories_frontier(document *d, doc_section *parent,
                                                     const territories_input *in,
                                                     strata_error *err);

#endif
