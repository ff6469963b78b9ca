/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "source/accounts.h"
#include "source/facts.h"
#include "source/files.h"
#include "source/ledger/pages.h"
#include "source/references.h"
#include "source/source.h"
#include "source/text/encoding.h"
#include "source/text/record.h"
#include "source/udfs.h"
#include "store/stmt.h"

/* Tables that others may find accounts through come before those that do. */
static const entity load_order[] = {
    ENTITY_ARR,           ENTITY_ORDERS,        ENTITY_CONTACTS, ENTITY_TICKETS,
    ENTITY_OPPORTUNITIES, ENTITY_USAGE,         ENTITY_SURVEYS,  ENTITY_TOUCHPOINTS,
    ENTITY_HEALTH,        ENTITY_INTERVENTIONS, ENTITY_CSMS,
};
enum { N_LOAD = sizeof load_order / sizeof *load_order };

/* What ingest_run works with. */
typedef struct run {
    ingest_job j;
    bool has[ENTITY_LOADED];     /* the model has a source of it */
    bool changed[ENTITY_LOADED]; /* so it is read again */
    char definition[ENTITY_LOADED][DIGEST_TEXT];
    bool derived;
    size_t n_accounts;
} run;

static void run_done(run *r)
{
    dict_free(r->j.features);
    dict_free(r->j.users);
    usage_rows_free(r->j.usage);
    dict_free(r->j.accounts.ids);
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        dict_free(r->j.via[i].ids);
    }
    vec_free(&r->j.rejects);
    arena_free(r->j.a);
}

static entity entity_of(const model_source *s)
{
    return table_get(table_of(s))->entity;
}

static strata_status check_sources(const model *m, strata_error *err)
{
    bool accounts = false;
    bool facts = false;
    for (size_t i = 0; i < m->n_sources; i++) {
        const model_source *s = &m->sources[i];
        if (table_of(s) == TABLE_COUNT) {
            return strata_fail(err, STRATA_E_MODEL, "unknown entity '%s' in sources", s->entity);
        }
        if (!encoding_is_known(s->encoding)) {
            return strata_fail(err, STRATA_E_MODEL,
                               "%s:%d:%d: unknown encoding '%s'; use utf-8 or windows-1252",
                               s->place.file, s->place.line, s->place.column, s->encoding);
        }
        if (s->via != NULL && (table_find(s->via) == TABLE_COUNT ||
                               table_id_field(table_get(table_find(s->via))) == SIZE_MAX)) {
            return strata_fail(err, STRATA_E_MODEL,
                               "%s:%d:%d: rows cannot find their account via '%s'; name a source "
                               "whose rows have an id, such as subscriptions",
                               s->place.file, s->place.line, s->place.column, s->via);
        }
        accounts = accounts || entity_of(s) == ENTITY_ACCOUNTS;
        facts = facts || entity_of(s) == ENTITY_ORDERS || entity_of(s) == ENTITY_ARR;
    }
    return accounts || facts ? STRATA_OK
                             : strata_fail(err, STRATA_E_MODEL,
                                           "sources needs accounts, or orders or arr to take "
                                           "the accounts from");
}

static strata_status parse_rates(ingest_job *j, strata_error *err)
{
    const model_pairs *given = &j->m->ingest.rates;
    currency_rate *rates = ARENA_NEW(j->a, given->n + 1, currency_rate);
    if (rates == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    rates[0] = (currency_rate){j->m->business.currency, 1};
    for (size_t i = 0; i < given->n; i++) {
        const model_pair *p = &given->items[i];
        double x;
        if (!number_parse(p->value, strlen(p->value), &x) || !(x > 0)) {
            return strata_fail(err, STRATA_E_MODEL,
                               "%s:%d:%d: rate '%s' of %s is not a number above 0", p->place.file,
                               p->place.line, p->place.column, p->value, p->key);
        }
        rates[i + 1] = (currency_rate){p->key, x};
    }
    j->rates = rates;
    j->n_rates = given->n + 1;
    return STRATA_OK;
}

static void add_pairs(digest *d, const model_pairs *p)
{
    for (size_t i = 0; i < p->n; i++) {
        digest_add_text(d, p->items[i].key);
        digest_add_text(d, p->items[i].value);
    }
    digest_add_text(d, NULL);
}

/* Raise when the same source would give other rows. */
static const char *version_of(entity e)
{
    return e == ENTITY_ARR ? "4" : e == ENTITY_ORDERS ? "2" : "1";
}

/* What besides the files decides what an entity's rows become. */
static strata_status define_entity(const ingest_job *j, entity e, char out[DIGEST_TEXT],
                                   strata_error *err)
{
    const model *m = j->m;
    digest d;
    digest_init(&d);
    digest_add_text(&d, version_of(e));
    digest_add_text(&d, m->business.currency);
    digest_add_text(&d, m->business.timezone);
    digest_add_text(&d, m->ingest.roll_up_parents ? "roll up" : "");
    add_pairs(&d, &m->ingest.rates);
    for (size_t i = 0; i < m->n_sources; i++) {
        const model_source *s = &m->sources[i];
        if (entity_of(s) != e) {
            continue;
        }
        const char *texts[] = {s->format,   s->delimiter, s->quote, s->decimal, s->date_format,
                               s->encoding, s->keep.text, s->via,   s->period,  s->kind};
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) {
            digest_add_text(&d, texts[t]);
        }
        unsigned char flags[] = {(unsigned char)s->form, s->end_is_last_day};
        digest_add(&d, flags, sizeof flags);
        add_pairs(&d, &s->map);
        add_pairs(&d, &s->values);
    }
    if (e == ENTITY_ACCOUNTS && m->ingest.merges != NULL) {
        input_file f = {.path = m->ingest.merges[0] == '/' || m->folder == NULL
                                    ? m->ingest.merges
                                    : arena_printf(j->a, "%s/%s", m->folder, m->ingest.merges)};
        STRATA_TRY(files_digest(j, &f, err));
        digest_add_text(&d, f.digest);
    }
    digest_finish(&d, out);
    return STRATA_OK;
}

