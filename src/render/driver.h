/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_DRIVER_H
#define STRATA_RENDER_DRIVER_H

/* The renderers behind render_document(). Each appends to `out`, whose errors
 * stick; the dispatcher asks for them once. */

#include "document/tree.h"
#include "render/render.h"

void render_terminal(const document *d, const render_options *options, strbuf *out);
void render_json(const document *d, const render_options *options, strbuf *out);
void render_csv(const document *d, const render_options *options, strbuf *out);
void render_markdown(const document *d, const render_options *options, strbuf *out);
void render_html(const document *d, const render_options *options, strbuf *out);
/* Appends the bytes of a workbook. The only one that writes a file on the way (in options->scratch,
 * gone afterwards): STRATA_E_IO; STRATA_E_DATA for a table of more rows than a sheet holds. */
STRATA_MUST_CHECK strata_status render_xlsx(const document *d, const render_options *options,
                                            strbuf *out, strata_error *err);

#endif
