/* SPDX-License-Identifier: Apache-2.0 */
#include "source/usage/sort.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/parallel.h"

/* Two steps: rows are dealt into parts by account, which is one pass over memory; parts fit into a
 * processor's cache and are sorted there, again first by account, then the few rows of each. */
enum { MAX_SLICES = 16, MAX_PARTS = 1024, FEW_ROWS = 24 };

typedef struct sorting {
    usage_block *blocks;
    size_t n_blocks, n_slices, n_parts;
    unsigned shift; /* account >> shift is the part */
    int32_t last_account[MAX_SLICES];
    size_t at[MAX_SLICES][MAX_PARTS]; /* rows of each part, then where the next one goes */
    size_t part_end[MAX_PARTS];
    const usage_codes *codes;
    usage_row *out;
} sorting;

int usage_compare(const void *pa, const void *pb)
{
    const usage_row *a = pa;
    const usage_row *b = pb;
    if (a->account != b->account) {
        return a->account < b->account ? -1 : 1;
    }
    if (a->day != b->day) {
        return a->day < b->day ? -1 : 1;
    }
    if (a->feature != b->feature) {
        return a->feature < b->feature ? -1 : 1;
    }
    if (a->user != b->user) {
        return a->user < b->user ? -1 : 1;
    }
    return (a->count > b->count) - (a->count < b->count);
}

static int32_t recode(int32_t code, const int32_t *to)
{
    return code == DAY_MISSING || to == NULL ? code : to[code];
}

usage_row usage_recode(usage_row row, const usage_codes *codes)
{
    row.feature = recode(row.feature, codes->features);
    row.user = recode(row.user, codes->users);
    return row;
}

static size_t slice_begin(const sorting *s, size_t slice)
{
    return s->n_blocks * slice / s->n_slices;
}

static strata_status find_last_account(void *job, size_t slice, strata_error *err)
{
    (void)err;
    sorting *s = job;
    int32_t last = 0;
    for (size_t b = slice_begin(s, slice); b < slice_begin(s, slice + 1); b++) {
        for (size_t i = 0; i < s->blocks[b].n; i++) {
            int32_t account = s->blocks[b].rows[i].account;
            last = account > last ? account : last;
        }
    }
    s->last_account[slice] = last;
    return STRATA_OK;
}

static strata_status count_parts(void *job, size_t slice, strata_error *err)
{
    (void)err;
    sorting *s = job;
    for (size_t b = slice_begin(s, slice); b < slice_begin(s, slice + 1); b++) {
        for (size_t i = 0; i < s->blocks[b].n; i++) {
            s->at[slice][s->blocks[b].rows[i].account >> s->shift]++;
        }
    }
    return STRATA_OK;
}

static strata_status deal(void *job, size_t slice, strata_error *err)
{
    (void)err;
    sorting *s = job;
    size_t *at = s->at[slice];
    for (size_t b = slice_begin(s, slice); b < slice_begin(s, slice + 1); b++) {
        usage_block *block = &s->blocks[b];
        for (size_t i = 0; i < block->n; i++) {
            s->out[at[block->rows[i].account >> s->shift]++] =
                usage_recode(block->rows[i], s->codes);
        }
        free(block->rows);
        *block = (usage_block){0};
    }
    return STRATA_OK;
}

/* Few rows, often nearly in order. */
static void sort_few(usage_row *rows, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        usage_row row = rows[i];
        size_t to = i;
        while (to > 0 && usage_compare(&rows[to - 1], &row) > 0) {
            rows[to] = rows[to - 1];
            to--;
        }
        rows[to] = row;
    }
}

static void sort_account(usage_row *rows, size_t n)
{
    if (n <= FEW_ROWS) {
        sort_few(rows, n);
        return;
    }
    size_t in_order = 1;
    while (in_order < n && usage_compare(&rows[in_order - 1], &rows[in_order]) <= 0) {
        in_order++;
    }
    if (in_order < n) {
        qsort(rows, n, sizeof *rows, usage_compare);
    }
}

