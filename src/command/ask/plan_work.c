/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/plan_work.h"

void plan_work_ask_done(plan_work_ask *w)
{
    model_work_done(&w->before);
    model_work_done(&w->after);
}

static strata_status load_csms(call *c, const project *p, csm_list *out, strata_error *err)
{
    STRATA_AUTO(store_disconnect) store_conn *conn = NULL;
    STRATA_TRY(store_connect(p->store, &c->cx, &conn, err));
    return csms_load(conn, c->arena, out, err);
}

static strata_status minutes_at(call *c, const model_side *side, day d, int64_t *out,
                                strata_error *err)
{
    STRATA_CLEANUP(model_work_done) model_work m = {0};
    STRATA_TRY(model_work_make(&c->cx, side, d, c->arena, &m, err));
    *out = m.why == NULL ? m.w.total_minutes : -1;
    return STRATA_OK;
}

static strata_status replay(call *c, const model_side *before, const model_side *after, day as_of,
                            plan_work_ask *w, strata_error *err)
{
    enum { QUARTER = 3 };
    day at = as_of;
    for (size_t i = PLAN_REPLAYS; i-- > 0;) {
        plan_replay *q = &w->input.quarters[i];
        for (size_t m = 0; m < QUARTER; m++) {
            at = day_month_start(at) - 1;
        }
        q->day = at;
        STRATA_TRY(minutes_at(c, before, at, &q->before, err));
        STRATA_TRY(minutes_at(c, after, at, &q->after, err));
    }
    STRATA_TRY(model_plays_follow(&c->cx, before, as_of, c->arena, &w->plays_before, err));
    return model_plays_follow(&c->cx, after, as_of, c->arena, &w->plays_after, err);
}

strata_status plan_work_ask_open(call *c, const plan_work_request *r, plan_work_ask *w,
                                 strata_error *err)
{
    const portfolio *p = r->p->portfolio;
    STRATA_TRY(load_csms(c, r->p, &w->csms, err));
    const model_side before = {p, r->before, r->pins_before, &w->csms};
    const model_side after = {p, r->after, r->pins_after, &w->csms};
    STRATA_TRY(model_work_make(&c->cx, &before, r->as_of, c->arena, &w->before, err));
    STRATA_TRY(model_work_make(&c->cx, &after, r->as_of, c->arena, &w->after, err));
    if (r->replay) {
        STRATA_TRY(replay(c, &before, &after, r->as_of, w, err));
    }
    w->input.p = p;
    w->input.csms = &w->csms;
    w->input.currency = p->currency;
    w->input.before = &w->before;
    w->input.after = &w->after;
    w->input.replayed = r->replay;
    w->input.plays_before = &w->plays_before;
    w->input.plays_after = &w->plays_after;
    return STRATA_OK;
}
