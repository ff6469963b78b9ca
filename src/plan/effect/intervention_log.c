/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/effect/intervention_log.h"

#include <math.h>
#include <string.h>

#include "base/auto.h"
#include "base/vec.h"
#include "segment/dictionary.h"
#include "store/stmt.h"

typedef VEC(logged_intervention) logged_vec;
static void logged_vec_done(logged_vec *v)
{
    vec_free(v);
}

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory loading the interventions");
}

static strata_status read_rows(stmt *s, dictionary *d, logged_vec *found, strata_error *err)
{
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        text_view name = stmt_get_text(s, 2);
        int32_t code = 0;
        STRATA_TRY(dictionary_code(d, name.ptr, name.len, &code, err));
        const logged_intervention one = {.account = (uint32_t)stmt_get_int(s, 0),
                                         .day = (day)stmt_get_int(s, 1),
                                         .name = (uint32_t)code,
                                         .minutes = stmt_is_null(s, 3) ? (double)NAN
                                                                       : stmt_get_double(s, 3)};
        if (!vec_push(found, one)) {
            return out_of_memory(err);
        }
    }
}

/* Codes follow the order in which names were met; they are to follow the names. */
static strata_status settle(dictionary *d, const logged_vec *found, arena *a, intervention_log *out,
                            strata_error *err)
{
    logged_intervention *items = ARENA_NEW(a, found->n + 1, logged_intervention);
    STRATA_AUTO_FREE int32_t *codes = STRATA_NEW_ARRAY(found->n + 1, int32_t);
    if (items == NULL || codes == NULL) {
        return out_of_memory(err);
    }
    for (size_t i = 0; i < found->n; i++) {
        items[i] = found->data[i];
        codes[i] = (int32_t)items[i].name;
    }
    intervention_log log = {.items = items, .n = found->n};
    STRATA_TRY(dictionary_sort(d, codes, found->n, &log.names, &log.n_names, err));
    for (size_t i = 0; i < found->n; i++) {
        items[i].name = (uint32_t)codes[i];
    }
    *out = log;
    return STRATA_OK;
}

strata_status intervention_log_load(store_conn *c, day until, arena *a, intervention_log *out,
                                    strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_CLEANUP(logged_vec_done) logged_vec found = {0};
    STRATA_CLEANUP(dictionary_done) dictionary names;
    dictionary_init(&names, a);
    STRATA_TRY(stmt_new(c, "plan/interventions_all.sql", &s, err));
    STRATA_TRY(stmt_bind_int32(s, "until", until, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(read_rows(s, &names, &found, err));
    return settle(&names, &found, a, out, err);
}
