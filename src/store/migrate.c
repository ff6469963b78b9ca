/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "store/private.h"
#include "store/stmt.h"

/* "schema/0001_base.sql" of version 1; NULL past the newest. */
static const strata_blob *migration(int version)
{
    static const char folder[] = "schema/";
    for (const strata_blob *b = strata_sql_files; b->name != NULL; b++) {
        if (strncmp(b->name, folder, strlen(folder)) == 0 &&
            strtol(b->name + strlen(folder), NULL, 10) == version) {
            return b;
        }
    }
    return NULL;
}

int store_schema_version(void)
{
    int version = 0;
    while (migration(version + 1) != NULL) {
        version++;
    }
    return version;
}

static void checksum_of(const strata_blob *file, char out[DIGEST_TEXT])
{
    digest d;
    digest_init(&d);
    digest_add(&d, file->data, file->size);
    digest_finish(&d, out);
}

/* Whether there is a table of migrations, and any table at all. */
static strata_status count_tables(store *s, bool *migrated, bool *empty, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(stmt_new(s->main, "store/tables.sql", &q, err));
    STRATA_TRY(stmt_execute(q, err));
    bool more;
    STRATA_TRY(stmt_next(q, &more, err));
    *migrated = more && stmt_get_int(q, 0) > 0;
    *empty = !more || stmt_get_int(q, 1) == 0;
    return STRATA_OK;
}

/* Checks what was applied against what this program holds; *applied is the newest. */
static strata_status check_applied(store *s, int newest, int *applied, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(stmt_new(s->main, "store/migrations.sql", &q, err));
    STRATA_TRY(stmt_execute(q, err));
    for (;;) {
        bool more;
        STRATA_TRY(stmt_next(q, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        int version = (int)stmt_get_int(q, 0);
        text_view had = stmt_get_text(q, 1);
        text_view program = stmt_get_text(q, 2);
        if (version > newest) {
            return strata_fail(err, STRATA_E_STORE,
                               "the store '%s' has schema %d, made by Strata %.*s; this is Strata "
                               "%s, which knows schemas up to %d; use the newer program",
                               s->path, version, (int)program.len, program.ptr, STRATA_VERSION,
                               newest);
        }
        const strata_blob *file = migration(version);
        char now[DIGEST_TEXT] = "";
        if (file != NULL) {
            checksum_of(file, now);
        }
        if (had.len != strlen(now) || memcmp(had.ptr, now, had.len) != 0) {
            return strata_fail(err, STRATA_E_STORE,
                               "schema %d of the store '%s' differs from this program's, though "
                               "both are called %d; delete the store and ingest again",
                               version, s->path, version);
        }
        *applied = version;
    }
}

static strata_status note_applied(store *s, int version, const strata_blob *file, strata_error *err)
{
    char checksum[DIGEST_TEXT];
    checksum_of(file, checksum);
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(stmt_new(s->main, "store/migration_insert.sql", &q, err));
    STRATA_TRY(stmt_bind_int32(q, "version", version, err));
    STRATA_TRY(stmt_bind_text(q, "name", file->name, err));
    STRATA_TRY(stmt_bind_text(q, "checksum", checksum, err));
    STRATA_TRY(stmt_bind_text(q, "program", STRATA_VERSION, err));
    return stmt_execute(q, err);
}

static strata_status apply(store *s, int version, strata_error *err)
{
    const strata_blob *file = migration(version);
    STORE_TX_AUTO store_tx tx = {0};
    STRATA_TRY(store_begin(s->main, &tx, err));
    if (version == 1) {
        STRATA_TRY(store_run_file(s->main, "store/migration_table.sql", err));
    }
    STRATA_TRY(store_run_file(s->main, file->name, err));
    STRATA_TRY(note_applied(s, version, file, err));
    return store_commit(&tx, err);
}

strata_status store_migrate(store *s, strata_error *err)
{
    bool migrated;
    bool empty;
    STRATA_TRY(count_tables(s, &migrated, &empty, err));
    if (!migrated && (!empty || s->mode == STORE_READ)) {
        return strata_fail(err, STRATA_E_STORE,
                           "'%s' is a DuckDB file, but not a store of Strata's; name another file",
                           s->path);
    }
    int newest = store_schema_version();
    int applied = 0;
    if (migrated) {
        STRATA_TRY(check_applied(s, newest, &applied, err));
    }
    if (s->mode == STORE_READ && applied < newest) {
        return strata_fail(err, STRATA_E_STORE,
                           "the store '%s' has schema %d, this program needs %d; run 'strata "
                           "ingest' to bring it up to date",
                           s->path, applied, newest);
    }
    for (int version = applied + 1; version <= newest; version++) {
        STRATA_TRY(apply(s, version, err));
    }
    return STRATA_OK;
}
