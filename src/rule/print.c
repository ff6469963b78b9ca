/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/print.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

/* How tightly each kind binds; a looser kid goes into parentheses. */
enum {
    BINDS_OR = 1,
    BINDS_AND,
    BINDS_NOT,
    BINDS_FOR,
    BINDS_RELATION,
    BINDS_SUM,
    BINDS_PRODUCT,
    BINDS_NEGATE,
    BINDS_LEAF
};

static int binding(const node *n)
{
    switch ((int)n->kind) {
    case NODE_OR:
        return BINDS_OR;
    case NODE_AND:
        return BINDS_AND;
    case NODE_NOT:
        return BINDS_NOT;
    case NODE_FOR:
        return BINDS_FOR;
    case NODE_COMPARE:
    case NODE_BETWEEN:
    case NODE_IN:
    case NODE_MISSING:
    case NODE_TURNED:
        return BINDS_RELATION;
    case NODE_ADD:
    case NODE_SUBTRACT:
        return BINDS_SUM;
    case NODE_MULTIPLY:
    case NODE_DIVIDE:
        return BINDS_PRODUCT;
    case NODE_NEGATE:
        return BINDS_NEGATE;
    default:
        return BINDS_LEAF;
    }
}

static void print_tree(const node *n, strbuf *b);

static void print_bound(const node *n, int least, strbuf *b)
{
    if (binding(n) < least) {
        strbuf_add_char(b, '(');
        print_tree(n, b);
        strbuf_add_char(b, ')');
    } else {
        print_tree(n, b);
    }
}

static void print_quoted(const char *text, strbuf *b)
{
    strbuf_add_char(b, '\'');
    for (const char *c = text; *c != '\0'; c++) {
        strbuf_add_n(b, "''", *c == '\'' ? 2 : 0);
        if (*c != '\'') {
            strbuf_add_char(b, *c);
        }
    }
    strbuf_add_char(b, '\'');
}

static bool is_whole(double x)
{
    return !(floor(x) < x) && fabs(x) < 1e15;
}

/* 75000 as 75k, 2000000 as 2M: exact, because the suffix is a power of ten in the lexer too. */
static void print_plain(double x, strbuf *b)
{
    char text[NUMBER_TEXT];
    bool millions = x >= 1e6 && is_whole(x) && is_whole(x / 1e6);
    bool thousands = x >= 1e3 && is_whole(x) && is_whole(x / 1e3);
    number_format_exact(millions ? x / 1e6 : thousands ? x / 1e3 : x, text);
    strbuf_printf(b, "%s%s", text, millions ? "M" : thousands ? "k" : "");
}

/* The shortest percentage that reads back as the same share. */
static void print_percent(double share, strbuf *b)
{
    char text[NUMBER_TEXT + 8];
    for (int precision = 1; precision <= 17; precision++) {
        (void)snprintf(text, sizeof text, "%.*ge-2", precision, share * 100.0);
        double back;
        char *e = strrchr(text, 'e');
        bool plain = strcspn(text, "e") == (size_t)(e - text);
        if (plain && number_parse(text, strlen(text), &back) && !(back < share) &&
            !(back > share)) {
            strbuf_printf(b, "%.*s%%", (int)(e - text), text);
            return;
        }
    }
    /* Shift the point in the digits themselves: 1.5e-07 is 1.5e-05 per cent. */
    char exact[NUMBER_TEXT];
    (void)snprintf(exact, sizeof exact, "%.16e", share);
    char *e = strchr(exact, 'e');
    long exponent = e != NULL ? strtol(e + 1, NULL, 10) : 0;
    strbuf_printf(b, "%.*se%ld%%", e != NULL ? (int)(e - exact) : 0, exact, exponent + 2);
}

static void print_number(const node *n, strbuf *b)
{
    char text[NUMBER_TEXT];
    switch (n->unit) {
    case UNIT_NONE:
        print_plain(n->number, b);
        break;
    case UNIT_PERCENT:
        print_percent(n->number, b);
        break;
    case UNIT_DATE:
        day_format((day)n->number, text);
        strbuf_add(b, text);
        break;
    case UNIT_DAYS:
    case UNIT_WEEKS:
    case UNIT_MONTHS:
    case UNIT_YEARS:
        number_format_exact(n->count, text);
        strbuf_printf(b, "%s %s", text, unit_name(n->unit));
        if (strcmp(text, "1") == 0) {
            b->text[--b->len] = '\0'; /* "1 day" */
        }
        break;
    }
}

