/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/territory/columns.h"

strata_status territory_columns_new(size_t n, arena *a, territory_columns *out, strata_error *err)
{
    territory_columns x = {.load = ARENA_NEW(a, n + 1, int64_t),
                           .value = ARENA_NEW(a, n + 1, int64_t),
                           .price = ARENA_NEW(a, n + 1, int64_t),
                           .home = ARENA_NEW(a, n + 1, int32_t),
                           .kind = ARENA_NEW(a, n + 1, int32_t),
                           .locked = ARENA_NEW(a, n + 1, bool),
                           .of = ARENA_NEW(a, n + 1, size_t)};
    if (!x.load || !x.value || !x.price || !x.home || !x.kind || !x.locked || !x.of) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", n);
    }
    *out = x;
    return STRATA_OK;
}

void territory_columns_give(const territory_columns *x, size_t n, territory_problem *p)
{
    p->n = n;
    p->load = x->load;
    p->value = x->value;
    p->price = x->price;
    p->home = x->home;
    p->kind = x->kind;
    p->locked = x->locked;
}
