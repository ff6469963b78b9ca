/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_DOCUMENT_TEXT_H
#define STRATA_DOCUMENT_TEXT_H

/* Text that enters a document. */

#include <stdarg.h>

#include "document/document.h"

/* Bytes of the UTF-8 sequence that begins at s, 0 when it is none (overlong
 * forms, surrogates and anything beyond U+10FFFF are none). */
size_t utf8_sequence(const char *s);

/* A copy in the document's arena in which each byte outside a valid sequence is
 * U+FFFD; NULL for NULL, and when memory ran out (the document has failed then). */
const char *text_copy(document *d, const char *s);
/* The same for a format; NULL when the document has failed. */
const char *text_format(document *d, const char *fmt, va_list args) STRATA_PRINTF(2, 0);

/* Notes that memory ran out: the document can no longer be rendered. */
void document_fail(document *d);

#endif
