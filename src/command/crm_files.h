/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_CRM_FILES_H
#define STRATA_COMMAND_CRM_FILES_H

/* The files that `strata crm` writes: CSV as Salesforce and HubSpot import it. */

#include "base/vec.h"
#include "command/ask/tasks.h"
#include "history/crm.h"
#include "report/accounts.h"

typedef enum crm_what {
    CRM_VALUE, /* a name that rules may use, a dimension among them */
    CRM_PLAY,  /* the play that waits first */
    CRM_STEP,  /* its next step */
    CRM_DUE,   /* when that is due */
    CRM_AS_OF
} crm_what;

typedef struct crm_column {
    crm_what what;
    size_t slot; /* CRM_VALUE */
    const char *head;
} crm_column;

typedef VEC(crm_column) crm_columns;

/* The columns behind id and name: every dimension, every score, what is to be done next, the date,
 * and what else `fields` of the model's `crm` names. Slots to be kept go to `keep`. */
STRATA_MUST_CHECK strata_status crm_columns_find(const look *l, const model_crm *names,
                                                 crm_columns *out, strata_error *err);

typedef struct crm_files {
    const tasks_ask *ask;
    const model_crm *names;
    crm_system system;
    const crm_columns *columns;
    const crm_told *told;
    const crm_moves *moves;
} crm_files;

/* Appends one file; *n_rows without its head. */
STRATA_MUST_CHECK strata_status crm_put_accounts(const crm_files *f, strbuf *out, size_t *n_rows,
                                                 strata_error *err);
STRATA_MUST_CHECK strata_status crm_put_moves(const crm_files *f, strbuf *out, size_t *n_rows,
                                              strata_error *err);
STRATA_MUST_CHECK strata_status crm_put_tasks(const crm_files *f, strbuf *out, size_t *n_rows,
                                              strata_error *err);
/* "a rule's condition changed"; for a move without a fact behind it, what may be. */
const char *crm_cause_words(const crm_move *m);

#endif
