/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/preference.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/make_figure.h"
#include "base/vec.h"
#include "persona/terms.h"
#include "store/stmt.h"

static const char between[] = "z test of two shares, clustered by account";
static const char within[] = "z test of the Mantel-Haenszel difference, by account";
static const char effect[] = "difference of the shares";
static const char *const days[WEEKDAYS] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};
static const double LEVEL = 0.05;
enum { NO_CHANNEL = PREFERENCE_CHANNELS_MAX, KEYS = PREFERENCE_CHANNELS_MAX + WEEKDAYS };

typedef struct touch {
    uint32_t account, channel;
    int weekday;
    uint32_t touches, known, answered;
} touch;

typedef struct touching {
    const study *s;
    const segment_code *codes;
    size_t n_segments;
    VEC(touch) rows; /* in order of accounts */
    terms channels;
    uint8_t *place; /* by channel: its row; NO_CHANNEL: none of its own */
    const char *labels[KEYS];
    size_t n_channels, n_left_out;
    double *hits, *of, *hits_all, *of_all; /* by account of a segment */
} touching;

static void touching_done(touching *t)
{
    vec_free(&t->rows);
    terms_done(&t->channels);
    free(t->place);
    free(t->hits);
    free(t->of);
    free(t->hits_all);
    free(t->of_all);
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for touchpoints");
}

/* --- facts --- */

