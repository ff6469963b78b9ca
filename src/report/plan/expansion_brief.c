/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/expansion_brief.h"

#include <math.h>
#include <stdio.h>

#include "document/chart.h"
#include "report/plan/capacity.h"
#include "report/report.h"

static const char *currency_of(const expansion_brief_input *in)
{
    return report_currency(in->own->b);
}

/* --- the page a vice-president reads --- */

static size_t in_first_quarter(const expansion_brief_input *in, int64_t *room)
{
    enum { QUARTER = 3 };
    const growth *g = in->growth.growth;
    size_t n = 0;
    *room = 0;
    for (size_t k = 0; in->sequence != NULL && k < g->n_ready; k++) {
        const sequence_slot *s = &in->sequence->slots[k];
        bool soon = s->why == SEQUENCE_MONTH && s->month <= QUARTER;
        n += soon;
        *room += soon && g->ready[k].gap_minor > 0 ? g->ready[k].gap_minor : 0;
    }
    return n;
}

static void put_summary(document *d, const expansion_brief_input *in)
{
    const segment_room *all = &in->rooms[in->by->n_segments];
    const char *currency = currency_of(in);
    doc_section *s = document_section(d, NULL, "summary", "Where the growth in the base is");
    int origin =
        document_provenance(d, "stated potential less ARR, where that is above 0", "arr_gap", NULL);
    int64_t room = 0;
    size_t n = in_first_quarter(in, &room);
    if (all->known == 0) {
        doc_note(s, "missing",
                 "No account has a stated potential: a column `potential_arr` in "
                 "accounts would say how much room there is.");
    } else {
        doc_figure(s, "Room a year", with_origin(cell_money(all->room_minor), origin),
                   "stated potential less ARR");
        doc_figure(s, "Of accounts that are ready",
                   with_origin(cell_money(all->ready_room_minor), origin),
                   words_things((int64_t)all->ready, "account").text);
        doc_paragraph(s, "The potential of %s of %s is known.",
                      words_count((int64_t)all->known).text,
                      words_things((int64_t)all->accounts, "account").text);
    }
    if (in->sequence != NULL && in->growth.growth->n_ready > 0) {
        doc_paragraph(s,
                      "The hours that managers have left allow for talks with %s of them within "
                      "three months, with room for %s a year.",
                      words_count((int64_t)n).text, words_money(room, currency).text);
    }
    const growth_trial *t = in->growth.trial;
    if (t->done && t->auc.bounded) {
        doc_paragraph(s,
                      "Tried on the past, the score would have put an account that expanded above "
                      "one that did not in %.0f of 100 pairs (%.0f to %.0f; 50 is chance).",
                      t->auc.auc * 100.0, t->auc.interval_95.low * 100.0,
                      t->auc.interval_95.high * 100.0);
    }
}

/* --- room by segment --- */

static void put_room_chart(doc_section *s, const expansion_brief_input *in, arena *a)
{
    const size_t n = in->by->n_segments;
    double *room = ARENA_NEW(a, n + 1, double);
    double *ready = ARENA_NEW(a, n + 1, double);
    if (room == NULL || ready == NULL || in->rooms[n].room_minor == 0) {
        return;
    }
    for (size_t c = 0; c < n; c++) {
        room[c] = (double)in->rooms[c].room_minor / 100.0;
        ready[c] = (double)in->rooms[c].ready_room_minor / 100.0;
    }
    const chart_theme theme = {.currency = currency_of(in), .names = in->by->labels, .n_names = n};
    const chart_measure measures[] = {
        {.title = "Room a year", .format = CHART_MONEY, .values = room},
        {.title = "Of accounts that are ready", .format = CHART_MONEY, .values = ready}};
    doc_chart(s, "room", "Room by segment",
              "Bars of room a year by segment; the table has the figures.",
              chart_bars(&theme, in->by->labels, n, measures, 2));
}

