/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/coverage/held_back.h"

#include "base/auto.h"
#include "plan/migration/rules.h"

strata_status held_back_at(const rule_frames *f, const bound_model *b, arena *a,
                           const uint32_t **out, strata_error *err)
{
    uint32_t *held = ARENA_NEW(a, f->n_accounts + 1, uint32_t);
    if (held == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for exceptions");
    }
    for (size_t k = 0; k < b->model->tier_change.n_exceptions; k++) {
        const uint8_t *verdicts = NULL;
        STRATA_TRY(rule_frames_judge(f, b->migration.exceptions[k], a, &verdicts, err));
        for (size_t i = 0; i < f->n_accounts; i++) {
            held[i] |= verdicts[i] == RULE_YES ? 1U << k : 0U;
        }
    }
    *out = held;
    return STRATA_OK;
}

strata_status held_back_now(const context *cx, const view *v, arena *a, const uint32_t **out,
                            strata_error *err)
{
    STRATA_CLEANUP(rule_frames_done) rule_frames frames = {0};
    STRATA_TRY(rule_frames_at(cx, v, v->as_of, a, &frames, err));
    return held_back_at(&frames, v->b, a, out, err);
}

void held_back_names(const model *m, uint32_t held, strbuf *out)
{
    const model_tier_change *t = &m->tier_change;
    const char *between = "";
    for (size_t k = 0; k < t->n_exceptions; k++) {
        if ((held >> k & 1U) != 0) {
            strbuf_printf(out, "%s%s", between, t->exceptions[k].name);
            between = ", ";
        }
    }
}
