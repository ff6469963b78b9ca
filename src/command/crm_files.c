/* SPDX-License-Identifier: Apache-2.0 */
#include "command/crm_files.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/csv_text.h"
#include "base/number.h"
#include "history/history.h"
#include "history/keys.h"
#include "report/segments/changes.h"
#include "report/value.h"

/* --- columns --- */

static const char *const made_names[] = {[CRM_PLAY] = "next_play",
                                         [CRM_STEP] = "next_step",
                                         [CRM_DUE] = "next_due",
                                         [CRM_AS_OF] = "as_of"};

/* "health_band" -> "Strata_Health_Band__c". */
static const char *made_head(const look *l, const model_crm *names, const char *name)
{
    char words[128];
    bool start = true;
    (void)snprintf(words, sizeof words, "%s", name);
    for (char *c = words; *c != '\0'; c++) {
        if (names->capitals && start) {
            *c = (char)toupper((unsigned char)*c);
        }
        start = *c == '_';
    }
    return arena_printf(l->c->arena, "%s%s%s", names->prefix, words, names->suffix);
}

static const char *given_head(const model_crm *names, const char *name)
{
    for (size_t i = 0; i < names->fields.n; i++) {
        if (strcmp(names->fields.items[i].key, name) == 0) {
            return names->fields.items[i].value;
        }
    }
    return NULL;
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory writing files for another system");
}

static strata_status add_column(const look *l, const model_crm *names, crm_column made,
                                const char *name, crm_columns *out, strata_error *err)
{
    const char *given = given_head(names, name);
    made.head = given != NULL ? given : made_head(l, names, name);
    if (made.head == NULL) {
        return no_memory(err);
    }
    if (strcmp(made.head, "-") == 0) {
        return STRATA_OK;
    }
    return vec_push(out, made) ? STRATA_OK : no_memory(err);
}

/* Whether a name has its column already, or none by intention. */
static bool is_usual(const look *l, const char *name)
{
    for (size_t i = CRM_PLAY; i <= CRM_AS_OF; i++) {
        if (strcmp(made_names[i], name) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < l->bound->n_defs; i++) {
        const bound_def *d = &l->bound->defs[i];
        bool usual = d->kind == DEF_DIMENSION || d->kind == DEF_SCORE;
        if (usual && strcmp(l->bound->scope.symbols[d->slot].name, name) == 0) {
            return true;
        }
    }
    return false;
}

static strata_status add_given(const look *l, const model_crm *names, crm_columns *out,
                               strata_error *err)
{
    for (size_t i = 0; i < names->fields.n; i++) {
        const model_pair *f = &names->fields.items[i];
        list_column found = {0};
        if (is_usual(l, f->key)) {
            continue;
        }
        if (!list_column_find(l->bound, f->key, &found) || found.kind != LIST_SLOT) {
            return strata_fail(err, STRATA_E_MODEL,
                               "%s:%d:%d: crm: fields: unknown name '%.100s'; 'strata features' "
                               "lists what there is",
                               f->place.file, f->place.line, f->place.column, f->key);
        }
        crm_column made = {.what = CRM_VALUE, .slot = found.slot};
        STRATA_TRY(add_column(l, names, made, f->key, out, err));
    }
    return STRATA_OK;
}

strata_status crm_columns_find(const look *l, const model_crm *names, crm_columns *out,
                               strata_error *err)
{
    static const def_kind kinds[] = {DEF_DIMENSION, DEF_SCORE};
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < l->bound->n_defs; i++) {
            const bound_def *d = &l->bound->defs[i];
            if (d->kind == kinds[k]) {
                crm_column made = {.what = CRM_VALUE, .slot = d->slot};
                const char *name = l->bound->scope.symbols[d->slot].name;
                STRATA_TRY(add_column(l, names, made, name, out, err));
            }
        }
    }
    STRATA_TRY(add_given(l, names, out, err));
    for (int what = CRM_PLAY; what <= CRM_AS_OF; what++) {
        crm_column made = {.what = (crm_what)what};
        STRATA_TRY(add_column(l, names, made, made_names[what], out, err));
    }
    return STRATA_OK;
}

/* --- fields --- */

static void put_field(strbuf *out, const char *text, bool first)
{
    strbuf_add(out, first ? "" : ",");
    if (text != NULL) {
        csv_put_text(out, text, strlen(text), CSV_FOR_PEOPLE);
    }
}

static void put_day(strbuf *out, day d)
{
    char text[DAY_TEXT];
    day_format(d, text);
    put_field(out, text, false);
}

static const bound_def *dimension_at(const look *l, size_t slot)
{
    for (size_t i = 0; i < l->bound->n_defs; i++) {
        if (l->bound->defs[i].kind == DEF_DIMENSION && l->bound->defs[i].slot == slot) {
            return &l->bound->defs[i];
        }
    }
    return NULL;
}

