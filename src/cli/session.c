/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/session.h"

strata_status session_project(cli *c, project **out, strata_error *err)
{
    long wait = 0;
    STRATA_TRY(cli_count(c, "wait", 0, 86400, STORE_WAIT_DEFAULT_S, &wait, err));
    project_options options = {.folder = cli_value(c, "project"),
                               .memory_limit = cli_value(c, "memory"),
                               .wait_s = wait > 0 ? (int)wait : -1};
    return project_open(&c->cx, &options, out, err);
}

static strata_status tell_warnings(const cli *c, const project *p, strata_error *err)
{
    const model_warning *warnings = NULL;
    size_t n = 0;
    STRATA_TRY(model_check(p->bound, &warnings, &n, err));
    for (size_t i = 0; i < n; i++) {
        context_notice(&c->cx, "%s", warnings[i].text);
    }
    return STRATA_OK;
}

strata_status session_load(cli *c, project **out, strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_TRY(session_project(c, &p, err));
    STRATA_TRY(project_load(p, err));
    STRATA_TRY(tell_warnings(c, p, err));
    *out = strata_steal(&p);
    return STRATA_OK;
}

strata_status session_as_of(const cli *c, const project *p, day *out, strata_error *err)
{
    day last = portfolio_last_day(p->portfolio, c->cx.today);
    day as_of = last;
    char text[DAY_TEXT];
    STRATA_TRY(cli_date(c, "as-of", last, &as_of, err));
    if (as_of > c->cx.today) {
        day_format(c->cx.today, text);
        return strata_fail(err, STRATA_E_USAGE, "--as-of lies after today, %s", text);
    }
    if (as_of < p->portfolio->info->first_day) {
        day_format(p->portfolio->info->first_day, text);
        return strata_fail(err, STRATA_E_USAGE, "--as-of lies before the first fact, of %s", text);
    }
    *out = as_of;
    return STRATA_OK;
}

strata_status session_document(const cli *c, const project *p, const char *kind, const char *title,
                               day as_of, int64_t n_accounts, int64_t arr_minor, document **out,
                               strata_error *err)
{
    bool loaded = p->portfolio != NULL;
    document_head head = {.kind = kind,
                          .title = title,
                          .portfolio = p->model->business.name,
                          .currency = p->model->business.currency,
                          .as_of = as_of,
                          .model_name = p->model->template_name,
                          .model_digest = p->model->digest,
                          .data_digest = loaded ? p->portfolio->data_digest : NULL,
                          .version = STRATA_VERSION,
                          .seed = c->cx.seed,
                          .n_accounts = n_accounts,
                          .arr_minor = arr_minor};
    return document_new(&head, out, err);
}

void session_totals(const view *v, int64_t *n_accounts, int64_t *value_minor)
{
    const bound_def *def = view_primary(v);
    *n_accounts = 0;
    *value_minor = v->value != NULL ? 0 : -1;
    const segment_code *codes = def != NULL ? segmentation_codes(v->s, def, v->now_at) : NULL;
    for (size_t i = 0; codes != NULL && i < v->p->n_accounts; i++) {
        if (codes[i] < SEGMENTS_MAX) {
            ++*n_accounts;
            *value_minor += v->value != NULL ? view_value_minor(v, i) : 0;
        }
    }
}
