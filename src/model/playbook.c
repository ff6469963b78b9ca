/* SPDX-License-Identifier: Apache-2.0 */
#include "model/playbook.h"

#include <math.h>
#include <string.h>

#include "base/blob.h"
#include "base/nearest.h"
#include "base/strbuf.h"
#include "model/extend.h"
#include "model/read.h"

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading playbooks");
}

/* --- one file --- */

typedef struct raw_step {
    const char *key, *title, *owner;
    int due;
    double minutes;
} raw_step;

static strata_status read_step(const yaml_node *node, const char *owner, playbook_step *out,
                               strata_error *err)
{
    static const field fields[] = {
        FIELD(raw_step, key, "key", FIELD_TEXT),
        FIELD(raw_step, title, "title", FIELD_TEXT),
        FIELD(raw_step, owner, "owner", FIELD_TEXT),
        FIELD(raw_step, due, "due", FIELD_DAYS),
        FIELD(raw_step, minutes, "minutes", FIELD_NUMBER),
    };
    raw_step raw = {.owner = "csm", .due = -1, .minutes = NAN};
    STRATA_TRY(read_fields(node, owner, fields, sizeof fields / sizeof *fields, &raw, err));
    if (raw.key == NULL || raw.title == NULL || raw.due < 0) {
        return yaml_fail(err, node->place, "a step of %s has no '%s'", owner,
                         raw.key == NULL     ? "key"
                         : raw.title == NULL ? "title"
                                             : "due");
    }
    if (raw.due > PLAYBOOK_DAYS_MOST || raw.minutes < 0.0) {
        return yaml_fail(err, node->place,
                         "step '%.100s' must be due within %d days and take 0 minutes or more",
                         raw.key, PLAYBOOK_DAYS_MOST);
    }
    *out = (playbook_step){raw.key, raw.title, raw.owner, raw.due, raw.minutes};
    return STRATA_OK;
}

static strata_status read_steps(arena *a, const yaml_node *list, const char *owner, playbook *p,
                                strata_error *err)
{
    playbook_step *steps = NULL;
    STRATA_TRY(read_kind(list, YAML_LIST, "steps", owner, err));
    STRATA_TRY(READ_NEW(a, list->n, playbook_step, &steps, err));
    if (list->n > PLAYBOOK_STEPS_MOST) {
        return yaml_fail(err, list->place, "%s has %zu steps, the most is %d", owner, list->n,
                         PLAYBOOK_STEPS_MOST);
    }
    for (size_t i = 0; i < list->n; i++) {
        const yaml_node *node = list->entries[i].value;
        STRATA_TRY(read_step(node, owner, &steps[i], err));
        if (i > 0 && steps[i].due_days < steps[i - 1].due_days) {
            return yaml_fail(err, node->place, "step '%.100s' of %s is due before the one above it",
                             steps[i].key, owner);
        }
        for (size_t k = 0; k < i; k++) {
            if (strcmp(steps[k].key, steps[i].key) == 0) {
                return yaml_fail(err, node->place, "two steps of %s have the key '%.100s'", owner,
                                 steps[i].key);
            }
        }
    }
    p->steps = steps;
    p->n_steps = list->n;
    return STRATA_OK;
}

static strata_status read_replaces(arena *a, const yaml_node *list, const char *owner, playbook *p,
                                   strata_error *err)
{
    const char **names = NULL;
    STRATA_TRY(read_kind(list, YAML_LIST, "replaces", owner, err));
    STRATA_TRY(READ_NEW(a, list->n, const char *, &names, err));
    for (size_t i = 0; i < list->n; i++) {
        STRATA_TRY(read_text(list->entries[i].value, "replaces", owner, &names[i], err));
    }
    p->replaces = names;
    p->n_replaces = list->n;
    return STRATA_OK;
}

