/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/names_read.h"

#include "store/stmt.h"

enum { ACCOUNT, ID, TITLE, EMAIL, COLUMNS };

/* A text of the current row with a NUL behind it; NULL when it is missing. */
static strata_status get_text(stmt *s, size_t col, strbuf *into, const char **out,
                              strata_error *err)
{
    text_view v = stmt_get_text(s, col);
    strbuf_clear(into);
    strbuf_add_n(into, v.ptr, v.len);
    *out = v.ptr != NULL ? strbuf_text(into) : NULL;
    return strbuf_status(into, err);
}

static strata_status read_people(store_conn *conn, day until, hidden_names *h, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRBUF_AUTO strbuf id;
    STRBUF_AUTO strbuf title;
    STRBUF_AUTO strbuf email;
    strbuf *texts[COLUMNS] = {NULL, &id, &title, &email};
    const char *values[COLUMNS] = {NULL};
    for (size_t i = ID; i < COLUMNS; i++) {
        strbuf_init(texts[i], 0);
    }
    STRATA_TRY(stmt_new(conn, "persona/people.sql", &q, err));
    STRATA_TRY(stmt_bind_int32(q, "until", until, err));
    STRATA_TRY(stmt_execute(q, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(q, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        for (size_t i = ID; i < COLUMNS; i++) {
            STRATA_TRY(get_text(q, i, texts[i], &values[i], err));
        }
        STRATA_TRY(stmt_is_null(q, ACCOUNT)
                       ? names_add_user(h, values[ID], err)
                       : names_add_contact(h, (size_t)stmt_get_int(q, ACCOUNT), values[ID],
                                           values[TITLE], values[EMAIL], err));
    }
}

strata_status names_read(store_conn *conn, const portfolio *p, day until, hidden_names *out,
                         strata_error *err)
{
    for (size_t i = 0; i < p->n_accounts; i++) {
        STRATA_TRY(names_add_account(out, i, p->names[i], err));
    }
    STRATA_TRY(read_people(conn, until, out, err));
    return names_ready(out, p->n_accounts, err);
}
