/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_SESSION_H
#define STRATA_COMMAND_SESSION_H

/* What commands that look at a portfolio share: the project of --project, loaded, and the date of
 * --as-of. */

#include "command/command.h"
#include "project/project.h"
#include "segment/view.h"

/* The project alone: its model file is read, nothing else. */
STRATA_MUST_CHECK strata_status session_project(call *c, project **out, strata_error *err);
/* The project with its data and its model bound. */
STRATA_MUST_CHECK strata_status session_load(call *c, project **out, strata_error *err);
/* What makes a model's results doubtful, to standard error: for commands that apply a model anew or
 * judge it (run, backfill, plan). Those that show its warnings in what they print need not. */
STRATA_MUST_CHECK strata_status session_warn(const call *c, bound_model *b, strata_error *err);
/* Whether the model's playbooks can be read and bound: they are read only where they are followed,
 * and whoever checks a model wants to know now. */
STRATA_MUST_CHECK strata_status session_check_playbooks(const bound_model *b, strata_error *err);
/* --as-of, or the last day with data. STRATA_E_USAGE before the first fact or after today. */
STRATA_MUST_CHECK strata_status session_as_of(const call *c, const project *p, day *out,
                                              strata_error *err);
/* A document about the project as of a day. n_accounts and arr are of accounts that exist then;
 * give -1 where they are not known. */
STRATA_MUST_CHECK strata_status session_document(const call *c, const project *p, const char *kind,
                                                 const char *title, day as_of, int64_t n_accounts,
                                                 int64_t arr_minor, document **out,
                                                 strata_error *err);
/* The number of the account with this id, or with this name if only one has it.
 * STRATA_E_NOTFOUND with the nearest id otherwise. */
STRATA_MUST_CHECK strata_status session_account(const project *p, const char *text, size_t *out,
                                                strata_error *err);
/* The dimension of that name, or the primary one for NULL. STRATA_E_NOTFOUND with the nearest. */
STRATA_MUST_CHECK strata_status session_dimension(const project *p, const char *name,
                                                  const bound_def **out, strata_error *err);
/* Number and value of the accounts in the population at the view's date. */
void session_totals(const view *v, int64_t *n_accounts, int64_t *value_minor);

#endif
