/* SPDX-License-Identifier: Apache-2.0 */
#include "command/request.h"

#include <string.h>

#include "base/nearest.h"

/* --- arguments --- */

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static void read_argument(const char *word, size_t len, command_argument *a)
{
    *a = (command_argument){.optional = word[0] == '['};
    a->text = word + (a->optional ? 1 : 0);
    a->len = len - (a->optional ? 2 : 0);
    a->choice = memchr(a->text, '|', a->len) != NULL;
    a->file = memchr(a->text, '.', a->len) != NULL;
    a->literal = !a->choice && !a->file && !is_upper(a->text[0]);
    for (size_t i = 0; i < a->len && i + 1 < sizeof a->name; i++) {
        char c = a->text[i];
        a->name[i] = (char)(is_upper(c) ? c - 'A' + 'a' : c);
    }
    if (a->choice) {
        memcpy(a->name, "what", sizeof "what");
    }
}

size_t command_arguments(const command_def *d, command_argument out[COMMAND_ARGUMENTS_MAX])
{
    size_t n = 0;
    for (const char *at = d->usage; at != NULL && *at != '\0' && n < COMMAND_ARGUMENTS_MAX;) {
        size_t len = strcspn(at, " ");
        read_argument(at, len, &out[n++]);
        at += len + strspn(at + len, " ");
    }
    return n;
}

static bool allows(const command_argument *a, const char *value)
{
    size_t len = strlen(value);
    const char *end = a->text + a->len;
    for (const char *at = a->text; at < end;) {
        const char *bar = memchr(at, '|', (size_t)(end - at));
        size_t n = (size_t)((bar != NULL ? bar : end) - at);
        if (n == len && memcmp(at, value, n) == 0) {
            return true;
        }
        at += n + 1;
    }
    return false;
}

/* --- options --- */

bool option_open(const command_option *o, bool may_change)
{
    return o->use == OPTION_ASKS || (may_change && o->use == OPTION_CHANGES);
}

/* "as_of" is "--as-of": many languages have no '-' in names. */
static bool same_name(const char *given, const char *name)
{
    size_t i = 0;
    while (given[i] != '\0' && (given[i] == name[i] || (given[i] == '_' && name[i] == '-'))) {
        i++;
    }
    return given[i] == '\0' && name[i] == '\0';
}

static const command_option *find_option(const command_option *options, const char *name)
{
    for (const command_option *o = options; o != NULL && o->name != NULL; o++) {
        if (same_name(name, o->name)) {
            return o;
        }
    }
    return NULL;
}

/* --- values of JSON --- */

