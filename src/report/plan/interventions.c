/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/interventions.h"

#include <math.h>
#include <stdio.h>

#include "base/auto.h"
#include "report/report.h"
#include "report/value.h"
#include "report/words.h"

/* The horizon that most accounts can be followed for. */
enum { FIRST = 0 };

/* "2.9 points", "0.6 points". */
static words points(double share)
{
    words w;
    (void)snprintf(w.text, sizeof w.text, "%.1f points", 100.0 * share);
    return w;
}

static const ratio_difference *kept_of(const intervention_effect *x)
{
    return &x->after[FIRST].of[OUTCOME_KEPT];
}

void report_interventions_title(strbuf *out, const interventions_input *in)
{
    const intervention_effect *all = &in->effects->items[0];
    const ratio_difference *kept = kept_of(all);
    if (all->n_recorded == 0) {
        strbuf_printf(out, "No intervention is recorded, so what they bring is not known");
    } else if (!kept->defined) {
        strbuf_printf(out, "Too few interventions are recorded to say what they bring (%s)",
                      words_count((int64_t)all->n_recorded).text);
    } else if (kept->low > 0.0) {
        strbuf_printf(out,
                      "Accounts with an intervention stayed more often for three months, by %s "
                      "(%.1f to %.1f)",
                      points(kept->difference).text, 100.0 * kept->low, 100.0 * kept->high);
    } else if (kept->high < 0.0) {
        strbuf_printf(out,
                      "Accounts with an intervention stayed less often for three months than "
                      "accounts like them, by %s (%.1f to %.1f)",
                      points(-kept->difference).text, -100.0 * kept->high, -100.0 * kept->low);
    } else {
        strbuf_printf(out,
                      "Whether interventions keep customers cannot be told: %s points after "
                      "three months (%s to %s)",
                      words_difference(100.0 * kept->difference, 1).text,
                      words_difference(100.0 * kept->low, 1).text,
                      words_difference(100.0 * kept->high, 1).text);
    }
}

/* --- the table --- */

enum {
    I_NAME,
    I_MONTHS,
    I_RECORDED,
    I_MATCHED,
    I_WITH,
    I_WITHOUT,
    I_KEPT,
    I_KEPT_LOW,
    I_KEPT_HIGH,
    I_ARR,
    I_ARR_LOW,
    I_ARR_HIGH,
    I_UP,
    I_HOURS,
    I_PER_HOUR,
    I_BALANCED,
    I_COLUMNS
};

static doc_cell share_or(bool defined, double x, const char *why)
{
    return defined ? cell_share(x) : cell_empty(why);
}

static doc_cell money_or(double minor, const char *why)
{
    return isnan(minor) ? cell_empty(why) : cell_money(words_whole(minor));
}

static void put_row(doc_table *t, const interventions_input *in, const intervention_effect *x,
                    size_t horizon, int origin)
{
    const words few = report_too_few(in->b);
    const effect_after *a = &x->after[horizon];
    const ratio_difference *kept = &a->of[OUTCOME_KEPT];
    const ratio_difference *up = &a->of[OUTCOME_UP];
    const bool k = kept->defined;
    const doc_cell cells[I_COLUMNS] = {
        [I_NAME] = cell_text(x->name != NULL ? x->name : "All"),
        [I_MONTHS] = cell_count(effect_months[horizon]),
        [I_RECORDED] = cell_count((int64_t)x->n_recorded),
        [I_MATCHED] = cell_count((int64_t)a->n_matched),
        [I_WITH] = share_or(k, kept->first, few.text),
        [I_WITHOUT] = share_or(k, kept->second, few.text),
        [I_KEPT] = with_origin(share_or(k, kept->difference, few.text), origin),
        [I_KEPT_LOW] = share_or(k, kept->low, few.text),
        [I_KEPT_HIGH] = share_or(k, kept->high, few.text),
        [I_ARR] = money_or(a->arr, few.text),
        [I_ARR_LOW] = money_or(a->arr_low, few.text),
        [I_ARR_HIGH] = money_or(a->arr_high, few.text),
        [I_UP] = share_or(in->effects->has_up && up->defined, up->difference, few.text),
        [I_HOURS] = a->n_matched > 0 ? cell_number(a->hours) : cell_empty(few.text),
        [I_PER_HOUR] = money_or(a->arr_per_hour, "needs minutes"),
        [I_BALANCED] = x->n_balance > 0 ? cell_bool(x->balanced) : cell_empty(few.text),
    };
    doc_row(t, cells);
}