/* Two decimals, as fields of numbers take them, and four of shares: a score of 16.666666666666668
 * would stand so on the page of the account. */
enum { NUMBER_PARTS = 100, SHARE_PARTS = 10000 };

static void put_number(strbuf *out, double x, value_type type)
{
    char text[NUMBER_TEXT] = "";
    if (type == VALUE_DATE && isfinite(x)) {
        put_day(out, (day)x);
        return;
    }
    if (type == VALUE_BOOL && isfinite(x)) {
        put_field(out, x > 0.5 ? "true" : "false", false);
        return;
    }
    if (isfinite(x)) {
        double scale = type == VALUE_SHARE ? SHARE_PARTS : NUMBER_PARTS;
        number_format_exact(round(x * scale) / scale, text);
    }
    strbuf_add_char(out, ',');
    strbuf_add(out, text);
}

static void put_value(const crm_files *f, strbuf *out, size_t slot, size_t account)
{
    const look *l = &f->ask->look;
    const bound_def *def = dimension_at(l, slot);
    const symbol *sym = &l->bound->scope.symbols[slot];
    if (def != NULL) {
        segment_code code = segmentation_codes(l->view->s, def, l->view->now_at)[account];
        put_field(out, code != SEGMENT_ABSENT ? report_segment_label(l->bound, def, code) : NULL,
                  false);
        return;
    }
    column c = segmentation_column(l->view->s, slot);
    if (sym->type == VALUE_TEXT) {
        int32_t code = c.code != NULL ? c.code[account] : CODE_MISSING;
        put_field(out, code != CODE_MISSING ? sym->levels[code] : NULL, false);
        return;
    }
    put_number(out, c.num != NULL ? c.num[account] : (double)NAN, sym->type);
}

/* Whether the account is there at the date: in some segment, if only outside. */
static bool is_there(const crm_files *f, size_t account)
{
    const look *l = &f->ask->look;
    return f->told->n_defs == 0 || segmentation_codes(l->view->s, f->told->defs[0],
                                                      l->view->now_at)[account] != SEGMENT_ABSENT;
}

/* --- accounts --- */

/* The first task of each account, in the order of the list; SIZE_MAX: none. */
static size_t *first_tasks(const crm_files *f)
{
    const task_list *tasks = &f->ask->tasks;
    size_t n = f->ask->look.view->p->n_accounts;
    size_t *first = STRATA_NEW_ARRAY(n, size_t);
    for (size_t i = 0; first != NULL && i < n; i++) {
        first[i] = SIZE_MAX;
    }
    for (size_t i = tasks->n; first != NULL && i-- > 0;) {
        first[tasks->items[i].account] = i;
    }
    return first;
}

static void put_next(const crm_files *f, strbuf *out, crm_what what, size_t at)
{
    if (at == SIZE_MAX) {
        strbuf_add_char(out, ',');
        return;
    }
    const task *t = &f->ask->tasks.items[at];
    const playbook *p = f->ask->books.items[t->playbook].p;
    if (what == CRM_DUE) {
        put_day(out, t->due);
    } else {
        put_field(out, what == CRM_PLAY ? p->title : p->steps[t->step].title, false);
    }
}

static void put_account(const crm_files *f, strbuf *out, size_t account, size_t next)
{
    const view *v = f->ask->look.view;
    put_field(out, v->p->ids[account], true);
    if (strcmp(f->names->name, "-") != 0) {
        put_field(out, v->p->names[account], false);
    }
    for (size_t k = 0; k < f->columns->n; k++) {
        const crm_column *c = &f->columns->data[k];
        if (c->what == CRM_VALUE) {
            put_value(f, out, c->slot, account);
        } else if (c->what == CRM_AS_OF) {
            put_day(out, v->as_of);
        } else {
            put_next(f, out, c->what, next);
        }
    }
    strbuf_add(out, "\r\n");
}

strata_status crm_put_accounts(const crm_files *f, strbuf *out, size_t *n_rows, strata_error *err)
{
    STRATA_AUTO_FREE size_t *tasks = first_tasks(f);
    if (tasks == NULL) {
        return no_memory(err);
    }
    put_field(out, f->names->id, true);
    if (strcmp(f->names->name, "-") != 0) {
        put_field(out, f->names->name, false);
    }
    for (size_t k = 0; k < f->columns->n; k++) {
        put_field(out, f->columns->data[k].head, false);
    }
    strbuf_add(out, "\r\n");
    *n_rows = 0;
    for (size_t i = 0; i < f->ask->look.view->p->n_accounts; i++) {
        if (is_there(f, i)) {
            put_account(f, out, i, tasks[i]);
            ++*n_rows;
        }
    }
    return strbuf_status(out, err);
}

