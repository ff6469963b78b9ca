/* SPDX-License-Identifier: Apache-2.0 */
/* Messages in, replies out: JSON-RPC 2.0 and the protocol's life. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "mcp/parts.h"

strata_status mcp_no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

const char *json_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

strata_status mcp_new(const mcp_options *options, mcp **out, strata_error *err)
{
    mcp *m = STRATA_NEW_ARRAY(1, mcp);
    if (m == NULL || pthread_mutex_init(&m->lock, NULL) != 0) {
        free(m);
        return mcp_no_memory(err);
    }
    m->options = *options;
    m->options.project.keep = &m->keep;
    strbuf_init(&m->notices, MCP_TEXT_LIMIT);
    *out = m;
    return STRATA_OK;
}

void mcp_free(mcp *m)
{
    if (m == NULL) {
        return;
    }
    for (size_t i = 0; i < MCP_ANSWERS; i++) {
        json_decref(m->answers[i].document);
    }
    for (size_t i = 0; i < MCP_TO_CANCEL; i++) {
        json_decref(m->to_cancel[i]);
    }
    json_decref(m->working_on);
    json_decref(m->batch);
    strbuf_done(&m->notices);
    project_keep_done(&m->keep);
    (void)pthread_mutex_destroy(&m->lock);
    free(m);
}

/* --- sending --- */

/* Takes the reference of `message`. */
static strata_status send_message(mcp *m, json_t *message, strata_error *err)
{
    char *text = message != NULL ? json_dumps(message, MCP_DUMP) : NULL;
    json_decref(message);
    if (text == NULL) {
        return mcp_no_memory(err);
    }
    strata_status st = m->options.send(m->options.payload, text, strlen(text), err);
    free(text);
    return st;
}

/* At once, or with the others of its message. Takes the reference. */
static strata_status send_reply(mcp *m, json_t *message, strata_error *err)
{
    if (m->batch == NULL || message == NULL) {
        return send_message(m, message, err);
    }
    return json_array_append_new(m->batch, message) == 0 ? STRATA_OK : mcp_no_memory(err);
}

/* `id` is borrowed; NULL is sent as null. */
static strata_status send_error(mcp *m, const json_t *id, int code, const char *message,
                                strata_error *err)
{
    json_t *copy = id != NULL ? json_deep_copy(id) : json_null();
    char text[sizeof err->message];
    (void)snprintf(text, sizeof text, "%s", message);
    utf8_mend(text); /* names in it may be cut, or no UTF-8 at all */
    return send_reply(m,
                      json_pack("{s:s, s:o, s:{s:i, s:s}}", "jsonrpc", "2.0", "id", copy, "error",
                                "code", code, "message", text),
                      err);
}

static strata_status send_result(mcp *m, const json_t *id, json_t *result, strata_error *err)
{
    return send_reply(
        m,
        json_pack("{s:s, s:o, s:o}", "jsonrpc", "2.0", "id", json_deep_copy(id), "result", result),
        err);
}

/* --- the life of a session --- */

/* Newest first: what is answered to a client that speaks none of them. */
static const char *const versions[] = {"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"};

/* It asks that they be taken; the next version has done away with them. */
static const char last_with_batches[] = "2025-03-26";

static const char *choose_version(const char *asked)
{
    for (size_t i = 0; asked != NULL && i < sizeof versions / sizeof versions[0]; i++) {
        if (strcmp(versions[i], asked) == 0) {
            return versions[i];
        }
    }
    return versions[0];
}

static const char instructions[] =
    "Strata answers questions about a company's customers from its own data: every figure is "
    "computed, none is estimated by you. Begin with 'describe'. Answers are short and have an id "
    "(a1, a2, ...): 'open' shows more rows or a whole section of one, 'where_from' gives the "
    "definition, the inputs and the accounts behind a figure. Next steps are written as commands: "
    "'strata profile Champions' is the tool 'profile' with that segment. Say the as-of date with "
    "figures, "
    "give ranges where Strata gives them, and say so where it says that there is not enough data.";

static strata_status initialize(mcp *m, const json_t *params, rpc_outcome *out, strata_error *err)
{
    const char *version = choose_version(json_text(params, "protocolVersion"));
    m->initialized = true;
    m->batches = strcmp(version, last_with_batches) <= 0; /* versions are dates */
    out->result =
        json_pack("{s:s, s:{s:{}, s:{}, s:{}}, s:{s:s, s:s, s:s}, s:s}", "protocolVersion", version,
                  "capabilities", "tools", "resources", "prompts", "serverInfo", "name", "strata",
                  "title", "Strata", "version", STRATA_VERSION, "instructions", instructions);
    return out->result != NULL ? STRATA_OK : mcp_no_memory(err);
}

