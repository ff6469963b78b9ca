/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_STRBUF_H
#define STRATA_BASE_STRBUF_H

/* Growable text with a ceiling. Errors stick: append freely, then ask
 * strbuf_status() once. */

#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

#include "base/auto.h"

typedef struct strbuf {
    char *text; /* NUL-terminated once anything was appended, else NULL */
    size_t len, cap, limit;
    strata_status failed; /* STRATA_OK while all went well */
} strbuf;

enum { STRBUF_DEFAULT_LIMIT = 1 << 30 };

/* Starts empty; `limit` is the most bytes it may hold, 0 for STRBUF_DEFAULT_LIMIT. */
void strbuf_init(strbuf *b, size_t limit);
void strbuf_done(strbuf *b);
#define STRBUF_AUTO STRATA_CLEANUP(strbuf_done)

void strbuf_add(strbuf *b, const char *text);
void strbuf_add_n(strbuf *b, const char *bytes, size_t len);
void strbuf_add_char(strbuf *b, char c);
void strbuf_repeat(strbuf *b, char c, size_t n);
void strbuf_printf(strbuf *b, const char *fmt, ...) STRATA_PRINTF(2, 3);
void strbuf_clear(strbuf *b);             /* empty again, memory kept, failure forgotten */
const char *strbuf_text(const strbuf *b); /* "" when empty; valid until the next append */
STRATA_MUST_CHECK strata_status strbuf_status(const strbuf *b, strata_error *err);

#endif
