/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_MODEL_H
#define STRATA_MODEL_MODEL_H

/* The model file as typed values: what people decide. Loaded from strata.yaml
 * with the templates it extends; every part remembers where it stands, so that
 * a message can name file, line and column. Immutable once loaded; all of it
 * lives in the model's arena. docs/model-reference.md describes the file. */

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include <strata/error.h>

#include "base/arena.h"
#include "base/digest.h"
#include "rule/rule.h"
#include "template/template.h"

enum { MODEL_BYTES_MAX = 1 << 20 }; /* of a model file */

/* An expression as written; text NULL: not given. */
typedef struct model_expr {
    const char *text;
    rule_place place;
} model_expr;

typedef struct model_pair { /* one entry of a mapping, in file order */
    const char *key;
    const char *value;
    rule_place place;
} model_pair;
typedef struct model_pairs {
    const model_pair *items;
    size_t n;
} model_pairs;

/* --- business: the intake --- */
typedef struct model_business {
    const char *name;       /* portfolio name in headings; default: the folder's name */
    const char *currency;   /* reporting currency, ISO code; default USD */
    const char *timezone;   /* default UTC */
    int fiscal_year_starts; /* month 1..12 */
    double customers;       /* stated count; NaN: not stated */
    int uniform_needs, real_time, can_act; /* -1 not stated, 0 no, 1 yes */
    model_pairs texts; /* the rest, as written: products, decisions, priorities, ... ("a, b") */
} model_business;

/* --- sources --- */
typedef enum arr_form { ARR_FORM_SNAPSHOTS, ARR_FORM_MOVEMENTS, ARR_FORM_SUBSCRIPTIONS } arr_form;
typedef struct model_source {
    const char *entity; /* "usage" */
    const char
        *path; /* after ${VAR:-default}, relative to the model file's folder; globs allowed */
    const char *path_written; /* before that */
    const char *format;       /* csv, parquet, json; NULL: by the file's ending */
    const char *delimiter, *quote, *decimal, *date_format, *encoding; /* NULL: found out */
    model_pairs map; /* entity column -> heading in the file, or "= expression" */
    model_expr
        keep; /* condition over mapped columns; rows that do not match are left out, counted */
    const char *via; /* entity or source through which rows find their account; NULL */
    arr_form form;   /* of arr sources */
    const char
        *period; /* arr: period that `amount` covers: month, quarter, year; NULL: column, or year */
    bool end_is_last_day; /* subscriptions */
    const char *kind;   /* surveys, opportunities: constant kind when the file has no such column */
    model_pairs values; /* "column.value" -> our value ("severity.urgent": high) */
    rule_place place;
} model_source;

typedef struct model_ingest {
    double rejects_allowed;     /* share; default 0.05 */
    bool roll_up_parents;       /* facts of children count for the topmost parent */
    model_pairs rates;          /* currency -> one unit of it in the reporting currency */
    const char *merges_written; /* before ${VAR} */
    const char *merges;         /* CSV of (from, to) account ids that were merged; NULL */
} model_ingest;

/* --- features, bins, scores --- */
typedef struct model_feature {
    const char *name, *label;
    model_expr value;
} model_feature;

/* A score 1..k from a feature, by fixed edges or by quantiles. */
typedef struct model_bin_step {
    double score;
    model_expr up_to; /* constant, edge inclusive; text NULL on the last step (otherwise) */
    double edge;      /* its value; NaN on the last step */
} model_bin_step;
typedef struct model_bin {
    const char *name, *label;
    model_expr of;
    int quantiles; /* 0: by steps; else number of equal groups */
    bool reverse;  /* quantiles: low values score high */
    const model_bin_step *steps;
    size_t n_steps;
    double missing_score; /* NaN: stays missing */
    rule_place place;
} model_bin;

