/* SPDX-License-Identifier: Apache-2.0 */
/* What to do with the account: what matters, renewal, growth, plays, and how to begin. */
#include <math.h>
#include <string.h>

#include "base/spoken.h"
#include "report/brief_parts.h"
#include "report/growth.h"

static const double much_less = -0.2; /* use, in 90 days */
enum { SOON = 90, LONG_SILENT = 90, CHAMPION_RECENT = 365, LOW_ANSWER = 6, HIGH_ANSWER = 9 };

static int64_t ago(const brief *b, day d)
{
    return (int64_t)b->v->as_of - (int64_t)d;
}

/* --- what matters --- */

static void matters_health(brief *b, doc_section *s)
{
    double now = brief_named(b, "health");
    double before = b->in->path->values[BRIEF_HEALTH * b->in->dates->n + b->in->dates->since_at];
    double change = round(now) - round(before);
    enum { WORTH = 5 };
    if (isnan(now) || isnan(before) || fabs(change) < WORTH) {
        return;
    }
    doc_bullet(s, "Health %s %.0f points to %.0f since %s.", change > 0 ? "rose" : "fell",
               fabs(change), now, words_day(b->v->since).text);
}

static void matters_work(brief *b, doc_section *s)
{
    const brief_signs *x = &b->signs;
    if (x->serious != NULL) {
        doc_bullet(s, "A serious ticket%s%s is open since %s.",
                   x->serious->theme != NULL ? " on " : "",
                   x->serious->theme != NULL ? SAFE(b->d, x->serious->theme) : "",
                   words_day(x->serious->opened).text);
    }
    if (x->renewal != NULL && x->renewal->due - b->v->as_of <= SOON) {
        doc_bullet(s, "It renews on %s, %s%s.", words_day(x->renewal->due).text,
                   x->renewal->due > b->v->as_of ? "in " : "",
                   brief_time(x->renewal->due - b->v->as_of).text);
    }
    if (brief_lacks(b, FEATURE_HAS_CHAMPION) == NULL && !x->has_champion) {
        doc_bullet(s, "No champion is known%s%s.",
                   x->champion_left != DAY_MISSING ? "; the last one left on " : "",
                   x->champion_left != DAY_MISSING ? words_day(x->champion_left).text : "");
    }
}

static size_t late_tasks(const brief *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->in->tasks->n; i++) {
        const task *t = &b->in->tasks->items[i];
        n += t->account == b->in->account && t->due < b->v->as_of;
    }
    return n;
}

strata_status brief_matters(brief *b, strata_error *err)
{
    (void)err;
    doc_section *s = document_section(b->d, NULL, "matters", "Before you call");
    double trend = brief_number(b, FEATURE_USAGE_TREND_90D);
    double silent = brief_number(b, FEATURE_LAST_TOUCH);
    size_t late = late_tasks(b);
    const bound_def *primary = view_primary(b->v);
    segment_code code = segmentation_codes(b->v->s, primary, b->v->now_at)[b->in->account];
    doc_paragraph(s, "%s is %s**%s** as of %s.", b->name, code < SEGMENTS_MAX ? "in " : "outside: ",
                  report_segment_label(b->v->b, primary, code), words_day(b->v->as_of).text);
    matters_health(b, s);
    matters_work(b, s);
    if (brief_pays(b) && trend <= much_less) {
        doc_bullet(s, "It uses the product %s less than a quarter ago.", words_share(-trend).text);
    }
    if (brief_pays(b) && silent > LONG_SILENT) {
        doc_bullet(s, "Nobody has touched it for %s.", brief_time(words_whole(silent)).text);
    }
    if (late > 0) {
        doc_bullet(s, "%s late.",
                   late == 1 ? "One step of a play is"
                             : brief_say(b, "%zu steps of plays are", late));
    }
    return STRATA_OK;
}

/* --- renewal --- */

