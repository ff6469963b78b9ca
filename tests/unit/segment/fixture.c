/* SPDX-License-Identifier: Apache-2.0 */
#include "segment/fixture.h"

#include <stdio.h>

#include "strata_test.h"

/* Ids that sort like the account numbers. */
static const char *const *make_ids(arena *a, size_t n)
{
    const char **ids = ARENA_NEW(a, n, const char *);
    for (size_t i = 0; i < n; i++) {
        ids[i] = arena_printf(a, "A%06zu", i);
    }
    return ids;
}

static const day *make_starts(arena *a, const ledger_facts *facts)
{
    day *starts = ARENA_NEW(a, facts->n_accounts, day);
    for (size_t i = 0; i < facts->n_accounts; i++) {
        bool known = facts->started_on != NULL && facts->started_on[i] != DAY_MISSING;
        starts[i] = known ? facts->started_on[i] : DAY_MIN;
    }
    return starts;
}

static const symbol *make_symbols(arena *a, uint32_t has)
{
    symbol *symbols = ARENA_NEW(a, FEATURE_COUNT, symbol);
    for (size_t f = 0; f < FEATURE_COUNT; f++) {
        const feature_info *info = feature_get((feature_id)f);
        symbols[f] = (symbol){.name = info->name,
                              .type = info->type,
                              .missing_because = (info->needs & ~has) != 0 ? "needs data" : NULL};
    }
    return symbols;
}

void fixture_make(fixture *f, const ledger_facts *facts, const char *yaml)
{
    strata_error err = {0};
    *f = (fixture){.cx = {.threads = 2, .seed = 1}};
    assert_ok(ledger_memory_new(facts, &f->memory, &err), &err);
    assert_ok(arena_new(&f->arena, &err), &err);
    const ledger_source *source = ledger_memory_source(f->memory);
    const ledger_info *info = source->info(source->self);
    f->portfolio = (portfolio){.arena = f->arena,
                               .n_accounts = facts->n_accounts,
                               .ids = make_ids(f->arena, facts->n_accounts),
                               .exists_from = make_starts(f->arena, facts),
                               .symbols = make_symbols(f->arena, info->entities),
                               .n_symbols = FEATURE_COUNT,
                               .info = info,
                               .ledgers = source,
                               .currency = "USD"};
    f->portfolio.names = f->portfolio.ids;
    assert_ok(model_parse("strata.yaml", yaml, strlen(yaml), &f->model, &err), &err);
    assert_ok(model_bind(f->model, f->portfolio.symbols, FEATURE_COUNT, &f->bound, &err), &err);
}

void fixture_done(fixture *f)
{
    bound_model_free(f->bound);
    model_free(f->model);
    ledger_memory_free(f->memory);
    arena_free(f->arena);
}

segmentation *fixture_run(const fixture *f, const override_set *overrides,
                          const segmentation_request *request)
{
    strata_error err = {0};
    segmentation *s = NULL;
    assert_ok(segmentation_run(&f->cx, &f->portfolio, f->bound, overrides, request, &s, &err),
              &err);
    return s;
}

const bound_def *fixture_dimension(const fixture *f, const char *name)
{
    const bound_def *def = bound_find(f->bound, name);
    assert_non_null(def);
    return def;
}
