/* SPDX-License-Identifier: Apache-2.0 */
#include "command/ask/territories.h"

#include <math.h>
#include <string.h>

#include "rule/rule.h"

/* Assumptions unless options say otherwise. */
static const double WITHIN = 0.05;
enum { HANDOVER_HOURS = 2, RENEWAL_LOCK = 90 };

void territories_usual(const look *l, territory_request *r)
{
    bool has = portfolio_slot(l->project->portfolio, "language") != SIZE_MAX;
    *r = (territory_request){.limit = (double)NAN,
                             .within = WITHIN,
                             .handover_hours = HANDOVER_HOURS,
                             .renewal_lock = RENEWAL_LOCK,
                             .most_moves = SIZE_MAX,
                             .skill = has ? "language" : NULL};
}

static strata_status read_lock(const look *l, const char *text, const rule **out, strata_error *err)
{
    if (text == NULL) {
        return STRATA_OK;
    }
    rule_place place = {.file = "--lock", .line = 1, .column = 1};
    strata_status st =
        rule_compile_condition(l->c->arena, text, &place, &l->bound->scope, out, err);
    if (st == STRATA_E_MODEL) { /* the command line is wrong, not the model */
        err->status = STRATA_E_USAGE;
        return STRATA_E_USAGE;
    }
    STRATA_TRY(st);
    if (rule_looks_at_previous(*out) || rule_lookback_days(*out) > 0) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--lock: 'turned' and 'for N days' look back, which this cannot; put "
                           "the expression into the model as a feature and name that");
    }
    return STRATA_OK;
}

/* Slots of the work and of the lock. */
static strata_status read_work(look *l, const rule *lock, work_ask *w, strata_error *err)
{
    const size_t *slots = NULL;
    size_t n = 0;
    size_t n_lock = 0;
    STRATA_TRY(territory_slots(l->project->portfolio, l->c->arena, &slots, &n, err));
    const size_t *of_lock = lock != NULL ? rule_slots(lock, &n_lock) : NULL;
    size_t *all = ARENA_NEW(l->c->arena, n + n_lock + 1, size_t);
    if (all == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    memcpy(all, slots, n * sizeof *all);
    if (n_lock > 0) {
        memcpy(all + n, of_lock, n_lock * sizeof *all);
    }
    return work_ask_read(l, all, n + n_lock, w, err);
}

static strata_status find_locked(const look *l, const rule *lock, const uint8_t **out,
                                 strata_error *err)
{
    if (lock == NULL) {
        return STRATA_OK;
    }
    size_t n_symbols = l->bound->scope.n_symbols;
    column *columns = ARENA_NEW(l->c->arena, n_symbols + 1, column);
    uint8_t *verdicts = ARENA_NEW(l->c->arena, l->view->p->n_accounts + 1, uint8_t);
    void *scratch = arena_alloc(l->c->arena, rule_scratch_bytes(lock) + 1, 1);
    if (columns == NULL || verdicts == NULL || scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    segmentation_columns(l->view->s, n_symbols, columns);
    const rule_input now = {.now = {.columns = columns, .as_of = l->as_of}};
    rule_eval_condition(lock, &now, l->view->p->n_accounts, verdicts, scratch);
    *out = verdicts;
    return STRATA_OK;
}

/* Which of the limits in force may be let go. */
static strata_status tell_conflict(const territories_input *in, const char *lock,
                                   const territory *plan, strata_error *err)
{
    STRBUF_AUTO strbuf ways;
    strbuf_init(&ways, 0);
    strbuf_add(&ways, isnan(in->request.limit) ? "Allow more with --limit" : "Raise --limit");
    if (in->request.most_moves != SIZE_MAX) {
        strbuf_add(&ways, ", raise --moves");
    }
    if (lock != NULL) {
        strbuf_add(&ways, ", lock less");
    }
    if (plan->n_renewal_locked > 0) {
        strbuf_add(&ways, ", let more of those that renew soon move (--keep-renewals)");
    }
    if (plan->region_used || plan->skill_used) {
        strbuf_printf(&ways, ", or let go of a %s",
                      !plan->skill_used    ? "region"
                      : !plan->region_used ? "skill"
                                           : "region or skill");
    }
    STRATA_TRY(strbuf_status(&ways, err));
    return strata_fail(err, STRATA_E_INFEASIBLE, "these limits cannot be met together: %.1500s. %s",
                       plan->conflict, strbuf_text(&ways));
}

strata_status territories_ask_read(look *l, const char *lock_text, territories_ask *t,
                                   strata_error *err)
{
    const rule *lock = NULL;
    territories_input *in = &t->input;
    STRATA_TRY(read_lock(l, lock_text, &lock, err));
    STRATA_TRY(read_work(l, lock, &t->work, err));
    STRATA_TRY(find_locked(l, lock, &in->request.locked, err));
    const territory_ground ground = {.v = l->view,
                                     .w = &t->work.work,
                                     .csms = &t->work.csms,
                                     .month_hours = t->work.engagement.month_hours};
    STRATA_TRY(territory_plan(&l->c->cx, &ground, &in->request, l->c->arena, &t->plan, err));
    if (t->plan.conflict != NULL) {
        return tell_conflict(in, lock_text, &t->plan, err);
    }
    in->v = l->view;
    in->w = &t->work.work;
    in->t = &t->plan;
    in->lock = lock_text;
    return STRATA_OK;
}