strata_status brief_renewal(brief *b, strata_error *err)
{
    (void)err;
    const fact_deal *x = b->signs.renewal;
    if (brief_lacks(b, FEATURE_RENEWAL_IN) != NULL) {
        brief_missing(b, "Renewal", "a source `opportunities`");
        return STRATA_OK;
    }
    if (x == NULL) {
        doc_section *s = document_section(b->d, NULL, "renewal", "No renewal is open");
        doc_paragraph(s, "No open renewal with a date is in the opportunities.");
        return STRATA_OK;
    }
    const char *amount =
        x->amount > 0 ? brief_say(b, ", %s", words_money(x->amount, b->currency).text) : "";
    doc_section *s = document_section(
        b->d, NULL, "renewal", brief_say(b, "Renews on %s%s", words_day(x->due).text, amount));
    doc_paragraph(s, "That is %s%s.%s%s%s", x->due > b->v->as_of ? "in " : "",
                  brief_time(x->due - b->v->as_of).text,
                  x->competitor != NULL ? " A competitor is named: " : "",
                  x->competitor != NULL ? SAFE(b->d, x->competitor) : "",
                  x->competitor != NULL ? "." : "");
    for (size_t i = 0; i < b->f->n_deals; i++) {
        const fact_deal *old = &b->f->deals[i];
        if (old->kind == DEAL_RENEWAL && old->stage != DEAL_OPEN) {
            doc_paragraph(s, "The renewal of %s was %s%s%s.", words_day(old->due).text,
                          old->stage == DEAL_WON ? "won" : "lost",
                          old->competitor != NULL ? " against " : "",
                          old->competitor != NULL ? SAFE(b->d, old->competitor) : "");
        }
    }
    return STRATA_OK;
}

/* --- growth --- */

typedef struct growth_facts {
    segment_code tier, lead;
    double score;
    int64_t gap; /* -1: not known */
    growth_sign signs[GROWTH_SIGNS_MOST];
    size_t n;
} growth_facts;

static strata_status find_growth(const brief *b, growth_facts *g, strata_error *err)
{
    const view *v = b->in->growth_view;
    const growth_model *m = b->in->growth;
    const size_t i = b->in->account;
    const double *score = segmentation_column(v->s, m->score->slot).num;
    const double *gap = m->gap_slot != SIZE_MAX ? segmentation_column(v->s, m->gap_slot).num : NULL;
    g->tier = segmentation_codes(v->s, m->tier, v->now_at)[i];
    g->lead = m->lead != NULL ? segmentation_codes(v->s, m->lead, v->now_at)[i] : SEGMENT_ABSENT;
    g->score = score != NULL ? score[i] : (double)NAN;
    g->gap = gap != NULL && !isnan(gap[i]) ? money_minor(gap[i]) : -1;
    return growth_signs(v, m, i, g->signs, &g->n, err);
}

static strata_status open_talk(const brief *b, const growth_facts *g, growth_talks *talks,
                               growth_talk *talk, strata_error *err)
{
    const growth_account x = {(uint32_t)b->in->account, g->score, g->gap > 0 ? g->gap : -1};
    growth_talks t = {.v = b->in->growth_view,
                      .m = b->in->growth,
                      .csms = b->in->csms,
                      .csm = b->in->csm,
                      .people = b->in->people};
    STRATA_TRY(growth_talks_open(&t, b->v->b->model, b->a, err));
    *talks = t;
    return growth_talk_fill(talks, &x, talk, err);
}

/* Who does what by when, for an account that is ready. */
static strata_status put_hand_off(brief *b, const growth_facts *g, doc_section *parent,
                                  strata_error *err)
{
    growth_talks talks = {0};
    growth_talk talk = {.values = {NULL}};
    paper_step steps[PAPER_STEPS_MOST];
    size_t n = 0;
    if (g->tier != b->in->growth->ready) {
        return STRATA_OK;
    }
    STRATA_TRY(open_talk(b, g, &talks, &talk, err));
    STRATA_TRY(growth_talk_steps(&talks, &talk, g->lead, steps, &n, err));
    if (n > 0) {
        doc_section *s = document_section(b->d, parent, "hand_off", "Who does what by when");
        growth_put_steps(s, steps, n);
    }
    return STRATA_OK;
}

static void put_signs(doc_section *s, const growth_facts *g)
{
    static const doc_column columns[] = {
        {.key = "sign", .label = "Sign", .type = CELL_TEXT},
        {.key = "scaled", .label = "On 0-100", .type = CELL_NUMBER, .decimals = 0},
        {.key = "weight", .label = "Weight", .type = CELL_SHARE},
        {.key = "points", .label = "Points", .type = CELL_NUMBER, .decimals = 1, .bar = true}};
    doc_table *t = doc_table_new(s, "expansion", NULL, columns, 4);
    for (size_t i = 0; i < g->n; i++) {
        doc_row(t, (doc_cell[]){cell_text(g->signs[i].label), cell_number(g->signs[i].scaled),
                                cell_share(g->signs[i].weight), cell_number(g->signs[i].part)});
    }
    doc_row_total(t, (doc_cell[]){cell_text("Score"), cell_empty(NULL), cell_empty(NULL),
                                  cell_number(g->score)});
}

