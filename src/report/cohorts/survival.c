/* SPDX-License-Identifier: Apache-2.0 */
#include "report/cohorts/survival.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/number.h"
#include "document/chart.h"
#include "report/cohorts/survival_parts.h"
#include "report/report.h"

enum { TITLE_AGE = 2, CURVE_ROWS_MAX = 120, GROUP_COLUMNS = 6 + 3 * SURVIVAL_AGES };

static const struct {
    const char *name, *one;
    double days;
} units[] = {{"weeks", "week", 7.0},
             {"months", "month", DAYS_PER_MONTH},
             {"quarters", "quarter", 3.0 * DAYS_PER_MONTH},
             {"years", "year", 12.0 * DAYS_PER_MONTH}};

bool survival_unit_parse(const char *text, survival_unit *out)
{
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        if (strcmp(text, units[k].name) == 0) {
            *out = (survival_unit)k;
            return true;
        }
    }
    return false;
}

bool survival_stated(const survival_input *in, size_t group)
{
    return (double)in->s->groups[group].curve->n >= in->b->model->quality.minimum_accounts;
}

words survival_sure(double p)
{
    words w;
    (void)snprintf(w.text, sizeof w.text, "%s (%.80s)", p < 0.05 ? "yes" : "not sure",
                   words_p(p).text);
    return w;
}

/* --- the finding --- */

/* Of the groups whose survival at an age is known, the one that stays most and the one that stays
 * least; false when there are no two. */
static bool extremes(const survival_input *in, size_t age, size_t *best, size_t *worst)
{
    size_t n = 0;
    for (size_t g = 0; g < in->s->n_groups; g++) {
        const survival_group *group = &in->s->groups[g];
        if (!survival_stated(in, g) || !group->at[age].known) {
            continue;
        }
        double s = group->at[age].share.survival;
        *best = n == 0 || s > in->s->groups[*best].at[age].share.survival ? g : *best;
        *worst = n == 0 || s < in->s->groups[*worst].at[age].share.survival ? g : *worst;
        n++;
    }
    return n > 1;
}

static void title_of_groups(strbuf *out, const survival_input *in)
{
    const survival *s = in->s;
    size_t best = 0;
    size_t worst = 0;
    size_t age = TITLE_AGE;
    while (age > 0 && !extremes(in, age, &best, &worst)) {
        age--;
    }
    if (!s->test.defined || !extremes(in, age, &best, &worst)) {
        strbuf_printf(out, "How long accounts stay cannot be told apart by %s yet", in->g->name);
    } else if (!(s->test.p < 0.05)) {
        strbuf_printf(out, "No sure difference in how long accounts stay, by %s (%s)", in->g->name,
                      words_p(s->test.p).text);
    } else {
        strbuf_printf(out, "After %d months %s of %s are still customers, ", survival_age(age),
                      words_share(s->groups[best].at[age].share.survival).text,
                      in->g->labels[best]);
        strbuf_printf(out, "of %s %s", in->g->labels[worst],
                      words_share(s->groups[worst].at[age].share.survival).text);
    }
}

static void title_of_all(strbuf *out, const survival_input *in)
{
    const survival_group *all = &in->s->groups[0];
    size_t age = SURVIVAL_AGES;
    while (age > 0 && !all->at[age - 1].known) {
        age--;
    }
    if (!survival_stated(in, 0) || (age == 0 && !all->median.reached)) {
        strbuf_add(out, "Too little is known yet of how long accounts stay");
    } else if (all->median.reached) {
        char text[NUMBER_TEXT];
        number_format(all->median.age / units[in->unit].days, 1, text);
        strbuf_printf(out, "Half of the accounts leave within %s %s", text, units[in->unit].name);
    } else {
        strbuf_printf(out, "After %d months %s of the accounts are still customers",
                      survival_age(age - 1), words_share(all->at[age - 1].share.survival).text);
    }
}

void report_survival_title(strbuf *out, const survival_input *in)
{
    if (in->s->n_groups == 1) {
        title_of_all(out, in);
    } else {
        title_of_groups(out, in);
    }
}

/* --- group by group --- */

static doc_cell age_cell(const survival_input *in, bool reached, double days, const char *why)
{
    return reached ? cell_number(days / units[in->unit].days) : cell_empty(why);
}

