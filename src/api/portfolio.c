/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api.h"

#include <stdlib.h>
#include <string.h>

#include <strata/strata.h>

#include "base/machine.h"
#include "source/source.h"

/* NOLINTNEXTLINE(misc-redundant-expression): two names that must mean the same */
_Static_assert(STRATA_NO_DATE == DAY_MISSING, "a missing date is a missing day");

const char *strata_version(void)
{
    return STRATA_VERSION;
}

strata_date strata_date_parse(const char *text)
{
    day d = DAY_MISSING;
    return text != NULL && day_parse_iso(text, strlen(text), &d) ? d : STRATA_NO_DATE;
}

void strata_date_format(strata_date date, char out[11])
{
    day_format(date, out);
}

/* --- how to work --- */

static void tell_progress(void *payload, const char *what, uint64_t done, uint64_t total)
{
    api_host *host = payload;
    if (host->options.progress(host->options.payload, what, done, total) != 0) {
        host->cancelled = 1;
    }
}

static void tell_notice(void *payload, const char *text)
{
    const api_host *host = payload;
    host->options.notice(host->options.payload, text);
}

context api_context(const strata_options *options, api_host *host)
{
    static const strata_options usual = STRATA_OPTIONS_INIT;
    *host = (api_host){.options = options != NULL ? *options : usual};
    const strata_options *o = &host->options;
    return (context){.threads = o->threads > 0 ? o->threads : machine_processors(),
                     .seed = o->seed,
                     .today = o->today != STRATA_NO_DATE ? o->today : machine_today(),
                     .cancelled = &host->cancelled,
                     .progress = o->progress != NULL ? tell_progress : NULL,
                     .notice = o->notice != NULL ? tell_notice : NULL,
                     .payload = host};
}

strata_status api_project(const context *cx, const api_host *host, project **out, strata_error *err)
{
    project_options options = {.folder = host->options.folder,
                               .memory_limit = host->options.memory_limit,
                               .wait_s = host->options.wait_seconds};
    return project_open(cx, &options, out, err);
}

/* --- reading sources --- */

strata_status strata_ingest(const strata_options *options, strata_ingest_result *out,
                            strata_error *err)
{
    api_host host;
    context cx = api_context(options, &host);
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_AUTO(store_close) store *s = NULL;
    ingest_summary summary = {0};
    STRATA_TRY(api_project(&cx, &host, &p, err));
    ingest_options how = {.rejects_path = p->rejects_path};
    STRATA_TRY(project_open_writer(p, &s, err));
    STRATA_TRY(ingest_run(&cx, s, p->model, &how, p->arena, &summary, err));
    strata_ingest_result result = {.changed = summary.changed, .n_accounts = summary.n_accounts};
    for (size_t i = 0; summary.changed && i < summary.n_sources; i++) {
        const ingest_source_summary *source = &summary.sources[i];
        if (!source->unchanged) {
            result.n_read += source->n_read;
            result.n_loaded += source->n_loaded;
            result.n_rejected += source->n_rejected;
        }
    }
    if (out != NULL) {
        *out = result;
    }
    return STRATA_OK;
}

/* --- an open portfolio --- */

void strata_close(strata_portfolio *p)
{
    if (p != NULL) {
        project_close(p->project);
        free(p->dimensions);
        free(p);
    }
}
STRATA_DEFINE_AUTO(strata_portfolio, strata_close)

static strata_status list_dimensions(strata_portfolio *p, strata_error *err)
{
    const bound_model *b = p->project->bound;
    p->dimensions = STRATA_NEW_ARRAY(b->n_defs + 1, const bound_def *);
    if (p->dimensions == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < b->model->n_dimensions; i++) {
        const bound_def *def = bound_find(b, b->model->dimensions[i].name);
        if (def != NULL) {
            p->dimensions[p->n_dimensions++] = def;
        }
    }
    return STRATA_OK;
}

strata_status strata_open(const strata_options *options, strata_portfolio **out, strata_error *err)
{
    STRATA_AUTO(strata_close) strata_portfolio *p = STRATA_NEW_ARRAY(1, strata_portfolio);
    if (p == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    p->cx = api_context(options, &p->host);
    STRATA_TRY(api_project(&p->cx, &p->host, &p->project, err));
    STRATA_TRY(project_load(p->project, err));
    STRATA_TRY(list_dimensions(p, err));
    *out = strata_steal(&p);
    return STRATA_OK;
}

strata_status api_date(const strata_portfolio *p, strata_date as_of, day *out, strata_error *err)
{
    char text[DAY_TEXT];
    char edge[DAY_TEXT];
    day wanted = as_of != STRATA_NO_DATE ? as_of : strata_last_date(p);
    day_format(wanted, text);
    if (wanted > p->cx.today) {
        day_format(p->cx.today, edge);
        return strata_fail(err, STRATA_E_USAGE, "the date %s lies after today, %s", text, edge);
    }
    if (wanted < strata_first_date(p)) {
        day_format(strata_first_date(p), edge);
        return strata_fail(err, STRATA_E_USAGE, "the date %s lies before the first fact, of %s",
                           text, edge);
    }
    *out = wanted;
    return STRATA_OK;
}

size_t strata_n_accounts(const strata_portfolio *p)
{
    return p->project->portfolio->n_accounts;
}

const char *strata_account_id(const strata_portfolio *p, size_t account)
{
    return account < strata_n_accounts(p) ? p->project->portfolio->ids[account] : NULL;
}

const char *strata_account_name(const strata_portfolio *p, size_t account)
{
    return account < strata_n_accounts(p) ? p->project->portfolio->names[account] : NULL;
}

size_t strata_account_find(const strata_portfolio *p, const char *id)
{
    return id != NULL ? portfolio_account(p->project->portfolio, id) : SIZE_MAX;
}

strata_date strata_first_date(const strata_portfolio *p)
{
    return p->project->portfolio->info->first_day;
}

strata_date strata_last_date(const strata_portfolio *p)
{
    return portfolio_last_day(p->project->portfolio, p->cx.today);
}

const char *strata_currency(const strata_portfolio *p)
{
    return p->project->portfolio->currency;
}

const char *strata_model_digest(const strata_portfolio *p)
{
    return p->project->model->digest;
}

const char *strata_data_digest(const strata_portfolio *p)
{
    return p->project->portfolio->data_digest;
}
