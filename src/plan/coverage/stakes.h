/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_COVERAGE_STAKES_H
#define STRATA_PLAN_COVERAGE_STAKES_H

/* The ARR that accounts stand to lose and to gain in a year, at the rates at which accounts like
 * them did in the last: those that were in the same segment and health band a year ago. Lost is
 * what fell below the ARR of then, by leaving or by paying less; gained what rose above it; one
 * account does not make up for another.
 *
 * Within a stratum of today's accounts, what is kept of predictions tells them apart: an account
 * counts with the stratum's rate times its chance over the mean of the stratum's by ARR, so that
 * the sum stays that of the rate. Without a chance of expansion the model's `expansion_score` does
 * so for growth. No account loses more than it pays, or gains more than `arr_gap` where the model
 * has it. */

#include "plan/work/engagement.h"

typedef enum health_band {
    BAND_RED,    /* under HEALTH_RED_UNDER */
    BAND_YELLOW, /* between them */
    BAND_GREEN,  /* HEALTH_GREEN_FROM and more */
    BAND_UNKNOWN,
    HEALTH_BANDS
} health_band;
extern const char *const health_band_names[]; /* "red", ... */
/* Where the bands part: red under the first, green from the second. */
#define HEALTH_RED_UNDER 60.0
#define HEALTH_GREEN_FROM 80.0

typedef struct loss_share {
    size_t n;             /* accounts a year ago */
    int64_t value;        /* minor units, then */
    int64_t lost, gained; /* of these, by now */
    double share, gain; /* used: of the stratum, or of more where it has too few; NaN: not known */
    bool pooled;        /* the stratum has too few of its own */
} loss_share;

/* What tells accounts of one stratum apart. */
typedef enum stakes_apart { APART_NOTHING, APART_CHANCE, APART_SCORE } stakes_apart;
enum { CHANCE_DAYS = 92 }; /* chances kept longer ago do not count */

typedef struct stakes {
    bool known;               /* ARR reaches back a year */
    bool has_health;          /* else all are BAND_UNKNOWN */
    const double *health;     /* by account, now; NULL without */
    const uint8_t *band;      /* by account, now */
    const uint8_t *band_then; /* by account, a year ago; SEGMENTS of then in codes_then */
    const segment_code *codes_then;
    const double *touches_then; /* touches_90d a year ago; NaN: missing */
    size_t n_segments;
    const loss_share *of; /* [segment * HEALTH_BANDS + band] */
    const int64_t *minor; /* by account: ARR at stake in the next 12 months; 0 where not known */
    const int64_t *grows; /* by account: ARR it stands to gain; the same */
    stakes_apart risk;    /* what tells accounts of a stratum apart: APART_CHANCE or _NOTHING */
    stakes_apart growth;
    size_t n_risk, n_growth; /* accounts that have it */
} stakes;

/* NaN: unknown. */
health_band stakes_band(double health);
/* The health that the model computes, else the one supplied. */
size_t stakes_health_slot(const bound_model *b);
enum { STAKES_SLOTS = 8 };
/* Slots that the view must keep; fills at most STAKES_SLOTS of `out`, yields how many. */
size_t stakes_slots(const bound_model *b, size_t *out);
/* Allocated in `a`. */
STRATA_MUST_CHECK strata_status stakes_compute(const context *cx, const view *v,
                                               const engagement *e, arena *a, stakes *out,
                                               strata_error *err);

#endif
