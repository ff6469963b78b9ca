/* SPDX-License-Identifier: Apache-2.0 */
/* The page that a vice-president reads: the answer, the figures, what to do today. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/read.h"
#include "report/framework/parts.h"

/* --- the finding --- */

static const char *answer(framework *f)
{
    const insight *risk = framework_insight(f, "risk_by_segment");
    const insight *top = framework_insight(f, "value_concentration");
    int64_t whole = f->profile->value_minor;
    if (risk != NULL && risk->accounts > 0 && whole > 0) {
        return framework_text(
            f, "%s of %s, %s, is with %s at risk", words_money(risk->value_minor, f->currency).text,
            f->profile->value_label, words_share(framework_part_of(risk->value_minor, whole)).text,
            words_things((int64_t)risk->accounts, "customer").text);
    }
    if (top != NULL) {
        return framework_text(f, "A fifth of the customers brings %s of %s",
                              words_share(top->values[1].x).text,
                              f->v->has_arr ? "ARR" : "the spend of the last 365 days");
    }
    return framework_text(f, "%s in %zu segments",
                          words_things((int64_t)f->profile->accounts, "account").text,
                          f->profile->n_segments);
}

/* "Value tier, Health and Behaviour"; NULL when the rules read no dimension. */
static const char *read_dimensions(framework *f)
{
    const bound_def *list[FRAMEWORK_READ_MAX];
    size_t n = framework_read(f, list);
    const char *text = n > 0 ? report_dimension_label(f->b, list[0]) : NULL;
    for (size_t i = 1; i < n; i++) {
        text = framework_text(f, "%s%s%s", text, i + 1 < n ? ", " : " and ",
                              report_dimension_label(f->b, list[i]));
    }
    return text;
}

static void recommend(framework *f, doc_section *s)
{
    const char *dimensions = read_dimensions(f);
    words all = words_things((int64_t)f->profile->accounts, "account");
    const char *label = SAFE(f->d, f->profile->label);
    if (dimensions != NULL) {
        doc_paragraph(s,
                      "%s fall into **%zu segments**, each account into exactly one. They combine "
                      "%s, because each of these alone would put accounts together that need "
                      "different work; every segment has its own strategy and motion.",
                      all.text, f->profile->n_segments, SAFE(f->d, dimensions));
    } else {
        doc_paragraph(s, "%s fall into **%zu segments** by %s, each account into exactly one.",
                      all.text, f->profile->n_segments, label);
    }
    if (f->profile->outside > 0) {
        doc_paragraph(s, "Not segmented: %s (%s).",
                      words_things((int64_t)f->profile->outside, "account").text,
                      SAFE(f->d, f->profile->outside_label));
    }
}

/* --- bullets --- */

/* The segment that holds most value. */
static const segment_profile *richest(const framework *f)
{
    const segment_profile *best = NULL;
    for (size_t i = 0; i < f->profile->n_segments; i++) {
        const segment_profile *p = &f->profile->segments[i];
        best =
            p->value_minor > 0 && (best == NULL || p->value_minor > best->value_minor) ? p : best;
    }
    return best;
}

/* The segment with most value for its size. */
static const segment_profile *densest(const framework *f)
{
    const segment_profile *best = NULL;
    double most = 1.0;
    for (size_t i = 0; i < f->profile->n_segments; i++) {
        const segment_profile *p = &f->profile->segments[i];
        double density = p->value_share.known && p->account_share.x > 0
                             ? p->value_share.x / p->account_share.x
                             : 0.0;
        if (density > most) {
            most = density;
            best = p;
        }
    }
    return best;
}

static void say_value(framework *f, doc_section *s)
{
    const segment_profile *big = richest(f);
    const segment_profile *dense = densest(f);
    if (big == NULL) {
        return;
    }
    const char *label = f->v->has_arr ? "ARR" : "spend";
    const char *more = "";
    if (dense != NULL && dense != big) {
        more = framework_text(f, "; %s: %s with only %s of the accounts", SAFE(f->d, dense->label),
                              words_share(dense->value_share.x).text,
                              words_share(dense->account_share.x).text);
    }
    doc_bullet(s, "**Where the value is.** %s: %s, %s of %s, with %s of the accounts%s.",
               SAFE(f->d, big->label), words_money(big->value_minor, f->currency).text,
               words_share(big->value_share.x).text, label, words_share(big->account_share.x).text,
               more);
}

