/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_XLSX_TEXT_H
#define STRATA_RENDER_XLSX_TEXT_H

/* Texts as a workbook can hold them. Lengths are counted as Excel counts them: in
 * units of UTF-16, of which characters beyond U+FFFF take two. */

#include "base/strbuf.h"

enum {
    XLSX_CELL_UNITS = 32767, /* of one cell */
    XLSX_NAME_UNITS = 31     /* of the name of a sheet */
};

typedef struct xlsx_name {
    char text[XLSX_NAME_UNITS * 3 + 1];
} xlsx_name;

/* Appends a text for a cell: control characters and what is no character become U+FFFD, line breaks
 * "\n"; what Excel would read as the code of a character ("_x0041_") stays as written; what is
 * longer than a cell is cut and ends in an ellipsis. */
void xlsx_put_clean(strbuf *out, const char *text, size_t len);
/* The same for inline Markdown, without its marks; links with their target in parentheses. */
void xlsx_put_plain(strbuf *out, const char *markdown);

/* A name that a sheet can have, from any text: forbidden characters become blanks, apostrophes at
 * the ends leave, blanks are single; cut at a word where it is too long. "" when nothing is left.
 * Returns whether the text was short enough. */
bool xlsx_name_of(const char *text, xlsx_name *out);
/* Puts a number behind `name` until none of the n others is the same to Excel, which does not tell
 * large letters from small ones. */
void xlsx_name_make_unique(xlsx_name *name, const xlsx_name *others, size_t n);

#endif