static strata_status read_measure(const yaml_node *map, const char *owner, playbook *p,
                                  strata_error *err)
{
    typedef struct raw_measure {
        model_expr when;
        int after;
    } raw_measure;
    static const field fields[] = {FIELD(raw_measure, when, "when", FIELD_EXPR),
                                   FIELD(raw_measure, after, "after", FIELD_DAYS)};
    raw_measure raw = {.after = -1};
    STRATA_TRY(read_fields(map, owner, fields, 2, &raw, err));
    if (raw.when.text == NULL || raw.after < 1 || raw.after > PLAYBOOK_DAYS_MOST) {
        return yaml_fail(err, map->place,
                         "'measure' of %s must have 'when' and 'after' of 1 to %d days", owner,
                         PLAYBOOK_DAYS_MOST);
    }
    p->measure = raw.when;
    p->measure_days = raw.after;
    return STRATA_OK;
}

typedef struct raw_playbook {
    const char *name, *title, *about;
    model_expr trigger, exit;
    int again;
    double priority;
    const yaml_node *replaces, *steps, *measure;
} raw_playbook;

static strata_status check_raw(const yaml_node *root, const raw_playbook *raw, const char *owner,
                               strata_error *err)
{
    const char *lacks = raw->name == NULL           ? "playbook"
                        : raw->title == NULL        ? "title"
                        : raw->trigger.text == NULL ? "trigger"
                        : raw->steps == NULL || raw->steps->kind != YAML_LIST || raw->steps->n == 0
                            ? "steps"
                            : NULL;
    if (lacks != NULL) {
        return yaml_fail(err, root->place, "%s has no '%s'", owner, lacks);
    }
    if (!(raw->priority >= 1.0 && raw->priority <= 9.0)) {
        return yaml_fail(err, root->place, "'priority' of %s must be 1 (first) to 9 (last)", owner);
    }
    if (raw->again < 1 || raw->again > 10 * PLAYBOOK_DAYS_MOST) {
        return yaml_fail(err, root->place, "'again_after' of %s must be 1 day to 10 years", owner);
    }
    return STRATA_OK;
}

