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

static void put_contacts(const window_sums *w, const sweep_out *out, const lane_group *g,
                         size_t lane)
{
    const double *by_role[ROLE_COUNT];
    size_t i = g->first + lane;
    for (int role = 0; role < ROLE_COUNT; role++) {
        by_role[role] = window_sums_of(w, WINDOW_HIDDEN(role), lane);
    }
    for (size_t j = 0; j < w->sweep->n_dates; j++) {
        double all = 0;
        int roles = 0;
        for (int role = 0; role < ROLE_COUNT; role++) {
            all += by_role[role][j * LANES];
            roles += by_role[role][j * LANES] > 0;
        }
        bool known = (double)j >= g->visible[lane];
        bool alone = all > 0 && all < 2;
        put_cell(out, FEATURE_CONTACTS, i, j, known, all);
        put_cell(out, FEATURE_HAS_CHAMPION, i, j, known, by_role[ROLE_CHAMPION][j * LANES] > 0);
        put_cell(out, FEATURE_HAS_ECONOMIC_BUYER, i, j, known,
                 by_role[ROLE_ECONOMIC][j * LANES] > 0);
        put_cell(out, FEATURE_HAS_TECHNICAL_BUYER, i, j, known,
                 by_role[ROLE_TECHNICAL][j * LANES] > 0);
        put_cell(out, FEATURE_SINGLE_THREADED, i, j, known, alone);
        put_cell(out, FEATURE_ROLES_PRESENT, i, j, known, roles);
    }
}

/* The first day of a dated contact; DAY_MISSING when there is none. */
static day add_account(window_sums *w, size_t lane, const contact_rows *c, size_t begin, size_t end)
{
    day first = DAY_MISSING;
    for (size_t r = begin; r < end; r++) {
        day until = c->active_until[r];
        if (first == DAY_MISSING && c->day[r] != DAY_MIN) {
            first = c->day[r];
        }
        if (until == DAY_MISSING) {
            window_sums_add(w, c->role[r], lane, c->day[r], 1);
        } else if (until > c->day[r]) {
            window_sums_add(w, c->role[r], lane, c->day[r], 1);
            window_sums_add(w, c->role[r], lane, until, -1);
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
    for (size_t i = 0; i < block->n_accounts; i += LANES) {
        lane_group g = lanes_from(block, i);
        for (size_t lane = 0; lane < g.n; lane++) {
            day first = add_account(&k->sums, lane, c, c->start[i + lane], c->start[i + lane + 1]);
            g.visible[lane] = lane_visible(k->sweep, block->started_on[i + lane], first);
        }
        window_sums_put(&k->sums, out, &g);
        for (size_t lane = 0; lane < g.n; lane++) {
            put_contacts(&k->sums, out, &g, lane);
        }
    }
    return STRATA_OK;
}

const kernel kernel_contacts = {ENTITY_CONTACTS, contacts_new, contacts_run, contacts_free};
