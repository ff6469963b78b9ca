/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PERSONA_PERSONAS_H
#define STRATA_REPORT_PERSONA_PERSONAS_H

/* Personas as documents: all in a table, one in full, the book of all. Statements carry their count
 * and what they are compared with; what too few accounts bear is named as such. */

#include <strata/error.h>

#include "base/strbuf.h"
#include "document/document.h"
#include "persona/persona.h"

/* "Champions: 412 accounts, 30.8 % of ARR, mostly champion-led". */
void report_personas_title(strbuf *out, const personas *p);
void report_persona_title(strbuf *out, const personas *p, const segment_profile *s);
/* Every persona in a row with its portrait, the map of roles, and the anti-personas. */
STRATA_MUST_CHECK strata_status report_personas(document *d, const personas *p, strata_error *err);
/* One persona in full; with parent NULL it is all the document says, and begins with its row. */
STRATA_MUST_CHECK strata_status report_persona(document *d, doc_section *parent, const personas *p,
                                               const segment_profile *s, strata_error *err);
/* The book: a page for each, anti-personas, the gaps in the buying committee by account (so many at
 * most), and how it was computed. */
STRATA_MUST_CHECK strata_status report_persona_book(document *d, const personas *p, size_t most,
                                                    strata_error *err);

#endif
