/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_EDIT_H
#define STRATA_SERVE_EDIT_H

/* A text for the model file that is looked at before anybody saves it. */

#include "serve/parts.h"

typedef struct edit_work {
    exchange *x;
    const char *text; /* of the model; the body at first */
    size_t text_len;
    json_t *errors, *warnings, *notes;
    bool wrong;
    command_work plan;
    char digest[DIGEST_TEXT]; /* of what was written */
} edit_work;

void edit_begin(edit_work *w, exchange *x);
void edit_done(edit_work *w);

/* strata.yaml as it is, with its digest; *text is the caller's to free. */
STRATA_MUST_CHECK strata_status edit_read_model(const exchange *x, char **text, size_t *len,
                                                char out[DIGEST_TEXT], strata_error *err);
/* The project with the text in place of strata.yaml; on the thread of `compute`. */
STRATA_MUST_CHECK strata_status edit_open(const edit_work *w, const context *cx, project **out,
                                          strata_error *err);
/* Fills the lists with what is wrong or doubtful about the text of the edit_work `payload`; fails
 * for what is no fault of the text only. On the thread of `compute`. */
STRATA_MUST_CHECK strata_status edit_check(void *payload, const context *cx, strata_error *err);
/* {ok, errors, warnings, notes} */
json_t *edit_findings(const edit_work *w);

#endif
