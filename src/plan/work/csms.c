/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/work/csms.h"

#include <math.h>
#include <string.h>

#include "base/vec.h"
#include "store/stmt.h"

static const char *copy(arena *a, text_view t)
{
    return t.ptr != NULL ? arena_strndup(a, t.ptr, t.len) : NULL;
}

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory loading the managers");
}

typedef VEC(manager) csm_vec;
static void csm_vec_done(csm_vec *v)
{
    vec_free(v);
}

strata_status csms_load(store_conn *c, arena *a, csm_list *out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_CLEANUP(csm_vec_done) csm_vec found = {0};
    STRATA_TRY(stmt_new(c, "plan/csms.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        manager one = {.id = copy(a, stmt_get_text(s, 0)),
                       .name = copy(a, stmt_get_text(s, 1)),
                       .capacity_hours = stmt_get_double(s, 2),
                       .skills = copy(a, stmt_get_text(s, 3)),
                       .regions = copy(a, stmt_get_text(s, 4)),
                       .cost_per_hour = stmt_is_null(s, 5) ? -1 : stmt_get_int(s, 5)};
        if (one.id == NULL || one.name == NULL || !vec_push(&found, one)) {
            return out_of_memory(err);
        }
    }
    manager *items = ARENA_NEW(a, found.n + 1, manager);
    if (items == NULL) {
        return out_of_memory(err);
    }
    if (found.n > 0) {
        memcpy(items, found.data, found.n * sizeof *items);
    }
    *out = (csm_list){items, found.n};
    return STRATA_OK;
}

size_t csms_find(const csm_list *list, const char *id)
{
    for (size_t i = 0; i < list->n; i++) {
        if (strcmp(list->items[i].id, id) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

strata_status csms_of_accounts(const portfolio *p, const csm_list *list, arena *a,
                               const int32_t **out, strata_error *err)
{
    size_t slot = portfolio_slot(p, "csm_id");
    const symbol *s = slot != SIZE_MAX && slot >= FEATURE_COUNT ? &p->symbols[slot] : NULL;
    const int32_t *code = s != NULL ? p->attributes[slot - FEATURE_COUNT].code : NULL;
    int32_t *of_level = ARENA_NEW(a, (s != NULL ? s->n_levels : 0) + 1, int32_t);
    int32_t *of_account = ARENA_NEW(a, p->n_accounts + 1, int32_t);
    if (of_level == NULL || of_account == NULL) {
        return out_of_memory(err);
    }
    for (size_t l = 0; code != NULL && l < s->n_levels; l++) {
        size_t at = csms_find(list, s->levels[l]);
        of_level[l] = at != SIZE_MAX ? (int32_t)at : CSM_UNKNOWN;
    }
    for (size_t i = 0; i < p->n_accounts; i++) {
        bool named = code != NULL && code[i] != CODE_MISSING;
        of_account[i] = named ? of_level[code[i]] : CSM_NOBODY;
    }
    *out = of_account;
    return STRATA_OK;
}

int64_t csm_minutes_a_year(const manager *c, double month_hours)
{
    double hours = isnan(c->capacity_hours) ? month_hours : c->capacity_hours;
    return isnan(hours) ? -1 : llround(hours * MONTHS_PER_YEAR * MINUTES_PER_HOUR);
}

double csms_hour_cost(const csm_list *list)
{
    double sum = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++) {
        if (list->items[i].cost_per_hour >= 0) {
            sum += (double)list->items[i].cost_per_hour;
            n++;
        }
    }
    return n > 0 ? sum / (double)n : (double)NAN;
}
