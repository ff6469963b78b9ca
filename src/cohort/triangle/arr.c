/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/triangle/change.h"

triangle_sums triangle_sums_of(const change *state, const change *before, const change *c)
{
    return (triangle_sums){.accounts = state->entered,
                           .active = state->active,
                           .base = state->base,
                           .amount = state->amount,
                           .kept = state->kept,
                           .before = before->active,
                           .before_amount = before->amount,
                           .stayed = before->active - c->lost,
                           .stayed_amount = state->amount - c->won,
                           .stayed_kept = before->amount - c->dropped};
}

void triangle_mend_first(triangle_sums *s)
{
    s->before = s->accounts;
    s->before_amount = s->base;
    s->stayed = s->active;
    s->stayed_amount = s->amount;
    s->stayed_kept = s->kept;
}

strata_status triangle_arr(const context *cx, arena *a, const triangle_input *in, triangle **out,
                           strata_error *err)
{
    triangle *t = NULL;
    STRATA_TRY(triangle_new(a, in, &t, err));
    if (t->n_ages > 0 && t->n_groups > 0) {
        STRATA_TRY(triangle_clock_shared(in) ? triangle_fill_shared(cx, in, t, err)
                                             : triangle_fill_own(cx, in, t, err));
    }
    *out = t;
    return STRATA_OK;
}
