/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PROJECT_SAVED_H
#define STRATA_PROJECT_SAVED_H

/* What an analysis found, kept as a dimension: saved/NAME.yaml, which the model takes in by
 * extends.
 *
 * A list of accounts: saved/NAME.csv with one pin for each account, in force from the day the list
 * was made as of, beside the dimension that reads it (segments "Saved" and "Others").
 * Rules: a tier for each, and an otherwise for accounts that meet none. */

#include "project/project.h"

typedef struct saved_segment {
    const char *name;  /* of the dimension: a name as the model's are */
    const char *label; /* what the accounts have in common, in words; the why of every pin */
    const char *who;   /* the command that made the list */
    day as_of;
    const size_t *accounts; /* account numbers */
    size_t n;
} saved_segment;

/* Rules as a dimension. */
typedef struct saved_rule {
    const char *key;         /* of the segment; unlike all others, whatever the case */
    const char *when;        /* in the rule language */
    const char *description; /* may be NULL */
} saved_rule;
typedef struct saved_rules {
    const char *name;  /* of the dimension */
    const char *label; /* what it is, in words */
    const char *who;   /* the command that made the rules */
    day as_of;
    const saved_rule *rules; /* tried in this order */
    size_t n;
    const char *others; /* key of the segment for accounts that meet none */
} saved_rules;

typedef struct saved_files {
    const char *yaml, *csv; /* relative to the project's folder, as extends wants it; csv NULL:
                               there is none */
    bool known;             /* the model reads it already */
} saved_files;

/* Writes both files; paths allocated in `a`. Files of that name are replaced only with `replace`:
 * else STRATA_E_USAGE, which names them. STRATA_E_USAGE too for no accounts, a name that is none or
 * that the model uses for something else. STRATA_E_IO. */
STRATA_MUST_CHECK strata_status saved_segment_write(const project *p, arena *a,
                                                    const saved_segment *s, bool replace,
                                                    saved_files *out, strata_error *err);
/* Writes the dimension; the rest as above, but with STRATA_E_USAGE for no rules. */
STRATA_MUST_CHECK strata_status saved_rules_write(const project *p, arena *a, const saved_rules *s,
                                                  bool replace, saved_files *out,
                                                  strata_error *err);

#endif
