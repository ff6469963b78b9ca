/* SPDX-License-Identifier: Apache-2.0 */
#include "persona/decisions.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/make_figure.h"
#include "base/vec.h"
#include "persona/grouping.h"
#include "persona/terms.h"
#include "stats/inference/cluster_share.h"
#include "store/stmt.h"

enum {
    ROW_RENEWALS,
    ROW_EXPANSIONS,
    ROW_COMPETITORS,
    ROWS = ROW_COMPETITORS + DECISIONS_COMPETITORS_MAX
};

typedef struct decided {
    uint32_t account, competitor; /* UINT32_MAX: none is named */
    uint8_t kind;
    bool won;
} decided;

typedef struct deciding {
    const study *s;
    const segment_code *codes;
    size_t n_segments;
    VEC(decided) deals; /* in order of accounts; of accounts in segments */
    terms competitors;
    size_t listed[DECISIONS_COMPETITORS_MAX]; /* those with most deals */
    size_t n_listed;
    double *hits, *of, *hits_out, *of_out; /* by account */
} deciding;

static void deciding_done(deciding *d)
{
    vec_free(&d->deals);
    terms_done(&d->competitors);
    free(d->hits);
    free(d->of);
    free(d->hits_out);
    free(d->of_out);
}

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for deals and reasons");
}

/* --- deals --- */

