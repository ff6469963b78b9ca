/* SPDX-License-Identifier: Apache-2.0 */
#include "serve/views.h"

#include <string.h>

#include "base/nearest.h"

enum { ALL_SLOTS_UP_TO = 200000 }; /* accounts; above, only what somebody asked for is kept */

static void clear_one(kept_view *k)
{
    for (size_t i = 0; i < LISTS_KEPT; i++) {
        arena_free(k->lists[i].arena);
    }
    free(k->looks);
    view_free(k->view);
    project_close(k->project);
    *k = (kept_view){0};
}

void views_clear(views *v)
{
    for (size_t i = 0; i < VIEWS_KEPT; i++) {
        clear_one(&v->kept[i]);
    }
}

void views_asked_done(views_asked *asked)
{
    accounts_ask_done(&asked->ask);
}

/* --- what was asked, with the names of a project --- */

static strata_status read_ask(views_asked *a, project *p, const char *const *names, size_t n_names,
                              strata_error *err)
{
    accounts_ask_done(&a->ask);
    a->ask = (accounts_ask){0};
    a->look = (look){.c = a->c,
                     .project = p,
                     .bound = p->bound,
                     .overrides = &p->overrides,
                     .def = bound_primary(p->bound),
                     .since = DAY_MISSING};
    if (a->look.def == NULL) {
        return strata_fail(err, STRATA_E_MODEL, "%s has no dimensions", p->model_path);
    }
    STRATA_TRY(look_dimension(&a->look, err));
    STRATA_TRY(look_dates(&a->look, NULL, err));
    STRATA_TRY(accounts_ask_read(&a->look, &a->ask, err));
    for (size_t i = 0; i < n_names; i++) {
        list_column found = {0};
        if (!list_column_find(p->bound, names[i], &found) || found.kind != LIST_SLOT) {
            return strata_fail(err, STRATA_E_USAGE,
                               "unknown name '%.100s'; 'strata features' lists what there is",
                               names[i]);
        }
        if (!vec_push(&a->ask.keep, found.slot)) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

static bool has_slot(const kept_view *k, size_t slot)
{
    column c = segmentation_column(k->view->s, slot);
    return c.num != NULL || c.code != NULL ||
           k->project->bound->scope.symbols[slot].missing_because != NULL;
}

static bool has_all(const kept_view *k, const views_asked *a)
{
    for (size_t i = 0; i < a->ask.keep.n; i++) {
        if (!has_slot(k, a->ask.keep.data[i])) {
            return false;
        }
    }
    return true;
}

/* --- a new view --- */

/* Besides what is asked for now: what the view before it had, or everything when there are few
 * accounts. */
static strata_status more_slots(const kept_view *before, const project *p, views_asked *a,
                                strata_error *err)
{
    bool all = p->portfolio->n_accounts <= ALL_SLOTS_UP_TO;
    for (size_t slot = 0; slot < p->bound->scope.n_symbols; slot++) {
        bool had = before->view != NULL && segmentation_column(before->view->s, slot).num != NULL;
        bool there = p->bound->scope.symbols[slot].missing_because == NULL;
        if (there && (all || had) && !vec_push(&a->ask.keep, slot)) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    return STRATA_OK;
}

static strata_status build(kept_view *k, views_asked *a, const char *const *names, size_t n_names,
                           strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_AUTO(view_free) view *made = NULL;
    STRATA_TRY(project_open(&a->c->cx, a->c->project, &p, err));
    STRATA_TRY(project_load(p, err)); /* may clear every kept view: the accounts are others */
    STRATA_TRY(read_ask(a, p, names, n_names, err));
    STRATA_TRY(more_slots(k, p, a, err));
    STRATA_TRY(look_view(&a->look, a->ask.keep.data, a->ask.keep.n, err));
    made = a->look.view;
    project_rest(p);
    clear_one(k);
    k->looks = STRATA_NEW_ARRAY(p->bound->scope.n_symbols, list_column_look);
    if (k->looks == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    k->project = strata_steal(&p);
    k->view = strata_steal(&made);
    /* The call ends before the view does. */
    k->project->cx = (context){.threads = a->c->cx.threads, .today = a->c->cx.today};
    return STRATA_OK;
}

static kept_view *find_kept(views *v, const char *state, const char *as_of, day today)
{
    for (size_t i = 0; i < VIEWS_KEPT; i++) {
        kept_view *k = &v->kept[i];
        if (k->view != NULL && strcmp(k->state, state) == 0 && strcmp(k->as_of, as_of) == 0 &&
            k->today == today) {
            return k;
        }
    }
    return NULL;
}

static kept_view *oldest(views *v)
{
    kept_view *found = &v->kept[0];
    for (size_t i = 1; i < VIEWS_KEPT; i++) {
        found = v->kept[i].used < found->used ? &v->kept[i] : found;
    }
    return found;
}

strata_status views_find(views *v, const char *state, views_asked *a, const char *const *names,
                         size_t n_names, strata_error *err)
{
    const char *as_of = call_value(a->c, "as-of");
    char date[DAY_TEXT] = "";
    if (as_of != NULL && strlen(as_of) < sizeof date) {
        memcpy(date, as_of, strlen(as_of) + 1);
    }
    kept_view *k = find_kept(v, state, date, a->c->cx.today);
    if (k != NULL) {
        STRATA_TRY(read_ask(a, k->project, names, n_names, err));
    }
    if (k == NULL || !has_all(k, a)) {
        k = k != NULL ? k : oldest(v);
        STRATA_TRY(build(k, a, names, n_names, err));
        memcpy(k->state, state, sizeof k->state);
        memcpy(k->as_of, date, sizeof date);
        k->today = a->c->cx.today;
    }
    a->look.view = k->view;
    a->kept = k;
    k->used = ++v->clock;
    return STRATA_OK;
}

list_column_look views_column_look(const views_asked *a, list_column wanted)
{
    if (wanted.kind != LIST_SLOT) {
        return list_column_shown(a->look.view, wanted);
    }
    list_column_look *known = &a->kept->looks[wanted.slot];
    if (known->label == NULL) {
        *known = list_column_shown(a->look.view, wanted);
    }
    return *known;
}

/* --- lists --- */

static void list_key(const views_asked *a, char out[DIGEST_TEXT])
{
    static const char *const options[] = {"where", "sort", "all", "dimension"};
    digest d;
    digest_init(&d);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        digest_add_text(&d, call_has(a->c, options[i]) ? "given" : NULL);
        digest_add_text(&d, call_value(a->c, options[i]));
    }
    digest_finish(&d, out);
}

strata_status views_list(views *v, views_asked *a, const account_list **out, strata_error *err)
{
    char key[DIGEST_TEXT];
    kept_list *place = &a->kept->lists[0];
    list_key(a, key);
    for (size_t i = 0; i < LISTS_KEPT; i++) {
        kept_list *l = &a->kept->lists[i];
        if (strcmp(l->key, key) == 0) {
            l->used = ++v->clock;
            *out = &l->list;
            return STRATA_OK;
        }
        place = l->used < place->used ? l : place;
    }
    STRATA_AUTO(arena_free) arena *own = NULL;
    account_list list = {0};
    STRATA_TRY(arena_new(&own, err));
    STRATA_TRY(account_list_make(a->look.view, &a->ask.request, own, &list, err));
    arena_free(place->arena);
    *place = (kept_list){.arena = strata_steal(&own), .list = list, .used = ++v->clock};
    memcpy(place->key, key, sizeof key);
    *out = &place->list;
    return STRATA_OK;
}