static const char *definition_key(arena *a, entity e)
{
    const char *key = arena_printf(a, "source.%s", entity_name(e));
    return key == NULL ? "source" : key;
}

/* Marks files that the store already holds, and gives numbers to all. */
static strata_status compare_files(run *r, strata_error *err)
{
    ingest_job *j = &r->j;
    size_t n_stored[ENTITY_LOADED] = {0};
    size_t n_listed[ENTITY_LOADED] = {0};
    int32_t next = 0;
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(j->conn, "source/source_files.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        text_view entity_text = stmt_get_text(s, 1);
        text_view path = stmt_get_text(s, 2);
        int32_t number = (int32_t)stmt_get_int(s, 0);
        next = number >= next ? number + 1 : next;
        for (int e = 0; e < ENTITY_LOADED; e++) {
            const char *name = entity_name((entity)e);
            bool is_this = strlen(name) == entity_text.len &&
                           memcmp(name, entity_text.ptr, entity_text.len) == 0;
            n_stored[e] += is_this;
            /* What was let pass once is refused when asked to be strict. */
            r->changed[e] |= is_this && j->options.strict && stmt_get_int(s, 8) > 0;
        }
        for (size_t i = 0; i < j->n_files; i++) {
            input_file *f = &j->files[i];
            const char *name = entity_name(entity_of(&j->m->sources[f->source]));
            if (strlen(f->path) != path.len || memcmp(f->path, path.ptr, path.len) != 0 ||
                strlen(name) != entity_text.len ||
                memcmp(name, entity_text.ptr, entity_text.len) != 0) {
                continue;
            }
            text_view stored = stmt_get_text(s, 5);
            f->unchanged = f->size == stmt_get_int(s, 3) && f->modified_us == stmt_get_int(s, 4);
            if (!f->unchanged && stored.len == DIGEST_TEXT - 1) {
                STRATA_TRY(files_digest(j, f, err));
                f->unchanged = memcmp(f->digest, stored.ptr, stored.len) == 0;
            }
            f->number = number;
        }
    }
    for (size_t i = 0; i < j->n_files; i++) {
        input_file *f = &j->files[i];
        entity e = entity_of(&j->m->sources[f->source]);
        n_listed[e]++;
        if (!f->unchanged) {
            r->changed[e] = true;
            f->number = next++;
        }
    }
    for (int e = 0; e < ENTITY_LOADED; e++) {
        r->changed[e] = r->changed[e] || n_stored[e] != n_listed[e];
    }
    return STRATA_OK;
}

static strata_status find_changes(run *r, bool *any, strata_error *err)
{
    ingest_job *j = &r->j;
    STRATA_TRY(compare_files(r, err));
    *any = false;
    for (int e = 0; e < ENTITY_LOADED; e++) {
        for (size_t i = 0; i < j->m->n_sources; i++) {
            r->has[e] = r->has[e] || entity_of(&j->m->sources[i]) == (entity)e;
        }
        STRATA_TRY(define_entity(j, (entity)e, r->definition[e], err));
        const char *stored;
        STRATA_TRY(meta_get(j->conn, j->a, definition_key(j->a, (entity)e), &stored, err));
        if (r->has[e]) {
            r->changed[e] = r->changed[e] || j->options.force || stored == NULL ||
                            strcmp(stored, r->definition[e]) != 0;
        } else {
            r->changed[e] = stored != NULL && stored[0] != '\0';
        }
        *any = *any || r->changed[e];
    }
    return STRATA_OK;
}