typedef enum missing_policy {
    MISSING_REDISTRIBUTE, /* over the factors that are there */
    MISSING_NEUTRAL,      /* counts as 50 */
    MISSING_WORST,        /* counts as 0 */
    MISSING_EXCLUDE       /* the score is missing when any factor is */
} missing_policy;
typedef struct model_point {
    double x, y;     /* x in the feature's unit */
    model_expr edge; /* x as written */
} model_point;
typedef struct model_factor {
    model_expr feature;
    const char *label;
    double weight;             /* share; all weights sum to 1 */
    const model_point *points; /* ascending x; piecewise linear, clamped */
    size_t n_points;
} model_factor;
typedef struct model_score {
    const char *name, *label;
    missing_policy missing;
    double minimum_weight; /* least share of weight that must be known, else missing; default 0 */
    const model_factor *factors;
    size_t n_factors;
    rule_place place;
} model_score;

/* --- dimensions --- */
typedef struct model_tier {
    const char *key, *label;                     /* key is stable; label defaults to key */
    model_expr when;                             /* text NULL: otherwise */
    const char *description, *strategy, *motion; /* may be NULL; shown in reports */
    rule_place place;
} model_tier;
typedef struct model_hold {
    int enter_after_days, leave_after_days; /* 0: at once */
    double margin;                          /* share by which a threshold must be passed; 0: none */
} model_hold;
typedef enum dimension_kind {
    DIMENSION_TIERS, /* first match wins, ends in otherwise */
    DIMENSION_BANDS, /* lower edges of a score or feature, inclusive */
    DIMENSION_BY     /* one segment per level of an attribute */
} dimension_kind;
typedef struct model_band {
    const char *key, *label;
    double from;     /* lower edge, inclusive, in the feature's unit */
    model_expr edge; /* `from` as written */
} model_band;
typedef struct model_dimension {
    const char *name, *label;
    dimension_kind kind;
    bool ordered; /* segments run from best to worst: those of tiers if so stated, of bands */
    const model_tier *tiers;
    size_t n_tiers;
    model_expr of;           /* bands, by */
    const model_band *bands; /* descending `from` */
    size_t n_bands;
    const char *missing_key; /* segment for accounts whose value is missing; default "Unknown" */
    double other_under;      /* by: levels under this share of accounts go to "Other"; 0: never */
    model_hold hold;
    const char *overrides; /* CSV path (account_id, segment, who, why, until); NULL */
    rule_place overrides_place;
    rule_place place;
} model_dimension;

typedef struct model_hypothesis {
    const char *claim;
    model_expr where, against; /* against: NULL text means everyone else */
    model_expr compare;        /* a value, or a condition (then shares are compared) */
    const char *expect;        /* "lower", "higher", "different" */
    rule_place place;
} model_hypothesis;

typedef struct model_named { /* a name in a list */
    const char *name;
    rule_place place;
} model_named;

typedef struct model_milestone { /* lifecycle: reached by day 90 */
    const char *name;
    model_expr when;
} model_milestone;

/* A stage of the journey: entered for good when the condition first holds. `expected_days` is the
 * time that an account may take from the stage before (the first: from its start); 0: not given. */
enum { MODEL_STAGES_MAX = 24 };
extern const char model_stage_start[]; /* "Started": where accounts are before the first stage */
typedef struct model_stage {
    const char *name;
    model_expr when;
    int expected_days;
    const char *description; /* may be NULL */
} model_stage;

typedef struct model_metrics { /* dialect, see docs/definitions.md */
    const char *nrr, *reactivation, *churn_dated;
    double margin;   /* share of ARR that is left after the cost to serve; default 1: revenue */
    double discount; /* a year, of money to come; default 0.1 */
    double pmf_top;  /* the best answer of the product-market fit survey; NaN: the highest seen */
} model_metrics;

typedef struct model_quality {
    double minimum_share; /* a segment under this share of accounts AND of ARR is too small; 0.02 */
    double minimum_accounts;         /* below it no rate is stated; 30 */
    int few_segments, many_segments; /* 3 and 6 */
    int refresh_days;                /* older than this is "never refreshed"; 92 */
} model_quality;

/* Retention of a cohort at an age that people hold it against: what others reach (benchmarks), what
 * is aimed at (targets). Assumptions of the model file; NaN: none is given. */
typedef enum goal_measure { GOAL_LOGO, GOAL_NRR, GOAL_GRR, GOAL_MEASURES } goal_measure;
enum { GOAL_AGES = 4 };
extern const int goal_months[GOAL_AGES]; /* 3, 6, 9, 12 */
typedef struct model_goals {
    double value[GOAL_MEASURES][GOAL_AGES];
    const char *source; /* where they come from, as written; may be NULL */
} model_goals;

