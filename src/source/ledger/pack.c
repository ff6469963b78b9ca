/* SPDX-License-Identifier: Apache-2.0 */
#include "source/ledger/pack.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/clones.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "packs are written as memory has them");
_Static_assert(sizeof(pack_header) == 32 && sizeof(pack_column) == 24, "no padding in a file");

enum { MAGIC = 0x314b5053, /* "SPK1" */ WORD = 8, STRIPE = 4 * WORD, STEP = 32 };

static size_t padded(size_t len)
{
    return (len + WORD - 1) / WORD * WORD;
}

/* ------------------------------------------------------------------------------------ the check */

static uint64_t mix(uint64_t lane, uint64_t word)
{
    lane = (lane ^ word) * UINT64_C(0x9e3779b97f4a7c15); /* 2^64 / golden ratio, odd */
    return lane ^ lane >> 29;
}

/* Tells damage, not malice. Four lanes, so that multiplications overlap. `len` is a multiple of 8.
 */
STRATA_CLONES static uint64_t check_of(const unsigned char *bytes, size_t len)
{
    uint64_t lane[4] = {len, 1, 2, 3};
    uint64_t word[4];
    size_t at = 0;
    for (; at + STRIPE <= len; at += STRIPE) {
        memcpy(word, bytes + at, STRIPE);
        for (int k = 0; k < 4; k++) {
            lane[k] = mix(lane[k], word[k]);
        }
    }
    for (; at < len; at += WORD) {
        memcpy(word, bytes + at, WORD);
        lane[0] = mix(lane[0], word[0]);
    }
    return mix(mix(mix(lane[0], lane[1]), lane[2]), lane[3]);
}

uint64_t pack_check(const unsigned char *bytes, size_t len)
{
    const size_t before = offsetof(pack_header, check);
    return mix(check_of(bytes, before),
               check_of(bytes + sizeof(pack_header), len - sizeof(pack_header)));
}

/* -------------------------------------------------------------------------------------- writing */

static strata_status make_room(byte_vec *out, size_t len, strata_error *err)
{
    size_t cap = out->cap == 0 ? 1 << 16 : out->cap;
    while (cap < out->n + len) {
        cap *= 2;
    }
    if (cap > out->cap) {
        unsigned char *larger = realloc(out->data, cap);
        if (larger == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu bytes of ledger pages",
                               cap);
        }
        out->data = larger;
        out->cap = cap;
    }
    return STRATA_OK;
}

static uint32_t width_for(uint64_t span)
{
    return span == 0            ? 0
           : span <= UINT8_MAX  ? 1
           : span <= UINT16_MAX ? 2
           : span <= UINT32_MAX ? 4
                                : 8;
}

/* Any column's values as they are. */
static void widen(column_type type, const void *column, size_t n, int64_t *out)
{
    for (size_t i = 0; i < n; i++) {
        out[i] = type == COLUMN_INT64   ? ((const int64_t *)column)[i]
                 : type == COLUMN_INT32 ? ((const int32_t *)column)[i]
                                        : ((const uint8_t *)column)[i];
    }
}

static pack_column measure(const int64_t *values, size_t n)
{
    int64_t least = n > 0 ? values[0] : 0;
    int64_t most = least;
    for (size_t i = 1; i < n; i++) {
        least = values[i] < least ? values[i] : least;
        most = values[i] > most ? values[i] : most;
    }
    uint64_t span = (uint64_t)most - (uint64_t)least;
    return (pack_column){least, span, width_for(span), 0};
}

static void narrow(const pack_column *c, const int64_t *values, size_t n, unsigned char *out)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t x = (uint64_t)values[i] - (uint64_t)c->base;
        for (uint32_t b = 0; b < c->width; b++) {
            *out++ = (unsigned char)(x >> (8 * b));
        }
    }
}

