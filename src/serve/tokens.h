/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_TOKENS_H
#define STRATA_SERVE_TOKENS_H

/* Who may use the server: a file of names, roles and hashes, a line each. The token itself is
 * "NAME.SECRET" and is shown once, when it is made. */

#include "base/strbuf.h"
#include "serve/server.h"

enum { TOKEN_NAME_MAX = 40, TOKEN_TEXT_MAX = 96 };

typedef struct token_info {
    char name[TOKEN_NAME_MAX + 1];
    serve_role role;
} token_info;

/* ACCESS_NONE when there is none of that name. */
serve_role serve_role_find(const char *name);

/* --- the file --- */
/* Adds a token; `token` gets its text. Letters, digits, '-' and '_' make a name. STRATA_E_USAGE for
 * a name that is none or is taken. The file is made when it is missing, for its owner only. */
STRATA_MUST_CHECK strata_status token_add(const char *path, const char *name, serve_role role,
                                          char token[TOKEN_TEXT_MAX], strata_error *err);
/* STRATA_E_NOTFOUND when the file has none of that name. */
STRATA_MUST_CHECK strata_status token_remove(const char *path, const char *name, strata_error *err);
/* All of them, freed with free(). STRATA_E_DATA with the line for a file that is none. */
STRATA_MUST_CHECK strata_status token_list(const char *path, token_info **out, size_t *n,
                                           strata_error *err);

/* --- at work --- */
typedef struct token_guard token_guard;
STRATA_MUST_CHECK strata_status token_guard_new(const char *path, token_guard **out,
                                                strata_error *err);
void token_guard_free(token_guard *g); /* NULL is fine */
STRATA_DEFINE_AUTO(token_guard, token_guard_free)
/* Whose token that is; *out->role ACCESS_NONE: nobody's. The file is read again when it has
 * changed. Takes the time of a slow hash for a token not seen before; after too many that were
 * nobody's within a minute STRATA_E_LOCKED. */
STRATA_MUST_CHECK strata_status token_guard_ask(token_guard *g, const char *token, token_info *out,
                                                strata_error *err);

#endif
