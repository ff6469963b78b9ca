/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "source/facts.h"
#include "store/append.h"
#include "store/stmt.h"

typedef struct named_code {
    text_view name;
    int32_t code;
} named_code;

static int by_name(const void *pa, const void *pb)
{
    const named_code *a = pa;
    const named_code *b = pb;
    size_t n = a->name.len < b->name.len ? a->name.len : b->name.len;
    int c = memcmp(a->name.ptr, b->name.ptr, n);
    return c != 0 ? c : (a->name.len > b->name.len) - (a->name.len < b->name.len);
}

enum { CODES_AT_A_TIME = 2048 };

static strata_status append_codes(appender *a, const char *kind, const named_code *codes, size_t n,
                                  strata_error *err)
{
    text_view kinds[CODES_AT_A_TIME];
    int32_t code[CODES_AT_A_TIME];
    int32_t final[CODES_AT_A_TIME];
    text_view names[CODES_AT_A_TIME];
    for (size_t from = 0; from < n; from += CODES_AT_A_TIME) {
        size_t rows = n - from < CODES_AT_A_TIME ? n - from : CODES_AT_A_TIME;
        for (size_t i = 0; i < rows; i++) {
            kinds[i] = (text_view){kind, strlen(kind)};
            code[i] = codes[from + i].code;
            final[i] = (int32_t)(from + i);
            names[i] = codes[from + i].name;
        }
        append_column columns[] = {{.type = COLUMN_TEXT, .data = kinds},
                                   {.type = COLUMN_INT32, .data = code},
                                   {.type = COLUMN_INT32, .data = final},
                                   {.type = COLUMN_TEXT, .data = names}};
        STRATA_TRY(append_rows(a, columns, 4, rows, err));
    }
    return STRATA_OK;
}

static strata_status settle(const dict *d, const char *kind, appender *a, strata_error *err)
{
    size_t n = dict_size(d);
    STRATA_AUTO_FREE named_code *codes = STRATA_NEW_ARRAY(n + 1, named_code);
    if (codes == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu names", n);
    }
    for (size_t i = 0; i < n; i++) {
        codes[i] = (named_code){dict_text(d, (int32_t)i), (int32_t)i};
    }
    qsort(codes, n, sizeof *codes, by_name);
    return append_codes(a, kind, codes, n, err);
}

strata_status codes_settle(ingest_job *j, strata_error *err)
{
    STRATA_TRY(stmt_run(j->conn, "source/stage_code.sql", err));
    STRATA_AUTO(appender_free) appender *a = NULL;
    STRATA_TRY(appender_new(j->conn, "stage_code", &a, err));
    STRATA_TRY(settle(j->features, "feature", a, err));
    STRATA_TRY(settle(j->users, "user", a, err));
    return appender_finish(a, err);
}
