/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/migration/rules.h"

#include "base/auto.h"
#include "segment/plan.h"

/* Read by the plans of tier changes, whatever the rules say. */
static const size_t standard[] = {
    FEATURE_RENEWAL_IN,   FEATURE_HAS_CHAMPION,      FEATURE_OPEN_TICKETS,   FEATURE_LAST_TOUCH,
    FEATURE_TOUCHES_365D, FEATURE_ACTIVE_USERS_30D,  FEATURE_ADOPTION,       FEATURE_TENURE,
    FEATURE_NPS_LAST,     FEATURE_FEATURES_USED_90D, FEATURE_ARR_GROWTH_12M, FEATURE_EVENTS_90D};

/* Every rule of migration in turn; NULL behind the last. Some may be NULL themselves. */
static bool rule_number(const bound_model *b, size_t k, const rule **out)
{
    const bound_migration *m = &b->migration;
    size_t n_paths = b->model->migration.n_pathways;
    size_t n_exceptions = b->model->tier_change.n_exceptions;
    if (k < 2) {
        *out = k == 0 ? m->up : m->down;
        return true;
    }
    k -= 2;
    if (k < 2 * n_paths) {
        *out = k < n_paths ? m->triggers[k] : m->measures[k - n_paths];
        return true;
    }
    k -= 2 * n_paths;
    *out = k < n_exceptions ? m->exceptions[k] : NULL;
    return k < n_exceptions;
}

strata_status migration_slots(const bound_model *b, arena *a, const size_t **slots, size_t *n,
                              strata_error *err)
{
    const rule *r = NULL;
    uint8_t *wanted = ARENA_NEW(a, b->scope.n_symbols + 1, uint8_t);
    size_t *list = ARENA_NEW(a, b->scope.n_symbols + 1, size_t);
    if (wanted == NULL || list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < sizeof standard / sizeof standard[0]; i++) {
        wanted[standard[i]] = 1;
    }
    for (size_t k = 0; rule_number(b, k, &r); k++) {
        size_t n_read = 0;
        const size_t *read = r != NULL ? rule_slots(r, &n_read) : NULL;
        for (size_t i = 0; i < n_read; i++) {
            wanted[read[i]] = 1;
        }
    }
    *n = 0;
    for (size_t slot = 0; slot < b->scope.n_symbols; slot++) {
        if (wanted[slot]) {
            list[(*n)++] = slot;
        }
    }
    *slots = list;
    return STRATA_OK;
}

static bool looks_back(const bound_model *b)
{
    const rule *r = NULL;
    bool any = false;
    for (size_t k = 0; rule_number(b, k, &r); k++) {
        any = any || (r != NULL && rule_looks_at_previous(r));
    }
    return any;
}

void rule_frames_done(rule_frames *f)
{
    segmentation_free(f->now);
    segmentation_free(f->before);
}

static strata_status values_at(const context *cx, const view *v, day d, arena *a,
                               segmentation **out, strata_error *err)
{
    const size_t *slots = NULL;
    size_t n = 0;
    STRATA_TRY(migration_slots(v->b, a, &slots, &n, err));
    segmentation_request request =
        SEGMENTATION_REQUEST(.dates = &d, .n_dates = 1, .keep_slots = slots, .n_keep_slots = n);
    request.keep_date = 0;
    return segmentation_run(cx, v->p, v->b, v->overrides, &request, out, err);
}

static strata_status frame_of(const segmentation *s, const view *v, day d, arena *a,
                              rule_frame *out, strata_error *err)
{
    size_t n = v->b->scope.n_symbols;
    column *columns = ARENA_NEW(a, n + 1, column);
    if (columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    segmentation_columns(s, n, columns);
    *out = (rule_frame){.columns = columns, .as_of = d};
    return STRATA_OK;
}

strata_status rule_frames_at(const context *cx, const view *v, day d, arena *a, rule_frames *out,
                             strata_error *err)
{
    const model *m = v->b->model;
    review_every every = m->migration.has_review ? m->migration.review : m->review;
    day before = review_period_before(every, d);
    out->n_accounts = v->p->n_accounts;
    if (d != v->as_of) {
        STRATA_TRY(values_at(cx, v, d, a, &out->now, err));
    }
    STRATA_TRY(frame_of(out->now != NULL ? out->now : v->s, v, d, a, &out->in.now, err));
    if (looks_back(v->b)) {
        STRATA_TRY(values_at(cx, v, before, a, &out->before, err));
        STRATA_TRY(frame_of(out->before, v, before, a, &out->previous, err));
        out->in.previous = &out->previous;
    }
    return STRATA_OK;
}

strata_status rule_frames_judge(const rule_frames *f, const rule *r, arena *a, const uint8_t **out,
                                strata_error *err)
{
    uint8_t *verdicts = ARENA_NEW(a, f->n_accounts + 1, uint8_t);
    if (verdicts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory judging %zu accounts",
                           f->n_accounts);
    }
    if (r != NULL) {
        STRATA_AUTO_FREE void *scratch = STRATA_NEW_ARRAY(rule_scratch_bytes(r) + 1, unsigned char);
        if (scratch == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory judging a rule");
        }
        rule_eval_condition(r, &f->in, f->n_accounts, verdicts, scratch);
    }
    *out = verdicts;
    return STRATA_OK;
}

const char *migration_rule_lacks(const bound_model *b, const rule *r)
{
    size_t n = 0;
    const size_t *slots = r != NULL ? rule_slots(r, &n) : NULL;
    const char *why = NULL;
    for (size_t i = 0; i < n; i++) {
        const char *lacks = b->scope.symbols[slots[i]].missing_because;
        if (lacks == NULL) {
            return NULL;
        }
        why = why == NULL ? lacks : why;
    }
    return why;
}
