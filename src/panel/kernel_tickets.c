/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/auto.h"
#include "panel/windows.h"

enum { OPENED, SERIOUS, OPEN, CLOSED, CLOSING_DAYS, RATED, RATING };
enum {
    CLOSED_90D = WINDOW_HIDDEN(0),
    CLOSING_DAYS_90D = WINDOW_HIDDEN(1),
    RATED_90D = WINDOW_HIDDEN(2),
    RATING_90D = WINDOW_HIDDEN(3)
};

static const window windows[] = {
    {FEATURE_TICKETS_30D, OPENED, 0, 30},
    {FEATURE_TICKETS_90D, OPENED, 0, 90},
    {FEATURE_TICKETS_365D, OPENED, 0, 365},
    {FEATURE_TICKETS_HIGH_90D, SERIOUS, 0, 90},
    {FEATURE_OPEN_TICKETS, OPEN, 0, WINDOW_EVER},
    {CLOSED_90D, CLOSED, 0, 90},
    {CLOSING_DAYS_90D, CLOSING_DAYS, 0, 90},
    {RATED_90D, RATED, 0, 90},
    {RATING_90D, RATING, 0, 90},
};
static const derived made[] = {
    {FEATURE_CSAT_90D, RATING_90D, RATED_90D, MILLIONTHS, 0},
    {FEATURE_RESOLUTION_DAYS_90D, CLOSING_DAYS_90D, CLOSED_90D, 1, 0},
};
static const window_table table = {windows, sizeof windows / sizeof *windows, made,
                                   sizeof made / sizeof *made};

typedef struct tickets_kernel {
    const sweep *sweep;
    window_sums sums;
} tickets_kernel;

static void tickets_free(void *self)
{
    tickets_kernel *k = self;
    if (k) {
        window_sums_done(&k->sums);
        free(k);
    }
}
STRATA_DEFINE_AUTO(tickets_kernel, tickets_free)

static strata_status tickets_new(const sweep *s, void **out, strata_error *err)
{
    STRATA_AUTO(tickets_free) tickets_kernel *k = STRATA_NEW_ARRAY(1, tickets_kernel);
    if (!k) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the ticket features");
    }
    k->sweep = s;
    STRATA_TRY(window_sums_new(s, &table, &k->sums, err));
    *out = strata_steal(&k);
    return STRATA_OK;
}

static day closing_day(const ticket_rows *t, size_t r)
{
    bool backwards = t->closed[r] != DAY_MISSING && t->closed[r] < t->day[r];
    return backwards ? t->day[r] : t->closed[r];
}

static void add_ticket(window_sums *w, size_t lane, const ticket_rows *t, size_t r)
{
    day opened = t->day[r];
    day closed = closing_day(t, r);
    window_sums_add(w, OPENED, lane, opened, 1);
    if (t->severity[r] >= SEVERITY_HIGH) {
        window_sums_add(w, SERIOUS, lane, opened, 1);
    }
    window_sums_add(w, OPEN, lane, opened, 1);
    if (closed != DAY_MISSING) {
        window_sums_add(w, OPEN, lane, closed, -1);
        window_sums_add(w, CLOSED, lane, closed, 1);
        window_sums_add(w, CLOSING_DAYS, lane, closed, closed - opened);
    }
    if (!isnan(t->csat[r])) {
        day known = closed == DAY_MISSING ? opened : closed;
        window_sums_add(w, RATED, lane, known, 1);
        window_sums_add(w, RATING, lane, known, in_millionths(t->csat[r]));
    }
}

/* Tickets come by opening day, so the first that covers a date is its oldest, and every date up to
 * the latest closing so far is covered. */
static void put_oldest(const sweep *s, const ticket_rows *t, size_t begin, size_t end,
                       const sweep_out *out, size_t i)
{
    const date_table *dates = &s->dates.tables[SHIFT_NONE];
    size_t j = 0; /* dates before it are settled */
    if (!sweep_wants(s, FEATURE_OLDEST_OPEN_TICKET)) {
        return;
    }
    for (size_t r = begin; r < end; r++) {
        day closed = closing_day(t, r);
        size_t from = date_from(dates, t->day[r]);
        size_t to = closed == DAY_MISSING ? dates->n : date_from(dates, closed);
        for (; j < to; j++) {
            put_cell(out, FEATURE_OLDEST_OPEN_TICKET, i, j, j >= from,
                     (double)dates->days[j] - t->day[r]);
        }
    }
    for (; j < dates->n; j++) {
        put_cell(out, FEATURE_OLDEST_OPEN_TICKET, i, j, false, 0);
    }
}

static strata_status tickets_run(void *self, const ledger_block *block, const sweep_out *out,
                                 strata_error *err)
{
    (void)err;
    tickets_kernel *k = self;
    const ticket_rows *t = &block->tickets;
    for (size_t i = 0; i < block->n_accounts; i += LANES) {
        lane_group g = lanes_from(block, i);
        for (size_t lane = 0; lane < g.n; lane++) {
            size_t begin = t->start[i + lane];
            size_t end = t->start[i + lane + 1];
            day first = begin < end ? t->day[begin] : DAY_MISSING;
            g.visible[lane] = lane_visible(k->sweep, block->started_on[i + lane], first);
            for (size_t r = begin; r < end; r++) {
                add_ticket(&k->sums, lane, t, r);
            }
            put_oldest(k->sweep, t, begin, end, out, i + lane);
        }
        window_sums_put(&k->sums, out, &g);
    }
    return STRATA_OK;
}

const kernel kernel_tickets = {ENTITY_TICKETS, tickets_new, tickets_run, tickets_free};
