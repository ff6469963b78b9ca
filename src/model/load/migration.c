/* SPDX-License-Identifier: Apache-2.0 */
/* Moves between segments: rules up and down, goals, pathways; how a change of tier is handled, and
 * what holds it back. */
#include <math.h>
#include <string.h>

#include "base/nearest.h"
#include "model/load/load.h"

enum { NOT_GIVEN = -1, MINUTES_MOST = 600000, NOTICE_MOST = 365 };

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading the model");
}

/* Names an expression by whom it belongs to, for messages. */
static strata_status own(model *m, const char *what, const char *name, model_expr *expr,
                         strata_error *err)
{
    if (expr->text == NULL) {
        return STRATA_OK;
    }
    expr->place.what = owner_name(m, what, name);
    return expr->place.what != NULL ? STRATA_OK : no_memory(err);
}

/* An amount of 0 or more, up to `most`. */
static strata_status check_amount(const yaml_node *node, const char *key, const char *owner,
                                  double x, double most, strata_error *err)
{
    return isnan(x) || (x >= 0.0 && x <= most)
               ? STRATA_OK
               : yaml_fail(err, node->place, "'%s' of %s must be 0 to %.0f", key, owner, most);
}

/* --- goals --- */

static strata_status load_goal(const yaml_node *node, model_move_goal *out, strata_error *err)
{
    typedef struct raw_goal {
        model_move_goal goal;
        int per;
    } raw_goal;
    static const char *const periods[] = {"month", "quarter", "year", NULL};
    static const int months[] = {1, 3, 12};
    static const field fields[] = {
        FIELD(raw_goal, goal.from, "from", FIELD_TEXT),
        FIELD(raw_goal, goal.to, "to", FIELD_TEXT),
        FIELD(raw_goal, goal.share, "share", FIELD_SHARE),
        CHOICE(raw_goal, per, "per", periods),
    };
    raw_goal raw = {.goal = {.share = NAN}, .per = 2};
    STRATA_TRY(read_fields(node, "goal of migration", fields, 4, &raw, err));
    if (raw.goal.from == NULL || raw.goal.to == NULL || isnan(raw.goal.share)) {
        return yaml_fail(err, node->place, "a goal of migration has no '%s'",
                         raw.goal.from == NULL ? "from"
                         : raw.goal.to == NULL ? "to"
                                               : "share");
    }
    if (strcmp(raw.goal.from, raw.goal.to) == 0) {
        return yaml_fail(err, node->place,
                         "a goal of migration goes from '%.100s' to '%.100s': name two segments",
                         raw.goal.from, raw.goal.to);
    }
    raw.goal.months = months[raw.per];
    raw.goal.place = place_for_rule(node->place, "goal of migration");
    *out = raw.goal;
    return STRATA_OK;
}

static strata_status load_goals_of(model *m, const yaml_node *list, strata_error *err)
{
    model_move_goal *all = NULL;
    STRATA_TRY(read_kind(list, YAML_LIST, "goals", "migration", err));
    STRATA_TRY(READ_NEW(m->arena, list->n, model_move_goal, &all, err));
    for (size_t i = 0; i < list->n; i++) {
        const yaml_node *node = list->entries[i].value;
        STRATA_TRY(load_goal(node, &all[i], err));
        for (size_t k = 0; k < i; k++) {
            if (strcmp(all[k].from, all[i].from) == 0 && strcmp(all[k].to, all[i].to) == 0) {
                return yaml_fail(err, node->place,
                                 "two goals of migration go from '%.100s' to '%.100s'", all[i].from,
                                 all[i].to);
            }
        }
    }
    m->migration.goals = all;
    m->migration.n_goals = list->n;
    return STRATA_OK;
}

/* --- pathways --- */

static strata_status load_investment(const yaml_node *node, model_pathway *p, strata_error *err)
{
    static const field fields[] = {
        FIELD(model_pathway, minutes, "minutes", FIELD_NUMBER),
        FIELD(model_pathway, cost, "cost", FIELD_NUMBER),
    };
    STRATA_TRY(read_fields(node, "investment", fields, 2, p, err));
    STRATA_TRY(check_amount(node, "minutes", "investment", p->minutes, MINUTES_MOST, err));
    return check_amount(node, "cost", "investment", p->cost, 1e9, err);
}

