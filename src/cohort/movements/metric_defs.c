/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cohort/movements/metrics.h"
#include "panel/dates.h"

/* The track of an account with what the setup leaves out taken off. */
static arr_track track_of(const metric_setup *s, const metric_window *w, size_t account)
{
    arr_track t;
    arr_track_read(s->book, account, w->from, w->to, &t);
    for (int k = 0; s->without_brief && k < ARR_KIND_COUNT; k++) {
        t.minor[k] -= t.brief_minor[k];
        t.movements[k] -= t.brief_movements[k];
    }
    return t;
}

static void one(metric_part *out, int64_t num, int64_t den)
{
    out->num[0] = num;
    out->den[0] = den;
}

/* An account that paid once, not at the beginning, and pays at the end. */
static bool came_back(const arr_track *t)
{
    return t->opening == 0 && t->before && t->closing > 0;
}

/* --- point to point --- */

static void nrr_points(const metric_setup *s, const metric_window *w, size_t account, bool back,
                       metric_part *out)
{
    arr_track t = track_of(s, w, account);
    one(out, t.opening > 0 || (back && came_back(&t)) ? t.closing : 0, t.opening);
}

static void grr_points(const metric_setup *s, const metric_window *w, size_t account, bool back,
                       metric_part *out)
{
    arr_track t = track_of(s, w, account);
    (void)back;
    one(out, t.closing < t.opening ? t.closing : t.opening, t.opening);
}

static void logo_points(const metric_setup *s, const metric_window *w, size_t account, bool back,
                        metric_part *out)
{
    arr_track t = track_of(s, w, account);
    bool kept = t.opening > 0 && t.closing > 0;
    one(out, kept || (back && came_back(&t)), t.opening > 0);
}

static void lost_points(const metric_setup *s, const metric_window *w, size_t account, bool back,
                        metric_part *out)
{
    arr_track t = track_of(s, w, account);
    (void)back;
    one(out, t.opening > 0 && t.closing == 0, t.opening > 0);
}

/* --- movement chart; of the last 30 days with another window --- */

static void nrr_moves(const metric_setup *s, const metric_window *w, size_t account, bool back,
                      metric_part *out)
{
    arr_track t = track_of(s, w, account);
    one(out,
        t.opening + t.minor[ARR_EXPANSION] - t.minor[ARR_CONTRACTION] - t.minor[ARR_CHURN] +
            (back ? t.minor[ARR_REACTIVATION] : 0),
        t.opening);
}

static void grr_moves(const metric_setup *s, const metric_window *w, size_t account, bool back,
                      metric_part *out)
{
    arr_track t = track_of(s, w, account);
    (void)back;
    one(out, t.opening - t.minor[ARR_CONTRACTION] - t.minor[ARR_CHURN], t.opening);
}

static void lost_moves(const metric_setup *s, const metric_window *w, size_t account, bool back,
                       metric_part *out)
{
    arr_track t = track_of(s, w, account);
    (void)back;
    one(out, t.movements[ARR_CHURN], t.opening > 0);
}

static void gross_churn_moves(const metric_setup *s, const metric_window *w, size_t account,
                              bool back, metric_part *out)
{
    arr_track t = track_of(s, w, account);
    (void)back;
    one(out, t.minor[ARR_CONTRACTION] + t.minor[ARR_CHURN], t.opening);
}

static void net_churn_moves(const metric_setup *s, const metric_window *w, size_t account,
                            bool back, metric_part *out)
{
    arr_track t = track_of(s, w, account);
    one(out,
        t.minor[ARR_CONTRACTION] + t.minor[ARR_CHURN] - t.minor[ARR_EXPANSION] -
            (back ? t.minor[ARR_REACTIVATION] : 0),
        t.opening);
}

static void quick_moves(const metric_setup *s, const metric_window *w, size_t account, bool back,
                        metric_part *out)
{
    arr_track t = track_of(s, w, account);
    one(out, t.minor[ARR_NEW] + t.minor[ARR_EXPANSION] + (back ? t.minor[ARR_REACTIVATION] : 0),
        t.minor[ARR_CONTRACTION] + t.minor[ARR_CHURN]);
}

/* --- churn by reason --- */

typedef struct churned {
    int64_t minor, movements;
} churned;

/* Churn of the window for a failed payment (`delinquent`), or for any other or no reason. */
static churned churn_by_reason(const metric_setup *s, const metric_window *w, size_t account,
                               bool delinquent)
{
    churned c = {0};
    arr_walk walk = arr_walk_of(s->book, account);
    for (arr_step x; arr_walk_next(&walk, &x) && x.day <= w->to;) {
        bool counts = x.day > w->from && x.kind == ARR_CHURN &&
                      !(s->without_brief && arr_step_is_brief(&x, w->from, w->to));
        if (counts && arr_row_is_delinquent(s->words, x.row) == delinquent) {
            c.minor += x.minor;
            c.movements++;
        }
    }
    return c;
}

