/* SPDX-License-Identifier: Apache-2.0 */
/* What the figures say: findings, milestones and hypotheses, each with its evidence. */
#include <math.h>

#include "analysis/hypotheses.h"
#include "analysis/milestones.h"
#include "report/framework_parts.h"

/* --- findings --- */

static void finding_rows(framework *f, doc_section *s, const insight *in)
{
    bool pipeline = in->accounts > 0 && in->n_rows > 0;
    if (!pipeline) {
        return;
    }
    const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "share", .label = "Of the segment", .type = CELL_SHARE, .bar = true},
        {.key = "value", .label = "Worth", .type = CELL_MONEY},
        {.key = "value_share", .label = "Of all of these", .type = CELL_SHARE, .bar = true}};
    int64_t all = 0;
    for (size_t i = 0; i < in->n_rows; i++) {
        all += in->rows[i].value_minor;
    }
    doc_table *t = doc_table_new(s, in->key, NULL, columns, f->profile->has_value ? 5 : 3);
    for (size_t i = 0; i < in->n_rows; i++) {
        const insight_row *row = &in->rows[i];
        doc_row(t,
                (doc_cell[]){cell_text(row->label), cell_count((int64_t)row->share.hits),
                             report_rate_cell(row->share, f->too_few), cell_money(row->value_minor),
                             all > 0 ? cell_share(framework_part_of(row->value_minor, all))
                                     : cell_empty(NULL)});
    }
}

static void one_finding(framework *f, doc_section *parent, const insight *in)
{
    doc_section *s =
        document_section(f->d, parent, framework_text(f, "finding-%s", in->key), in->label);
    doc_paragraph(s, "**%s**", SAFE(f->d, in->sentence));
    doc_paragraph(s, "What follows: %s", SAFE(f->d, in->implies));
    finding_rows(f, s, in);
    if (in->expression != NULL) {
        doc_paragraph(s, "%s The accounts: `strata accounts --where '%s'`",
                      SAFE(f->d, in->definition), in->expression);
    } else {
        doc_paragraph(s, "%s", SAFE(f->d, in->definition));
    }
}

strata_status framework_findings(framework *f, strata_error *err)
{
    (void)err;
    size_t stated = 0;
    for (size_t i = 0; i < f->n_insights; i++) {
        stated += f->insights[i].stated;
    }
    doc_section *s = NULL;
    for (size_t i = 0; i < f->n_insights; i++) {
        const insight *in = &f->insights[i];
        if (!in->stated) {
            framework_lacks(f, in->label, in->needs);
        } else if (in->n_lorenz == 0) { /* concentration has a section of its own */
            if (s == NULL) {
                s = document_section(f->d, NULL, "findings", "What the figures say");
            }
            one_finding(f, s, in);
        }
    }
    return STRATA_OK;
}

/* --- milestones --- */

static void milestone_chart(framework *f, doc_section *s, const milestones *m)
{
    chart_dot *dots = ARENA_NEW(f->a, m->n, chart_dot);
    size_t n = 0;
    for (size_t i = 0; dots != NULL && i < m->n; i++) {
        const milestone_result *x = &m->items[i];
        if (x->measured && x->share.stated) {
            dots[n++] = (chart_dot){
                .label = x->name,
                .value = x->share.share,
                .low = x->share.low,
                .high = x->share.high,
                .note = framework_text(f, "n = %s", words_count((int64_t)x->share.of).text)};
        }
    }
    if (n > 1) {
        doc_chart(s, "milestones-chart",
                  "Share of accounts that reached each by day 90, 95 % interval",
                  "The table below has the same figures.",
                  chart_dots(&f->theme, dots, n, CHART_SHARE, NAN, NULL));
    }
}

