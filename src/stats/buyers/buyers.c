/* SPDX-License-Identifier: Apache-2.0 */
#include "stats/buyers/buyers.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, FIRST_SLOTS = 1024, CODE_BITS = 64 };

/* The distinct values of a column and, by row, the rank of its value among them. */
typedef struct ranked {
    double *values;
    size_t n, cap;
    uint32_t *rank;
} ranked;

static void ranked_free(ranked *r)
{
    free(r->values);
    free(r->rank);
}

/* An open hash table of value to id; ids count from 1 so that 0 is an empty slot. */
typedef struct table {
    uint32_t *id;
    unsigned bits;
} table;

static void table_free(table *t)
{
    free(t->id);
}

static size_t slot_of(double value, unsigned bits)
{
    uint64_t key;
    memcpy(&key, &value, sizeof key);
    key ^= key >> 32;
    return (size_t)((key * 0x9E3779B97F4A7C15u) >> (CODE_BITS - bits));
}

static void table_put(table *t, double value, uint32_t id)
{
    size_t mask = ((size_t)1 << t->bits) - 1;
    size_t at = slot_of(value, t->bits);
    while (t->id[at] != 0) {
        at = (at + 1) & mask;
    }
    t->id[at] = id;
}

/* Twice as many slots, and room for as many values as half of them. */
static bool table_grow(table *t, ranked *r)
{
    size_t slots = t->id == NULL ? FIRST_SLOTS : (size_t)2 << t->bits;
    uint32_t *id = STRATA_NEW_ARRAY(slots, uint32_t);
    double *values = realloc(r->values, slots / 2 * sizeof *values);
    r->values = values != NULL ? values : r->values;
    if (id == NULL || values == NULL) {
        free(id);
        return false;
    }
    free(t->id);
    t->id = id;
    t->bits = t->bits == 0 ? 10 : t->bits + 1;
    r->cap = slots / 2;
    for (size_t i = 0; i < r->n; i++) {
        table_put(t, r->values[i], (uint32_t)i + 1);
    }
    return true;
}

/* Rank of `value`, in order of appearance so far; UINT32_MAX when memory ran out. */
static uint32_t number_value(table *t, ranked *r, double value)
{
    size_t mask = ((size_t)1 << t->bits) - 1;
    for (size_t at = slot_of(value, t->bits); t->id[at] != 0; at = (at + 1) & mask) {
        double known = r->values[t->id[at] - 1];
        if (!(known < value) && !(known > value)) {
            return t->id[at] - 1;
        }
    }
    if (r->n == r->cap && !table_grow(t, r)) {
        return UINT32_MAX;
    }
    r->values[r->n] = value;
    table_put(t, value, (uint32_t)r->n + 1);
    return (uint32_t)r->n++;
}

typedef struct numbered {
    double value;
    uint32_t id;
} numbered;

static int compare_numbered(const void *a, const void *b)
{
    double x = ((const numbered *)a)->value;
    double y = ((const numbered *)b)->value;
    return (x > y) - (x < y);
}

/* From ids in order of appearance to ranks in order of size. */
static bool sort_ranks(ranked *r, size_t n)
{
    STRATA_AUTO_FREE numbered *order = STRATA_NEW_ARRAY(r->n, numbered);
    STRATA_AUTO_FREE uint32_t *place = STRATA_NEW_ARRAY(r->n, uint32_t);
    if (order == NULL || place == NULL) {
        return false;
    }
    for (size_t i = 0; i < r->n; i++) {
        order[i] = (numbered){r->values[i], (uint32_t)i};
    }
    qsort(order, r->n, sizeof *order, compare_numbered);
    for (size_t i = 0; i < r->n; i++) {
        r->values[i] = order[i].value;
        place[order[i].id] = (uint32_t)i;
    }
    for (size_t i = 0; i < n; i++) {
        r->rank[i] = place[r->rank[i]];
    }
    return true;
}

/* `offset` of the member of buyer that is the column. False: no memory. */
static bool rank_column(const buyer *rows, size_t offset, size_t n, ranked *r)
{
    STRATA_CLEANUP(table_free) table t = {0};
    r->rank = STRATA_NEW_ARRAY(n, uint32_t);
    if (r->rank == NULL || !table_grow(&t, r)) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        double value;
        memcpy(&value, (const char *)&rows[i] + offset, sizeof value);
        r->rank[i] = number_value(&t, r, value + 0.0); /* -0 is 0 */
        if (r->rank[i] == UINT32_MAX) {
            return false;
        }
    }
    return sort_ranks(r, n);
}

