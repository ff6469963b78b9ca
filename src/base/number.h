/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_NUMBER_H
#define STRATA_BASE_NUMBER_H

/* Numbers as text, without locale. Every number a person sees is made here. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { NUMBER_TEXT = 48 }; /* room for any of the texts below, NUL included */

/* A plain decimal ("-12.5", "1e6") filling all `len` bytes, at most 63; no "nan", no "inf", no
 * spaces, nothing beyond the range of a double. `out` is untouched when it is none. */
bool number_parse(const char *text, size_t len, double *out);

/* Shortest text that reads back as the same double; "null" for NaN and infinities (JSON). */
void number_format_exact(double x, char out[NUMBER_TEXT]);
/* Fixed decimals (0..9) and thousands separators: 1234567.891, 1 -> "1,234,567.9"; "" for NaN and
 * infinities; from 1e24 on as "1.23e+24". */
void number_format(double x, int decimals, char out[NUMBER_TEXT]);
/* 0.308 -> "30.8", without the sign; "%" is the caller's, with a narrow no-break space or not. */
void number_format_share(double share, char out[NUMBER_TEXT]);
/* Money given in minor units. Short: "$1.24M", "$18.9k", "$950"; full: "$1,240,000.00".
 * `currency` is the ISO code; unknown ones are written as "1.24M XYZ". */
void number_format_money_short(int64_t minor, const char *currency, char out[NUMBER_TEXT]);
void number_format_money_full(int64_t minor, const char *currency, char out[NUMBER_TEXT]);

#endif