static void lost_voluntary(const metric_setup *s, const metric_window *w, size_t account, bool back,
                           metric_part *out)
{
    arr_track t = track_of(s, w, account);
    (void)back;
    one(out, churn_by_reason(s, w, account, false).movements, t.opening > 0);
}

static void lost_delinquent(const metric_setup *s, const metric_window *w, size_t account,
                            bool back, metric_part *out)
{
    arr_track t = track_of(s, w, account);
    (void)back;
    one(out, churn_by_reason(s, w, account, true).movements, t.opening > 0);
}

static void gross_churn_voluntary(const metric_setup *s, const metric_window *w, size_t account,
                                  bool back, metric_part *out)
{
    arr_track t = track_of(s, w, account);
    (void)back;
    one(out, t.minor[ARR_CONTRACTION] + churn_by_reason(s, w, account, false).minor, t.opening);
}

static void gross_churn_delinquent(const metric_setup *s, const metric_window *w, size_t account,
                                   bool back, metric_part *out)
{
    arr_track t = track_of(s, w, account);
    (void)back;
    one(out, churn_by_reason(s, w, account, true).minor, t.opening);
}

/* --- cohort --- */

static void nrr_cohort(const metric_setup *s, const metric_window *w, size_t account, bool back,
                       metric_part *out)
{
    day first = s->book->first[account];
    if (first == DAY_MISSING || first <= w->from || first > s->window.from) {
        return;
    }
    arr_track t;
    arr_track_read(s->book, account, first, w->to, &t);
    one(out, back || !t.returned ? t.closing : 0, t.opening);
}

/* --- renewal base --- */

static void renewal_money(const metric_setup *s, const metric_window *w, size_t account, bool back,
                          metric_part *out)
{
    (void)back;
    if (s->renewals != NULL) {
        renewal_sum due = renewals_due(s->renewals, account, w->from, w->to);
        one(out, due.won_minor, due.due_minor);
    }
}

static void renewal_count(const metric_setup *s, const metric_window *w, size_t account, bool back,
                          metric_part *out)
{
    (void)back;
    if (s->renewals != NULL) {
        renewal_sum due = renewals_due(s->renewals, account, w->from, w->to);
        one(out, (int64_t)due.won, (int64_t)due.due);
    }
}

/* --- lifetime value --- */

/* ARPA of the base, times months of its accounts over those lost; without whole months, windows. */
static void ltv_retention(const metric_setup *s, const metric_window *w, size_t account, bool back,
                          metric_part *out)
{
    arr_track t = track_of(s, w, account);
    int months = metric_months(*w);
    (void)back;
    *out = (metric_part){{t.opening, t.opening == 0 ? 0
                                     : months > 0   ? months
                                                    : 1},
                         {t.opening > 0, t.opening > 0 && t.closing == 0}};
}

/* ARPA now, times account-months of the six months over accounts lost in them. */
static void ltv_churn(const metric_setup *s, const metric_window *w, size_t account, bool back,
                      metric_part *out)
{
    int64_t closing = arr_book_at(s->book, account, w->to);
    (void)back;
    *out = (metric_part){{closing, 0}, {closing > 0, 0}};
    for (int m = 6; m > 0; m--) {
        metric_window month = {months_before(w->to, m), months_before(w->to, m - 1)};
        arr_track t = track_of(s, &month, account);
        out->num[1] += t.opening > 0;
        out->den[1] += t.movements[ARR_CHURN];
    }
}

/* --- the table --- */

#define NOBODY_PAID "nobody had ARR at the beginning"
#define NO_RENEWALS "no renewal was due; opportunities of kind renewal with due_on switch it on"
#define ADD_BACK "plus reactivation"