/* --- targets of segments: what is aimed at, and who answers for it --- */
typedef enum target_measure {
    TARGET_NRR,
    TARGET_GRR,
    TARGET_CHURN,     /* share of accounts that left in 12 months */
    TARGET_EXPANSION, /* share of accounts worth more than 12 months before */
    TARGET_NPS,
    TARGET_COST, /* to serve, over ARR */
    TARGET_MEASURES
} target_measure;
extern const char *const target_names[]; /* "nrr", ...; ended by NULL */
typedef struct model_segment_targets {
    const char *segment;           /* key in the dimension; "all": of all together */
    double value[TARGET_MEASURES]; /* NaN: none */
    const char *owner, *source;    /* NULL: those of all */
    rule_place place;
} model_segment_targets;
typedef struct model_scoreboard {
    const char *by;    /* dimension; NULL: the primary one */
    const char *owner; /* may be NULL */
    const model_segment_targets *segments;
    size_t n;
    rule_place place; /* of `by` */
} model_scoreboard;

/* --- effect: what a plan does besides coverage --- */
typedef struct model_action {
    const char *name;
    model_expr where;         /* whom it is for */
    const char *intervention; /* playbook or kind whose measured effect counts; NULL: none */
    double share;             /* of them get it; 1 */
    double minutes;           /* each; NaN: as recorded, else none */
    /* Share of those who would leave that it keeps, an assumption for where it is not measured;
     * NaN: none. */
    double keeps_low, keeps_likely, keeps_high;
    rule_place place;
} model_action;

/* --- engagement: how accounts are looked after --- */
typedef enum touch_level {
    TOUCH_DIGITAL,
    TOUCH_LOW,
    TOUCH_MEDIUM,
    TOUCH_HIGH,
    TOUCH_LEVELS
} touch_level;
/* "weekly", "none"; NULL: people have no word for so many days. */
const char *rhythm_name(int days);
extern const char *const touch_level_names[]; /* "digital", ...; ended by NULL */
typedef enum work_kind {
    WORK_TOUCHPOINT,
    WORK_REVIEW,
    WORK_ONBOARDING,
    WORK_RENEWAL,
    WORK_TICKET,
    WORK_KINDS
} work_kind;
extern const char *const work_names[]; /* "touchpoint", ...; ended by NULL */

/* What accounts get. Days: one touchpoint (review) every so many, 0: none; -1: not stated. */
typedef struct model_programme {
    int cadence_days, review_days, onboarding_days;
    const char *support;     /* tier, as written; NULL: not stated */
    double accounts_per_csm; /* NaN: not stated */
} model_programme;
#define MODEL_PROGRAMME_UNSTATED                                                                   \
    ((model_programme){.cadence_days = -1,                                                         \
                       .review_days = -1,                                                          \
                       .onboarding_days = -1,                                                      \
                       .accounts_per_csm = (double)NAN})
typedef struct model_engaged { /* a segment; what `own` does not state is that of its level */
    const char *segment;       /* key in the dimension */
    touch_level touch;
    model_programme own;
    rule_place place;
} model_engaged;
/* An assumption between two limits; all NaN: not stated. */
typedef struct model_range {
    double low, likely, high;
} model_range;
typedef struct model_engagement {
    const char *by; /* dimension; NULL: the primary one */
    bool own_by;    /* stated by the model itself, not by a template */
    model_programme levels[TOUCH_LEVELS];
    bool has_level[TOUCH_LEVELS];
    const model_engaged *segments;
    size_t n_segments;        /* 0: a proposal is computed */
    double hours[WORK_KINDS]; /* of one activity, an assumption; NaN: not stated */
    double month_hours;       /* of a CSM for customers where the data give none; NaN: not stated */
    /* Share of the ARR at stake that a full programme of touchpoints and reviews keeps, an
     * assumption for where it cannot be measured. */
    model_range effect;
    /* What such a programme adds to the ARR that accounts like it gain, as a share of it. */
    model_range growth;
    rule_place place;
} model_engagement;

typedef enum review_every { REVIEW_WEEK, REVIEW_MONTH, REVIEW_QUARTER } review_every;

