/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/openapi.json: what the server takes and answers. The commands come from their table, the
 * rest from assets/openapi.json. */
#include <stdio.h>
#include <string.h>

#include "base/blob.h"
#include "command/schema.h"
#include "serve/parts.h"

static json_t *base_document(void)
{
    for (const strata_blob *b = strata_asset_files; b->name != NULL; b++) {
        if (strcmp(b->name, "openapi.json") == 0) {
            return json_loadb((const char *)b->data, b->size, 0, NULL);
        }
    }
    return NULL;
}

static json_t *reference(const char *to)
{
    return json_pack("{s:s}", "$ref", to);
}

static bool add_parameter(void *payload, const char *name, bool required, json_t *schema)
{
    json_t *parameters = payload;
    const json_t *help = json_object_get(schema, "description");
    const char *text = json_is_string(help) ? json_string_value(help) : "argument of the command";
    return json_array_append_new(parameters, json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", name,
                                                       "in", "query", "required", (int)required,
                                                       "description", text, "schema", schema)) == 0;
}

static json_t *responses(const command_def *d)
{
    const char *answer =
        d->answer == ANSWER_FILE ? "#/components/responses/File" : "#/components/responses/Answer";
    return json_pack("{s:o, s:o}", "200", reference(answer), "default",
                     reference("#/components/responses/Failure"));
}

/* GET of a command that only asks. */
static json_t *get_operation(const command_def *d)
{
    json_t *parameters = json_array();
    if (!schema_each(d, false, add_parameter, parameters)) {
        json_decref(parameters);
        return NULL;
    }
    (void)json_array_append_new(parameters, reference("#/components/parameters/Table"));
    if (d->answer == ANSWER_DOCUMENT) {
        (void)json_array_append_new(parameters, reference("#/components/parameters/First"));
    }
    (void)json_array_append_new(parameters, reference("#/components/parameters/IfNoneMatch"));
    json_t *answers = responses(d);
    (void)json_object_set_new(answers, "304", reference("#/components/responses/NotModified"));
    return json_pack("{s:s, s:s, s:s, s:[s], s:o, s:o}", "operationId", d->name, "summary",
                     d->summary, "description", d->description, "tags",
                     d->answer == ANSWER_FILE ? "files"
                     : d->momentary           ? "machine"
                                              : "commands",
                     "parameters", parameters, "responses", answers);
}

/* POST of the same as a job. */
static json_t *job_operation(const command_def *d)
{
    char id[64];
    json_t *accepted = json_pack("{s:o, s:o}", "202", reference("#/components/responses/Job"),
                                 "default", reference("#/components/responses/Failure"));
    (void)snprintf(id, sizeof id, "job_%s", d->name);
    return json_pack("{s:s, s:s, s:[s], s:{s:b, s:{s:{s:o}}}, s:o}", "operationId", id, "summary",
                     d->summary, "tags", "jobs", "requestBody", "required", 0, "content",
                     "application/json", "schema", schema_parameters(d, true), "responses",
                     accepted);
}

/* A command's own `limit` gives way to that of the page. */
static bool add_page_parameter(void *payload, const char *name, bool required, json_t *schema)
{
    return add_parameter(payload, strcmp(name, "limit") == 0 ? "command_limit" : name, required,
                         schema);
}

/* GET of one of its tables, page by page. */
static json_t *page_operation(const command_def *d)
{
    static const char *const more[] = {"PageTable",  "PageOrder", "PageFind", "PageOnly",
                                       "PageGroups", "PageLimit", "Cursor",   "IfNoneMatch"};
    char id[64];
    char to[64];
    json_t *parameters = json_array();
    if (!schema_each(d, false, add_page_parameter, parameters)) {
        json_decref(parameters);
        return NULL;
    }
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        (void)snprintf(to, sizeof to, "#/components/parameters/%s", more[i]);
        (void)json_array_append_new(parameters, reference(to));
    }
    (void)snprintf(id, sizeof id, "rows_%s", d->name);
    return json_pack("{s:s, s:s, s:s, s:[s], s:o, s:{s:o, s:o, s:o}}", "operationId", id, "summary",
                     d->summary, "description", "One table of the answer, page by page", "tags",
                     "rows", "parameters", parameters, "responses", "200",
                     reference("#/components/responses/Page"), "304",
                     reference("#/components/responses/NotModified"), "default",
                     reference("#/components/responses/Failure"));
}

static bool add_command(json_t *paths, const command_def *d)
{
    char path[64];
    bool ok = true;
    if (d->effect == COMMAND_ASKS) {
        (void)snprintf(path, sizeof path, "/v1/%s", d->name);
        ok = json_object_set_new(paths, path, json_pack("{s:o}", "get", get_operation(d))) == 0;
    }
    if (ok && d->effect == COMMAND_ASKS && d->answer == ANSWER_DOCUMENT &&
        strcmp(d->name, "accounts") != 0) { /* which has a page of its own */
        (void)snprintf(path, sizeof path, "/v1/rows/%s", d->name);
        ok = json_object_set_new(paths, path, json_pack("{s:o}", "get", page_operation(d))) == 0;
    }
    (void)snprintf(path, sizeof path, "/v1/jobs/%s", d->name);
    return ok &&
           json_object_set_new(paths, path, json_pack("{s:o}", "post", job_operation(d))) == 0;
}

/* What `strata plan` takes besides the model. */
static bool add_plan_parameters(json_t *paths)
{
    json_t *parameters = json_array();
    bool ok = schema_each(&command_plan, false, add_parameter, parameters);
    json_t *plan = json_object_get(json_object_get(paths, "/v1/model/plan"), "post");
    return json_object_set_new(plan, "parameters", parameters) == 0 && ok;
}

strata_status answer_openapi(exchange *x, strata_error *err)
{
    json_t *all = base_document();
    json_t *paths = json_object_get(all, "paths");
    json_t *info = json_object_get(all, "info");
    bool ok =
        paths != NULL && json_object_set_new(info, "version", json_string(STRATA_VERSION)) == 0;
    for (const command_def *const *c = portfolio_commands; ok && *c != NULL; c++) {
        ok = add_command(paths, *c);
    }
    ok = ok && add_plan_parameters(paths);
    if (!ok) {
        json_decref(all);
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    return reply_json(x, all, err);
}
