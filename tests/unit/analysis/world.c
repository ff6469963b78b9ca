/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/world.h"

#include "strata_test.h"

static void make_names(world *w, size_t n)
{
    const char **ids = ARENA_NEW(w->arena, n, const char *);
    for (size_t i = 0; i < n; i++) {
        ids[i] = arena_printf(w->arena, "A%06zu", i);
    }
    w->portfolio.ids = ids;
    w->portfolio.names = ids;
}

static void make_starts(world *w, const ledger_facts *facts)
{
    day *starts = ARENA_NEW(w->arena, facts->n_accounts, day);
    for (size_t i = 0; i < facts->n_accounts; i++) {
        bool known = facts->started_on != NULL && facts->started_on[i] != DAY_MISSING;
        starts[i] = known ? facts->started_on[i] : DAY_MIN;
    }
    w->portfolio.exists_from = starts;
}

static void make_symbols(world *w, const world_inputs *in, uint32_t has)
{
    size_t n = FEATURE_COUNT + in->n_attributes;
    symbol *symbols = ARENA_NEW(w->arena, n, symbol);
    column *columns = ARENA_NEW(w->arena, in->n_attributes, column);
    for (size_t f = 0; f < FEATURE_COUNT; f++) {
        const feature_info *info = feature_get((feature_id)f);
        symbols[f] = (symbol){.name = info->name,
                              .type = info->type,
                              .missing_because = (info->needs & ~has) != 0 ? "needs data" : NULL};
    }
    for (size_t i = 0; i < in->n_attributes; i++) {
        const world_attribute *a = &in->attributes[i];
        symbols[FEATURE_COUNT + i] = (symbol){.name = a->name,
                                              .type = a->type,
                                              .levels = a->levels,
                                              .n_levels = a->n_levels,
                                              .open_levels = true};
        columns[i] = a->values;
    }
    w->portfolio.symbols = symbols;
    w->portfolio.n_symbols = n;
    w->portfolio.attributes = columns;
}

void world_open(world *w, const world_inputs *in)
{
    strata_error err = {0};
    *w = (world){.cx = {.threads = in->threads != 0 ? in->threads : 2, .seed = 1}};
    assert_ok(arena_new(&w->arena, &err), &err);
    assert_ok(ledger_memory_new(&in->facts, &w->memory, &err), &err);
    const ledger_source *source = ledger_memory_source(w->memory);
    const ledger_info *info = source->info(source->self);
    w->portfolio = (portfolio){.arena = w->arena,
                               .n_accounts = in->facts.n_accounts,
                               .info = info,
                               .ledgers = source,
                               .currency = "USD"};
    make_names(w, in->facts.n_accounts);
    make_starts(w, &in->facts);
    make_symbols(w, in, info->entities);
    assert_ok(model_parse("strata.yaml", in->yaml, strlen(in->yaml), &w->model, &err), &err);
    assert_ok(model_bind(w->model, w->portfolio.symbols, w->portfolio.n_symbols, &w->bound, &err),
              &err);
    view_options options = {.as_of = AS_OF, .since = DAY_MISSING, .watch = SIZE_MAX};
    assert_ok(study_slots(&w->portfolio, w->bound, w->arena, &options.keep, &options.n_keep, &err),
              &err);
    assert_ok(view_new(&w->cx, &w->portfolio, w->bound, NULL, &options, &w->view, &err), &err);
}

void world_make(world *w, const world_inputs *in)
{
    strata_error err = {0};
    world_open(w, in);
    assert_ok(study_new(&w->cx, w->view, STUDY_ALL, &w->study, &err), &err);
}

void world_done(world *w)
{
    study_free(w->study);
    view_free(w->view);
    bound_model_free(w->bound);
    model_free(w->model);
    ledger_memory_free(w->memory);
    arena_free(w->arena);
}

const bound_def *world_dimension(const world *w, const char *name)
{
    const bound_def *def = bound_find(w->bound, name);
    assert_non_null(def);
    return def;
}
