/* SPDX-License-Identifier: Apache-2.0 */
/* Tools: one for each command that may be run, and those that go deeper into an answer. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/utf8.h"
#include "command/schema.h"
#include "mcp/parts.h"

static bool is_tool(const mcp *m, const command_def *d)
{
    /* Files are of the command line and of HTTP. */
    return d->answer == ANSWER_DOCUMENT && (d->effect == COMMAND_ASKS || m->options.may_change);
}

/* --- list --- */

/* Lines of a description were broken for a terminal; an empty line parts paragraphs. */
static void add_flowing(strbuf *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        bool break_of_line = at[0] == '\n' && at[1] != '\n' && (at == text || at[-1] != '\n');
        strbuf_add_n(out, break_of_line ? " " : at, 1);
    }
}

static json_t *describe_tool(const command_def *d, bool may_change)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    strbuf_add(&text, d->summary);
    if (d->description != NULL) {
        strbuf_add(&text, ".\n\n");
        add_flowing(&text, d->description);
    }
    bool asks = d->effect == COMMAND_ASKS;
    return text.failed != STRATA_OK
               ? NULL
               : json_pack("{s:s, s:s, s:s, s:o, s:{s:b, s:b, s:b, s:b}}", "name", d->name, "title",
                           d->summary, "description", strbuf_text(&text), "inputSchema",
                           schema_parameters(d, may_change), "annotations", "readOnlyHint",
                           asks && !may_change, "destructiveHint", 0, "idempotentHint", 1,
                           "openWorldHint", 0);
}

static json_t *describe_own(const char *name, const char *title, const char *description,
                            json_t *schema)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:{s:b, s:b}}", "name", name, "title", title,
                     "description", description, "inputSchema", schema, "annotations",
                     "readOnlyHint", 1, "openWorldHint", 0);
}

static json_t *nothing_asked(void)
{
    return json_pack("{s:s, s:{}, s:b}", "type", "object", "properties", "additionalProperties", 0);
}

strata_status mcp_tools_list(mcp *m, rpc_outcome *out, strata_error *err)
{
    json_t *tools = json_array();
    bool ok = tools != NULL;
    ok = ok && json_array_append_new(
                   tools, describe_own("describe", "The portfolio at a glance",
                                       "What this portfolio is: its accounts and ARR, the "
                                       "dimensions it is segmented by with their segments, the "
                                       "segments of the primary one today, and which analyses its "
                                       "data can carry. Begin here.",
                                       nothing_asked())) == 0;
    ok = ok && json_array_append_new(
                   tools, describe_own("open", "More of an answer",
                                       "Goes deeper into an answer by its id: rows of a table "
                                       "(offset, limit), a whole section, or a chart as Vega-Lite.",
                                       mcp_open_schema())) == 0;
    ok = ok && json_array_append_new(
                   tools, describe_own("where_from", "Where a figure comes from",
                                       "Definition, inputs and the accounts behind the figures of "
                                       "an answer, as an expression that 'accounts' takes.",
                                       mcp_where_from_schema())) == 0;
    for (const command_def *const *d = portfolio_commands; ok && *d != NULL; d++) {
        if (is_tool(m, *d)) {
            ok = json_array_append_new(tools, describe_tool(*d, m->options.may_change)) == 0;
        }
    }
    out->result = ok ? json_pack("{s:o}", "tools", tools) : NULL;
    return out->result != NULL ? STRATA_OK : mcp_no_memory(err);
}

/* --- answers --- */

/* Cuts a text that is too long at the last heading, or line, before the limit. */
static void cut_text(strbuf *text)
{
    if (text->len <= MCP_TEXT_LIMIT) {
        return;
    }
    size_t at = MCP_TEXT_LIMIT;
    size_t line = 0;
    size_t heading = 0;
    for (size_t i = 0; i < at; i++) {
        if (text->text[i] == '\n') {
            line = i;
            heading = text->text[i + 1] == '#' ? i : heading;
        }
    }
    text->len = heading > at / 2 ? heading : line;
    text->text[text->len] = '\0';
    strbuf_add(text,
               "\n\nThis is the first part; 'open' with the id of the answer and of a section "
               "shows the rest.\n");
}

static strata_status content(const char *text, json_t *structured, bool failed, json_t **out,
                             strata_error *err)
{
    *out = json_pack("{s:[{s:s, s:s}], s:b}", "content", "type", "text", "text", text, "isError",
                     failed);
    bool ok = *out != NULL &&
              (structured == NULL || json_object_set(*out, "structuredContent", structured) == 0);
    json_decref(structured);
    return ok ? STRATA_OK : mcp_no_memory(err);
}

static strata_status answer_content(strbuf *text, const mcp_answer *a, json_t **out,
                                    strata_error *err)
{
    json_t *outline = mcp_outline(a);
    cut_text(text);
    strbuf_printf(text, "\nThis answer is a%" PRIu64 ".\n", a->number);
    if (outline == NULL || text->failed != STRATA_OK) {
        json_decref(outline);
        return mcp_no_memory(err);
    }
    return content(strbuf_text(text), outline, false, out, err);
}

