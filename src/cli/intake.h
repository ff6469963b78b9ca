/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_CLI_INTAKE_H
#define STRATA_CLI_INTAKE_H

#include "cli/cli.h"
#include "project/draft.h"

/* Asks the questions of the intake on standard error and reads the answers from standard input;
 * an empty line leaves one out, the end of input all that follow. Answers in the command's arena.
 * STRATA_E_CANCELLED on Ctrl-C. */
STRATA_MUST_CHECK strata_status intake_ask(const call *c, const char *answers[INTAKE_QUESTIONS],
                                           strata_error *err);

#endif
