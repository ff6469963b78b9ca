/* SPDX-License-Identifier: Apache-2.0 */
#include "command/review.h"

#include "base/file.h"
#include "segment/plan.h"

enum { MODEL_FILE_LIMIT = 16 << 20 };

strata_status review_segment(const project *p, const day *dates, size_t n, segmentation **out,
                             strata_error *err)
{
    const size_t keep[] = {FEATURE_ARR, FEATURE_SPEND_365D};
    segmentation_request request =
        SEGMENTATION_REQUEST(.dates = dates, .n_dates = n, .changes = true, .keep_slots = keep,
                             .n_keep_slots = 2);
    request.keep_date = n - 1;
    return segmentation_run(&p->cx, p->portfolio, p->bound, &p->overrides, &request, out, err);
}

strata_status review_record(call *c, project *p, const segmentation *s, const day *dates, size_t n,
                            size_t first, strata_error *err)
{
    STRATA_AUTO_FREE char *text = NULL;
    size_t len = 0;
    STRATA_TRY(file_read(p->model_path, MODEL_FILE_LIMIT, &text, &len, err));
    history_review review = {.p = p->portfolio,
                             .b = p->bound,
                             .s = s,
                             .dates = dates,
                             .n_dates = n,
                             .first = first,
                             .note = {.model_name = p->model->template_name,
                                      .model_text = text,
                                      .version = STRATA_VERSION,
                                      .seed = c->cx.seed}};
    STRATA_TRY(history_count(&c->cx, &review, c->arena, err));
    STRATA_AUTO(store_close) store *writer = NULL;
    STRATA_TRY(project_open_writer(p, &writer, err));
    return history_record(&c->cx, writer, &review, err);
}

strata_status review_before(const project *p, day d, arena *a, day *out, strata_error *err)
{
    history_run before = {0};
    STRATA_TRY(history_before(store_main(p->store), d, a, &before, err));
    *out = before.run_id != 0 ? before.as_of : DAY_MISSING;
    return STRATA_OK;
}

change_list review_changes(const project *p, const segmentation *s, const bound_def *def,
                           size_t date)
{
    change_list all = segmentation_changes(s);
    uint32_t at = (uint32_t)(def - p->bound->defs);
    size_t first = 0;
    while (first < all.n && (all.items[first].date != date || all.items[first].def != at)) {
        first++;
    }
    size_t n = 0;
    while (first + n < all.n && all.items[first + n].date == date &&
           all.items[first + n].def == at) {
        n++;
    }
    return (change_list){.items = n > 0 ? all.items + first : NULL, .n = n};
}

day review_before_day(const project *p, day d)
{
    return review_period_before(p->model->review, d);
}

strata_status review_with_record(call *c, const project *p, const segmentation *s,
                                 const bound_def *def, const day dates[2], change_list *out,
                                 strata_error *err)
{
    change_list computed = review_changes(p, s, def, 1);
    segment_code *recorded = NULL;
    const history_codes before = {.p = p->portfolio, .b = p->bound, .def = def, .d = dates[0]};
    STRATA_TRY(history_codes_at(store_main(p->store), &before, c->arena, &recorded, err));
    if (recorded == NULL) {
        *out = computed;
        return STRATA_OK;
    }
    const segment_code *then = segmentation_codes(s, def, 0);
    const segment_code *now = segmentation_codes(s, def, 1);
    size_t n_accounts = p->portfolio->n_accounts;
    membership_change *items = ARENA_NEW(c->arena, n_accounts + 1, membership_change);
    if (items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing reviews");
    }
    size_t n = 0;
    size_t at = 0;
    for (size_t i = 0; i < n_accounts; i++) {
        bool moved = at < computed.n && computed.items[at].account == i;
        segment_code from = recorded[i];
        if (from != now[i] && from == then[i] && moved) {
            items[n++] = computed.items[at];
        } else if (from != now[i]) {
            items[n++] = (membership_change){.account = (uint32_t)i,
                                             .def = (uint32_t)(def - p->bound->defs),
                                             .date = 1,
                                             .from = from,
                                             .to = now[i],
                                             .cause = CHANGE_DEFINITION,
                                             .slot = SIZE_MAX};
        }
        at += moved ? 1 : 0;
    }
    *out = (change_list){.items = items, .n = n};
    return STRATA_OK;
}
