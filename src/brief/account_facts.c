/* SPDX-License-Identifier: Apache-2.0 */
#include "brief/account_facts.h"

#include <string.h>

#include "base/strbuf.h"
#include "base/vec.h"
#include "brief/redact.h"
#include "store/stmt.h"

enum { YEAR = 365, TWO_YEARS = 730 };

typedef struct reader {
    store_conn *conn;
    hidden_names *names;
    size_t account;
    day as_of;
    arena *a;
} reader;

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading an account");
}

/* --- reading --- */

/* Runs a statement on the account; `days` back from the as-of date, 0: it has no $from. */
static strata_status open_rows(const reader *r, const char *name, int days, stmt **out,
                               strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(r->conn, name, &s, err));
    STRATA_TRY(stmt_bind_int32(s, "account", (int32_t)r->account, err));
    STRATA_TRY(stmt_bind_int32(s, "until", r->as_of, err));
    if (days > 0) {
        STRATA_TRY(stmt_bind_int32(s, "from", r->as_of - days + 1, err));
    }
    STRATA_TRY(stmt_execute(s, err));
    *out = strata_steal(&s);
    return STRATA_OK;
}

static strata_status kept(const reader *r, const stmt *s, size_t col, const char **out,
                          strata_error *err)
{
    text_view v = stmt_get_text(s, col);
    *out = v.ptr != NULL && v.len > 0 ? arena_strndup(r->a, v.ptr, v.len) : NULL;
    return v.ptr == NULL || v.len == 0 || *out != NULL ? STRATA_OK : no_memory(err);
}

static strata_status label(const reader *r, const stmt *s, size_t col, const char **out,
                           strata_error *err)
{
    text_view v = stmt_get_text(s, col);
    *out = NULL;
    return v.ptr != NULL ? redact_label(r->names, r->account, v.ptr, v.len, r->a, out, err)
                         : STRATA_OK;
}

static strata_status words_of(const reader *r, const stmt *s, size_t col, const char **out,
                              strata_error *err)
{
    text_view v = stmt_get_text(s, col);
    *out = NULL;
    return v.ptr != NULL ? redact_text(r->names, r->account, v.ptr, v.len, r->a, out, err)
                         : STRATA_OK;
}

/* A code of the store: 0 and up, small. */
static unsigned code(const stmt *s, size_t col)
{
    int64_t n = stmt_get_int(s, col);
    return (unsigned)n;
}

static strata_status take_person(const reader *r, const stmt *s, void *item, strata_error *err)
{
    fact_person *x = item;
    x->role = code(s, 0);
    x->active = stmt_get_int(s, 1) != 0;
    x->until = stmt_get_day(s, 2);
    return label(r, s, 3, &x->title, err);
}

static strata_status take_ticket(const reader *r, const stmt *s, void *item, strata_error *err)
{
    fact_ticket *x = item;
    x->opened = stmt_get_day(s, 0);
    x->closed = stmt_get_day(s, 1);
    x->severity = code(s, 2);
    STRATA_TRY(label(r, s, 3, &x->theme, err));
    return words_of(r, s, 4, &x->text, err);
}

static strata_status take_answer(const reader *r, const stmt *s, void *item, strata_error *err)
{
    fact_answer *x = item;
    x->day = stmt_get_day(s, 0);
    x->kind = code(s, 1);
    x->score = stmt_get_double(s, 2);
    return words_of(r, s, 3, &x->text, err);
}

static strata_status take_deal(const reader *r, const stmt *s, void *item, strata_error *err)
{
    fact_deal *x = item;
    x->opened = stmt_get_day(s, 0);
    x->due = stmt_get_day(s, 1);
    x->amount = stmt_is_null(s, 2) ? -1 : stmt_get_int(s, 2);
    x->kind = code(s, 3);
    x->stage = code(s, 4);
    return kept(r, s, 5, &x->competitor, err);
}

static strata_status take_movement(const reader *r, const stmt *s, void *item, strata_error *err)
{
    fact_movement *x = item;
    x->day = stmt_get_day(s, 0);
    x->kind = code(s, 1);
    x->delta = stmt_get_int(s, 2);
    STRATA_TRY(label(r, s, 3, &x->type, err));
    return label(r, s, 4, &x->reason, err);
}

static strata_status take_use(const reader *r, const stmt *s, void *item, strata_error *err)
{
    fact_use *x = item;
    x->events = stmt_get_int(s, 1);
    x->before = stmt_get_int(s, 2);
    return kept(r, s, 0, &x->feature, err);
}

/* A statement, how far back it looks, and what its rows become. */
typedef struct row_kind {
    const char *statement;
    int days;
    size_t size;
    strata_status (*take)(const reader *r, const stmt *s, void *item, strata_error *err);
} row_kind;

/* All rows as items of kind->size bytes, in the arena. */
static strata_status read_rows(const reader *r, const row_kind *kind, const void **out, size_t *n,
                               strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    size_t room = 0;
    unsigned char *items = NULL;
    *n = 0;
    STRATA_TRY(open_rows(r, kind->statement, kind->days, &s, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            *out = items;
            return STRATA_OK;
        }
        if (*n == room) {
            size_t wanted = room > 0 ? room * 2 : 16;
            unsigned char *larger = arena_alloc(r->a, wanted * kind->size, _Alignof(max_align_t));
            if (larger == NULL) {
                return no_memory(err);
            }
            if (*n > 0) {
                memcpy(larger, items, *n * kind->size);
            }
            items = larger;
            room = wanted;
        }
        memset(items + *n * kind->size, 0, kind->size);
        STRATA_TRY(kind->take(r, s, items + *n * kind->size, err));
        (*n)++;
    }
}

strata_status account_facts_read(store_conn *conn, hidden_names *names, size_t account, day as_of,
                                 arena *a, account_facts *out, strata_error *err)
{
    static const row_kind kinds[] = {
        {"brief/people.sql", 0, sizeof(fact_person), take_person},
        {"brief/tickets.sql", YEAR, sizeof(fact_ticket), take_ticket},
        {"brief/answers.sql", YEAR, sizeof(fact_answer), take_answer},
        {"brief/deals.sql", YEAR, sizeof(fact_deal), take_deal},
        {"brief/movements.sql", TWO_YEARS, sizeof(fact_movement), take_movement},
        {"brief/use.sql", 0, sizeof(fact_use), take_use},
    };
    enum { KINDS = sizeof kinds / sizeof *kinds };
    const reader r = {conn, names, account, as_of, a};
    const void *rows[KINDS];
    size_t n[KINDS];
    for (size_t k = 0; k < KINDS; k++) {
        STRATA_TRY(read_rows(&r, &kinds[k], &rows[k], &n[k], err));
    }
    *out = (account_facts){.people = rows[0],
                           .n_people = n[0],
                           .tickets = rows[1],
                           .n_tickets = n[1],
                           .answers = rows[2],
                           .n_answers = n[2],
                           .deals = rows[3],
                           .n_deals = n[3],
                           .movements = rows[4],
                           .n_movements = n[4],
                           .uses = rows[5],
                           .n_uses = n[5]};
    return STRATA_OK;
}