static strata_status run_delete(ingest_job *j, const char *what, entity e, strata_error *err)
{
    char file[80];
    (void)snprintf(file, sizeof file, "source/delete_%s.sql", what);
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(j->conn, file, &s, err));
    STRATA_TRY(stmt_bind_text(s, "entity", entity_name(e), err));
    return stmt_execute(s, err);
}

/* The entity is no longer in the model: neither are its facts. */
static strata_status forget_entity(ingest_job *j, entity e, strata_error *err)
{
    char file[80];
    (void)snprintf(file, sizeof file, "source/clear_%s.sql", entity_name(e));
    STRATA_TRY(stmt_run(j->conn, file, err));
    if (e == ENTITY_ARR) {
        STRATA_TRY(arr_forget_rest(j, err));
    }
    if (e == ENTITY_USAGE) {
        STRATA_TRY(stmt_run(j->conn, "source/clear_usage_feature.sql", err));
        STRATA_TRY(stmt_run(j->conn, "source/clear_usage_user.sql", err));
    }
    STRATA_TRY(run_delete(j, "source_file", e, err));
    return run_delete(j, "reject", e, err);
}

static strata_status load_accounts(run *r, strata_error *err)
{
    ingest_job *j = &r->j;
    char now[DIGEST_TEXT];
    const char *before;
    STRATA_TRY(stmt_run(j->conn, "source/stage_accounts.sql", err));
    STRATA_TRY(stmt_run(j->conn, "source/stage_attribute.sql", err));
    STRATA_TRY(stmt_run(j->conn, "source/stage_number.sql", err));
    STRATA_TRY(accounts_load(j, &r->derived, &r->n_accounts, now, err));
    for (size_t i = 0; i < j->m->n_sources; i++) {
        if (entity_of(&j->m->sources[i]) == ENTITY_ACCOUNTS) {
            STRATA_TRY(facts_check_rejects(j, i, err));
        }
    }
    if (!r->derived) {
        STRATA_TRY(record_files(j, TABLE_ACCOUNTS, err));
    }
    STRATA_TRY(meta_get(j->conn, j->a, "accounts_digest", &before, err));
    if (before == NULL || strcmp(before, now) != 0) {
        for (size_t i = 0; i < N_LOAD; i++) {
            r->changed[load_order[i]] = r->changed[load_order[i]] || r->has[load_order[i]];
        }
    }
    return meta_set(j->conn, "accounts_digest", now, err);
}

/* Sources that find their accounts through another are read when either changes, and the other
 * with them. */
static void follow_via(run *r)
{
    for (size_t i = 0; i < r->j.m->n_sources; i++) {
        const model_source *s = &r->j.m->sources[i];
        if (s->via == NULL) {
            continue;
        }
        entity through = table_get(table_find(s->via))->entity;
        r->changed[entity_of(s)] = r->changed[entity_of(s)] || r->changed[through];
        r->changed[through] = r->changed[entity_of(s)];
    }
}

static strata_status load_facts(run *r, strata_error *err)
{
    ingest_job *j = &r->j;
    for (size_t i = 0; i < N_LOAD; i++) {
        entity e = load_order[i];
        if (!r->changed[e]) {
            continue;
        }
        STRATA_TRY(context_check(j->cx, err));
        STRATA_TRY(run_delete(j, "data_issue", e, err));
        STRATA_TRY(r->has[e] ? facts_load(j, e, err) : forget_entity(j, e, err));
    }
    return r->derived ? stmt_run(j->conn, "source/derive_started.sql", err) : STRATA_OK;
}

/* Accounts that name what is not there are loaded, and it is said. */
static strata_status note_references(const run *r, ingest_job *j, strata_error *err)
{
    if (r->derived) {
        return STRATA_OK;
    }
    STRATA_TRY(references_note_parents(j, err));
    return r->has[ENTITY_CSMS] ? references_note_managers(j, err) : STRATA_OK;
}

/* Packs the large ledgers that changed, or that a store of an older program has not packed. */
static strata_status pack_ledgers(const run *r, strata_error *err)
{
    const ingest_job *j = &r->j;
    uint32_t fresh;
    STRATA_TRY(ledger_pages_fresh(j->conn, &fresh, err));
    for (int e = 0; e < ENTITY_LOADED; e++) {
        if (r->changed[e] || (fresh & 1U << e) == 0) {
            STRATA_TRY(ledger_pages_write(j->conn, j->cx, (entity)e, err));
        }
    }
    return STRATA_OK;
}

