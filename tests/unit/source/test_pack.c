/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include "support/failing_alloc.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/rng.h"
#include "source/ledger/pack.h"

static const ledger_spec *spec_of(entity e)
{
    for (size_t i = 0; i < LEDGER_SPECS; i++) {
        if (ledger_specs[i].entity == e) {
            return &ledger_specs[i];
        }
    }
    return NULL;
}

static const entity packed[] = {ENTITY_ARR, ENTITY_ORDERS, ENTITY_USAGE};

static void put(column_type type, void *column, size_t i, int64_t v)
{
    if (type == COLUMN_INT64) {
        ((int64_t *)column)[i] = v;
    } else if (type == COLUMN_INT32) {
        ((int32_t *)column)[i] = (int32_t)v;
    } else {
        ((uint8_t *)column)[i] = (uint8_t)v;
    }
}

/* Up to 9 rows an account, values over `bits` bits from the least a column may have. */
static ledger_arrays random_rows(rng *r, const ledger_spec *spec, size_t n, unsigned bits)
{
    ledger_arrays a = {0};
    strata_error err;
    assert_ok(ledger_reserve(spec, &a, n * 10, n, &err), &err);
    for (size_t i = 0; i < n; i++) {
        a.start[i] = (uint32_t)a.n_rows;
        a.n_rows += rng_below(r, 10);
    }
    a.start[n] = (uint32_t)a.n_rows;
    for (size_t c = 0; c < spec->n_columns; c++) {
        const ledger_column *k = &spec->columns[c];
        uint64_t span = (uint64_t)k->most - (uint64_t)k->least;
        uint64_t limit = bits < 64 && span >> bits > 0 ? UINT64_C(1) << bits : span;
        for (size_t i = 0; i < a.n_rows; i++) {
            uint64_t above = bits == 0 ? 7 % (span + (span < UINT64_MAX)) : rng_below(r, limit);
            put(k->type, a.columns[c], i, (int64_t)((uint64_t)k->least + above));
        }
    }
    return a;
}

static byte_vec packed_rows(const ledger_spec *spec, int32_t first, size_t n,
                            const ledger_arrays *rows)
{
    byte_vec bytes = {0};
    strata_error err;
    assert_ok(pack_write(spec, first, n, rows, &bytes, &err), &err);
    assert_int_equal(pack_length(bytes.data, bytes.n), bytes.n);
    return bytes;
}

static void assert_unpacks(const ledger_spec *spec, const byte_vec *bytes, int32_t first, size_t n,
                           const ledger_arrays *rows)
{
    strata_error err;
    pack p;
    ledger_arrays got = {0};
    assert_ok(pack_open(spec, bytes->data, bytes->n, &p, &err), &err);
    assert_int_equal(p.first, first);
    assert_int_equal(p.n_accounts, n);
    assert_int_equal(p.n_rows, rows->n_rows);
    assert_memory_equal(p.start, rows->start, (n + 1) * sizeof *p.start);
    assert_ok(ledger_reserve(spec, &got, rows->n_rows, n, &err), &err);
    for (size_t c = 0; c < spec->n_columns; c++) {
        size_t size = ledger_value_size(spec->columns[c].type);
        size_t cut = rows->n_rows / 3; /* in two parts, the second somewhere within */
        pack_values(&p, c, 0, cut, got.columns[c]);
        pack_values(&p, c, cut, rows->n_rows - cut, (char *)got.columns[c] + cut * size);
        assert_memory_equal(got.columns[c], rows->columns[c], rows->n_rows * size);
    }
    ledger_arrays_free(&got);
}

static void rows_come_back_as_they_were_whatever_their_width(void **state)
{
    (void)state;
    static const unsigned bits[] = {0, 1, 7, 8, 9, 16, 17, 31, 33, 63, 64};
    rng r;
    rng_init(&r, 1, 0);
    for (size_t k = 0; k < COUNT(packed) * COUNT(bits); k++) {
        const ledger_spec *spec = spec_of(packed[k % COUNT(packed)]);
        size_t n = 1 + rng_below(&r, PACK_ACCOUNTS);
        ledger_arrays rows = random_rows(&r, spec, n, bits[k / COUNT(packed)]);
        byte_vec bytes = packed_rows(spec, 2048, n, &rows);
        assert_unpacks(spec, &bytes, 2048, n, &rows);
        vec_free(&bytes);
        ledger_arrays_free(&rows);
    }
}

