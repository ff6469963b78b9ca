/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/growth/growth.h"
#include "store/stmt.h"

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for who is new in accounts");
}

/* Departments come by name: of as many, the first stays. */
static void take_more(new_people *most, const new_people *x)
{
    if (x->n > most->n) {
        *most = *x;
    }
}

strata_status growth_people_read(store_conn *conn, const portfolio *p, day as_of, arena *a,
                                 const growth_people **out, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    growth_people *by = ARENA_NEW(a, p->n_accounts + 1, growth_people);
    if (by == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(stmt_new(conn, "plan/new_people.sql", &s, err));
    STRATA_TRY(stmt_bind_int64(s, "since", as_of - GROWTH_NEW_DAYS, err));
    STRATA_TRY(stmt_bind_int64(s, "until", as_of, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        growth_people *x = &by[stmt_get_int(s, 0)];
        const text_view name = stmt_get_text(s, 1);
        const char *department = arena_strndup(a, name.ptr, name.len);
        if (department == NULL) {
            return out_of_memory(err);
        }
        const bool is_new = stmt_get_int(s, 2) != 0;
        const new_people people = {department, (uint32_t)stmt_get_int(s, 3),
                                   (day)stmt_get_int(s, 4)};
        const new_people deciders = {department, (uint32_t)stmt_get_int(s, 5),
                                     (day)stmt_get_int(s, 6)};
        take_more(&x->of[NEWS_ANYBODY], &people);
        take_more(&x->of[NEWS_DECIDERS], &deciders);
        if (is_new) {
            take_more(&x->of[NEWS_DEPARTMENT], &people);
        }
    }
    *out = by;
    return STRATA_OK;
}
