/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/outcomes.h"

#include <stdlib.h>

#include "analysis/make_figure.h"
#include "base/auto.h"
#include "stats/inference/bootstrap.h"

uint64_t analysis_stream(int analysis, size_t a, size_t b)
{
    return ((uint64_t)analysis << 36) | ((uint64_t)a << 17) | (uint64_t)b;
}

/* Customers of a year ago: what they were worth, what is left of it (nrr), and what is left without
 * counting expansion (grr). */
typedef struct base_accounts {
    int64_t *before, *after, *kept;
    size_t n, churned, expanded;
    int64_t sum_before, sum_after, sum_kept;
} base_accounts;

static void base_accounts_done(base_accounts *b)
{
    free(b->before);
    free(b->after);
    free(b->kept);
}

static void add_account(base_accounts *b, int64_t before, int64_t after, bool churned)
{
    int64_t kept = after < before ? after : before;
    b->before[b->n] = before;
    b->after[b->n] = after;
    b->kept[b->n++] = kept;
    b->churned += churned;
    b->expanded += after > before;
    b->sum_before += before;
    b->sum_after += after;
    b->sum_kept += kept;
}

static ratio_figure ratio_of(const study *s, const base_accounts *b, int64_t part, interval i)
{
    ratio_figure f = {.accounts = b->n, .part_minor = part, .base_minor = b->sum_before};
    if (b->n > 0 && (double)b->n >= s->minimum_accounts) {
        f.stated = true;
        f.ratio = (double)part / (double)b->sum_before;
        f.low = i.low;
        f.high = i.high;
    }
    return f;
}

/* Average yearly ARR per account over the yearly chance to leave. */
static figure lifetime_value(const base_accounts *b, share_figure churn)
{
    if (!churn.stated) {
        return NO_FIGURE("too few accounts to state churn");
    }
    if (churn.hits == 0) {
        return NO_FIGURE("undefined: no account churned in 12 months");
    }
    double arpa = (double)b->sum_before / 100.0 / (double)b->n;
    return FIGURE(arpa / churn.share);
}

strata_status outcomes_of(const study *s, const uint32_t *accounts, size_t n, uint64_t stream,
                          outcome_figures *out, strata_error *err)
{
    if (s->outcome == NULL) {
        *out = (outcome_figures){.ltv = NO_FIGURE("needs arr")};
        return STRATA_OK;
    }
    STRATA_CLEANUP(base_accounts_done)
    base_accounts b = {.before = STRATA_NEW_ARRAY(n, int64_t),
                       .after = STRATA_NEW_ARRAY(n, int64_t),
                       .kept = STRATA_NEW_ARRAY(n, int64_t)};
    if (b.before == NULL || b.after == NULL || b.kept == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory following %zu accounts", n);
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t at = accounts[i];
        if (s->outcome[at] != OUTCOME_NONE) {
            add_account(&b, s->value_year_ago[at], s->value[at], s->outcome[at] == OUTCOME_CHURNED);
        }
    }
    interval intervals[2] = {{0}};
    if (b.n > 0 && (double)b.n >= s->minimum_accounts) {
        ratio_sample sample = {
            .n = b.n, .base = b.before, .parts = {b.after, b.kept}, .n_parts = 2};
        STRATA_TRY(bootstrap_ratios(s->cx, stream, &sample, intervals, err));
    }
    outcome_figures f = {.logo_churn = share_of(s, b.churned, b.n),
                         .expanded = share_of(s, b.expanded, b.n),
                         .nrr = ratio_of(s, &b, b.sum_after, intervals[0]),
                         .grr = ratio_of(s, &b, b.sum_kept, intervals[1])};
    for (size_t i = 0; i < b.n; i++) {
        int64_t change = b.after[i] - b.before[i];
        f.gained_minor += change > 0 ? change : 0;
        f.churned_minor += b.after[i] == 0 ? b.before[i] : 0;
        f.shrunk_minor += change < 0 && b.after[i] > 0 ? -change : 0;
    }
    f.ltv = lifetime_value(&b, f.logo_churn);
    *out = f;
    return STRATA_OK;
}
