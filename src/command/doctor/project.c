/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"
#include "command/doctor/doctor.h"
#include "command/session.h"
#include "source/source.h"
#include "store/stmt.h"

static const double GB = 1e9;
static const double LEAST_DISK = 1e8; /* bytes; below it an ingest of any size may fail */

/* --- the folder --- */

static double file_size(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (double)st.st_size : 0.0;
}

/* An ingest may write the whole store anew beside the old one. */
static void check_disk(checkup *u, const project *p)
{
    struct statvfs fs;
    if (statvfs(p->folder, &fs) != 0) {
        checkup_add(u, "disk", "Disk space", CHECK_WARN, NULL, "not known: %s",
                    errno == ENOENT ? "no such folder" : "the system does not tell");
        return;
    }
    double free_bytes = (double)fs.f_bavail * (double)fs.f_frsize;
    double store_bytes = file_size(p->store_path);
    check_state state = free_bytes < LEAST_DISK          ? CHECK_FAIL
                        : free_bytes < 2.0 * store_bytes ? CHECK_WARN
                                                         : CHECK_OK;
    checkup_add(u, "disk", "Disk space", state,
                state != CHECK_OK ? "free some space: an ingest may need twice the store's size"
                                  : NULL,
                "%.1f GB free, the store takes %.3f GB", free_bytes / GB, store_bytes / GB);
}

static void check_folder(checkup *u, const project *p)
{
    bool writable = access(p->folder, W_OK) == 0;
    bool store_writable = !file_exists(p->store_path) || access(p->store_path, W_OK) == 0;
    bool ok = writable && store_writable;
    checkup_add(u, "folder", "Project folder", ok ? CHECK_OK : CHECK_WARN,
                ok ? NULL : "give yourself the right to write there; until then only reading works",
                "'%s' can be %s", p->folder, ok ? "written" : "read, but not written");
}

/* --- the store --- */

static void check_store(checkup *u, project *p)
{
    strata_error err = {0};
    strata_status st = project_open_reader(p, &err);
    if (st == STRATA_OK) {
        checkup_add(u, "store", "Store", CHECK_OK, NULL, "opens, schema %d",
                    store_schema_version());
    } else if (st == STRATA_E_NOTFOUND) {
        checkup_add(u, "store", "Store", CHECK_WARN, "read the data with 'strata ingest'",
                    "there is none yet");
    } else if (st == STRATA_E_LOCKED) {
        checkup_add_error(u, "store", "Store",
                          "wait for that program, or end it: a store has one writer at a time",
                          &err);
    } else {
        checkup_add_error(u, "store", "Store",
                          "restore strata.duckdb from a backup, or move it away and ingest again",
                          &err);
    }
}

/* --- the sources --- */

/* What the store knows of a file it was made from. */
typedef struct known_file {
    const char *path;
    int64_t size, modified; /* bytes; microseconds since 1970, UTC */
} known_file;
typedef VEC(known_file) known_files;

static void known_done(known_files *known)
{
    vec_free(known);
}

