/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/nearest.h"
#include "model/extend.h"
#include "model/load/load.h"
#include "model/order.h"

static const struct part {
    const char *key;
    load_fn *load; /* NULL: read elsewhere */
} parts[] = {
    {"strata", NULL},
    {"extends", NULL}, /* gone by now; here for the hint */
    {"business", load_business},
    {"sources", load_sources},
    {"ingest", load_ingest},
    {"population", load_population},
    {"features", load_features},
    {"bins", load_bins},
    {"scores", load_scores},
    {"dimensions", load_dimensions},
    {"segments", load_segments},
    {"milestones", load_milestones},
    {"journey", load_journey},
    {"hypotheses", load_hypotheses},
    {"metrics", load_metrics},
    {"quality", load_quality},
    {"review", load_review},
    {"benchmarks", load_benchmarks},
    {"crm", load_crm},
    {"primary", NULL},
    {"engagement", load_engagement},
    {"effect", load_effect_plan},
    {"migration", load_migration},
    {"targets", load_targets},
    {"playbooks", load_playbooks},
    {"personas", load_personas},
    {"messages", load_messages},
    {"papers", load_papers},
    {"roadmap", load_roadmap},
    {"tier_change", load_tier_change},
    {"trees", load_trees},
};
enum { N_PARTS = sizeof parts / sizeof parts[0] };

const char *owner_name(model *m, const char *what, const char *name)
{
    return arena_printf(m->arena, "%s '%.100s'", what, name);
}

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
}

static void set_defaults(model *m)
{
    m->template_name = "custom";
    m->business = (model_business){.currency = "USD",
                                   .timezone = "UTC",
                                   .fiscal_year_starts = 1,
                                   .customers = NAN,
                                   .uniform_needs = -1,
                                   .real_time = -1,
                                   .can_act = -1};
    m->ingest.rejects_allowed = 0.05;
    m->metrics = (model_metrics){.nrr = "point_to_point",
                                 .reactivation = "excluded",
                                 .churn_dated = "end_of_paid_period",
                                 .margin = 1.0,
                                 .discount = 0.1,
                                 .pmf_top = NAN};
    m->quality = (model_quality){.minimum_share = 0.02,
                                 .minimum_accounts = 30,
                                 .few_segments = 3,
                                 .many_segments = 6,
                                 .refresh_days = 92};
    for (size_t i = 0; i < (size_t)GOAL_MEASURES * GOAL_AGES; i++) {
        m->benchmarks.value[i / GOAL_AGES][i % GOAL_AGES] = NAN;
        m->targets.value[i / GOAL_AGES][i % GOAL_AGES] = NAN;
    }
    for (size_t i = 0; i < TOUCH_LEVELS; i++) {
        m->engagement.levels[i] = MODEL_PROGRAMME_UNSTATED;
    }
    for (size_t i = 0; i < WORK_KINDS; i++) {
        m->engagement.hours[i] = NAN;
    }
    m->engagement.month_hours = NAN;
    m->engagement.effect = m->engagement.growth = (model_range){NAN, NAN, NAN};
    m->personas.minimum_support = 10;
    m->roadmap = model_roadmap_usual;
    crm_defaults(m);
    m->migration.cost_per_hour = NAN;
    m->tier_change.notice_days = 30;
    m->review = REVIEW_QUARTER;
    m->outside_label = "Not customers now";
}

static strata_status load_part(model *m, const yaml_entry *entry, strata_error *err)
{
    const char *keys[N_PARTS];
    for (size_t i = 0; i < N_PARTS; i++) {
        keys[i] = parts[i].key;
        if (strcmp(entry->key, parts[i].key) == 0) {
            return parts[i].load == NULL ? STRATA_OK : parts[i].load(m, entry, err);
        }
    }
    return read_fail_unknown(entry, NULL, keys, N_PARTS, err);
}

/* --- what takes the whole model to check --- */

typedef struct named {
    const char *name, *what;
    rule_place place;
} named;