/* Survival and the ends of its interval at an age. */
static void put_share(const km_at *at, int origin, doc_cell *cells)
{
    if (!at->known) {
        for (size_t k = 0; k < 3; k++) {
            cells[k] = cell_empty("nobody has been followed that long");
        }
        return;
    }
    const char *why = at->share.survival > 0.5 ? "nobody has left by then" : "all have left";
    cells[0] = with_origin(cell_share(at->share.survival), origin);
    cells[1] = at->share.bounded ? cell_share(at->share.within.low) : cell_empty(why);
    cells[2] = at->share.bounded ? cell_share(at->share.within.high) : cell_empty(why);
}

static int group_origin(document *d, const survival_input *in, size_t g)
{
    return document_provenance(
        d,
        "share of accounts that still are customers at an age, those still there on the as-of date "
        "counted as far as they were followed (Kaplan-Meier)",
        "arr", in->g->where[g] != NULL ? in->g->where[g] : "");
}

static void put_group(document *d, doc_table *t, const survival_input *in, size_t g)
{
    const survival_group *group = &in->s->groups[g];
    words too_few = report_too_few(in->b);
    const char *few = survival_stated(in, g) ? NULL : too_few.text;
    int origin = group_origin(d, in, g);
    doc_cell cells[GROUP_COLUMNS] = {cell_text(in->g->labels[g]),
                                     cell_count((int64_t)group->curve->n),
                                     cell_count((int64_t)group->curve->n_events)};
    const km_median *m = &group->median;
    const char *why = few != NULL ? few : "more than half have not left";
    cells[3] = with_origin(age_cell(in, few == NULL && m->reached, m->age, why), origin);
    cells[4] =
        age_cell(in, few == NULL && m->low_reached, m->low, few != NULL ? few : "not reached");
    cells[5] =
        age_cell(in, few == NULL && m->high_reached, m->high, few != NULL ? few : "not reached");
    for (size_t k = 0; k < SURVIVAL_AGES; k++) {
        put_share(&group->at[k], origin, cells + 6 + 3 * k);
        for (size_t c = 0; few != NULL && c < 3; c++) {
            cells[6 + 3 * k + c] = cell_empty(few);
        }
    }
    doc_row(t, cells);
}

static void put_groups(document *d, doc_section *s, const survival_input *in)
{
    char median[WORDS_TEXT];
    char labels[SURVIVAL_AGES][WORDS_TEXT];
    char keys[3 * SURVIVAL_AGES][WORDS_TEXT];
    doc_column columns[GROUP_COLUMNS] = {
        {.key = "group", .label = in->g->n > 1 ? in->g->name : "Accounts", .type = CELL_TEXT},
        {.key = "accounts", .label = "Followed", .type = CELL_COUNT},
        {.key = "left", .label = "Left", .type = CELL_COUNT},
        {.key = "median", .label = median, .type = CELL_NUMBER, .decimals = 1},
        {.key = "median_low", .label = "from", .type = CELL_NUMBER, .decimals = 1, .priority = 2},
        {.key = "median_high", .label = "to", .type = CELL_NUMBER, .decimals = 1, .priority = 2}};
    (void)snprintf(median, sizeof median, "Half left, %s", units[in->unit].name);
    for (size_t k = 0; k < SURVIVAL_AGES; k++) {
        static const char *const ends[] = {"", "_low", "_high"};
        static const int dropped[SURVIVAL_AGES] = {4, 3, 1, 2}; /* on a narrow terminal */
        (void)snprintf(labels[k], sizeof labels[k], "%d months", survival_age(k));
        for (size_t e = 0; e < 3; e++) {
            char *key = keys[3 * k + e];
            (void)snprintf(key, WORDS_TEXT, "survival_%dm%s", survival_age(k), ends[e]);
            columns[6 + 3 * k + e] = (doc_column){.key = key,
                                                  .label = e == 0   ? labels[k]
                                                           : e == 1 ? "from"
                                                                    : "to",
                                                  .type = CELL_SHARE,
                                                  .priority = e == 0 ? 0 : dropped[k]};
        }
    }
    doc_table *t =
        doc_table_new(s, "survival", "Still customers at an age", columns, GROUP_COLUMNS);
    for (size_t g = 0; g < in->s->n_groups; g++) {
        put_group(d, t, in, g);
    }
    doc_table_footnote(t, "Kaplan-Meier: who still is a customer counts as far as it was followed. "
                          "From and to: 95 %% interval.");
    if (in->caution != NULL) {
        doc_table_footnote(t, "%s", SAFE(d, in->caution));
    }
}

/* --- curves --- */

