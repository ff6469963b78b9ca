/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_RETUNE_TEXT_H
#define STRATA_MODEL_RETUNE_TEXT_H

/* The text of a model file on its way to another one. Private to src/model. */

#include "base/vec.h"
#include "model/retune.h"

typedef struct retune_text {
    arena *a;
    const char *path;
    const char *before, *text; /* as it was, as it is now; in `a`, with a NUL behind it */
    size_t len;
    VEC(bool) taken; /* by line of `text`: it was not there before */
} retune_text;

/* STRATA_E_NOMEM, in words. */
strata_status retune_no_memory(strata_error *err);
/* The rule of a tier, or the edge of a band. */
const model_expr *retune_expr(const model_dimension *d, size_t at);

STRATA_MUST_CHECK strata_status retune_text_begin(retune_text *t, const char *text, size_t len,
                                                  strata_error *err);
void retune_text_done(retune_text *t);

/* Takes the tiers, cells or bands of a dimension over from the template that they come from,
 * changing nothing that they say. STRATA_E_MODEL where they are in another file, in several, or
 * where the file already says a part of it. */
STRATA_MUST_CHECK strata_status retune_take(retune_text *t, const model_dimension *d,
                                            strata_error *err);

/* What differs, line by line; the numbers are the only thing that changes within lines. */
STRATA_MUST_CHECK strata_status retune_lines(const retune_text *t, const retune_line **out,
                                             size_t *n, strata_error *err);

#endif
