/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_ORDER_H
#define STRATA_MODEL_ORDER_H

/* The definitions of a model, each after what it reads. */

#include "model/bind.h"

enum { MODEL_MAX_DEFINITIONS = 1000 };

typedef struct definition {
    def_kind kind;
    size_t index; /* into the model's array of that kind */
    const char *name;
    rule_place place;
    const model_expr **exprs; /* all that it reads; those without text left out */
    size_t n_exprs;
} definition;

/* In order of evaluation, otherwise features, bins, scores, dimensions as in
 * the file. STRATA_E_MODEL for a circle, which is named. In `a`. */
STRATA_MUST_CHECK strata_status model_order(const model *m, arena *a, definition **out, size_t *n,
                                            strata_error *err);

#endif
