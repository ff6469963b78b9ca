/* SPDX-License-Identifier: Apache-2.0 */
#include "source/references.h"

#include "base/strbuf.h"
#include "source/text/record.h"
#include "store/stmt.h"

enum { NAMED = 3 };

typedef struct finding_kind {
    const char *file, *entity, *kind, *what;
} finding_kind;

/* "'X' (accounts.csv:2), 'Y' (accounts.csv:9) and 4 more: no such account" */
static strata_status note(ingest_job *j, const finding_kind *f, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    STRATA_TRY(stmt_new(j->conn, f->file, &s, err));
    STRATA_TRY(stmt_execute(s, err));
    int64_t rows = 0;
    size_t names = 0;
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        const text_view name = stmt_get_text(s, 0);
        const int64_t place = stmt_get_int(s, 2);
        rows += stmt_get_int(s, 1);
        if (names++ < NAMED) {
            strbuf_printf(&text, "%s'%.*s' (%s:%lld)", names > 1 ? ", " : "", (int)name.len,
                          name.ptr, j->files[place_file(place)].path, (long long)place_line(place));
        }
    }
    if (names == 0) {
        return STRATA_OK;
    }
    if (names > NAMED) {
        strbuf_printf(&text, " and %zu more", names - NAMED);
    }
    strbuf_printf(&text, ": %s", f->what);
    STRATA_TRY(strbuf_status(&text, err));
    return record_finding(j, f->entity, f->kind, rows, strbuf_text(&text), err);
}

strata_status references_note_parents(ingest_job *j, strata_error *err)
{
    static const finding_kind parents = {"source/unknown_parents.sql", "accounts",
                                         "unknown_parents",
                                         "no such account; they stand without a parent"};
    return note(j, &parents, err);
}

strata_status references_note_managers(ingest_job *j, strata_error *err)
{
    static const finding_kind managers = {
        "source/unknown_csms.sql", "accounts", "unknown_csms",
        "no such csm_id in the source 'csms'; nobody's book has these accounts"};
    return note(j, &managers, err);
}

strata_status references_note_hours(ingest_job *j, strata_error *err)
{
    static const finding_kind hours = {"source/csms_without_hours.sql", "csms", "no_hours",
                                       "capacity_hours is 0; leave it empty where it is not known"};
    return note(j, &hours, err);
}
