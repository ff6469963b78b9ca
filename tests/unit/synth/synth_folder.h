/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TEST_SYNTH_FOLDER_H
#define STRATA_TEST_SYNTH_FOLDER_H

/* A scratch folder for what the generator writes. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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
