/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_TEXT_ENCODING_H
#define STRATA_SOURCE_TEXT_ENCODING_H

/* Text as files hold it, to UTF-8. */

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "store/column.h"

/* Is it one this program reads: utf-8, latin-1, windows-1252? NULL is utf-8. */
bool encoding_is_known(const char *name);
/* UTF-8 is checked, others are converted into `a`. False with *why otherwise; also for a NUL. */
bool encoding_to_utf8(const char *name, text_view in, arena *a, text_view *out, const char **why);
/* The bytes of `text` up to `most` that do not cut a character; 0 when they are not UTF-8. */
size_t encoding_cut(text_view text, size_t most);

#endif
