/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PANEL_BLOCKS_H
#define STRATA_PANEL_BLOCKS_H

/* Every account's rows of some entities, block by block, on all threads: for what reads a ledger
 * whole without making features of it. */

#include <strata/error.h>

#include "base/context.h"
#include "panel/ledger.h"

enum { BLOCKS_ACCOUNTS = 65536 }; /* accounts of one task: task t has those from t times this on */

/* Told of one block of a task. Blocks of a task come in order of accounts; tasks run side by side
 * and write only what their accounts own. */
typedef strata_status blocks_fn(void *job, size_t task, const ledger_block *block,
                                strata_error *err);

size_t blocks_tasks(size_t n_accounts);
/* `entities`: bits, 1u << ENTITY_ARR. Rows after `until` may still come. The split does not depend
 * on threads. STRATA_E_CANCELLED, or what the source or `fn` fails with. */
STRATA_MUST_CHECK strata_status blocks_read(const context *cx, const ledger_source *source,
                                            uint32_t entities, day until, blocks_fn *fn, void *job,
                                            strata_error *err);

#endif
