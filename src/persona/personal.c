/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/personal.h"

#include <string.h>

#include "base/day.h"

const char PERSONAL_HIDDEN[] = "not shown: personal data";

/* --- one value --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_part_of_address(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c > 127;
}

/* "jane@acme", but not "@mention". */
static bool has_mail(const char *text)
{
    for (const char *at = strchr(text, '@'); at != NULL; at = strchr(at + 1, '@')) {
        if (at > text && is_part_of_address(at[-1]) && is_part_of_address(at[1])) {
            return true;
        }
    }
    return false;
}

/* Digits in groups, with what stands between the groups of a telephone number. */
typedef struct number {
    size_t digits, groups;
    size_t first, last;      /* digits of the first group, of the latest */
    bool plus, dashed, even; /* even: all groups between the first and the latest are of three */
} number;

static void add_digit(number *n, bool begins, bool plus)
{
    if (begins) {
        n->even = n->groups < 2 ? n->groups == 0 || n->even : n->even && n->last == 3;
        n->plus = n->plus || plus;
        n->groups++;
        n->last = 0;
    }
    n->digits++;
    n->last++;
    n->first += n->groups == 1;
}

/* "1.000.000" and "250 000 000". */
static bool is_amount(number n)
{
    return n.groups > 1 && n.first <= 3 && n.last == 3 && n.even && !n.dashed && !n.plus;
}

/* "2024-01-15" at `text`, and nothing of a number behind it. */
static bool is_date(const char *text)
{
    enum { ISO = 10 };
    day d;
    return strlen(text) >= ISO && day_parse_iso(text, ISO, &d) && !is_digit(text[ISO]);
}

/* The number that begins at `text`. */
static bool is_phone(number n, const char *text)
{
    enum { LEAST = 7, MOST = 15, UNBROKEN = 9, IN_GROUPS = 3, DATE_DIGITS = 8 };
    if (n.digits < LEAST || n.digits > MOST || is_amount(n) ||
        (n.digits == DATE_DIGITS && is_date(text))) {
        return false;
    }
    return n.plus || n.groups >= IN_GROUPS || (n.groups == 1 && n.digits >= UNBROKEN);
}

static bool has_phone(const char *text)
{
    number n = {.even = true};
    const char *begin = text;
    for (const char *c = text; *c != '\0'; c++) {
        bool digit = is_digit(*c);
        if (digit) {
            begin = n.digits == 0 ? c : begin;
            add_digit(&n, c == text || !is_digit(c[-1]), c > text && c[-1] == '+');
        } else if (strchr(" ()-.", *c) != NULL) {
            n.dashed = n.dashed || *c == '-' || *c == '(';
        } else if (is_phone(n, begin)) {
            return true;
        } else {
            n = (number){.even = true};
        }
    }
    return is_phone(n, begin);
}

static bool is_name(const hidden_names *h, const text_words *t, size_t i)
{
    return terms_find(&h->people, text_word_at(t, i), t->words.data[i].len) != UINT32_MAX;
}

static bool holds_name(const hidden_names *h, const text_words *t, personal_kind kind)
{
    bool before = false;
    for (size_t i = 0; i < t->words.n; i++) {
        bool name = is_name(h, t, i);
        if (name && (before || kind == PERSONAL_SENTENCE)) {
            return true;
        }
        before = name;
    }
    return false;
}

static bool holds_address(const text_words *t)
{
    for (size_t i = 0; i < t->chunks.n; i++) {
        if (t->chunks.data[i].hidden) {
            return true;
        }
    }
    return false;
}

strata_status personal_value(hidden_names *h, const char *text, personal_kind kind, bool *out,
                             strata_error *err)
{
    STRATA_TRY(text_split(&h->scratch, text, strlen(text), err));
    *out = has_mail(text) || has_phone(text) || holds_name(h, &h->scratch, kind) ||
           (kind == PERSONAL_SENTENCE && holds_address(&h->scratch));
    return STRATA_OK;
}