static strata_status ping(rpc_outcome *out, strata_error *err)
{
    out->result = json_object();
    return out->result != NULL ? STRATA_OK : mcp_no_memory(err);
}

static strata_status dispatch(mcp *m, const char *method, const json_t *params, rpc_outcome *out,
                              strata_error *err)
{
    if (strcmp(method, "initialize") == 0) {
        return initialize(m, params, out, err);
    }
    if (strcmp(method, "ping") == 0) {
        return ping(out, err);
    }
    if (!m->initialized) {
        out->code = RPC_INVALID_REQUEST;
        return strata_fail(err, STRATA_E_USAGE, "the first request is 'initialize'");
    }
    if (strcmp(method, "tools/list") == 0) {
        return mcp_tools_list(m, out, err);
    }
    if (strcmp(method, "tools/call") == 0) {
        return mcp_tools_call(m, params, out, err);
    }
    if (strcmp(method, "resources/list") == 0) {
        return mcp_resources_list(out, err);
    }
    if (strcmp(method, "resources/templates/list") == 0) {
        return mcp_resource_templates(out, err);
    }
    if (strcmp(method, "resources/read") == 0) {
        return mcp_resources_read(m, params, out, err);
    }
    if (strcmp(method, "prompts/list") == 0) {
        return mcp_prompts_list(out, err);
    }
    if (strcmp(method, "prompts/get") == 0) {
        return mcp_prompts_get(m, params, out, err);
    }
    out->code = RPC_METHOD_NOT_FOUND;
    return strata_fail(err, STRATA_E_USAGE, "there is no method '%.60s'", method);
}

/* --- the request that is worked on --- */

/* Whether the request was cancelled while it waited. With the lock held. */
static int take_cancelled(mcp *m, const json_t *id)
{
    for (size_t i = 0; i < MCP_TO_CANCEL; i++) {
        if (m->to_cancel[i] != NULL && json_equal(m->to_cancel[i], id) != 0) {
            json_decref(m->to_cancel[i]);
            m->to_cancel[i] = NULL;
            return 1;
        }
    }
    return 0;
}

static strata_status begin(mcp *m, const json_t *id, const json_t *params, strata_error *err)
{
    json_t *copy = json_deep_copy(id);
    if (copy == NULL) {
        return mcp_no_memory(err);
    }
    (void)pthread_mutex_lock(&m->lock);
    m->working_on = copy;
    m->cancelled = take_cancelled(m, id);
    (void)pthread_mutex_unlock(&m->lock);
    m->progress_token = json_object_get(json_object_get(params, "_meta"), "progressToken");
    m->progress = 0.0;
    return STRATA_OK;
}

static void end(mcp *m)
{
    (void)pthread_mutex_lock(&m->lock);
    json_decref(m->working_on);
    m->working_on = NULL;
    (void)pthread_mutex_unlock(&m->lock);
    m->progress_token = NULL;
}

static void see_cancelled(mcp *m, const json_t *message)
{
    const char *method = json_text(message, "method");
    if (method != NULL && strcmp(method, "notifications/cancelled") == 0) {
        const json_t *id = json_object_get(json_object_get(message, "params"), "requestId");
        (void)pthread_mutex_lock(&m->lock);
        if (m->working_on != NULL && json_equal(m->working_on, id) != 0) {
            m->cancelled = 1;
        } else if (id != NULL) {
            json_t **place = &m->to_cancel[m->n_to_cancel++ % MCP_TO_CANCEL];
            json_decref(*place);
            *place = json_deep_copy(id);
        }
        (void)pthread_mutex_unlock(&m->lock);
    }
}

void mcp_arrived(mcp *m, const char *text, size_t len)
{
    json_t *message = len <= MCP_MESSAGE_LIMIT ? json_loadb(text, len, 0, NULL) : NULL;
    size_t i;
    json_t *one;
    see_cancelled(m, message);
    json_array_foreach(message, i, one)
    {
        see_cancelled(m, one);
    }
    json_decref(message);
}