static unsigned bits_for(size_t n)
{
    unsigned bits = 0;
    while (bits < CODE_BITS - 1 && ((size_t)1 << bits) < n) {
        bits++;
    }
    return bits;
}

typedef struct coded {
    uint64_t code; /* ranks of x, T and t_x, one behind the other */
    uint32_t row;
} coded;

/* Least significant digit first; yields the array that holds the result. */
static coded *sort_codes(coded *from, coded *to, size_t n, unsigned bits, size_t *count)
{
    for (unsigned shift = 0; shift < bits; shift += DIGIT_BITS) {
        memset(count, 0, DIGITS * sizeof *count);
        for (size_t i = 0; i < n; i++) {
            count[(from[i].code >> shift) & (DIGITS - 1)]++;
        }
        size_t at = 0;
        for (size_t d = 0; d < DIGITS; d++) {
            size_t here = count[d];
            count[d] = at;
            at += here;
        }
        for (size_t i = 0; i < n; i++) {
            to[count[(from[i].code >> shift) & (DIGITS - 1)]++] = from[i];
        }
        coded *swap = from;
        from = to;
        to = swap;
    }
    return from;
}

static bool cells_alloc(buyer_cells *c, size_t n_cells, size_t n_rows)
{
    c->cell = STRATA_NEW_ARRAY(n_cells, buyer);
    c->weight = STRATA_NEW_ARRAY(n_cells, double);
    c->T_at = STRATA_NEW_ARRAY(n_cells, uint32_t);
    c->t_x_at = STRATA_NEW_ARRAY(n_cells, uint32_t);
    c->cell_of = STRATA_NEW_ARRAY(n_rows, uint32_t);
    c->n_rows = n_rows;
    return c->cell != NULL && c->weight != NULL && c->T_at != NULL && c->t_x_at != NULL &&
           c->cell_of != NULL;
}

static void fill_cells(const coded *sorted, const buyer *rows, const double *weight,
                       const ranked columns[3], buyer_cells *c)
{
    for (size_t i = 0; i < c->n_rows; i++) {
        uint32_t row = sorted[i].row;
        if (i == 0 || sorted[i].code != sorted[i - 1].code) {
            c->cell[c->n] = (buyer){rows[row].x + 0.0, rows[row].t_x + 0.0, rows[row].T + 0.0};
            c->T_at[c->n] = columns[1].rank[row];
            c->t_x_at[c->n] = columns[2].rank[row];
            c->n++;
        }
        c->cell_of[row] = (uint32_t)(c->n - 1);
        c->weight[c->n - 1] += weight != NULL ? weight[row] : 1.0;
    }
    for (size_t i = 0; i < c->n; i++) {
        c->customers += c->weight[i];
        c->purchases += c->weight[i] * c->cell[i].x;
        c->repeaters += c->cell[i].x > 0.0 ? c->weight[i] : 0.0;
    }
}

static strata_status check_row(const buyer *b, const double *weight, size_t i, strata_error *err)
{
    if (!(b->x >= 0.0 && b->x <= BUYER_PURCHASES_MAX) || floor(b->x) < b->x) {
        return strata_fail(err, STRATA_E_DATA,
                           "customer %zu has %g repeat purchases, which is not a whole number "
                           "from 0 to %d",
                           i + 1, b->x, BUYER_PURCHASES_MAX);
    }
    if (!isfinite(b->T) || !(b->t_x >= 0.0 && b->t_x <= b->T)) {
        return strata_fail(err, STRATA_E_DATA,
                           "customer %zu bought last at age %g and is %g old: the first must lie "
                           "between 0 and the second",
                           i + 1, b->t_x, b->T);
    }
    if (b->x > 0.0 ? !(b->T > 0.0) : b->t_x > 0.0) {
        return strata_fail(err, STRATA_E_DATA,
                           "customer %zu has %g repeat purchases, the last at age %g, but is %g "
                           "old",
                           i + 1, b->x, b->t_x, b->T);
    }
    if (weight != NULL &&
        (!(weight[i] > 0.0 && isfinite(weight[i])) || floor(weight[i]) < weight[i])) {
        return strata_fail(err, STRATA_E_DATA,
                           "history %zu counts for %g customers, which is not a whole number "
                           "above 0",
                           i + 1, weight[i]);
    }
    return STRATA_OK;
}

