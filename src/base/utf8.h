/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_UTF8_H
#define STRATA_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Well-formed UTF-8 as RFC 3629 has it: nothing overlong, no surrogates, up to U+10FFFF. */

/* Bytes of the character at `s`, of which `left`, at least one, are there; 0: none is well-formed
 * there. */
size_t utf8_length(const char *text, size_t left);
bool utf8_is_valid(const char *text, size_t len);
/* Every byte that is no part of a character becomes '?'. */
void utf8_mend(char *text);

#endif
