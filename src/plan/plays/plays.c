/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/plays/plays.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "segment/visit.h"

/* Where a playbook stands with an account; days count from the first, -1: never. */
typedef struct standing {
    int32_t running;  /* began; -1: does not run */
    int32_t began;    /* the last time */
    int32_t measured; /* began, and its outcome is yet to be looked at */
} standing;

typedef struct shared_counts {
    atomic_size_t begun, begun_year, exited, replaced, over, measured, met;
} shared_counts;

typedef struct follow {
    const bound_playbooks *books;
    standing *standings; /* [playbook * n_accounts + account] */
    uint8_t *busy;       /* as standings: it runs, or is yet to be measured */
    size_t n_accounts;
    const int32_t *days; /* by playbook: how long a play runs at most */
    shared_counts *counts;
    uint8_t *replaces; /* [playbook * n + other] */
    size_t scratch_bytes;
    size_t only;       /* account; SIZE_MAX: all */
    int32_t year_from; /* first day of the last 365 */
} follow;

/* Verdicts of one playbook for the accounts of a block on one day, and to whom something may
 * happen. */
typedef struct verdicts {
    uint8_t *trigger, *exit, *measure;
    uint32_t *at; /* places of the block, n_at of them */
    size_t n_at;
    void *scratch;
} verdicts;

static strata_status verdicts_new(size_t n, size_t scratch_bytes, verdicts *v, strata_error *err)
{
    /* Scratch is not zeroed: on each of hundreds of days that would take a fifth of the time. */
    v->trigger = malloc(3 * n + 1);
    v->at = STRATA_NEW_ARRAY(n + 1, uint32_t);
    v->scratch = malloc(scratch_bytes + 1);
    if (v->trigger == NULL || v->at == NULL || v->scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory following plays");
    }
    v->exit = v->trigger + n;
    v->measure = v->exit + n;
    return STRATA_OK;
}

static void verdicts_done(verdicts *v)
{
    free(v->trigger);
    free(v->at);
    free(v->scratch);
}

static standing *standing_of(const follow *f, size_t k, size_t account)
{
    return &f->standings[k * f->n_accounts + account];
}

static void end_play(standing *s, atomic_size_t *how)
{
    s->running = -1;
    atomic_fetch_add(how, 1);
}

static void note_busy(follow *f, size_t k, size_t account)
{
    const standing *s = standing_of(f, k, account);
    f->busy[k * f->n_accounts + account] = s->running >= 0 || s->measured >= 0;
}

static void begin_play(follow *f, size_t account, size_t k, int32_t today)
{
    size_t n = f->books->n;
    standing *s = standing_of(f, k, account);
    s->running = s->began = today;
    s->measured = s->measured < 0 && f->books->items[k].measure != NULL ? today : s->measured;
    atomic_fetch_add(&f->counts[k].begun, 1);
    atomic_fetch_add(&f->counts[k].begun_year, today >= f->year_from ? 1 : 0);
    for (size_t other = 0; other < n; other++) {
        standing *replaced = standing_of(f, other, account);
        if (f->replaces[k * n + other] && replaced->running >= 0) {
            end_play(replaced, &f->counts[other].replaced);
            note_busy(f, other, account);
        }
    }
}

/* Whether one that runs replaces it: then it need not begin at all. */
static bool is_covered(const follow *f, size_t account, size_t k)
{
    size_t n = f->books->n;
    for (size_t other = 0; other < n; other++) {
        if (f->replaces[other * n + k] && standing_of(f, other, account)->running >= 0) {
            return true;
        }
    }
    return false;
}

/* What the rules of a playbook say of an account today. */
typedef struct said {
    bool trigger, ends, holds;
} said;

static void step(follow *f, size_t account, size_t k, int32_t today, said x)
{
    const playbook *p = f->books->items[k].p;
    standing *s = standing_of(f, k, account);
    shared_counts *c = &f->counts[k];
    if (s->measured >= 0 && today - s->measured >= p->measure_days) {
        atomic_fetch_add(&c->measured, 1);
        atomic_fetch_add(&c->met, x.holds ? 1 : 0);
        s->measured = -1;
    }
    if (s->running >= 0 && x.ends) {
        end_play(s, &c->exited);
    } else if (s->running >= 0 && today - s->running > f->days[k]) {
        end_play(s, &c->over);
    }
    bool again = s->began < 0 || today - s->began >= p->again_days;
    if (s->running < 0 && x.trigger && !x.ends && again && !is_covered(f, account, k)) {
        begin_play(f, account, k, today);
    }
    note_busy(f, k, account);
}

