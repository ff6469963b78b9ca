/* SPDX-License-Identifier: Apache-2.0 */
/* What to do with the account: what matters, renewal, plays, and how to begin. */
#include <math.h>
#include <string.h>

#include "base/spoken.h"
#include "report/brief/parts.h"
#include "report/paper.h"

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

/* --- plays --- */

/* The manager by name for steps of the csm, else the role, as `strata tasks` has it. */
static const char *whose(const brief *b, const char *role)
{
    int32_t csm = b->in->csm[b->in->account];
    if (strcmp(role, "csm") != 0) {
        return role;
    }
    return csm >= 0 ? b->in->csms->items[csm].name : "no csm";
}

/* Whether a playbook's trigger holds for the account on the as-of date; `said`: what it sees. */
static strata_status trigger_holds(brief *b, const rule_input *now, const bound_playbook *book,
                                   bool *holds, strbuf *said, strata_error *err)
{
    const rule_clause *clauses = NULL;
    size_t n = 0;
    strbuf_clear(said);
    STRATA_TRY(
        rule_explain(book->trigger, now, b->in->account, b->currency, b->a, &clauses, &n, err));
    *holds = n > 0;
    for (size_t i = 0; i < n; i++) {
        bool customer = strncmp(clauses[i].text, "is_customer", 11) == 0;
        *holds = *holds && (clauses[i].depth > 0 || clauses[i].verdict == RULE_YES);
        if (clauses[i].said[0] != '\0' && !customer) {
            strbuf_printf(said, "%s%s", strbuf_text(said)[0] != '\0' ? ", " : "", clauses[i].said);
        }
    }
    return strbuf_status(said, err);
}

/* What begins a play may hold while none runs: the last one is over, and the next has to wait. */
static strata_status say_waiting(brief *b, doc_section *s, strata_error *err)
{
    const view *v = b->v;
    column *columns = ARENA_NEW(b->a, v->b->scope.n_symbols, column);
    STRBUF_AUTO strbuf said;
    strbuf_init(&said, 0);
    if (columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    segmentation_columns(v->s, v->b->scope.n_symbols, columns);
    const rule_input now = {.now = {.columns = columns, .as_of = v->as_of}};
    for (size_t k = 0; k < b->in->books->n; k++) {
        const bound_playbook *book = &b->in->books->items[k];
        bool holds = false;
        if (book->off == NULL) {
            STRATA_TRY(trigger_holds(b, &now, book, &holds, &said, err));
        }
        if (holds) {
            doc_bullet(s,
                       "%s would be called for (%s), but its last play is over: the next begins "
                       "%d days after that one began.",
                       SAFE(b->d, book->p->title), SAFE(b->d, strbuf_text(&said)),
                       book->p->again_days);
        }
    }
    return STRATA_OK;
}

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
        return running == 0 ? say_waiting(b, s, err) : STRATA_OK;
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
                                    cell_text(whose(b, p->steps[x->step].owner)),
                                    cell_date(x->began)});
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
    STRATA_TRY(text == NULL ? brief_growth_opener(b, &text, err) : STRATA_OK);
    STRATA_TRY(text == NULL ? first_whole(b, &talk, "calm", values, &text, err) : STRATA_OK);
    if (text == NULL) {
        doc_paragraph(s, "Nothing in the data calls for a particular beginning.");
        return STRATA_OK;
    }
    doc_paragraph(s, "\"%s\"", SAFE(b->d, text));
    return STRATA_OK;
}
