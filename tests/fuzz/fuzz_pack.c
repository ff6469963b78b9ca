/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are a pack of ledger rows or are refused; the values of one that is taken are within
 * the limits of their columns, and its accounts' rows are those it has. The checksum is put right
 * first: it is meant to catch damage and would keep everything else out. */

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "source/ledger/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static int64_t value(column_type type, const void *column, size_t i)
{
    return type == COLUMN_INT64   ? ((const int64_t *)column)[i]
           : type == COLUMN_INT32 ? ((const int32_t *)column)[i]
                                  : ((const uint8_t *)column)[i];
}

static void check_pack(const pack *p)
{
    ledger_arrays a = {0};
    strata_error err;
    check(p->start[0] == 0 && p->start[p->n_accounts] == p->n_rows);
    for (uint32_t i = 0; i < p->n_accounts; i++) {
        check(p->start[i] <= p->start[i + 1]);
    }
    if (p->n_rows > 1 << 16) {
        return; /* columns of one value take no bytes, however many rows there are */
    }
    check(ledger_reserve(p->spec, &a, p->n_rows, p->n_accounts, &err) == STRATA_OK);
    for (size_t c = 0; p->n_rows > 0 && c < p->spec->n_columns; c++) {
        const ledger_column *k = &p->spec->columns[c];
        pack_values(p, c, 0, p->n_rows, a.columns[c]);
        for (size_t i = 0; i < p->n_rows; i++) {
            int64_t v = value(k->type, a.columns[c], i);
            check(v >= k->least && v <= k->most);
        }
    }
    ledger_arrays_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    unsigned char *copy = malloc(len + (len == 0));
    check(copy != NULL);
    if (len > 0) {
        memcpy(copy, bytes, len);
    }
    if (len >= sizeof(pack_header) && len % 8 == 0) {
        uint64_t right = pack_check(copy, len);
        memcpy(copy + offsetof(pack_header, check), &right, sizeof right);
    }
    for (size_t i = 0; i < LEDGER_SPECS; i++) {
        pack p;
        strata_error err;
        if (ledger_specs[i].pages != NULL &&
            pack_open(&ledger_specs[i], copy, len, &p, &err) == STRATA_OK) {
            check_pack(&p);
        }
    }
    free(copy);
    return 0;
}
