/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/evidence.h"

#include <stdio.h>

#include "document/chart.h"
#include "report/segments/evidence_parts.h"

enum { DOTS_MAX = 36 };
static const double WORTH_TELLING = 0.01; /* of an AUC */

words evidence_auc(double auc)
{
    words w;
    (void)snprintf(w.text, sizeof w.text, "%.2f", auc);
    return w;
}

const char *evidence_who(const evidence *e, evidence_outcome o)
{
    if (e->shop) {
        return o == EVIDENCE_CHURN ? "who bought again" : "who spent much";
    }
    return o == EVIDENCE_CHURN ? "who left" : "who grew";
}

const char *evidence_what(const evidence *e, evidence_outcome o)
{
    if (e->shop) {
        return o == EVIDENCE_CHURN ? "repeat purchase" : "spend";
    }
    return o == EVIDENCE_CHURN ? "churn" : "expansion";
}

void report_evidence_title(strbuf *out, const evidence *e)
{
    if (e->why != NULL) {
        strbuf_add(out, "Nothing shows yet what became of segments");
        return;
    }
    if (e->ranked == SIZE_MAX) {
        strbuf_add(out, "What became of segments; too little time to rank segmentations");
        return;
    }
    const evidence_dimension *churn = evidence_best(e, EVIDENCE_CHURN);
    const evidence_dimension *growth = evidence_best(e, EVIDENCE_EXPANSION);
    int months = e->horizons[e->ranked].months;
    if (churn == NULL && growth == NULL) {
        strbuf_printf(
            out,
            e->shop ? "No segmentation told who would buy again or spend much within %d months"
                    : "No segmentation told who would leave or grow within %d months",
            months);
        return;
    }
    const evidence_dimension *first = churn != NULL ? churn : growth;
    evidence_outcome o = churn != NULL ? EVIDENCE_CHURN : EVIDENCE_EXPANSION;
    strbuf_printf(out, "%s told %s%s within %d months (AUC %s)", first->label,
                  e->n_dimensions > 1 ? "best " : "", evidence_who(e, o), months,
                  evidence_auc(first->by[o].auc).text);
    if (churn == NULL || growth == NULL) {
        evidence_outcome other = churn == NULL ? EVIDENCE_CHURN : EVIDENCE_EXPANSION;
        bool judged = e->dimensions[e->order[other][0]].by[other].known;
        strbuf_printf(out, judged ? "; none told %s" : "; %s could not be judged",
                      evidence_who(e, other));
        return;
    }
    strbuf_printf(out, ", %s %s (%s)", growth == churn ? "and" : growth->label,
                  evidence_who(e, EVIDENCE_EXPANSION),
                  evidence_auc(growth->by[EVIDENCE_EXPANSION].auc).text);
}

/* --- the ranking --- */

/* Of the others, the next best and the worst that is better than a coin. */
static void put_next(strbuf *out, document *d, const evidence *e, evidence_outcome o)
{
    const evidence_lead *lead = &e->lead[o];
    if (!lead->known) {
        return;
    }
    const evidence_dimension *next = &e->dimensions[e->order[o][1]];
    if (lead->low > 0.0 && lead->difference >= WORTH_TELLING) {
        strbuf_printf(out, " It leads %s by %s (%s to %s), beyond chance.", SAFE(d, next->label),
                      evidence_auc(lead->difference).text, evidence_auc(lead->low).text,
                      evidence_auc(lead->high).text);
    } else {
        strbuf_printf(out, " %s does about as well (%s).", SAFE(d, next->label),
                      evidence_auc(next->by[o].auc).text);
    }
    size_t last = e->n_dimensions;
    while (last > 2 && !e->dimensions[e->order[o][last - 1]].by[o].known) {
        last--;
    }
    if (last > 2) {
        const evidence_dimension *least = &e->dimensions[e->order[o][last - 1]];
        strbuf_printf(out, " Least: %s (%s).", SAFE(d, least->label),
                      evidence_auc(least->by[o].auc).text);
    }
}

/* What begins a sentence. */
static const char *subject_of(const evidence *e, evidence_outcome o)
{
    if (e->shop) {
        return o == EVIDENCE_CHURN ? "Who bought again" : "Who spent much";
    }
    return o == EVIDENCE_CHURN ? "Who left" : "Who grew";
}