strata_status framework_milestones(framework *f, strata_error *err)
{
    const milestones *m = NULL;
    if (f->b->model->n_milestones == 0) {
        framework_lacks(f, "Onboarding milestones",
                        "`milestones:` in the model (`extends: lifecycle`)");
        return STRATA_OK;
    }
    STRATA_TRY(milestones_measure(f->s, f->a, &m, err));
    const milestone_result *worst = NULL;
    for (size_t i = 0; i < m->n; i++) {
        const milestone_result *x = &m->items[i];
        if (!x->measured) {
            framework_lacks(f, framework_text(f, "Milestone \xe2\x80\x9c%s\xe2\x80\x9d", x->name),
                            x->why);
        } else if (x->share.stated && (worst == NULL || x->share.share < worst->share.share)) {
            worst = x;
        }
    }
    doc_section *s = document_section(
        f->d, NULL, "milestones",
        worst != NULL ? framework_text(f, "First 90 days: %s reach \xe2\x80\x9c%s\xe2\x80\x9d",
                                       words_share(worst->share.share).text, worst->name)
                      : "The first 90 days");
    doc_paragraph(s, "%s had their 90th day between %s and %s; %s are still younger.",
                  words_things((int64_t)m->eligible, "account").text, words_day(m->from).text,
                  words_day(m->to).text, words_count((int64_t)m->too_young).text);
    milestone_chart(f, s, m);
    static const doc_column columns[] = {
        {.key = "milestone", .label = "Milestone", .type = CELL_TEXT},
        {.key = "when", .label = "Reached when", .type = CELL_TEXT, .priority = 1},
        {.key = "reached", .label = "Reached", .type = CELL_COUNT},
        {.key = "of", .label = "Of", .type = CELL_COUNT},
        {.key = "share", .label = "Share", .type = CELL_SHARE, .bar = true},
        {.key = "unknown", .label = "Not known", .type = CELL_COUNT, .priority = 2}};
    doc_table *t = doc_table_new(s, "milestones", NULL, columns, 6);
    for (size_t i = 0; i < m->n; i++) {
        const milestone_result *x = &m->items[i];
        if (x->measured) {
            doc_row(t, (doc_cell[]){cell_text(x->name), cell_text(x->when),
                                    cell_count((int64_t)x->share.hits),
                                    cell_count((int64_t)x->share.of),
                                    report_rate_cell(x->share, f->too_few),
                                    cell_count((int64_t)x->unknown)});
        }
    }
    return STRATA_OK;
}

/* --- hypotheses --- */

static doc_cell side(framework *f, const hypothesis_result *h, bool where)
{
    double x = where ? h->x_where : h->x_against;
    size_t n = where ? h->n_where : h->n_against;
    if (n == 0) {
        return cell_empty("no accounts");
    }
    return cell_text(framework_text(
        f, "%s", words_value(x, h->is_share ? VALUE_SHARE : h->type, f->currency).text));
}

strata_status framework_hypotheses(framework *f, strata_error *err)
{
    const hypothesis_result *list = NULL;
    size_t n = 0;
    size_t holds = 0;
    if (f->b->model->n_hypotheses == 0) {
        framework_lacks(f, "Hypotheses tested", "`hypotheses:` in the model");
        return STRATA_OK;
    }
    STRATA_TRY(hypotheses_test(f->s, f->a, &list, &n, err));
    for (size_t i = 0; i < n; i++) {
        holds += list[i].verdict == HYPOTHESIS_HOLDS;
    }
    doc_section *s = document_section(f->d, NULL, "hypotheses",
                                      framework_text(f, "%zu of %zu hypotheses hold", holds, n));
    static const doc_column columns[] = {
        {.key = "claim", .label = "Claim", .type = CELL_TEXT},
        {.key = "verdict", .label = "Verdict", .type = CELL_TEXT},
        {.key = "where", .label = "Those", .type = CELL_TEXT},
        {.key = "against", .label = "The others", .type = CELL_TEXT},
        {.key = "n_where", .label = "n", .type = CELL_COUNT, .priority = 1},
        {.key = "n_against", .label = "n others", .type = CELL_COUNT, .priority = 1},
        {.key = "p", .label = "p (Holm)", .type = CELL_NUMBER, .decimals = 3, .priority = 2}};
    doc_table *t = doc_table_new(s, "hypotheses", NULL, columns, 7);
    for (size_t i = 0; i < n; i++) {
        const hypothesis_result *h = &list[i];
        int origin = document_provenance(
            f->d, framework_text(f, "Compared: %s, expected %s.", h->compare, h->expect),
            h->test.method, h->where);
        doc_row(t,
                (doc_cell[]){cell_text(h->claim), cell_text(hypothesis_verdict_name(h->verdict)),
                             with_origin(side(f, h, true), origin), side(f, h, false),
                             cell_count((int64_t)h->n_where), cell_count((int64_t)h->n_against),
                             h->test.done ? cell_number(h->test.p_holm) : cell_empty(h->test.why)});
    }
    for (size_t i = 0; i < n; i++) {
        doc_bullet(s, "%s", SAFE(f->d, list[i].sentence));
    }
    return STRATA_OK;
}