static strata_status read_known(const checkup *u, const project *p, known_files *known,
                                strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    bool more = false;
    STRATA_TRY(stmt_new(store_main(p->store), "source/source_files.sql", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    STRATA_TRY(stmt_next(s, &more, err));
    while (more) {
        text_view path = stmt_get_text(s, 2);
        known_file file = {.path = arena_strndup(u->c->arena, path.ptr, path.len),
                           .size = stmt_get_int(s, 3),
                           .modified = stmt_get_int(s, 4)};
        if (file.path == NULL || !vec_push(known, file)) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        STRATA_TRY(stmt_next(s, &more, err));
    }
    return STRATA_OK;
}

static bool is_known(const known_files *known, const char *path, const struct stat *st)
{
    int64_t modified = (int64_t)st->st_mtim.tv_sec * 1000000 + st->st_mtim.tv_nsec / 1000;
    for (size_t i = 0; i < known->n; i++) {
        const known_file *file = &known->data[i];
        if (strcmp(file->path, path) == 0) {
            return file->size == (int64_t)st->st_size && file->modified == modified;
        }
    }
    return false;
}

/* Files of a source, and how many of them are new or changed since they were read. */
static size_t count_files(const checkup *u, const project *p, const model_source *s,
                          const known_files *known, size_t *n_newer)
{
    const char *path = s->path;
    if (path[0] != '/' && p->model->folder != NULL) {
        path = arena_printf(u->c->arena, "%s/%s", p->model->folder, path);
    }
    glob_t found = {0};
    size_t n = 0;
    *n_newer = 0;
    if (path != NULL &&
        glob(path, 0, NULL, &found) == 0) { // NOLINT(concurrency-mt-unsafe): one thread
        for (size_t i = 0; i < found.gl_pathc; i++) {
            struct stat st;
            bool file = stat(found.gl_pathv[i], &st) == 0 && !S_ISDIR(st.st_mode);
            n += file && access(found.gl_pathv[i], R_OK) == 0;
            *n_newer += file && p->store != NULL && !is_known(known, found.gl_pathv[i], &st);
        }
    }
    globfree(&found);
    return n;
}

static void check_source(checkup *u, const project *p, const model_source *s,
                         const known_files *known)
{
    size_t n_newer = 0;
    size_t n = count_files(u, p, s, known, &n_newer);
    const char *key = arena_printf(u->c->arena, "source.%s", s->entity);
    const char *name = arena_printf(u->c->arena, "Source %s", s->entity);
    if (key == NULL || name == NULL) {
        u->out_of_memory = true;
    } else if (n == 0) {
        checkup_add(u, key, name, CHECK_FAIL, "correct the path in strata.yaml, or bring the file",
                    "no file that can be read at '%s'", s->path);
    } else if (n_newer > 0) {
        checkup_add(u, key, name, CHECK_WARN, "read it with 'strata ingest'",
                    "%zu of %zu file%s changed since the last ingest", n_newer, n,
                    n == 1 ? "" : "s");
    } else {
        checkup_add(u, key, name, CHECK_OK, NULL, "%zu file%s", n, n == 1 ? "" : "s");
    }
}

static void check_sources(checkup *u, const project *p)
{
    STRATA_CLEANUP(known_done) known_files known = {0};
    strata_error err = {0};
    if (p->store != NULL && read_known(u, p, &known, &err) != STRATA_OK) {
        checkup_add_error(u, "sources", "Sources", "run 'strata ingest' again", &err);
        return;
    }
    for (size_t i = 0; i < p->model->n_sources; i++) {
        check_source(u, p, &p->model->sources[i], &known);
    }
}

enum { OLD_DAYS = 35 }; /* a monthly export with some days of grace */

/* How old the newest fact is. */
static void check_freshness(checkup *u, const project *p)
{
    strata_error err = {0};
    ingest_summary summary = {0};
    if (p->store == NULL ||
        ingest_status(p->store, p->model, u->c->arena, &summary, &err) != STRATA_OK) {
        return;
    }
    day last = DAY_MISSING;
    for (size_t i = 0; i < summary.n_sources; i++) {
        day d = summary.sources[i].last_day;
        last = d != DAY_MISSING && d <= u->c->cx.today && d > last ? d : last;
    }
    if (last == DAY_MISSING) {
        return;
    }
    char text[DAY_TEXT];
    day_format(last, text);
    bool old = u->c->cx.today - last > OLD_DAYS;
    checkup_add(u, "freshness", "Freshness", old ? CHECK_WARN : CHECK_OK,
                old ? "bring newer exports and run 'strata ingest'" : NULL,
                "the newest fact is of %s, %d days ago", text, u->c->cx.today - last);
}

/* --- the model --- */

static void check_model(checkup *u, project *p)
{
    strata_error err = {0};
    const model_warning *warnings = NULL;
    size_t n = 0;
    size_t n_told = 0;
    store_close(p->store); /* loading opens it anew */
    p->store = NULL;
    if (project_load(p, &err) != STRATA_OK ||
        model_check(p->bound, &warnings, &n, &err) != STRATA_OK) {
        checkup_add_error(u, "binding", "Model on this data", "correct strata.yaml", &err);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        n_told += !warnings[i].note;
    }
    checkup_add(u, "binding", "Model on this data", n_told > 0 ? CHECK_WARN : CHECK_OK,
                n_told > 0 ? "'strata quality' lists them" : NULL, "%zu account%s, %zu warning%s",
                p->portfolio->n_accounts, p->portfolio->n_accounts == 1 ? "" : "s", n_told,
                n_told == 1 ? "" : "s");
}

void checkup_project(checkup *u)
{
    STRATA_AUTO(project_close) project *p = NULL;
    strata_error err = {0};
    if (session_project(u->c, &p, &err) != STRATA_OK) {
        checkup_add_error(u, "model", "Model file",
                          err.status == STRATA_E_NOTFOUND
                              ? "make a project with 'strata init', or name one with --project"
                              : "correct strata.yaml",
                          &err);
        return;
    }
    p->options.wait_s = -1; /* who holds it is told at once */
    checkup_add(u, "model", "Model file", CHECK_OK, NULL, "'%s' loads: model %s @ %.6s",
                p->model_path, p->model->template_name, p->model->digest);
    check_folder(u, p);
    check_disk(u, p);
    check_store(u, p);
    check_sources(u, p);
    check_freshness(u, p);
    if (p->store != NULL) {
        check_model(u, p);
    }
}
