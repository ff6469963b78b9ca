/* SPDX-License-Identifier: Apache-2.0 */
#include "command/session.h"

#include <string.h>

#include "base/nearest.h"
#include "plan/plays/playbooks.h"

strata_status session_project(call *c, project **out, strata_error *err)
{
    if (c->project != NULL) {
        return project_open(&c->cx, c->project, out, err);
    }
    long wait = 0;
    STRATA_TRY(call_count(c, "wait", 0, 86400, STORE_WAIT_DEFAULT_S, &wait, err));
    project_options options = {.folder = call_value(c, "project"),
                               .memory_limit = call_value(c, "memory"),
                               .wait_s = wait > 0 ? (int)wait : -1};
    return project_open(&c->cx, &options, out, err);
}

strata_status session_warn(const call *c, bound_model *b, strata_error *err)
{
    const model_warning *warnings = NULL;
    size_t n = 0;
    STRATA_TRY(model_check(b, &warnings, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (!warnings[i].note) {
            context_notice(&c->cx, "%s", warnings[i].text);
        }
    }
    return STRATA_OK;
}

strata_status session_check_playbooks(const bound_model *b, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    playbook_list list = {0};
    bound_playbooks bound = {0};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(playbooks_load(b->model, a, &list, err));
    return playbooks_bind(&list, b, a, &bound, err);
}

strata_status session_load(call *c, project **out, strata_error *err)
{
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_TRY(session_project(c, &p, err));
    STRATA_TRY(project_load(p, err));
    *out = strata_steal(&p);
    return STRATA_OK;
}

strata_status session_as_of(const call *c, const project *p, day *out, strata_error *err)
{
    day last = portfolio_last_day(p->portfolio, c->cx.today);
    day as_of = last;
    char text[DAY_TEXT];
    STRATA_TRY(call_date(c, "as-of", last, &as_of, err));
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

/* NOLINTNEXTLINE(readability-function-size): the facts of a document's head, one each */
strata_status session_document(const call *c, const project *p, const char *kind, const char *title,
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
                          .arr_minor = arr_minor,
                          .project = call_folder(c)};
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

static size_t account_by_name(const portfolio *p, const char *name, size_t *n_found)
{
    size_t found = SIZE_MAX;
    *n_found = 0;
    for (size_t i = 0; i < p->n_accounts; i++) {
        if (strcmp(p->names[i], name) == 0) {
            found = i;
            ++*n_found;
        }
    }
    return found;
}

strata_status session_account(const project *p, const char *text, size_t *out, strata_error *err)
{
    size_t account = portfolio_account(p->portfolio, text);
    size_t n = account != SIZE_MAX ? 1 : 0;
    if (n == 0) {
        account = account_by_name(p->portfolio, text, &n);
    }
    if (n == 1) {
        *out = account;
        return STRATA_OK;
    }
    if (n > 1) {
        return strata_fail(err, STRATA_E_NOTFOUND,
                           "%zu accounts are called '%s'; give an account id", n, text);
    }
    size_t n_accounts = p->portfolio->n_accounts;
    const nearest_text name = nearest_hint(text, p->portfolio->names, n_accounts);
    return strata_fail(err, STRATA_E_NOTFOUND, "there is no account '%s'%s", text,
                       nearest_hint_or(text, p->portfolio->ids, n_accounts, name.text).text);
}

enum { DIMENSIONS_MAX = 256 };

strata_status session_dimension(const project *p, const char *name, const bound_def **out,
                                strata_error *err)
{
    const char *names[DIMENSIONS_MAX] = {0};
    size_t n = 0;
    const char *wanted = name != NULL ? name : p->model->primary;
    for (size_t i = 0; i < p->bound->n_defs && n < DIMENSIONS_MAX; i++) {
        const bound_def *def = &p->bound->defs[i];
        if (def->kind != DEF_DIMENSION) {
            continue;
        }
        names[n++] = p->model->dimensions[def->index].name;
        if (wanted == NULL || strcmp(names[n - 1], wanted) == 0) {
            *out = def;
            return STRATA_OK;
        }
    }
    return strata_fail(err, STRATA_E_NOTFOUND, "the model has no dimension '%s'%s",
                       wanted != NULL ? wanted : "", nearest_hint(wanted, names, n).text);
}
