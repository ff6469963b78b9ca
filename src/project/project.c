/* SPDX-License-Identifier: Apache-2.0 */
#include "project/project.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "project/pins.h"

void project_close(project *p)
{
    if (p == NULL) {
        return;
    }
    bound_model_free(p->bound);
    if (p->options.keep == NULL) {
        portfolio_free(p->portfolio);
    }
    ledger_store_free(p->ledgers);
    store_close(p->store);
    model_free(p->model);
    arena_free(p->arena);
    free(p);
}

static strata_status name_paths(project *p, strata_error *err)
{
    p->folder = p->options.folder != NULL ? p->options.folder : ".";
    p->model_path = arena_printf(p->arena, "%s/strata.yaml", p->folder);
    p->store_path = arena_printf(p->arena, "%s/strata.duckdb", p->folder);
    p->rejects_path = arena_printf(p->arena, "%s/strata-rejects.csv", p->folder);
    if (p->model_path == NULL || p->store_path == NULL || p->rejects_path == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    return STRATA_OK;
}

strata_status project_open(const context *cx, const project_options *options, project **out,
                           strata_error *err)
{
    STRATA_AUTO(project_close) project *p = STRATA_NEW_ARRAY(1, project);
    if (p == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    p->cx = *cx;
    p->options = *options;
    STRATA_TRY(arena_new(&p->arena, err));
    STRATA_TRY(name_paths(p, err));
    if (!file_exists(p->model_path)) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "there is no '%s'; make a project with 'strata init', or name one with "
                           "--project",
                           p->model_path);
    }
    STRATA_TRY(options->text != NULL ? model_parse_contained(p->model_path, options->text,
                                                             options->text_len, &p->model, err)
                                     : model_load(p->model_path, &p->model, err));
    if (options->text == NULL && options->keep != NULL && options->keep->read != NULL) {
        options->keep->read(options->keep->payload, p->model);
    }
    *out = strata_steal(&p);
    return STRATA_OK;
}

static store_options options_for(const project *p, store_mode mode)
{
    return (store_options){.mode = mode,
                           .external_access = mode == STORE_WRITE,
                           .memory_limit = p->options.memory_limit,
                           .wait_s = p->options.wait_s};
}

strata_status project_bind(project *p, const model *m, bound_model **bound, override_set *overrides,
                           strata_error *err)
{
    STRATA_AUTO(bound_model_free) bound_model *b = NULL;
    STRATA_TRY(model_bind(m, p->portfolio->symbols, p->portfolio->n_symbols, &b, err));
    STRATA_TRY(pins_read(p->portfolio, b, p->arena, overrides, err));
    *bound = strata_steal(&b);
    return STRATA_OK;
}

strata_status project_open_reader(project *p, strata_error *err)
{
    if (!file_exists(p->store_path)) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "there is no data yet in '%s'; read it with 'strata ingest'", p->folder);
    }
    store_options options = options_for(p, STORE_READ);
    return store_open(p->store_path, &options, &p->cx, &p->store, err);
}

static strata_status load_portfolio(project *p, portfolio **out, strata_error *err)
{
    STRATA_AUTO(portfolio_free) portfolio *loaded = NULL;
    STRATA_TRY(portfolio_load(store_main(p->store), ledger_store_source(p->ledgers), &loaded, err));
    if (loaded->n_accounts == 0) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "there are no accounts in '%s'; read them with 'strata ingest'",
                           p->store_path);
    }
    *out = strata_steal(&loaded);
    return STRATA_OK;
}

void project_keep_done(project_keep *k)
{
    if (k->portfolio != NULL && k->leaving != NULL) {
        k->leaving(k->payload);
    }
    portfolio_free(k->portfolio);
    *k = (project_keep){.leaving = k->leaving, .read = k->read, .payload = k->payload};
}

/* The store is open for reading when this is asked: nobody writes to its file meanwhile. */
static strata_status identify(const char *path, uint64_t file[5], strata_error *err)
{
    struct stat s;
    if (stat(path, &s) != 0) {
        return strata_fail(err, STRATA_E_IO, "cannot look at '%s'", path);
    }
    file[0] = (uint64_t)s.st_dev;
    file[1] = (uint64_t)s.st_ino;
    file[2] = (uint64_t)s.st_size;
    file[3] = (uint64_t)s.st_mtim.tv_sec;
    file[4] = (uint64_t)s.st_mtim.tv_nsec;
    return STRATA_OK;
}

static strata_status keep_portfolio(project *p, project_keep *k, strata_error *err)
{
    uint64_t file[5];
    STRATA_TRY(identify(p->store_path, file, err));
    if (k->portfolio == NULL || memcmp(file, k->file, sizeof file) != 0) {
        project_keep_done(k);
        STRATA_TRY(load_portfolio(p, &k->portfolio, err));
        memcpy(k->file, file, sizeof file);
    }
    portfolio_attach(k->portfolio, ledger_store_source(p->ledgers));
    p->portfolio = k->portfolio;
    return STRATA_OK;
}

strata_status project_load(project *p, strata_error *err)
{
    STRATA_TRY(project_open_reader(p, err));
    STRATA_TRY(ledger_store_new(p->store, &p->cx, &p->ledgers, err));
    STRATA_TRY(p->options.keep != NULL ? keep_portfolio(p, p->options.keep, err)
                                       : load_portfolio(p, &p->portfolio, err));
    return project_bind(p, p->model, &p->bound, &p->overrides, err);
}

void project_rest(project *p)
{
    ledger_store_free(p->ledgers);
    p->ledgers = NULL;
    store_close(p->store);
    p->store = NULL;
}

strata_status project_open_writer(project *p, store **out, strata_error *err)
{
    project_rest(p);
    store_options options = options_for(p, STORE_WRITE);
    return store_open(p->store_path, &options, &p->cx, out, err);
}
