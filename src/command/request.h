/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_REQUEST_H
#define STRATA_COMMAND_REQUEST_H

/* Calls out of names and values, as a server and agents send them, instead of out of a command
 * line. What names files, and with callers that may only ask what changes the project, cannot be
 * asked for this way. */

#include <jansson.h>

#include "command/command.h"

/* One positional argument, out of the command's usage: "[APPROACH] [TIMEFRAME]", "review NAME",
 * "churn|expansion". */
typedef struct command_argument {
    char name[24];    /* "approach"; of alternatives: "what" */
    const char *text; /* in the usage, without brackets: "APPROACH", "churn|expansion" */
    size_t len;
    bool optional;
    bool literal; /* "review": stands as it is, nobody gives it */
    bool choice;  /* one of the alternatives in `text`, with | between */
    bool file;    /* "[NEW.yaml]": only the command line may name it */
} command_argument;

enum { COMMAND_ARGUMENTS_MAX = 4 };
/* How many there are. */
size_t command_arguments(const command_def *d, command_argument out[COMMAND_ARGUMENTS_MAX]);

/* Whether callers other than the command line may give the option. */
bool option_open(const command_option *o, bool may_change);

typedef struct call_pair {
    const char *name;  /* of an argument, or the long name of an option; '_' counts as '-' */
    const char *value; /* of a switch: "true" or "false"; otherwise as on the command line */
} call_pair;

/* Whether a command with these parameters leaves the project as it is: it only asks, or its dry
 * switch is on. */
bool request_changes_nothing(const command_def *d, const call_pair *pairs, size_t n);

/* Names and values out of a JSON object: texts, numbers, true and false as the command line would
 * have them; null is "not given", as many clients write it. Allocated in `a`. STRATA_E_USAGE for
 * anything else. */
STRATA_MUST_CHECK strata_status call_pairs_of(arena *a, json_t *object, const call_pair **out,
                                              size_t *n, strata_error *err);

/* Sets command, arguments and options of `c`, whose arena is set, and the seed of its context if
 * one is given; texts are copied. STRATA_E_USAGE with the nearest name for one that the command
 * does not know, for what may not be given, for a missing argument. */
STRATA_MUST_CHECK strata_status call_request(call *c, const command_def *d, const call_pair *pairs,
                                             size_t n, bool may_change, strata_error *err);

#endif
