/* SPDX-License-Identifier: Apache-2.0 */
#include "command/schema.h"

#include <stdio.h>
#include <string.h>

void schema_name(const char *name, char *out, size_t cap)
{
    size_t n = 0;
    for (; name[n] != '\0' && n + 1 < cap; n++) {
        out[n] = (char)(name[n] == '-' ? '_' : name[n]);
    }
    out[n] = '\0';
}

static json_t *alternatives(const command_argument *a)
{
    json_t *all = json_array();
    const char *end = a->text + a->len;
    for (const char *at = a->text; all != NULL && at < end;) {
        const char *bar = memchr(at, '|', (size_t)(end - at));
        size_t n = (size_t)((bar != NULL ? bar : end) - at);
        if (json_array_append_new(all, json_stringn(at, n)) != 0) {
            json_decref(all);
            return NULL;
        }
        at += n + 1;
    }
    return all;
}

json_t *schema_argument(const command_argument *a)
{
    if (a->choice) {
        return json_pack("{s:s, s:o}", "type", "string", "enum", alternatives(a));
    }
    return json_pack("{s:s}", "type", "string");
}

/* A unit behind a word that programs would not know what to do with. */
static const char *form_of(const char *arg)
{
    static const struct {
        const char *arg, *form;
    } forms[] = {{"SHARE", " (\"12.5%\" or \"0.125\")"},
                 {"EXPRESSION", " (in the language of rules, such as arr >= 15k and health < 60)"},
                 {"EXPR", " (in the language of rules)"},
                 {"LIST", " (with commas between)"}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strcmp(forms[i].arg, arg) == 0) {
            return forms[i].form;
        }
    }
    return "";
}

json_t *schema_option(const command_option *o)
{
    char help[512];
    if (o->arg == NULL) {
        return json_pack("{s:s, s:s}", "type", "boolean", "description", o->help);
    }
    if (strcmp(o->arg, "N") == 0) {
        return json_pack("{s:s, s:s}", "type", "integer", "description", o->help);
    }
    if (strcmp(o->arg, "DATE") == 0) {
        return json_pack("{s:s, s:s, s:s}", "type", "string", "format", "date", "description",
                         o->help);
    }
    (void)snprintf(help, sizeof help, "%s%s", o->help, form_of(o->arg));
    return json_pack("{s:s, s:s}", "type", "string", "description", help);
}

bool schema_each(const command_def *d, bool may_change, schema_each_fn *each, void *payload)
{
    command_argument arguments[COMMAND_ARGUMENTS_MAX];
    size_t n = command_arguments(d, arguments);
    for (size_t i = 0; i < n; i++) {
        const command_argument *a = &arguments[i];
        if (!a->literal && !a->file && !each(payload, a->name, !a->optional, schema_argument(a))) {
            return false;
        }
    }
    const command_option *tables[] = {d->options, common_options};
    for (size_t t = 0; t < 2; t++) {
        for (const command_option *o = tables[t]; o != NULL && o->name != NULL; o++) {
            char name[64];
            schema_name(o->name, name, sizeof name);
            if (option_open(o, may_change) && !each(payload, name, false, schema_option(o))) {
                return false;
            }
        }
    }
    return true;
}

typedef struct object_schema {
    json_t *properties, *required;
} object_schema;

static bool add_property(void *payload, const char *name, bool required, json_t *schema)
{
    object_schema *s = payload;
    return json_object_set_new(s->properties, name, schema) == 0 &&
           (!required || json_array_append_new(s->required, json_string(name)) == 0);
}

json_t *schema_parameters(const command_def *d, bool may_change)
{
    object_schema s = {json_object(), json_array()};
    bool ok =
        s.properties != NULL && s.required != NULL && schema_each(d, may_change, add_property, &s);
    json_t *all = json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", s.properties,
                            "required", s.required, "additionalProperties", 0);
    if (!ok) {
        json_decref(all);
        return NULL;
    }
    return all;
}
