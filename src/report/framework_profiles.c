/* SPDX-License-Identifier: Apache-2.0 */
/* One block for each segment: how it fares, what sets it apart, what success looked like there,
 * what speaks against it. */
#include <math.h>
#include <string.h>

#include "report/framework_parts.h"

enum { TRAITS_SHOWN = 6, RISKS_SHOWN = 5 };

/* --- headline figures of a segment --- */

static void outcome_figures(framework *f, doc_section *s, const segment_profile *p)
{
    const char *where = framework_text(f, "accounts that were in %s on %s and had ARR then",
                                       p->label, words_day(f->profile->year_ago).text);
    int origin = document_provenance(
        f->d, "Outcomes follow the accounts of a year ago, wherever they are now.", where, NULL);
    const ratio_figure *nrr = &p->nrr;
    const share_figure *churn = &p->logo_churn;
    doc_figure(s, "NRR", with_origin(report_ratio_cell(*nrr, f->too_few), origin),
               nrr->stated ? framework_text(f, "%s to %s", words_share(nrr->low).text,
                                            words_share(nrr->high).text)
                           : NULL);
    doc_figure(s, "GRR", with_origin(report_ratio_cell(p->grr, f->too_few), origin),
               p->grr.stated ? framework_text(f, "%s to %s", words_share(p->grr.low).text,
                                              words_share(p->grr.high).text)
                             : NULL);
    doc_figure(s, "Logo churn", with_origin(report_rate_cell(*churn, f->too_few), origin),
               churn->of == 0 ? NULL
               : churn->stated
                   ? framework_text(f, "%s to %s", words_share(churn->low).text,
                                    words_share(churn->high).text)
                   : framework_text(f, "%s of %s", words_count((int64_t)churn->hits).text,
                                    words_count((int64_t)churn->of).text));
}

static void segment_figures(framework *f, doc_section *s, const segment_profile *p)
{
    int origin = report_segment_origin(f->d, f->b, f->def, p->code,
                                       "Members of the segment at the as-of date.", NULL);
    doc_figure(s, "Accounts", with_origin(cell_count((int64_t)p->accounts), origin),
               framework_text(f, "%s of all", words_share(p->account_share.x).text));
    if (f->profile->has_value) {
        doc_figure(s, f->profile->value_label, with_origin(cell_money(p->value_minor), origin),
                   p->value.n > 0
                       ? framework_text(f, "median %s",
                                        words_money(money_minor(p->value.median), f->currency).text)
                       : NULL);
    }
    if (f->profile->has_arr) {
        outcome_figures(f, s, p);
    }
    if (p->health.n > 0) {
        doc_figure(s, "Health, median", cell_count(llround(p->health.median)),
                   framework_text(f, "half between %.0f and %.0f", p->health.q1, p->health.q3));
    }
}

/* --- what sets it apart --- */

static words trait_side(const framework *f, const trait *t, double x)
{
    return words_value(x, t->is_share ? VALUE_SHARE : t->type, f->currency);
}

static const char *trait_name(framework *f, const trait *t)
{
    return t->level != NULL ? framework_text(f, "%s is %s", t->label, t->level) : t->label;
}

static void trait_table(framework *f, doc_section *s, const char *id, const char *caption,
                        const trait *traits, size_t n, const char *in, const char *out)
{
    const doc_column columns[] = {
        {.key = "trait", .label = "What", .type = CELL_TEXT},
        {.key = "in", .label = in, .type = CELL_TEXT},
        {.key = "out", .label = out, .type = CELL_TEXT},
        {.key = "n", .label = "n", .type = CELL_COUNT, .priority = 1},
        {.key = "p", .label = "p (Holm)", .type = CELL_TEXT, .priority = 2}};
    doc_table *t = doc_table_new(s, id, caption, columns, 5);
    for (size_t i = 0; i < n && i < TRAITS_SHOWN; i++) {
        const trait *x = &traits[i];
        int origin = document_provenance(
            f->d, x->slot < FEATURE_COUNT ? feature_get((feature_id)x->slot)->definition : x->label,
            x->test.method, NULL);
        doc_row(t, (doc_cell[]){
                       cell_text(trait_name(f, x)),
                       with_origin(cell_text(framework_text(f, "%s", trait_side(f, x, x->in).text)),
                                   origin),
                       cell_text(framework_text(f, "%s", trait_side(f, x, x->out).text)),
                       cell_count((int64_t)x->n_in),
                       cell_text(framework_text(f, "%s", words_p(x->test.p_holm).text))});
    }
}

