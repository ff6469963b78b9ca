/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_SCHEMA_H
#define STRATA_COMMAND_SCHEMA_H

/* What requests may carry, as JSON Schema (2020-12): for the tools of the agent interface and the
 * parameters of the REST interface. */

#include <jansson.h>

#include "command/request.h"

/* New references; NULL when memory ran out. Whole numbers are "integer", switches "boolean", dates
 * "string" of format "date", alternatives "enum". */
json_t *schema_argument(const command_argument *a);
json_t *schema_option(const command_option *o);
/* "as_of" of "as-of". `out` holds at least strlen(name) + 1 bytes. */
void schema_name(const char *name, char *out, size_t cap);

/* Told of every parameter a request may give: arguments first, then the command's options, then
 * those of every command. False ends the walk. */
typedef bool schema_each_fn(void *payload, const char *name, bool required, json_t *schema);
/* Hands the reference of each schema over. False when `each` said so, or memory ran out. */
bool schema_each(const command_def *d, bool may_change, schema_each_fn *each, void *payload);

/* The whole as an object schema without other properties. */
json_t *schema_parameters(const command_def *d, bool may_change);

#endif
