/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_ANALYSIS_EVIDENCE_H
#define STRATA_ANALYSIS_EVIDENCE_H

/* Evidence for segments: what happened afterwards to the accounts that were in them.
 *
 * Segments are recomputed at past reviews, from what was known then, and their members followed for
 * 3, 6 and 12 months: those that had ARR at the review are judged by their ARR so many months
 * later. Where there are orders and no ARR, those that had ordered by the review are judged by what
 * they spent, and whether they bought again, in these months. A review counts once that day is over
 * (on or before the as-of date), so nothing is half followed. The same account appears at many
 * reviews: each time is an observation, and intervals take accounts, not observations, as
 * independent.
 *
 * Then dimensions are ranked by how well their segments told who would leave and who would grow,
 * out of time: rates by segment are learnt at earlier reviews, whose outcome was known before the
 * first of the later reviews, and judged at those. A dimension with more segments learns more noise
 * with it, and pays for that when it is judged. */

#include "analysis/figure.h"
#include "analysis/study.h"
#include "base/arena.h"
#include "base/context.h"
#include "segment/segmentation.h"

enum {
    EVIDENCE_HORIZONS = 3,
    EVIDENCE_YEARS = 3,       /* reviews of that many years up to the as-of date ... */
    EVIDENCE_REVIEWS_MAX = 36 /* ... and no more of them: else every so many-th */
};
extern const int evidence_months[EVIDENCE_HORIZONS]; /* 3, 6, 12 */

typedef enum evidence_outcome {
    EVIDENCE_CHURN,     /* no ARR so many months later; shops: bought again in these months */
    EVIDENCE_EXPANSION, /* more ARR than at the review; shops: bought again, and spent more in these
                           months than half of those who did */
    EVIDENCE_OUTCOMES
} evidence_outcome;

/* What became of the members of a segment. Shares are of observations (`of`), stated when there are
 * enough different accounts; intervals as in stats/inference/cluster_share.h, of nrr and grr by
 * drawing accounts again. */
typedef struct evidence_after {
    size_t accounts; /* different ones */
    share_figure churned, expanded;
    ratio_figure nrr, grr; /* ARR later over ARR at the review; without what was added */
    ratio_figure spent; /* shops, whose `churned` are those who bought again: minor units spent in
                           these months over observations */
} evidence_after;

typedef struct evidence_horizon {
    int months;
    size_t n_reviews;               /* followed that long */
    size_t n_open;                  /* too young for it */
    day first, last;                /* of those followed */
    const evidence_after *segments; /* by code */
    evidence_after all;
} evidence_horizon;

/* How well a dimension told an outcome, at reviews that it had not learnt from. */
typedef struct evidence_separation {
    bool known;
    const char *why;       /* NULL when known */
    double auc, low, high; /* chance that who had the outcome came from a segment with the higher
                              learnt rate than who had not; 0.5: a coin */
    /* Of the uncertainty about the outcome, the share that the segments' learnt rates take away: 1
     * less their log loss over that of the learnt rate of all (McFadden). Below 0: worse than not
     * segmenting. */
    double explained;
    double explained_learning; /* the same where the rates come from: too good by what is noise */
    size_t accounts, of, hits; /* judged: different accounts, observations, with the outcome */
} evidence_separation;

typedef struct evidence_dimension {
    const bound_def *def;
    const char *name, *label;
    size_t n_segments; /* with members among those judged or learnt from */
    /* Reads attributes, which carry no date: their present values stood in for past ones. */
    bool reads_attributes;
    evidence_separation by[EVIDENCE_OUTCOMES];
} evidence_dimension;

/* The best dimension for an outcome against the next: areas' difference over the same accounts. */
typedef struct evidence_lead {
    bool known; /* there are two to compare */
    double difference, low, high, p;
} evidence_lead;

typedef struct evidence {
    const char *why; /* not NULL: nothing to show, and why */
    bool shop;       /* judged by orders: there is no ARR */
    const bound_def *def;
    const char *label;
    review_every every;
    size_t n_reviews, step; /* step: every so many-th review was taken */
    day first, last;
    /* First day with usage when that lies after the first review: before it, segments that read
     * usage know nothing. DAY_MISSING: no such gap. */
    day usage_from;
    size_t n_segments;
    const char *const *labels; /* by code */
    evidence_horizon horizons[EVIDENCE_HORIZONS];
    /* The ranking; `ranked` is SIZE_MAX and `why_not_ranked` says why where there is none. */
    size_t ranked; /* horizon of the ranking */
    const char *why_not_ranked;
    size_t n_learnt, n_judged; /* reviews */
    day learnt_to, judged_from;
    const evidence_dimension *dimensions; /* in the model's order */
    size_t n_dimensions;
    const size_t *order[EVIDENCE_OUTCOMES]; /* into dimensions: known ones first, best first */
    evidence_lead lead[EVIDENCE_OUTCOMES];
} evidence;

typedef struct evidence_request {
    day as_of;
    const override_set *overrides; /* may be NULL */
    const bound_def *def;          /* whose segments are shown */
    int months;                    /* of the ranking; 0: the longest that can be judged */
    double minimum_accounts;
} evidence_request;

/* One segmentation over the reviews and one sweep of ARR or orders. Allocated in `a`. */
STRATA_MUST_CHECK strata_status evidence_make(const context *cx, const portfolio *p,
                                              const bound_model *b, const evidence_request *request,
                                              arena *a, evidence *out, strata_error *err);

/* The same of what a study looks at, as of its date, ranked at the longest horizon. */
STRATA_MUST_CHECK strata_status evidence_of_study(const study *s, const bound_def *def, arena *a,
                                                  evidence *out, strata_error *err);

/* Of the dimensions, the one that told the outcome best beyond chance (its interval lies above a
 * half); NULL when none did. */
const evidence_dimension *evidence_best(const evidence *e, evidence_outcome o);

#endif
