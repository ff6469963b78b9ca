/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/book.h"

#include <string.h>

#include "panel/blocks.h"

/* A row of a book: ARR after and kind, amount and number of orders, or a day alone. */
typedef struct book_row {
    day day;
    int32_t small;
    int64_t money;
} book_row;

/* The rows of the accounts of one task. */
typedef struct book_part {
    book_row *rows;
    size_t n, cap;
} book_part;

typedef struct book_load {
    const ledger_source *source;
    entity reads;
    day until;
    size_t n_accounts;
    uint32_t *counts; /* by account */
    book_part *parts;
    size_t n_parts;
} book_load;

static void book_load_done(book_load *l)
{
    for (size_t i = 0; l->parts != NULL && i < l->n_parts; i++) {
        free(l->parts[i].rows);
    }
    free(l->parts);
    free(l->counts);
}

static strata_status out_of_memory(const book_load *l, strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading %s of %zu accounts",
                       entity_name(l->reads), l->n_accounts);
}

static bool reserve(book_part *part, size_t more)
{
    size_t cap = part->cap;
    while (cap < part->n + more) {
        cap = cap == 0 ? 1024 : 2 * cap;
    }
    if (cap == part->cap) {
        return true;
    }
    book_row *rows = realloc(part->rows, cap * sizeof *rows);
    if (rows == NULL) {
        return false;
    }
    part->rows = rows;
    part->cap = cap;
    return true;
}

/* --- out of a block --- */

static book_row row_of(const book_load *l, const ledger_block *b, uint32_t k)
{
    if (l->reads == ENTITY_ARR) {
        return (book_row){b->arr.day[k], b->arr.kind[k], b->arr.arr_after[k]};
    }
    if (l->reads == ENTITY_USAGE) {
        return (book_row){.day = b->usage.day[k]};
    }
    return (book_row){b->orders.day[k], b->orders.orders[k], b->orders.amount[k]};
}

static const uint32_t *starts_of(const book_load *l, const ledger_block *b)
{
    return l->reads == ENTITY_ARR     ? b->arr.start
           : l->reads == ENTITY_USAGE ? b->usage.start
                                      : b->orders.start;
}

/* Orders and usage may come in several rows a day; a book has one. */
static void put_row(book_part *part, size_t first, book_row row)
{
    book_row *last = part->n > first ? &part->rows[part->n - 1] : NULL;
    if (last != NULL && last->day == row.day) {
        last->money += row.money;
        last->small += row.small;
    } else {
        part->rows[part->n++] = row;
    }
}

static strata_status take_block(const book_load *l, const ledger_block *b, book_part *part,
                                strata_error *err)
{
    const uint32_t *start = starts_of(l, b);
    if (start == NULL) {
        return STRATA_OK;
    }
    if (!reserve(part, start[b->n_accounts] - start[0])) {
        return out_of_memory(l, err);
    }
    for (size_t i = 0; i < b->n_accounts; i++) {
        size_t first = part->n;
        for (uint32_t k = start[i]; k < start[i + 1]; k++) {
            book_row row = row_of(l, b, k);
            if (row.day <= l->until) {
                put_row(part, first, row);
            }
        }
        l->counts[(size_t)b->first + i] = (uint32_t)(part->n - first);
    }
    return STRATA_OK;
}

static strata_status load_block(void *job, size_t task, const ledger_block *block,
                                strata_error *err)
{
    const book_load *l = job;
    return take_block(l, block, &l->parts[task], err);
}

static strata_status load_parts(const context *cx, book_load *l, strata_error *err)
{
    const ledger_info *info = l->source->info(l->source->self);
    l->n_accounts = info->n_accounts;
    l->n_parts = blocks_tasks(l->n_accounts);
    l->parts = STRATA_NEW_ARRAY(l->n_parts, book_part);
    l->counts = STRATA_NEW_ARRAY(l->n_accounts, uint32_t);
    if (l->parts == NULL || l->counts == NULL) {
        return out_of_memory(l, err);
    }
    if ((info->entities & 1U << l->reads) == 0) {
        return STRATA_OK;
    }
    return blocks_read(cx, l->source, 1U << l->reads, l->until, load_block, l, err);
}

