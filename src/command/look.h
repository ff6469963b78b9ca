/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_LOOK_H
#define STRATA_COMMAND_LOOK_H

/* A look at a portfolio: the project, the dimension that was asked for (of its
 * model, or of a shipped template over its data), the dates, and what analyses
 * read. The commands that show tables of segments begin with it.
 *
 *     LOOK_AUTO look l = {0};
 *     look_open(c, &l, err);
 *     look_approach(&l, "rfm", err);     or look_dimension(c, &l, err)
 *     look_dates(c, &l, NULL, err);
 *     look_view(c, &l, NULL, 0, err);    or look_study(c, &l, STUDY_ALL, err)
 */

#include "analysis/study.h"
#include "command/session.h"

typedef struct look {
    call *c;
    project *project;
    model *template_model; /* NULL: the project's own model is looked at */
    bound_model *template_bound;
    override_set template_overrides;
    const bound_model *bound;
    const override_set *overrides;
    const bound_def *def; /* a dimension of `bound` */
    day as_of, since;     /* since DAY_MISSING: the review before */
    bool changes;         /* the view is to keep who moved, and why */
    view *view;
    study *study;
} look;

void look_done(look *l);
#define LOOK_AUTO STRATA_CLEANUP(look_done)

/* The project with its data; the dimension is the model's primary one. STRATA_E_MODEL when the
 * model has none. */
STRATA_MUST_CHECK strata_status look_open(call *c, look *l, strata_error *err);
/* A dimension of the model by name, or a way to segment: value, behavioral, health, lifecycle, rfm,
 * hybrid, firmographic, priority. STRATA_E_USAGE for anything else. */
STRATA_MUST_CHECK strata_status look_approach(look *l, const char *approach, strata_error *err);
/* A bound model with a journey: the project's own, else the template 'lifecycle' ('shop' for
 * portfolios of orders only) over its data. Call before look_view(). */
STRATA_MUST_CHECK strata_status look_journey(look *l, strata_error *err);
/* The same of --dimension, if it is given. */
STRATA_MUST_CHECK strata_status look_dimension(look *l, strata_error *err);
/* From --as-of, --since and a timeframe (may be NULL). */
STRATA_MUST_CHECK strata_status look_dates(look *l, const char *timeframe, strata_error *err);
STRATA_MUST_CHECK strata_status look_view(look *l, const size_t *keep, size_t n_keep,
                                          strata_error *err);
/* The view with all that analyses read, and the study. `parts`: STUDY_ bits. */
STRATA_MUST_CHECK strata_status look_study(look *l, unsigned parts, strata_error *err);
/* An empty document with its head. Call after look_view(). */
STRATA_MUST_CHECK strata_status look_document(const look *l, const char *kind, const char *title,
                                              document **out, strata_error *err);

/* The segment of l->def whose label or key is `name`; case does not count. STRATA_E_NOTFOUND with
 * the nearest. */
STRATA_MUST_CHECK strata_status look_segment(const look *l, const char *name, segment_code *out,
                                             strata_error *err);
/* Moves to the only dimension of the model that has the segment, when l->def has not.
 * STRATA_E_NOTFOUND when several have it. */
STRATA_MUST_CHECK strata_status look_for_segment(look *l, const char *name, strata_error *err);

#endif
