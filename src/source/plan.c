/* SPDX-License-Identifier: Apache-2.0 */
#include "source/plan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/nearest.h"
#include "source/plan_private.h"

enum { NAME_BYTES = 128 };

bool plan_is_positional(const model_source *s)
{
    for (size_t i = 0; i < s->map.n; i++) {
        const char *v = s->map.items[i].value;
        if (*v != '#' && *v != '=') {
            return false;
        }
    }
    return s->map.n > 0;
}

/* Index of a heading: as written, else folded; SIZE_MAX. */
size_t plan_find_heading(const planner *w, const char *name)
{
    if (name[0] == '#') {
        unsigned long n = strtoul(name + 1, NULL, 10);
        return n >= 1 && n <= w->n_headings ? n - 1 : SIZE_MAX;
    }
    for (size_t i = 0; i < w->n_headings; i++) {
        if (strcmp(w->headings[i], name) == 0) {
            return i;
        }
    }
    char want[NAME_BYTES];
    char have[NAME_BYTES];
    size_t found = SIZE_MAX;
    fold_name(name, want, sizeof want);
    for (size_t i = 0; i < w->n_headings; i++) {
        fold_name(w->headings[i], have, sizeof have);
        if (strcmp(have, want) != 0) {
            continue;
        }
        if (found != SIZE_MAX) {
            w->alike[found] = i + 1;
            break;
        }
        found = i;
    }
    return found;
}

plan_column plan_use_heading(planner *w, size_t i)
{
    if (w->p->wanted[i] < 0) {
        w->p->wanted[i] = (int)w->p->n_cells++;
    }
    return (plan_column){.cell = w->p->wanted[i], .number = i + 1, .heading = w->headings[i]};
}

const model_pair *plan_mapped(const model_source *s, const char *name)
{
    for (size_t i = 0; i < s->map.n; i++) {
        if (strcmp(s->map.items[i].key, name) == 0) {
            return &s->map.items[i];
        }
    }
    return NULL;
}

static const char *place_text(arena *a, const rule_place *p)
{
    if (p->file == NULL) {
        return "";
    }
    const char *text = arena_printf(a, "%s:%d:%d: ", p->file, p->line, p->column);
    return text == NULL ? "" : text;
}

strata_status plan_no_heading(const planner *w, const model_pair *pair, strata_error *err)
{
    const nearest_text near = nearest_hint(pair->value, w->headings, w->n_headings);
    if (near.text[0] != '\0') {
        return strata_fail(err, STRATA_E_MODEL, "%s%s has no column '%s' for %s%s",
                           place_text(w->a, &pair->place), w->p->file, pair->value, pair->key,
                           near.text);
    }
    char list[256] = "";
    size_t n = 0;
    for (size_t i = 0; i < w->n_headings && n + strlen(w->headings[i]) + 3 < sizeof list; i++) {
        n += (size_t)snprintf(list + n, sizeof list - n, "%s%s", i > 0 ? ", " : "", w->headings[i]);
    }
    return strata_fail(err, STRATA_E_MODEL, "%s%s has no column '%s' for %s; it has %s",
                       place_text(w->a, &pair->place), w->p->file, pair->value, pair->key, list);
}

/* The name of the id that rows go by when they find their account through another table. */
static const char *via_key(const model_source *s)
{
    source_table t = s->via == NULL ? TABLE_COUNT : table_find(s->via);
    size_t id = t == TABLE_COUNT ? SIZE_MAX : table_id_field(table_get(t));
    return id == SIZE_MAX ? NULL : table_get(t)->fields[id].name;
}

static strata_status missing_field(const planner *w, const char *name, const source_field *f,
                                   strata_error *err)
{
    const model_source *s = w->p->source;
    const char *near = nearest_name(name, w->headings, w->n_headings);
    return strata_fail(err, STRATA_E_MODEL,
                       "%s%s needs a column for %s and %s has none of that name; add "
                       "`map: {%s: %s}` to the source",
                       place_text(w->a, &s->place), s->entity, name, w->p->file, f->name,
                       near != NULL ? near : "HEADING");
}

static strata_status plan_field(planner *w, size_t i, strata_error *err)
{
    const model_source *s = w->p->source;
    const source_field *f = &w->p->table->fields[i];
    plan_column *c = &w->p->columns[i];
    *c = (plan_column){.cell = -1};
    const char *name = f->name;
    const model_pair *pair = plan_mapped(s, name);
    if (f->kind == FIELD_ACCOUNT && via_key(s) != NULL && pair == NULL) {
        name = via_key(s);
        pair = plan_mapped(s, name);
    }
    if (pair != NULL && pair->value[0] == '=') {
        return STRATA_OK; /* plan_rules */
    }
    size_t at = plan_find_heading(w, pair != NULL ? pair->value : name);
    if (at != SIZE_MAX) {
        *c = plan_use_heading(w, at);
        return STRATA_OK;
    }
    if (pair != NULL) {
        return plan_no_heading(w, pair, err);
    }
    return f->needed ? missing_field(w, name, f, err) : STRATA_OK;
}

/* The first column of that heading, as written, besides column i; SIZE_MAX: it is the only one. */
static size_t twin_of(const planner *w, size_t i)
{
    for (size_t k = 0; k < w->n_headings; k++) {
        if (k != i && strcmp(w->headings[k], w->headings[i]) == 0) {
            return k;
        }
    }
    return SIZE_MAX;
}

/* Whether the model names the column by its place ("#3"). */
static bool is_numbered(const model_source *s, size_t i)
{
    for (size_t k = 0; k < s->map.n; k++) {
        const char *v = s->map.items[k].value;
        if (v[0] == '#' && strtoul(v + 1, NULL, 10) == i + 1) {
            return true;
        }
    }
    return false;
}

