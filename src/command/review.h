/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_REVIEW_H
#define STRATA_COMMAND_REVIEW_H

/* Segmenting on several dates and recording them: what run and backfill share. */

#include "command/session.h"
#include "history/history.h"

/* The project's portfolio on `dates`, with who moved between them and values kept at the last one.
 */
STRATA_MUST_CHECK strata_status review_segment(const project *p, const day *dates, size_t n,
                                               segmentation **out, strata_error *err);
/* Records dates[first] and later. Closes the project's reading side of the store. */
STRATA_MUST_CHECK strata_status review_record(call *c, project *p, const segmentation *s,
                                              const day *dates, size_t n, size_t first,
                                              strata_error *err);
/* The recorded review to compare day d with; DAY_MISSING when there is none before it. */
STRATA_MUST_CHECK strata_status review_before(const project *p, day d, arena *a, day *out,
                                              strata_error *err);
/* The changes of one dimension at one date, as a run of the segmentation's list. */
change_list review_changes(const project *p, const segmentation *s, const bound_def *def,
                           size_t date);
/* The end of the model's review period before day d. */
day review_before_day(const project *p, day d);
/* The changes of a dimension between dates[0] and dates[1]; where a review was recorded for
 * dates[0], what it recorded counts, and a difference that only the present rules make has the
 * cause CHANGE_DEFINITION. Allocated in the command's arena. */
STRATA_MUST_CHECK strata_status review_with_record(call *c, const project *p, const segmentation *s,
                                                   const bound_def *def, const day dates[2],
                                                   change_list *out, strata_error *err);

#endif