/* --- personas --- */

typedef struct hiding {
    hidden_names *h;
    arena *a;
} hiding;

/* A copy to be changed; NULL when memory ran out. */
static void *copy_of(const hiding *x, const void *items, size_t n, size_t size)
{
    void *copy = arena_alloc(x->a, n + 1, size);
    if (copy != NULL && n > 0) {
        memcpy(copy, items, n * size);
    }
    return copy;
}

#define COPY(x, items, n, type) ((type *)copy_of(x, items, n, sizeof(type)))

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory hiding personal data");
}

static strata_status hide_traits(const hiding *x, const trait **items, size_t *n, strata_error *err)
{
    trait *kept = COPY(x, *items, *n, trait);
    size_t n_kept = 0;
    STRATA_TRY(kept != NULL ? STRATA_OK : no_memory(err));
    for (size_t i = 0; i < *n; i++) {
        const trait *t = &(*items)[i];
        bool personal = false;
        if (t->level != NULL) {
            STRATA_TRY(personal_value(x->h, t->level, PERSONAL_CATEGORY, &personal, err));
        }
        if (!personal) {
            kept[n_kept++] = *t;
        }
    }
    *items = kept;
    *n = n_kept;
    return STRATA_OK;
}

static strata_status hide_in_profile(const hiding *x, personas *p, strata_error *err)
{
    profile *copy = COPY(x, p->profile, 1, profile);
    segment_profile *segments =
        COPY(x, p->profile->segments, p->profile->n_segments, segment_profile);
    trait_list *lists = COPY(x, p->firmographics, p->voice.n_segments, trait_list);
    if (copy == NULL || segments == NULL || lists == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < p->voice.n_segments; i++) {
        STRATA_TRY(hide_traits(x, &lists[i].items, &lists[i].n, err));
    }
    for (size_t i = 0; i < copy->n_segments; i++) {
        segment_profile *s = &segments[i];
        bool personal = false;
        STRATA_TRY(hide_traits(x, &s->traits, &s->n_traits, err));
        STRATA_TRY(hide_traits(x, &s->success, &s->n_success, err));
        STRATA_TRY(personal_value(x->h, s->label, PERSONAL_CATEGORY, &personal, err));
        if (personal) {
            return strata_fail(err, STRATA_E_DATA,
                               "the name of a segment holds personal data (an e-mail address, a "
                               "telephone number or a contact's name), which personas never show: "
                               "group accounts by something else");
        }
    }
    copy->segments = segments;
    p->profile = copy;
    p->firmographics = lists;
    return STRATA_OK;
}

static strata_status hide_leans(const hiding *x, const lean **items, size_t *n, strata_error *err)
{
    lean *kept = COPY(x, *items, *n, lean);
    size_t n_kept = 0;
    STRATA_TRY(kept != NULL ? STRATA_OK : no_memory(err));
    for (size_t i = 0; i < *n; i++) {
        bool personal = false;
        STRATA_TRY(personal_value(x->h, (*items)[i].feature, PERSONAL_CATEGORY, &personal, err));
        if (!personal) {
            kept[n_kept++] = (*items)[i];
        }
    }
    *items = kept;
    *n = n_kept;
    return STRATA_OK;
}

static strata_status hide_in_leans(const hiding *x, leans *l, strata_error *err)
{
    if (l->segments == NULL) { /* nothing was compared */
        return STRATA_OK;
    }
    leans_segment *segments = COPY(x, l->segments, l->n_segments, leans_segment);
    STRATA_TRY(segments != NULL ? STRATA_OK : no_memory(err));
    for (size_t i = 0; i < l->n_segments; i++) {
        STRATA_TRY(hide_leans(x, &segments[i].more, &segments[i].n_more, err));
        STRATA_TRY(hide_leans(x, &segments[i].less, &segments[i].n_less, err));
    }
    l->segments = segments;
    return STRATA_OK;
}