/* Whole units up to the last age that some stated group was followed to, in `step`s. */
static size_t curve_rows(const survival_input *in, size_t *step)
{
    double last = 0.0;
    for (size_t g = 0; g < in->s->n_groups; g++) {
        if (survival_stated(in, g)) {
            last = fmax(last, km_last_time(in->s->groups[g].curve));
        }
    }
    size_t n = (size_t)(last / units[in->unit].days);
    *step = n / CURVE_ROWS_MAX + 1;
    return n / *step + 1;
}

/* A row per group and age; ages of which nothing is known are left out. */
static void put_curve_table(document *d, doc_section *s, const survival_input *in, size_t n,
                            size_t step)
{
    const doc_column columns[] = {
        {.key = "group", .label = in->g->n > 1 ? in->g->name : "Accounts", .type = CELL_TEXT},
        {.key = "age", .label = units[in->unit].name, .type = CELL_COUNT},
        {.key = "at_risk", .label = "Followed on", .type = CELL_COUNT},
        {.key = "survival", .label = "Still customers", .type = CELL_SHARE, .bar = true},
        {.key = "low", .label = "from", .type = CELL_SHARE},
        {.key = "high", .label = "to", .type = CELL_SHARE}};
    doc_table *t = doc_table_new(s, "curve", "The curves", columns, 6);
    for (size_t g = 0; g < in->s->n_groups; g++) {
        int origin = group_origin(d, in, g);
        for (size_t k = 0; k < n && survival_stated(in, g); k++) {
            double age = (double)(k * step) * units[in->unit].days;
            km_at at = km_survival_at(in->s->groups[g].curve, age);
            doc_cell cells[6] = {cell_text(in->g->labels[g]), cell_count((int64_t)(k * step)),
                                 cell_count(at.at_risk)};
            put_share(&at, origin, cells + 3);
            if (at.known) {
                doc_row(t, cells);
            }
        }
    }
    doc_table_fold(t);
}

/* Room for the series of a chart. */
typedef struct curves {
    char (*names)[NUMBER_TEXT];
    const char **periods;
    double *values; /* n_groups x (value, low, high) x n */
    chart_series *series;
} curves;

static void curves_done(curves *c)
{
    free(c->names);
    free(c->periods);
    free(c->values);
    free(c->series);
}

static void fill_curve(const survival_input *in, curves *c, size_t g, size_t n, size_t step)
{
    double *value = c->values + 3 * g * n;
    bool one = in->s->n_groups == 1;
    for (size_t k = 0; k < n; k++) {
        double age = (double)(k * step) * units[in->unit].days;
        km_at at = km_survival_at(in->s->groups[g].curve, age);
        bool known = at.known && survival_stated(in, g);
        value[k] = known ? at.share.survival : (double)NAN;
        value[n + k] = known && at.share.bounded ? at.share.within.low : value[k];
        value[2 * n + k] = known && at.share.bounded ? at.share.within.high : value[k];
    }
    c->series[g] = (chart_series){.name = one ? "" : in->g->labels[g],
                                  .values = value,
                                  .low = value + n,
                                  .high = value + 2 * n};
}

static void put_chart(doc_section *s, const survival_input *in, size_t n, size_t step)
{
    size_t k = in->s->n_groups;
    STRATA_CLEANUP(curves_done)
    curves c = {.names = calloc(n, sizeof *c.names),
                .periods = calloc(n, sizeof *c.periods),
                .values = calloc(3 * n * k, sizeof *c.values),
                .series = calloc(k, sizeof *c.series)};
    json_t *spec = NULL;
    if (c.names != NULL && c.periods != NULL && c.values != NULL && c.series != NULL) {
        for (size_t i = 0; i < n; i++) {
            (void)snprintf(c.names[i], NUMBER_TEXT, "%zu", i * step);
            c.periods[i] = c.names[i];
        }
        for (size_t g = 0; g < k; g++) {
            fill_curve(in, &c, g, n, step);
        }
        chart_theme theme = {.names = in->g->labels, .n_names = k > 1 ? k : 0};
        chart_time time = {.periods = c.periods,
                           .n_periods = n,
                           .series = c.series,
                           .n_series = k,
                           .format = CHART_SHARE,
                           .title = "Still customers",
                           .from_zero = true,
                           .steps = true};
        spec = chart_lines(&theme, &time);
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "Share of accounts that still are customers, by age in %s",
                  units[in->unit].name);
    doc_chart(s, "curves", strbuf_text(&title),
              "A falling step line for each group with a band for its 95 % interval; the tables "
              "have the figures.",
              spec);
}

/* --- tests --- */

