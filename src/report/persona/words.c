/* SPDX-License-Identifier: Apache-2.0 */
/* Personas in running text: titles, portraits, counts. */
#include <stdio.h>

#include "report/persona/parts.h"

persona_page persona_page_of(document *d, doc_section *parent, const personas *p,
                             const segment_profile *s)
{
    const view *v = p->study->v;
    return (persona_page){
        .d = d, .p = p, .s = s, .v = v, .currency = report_currency(v->b), .parent = parent};
}

words persona_counted(size_t hits, size_t of, double minimum)
{
    words w;
    words n = words_count((int64_t)hits);
    words all = words_count((int64_t)of);
    if ((double)of >= minimum && of > 0) {
        words share = words_share((double)hits / (double)of);
        (void)snprintf(w.text, sizeof w.text, "%.30s of %.30s (%.20s)", n.text, all.text,
                       share.text);
    } else {
        (void)snprintf(w.text, sizeof w.text, "%.40s of %.40s", n.text, all.text);
    }
    return w;
}

words persona_share(const personas *p, size_t hits, size_t of)
{
    return persona_counted(hits, of, p->study->minimum_accounts);
}

void persona_too_few(doc_section *s, const personas *p, size_t accounts, const char *what)
{
    doc_paragraph(s, "Not enough data (%s%s, %s needed).",
                  words_things((int64_t)accounts, "account").text, what,
                  words_count(words_whole(p->study->minimum_accounts)).text);
}

/* --- titles --- */

void report_personas_title(strbuf *out, const personas *p)
{
    size_t shown = 0;
    for (size_t i = 0; i < p->profile->n_segments; i++) {
        shown += p->profile->segments[i].accounts > 0;
    }
    const committee_segment *all = &p->committee.segments[p->committee.n_segments];
    strbuf_printf(out, "%s", words_things((int64_t)shown, "persona").text);
    if (p->committee.known && all->accounts > 0) {
        strbuf_printf(
            out, "; no champion at %s",
            persona_share(p, all->accounts - all->role[ROLE_CHAMPION].hits, all->accounts).text);
    }
    if (p->anti.why == NULL) {
        strbuf_printf(out, "; %s confirmed",
                      words_things((int64_t)p->anti.confirmed, "anti-persona").text);
    }
}

void report_persona_title(strbuf *out, const personas *p, const segment_profile *s)
{
    strbuf_printf(out, "%s: %s", s->label, words_things((int64_t)s->accounts, "account").text);
    if (p->profile->has_value && s->value_share.known) {
        strbuf_printf(out, ", %s of %s", words_share(s->value_share.x).text,
                      p->profile->has_arr ? "ARR" : "spend");
    }
    const buyers_segment *b = p->buyers.why == NULL ? &p->buyers.segments[s->code] : NULL;
    if (b != NULL && b->main != NULL && b->main->in.stated && b->main->when != NULL) {
        strbuf_printf(out, ", buyers mostly %s", b->main->label);
    }
}

/* --- the portrait --- */

static void put_size(strbuf *out, const personas *p, const segment_profile *s)
{
    const char *currency = report_currency(p->study->v->b);
    strbuf_printf(out, "%s", words_things((int64_t)s->accounts, "account").text);
    if (p->profile->has_value) {
        strbuf_printf(out, " with %s of %s", words_money(s->value_minor, currency).text,
                      p->profile->has_arr ? "ARR" : "spend");
    }
    if (s->value.n > 0) {
        strbuf_printf(out, ", median %s", words_value(s->value.median, VALUE_MONEY, currency).text);
    }
    strbuf_add(out, ".");
}

static void put_trait(strbuf *out, const personas *p, const segment_profile *s)
{
    const trait_list *list = &p->firmographics[s->code];
    for (size_t i = 0; i < list->n; i++) {
        const trait *t = &list->items[i];
        if (t->level != NULL && t->test.effect > 0.0) {
            strbuf_printf(out, " More often %s %s: %s", t->label, t->level,
                          persona_share(p, t->hits_in, t->n_in).text);
            strbuf_printf(out, ", elsewhere %s.", persona_share(p, t->hits_out, t->n_out).text);
            return;
        }
    }
}

static void put_voice(strbuf *out, const personas *p, const segment_profile *s)
{
    static const struct {
        voice_kind kind;
        const char *text;
    } kinds[] = {{VOICE_THEME, " Asks more about"},
                 {VOICE_TICKET, " Writes more often"},
                 {VOICE_PRAISE, " Praises"},
                 {VOICE_COMPLAINT, " Complains of"}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const voice_list *list = &p->voice.lists[kinds[i].kind * p->voice.n_segments + s->code];
        bool quoted = kinds[i].kind != VOICE_THEME;
        if (list->n > 0) {
            const voice_item *item = &list->items[0];
            strbuf_printf(out, "%s %s%s%s: %s", kinds[i].text, quoted ? "“" : "", item->text,
                          quoted ? "”" : "", persona_share(p, item->in, item->of_in).text);
            strbuf_printf(out, ", elsewhere %s.", persona_share(p, item->out, item->of_out).text);
        }
        if (list->n > 0 && kinds[i].kind == VOICE_THEME) {
            i++; /* phrases of the same tickets say the same again */
        }
    }
}

static void put_use(strbuf *out, const personas *p, const segment_profile *s)
{
    if (p->leans.why == NULL && p->leans.segments[s->code].n_more > 0) {
        const lean *l = &p->leans.segments[s->code].more[0];
        strbuf_printf(out, " Uses %s more: %s of active accounts, elsewhere %s.", l->feature,
                      words_rate(l->in).text, words_rate(l->out).text);
    }
    const preference_row *best = p->preference.segments[s->code].best_channel;
    if (best != NULL) {
        strbuf_printf(out, " Answers %s best: %s of touches.", best->label,
                      words_share(best->response.share).text);
    }
}

static void put_people(strbuf *out, const personas *p, const segment_profile *s)
{
    const committee_segment *c = &p->committee.segments[s->code];
    if (p->committee.known && c->accounts > 0) {
        strbuf_printf(
            out, " No champion at %s.",
            persona_share(p, c->accounts - c->role[ROLE_CHAMPION].hits, c->accounts).text);
    }
    if (p->profile->has_arr && s->logo_churn.of > 0) {
        strbuf_printf(out, " Of the %s a year ago, %s left.",
                      words_things((int64_t)s->logo_churn.of, "account").text,
                      s->logo_churn.stated ? words_share(s->logo_churn.share).text
                                           : words_count((int64_t)s->logo_churn.hits).text);
    }
}

void persona_portrait(strbuf *out, const personas *p, const segment_profile *s)
{
    put_size(out, p, s);
    if ((double)s->accounts < p->study->minimum_accounts) {
        strbuf_printf(out, " Not enough data for more (%s, %s needed).",
                      words_things((int64_t)s->accounts, "account").text,
                      words_count(words_whole(p->study->minimum_accounts)).text);
        return;
    }
    put_trait(out, p, s);
    put_voice(out, p, s);
    put_use(out, p, s);
    put_people(out, p, s);
}