const metric_def metric_defs[] = {
    {.metric = "nrr",
     .dialect = "point_to_point",
     .label = "NRR",
     .dialect_label = "Point to point",
     .formula = "ARR at the end of the accounts that had ARR at the beginning, over their ARR then",
     .with_back = "accounts that had left before the beginning and came back add what they pay",
     .undefined = NOBODY_PAID,
     .frame = FRAME_GIVEN,
     .paired = true,
     .part = nrr_points},
    {.metric = "nrr",
     .dialect = "movements",
     .label = "NRR",
     .dialect_label = "Movement chart",
     .formula = "(opening + expansion - contraction - churn) / opening, movements of all accounts",
     .with_back = ADD_BACK,
     .undefined = NOBODY_PAID,
     .frame = FRAME_GIVEN,
     .part = nrr_moves},
    {.metric = "nrr",
     .dialect = "cohort",
     .label = "NRR",
     .dialect_label = "Cohort",
     .formula = "ARR at the end of the accounts won in the time of the same length before the "
                "beginning, over their new-business ARR",
     .without_back = "an account that left counts 0 even if it came back",
     .undefined = "no account was won in the time before the beginning",
     .frame = FRAME_COHORT,
     .back = true,
     .paired = true,
     .part = nrr_cohort},
    {.metric = "nrr",
     .dialect = "rolling_30_days",
     .label = "NRR",
     .dialect_label = "Rolling 30 days",
     .formula =
         "1 - (churn + contraction - expansion) / ARR 30 days ago, movements of all accounts",
     .with_back = ADD_BACK,
     .undefined = "nobody had ARR 30 days before",
     .frame = FRAME_30_DAYS,
     .part = nrr_moves},
    {.metric = "nrr",
     .dialect = "renewal_base",
     .label = "NRR",
     .dialect_label = "Renewal base",
     .formula = "amount of the renewals won, over the amount of those due",
     .undefined = NO_RENEWALS,
     .frame = FRAME_DUE,
     .paired = true,
     .part = renewal_money},
    {.metric = "grr",
     .dialect = "point_to_point",
     .label = "GRR",
     .dialect_label = "Point to point",
     .formula = "the lower of ARR at the beginning and at the end, account by account, over ARR at "
                "the beginning",
     .undefined = NOBODY_PAID,
     .frame = FRAME_GIVEN,
     .paired = true,
     .part = grr_points},
    {.metric = "grr",
     .dialect = "movements",
     .label = "GRR",
     .dialect_label = "Movement chart",
     .formula = "(opening - contraction - churn) / opening, movements of all accounts",
     .undefined = NOBODY_PAID,
     .frame = FRAME_GIVEN,
     .part = grr_moves},
    {.metric = "logo_retention",
     .dialect = "point_to_point",
     .label = "Logo retention",
     .dialect_label = "Point to point",
     .formula = "accounts with ARR at the beginning and at the end, over those with ARR at the "
                "beginning",
     .with_back = "accounts that had left before the beginning and came back count",
     .undefined = NOBODY_PAID,
     .unit = METRIC_ACCOUNTS,
     .frame = FRAME_GIVEN,
     .paired = true,
     .part = logo_points},
    {.metric = "logo_retention",
     .dialect = "renewal_base",
     .label = "Logo retention",
     .dialect_label = "Renewal base",
     .formula = "renewals won, over renewals due",
     .undefined = NO_RENEWALS,
     .unit = METRIC_DEALS,
     .frame = FRAME_DUE,
     .paired = true,
     .part = renewal_count},
    {.metric = "logo_churn",
     .dialect = "point_to_point",
     .label = "Logo churn",
     .dialect_label = "Point to point",
     .formula =
         "accounts with ARR at the beginning and none at the end, over those with ARR at the "
         "beginning",
     .undefined = NOBODY_PAID,
     .unit = METRIC_ACCOUNTS,
     .frame = FRAME_GIVEN,
     .paired = true,
     .part = lost_points},
    {.metric = "logo_churn",
     .dialect = "movements",
     .label = "Logo churn",
     .dialect_label = "Movement chart",
     .formula = "times an account fell to 0, over accounts with ARR at the beginning",
     .undefined = NOBODY_PAID,
     .unit = METRIC_ACCOUNTS,
     .frame = FRAME_GIVEN,
     .part = lost_moves},
    {.metric = "logo_churn",
     .dialect = "rolling_30_days",
     .label = "Logo churn",
     .dialect_label = "Rolling 30 days",
     .formula = "times an account fell to 0 in 30 days, over accounts with ARR 30 days ago",
     .undefined = "nobody had ARR 30 days before",
     .unit = METRIC_ACCOUNTS,
     .frame = FRAME_30_DAYS,
     .part = lost_moves},
    {.metric = "logo_churn",
     .dialect = "voluntary",
     .label = "Logo churn",
     .dialect_label = "Voluntary",
     .formula = "as the movement chart, without churn whose reason is a failed payment",
     .undefined = NOBODY_PAID,
     .unit = METRIC_ACCOUNTS,
     .frame = FRAME_GIVEN,
     .part = lost_voluntary},
    {.metric = "logo_churn",
     .dialect = "delinquent",
     .label = "Logo churn",
     .dialect_label = "Delinquent",
     .formula = "as the movement chart, only churn whose reason is a failed payment",
     .undefined = NOBODY_PAID,
     .unit = METRIC_ACCOUNTS,
     .frame = FRAME_GIVEN,
     .part = lost_delinquent},
    {.metric = "gross_churn",
     .dialect = "movements",
     .label = "Gross ARR churn",
     .dialect_label = "Movement chart",
     .formula = "(churn + contraction) / opening, movements of all accounts",
     .undefined = NOBODY_PAID,
     .frame = FRAME_GIVEN,
     .part = gross_churn_moves},
    {.metric = "gross_churn",
     .dialect = "rolling_30_days",
     .label = "Gross ARR churn",
     .dialect_label = "Rolling 30 days",
     .formula = "(churn + contraction) in 30 days / ARR 30 days ago, movements of all accounts",
     .undefined = "nobody had ARR 30 days before",
     .frame = FRAME_30_DAYS,
     .part = gross_churn_moves},
    {.metric = "gross_churn",
     .dialect = "voluntary",
     .label = "Gross ARR churn",
     .dialect_label = "Voluntary",
     .formula = "as the movement chart, without churn whose reason is a failed payment",
     .undefined = NOBODY_PAID,
     .frame = FRAME_GIVEN,
     .part = gross_churn_voluntary},
    {.metric = "gross_churn",
     .dialect = "delinquent",
     .label = "Gross ARR churn",
     .dialect_label = "Delinquent",
     .formula = "churn whose reason is a failed payment / opening",
     .undefined = NOBODY_PAID,
     .frame = FRAME_GIVEN,
     .part = gross_churn_delinquent},
    {.metric = "net_churn",
     .dialect = "movements",
     .label = "Net ARR churn",
     .dialect_label = "Movement chart",
     .formula = "(churn + contraction - expansion) / opening, movements of all accounts",
     .with_back = "less reactivation",
     .undefined = NOBODY_PAID,
     .frame = FRAME_GIVEN,
     .part = net_churn_moves},
    {.metric = "net_churn",
     .dialect = "rolling_30_days",
     .label = "Net ARR churn",
     .dialect_label = "Rolling 30 days",
     .formula = "(churn + contraction - expansion) in 30 days / ARR 30 days ago, movements of all "
                "accounts",
     .with_back = "less reactivation",
     .undefined = "nobody had ARR 30 days before",
     .frame = FRAME_30_DAYS,
     .part = net_churn_moves},
    {.metric = "quick_ratio",
     .dialect = "with_reactivation",
     .label = "Quick ratio",
     .dialect_label = "With reactivation",
     .formula = "(new + expansion + reactivation) / (contraction + churn)",
     .undefined = "nothing was lost",
     .frame = FRAME_GIVEN,
     .back = true,
     .times = true,
     .part = quick_moves},
    {.metric = "quick_ratio",
     .dialect = "without_reactivation",
     .label = "Quick ratio",
     .dialect_label = "Without reactivation",
     .formula = "(new + expansion) / (contraction + churn)",
     .undefined = "nothing was lost",
     .frame = FRAME_GIVEN,
     .times = true,
     .part = quick_moves},
    {.metric = "ltv",
     .dialect = "arpa_retention",
     .label = "LTV",
     .dialect_label = "ARPA / (1 - retention)",
     .formula = "ARR per account at the beginning, times the years of the window, over (1 - logo "
                "retention)",
     .undefined = "nobody churned, so that a lifetime has no end",
     .unit = METRIC_LIFETIME,
     .frame = FRAME_GIVEN,
     .n_factors = 2,
     .part = ltv_retention},
    {.metric = "ltv",
     .dialect = "arpa_churn",
     .label = "LTV",
     .dialect_label = "ARPA / churn",
     .formula = "monthly ARR per account at the end, over the monthly logo churn of the six months "
                "up to it",
     .undefined = "nobody churned in the six months, so that a lifetime has no end",
     .unit = METRIC_LIFETIME,
     .frame = FRAME_6_MONTHS,
     .n_factors = 2,
     .part = ltv_churn},
};
const size_t metric_defs_n = sizeof metric_defs / sizeof *metric_defs;

size_t metric_find(const char *name)
{
    const char *colon = strchr(name, ':');
    size_t len = colon != NULL ? (size_t)(colon - name) : strlen(name);
    const char *dialect = colon != NULL ? colon + 1 : "";
    size_t found = SIZE_MAX;
    for (size_t i = metric_defs_n; i > 0; i--) {
        const metric_def *m = &metric_defs[i - 1];
        if (strncmp(m->metric, name, len) != 0 || m->metric[len] != '\0') {
            continue;
        }
        if (strcmp(m->dialect, dialect) == 0) {
            return i - 1;
        }
        if (strncmp(m->dialect, dialect, strlen(dialect)) == 0) {
            found = i - 1;
        }
    }
    return found;
}

size_t metric_in_dialect(const char *metric, const char *dialect)
{
    size_t first = SIZE_MAX;
    for (size_t i = metric_defs_n; i > 0; i--) {
        if (strcmp(metric_defs[i - 1].metric, metric) == 0) {
            first = i - 1;
            if (strcmp(metric_defs[i - 1].dialect, dialect) == 0) {
                return i - 1;
            }
        }
    }
    return first;
}
