/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "document/chart.h"
#include "report/data/data_quality.h"
#include "report/words.h"

enum { SOURCES_MOST = 32, TITLE_TEXT = 400, FRESH_DAYS = 31, OF_TEXT = 128 };

/* --- from when until when --- */

static void reach_title(char out[TITLE_TEXT], size_t n, size_t late,
                        const ingest_source_summary *latest_end, day now)
{
    if (late == 0) {
        (void)snprintf(out, TITLE_TEXT, "All %zu dated sources reach to %d days before %s or later",
                       n, FRESH_DAYS, words_day(now).text);
        return;
    }
    (void)snprintf(out, TITLE_TEXT,
                   "%zu of %zu dated sources end more than %d days before %s: %s on %s%s", late, n,
                   FRESH_DAYS, words_day(now).text, latest_end->entity,
                   words_day(latest_end->last_day).text, late > 1 ? " first" : "");
}

static void put_reach(doc_section *s, const ingest_summary *summary, day now)
{
    chart_span spans[SOURCES_MOST];
    const ingest_source_summary *oldest = NULL;
    size_t n = 0;
    size_t late = 0;
    for (size_t i = 0; i < summary->n_sources && n < SOURCES_MOST; i++) {
        const ingest_source_summary *x = &summary->sources[i];
        if (x->first_day == DAY_MISSING || x->last_day == DAY_MISSING) {
            continue;
        }
        bool is_late = now - x->last_day > FRESH_DAYS;
        oldest = is_late && (oldest == NULL || x->last_day < oldest->last_day) ? x : oldest;
        late += is_late;
        spans[n++] = (chart_span){.label = x->entity,
                                  .from = x->first_day,
                                  .to = x->last_day,
                                  .tone = is_late ? CHART_TONE_WARN : CHART_TONE_NONE};
    }
    if (n < 2) {
        return;
    }
    char title[TITLE_TEXT];
    reach_title(title, n, late, oldest, now);
    doc_chart(s, "reach", title,
              "Bars from the first to the last day of the rows of each source; the table has both.",
              chart_spans(spans, n, now));
}

/* --- what was refused --- */

static void put_rejects(doc_section *s, const ingest_summary *summary)
{
    const char *labels[SOURCES_MOST];
    double rejected[SOURCES_MOST];
    double share[SOURCES_MOST];
    char of[SOURCES_MOST][OF_TEXT];
    const char *texts[SOURCES_MOST];
    const ingest_source_summary *worst = NULL;
    double worst_share = 0.0;
    size_t n = 0;
    for (size_t i = 0; i < summary->n_sources && n < SOURCES_MOST; i++) {
        const ingest_source_summary *x = &summary->sources[i];
        if (x->n_rejected == 0 || x->n_read == 0) {
            continue;
        }
        labels[n] = x->entity;
        rejected[n] = (double)x->n_rejected;
        share[n] = (double)x->n_rejected / (double)x->n_read;
        (void)snprintf(of[n], OF_TEXT, "of %s", words_count(x->n_read).text);
        texts[n] = of[n];
        if (share[n] > worst_share) {
            worst = x;
            worst_share = share[n];
        }
        n++;
    }
    if (n < 2) {
        return;
    }
    char title[TITLE_TEXT];
    (void)snprintf(title, sizeof title, "Largest share refused: %s, %s of %s", worst->entity,
                   words_count(worst->n_rejected).text, words_things(worst->n_read, "row").text);
    const chart_measure measures[] = {
        {.title = "Rejected rows", .format = CHART_COUNT, .values = rejected},
        {.title = "Of rows read", .format = CHART_SHARE, .values = share, .texts = texts}};
    const chart_theme theme = {0};
    doc_chart(s, "rejected-rows", title,
              "Bars of the rejected rows of each source, and their share of the rows read.",
              chart_bars(&theme, labels, n, measures, 2));
}

void report_data_charts(doc_section *s, const ingest_summary *summary, day now)
{
    put_reach(s, summary, now);
    put_rejects(s, summary);
}
