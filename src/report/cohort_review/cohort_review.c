/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "report/cohort_review/parts.h"

const char *const review_measure_labels[REVIEW_MEASURES] = {
    [GOAL_LOGO] = "Logo retention", [GOAL_NRR] = "NRR", [GOAL_GRR] = "GRR"};

/* --- what sections share --- */

size_t review_headline_age(const review_page *p)
{
    for (size_t k = REVIEW_MARKS; k > 0; k--) {
        if (p->r->retention.last == review_marks[k - 1]) {
            return k - 1;
        }
    }
    return SIZE_MAX;
}

const review_mark *review_headline(const review_page *p)
{
    size_t k = review_headline_age(p);
    return k == SIZE_MAX ? NULL : &p->r->retention.cohort[k];
}

const review_mark *review_headline_earlier(const review_page *p)
{
    size_t k = review_headline_age(p);
    return k == SIZE_MAX ? NULL : &p->r->retention.earlier[k];
}

words review_mark_words(const review_mark *m, size_t measure, bool range)
{
    words w = {"not reached"};
    if (m->reached == 0) {
        return w;
    }
    if (measure == GOAL_LOGO) {
        return range ? words_rate_range(m->logos) : words_rate(m->logos);
    }
    const ratio_figure *f = measure == GOAL_NRR ? &m->nrr : &m->grr;
    if (!f->stated) {
        (void)snprintf(w.text, sizeof w.text, "%zu account%s, too few", f->accounts,
                       f->accounts == 1 ? "" : "s");
        return w;
    }
    return range ? words_ratio_range(*f) : words_share(f->ratio);
}

doc_cell review_mark_cell(const review_page *p, const review_mark *m, size_t measure)
{
    review_rate rate = review_rate_of(m, measure);
    return rate.stated ? cell_share(rate.value)
                       : cell_empty(m->reached == 0 ? "not reached yet" : p->too_few);
}

doc_cell review_p_cell(doc_table *t, double p)
{
    words w = words_p(p);
    const char *text = w.text + 2; /* without its "p " */
    return cell_kept(t, text[0] == '=' ? text + 2 : text);
}

words review_points(double difference)
{
    words w;
    char text[NUMBER_TEXT];
    number_format(fabs(difference) * 100.0, 1, text);
    bool none = strcmp(text, "0.0") == 0;
    (void)snprintf(w.text, sizeof w.text, "%s%s points",
                   none               ? ""
                   : difference < 0.0 ? "-"
                                      : "+",
                   text);
    return w;
}

int review_origin(const review_page *p, const char *definition, const char *inputs)
{
    return document_provenance(p->d, definition, inputs, p->r->where);
}

void review_pattern_words(const review_page *p, const review_pattern *x, strbuf *out)
{
    const symbol *sym = &p->s->b->scope.symbols[x->slot];
    const char *label = early_label(p->s, x->slot);
    if (sym->type == VALUE_BOOL) {
        strbuf_printf(out, "%s: %s", label, x->p.at_least ? "yes" : "no");
    } else {
        strbuf_printf(out, "%s %s %s", label, x->p.at_least ? "at least" : "under",
                      words_value(x->p.threshold, sym->type, p->currency).text);
    }
    strbuf_printf(out, " on day %d", early_days[x->day]);
}

/* --- the whole --- */

static void page_init(review_page *p, document *d, const cohort_review_input *in)
{
    *p = (review_page){.d = d,
                       .in = in,
                       .r = in->r,
                       .s = &in->r->s,
                       .currency = report_currency(in->r->s.b),
                       .cohort = d != NULL ? SAFE(d, in->name) : in->name,
                       .peers = d != NULL ? SAFE(d, in->r->s.all_peers) : in->r->s.all_peers};
    (void)snprintf(p->too_few, sizeof p->too_few, "fewer than %zu accounts to count",
                   in->r->s.minimum);
}

/* How the gap to the peers is put into the title. */
static const char *verdict(const review_gap *logos, const review_gap *nrr)
{
    if (!logos->known || !nrr->known) {
        return NULL;
    }
    bool better = (logos->clear && logos->gap > 0.0) || (nrr->clear && nrr->gap > 0.0);
    bool worse = (logos->clear && logos->gap < 0.0) || (nrr->clear && nrr->gap < 0.0);
    if (better && worse) {
        return "better in one, worse in the other than";
    }
    return better ? "better than" : worse ? "worse than" : "no clear difference from";
}

void report_cohort_review_title(strbuf *out, const cohort_review_input *in)
{
    review_page p;
    page_init(&p, NULL, in);
    const review_mark *m = review_headline(&p);
    if (m == NULL) {
        strbuf_printf(out, "%s: %s", in->name,
                      words_things((int64_t)p.s->cohort.n, "account").text);
        strbuf_printf(out, ", %s of them customers on %s",
                      words_count((int64_t)in->r->churn.customers).text,
                      words_day(p.s->as_of).text);
        return;
    }
    size_t age = review_headline_age(&p);
    const review_retention *r = &in->r->retention;
    strbuf_printf(out, "%s kept %s of accounts", in->name, words_share(m->logos.share).text);
    strbuf_printf(out, " by month %d, NRR is %s", m->months, words_share(m->nrr.ratio).text);
    const char *how = verdict(&r->gap[GOAL_LOGO][age], &r->gap[GOAL_NRR][age]);
    if (how != NULL) {
        strbuf_printf(out, ": %s %s", how, p.s->all_peers);
    }
}

void report_cohort_review(document *d, const cohort_review_input *in)
{
    review_page p;
    page_init(&p, d, in);
    review_put_summary(&p);
    review_put_profile(&p);
    review_put_retention(&p);
    review_put_goals(&p);
    review_put_nrr(&p);
    review_put_churn(&p);
    review_put_growth(&p);
    review_put_patterns(&p);
    review_put_quartiles(&p);
    review_put_segments(&p);
    review_put_actions(&p);
    review_put_forecast(&p);
    review_put_effect(&p);
    review_put_method(&p);
}
