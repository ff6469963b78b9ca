/* SPDX-License-Identifier: Apache-2.0 */
/* A command run for an assistant; its answer kept. */
#include <stdlib.h>

#include "mcp/parts.h"

typedef struct catcher {
    strbuf json, *markdown;
    size_t rows;
    bool shown;
} catcher;

static strata_status show(void *payload, const call *c, const document *d, strata_error *err)
{
    catcher *k = payload;
    render_options options = {.rows = k->rows};
    (void)c;
    k->shown = true;
    STRATA_TRY(render_document(d, RENDER_MARKDOWN, &options, k->markdown, err));
    return render_document(d, RENDER_JSON, &(render_options){0}, &k->json, err);
}

static strata_status run(mcp *m, const mcp_asked *q, catcher *k, arena *a, strata_error *err)
{
    call_sink sink = {.show = show, .payload = k};
    call c = {.cx = m->options.cx,
              .arena = a,
              .format = RENDER_MARKDOWN, /* lists as people get them: the first rows */
              .sink = &sink,
              .project = &m->options.project};
    STRATA_TRY(call_request(&c, q->command, q->pairs, q->n, m->options.may_change, err));
    STRATA_TRY(q->command->run(&c, err));
    if (!k->shown) {
        return strata_fail(err, STRATA_E_DATA, "%s had nothing to say", q->command->name);
    }
    return STRATA_OK;
}

static strata_status keep_answer(mcp *m, const strbuf *json, const mcp_answer **out,
                                 strata_error *err)
{
    json_t *parsed = json_loadb(strbuf_text(json), json->len, 0, NULL);
    if (parsed == NULL) {
        return mcp_no_memory(err);
    }
    mcp_answer *a = &m->answers[m->n_answers % MCP_ANSWERS];
    json_decref(a->document);
    *a = (mcp_answer){.number = ++m->n_answers, .document = parsed};
    *out = a;
    return STRATA_OK;
}

strata_status mcp_ask(mcp *m, const mcp_asked *q, strbuf *markdown, const mcp_answer **answer,
                      strata_error *err)
{
    catcher k = {.markdown = markdown, .rows = q->rows};
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    strbuf_init(&k.json, 0);
    strbuf_clear(&m->notices);
    strata_status st = run(m, q, &k, a, err);
    if (st == STRATA_OK) {
        strbuf_add(markdown, strbuf_text(&m->notices));
        st = keep_answer(m, &k.json, answer, err);
    }
    strbuf_done(&k.json);
    return st;
}