static strata_status add_named(named *all, size_t *n, named one, strata_error *err)
{
    for (size_t i = 0; i < *n; i++) {
        if (strcmp(all[i].name, one.name) == 0) {
            return yaml_fail(err, place_from_rule(one.place),
                             "%s '%s' has the name of a %s (line %d): rules could not tell them "
                             "apart",
                             one.what, one.name, all[i].what, all[i].place.line);
        }
    }
    all[(*n)++] = one;
    return STRATA_OK;
}

/* Features, bins, scores and dimensions share one set of names. */
static strata_status check_names(const model *m, strata_error *err)
{
    named *all = NULL;
    size_t n = 0;
    size_t most = m->n_features + m->n_bins + m->n_scores + m->n_dimensions;
    if (most > MODEL_MAX_DEFINITIONS) {
        return strata_fail(err, STRATA_E_MODEL,
                           "%s: has %zu features, bins, scores and dimensions, the most is %d",
                           m->path, most, MODEL_MAX_DEFINITIONS);
    }
    STRATA_TRY(READ_NEW(m->arena, most, named, &all, err));
    for (size_t i = 0; i < m->n_features; i++) {
        const model_feature *f = &m->features[i];
        STRATA_TRY(add_named(all, &n, (named){f->name, "feature", f->value.place}, err));
    }
    for (size_t i = 0; i < m->n_bins; i++) {
        const model_bin *b = &m->bins[i];
        STRATA_TRY(add_named(all, &n, (named){b->name, "bin", b->place}, err));
    }
    for (size_t i = 0; i < m->n_scores; i++) {
        const model_score *s = &m->scores[i];
        STRATA_TRY(add_named(all, &n, (named){s->name, "score", s->place}, err));
    }
    for (size_t i = 0; i < m->n_dimensions; i++) {
        const model_dimension *d = &m->dimensions[i];
        STRATA_TRY(add_named(all, &n, (named){d->name, "dimension", d->place}, err));
    }
    return STRATA_OK;
}

static strata_status find_primary(model *m, const yaml_entry *stated, strata_error *err)
{
    if (stated == NULL) {
        bool cells =
            m->n_dimensions > 0 && strcmp(m->dimensions[m->n_dimensions - 1].name, "segment") == 0;
        m->primary = cells ? "segment" : m->n_dimensions > 0 ? m->dimensions[0].name : NULL;
        return STRATA_OK;
    }
    const char **names = NULL;
    STRATA_TRY(READ_NEW(m->arena, m->n_dimensions, const char *, &names, err));
    STRATA_TRY(read_text(stated->value, "primary", NULL, &m->primary, err));
    for (size_t i = 0; i < m->n_dimensions; i++) {
        names[i] = m->dimensions[i].name;
        if (strcmp(names[i], m->primary) == 0) {
            return STRATA_OK;
        }
    }
    return yaml_fail(err, stated->value->place,
                     "'primary' names the dimension '%.100s', which there is not%s", m->primary,
                     nearest_hint(m->primary, names, m->n_dimensions).text);
}

/* The name of the folder that the model file lies in. */
static strata_status default_name(model *m, strata_error *err)
{
    enum { PATH_BYTES = 4096 };
    char here[PATH_BYTES];
    if (m->business.name != NULL) {
        return STRATA_OK;
    }
    const char *folder = m->folder;
    if (strcmp(folder, ".") == 0) {
        folder = getcwd(here, sizeof here) != NULL ? here : "";
    }
    const char *slash = strrchr(folder, '/');
    const char *name = slash != NULL ? slash + 1 : folder;
    bool useless = name[0] == '\0' || name[0] == '.';
    m->business.name = arena_strdup(m->arena, useless ? "portfolio" : name);
    return m->business.name != NULL ? STRATA_OK : fail_nomem(err);
}

