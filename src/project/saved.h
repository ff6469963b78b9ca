/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PROJECT_SAVED_H
#define STRATA_PROJECT_SAVED_H

/* A list of accounts kept as a segment: saved/NAME.csv with one pin for each
 * account, in force from the day the list was made as of, and saved/NAME.yaml with the dimension
 * that reads it (segments "Saved" and "Others"). The model takes it in by extends. */

#include "project/project.h"

typedef struct saved_segment {
    const char *name;  /* of the dimension: a name as the model's are */
    const char *label; /* what the accounts have in common, in words; the why of every pin */
    const char *who;   /* the command that made the list */
    day as_of;
    const size_t *accounts; /* account numbers */
    size_t n;
} saved_segment;

typedef struct saved_files {
    const char *yaml, *csv; /* relative to the project's folder, as extends wants it */
    bool known;             /* the model reads it already */
} saved_files;

/* Writes both files; paths allocated in `a`. Files of that name are replaced only with `replace`:
 * else STRATA_E_USAGE, which names them. STRATA_E_USAGE too for no accounts, a name that is none or
 * that the model uses for something else. STRATA_E_IO. */
STRATA_MUST_CHECK strata_status saved_segment_write(const project *p, arena *a,
                                                    const saved_segment *s, bool replace,
                                                    saved_files *out, strata_error *err);

#endif
