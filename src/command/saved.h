/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_SAVED_H
#define STRATA_COMMAND_SAVED_H

/* What to do with a dimension that was saved (project/saved.h). */

#include "command/command.h"
#include "project/saved.h"

typedef struct call_saved {
    const char *name; /* of the dimension */
    const saved_files *files;
    bool list; /* of accounts, not rules */
} call_saved;

/* Says whether the model reads it, else which line of the model file would make it; and what the
 * model's population does to it. */
void call_tell_saved(const call *c, document *d, doc_section *s, const model *m,
                     const call_saved *saved);

#endif
