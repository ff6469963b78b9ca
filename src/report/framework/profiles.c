/* SPDX-License-Identifier: Apache-2.0 */
/* One block for each segment: how it fares, what sets it apart, what success looked like there,
 * what speaks against it. */
#include <math.h>

#include "report/framework/parts.h"
#include "report/segments/profile_charts.h"
#include "report/segments/segment_traits.h"

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
        doc_figure(s, "Health, median", with_origin(cell_count(llround(p->health.median)), origin),
                   framework_text(f, "half between %.0f and %.0f", p->health.q1, p->health.q3));
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
    report_traits(f->d, s, f->v, p);
    report_success(f->d, s, f->v, f->profile, p);
    if (f->profile->total.n_risks > 0) {
        report_risks(f->d, s, f->v, f->profile, p);
    }
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
    report_health_chart(s, f->v, f->profile);
    for (size_t i = 0; i < f->profile->n_segments; i++) {
        if (f->profile->segments[i].accounts > 0) {
            one_profile(f, s, &f->profile->segments[i]);
        }
    }
    return STRATA_OK;
}