/* NULL for what is no plain value, or when memory ran out. */
static const char *plain_text(arena *a, const json_t *value)
{
    if (json_is_string(value)) {
        return arena_strdup(a, json_string_value(value));
    }
    if (json_is_boolean(value)) {
        return json_is_true(value) ? "true" : "false";
    }
    if (json_is_integer(value)) {
        return arena_printf(a, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    }
    return json_is_real(value) ? arena_printf(a, "%.17g", json_real_value(value)) : NULL;
}

strata_status call_pairs_of(arena *a, json_t *object, const call_pair **out, size_t *n,
                            strata_error *err)
{
    call_pair *pairs = ARENA_NEW(a, json_object_size(object) + 1, call_pair);
    const char *key;
    json_t *value;
    size_t found = 0;
    if (pairs == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    json_object_foreach(object, key, value)
    {
        if (json_is_null(value)) {
            continue;
        }
        call_pair pair = {arena_strdup(a, key), plain_text(a, value)};
        if (pair.value == NULL && (json_is_object(value) || json_is_array(value))) {
            return strata_fail(err, STRATA_E_USAGE, "%.60s is a text, a number, true or false",
                               key);
        }
        if (pair.name == NULL || pair.value == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        pairs[found++] = pair;
    }
    *out = pairs;
    *n = found;
    return STRATA_OK;
}

/* --- */

typedef struct request {
    call *c;
    bool may_change;
    command_argument arguments[COMMAND_ARGUMENTS_MAX];
    size_t n_arguments;
    const char *values[COMMAND_ARGUMENTS_MAX];
    call_option *given;
    size_t n_given;
} request;

enum { NAMES_MAX = 64 };

static strata_status unknown(const request *r, const char *name, strata_error *err)
{
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (size_t i = 0; i < r->n_arguments; i++) {
        if (!r->arguments[i].literal && !r->arguments[i].file) {
            names[n++] = r->arguments[i].name;
        }
    }
    const command_option *tables[] = {r->c->command->options, common_options};
    for (size_t t = 0; t < 2; t++) {
        for (const command_option *o = tables[t]; o != NULL && o->name != NULL && n < NAMES_MAX;
             o++) {
            if (option_open(o, r->may_change)) {
                names[n++] = o->name;
            }
        }
    }
    return strata_fail(err, STRATA_E_USAGE, "%s has no parameter '%.60s'%s", r->c->command->name,
                       name, nearest_hint(name, names, n).text);
}

static bool is_on(const char *value)
{
    return strcmp(value, "true") == 0 || strcmp(value, "1") == 0 || value[0] == '\0';
}

static strata_status set_switch(const command_option *o, const char *value, bool *on,
                                strata_error *err)
{
    *on = is_on(value);
    if (!*on && strcmp(value, "false") != 0 && strcmp(value, "0") != 0) {
        return strata_fail(err, STRATA_E_USAGE, "%s is true or false, not '%.60s'", o->name, value);
    }
    return STRATA_OK;
}

static strata_status set_option(request *r, const command_option *o, const char *value,
                                strata_error *err)
{
    bool on = true;
    if (!option_open(o, r->may_change)) {
        return strata_fail(err, STRATA_E_USAGE, "%s cannot be given here: %s", o->name,
                           o->use == OPTION_LOCAL
                               ? "only the command line has it"
                               : "it changes the project, which this access may not");
    }
    if (o->arg == NULL) {
        STRATA_TRY(set_switch(o, value, &on, err));
        value = NULL;
    }
    if (on) {
        r->given[r->n_given++] = (call_option){.option = o, .value = value};
    }
    return STRATA_OK;
}

static strata_status set_argument(request *r, size_t at, const char *value, strata_error *err)
{
    const command_argument *a = &r->arguments[at];
    if (a->choice && !allows(a, value)) {
        return strata_fail(err, STRATA_E_USAGE, "%s is one of %.*s, not '%.60s'", a->name,
                           (int)a->len, a->text, value);
    }
    r->values[at] = value;
    return STRATA_OK;
}

static strata_status take(request *r, const call_pair *pair, strata_error *err)
{
    const char *value = arena_strdup(r->c->arena, pair->value);
    if (value == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < r->n_arguments; i++) {
        const command_argument *a = &r->arguments[i];
        if (!a->literal && !a->file && same_name(pair->name, a->name)) {
            return set_argument(r, i, value, err);
        }
    }
    const command_option *o = find_option(r->c->command->options, pair->name);
    o = o != NULL ? o : find_option(common_options, pair->name);
    return o != NULL ? set_option(r, o, value, err) : unknown(r, pair->name, err);
}

/* Arguments stand in the order of the usage, so none can be given without those before it. */
static strata_status set_arguments(request *r, strata_error *err)
{
    const char **args = ARENA_NEW(r->c->arena, COMMAND_ARGUMENTS_MAX, const char *);
    size_t missing = SIZE_MAX;
    size_t n = 0;
    if (args == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < r->n_arguments; i++) {
        const command_argument *a = &r->arguments[i];
        const char *value = r->values[i];
        if (a->literal) {
            value = arena_strndup(r->c->arena, a->text, a->len);
            if (value == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory");
            }
        }
        if (value != NULL && missing != SIZE_MAX) {
            return strata_fail(err, STRATA_E_USAGE, "%s needs %s as well", a->name,
                               r->arguments[missing].name);
        }
        if (value == NULL && !a->optional) {
            return strata_fail(err, STRATA_E_USAGE, "%s needs %s", r->c->command->name, a->name);
        }
        missing = value == NULL && missing == SIZE_MAX ? i : missing;
        if (value != NULL) {
            args[n++] = value;
        }
    }
    r->c->args = args;
    r->c->n_args = n;
    return call_check_args(r->c, err);
}

bool request_changes_nothing(const command_def *d, const call_pair *pairs, size_t n)
{
    bool dry = false;
    for (size_t i = 0; d->dry != NULL && i < n; i++) {
        dry = same_name(pairs[i].name, d->dry) ? is_on(pairs[i].value) : dry;
    }
    return dry || d->effect == COMMAND_ASKS;
}

strata_status call_request(call *c, const command_def *d, const call_pair *pairs, size_t n,
                           bool may_change, strata_error *err)
{
    request r = {.c = c, .may_change = may_change};
    c->command = d;
    if (!may_change && !request_changes_nothing(d, pairs, n)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "%s changes the project, which this access may not do", d->name);
    }
    r.n_arguments = command_arguments(d, r.arguments);
    r.given = ARENA_NEW(c->arena, n + 1, call_option);
    if (r.given == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(take(&r, &pairs[i], err));
    }
    c->given = r.given;
    c->n_given = r.n_given;
    long seed = 0;
    STRATA_TRY(call_count(c, "seed", 0, 2147483647L, (long)c->cx.seed, &seed, err));
    c->cx.seed = (uint64_t)seed;
    return set_arguments(&r, err);
}
