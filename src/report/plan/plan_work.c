/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/plan_work.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "report/plan/capacity.h"
#include "report/value.h"

static double hours_of(int64_t minutes)
{
    return (double)minutes / MINUTES_PER_HOUR;
}

/* --- hours by segment --- */

typedef struct segment_hours {
    const char *label;
    size_t n_before, n_after;
    int64_t before, after;
} segment_hours;

static segment_hours *find_segment(segment_hours *list, size_t *n, const char *label)
{
    for (size_t i = 0; i < *n; i++) {
        if (strcmp(list[i].label, label) == 0) {
            return &list[i];
        }
    }
    list[*n] = (segment_hours){.label = label};
    return &list[(*n)++];
}

static void add_side(const model_work *m, bool after, segment_hours *list, size_t *n)
{
    for (size_t c = 0; c < m->e.n_segments; c++) {
        (void)find_segment(list, n, m->e.segments[c].label);
    }
    for (size_t i = 0; i < m->w.n; i++) {
        if (m->w.codes[i] < m->e.n_segments) {
            segment_hours *s = find_segment(list, n, m->e.segments[m->w.codes[i]].label);
            s->n_before += !after;
            s->n_after += after;
            s->before += after ? 0 : m->w.total[i];
            s->after += after ? m->w.total[i] : 0;
        }
    }
}

static strata_status put_segments(doc_section *s, const plan_work_input *in, strata_error *err)
{
    static const doc_column columns[] = {
        {.key = "segment", .label = "Segment", .type = CELL_TEXT},
        {.key = "accounts_before", .label = "Accounts before", .type = CELL_COUNT, .priority = 1},
        {.key = "accounts_after", .label = "after", .type = CELL_COUNT, .priority = 1},
        {.key = "hours_before", .label = "Hours before", .type = CELL_NUMBER},
        {.key = "hours_after", .label = "after", .type = CELL_NUMBER},
        {.key = "hours_change", .label = "Change", .type = CELL_NUMBER}};
    size_t most = in->before->e.n_segments + in->after->e.n_segments;
    STRATA_AUTO_FREE segment_hours *list = STRATA_NEW_ARRAY(most + 1, segment_hours);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing hours");
    }
    size_t n = 0;
    add_side(in->after, true, list, &n);
    add_side(in->before, false, list, &n);
    doc_table *t = doc_table_new(s, "hours", NULL, columns, 6);
    for (size_t i = 0; i < n; i++) {
        if (list[i].n_before + list[i].n_after > 0) {
            doc_row(t, (doc_cell[]){cell_text(list[i].label), cell_count((int64_t)list[i].n_before),
                                    cell_count((int64_t)list[i].n_after),
                                    cell_number(hours_of(list[i].before)),
                                    cell_number(hours_of(list[i].after)),
                                    cell_number(hours_of(list[i].after - list[i].before))});
        }
    }
    int64_t before = in->before->w.total_minutes;
    int64_t after = in->after->w.total_minutes;
    doc_row_total(t, (doc_cell[]){cell_text("All"), cell_count((int64_t)in->before->w.n_accounts),
                                  cell_count((int64_t)in->after->w.n_accounts),
                                  cell_number(hours_of(before)), cell_number(hours_of(after)),
                                  cell_number(hours_of(after - before))});
    doc_table_footnote(t, "Hours of the next 12 months, by each model's `engagement`; see "
                          "`strata capacity`.");
    return STRATA_OK;
}

/* --- hours by manager --- */

typedef struct manager_shift {
    size_t csm;
    work_shift shift;
} manager_shift;

static int64_t moved(const work_shift *x)
{
    return x->more + x->less;
}

static int most_first(const void *left, const void *right)
{
    const manager_shift *a = left;
    const manager_shift *b = right;
    if (moved(&a->shift) != moved(&b->shift)) {
        return moved(&a->shift) > moved(&b->shift) ? -1 : 1;
    }
    return (a->csm > b->csm) - (a->csm < b->csm);
}

