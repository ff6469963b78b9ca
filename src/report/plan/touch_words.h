/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_PLAN_TOUCH_WORDS_H
#define STRATA_REPORT_PLAN_TOUCH_WORDS_H

/* What touch does, in words: no more is claimed than was measured or is assumed. */

#include "document/document.h"
#include "plan/effect/touch_effect.h"
#include "report/words.h"

typedef struct touch_text {
    char text[4 * WORDS_TEXT];
} touch_text;

/* The head of a section on what more touch would bring: "The missing touch would keep $9.6k to
 * $38k a year", "No gain from the missing touch is to be seen: accounts with touch left more
 * often". `what` begins with a small letter. */
touch_text touch_title(const char *what, const touch_range *kept, const touch_range *grown,
                       const char *currency);
/* Where a range comes from, for a column of a table. */
const char *touch_source(const touch_effect *e);
/* What of an effect counts, and what was measured where that does not; `key` is the assumption's in
 * the model file, "engagement.effect". */
touch_text touch_counts(const touch_effect *e, const char *key);
/* Paragraphs: how much less often accounts with touch left, and how much more often they grew. */
void touch_put_measured(doc_section *s, const touch_effect *kept, const touch_effect *grown);

#endif