static void put_rooms(document *d, const expansion_brief_input *in, arena *a)
{
    const doc_column columns[] = {
        {.key = "segment", .label = report_dimension_label(in->own->b, in->by), .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT},
        {.key = "value", .label = in->own->value_label, .type = CELL_MONEY, .priority = 1},
        {.key = "known", .label = "Potential known", .type = CELL_COUNT, .priority = 2},
        {.key = "room", .label = "Room a year", .type = CELL_MONEY},
        {.key = "share", .label = "Of all room", .type = CELL_SHARE, .priority = 1},
        {.key = "ready", .label = "Ready", .type = CELL_COUNT},
        {.key = "ready_room", .label = "their room", .type = CELL_MONEY}};
    const size_t n = in->by->n_segments;
    const segment_room *all = &in->rooms[n];
    size_t most = 0;
    for (size_t c = 1; c < n; c++) {
        most = in->rooms[c].room_minor > in->rooms[most].room_minor ? c : most;
    }
    char title[200];
    (void)snprintf(title, sizeof title, "%.60s holds %s of the room", in->by->labels[most],
                   words_share(all->room_minor > 0
                                   ? (double)in->rooms[most].room_minor / (double)all->room_minor
                                   : 0.0)
                       .text);
    doc_section *s =
        document_section(d, NULL, "rooms", all->room_minor > 0 ? title : "Room by segment");
    put_room_chart(s, in, a);
    doc_table *t = doc_table_new(s, "rooms", NULL, columns, sizeof columns / sizeof *columns);
    for (size_t c = 0; c <= n; c++) {
        const segment_room *r = &in->rooms[c];
        double share =
            all->room_minor > 0 ? (double)r->room_minor / (double)all->room_minor : (double)NAN;
        const doc_cell cells[] = {
            cell_text(c < n ? in->by->labels[c] : "All"),
            cell_count((int64_t)r->accounts),
            cell_money(r->value_minor),
            cell_count((int64_t)r->known),
            r->known > 0 ? cell_money(r->room_minor) : cell_empty("potential is not known"),
            cell_share(share),
            cell_count((int64_t)r->ready),
            r->known > 0 ? cell_money(r->ready_room_minor) : cell_empty("potential is not known")};
        if (c < n) {
            doc_row(t, cells);
        } else {
            doc_row_total(t, cells);
        }
    }
}

/* --- whom to talk to --- */

enum {
    A_ACCOUNT,
    A_NAME,
    A_VALUE,
    A_ROOM,
    A_SCORE,
    A_TRIGGER,
    A_OPENER,
    A_LEAD,
    A_CSM,
    A_WHEN,
    A_SPLIT, /* from here on in the data only: more would not fit on a page */
    A_STEP,
    A_BY,
    A_COLUMNS
};

static words when_words(const sequence_slot *s)
{
    static const char *const texts[SEQUENCE_WHYS] = {[SEQUENCE_LATER] = "not within 12 months",
                                                     [SEQUENCE_NONE] = "no hours left",
                                                     [SEQUENCE_NOBODY] = "no manager"};
    words w;
    if (s->why == SEQUENCE_MONTH) {
        (void)snprintf(w.text, sizeof w.text, "month %d", s->month);
    } else {
        (void)snprintf(w.text, sizeof w.text, "%s", texts[s->why]);
    }
    return w;
}

/* "Active users per seat 25 of 25, Gap over ARR 20 of 25, ..." */
static void put_split_text(strbuf *out, const growth_sign *signs, size_t n)
{
    strbuf_clear(out);
    for (size_t i = 0; i < n; i++) {
        if (signs[i].weight > 0.0) {
            strbuf_printf(out, "%s%s %.0f of %.0f", out->len > 0 ? ", " : "", signs[i].label,
                          signs[i].part, signs[i].weight * 100.0);
        }
    }
}