/* A column's description into `describe`, its values behind what `out` has. */
static strata_status add_column(const int64_t *values, size_t n, size_t describe, byte_vec *out,
                                strata_error *err)
{
    pack_column c = measure(values, n);
    size_t len = padded(n * c.width);
    STRATA_TRY(make_room(out, len, err));
    memcpy(out->data + describe, &c, sizeof c);
    memset(out->data + out->n, 0, len);
    narrow(&c, values, n, out->data + out->n);
    out->n += len;
    return STRATA_OK;
}

static strata_status check_limits(const ledger_spec *spec, size_t column, const int64_t *values,
                                  size_t n, strata_error *err)
{
    const ledger_column *c = &spec->columns[column];
    pack_column got = measure(values, n);
    int64_t most = (int64_t)((uint64_t)got.base + got.span);
    if (n > 0 && (got.base < c->least || most > c->most)) {
        return strata_fail(
            err, STRATA_E_INTERNAL, "%s: column %zu of the ledger has values from %lld to %lld",
            entity_name(spec->entity), column + 1, (long long)got.base, (long long)most);
    }
    return STRATA_OK;
}

static strata_status add_columns(const ledger_spec *spec, size_t n, const ledger_arrays *rows,
                                 size_t describe, byte_vec *out, strata_error *err)
{
    STRATA_AUTO_FREE int64_t *values =
        STRATA_NEW_ARRAY(rows->n_rows > n ? rows->n_rows : n, int64_t);
    if (values == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu ledger rows", rows->n_rows);
    }
    for (size_t i = 0; i < n; i++) {
        values[i] = rows->start[i + 1] - rows->start[i];
    }
    STRATA_TRY(add_column(values, n, describe, out, err));
    for (size_t c = 0; c < spec->n_columns; c++) {
        widen(spec->columns[c].type, rows->columns[c], rows->n_rows, values);
        STRATA_TRY(check_limits(spec, c, values, rows->n_rows, err));
        STRATA_TRY(
            add_column(values, rows->n_rows, describe + (c + 1) * sizeof(pack_column), out, err));
    }
    return STRATA_OK;
}

strata_status pack_write(const ledger_spec *spec, int32_t first, size_t n,
                         const ledger_arrays *rows, byte_vec *out, strata_error *err)
{
    size_t begin = out->n;
    size_t head = sizeof(pack_header) + (spec->n_columns + 1) * sizeof(pack_column);
    STRATA_TRY(make_room(out, head, err));
    out->n += head;
    strata_status st = add_columns(spec, n, rows, begin + sizeof(pack_header), out, err);
    size_t len = out->n - begin;
    if (st == STRATA_OK && len > UINT32_MAX) {
        st = strata_fail(err, STRATA_E_DATA, "%s: accounts from %d on have too many rows: %zu",
                         entity_name(spec->entity), (int)first, rows->n_rows);
    }
    if (st != STRATA_OK) {
        out->n = begin;
        return st;
    }
    pack_header h = {
        MAGIC, (uint32_t)spec->entity, first, (uint32_t)n, (uint32_t)rows->n_rows, (uint32_t)len,
        0};
    memcpy(out->data + begin, &h, sizeof h);
    h.check = pack_check(out->data + begin, len);
    memcpy(out->data + begin, &h, sizeof h);
    return STRATA_OK;
}

/* -------------------------------------------------------------------------------------- reading */

static strata_status damaged(const ledger_spec *spec, const char *what, strata_error *err)
{
    return strata_fail(err, STRATA_E_STORE,
                       "the packed %s ledger of the store is damaged (%s); run 'strata ingest "
                       "--force' to make it anew",
                       entity_name(spec->entity), what);
}

/* The largest of n values, in steps that the compiler does in few instructions. */
#define LARGEST(name, type)                                                                        \
    static uint64_t name(const void *values, size_t n)                                             \
    {                                                                                              \
        const type *v = values;                                                                    \
        type most[STEP] = {0};                                                                     \
        size_t i = 0;                                                                              \
        for (; i + STEP <= n; i += STEP) {                                                         \
            for (size_t k = 0; k < STEP; k++) {                                                    \
                most[k] = v[i + k] > most[k] ? v[i + k] : most[k];                                 \
            }                                                                                      \
        }                                                                                          \
        type all = 0;                                                                              \
        for (; i < n; i++) {                                                                       \
            all = v[i] > all ? v[i] : all;                                                         \
        }                                                                                          \
        for (size_t k = 0; k < STEP; k++) {                                                        \
            all = most[k] > all ? most[k] : all;                                                   \
        }                                                                                          \
        return all;                                                                                \
    }
