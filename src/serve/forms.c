/* SPDX-License-Identifier: Apache-2.0 */
/* Which form of an answer a client wants. */
#include <string.h>

#include "serve/form.h"
#include "serve/parts.h"

#define SHEET "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define CSV "text/csv; charset=utf-8; header=present"

typedef struct form_row {
    const char *name;
    answer_form form;
} form_row;

static const form_row documents[] = {
    {"application/json", {RENDER_JSON, "application/json", "json"}},
    {"text/html", {RENDER_HTML, "text/html; charset=utf-8", "html"}},
    {"text/markdown", {RENDER_MARKDOWN, "text/markdown; charset=utf-8", "md"}},
    {"text/csv", {RENDER_CSV, CSV, "csv"}},
    {SHEET, {RENDER_XLSX, SHEET, "xlsx"}},
    {"text/plain", {RENDER_TABLE, "text/plain; charset=utf-8", "txt"}},
    {NULL, {0}}};

static const form_row files[] = {
    {"application/json", {RENDER_JSON, "application/json", "json"}},
    {"text/csv", {RENDER_CSV, CSV, "csv"}},
    {"application/x-ndjson", {RENDER_JSON, "application/x-ndjson", "ndjson"}},
    {"application/vnd.apache.parquet", {RENDER_JSON, "application/vnd.apache.parquet", "parquet"}},
    {SHEET, {RENDER_XLSX, SHEET, "xlsx"}},
    {NULL, {0}}};

bool form_of_ending(const char *ending, answer_form *out)
{
    const form_row *f = files;
    while (f->name != NULL && strcmp(ending, f->form.ending) != 0) {
        f++;
    }
    if (f->name != NULL) {
        *out = f->form;
    }
    return f->name != NULL;
}

const char *form_type_of(const char *name)
{
    answer_form form = {.type = "application/octet-stream"};
    const char *dot = strrchr(name, '.');
    if (dot != NULL) {
        (void)form_of_ending(dot + 1, &form);
    }
    return form.type;
}

void fail_form(exchange *x, const command_def *def)
{
    server_fail(x->reply, 406, "not-acceptable",
                def->answer == ANSWER_FILE
                    ? "this file comes as application/json, text/csv, application/x-ndjson, "
                      "application/vnd.apache.parquet or a workbook of Excel"
                    : "answers come as application/json, text/html, text/markdown, text/csv, "
                      "text/plain or a workbook of Excel; /v1/export gives Parquet");
}

static bool matches(const char *range, size_t len, const char *name)
{
    bool all = (len == 3 && memcmp(range, "*/*", 3) == 0);
    bool whole = len == strlen(name) && memcmp(range, name, len) == 0;
    bool kind = len > 2 && range[len - 1] == '*' && range[len - 2] == '/' &&
                strncmp(range, name, len - 1) == 0;
    return all || whole || kind;
}

/* Weight of a form: of the most exact element that names it, as HTTP has it. */
static int wanted(const char *accept, const char *name)
{
    int best = 0;
    size_t exact = 0;
    for (const char *at = accept; *at != '\0';) {
        at += strspn(at, ", \t");
        size_t len = strcspn(at, ",");
        size_t range = strcspn(at, ",; \t");
        if (range > 0 && matches(at, range, name)) {
            size_t how = at[range - 1] == '*' ? (range == 3 ? 1 : 2) : 3;
            best = how > exact ? http_weight(at, len) : best;
            exact = how > exact ? how : exact;
        }
        at += len;
    }
    return best;
}

bool form_find(const char *accept, bool file, answer_form *out)
{
    const form_row *rows = file ? files : documents;
    int best = 0;
    if (accept == NULL || accept[strspn(accept, " ")] == '\0') {
        *out = rows[0].form;
        return true;
    }
    for (; rows->name != NULL; rows++) {
        int weight = wanted(accept, rows->name);
        if (weight > best) {
            best = weight;
            *out = rows->form;
        }
    }
    return best > 0;
}
