/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_READ_H
#define STRATA_ANALYSIS_READ_H

/* Inside the analyses: what a study holds, by name, and rules over it. */

#include <strata/error.h>

#include "analysis/study.h"
#include "rule/rule.h"

/* Slot of a name whose values are there now; SIZE_MAX when it is unknown, has no data or was not
 * kept. */
size_t study_slot(const study *s, const char *name);
/* Values by account, NaN missing; NULL when they are not there or are text. */
const double *study_numbers(const study *s, const char *name);
/* Whether study_slot() finds it. */
bool study_has(const study *s, const char *name);
const symbol *study_symbol(const study *s, size_t slot);
const char *study_label(const study *s, size_t slot); /* the name where there is no label */

/* Values by account at the as-of date, and as of a year ago; both pointers NULL when not there. */
column study_column(const study *s, size_t slot);
column study_column_year_ago(const study *s, size_t slot);

/* Verdicts of a condition as of the view's date, RULE_ per account; `out` has s->n. Rules that look
 * back are unknown for everybody. */
STRATA_MUST_CHECK strata_status study_condition(const study *s, const rule *r, uint8_t *out,
                                                strata_error *err);
STRATA_MUST_CHECK strata_status study_value(const study *s, const rule *r, double *out,
                                            strata_error *err);
/* The same of a text; STRATA_E_MODEL when it does not compile. */
STRATA_MUST_CHECK strata_status study_condition_text(const study *s, const char *text, uint8_t *out,
                                                     strata_error *err);
/* The first thing that a rule reads and that has no data ("needs usage"); NULL when all is there.
 */
const char *study_lacks(const study *s, const rule *r);

/* read[slot] = 1 for what the definition's rules read, directly or through other definitions, and
 * for the definition itself. */
void mark_read_slots(const bound_model *b, const bound_def *def, uint8_t *read);

#endif
