/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/predict_parts.h"

typedef struct filling {
    uint32_t *which;
    row_set set;
    uint32_t last, last_positive; /* accounts counted last */
} filling;

static void take(filling *f, const rows *r, size_t row)
{
    uint32_t account = r->account[row];
    f->which[f->set.n++] = (uint32_t)row;
    f->set.n_accounts += account != f->last;
    f->last = account;
    if (r->y[row]) {
        f->set.n_positive++;
        f->set.n_positive_accounts += account != f->last_positive;
        f->last_positive = account;
    }
}

static date_role role_of(const rows *r, const date_role *roles, size_t row)
{
    date_role role = roles[r->date[row]];
    return role != ROLE_SHARED ? role : r->held[row] ? ROLE_TUNE : ROLE_LEARN;
}

strata_status predict_all(const predict_job *j, row_set *out, strata_error *err)
{
    const rows *r = &j->out->past;
    filling f = {.last = UINT32_MAX, .last_positive = UINT32_MAX};
    f.which = ARENA_NEW(j->arena, r->n + 1, uint32_t);
    if (f.which == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows", r->n);
    }
    for (size_t i = 0; i < r->n; i++) {
        take(&f, r, i);
    }
    f.set.which = f.which;
    *out = f.set;
    return STRATA_OK;
}

strata_status predict_sets(const predict_job *j, bool today, row_set *learn, row_set *tune,
                           row_set *judge_set, strata_error *err)
{
    const rows *r = &j->out->past;
    const date_role *roles = today ? j->out->schedule.today : j->out->schedule.judged;
    static const date_role kinds[] = {ROLE_LEARN, ROLE_TUNE, ROLE_JUDGE};
    row_set *const sets[] = {learn, tune, judge_set};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        filling f = {.last = UINT32_MAX, .last_positive = UINT32_MAX};
        f.which = ARENA_NEW(j->arena, r->n + 1, uint32_t);
        if (f.which == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu rows", r->n);
        }
        for (size_t i = 0; i < r->n; i++) {
            if (role_of(r, roles, i) == kinds[k]) {
                take(&f, r, i);
            }
        }
        f.set.which = f.which;
        *sets[k] = f.set;
    }
    return STRATA_OK;
}
