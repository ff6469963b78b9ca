/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORT_REVIEW_PARTS_H
#define STRATA_REPORT_COHORT_REVIEW_PARTS_H

/* Inside the review of a cohort: one function per section. */

#include "document/chart.h"
#include "report/cohort_review/cohort_review.h"
#include "report/report.h"

typedef struct review_page {
    document *d;
    const cohort_review_input *in;
    const cohort_review *r;
    const review_subject *s;
    const char *currency;
    const char *cohort; /* name, safe in running text */
    const char *peers;  /* "the 4 cohorts before", safe */
    char too_few[WORDS_TEXT];
} review_page;

void review_put_summary(const review_page *p);
void review_put_profile(const review_page *p);
void review_put_retention(const review_page *p);
void review_put_goals(const review_page *p);
void review_put_churn(const review_page *p);
void review_put_nrr(const review_page *p);
void review_put_growth(const review_page *p);
void review_put_quartiles(const review_page *p);
void review_put_patterns(const review_page *p);
void review_put_segments(const review_page *p);
void review_put_actions(const review_page *p);
void review_put_forecast(const review_page *p);
void review_put_effect(const review_page *p);
void review_put_method(const review_page *p);

/* The last mark with enough accounts; NULL: none. */
const review_mark *review_headline(const review_page *p);
const review_mark *review_headline_earlier(const review_page *p);
size_t review_headline_age(const review_page *p);                /* index of it */
extern const char *const review_measure_labels[REVIEW_MEASURES]; /* "Logo retention", "NRR" */
/* "86.2 % (82.1 to 89.5 %)", "5 of 12", "not reached" */
words review_mark_words(const review_mark *m, size_t measure, bool range);
/* The rate, or empty with why there is none. */
doc_cell review_mark_cell(const review_page *p, const review_mark *m, size_t measure);
/* "0.435", "< 0.001" */
doc_cell review_p_cell(doc_table *t, double p);
/* "+2.1 points" */
words review_points(double difference);
/* Provenance of a figure of the cohort's accounts. */
int review_origin(const review_page *p, const char *definition, const char *inputs);
/* "At least 4 Active days in 30 days, by day 60" */
void review_pattern_words(const review_page *p, const review_pattern *x, strbuf *out);

#endif
