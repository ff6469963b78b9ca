/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/threshold.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/vec.h"
#include "rule/lex.h"

typedef struct gathering {
    VEC(rule_threshold) found;
    bool full; /* memory ran out */
} gathering;

static bool decides(const node *n)
{
    return n->kind == NODE_BETWEEN ||
           (n->kind == NODE_COMPARE && n->op != COMPARE_EQ && n->op != COMPARE_NE);
}

/* The one feature of a comparison; NULL when there is none, or more. */
static const node *only_name(const node *n)
{
    const node *found = NULL;
    for (const node *kid = n->kids; kid != NULL; kid = kid->next) {
        if (kid->kind == NODE_NAME && !kid->constant) {
            if (found != NULL) {
                return NULL;
            }
            found = kid;
        }
    }
    return found;
}

static void gather(gathering *g, const node *n)
{
    if (n->kind == NODE_FOR || n->kind == NODE_TURNED) {
        return;
    }
    const node *name = decides(n) ? only_name(n) : NULL;
    for (const node *kid = n->kids; kid != NULL; kid = kid->next) {
        if (!kid->constant) {
            gather(g, kid);
        } else if (name != NULL && !isnan(kid->number)) {
            rule_threshold t = {name->slot, kid->number, kid->at, kid->end};
            g->full = g->full || !vec_push(&g->found, t);
        }
    }
}

strata_status rule_thresholds(const rule *r, arena *a, const rule_threshold **out, size_t *n,
                              strata_error *err)
{
    gathering g = {0};
    gather(&g, r->root);
    size_t count = g.found.n;
    rule_threshold *copy = g.full ? NULL : ARENA_NEW(a, count + 1, rule_threshold);
    if (copy != NULL && count > 0) {
        memcpy(copy, g.found.data, count * sizeof *copy);
    }
    vec_free(&g.found);
    if (copy == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *out = copy;
    *n = count;
    return STRATA_OK;
}

/* --- the manner of a number --- */

typedef struct manner {
    double unit;      /* what 1 of it is worth */
    int decimals;     /* at most so many look written by people */
    char suffix[16];  /* with the space before it, if there was one: "k", "%", " days" */
    bool is_duration; /* a plain number will not do: days will */
} manner;

enum { MOST_DECIMALS = 12 };

static manner plain_manner(void)
{
    return (manner){.unit = 1, .decimals = MOST_DECIMALS};
}

/* A part of two days or more is said in days; a single one takes an s: "1 day" becomes "3 days". */
static void read_duration(manner *m, double unit)
{
    size_t n = strlen(m->suffix);
    m->unit = unit;
    m->decimals = 0;
    m->is_duration = true;
    if (n + 1 < sizeof m->suffix && m->suffix[n - 1] != 's') {
        memcpy(m->suffix + n, "s", 2);
    }
}

static manner manner_of(const char *written, size_t len)
{
    manner m = plain_manner();
    const source s = {.text = written, .len = len};
    token t;
    strata_error err = {0};
    if (lex_token(&s, 0, &t, &err) != STRATA_OK || t.kind != TOKEN_NUMBER || t.end != len ||
        t.unit == UNIT_DATE) {
        return m;
    }
    size_t digits = 0;
    while (digits < len && strchr("0123456789.", written[digits]) != NULL) {
        digits++;
    }
    size_t rest = len - digits;
    if (rest == 0 || rest >= sizeof m.suffix || strchr("eE", written[digits]) != NULL) {
        return m;
    }
    memcpy(m.suffix, written + digits, rest);
    char last = m.suffix[rest - 1];
    if (t.unit == UNIT_PERCENT) {
        m.unit = 0.01;
    } else if (unit_days(t.unit) > 0) {
        read_duration(&m, unit_days(t.unit));
    } else {
        m.unit = last == 'k' || last == 'K' ? 1e3 : 1e6;
        m.decimals = 2;
    }
    return m;
}

/* In the manner, if that says it exactly with few enough decimals. */
static bool put_in(strbuf *out, const manner *m, double value)
{
    char text[64];
    const double count = value / m->unit;
    int n = snprintf(text, sizeof text, "%.*f", m->decimals, count);
    if (n < 0 || (size_t)n >= sizeof text) {
        return false;
    }
    if (strchr(text, '.') != NULL) {
        size_t end = strlen(text);
        while (text[end - 1] == '0') {
            end--;
        }
        end -= text[end - 1] == '.' ? 1 : 0;
        text[end] = '\0';
    }
    double said = strtod(text, NULL) * m->unit;
    if (fabs(said - value) > fabs(value) * 1e-12) {
        return false;
    }
    strbuf_printf(out, "%s%s", text, m->suffix);
    return true;
}

void rule_put_number_like(strbuf *out, const char *written, size_t len, double value)
{
    static const char days_text[] = " days";
    bool negative = len > 0 && written[0] == '-';
    size_t skip = negative ? 1 : 0;
    while (skip < len && written[skip] == ' ') {
        skip++;
    }
    const manner m = manner_of(written + skip, len - skip);
    if (put_in(out, &m, value)) {
        return;
    }
    manner days = {.unit = 1, .decimals = MOST_DECIMALS};
    memcpy(days.suffix, days_text, sizeof days_text);
    const manner plain = plain_manner();
    if (!put_in(out, m.is_duration ? &days : &plain, value)) {
        strbuf_printf(out, "%.15g%s", value, m.is_duration ? days_text : "");
    }
}
