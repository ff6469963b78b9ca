/* SPDX-License-Identifier: Apache-2.0 */
#include "cluster/rule_text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

/* A bound as the rule language writes it, that reads back as the same double: shares with the
 * point moved by two digits, which is exact there. */
static void put_bound(strbuf *out, value_type type, double x)
{
    char text[NUMBER_TEXT];
    bool thousands = (type == VALUE_MONEY || type == VALUE_NUMBER) && fabs(x) >= 1e4 &&
                     fabs(x) < 1e15 && !(fabs(fmod(x, 100.0)) > 0.0);
    if (thousands) {
        number_format_exact(x / 1000.0, text);
        strbuf_printf(out, "%sk", text);
        return;
    }
    number_format_exact(x, text);
    if (type != VALUE_SHARE || strchr(text, 'e') != NULL) {
        strbuf_printf(out, "%s%s", text, type == VALUE_DURATION ? " days" : "");
        return;
    }
    const char *point = strchr(text, '.');
    const char *digits = point != NULL ? point + 1 : "";
    size_t whole = point != NULL ? (size_t)(point - text) : strlen(text);
    char moved[NUMBER_TEXT + 4];
    (void)snprintf(moved, sizeof moved, "%.*s%c%c", (int)whole, text,
                   digits[0] != '\0' ? digits[0] : '0',
                   digits[0] != '\0' && digits[1] != '\0' ? digits[1] : '0');
    char *at = moved + (moved[0] == '-');
    size_t zeros = strspn(at, "0");
    zeros = at[zeros] == '\0' && zeros > 0 ? zeros - 1 : zeros;
    memmove(at, at + zeros, strlen(at + zeros) + 1);
    bool more = strlen(digits) > 2;
    strbuf_printf(out, "%s%s%s%%", moved, more ? "." : "", more ? digits + 2 : "");
}

static bool is_name(const char *expression)
{
    size_t len = 0;
    while (isalnum((unsigned char)expression[len]) || expression[len] == '_') {
        len++;
    }
    return expression[len] == '\0';
}

static void put_compare(strbuf *out, const cluster_candidate *f, const char *how, double bound)
{
    strbuf_printf(out, is_name(f->expression) ? "%s %s " : "(%s) %s ", f->expression, how);
    put_bound(out, f->type, bound);
}

/* Flags are told apart at some number between 0 and 1. */
static void put_flag(strbuf *out, const cluster_candidate *f, const tree_clause *c)
{
    const char *expression = f->expression;
    strbuf_printf(out, isfinite(c->low) ? "(%s)" : "not (%s)", expression);
}

static void put_known(strbuf *out, const cluster_candidate *f, const char *what)
{
    strbuf_printf(out, is_name(f->expression) ? "%s %s" : "(%s) %s", f->expression, what);
}

static void put_clause(strbuf *out, const cluster_candidate *f, const tree_clause *c)
{
    bool bounded = isfinite(c->low) || isfinite(c->high);
    bool or_missing = c->missing && c->saw_missing;
    strbuf_add(out, bounded && or_missing ? "(" : "");
    if (f->type == VALUE_BOOL && bounded) {
        put_flag(out, f, c);
    } else {
        if (isfinite(c->low)) {
            put_compare(out, f, ">=", c->low);
        }
        strbuf_add(out, isfinite(c->low) && isfinite(c->high) ? " and " : "");
        if (isfinite(c->high)) {
            put_compare(out, f, "<", c->high);
        }
    }
    if (or_missing) {
        strbuf_add(out, bounded ? " or " : "");
        put_known(out, f, "is missing");
        strbuf_add(out, bounded ? ")" : "");
    } else if (!bounded) {
        put_known(out, f, "is not missing");
    }
}

void rule_text_way(strbuf *out, const cluster_candidate *features, const tree_clause *clauses,
                   size_t n, bool more)
{
    strbuf_add(out, more ? " or (" : "");
    for (size_t i = 0; i < n; i++) {
        strbuf_add(out, i > 0 ? " and " : "");
        put_clause(out, &features[clauses[i].feature], &clauses[i]);
    }
    strbuf_add(out, n == 0 ? "true" : "");
    strbuf_add(out, more ? ")" : "");
}