strata_status brief_growth(brief *b, strata_error *err)
{
    const fact_deal *talk = b->signs.talk;
    if (b->in->growth_view == NULL) {
        brief_missing(b, "Expansion", b->in->no_growth);
        return STRATA_OK;
    }
    const view *v = b->in->growth_view;
    const growth_model *m = b->in->growth;
    growth_facts *g = ARENA_NEW(b->a, 1, growth_facts);
    if (g == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(find_growth(b, g, err));
    const char *tier = report_segment_label(v->b, m->tier, g->tier);
    doc_section *s = document_section(
        b->d, NULL, "expansion",
        isnan(g->score) ? brief_say(b, "Expansion: %s", tier)
                        : brief_say(b, "Expansion: %s, score %.0f", tier, g->score));
    if (g->tier >= SEGMENTS_MAX) {
        return STRATA_OK;
    }
    const model_dimension *d = &v->b->model->dimensions[m->tier->index];
    if (g->tier < d->n_tiers && d->tiers[g->tier].description != NULL) {
        doc_paragraph(s, "%s: %s.", tier, SAFE(b->d, d->tiers[g->tier].description));
    }
    if (talk != NULL) {
        doc_paragraph(s, "An expansion%s%s is in talks since %s.", talk->amount > 0 ? " of " : "",
                      talk->amount > 0 ? words_money(talk->amount, b->currency).text : "",
                      words_day(talk->opened).text);
    }
    if (g->gap > 0) {
        doc_paragraph(s, "By its stated potential there is room for %s a year; %s leads.",
                      words_money(g->gap, b->currency).text,
                      m->lead != NULL ? report_segment_label(v->b, m->lead, g->lead) : "nobody");
    }
    if (isnan(g->score)) {
        doc_paragraph(s, "Too little is known for a score.");
    } else {
        put_signs(s, g);
    }
    return put_hand_off(b, g, s, err);
}

/* --- plays --- */

strata_status brief_plays(brief *b, strata_error *err)
{
    static const doc_column columns[] = {
        {.key = "due", .label = "Due", .type = CELL_DATE},
        {.key = "playbook", .label = "Play", .type = CELL_TEXT},
        {.key = "step", .label = "Next step", .type = CELL_TEXT},
        {.key = "owner", .label = "Whose", .type = CELL_TEXT},
        {.key = "began", .label = "Runs since", .type = CELL_DATE, .priority = 1}};
    (void)err;
    const brief_input *in = b->in;
    size_t n = 0;
    size_t running = 0;
    for (size_t i = 0; i < in->tasks->n; i++) {
        n += in->tasks->items[i].account == in->account;
    }
    for (size_t i = 0; i < in->plays->n; i++) {
        running += in->plays->running[i].account == in->account;
    }
    if (n == 0) {
        doc_section *s = document_section(
            b->d, NULL, "plays", running == 0 ? "No play runs" : "No step of a play is due");
        doc_paragraph(s,
                      running == 0 ? "No playbook of the model is at work for this account."
                                   : "Plays run, and none of their steps is due within %d days.",
                      in->due_within);
        return STRATA_OK;
    }
    doc_section *s = document_section(b->d, NULL, "plays",
                                      brief_say(b, "%s of plays due within %d days",
                                                n == 1 ? "One step" : brief_say(b, "%zu steps", n),
                                                in->due_within));
    doc_table *t = doc_table_new(s, "plays", NULL, columns, 5);
    for (size_t i = 0; i < in->tasks->n; i++) {
        const task *x = &in->tasks->items[i];
        if (x->account == in->account) {
            const playbook *p = in->books->items[x->playbook].p;
            doc_row(t, (doc_cell[]){cell_date(x->due), cell_text(p->title),
                                    cell_text(p->steps[x->step].title),
                                    cell_text(p->steps[x->step].owner), cell_date(x->began)});
        }
    }
    return STRATA_OK;
}

/* --- how to begin --- */

static const char *spoken(brief *b, const char *feature)
{
    const char *text = spoken_name(b->a, feature);
    return text != NULL ? text : "";
}

static const fact_use *fell_most(const brief *b)
{
    const fact_use *most = NULL;
    for (size_t i = 0; i < b->f->n_uses; i++) {
        const fact_use *u = &b->f->uses[i];
        bool more = most == NULL || u->before - u->events > most->before - most->events;
        most = u->before > u->events && more ? u : most;
    }
    return most;
}

/* The fields of the paper `conversation`; what does not hold is missing. */
static void fill_talk(brief *b, const char **values)
{
    const brief_signs *x = &b->signs;
    const double trend = brief_number(b, FEATURE_USAGE_TREND_90D);
    const double silent = brief_number(b, FEATURE_LAST_TOUCH);
    const fact_use *fell = trend <= much_less ? fell_most(b) : NULL;
    const fact_use *most = b->f->n_uses > 0 && b->f->uses[0].events > 0 ? &b->f->uses[0] : NULL;
    if (x->serious != NULL) {
        values[TALK_TICKET_OPENED] = brief_say(b, "%s", words_day(x->serious->opened).text);
        values[TALK_TICKET_THEME] = x->serious->theme;
    }
    if (x->champion_left != DAY_MISSING && ago(b, x->champion_left) <= CHAMPION_RECENT) {
        values[TALK_CHAMPION_LEFT] = brief_say(b, "%s", words_day(x->champion_left).text);
    }
    if (x->nps != NULL && (x->nps->score <= LOW_ANSWER || x->nps->score >= HIGH_ANSWER)) {
        const bool low = x->nps->score <= LOW_ANSWER;
        values[low ? TALK_LOW_SCORE : TALK_HIGH_SCORE] = brief_say(b, "%.0f", x->nps->score);
        values[low ? TALK_LOW_SCORE_ON : TALK_HIGH_SCORE_ON] =
            brief_say(b, "%s", words_day(x->nps->day).text);
    }
    if (trend <= much_less) {
        values[TALK_USE_FELL] = brief_say(b, "%s", words_share(-trend).text);
        values[TALK_FELL_MOST] = fell != NULL ? spoken(b, fell->feature) : NULL;
    }
    if (x->renewal != NULL && x->renewal->due - b->v->as_of <= SOON) {
        values[TALK_RENEWAL] = brief_say(b, "%s", words_day(x->renewal->due).text);
    }
    if (silent > LONG_SILENT) {
        values[TALK_SILENT_FOR] = brief_say(b, "%s", brief_time(words_whole(silent)).text);
    }
    values[TALK_MOST_USED] = most != NULL ? spoken(b, most->feature) : NULL;
}

/* The first line of the part that can be said whole; *out NULL: there is none. */
static strata_status first_whole(brief *b, const paper *p, const char *part,
                                 const char *const *values, const char **out, strata_error *err)
{
    const template_part *lines = paper_part(p, part, NULL);
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    *out = NULL;
    for (size_t i = 0; lines != NULL && i < lines->n && *out == NULL; i++) {
        const template_cell *line = &lines->blocks[i].cells[0];
        if (template_is_whole(p->form, line, values) &&
            template_say(&text, p->form, line, values)) {
            STRATA_TRY(strbuf_status(&text, err));
            *out = brief_say(b, "%s", strbuf_text(&text));
        }
    }
    return STRATA_OK;
}

/* The expansion's opener, for an account that is ready; NULL: it is not. */
static strata_status growth_opener(brief *b, const char **out, strata_error *err)
{
    *out = NULL;
    growth_facts *g = ARENA_NEW(b->a, 1, growth_facts);
    if (g == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    if (b->in->growth_view == NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(find_growth(b, g, err));
    if (g->tier != b->in->growth->ready || g->n == 0) {
        return STRATA_OK;
    }
    growth_talks talks = {0};
    growth_talk talk = {.values = {NULL}};
    STRBUF_AUTO strbuf text;
    strbuf_init(&text, 0);
    STRATA_TRY(open_talk(b, g, &talks, &talk, err));
    STRATA_TRY(growth_talk_opener(&talks, &talk, g->signs, g->n, &text, err));
    *out = brief_say(b, "%s", strbuf_text(&text));
    return STRATA_OK;
}

strata_status brief_opener(brief *b, strata_error *err)
{
    const char *text = NULL;
    doc_section *s = document_section(b->d, NULL, "opener", "How to begin");
    if (!brief_pays(b)) {
        doc_paragraph(s,
                      "%s is no customer now; ask what it does instead, before you offer "
                      "anything.",
                      b->name);
        return STRATA_OK;
    }
    const char *values[TALK_FIELDS] = {NULL};
    paper talk = {0};
    fill_talk(b, values);
    STRATA_TRY(paper_open(b->v->b->model, PAPER_CONVERSATION, b->a, &talk, err));
    STRATA_TRY(first_whole(b, &talk, "trouble", values, &text, err));
    STRATA_TRY(text == NULL ? growth_opener(b, &text, err) : STRATA_OK);
    STRATA_TRY(text == NULL ? first_whole(b, &talk, "calm", values, &text, err) : STRATA_OK);
    if (text == NULL) {
        doc_paragraph(s, "Nothing in the data calls for a particular beginning.");
        return STRATA_OK;
    }
    doc_paragraph(s, "\"%s\"", SAFE(b->d, text));
    return STRATA_OK;
}
