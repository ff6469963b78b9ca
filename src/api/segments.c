/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include <strata/segments.h>

#include "api/api.h"
#include "segment/segmentation.h"

_Static_assert((int)STRATA_OUTSIDE == (int)SEGMENT_OUTSIDE, "the public codes are the inner ones");
_Static_assert((int)STRATA_NOT_YET == (int)SEGMENT_ABSENT, "the public codes are the inner ones");

size_t strata_n_dimensions(const strata_portfolio *p)
{
    return p->n_dimensions;
}

const char *strata_dimension_name(const strata_portfolio *p, size_t dimension)
{
    return dimension < p->n_dimensions
               ? p->project->model->dimensions[p->dimensions[dimension]->index].name
               : NULL;
}

size_t strata_dimension_find(const strata_portfolio *p, const char *name)
{
    const bound_def *primary = bound_primary(p->project->bound);
    for (size_t i = 0; i < p->n_dimensions; i++) {
        if (name == NULL ? p->dimensions[i] == primary
                         : strcmp(strata_dimension_name(p, i), name) == 0) {
            return i;
        }
    }
    return SIZE_MAX;
}

size_t strata_n_segments(const strata_portfolio *p, size_t dimension)
{
    return dimension < p->n_dimensions ? p->dimensions[dimension]->n_segments : 0;
}

const char *strata_segment_label(const strata_portfolio *p, size_t dimension, size_t segment)
{
    return segment < strata_n_segments(p, dimension) ? p->dimensions[dimension]->labels[segment]
                                                     : NULL;
}

static strata_status check_request(const strata_portfolio *p, size_t dimension, const day *dates,
                                   size_t n_dates, strata_error *err)
{
    day ignored = 0;
    if (dimension >= p->n_dimensions) {
        return strata_fail(err, STRATA_E_USAGE, "there is no dimension %zu; the model has %zu",
                           dimension, p->n_dimensions);
    }
    if (n_dates == 0) {
        return strata_fail(err, STRATA_E_USAGE, "no date was given");
    }
    for (size_t i = 0; i < n_dates; i++) {
        STRATA_TRY(api_date(p, dates[i], &ignored, err));
        if (dates[i] == STRATA_NO_DATE || (i > 0 && dates[i] <= dates[i - 1])) {
            return strata_fail(err, STRATA_E_USAGE,
                               "date %zu is missing or not after that before it", i);
        }
    }
    return STRATA_OK;
}

strata_status strata_segment(strata_portfolio *p, size_t dimension, const strata_date *dates,
                             size_t n_dates, uint16_t *segments, strata_error *err)
{
    STRATA_AUTO(segmentation_free) segmentation *s = NULL;
    const project *x = p->project;
    STRATA_TRY(check_request(p, dimension, dates, n_dates, err));
    segmentation_request request = SEGMENTATION_REQUEST(.dates = dates, .n_dates = n_dates);
    STRATA_TRY(segmentation_run(&p->cx, x->portfolio, x->bound, &x->overrides, &request, &s, err));
    size_t n = x->portfolio->n_accounts;
    for (size_t d = 0; d < n_dates && n > 0; d++) {
        memcpy(segments + d * n, segmentation_codes(s, p->dimensions[dimension], d),
               n * sizeof *segments);
    }
    return STRATA_OK;
}