static strata_status load_pathway(model *m, const yaml_node *node, model_pathway *out,
                                  strata_error *err)
{
    typedef struct raw_pathway {
        model_pathway p;
        const yaml_node *investment;
    } raw_pathway;
    static const field fields[] = {
        FIELD(raw_pathway, p.name, "name", FIELD_TEXT),
        FIELD(raw_pathway, p.from, "from", FIELD_TEXT),
        FIELD(raw_pathway, p.to, "to", FIELD_TEXT),
        FIELD(raw_pathway, p.trigger, "trigger", FIELD_EXPR),
        FIELD(raw_pathway, p.intervention, "intervention", FIELD_TEXT),
        FIELD(raw_pathway, p.measure, "measure", FIELD_EXPR),
        FIELD(raw_pathway, investment, "investment", FIELD_NODE),
        FIELD(raw_pathway, p.outcome, "outcome", FIELD_TEXT),
    };
    raw_pathway raw = {.p = {.minutes = NAN, .cost = NAN}};
    STRATA_TRY(read_fields(node, "pathway", fields, sizeof fields / sizeof fields[0], &raw, err));
    const char *lacks = raw.p.name == NULL           ? "name"
                        : raw.p.from == NULL         ? "from"
                        : raw.p.to == NULL           ? "to"
                        : raw.p.trigger.text == NULL ? "trigger"
                        : raw.p.intervention == NULL ? "intervention"
                                                     : NULL;
    if (lacks != NULL) {
        return yaml_fail(err, node->place, "a pathway of migration has no '%s'", lacks);
    }
    if (strcmp(raw.p.from, raw.p.to) == 0) {
        return yaml_fail(err, node->place,
                         "pathway '%.100s' goes from '%.100s' to itself: name two segments",
                         raw.p.name, raw.p.from);
    }
    STRATA_TRY(raw.investment != NULL ? load_investment(raw.investment, &raw.p, err) : STRATA_OK);
    STRATA_TRY(own(m, "trigger of pathway", raw.p.name, &raw.p.trigger, err));
    STRATA_TRY(own(m, "measure of pathway", raw.p.name, &raw.p.measure, err));
    raw.p.place = place_for_rule(node->place, "pathway of migration");
    *out = raw.p;
    return STRATA_OK;
}

static strata_status load_pathways(model *m, const yaml_node *list, strata_error *err)
{
    model_pathway *all = NULL;
    STRATA_TRY(read_kind(list, YAML_LIST, "pathways", "migration", err));
    STRATA_TRY(READ_NEW(m->arena, list->n, model_pathway, &all, err));
    for (size_t i = 0; i < list->n; i++) {
        const yaml_node *node = list->entries[i].value;
        STRATA_TRY(load_pathway(m, node, &all[i], err));
        for (size_t k = 0; k < i; k++) {
            if (strcmp(all[k].name, all[i].name) == 0) {
                return yaml_fail(err, node->place, "two pathways are named '%.100s'", all[i].name);
            }
        }
    }
    m->migration.pathways = all;
    m->migration.n_pathways = list->n;
    return STRATA_OK;
}

/* --- the keys --- */

strata_status load_migration(model *m, const yaml_entry *entry, strata_error *err)
{
    typedef struct raw_migration {
        const char *by;
        model_expr up, down;
        int review;
        double cost_per_hour;
        const yaml_node *goals, *pathways;
    } raw_migration;
    static const char *const reviews[] = {
        [REVIEW_WEEK] = "weekly", [REVIEW_MONTH] = "monthly", [REVIEW_QUARTER] = "quarterly", NULL};
    static const field fields[] = {
        FIELD(raw_migration, by, "by", FIELD_TEXT),
        FIELD(raw_migration, up, "up", FIELD_EXPR),
        FIELD(raw_migration, down, "down", FIELD_EXPR),
        CHOICE(raw_migration, review, "review", reviews),
        FIELD(raw_migration, cost_per_hour, "cost_per_hour", FIELD_NUMBER),
        FIELD(raw_migration, goals, "goals", FIELD_NODE),
        FIELD(raw_migration, pathways, "pathways", FIELD_NODE),
    };
    raw_migration raw = {.review = NOT_GIVEN, .cost_per_hour = NAN};
    STRATA_TRY(read_fields(entry->value, "migration", fields, sizeof fields / sizeof fields[0],
                           &raw, err));
    STRATA_TRY(
        check_amount(entry->value, "cost_per_hour", "migration", raw.cost_per_hour, 1e6, err));
    raw.up.place.what = "up rule of migration";
    raw.down.place.what = "down rule of migration";
    m->migration = (model_migration){.by = raw.by,
                                     .up = raw.up,
                                     .down = raw.down,
                                     .has_review = raw.review != NOT_GIVEN,
                                     .review = (review_every)(raw.review > 0 ? raw.review : 0),
                                     .cost_per_hour = raw.cost_per_hour,
                                     .place = place_for_rule(entry->key_place, "migration")};
    STRATA_TRY(raw.goals != NULL ? load_goals_of(m, raw.goals, err) : STRATA_OK);
    return raw.pathways != NULL ? load_pathways(m, raw.pathways, err) : STRATA_OK;
}

