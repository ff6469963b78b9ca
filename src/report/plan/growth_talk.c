/* SPDX-License-Identifier: Apache-2.0 */
#include "report/plan/growth_talk.h"

#include <math.h>
#include <string.h>

#include "base/nearest.h"
#include "report/report.h"

/* --- the paper --- */

static strata_status unknown_feature(const growth_talks *t, const template_part *p,
                                     strata_error *err)
{
    const rule_scope *scope = &t->v->b->scope;
    const char **names = ARENA_NEW(t->a, scope->n_symbols + 1, const char *);
    if (names == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    for (size_t i = 0; i < scope->n_symbols; i++) {
        names[i] = scope->symbols[i].name;
    }
    return strata_fail(err, STRATA_E_MODEL, "%s:%d:%d: unknown feature '%s' of an opener%s",
                       p->place.file, p->place.line, p->place.column, p->key,
                       nearest_hint(p->key, names, scope->n_symbols).text);
}

/* Openers of a person's own name features that there are. */
static strata_status check_keys(const growth_talks *t, strata_error *err)
{
    for (size_t i = 0; t->paper.own != NULL && i < t->paper.own->n; i++) {
        const template_part *p = &t->paper.own->parts[i];
        const bool opener = p->key != NULL && strcmp(p->shape->name, "opener") == 0;
        if (opener && bound_slot(t->v->b, p->key) == SIZE_MAX) {
            return unknown_feature(t, p, err);
        }
    }
    return STRATA_OK;
}

strata_status growth_talks_open(growth_talks *t, const model *own, arena *a, strata_error *err)
{
    t->a = a;
    t->currency = report_currency(t->v->b);
    t->start = day_monday_from(t->v->as_of + 1);
    STRATA_TRY(paper_open(own, PAPER_EXPANSION, a, &t->paper, err));
    if (!paper_product(own, a, &t->product)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    return check_keys(t, err);
}

/* --- the account's facts --- */

static double feature(const growth_talks *t, feature_id f, size_t account)
{
    const double *x = segmentation_column(t->v->s, f).num;
    return x != NULL ? x[account] : (double)NAN;
}

/* "two people", "14 people" */
static const char *people_words(arena *a, uint32_t n)
{
    static const char *const small[] = {
        "", "one person", "two people", "three people", "four people", "five people", "six people"};
    return n < sizeof small / sizeof small[0] ? small[n] : arena_printf(a, "%u people", n);
}

static const char *keep(const growth_talks *t, words w, bool *fine)
{
    const char *text = arena_strdup(t->a, w.text);
    *fine = *fine && text != NULL;
    return text;
}

/* Who is new: the fields of openers; missing when nobody is. */
static bool set_people(const growth_talks *t, growth_news which, growth_talk *talk)
{
    const new_people *p = talk->people != NULL ? &talk->people->of[which] : NULL;
    bool fine = true;
    talk->values[GROWTH_DEPARTMENT] = NULL;
    talk->values[GROWTH_PEOPLE] = NULL;
    talk->values[GROWTH_SINCE] = NULL;
    if (p != NULL && p->n > 0) {
        talk->values[GROWTH_DEPARTMENT] = p->department;
        talk->values[GROWTH_PEOPLE] = people_words(t->a, p->n);
        talk->values[GROWTH_SINCE] = keep(t, words_month_of(p->since), &fine);
        fine = fine && talk->values[GROWTH_PEOPLE] != NULL;
    }
    return fine;
}

strata_status growth_talk_fill(const growth_talks *t, const growth_account *x, growth_talk *out,
                               strata_error *err)
{
    const size_t i = x->account;
    const double champion = feature(t, FEATURE_HAS_CHAMPION, i);
    const double renewal = feature(t, FEATURE_RENEWAL_IN, i);
    growth_talk talk = {.values = {NULL}};
    bool fine = true;
    talk.values[GROWTH_ACCOUNT] = t->v->p->names[i];
    if (t->csm != NULL && t->csm[i] >= 0) {
        const manager *m = &t->csms->items[t->csm[i]];
        talk.values[GROWTH_CSM] = m->name != NULL ? m->name : m->id;
    }
    if (x->gap_minor > 0) {
        talk.values[GROWTH_ROOM] = keep(t, words_money(x->gap_minor, t->currency), &fine);
    }
    if (!isnan(renewal)) {
        talk.values[GROWTH_RENEWAL] = keep(t, words_day(t->v->as_of + (day)lround(renewal)), &fine);
    }
    const double users = feature(t, FEATURE_ACTIVE_USERS_30D, i);
    talk.values[GROWTH_PRODUCT] = t->product;
    talk.values[GROWTH_AS_OF] = keep(t, words_day(t->v->as_of), &fine);
    if (users >= 2.0) {
        talk.values[GROWTH_USERS] = keep(t, words_count(words_whole(users)), &fine);
    }
    talk.values[GROWTH_CHAMPION] = champion > 0.0 ? "the champion" : NULL;
    talk.values[GROWTH_NO_CHAMPION] = champion <= 0.0 ? "nobody" : NULL;
    talk.people = t->people != NULL ? &t->people[i] : NULL;
    fine = fine && set_people(t, NEWS_ANYBODY, &talk);
    *out = talk;
    return fine ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

/* --- how to begin --- */

static bool is_word_of(const char *expression, const char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
    const size_t len = strlen(word);
    while (*expression != '\0') {
        const size_t n = strspn(expression, letters);
        if (n == len && memcmp(expression, word, len) == 0) {
            return true;
        }
        expression += n > 0 ? n : 1;
    }
    return false;
}

static bool is_whole(const template_part *p, const template_form *form, const char *const *values)
{
    bool whole = p->n > 0;
    for (size_t i = 0; i < p->n; i++) {
        whole = whole && template_is_whole(form, &p->blocks[i].cells[0], values);
    }
    return whole;
}

/* The opener with a key for the sign; NULL: none that can be said whole. */
static const template_part *keyed(const growth_talks *t, const growth_sign *sign,
                                  const growth_talk *talk)
{
    const template_text *const texts[] = {t->paper.own, &t->paper.shipped};
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; texts[k] != NULL && i < texts[k]->n; i++) {
            const template_part *p = &texts[k]->parts[i];
            if (p->key != NULL && strcmp(p->shape->name, "opener") == 0 &&
                is_word_of(sign->feature, p->key) && is_whole(p, t->paper.form, talk->values)) {
                return p;
            }
        }
    }
    return NULL;
}

/* Whom a sign counts; NEWS_ANYBODY: it does not count new people. */
static growth_news news_of(const growth_sign *sign)
{
    return is_word_of(sign->feature, "new_departments_180d") ? NEWS_DEPARTMENT
           : is_word_of(sign->feature, "new_deciders_180d")  ? NEWS_DECIDERS
                                                             : NEWS_ANYBODY;
}

/* What of a sign's value can be said to the customer, each in words that hold for it alone. */
static bool set_words(const growth_talks *t, double value, growth_talk *talk)
{
    static const double a_lot = 8.0;         /* of 10 */
    static const double clearly_more = 0.05; /* less is no growth that a customer would call so */
    bool fine = true;
    talk->values[GROWTH_FILLED] = NULL;
    talk->values[GROWTH_GREW] = NULL;
    talk->values[GROWTH_LIKED] = NULL;
    if (value > 0.0) {
        talk->values[GROWTH_FILLED] =
            value >= 1.0 ? "all" : arena_printf(t->a, "%.0f %%", fmin(round(value * 100.0), 99.0));
        fine = talk->values[GROWTH_FILLED] != NULL;
    }
    if (value >= clearly_more) {
        talk->values[GROWTH_GREW] =
            value > 1.0 ? "has more than doubled"
                        : arena_printf(t->a, "has grown by %.0f %%", round(value * 100.0));
        fine = fine && talk->values[GROWTH_GREW] != NULL;
    }
    if (value >= a_lot) {
        talk->values[GROWTH_LIKED] = keep(t, words_count(words_whole(value)), &fine);
    }
    return fine;
}

static strata_status set_sign(const growth_talks *t, const growth_sign *sign, growth_talk *talk,
                              strata_error *err)
{
    talk->values[GROWTH_SIGN] = sign->label;
    talk->values[GROWTH_FACT] = NULL;
    talk->values[GROWTH_PERCENT] = NULL;
    bool fine = set_people(t, news_of(sign), talk) && set_words(t, sign->value, talk);
    if (isnan(sign->value)) {
        return fine ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    talk->values[GROWTH_FACT] = keep(t, words_value(sign->value, sign->type, t->currency), &fine);
    talk->values[GROWTH_PERCENT] = arena_printf(t->a, "%.0f %%", round(sign->value * 100.0));
    return fine && talk->values[GROWTH_PERCENT] != NULL
               ? STRATA_OK
               : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

/* The first sign with an opener that can be said whole, of those that are news or of the others. */
static strata_status find_keyed(const growth_talks *t, growth_talk *talk, const growth_sign *signs,
                                size_t n, bool news, const template_part **out, strata_error *err)
{
    for (size_t i = 0; i < n && *out == NULL && signs[i].part > 0.0; i++) {
        if ((news_of(&signs[i]) != NEWS_ANYBODY) == news) {
            STRATA_TRY(set_sign(t, &signs[i], talk, err));
            *out = keyed(t, &signs[i], talk);
            talk->sign = i;
        }
    }
    return STRATA_OK;
}

strata_status growth_talk_opener(const growth_talks *t, growth_talk *talk, const growth_sign *signs,
                                 size_t n, strbuf *out, strata_error *err)
{
    const template_part *p = NULL;
    strbuf_clear(out);
    STRATA_TRY(find_keyed(t, talk, signs, n, true, &p, err));
    STRATA_TRY(find_keyed(t, talk, signs, n, false, &p, err));
    if (p == NULL && n > 0) {
        STRATA_TRY(set_sign(t, &signs[0], talk, err));
        p = paper_part(&t->paper, "opener", NULL);
        talk->sign = 0;
    }
    if (p != NULL) {
        (void)template_say_part(out, t->paper.form, p, talk->values);
    }
    STRATA_TRY(strbuf_status(out, err));
    return set_people(t, NEWS_ANYBODY, talk) ? STRATA_OK
                                             : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

/* --- who does what by when --- */

strata_status growth_talk_steps(const growth_talks *t, const growth_talk *talk, segment_code lead,
                                paper_step *out, size_t *n, strata_error *err)
{
    const day days[GROWTH_DAYS] = {[GROWTH_DAY_START] = t->start};
    const filled_paper f = {.paper = t->paper, .a = t->a, .values = talk->values};
    const bool named = t->m->lead != NULL && lead < t->m->lead->n_segments;
    const template_part *p =
        named ? paper_part(&t->paper, "hand_off", t->m->lead->keys[lead]) : NULL;
    p = p != NULL ? p : paper_part(&t->paper, "hand_off", NULL);
    return paper_steps(&f, p, days, out, n, err);
}

void growth_put_steps(doc_section *s, const paper_step *steps, size_t n)
{
    static const doc_column columns[] = {{.key = "by", .label = "By", .type = CELL_DATE},
                                         {.key = "who", .label = "Who", .type = CELL_TEXT},
                                         {.key = "what", .label = "What", .type = CELL_TEXT}};
    doc_table *t = doc_table_new(s, "hand_off", NULL, columns, 3);
    for (size_t i = 0; i < n; i++) {
        doc_row(t, (doc_cell[]){cell_date(steps[i].on),
                                cell_text(steps[i].who != NULL ? steps[i].who : ""),
                                cell_text(steps[i].what)});
    }
}
