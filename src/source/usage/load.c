/* SPDX-License-Identifier: Apache-2.0 */
#include "source/usage/load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/parallel.h"
#include "source/codes.h"
#include "source/text/record.h"
#include "source/usage/rows.h"
#include "store/stmt.h"

enum { BATCH_ROWS = 8192, SHARE_OF_MEMORY = 4 };

strata_status usage_begin(ingest_job *j, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    bool more;
    STRATA_TRY(stmt_new(j->conn, "source/memory_limit.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(stmt_next(s, &more, err));
    int64_t limit = more ? stmt_get_int(s, 0) : 0;
    usage_rows_free(j->usage);
    j->usage = NULL;
    return usage_rows_new(j->m->folder != NULL ? j->m->folder : ".",
                          (size_t)limit / SHARE_OF_MEMORY, &j->usage, err);
}

bool usage_is_gathered(const plan *p)
{
    if (p->table->table != TABLE_USAGE) { /* not every table has an id */
        return false;
    }
    const plan_column *id = &p->columns[table_id_field(p->table)];
    return id->cell < 0 && id->formula == NULL;
}

static usage_columns columns_of(const parsed *r)
{
    const table_spec *t = table_get(TABLE_USAGE);
    return (usage_columns){.account = r->columns[table_field(t, "account_id")],
                           .day = r->columns[table_field(t, "at")],
                           .feature = r->columns[table_field(t, "feature")],
                           .user = r->columns[table_field(t, "user_id")],
                           .count = r->columns[table_field(t, "count")]};
}

static void note_row(input_file *f, day d, day today)
{
    f->first_day = f->n_kept == 0 || d < f->first_day ? d : f->first_day;
    f->last_day = f->n_kept == 0 || d > f->last_day ? d : f->last_day;
    f->n_kept++;
    f->n_future += d > today;
}

strata_status usage_gather(ingest_job *j, int32_t file_no, const parsed *r, strata_error *err)
{
    usage_columns c = columns_of(r);
    for (size_t i = 0; i < r->n_rows; i++) {
        note_row(&j->files[file_no], c.day[i], j->cx->today);
    }
    return usage_rows_add(j->usage, &c, r->n_rows, err);
}

/* Rows with ids, now that each id is there once. */
static strata_status gather_staged(ingest_job *j, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(j->conn, "source/staged_usage.sql", &s, err));
    STRATA_TRY(stmt_stream(s, err));
    for (size_t n;;) {
        STRATA_TRY(stmt_next_chunk(s, &n, err));
        if (n == 0) {
            return STRATA_OK;
        }
        const int64_t *place = stmt_int64(s, 0);
        usage_columns c = {.account = stmt_int32(s, 1),
                           .day = stmt_int32(s, 2),
                           .feature = stmt_int32(s, 3),
                           .user = stmt_int32(s, 4),
                           .count = stmt_double(s, 5)};
        for (size_t i = 0; i < n; i++) {
            note_row(&j->files[place_file(place[i])], c.day[i], j->cx->today);
        }
        STRATA_TRY(usage_rows_add(j->usage, &c, n, err));
        STRATA_TRY(usage_rows_relieve(j->cx, j->usage, err));
    }
}

/* Ledger rows on their way into the table. */
typedef struct ledger_writer {
    appender *ledger;
    uint64_t *days;  /* a bit for each from DAY_MIN on which there is a row */
    day *first_seen; /* by feature; DAY_MISSING: no ledger row */
    usage_row open;  /* the row that the next ones may add to */
    bool has_open;
    size_t n;
    int32_t account[BATCH_ROWS];
    day day[BATCH_ROWS];
    int32_t feature[BATCH_ROWS], user[BATCH_ROWS], events[BATCH_ROWS];
} ledger_writer;

static strata_status flush(ledger_writer *w, strata_error *err)
{
    const append_column columns[] = {{.type = COLUMN_INT32, .data = w->account},
                                     {.type = COLUMN_INT32, .data = w->day},
                                     {.type = COLUMN_DAY, .data = w->feature},
                                     {.type = COLUMN_DAY, .data = w->user},
                                     {.type = COLUMN_INT32, .data = w->events}};
    size_t n = w->n;
    w->n = 0;
    return append_rows(w->ledger, columns, sizeof columns / sizeof *columns, n, err);
}

/* The open row is complete. */
static strata_status close_row(ledger_writer *w, strata_error *err)
{
    double events = round(w->open.count);
    if (!w->has_open || events < 1) {
        return STRATA_OK;
    }
    size_t i = w->n++;
    w->account[i] = w->open.account;
    w->day[i] = w->open.day;
    w->feature[i] = w->open.feature;
    w->user[i] = w->open.user;
    w->events[i] = events < INT32_MAX ? (int32_t)events : INT32_MAX;
    if (w->open.feature != DAY_MISSING) {
        day *first = &w->first_seen[w->open.feature];
        *first = *first == DAY_MISSING || w->open.day < *first ? w->open.day : *first;
    }
    return w->n == BATCH_ROWS ? flush(w, err) : STRATA_OK;
}

static strata_status write_rows(void *to, const usage_row *rows, size_t n, strata_error *err)
{
    ledger_writer *w = to;
    for (size_t i = 0; i < n; i++) {
        const usage_row *r = &rows[i];
        if (w->has_open && r->account == w->open.account && r->day == w->open.day &&
            r->feature == w->open.feature && r->user == w->open.user) {
            w->open.count += r->count; /* in order of count, so that sums are always the same */
            continue;
        }
        STRATA_TRY(close_row(w, err));
        size_t bit = (size_t)(r->day - DAY_MIN);
        w->days[bit / 64] |= UINT64_C(1) << (bit % 64);
        w->open = *r;
        w->has_open = true;
    }
    return STRATA_OK;
}

static bool has_day(const ledger_writer *w, day d)
{
    size_t bit = (size_t)(d - DAY_MIN);
    return (w->days[bit / 64] >> (bit % 64) & 1) != 0;
}

/* Calendar months without any row between the first and the last day up to today that have one. */
static strata_status note_gaps(ingest_job *j, const ledger_writer *w, strata_error *err)
{
    day first = DAY_MIN;
    day last = j->cx->today;
    while (first <= last && !has_day(w, first)) {
        first++;
    }
    while (last > first && !has_day(w, last)) {
        last--;
    }
    int64_t n = 0;
    char gap[DAY_TEXT] = "";
    for (day m = first <= last ? day_month_start(first) : last + 1; m <= last;) {
        day next = day_add_months(m, 1);
        day d = m;
        while (d < next && !has_day(w, d)) {
            d++;
        }
        if (d == next && n++ == 0) {
            day_format(m, gap);
        }
        m = next;
    }
    gap[7] = '\0'; /* "2026-06" */
    return record_missing_months(j, ENTITY_USAGE, n, gap, err);
}

static strata_status write_ledger(ingest_job *j, const usage_codes *codes, ledger_writer *w,
                                  strata_error *err)
{
    STRATA_AUTO(appender_free) appender *ledger = NULL;
    STRATA_AUTO_FREE uint64_t *days =
        STRATA_NEW_ARRAY((size_t)(DAY_MAX - DAY_MIN) / 64 + 1, uint64_t);
    if (days == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(appender_new(j->conn, "usage_ledger", &ledger, err));
    w->ledger = ledger;
    w->days = days;
    STRATA_TRY(usage_rows_drain(j->cx, j->usage, codes, write_rows, w, err));
    STRATA_TRY(close_row(w, err));
    STRATA_TRY(flush(w, err));
    STRATA_TRY(appender_finish(ledger, err));
    return note_gaps(j, w, err);
}

/* A dictionary as a table: final codes and names, and with `first_seen` that too. */
static strata_status write_names(ingest_job *j, const char *table, const dict *d,
                                 const code_order *order, const day *first_seen, strata_error *err)
{
    STRATA_AUTO(appender_free) appender *a = NULL;
    STRATA_TRY(appender_new(j->conn, table, &a, err));
    int32_t final[2048];
    text_view names[2048];
    for (size_t from = 0; from < order->n;) {
        size_t n = 0;
        for (; n < sizeof final / sizeof *final && from + n < order->n; n++) {
            final[n] = (int32_t)(from + n);
            names[n] = dict_text(d, order->code[from + n]);
        }
        append_column columns[] = {{.type = COLUMN_INT32, .data = final},
                                   {.type = COLUMN_TEXT, .data = names},
                                   {.type = COLUMN_DAY, .data = NULL}};
        columns[2].data = first_seen == NULL ? NULL : first_seen + from;
        STRATA_TRY(append_rows(a, columns, first_seen == NULL ? 2 : 3, n, err));
        from += n;
    }
    return appender_finish(a, err);
}

/* What two threads do at once: one hands the dictionary of users to the store, the other sorts. */
typedef struct ordered_load {
    ingest_job *j;
    code_order features, users;
    usage_codes codes;
} ordered_load;

static void ordered_done(ordered_load *o)
{
    code_order_done(&o->features);
    code_order_done(&o->users);
}

static strata_status users_or_rows(void *job, size_t task, strata_error *err)
{
    ordered_load *o = job;
    ingest_job *j = o->j;
    return task == 0 ? write_names(j, "usage_user", j->users, &o->users, NULL, err)
                     : usage_rows_finish(j->cx, j->usage, &o->codes, err);
}

static strata_status load_ordered(ordered_load *o, strata_error *err)
{
    ingest_job *j = o->j;
    STRATA_AUTO_FREE ledger_writer *w = STRATA_NEW_ARRAY(1, ledger_writer);
    STRATA_AUTO_FREE day *first_seen = STRATA_NEW_ARRAY(o->features.n, day);
    if (w == NULL || first_seen == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < o->features.n; i++) {
        first_seen[i] = DAY_MISSING;
    }
    w->first_seen = first_seen;
    STRATA_TRY(parallel_run(j->cx, 2, users_or_rows, o, err));
    STRATA_TRY(write_ledger(j, &o->codes, w, err));
    return write_names(j, "usage_feature", j->features, &o->features, first_seen, err);
}

strata_status usage_load(ingest_job *j, strata_error *err)
{
    STRATA_CLEANUP(ordered_done) ordered_load o = {.j = j};
    STRATA_TRY(gather_staged(j, err));
    STRATA_TRY(stmt_run(j->conn, "source/clear_usage_feature.sql", err));
    STRATA_TRY(stmt_run(j->conn, "source/clear_usage_user.sql", err));
    STRATA_TRY(code_order_make(j->cx, j->features, &o.features, err));
    STRATA_TRY(code_order_make(j->cx, j->users, &o.users, err));
    o.codes = (usage_codes){o.features.final, o.users.final};
    STRATA_TRY(load_ordered(&o, err));
    usage_rows_free(j->usage);
    j->usage = NULL;
    return STRATA_OK;
}
