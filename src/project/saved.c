/* SPDX-License-Identifier: Apache-2.0 */
#include "project/saved.h"

#include <string.h>

#include "base/csv_text.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "model/yaml.h"

enum { NAME_MAX_BYTES = 64 };

static strata_status out_of_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory saving a segment");
}

static bool is_name(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return len > 0 && len <= NAME_MAX_BYTES && text[len] == '\0' &&
           strchr(letters, text[0]) != NULL;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text);
    size_t m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Whether the model's dimension of that name is the one saved before. */
static bool is_ours(const project *p, const bound_def *def, const char *yaml)
{
    if (def->kind != DEF_DIMENSION) {
        return false;
    }
    const char *file = p->model->dimensions[def->index].place.file;
    return file != NULL && ends_with(file, yaml);
}

static strata_status check_name(const project *p, const char *name, saved_files *f,
                                strata_error *err)
{
    if (!is_name(name)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%.100s' cannot name a segment: use small letters, digits and _, a "
                           "letter first",
                           name);
    }
    const bound_def *def = bound_find(p->bound, name);
    f->known = def != NULL && is_ours(p, def, f->yaml);
    if (!f->known && (def != NULL || portfolio_slot(p->portfolio, name) != SIZE_MAX)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "the model has something else called '%s'; choose another name", name);
    }
    return STRATA_OK;
}

static void put_field(strbuf *out, const char *text)
{
    csv_put_text(out, text, strlen(text), CSV_FOR_STRATA);
}

static strata_status write_pins(const project *p, const saved_segment *s, const char *path,
                                strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    char from[DAY_TEXT];
    day_format(s->as_of, from);
    strbuf_add(&text, "account_id,segment,who,why,from\n");
    for (size_t i = 0; i < s->n; i++) {
        put_field(&text, p->portfolio->ids[s->accounts[i]]);
        strbuf_add(&text, ",Saved,");
        put_field(&text, s->who);
        strbuf_add_char(&text, ',');
        put_field(&text, s->label);
        strbuf_printf(&text, ",%s\n", from);
    }
    STRATA_TRY(strbuf_status(&text, err));
    return file_write(path, strbuf_text(&text), text.len, err);
}

/* A comment is one line. */
static void put_comment(strbuf *out, const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        bool control = (unsigned char)*at < ' ';
        strbuf_add_n(out, control ? " " : at, 1);
    }
}

static strata_status write_dimension(const saved_segment *s, const char *csv, const char *path,
                                     strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    char as_of[DAY_TEXT];
    day_format(s->as_of, as_of);
    strbuf_printf(&text, "# %zu account%s as of %s, saved by: ", s->n, s->n == 1 ? "" : "s", as_of);
    put_comment(&text, s->who);
    strbuf_printf(&text,
                  "\n# The list does not change by itself: save it again with --replace to renew "
                  "it.\nstrata: 1\ndimensions:\n  %s:\n    label: ",
                  s->name);
    yaml_put_text(&text, s->label, strlen(s->label));
    strbuf_printf(
        &text,
        "\n    tiers:\n      - {name: Saved, when: \"false\"}   # the accounts of %s alone\n"
        "      - {name: Others, otherwise: true}\n    overrides: %s\n",
        csv, csv);
    STRATA_TRY(strbuf_status(&text, err));
    return file_write(path, strbuf_text(&text), text.len, err);
}

static strata_status write_rules(const saved_rules *s, const char *path, strata_error *err)
{
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    char as_of[DAY_TEXT];
    day_format(s->as_of, as_of);
    strbuf_printf(&text, "# Rules found as of %s, saved by: ", as_of);
    put_comment(&text, s->who);
    strbuf_printf(&text,
                  "\n# They do not change by themselves: save them again with --replace to renew "
                  "them.\nstrata: 1\ndimensions:\n  %s:\n    label: ",
                  s->name);
    yaml_put_text(&text, s->label, strlen(s->label));
    strbuf_add(&text, "\n    tiers:\n");
    for (size_t i = 0; i < s->n; i++) {
        strbuf_add(&text, "      - name: ");
        yaml_put_text(&text, s->rules[i].key, strlen(s->rules[i].key));
        if (s->rules[i].description != NULL) {
            strbuf_add(&text, "\n        description: ");
            yaml_put_text(&text, s->rules[i].description, strlen(s->rules[i].description));
        }
        strbuf_add(&text, "\n        when: ");
        yaml_put_text(&text, s->rules[i].when, strlen(s->rules[i].when));
        strbuf_add_char(&text, '\n');
    }
    strbuf_add(&text, "      - {name: ");
    yaml_put_text(&text, s->others, strlen(s->others));
    strbuf_add(&text, ", otherwise: true}\n");
    STRATA_TRY(strbuf_status(&text, err));
    return file_write(path, strbuf_text(&text), text.len, err);
}

/* Where the files of a dimension go: as extends wants them, and as they are opened. */
typedef struct saved_paths {
    saved_files files;
    const char *folder, *yaml, *csv;
} saved_paths;

static strata_status find_paths(const project *p, arena *a, const char *name, saved_paths *out,
                                strata_error *err)
{
    saved_paths at = {.files = {.yaml = arena_printf(a, "saved/%s.yaml", name),
                                .csv = arena_printf(a, "saved/%s.csv", name)},
                      .folder = arena_printf(a, "%s/saved", p->folder)};
    if (at.files.yaml == NULL || at.files.csv == NULL || at.folder == NULL) {
        return out_of_memory(err);
    }
    at.yaml = arena_printf(a, "%s/%s", p->folder, at.files.yaml);
    at.csv = arena_printf(a, "%s/%s", p->folder, at.files.csv);
    if (at.yaml == NULL || at.csv == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(check_name(p, name, &at.files, err));
    *out = at;
    return STRATA_OK;
}

/* Makes the folder, once it is sure that nothing of somebody else's is overwritten. */
static strata_status make_room(const saved_paths *at, bool replace, strata_error *err)
{
    if (!replace && (file_exists(at->yaml) || file_exists(at->csv))) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%s' is there already; --replace writes it anew, another name keeps "
                           "both",
                           file_exists(at->yaml) ? at->yaml : at->csv);
    }
    return file_make_dirs(at->folder, err);
}

strata_status saved_segment_write(const project *p, arena *a, const saved_segment *s, bool replace,
                                  saved_files *out, strata_error *err)
{
    saved_paths at = {0};
    STRATA_TRY(find_paths(p, a, s->name, &at, err));
    if (s->n == 0) {
        return strata_fail(err, STRATA_E_USAGE, "there is no account to save as '%s'", s->name);
    }
    STRATA_TRY(make_room(&at, replace, err));
    STRATA_TRY(write_pins(p, s, at.csv, err));
    STRATA_TRY(write_dimension(s, at.files.csv, at.yaml, err));
    *out = at.files;
    return STRATA_OK;
}

strata_status saved_rules_write(const project *p, arena *a, const saved_rules *s, bool replace,
                                saved_files *out, strata_error *err)
{
    saved_paths at = {0};
    STRATA_TRY(find_paths(p, a, s->name, &at, err));
    if (s->n == 0) {
        return strata_fail(err, STRATA_E_USAGE, "there is no rule to save as '%s'", s->name);
    }
    STRATA_TRY(make_room(&at, replace, err));
    STRATA_TRY(write_rules(s, at.yaml, err));
    at.files.csv = NULL;
    *out = at.files;
    return STRATA_OK;
}
