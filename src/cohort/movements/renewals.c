/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/movements/renewals.h"

#include <stdlib.h>

#include "panel/panel.h"

typedef struct renewal_load {
    const ledger_source *source;
    ledger_cursor *cursor;
    VEC(renewal) rows;
    size_t undated;
} renewal_load;

static void load_done(renewal_load *l)
{
    l->source->close(l->cursor);
    vec_free(&l->rows);
}

static strata_status take_block(renewal_load *l, const ledger_block *b, day until,
                                strata_error *err)
{
    const deal_rows *d = &b->opportunities;
    for (size_t i = 0; d->start != NULL && i < b->n_accounts; i++) {
        for (uint32_t k = d->start[i]; k < d->start[i + 1]; k++) {
            if (d->kind[k] != DEAL_RENEWAL || d->day[k] > until) {
                continue;
            }
            if (d->due[k] == DAY_MISSING) {
                l->undated++;
                continue;
            }
            renewal r = {b->first + (int32_t)i, d->due[k], d->amount[k], (deal_stage)d->stage[k]};
            if (!vec_push(&l->rows, r)) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory reading renewals");
            }
        }
    }
    return STRATA_OK;
}

static int by_account_and_due(const void *a, const void *b)
{
    const renewal *x = a;
    const renewal *y = b;
    if (x->account != y->account) {
        return x->account < y->account ? -1 : 1;
    }
    if (x->due != y->due) {
        return x->due < y->due ? -1 : 1;
    }
    if (x->minor != y->minor) {
        return x->minor < y->minor ? -1 : 1;
    }
    return (int)x->stage - (int)y->stage;
}

static strata_status read_rows(const context *cx, renewal_load *l, day until, strata_error *err)
{
    const ledger_info *info = l->source->info(l->source->self);
    if ((info->entities & 1U << ENTITY_OPPORTUNITIES) == 0) {
        return STRATA_OK;
    }
    STRATA_TRY(l->source->open(l->source->self, 0, (int32_t)info->n_accounts,
                               1U << ENTITY_OPPORTUNITIES, until, &l->cursor, err));
    for (size_t at = 0; at < info->n_accounts; at += PANEL_BLOCK) {
        ledger_block block;
        size_t left = info->n_accounts - at;
        STRATA_TRY(context_check(cx, err));
        STRATA_TRY(l->source->read(l->cursor, (int32_t)at, left < PANEL_BLOCK ? left : PANEL_BLOCK,
                                   &block, err));
        STRATA_TRY(take_block(l, &block, until, err));
    }
    return STRATA_OK;
}

static void set_starts(renewal_book *b)
{
    size_t k = 0;
    for (size_t i = 0; i <= b->n_accounts; i++) {
        while (k < b->n && (size_t)b->rows[k].account < i) {
            k++;
        }
        b->start[i] = (uint32_t)k;
    }
}

strata_status renewal_book_load(const context *cx, const ledger_source *source, day until,
                                renewal_book **out, strata_error *err)
{
    STRATA_CLEANUP(load_done) renewal_load l = {.source = source};
    STRATA_AUTO(renewal_book_free) renewal_book *b = STRATA_NEW_ARRAY(1, renewal_book);
    size_t n_accounts = source->info(source->self)->n_accounts;
    STRATA_TRY(read_rows(cx, &l, until, err));
    if (b != NULL) {
        *b = (renewal_book){.n = l.rows.n,
                            .n_accounts = n_accounts,
                            .undated = l.undated,
                            .start = STRATA_NEW_ARRAY(n_accounts + 1, uint32_t)};
    }
    if (b == NULL || b->start == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading renewals of %zu accounts",
                           n_accounts);
    }
    b->rows = l.rows.data;
    l.rows.data = NULL;
    if (b->n > 1) {
        qsort(b->rows, b->n, sizeof *b->rows, by_account_and_due);
    }
    set_starts(b);
    *out = strata_steal(&b);
    return STRATA_OK;
}

void renewal_book_free(renewal_book *b)
{
    if (b != NULL) {
        free(b->rows);
        free(b->start);
        free(b);
    }
}

renewal_sum renewals_due(const renewal_book *b, size_t account, day from, day to)
{
    renewal_sum s = {0};
    for (uint32_t k = b->start[account]; k < b->start[account + 1]; k++) {
        const renewal *r = &b->rows[k];
        if (r->due <= from || r->due > to) {
            continue;
        }
        s.due++;
        s.due_minor += r->minor;
        s.won += r->stage == DEAL_WON;
        s.lost += r->stage == DEAL_LOST;
        s.open += r->stage == DEAL_OPEN;
        s.won_minor += r->stage == DEAL_WON ? r->minor : 0;
        s.lost_minor += r->stage == DEAL_LOST ? r->minor : 0;
        s.open_minor += r->stage == DEAL_OPEN ? r->minor : 0;
    }
    return s;
}
