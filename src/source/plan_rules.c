/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

#include "source/plan_private.h"

enum { MAX_RULES = 32 };

/* An expression of the model, and the field it computes; SIZE_MAX: `keep`. */
typedef struct expression {
    const char *text;
    rule_place place;
    size_t field;
} expression;

typedef struct expressions {
    expression items[MAX_RULES];
    size_t n;
} expressions;

static strata_status gather(const planner *w, expressions *out, strata_error *err)
{
    const plan *p = w->p;
    out->n = 0;
    if (p->source->keep.text != NULL) {
        out->items[out->n++] = (expression){p->source->keep.text, p->source->keep.place, SIZE_MAX};
    }
    for (size_t i = 0; i < p->table->n_fields; i++) {
        const model_pair *pair = plan_mapped(p->source, p->table->fields[i].name);
        if (pair != NULL && pair->value[0] == '=') {
            if (out->n == MAX_RULES) {
                return strata_fail(err, STRATA_E_MODEL, "more than %d computed columns in %s",
                                   MAX_RULES, p->source->entity);
            }
            out->items[out->n++] = (expression){pair->value + 1, pair->place, i};
        }
    }
    return STRATA_OK;
}

static value_type type_of_field(field_kind kind)
{
    switch ((int)kind) {
    case FIELD_DAY:
        return VALUE_DATE;
    case FIELD_MONEY:
    case FIELD_NUMBER:
        return VALUE_NUMBER;
    case FIELD_BOOL:
        return VALUE_BOOL;
    default:
        return VALUE_TEXT;
    }
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Is a plain heading compared with words, or only asked for being there? Else it is a number. */
static bool is_used_as_text(const char *text, const char *name)
{
    size_t n = strlen(name);
    for (const char *at = strstr(text, name); at != NULL; at = strstr(at + n, name)) {
        if ((at > text && is_name_char(at[-1])) || is_name_char(at[n])) {
            continue;
        }
        const char *p = at + n + strspn(at + n, " ");
        if (strncmp(p, "is ", 3) == 0 || strncmp(p, "in ", 3) == 0 || strncmp(p, "in(", 3) == 0) {
            return true;
        }
        size_t n_signs = strspn(p, "=!<>");
        p += n_signs;
        p += strspn(p, " ");
        if (n_signs > 0 &&
            (*p == '"' || *p == '\'' || (is_name_char(*p) && (*p < '0' || *p > '9')))) {
            return true;
        }
    }
    return false;
}

/* Where a name leads: a field, a column the model maps to it, or a heading. False: nowhere. */
static bool find_symbol(planner *w, const char *name, const expressions *all, plan_symbol *out)
{
    plan *p = w->p;
    size_t f = table_field(p->table, name);
    if (f != SIZE_MAX && p->columns[f].cell >= 0) {
        *out = (plan_symbol){p->columns[f], type_of_field(p->table->fields[f].kind), f};
        return true;
    }
    const model_pair *pair = plan_mapped(p->source, name);
    size_t at = plan_find_heading(w, pair != NULL && pair->value[0] != '=' ? pair->value : name);
    if (at == SIZE_MAX) {
        return false;
    }
    bool text = false;
    for (size_t i = 0; i < all->n; i++) {
        text = text || is_used_as_text(all->items[i].text, name);
    }
    *out = (plan_symbol){plan_use_heading(w, at), text ? VALUE_TEXT : VALUE_NUMBER, SIZE_MAX};
    return true;
}

/* The words that texts can be compared with: names that lead nowhere, and what stands in quotes. */
typedef struct word_list {
    const char **items;
    size_t n, cap;
} word_list;

static bool add_word(word_list *l, arena *a, const char *text, size_t len)
{
    char *word = arena_strndup(a, text, len);
    if (word == NULL || l->n + 1 >= l->cap) {
        return false;
    }
    l->items[l->n++] = word;
    return true;
}

static bool add_quoted(word_list *l, arena *a, const char *text)
{
    for (const char *p = strpbrk(text, "\"'"); p != NULL; p = strpbrk(p, "\"'")) {
        const char *close = strchr(p + 1, *p);
        if (close == NULL) {
            return true;
        }
        if (!add_word(l, a, p + 1, (size_t)(close - p - 1))) {
            return false;
        }
        p = close + 1;
    }
    return true;
}

static bool is_known(const plan *p, const char *name)
{
    for (size_t i = 0; i < p->n_symbols; i++) {
        if (strcmp(p->scope[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static strata_status find_symbols(planner *w, const expressions *all, symbol *scope,
                                  word_list *words, strata_error *err)
{
    plan *p = w->p;
    for (size_t i = 0; i < all->n; i++) {
        const char *const *names;
        size_t n;
        const expression *e = &all->items[i];
        STRATA_TRY(rule_names(w->a, e->text, &e->place, &names, &n, err));
        for (size_t k = 0; k < n; k++) {
            plan_symbol s;
            if (is_known(p, names[k])) {
                continue;
            }
            if (find_symbol(w, names[k], all, &s) && p->n_symbols < MAX_RULES) {
                p->symbols[p->n_symbols] = s;
                scope[p->n_symbols++] = (symbol){.name = names[k], .type = s.type};
            } else if (!add_word(words, w->a, names[k], strlen(names[k]))) {
                return strata_fail(err, STRATA_E_MODEL, "too many words in the expressions of %s",
                                   p->source->entity);
            }
        }
        if (!add_quoted(words, w->a, e->text)) {
            return strata_fail(err, STRATA_E_MODEL, "too many words in the expressions of %s",
                               p->source->entity);
        }
    }
    return STRATA_OK;
}

static strata_status compile(planner *w, const expression *e, strata_error *err)
{
    plan *p = w->p;
    const rule_scope scope = {p->scope, p->n_symbols};
    const rule *r;
    if (e->field == SIZE_MAX) {
        return rule_compile_condition(w->a, e->text, &e->place, &scope, &p->keep, err);
    }
    STRATA_TRY(rule_compile_value(w->a, e->text, &e->place, &scope, &r, err));
    const source_field *f = &p->table->fields[e->field];
    bool fits = f->kind == FIELD_MONEY || f->kind == FIELD_NUMBER || f->kind == FIELD_DAY ||
                f->kind == FIELD_BOOL;
    if (!fits || rule_type(r) == VALUE_TEXT) {
        return strata_fail(err, STRATA_E_MODEL, "%s:%d:%d: %s cannot be computed; name a heading",
                           e->place.file == NULL ? "model" : e->place.file, e->place.line,
                           e->place.column, f->name);
    }
    p->columns[e->field] = (plan_column){.cell = -1, .formula = r, .formula_no = p->n_formulas};
    p->formulas[p->n_formulas++] = r;
    return STRATA_OK;
}

strata_status plan_rules(planner *w, strata_error *err)
{
    plan *p = w->p;
    expressions all;
    STRATA_TRY(gather(w, &all, err));
    for (size_t i = 0; i < p->source->map.n;
         i++) { /* names of the model's own must lead somewhere */
        const model_pair *pair = &p->source->map.items[i];
        if (pair->value[0] != '=' && plan_find_heading(w, pair->value) == SIZE_MAX) {
            return plan_no_heading(w, pair, err);
        }
    }
    if (all.n == 0) {
        return STRATA_OK;
    }
    word_list words = {.cap = 256};
    symbol *scope = ARENA_NEW(w->a, MAX_RULES, symbol);
    words.items = ARENA_NEW(w->a, words.cap, const char *);
    p->symbols = ARENA_NEW(w->a, MAX_RULES, plan_symbol);
    p->formulas = ARENA_NEW(w->a, MAX_RULES, const rule *);
    if (scope == NULL || words.items == NULL || p->symbols == NULL || p->formulas == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    p->scope = scope;
    STRATA_TRY(find_symbols(w, &all, scope, &words, err));
    words.items[words.n++] = "\1"; /* every other text */
    for (size_t i = 0; i < p->n_symbols; i++) {
        scope[i].levels = scope[i].type == VALUE_TEXT ? words.items : NULL;
        scope[i].n_levels = scope[i].type == VALUE_TEXT ? words.n : 0;
    }
    for (size_t i = 0; i < all.n; i++) {
        STRATA_TRY(compile(w, &all.items[i], err));
    }
    return STRATA_OK;
}
