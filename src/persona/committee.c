/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/committee.h"

#include <stdlib.h>

#include "analysis/make_figure.h"
#include "stats/inference/proportion.h"
#include "store/stmt.h"

const contact_role committee_roles[3] = {ROLE_ECONOMIC, ROLE_TECHNICAL, ROLE_CHAMPION};

const char *committee_role_name(contact_role r)
{
    static const char *const names[] = {[ROLE_USER] = "user",
                                        [ROLE_ECONOMIC] = "economic buyer",
                                        [ROLE_TECHNICAL] = "technical buyer",
                                        [ROLE_CHAMPION] = "champion"};
    return names[r];
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for who decides");
}

/* --- facts --- */

static void add_contact(account_committee *c, contact_role role, bool active, day until)
{
    if (active) {
        c->contacts++;
        c->present[role] = true;
    } else if (role == ROLE_CHAMPION) {
        bool later = c->champion_left == DAY_MISSING || until > c->champion_left;
        c->champion_left = later ? until : c->champion_left;
    }
}

static strata_status read_contacts(const study *s, store_conn *conn, account_committee *by,
                                   bool *any, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(stmt_new(conn, "persona/contacts.sql", &q, err));
    STRATA_TRY(stmt_bind_int32(q, "until", s->v->as_of, err));
    STRATA_TRY(stmt_execute(q, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(q, &more, err));
        if (!more) {
            break;
        }
        *any = true;
        int64_t role = stmt_get_int(q, 1);
        add_contact(&by[stmt_get_int(q, 0)], (contact_role)role, stmt_get_int(q, 2) != 0,
                    stmt_get_day(q, 3));
    }
    for (size_t i = 0; i < s->n; i++) {
        by[i].champion_left = by[i].present[ROLE_CHAMPION] ? DAY_MISSING : by[i].champion_left;
    }
    return STRATA_OK;
}

/* `answered`: accounts with two answers or more. */
static strata_status read_voices(const study *s, store_conn *conn, day from, account_committee *by,
                                 uint8_t *answered, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(stmt_new(conn, "persona/one_voice.sql", &q, err));
    STRATA_TRY(stmt_bind_int32(q, "from", from, err));
    STRATA_TRY(stmt_bind_int32(q, "until", s->v->as_of, err));
    STRATA_TRY(stmt_execute(q, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(q, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        size_t account = (size_t)stmt_get_int(q, 0);
        answered[account] = 1;
        by[account].one_voice = stmt_get_int(q, 2) != 0 ? (uint32_t)stmt_get_int(q, 1) : 0;
    }
}

/* --- by segment --- */

static void count_account(committee_segment *g, const account_committee *c, bool answered,
                          int64_t value)
{
    bool single = c->contacts == 1;
    g->accounts++;
    g->none.hits += c->contacts == 0;
    g->single.hits += single;
    g->single_value_minor += single ? value : 0;
    g->no_champion_value_minor += c->present[ROLE_CHAMPION] ? 0 : value;
    g->one_voice.of += answered;
    g->one_voice.hits += answered && c->one_voice > 0;
    for (size_t r = 0; r < ROLE_COUNT; r++) {
        g->role[r].hits += c->present[r];
    }
}

static void state_shares(const study *s, committee_segment *g)
{
    g->none = share_of(s, g->none.hits, g->accounts);
    g->single = share_of(s, g->single.hits, g->accounts);
    g->one_voice = share_of(s, g->one_voice.hits, g->one_voice.of);
    for (size_t r = 0; r < ROLE_COUNT; r++) {
        g->role[r] = share_of(s, g->role[r].hits, g->accounts);
    }
}

static strata_status test_roles(const study *s, committee_segment *segments, size_t n, arena *a,
                                strata_error *err)
{
    static const char method[] = "chi-square test of two shares";
    const committee_segment *all = &segments[n];
    test_figure **tests = ARENA_NEW(a, n * ROLE_COUNT + 1, test_figure *);
    size_t n_tests = 0;
    if (tests == NULL) {
        return no_memory(err);
    }
    for (size_t g = 0; g < n; g++) {
        committee_segment *one = &segments[g];
        for (size_t r = 0; r < ROLE_COUNT; r++) {
            bool enough = (double)one->accounts >= s->minimum_accounts &&
                          (double)(all->accounts - one->accounts) >= s->minimum_accounts;
            one->against[r] = enough
                                  ? test_of(two_proportions(one->role[r].hits, one->accounts,
                                                            all->role[r].hits - one->role[r].hits,
                                                            all->accounts - one->accounts),
                                            method, "difference of the shares")
                                  : test_not_done(method, "too few accounts to compare");
            tests[n_tests++] = &one->against[r];
        }
    }
    return tests_correct(tests, n_tests, err);
}

/* --- gaps --- */

static bool has_gap(const account_committee *c)
{
    bool complete = true;
    for (size_t i = 0; i < 3; i++) {
        complete = complete && c->present[committee_roles[i]];
    }
    return !complete || c->contacts == 1;
}

static int worth_most_first(const void *x, const void *y)
{
    const committee_gap *a = x;
    const committee_gap *b = y;
    if (a->value_minor != b->value_minor) {
        return a->value_minor > b->value_minor ? -1 : 1;
    }
    return (a->account > b->account) - (a->account < b->account);
}

static strata_status list_gaps(const study *s, const segment_code *codes, committee *c, arena *a,
                               strata_error *err)
{
    committee_gap *gaps = ARENA_NEW(a, s->n + 1, committee_gap);
    if (gaps == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < s->n; i++) {
        if (codes[i] < c->n_segments && has_gap(&c->accounts[i])) {
            gaps[c->n_gaps++] = (committee_gap){(uint32_t)i, s->value != NULL ? s->value[i] : 0};
        }
    }
    qsort(gaps, c->n_gaps, sizeof *gaps, worth_most_first);
    c->gaps = gaps;
    return STRATA_OK;
}

strata_status committee_make(const study *s, store_conn *conn, day from, const grouping *groups,
                             arena *a, committee *out, strata_error *err)
{
    const segment_code *codes = groups->codes;
    const size_t n_segments = groups->n_segments;
    committee c = {.n_segments = n_segments};
    account_committee *by = ARENA_NEW(a, s->n + 1, account_committee);
    uint8_t *answered = ARENA_NEW(a, s->n + 1, uint8_t);
    committee_segment *segments = ARENA_NEW(a, n_segments + 1, committee_segment);
    if (by == NULL || answered == NULL || segments == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < s->n; i++) {
        by[i].champion_left = DAY_MISSING;
    }
    c.accounts = by;
    c.segments = segments;
    STRATA_TRY(read_contacts(s, conn, by, &c.known, err));
    STRATA_TRY(read_voices(s, conn, from, by, answered, err));
    for (size_t i = 0; i < s->n; i++) {
        if (codes[i] < n_segments) {
            int64_t value = s->value != NULL ? s->value[i] : 0;
            count_account(&segments[codes[i]], &by[i], answered[i], value);
            count_account(&segments[n_segments], &by[i], answered[i], value);
        }
    }
    STRATA_TRY(test_roles(s, segments, n_segments, a, err));
    for (size_t g = 0; g <= n_segments; g++) {
        state_shares(s, &segments[g]);
    }
    if (c.known) {
        STRATA_TRY(list_gaps(s, codes, &c, a, err));
    }
    *out = c;
    return STRATA_OK;
}
