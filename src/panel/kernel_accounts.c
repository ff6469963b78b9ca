/* SPDX-License-Identifier: Apache-2.0 */
#include "panel/sweep.h"

static strata_status accounts_new(const sweep *s, void **out, strata_error *err)
{
    (void)s;
    (void)err;
    *out = NULL; /* needs no scratch */
    return STRATA_OK;
}

static strata_status accounts_run(void *self, const ledger_block *block, const sweep_out *out,
                                  strata_error *err)
{
    (void)self;
    (void)err;
    for (size_t i = 0; i < block->n_accounts; i++) {
        day start = block->started_on[i];
        put_days_since(out, FEATURE_TENURE, i, start,
                       first_visible(out->sweep, start, DAY_MISSING));
    }
    return STRATA_OK;
}

static void accounts_free(void *self)
{
    (void)self;
}

const kernel kernel_accounts = {ENTITY_ACCOUNTS, accounts_new, accounts_run, accounts_free};