static strata_status read_touches(touching *t, store_conn *conn, day from, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(stmt_new(conn, "persona/touches.sql", &q, err));
    STRATA_TRY(stmt_bind_int32(q, "from", from, err));
    STRATA_TRY(stmt_bind_int32(q, "until", t->s->v->as_of, err));
    STRATA_TRY(stmt_stream(q, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(q, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        touch x = {.account = (uint32_t)stmt_get_int(q, 0),
                   .channel = UINT32_MAX,
                   .weekday = (int)stmt_get_int(q, 2),
                   .touches = (uint32_t)stmt_get_int(q, 3),
                   .known = (uint32_t)stmt_get_int(q, 4),
                   .answered = (uint32_t)stmt_get_int(q, 5)};
        text_view name = stmt_get_text(q, 1);
        if (name.ptr != NULL) {
            STRATA_TRY(terms_add(&t->channels, name.ptr, name.len, &x.channel, err));
        }
        if (t->codes[x.account] < t->n_segments && !vec_push(&t->rows, x)) {
            return no_memory(err);
        }
        STRATA_TRY(context_check(t->s->cx, err));
    }
}

/* Gives the channels with most touches a row each; equal ones in order of their names. */
static strata_status place_channels(touching *t, arena *a, strata_error *err)
{
    size_t n = terms_count(&t->channels);
    STRATA_AUTO_FREE size_t *touches = STRATA_NEW_ARRAY(n + 1, size_t);
    t->place = STRATA_NEW_ARRAY(n + 1, uint8_t);
    if (touches == NULL || t->place == NULL) {
        return no_memory(err);
    }
    memset(t->place, NO_CHANNEL, n + 1);
    for (size_t i = 0; i < t->rows.n; i++) {
        const touch *x = &t->rows.data[i];
        touches[x->channel == UINT32_MAX ? n : x->channel] += x->touches;
    }
    for (; t->n_channels < PREFERENCE_CHANNELS_MAX; t->n_channels++) {
        size_t best = SIZE_MAX;
        for (size_t c = 0; c < n; c++) {
            bool ahead = best == SIZE_MAX || touches[c] > touches[best] ||
                         (touches[c] == touches[best] &&
                          strcmp(terms_text(&t->channels, c), terms_text(&t->channels, best)) < 0);
            best = t->place[c] == NO_CHANNEL && touches[c] > 0 && ahead ? c : best;
        }
        if (best == SIZE_MAX) {
            break;
        }
        t->place[best] = (uint8_t)t->n_channels;
        t->labels[t->n_channels] = arena_strdup(a, terms_text(&t->channels, best));
        if (t->labels[t->n_channels] == NULL) {
            return no_memory(err);
        }
    }
    for (size_t c = 0; c < n; c++) {
        t->n_left_out += t->place[c] == NO_CHANNEL && touches[c] > 0;
    }
    memcpy(&t->labels[PREFERENCE_CHANNELS_MAX], days, sizeof days);
    return STRATA_OK;
}

/* --- rows of a segment --- */

static bool has_key(const touching *t, const touch *x, size_t key)
{
    if (key >= PREFERENCE_CHANNELS_MAX) {
        return x->weekday == (int)(key - PREFERENCE_CHANNELS_MAX);
    }
    return x->channel != UINT32_MAX && t->place[x->channel] == key;
}

/* Is the row about segment g, or any for n_segments? */
static bool is_of(const touching *t, const touch *x, size_t g)
{
    return g == t->n_segments || t->codes[x->account] == g;
}

/* Sums of one channel or day over the segment; fills hits and of by account. */
static preference_row sum_key(touching *t, size_t g, size_t key, size_t *n_accounts)
{
    preference_row row = {.label = t->labels[key]};
    size_t n = 0;
    uint32_t last = UINT32_MAX;
    uint32_t last_here = UINT32_MAX;
    for (size_t i = 0; i < t->rows.n; i++) {
        const touch *x = &t->rows.data[i];
        if (!is_of(t, x, g)) {
            continue;
        }
        if (x->account != last) {
            last = x->account;
            t->hits[n] = 0.0;
            t->of[n++] = 0.0;
        }
        if (has_key(t, x, key)) {
            row.accounts += x->account != last_here;
            last_here = x->account;
            row.touches += x->touches;
            row.known += x->known;
            row.answered += x->answered;
            t->hits[n - 1] += x->answered;
            t->of[n - 1] += x->known;
        }
    }
    *n_accounts = n;
    return row;
}

/* The row against the rest of the segment: what hits_all and of_all have beyond it. */
static void compare_key(touching *t, size_t n, preference_row *row)
{
    cluster_counts here = {t->hits, t->of, n};
    row->response = cluster_share_of(&here);
    row->stated = row->response.defined && (double)row->response.clusters >= t->s->minimum_accounts;
    if (!row->stated) {
        row->against = test_not_done(within, "too few accounts to compare");
        return;
    }
    for (size_t i = 0; i < n; i++) {
        t->hits_all[i] -= t->hits[i];
        t->of_all[i] -= t->of[i];
    }
    cluster_counts rest = {t->hits_all, t->of_all, n};
    row->against =
        test_of(cluster_shares_within(&here, &rest, &row->both, &row->difference), within, effect);
    if ((double)row->both < t->s->minimum_accounts) {
        row->against = test_not_done(within, "too few accounts were reached in both ways");
    }
    for (size_t i = 0; i < n; i++) {
        t->hits_all[i] += t->hits[i];
        t->of_all[i] += t->of[i];
    }
}

static int most_touches_first(const void *x, const void *y)
{
    const preference_row *a = x;
    const preference_row *b = y;
    if (a->touches != b->touches) {
        return a->touches > b->touches ? -1 : 1;
    }
    return strcmp(a->label, b->label);
}

/* Sums of all touches of the segment into hits_all and of_all. */
static void sum_segment(touching *t, size_t g, preference_segment *out)
{
    uint32_t last = UINT32_MAX;
    out->all.label = "All";
    for (size_t i = 0; i < t->rows.n; i++) {
        const touch *x = &t->rows.data[i];
        if (!is_of(t, x, g)) {
            continue;
        }
        if (x->account != last) {
            last = x->account;
            t->hits_all[out->accounts] = 0.0;
            t->of_all[out->accounts++] = 0.0;
        }
        t->hits_all[out->accounts - 1] += x->answered;
        t->of_all[out->accounts - 1] += x->known;
        out->all.touches += x->touches;
        out->all.known += x->known;
        out->all.answered += x->answered;
    }
    out->touches = out->all.touches;
    out->all.accounts = out->accounts;
    cluster_counts all = {t->hits_all, t->of_all, out->accounts};
    out->all.response = cluster_share_of(&all);
    out->all.stated =
        out->all.response.defined && (double)out->all.response.clusters >= t->s->minimum_accounts;
}

static strata_status make_segment(touching *t, size_t g, arena *a, preference_segment *out,
                                  preference_row **rows, strata_error *err)
{
    preference_row *channels = ARENA_NEW(a, PREFERENCE_CHANNELS_MAX, preference_row);
    if (channels == NULL) {
        return no_memory(err);
    }
    sum_segment(t, g, out);
    for (size_t key = 0; key < KEYS; key++) {
        bool is_day = key >= PREFERENCE_CHANNELS_MAX;
        size_t n = 0;
        if (!is_day && key >= t->n_channels) {
            continue;
        }
        preference_row row = sum_key(t, g, key, &n);
        compare_key(t, n, &row);
        if (is_day) {
            out->weekdays[key - PREFERENCE_CHANNELS_MAX] = row;
        } else if (row.touches > 0) {
            channels[out->n_channels++] = row;
        }
    }
    qsort(channels, out->n_channels, sizeof *channels, most_touches_first);
    out->channels = channels;
    *rows = channels;
    return context_check(t->s->cx, err);
}

/* --- against others --- */

static void set_others(preference_row *row, const preference_row *all)
{
    row->others_accounts = all->accounts - row->accounts;
    row->others_known = all->known - row->known;
    row->others_answered = all->answered - row->answered;
}

static const preference_row *find_channel(const preference_segment *all, const char *label)
{
    size_t i = 0;
    while (i < all->n_channels && strcmp(all->channels[i].label, label) != 0) {
        i++;
    }
    return i < all->n_channels ? &all->channels[i] : NULL;
}

/* The segment's answers against those of all others. */
static void compare_segment(touching *t, size_t g, const preference_segment *all,
                            preference_row *row)
{
    size_t n = 0;
    uint32_t last = UINT32_MAX;
    set_others(row, &all->all);
    row->against = test_not_done(between, "too few accounts to compare");
    if (!row->stated || (double)row->others_accounts < t->s->minimum_accounts) {
        return;
    }
    for (size_t i = 0; i < t->rows.n; i++) {
        const touch *x = &t->rows.data[i];
        if (x->account != last) {
            last = x->account;
            t->hits[n] = t->of[n] = t->hits_all[n] = t->of_all[n] = 0.0;
            n++;
        }
        bool here = t->codes[x->account] == g;
        (here ? t->hits : t->hits_all)[n - 1] += x->answered;
        (here ? t->of : t->of_all)[n - 1] += x->known;
    }
    cluster_counts in = {t->hits, t->of, n};
    cluster_counts out = {t->hits_all, t->of_all, n};
    row->against = test_of(cluster_shares_differ(&in, &out, &row->difference), between, effect);
}

static strata_status correct(preference_segment *segments, preference_row *const *channels,
                             size_t n, arena *a, strata_error *err)
{
    test_figure **tests = ARENA_NEW(a, n * (KEYS + 1) + 1, test_figure *);
    size_t n_tests = 0;
    if (tests == NULL) {
        return no_memory(err);
    }
    for (size_t g = 0; g < n; g++) {
        tests[n_tests++] = &segments[g].all.against;
        for (size_t i = 0; i < segments[g].n_channels; i++) {
            tests[n_tests++] = &channels[g][i].against;
        }
        for (size_t i = 0; i < WEEKDAYS; i++) {
            tests[n_tests++] = &segments[g].weekdays[i].against;
        }
    }
    return tests_correct(tests, n_tests, err);
}

static const preference_row *best_of(const preference_row *rows, size_t n)
{
    const preference_row *best = NULL;
    for (size_t i = 0; i < n; i++) {
        bool passes =
            rows[i].against.done && rows[i].against.p_holm < LEVEL && rows[i].against.effect > 0.0;
        if (passes && (best == NULL || rows[i].against.effect > best->against.effect)) {
            best = &rows[i];
        }
    }
    return best;
}

static strata_status finish(touching *t, preference_segment *segments, preference_row **channels,
                            arena *a, strata_error *err)
{
    const preference_segment *all = &segments[t->n_segments];
    for (size_t g = 0; g < t->n_segments; g++) {
        preference_segment *one = &segments[g];
        compare_segment(t, g, all, &one->all);
        for (size_t i = 0; i < one->n_channels; i++) {
            const preference_row *same = find_channel(all, channels[g][i].label);
            set_others(&channels[g][i], same != NULL ? same : &channels[g][i]);
        }
        for (size_t i = 0; i < WEEKDAYS; i++) {
            set_others(&one->weekdays[i], &all->weekdays[i]);
        }
        STRATA_TRY(context_check(t->s->cx, err));
    }
    STRATA_TRY(correct(segments, channels, t->n_segments, a, err));
    for (size_t g = 0; g < t->n_segments; g++) {
        segments[g].best_channel = best_of(segments[g].channels, segments[g].n_channels);
        segments[g].best_weekday = best_of(segments[g].weekdays, WEEKDAYS);
    }
    return STRATA_OK;
}

strata_status preference_make(const study *s, store_conn *conn, day from, const grouping *by,
                              arena *a, preference *out, strata_error *err)
{
    const segment_code *codes = by->codes;
    const size_t n_segments = by->n_segments;
    STRATA_CLEANUP(touching_done)
    touching t = {.s = s, .codes = codes, .n_segments = n_segments};
    preference_segment *segments = ARENA_NEW(a, n_segments + 1, preference_segment);
    preference_row **channels = ARENA_NEW(a, n_segments + 1, preference_row *);
    t.hits = STRATA_NEW_ARRAY(s->n + 1, double);
    t.of = STRATA_NEW_ARRAY(s->n + 1, double);
    t.hits_all = STRATA_NEW_ARRAY(s->n + 1, double);
    t.of_all = STRATA_NEW_ARRAY(s->n + 1, double);
    if (segments == NULL || channels == NULL || t.hits == NULL || t.of == NULL ||
        t.hits_all == NULL || t.of_all == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(read_touches(&t, conn, from, err));
    STRATA_TRY(place_channels(&t, a, err));
    for (size_t g = 0; g <= n_segments; g++) {
        STRATA_TRY(make_segment(&t, g, a, &segments[g], &channels[g], err));
    }
    STRATA_TRY(finish(&t, segments, channels, a, err));
    *out = (preference){.known = t.rows.n > 0,
                        .has_answers = segments[n_segments].all.known > 0,
                        .channels_left_out = t.n_left_out,
                        .segments = segments,
                        .n_segments = n_segments};
    return STRATA_OK;
}
