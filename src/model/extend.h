/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_EXTEND_H
#define STRATA_MODEL_EXTEND_H

/* The file with everything it extends put under it. */

#include "base/blob.h"
#include "model/model.h"
#include "model/yaml.h"

enum {
    EXTEND_MAX_DEPTH = 16, /* a file that extends one that extends one ... */
    EXTEND_MAX_FILES = 64, /* read in all */
};

typedef struct extended {
    const yaml_node *root;     /* a mapping, without `extends` */
    const char *template_name; /* of the last shipped template; NULL: none */
    const model_file *files;   /* that were read, but for the first */
} extended;

/* `path` names the file in messages and is what relative paths start from.
 * `contained`: no file but those in its folder or below it is read. STRATA_E_MODEL with place, for
 * templates "template hybrid:3:5: ...". In `a`. */
STRATA_MUST_CHECK strata_status model_extend(arena *a, const char *path, const char *yaml,
                                             size_t len, bool contained, extended *out,
                                             strata_error *err);

/* The shipped template of that name; NULL: there is none. */
const strata_blob *template_blob(const char *name);

/* Whether a relative path stays in its folder or below it: not absolute, no "..". */
bool path_is_below(const char *path);
/* The folder part of a path, "." when it has none; NULL when memory ran out. */
const char *path_folder(arena *a, const char *path);
/* Puts a file before the others. */
STRATA_MUST_CHECK strata_status note_file(arena *a, const char *path, const model_file **files,
                                          strata_error *err);
/* `path` as seen from `folder`: itself when absolute or when folder is ".". NULL: out of memory. */
const char *path_join(arena *a, const char *folder, const char *path);

#endif
