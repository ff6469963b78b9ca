/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLI_SAVED_H
#define STRATA_CLI_SAVED_H

/* What to do with a dimension that was saved (project/saved.h). */

#include "cli/cli.h"
#include "project/saved.h"

typedef struct cli_saved {
    const char *name; /* of the dimension */
    const saved_files *files;
    bool list; /* of accounts, not rules */
} cli_saved;

/* Says whether the model reads it, else which line of the model file would make it; and what the
 * model's population does to it. */
void cli_tell_saved(const cli *c, document *d, doc_section *s, const model *m,
                    const cli_saved *saved);

#endif
