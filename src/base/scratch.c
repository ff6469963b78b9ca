/* SPDX-License-Identifier: Apache-2.0 */
#include "base/scratch.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

static strata_status no_room(const char *folder, strata_error *err)
{
    return strata_fail(err, STRATA_E_IO,
                       "cannot write a temporary file in %.200s; set TMPDIR to a folder with room",
                       folder);
}

strata_status scratch_folder_new(const char *parent, scratch_folder *out, strata_error *err)
{
    scratch_folder s;
    parent = parent != NULL ? parent : "/tmp";
    int n = snprintf(s.path, sizeof s.path, "%s/strata-XXXXXX", parent);
    if (n < 0 || (size_t)n >= sizeof s.path || mkdtemp(s.path) == NULL) {
        return no_room(parent, err);
    }
    *out = s;
    return STRATA_OK;
}

void scratch_folder_done(scratch_folder *s)
{
    if (s->path[0] != '\0') {
        (void)rmdir(s->path);
        s->path[0] = '\0';
    }
}

strata_status scratch_check_room(const char *folder, uint64_t bytes, strata_error *err)
{
    struct statvfs fs;
    folder = folder != NULL ? folder : "/tmp";
    bool known = statvfs(folder, &fs) == 0 && fs.f_frsize > 0;
    return known && fs.f_bavail < bytes / fs.f_frsize + 1 ? no_room(folder, err) : STRATA_OK;
}

strata_status scratch_check_stream(const char *folder, FILE *f, strata_error *err)
{
    bool whole = fflush(f) == 0 && ferror(f) == 0;
    return whole ? STRATA_OK : no_room(folder != NULL ? folder : "/tmp", err);
}