strata_status playbook_parse(arena *a, const char *file, const char *yaml, size_t len,
                             playbook *out, strata_error *err)
{
    static const field fields[] = {
        FIELD(raw_playbook, name, "playbook", FIELD_TEXT),
        FIELD(raw_playbook, title, "title", FIELD_TEXT),
        FIELD(raw_playbook, about, "about", FIELD_TEXT),
        FIELD(raw_playbook, trigger, "trigger", FIELD_EXPR),
        FIELD(raw_playbook, exit, "exit", FIELD_EXPR),
        FIELD(raw_playbook, again, "again_after", FIELD_DAYS),
        FIELD(raw_playbook, priority, "priority", FIELD_NUMBER),
        FIELD(raw_playbook, replaces, "replaces", FIELD_NODE),
        FIELD(raw_playbook, steps, "steps", FIELD_NODE),
        FIELD(raw_playbook, measure, "measure", FIELD_NODE),
    };
    const yaml_node *root = NULL;
    raw_playbook raw = {.again = 180, .priority = 5.0};
    STRATA_TRY(yaml_parse(a, file, yaml, len, &root, err));
    STRATA_TRY(read_fields(root, "a playbook", fields, sizeof fields / sizeof *fields, &raw, err));
    const char *owner = arena_printf(a, "playbook '%.100s'", raw.name != NULL ? raw.name : file);
    if (owner == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(check_raw(root, &raw, owner, err));
    playbook p = {.name = raw.name,
                  .title = raw.title,
                  .about = raw.about,
                  .trigger = raw.trigger,
                  .exit = raw.exit,
                  .again_days = raw.again,
                  .priority = (int)lround(raw.priority)};
    p.trigger.place.what = owner;
    p.exit.place.what = owner;
    STRATA_TRY(read_steps(a, raw.steps, owner, &p, err));
    STRATA_TRY(raw.replaces != NULL ? read_replaces(a, raw.replaces, owner, &p, err) : STRATA_OK);
    STRATA_TRY(raw.measure != NULL ? read_measure(raw.measure, owner, &p, err) : STRATA_OK);
    p.measure.place.what = owner;
    *out = p;
    return STRATA_OK;
}

/* --- which there are --- */

/* "save" of "save.yaml". */
static bool has_stem(const strata_blob *blob, const char *name)
{
    size_t len = strlen(name);
    return strncmp(blob->name, name, len) == 0 && strcmp(blob->name + len, ".yaml") == 0;
}

static strata_status parse_shipped(arena *a, const strata_blob *blob, playbook *out,
                                   strata_error *err)
{
    const char *file = arena_printf(a, "playbook %s", blob->name);
    if (file == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(playbook_parse(a, file, (const char *)blob->data, blob->size, out, err));
    out->shipped = true;
    return STRATA_OK;
}

static strata_status fail_unknown(arena *a, const model_named *asked, strata_error *err)
{
    enum { NAMES_MAX = 64 };
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (const strata_blob *b = strata_playbook_files; b->name != NULL && n < NAMES_MAX; b++) {
        names[n] = arena_strndup(a, b->name, strlen(b->name) - strlen(".yaml"));
        if (names[n++] == NULL) {
            return fail_nomem(err);
        }
    }
    return yaml_fail(err, place_from_rule(asked->place),
                     "unknown playbook '%.100s'%s; `strata playbooks` lists those shipped, a "
                     "file of your own needs a path that ends in .yaml",
                     asked->name, nearest_hint(asked->name, names, n).text);
}

static strata_status load_one(const model *m, arena *a, const model_named *asked, playbook *out,
                              strata_error *err)
{
    static const char ending[] = ".yaml";
    size_t len = strlen(asked->name);
    if (len <= strlen(ending) || strcmp(asked->name + len - strlen(ending), ending) != 0) {
        for (const strata_blob *b = strata_playbook_files; b->name != NULL; b++) {
            if (has_stem(b, asked->name)) {
                return parse_shipped(a, b, out, err);
            }
        }
        return fail_unknown(a, asked, err);
    }
    STRATA_AUTO_FREE char *bytes = NULL;
    const char *path = path_join(a, m->folder, asked->name);
    if (path == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(read_named_file(place_from_rule(asked->place), NULL, path, YAML_MAX_BYTES, &bytes,
                               &len, err));
    return playbook_parse(a, path, bytes, len, out, err);
}

static size_t count_shipped(void)
{
    size_t n = 0;
    while (strata_playbook_files[n].name != NULL) {
        n++;
    }
    return n;
}

/* Names are different, and what is replaced is there. What shipped ones replace may be left out. */
static strata_status check_list(const playbook *all, size_t n, strata_error *err)
{
    for (size_t i = 0; i < n; i++) {
        yaml_place place = place_from_rule(all[i].trigger.place);
        for (size_t k = 0; k < i; k++) {
            if (strcmp(all[k].name, all[i].name) == 0) {
                return yaml_fail(err, place, "two playbooks are named '%.100s'", all[i].name);
            }
        }
        for (size_t r = 0; r < all[i].n_replaces && !all[i].shipped; r++) {
            size_t k = 0;
            while (k < n && strcmp(all[k].name, all[i].replaces[r]) != 0) {
                k++;
            }
            if (k == n) {
                return yaml_fail(err, place,
                                 "playbook '%.100s' replaces '%.100s', which is not among the "
                                 "model's playbooks",
                                 all[i].name, all[i].replaces[r]);
            }
        }
    }
    return STRATA_OK;
}

strata_status playbooks_load(const model *m, arena *a, playbook_list *out, strata_error *err)
{
    size_t n = m->has_playbooks ? m->n_playbooks : count_shipped();
    playbook *all = NULL;
    STRATA_TRY(READ_NEW(a, n, playbook, &all, err));
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(m->has_playbooks ? load_one(m, a, &m->playbooks[i], &all[i], err)
                                    : parse_shipped(a, &strata_playbook_files[i], &all[i], err));
    }
    STRATA_TRY(check_list(all, n, err));
    *out = (playbook_list){all, n};
    return STRATA_OK;
}