static void tell_progress(void *payload, const char *what, uint64_t done, uint64_t total)
{
    mcp *m = payload;
    strata_error ignored = {0};
    if (m->progress_token == NULL) {
        return;
    }
    /* The protocol wants a number that grows; several steps of a job each count from 0. */
    m->progress += 1.0;
    json_t *params = json_pack("{s:O, s:f, s:s}", "progressToken", m->progress_token, "progress",
                               m->progress, "message", what);
    (void)done;
    (void)total;
    if (params != NULL) {
        (void)!send_message(m,
                            json_pack("{s:s, s:s, s:o}", "jsonrpc", "2.0", "method",
                                      "notifications/progress", "params", params),
                            &ignored);
    }
}

static void keep_notice(void *payload, const char *text)
{
    mcp *m = payload;
    strbuf_printf(&m->notices, "\n> Note: %s\n", text);
}

/* --- */

/* A cancelled request is not answered. */
static strata_status answer(mcp *m, const json_t *id, rpc_outcome *o, strata_status st,
                            const strata_error *why, strata_error *err)
{
    if (st == STRATA_OK) {
        return send_result(m, id, o->result, err);
    }
    if (st == STRATA_E_CANCELLED && m->cancelled) {
        return STRATA_OK;
    }
    return send_error(m, id, o->code != 0 ? o->code : RPC_INTERNAL_ERROR, why->message, err);
}

static strata_status receive_request(mcp *m, const json_t *message, const json_t *id,
                                     strata_error *err)
{
    const char *method = json_text(message, "method");
    const json_t *params = json_object_get(message, "params");
    rpc_outcome o = {0};
    strata_error why = {0};
    STRATA_TRY(begin(m, id, params, err));
    strata_status st = m->cancelled ? STRATA_E_CANCELLED : dispatch(m, method, params, &o, &why);
    st = answer(m, id, &o, st, &why, err);
    end(m);
    return st;
}

static strata_status receive_message(mcp *m, const json_t *message, strata_error *err)
{
    const json_t *id = json_object_get(message, "id");
    bool valid = json_is_object(message) && json_text(message, "method") != NULL &&
                 (id == NULL || json_is_string(id) || json_is_integer(id));
    if (valid) {
        /* Notifications: "initialized" says nothing new, "cancelled" was seen on arrival. */
        return id != NULL ? receive_request(m, message, id, err) : STRATA_OK;
    }
    /* Replies to requests of ours: there are none. */
    bool reply = json_is_object(message) && (json_object_get(message, "result") != NULL ||
                                             json_object_get(message, "error") != NULL);
    return reply ? STRATA_OK
                 : send_error(m, NULL, RPC_INVALID_REQUEST, "this is no request of JSON-RPC 2.0",
                              err);
}

/* Several requests; the replies go back in one message, none when there are none. */
static strata_status receive_batch(mcp *m, const json_t *messages, strata_error *err)
{
    size_t n = json_array_size(messages);
    size_t i;
    json_t *one;
    strata_status st = STRATA_OK;
    if (!m->batches || n == 0 || n > MCP_BATCH) {
        return send_error(m, NULL, RPC_INVALID_REQUEST,
                          m->batches ? "a message has 1 to 100 requests"
                                     : "this version of the protocol has one request in a message",
                          err);
    }
    json_t *replies = json_array();
    m->batch = replies;
    if (replies == NULL) {
        return mcp_no_memory(err);
    }
    json_array_foreach(messages, i, one)
    {
        st = st == STRATA_OK ? receive_message(m, one, err) : st;
    }
    m->batch = NULL;
    if (st != STRATA_OK || json_array_size(replies) == 0) {
        json_decref(replies);
        return st;
    }
    return send_message(m, replies, err);
}

strata_status mcp_receive(mcp *m, const char *text, size_t len, strata_error *err)
{
    json_error_t where;
    m->options.cx.cancelled = &m->cancelled;
    m->options.cx.progress = tell_progress;
    m->options.cx.notice = keep_notice;
    m->options.cx.payload = m;
    if (len > MCP_MESSAGE_LIMIT) {
        return send_error(m, NULL, RPC_INVALID_REQUEST, "a message may have 4 MB at most", err);
    }
    json_t *message = json_loadb(text, len, 0, &where);
    if (message == NULL) {
        return send_error(m, NULL, RPC_PARSE_ERROR, where.text, err);
    }
    strata_status st =
        json_is_array(message) ? receive_batch(m, message, err) : receive_message(m, message, err);
    json_decref(message);
    return st;
}