static void put_traits(framework *f, doc_section *s, const segment_profile *p)
{
    if (p->n_traits > 0) {
        trait_table(f, s, framework_text(f, "traits_%u", (unsigned)p->code),
                    "What sets it apart (medians, or shares of accounts; what its own rules read "
                    "is left out)",
                    p->traits, p->n_traits, "Here", "All others");
    } else if (p->accounts > 0) {
        doc_paragraph(s, "Nothing that was measured sets it apart from the others beyond chance.");
    }
    if (p->n_success > 0) {
        trait_table(f, s, framework_text(f, "success_%u", (unsigned)p->code),
                    "What success looked like: those that stayed against those that left, values a "
                    "year ago",
                    p->success, p->n_success, "Stayed", "Left");
    } else if (f->profile->has_arr && p->success_why != NULL) {
        doc_paragraph(s, "What success looked like cannot be said: %s.",
                      SAFE(f->d, p->success_why));
    }
}

static void put_risks(framework *f, doc_section *s, const segment_profile *p)
{
    if (p->n_risks == 0) {
        return;
    }
    const doc_column columns[] = {
        {.key = "risk", .label = "What speaks against staying", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "share", .label = "Share", .type = CELL_SHARE, .bar = true},
        {.key = "value",
         .label = f->profile->has_value ? f->profile->value_label : "Worth",
         .type = CELL_MONEY}};
    doc_table *t = doc_table_new(s, framework_text(f, "risks_%u", (unsigned)p->code), NULL, columns,
                                 f->profile->has_value ? 4 : 3);
    for (size_t i = 0; i < p->n_risks && i < RISKS_SHOWN; i++) {
        const profile_risk *r = &p->risks[i];
        STRBUF_AUTO strbuf where;
        strbuf_init(&where, 0);
        report_segment_where(&where, f->b, f->def, p->code);
        strbuf_printf(&where, " and %s", r->expression);
        int origin = document_provenance(f->d, r->label, NULL, strbuf_text(&where));
        doc_row(t, (doc_cell[]){
                       cell_text(r->label), with_origin(cell_count((int64_t)r->share.hits), origin),
                       report_rate_cell(r->share, f->too_few), cell_money(r->value_minor)});
    }
}

/* --- the whole --- */

static void one_profile(framework *f, doc_section *parent, const segment_profile *p)
{
    const char *value = f->profile->has_value && p->value_share.known
                            ? framework_text(f, ", %s of %s", words_share(p->value_share.x).text,
                                             f->v->has_arr ? "ARR" : "spend")
                            : "";
    doc_section *s =
        document_section(f->d, parent, framework_text(f, "profile-%u", (unsigned)p->code),
                         framework_text(f, "%s: %s%s", p->label,
                                        words_things((int64_t)p->accounts, "account").text, value));
    if (p->description != NULL || p->strategy != NULL) {
        const char *stop = p->description != NULL && p->strategy != NULL ? ". " : "";
        doc_paragraph(s, "%s%s%s%s.%s%s%s",
                      p->description != NULL ? SAFE(f->d, p->description) : "", stop,
                      p->strategy != NULL ? "**Strategy:** " : "",
                      p->strategy != NULL ? SAFE(f->d, p->strategy) : "",
                      p->motion != NULL ? " **Motion:** " : "",
                      p->motion != NULL ? SAFE(f->d, p->motion) : "", p->motion != NULL ? "." : "");
    }
    segment_figures(f, s, p);
    put_traits(f, s, p);
    put_risks(f, s, p);
}

strata_status framework_profiles(framework *f, strata_error *err)
{
    (void)err;
    doc_section *s = document_section(f->d, NULL, "profiles", "The segments one by one");
    if (f->profile->has_arr) {
        doc_paragraph(s,
                      "Retention follows the accounts that were in a segment on %s, wherever they "
                      "are now; ranges are 95 %% intervals. Everything else is about today's "
                      "members.",
                      words_day(f->profile->year_ago).text);
    } else {
        framework_lacks(f, "NRR, GRR, churn and lifetime value",
                        "a source `arr` (snapshots, movements or subscriptions)");
    }
    for (size_t i = 0; i < f->profile->n_segments; i++) {
        if (f->profile->segments[i].accounts > 0) {
            one_profile(f, s, &f->profile->segments[i]);
        }
    }
    return STRATA_OK;
}
