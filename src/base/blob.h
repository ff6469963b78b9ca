/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_BLOB_H
#define STRATA_BASE_BLOB_H

#include <stddef.h>

/* A file built into the program by tools/embed.c. */
typedef struct strata_blob {
    const char *name; /* "cohort/retention.sql" */
    const unsigned char *data;
    size_t size;
} strata_blob;

extern const strata_blob strata_sql_files[];
extern const strata_blob strata_asset_files[];
extern const strata_blob strata_model_files[];    /* model templates: "hybrid.yaml" */
extern const strata_blob strata_playbook_files[]; /* "save.yaml" */
extern const strata_blob strata_web_files[];      /* the workbench: "index.html", "app.js" */

#endif