/* Deals a part's rows by account. */
static strata_status group_accounts(const sorting *s, size_t part, usage_row *rows, size_t n,
                                    strata_error *err)
{
    size_t n_accounts = (size_t)1 << s->shift;
    int32_t first = (int32_t)(part << s->shift);
    STRATA_AUTO_FREE usage_row *copy = STRATA_NEW_ARRAY(n, usage_row);
    STRATA_AUTO_FREE size_t *at = STRATA_NEW_ARRAY(n_accounts + 1, size_t);
    if (copy == NULL || at == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory sorting %zu rows of usage", n);
    }
    for (size_t i = 0; i < n; i++) {
        at[rows[i].account - first + 1]++;
    }
    for (size_t a = 0; a < n_accounts; a++) {
        at[a + 1] += at[a];
    }
    memcpy(copy, rows, n * sizeof *rows);
    for (size_t i = 0; i < n; i++) {
        rows[at[copy[i].account - first]++] = copy[i];
    }
    return STRATA_OK;
}

static strata_status sort_part(void *job, size_t part, strata_error *err)
{
    sorting *s = job;
    size_t begin = part == 0 ? 0 : s->part_end[part - 1];
    size_t n = s->part_end[part] - begin;
    usage_row *rows = s->out + begin;
    if (n > 0 && s->shift > 0) {
        STRATA_TRY(group_accounts(s, part, rows, n, err));
    }
    for (size_t i = 0; i < n;) {
        size_t end = i + 1;
        while (end < n && rows[end].account == rows[i].account) {
            end++;
        }
        sort_account(rows + i, end - i);
        i = end;
    }
    return STRATA_OK;
}

static void choose_parts(sorting *s)
{
    int32_t last = 0;
    for (size_t i = 0; i < s->n_slices; i++) {
        last = s->last_account[i] > last ? s->last_account[i] : last;
    }
    s->shift = 0;
    while (last >> s->shift >= MAX_PARTS) {
        s->shift++;
    }
    s->n_parts = (size_t)(last >> s->shift) + 1;
}

/* Counts by slice and part to places in the output: part after part, in each slice after slice. */
static void place_parts(sorting *s)
{
    size_t next = 0;
    for (size_t part = 0; part < s->n_parts; part++) {
        for (size_t slice = 0; slice < s->n_slices; slice++) {
            size_t n = s->at[slice][part];
            s->at[slice][part] = next;
            next += n;
        }
        s->part_end[part] = next;
    }
}

strata_status usage_sort(const context *cx, usage_block *blocks, size_t n_blocks,
                         const usage_codes *codes, usage_row **out, size_t *n_out,
                         strata_error *err)
{
    static const usage_codes as_they_are = {NULL, NULL};
    size_t n = 0;
    for (size_t b = 0; b < n_blocks; b++) {
        n += blocks[b].n;
    }
    STRATA_AUTO_FREE sorting *s = STRATA_NEW_ARRAY(1, sorting);
    STRATA_AUTO_FREE usage_row *rows = STRATA_NEW_ARRAY(n, usage_row);
    if (s == NULL || rows == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory sorting %zu rows of usage", n);
    }
    s->blocks = blocks;
    s->n_blocks = n_blocks;
    s->n_slices = n_blocks < MAX_SLICES ? n_blocks : MAX_SLICES;
    s->codes = codes == NULL ? &as_they_are : codes;
    s->out = rows;
    STRATA_TRY(parallel_run(cx, s->n_slices, find_last_account, s, err));
    choose_parts(s);
    STRATA_TRY(parallel_run(cx, s->n_slices, count_parts, s, err));
    place_parts(s);
    STRATA_TRY(parallel_run(cx, s->n_slices, deal, s, err));
    STRATA_TRY(parallel_run(cx, s->n_parts, sort_part, s, err));
    *out = strata_steal(&rows);
    *n_out = n;
    return STRATA_OK;
}
