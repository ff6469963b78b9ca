/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "panel/code_days.h"
#include "panel/windows.h"

/* One measure per role, in the order of contact_role, then these. */
enum { NEW = ROLE_COUNT, NEW_DECIDERS, DEPARTMENTS, NEW_DEPARTMENTS };
enum { NEW_DAYS = 180 };

static const window windows[] = {
    {WINDOW_HIDDEN(ROLE_USER), ROLE_USER, 0, WINDOW_EVER},
    {WINDOW_HIDDEN(ROLE_ECONOMIC), ROLE_ECONOMIC, 0, WINDOW_EVER},
    {WINDOW_HIDDEN(ROLE_TECHNICAL), ROLE_TECHNICAL, 0, WINDOW_EVER},
    {WINDOW_HIDDEN(ROLE_CHAMPION), ROLE_CHAMPION, 0, WINDOW_EVER},
    {WINDOW_HIDDEN(NEW), NEW, 0, WINDOW_EVER},
    {WINDOW_HIDDEN(NEW_DECIDERS), NEW_DECIDERS, 0, WINDOW_EVER},
    {WINDOW_HIDDEN(DEPARTMENTS), DEPARTMENTS, 0, WINDOW_EVER},
    {WINDOW_HIDDEN(NEW_DEPARTMENTS), NEW_DEPARTMENTS, 0, WINDOW_EVER},
};
static const window_table table = {windows, sizeof windows / sizeof *windows, NULL, 0, .all = true};

/* Days from which an account's features are there; DAY_MISSING: on none. */
typedef struct known_from {
    day first;       /* of a dated contact */
    day news;        /* new_contacts_180d and new_deciders_180d */
    day departments; /* departments */
    day new_departments;
} known_from;

typedef struct contacts_kernel {
    const sweep *sweep;
    window_sums sums;
    code_days departments; /* by department: the day up to which it is filled */
    known_from known[LANES];
} contacts_kernel;

