/* SPDX-License-Identifier: Apache-2.0 */
/* Resources: the model file as it is, the features rules may use, and finished documents. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/percent.h"
#include "base/utf8.h"
#include "mcp/parts.h"

typedef struct resource {
    const char *uri, *name, *description;
    const char *command;   /* that makes it; NULL: the model file */
    const char *parameter; /* whose value follows the URI; NULL: none */
} resource;

static const resource resources[] = {
    {"strata://model", "Model file", "The rules of this portfolio as people wrote them (YAML)",
     NULL, NULL},
    {"strata://features", "Features",
     "Every name that rules and expressions may use, with its unit", "features", NULL},
    {"strata://quality", "Quality card", "How good the segmentation is, with the evidence",
     "quality", NULL},
    {"strata://readiness", "Readiness", "Which analyses this data can carry, and what is missing",
     "readiness", NULL},
};
/* What follows is a value: strata://accounts/A-1042. */
static const resource templates[] = {
    {"strata://documents/", "Documents", "A finished document: framework or personas", "report",
     "what"},
    {"strata://accounts/", "Accounts", "Why one account is in its segments, and what would move it",
     "explain", "account"},
    {"strata://segments/", "Segments", "The profile of one segment", "profile", "segment"},
};
enum {
    RESOURCES = sizeof resources / sizeof resources[0],
    TEMPLATES = sizeof templates / sizeof templates[0],
    VALUE_MOST = 500 /* bytes of a name */
};

static const char *type_of(const resource *r)
{
    return r->command != NULL ? "text/markdown" : "application/yaml";
}

strata_status mcp_resources_list(rpc_outcome *out, strata_error *err)
{
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < RESOURCES; i++) {
        const resource *r = &resources[i];
        ok = json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "uri", r->uri, "name",
                                                   r->name, "description", r->description,
                                                   "mimeType", type_of(r))) == 0;
    }
    out->result = ok ? json_pack("{s:o}", "resources", list) : NULL;
    return out->result != NULL ? STRATA_OK : mcp_no_memory(err);
}

strata_status mcp_resource_templates(rpc_outcome *out, strata_error *err)
{
    json_t *list = json_array();
    bool ok = list != NULL;
    for (size_t i = 0; ok && i < TEMPLATES; i++) {
        const resource *r = &templates[i];
        json_t *uri = json_sprintf("%s{%s}", r->uri, r->parameter);
        ok = json_array_append_new(list, json_pack("{s:o, s:s, s:s, s:s}", "uriTemplate", uri,
                                                   "name", r->name, "description", r->description,
                                                   "mimeType", type_of(r))) == 0;
    }
    out->result = ok ? json_pack("{s:o}", "resourceTemplates", list) : NULL;
    return out->result != NULL ? STRATA_OK : mcp_no_memory(err);
}

/* --- reading --- */

static const resource *find_resource(const char *uri, const char **rest)
{
    for (size_t i = 0; i < RESOURCES; i++) {
        if (strcmp(resources[i].uri, uri) == 0) {
            return &resources[i];
        }
    }
    for (size_t i = 0; i < TEMPLATES; i++) {
        size_t len = strlen(templates[i].uri);
        if (strncmp(templates[i].uri, uri, len) == 0 && uri[len] != '\0') {
            *rest = uri + len;
            return &templates[i];
        }
    }
    return NULL;
}

/* As it stands in the folder, whether it is right or not. */
static strata_status read_model(const mcp *m, strbuf *text, strata_error *err)
{
    STRBUF_AUTO strbuf path;
    STRATA_AUTO_FREE char *bytes = NULL;
    size_t len = 0;
    const char *folder = m->options.project.folder != NULL ? m->options.project.folder : ".";
    strbuf_init(&path, 0);
    strbuf_printf(&path, "%s/strata.yaml", folder);
    STRATA_TRY(strbuf_status(&path, err));
    STRATA_TRY(file_read(path.text, MODEL_BYTES_MAX, &bytes, &len, err));
    strbuf_add_n(text, bytes, len);
    return STRATA_OK;
}

static strata_status read_resource(mcp *m, const resource *r, const char *rest, strbuf *text,
                                   strata_error *err)
{
    char value[VALUE_MOST + 1] = "";
    size_t n = 0;
    size_t len = rest != NULL ? strlen(rest) : 0;
    const mcp_answer *ignored = NULL;
    if (r->command == NULL) {
        return read_model(m, text, err);
    }
    call_pair pair = {.name = r->parameter, .value = value};
    mcp_asked q = {.command = command_find(portfolio_commands, r->command),
                   .pairs = &pair,
                   .n = r->parameter != NULL ? 1 : 0};
    /* Ids may hold anything, but no NUL, and have to be UTF-8. */
    if (len > VALUE_MOST || !percent_decode(rest != NULL ? rest : "", len, false, value, &n) ||
        strlen(value) != n || !utf8_is_valid(value, n)) {
        return strata_fail(err, STRATA_E_NOTFOUND, "'%.100s' is no name", rest);
    }
    return mcp_ask(m, &q, text, &ignored, err);
}

strata_status mcp_resources_read(mcp *m, const json_t *params, rpc_outcome *out, strata_error *err)
{
    const char *uri = json_text(params, "uri");
    const char *rest = NULL;
    const resource *r = uri != NULL ? find_resource(uri, &rest) : NULL;
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    if (r == NULL) {
        out->code = uri != NULL ? RPC_RESOURCE_NOT_FOUND : RPC_INVALID_PARAMS;
        return strata_fail(err, STRATA_E_NOTFOUND, "there is no resource '%.100s'",
                           uri != NULL ? uri : "");
    }
    strata_status st = read_resource(m, r, rest, &text, err);
    if (st != STRATA_OK) {
        out->code = st == STRATA_E_NOTFOUND || st == STRATA_E_USAGE ? RPC_RESOURCE_NOT_FOUND : 0;
        return st;
    }
    STRATA_TRY(strbuf_status(&text, err));
    out->result = json_pack("{s:[{s:s, s:s, s:s}]}", "contents", "uri", uri, "mimeType", type_of(r),
                            "text", strbuf_text(&text));
    return out->result != NULL ? STRATA_OK : mcp_no_memory(err);
}
