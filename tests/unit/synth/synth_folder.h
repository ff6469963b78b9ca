/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_SYNTH_FOLDER_H
#define STRATA_TEST_SYNTH_FOLDER_H

/* A scratch folder for what the generator writes. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static inline void scratch_make(char out[64])
{
    (void)snprintf(out, 64, "/tmp/strata-synth-XXXXXX");
    assert_non_null(mkdtemp(out));
}

static inline size_t scratch_entries(const char *dir, bool unlink_them)
{
    DIR *d = opendir(dir);
    size_t n = 0;
    if (d == NULL) {
        return 0;
    }
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): a stream of our own */
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        if (e->d_name[0] != '.') {
            n++;
            if (unlink_them) {
                (void)unlinkat(dirfd(d), e->d_name, 0);
            }
        }
    }
    (void)closedir(d);
    return n;
}

/* The file's text, to be freed. Not inlined: gcc 12 then warns of a dangling pointer. */
__attribute__((noinline, unused)) static char *scratch_read(const char *dir, const char *name)
{
    char path[160];
    (void)snprintf(path, sizeof path, "%s/%s", dir, name);
    strata_error err = {0};
    char *text = NULL;
    size_t len = 0;
    assert_ok(file_read(path, (size_t)1 << 30, &text, &len, &err), &err);
    return text;
}

static inline void assert_same_file(const char *a, const char *b, const char *name)
{
    char *x = scratch_read(a, name);
    char *y = scratch_read(b, name);
    if (strcmp(x, y) != 0) {
        fail_msg("%s differs", name);
    }
    free(x);
    free(y);
}

/* Removes the folder, its files and a folder "p" of files in it. */
static inline void scratch_remove(const char *dir)
{
    char inner[96];
    (void)snprintf(inner, sizeof inner, "%s/p", dir);
    (void)scratch_entries(inner, true);
    (void)rmdir(inner);
    (void)scratch_entries(dir, true);
    assert_int_equal(rmdir(dir), 0); /* nothing else may be left */
}

#endif
