/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_NOTICES_H
#define STRATA_SERVE_NOTICES_H

/* What is said beside an answer, as the header Strata-Notice has it: sentences, percent-encoded,
 * with commas between. A header may be only so long: what no longer fits is counted, and the last
 * sentence says how many those are. */

#include "base/strbuf.h"

enum { NOTICES_HEADER_BYTES = 4096 };

typedef struct notices {
    strbuf text;
    size_t left_out;
} notices;

void notices_init(notices *n);
void notices_done(notices *n);
void notices_add(notices *n, const char *sentence);
/* Ones that were kept with an answer: instead of what is there. */
void notices_put_kept(notices *n, const char *header);
/* The whole of it; valid until something is added. NULL: nothing was said, or memory ran out. */
const char *notices_header(notices *n);

#endif
