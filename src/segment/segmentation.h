/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENT_SEGMENTATION_H
#define STRATA_SEGMENT_SEGMENTATION_H

/* The main job: every account into exactly one segment of every dimension, as
 * of any number of dates, in one sweep over the ledgers (two more where the
 * model needs quantiles of the whole portfolio or calm memberships). */

#include "base/context.h"
#include "model/bind.h"
#include "segment/bins.h"
#include "segment/changes.h"
#include "segment/code.h"
#include "segment/overrides.h"
#include "segment/portfolio.h"

typedef struct segmentation_request {
    const day *dates; /* ascending, at least one */
    size_t n_dates;
    size_t keep_date;         /* index of the date whose values are kept; SIZE_MAX: none */
    const size_t *keep_slots; /* slots kept besides those that the model reads */
    size_t n_keep_slots;
    bool changes;       /* find who moved between consecutive dates, and why */
    size_t watch;       /* account whose whole past is kept for an explanation; SIZE_MAX: none */
    bool watched_alone; /* codes and values of other accounts are not wanted, and mean nothing */
} segmentation_request;

#define SEGMENTATION_REQUEST(...)                                                                  \
    ((segmentation_request){.keep_date = SIZE_MAX, .watch = SIZE_MAX, __VA_ARGS__})

typedef struct segmentation segmentation;

/* Results do not depend on the number of threads nor on which other dates were
 * asked for. `overrides` may be NULL. The bound model and the portfolio must outlive the result. */
STRATA_MUST_CHECK strata_status segmentation_run(const context *cx, const portfolio *p,
                                                 const bound_model *b,
                                                 const override_set *overrides,
                                                 const segmentation_request *request,
                                                 segmentation **out, strata_error *err);
void segmentation_free(segmentation *s);
STRATA_DEFINE_AUTO(segmentation, segmentation_free)

/* Segments by account of a dimension at dates[date]. `def` is its bound_def. */
const segment_code *segmentation_codes(const segmentation *s, const bound_def *def, size_t date);
/* Where the rules alone put them, before hold and overrides. */
const segment_code *segmentation_raw_codes(const segmentation *s, const bound_def *def,
                                           size_t date);
/* Values by account at the kept date; both pointers NULL for a slot that was not kept. */
column segmentation_column(const segmentation *s, size_t slot);
/* The columns of slots 0 .. n-1 at the kept date, as rules read them (rule_frame). */
void segmentation_columns(const segmentation *s, size_t n, column *out);
/* Cut points of a quantile bin at dates[date]; NULL for a bin by steps. */
const quantile_cuts *segmentation_cuts(const segmentation *s, const bound_def *bin, size_t date);
/* Who moved between consecutive dates; empty unless asked for. */
change_list segmentation_changes(const segmentation *s);
/* The watched account's frames: in->now at the kept date with `previous` and
 * `past` behind it, one value per column. */
const rule_input *segmentation_watched(const segmentation *s);

#endif