/* --- into a book --- */

static size_t n_rows(const book_load *l)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n_parts; i++) {
        n += l->parts[i].n;
    }
    return n;
}

static void set_starts(const book_load *l, uint32_t *start)
{
    for (size_t i = 0; i < l->n_accounts; i++) {
        start[i + 1] = start[i] + l->counts[i];
    }
}

strata_status arr_book_new(size_t n_accounts, size_t n_rows, day until, arr_book **out,
                           strata_error *err)
{
    STRATA_AUTO(arr_book_free) arr_book *b = STRATA_NEW_ARRAY(1, arr_book);
    if (b != NULL) {
        *b = (arr_book){.n_accounts = n_accounts, .until = until};
        b->start = STRATA_NEW_ARRAY(n_accounts + 1, uint32_t);
        b->day = STRATA_NEW_ARRAY(n_rows, day);
        b->after = STRATA_NEW_ARRAY(n_rows, int64_t);
        b->kind = STRATA_NEW_ARRAY(n_rows, uint8_t);
        b->first = STRATA_NEW_ARRAY(n_accounts, day);
    }
    if (b == NULL || !b->start || !b->day || !b->after || !b->kind || !b->first) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu changes of %zu accounts",
                           n_rows, n_accounts);
    }
    for (size_t i = 0; i < n_accounts; i++) {
        b->first[i] = DAY_MISSING;
    }
    *out = strata_steal(&b);
    return STRATA_OK;
}

void arr_book_put(arr_book *b, size_t account, day d, int64_t after, arr_kind kind)
{
    b->day[b->n_rows] = d;
    b->after[b->n_rows] = after;
    b->kind[b->n_rows++] = (uint8_t)kind;
    b->start[account + 1] = (uint32_t)b->n_rows;
    if (b->first[account] == DAY_MISSING && after > 0) {
        b->first[account] = d;
    }
}

void arr_book_end(arr_book *b)
{
    for (size_t i = 0; i < b->n_accounts; i++) {
        if (b->start[i + 1] < b->start[i]) { /* without rows */
            b->start[i + 1] = b->start[i];
        }
    }
}

strata_status arr_book_check_account(const arr_book *b, const char *table, int32_t account,
                                     strata_error *err)
{
    return account >= 0 && (size_t)account < b->n_accounts
               ? STRATA_OK
               : strata_fail(err, STRATA_E_STORE,
                             "%s names account %d of %zu; run 'strata ingest --force'", table,
                             account, b->n_accounts);
}

static void set_arr_rows(const book_load *l, arr_book *b)
{
    size_t k = 0;
    for (size_t p = 0; p < l->n_parts; p++) {
        for (size_t i = 0; i < l->parts[p].n; i++, k++) {
            b->day[k] = l->parts[p].rows[i].day;
            b->after[k] = l->parts[p].rows[i].money;
            b->kind[k] = (uint8_t)l->parts[p].rows[i].small;
        }
    }
    b->n_rows = k;
    for (size_t i = 0; i < b->n_accounts; i++) {
        for (uint32_t row = b->start[i]; row < b->start[i + 1]; row++) {
            if (b->after[row] > 0) {
                b->first[i] = b->day[row];
                break;
            }
        }
    }
}

strata_status arr_book_load(const context *cx, const ledger_source *source, day until,
                            arr_book **out, strata_error *err)
{
    STRATA_CLEANUP(book_load_done)
    book_load l = {.source = source, .reads = ENTITY_ARR, .until = until};
    STRATA_AUTO(arr_book_free) arr_book *b = NULL;
    STRATA_TRY(load_parts(cx, &l, err));
    STRATA_TRY(arr_book_new(l.n_accounts, n_rows(&l), until, &b, err));
    set_starts(&l, b->start);
    set_arr_rows(&l, b);
    *out = strata_steal(&b);
    return STRATA_OK;
}