static void print_list(const node *first, const char *separator, int least, strbuf *b)
{
    for (const node *kid = first; kid != NULL; kid = kid->next) {
        if (kid != first) {
            strbuf_add(b, separator);
        }
        print_bound(kid, least, b);
    }
}

static void print_arithmetic(const node *n, strbuf *b)
{
    static const char *const signs[] = {" + ", " - ", " * ", " / "};
    bool sum = n->kind == NODE_ADD || n->kind == NODE_SUBTRACT;
    print_bound(n->kids, sum ? BINDS_SUM : BINDS_PRODUCT, b);
    strbuf_add(b, signs[n->kind - NODE_ADD]);
    print_bound(n->kids->next, sum ? BINDS_PRODUCT : BINDS_NEGATE, b);
}

static void print_relation(const node *n, strbuf *b)
{
    const node *subject = n->kids;
    const node *second = subject->next;
    print_bound(subject, BINDS_SUM, b);
    switch ((int)n->kind) {
    case NODE_COMPARE:
        strbuf_printf(b, " %s ", compare_text(n->op));
        print_bound(second, BINDS_SUM, b);
        break;
    case NODE_BETWEEN:
        strbuf_add(b, n->negated ? " not between " : " between ");
        print_list(second, " and ", BINDS_SUM, b);
        break;
    case NODE_IN:
        strbuf_add(b, n->negated ? " not in (" : " in (");
        print_list(second, ", ", BINDS_SUM, b);
        strbuf_add_char(b, ')');
        break;
    case NODE_MISSING:
        strbuf_add(b, n->negated ? " is not missing" : " is missing");
        break;
    default: /* NODE_TURNED */
        strbuf_add(b, " turned ");
        print_tree(second, b);
        break;
    }
}

static void print_leaf(const node *n, strbuf *b)
{
    switch ((int)n->kind) {
    case NODE_NUMBER:
        print_number(n, b);
        break;
    case NODE_BOOL:
        strbuf_add(b, n->number > 0 ? "true" : "false");
        break;
    case NODE_TEXT:
        print_quoted(n->text, b);
        break;
    case NODE_NAME:
        strbuf_add(b, n->text);
        break;
    default:
        strbuf_add(b, n->kind == NODE_TODAY ? "today" : "unknown");
        break;
    }
}

static void print_tree(const node *n, strbuf *b)
{
    switch ((int)n->kind) {
    case NODE_OR:
        print_list(n->kids, " or ", BINDS_AND, b);
        break;
    case NODE_AND:
        print_list(n->kids, " and ", BINDS_NOT, b);
        break;
    case NODE_NOT:
        strbuf_add(b, "not ");
        print_bound(n->kids, n->kids->kind == NODE_FOR ? BINDS_RELATION : BINDS_NOT, b);
        break;
    case NODE_FOR:
        print_bound(n->kids, BINDS_RELATION, b);
        strbuf_add(b, " for ");
        print_tree(n->kids->next, b);
        break;
    case NODE_CALL:
        strbuf_printf(b, "%s(", function_name(n->function));
        print_list(n->kids, ", ", BINDS_OR, b);
        strbuf_add_char(b, ')');
        break;
    case NODE_NEGATE:
        strbuf_add_char(b, '-');
        print_bound(n->kids, BINDS_NEGATE, b);
        break;
    default:
        if (binding(n) == BINDS_RELATION) {
            print_relation(n, b);
        } else if (node_is_binary(n)) {
            print_arithmetic(n, b);
        } else {
            print_leaf(n, b);
        }
        break;
    }
}

void print_node(const node *n, strbuf *b)
{
    print_tree(n, b);
}

strata_status print_done(const strbuf *b, arena *a, const char **out, strata_error *err)
{
    STRATA_TRY(strbuf_status(b, err));
    const char *text = arena_strdup(a, strbuf_text(b));
    if (text == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *out = text;
    return STRATA_OK;
}