static strata_status put_account(doc_table *t, const expansion_brief_input *in,
                                 const growth_talks *talks, size_t k, strbuf *points,
                                 growth_words *said, strata_error *err)
{
    growth_sign signs[GROWTH_SIGNS_MOST];
    size_t n = 0;
    const view *v = in->growth.v;
    const growth_account *x = &in->growth.growth->ready[k];
    const growth_model *m = &in->growth.growth->model;
    const size_t i = x->account;
    STRATA_TRY(growth_signs(v, m, i, signs, &n, err));
    put_split_text(points, signs, n);
    STRATA_TRY(strbuf_status(points, err));
    STRATA_TRY(report_growth_words(talks, x, signs, n, said, err));
    segment_code lead =
        m->lead != NULL ? segmentation_codes(v->s, m->lead, v->now_at)[i] : SEGMENT_ABSENT;
    const words when = in->sequence != NULL ? when_words(&in->sequence->slots[k]) : (words){""};
    char trigger[160];
    (void)snprintf(trigger, sizeof trigger, "%.100s, %.0f of 100", signs[said->sign].label,
                   signs[said->sign].scaled);
    const doc_cell cells[A_COLUMNS] = {
        [A_ACCOUNT] = cell_text(v->p->ids[i]),
        [A_NAME] = cell_text(v->p->names[i]),
        [A_VALUE] = cell_money(view_value_minor(in->own, i)),
        [A_ROOM] =
            x->gap_minor >= 0 ? cell_money(x->gap_minor) : cell_empty("potential is not known"),
        [A_SCORE] = cell_number(x->score),
        [A_SPLIT] = cell_text(strbuf_text(points)),
        [A_TRIGGER] = cell_text(trigger),
        [A_OPENER] = cell_text(strbuf_text(&said->opener)),
        [A_STEP] = cell_text(strbuf_text(&said->step)),
        [A_BY] = cell_date(said->by),
        [A_LEAD] = m->lead != NULL ? cell_text(report_segment_label(v->b, m->lead, lead))
                                   : cell_empty(NULL),
        [A_CSM] = in->csm[i] >= 0 ? cell_text(in->csms->items[in->csm[i]].name)
                                  : cell_empty("no manager"),
        [A_WHEN] = in->sequence != NULL ? cell_text(when.text) : cell_empty("see below"),
    };
    doc_row(t, cells);
    return STRATA_OK;
}

static strata_status put_accounts(document *d, const expansion_brief_input *in,
                                  const growth_talks *talks, strata_error *err)
{
    const doc_column columns[A_COLUMNS] = {
        [A_ACCOUNT] = {.key = "account_id", .label = "Account", .type = CELL_TEXT},
        [A_NAME] = {.key = "name", .label = "Name", .type = CELL_TEXT},
        [A_VALUE] = {.key = "value", .label = in->own->value_label, .type = CELL_MONEY},
        [A_ROOM] = {.key = "room", .label = "Room a year", .type = CELL_MONEY},
        [A_SCORE] =
            {.key = "score", .label = "Score", .type = CELL_NUMBER, .decimals = 0, .bar = true},
        [A_SPLIT] = {.key = "split", .label = "Its points", .type = CELL_TEXT, .data_only = true},
        [A_TRIGGER] = {.key = "trigger", .label = "Trigger", .type = CELL_TEXT, .priority = 3},
        [A_OPENER] = {.key = "opener", .label = "Opener", .type = CELL_TEXT, .priority = 5},
        [A_STEP] = {.key = "first_step",
                    .label = "First step",
                    .type = CELL_TEXT,
                    .data_only = true},
        [A_BY] = {.key = "first_by", .label = "By", .type = CELL_DATE, .data_only = true},
        [A_LEAD] = {.key = "lead", .label = "Leads", .type = CELL_TEXT, .priority = 1},
        [A_CSM] = {.key = "manager", .label = "Manager", .type = CELL_TEXT, .priority = 2},
        [A_WHEN] = {.key = "when", .label = "When", .type = CELL_TEXT, .priority = 1},
    };
    const growth *g = in->growth.growth;
    doc_section *s = document_section(d, NULL, "accounts", "Whom to talk to, and how to begin");
    if (g->n_ready == 0) {
        doc_paragraph(s, "Nobody is in the tier *Ready*.");
        return STRATA_OK;
    }
    STRBUF_AUTO strbuf points;
    GROWTH_WORDS_AUTO growth_words said = {0};
    strbuf_init(&points, 0);
    doc_table *t = doc_table_new(s, "expansion", NULL, columns, A_COLUMNS);
    for (size_t k = 0; k < g->n_ready && k < in->growth.limit; k++) {
        STRATA_TRY(put_account(t, in, talks, k, &points, &said, err));
    }
    doc_table_footnote(t, "strata brief ACCOUNT has the points of the score, and the steps of the "
                          "hand-off with their days.");
    if (in->growth.limit < g->n_ready) {
        doc_table_footnote(t, "The first %s of %s; --limit shows more.",
                           words_count((int64_t)in->growth.limit).text,
                           words_count((int64_t)g->n_ready).text);
    }
    return STRATA_OK;
}