/* Of a segment, in place: best_channel is one of the channels. */
static strata_status hide_channels(const hiding *x, preference_segment *s, strata_error *err)
{
    preference_row *rows = COPY(x, s->channels, s->n_channels, preference_row);
    STRATA_TRY(rows != NULL ? STRATA_OK : no_memory(err));
    for (size_t i = 0; i < s->n_channels; i++) {
        bool personal = false;
        bool best = s->best_channel == &s->channels[i];
        STRATA_TRY(personal_value(x->h, rows[i].label, PERSONAL_CATEGORY, &personal, err));
        rows[i].label = personal ? PERSONAL_HIDDEN : rows[i].label;
        s->best_channel = best && personal ? NULL : s->best_channel;
    }
    s->channels = rows;
    return STRATA_OK;
}

static strata_status hide_in_preference(const hiding *x, preference *p, strata_error *err)
{
    preference_segment *segments =
        COPY(x, p->segments, p->n_segments + 1, preference_segment); /* the last: all */
    STRATA_TRY(segments != NULL ? STRATA_OK : no_memory(err));
    for (size_t i = 0; i <= p->n_segments; i++) {
        STRATA_TRY(hide_channels(x, &segments[i], err));
    }
    p->segments = segments;
    return STRATA_OK;
}

static strata_status hide_in_decisions(const hiding *x, decisions *d, strata_error *err)
{
    decisions_segment *segments = COPY(x, d->segments, d->n_segments, decisions_segment);
    STRATA_TRY(segments != NULL ? STRATA_OK : no_memory(err));
    for (size_t i = 0; i < d->n_segments; i++) {
        decisions_segment *s = &segments[i];
        deal_row *deals = COPY(x, s->deals, s->n_deals, deal_row);
        reason_row *reasons = COPY(x, s->reasons, s->n_reasons, reason_row);
        STRATA_TRY(deals != NULL && reasons != NULL ? STRATA_OK : no_memory(err));
        for (size_t k = 0; k < s->n_deals; k++) {
            bool personal = false;
            STRATA_TRY(personal_value(x->h, deals[k].label, PERSONAL_CATEGORY, &personal, err));
            deals[k].label = personal ? PERSONAL_HIDDEN : deals[k].label;
        }
        for (size_t k = 0; k < s->n_reasons; k++) {
            bool personal = false;
            STRATA_TRY(personal_value(x->h, reasons[k].reason, PERSONAL_SENTENCE, &personal, err));
            reasons[k].reason = personal ? PERSONAL_HIDDEN : reasons[k].reason;
        }
        s->deals = deals;
        s->reasons = reasons;
    }
    d->segments = segments;
    return STRATA_OK;
}

static strata_status hide_in_anti(const hiding *x, anti_personas *p, strata_error *err)
{
    anti_rule *kept = COPY(x, p->items, p->n, anti_rule);
    size_t n = 0;
    STRATA_TRY(kept != NULL ? STRATA_OK : no_memory(err));
    for (size_t i = 0; i < p->n; i++) {
        bool personal = false;
        STRATA_TRY(personal_value(x->h, p->items[i].expression, PERSONAL_CATEGORY, &personal, err));
        p->confirmed -= personal && p->items[i].confirmed;
        if (!personal) {
            kept[n++] = p->items[i];
        }
    }
    p->items = kept;
    p->n = n;
    return STRATA_OK;
}

strata_status personas_hide_personal(personas *p, hidden_names *h, arena *a, strata_error *err)
{
    const hiding x = {h, a};
    STRATA_TRY(hide_in_profile(&x, p, err));
    STRATA_TRY(hide_in_leans(&x, &p->leans, err));
    STRATA_TRY(hide_in_preference(&x, &p->preference, err));
    STRATA_TRY(hide_in_decisions(&x, &p->decisions, err));
    return hide_in_anti(&x, &p->anti, err);
}