static void say_change(framework *f, doc_section *s)
{
    const movement *m = f->movement;
    if (m->moved == 0) {
        doc_bullet(s, "**What changed.** No account changed its segment since %s.",
                   words_day(m->since).text);
        return;
    }
    size_t row = 0;
    size_t into = 0;
    int64_t most = -1;
    for (size_t r = 0; r < m->n_segments; r++) {
        for (size_t c = 0; c < m->n_segments; c++) {
            if (r != c && m->value_minor[r * m->size + c] > most) {
                most = m->value_minor[r * m->size + c];
                row = r;
                into = c;
            }
        }
    }
    const char *direction = f->profile->ordered ? framework_text(f, " (%s up, %s down)",
                                                                 words_count((int64_t)m->up).text,
                                                                 words_count((int64_t)m->down).text)
                                                : "";
    doc_bullet(s,
               "**What changed.** Since %s %s changed segment%s, %s came in and %s left. The "
               "largest move in money: %s from %s to %s%s%s.",
               words_day(m->since).text, words_things((int64_t)m->moved, "account").text, direction,
               words_count((int64_t)m->entered).text, words_count((int64_t)m->left).text,
               words_things((int64_t)m->accounts[row * m->size + into], "account").text,
               SAFE(f->d, m->labels[row]), SAFE(f->d, m->labels[into]), most > 0 ? ", worth " : "",
               most > 0 ? words_money(most, f->currency).text : "");
}

static void say_insight(framework *f, doc_section *s, const char *key, const char *lead)
{
    const insight *found = framework_insight(f, key);
    if (found != NULL) {
        doc_bullet(s, "**%s** %s", lead, SAFE(f->d, found->sentence));
    }
}

/* --- what to do today --- */

typedef struct candidate {
    uint32_t account;
    int64_t value;
} candidate;

static int by_value(const void *a, const void *b)
{
    const candidate *x = a;
    const candidate *y = b;
    if (x->value != y->value) {
        return x->value > y->value ? -1 : 1;
    }
    return (x->account > y->account) - (x->account < y->account);
}

