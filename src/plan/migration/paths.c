/* SPDX-License-Identifier: Apache-2.0 */
/* Where accounts were month by month. */
#include <string.h>

#include "base/auto.h"
#include "panel/dates.h"
#include "plan/migration/migration.h"
#include "segment/visit.h"

size_t migration_state(const migration_paths *p, size_t date, size_t account)
{
    segment_code code = p->codes[date * p->n_accounts + account];
    return code < p->n_segments ? code : p->n_segments;
}

bool migration_is_up(const migration_paths *p, size_t from, size_t now)
{
    return p->ordered && from < p->n_ordered && now < from;
}

bool migration_is_down(const migration_paths *p, size_t from, size_t now)
{
    return p->ordered && now < p->n_ordered && now > from;
}

bool migration_reaches(const migration_paths *p, size_t from, size_t to, size_t now)
{
    return now == to ||
           (migration_is_up(p, from, to) && migration_is_up(p, from, now) && now < to) ||
           (migration_is_down(p, from, to) && migration_is_down(p, from, now) && now > to);
}

typedef struct following {
    segment_code *codes;
    size_t n_accounts, slot;
} following;

static strata_status take(void *self, const dated_block *block, strata_error *err)
{
    const following *f = self;
    (void)err;
    memcpy(f->codes + block->date * f->n_accounts + block->first, block->codes[f->slot],
           block->n * sizeof *f->codes);
    return STRATA_OK;
}

/* Month by month back from the as-of date, oldest first. */
static size_t list_months(const view *v, day *out)
{
    size_t n = 1;
    while (n <= MIGRATION_MONTHS && months_before(v->as_of, (int)n) >= v->p->info->first_day) {
        n++;
    }
    for (size_t k = 0; k < n; k++) {
        out[n - 1 - k] = months_before(v->as_of, (int)k);
    }
    return n;
}

static strata_status find_dimension(const view *v, migration_paths *out, strata_error *err)
{
    const model_dimension *d = model_migration_dimension(v->b->model);
    out->def = d != NULL ? bound_find(v->b, d->name) : NULL;
    if (out->def == NULL) {
        return strata_fail(err, STRATA_E_MODEL,
                           "%s has no dimension to move in; add migration: {by: DIMENSION}",
                           v->b->model->path);
    }
    out->ordered = d->ordered;
    out->n_segments = out->def->n_segments;
    out->n_ordered = out->n_segments - (d->kind == DIMENSION_BANDS ? 1 : 0);
    return STRATA_OK;
}

strata_status migration_paths_follow(const context *cx, const view *v, arena *a,
                                     migration_paths *out, strata_error *err)
{
    migration_paths p = {.n_accounts = v->p->n_accounts};
    STRATA_TRY(find_dimension(v, &p, err));
    day *dates = ARENA_NEW(a, MIGRATION_MONTHS + 1, day);
    if (dates == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory following accounts");
    }
    p.n_dates = list_months(v, dates);
    p.dates = dates;
    following f = {.codes = ARENA_NEW(a, p.n_dates * p.n_accounts + 1, segment_code),
                   .n_accounts = p.n_accounts,
                   .slot = p.def->slot};
    if (f.codes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory following %zu accounts",
                           p.n_accounts);
    }
    memset(f.codes, 0xff, p.n_dates * p.n_accounts * sizeof *f.codes); /* SEGMENT_ABSENT */
    const size_t slots[] = {p.def->slot};
    const segmentation_visit visit = {.dates = dates,
                                      .n_dates = p.n_dates,
                                      .slots = slots,
                                      .n_slots = 1,
                                      .take = take,
                                      .self = &f};
    STRATA_TRY(visit_dates(cx, v->p, v->b, v->overrides, &visit, err));
    p.codes = f.codes;
    *out = p;
    return STRATA_OK;
}
