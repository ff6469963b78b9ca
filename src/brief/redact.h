/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BRIEF_REDACT_H
#define STRATA_BRIEF_REDACT_H

/* What a customer wrote, without what says who wrote it: the words of the text in small letters,
 * with "..." for names, addresses and numbers as persona/names.h and persona/text.h find them. */

#include "base/arena.h"
#include "persona/names.h"

enum { REDACTED_WORDS = 40 }; /* what comes behind is cut, with "..." */

/* "setup was quick, and it simply works"; NULL when fewer than two words are left. In `a`. */
STRATA_MUST_CHECK strata_status redact_text(hidden_names *h, size_t account, const char *text,
                                            size_t len, arena *a, const char **out,
                                            strata_error *err);
/* A theme, a title or another label as written; NULL when any part of it is hidden. In `a`. */
STRATA_MUST_CHECK strata_status redact_label(hidden_names *h, size_t account, const char *text,
                                             size_t len, arena *a, const char **out,
                                             strata_error *err);

#endif