static void days_and_small_codes_take_few_bytes(void **state)
{
    (void)state;
    const ledger_spec *spec = spec_of(ENTITY_USAGE);
    strata_error err;
    ledger_arrays a = {0};
    assert_ok(ledger_reserve(spec, &a, 10240, PACK_ACCOUNTS, &err), &err);
    a.n_rows = 10240;
    for (uint32_t i = 0; i <= PACK_ACCOUNTS; i++) {
        a.start[i] = 10 * i;
    }
    for (size_t i = 0; i < a.n_rows; i++) {
        put(COLUMN_INT32, a.columns[0], i, 20000 + (int64_t)i % 1000);
        put(COLUMN_INT32, a.columns[1], i, (int64_t)i % 40);
        put(COLUMN_INT32, a.columns[2], i, (int64_t)i % 10 - 1);
        put(COLUMN_INT32, a.columns[3], i, 1);
    }
    byte_vec bytes = packed_rows(spec, 0, PACK_ACCOUNTS, &a);
    assert_int_equal(bytes.n, 32 + 5 * 24 + 10240 * (2 + 1 + 1));
    assert_unpacks(spec, &bytes, 0, PACK_ACCOUNTS, &a);
    vec_free(&bytes);
    ledger_arrays_free(&a);
}

static void assert_refused(const ledger_spec *spec, const unsigned char *bytes, size_t len,
                           const char *what)
{
    strata_error err;
    pack p = {.first = -7};
    /* A copy of just this length: the sanitizer then sees a read behind it. */
    unsigned char *copy = malloc(len + (len == 0));
    assert_non_null(copy);
    memcpy(copy, bytes, len);
    assert_int_equal(pack_open(spec, copy, len, &p, &err), STRATA_E_STORE);
    if (strstr(err.message, what) == NULL || strstr(err.message, "ingest --force") == NULL) {
        fail_msg("%s", err.message);
    }
    assert_int_equal(p.first, -7);
    free(copy);
}

static void truncated_and_altered_packs_are_refused(void **state)
{
    (void)state;
    const ledger_spec *spec = spec_of(ENTITY_ARR);
    rng r;
    rng_init(&r, 2, 0);
    ledger_arrays rows = random_rows(&r, spec, 20, 12);
    byte_vec bytes = packed_rows(spec, 0, 20, &rows);
    for (size_t len = 0; len < bytes.n; len++) {
        assert_refused(spec, bytes.data, len, "damaged");
    }
    for (size_t at = 0; at < bytes.n; at++) {
        bytes.data[at] ^= 1U << at % 8;
        assert_refused(spec, bytes.data, bytes.n, "damaged");
        bytes.data[at] ^= 1U << at % 8;
    }
    assert_refused(spec_of(ENTITY_USAGE), bytes.data, bytes.n, "a header");
    assert_unpacks(spec, &bytes, 0, 20, &rows);
    vec_free(&bytes);
    ledger_arrays_free(&rows);
}

/* Puts `size` bytes in place, with a checksum that agrees. */
static void assert_refused_with(const byte_vec *bytes, size_t at, const void *value, size_t size,
                                const char *what)
{
    unsigned char *copy = malloc(bytes->n);
    assert_non_null(copy);
    memcpy(copy, bytes->data, bytes->n);
    memcpy(copy + at, value, size);
    uint64_t check = pack_check(copy, bytes->n);
    memcpy(copy + offsetof(pack_header, check), &check, sizeof check);
    assert_refused(spec_of(ENTITY_ARR), copy, bytes->n, what);
    free(copy);
}

