/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_BASE_ARENA_H
#define STRATA_BASE_ARENA_H

/* Memory for one job (a command, a model, a document): grows in chunks, freed
 * at once. Functions that allocate from an arena say "allocated in `arena`".
 * With STRATA_ARENA_DEBUG every block is its own malloc, so that the address
 * sanitizer sees overruns. */

#include <stddef.h>

#include <strata/error.h>

#include "base/auto.h"

typedef struct arena arena;

STRATA_MUST_CHECK strata_status arena_new(arena **out, strata_error *err);
void arena_free(arena *a); /* NULL is fine */
STRATA_DEFINE_AUTO(arena, arena_free)

/* n zeroed objects of `size` bytes, aligned for any type; NULL when memory ran out. */
void *arena_alloc(arena *a, size_t n, size_t size);
#define ARENA_NEW(a, n, type) ((type *)arena_alloc((a), (n), sizeof(type)))

/* Copies; NULL when memory ran out. arena_strndup ends the copy with a NUL. */
char *arena_strdup(arena *a, const char *s);
char *arena_strndup(arena *a, const char *s, size_t len);
char *arena_printf(arena *a, const char *fmt, ...) STRATA_PRINTF(2, 3);

#endif
