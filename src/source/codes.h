/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_CODES_H
#define STRATA_SOURCE_CODES_H

/* Final codes: the numbers of a dictionary come from the order of arrival, which is chance;
 * ledgers hold the place of a name among all names. */

#include "base/context.h"
#include "source/dict.h"

typedef struct code_order {
    size_t n;
    int32_t *code;  /* by final code */
    int32_t *final; /* by code */
} code_order;

/* Orders the names of a dictionary bytewise. *out must be zero; code_order_done() frees what it
 * holds, also after a failure. STRATA_E_NOMEM, STRATA_E_CANCELLED. */
STRATA_MUST_CHECK strata_status code_order_make(const context *cx, const dict *d, code_order *out,
                                                strata_error *err);
void code_order_done(code_order *o);

#endif
