/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/work/model_work.h"

/* What keeps a model from having hours or plays is told, not failed with. */
static strata_status tell(strata_status st, const strata_error *why, arena *a, const char **out,
                          strata_error *err)
{
    if (st == STRATA_E_MODEL || st == STRATA_E_DATA) {
        *out = arena_strdup(a, why->message);
        return *out != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    return st == STRATA_OK ? STRATA_OK : strata_fail(err, st, "%s", why->message);
}

void model_work_done(model_work *m)
{
    view_free(m->view);
    m->view = NULL;
}

strata_status model_work_make(const context *cx, const model_side *side, day as_of, arena *a,
                              model_work *out, strata_error *err)
{
    const size_t *slots = NULL;
    size_t n = 0;
    strata_error why = {0};
    STRATA_TRY(workload_slots(side->p, a, &slots, &n, err));
    const view_options options = {
        .as_of = as_of, .since = DAY_MISSING, .keep = slots, .n_keep = n, .watch = SIZE_MAX};
    STRATA_TRY(view_new(cx, side->p, side->b, side->overrides, &options, &out->view, err));
    strata_status st = engagement_resolve(out->view, side->csms, a, &out->e, &why);
    st = st == STRATA_OK ? workload_compute(out->view, &out->e, side->csms, a, &out->w, &why) : st;
    return tell(st, &why, a, &out->why, err);
}

strata_status model_plays_follow(const context *cx, const model_side *side, day as_of, arena *a,
                                 model_plays *out, strata_error *err)
{
    strata_error why = {0};
    strata_status st = playbooks_load(side->b->model, a, &out->list, &why);
    st = st == STRATA_OK ? playbooks_bind(&out->list, side->b, a, &out->books, &why) : st;
    STRATA_TRY(tell(st, &why, a, &out->why, err));
    const plays_scope scope = {side->p, side->b, side->overrides, as_of, SIZE_MAX};
    return out->why != NULL ? STRATA_OK
                            : plays_follow(cx, &scope, &out->books, a, &out->plays, err);
}

work_shift model_work_shift(const model_work *before, const model_work *after, int32_t csm)
{
    work_shift x = {0};
    for (size_t i = 0; i < after->w.n; i++) {
        int64_t change = (int64_t)after->w.total[i] - before->w.total[i];
        if (change == 0 || (csm != WORK_OF_ALL && after->w.csm[i] != csm)) {
            continue;
        }
        int64_t value = view_value_minor(after->view, i);
        x.n_more += change > 0;
        x.n_less += change < 0;
        x.more += change > 0 ? change : 0;
        x.less += change < 0 ? -change : 0;
        x.value_more += change > 0 ? value : 0;
        x.value_less += change < 0 ? value : 0;
    }
    return x;
}
