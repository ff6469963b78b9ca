/* SPDX-License-Identifier: Apache-2.0 */
#include "model/extend.h"

#include <string.h>

#include "base/auto.h"
#include "base/nearest.h"
#include "base/strbuf.h"
#include "model/merge.h"
#include "model/read.h"

/* One file being read, and the one that asked for it. */
typedef struct link {
    const struct link *parent;
    const char *file;   /* as messages name it; tells files apart */
    const char *folder; /* NULL: a template, which has none */
    int depth;
} link;

typedef struct extender {
    arena *a;
    int files;
    bool contained;
    const model_file *read;
} extender;

static strata_status resolve(extender *x, const link *self, const char *yaml, size_t len,
                             extended *out, strata_error *err);

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
}

const char *path_folder(arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return arena_strdup(a, ".");
    }
    return slash == path ? arena_strdup(a, "/") : arena_strndup(a, path, (size_t)(slash - path));
}

const char *path_join(arena *a, const char *folder, const char *path)
{
    if (path[0] == '/' || strcmp(folder, ".") == 0) {
        return arena_strdup(a, path);
    }
    return arena_printf(a, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, path);
}

strata_status note_file(arena *a, const char *path, const model_file **files, strata_error *err)
{
    model_file *f = ARENA_NEW(a, 1, model_file);
    if (f == NULL || path == NULL) {
        return fail_nomem(err);
    }
    *f = (model_file){.next = *files, .path = path};
    *files = f;
    return STRATA_OK;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text);
    size_t m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

static bool is_path(const char *name)
{
    return strchr(name, '/') != NULL || ends_with(name, ".yaml") || ends_with(name, ".yml");
}

/* --- shipped templates --- */

const strata_blob *template_blob(const char *name)
{
    size_t len = strlen(name);
    for (const strata_blob *t = strata_model_files; t->name != NULL; t++) {
        if (strncmp(t->name, name, len) == 0 && strcmp(t->name + len, ".yaml") == 0) {
            return t;
        }
    }
    return NULL;
}

/* Says which there are, and which was probably meant. */
static strata_status fail_template(arena *a, const yaml_node *asked, strata_error *err)
{
    const char *names[64];
    size_t n = 0;
    STRBUF_AUTO strbuf list;
    strbuf_init(&list, 0);
    for (const strata_blob *t = strata_model_files; t->name != NULL && n < 64; t++) {
        char *name = arena_strndup(a, t->name, strlen(t->name) - strlen(".yaml"));
        if (name == NULL) {
            return fail_nomem(err);
        }
        strbuf_printf(&list, "%s%s", n > 0 ? ", " : "", name);
        names[n++] = name;
    }
    STRATA_TRY(strbuf_status(&list, err));
    const nearest_text near = nearest_hint(asked->text, names, n);
    if (near.text[0] != '\0') {
        return yaml_fail(err, asked->place, "unknown template '%.100s'%s", asked->text, near.text);
    }
    return yaml_fail(err, asked->place,
                     "unknown template '%.100s': shipped are %s; a file needs a path that ends in "
                     ".yaml",
                     asked->text, strbuf_text(&list));
}

/* --- one thing that is extended --- */

bool path_is_below(const char *path)
{
    for (const char *at = path; *at != '\0';) {
        size_t len = strcspn(at, "/");
        if (len == 0 || (len == 2 && at[0] == '.' && at[1] == '.')) {
            return false;
        }
        at += len + (at[len] == '/' ? 1 : 0);
    }
    return path[0] != '\0';
}

/* A file that extends itself, over however many others. */
static strata_status check_circle(const link *self, const char *file, const yaml_node *asked,
                                  strata_error *err)
{
    if (self->depth + 1 >= EXTEND_MAX_DEPTH) {
        return yaml_fail(err, asked->place, "files extend each other more than %d deep",
                         EXTEND_MAX_DEPTH);
    }
    for (const link *l = self; l != NULL; l = l->parent) {
        if (strcmp(l->file, file) == 0) {
            return yaml_fail(err, asked->place, "'%.200s' extends itself%s%.200s", file,
                             l == self ? "" : " through ", l == self ? "" : self->file);
        }
    }
    return STRATA_OK;
}

