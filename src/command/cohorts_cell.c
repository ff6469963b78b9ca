/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "command/ask/cohorts.h"
#include "command/saved.h"

enum { LIST_LIMIT = 20 };

/* --- the accounts of a cell --- */

static strata_status find_age(const cohorts_ask *q, const char *text, size_t *out,
                              strata_error *err)
{
    for (size_t k = 0; k < q->r->n_ages; k++) {
        if (strcmp(q->r->ages[k], text) == 0) {
            *out = k;
            return STRATA_OK;
        }
    }
    const char *last = q->r->n_ages > 0 ? q->r->ages[q->r->n_ages - 1] : "none";
    return strata_fail(err, STRATA_E_NOTFOUND, "there is no age '%.100s'; ages run from 0 to %s",
                       text, last);
}

/* Why nobody is in a cell: its age lies ahead, or before anything was recorded. */
static strata_status nobody(const cohorts_ask *q, size_t group, const char *label, const char *age,
                            size_t at, strata_error *err)
{
    const triangle_input *in = &q->in;
    bool begun = false;
    for (size_t i = 0; !begun && i < in->arr->n_accounts; i++) {
        begun = in->groups->code[i] == group && triangle_begun(in, in->origin[i]) >= (int)at;
    }
    if (!begun) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "cohort '%s' has not reached age %s yet: nobody is in that cell", label,
                           age);
    }
    char first[DAY_TEXT];
    day_format(in->usage->begins, first);
    return strata_fail(
        err, STRATA_E_NOTFOUND,
        "age %s of cohort '%s' began before usage does, on %s: what was done in it is "
        "not known",
        age, label, first);
}

/* "2025-01:6": the age stands behind the last colon, for labels may have one. */
static strata_status find_cell(cohorts_ask *q, const char *text, cohort_list *l, strata_error *err)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL) {
        return strata_fail(err, STRATA_E_USAGE,
                           "--cell takes a cohort and an age, as in 2025-01:6, not '%.100s'", text);
    }
    const char *label = arena_strndup(q->ask.c->arena, text, (size_t)(colon - text));
    if (label == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    size_t group = 0;
    STRATA_TRY(cohort_ask_find(&q->ask, label, &group, err));
    STRATA_TRY(find_age(q, colon + 1, &l->age, err));
    if (group < q->r->first) {
        return strata_fail(err, STRATA_E_USAGE, "cohort '%s' is not among the --last %zu", label,
                           q->r->n_groups);
    }
    l->shown_group = group - q->r->first;
    if (retention_cell(q->r, l->shown_group, l->age)->kind == COHORT_CENSORED) {
        return nobody(q, group, label, colon + 1, l->age, err);
    }
    return STRATA_OK;
}

static member_state state_of(const cohorts_ask *q, const triangle_member *m)
{
    return member_state_of(q->r, &m->sums);
}

typedef struct sort_key {
    member_state state;
    triangle_member member;
} sort_key;

/* Lost ones first, then the largest; ties by account. */
static int by_weight(const void *a, const void *b)
{
    const sort_key *x = a;
    const sort_key *y = b;
    if (x->state != y->state) {
        return x->state < y->state ? -1 : 1;
    }
    if (x->member.sums.base != y->member.sums.base) {
        return x->member.sums.base > y->member.sums.base ? -1 : 1;
    }
    return x->member.account < y->member.account ? -1 : 1;
}

static strata_status list_members(cohorts_ask *q, cohort_list *l, strata_error *err)
{
    call *c = q->ask.c;
    const cohort_cell *cell = retention_cell(q->r, l->shown_group, l->age);
    cell_place place = {q->r->by_arr, q->r->first + l->shown_group, 1, l->age,
                        cell->over ? TRIANGLE_OVER : TRIANGLE_RUNNING};
    triangle_members found = {0};
    STRATA_TRY(triangle_list(c->arena, &q->in, place, &found, err));
    sort_key *keys = ARENA_NEW(c->arena, found.n + 1, sort_key);
    if (keys == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", found.n);
    }
    size_t n = 0;
    for (size_t i = 0; i < found.n; i++) {
        member_state state = state_of(q, &found.items[i]);
        l->states[state]++;
        if (!l->lost_only || state == MEMBER_LOST) {
            keys[n++] = (sort_key){state, found.items[i]};
        }
    }
    qsort(keys, n, sizeof *keys, by_weight);
    for (size_t i = 0; i < n; i++) {
        found.items[i] = keys[i].member;
    }
    l->members = found.items;
    l->n = n;
    return STRATA_OK;
}

