/* SPDX-License-Identifier: Apache-2.0 */
/* How the segments are worked today: who, with how much time, and what the model asks for. */
#include <stdlib.h>

#include "report/framework/parts.h"

/* By segment: CSMs with an account in it, accounts that have one, minutes of touchpoints. */
typedef struct worked {
    size_t *csms, *covered;
    double *minutes, all_minutes;
} worked;

static void count_csms(framework *f, const segment_code *now, column csm, size_t n_levels,
                       uint8_t *met, worked *out)
{
    for (size_t i = 0; i < f->s->n; i++) {
        if (now[i] >= f->def->n_segments || csm.code[i] < 0) {
            continue;
        }
        uint8_t *first = &met[now[i] * n_levels + (size_t)csm.code[i]];
        out->csms[now[i]] += *first == 0;
        out->covered[now[i]]++;
        *first = 1;
    }
}

static strata_status count_coverage(framework *f, column csm, size_t n_levels, column minutes,
                                    worked *out, strata_error *err)
{
    size_t n = f->def->n_segments;
    const segment_code *now = study_codes_now(f->s, f->def);
    STRATA_AUTO_FREE uint8_t *met = STRATA_NEW_ARRAY(n * n_levels + 1, uint8_t);
    *out = (worked){.csms = ARENA_NEW(f->a, n, size_t),
                    .covered = ARENA_NEW(f->a, n, size_t),
                    .minutes = ARENA_NEW(f->a, n, double)};
    if (met == NULL || out->csms == NULL || out->covered == NULL || out->minutes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    if (csm.code != NULL) {
        count_csms(f, now, csm, n_levels, met, out);
    }
    for (size_t i = 0; minutes.num != NULL && i < f->s->n; i++) {
        if (now[i] < n && minutes.num[i] > 0) {
            out->minutes[now[i]] += minutes.num[i];
            out->all_minutes += minutes.num[i];
        }
    }
    return STRATA_OK;
}

static void coverage_rows(framework *f, doc_table *t, const worked *c)
{
    for (size_t i = 0; i < f->profile->n_segments; i++) {
        const segment_profile *p = &f->profile->segments[i];
        size_t csms = c->csms[p->code];
        double hours = (double)c->minutes[p->code] / MINUTES_PER_HOUR;
        bool timed = c->all_minutes > 0;
        doc_row(t, (doc_cell[]){
                       cell_text(p->label), cell_text(p->motion), cell_count((int64_t)csms),
                       csms > 0 ? cell_number((double)c->covered[p->code] / (double)csms)
                                : cell_empty(NULL),
                       timed ? cell_number(hours) : cell_empty("needs touchpoints with minutes"),
                       timed ? cell_share(c->minutes[p->code] / c->all_minutes) : cell_empty(NULL),
                       p->value_share.known ? cell_share(p->value_share.x) : cell_empty(NULL)});
    }
}

strata_status framework_coverage(framework *f, strata_error *err)
{
    size_t slot = portfolio_slot(f->v->p, "csm_id");
    column csm = slot != SIZE_MAX ? segmentation_column(f->v->s, slot) : (column){0};
    column minutes = view_column(f->v, "touch_minutes_90d");
    worked c = {0};
    if (csm.code == NULL && minutes.num == NULL) {
        framework_lacks(f, "Coverage today", "a column `csm_id` of the accounts, or touchpoints");
        return STRATA_OK;
    }
    size_t n_levels = csm.code != NULL ? f->b->scope.symbols[slot].n_levels : 0;
    STRATA_TRY(count_coverage(f, csm, n_levels, minutes, &c, err));
    doc_section *s = document_section(f->d, NULL, "coverage", "How the segments are worked today");
    doc_paragraph(s,
                  "What the model asks for beside what is done: accounts per CSM, and the time "
                  "of touchpoints in 90 days against the share of %s.",
                  f->profile->has_value ? f->profile->value_label : "value");
    const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "motion", .label = "Motion", .type = CELL_TEXT, .priority = 1},
        {.key = "csms", .label = "CSMs", .type = CELL_COUNT},
        {.key = "accounts_per_csm",
         .label = "Accounts per CSM",
         .type = CELL_NUMBER,
         .decimals = 1},
        {.key = "hours", .label = "Hours in 90 days", .type = CELL_NUMBER},
        {.key = "hours_share", .label = "% of hours", .type = CELL_SHARE, .bar = true},
        {.key = "value_share",
         .label = f->v->has_arr ? "% of ARR" : "% of spend",
         .type = CELL_SHARE,
         .bar = true}};
    doc_table *t = doc_table_new(s, "coverage", NULL, columns, 7);
    coverage_rows(f, t, &c);
    doc_table_footnote(t, "A CSM with accounts in several segments counts in each; accounts per "
                          "CSM are those of this segment only.");
    return STRATA_OK;
}