static strata_status run_command(mcp *m, const command_def *d, json_t *arguments, json_t **out,
                                 strata_error *err)
{
    mcp_asked q = {.command = d, .rows = MCP_ROWS};
    const mcp_answer *a = NULL;
    STRBUF_AUTO strbuf text;
    STRATA_AUTO(arena_free) arena *memory = NULL;
    strbuf_init(&text, 0);
    STRATA_TRY(arena_new(&memory, err));
    STRATA_TRY(call_pairs_of(memory, arguments, &q.pairs, &q.n, err));
    STRATA_TRY(mcp_ask(m, &q, &text, &a, err));
    return answer_content(&text, a, out, err);
}

/* --- describe --- */

static void list_dimensions(const bound_model *b, strbuf *out)
{
    strbuf_add(out, "\n## Dimensions\n\n");
    for (size_t i = 0; i < b->n_defs; i++) {
        const bound_def *def = &b->defs[i];
        if (def->kind != DEF_DIMENSION) {
            continue;
        }
        size_t n = 0;
        const char *const *segments = bound_segments(b, def, &n);
        strbuf_printf(out, "- %s%s: ", b->model->dimensions[def->index].name,
                      def == bound_primary(b) ? " (the primary one)" : "");
        for (size_t k = 0; k < n && k < MCP_ROWS; k++) {
            strbuf_printf(out, "%s%s", k > 0 ? ", " : "", segments[k]);
        }
        strbuf_add(out, n > MCP_ROWS ? ", ...\n" : "\n");
    }
    strbuf_add(out, "\n'segments' with approach shows one of them.\n\n");
}

static strata_status describe(mcp *m, json_t **out, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    STRBUF_AUTO strbuf ready;
    STRATA_AUTO(project_close) project *p = NULL;
    const mcp_answer *segments = NULL;
    const mcp_answer *readiness = NULL;
    mcp_asked q = {.command = command_find(portfolio_commands, "readiness"), .rows = MCP_ROWS};
    strbuf_init(&text, 0);
    strbuf_init(&ready, 0);
    STRATA_TRY(project_open(&m->options.cx, &m->options.project, &p, err));
    STRATA_TRY(project_load(p, err));
    project_rest(p);
    STRATA_TRY(mcp_ask(m, &q, &ready, &readiness, err));
    q.command = command_find(portfolio_commands, "segments");
    STRATA_TRY(mcp_ask(m, &q, &text, &segments, err));
    list_dimensions(p->bound, &text);
    strbuf_add(&text, strbuf_text(&ready));
    return answer_content(&text, segments, out, err);
}

/* --- */

static strata_status unknown_tool(const mcp *m, const char *name, rpc_outcome *out,
                                  strata_error *err)
{
    const char *names[128] = {"describe", "open", "where_from"};
    size_t n = 3;
    for (const command_def *const *d = portfolio_commands; *d != NULL && n < 128; d++) {
        if (is_tool(m, *d)) {
            names[n++] = (*d)->name;
        }
    }
    out->code = RPC_INVALID_PARAMS;
    return strata_fail(err, STRATA_E_USAGE, "there is no tool '%.60s'%s", name,
                       nearest_hint(name, names, n).text);
}

static strata_status run_tool(mcp *m, const char *name, json_t *arguments, rpc_outcome *out,
                              strata_error *err)
{
    if (strcmp(name, "describe") == 0) {
        return describe(m, &out->result, err);
    }
    if (strcmp(name, "open") == 0) {
        json_t *part = NULL;
        STRATA_TRY(mcp_open(m, arguments, &part, err));
        out->result = part;
        return STRATA_OK;
    }
    if (strcmp(name, "where_from") == 0) {
        return mcp_where_from(m, arguments, &out->result, err);
    }
    const command_def *d = command_find(portfolio_commands, name);
    if (d == NULL || !is_tool(m, d)) {
        return unknown_tool(m, name, out, err);
    }
    return run_command(m, d, arguments, &out->result, err);
}

/* What went wrong in a tool is part of its result, so that the assistant can mend its request; what
 * is wrong with the request for a tool is an error of the protocol. */
strata_status mcp_tools_call(mcp *m, const json_t *params, rpc_outcome *out, strata_error *err)
{
    const char *name = json_text(params, "name");
    json_t *arguments = json_object_get(params, "arguments");
    if (name == NULL || (arguments != NULL && !json_is_object(arguments))) {
        out->code = RPC_INVALID_PARAMS;
        return strata_fail(err, STRATA_E_USAGE, "tools/call needs a name, and arguments by name");
    }
    strata_status st = run_tool(m, name, arguments, out, err);
    if (st == STRATA_OK || out->code != 0 || st == STRATA_E_NOMEM || st == STRATA_E_CANCELLED) {
        return st;
    }
    utf8_mend(err->message); /* names in it may be cut, or no UTF-8 at all */
    return content(err->message, NULL, true, &out->result, err);
}