/* --- migration: moves between the segments of one dimension --- */
typedef struct model_move_goal { /* "15 % of Core to Growth a year" */
    const char *from, *to;       /* keys of segments */
    double share;
    int months; /* 1, 3 or 12 */
    rule_place place;
} model_move_goal;
typedef struct model_pathway {
    const char *name, *from, *to;
    model_expr trigger;
    const char *intervention; /* kind or playbook, as interventions record it */
    model_expr measure;       /* holds when it worked; text NULL: not stated */
    double minutes, cost;     /* invested in each account; cost in major units; NaN: not stated */
    const char *outcome;      /* expected, in words; may be NULL */
    rule_place place;
} model_pathway;
typedef struct model_migration {
    const char *by;      /* dimension; NULL: see model_migration_dimension() */
    model_expr up, down; /* text NULL: no rule */
    bool has_review;     /* else as model->review */
    review_every review;
    double cost_per_hour; /* of a CSM, an assumption, major units; NaN: not stated */
    const model_move_goal *goals;
    size_t n_goals;
    const model_pathway *pathways;
    size_t n_pathways;
    rule_place place;
} model_migration;

/* What keeps an account from being told of another tier now. */
enum { MODEL_EXCEPTIONS_MAX = 32 };
typedef struct model_exception {
    const char *name;
    model_expr when;
    const char *why; /* what to do instead, in words; may be NULL */
} model_exception;
typedef struct model_tier_change {
    int notice_days; /* from deciding to changing; 30 */
    const model_exception *exceptions;
    size_t n_exceptions;
} model_tier_change;

/* What `strata persona` says, and when: buyer types, first match wins. */
typedef struct model_personas {
    double minimum_support;   /* a theme or phrase needs so many accounts of the segment; 10 */
    const model_tier *buyers; /* the last one is otherwise; NULL: none are given */
    size_t n_buyers;
} model_personas;

/* A text for a segment of a dimension, in place of the one that the data propose. */
typedef struct model_message {
    const char *dimension, *segment; /* key in it */
    const char *text;                /* as written, with fields such as {product} */
    template_cell said;              /* the same, of the form of PAPER_MESSAGES (model/papers.h) */
    rule_place place;
} model_message;

/* Texts that people send, say and work by; model/papers.h. */
typedef enum paper_kind {
    PAPER_TIER_UP,
    PAPER_TIER_DOWN,
    PAPER_EXPANSION,
    PAPER_CONVERSATION,
    PAPER_MESSAGES,
    PAPER_KINDS
} paper_kind;
/* One of the model's own, in place of what is shipped; all NULL: it has none. */
typedef struct model_paper {
    const char *path; /* as the model names it */
    const char *bytes;
    const template_text *text;
} model_paper;

/* What the roadmap assumes: days of work that one of each takes, and how many people do it. */
typedef enum effort_kind {
    EFFORT_INPUT,        /* a source or column that is not there yet */
    EFFORT_REJECTED_ROW, /* put right where it comes from */
    EFFORT_ACCOUNT,      /* looked at and decided on by a person */
    EFFORT_SEGMENT,      /* agreed on: strategy, motion, programme */
    EFFORT_PLAYBOOK,     /* put to work */
    EFFORT_CSM,          /* trained */
    EFFORT_HANDOVER,     /* of an account from one manager to another */
    EFFORT_REVIEW,       /* of the segments, with those who decide */
    EFFORT_KINDS
} effort_kind;
extern const char *const effort_names[]; /* "input", ...; ended by NULL */
typedef struct model_roadmap {
    double days[EFFORT_KINDS];
    double people;
    day start; /* DAY_MISSING: the first Monday after the as-of date */
} model_roadmap;
extern const model_roadmap model_roadmap_usual;

/* How parents stand for the accounts below them. */
typedef enum tree_roll_up { TREE_ROLL_UP_ARR, TREE_ROLL_UP_NONE } tree_roll_up;
typedef enum tree_health { TREE_HEALTH_BY_ARR, TREE_HEALTH_WORST } tree_health;
typedef enum tree_coverage { TREE_COVERAGE_HIGHEST, TREE_COVERAGE_OWN } tree_coverage;
typedef struct model_trees {
    tree_roll_up roll_up;
    tree_health health;
    tree_coverage coverage;
} model_trees;