static void put_pairs(doc_section *s, const survival_input *in)
{
    const survival *v = in->s;
    if (v->n_groups > SURVIVAL_PAIRED_MAX) {
        doc_note(s, "note", "Pairs are compared up to %d groups; here are %s.", SURVIVAL_PAIRED_MAX,
                 words_count((int64_t)v->n_groups).text);
    }
    if (v->n_pairs == 0) {
        return;
    }
    const doc_column columns[] = {
        {.key = "group", .label = "Group", .type = CELL_TEXT},
        {.key = "other", .label = "against", .type = CELL_TEXT},
        {.key = "sure", .label = "Stay differently long", .type = CELL_TEXT},
        {.key = "chi_square", .label = "Chi-square", .type = CELL_NUMBER, .decimals = 2},
        {.key = "p", .label = "p", .type = CELL_NUMBER, .data_only = true}};
    doc_table *t = doc_table_new(s, "pairs", "Two groups at a time (log-rank)", columns, 5);
    for (size_t i = 0; i < v->n_pairs; i++) {
        const survival_pair *p = &v->pairs[i];
        const char *none = "nothing to compare: nobody left while both were followed";
        bool on = p->test.defined;
        words sure = survival_sure(p->p_holm);
        doc_row(t, (doc_cell[]){cell_text(in->g->labels[p->a]), cell_text(in->g->labels[p->b]),
                                on ? cell_text(sure.text) : cell_empty(none),
                                on ? cell_number(p->test.statistic) : cell_empty(none),
                                on ? cell_number(p->p_holm) : cell_empty(none)});
    }
    doc_table_footnote(t, "p corrected for %s (Holm); chi-square with 1 degree of freedom.",
                       words_things((int64_t)v->n_pairs, "comparison").text);
}

static void put_tests(document *d, doc_section *parent, const survival_input *in)
{
    const survival *v = in->s;
    if (v->n_groups < 2) {
        return;
    }
    doc_section *s = document_section(d, parent, "tests", "Do the groups differ?");
    if (!v->test.defined) {
        doc_note(s, "missing",
                 "The groups cannot be compared: nobody left while two of them were followed.");
        return;
    }
    char text[NUMBER_TEXT];
    number_format(v->test.statistic, 2, text);
    doc_paragraph(s, "Log-rank test: chi-square %s with %s %s of freedom, %s. %s", text,
                  words_count((int64_t)v->test.df).text, v->test.df > 1.0 ? "degrees" : "degree",
                  words_p(v->test.p).text,
                  v->test.p < 0.05 ? "They do not all stay equally long."
                                   : "They may all stay equally long.");
    put_pairs(s, in);
}

/* --- who was followed --- */

static void put_method(document *d, doc_section *parent, const survival_input *in)
{
    const survival *v = in->s;
    doc_section *s = document_section(d, parent, "method", "Who was followed");
    doc_bullet(s,
               "%s, from the first day with ARR to the first day without; %s left, the others were "
               "still customers on %s. Coming back does not count.",
               words_things((int64_t)v->n, "account").text, words_count((int64_t)v->n_churned).text,
               words_day(in->as_of).text);
    doc_bullet(s, "A month is %.4f days.", DAYS_PER_MONTH);
    if (in->since != DAY_MISSING) {
        doc_bullet(s,
                   "Followed from %s on: who was a customer then counts from the age it had "
                   "(delayed entry); %s had left before.",
                   words_day(in->since).text, words_things((int64_t)v->ended, "account").text);
    }
    if (v->without_arr > 0) {
        doc_bullet(s, "%s had no ARR by then and %s left out.",
                   words_things((int64_t)v->without_arr, "account").text,
                   v->without_arr == 1 ? "is" : "are");
    }
    if (v->ungrouped > 0) {
        doc_bullet(s, "%s %s in no group and left out.",
                   words_things((int64_t)v->ungrouped, "account").text,
                   v->ungrouped == 1 ? "is" : "are");
    }
}

void report_survival(document *d, doc_section *parent, const survival_input *in)
{
    doc_section *s = document_section(d, parent, "survival", NULL);
    if (in->s->n == 0) {
        doc_note(s, "missing", "There is nobody to follow.");
        put_method(d, parent, in);
        return;
    }
    if (in->s->n_churned == 0) {
        doc_note(s, "note", "Nobody has left yet, so there is nothing to say of when they do.");
    }
    size_t step = 1;
    size_t n = curve_rows(in, &step);
    put_groups(d, s, in);
    put_chart(s, in, n, step);
    if (in->curves) {
        put_curve_table(d, s, in, n, step);
    }
    put_tests(d, parent, in);
    if (in->cox != NULL) {
        report_survival_cox(d, parent, in);
    }
    put_method(d, parent, in);
}
