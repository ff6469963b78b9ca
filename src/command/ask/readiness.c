/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/readiness.h"

strata_status readiness_gaps(const call *c, const project *p, const readiness_gap **out, size_t *n,
                             strata_error *err)
{
    const bound_model *b = p->bound;
    readiness_gap *gaps = ARENA_NEW(c->arena, b->scope.n_symbols - b->n_base + 1, readiness_gap);
    if (gaps == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *n = 0;
    for (size_t slot = b->n_base; slot < b->scope.n_symbols; slot++) {
        const symbol *sym = &b->scope.symbols[slot];
        if (sym->missing_because != NULL) {
            gaps[(*n)++] = (readiness_gap){.name = sym->label != NULL ? sym->label : sym->name,
                                           .reason = sym->missing_because};
        }
    }
    *out = gaps;
    return STRATA_OK;
}
