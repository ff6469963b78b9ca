/* SPDX-License-Identifier: Apache-2.0 */
#include "source/files.h"

#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/stat.h>

#include "source/text/textfile.h"
#include "store/stmt.h"

static strata_status add_file(ingest_job *j, size_t source, const char *path, size_t *cap,
                              strata_error *err)
{
    if (j->n_files == *cap) {
        size_t larger = *cap == 0 ? 16 : *cap * 2;
        input_file *files = ARENA_NEW(j->a, larger, input_file);
        if (files == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        if (j->n_files > 0) {
            memcpy(files, j->files, j->n_files * sizeof *files);
        }
        j->files = files;
        *cap = larger;
    }
    const rule_place *at = &j->m->sources[source].place;
    struct stat st;
    if (stat(path, &st) != 0) {
        return strata_fail(err, STRATA_E_IO, "%s:%d:%d: cannot read %s: %s",
                           at->file == NULL ? "model" : at->file, at->line, at->column, path,
                           errno == ENOENT ? "no such file" : "permission denied");
    }
    char *copy = arena_strdup(j->a, path);
    if (copy == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    int64_t modified = (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;
    j->files[j->n_files] = (input_file){.path = copy,
                                        .source = source,
                                        .number = (int32_t)j->n_files,
                                        .size = st.st_size,
                                        .modified_us = modified};
    j->n_files++;
    return STRATA_OK;
}

static strata_status list_pattern(ingest_job *j, size_t source, const char *path, size_t *cap,
                                  strata_error *err)
{
    glob_t found;
    if (strpbrk(path, "*?[") == NULL) {
        return add_file(j, source, path, cap, err);
    }
    /* Not safe beside threads that set the environment or the locale, and there are none. */
    int rc = glob(path, 0, NULL, &found); /* NOLINT(concurrency-mt-unsafe) */
    const rule_place *at = &j->m->sources[source].place;
    if (rc != 0) {
        return strata_fail(err, rc == GLOB_NOSPACE ? STRATA_E_NOMEM : STRATA_E_IO,
                           "%s:%d:%d: no file matches %s", at->file == NULL ? "model" : at->file,
                           at->line, at->column, path);
    }
    strata_status st = STRATA_OK;
    for (size_t i = 0; st == STRATA_OK && i < found.gl_pathc; i++) {
        st = add_file(j, source, found.gl_pathv[i], cap, err);
    }
    globfree(&found);
    return st;
}

strata_status files_list(ingest_job *j, strata_error *err)
{
    size_t cap = 0;
    for (size_t i = 0; i < j->m->n_sources; i++) {
        const char *path = j->m->sources[i].path;
        if (path[0] != '/' && j->m->folder != NULL) {
            path = arena_printf(j->a, "%s/%s", j->m->folder, path);
            if (path == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory");
            }
        }
        STRATA_TRY(list_pattern(j, i, path, &cap, err));
    }
    return STRATA_OK;
}

strata_status files_digest(const ingest_job *j, input_file *f, strata_error *err)
{
    STRATA_AUTO(textfile_close) textfile *text = NULL;
    STRATA_TRY(textfile_open(f->path, &text, err));
    digest d;
    digest_init(&d);
    for (;;) {
        const char *bytes;
        size_t n;
        bool last;
        STRATA_TRY(context_check(j->cx, err));
        STRATA_TRY(textfile_peek(text, &bytes, &n, &last, err));
        digest_add(&d, bytes, n);
        textfile_skip(text, n);
        if (last) {
            break;
        }
    }
    digest_finish(&d, f->digest);
    return STRATA_OK;
}
