/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_STORE_UTF8_H
#define STRATA_STORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Well-formed UTF-8 as RFC 3629 has it: nothing overlong, no surrogates, up to U+10FFFF.
 * DuckDB takes text unchecked from an appender and trusts it later. */
bool utf8_is_valid(const char *text, size_t len);

#endif