/* --- crm: what the files for another system call things --- */
typedef enum crm_system { CRM_SALESFORCE, CRM_HUBSPOT, CRM_SYSTEMS } crm_system;
extern const char *const crm_system_names[]; /* "salesforce"; ended by NULL */
typedef struct model_crm {
    const char *id, *name; /* heads of the account's id and name; "-" leaves the name out */
    const char *task_id;   /* head of the account's id in the file of tasks */
    const char *prefix;    /* of heads that are made from names: "Strata_" */
    const char *suffix;    /* "__c" */
    bool capitals;         /* Health_Band, not health_band */
    model_pairs fields;    /* name -> head instead of the one that is made; "-" leaves it out */
} model_crm;

/* A file that a model reads besides its own. */
typedef struct model_file {
    const struct model_file *next;
    const char *path; /* as seen from where the program runs, or absolute */
} model_file;

typedef struct model {
    bool contained; /* from elsewhere than its file: reads no environment, and only files beside it
                     */
    arena *arena;
    const char *path, *folder; /* of strata.yaml */
    const char *template_name; /* of the last template extended; "custom" without */
    char digest[DIGEST_TEXT];  /* of everything that decides results, not of comments or paths */
    model_business business;
    const model_source *sources;
    size_t n_sources;
    model_ingest ingest;
    const model_feature *features;
    size_t n_features;
    const model_bin *bins;
    size_t n_bins;
    const model_score *scores;
    size_t n_scores;
    const model_dimension
        *dimensions; /* named cells (`segments:`) come last as dimension "segment" */
    size_t n_dimensions;
    const model_milestone *milestones;
    size_t n_milestones;
    const model_stage *stages; /* of the journey, in order */
    size_t n_stages;
    const model_hypothesis *hypotheses;
    size_t n_hypotheses;
    model_metrics metrics;
    model_quality quality;
    model_goals benchmarks, targets;
    const model_action *actions; /* key `effect` */
    size_t n_actions;
    model_scoreboard scoreboard; /* the mappings below `targets` */
    model_engagement engagement;
    model_migration migration;
    model_tier_change tier_change;
    bool has_playbooks;           /* else all that are shipped */
    const model_named *playbooks; /* shipped ones by name, others by path; model/playbook.h */
    size_t n_playbooks;
    model_personas personas;
    const model_message *messages;
    size_t n_messages;
    model_paper papers[PAPER_KINDS];
    model_roadmap roadmap;
    model_trees trees;
    model_crm crm[CRM_SYSTEMS];
    review_every review;
    /* Who is segmented: a condition over computed features and attributes (`is_customer`); text
     * NULL: everyone. Accounts outside it land in no segment of any dimension and are counted
     * under `outside_label` ("Not customers now"). Key: population: {when: ..., outside: ...} */
    model_expr population;
    const char *outside_label;
    const model_file *files;          /* extended ones, papers, playbooks, overrides; in no order */
    const struct yaml_node *resolved; /* the file over all that it extends; private to model */
    const char *primary; /* dimension that `segments`, `profile` and the report use by default */
} model;

/* Loads and resolves `extends` (shipped templates by name, or a file by path).
 * STRATA_E_MODEL with file:line:column on the first mistake. */
STRATA_MUST_CHECK strata_status model_load(const char *path, model **out, strata_error *err);
/* The same from bytes; `path` is for messages and relative paths. */
STRATA_MUST_CHECK strata_status model_parse(const char *path, const char *yaml, size_t len,
                                            model **out, strata_error *err);
/* The same from bytes that somebody else sent: of files it reads only templates and those in the
 * folder of `path` or below it. Its sources are not looked at: whoever ingests by it reads them. */
STRATA_MUST_CHECK strata_status model_parse_contained(const char *path, const char *yaml,
                                                      size_t len, model **out, strata_error *err);
void model_free(model *m);
STRATA_DEFINE_AUTO(model, model_free)

/* Between whose segments accounts move up and down: migration.by; else the primary dimension, if
 * it has an order, else the first that has, else the primary one. NULL: there is none. */
const model_dimension *model_migration_dimension(const model *m);

#endif
