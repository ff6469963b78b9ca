/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_TESTS_CLI_COMMAND_LINE_H
#define STRATA_TESTS_CLI_COMMAND_LINE_H

/* Command lines as the program gets them, without its main(). */

#include "cli/cli.h"

enum { COMMAND_LINE_WORDS = 24 };

/* Splits `line` at spaces, parses it and, when `run`, does what it says: two threads, seed 1,
 * today 2026-06-30, JSON into --output. *c keeps what was parsed; its arena is the caller's to
 * free. */
strata_status command_line(const char *line, bool run, call *c, strata_error *err);

#endif
