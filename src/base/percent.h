/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_PERCENT_H
#define STRATA_BASE_PERCENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

/* Undoes percent-encoding (RFC 3986), and '+' for a space where forms have it. `out` takes len + 1
 * bytes, *n of them and a NUL are written; the bytes may be anything, NUL too. False: a '%' without
 * two hexadecimal digits. */
bool percent_decode(const char *s, size_t len, bool plus_is_space, char *out, size_t *n);

/* Appends text with everything percent-encoded that is no letter, digit or one of "-._~" or of
 * `also`. */
void percent_encode(strbuf *out, const char *text, const char *also);

#endif