LARGEST(largest_1, uint8_t)
LARGEST(largest_2, uint16_t)
LARGEST(largest_4, uint32_t)
LARGEST(largest_8, uint64_t)

STRATA_CLONES static uint64_t largest(uint32_t width, const void *values, size_t n)
{
    switch (width) {
    case 1:
        return largest_1(values, n);
    case 2:
        return largest_2(values, n);
    case 4:
        return largest_4(values, n);
    case 8:
        return largest_8(values, n);
    default:
        return 0;
    }
}

/* A pack's bytes, read up to `at`. */
typedef struct packed_bytes {
    const unsigned char *bytes;
    size_t len, at;
} packed_bytes;

/* Checks a column's description and its n values, which come next. */
static strata_status open_column(const ledger_spec *spec, const pack_column *c,
                                 const int64_t limits[2], size_t n, packed_bytes *in,
                                 strata_error *err)
{
    if (c->width != width_for(c->span) || c->zero != 0 || c->base < limits[0] ||
        c->base > limits[1] || c->span > (uint64_t)limits[1] - (uint64_t)c->base) {
        return damaged(spec, "a column's limits", err);
    }
    size_t size = padded(n * c->width);
    if (size > in->len - in->at) {
        return damaged(spec, "a column's length", err);
    }
    if (largest(c->width, in->bytes + in->at, n) > c->span) {
        return damaged(spec, "a column's values", err);
    }
    in->at += size;
    return STRATA_OK;
}

static strata_status open_header(const ledger_spec *spec, const unsigned char *bytes, size_t len,
                                 pack_header *h, strata_error *err)
{
    size_t head = sizeof *h + (spec->n_columns + 1) * sizeof(pack_column);
    if (len < head || len % WORD != 0) {
        return damaged(spec, "its length", err);
    }
    memcpy(h, bytes, sizeof *h);
    bool ours = h->magic == MAGIC && h->entity == (uint32_t)spec->entity && h->length == len;
    bool range = h->first >= 0 && h->n_accounts > 0 && h->n_accounts <= PACK_ACCOUNTS &&
                 (int64_t)h->first + h->n_accounts <= INT32_MAX;
    if (!ours || !range) {
        return damaged(spec, "a header", err);
    }
    if (h->check != pack_check(bytes, len)) {
        return damaged(spec, "a checksum", err);
    }
    return STRATA_OK;
}

#define UNPACK(name, from_type, to_type)                                                           \
    static void name(const void *values, int64_t base, size_t n, void *out)                        \
    {                                                                                              \
        const from_type *restrict v = values;                                                      \
        to_type *restrict to = out;                                                                \
        const to_type b = (to_type)base;                                                           \
        size_t i = 0;                                                                              \
        for (; i + STEP <= n; i += STEP) {                                                         \
            for (size_t k = 0; k < STEP; k++) {                                                    \
                to[i + k] = (to_type)(b + (to_type)v[i + k]);                                      \
            }                                                                                      \
        }                                                                                          \
        for (; i < n; i++) {                                                                       \
            to[i] = (to_type)(b + (to_type)v[i]);                                                  \
        }                                                                                          \
    }
/* In unsigned numbers, which wrap around: sums within a column's limits come out right. */
UNPACK(unpack_1_1, uint8_t, uint8_t)
UNPACK(unpack_1_4, uint8_t, uint32_t)
UNPACK(unpack_2_4, uint16_t, uint32_t)
UNPACK(unpack_4_4, uint32_t, uint32_t)
UNPACK(unpack_1_8, uint8_t, uint64_t)
UNPACK(unpack_2_8, uint16_t, uint64_t)
UNPACK(unpack_4_8, uint32_t, uint64_t)
UNPACK(unpack_8_8, uint64_t, uint64_t)

