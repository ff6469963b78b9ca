/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_OFFER_FAMILIES_H
#define STRATA_PLAN_OFFER_FAMILIES_H

/* Account trees: accounts under parents, rolled up to them as the model's `trees` says. Parents are
 * those of the last ingest on every date. Money is exact: what families and accounts without one
 * are worth adds up to the portfolio to the cent. */

#include "segment/view.h"

enum { FAMILY_NONE = -1 };

typedef struct family_member {
    int32_t parent;                   /* account; FAMILY_NONE: nobody above it */
    int32_t root;                     /* topmost account; itself without a parent */
    uint32_t depth;                   /* 0: the topmost */
    uint32_t below;                   /* accounts under it, at any depth */
    uint32_t customers;               /* of it and those below: worth something */
    int64_t own_minor;                /* what it is worth itself */
    int64_t sum_minor;                /* with all below */
    int64_t before_minor, kept_minor; /* with all below: a year ago; now, of those that were worth
                                         something then. NRR is kept / before */
    double own_health, health;        /* NaN: not known; health by trees.health over customers */
    int own_touch, touch;             /* touch_level, by trees.coverage; -1: not known */
    uint8_t touches;                  /* bit per touch level that customers of it and below have */
    bool managers_differ;             /* customers of it and below are in different books */
} family_member;

typedef struct families {
    const family_member *members; /* by account */
    size_t n;
    bool known;            /* any account names a parent */
    const uint32_t *order; /* accounts with anybody above or below, parents before children:
                              families by sum, siblings by sum, ties by account */
    size_t n_order;
    const uint32_t *heads; /* topmost of families, worth most first */
    size_t n_heads;
    size_t n_alone; /* accounts with nobody above or below, worth something */
    int64_t alone_minor;
    size_t n_orphans;   /* name a parent that is not there; they stand by themselves */
    const char *orphan; /* such a parent; NULL: none */
    uint32_t deepest;
    int64_t total_minor; /* of all accounts */
    int64_t family_minor;
} families;

/* Slots that the view must keep. In `a`. */
STRATA_MUST_CHECK strata_status families_slots(const bound_model *b, arena *a, const size_t **slots,
                                               size_t *n, strata_error *err);
/* Allocated in `a`. STRATA_E_DATA naming the accounts when parents run in a circle. */
STRATA_MUST_CHECK strata_status families_make(const view *v, arena *a, families *out,
                                              strata_error *err);

/* What families look like side by side. Only customers count. */
typedef struct family_finding {
    size_t n;            /* families, or accounts */
    int64_t value_minor; /* of the families; of the accounts */
} family_finding;

typedef struct family_findings {
    family_finding mixed_touch;    /* families whose customers have different touch levels */
    family_finding mixed_managers; /* ... or are in different books */
    double green, red;             /* health: healthy from, at risk under */
    family_finding at_risk; /* accounts under `red` right below a parent at `green` or more */
    const uint32_t *risky;  /* these, worth most first */
    /* Families that would be in a better tier of this dimension if they were one account; its rules
     * read `arr`. NULL: the model has no such dimension. */
    const bound_def *tiers;
    const segment_code
        *as_one; /* by account: the tier at the family's ARR; SEGMENT_ABSENT: unknown */
    family_finding better;
} family_findings;

/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status families_find(const view *v, const families *f, arena *a,
                                              family_findings *out, strata_error *err);

#endif
