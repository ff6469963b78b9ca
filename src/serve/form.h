/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_FORM_H
#define STRATA_SERVE_FORM_H

/* Forms of answers: what a client can ask for with Accept. */

#include <stdbool.h>

#include "render/render.h"

typedef struct answer_form {
    render_format format;
    const char *type;   /* "application/json"; static text */
    const char *ending; /* of a file in it: "json"; static text */
} answer_form;

/* What the Accept header wants most, of a document or (`file`) of a table as a file; false when
 * there is nothing of it. */
bool form_find(const char *accept, bool file, answer_form *out);
/* That of a file by its ending, "parquet"; false, and nothing set, for others. */
bool form_of_ending(const char *ending, answer_form *out);
/* The type of a file by the ending of its name; "application/octet-stream" for others. */
const char *form_type_of(const char *name);

#endif