/* Sorts the rows by their codes and makes a cell of each run. */
static strata_status group_rows(const buyer *rows, const double *weight, size_t n,
                                ranked columns[3], buyer_cells *c, strata_error *err)
{
    unsigned bits_t = bits_for(columns[2].n);
    unsigned bits_T = bits_for(columns[1].n);
    unsigned bits = bits_for(columns[0].n) + bits_T + bits_t;
    if (bits > CODE_BITS) {
        return strata_fail(err, STRATA_E_USAGE,
                           "%zu customers have %zu different ages and %zu different ages at the "
                           "last purchase, too many to group: round them to days",
                           n, columns[1].n, columns[2].n);
    }
    STRATA_AUTO_FREE coded *codes = STRATA_NEW_ARRAY(n, coded);
    STRATA_AUTO_FREE coded *spare = STRATA_NEW_ARRAY(n, coded);
    STRATA_AUTO_FREE size_t *count = STRATA_NEW_ARRAY(DIGITS, size_t);
    if (codes == NULL || spare == NULL || count == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory grouping %zu customers", n);
    }
    for (size_t i = 0; i < n; i++) {
        uint64_t code = columns[0].rank[i];
        code = code << bits_T | columns[1].rank[i];
        codes[i] = (coded){code << bits_t | columns[2].rank[i], (uint32_t)i};
    }
    const coded *sorted = sort_codes(codes, spare, n, bits, count);
    size_t n_cells = n > 0;
    for (size_t i = 1; i < n; i++) {
        n_cells += sorted[i].code != sorted[i - 1].code;
    }
    if (!cells_alloc(c, n_cells, n)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory grouping %zu customers", n);
    }
    fill_cells(sorted, rows, weight, columns, c);
    return STRATA_OK;
}

void buyer_cells_free(buyer_cells *cells)
{
    if (cells == NULL) {
        return;
    }
    free(cells->cell);
    free(cells->weight);
    free(cells->T);
    free(cells->t_x);
    free(cells->T_at);
    free(cells->t_x_at);
    free(cells->cell_of);
    free(cells);
}

strata_status buyer_cells_new(const buyer *rows, const double *weight, size_t n, buyer_cells **out,
                              strata_error *err)
{
    if (n >= UINT32_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "%zu customers are too many to group", n);
    }
    for (size_t i = 0; i < n; i++) {
        STRATA_TRY(check_row(&rows[i], weight, i, err));
    }
    STRATA_AUTO(buyer_cells_free) buyer_cells *c = STRATA_NEW_ARRAY(1, buyer_cells);
    STRATA_CLEANUP(ranked_free) ranked x = {0};
    STRATA_CLEANUP(ranked_free) ranked T = {0};
    STRATA_CLEANUP(ranked_free) ranked t_x = {0};
    if (c == NULL || !rank_column(rows, offsetof(buyer, x), n, &x) ||
        !rank_column(rows, offsetof(buyer, T), n, &T) ||
        !rank_column(rows, offsetof(buyer, t_x), n, &t_x)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory grouping %zu customers", n);
    }
    ranked columns[3] = {x, T, t_x};
    STRATA_TRY(group_rows(rows, weight, n, columns, c, err));
    c->n_T = T.n;
    c->n_t_x = t_x.n;
    c->T = strata_steal(&T.values);
    c->t_x = strata_steal(&t_x.values);
    *out = strata_steal(&c);
    return STRATA_OK;
}

bool buyer_cells_tell(const buyer_cells *cells, size_t n_parameters, fit_result *out)
{
    const char *why = NULL;
    if (cells->customers < 2.0) {
        why = cells->customers < 1.0 ? "there are no customers"
                                     : "one customer says nothing of how customers differ";
    } else if (!(cells->repeaters > 0.0)) {
        why = "nobody bought again, so that nothing tells how often customers buy or when they "
              "leave";
    }
    if (why != NULL) {
        *out = fit_no_data(n_parameters, why);
    }
    return why == NULL;
}

double buyer_cells_mean_age(const buyer_cells *cells)
{
    double total = 0.0;
    for (size_t i = 0; i < cells->n; i++) {
        total += cells->weight[i] * cells->cell[i].T;
    }
    return cells->customers > 0.0 ? total / cells->customers : 0.0;
}
