/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "panel/windows.h"

/* One measure per role, in the order of contact_role. */
static const window windows[] = {
    {WINDOW_HIDDEN(ROLE_USER), ROLE_USER, 0, WINDOW_EVER},
    {WINDOW_HIDDEN(ROLE_ECONOMIC), ROLE_ECONOMIC, 0, WINDOW_EVER},
    {WINDOW_HIDDEN(ROLE_TECHNICAL), ROLE_TECHNICAL, 0, WINDOW_EVER},
    {WINDOW_HIDDEN(ROLE_CHAMPION), ROLE_CHAMPION, 0, WINDOW_EVER},
};
static const window_table table = {windows, sizeof windows / sizeof *windows, NULL, 0, .all = true};

typedef struct contacts_kernel {
    const sweep *sweep;
    window_sums sums;
} contacts_kernel;

static void contacts_free(void *self)
{
    contacts_kernel *k = self;
    if (k) {
        window_sums_done(&k->sums);
        free(k);
    }
}
STRATA_DEFINE_AUTO(contacts_kernel, contacts_free)

static strata_status contacts_new(const sweep *s, void **out, strata_error *err)
{
    STRATA_AUTO(contacts_free) contacts_kernel *k = STRATA_NEW_ARRAY(1, contacts_kernel);
    if (!k) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the contact features");
    }
    k->sweep = s;
    STRATA_TRY(window_sums_new(s, &table, &k->sums, err));
    *out = strata_steal(&k);
    return STRATA_OK;
}

static void put_contacts(const window_sums *w, const sweep_out *out, size_t i, size_t visible)
{
    const int64_t *by_role[ROLE_COUNT];
    for (int role = 0; role < ROLE_COUNT; role++) {
        by_role[role] = window_sums_of(w, WINDOW_HIDDEN(role));
    }
    for (size_t j = 0; j < w->sweep->n_dates; j++) {
        int64_t all = 0;
        int roles = 0;
        for (int role = 0; role < ROLE_COUNT; role++) {
            all += by_role[role][j];
            roles += by_role[role][j] > 0;
        }
        bool known = j >= visible;
        put_cell(out, FEATURE_CONTACTS, i, j, known, (double)all);
        put_cell(out, FEATURE_HAS_CHAMPION, i, j, known, by_role[ROLE_CHAMPION][j] > 0);
        put_cell(out, FEATURE_HAS_ECONOMIC_BUYER, i, j, known, by_role[ROLE_ECONOMIC][j] > 0);
        put_cell(out, FEATURE_SINGLE_THREADED, i, j, known, all == 1);
        put_cell(out, FEATURE_ROLES_PRESENT, i, j, known, roles);
    }
}

/* The first day of a dated contact; DAY_MISSING when there is none. */
static day add_account(window_sums *w, const contact_rows *c, size_t begin, size_t end)
{
    day first = DAY_MISSING;
    for (size_t r = begin; r < end; r++) {
        day until = c->active_until[r];
        if (first == DAY_MISSING && c->day[r] != DAY_MIN) {
            first = c->day[r];
        }
        if (until == DAY_MISSING) {
            window_sums_add(w, c->role[r], c->day[r], 1);
        } else if (until > c->day[r]) {
            window_sums_add(w, c->role[r], c->day[r], 1);
            window_sums_add(w, c->role[r], until, -1);
        }
    }
    return first;
}

static strata_status contacts_run(void *self, const ledger_block *block, const sweep_out *out,
                                  strata_error *err)
{
    (void)err;
    contacts_kernel *k = self;
    const contact_rows *c = &block->contacts;
    for (size_t i = 0; i < block->n_accounts; i++) {
        window_sums_clear(&k->sums);
        day first = add_account(&k->sums, c, c->start[i], c->start[i + 1]);
        size_t visible = first_visible(k->sweep, block->started_on[i], first);
        window_sums_put(&k->sums, out, i, visible);
        put_contacts(&k->sums, out, i, visible);
    }
    return STRATA_OK;
}

const kernel kernel_contacts = {ENTITY_CONTACTS, contacts_new, contacts_run, contacts_free};
