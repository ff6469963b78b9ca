/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_INLINE_H
#define STRATA_RENDER_INLINE_H

/* The inline Markdown of document texts, cut into pieces: **bold**, *emphasis*,
 * `code`, [text](https://...), a backslash before a mark (in code too, so that
 * data escaped by document_escape() may stand there). Everything else, raw
 * HTML and block marks among it, is plain text.
 *
 * Not cmark: that ends the process when memory runs out, and reads "1. " or
 * "# " at the start of a sentence as a list or a heading. */

#include <stdbool.h>
#include <stddef.h>

typedef struct inline_piece {
    const char *text; /* into the source, not NUL-terminated */
    size_t len;
    bool bold, emphasis, code;
    const char *href; /* link target into the source; NULL outside a link */
    size_t href_len;
} inline_piece;

/* Reads a text from its start: `inline_reader r = {.at = text}`. */
typedef struct inline_reader {
    const char *at;
    bool bold, emphasis, code;
    const char *href, *link_end; /* inside a link until link_end */
    size_t href_len;
} inline_reader;

/* The next piece; false at the end of the text. Pieces join up to the whole text without its marks.
 */
bool inline_next(inline_reader *r, inline_piece *out);

#endif