static void contacts_free(void *self)
{
    contacts_kernel *k = self;
    if (k) {
        window_sums_done(&k->sums);
        code_days_done(&k->departments);
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
    STRATA_TRY(code_days_new(0, &k->departments, err));
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

static bool is_from(day d, day from)
{
    return from != DAY_MISSING && d >= from;
}

static void put_news(const window_sums *w, const sweep_out *out, const lane_group *g, size_t lane,
                     const known_from *from)
{
    const day *dates = w->sweep->dates.tables[SHIFT_NONE].days;
    const size_t i = g->first + lane;
    const struct {
        feature_id feature;
        const double *sums;
        day from;
    } rows[] = {
        {FEATURE_NEW_CONTACTS_180D, window_sums_of(w, WINDOW_HIDDEN(NEW), lane), from->news},
        {FEATURE_NEW_DECIDERS_180D, window_sums_of(w, WINDOW_HIDDEN(NEW_DECIDERS), lane),
         from->news},
        {FEATURE_DEPARTMENTS, window_sums_of(w, WINDOW_HIDDEN(DEPARTMENTS), lane),
         from->departments},
        {FEATURE_NEW_DEPARTMENTS_180D, window_sums_of(w, WINDOW_HIDDEN(NEW_DEPARTMENTS), lane),
         from->new_departments},
    };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        for (size_t j = 0; j < w->sweep->n_dates; j++) {
            const bool known = (double)j >= g->visible[lane] && is_from(dates[j], rows[r].from);
            put_cell(out, rows[r].feature, i, j, known, rows[r].sums[j * LANES]);
        }
    }
}

/* Counts from a day until another; `until` DAY_MISSING: for ever. */
static void add_span(window_sums *w, int measure, size_t lane, day from, day until)
{
    window_sums_add(w, measure, lane, from, 1);
    if (until != DAY_MISSING) {
        window_sums_add(w, measure, lane, until, -1);
    }
}

static void add_news(window_sums *w, size_t lane, day from, day until, bool decides)
{
    const day end = until != DAY_MISSING && until < from + NEW_DAYS ? until : from + NEW_DAYS;
    add_span(w, NEW, lane, from, end);
    if (decides) {
        add_span(w, NEW_DECIDERS, lane, from, end);
    }
}

/* A department is filled while any of its contacts is there: spans that overlap count once. Rows
 * come in order of days. */
static void add_department(contacts_kernel *k, size_t lane, int32_t department, day from, day until)
{
    window_sums *w = &k->sums;
    const day end = until == DAY_MISSING ? DAY_MAX : until;
    const day filled = code_days_swap(&k->departments, department, end);
    if (filled == DAY_MISSING || filled < from) {
        add_span(w, DEPARTMENTS, lane, from, until);
    } else if (filled < end) {
        window_sums_add(w, DEPARTMENTS, lane, filled, 1); /* it does not end there after all */
        if (until != DAY_MISSING) {
            window_sums_add(w, DEPARTMENTS, lane, until, -1);
        }
    } else {
        (void)code_days_swap(&k->departments, department, filled);
    }
    if (filled == DAY_MISSING && from != DAY_MIN) {
        add_span(w, NEW_DEPARTMENTS, lane, from, from + NEW_DAYS);
    }
}

static day later(day a, day b)
{
    return a == DAY_MISSING || b == DAY_MISSING ? DAY_MISSING : a > b ? a : b;
}

/* From when on, by the rows: `first` of all, and of those that name a department. */
static known_from note_known(const contact_rows *c, size_t begin, size_t end)
{
    day any = DAY_MISSING;
    day dated = DAY_MISSING;
    day named = DAY_MISSING;
    day named_dated = DAY_MISSING;
    for (size_t r = begin; r < end; r++) {
        const day d = c->day[r];
        any = any == DAY_MISSING ? d : any;
        dated = dated == DAY_MISSING && d != DAY_MIN ? d : dated;
        if (c->department[r] > 0) {
            named = named == DAY_MISSING ? d : named;
            named_dated = named_dated == DAY_MISSING && d != DAY_MIN ? d : named_dated;
        }
    }
    return (known_from){.first = dated,
                        .news = any == DAY_MISSING ? DAY_MISSING : later(any + NEW_DAYS, dated),
                        .departments = named,
                        .new_departments = named == DAY_MISSING
                                               ? DAY_MISSING
                                               : later(named + NEW_DAYS, named_dated)};
}

static strata_status add_account(contacts_kernel *k, size_t lane, const contact_rows *c,
                                 size_t begin, size_t end, strata_error *err)
{
    STRATA_TRY(code_days_begin(&k->departments, end - begin, err));
    for (size_t r = begin; r < end; r++) {
        const day from = c->day[r];
        const day until = c->active_until[r];
        if (until != DAY_MISSING && until <= from) {
            continue;
        }
        add_span(&k->sums, c->role[r], lane, from, until);
        if (from != DAY_MIN) {
            add_news(&k->sums, lane, from, until, c->role[r] != ROLE_USER);
        }
        if (c->department[r] > 0) {
            add_department(k, lane, c->department[r], from, until);
        }
    }
    k->known[lane] = note_known(c, begin, end);
    return STRATA_OK;
}

static strata_status contacts_run(void *self, const ledger_block *block, const sweep_out *out,
                                  strata_error *err)
{
    contacts_kernel *k = self;
    const contact_rows *c = &block->contacts;
    for (size_t i = 0; i < block->n_accounts; i += LANES) {
        lane_group g = lanes_from(block, i);
        for (size_t lane = 0; lane < g.n; lane++) {
            STRATA_TRY(add_account(k, lane, c, c->start[i + lane], c->start[i + lane + 1], err));
            g.visible[lane] =
                lane_visible(k->sweep, block->started_on[i + lane], k->known[lane].first);
        }
        window_sums_put(&k->sums, out, &g);
        for (size_t lane = 0; lane < g.n; lane++) {
            put_contacts(&k->sums, out, &g, lane);
            put_news(&k->sums, out, &g, lane, &k->known[lane]);
        }
    }
    return STRATA_OK;
}

const kernel kernel_contacts = {ENTITY_CONTACTS, contacts_new, contacts_run, contacts_free};