static strata_status put_managers(doc_section *s, const plan_work_input *in, strata_error *err)
{
    enum { SHOWN = 10 };
    static const doc_column columns[] = {
        {.key = "manager", .label = "Manager", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts that change", .type = CELL_COUNT},
        {.key = "more", .label = "Hours more", .type = CELL_NUMBER},
        {.key = "less", .label = "Hours less", .type = CELL_NUMBER},
        {.key = "net", .label = "Net", .type = CELL_NUMBER},
        {.key = "csm_id", .label = "Id", .type = CELL_TEXT, .data_only = true}};
    STRATA_AUTO_FREE manager_shift *list = STRATA_NEW_ARRAY(in->csms->n + 1, manager_shift);
    if (list == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory comparing hours");
    }
    size_t n = 0;
    for (size_t c = 0; c < in->csms->n; c++) {
        work_shift x = model_work_shift(in->before, in->after, (int32_t)c);
        if (moved(&x) > 0) {
            list[n++] = (manager_shift){c, x};
        }
    }
    if (n == 0) {
        return STRATA_OK;
    }
    qsort(list, n, sizeof *list, most_first);
    doc_table *t = doc_table_new(s, "managers", NULL, columns, 6);
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        const work_shift *x = &list[i].shift;
        doc_row(t, (doc_cell[]){cell_text(in->csms->items[list[i].csm].name),
                                cell_count((int64_t)(x->n_more + x->n_less)),
                                cell_number(hours_of(x->more)), cell_number(hours_of(x->less)),
                                cell_number(hours_of(x->more - x->less)),
                                cell_text(in->csms->items[list[i].csm].id)});
    }
    if (n > SHOWN) {
        doc_table_footnote(t, "%zu more managers.", n - SHOWN);
    }
    return STRATA_OK;
}

/* --- the year --- */

static doc_cell replay_cell(int64_t minutes)
{
    return minutes >= 0 ? cell_number(hours_of(minutes)) : cell_empty("cannot be said");
}

static void put_quarters(doc_section *s, const plan_work_input *in)
{
    static const doc_column columns[] = {
        {.key = "day", .label = "As of", .type = CELL_DATE},
        {.key = "hours_before", .label = "Hours before", .type = CELL_NUMBER},
        {.key = "hours_after", .label = "after", .type = CELL_NUMBER}};
    doc_table *t = doc_table_new(s, "replay", NULL, columns, 3);
    for (size_t i = 0; i < PLAN_REPLAYS; i++) {
        const plan_replay *q = &in->quarters[i];
        doc_row(t, (doc_cell[]){cell_date(q->day), replay_cell(q->before), replay_cell(q->after)});
    }
}

static void title_hours(const work_shift *x, char *title, size_t cap)
{
    if (x->n_more > 0 && x->n_less > 0) {
        (void)snprintf(title, cap, "%s a year more for %s, %s less for %s",
                       words_hours(x->more).text, words_things((int64_t)x->n_more, "account").text,
                       words_hours(x->less).text, words_things((int64_t)x->n_less, "account").text);
    } else if (x->n_more + x->n_less > 0) {
        (void)snprintf(title, cap, "%s a year %s for %s", words_hours(x->more + x->less).text,
                       x->n_more > 0 ? "more" : "less",
                       words_things((int64_t)(x->n_more + x->n_less), "account").text);
    } else {
        (void)snprintf(title, cap, "No hours move");
    }
}

static strata_status put_hours(document *d, doc_section *parent, const plan_work_input *in,
                               strata_error *err)
{
    const char *why = in->after->why != NULL ? in->after->why : in->before->why;
    if (why != NULL) {
        doc_section *s = document_section(d, parent, "hours", "Hours cannot be compared");
        doc_note(s, "missing", "The model %s: %s.", in->after->why != NULL ? "after" : "before",
                 document_escape(d, why));
        return STRATA_OK;
    }
    work_shift x = model_work_shift(in->before, in->after, WORK_OF_ALL);
    char title[500];
    title_hours(&x, title, sizeof title);
    doc_section *s = document_section(d, parent, "hours", title);
    if (x.n_more > 0) {
        doc_paragraph(s, "Those that get more hold %s.",
                      words_money(x.value_more, in->currency).text);
    }
    if (x.n_less > 0) {
        doc_paragraph(s, "Those that get less hold %s.",
                      words_money(x.value_less, in->currency).text);
    }
    STRATA_TRY(put_segments(s, in, err));
    STRATA_TRY(put_managers(s, in, err));
    if (in->replayed) {
        put_quarters(s, in);
    }
    return STRATA_OK;
}