/* The most valuable accounts that the risk finding counts; without one, those that fell. */
static strata_status find_urgent(framework *f, candidate *list, size_t *n, strata_error *err)
{
    const insight *risk = framework_insight(f, "risk_by_segment");
    const segment_code *now = study_codes_now(f->s, f->def);
    const segment_code *before = study_codes_since(f->s, f->def);
    STRATA_AUTO_FREE uint8_t *hit = STRATA_NEW_ARRAY(f->s->n, uint8_t);
    if (hit == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    if (risk != NULL && risk->expression != NULL) {
        STRATA_TRY(study_condition_text(f->s, risk->expression, hit, err));
    }
    for (size_t i = 0; i < f->s->n; i++) {
        bool in = now[i] < SEGMENTS_MAX;
        bool fell = f->profile->ordered && in && before[i] < now[i];
        if (in && (risk != NULL ? hit[i] == RULE_YES : fell)) {
            list[(*n)++] = (candidate){(uint32_t)i, f->s->value != NULL ? f->s->value[i] : 0};
        }
    }
    qsort(list, *n, sizeof *list, by_value);
    return STRATA_OK;
}

static strata_status say_today(framework *f, doc_section *s, strata_error *err)
{
    enum { NAMED = 3 };
    STRATA_AUTO_FREE candidate *list = STRATA_NEW_ARRAY(f->s->n + 1, candidate);
    size_t n = 0;
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    STRATA_TRY(find_urgent(f, list, &n, err));
    if (n == 0) {
        return STRATA_OK;
    }
    const char *names = "";
    for (size_t i = 0; i < n && i < NAMED; i++) {
        names = framework_text(f, "%s%s%s (%s)", names,
                               i == 0                             ? ""
                               : i + 1 == (n < NAMED ? n : NAMED) ? " and "
                                                                  : ", ",
                               SAFE(f->d, f->v->p->names[list[i].account]),
                               words_money(list[i].value, f->currency).text);
    }
    bool risk = framework_insight(f, "risk_by_segment") != NULL;
    doc_bullet(
        s,
        "**What to do today.** Begin with %s: the most valuable accounts %s. The lists to work "
        "through stand near the end.",
        names, risk ? "at risk" : "that fell since the last review");
    return STRATA_OK;
}

/* --- headline figures --- */

static void retention_figures(framework *f, doc_section *s)
{
    const segment_profile *all = &f->profile->total;
    words from = words_day(f->profile->year_ago);
    const char *base =
        framework_text(f, "%s with ARR on %s",
                       words_things((int64_t)all->nrr.accounts, "account").text, from.text);
    int nrr = document_provenance(
        f->d,
        "NRR: ARR today of the accounts that had ARR a year ago, over their ARR then. Accounts "
        "that churned count with 0, new ones do not count.",
        base, "arr_12m_ago > 0");
    int grr = document_provenance(
        f->d,
        "GRR: as NRR, but no account counts with more than it had a year ago, so that "
        "expansion cannot hide losses.",
        base, "arr_12m_ago > 0");
    int churn = document_provenance(
        f->d, "Logo churn: share of the accounts with ARR a year ago that have none today.", base,
        "arr_12m_ago > 0");
    doc_figure(s, "NRR, 12 months", with_origin(report_ratio_cell(all->nrr, f->too_few), nrr),
               all->nrr.stated
                   ? framework_text(f, "95 %%: %s to %s", words_share(all->nrr.low).text,
                                    words_share(all->nrr.high).text)
                   : NULL);
    doc_figure(s, "GRR, 12 months", with_origin(report_ratio_cell(all->grr, f->too_few), grr),
               all->grr.stated
                   ? framework_text(f, "95 %%: %s to %s", words_share(all->grr.low).text,
                                    words_share(all->grr.high).text)
                   : NULL);
    doc_figure(s, "Logo churn, 12 months",
               with_origin(report_rate_cell(all->logo_churn, f->too_few), churn),
               framework_text(f, "%s of %s", words_count((int64_t)all->logo_churn.hits).text,
                              words_things((int64_t)all->logo_churn.of, "account").text));
}

/* A shop has no retention of revenue; what its customers spent can be compared with the year
 * before. */
static void spend_figure(framework *f, doc_section *s)
{
    enum { TWO_YEARS = 2 * 365 };
    if (f->v->p->info->first_day > f->v->as_of - TWO_YEARS) {
        framework_lacks(f, "Spend in the year before", "orders of two whole years");
        return;
    }
    const segment_code *now = study_codes_now(f->s, f->def);
    int64_t before = 0;
    for (size_t i = 0; i < f->s->n; i++) {
        before += now[i] < SEGMENTS_MAX ? f->s->value_year_ago[i] : 0;
    }
    int origin = document_provenance(
        f->d, "What the same customers spent in the 365 days before the last 365.",
        "orders of accounts in segments", NULL);
    doc_figure(s, "Spend in the 365 days before", with_origin(cell_money(before), origin), NULL);
}

static void figures(framework *f, doc_section *s)
{
    const profile *p = f->profile;
    const movement *m = f->movement;
    doc_figure(s, "Accounts",
               with_origin(cell_count((int64_t)p->accounts),
                           document_provenance(f->d,
                                               "Accounts in the model's population at the as-of "
                                               "date, each in exactly one segment.",
                                               NULL, NULL)),
               framework_text(f, "in %zu segments", p->n_segments));
    if (p->has_value) {
        int origin = document_provenance(
            f->d, feature_get(p->has_arr ? FEATURE_ARR : FEATURE_SPEND_365D)->definition,
            "accounts in segments", NULL);
        doc_figure(
            s, p->value_label, with_origin(cell_money(p->value_minor), origin),
            p->accounts > 0
                ? framework_text(f, "median %s per account",
                                 words_money(money_minor(p->total.value.median), f->currency).text)
                : NULL);
    }
    if (p->has_arr) {
        retention_figures(f, s);
    } else if (p->has_value) {
        spend_figure(f, s);
    }
    doc_figure(s, framework_text(f, "Moved since %s", words_day(m->since).text),
               with_origin(cell_count((int64_t)m->moved),
                           document_provenance(f->d,
                                               "Accounts in a segment on both dates, but not in "
                                               "the same one.",
                                               NULL, NULL)),
               framework_text(f, "%s of those there on both dates",
                              words_share(framework_part_of((int64_t)m->moved,
                                                            (int64_t)(m->moved + m->stayed)))
                                  .text));
}

strata_status framework_summary(framework *f, strata_error *err)
{
    doc_section *s = document_section(f->d, NULL, "summary", answer(f));
    figures(f, s);
    recommend(f, s);
    say_value(f, s);
    say_change(f, s);
    say_insight(f, s, "risk_by_segment", "Where the risk is.");
    say_insight(f, s, "expansion_pipeline", "Where it can grow.");
    return say_today(f, s, err);
}