/* Whether a block holds any account that is looked at. */
static bool wants(void *self, size_t date, size_t first, size_t n)
{
    const follow *f = self;
    (void)date;
    return f->only == SIZE_MAX || (f->only >= first && f->only < first + n);
}

/* Most accounts have no play and no reason for one: the others are picked out without a branch,
 * since every account passes here once for each playbook and day. */
static void pick(const follow *f, const dated_block *block, size_t k, verdicts *v)
{
    const uint8_t *busy = &f->busy[k * f->n_accounts + block->first];
    size_t first = f->only == SIZE_MAX ? 0 : f->only - block->first;
    size_t end = f->only == SIZE_MAX ? block->n : first + 1;
    size_t n = 0;
    for (size_t i = first; i < end; i++) {
        v->at[n] = (uint32_t)i;
        n += (size_t)((v->trigger[i] == RULE_YES) | busy[i]);
    }
    v->n_at = n;
}

/* Whether the outcome of any of them is looked at today; the exit of all may matter. */
static bool is_measuring(const follow *f, const dated_block *block, size_t k, const verdicts *v)
{
    const standing *standings = standing_of(f, k, block->first);
    int32_t today = (int32_t)block->date;
    int32_t measure_days = f->books->items[k].p->measure_days;
    for (size_t j = 0; j < v->n_at; j++) {
        const standing *s = &standings[v->at[j]];
        if (s->measured >= 0 && today - s->measured >= measure_days) {
            return true;
        }
    }
    return false;
}

static void evaluate_if(bool wanted, const rule *r, const rule_input *in, size_t n, uint8_t *out,
                        void *scratch)
{
    if (wanted) {
        rule_eval_condition(r, in, n, out, scratch);
    } else {
        memset(out, RULE_NO, n);
    }
}

static void follow_playbook(follow *f, const dated_block *block, size_t k, verdicts *v)
{
    const bound_playbook *b = &f->books->items[k];
    const rule_input in = {.now = {.columns = block->columns, .as_of = block->as_of}};
    rule_eval_condition(b->trigger, &in, block->n, v->trigger, v->scratch);
    pick(f, block, k, v);
    if (v->n_at == 0) {
        return;
    }
    evaluate_if(b->exit != NULL, b->exit, &in, block->n, v->exit, v->scratch);
    evaluate_if(is_measuring(f, block, k, v), b->measure, &in, block->n, v->measure, v->scratch);
    for (size_t j = 0; j < v->n_at; j++) {
        size_t i = v->at[j];
        const said x = {v->trigger[i] == RULE_YES, v->exit[i] == RULE_YES,
                        v->measure[i] == RULE_YES};
        step(f, block->first + i, k, (int32_t)block->date, x);
    }
}

static strata_status take(void *self, const dated_block *block, strata_error *err)
{
    follow *f = self;
    STRATA_CLEANUP(verdicts_done) verdicts v = {0};
    STRATA_TRY(verdicts_new(block->n, f->scratch_bytes, &v, err));
    for (size_t k = 0; k < f->books->n; k++) {
        if (f->books->items[k].off == NULL) {
            follow_playbook(f, block, k, &v);
        }
    }
    return STRATA_OK;
}

/* --- around it --- */

static size_t scratch_of(const bound_playbooks *books)
{
    size_t most = 0;
    for (size_t k = 0; k < books->n; k++) {
        const rule *rules[] = {books->items[k].trigger, books->items[k].exit,
                               books->items[k].measure};
        for (size_t r = 0; r < 3; r++) {
            size_t bytes = rules[r] != NULL ? rule_scratch_bytes(rules[r]) : 0;
            most = bytes > most ? bytes : most;
        }
    }
    return most;
}

static void mark_replaced(const bound_playbooks *books, uint8_t *replaces)
{
    for (size_t k = 0; k < books->n; k++) {
        const playbook *p = books->items[k].p;
        for (size_t r = 0; r < p->n_replaces; r++) {
            for (size_t other = 0; other < books->n; other++) {
                bool same = strcmp(books->items[other].p->name, p->replaces[r]) == 0;
                replaces[k * books->n + other] |= same && other != k;
            }
        }
    }
}

static strata_status list_dates(day from, day to, arena *a, day **out, size_t *n, strata_error *err)
{
    *n = (size_t)((int64_t)to - (int64_t)from + 1);
    *out = ARENA_NEW(a, *n, day);
    if (*out == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu days", *n);
    }
    for (size_t i = 0; i < *n; i++) {
        (*out)[i] = from + (day)i;
    }
    return STRATA_OK;
}

