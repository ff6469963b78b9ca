/* SPDX-License-Identifier: Apache-2.0 */
/* Command line to options and arguments. Options may stand anywhere, also
 * before the command; `--` ends them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/number.h"
#include "base/vec.h"
#include "cli/cli.h"

typedef struct parser {
    cli *c;
    int argc;
    char *const *argv;
    int at;
    int command_at;
    VEC(cli_given) given;
    VEC(const char *) args;
} parser;

static void parser_done(parser *p)
{
    vec_free(&p->given);
    vec_free(&p->args);
}

static const cli_option *find_in(const cli_option *options, const char *name, size_t len)
{
    for (const cli_option *o = options; o != NULL && o->name != NULL; o++) {
        if (strlen(o->name) == len && strncmp(o->name, name, len) == 0) {
            return o;
        }
    }
    return NULL;
}

static const cli_option *find_letter(const cli_option *options, char letter)
{
    for (const cli_option *o = options; o != NULL && o->name != NULL; o++) {
        if (o->letter == letter) {
            return o;
        }
    }
    return NULL;
}

enum { NAMES_MAX = 64 };

static size_t list_names(const cli_option *options, const char **names, size_t n)
{
    for (const cli_option *o = options; o != NULL && o->name != NULL && n < NAMES_MAX; o++) {
        names[n++] = o->name;
    }
    return n;
}

static strata_status unknown_option(const parser *p, const char *word, strata_error *err)
{
    const char *names[NAMES_MAX];
    size_t n = list_names(cli_common_options, names, 0);
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

static strata_status add_given(parser *p, const cli_option *o, const char *inline_value,
                               strata_error *err)
{
    cli_given given = {.option = o, .value = inline_value};
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
    const cli_option *own = p->c->command != NULL ? p->c->command->options : NULL;
    const cli_option *o = NULL;
    const char *value = NULL;
    if (word[1] == '-') {
        size_t len = strcspn(word + 2, "=");
        o = find_in(own, word + 2, len);
        o = o != NULL ? o : find_in(cli_common_options, word + 2, len);
        value = word[2 + len] == '=' ? word + 2 + len + 1 : NULL;
    } else {
        o = find_letter(own, word[1]);
        o = o != NULL ? o : find_letter(cli_common_options, word[1]);
        value = word[2] != '\0' ? word + 2 : NULL;
    }
    return o != NULL ? add_given(p, o, value, err) : unknown_option(p, word, err);
}

static strata_status take_command(parser *p, const char *word, strata_error *err)
{
    p->c->command = cli_find_command(word);
    if (p->c->command != NULL) {
        return STRATA_OK;
    }
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (const cli_command *const *at = cli_commands; *at != NULL && n < NAMES_MAX; at++) {
        names[n++] = (*at)->name;
    }
    const char *near = nearest_name(word, names, n);
    if (near != NULL) {
        return strata_fail(err, STRATA_E_USAGE, "unknown command '%s' (did you mean '%s'?)", word,
                           near);
    }
    return strata_fail(err, STRATA_E_USAGE, "unknown command '%s'; 'strata help' lists them", word);
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

static strata_status check_args(const cli *c, strata_error *err)
{
    if (cli_has(c, "help") || c->command == NULL) {
        return STRATA_OK;
    }
    const char *usage = c->command->usage != NULL ? c->command->usage : "";
    if (c->n_args < c->command->least_args) {
        return strata_fail(err, STRATA_E_USAGE, "something is missing: strata %s %s",
                           c->command->name, usage);
    }
    if (c->n_args > c->command->most_args) {
        return strata_fail(err, STRATA_E_USAGE, "'%s' is one argument too many: strata %s %s",
                           c->args[c->command->most_args], c->command->name, usage);
    }
    return STRATA_OK;
}

static strata_status keep(const parser *p, strata_error *err)
{
    cli *c = p->c;
    cli_given *given = ARENA_NEW(c->arena, p->given.n + 1, cli_given);
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
    return check_args(c, err);
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
        const cli_option *o = word[1] == '-'
                                  ? find_in(cli_common_options, word + 2, strlen(word + 2))
                                  : find_letter(cli_common_options, word[1]);
        bool apart = o != NULL && o->arg != NULL && (word[1] == '-' || word[2] == '\0');
        i += apart ? 1 : 0;
    }
    return p->argc;
}

strata_status cli_parse(cli *c, int argc, char *const *argv, strata_error *err)
{
    STRATA_CLEANUP(parser_done) parser p = {.c = c, .argc = argc, .argv = argv};
    p.command_at = find_command_word(&p);
    if (p.command_at < argc) {
        STRATA_TRY(take_command(&p, argv[p.command_at], err));
    }
    STRATA_TRY(take_words(&p, err));
    return keep(&p, err);
}

const char *cli_value(const cli *c, const char *option)
{
    const char *value = NULL;
    for (size_t i = 0; i < c->n_given; i++) {
        if (strcmp(c->given[i].option->name, option) == 0) {
            value = c->given[i].value;
        }
    }
    return value;
}

bool cli_has(const cli *c, const char *option)
{
    for (size_t i = 0; i < c->n_given; i++) {
        if (strcmp(c->given[i].option->name, option) == 0) {
            return true;
        }
    }
    return false;
}

strata_status cli_date(const cli *c, const char *option, day fallback, day *out, strata_error *err)
{
    const char *value = cli_value(c, option);
    if (value == NULL) {
        *out = fallback;
        return STRATA_OK;
    }
    if (!day_parse_iso(value, strlen(value), out)) {
        return strata_fail(err, STRATA_E_USAGE, "--%s '%s' is no date; write it as 2026-06-30",
                           option, value);
    }
    return STRATA_OK;
}

strata_status cli_count(const cli *c, const char *option, long least, long most, long fallback,
                        long *out, strata_error *err)
{
    const char *value = cli_value(c, option);
    if (value == NULL) {
        *out = fallback;
        return STRATA_OK;
    }
    char *end = NULL;
    long n = strtol(value, &end, 10);
    if (end == value || *end != '\0' || n < least || n > most) {
        return strata_fail(err, STRATA_E_USAGE, "--%s '%s' is no whole number from %ld to %ld",
                           option, value, least, most);
    }
    *out = n;
    return STRATA_OK;
}

strata_status cli_share(const cli *c, const char *option, double least, double most,
                        double fallback, double *out, strata_error *err)
{
    const char *value = cli_value(c, option);
    if (value == NULL) {
        *out = fallback;
        return STRATA_OK;
    }
    size_t len = strlen(value);
    bool percent = len > 0 && value[len - 1] == '%';
    double share = 0.0;
    bool ok = number_parse(value, len - (percent ? 1 : 0), &share);
    share = percent ? share / 100.0 : share;
    if (!ok || share < least || share > most) {
        return strata_fail(err, STRATA_E_USAGE, "--%s '%s' is no share from %g%% to %g%%", option,
                           value, least * 100.0, most * 100.0);
    }
    *out = share;
    return STRATA_OK;
}
