/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_STATE_H
#define STRATA_SERVE_STATE_H

/* What the project's files are now, so that an answer can be told from an outdated one without
 * opening anything. */

#include <pthread.h>

#include "base/day.h"
#include "base/digest.h"
#include "base/strbuf.h"
#include "model/model.h"

/* The files that decide what a project answers. Safe from several threads. */
typedef struct project_files {
    const char *folder;
    pthread_mutex_t lock;
    strbuf others; /* paths that strata.yaml names, each with its NUL */
} project_files;

void project_files_init(project_files *f, const char *folder);
void project_files_done(project_files *f);
/* The files that it names are those that decide from now on. */
void project_files_set(project_files *f, const model *m);

/* Digest of name, size, place and time of every file in the folder and the folders in it (two
 * deep), but of those that the server itself writes, and of the files that the model names,
 * wherever they lie. Two calls agree only if nobody wrote, replaced or removed any of them between.
 */
void project_files_state(project_files *f, char out[DIGEST_TEXT]);

#endif