static strata_status collect(const follow *f, size_t n_accounts, day from, arena *a, plays *out,
                             strata_error *err)
{
    size_t n = f->books->n;
    size_t running = 0;
    for (size_t i = 0; i < n_accounts * n; i++) {
        running += f->standings[i].running >= 0;
    }
    play *list = ARENA_NEW(a, running + 1, play);
    play_counts *counts = ARENA_NEW(a, n + 1, play_counts);
    if (list == NULL || counts == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu plays", running);
    }
    for (size_t k = 0; k < n; k++) {
        const shared_counts *c = &f->counts[k];
        counts[k] = (play_counts){.begun = atomic_load(&c->begun),
                                  .begun_year = atomic_load(&c->begun_year),
                                  .exited = atomic_load(&c->exited),
                                  .replaced = atomic_load(&c->replaced),
                                  .over = atomic_load(&c->over),
                                  .measured = atomic_load(&c->measured),
                                  .met = atomic_load(&c->met)};
    }
    size_t at = 0;
    for (size_t i = 0; i < n_accounts * n; i++) {
        const standing *s = standing_of(f, i % n, i / n);
        if (s->running >= 0) {
            counts[i % n].running++;
            list[at++] = (play){.account = (uint32_t)(i / n),
                                .playbook = (uint32_t)(i % n),
                                .began = from + s->running};
        }
    }
    out->running = list;
    out->n = running;
    out->counts = counts;
    return STRATA_OK;
}

/* Follows from the first day of `out` to its as-of date. */
static strata_status sweep(const context *cx, const plays_scope *scope, follow *f, arena *a,
                           const plays *out, strata_error *err)
{
    day *dates = NULL;
    size_t n_dates = 0;
    STRATA_TRY(list_dates(out->from, out->as_of, a, &dates, &n_dates, err));
    const segmentation_visit visit = {.dates = dates,
                                      .n_dates = n_dates,
                                      .slots = f->books->slots,
                                      .n_slots = f->books->n_slots,
                                      .one = f->only != SIZE_MAX,
                                      .only = f->only,
                                      .wants = wants,
                                      .take = take,
                                      .self = f};
    return f->books->n_slots > 0
               ? visit_dates(cx, scope->p, scope->b, scope->overrides, &visit, err)
               : STRATA_OK;
}

strata_status plays_follow(const context *cx, const plays_scope *scope,
                           const bound_playbooks *books, arena *a, plays *out, strata_error *err)
{
    enum { YEARS_BACK = 2, YEAR = 365 };
    const portfolio *p = scope->p;
    day anchor = day_from_civil(day_to_civil(scope->as_of).year - YEARS_BACK, 1, 1);
    day first = p->info->first_day;
    plays result = {.from = anchor > first ? anchor : first, .as_of = scope->as_of};
    if (scope->as_of < result.from) {
        return strata_fail(err, STRATA_E_USAGE, "the as-of date lies before the first fact");
    }
    size_t n = books->n;
    STRATA_AUTO_FREE standing *standings = STRATA_NEW_ARRAY(p->n_accounts * n + 1, standing);
    STRATA_AUTO_FREE uint8_t *busy = STRATA_NEW_ARRAY(p->n_accounts * n + 1, uint8_t);
    STRATA_AUTO_FREE shared_counts *counts = STRATA_NEW_ARRAY(n + 1, shared_counts);
    STRATA_AUTO_FREE uint8_t *replaces = STRATA_NEW_ARRAY(n * n + 1, uint8_t);
    STRATA_AUTO_FREE int32_t *days = STRATA_NEW_ARRAY(n + 1, int32_t);
    if (standings == NULL || busy == NULL || counts == NULL || replaces == NULL || days == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory following %zu playbooks", n);
    }
    for (size_t i = 0; i < p->n_accounts * n; i++) {
        standings[i] = (standing){-1, -1, -1};
    }
    for (size_t k = 0; k < n; k++) {
        days[k] = playbook_days(books->items[k].p);
    }
    mark_replaced(books, replaces);
    follow f = {.books = books,
                .standings = standings,
                .busy = busy,
                .n_accounts = p->n_accounts,
                .days = days,
                .counts = counts,
                .replaces = replaces,
                .scratch_bytes = scratch_of(books),
                .only = scope->only,
                .year_from = (int32_t)(scope->as_of - YEAR + 1 - result.from)};
    STRATA_TRY(sweep(cx, scope, &f, a, &result, err));
    STRATA_TRY(collect(&f, p->n_accounts, result.from, a, &result, err));
    *out = result;
    return STRATA_OK;
}
