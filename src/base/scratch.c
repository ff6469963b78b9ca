/* SPDX-License-Identifier: Apache-2.0 */
#include "base/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

strata_status scratch_folder_new(const char *parent, scratch_folder *out, strata_error *err)
{
    scratch_folder s;
    parent = parent != NULL ? parent : "/tmp";
    int n = snprintf(s.path, sizeof s.path, "%s/strata-XXXXXX", parent);
    if (n < 0 || (size_t)n >= sizeof s.path || mkdtemp(s.path) == NULL) {
        return strata_fail(err, STRATA_E_IO,
                           "cannot write a temporary file in %.200s; set TMPDIR to a folder with "
                           "room",
                           parent);
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
