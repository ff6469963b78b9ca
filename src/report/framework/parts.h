/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_FRAMEWORK_PARTS_H
#define STRATA_REPORT_FRAMEWORK_PARTS_H

/* Inside the framework report: what its parts share. Each part adds its own
 * sections, or notes with framework_lacks() why it is not there. */

#include "analysis/insights.h"
#include "analysis/movement.h"
#include "analysis/profile.h"
#include "base/vec.h"
#include "document/chart.h"
#include "report/framework/framework.h"
#include "report/report.h"

/* A part that is not there, and what would bring it back. */
typedef struct framework_gap {
    const char *part, *remedy;
} framework_gap;

typedef struct framework {
    document *d;
    arena *a; /* for texts while the document is made */
    const framework_input *in;
    const study *s;
    const view *v;
    const bound_model *b;
    const bound_def *def;
    const profile *profile; /* of `def` */
    const movement *movement;
    const insight *insights;
    size_t n_insights;
    chart_theme theme;
    const char *currency;
    bool has_names;      /* accounts are called something else than their ids */
    const char *too_few; /* why a rate is not stated */
    VEC(framework_gap) gaps;
} framework;

typedef strata_status framework_part(framework *f, strata_error *err);
framework_part framework_summary, framework_segments, framework_matrix, framework_concentration,
    framework_dimensions, framework_rfm, framework_profiles, framework_findings, framework_coverage,
    framework_operating, framework_targeting, framework_moves, framework_targets, framework_effect,
    framework_roadmap, framework_movement, framework_trend, framework_milestones, framework_quality,
    framework_lists, framework_data, framework_method;

/* "needs usage: ..." under the parts that are left out. The texts must outlive the report. */
void framework_lacks(framework *f, const char *part, const char *remedy);
/* Text in f->a; "" when memory ran out, which fails the document. */
const char *framework_text(framework *f, const char *fmt, ...) STRATA_PRINTF(2, 3);

/* The first dimension among `names` (ended by NULL) that the model has; NULL without. */
const bound_def *framework_dimension(const framework *f, const char *const *names);
/* Dimensions that the rules of the report's dimension read, in order of evaluation; how many. */
enum { FRAMEWORK_READ_MAX = 16 };
size_t framework_read(const framework *f, const bound_def *out[FRAMEWORK_READ_MAX]);
const insight *framework_insight(const framework *f, const char *key); /* NULL when not stated */
/* Money in minor units as major, for charts. */
double framework_major(int64_t minor);
double framework_part_of(int64_t part, int64_t whole); /* 0 when there is no whole */

/* Accounts of a dimension, and what they are worth, by code and (with `across`) by the code of a
 * second dimension: cell = code * n_across + code across. Only accounts in segments of both. */
typedef struct framework_cells {
    size_t n, n_across;
    size_t *accounts;
    int64_t *value;
} framework_cells;
STRATA_MUST_CHECK strata_status framework_count(framework *f, const bound_def *def,
                                                const bound_def *across, framework_cells *out,
                                                strata_error *err);

/* The last thing that changed where an account is, since the last review; NULL when it stayed or
 * nothing is known. */
const membership_change *framework_change_of(const framework *f, uint32_t account);

#endif
