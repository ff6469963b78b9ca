/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/project: what the project is. */
#include "serve/parts.h"

#include <string.h>

#include "model/bind.h"
#include "report/value.h"

static json_t *day_json(day d)
{
    char text[DAY_TEXT];
    if (d == DAY_MISSING) {
        return json_null();
    }
    day_format(d, text);
    return json_string(text);
}

/* Lower edges of a dimension that only bands one name, from high to low; the lowest band is what is
 * below them. */
static json_t *bands_json(const project *p, const model_dimension *m)
{
    json_t *edges = json_array();
    if (m->kind != DIMENSION_BANDS || bound_find(p->bound, m->of.text) == NULL) {
        size_t slot =
            m->kind == DIMENSION_BANDS ? portfolio_slot(p->portfolio, m->of.text) : SIZE_MAX;
        if (slot == SIZE_MAX) {
            json_decref(edges);
            return json_null();
        }
    }
    for (size_t i = 0; i + 1 < m->n_bands; i++) {
        const char *label = m->bands[i].label != NULL ? m->bands[i].label : m->bands[i].key;
        (void)json_array_append_new(
            edges, json_pack("{s:s, s:f}", "segment", label, "from", m->bands[i].from));
    }
    return json_pack("{s:s, s:o}", "feature", m->of.text, "edges", edges);
}

static json_t *dimension_json(const project *p, const bound_def *def)
{
    const model_dimension *m = &p->model->dimensions[def->index];
    json_t *labels = json_array();
    json_t *keys = json_array();
    size_t n = 0;
    const char *const *names = bound_segments(p->bound, def, &n);
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(labels, json_string(names[i]));
        (void)json_array_append_new(keys,
                                    json_string(i < def->n_segments ? def->keys[i] : names[i]));
    }
    return json_pack("{s:s, s:s, s:b, s:b, s:o, s:o, s:o}", "name", m->name, "label",
                     report_dimension_label(p->bound, def), "primary",
                     def == bound_primary(p->bound), "ordered", (int)m->ordered, "segments", labels,
                     "keys", keys, "bands", bands_json(p, m));
}

static json_t *dimensions_json(const project *p)
{
    json_t *all = json_array();
    for (size_t i = 0; i < p->bound->n_defs; i++) {
        if (p->bound->defs[i].kind == DEF_DIMENSION) {
            (void)json_array_append_new(all, dimension_json(p, &p->bound->defs[i]));
        }
    }
    return all;
}

typedef struct about {
    exchange *x;
    json_t *out;
} about;

static strata_status describe(void *payload, const context *cx, strata_error *err)
{
    about *a = payload;
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_TRY(work_project(a->x->s, cx, &p, err));
    bool changes = a->x->s->options.allow_write && a->x->role >= ACCESS_ANALYST;
    a->out = json_pack("{s:s, s:s, s:s, s:o, s:o, s:I, s:s, s:s, s:s, s:s, s:b, s:b, s:o}", "name",
                       p->model->business.name, "currency", p->model->business.currency, "value",
                       portfolio_value_name(p->portfolio), "first_day",
                       day_json(p->portfolio->info->first_day), "last_day",
                       day_json(portfolio_last_day(p->portfolio, cx->today)), "accounts",
                       (json_int_t)p->portfolio->n_accounts, "model_digest", p->model->digest,
                       "data_digest", p->portfolio->data_digest, "version", STRATA_VERSION, "role",
                       serve_role_names[a->x->role], "may_run", (int)changes, "may_edit",
                       (int)(a->x->s->options.allow_write && a->x->role >= ACCESS_ADMIN),
                       "dimensions", dimensions_json(p));
    return a->out != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static strata_status compute_about(exchange *x, const char *key, http_bytes **out,
                                   strata_error *err)
{
    about a = {.x = x};
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    STRATA_TRY(work_do(x, describe, &a, err));
    json_put_value(&text, a.out);
    json_decref(a.out);
    strbuf_add_char(&text, '\n');
    http_bytes *bytes = http_bytes_take(&text);
    if (bytes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    keep_answer(x, serve_role_names[x->role], key, bytes);
    *out = bytes;
    return STRATA_OK;
}

strata_status answer_project(exchange *x, strata_error *err)
{
    char key[DIGEST_TEXT];
    request_key(x, serve_role_names[x->role], NULL, key);
    if (reply_known(x, key)) {
        return STRATA_OK;
    }
    STRATA_AUTO(http_bytes_free) http_bytes *bytes = cache_find(x->s->cache, key);
    if (bytes == NULL) {
        STRATA_TRY(compute_about(x, key, &bytes, err));
    }
    return reply_bytes(x, "application/json", key, bytes, err);
}