/* --- a cell as a segment --- */

static const char *list_command(const cohorts_ask *q, const cohort_list *l, const char *more)
{
    return cohorts_cell_command(q, q->in.groups->labels[q->r->first + l->shown_group],
                                q->r->ages[l->age], l->lost_only, more);
}

static void tell_saved(document *d, const cohorts_ask *q, const saved_segment *s,
                       const saved_files *f)
{
    char as_of[DAY_TEXT];
    day_format(s->as_of, as_of);
    doc_section *part = document_section(d, NULL, "saved", "Saved as a segment");
    doc_paragraph(part, "%zu account%s as of %s: `%s` and `%s`.", s->n, s->n == 1 ? "" : "s", as_of,
                  f->yaml, f->csv);
    call_tell_saved(q->ask.c, d, part, q->ask.project->model,
                    &(call_saved){.name = s->name, .files = f, .list = true});
}

static strata_status save(cohorts_ask *q, const cohort_list *l, document *d, strata_error *err)
{
    call *c = q->ask.c;
    const char *name = call_value(c, "save");
    size_t *accounts = ARENA_NEW(c->arena, l->n + 1, size_t);
    if (accounts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu accounts", l->n);
    }
    for (size_t i = 0; i < l->n; i++) {
        accounts[i] = l->members[i].account;
    }
    char as_of[DAY_TEXT];
    day_format(q->ask.as_of, as_of);
    const char *label = arena_printf(
        c->arena, "%s in %s %s of cohort %s (%s), as of %s", l->lost_only ? "Lost" : "Accounts",
        q->in.clock.by_days ? "month" : age_unit(&q->in.clock), q->r->ages[l->age],
        q->in.groups->labels[q->r->first + l->shown_group], measure_name(q->request.measure),
        as_of);
    const char *who = list_command(q, l, "");
    if (label == NULL || who == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    saved_segment s = {.name = name,
                       .label = label,
                       .who = who,
                       .as_of = q->ask.as_of,
                       .accounts = accounts,
                       .n = l->n};
    saved_files f = {0};
    STRATA_TRY(saved_segment_write(q->ask.project, c->arena, &s, call_has(c, "replace"), &f, err));
    tell_saved(d, q, &s, &f);
    return STRATA_OK;
}

strata_status cohorts_cell(cohorts_ask *q, strata_error *err)
{
    call *c = q->ask.c;
    bool all = call_for_programs(c);
    long limit = 0;
    cohort_list l = {.report = &q->report, .p = q->ask.p, .lost_only = call_has(c, "lost")};
    STRATA_TRY(call_count(c, "limit", 0, 100000000L, all ? 100000000L : LIST_LIMIT, &limit, err));
    l.limit = (size_t)limit;
    STRATA_TRY(find_cell(q, call_value(c, "cell"), &l, err));
    STRATA_TRY(list_members(q, &l, err));
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_cohort_list_title(&title, &l);
    STRATA_TRY(strbuf_status(&title, err));
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(cohort_ask_document(&q->ask, "cohort-cell", strbuf_text(&title), &d, err));
    report_cohort_list(d, &l);
    if (call_value(c, "save") != NULL) {
        STRATA_TRY(save(q, &l, d, err));
    } else if (l.n > 0) {
        doc_next_step(
            d, arena_printf(c->arena, "strata explain '%s'", q->ask.p->ids[l.members[0].account]));
        doc_next_step(d, list_command(q, &l, " --save NAME"));
    }
    return call_show(c, d, err);
}