static void fill(size_t size, int64_t base, size_t n, void *out)
{
    for (size_t i = 0; i < n; i++) {
        if (size == 1) {
            ((uint8_t *)out)[i] = (uint8_t)base;
        } else if (size == 4) {
            ((int32_t *)out)[i] = (int32_t)base;
        } else {
            ((int64_t *)out)[i] = base;
        }
    }
}

/* n values of `width` bytes each into values of `size` bytes, which is not less. */
STRATA_CLONES static void unpack(const pack_column *c, size_t size, const void *values, size_t n,
                                 void *out)
{
    switch (c->width * 16 + (uint32_t)size) {
    case 0x11:
        unpack_1_1(values, c->base, n, out);
        break;
    case 0x14:
        unpack_1_4(values, c->base, n, out);
        break;
    case 0x24:
        unpack_2_4(values, c->base, n, out);
        break;
    case 0x44:
        unpack_4_4(values, c->base, n, out);
        break;
    case 0x18:
        unpack_1_8(values, c->base, n, out);
        break;
    case 0x28:
        unpack_2_8(values, c->base, n, out);
        break;
    case 0x48:
        unpack_4_8(values, c->base, n, out);
        break;
    case 0x88:
        unpack_8_8(values, c->base, n, out);
        break;
    default:
        fill(size, c->base, n, out);
        break;
    }
}

/* Where accounts begin, from the numbers of their rows. */
static strata_status find_starts(pack *p, const pack_column *counts, const unsigned char *values,
                                 strata_error *err)
{
    uint64_t sum = 0;
    unpack(counts, sizeof *p->start, values, p->n_accounts, p->start);
    for (uint32_t i = 0; i < p->n_accounts; i++) {
        uint32_t rows = p->start[i];
        p->start[i] = (uint32_t)sum;
        sum += rows;
        if (sum > p->n_rows) {
            break;
        }
    }
    if (sum != p->n_rows) {
        return damaged(p->spec, "the number of its rows", err);
    }
    p->start[p->n_accounts] = p->n_rows;
    return STRATA_OK;
}

size_t pack_length(const unsigned char *bytes, size_t len)
{
    pack_header h;
    if (len < sizeof h) {
        return 0;
    }
    memcpy(&h, bytes, sizeof h);
    return h.length;
}

strata_status pack_open(const ledger_spec *spec, const unsigned char *bytes, size_t len, pack *out,
                        strata_error *err)
{
    static const int64_t count_limits[2] = {0, UINT32_MAX};
    pack_header h;
    pack_column c;
    STRATA_TRY(open_header(spec, bytes, len, &h, err));
    size_t described = sizeof h;
    packed_bytes in = {bytes, len, described + (spec->n_columns + 1) * sizeof c};
    pack p = {.spec = spec, .first = h.first, .n_accounts = h.n_accounts, .n_rows = h.n_rows};
    memcpy(&c, bytes + described, sizeof c);
    const unsigned char *counts = bytes + in.at;
    STRATA_TRY(open_column(spec, &c, count_limits, h.n_accounts, &in, err));
    STRATA_TRY(find_starts(&p, &c, counts, err));
    for (size_t k = 0; k < spec->n_columns; k++) {
        const int64_t limits[2] = {spec->columns[k].least, spec->columns[k].most};
        described += sizeof c;
        memcpy(&p.columns[k], bytes + described, sizeof c);
        p.values[k] = bytes + in.at;
        if (h.n_rows > 0) {
            STRATA_TRY(open_column(spec, &p.columns[k], limits, h.n_rows, &in, err));
        }
    }
    if (in.at != len) {
        return damaged(spec, "what follows its columns", err);
    }
    *out = p;
    return STRATA_OK;
}

void pack_values(const pack *p, size_t column, size_t from, size_t n, void *out)
{
    const pack_column *c = &p->columns[column];
    unpack(c, ledger_value_size(p->spec->columns[column].type), p->values[column] + from * c->width,
           n, out);
}