static void put_lead(doc_section *s, document *d, const evidence *e, evidence_outcome o)
{
    const evidence_dimension *best = evidence_best(e, o);
    int months = e->horizons[e->ranked].months;
    if (best == NULL) {
        const evidence_dimension *top = &e->dimensions[e->order[o][0]];
        if (top->by[o].known) {
            doc_bullet(s, "None told %s within %d months: the best, %s, reaches AUC %s (%s to %s).",
                       evidence_who(e, o), months, SAFE(d, top->label),
                       evidence_auc(top->by[o].auc).text, evidence_auc(top->by[o].low).text,
                       evidence_auc(top->by[o].high).text);
        } else {
            doc_bullet(s, "%s within %d months could not be judged: %s (%s of %s).",
                       subject_of(e, o), months, top->by[o].why,
                       words_count((int64_t)top->by[o].hits).text,
                       words_things((int64_t)top->by[o].of, "observation").text);
        }
        return;
    }
    const evidence_separation *f = &best->by[o];
    STRBUF_AUTO strbuf rest;
    strbuf_init(&rest, 0);
    put_next(&rest, d, e, o);
    doc_bullet(s, "**%s separates %s**: AUC %s (%s to %s) for %s within %d months.%s",
               SAFE(d, best->label), evidence_what(e, o), evidence_auc(f->auc).text,
               evidence_auc(f->low).text, evidence_auc(f->high).text, evidence_who(e, o), months,
               strbuf_text(&rest));
}

/* Those that the best one leaves behind: no better than a coin. */
static void put_useless(doc_section *s, document *d, const evidence *e, evidence_outcome o)
{
    STRBUF_AUTO strbuf names;
    strbuf_init(&names, 0);
    size_t n = 0;
    for (size_t k = 0; k < e->n_dimensions; k++) {
        const evidence_dimension *x = &e->dimensions[e->order[o][k]];
        if (x->by[o].known && x->by[o].low <= 0.5) {
            strbuf_printf(&names, "%s%s (%s)", n++ > 0 ? ", " : "", SAFE(d, x->label),
                          evidence_auc(x->by[o].auc).text);
        }
    }
    if (n > 0 && evidence_best(e, o) != NULL) {
        doc_bullet(s, "No better than a coin for %s: %s.", evidence_who(e, o), strbuf_text(&names));
    }
}

void evidence_put_findings(document *d, doc_section *s, const evidence *e)
{
    for (size_t o = 0; o < EVIDENCE_OUTCOMES; o++) {
        put_lead(s, d, e, (evidence_outcome)o);
        put_useless(s, d, e, (evidence_outcome)o);
    }
}

static const char *members_title(const evidence *e, evidence_outcome o)
{
    if (e->shop) {
        return o == EVIDENCE_CHURN ? "Bought again" : "Spent much";
    }
    return o == EVIDENCE_CHURN ? "Churn" : "Expansion";
}

/* Members by segment: who left, or who grew, so many months on. */
static void put_members_chart(doc_section *s, const evidence *e, size_t h, evidence_outcome o)
{
    chart_dot dots[DOTS_MAX];
    char notes[DOTS_MAX][WORDS_TEXT + 16];
    const evidence_horizon *x = &e->horizons[h];
    const share_figure *all = o == EVIDENCE_CHURN ? &x->all.churned : &x->all.expanded;
    const chart_theme theme = {.names = e->labels, .n_names = e->n_segments};
    size_t n = 0;
    for (size_t g = 0; g < e->n_segments && n < DOTS_MAX; g++) {
        const evidence_after *m = &x->segments[g];
        const share_figure *f = o == EVIDENCE_CHURN ? &m->churned : &m->expanded;
        if (f->stated) {
            (void)snprintf(notes[n], sizeof notes[n], "n = %s",
                           words_count((int64_t)m->accounts).text);
            dots[n] = (chart_dot){.label = e->labels[g],
                                  .value = f->share,
                                  .low = f->low,
                                  .high = f->high,
                                  .note = notes[n]};
            n++;
        }
    }
    if (n < 2) {
        return;
    }
    char title[WORDS_TEXT];
    (void)snprintf(title, sizeof title, "%s within %d months, by the segment at the review",
                   members_title(e, o), x->months);
    doc_chart(s, o == EVIDENCE_CHURN ? "churn_after" : "expansion_after", title,
              "Dots with 95 % intervals by segment; the table has the figures.",
              chart_dots(&theme, dots, n, CHART_SHARE, all->share, "all"));
}