static void put_table(document *d, doc_section *s, const interventions_input *in)
{
    const doc_column columns[I_COLUMNS] = {
        [I_NAME] = {.key = "intervention", .label = "Intervention", .type = CELL_TEXT},
        [I_MONTHS] = {.key = "months", .label = "Months after", .type = CELL_COUNT, .priority = 1},
        [I_RECORDED] = {.key = "recorded", .label = "Recorded", .type = CELL_COUNT, .priority = 2},
        [I_MATCHED] = {.key = "matched", .label = "Matched", .type = CELL_COUNT},
        [I_WITH] = {.key = "kept_with", .label = "Stayed with", .type = CELL_SHARE},
        [I_WITHOUT] = {.key = "kept_without", .label = "without", .type = CELL_SHARE},
        [I_KEPT] = {.key = "kept_difference", .label = "Difference", .type = CELL_SHARE},
        [I_KEPT_LOW] = {.key = "kept_low", .label = "from", .type = CELL_SHARE, .priority = 1},
        [I_KEPT_HIGH] = {.key = "kept_high", .label = "to", .type = CELL_SHARE, .priority = 1},
        [I_ARR] = {.key = "arr_difference", .label = "ARR kept", .type = CELL_MONEY, .priority = 3},
        [I_ARR_LOW] = {.key = "arr_low", .label = "from", .type = CELL_MONEY, .priority = 4},
        [I_ARR_HIGH] = {.key = "arr_high", .label = "to", .type = CELL_MONEY, .priority = 4},
        [I_UP] = {.key = "up_difference", .label = "Moved up", .type = CELL_SHARE, .priority = 5},
        [I_HOURS] = {.key = "hours", .label = "Hours", .type = CELL_NUMBER, .priority = 5},
        [I_PER_HOUR] = {.key = "arr_per_hour",
                        .label = "ARR per hour",
                        .type = CELL_MONEY,
                        .priority = 5},
        [I_BALANCED] = {.key = "balanced", .label = "Balanced", .type = CELL_BOOL, .priority = 6},
    };
    doc_table *t = doc_table_new(s, "interventions", NULL, columns, I_COLUMNS);
    int origin = document_provenance(
        d,
        "share of the accounts with it that are customers so many months on, less that of the "
        "accounts they are matched with; 95 % by drawing accounts again",
        "interventions, ARR, and what was known of accounts on the day", NULL);
    for (size_t i = 1; i < in->effects->n; i++) {
        put_row(t, in, &in->effects->items[i], FIRST, origin);
    }
    for (size_t h = 0; h < EFFECT_HORIZONS; h++) {
        put_row(t, in, &in->effects->items[0], h, origin);
    }
}

static void put_balance(doc_section *s, const intervention_effect *all)
{
    const doc_column columns[] = {
        {.key = "covariate", .label = "What was known on the day", .type = CELL_TEXT},
        {.key = "before", .label = "All others", .type = CELL_NUMBER, .decimals = 2},
        {.key = "after", .label = "Matched", .type = CELL_NUMBER, .decimals = 2},
    };
    doc_table *t = doc_table_new(s, "balance",
                                 "How far accounts with an intervention differ from those they are "
                                 "compared with, in standard deviations",
                                 columns, 3);
    for (size_t k = 0; k < all->n_balance; k++) {
        const doc_cell cells[] = {cell_text(all->balance[k].label),
                                  cell_number(all->balance[k].before),
                                  cell_number(all->balance[k].after)};
        doc_row(t, cells);
    }
    doc_table_fold(t);
}

static void put_method(doc_section *s, const interventions_input *in)
{
    const intervention_effect *all = &in->effects->items[0];
    size_t had = all->after[FIRST].n_had;
    size_t lone = had - all->after[FIRST].n_matched;
    doc_paragraph(
        s,
        "Each account with an intervention is compared with up to %d others that had none in 90 "
        "days: customers on the same day%s%s, with a renewal due within 31 days or not as it had, "
        "a like chance of leaving within three months (by a logistic regression on what was known "
        "that day), and of these the nearest. Those that get one later count until then. %s "
        "followed another within 90 days and %s came when the account was no customer yet or no "
        "longer: these are left out. %s of %s found nobody like them.",
        EFFECT_MATCHES, in->dimension != NULL ? " in the same segment of " : "",
        in->dimension != NULL ? report_dimension_label(in->b, in->dimension) : "",
        words_things((int64_t)all->n_soon, "intervention").text,
        words_count((int64_t)all->n_not_then).text, words_count((int64_t)lone).text,
        words_count((int64_t)had).text);
    doc_note(s, "note",
             "Accounts get an intervention because somebody saw a danger. What is not in the data, "
             "and was seen, makes them look worse than those they are compared with, so the true "
             "effect is likelier above these figures than below.%s",
             all->n_balance > 0 && !all->balanced
                 ? " Some covariates still differ by more than 0.1 standard deviations: see the "
                   "balance."
                 : "");
}

strata_status report_interventions(document *d, doc_section *parent, const interventions_input *in,
                                   strata_error *err)
{
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_interventions_title(&title, in);
    STRATA_TRY(strbuf_status(&title, err));
    doc_section *s = document_section(d, parent, "interventions", strbuf_text(&title));
    if (in->effects->items[0].n_recorded == 0) {
        doc_note(s, "missing",
                 "Record what is done for accounts (account, date, playbook, minutes) and name the "
                 "file under `sources: interventions`: staying, ARR and moves after it are then "
                 "measured here.");
        return STRATA_OK;
    }
    put_table(d, s, in);
    put_balance(s, &in->effects->items[0]);
    put_method(s, in);
    return STRATA_OK;
}