void arr_book_free(arr_book *b)
{
    if (b != NULL) {
        free(b->start);
        free(b->day);
        free(b->after);
        free(b->kind);
        free(b->first);
        free(b);
    }
}

static void set_order_rows(const book_load *l, order_book *b)
{
    size_t k = 0;
    for (size_t p = 0; p < l->n_parts; p++) {
        for (size_t i = 0; i < l->parts[p].n; i++, k++) {
            b->day[k] = l->parts[p].rows[i].day;
            b->amount[k] = l->parts[p].rows[i].money;
            b->orders[k] = l->parts[p].rows[i].small;
        }
    }
    for (size_t i = 0; i < b->n_accounts; i++) {
        b->first[i] = DAY_MISSING;
        for (uint32_t row = b->start[i]; row < b->start[i + 1]; row++) {
            if (b->orders[row] > 0) {
                b->first[i] = b->day[row];
                break;
            }
        }
    }
}

strata_status order_book_load(const context *cx, const ledger_source *source, day until,
                              order_book **out, strata_error *err)
{
    STRATA_CLEANUP(book_load_done)
    book_load l = {.source = source, .reads = ENTITY_ORDERS, .until = until};
    STRATA_AUTO(order_book_free) order_book *b = STRATA_NEW_ARRAY(1, order_book);
    STRATA_TRY(load_parts(cx, &l, err));
    size_t n = n_rows(&l);
    if (b != NULL) {
        *b = (order_book){.n_accounts = l.n_accounts, .n_rows = n, .until = until};
        b->start = STRATA_NEW_ARRAY(l.n_accounts + 1, uint32_t);
        b->day = STRATA_NEW_ARRAY(n, day);
        b->amount = STRATA_NEW_ARRAY(n, int64_t);
        b->orders = STRATA_NEW_ARRAY(n, int32_t);
        b->first = STRATA_NEW_ARRAY(l.n_accounts, day);
    }
    if (b == NULL || !b->start || !b->day || !b->amount || !b->orders || !b->first) {
        return out_of_memory(&l, err);
    }
    set_starts(&l, b->start);
    set_order_rows(&l, b);
    *out = strata_steal(&b);
    return STRATA_OK;
}

void order_book_free(order_book *b)
{
    if (b != NULL) {
        free(b->start);
        free(b->day);
        free(b->amount);
        free(b->orders);
        free(b->first);
        free(b->units);
        free(b);
    }
}

strata_status usage_book_load(const context *cx, const ledger_source *source, day until,
                              usage_book **out, strata_error *err)
{
    STRATA_CLEANUP(book_load_done)
    book_load l = {.source = source, .reads = ENTITY_USAGE, .until = until};
    STRATA_AUTO(usage_book_free) usage_book *b = STRATA_NEW_ARRAY(1, usage_book);
    STRATA_TRY(load_parts(cx, &l, err));
    size_t n = n_rows(&l);
    if (b != NULL) {
        *b = (usage_book){
            .n_accounts = l.n_accounts, .n_rows = n, .until = until, .begins = DAY_MISSING};
        b->start = STRATA_NEW_ARRAY(l.n_accounts + 1, uint32_t);
        b->day = STRATA_NEW_ARRAY(n, day);
    }
    if (b == NULL || !b->start || !b->day) {
        return out_of_memory(&l, err);
    }
    set_starts(&l, b->start);
    size_t k = 0;
    for (size_t p = 0; p < l.n_parts; p++) {
        for (size_t i = 0; i < l.parts[p].n; i++) {
            day d = l.parts[p].rows[i].day;
            b->begins = b->begins == DAY_MISSING || d < b->begins ? d : b->begins;
            b->day[k++] = d;
        }
    }
    *out = strata_steal(&b);
    return STRATA_OK;
}

void usage_book_free(usage_book *b)
{
    if (b != NULL) {
        free(b->start);
        free(b->day);
        free(b);
    }
}
