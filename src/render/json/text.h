/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_JSON_TEXT_H
#define STRATA_RENDER_JSON_TEXT_H

#include <jansson.h>

#include "base/strbuf.h"
#include "document/document.h"

/* Appends a JSON string with its quotes; NULL becomes null. "<" is written as
 * \u003c, so that the text can stand inside a script element. */
void json_put_string(strbuf *out, const char *text);
/* Appends a value, keys sorted, "<" in strings as \u003c. */
void json_put_value(strbuf *out, const json_t *value);

/* Appends the raw value of a cell, as docs/json.md has it. */
void json_put_cell(strbuf *out, const doc_cell *cell);

#endif