static void put_chart(doc_section *s, const evidence *e, evidence_outcome o)
{
    chart_dot dots[DOTS_MAX];
    char notes[DOTS_MAX][WORDS_TEXT + 16];
    chart_theme theme = {0};
    size_t n = 0;
    for (size_t k = 0; k < e->n_dimensions && n < DOTS_MAX; k++) {
        const evidence_dimension *x = &e->dimensions[e->order[o][k]];
        if (x->by[o].known) {
            (void)snprintf(notes[n], sizeof notes[n], "%zu segments", x->n_segments);
            dots[n] = (chart_dot){.label = x->label,
                                  .value = x->by[o].auc,
                                  .low = x->by[o].low,
                                  .high = x->by[o].high,
                                  .note = notes[n]};
            n++;
        }
    }
    if (n == 0) {
        return;
    }
    char title[WORDS_TEXT];
    (void)snprintf(title, sizeof title, "How well segmentations told %s within %d months (AUC)",
                   evidence_who(e, o), e->horizons[e->ranked].months);
    doc_chart(s, o == EVIDENCE_CHURN ? "churn_auc" : "expansion_auc", title,
              "Dots with 95 % intervals by segmentation, best first; the table has the figures.",
              chart_dots(&theme, dots, n, CHART_SHARE, 0.5, "a coin"));
}

/* --- documents --- */

/* That of the ranking, else the longest with reviews. */
static size_t main_horizon(const evidence *e)
{
    size_t horizon = 0;
    for (size_t h = 0; h < EVIDENCE_HORIZONS; h++) {
        horizon = e->horizons[h].n_reviews > 0 ? h : horizon;
    }
    return e->ranked != SIZE_MAX ? e->ranked : horizon;
}

static bool put_why(doc_section *s, const evidence *e)
{
    if (e->why != NULL) {
        doc_note(s, "missing", "Segments cannot be judged by what happened afterwards: %s.",
                 e->why);
        return true;
    }
    return false;
}

void report_evidence(document *d, doc_section *parent, const bound_model *b, const evidence *e)
{
    doc_section *s = document_section(d, parent, "ranking", "Which segmentation told outcomes");
    if (put_why(s, e)) {
        return;
    }
    if (e->ranked == SIZE_MAX) {
        doc_note(s, "missing", "No ranking: %s.", e->why_not_ranked);
    } else {
        evidence_put_findings(d, s, e);
        put_chart(s, e, EVIDENCE_CHURN);
        put_chart(s, e, EVIDENCE_EXPANSION);
        evidence_put_ranking(d, s, e);
    }
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    strbuf_printf(&title, "What became of members: %s", e->label);
    doc_section *after = document_section(d, parent, "after", strbuf_text(&title));
    put_members_chart(after, e, main_horizon(e), EVIDENCE_CHURN);
    put_members_chart(after, e, main_horizon(e), EVIDENCE_EXPANSION);
    evidence_put_segments(d, after, b, e, EVIDENCE_HORIZONS);
    evidence_put_method(document_section(d, parent, "method", "How this was judged"), e);
}

/* "3rd of 8" */
static words rank_of(const evidence *e, evidence_outcome o)
{
    words w = {{0}};
    size_t of = 0;
    size_t at = 0;
    for (size_t k = 0; k < e->n_dimensions; k++) {
        const evidence_dimension *x = &e->dimensions[e->order[o][k]];
        of += x->by[o].known;
        at = x->def == e->def && x->by[o].known ? of : at;
    }
    if (at > 0) {
        (void)snprintf(w.text, sizeof w.text, "number %zu of %zu", at, of);
    }
    return w;
}

static void put_standing(doc_section *s, const evidence *e)
{
    for (size_t o = 0; o < EVIDENCE_OUTCOMES; o++) {
        words rank = rank_of(e, (evidence_outcome)o);
        for (size_t k = 0; k < e->n_dimensions && rank.text[0] != '\0'; k++) {
            const evidence_dimension *x = &e->dimensions[k];
            if (x->def == e->def) {
                doc_bullet(s, "For %s this one is %s: AUC %s (%s to %s).",
                           evidence_who(e, (evidence_outcome)o), rank.text,
                           evidence_auc(x->by[o].auc).text, evidence_auc(x->by[o].low).text,
                           evidence_auc(x->by[o].high).text);
            }
        }
    }
}

void report_evidence_part(document *d, doc_section *parent, const bound_model *b, const evidence *e)
{
    STRBUF_AUTO strbuf title;
    strbuf_init(&title, 0);
    report_evidence_title(&title, e);
    doc_section *s = document_section(d, parent, "evidence", strbuf_text(&title));
    if (put_why(s, e)) {
        return;
    }
    size_t horizon = main_horizon(e);
    if (e->ranked != SIZE_MAX) {
        evidence_put_findings(d, s, e);
        put_standing(s, e);
    }
    put_members_chart(s, e, horizon, EVIDENCE_CHURN);
    put_members_chart(s, e, horizon, EVIDENCE_EXPANSION);
    evidence_put_segments(d, s, b, e, horizon);
    evidence_put_method(s, e);
}
