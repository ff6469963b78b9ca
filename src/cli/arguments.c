/* SPDX-License-Identifier: Apache-2.0 */
/* Command line to options and arguments. Options may stand anywhere, also
 * before the command; `--` ends them. */
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/vec.h"
#include "cli/cli.h"

typedef struct parser {
    call *c;
    int argc;
    char *const *argv;
    int at;
    int command_at;
    VEC(call_option) given;
    VEC(const char *) args;
} parser;

static void parser_done(parser *p)
{
    vec_free(&p->given);
    vec_free(&p->args);
}

static const command_option *find_in(const command_option *options, const char *name, size_t len)
{
    for (const command_option *o = options; o != NULL && o->name != NULL; o++) {
        if (strlen(o->name) == len && strncmp(o->name, name, len) == 0) {
            return o;
        }
    }
    return NULL;
}

static const command_option *find_letter(const command_option *options, char letter)
{
    for (const command_option *o = options; o != NULL && o->name != NULL; o++) {
        if (o->letter == letter) {
            return o;
        }
    }
    return NULL;
}

enum { NAMES_MAX = 64 };

static size_t list_names(const command_option *options, const char **names, size_t n)
{
    for (const command_option *o = options; o != NULL && o->name != NULL && n < NAMES_MAX; o++) {
        names[n++] = o->name;
    }
    return n;
}

static strata_status unknown_option(const parser *p, const char *word, strata_error *err)
{
    const char *names[NAMES_MAX];
    size_t n = list_names(common_options, names, 0);
    n = list_names(p->c->command != NULL ? p->c->command->options : NULL, names, n);
    const char *near = nearest_name(word + strspn(word, "-"), names, n);
    const char *command = p->c->command != NULL ? p->c->command->name : "help";
    if (near != NULL) {
        return strata_fail(err, STRATA_E_USAGE, "unknown option '%s' (did you mean '--%s'?)", word,
                           near);
    }
    return strata_fail(err, STRATA_E_USAGE, "unknown option '%s'; see 'strata help %s'", word,
                       command);
}

static strata_status add_given(parser *p, const command_option *o, const char *inline_value,
                               strata_error *err)
{
    call_option given = {.option = o, .value = inline_value};
    if (o->arg == NULL && inline_value != NULL) {
        return strata_fail(err, STRATA_E_USAGE, "--%s takes no value", o->name);
    }
    if (o->arg != NULL && inline_value == NULL) {
        if (p->at >= p->argc) {
            return strata_fail(err, STRATA_E_USAGE, "--%s needs a value: --%s %s", o->name, o->name,
                               o->arg);
        }
        given.value = p->argv[p->at++];
    }
    return vec_push(&p->given, given) ? STRATA_OK
                                      : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static strata_status take_option(parser *p, const char *word, strata_error *err)
{
    const command_option *own = p->c->command != NULL ? p->c->command->options : NULL;
    const command_option *o = NULL;
    const char *value = NULL;
    if (word[1] == '-') {
        size_t len = strcspn(word + 2, "=");
        o = find_in(own, word + 2, len);
        o = o != NULL ? o : find_in(common_options, word + 2, len);
        value = word[2 + len] == '=' ? word + 2 + len + 1 : NULL;
    } else {
        o = find_letter(own, word[1]);
        o = o != NULL ? o : find_letter(common_options, word[1]);
        value = word[2] != '\0' ? word + 2 : NULL;
    }
    return o != NULL ? add_given(p, o, value, err) : unknown_option(p, word, err);
}

static strata_status take_command(parser *p, const char *word, strata_error *err)
{
    p->c->command = cli_find(word);
    if (p->c->command != NULL) {
        return STRATA_OK;
    }
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (const command_def *c = cli_next(NULL); c != NULL && n < NAMES_MAX; c = cli_next(c)) {
        names[n++] = c->name;
    }
    return strata_fail(err, STRATA_E_USAGE, "unknown command '%s'%s", word,
                       nearest_hint_or(word, names, n, "; 'strata help' lists them").text);
}

/* A negative number is an argument, not an option. */
static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0' && strchr("0123456789.", word[1]) == NULL;
}

static strata_status take_words(parser *p, strata_error *err)
{
    bool options = true;
    while (p->at < p->argc) {
        int here = p->at++;
        const char *word = p->argv[here];
        if (here == p->command_at) {
            continue;
        }
        if (options && strcmp(word, "--") == 0) {
            options = false;
        } else if (options && is_option(word)) {
            STRATA_TRY(take_option(p, word, err));
        } else if (!vec_push(&p->args, word)) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

static strata_status keep(const parser *p, strata_error *err)
{
    call *c = p->c;
    call_option *given = ARENA_NEW(c->arena, p->given.n + 1, call_option);
    const char **args = ARENA_NEW(c->arena, p->args.n + 1, const char *);
    if (given == NULL || args == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < p->given.n; i++) {
        given[i] = p->given.data[i];
    }
    for (size_t i = 0; i < p->args.n; i++) {
        args[i] = p->args.data[i];
    }
    c->given = given;
    c->n_given = p->given.n;
    c->args = args;
    c->n_args = p->args.n;
    return call_has(c, "help") || c->command == NULL ? STRATA_OK : call_check_args(c, err);
}

/* The command has to be known before its own options can be read, but common
 * options may come first: its place is the first word that is neither an option
 * nor the value of one. Returns argc when there is none. */
static int find_command_word(const parser *p)
{
    for (int i = 0; i < p->argc && strcmp(p->argv[i], "--") != 0; i++) {
        const char *word = p->argv[i];
        if (!is_option(word)) {
            return i;
        }
        const command_option *o = word[1] == '-'
                                      ? find_in(common_options, word + 2, strlen(word + 2))
                                      : find_letter(common_options, word[1]);
        bool apart = o != NULL && o->arg != NULL && (word[1] == '-' || word[2] == '\0');
        i += apart ? 1 : 0;
    }
    return p->argc;
}

strata_status cli_parse(call *c, int argc, char *const *argv, strata_error *err)
{
    STRATA_CLEANUP(parser_done) parser p = {.c = c, .argc = argc, .argv = argv};
    p.command_at = find_command_word(&p);
    if (p.command_at < argc) {
        STRATA_TRY(take_command(&p, argv[p.command_at], err));
    }
    STRATA_TRY(take_words(&p, err));
    return keep(&p, err);
}
