/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_PLAN_STAKES_H
#define STRATA_PLAN_STAKES_H

/* The ARR that accounts stand to lose in a year, at the rate at which accounts like them lost it in
 * the last: those that were in the same segment and health band a year ago. Lost is what fell below
 * the ARR of then, by leaving or by paying less; growth of one does not make up for another. */

#include "plan/engagement.h"

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
    size_t n;      /* accounts a year ago */
    int64_t value; /* minor units, then */
    int64_t lost;  /* of these, by now */
    double share;  /* used: of the stratum, or of more where it has too few; NaN: not known */
    bool pooled;   /* the stratum has too few of its own */
} loss_share;

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
} stakes;

/* NaN: unknown. */
health_band stakes_band(double health);
/* The health that the model computes, else the one supplied. */
size_t stakes_health_slot(const bound_model *b);
/* The view must have kept stakes_health_slot(). Allocated in `a`. */
STRATA_MUST_CHECK strata_status stakes_compute(const context *cx, const view *v,
                                               const engagement *e, arena *a, stakes *out,
                                               strata_error *err);

#endif