/* --- in what order --- */

typedef struct wave {
    size_t n;
    int64_t value, room;
} wave;

static void put_wave(doc_table *t, const char *label, const wave *w)
{
    if (w->n > 0) {
        doc_row(t, (doc_cell[]){cell_text(label), cell_count((int64_t)w->n), cell_money(w->value),
                                cell_money(w->room)});
    }
}

static void put_sequence(document *d, const expansion_brief_input *in)
{
    static const doc_column columns[] = {
        {.key = "when", .label = "When", .type = CELL_TEXT},
        {.key = "accounts", .label = "Accounts", .type = CELL_COUNT, .bar = true},
        {.key = "value", .label = "ARR", .type = CELL_MONEY},
        {.key = "room", .label = "Room a year", .type = CELL_MONEY}};
    doc_section *s = document_section(d, NULL, "sequence", "In what order the hours allow it");
    if (in->sequence == NULL) {
        doc_note(s, "missing", "There is no sequence by capacity: %s.",
                 document_escape(d, in->no_sequence));
        return;
    }
    const growth *g = in->growth.growth;
    wave months[SEQUENCE_MONTHS + 1] = {{0}};
    wave others[SEQUENCE_WHYS] = {{0}};
    for (size_t k = 0; k < g->n_ready; k++) {
        const sequence_slot *x = &in->sequence->slots[k];
        wave *w = x->why == SEQUENCE_MONTH ? &months[x->month] : &others[x->why];
        w->n++;
        w->value += view_value_minor(in->own, g->ready[k].account);
        w->room += g->ready[k].gap_minor > 0 ? g->ready[k].gap_minor : 0;
    }
    doc_paragraph(
        s,
        "Beyond what their books take, %s have %s in 12 months. A talk is taken for %s of "
        "a manager (a review and two touchpoints), %s where sales leads (one touchpoint): "
        "assumptions, made of the model's `hours`. The highest scores come first.",
        words_things((int64_t)in->sequence->n_managers_free, "manager").text,
        words_hours(in->sequence->free_minutes).text, words_hours(in->sequence->talk_minutes).text,
        words_things(in->sequence->door_minutes, "minute").text);
    doc_table *t = doc_table_new(s, "sequence", NULL, columns, 4);
    for (int m = 1; m <= SEQUENCE_MONTHS; m++) {
        char label[24];
        (void)snprintf(label, sizeof label, "Month %d", m);
        put_wave(t, label, &months[m]);
    }
    put_wave(t, "Not within 12 months", &others[SEQUENCE_LATER]);
    put_wave(t, "The manager has no hours left", &others[SEQUENCE_NONE]);
    put_wave(t, "No manager, or hours not stated", &others[SEQUENCE_NOBODY]);
}

strata_status report_expansion_brief(document *d, const expansion_brief_input *in,
                                     strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    growth_talks talks = {0};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(report_growth_talks(&in->growth, a, &talks, err));
    put_summary(d, in);
    put_rooms(d, in, a);
    report_growth_tiers(d, NULL, &in->growth);
    STRATA_TRY(put_accounts(d, in, &talks, err));
    STRATA_TRY(report_growth_leads(d, NULL, &in->growth, &talks, err));
    report_growth_evidence(d, NULL, &in->growth);
    put_sequence(d, in);
    return document_status(d, err);
}
