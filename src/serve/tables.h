/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SERVE_TABLES_H
#define STRATA_SERVE_TABLES_H

/* Tables that are handed out page by page, kept so that the next page computes nothing. On the
 * thread of `compute` only. */

#include "base/digest.h"
#include "render/json/rows.h"

enum { TABLES_KEPT = 8, TABLES_BYTES = 256 << 20 }; /* of all; one that is larger is alone */

typedef struct kept_table {
    char key[DIGEST_TEXT]; /* state, command and parameters; "": free */
    json_rows rows;
    uint64_t used;
} kept_table;

typedef struct tables {
    kept_table kept[TABLES_KEPT];
    uint64_t clock;
} tables;

/* NULL when it is not there. Valid until the next tables_keep(). */
const json_rows *tables_find(tables *t, const char *key);
/* Takes what is in `rows`, which is empty afterwards. */
void tables_keep(tables *t, const char key[DIGEST_TEXT], json_rows *rows);
void tables_clear(tables *t);

#endif
