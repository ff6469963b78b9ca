/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_LEDGER_PACK_H
#define STRATA_SOURCE_LEDGER_PACK_H

/* A run of accounts' ledger rows in few bytes that unpack at the speed of memory.
 *
 * A pack is, in little-endian order:
 *     pack_header
 *     pack_column of the number of rows by account, then of each column of the ledger
 *     per pack_column the values less `base`, `width` bytes each; padded with zeros to 8 bytes
 * The width is chosen per column and pack, so days take two bytes, small counts and codes one, and
 * a column of one value none.
 *
 * The bytes come from a file: pack_open checks all of them, so that what is unpacked afterwards is
 * within the limits of its column, whatever they are. */

#include <stdint.h>

#include <strata/error.h>

#include "base/vec.h"
#include "source/ledger/spec.h"

enum { PACK_ACCOUNTS = 1024 /* in one pack, but for the last */ };

typedef VEC(unsigned char) byte_vec;

typedef struct pack_header {
    uint32_t magic; /* names the format: another one when it changes */
    uint32_t entity;
    int32_t first; /* account */
    uint32_t n_accounts, n_rows;
    uint32_t length; /* of the pack, bytes */
    uint64_t check;  /* of all other bytes */
} pack_header;

typedef struct pack_column {
    int64_t base;
    uint64_t span;  /* the largest value less `base` */
    uint32_t width; /* bytes of a value: 0, 1, 2, 4, 8 */
    uint32_t zero;
} pack_column;

/* One that was checked; points into its bytes. */
typedef struct pack {
    const ledger_spec *spec;
    int32_t first;
    uint32_t n_accounts, n_rows;
    uint32_t start[PACK_ACCOUNTS + 1]; /* by account, as in panel/ledger.h */
    pack_column columns[LEDGER_COLUMNS];
    const unsigned char *values[LEDGER_COLUMNS];
} pack;

/* Appends a pack of the rows of n accounts (PACK_ACCOUNTS at most), padded to 8 bytes.
 * STRATA_E_INTERNAL for values outside their column's limits, STRATA_E_DATA for 4 GiB and more. */
STRATA_MUST_CHECK strata_status pack_write(const ledger_spec *spec, int32_t first, size_t n,
                                           const ledger_arrays *rows, byte_vec *out,
                                           strata_error *err);
/* Bytes of the pack that begins so; 0 when these are too few to tell. */
size_t pack_length(const unsigned char *bytes, size_t len);
/* `bytes` are aligned to 8 and must stay. STRATA_E_STORE when they are no pack of that ledger. */
STRATA_MUST_CHECK strata_status pack_open(const ledger_spec *spec, const unsigned char *bytes,
                                          size_t len, pack *out, strata_error *err);
/* What `check` of a pack's bytes has to be; `len` is a multiple of 8, a header's or more. */
uint64_t pack_check(const unsigned char *bytes, size_t len);
/* Values of rows from .. from+n-1 of a column, in its type. */
void pack_values(const pack *p, size_t column, size_t from, size_t n, void *out);

#endif