static strata_status read_deals(deciding *d, store_conn *conn, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    day until = d->s->v->as_of;
    STRATA_TRY(stmt_new(conn, "persona/deals.sql", &q, err));
    STRATA_TRY(stmt_bind_int32(q, "from", d->s->v->year_ago, err));
    STRATA_TRY(stmt_bind_int32(q, "until", until, err));
    STRATA_TRY(stmt_stream(q, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(q, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        decided x = {.account = (uint32_t)stmt_get_int(q, 0),
                     .competitor = UINT32_MAX,
                     .kind = (uint8_t)stmt_get_int(q, 1),
                     .won = stmt_get_int(q, 2) == DEAL_WON};
        text_view name = stmt_get_text(q, 3);
        if (name.ptr != NULL) {
            STRATA_TRY(terms_add(&d->competitors, name.ptr, name.len, &x.competitor, err));
        }
        if (d->codes[x.account] < d->n_segments && !vec_push(&d->deals, x)) {
            return no_memory(err);
        }
    }
}

static strata_status list_competitors(deciding *d, strata_error *err)
{
    size_t n = terms_count(&d->competitors);
    STRATA_AUTO_FREE size_t *deals = STRATA_NEW_ARRAY(n + 1, size_t);
    if (deals == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < d->deals.n; i++) {
        uint32_t c = d->deals.data[i].competitor;
        deals[c == UINT32_MAX ? n : c]++;
    }
    while (d->n_listed < DECISIONS_COMPETITORS_MAX) {
        size_t best = n;
        for (size_t c = 0; c < n; c++) {
            bool ahead = best == n || deals[c] > deals[best] ||
                         (deals[c] == deals[best] && strcmp(terms_text(&d->competitors, c),
                                                            terms_text(&d->competitors, best)) < 0);
            best = deals[c] > 0 && ahead ? c : best;
        }
        if (best == n) {
            break;
        }
        d->listed[d->n_listed++] = best;
        deals[best] = 0;
    }
    return STRATA_OK;
}

static bool is_row(const deciding *d, const decided *x, size_t row)
{
    if (row < ROW_COMPETITORS) {
        return x->kind == (row == ROW_RENEWALS ? DEAL_RENEWAL : DEAL_EXPANSION);
    }
    return x->competitor == d->listed[row - ROW_COMPETITORS];
}

/* Deals of one sort in a segment against those of all others. */
static deal_row make_row(deciding *d, size_t g, size_t row)
{
    static const char method[] = "z test of two shares, clustered by account";
    deal_row r = {0};
    size_t n = 0;
    size_t others = 0;
    uint32_t last = UINT32_MAX;
    for (size_t i = 0; i < d->deals.n; i++) {
        const decided *x = &d->deals.data[i];
        bool here = d->codes[x->account] == g;
        if (!is_row(d, x, row)) {
            continue;
        }
        if (x->account != last) {
            last = x->account;
            d->hits[n] = d->of[n] = d->hits_out[n] = d->of_out[n] = 0.0;
            n++;
            r.accounts += here;
            others += !here;
        }
        (here ? d->of : d->of_out)[n - 1] += 1.0;
        (here ? d->hits : d->hits_out)[n - 1] += x->won;
        *(here ? &r.of : &r.others_of) += 1;
        *(here ? &r.won : &r.others_won) += x->won;
    }
    cluster_counts in = {d->hits, d->of, n};
    cluster_counts out = {d->hits_out, d->of_out, n};
    bool enough =
        (double)r.accounts >= d->s->minimum_accounts && (double)others >= d->s->minimum_accounts;
    r.test = enough ? test_of(cluster_shares_differ(&in, &out, &r.difference), method,
                              "difference of the shares")
                    : test_not_done(method, "too few accounts to compare");
    return r;
}

static strata_status make_deals(deciding *d, arena *a, decisions_segment *segments,
                                strata_error *err)
{
    test_figure **tests = ARENA_NEW(a, d->n_segments * ROWS + 1, test_figure *);
    size_t n_tests = 0;
    const char *labels[ROWS] = {"Renewals", "Expansions"};
    if (tests == NULL) {
        return no_memory(err);
    }
    for (size_t k = 0; k < d->n_listed; k++) {
        labels[ROW_COMPETITORS + k] =
            arena_printf(a, "Against %s", terms_text(&d->competitors, d->listed[k]));
        STRATA_TRY(labels[ROW_COMPETITORS + k] != NULL ? STRATA_OK : no_memory(err));
    }
    for (size_t g = 0; g < d->n_segments; g++) {
        deal_row *rows = ARENA_NEW(a, ROWS, deal_row);
        if (rows == NULL) {
            return no_memory(err);
        }
        for (size_t k = 0; k < ROW_COMPETITORS + d->n_listed; k++) {
            deal_row r = make_row(d, g, k);
            r.label = labels[k];
            if (r.of > 0) {
                rows[segments[g].n_deals] = r;
                tests[n_tests++] = &rows[segments[g].n_deals++].test;
            }
        }
        segments[g].deals = rows;
        STRATA_TRY(context_check(d->s->cx, err));
    }
    return tests_correct(tests, n_tests, err);
}

/* --- reasons --- */

typedef struct reasons {
    double minimum_support;
    terms words;
    uint32_t *of;   /* by account; UINT32_MAX: none */
    size_t *counts; /* [segment * words + word]; the last segment: all */
} reasons;

static void reasons_done(reasons *r)
{
    terms_done(&r->words);
    free(r->of);
    free(r->counts);
}

static strata_status read_reasons(const study *s, store_conn *conn, const segment_code *codes,
                                  size_t n_segments, reasons *r, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *q = NULL;
    STRATA_TRY(stmt_new(conn, "persona/churn_reasons.sql", &q, err));
    STRATA_TRY(stmt_bind_int32(q, "from", s->v->year_ago, err));
    STRATA_TRY(stmt_bind_int32(q, "until", s->v->as_of, err));
    STRATA_TRY(stmt_execute(q, err));
    for (bool more = true;;) {
        STRATA_TRY(stmt_next(q, &more, err));
        if (!more) {
            return STRATA_OK;
        }
        size_t account = (size_t)stmt_get_int(q, 0);
        text_view word = stmt_get_text(q, 1);
        if (codes[account] < n_segments && s->outcome[account] == OUTCOME_CHURNED) {
            STRATA_TRY(terms_add(&r->words, word.ptr, word.len, &r->of[account], err));
        }
    }
}

static int most_accounts_first(const void *x, const void *y)
{
    const reason_row *a = x;
    const reason_row *b = y;
    if (a->in != b->in) {
        return a->in > b->in ? -1 : 1;
    }
    return strcmp(a->reason, b->reason);
}

static strata_status rows_of_segment(const reasons *r, const size_t *all_of, size_t g, arena *a,
                                     decisions_segment *out, reason_row **kept, strata_error *err)
{
    static const char method[] = "chi-square test of two shares";
    size_t n = terms_count(&r->words);
    size_t all = all_of[1];
    reason_row *rows = ARENA_NEW(a, n + 1, reason_row);
    STRATA_AUTO_FREE reason_row *found = STRATA_NEW_ARRAY(n + 1, reason_row);
    if (rows == NULL || found == NULL) {
        return no_memory(err);
    }
    for (size_t w = 0; w < n; w++) {
        size_t in = r->counts[g * n + w];
        size_t out_n = r->counts[all_of[0] * n + w] - in;
        size_t rest = all - out->churned;
        bool enough =
            (double)out->churned >= r->minimum_support && (double)rest >= r->minimum_support;
        reason_row row = {.in = in, .of_in = out->churned, .out = out_n, .of_out = rest};
        row.test = enough ? test_of(two_proportions(in, out->churned, out_n, rest), method,
                                    "difference of the shares")
                          : test_not_done(method, "too few accounts to compare");
        row.reason = arena_strdup(a, terms_text(&r->words, w));
        STRATA_TRY(row.reason != NULL ? STRATA_OK : no_memory(err));
        if (in > 0) {
            found[out->n_reasons++] = row;
        }
    }
    qsort(found, out->n_reasons, sizeof *found, most_accounts_first);
    if (out->n_reasons > DECISIONS_REASONS_MAX) {
        out->n_reasons = DECISIONS_REASONS_MAX;
    }
    memcpy(rows, found, out->n_reasons * sizeof *rows);
    out->reasons = rows;
    *kept = rows;
    return STRATA_OK;
}

static strata_status correct_reasons(decisions_segment *segments, reason_row *const *rows, size_t n,
                                     arena *a, strata_error *err)
{
    test_figure **tests = ARENA_NEW(a, n * DECISIONS_REASONS_MAX + 1, test_figure *);
    size_t n_tests = 0;
    if (tests == NULL) {
        return no_memory(err);
    }
    for (size_t g = 0; g < n; g++) {
        for (size_t k = 0; k < segments[g].n_reasons; k++) {
            tests[n_tests++] = &rows[g][k].test;
        }
    }
    return tests_correct(tests, n_tests, err);
}

static strata_status make_reasons(const study *s, store_conn *conn, const grouping *by, arena *a,
                                  decisions_segment *segments, size_t *n_churned, strata_error *err)
{
    STRATA_CLEANUP(reasons_done)
    reasons r = {.minimum_support = s->v->b->model->personas.minimum_support};
    const segment_code *codes = by->codes;
    const size_t n_segments = by->n_segments;
    reason_row **rows = ARENA_NEW(a, n_segments + 1, reason_row *);
    r.of = STRATA_NEW_ARRAY(s->n + 1, uint32_t);
    if (r.of == NULL || rows == NULL) {
        return no_memory(err);
    }
    memset(r.of, 0xff, (s->n + 1) * sizeof *r.of);
    STRATA_TRY(read_reasons(s, conn, codes, n_segments, &r, err));
    size_t n = terms_count(&r.words);
    r.counts = STRATA_NEW_ARRAY((n_segments + 1) * n + 1, size_t);
    if (r.counts == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < s->n; i++) {
        if (r.of[i] != UINT32_MAX) {
            r.counts[codes[i] * n + r.of[i]]++;
            r.counts[n_segments * n + r.of[i]]++;
            segments[codes[i]].churned++;
            ++*n_churned;
        }
    }
    const size_t all[2] = {n_segments, *n_churned};
    for (size_t g = 0; g < n_segments; g++) {
        STRATA_TRY(rows_of_segment(&r, all, g, a, &segments[g], &rows[g], err));
    }
    return correct_reasons(segments, rows, n_segments, a, err);
}

strata_status decisions_make(const study *s, store_conn *conn, const segment_code *codes,
                             size_t n_segments, arena *a, decisions *out, strata_error *err)
{
    STRATA_CLEANUP(deciding_done)
    deciding d = {.s = s, .codes = codes, .n_segments = n_segments};
    decisions r = {.n_segments = n_segments};
    decisions_segment *segments = ARENA_NEW(a, n_segments + 1, decisions_segment);
    d.hits = STRATA_NEW_ARRAY(s->n + 1, double);
    d.of = STRATA_NEW_ARRAY(s->n + 1, double);
    d.hits_out = STRATA_NEW_ARRAY(s->n + 1, double);
    d.of_out = STRATA_NEW_ARRAY(s->n + 1, double);
    if (segments == NULL || d.hits == NULL || d.of == NULL || d.hits_out == NULL ||
        d.of_out == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(read_deals(&d, conn, err));
    STRATA_TRY(list_competitors(&d, err));
    STRATA_TRY(make_deals(&d, a, segments, err));
    r.n_deals = d.deals.n;
    if (s->outcome != NULL) {
        STRATA_TRY(
            make_reasons(s, conn, &(grouping){codes, n_segments}, a, segments, &r.n_churned, err));
    }
    r.segments = segments;
    *out = r;
    return STRATA_OK;
}
