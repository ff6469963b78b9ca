/* SPDX-License-Identifier: Apache-2.0 */
/* What the figures say: findings and milestones, each with its evidence. */
#include <math.h>

#include "report/framework/parts.h"
#include "report/segments/quality.h"

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
    milestone_chart(f, s, m);
    report_milestones(f->d, s, f->v, m);
    return STRATA_OK;
}