/* Which of two columns of one name is meant, nobody can know. */
static strata_status check_twins(const planner *w, strata_error *err)
{
    for (size_t i = 0; i < w->n_headings; i++) {
        size_t twin = w->alike[i] > 0 ? w->alike[i] - 1 : twin_of(w, i);
        bool asked = w->p->wanted[i] >= 0 && !w->unasked[i] && !is_numbered(w->p->source, i);
        if (!asked || twin == SIZE_MAX) {
            continue;
        }
        size_t first = i < twin ? i : twin;
        size_t second = i < twin ? twin : i;
        bool same = strcmp(w->headings[first], w->headings[second]) == 0;
        return strata_fail(
            err, STRATA_E_DATA,
            "%s:1: the heading '%.100s' is there twice, in columns %zu and %zu%s%.100s%s, "
            "and it is not known which is meant: rename one of them",
            w->p->file, w->headings[first], first + 1, second + 1, same ? "" : " (as '",
            same ? "" : w->headings[second], same ? "" : "')");
    }
    return STRATA_OK;
}

/* A heading that nobody asked for; of two that read the same the first is kept, which is said. */
static strata_status plan_attribute(planner *w, size_t i, const char *folded, strata_error *err)
{
    plan *p = w->p;
    for (size_t k = 0; k < p->n_extras; k++) {
        const plan_extra *same = &p->extras[k];
        if (strcmp(same->name, folded) != 0) {
            continue;
        }
        p->passed_over = arena_printf(
            w->a,
            "%s:1: column %zu ('%.100s') is passed over, since attribute %s is column "
            "%zu ('%.100s') already: rename one of them to keep both",
            p->file, i + 1, w->headings[i], folded, same->column.number, same->column.heading);
        return p->passed_over != NULL ? STRATA_OK
                                      : strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    const char *name = arena_strdup(w->a, folded);
    if (name == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    w->unasked[i] = true;
    p->extras[p->n_extras++] = (plan_extra){name, plan_use_heading(w, i)};
    return STRATA_OK;
}

/* Accounts keep what is mapped to names of its own, and every heading nobody asked for. */
static strata_status plan_extras(planner *w, strata_error *err)
{
    plan *p = w->p;
    const model_source *s = p->source;
    p->extras = ARENA_NEW(w->a, s->map.n + w->n_headings, plan_extra);
    if (p->extras == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < s->map.n; i++) {
        const model_pair *pair = &s->map.items[i];
        if (table_field(p->table, pair->key) != SIZE_MAX || pair->value[0] == '=') {
            continue;
        }
        size_t at = plan_find_heading(w, pair->value);
        if (at == SIZE_MAX) {
            return plan_no_heading(w, pair, err);
        }
        p->extras[p->n_extras++] = (plan_extra){pair->key, plan_use_heading(w, at)};
    }
    for (size_t i = 0; i < w->n_headings && !plan_is_positional(s); i++) {
        char folded[NAME_BYTES];
        fold_name(w->headings[i], folded, sizeof folded);
        if (p->wanted[i] < 0 && folded[0] >= 'a' && folded[0] <= 'z') {
            STRATA_TRY(plan_attribute(w, i, folded, err));
        }
    }
    return STRATA_OK;
}

static size_t field_of_kind(const table_spec *t, field_kind kind)
{
    size_t f = 0;
    while (f < t->n_fields && t->fields[f].kind != kind) {
        f++;
    }
    return f;
}

/* What check_row looks at, found once. */
static void find_checked(plan *p)
{
    static const char *const names[TABLE_COUNT][2] = {
        [TABLE_SUBSCRIPTIONS] = {"start", "end"},
        [TABLE_TICKETS] = {"opened_at", "closed_at"},
        [TABLE_OPPORTUNITIES] = {"kind", "due_on"},
        [TABLE_SURVEYS] = {"kind", "score"},
        [TABLE_SNAPSHOTS] = {"arr", NULL},
        [TABLE_HEALTH] = {"score", NULL},
        [TABLE_USAGE] = {"count", NULL},
    };
    const char *const *n = names[p->table->table];
    p->currency = field_of_kind(p->table, FIELD_CURRENCY);
    p->period = field_of_kind(p->table, FIELD_PERIOD);
    p->first = n[0] == NULL ? SIZE_MAX : table_field(p->table, n[0]);
    p->second = n[1] == NULL ? SIZE_MAX : table_field(p->table, n[1]);
}

strata_status plan_make(const model_source *s, const char *file, const char *const *headings,
                        size_t n_headings, arena *a, plan *out, strata_error *err)
{
    plan p = {.table = table_get(table_of(s)), .source = s, .file = file, .n_headings = n_headings};
    planner w = {.headings = headings,
                 .n_headings = n_headings,
                 .a = a,
                 .p = &p,
                 .unasked = ARENA_NEW(a, n_headings + 1, bool),
                 .alike = ARENA_NEW(a, n_headings + 1, size_t)};
    find_checked(&p);
    p.wanted = ARENA_NEW(a, n_headings + 1, int);
    p.columns = ARENA_NEW(a, p.table->n_fields, plan_column);
    if (p.wanted == NULL || p.columns == NULL || w.unasked == NULL || w.alike == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < n_headings; i++) {
        p.wanted[i] = -1;
    }
    for (size_t i = 0; i < p.table->n_fields; i++) {
        STRATA_TRY(plan_field(&w, i, err));
    }
    if (table_of(s) == TABLE_ACCOUNTS) {
        STRATA_TRY(plan_extras(&w, err));
    }
    STRATA_TRY(plan_rules(&w, err));
    STRATA_TRY(check_twins(&w, err));
    *out = p;
    return STRATA_OK;
}