/* --- plays --- */

static const play_counts *counts_of(const model_plays *m, const char *name)
{
    for (size_t k = 0; k < m->books.n; k++) {
        if (strcmp(m->books.items[k].p->name, name) == 0 && m->books.items[k].off == NULL) {
            return &m->plays.counts[k];
        }
    }
    return NULL;
}

static doc_cell count_or(const play_counts *c, size_t n)
{
    return c != NULL ? cell_count((int64_t)n) : cell_empty("not at work");
}

static void put_play(doc_table *t, const playbook *p, const play_counts *was, const play_counts *is)
{
    int64_t change =
        (int64_t)(is != NULL ? is->begun_year : 0) - (int64_t)(was != NULL ? was->begun_year : 0);
    doc_row(t, (doc_cell[]){cell_text(p->title), count_or(was, was != NULL ? was->begun_year : 0),
                            count_or(is, is != NULL ? is->begun_year : 0), cell_change(change),
                            count_or(was, was != NULL ? was->running : 0),
                            count_or(is, is != NULL ? is->running : 0)});
}

static size_t begun_in_year(const model_plays *m)
{
    size_t n = 0;
    for (size_t k = 0; k < m->books.n; k++) {
        n += m->plays.counts[k].begun_year;
    }
    return n;
}

static void put_books(doc_table *t, const model_plays *was, const model_plays *is)
{
    for (size_t k = 0; k < is->books.n; k++) {
        const playbook *p = is->books.items[k].p;
        const play_counts *a = counts_of(is, p->name);
        const play_counts *b = counts_of(was, p->name);
        if (a != NULL || b != NULL) {
            put_play(t, p, b, a);
        }
    }
    for (size_t k = 0; k < was->books.n; k++) {
        const playbook *p = was->books.items[k].p;
        bool told = false;
        for (size_t j = 0; j < is->books.n && !told; j++) {
            told = strcmp(is->books.items[j].p->name, p->name) == 0;
        }
        if (!told && counts_of(was, p->name) != NULL) {
            put_play(t, p, counts_of(was, p->name), NULL);
        }
    }
}

static void title_plays(size_t before, size_t after, char *title, size_t cap)
{
    if (after == before) {
        (void)snprintf(title, cap, "%s would have begun in the last 365 days, as many as did",
                       words_things((int64_t)after, "play").text);
    } else {
        (void)snprintf(title, cap, "%s would have begun in the last 365 days, instead of %s",
                       words_things((int64_t)after, "play").text,
                       words_count((int64_t)before).text);
    }
}

static void put_plays(document *d, doc_section *parent, const plan_work_input *in)
{
    static const doc_column columns[] = {
        {.key = "playbook", .label = "Playbook", .type = CELL_TEXT},
        {.key = "begun_before", .label = "Began in 365 days, before", .type = CELL_COUNT},
        {.key = "begun_after", .label = "after", .type = CELL_COUNT},
        {.key = "change", .label = "Change", .type = CELL_CHANGE},
        {.key = "running_before", .label = "Run today, before", .type = CELL_COUNT, .priority = 1},
        {.key = "running_after", .label = "after", .type = CELL_COUNT, .priority = 1}};
    const model_plays *was = in->plays_before;
    const model_plays *is = in->plays_after;
    const char *why = is->why != NULL ? is->why : was->why;
    if (why != NULL) {
        doc_section *s = document_section(d, parent, "plays", "Plays cannot be compared");
        doc_note(s, "missing", "The playbooks cannot run under the model %s: %s.",
                 is->why != NULL ? "after" : "before", document_escape(d, why));
        return;
    }
    char title[300];
    title_plays(begun_in_year(was), begun_in_year(is), title, sizeof title);
    doc_section *s = document_section(d, parent, "plays", title);
    doc_table *t = doc_table_new(s, "plays", NULL, columns, 6);
    put_books(t, was, is);
    doc_table_footnote(t, "Followed day by day under each model, from the same facts.");
}

strata_status report_plan_work(document *d, doc_section *parent, const plan_work_input *in,
                               strata_error *err)
{
    STRATA_TRY(put_hours(d, parent, in, err));
    if (in->replayed) {
        put_plays(d, parent, in);
    }
    return document_status(d, err);
}
