/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "serve/tokens.h"

static const char *token_path(const call *c)
{
    const char *given = call_value(c, "token-file");
    const char *folder = call_folder(c) != NULL ? call_folder(c) : ".";
    return given != NULL ? given : arena_printf(c->arena, "%s/strata-tokens", folder);
}

static strata_status add(const call *c, const char *path, strata_error *err)
{
    char token[TOKEN_TEXT_MAX];
    const char *role_name = call_value(c, "role");
    serve_role role = serve_role_find(role_name != NULL ? role_name : "viewer");
    if (role == ACCESS_NONE) {
        return strata_fail(err, STRATA_E_USAGE, "--role '%.40s' is none of viewer, analyst, admin",
                           role_name);
    }
    STRATA_TRY(token_add(path, c->args[1], role, token, err));
    context_notice(&c->cx, "this token of %s is shown once; what is kept in %s is its hash",
                   c->args[1], path);
    (void)printf("%s\n", token);
    return STRATA_OK;
}

static strata_status list(const char *path, strata_error *err)
{
    STRATA_AUTO_FREE token_info *all = NULL;
    size_t n = 0;
    STRATA_TRY(token_list(path, &all, &n, err));
    for (size_t i = 0; i < n; i++) {
        (void)printf("%-40s %s\n", all[i].name, serve_role_names[all[i].role]);
    }
    return STRATA_OK;
}

static strata_status run(call *c, strata_error *err)
{
    const char *path = token_path(c);
    if (path == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    const char *what = c->args[0];
    bool named = c->n_args == 2;
    if (strcmp(what, "list") == 0 && !named) {
        return list(path, err);
    }
    if (strcmp(what, "add") == 0 && named) {
        return add(c, path, err);
    }
    if (strcmp(what, "remove") == 0 && named) {
        return token_remove(path, c->args[1], err);
    }
    return strata_fail(
        err, STRATA_E_USAGE,
        "write strata token add NAME, strata token remove NAME or strata token list");
}

static const command_option options[] = {
    {.name = "role",
     .arg = "ROLE",
     .help = "what it allows: viewer (reads), analyst (runs and ingests too), admin (changes the "
             "model too); default viewer"},
    {.name = "token-file", .arg = "FILE", .help = "default: strata-tokens in the project's folder"},
    {0}};
static const command_example examples[] = {
    {"strata token add dashboard --role viewer", "a token for a program that only reads"},
    {"strata token list", "names and roles"},
    {0}};
const command_def command_token = {
    .name = "token",
    .summary = "Make, list and remove tokens of the server",
    .usage = "add|remove|list [NAME]",
    .description =
        "Tokens say who may use 'strata serve', and for what. The file keeps a hash of each, so a "
        "token is\nshown once, when it is made. While the file is there, the server answers nobody "
        "without one. A\nrunning server takes changes of the file in at once.",
    .options = options,
    .examples = examples,
    .least_args = 1,
    .most_args = 2,
    .run = run};