/* What `extends` named is noted already. */
static strata_status note_files(model *m, strata_error *err)
{
    arena *a = m->arena;
    for (size_t i = 0; i < PAPER_KINDS; i++) {
        if (m->papers[i].path != NULL) {
            STRATA_TRY(note_file(a, path_join(a, m->folder, m->papers[i].path), &m->files, err));
        }
    }
    for (size_t i = 0; i < m->n_playbooks; i++) {
        if (strchr(m->playbooks[i].name, '.') != NULL) {
            STRATA_TRY(note_file(a, path_join(a, m->folder, m->playbooks[i].name), &m->files, err));
        }
    }
    for (size_t i = 0; i < m->n_dimensions; i++) {
        if (m->dimensions[i].overrides != NULL) {
            STRATA_TRY(
                note_file(a, path_join(a, m->folder, m->dimensions[i].overrides), &m->files, err));
        }
    }
    return STRATA_OK;
}

static strata_status fill(model *m, const char *yaml, size_t len, bool contained, strata_error *err)
{
    extended x = {0};
    STRATA_TRY(model_extend(m->arena, m->path, yaml, len, contained, &x, err));
    set_defaults(m);
    m->resolved = x.root;
    m->files = x.files;
    if (x.template_name != NULL) {
        m->template_name = x.template_name;
    }
    for (size_t i = 0; i < x.root->n; i++) {
        STRATA_TRY(load_part(m, &x.root->entries[i], err));
    }
    STRATA_TRY(check_names(m, err));
    STRATA_TRY(find_primary(m, yaml_find(x.root, "primary"), err));
    STRATA_TRY(leave_foreign_engagement(m, err));
    STRATA_TRY(check_engagement(m, err));
    STRATA_TRY(check_messages(m, err));
    STRATA_TRY(check_migration(m, err));
    STRATA_TRY(check_targets(m, err));
    STRATA_TRY(note_files(m, err));
    STRATA_TRY(model_fingerprint(m, m->digest, err));
    return default_name(m, err);
}

static strata_status parse(const char *path, const char *yaml, size_t len, bool contained,
                           model **out, strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    model *m = ARENA_NEW(a, 1, model);
    if (m == NULL) {
        return fail_nomem(err);
    }
    m->arena = a;
    m->path = arena_strdup(a, path);
    m->folder = path_folder(a, path);
    m->contained = contained;
    if (m->path == NULL || m->folder == NULL) {
        return fail_nomem(err);
    }
    STRATA_TRY(fill(m, yaml, len, contained, err));
    *out = m;
    a = NULL; /* the model owns it now */
    return STRATA_OK;
}

strata_status model_parse(const char *path, const char *yaml, size_t len, model **out,
                          strata_error *err)
{
    return parse(path, yaml, len, false, out, err);
}

/* Paths that a model from elsewhere may have: below the project's folder. */
static strata_status check_paths(const model *m, strata_error *err)
{
    const char *path = NULL;
    for (size_t i = 0; i < m->n_dimensions; i++) {
        const char *pins = m->dimensions[i].overrides;
        path = pins != NULL && !path_is_below(pins) ? "overrides" : path;
    }
    for (size_t i = 0; i < m->n_playbooks; i++) {
        bool file = strchr(m->playbooks[i].name, '/') != NULL;
        path = file && !path_is_below(m->playbooks[i].name) ? "playbooks" : path;
    }
    return path == NULL ? STRATA_OK
                        : strata_fail(err, STRATA_E_MODEL,
                                      "%s: '%s' may name files in the project's folder only, when "
                                      "the model comes from elsewhere than its file",
                                      m->path, path);
}

strata_status model_parse_contained(const char *path, const char *yaml, size_t len, model **out,
                                    strata_error *err)
{
    STRATA_AUTO(model_free) model *m = NULL;
    STRATA_TRY(parse(path, yaml, len, true, &m, err));
    STRATA_TRY(check_paths(m, err));
    *out = strata_steal(&m);
    return STRATA_OK;
}

_Static_assert((int)MODEL_BYTES_MAX == (int)YAML_MAX_BYTES, "a model file is one of YAML");

strata_status model_load(const char *path, model **out, strata_error *err)
{
    STRATA_AUTO_FREE char *bytes = NULL;
    size_t len = 0;
    STRATA_TRY(file_read(path, YAML_MAX_BYTES, &bytes, &len, err));
    return model_parse(path, bytes, len, out, err);
}

void model_free(model *m)
{
    if (m != NULL) {
        arena_free(m->arena);
    }
}