static void numbers_that_cannot_be_are_refused_though_the_checksum_agrees(void **state)
{
    (void)state;
    const ledger_spec *spec = spec_of(ENTITY_ARR);
    rng r;
    rng_init(&r, 3, 0);
    ledger_arrays rows = random_rows(&r, spec, 20, 6);
    byte_vec bytes = packed_rows(spec, 0, 20, &rows);
    const size_t column = sizeof(pack_header);
    const size_t days = column + sizeof(pack_column);
    const size_t kinds = days + 2 * sizeof(pack_column);
    const uint32_t many = 2000;
    const uint32_t none = 0;
    const uint32_t rows_more = (uint32_t)rows.n_rows + 1;
    const uint32_t rows_less = (uint32_t)rows.n_rows - 1;
    const int32_t minus = -1;
    const uint32_t three = 3;
    const int64_t early = DAY_MIN - 1;
    const int64_t late = DAY_MAX;
    const int64_t kind = ARR_KIND_COUNT;
    const uint64_t wide = UINT64_MAX;
    const unsigned char high = 255;
    assert_refused_with(&bytes, offsetof(pack_header, n_accounts), &many, 4, "a header");
    assert_refused_with(&bytes, offsetof(pack_header, n_accounts), &none, 4, "a header");
    assert_refused_with(&bytes, offsetof(pack_header, first), &minus, 4, "a header");
    assert_refused_with(&bytes, offsetof(pack_header, n_rows), &rows_more, 4, "number of its rows");
    assert_refused_with(&bytes, offsetof(pack_header, n_rows), &rows_less, 4, "number of its rows");
    assert_refused_with(&bytes, days + offsetof(pack_column, width), &three, 4, "limits");
    assert_refused_with(&bytes, days + offsetof(pack_column, zero), &three, 4, "limits");
    assert_refused_with(&bytes, days, &early, 8, "limits");
    assert_refused_with(&bytes, days, &late, 8, "limits");
    assert_refused_with(&bytes, kinds, &kind, 8, "limits");
    assert_refused_with(&bytes, days + offsetof(pack_column, span), &wide, 8, "limits");
    assert_refused_with(&bytes, bytes.n - 8, &high, 1, "values");
    vec_free(&bytes);
    ledger_arrays_free(&rows);
}

static void values_beyond_their_column_are_not_packed(void **state)
{
    (void)state;
    const ledger_spec *spec = spec_of(ENTITY_USAGE);
    rng r;
    rng_init(&r, 4, 0);
    ledger_arrays rows = random_rows(&r, spec, 5, 6);
    byte_vec bytes = {0};
    strata_error err;
    put(COLUMN_INT32, rows.columns[3], 0, 0); /* a row is a day on which something was used */
    assert_int_equal(pack_write(spec, 0, 5, &rows, &bytes, &err), STRATA_E_INTERNAL);
    assert_int_equal(bytes.n, 0);
    vec_free(&bytes);
    ledger_arrays_free(&rows);
}

static void packing_survives_every_failure(void **state)
{
    (void)state;
    const ledger_spec *spec = spec_of(ENTITY_ORDERS);
    rng r;
    rng_init(&r, 5, 0);
    ledger_arrays rows = random_rows(&r, spec, 1000, 40);
    int n = 0;
    FAILURE_LOOP(n, {
        strata_error err = {0};
        byte_vec bytes = {0};
        strata_status status = pack_write(spec, 0, 1000, &rows, &bytes, &err);
        FAILURE_LOOP_EXPECT(status, STRATA_E_NOMEM, bytes.n == 0);
        vec_free(&bytes);
    });
    assert_true(n > 1);
    ledger_arrays_free(&rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_back_as_they_were_whatever_their_width),
        cmocka_unit_test(days_and_small_codes_take_few_bytes),
        cmocka_unit_test(truncated_and_altered_packs_are_refused),
        cmocka_unit_test(numbers_that_cannot_be_are_refused_though_the_checksum_agrees),
        cmocka_unit_test(values_beyond_their_column_are_not_packed),
        cmocka_unit_test(packing_survives_every_failure),
    };
    return cmocka_run_group_tests_name("pack", tests, NULL, NULL);
}