/* --- moves --- */

const char *crm_cause_words(const crm_move *m)
{
    return m->from == NULL  ? report_cause_words(CHANGE_NEW)
           : m->why != NULL ? report_cause_words(m->why->cause)
                            : "the rules, a pin or earlier facts were changed";
}

static const char *label_of_key(const crm_files *f, const bound_def *def, const char *key)
{
    if (key == NULL) {
        return NULL;
    }
    const bound_model *b = f->ask->look.bound;
    segment_code code = history_code(b, def, (text_view){.ptr = key, .len = strlen(key)});
    return code != SEGMENT_OTHER_MODEL ? report_segment_label(b, def, code) : key;
}

strata_status crm_put_moves(const crm_files *f, strbuf *out, size_t *n_rows, strata_error *err)
{
    static const char *const heads[] = {"dimension", "left",   "entered", "as_of",
                                        "why",       "clause", "was",     "is"};
    const view *v = f->ask->look.view;
    put_field(out, f->names->id, true);
    put_field(out, strcmp(f->names->name, "-") != 0 ? f->names->name : "name", false);
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        put_field(out, heads[i], false);
    }
    strbuf_add(out, "\r\n");
    for (size_t i = 0; i < f->moves->n; i++) {
        const crm_move *m = &f->moves->items[i];
        const bound_def *def = f->told->defs[m->def];
        put_field(out, v->p->ids[m->account], true);
        put_field(out, v->p->names[m->account], false);
        put_field(out, report_dimension_label(v->b, def), false);
        put_field(out, label_of_key(f, def, m->from), false);
        put_field(out, m->to != SEGMENT_ABSENT ? report_segment_label(v->b, def, m->to) : NULL,
                  false);
        put_day(out, v->as_of);
        put_field(out, crm_cause_words(m), false);
        put_field(out, m->why != NULL ? m->why->clause : NULL, false);
        put_field(out, m->why != NULL ? m->why->before : NULL, false);
        put_field(out, m->why != NULL ? m->why->after : NULL, false);
        strbuf_add(out, "\r\n");
    }
    *n_rows = f->moves->n;
    return strbuf_status(out, err);
}

/* --- tasks --- */

/* 1 to 3 of 9 come first. */
static const char *urgency(const playbook *p, crm_system system)
{
    static const char *const words[CRM_SYSTEMS][3] = {
        [CRM_SALESFORCE] = {"High", "Normal", "Low"}, [CRM_HUBSPOT] = {"HIGH", "MEDIUM", "LOW"}};
    return words[system][p->priority <= 3 ? 0 : p->priority <= 6 ? 1 : 2];
}

strata_status crm_put_tasks(const crm_files *f, strbuf *out, size_t *n_rows, strata_error *err)
{
    enum { HEADS = 8 };
    static const char *const heads[CRM_SYSTEMS][HEADS] = {
        [CRM_SALESFORCE] = {"Subject", "ActivityDate", "Priority", "Status", "Description",
                            "Strata_Owner__c", "Strata_Owner_Id__c", "Strata_Task__c"},
        [CRM_HUBSPOT] = {"Task title", "Due date", "Priority", "Status", "Notes", "Assigned to",
                         "Assigned to id", "Strata task"}};
    static const char *const open[CRM_SYSTEMS] = {"Not Started", "NOT_STARTED"};
    const tasks_ask *t = f->ask;
    const view *v = t->look.view;
    put_field(out, f->names->task_id, true);
    for (size_t i = 0; i < HEADS; i++) {
        put_field(out, heads[f->system][i], false);
    }
    strbuf_add(out, "\r\n");
    for (size_t i = 0; i < t->tasks.n; i++) {
        const task *k = &t->tasks.items[i];
        const playbook *p = t->books.items[k->playbook].p;
        char began[DAY_TEXT];
        day_format(k->began, began);
        const char *about = arena_printf(
            t->look.c->arena, "%s for %s, begun %s%s%s", p->title, v->p->names[k->account], began,
            p->about != NULL ? ". " : "", p->about != NULL ? p->about : "");
        const char *id = report_task_id(&t->input, k, t->look.c->arena);
        if (about == NULL || id == NULL) {
            return no_memory(err);
        }
        put_field(out, v->p->ids[k->account], true);
        put_field(out, p->steps[k->step].title, false);
        put_day(out, k->due);
        put_field(out, urgency(p, f->system), false);
        put_field(out, open[f->system], false);
        put_field(out, about, false);
        put_field(out, report_task_owner(&t->input, k), false);
        put_field(out, report_task_owner_id(&t->input, k), false);
        put_field(out, id, false);
        strbuf_add(out, "\r\n");
    }
    *n_rows = t->tasks.n;
    return strbuf_status(out, err);
}