static strata_status extend_template(extender *x, const link *self, const yaml_node *asked,
                                     extended *out, strata_error *err)
{
    const strata_blob *blob = template_blob(asked->text);
    if (blob == NULL) {
        return fail_template(x->a, asked, err);
    }
    const char *file = arena_printf(x->a, "template %s", asked->text);
    if (file == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(check_circle(self, file, asked, err));
    link next = {.parent = self, .file = file, .depth = self->depth + 1};
    STRATA_TRY(resolve(x, &next, (const char *)blob->data, blob->size, out, err));
    out->template_name = asked->text;
    return STRATA_OK;
}

static strata_status extend_file(extender *x, const link *self, const yaml_node *asked,
                                 extended *out, strata_error *err)
{
    if (self->folder == NULL) {
        return yaml_fail(err, asked->place, "a template cannot extend the file '%.200s'",
                         asked->text);
    }
    if (x->contained && !path_is_below(asked->text)) {
        return yaml_fail(err, asked->place,
                         "'extends' may name files in the project's folder only, when the model "
                         "comes from elsewhere than its file");
    }
    const char *file = path_join(x->a, self->folder, asked->text);
    const char *folder = file != NULL ? path_folder(x->a, file) : NULL;
    if (folder == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(check_circle(self, file, asked, err));
    STRATA_AUTO_FREE char *bytes = NULL;
    size_t len = 0;
    STRATA_TRY(note_file(x->a, file, &x->read, err));
    STRATA_TRY(read_named_file(asked->place, NULL, file, YAML_MAX_BYTES, &bytes, &len, err));
    link next = {.parent = self, .file = file, .folder = folder, .depth = self->depth + 1};
    return resolve(x, &next, bytes, len, out, err);
}

static strata_status extend_one(extender *x, const link *self, const yaml_node *asked,
                                extended *sofar, strata_error *err)
{
    if (asked->kind != YAML_TEXT) {
        return yaml_fail(err, asked->place,
                         "'extends' takes a template, a path or a list of them, not %s",
                         yaml_kind_name(asked->kind));
    }
    extended one = {0};
    STRATA_TRY(is_path(asked->text) ? extend_file(x, self, asked, &one, err)
                                    : extend_template(x, self, asked, &one, err));
    STRATA_TRY(yaml_merge(x->a, sofar->root, one.root, &sofar->root, err));
    if (one.template_name != NULL) {
        sofar->template_name = one.template_name;
    }
    return STRATA_OK;
}

/* --- a whole file --- */

static strata_status extend_all(extender *x, const link *self, const yaml_entry *extends,
                                extended *sofar, strata_error *err)
{
    if (extends == NULL) {
        return STRATA_OK;
    }
    if (extends->value->kind != YAML_LIST) {
        return extend_one(x, self, extends->value, sofar, err);
    }
    for (size_t i = 0; i < extends->value->n; i++) {
        STRATA_TRY(extend_one(x, self, extends->value->entries[i].value, sofar, err));
    }
    return STRATA_OK;
}

static strata_status check_version(const yaml_node *root, strata_error *err)
{
    const yaml_entry *e = yaml_find(root, "strata");
    if (e == NULL) {
        return yaml_fail(err, root->place, "this is not a model file yet: it must say 'strata: 1'");
    }
    if (e->value->kind != YAML_TEXT || strcmp(e->value->text, "1") != 0) {
        return yaml_fail(err, e->value->place,
                         "'strata' must be 1, the version that this program reads");
    }
    return STRATA_OK;
}

/* The mapping without `extends`. */
static strata_status without_extends(arena *a, const yaml_node *root, const yaml_node **out,
                                     strata_error *err)
{
    yaml_node *copy = ARENA_NEW(a, 1, yaml_node);
    yaml_entry *entries = ARENA_NEW(a, root->n + 1, yaml_entry);
    if (copy == NULL || entries == NULL) {
        return fail_nomem(err);
    }
    *copy = *root;
    copy->entries = entries;
    copy->n = 0;
    for (size_t i = 0; i < root->n; i++) {
        if (strcmp(root->entries[i].key, "extends") != 0) {
            entries[copy->n++] = root->entries[i];
        }
    }
    *out = copy;
    return STRATA_OK;
}

static strata_status resolve(extender *x, const link *self, const char *yaml, size_t len,
                             extended *out, strata_error *err)
{
    const yaml_node *root = NULL;
    if (++x->files > EXTEND_MAX_FILES) {
        return strata_fail(err, STRATA_E_MODEL, "%s: more than %d files are extended in all",
                           self->file, EXTEND_MAX_FILES);
    }
    STRATA_TRY(yaml_parse(x->a, self->file, yaml, len, &root, err));
    if (root->kind != YAML_MAP) {
        return yaml_fail(err, root->place, "a model file is a mapping of keys, not %s",
                         yaml_kind_name(root->kind));
    }
    STRATA_TRY(check_version(root, err));
    static const yaml_node nothing = {.kind = YAML_MAP, .size = 1};
    extended sofar = {.root = &nothing};
    STRATA_TRY(extend_all(x, self, yaml_find(root, "extends"), &sofar, err));
    const yaml_node *own = NULL;
    STRATA_TRY(without_extends(x->a, root, &own, err));
    STRATA_TRY(yaml_merge(x->a, sofar.root, own, &sofar.root, err));
    *out = sofar;
    return STRATA_OK;
}

strata_status model_extend(arena *a, const char *path, const char *yaml, size_t len, bool contained,
                           extended *out, strata_error *err)
{
    extender x = {.a = a, .contained = contained};
    link self = {.file = path, .folder = path_folder(a, path)};
    if (self.folder == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(resolve(&x, &self, yaml, len, out, err));
    out->files = x.read;
    return STRATA_OK;
}
