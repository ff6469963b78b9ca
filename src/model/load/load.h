/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_MODEL_LOAD_LOAD_H
#define STRATA_MODEL_LOAD_LOAD_H

/* One function per part of the model file: reads the value of its key into the
 * model, allocating in m->arena. Private to src/model. */

#include "model/read.h"

typedef strata_status load_fn(model *m, const yaml_entry *entry, strata_error *err);

load_fn load_business, load_sources, load_ingest, load_population;
load_fn load_features, load_bins, load_scores;
load_fn load_dimensions, load_segments;
load_fn load_journey;
load_fn load_milestones, load_hypotheses, load_metrics, load_quality, load_review;
load_fn load_effect_plan;
load_fn load_benchmarks, load_targets, load_engagement, load_playbooks, load_personas;
load_fn load_crm, load_messages, load_papers, load_roadmap;
void crm_defaults(model *m);
load_fn load_migration, load_tier_change;
load_fn load_trees;

/* Where the model says that engagement goes by another dimension than its template's, what the
 * template says of segments is left out, also of those that have the same name. */
STRATA_MUST_CHECK strata_status leave_foreign_engagement(model *m, strata_error *err);
/* What takes the dimensions to check: that engagement and migration name segments there are. */
STRATA_MUST_CHECK strata_status check_engagement(const model *m, strata_error *err);
/* A segment that `key` names is one of the dimension; those of its data are not known yet. */
STRATA_MUST_CHECK strata_status check_names_segment(const model_dimension *d, const char *key,
                                                    const char *segment, rule_place place,
                                                    strata_error *err);
/* The same of messages. */
STRATA_MUST_CHECK strata_status check_messages(const model *m, strata_error *err);
STRATA_MUST_CHECK strata_status check_migration(const model *m, strata_error *err);
/* What a template says of segments that the file over it has replaced counts for nothing. */
bool is_from_template(rule_place place);

/* The mappings below `targets`, by segment; that they name segments there are. */
STRATA_MUST_CHECK strata_status load_segment_targets(model *m, const yaml_node *map,
                                                     strata_error *err);
STRATA_MUST_CHECK strata_status check_targets(const model *m, strata_error *err);

/* A list of tiers, first match wins, ending in otherwise; `what` is "tier" or "segment". */
STRATA_MUST_CHECK strata_status load_tiers(model *m, const yaml_node *list, const char *what,
                                           const char *owner, model_dimension *d,
                                           strata_error *err);

/* A mapping as pairs of texts, in file order. */
STRATA_MUST_CHECK strata_status load_pairs(model *m, const yaml_node *map, const char *key,
                                           const char *owner, model_pairs *out, strata_error *err);

/* "tier 'Growth'", for messages; NULL when memory ran out. */
const char *owner_name(model *m, const char *what, const char *name);

/* `text` with ${VAR} and ${VAR:-default} replaced from the environment. */
STRATA_MUST_CHECK strata_status expand_environment(arena *a, const char *text, yaml_place place,
                                                   const char **out, strata_error *err);

/* Digest of all that the model decides: the same for files that differ in
 * comments, order of keys, writing of constants, or paths. */
STRATA_MUST_CHECK strata_status model_fingerprint(const model *m, char out[DIGEST_TEXT],
                                                  strata_error *err);

#endif
