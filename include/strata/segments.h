/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SEGMENTS_H
#define STRATA_SEGMENTS_H

/**
 * @file segments.h  The main job: every account into exactly one segment of each dimension, as of
 * any number of dates, in one sweep.
 */

#include <strata/portfolio.h>

STRATA_BEGIN_DECLS

/** What strata_segment() gives accounts that are in no segment. */
#define STRATA_OUTSIDE 65534 /**< outside the model's population */
#define STRATA_NOT_YET 65535 /**< the account did not exist yet */

/** Dimensions of the model, in its order. */
STRATA_API size_t strata_n_dimensions(const strata_portfolio *p);
/** The name as rules have it; NULL past the last. */
STRATA_API const char *strata_dimension_name(const strata_portfolio *p, size_t dimension);
/** The number of a name; NULL: of the primary dimension. SIZE_MAX when there is none. */
STRATA_API size_t strata_dimension_find(const strata_portfolio *p, const char *name);
/** Segments of a dimension, best first where it has an order. 0 past the last dimension. */
STRATA_API size_t strata_n_segments(const strata_portfolio *p, size_t dimension);
/** The label of a segment; NULL past the last. */
STRATA_API const char *strata_segment_label(const strata_portfolio *p, size_t dimension,
                                            size_t segment);

/**
 * Segments of a dimension by account, at each date from facts up to that date only. Margins, dwell
 * times and pins of the model are applied.
 *
 * @param[in]  dates    n_dates of them, ascending.
 * @param[out] segments n_dates blocks of strata_n_accounts() numbers, one after another: 0 ..
 *                      strata_n_segments() - 1, STRATA_OUTSIDE or STRATA_NOT_YET. Untouched on
 * failure.
 *
 * @retval STRATA_E_USAGE  no such dimension, no date, dates that do not ascend, lie before the
 * first fact or after today
 * @retval STRATA_E_STORE, STRATA_E_NOMEM, STRATA_E_CANCELLED
 */
STRATA_API STRATA_MUST_CHECK strata_status strata_segment(strata_portfolio *p, size_t dimension,
                                                          const strata_date *dates, size_t n_dates,
                                                          uint16_t *segments, strata_error *err);

STRATA_END_DECLS

#endif
