/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/blob.h"
#include "base/number.h"
#include "command/doctor/doctor.h"
#include "store/stmt.h"

static const double GB = 1e9;
static const uint64_t LITTLE_MEMORY = 1000000000; /* a million accounts need about this */

static void check_program(checkup *u)
{
    checkup_add(u, "program", "Program", CHECK_OK, NULL, "strata %s, store schema %d",
                STRATA_VERSION, store_schema_version());
}

static strata_status duckdb_version(const checkup *u, const char **out, strata_error *err)
{
    STRATA_AUTO(store_close) store *s = NULL;
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    store_options options = {.mode = STORE_MEMORY};
    bool more = false;
    STRATA_TRY(store_open(NULL, &options, &u->c->cx, &s, err));
    STRATA_TRY(stmt_new(store_main(s), "store/duckdb_version.sql", &q, err));
    STRATA_TRY(stmt_execute(q, err));
    STRATA_TRY(stmt_next(q, &more, err));
    text_view version = more ? stmt_get_text(q, 0) : (text_view){"", 0};
    *out = arena_strndup(u->c->arena, version.ptr, version.len);
    return *out != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static void check_duckdb(checkup *u)
{
    const char *version = NULL;
    strata_error err = {0};
    if (duckdb_version(u, &version, &err) != STRATA_OK) {
        checkup_add_error(u, "duckdb", "DuckDB", "install the program again", &err);
    } else {
        checkup_add(u, "duckdb", "DuckDB", CHECK_OK, NULL, "%s", version);
    }
}

static void check_processors(checkup *u)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    checkup_add(u, "threads", "Processors", CHECK_OK, NULL, "%d of %ld used", u->c->cx.threads, n);
}

/* Bytes that can be had without swapping: MemAvailable; 0 where it is not told. */
static uint64_t memory_available(void)
{
    static const char label[] = "MemAvailable:";
    double kb = 0;
    char line[128];
    FILE *f = fopen("/proc/meminfo", "r");
    while (f != NULL && kb <= 0 && fgets(line, sizeof line, f) != NULL) {
        if (strncmp(line, label, sizeof label - 1) == 0) {
            const char *digits = line + strcspn(line, "0123456789");
            (void)number_parse(digits, strspn(digits, "0123456789"), &kb);
        }
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    return (uint64_t)kb * 1024;
}

static void check_memory(checkup *u)
{
    uint64_t bytes = memory_available();
    if (bytes == 0) {
        checkup_add(u, "memory", "Memory", CHECK_OK, NULL, "the system does not tell");
        return;
    }
    bool little = bytes < LITTLE_MEMORY;
    checkup_add(u, "memory", "Memory", little ? CHECK_WARN : CHECK_OK,
                little ? "end other programs, or limit the store with --memory" : NULL,
                "%.1f GB available", (double)bytes / GB);
}

static bool has_asset(const char *name)
{
    size_t len = strlen(name);
    for (const strata_blob *b = strata_asset_files; b->name != NULL; b++) {
        size_t have = strlen(b->name);
        if (have >= len && strcmp(b->name + have - len, name) == 0 && b->size > 0) {
            return true;
        }
    }
    return false;
}

static void check_assets(checkup *u)
{
    static const char *const names[] = {"report.css", "report.js", "vega.min.js",
                                        "vega-lite.min.js", "vega-embed.min.js"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!has_asset(names[i])) {
            checkup_add(u, "assets", "Report assets", CHECK_FAIL, "build the program again",
                        "'%s' is not in the program; reports cannot be written", names[i]);
            return;
        }
    }
    checkup_add(u, "assets", "Report assets", CHECK_OK, NULL, "styles and charts are built in");
}

void checkup_surroundings(checkup *u)
{
    check_program(u);
    check_duckdb(u);
    check_processors(u);
    check_memory(u);
    check_assets(u);
}
