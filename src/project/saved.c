/* SPDX-License-Identifier: Apache-2.0 */
#include "project/saved.h"

#include <string.h>

#include "base/file.h"
#include "base/strbuf.h"

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

/* Whether the model's dimension of that name is the one saved before. */
static bool is_ours(const project *p, const bound_def *def, const char *csv)
{
    if (def->kind != DEF_DIMENSION) {
        return false;
    }
    const char *overrides = p->model->dimensions[def->index].overrides;
    return overrides != NULL && strcmp(overrides, csv) == 0;
}

static strata_status check_name(const project *p, const saved_segment *s, saved_files *f,
                                strata_error *err)
{
    if (!is_name(s->name)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%.100s' cannot name a segment: use small letters, digits and _, a "
                           "letter first",
                           s->name);
    }
    const bound_def *def = bound_find(p->bound, s->name);
    f->known = def != NULL && is_ours(p, def, f->csv);
    if (!f->known && (def != NULL || portfolio_slot(p->portfolio, s->name) != SIZE_MAX)) {
        return strata_fail(err, STRATA_E_USAGE,
                           "the model has something else called '%s'; choose another name",
                           s->name);
    }
    return STRATA_OK;
}

/* A field of CSV, always in quotes. */
static void put_field(strbuf *out, const char *text)
{
    strbuf_add_char(out, '"');
    for (const char *at = text; *at != '\0'; at++) {
        strbuf_add(out, *at == '"' ? "\"" : "");
        strbuf_add_char(out, *at);
    }
    strbuf_add_char(out, '"');
}

/* A double-quoted scalar of YAML. */
static void put_scalar(strbuf *out, const char *text)
{
    strbuf_add_char(out, '"');
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < ' ') {
            strbuf_printf(out, "\\x%02x", c);
        } else {
            strbuf_add(out, c == '"' || c == '\\' ? "\\" : "");
            strbuf_add_char(out, *at);
        }
    }
    strbuf_add_char(out, '"');
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
    put_scalar(&text, s->label);
    strbuf_printf(
        &text,
        "\n    tiers:\n      - {name: Saved, when: \"false\"}   # the accounts of %s alone\n"
        "      - {name: Others, otherwise: true}\n    overrides: %s\n",
        csv, csv);
    STRATA_TRY(strbuf_status(&text, err));
    return file_write(path, strbuf_text(&text), text.len, err);
}

strata_status saved_segment_write(const project *p, arena *a, const saved_segment *s, bool replace,
                                  saved_files *out, strata_error *err)
{
    saved_files f = {.yaml = arena_printf(a, "saved/%s.yaml", s->name),
                     .csv = arena_printf(a, "saved/%s.csv", s->name)};
    const char *folder = arena_printf(a, "%s/saved", p->folder);
    if (f.yaml == NULL || f.csv == NULL || folder == NULL) {
        return out_of_memory(err);
    }
    const char *yaml = arena_printf(a, "%s/%s", p->folder, f.yaml);
    const char *csv = arena_printf(a, "%s/%s", p->folder, f.csv);
    if (yaml == NULL || csv == NULL) {
        return out_of_memory(err);
    }
    STRATA_TRY(check_name(p, s, &f, err));
    if (s->n == 0) {
        return strata_fail(err, STRATA_E_USAGE, "there is no account to save as '%s'", s->name);
    }
    if (!replace && (file_exists(yaml) || file_exists(csv))) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%s' is there already; --replace writes it anew, another name keeps "
                           "both",
                           file_exists(yaml) ? yaml : csv);
    }
    STRATA_TRY(file_make_dirs(folder, err));
    STRATA_TRY(write_pins(p, s, csv, err));
    STRATA_TRY(write_dimension(s, f.csv, yaml, err));
    *out = f;
    return STRATA_OK;
}