static strata_status load_exception(model *m, const yaml_node *node, model_exception *out,
                                    strata_error *err)
{
    static const field fields[] = {
        FIELD(model_exception, name, "name", FIELD_TEXT),
        FIELD(model_exception, when, "when", FIELD_EXPR),
        FIELD(model_exception, why, "why", FIELD_TEXT),
    };
    model_exception one = {0};
    STRATA_TRY(read_fields(node, "exception of tier_change", fields, 3, &one, err));
    if (one.name == NULL || one.when.text == NULL) {
        return yaml_fail(err, node->place, "an exception of tier_change has no '%s'",
                         one.name == NULL ? "name" : "when");
    }
    STRATA_TRY(own(m, "exception", one.name, &one.when, err));
    *out = one;
    return STRATA_OK;
}

strata_status load_tier_change(model *m, const yaml_entry *entry, strata_error *err)
{
    typedef struct raw_change {
        int notice;
        const yaml_node *exceptions;
    } raw_change;
    static const field fields[] = {
        FIELD(raw_change, notice, "notice", FIELD_DAYS),
        FIELD(raw_change, exceptions, "exceptions", FIELD_NODE),
    };
    raw_change raw = {.notice = m->tier_change.notice_days};
    model_exception *all = NULL;
    STRATA_TRY(read_fields(entry->value, "tier_change", fields, 2, &raw, err));
    if (raw.notice > NOTICE_MOST) {
        return yaml_fail(err, entry->key_place, "'notice' of tier_change is over %d days",
                         NOTICE_MOST);
    }
    m->tier_change = (model_tier_change){.notice_days = raw.notice};
    if (raw.exceptions == NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(read_kind(raw.exceptions, YAML_LIST, "exceptions", "tier_change", err));
    if (raw.exceptions->n > MODEL_EXCEPTIONS_MAX) {
        return yaml_fail(err, raw.exceptions->place,
                         "tier_change has %zu exceptions, the most is %d", raw.exceptions->n,
                         MODEL_EXCEPTIONS_MAX);
    }
    STRATA_TRY(READ_NEW(m->arena, raw.exceptions->n, model_exception, &all, err));
    for (size_t i = 0; i < raw.exceptions->n; i++) {
        const yaml_node *node = raw.exceptions->entries[i].value;
        STRATA_TRY(load_exception(m, node, &all[i], err));
        for (size_t k = 0; k < i; k++) {
            if (strcmp(all[k].name, all[i].name) == 0) {
                return yaml_fail(err, node->place,
                                 "two exceptions of tier_change are named '%.100s'", all[i].name);
            }
        }
    }
    m->tier_change.exceptions = all;
    m->tier_change.n_exceptions = raw.exceptions->n;
    return STRATA_OK;
}

/* --- against the dimensions --- */

const model_dimension *model_migration_dimension(const model *m)
{
    const char *by = m->migration.by != NULL ? m->migration.by : m->primary;
    const model_dimension *named = NULL;
    const model_dimension *first = NULL;
    for (size_t i = 0; i < m->n_dimensions; i++) {
        const model_dimension *d = &m->dimensions[i];
        named = by != NULL && strcmp(d->name, by) == 0 ? d : named;
        first = first == NULL && d->ordered ? d : first;
    }
    bool stays = m->migration.by != NULL || first == NULL || (named != NULL && named->ordered);
    return stays ? named : first;
}

static strata_status check_by(const model *m, strata_error *err)
{
    const model_migration *g = &m->migration;
    const char **names = NULL;
    if (g->by == NULL || model_migration_dimension(m) != NULL || is_from_template(g->place)) {
        return STRATA_OK;
    }
    STRATA_TRY(READ_NEW(m->arena, m->n_dimensions, const char *, &names, err));
    for (size_t i = 0; i < m->n_dimensions; i++) {
        names[i] = m->dimensions[i].name;
    }
    return yaml_fail(err, place_from_rule(g->place),
                     "migration goes by the dimension '%.100s', which there is not%s", g->by,
                     nearest_hint(g->by, names, m->n_dimensions).text);
}

/* What goes from one segment to another: both must be there. */
static strata_status check_ends(const model_dimension *d, const char *from, const char *to,
                                rule_place place, strata_error *err)
{
    if (is_from_template(place)) {
        return STRATA_OK;
    }
    if (d == NULL) {
        return yaml_fail(err, place_from_rule(place),
                         "migration names segments, but the model has no dimension");
    }
    STRATA_TRY(check_names_segment(d, place.what, from, place, err));
    return check_names_segment(d, place.what, to, place, err);
}

strata_status check_migration(const model *m, strata_error *err)
{
    const model_migration *g = &m->migration;
    const model_dimension *d = model_migration_dimension(m);
    STRATA_TRY(check_by(m, err));
    for (size_t i = 0; i < g->n_goals; i++) {
        STRATA_TRY(check_ends(d, g->goals[i].from, g->goals[i].to, g->goals[i].place, err));
    }
    for (size_t i = 0; i < g->n_pathways; i++) {
        STRATA_TRY(
            check_ends(d, g->pathways[i].from, g->pathways[i].to, g->pathways[i].place, err));
    }
    return STRATA_OK;
}
