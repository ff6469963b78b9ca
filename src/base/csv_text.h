/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_CSV_TEXT_H
#define STRATA_BASE_CSV_TEXT_H

/* Texts as fields of CSV, for everything that writes it. */

#include <stdbool.h>
#include <stddef.h>

#include "base/strbuf.h"

typedef enum csv_reader {
    CSV_FOR_PEOPLE, /* may end up in a spreadsheet, which would run some texts as formulas: those
                       get an apostrophe in front; docs/json.md */
    CSV_FOR_STRATA  /* is read back: exactly the text */
} csv_reader;

/* Whether a spreadsheet would take the text for a formula. */
bool csv_is_formula(const char *text, size_t len);
/* Appends a field as RFC 4180 has it: quoted when it holds a quote, a comma or a line break, or
 * blanks at its ends. */
void csv_put_text(strbuf *out, const char *text, size_t len, csv_reader reader);

#endif
