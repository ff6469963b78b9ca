/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEMPLATE_SCAN_H
#define STRATA_TEMPLATE_SCAN_H

/* From text to pieces, character by character. Private to src/template. */

#include "template/template.h"

typedef struct scan {
    arena *a;
    const template_form *form;
    const char *what;     /* "part 'customer'", "message to 'Champions'"; for messages */
    template_place place; /* of `at` */
    bool fixed;           /* the place stays what it is */
    const char *at, *end;
} scan;

/* Goes one byte on, and the place with it. */
void scan_step(scan *s);
/* "file:line:column: ", then the message: a STRATA_E_MODEL failure. */
#define scan_fail(err, place, ...)                                                                 \
    (strata_error_set((err), STRATA_E_MODEL, __VA_ARGS__), scan_place_failure((err), (place)))
strata_status scan_place_failure(strata_error *err, template_place place);

/* Pieces up to `stop` (not eaten) or the end: line ends and runs of blanks are one blank. */
STRATA_MUST_CHECK strata_status scan_cell(scan *s, char stop, template_cell *out,
                                          strata_error *err);

#endif
