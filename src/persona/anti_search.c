/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>

#include "analysis/read.h"
#include "analysis/traits.h"
#include "base/number.h"
#include "persona/anti_parts.h"
#include "rule/rule.h"

enum { SIDE_SHARE = 20 }; /* a rule has a twentieth of the accounts, or ten */

void anti_search_done(anti_search *x)
{
    free(x->accounts);
    free(x->kept);
    free(x->half);
    for (size_t i = 0; i < x->columns.n; i++) {
        free(x->columns.data[i]);
    }
    vec_free(&x->columns);
    vec_free(&x->of);
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory searching anti-personas");
}

/* FNV-1a: the half of an account depends on its id alone. */
static uint64_t key_of(const char *id)
{
    uint64_t h = 14695981039346656037U;
    for (; *id != '\0'; id++) {
        h = (h ^ (unsigned char)*id) * 1099511628211U;
    }
    return h;
}

static strata_status list_accounts(anti_search *x, strata_error *err)
{
    const study *s = x->s;
    x->accounts = STRATA_NEW_ARRAY(s->n + 1, uint32_t);
    x->kept = STRATA_NEW_ARRAY(s->n + 1, uint8_t);
    x->half = STRATA_NEW_ARRAY(s->n + 1, uint8_t);
    if (x->accounts == NULL || x->kept == NULL || x->half == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < s->n; i++) {
        if (s->outcome[i] != OUTCOME_NONE) {
            x->accounts[x->n] = (uint32_t)i;
            x->kept[x->n] = s->outcome[i] == OUTCOME_RETAINED;
            x->half[x->n++] = pattern_half(key_of(s->v->p->ids[i]), s->cx->seed);
        }
    }
    size_t side = x->n / ((size_t)2 * SIDE_SHARE);
    x->least = side > TRAITS_SIDE_MIN ? side : TRAITS_SIDE_MIN;
    return STRATA_OK;
}

static strata_status push_column(anti_search *x, anti_condition c, double **out, strata_error *err)
{
    double *values = STRATA_NEW_ARRAY(x->n + 1, double);
    c.index = x->columns.n;
    if (values == NULL || !vec_push(&x->columns, values)) {
        free(values);
        return no_memory(err);
    }
    *out = values;
    return vec_push(&x->of, c) ? STRATA_OK : no_memory(err);
}

static strata_status add_numbers(anti_search *x, size_t slot, strata_error *err)
{
    bool attribute = slot >= FEATURE_COUNT && slot < x->s->v->b->n_base;
    const double *from =
        attribute ? study_column(x->s, slot).num : study_column_year_ago(x->s, slot).num;
    double *values = NULL;
    if (from == NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(push_column(x, (anti_condition){.slot = slot, .level = -1}, &values, err));
    for (size_t i = 0; i < x->n; i++) {
        double v = from[x->accounts[i]];
        values[i] = isfinite(v) ? v : (double)NAN;
    }
    return STRATA_OK;
}

static strata_status add_levels(anti_search *x, size_t slot, strata_error *err)
{
    const symbol *sym = study_symbol(x->s, slot);
    const int32_t *codes = study_column(x->s, slot).code;
    for (size_t level = 0; level < sym->n_levels && codes != NULL; level++) {
        size_t hits = 0;
        for (size_t i = 0; i < x->n; i++) {
            hits += codes[x->accounts[i]] == (int32_t)level;
        }
        if (hits < 2 * x->least) {
            continue;
        }
        double *values = NULL;
        STRATA_TRY(
            push_column(x, (anti_condition){.slot = slot, .level = (int32_t)level}, &values, err));
        for (size_t i = 0; i < x->n; i++) {
            int32_t code = codes[x->accounts[i]];
            values[i] = code < 0 ? (double)NAN : code == (int32_t)level;
        }
    }
    return STRATA_OK;
}

strata_status anti_search_fill(const study *s, anti_search *out, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *scratch = NULL;
    const size_t *slots = NULL;
    size_t n = 0;
    out->s = s;
    STRATA_TRY(list_accounts(out, err));
    STRATA_TRY(arena_new(&scratch, err));
    STRATA_TRY(trait_slots(s, scratch, &slots, &n, err));
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(study_symbol(s, slots[i])->type == VALUE_TEXT ? add_levels(out, slots[i], err)
                                                                 : add_numbers(out, slots[i], err));
    }
    return STRATA_OK;
}

/* --- in words --- */

/* The largest value under the edge; -infinity when there is none. */
static double value_below(const anti_search *x, const anti_condition *c)
{
    const double *values = x->columns.data[c->index];
    double below = -(double)INFINITY;
    for (size_t i = 0; i < x->n; i++) {
        below = values[i] < c->edge && values[i] > below ? values[i] : below;
    }
    return below;
}

/* A number above `below` and up to `edge` with as few digits as possible. */
static double short_edge(double below, double edge)
{
    enum { STEPS = 16 }; /* from a million down to a billionth */
    double step = 1e7;
    for (int i = 0; i < STEPS; i++) {
        step /= 10.0;
        double x = floor(edge / step + 1e-9) * step;
        if (x > below && x <= edge) {
            return x;
        }
    }
    return edge;
}

static void print_edge(const anti_search *x, const anti_condition *c, strbuf *out)
{
    value_type type = study_symbol(x->s, c->slot)->type;
    char text[NUMBER_TEXT];
    double scale = type == VALUE_SHARE ? 100.0 : 1.0;
    double below = value_below(x, c) * scale;
    double edge = c->edge * scale;
    /* Days are whole: an edge between two of them reads oddly. */
    edge = type == VALUE_DURATION && ceil(edge) > below ? ceil(edge) : edge;
    number_format_exact(short_edge(below, edge), text);
    strbuf_add(out, text);
    strbuf_add(out, type == VALUE_SHARE ? "%" : type == VALUE_DURATION ? " days" : "");
}

static void print_quoted(strbuf *out, const char *text)
{
    strbuf_add_char(out, '"');
    for (const char *c = text; *c != '\0'; c++) {
        strbuf_add(out, *c == '"' ? "\"\"" : "");
        if (*c != '"') {
            strbuf_add_char(out, *c);
        }
    }
    strbuf_add_char(out, '"');
}

void anti_condition_print(const anti_search *x, const anti_condition *c, strbuf *out)
{
    const symbol *sym = study_symbol(x->s, c->slot);
    if (c->level >= 0) {
        strbuf_printf(out, "%s %s ", sym->name, c->at_least ? "=" : "!=");
        print_quoted(out, sym->levels[c->level]);
    } else if (sym->type == VALUE_BOOL) {
        strbuf_printf(out, "%s%s", c->at_least ? "" : "not ", sym->name);
    } else {
        strbuf_printf(out, "%s %s ", sym->name, c->at_least ? ">=" : "<");
        print_edge(x, c, out);
    }
}

void anti_condition_holds(const anti_search *x, const anti_condition *c, uint8_t *holds)
{
    const double *values = x->columns.data[c->index];
    for (size_t i = 0; i < x->n; i++) {
        bool over = values[i] >= c->edge;
        holds[i] = isnan(values[i]) ? RULE_UNKNOWN : over == c->at_least ? RULE_YES : RULE_NO;
    }
}