static strata_status note_left_out(ingest_job *j, strata_error *err)
{
    for (int e = 0; e < ENTITY_LOADED; e++) {
        int64_t n = 0;
        for (size_t i = 0; i < j->n_files; i++) {
            n += entity_of(&j->m->sources[j->files[i].source]) == (entity)e ? j->files[i].n_left_out
                                                                            : 0;
        }
        if (n > 0) {
            STRATA_TRY(record_finding(j, entity_name((entity)e), "left_out", n,
                                      "rows that `keep` leaves out", err));
        }
    }
    return STRATA_OK;
}

/* Over definitions and contents of all files, whatever their names and order. */
static strata_status data_digest(const run *r, char out[DIGEST_TEXT], strata_error *err)
{
    digest d;
    digest_init(&d);
    for (int e = 0; e < ENTITY_LOADED; e++) {
        digest_add_text(&d, r->has[e] ? r->definition[e] : NULL);
    }
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new(r->j.conn, "source/file_digests.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (bool more;;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            break;
        }
        for (size_t c = 0; c < 2; c++) {
            text_view v = stmt_get_text(s, c);
            digest_add(&d, v.ptr, v.len);
            digest_add(&d, "", 1);
        }
    }
    digest_finish(&d, out);
    return STRATA_OK;
}

static strata_status note_whole(run *r, strata_error *err)
{
    ingest_job *j = &r->j;
    char digest_text[DIGEST_TEXT];
    for (int e = 0; e < ENTITY_LOADED; e++) {
        STRATA_TRY(meta_set(j->conn, definition_key(j->a, (entity)e),
                            r->has[e] ? r->definition[e] : "", err));
    }
    STRATA_TRY(data_digest(r, digest_text, err));
    STRATA_TRY(meta_set(j->conn, "data_digest", digest_text, err));
    STRATA_TRY(meta_set(j->conn, "currency", j->m->business.currency, err));
    STRATA_TRY(meta_set(j->conn, "timezone", j->m->business.timezone, err));
    return meta_set(j->conn, "accounts_derived", r->derived ? "yes" : "no", err);
}

static strata_status load_all(run *r, strata_error *err)
{
    ingest_job *j = &r->j;
    STORE_TX_AUTO store_tx tx = {0};
    STRATA_TRY(store_begin(j->conn, &tx, err));
    STRATA_TRY(run_delete(j, "data_issue", ENTITY_ACCOUNTS, err));
    STRATA_TRY(load_accounts(r, err));
    follow_via(r);
    STRATA_TRY(load_facts(r, err));
    STRATA_TRY(note_references(r, j, err));
    STRATA_TRY(pack_ledgers(r, err));
    STRATA_TRY(note_left_out(j, err));
    STRATA_TRY(record_rejects(j, err));
    STRATA_TRY(note_whole(r, err));
    STRATA_TRY(context_check(j->cx, err));
    return store_commit(&tx, err);
}

/* Nothing is read; what an older program did not know of is made. */
static strata_status keep_all(const run *r, strata_error *err)
{
    STORE_TX_AUTO store_tx tx = {0};
    STRATA_TRY(store_begin(r->j.conn, &tx, err));
    STRATA_TRY(pack_ledgers(r, err));
    return store_commit(&tx, err);
}

static strata_status run_init(run *r, const context *cx, store *s, const model *m,
                              const ingest_options *options, strata_error *err)
{
    ingest_job *j = &r->j;
    j->cx = cx;
    j->store = s;
    j->conn = store_main(s);
    j->m = m;
    j->options = options != NULL ? *options : (ingest_options){0};
    STRATA_TRY(arena_new(&j->a, err));
    STRATA_TRY(dict_new(&j->features, err));
    STRATA_TRY(dict_new(&j->users, err));
    STRATA_TRY(dict_new(&j->accounts.ids, err));
    STRATA_TRY(check_sources(m, err));
    STRATA_TRY(parse_rates(j, err));
    return zone_load(j->conn, m->business.timezone, j->a, &j->zone, err);
}

strata_status ingest_run(const context *cx, store *s, const model *m, const ingest_options *options,
                         arena *a, ingest_summary *out, strata_error *err)
{
    STRATA_CLEANUP(run_done) run r = {0};
    bool any;
    STRATA_TRY(run_init(&r, cx, s, m, options, err));
    STRATA_TRY(udfs_register(r.j.conn, err));
    STRATA_TRY(files_list(&r.j, err));
    STRATA_TRY(find_changes(&r, &any, err));
    STRATA_TRY(any ? load_all(&r, err) : keep_all(&r, err));
    if (r.j.options.rejects_path != NULL) {
        STRATA_TRY(record_rejects_csv(&r.j, r.j.options.rejects_path, err));
    }
    ingest_summary done;
    STRATA_TRY(ingest_status(s, m, a, &done, err));
    done.changed = any;
    *out = done;
    return STRATA_OK;
}
