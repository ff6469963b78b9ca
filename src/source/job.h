/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_JOB_H
#define STRATA_SOURCE_JOB_H

/* What one ingest carries along. Internal to this folder. */

#include "base/arena.h"
#include "base/context.h"
#include "base/digest.h"
#include "base/vec.h"
#include "model/model.h"
#include "source/dict.h"
#include "source/source.h"
#include "source/text/parse.h"
#include "source/text/zone.h"
#include "source/usage/rows.h"
#include "store/append.h"
#include "store/store.h"

enum {
    PLACE_LINE_BITS = 40,   /* place = file_no << 40 | line */
    REJECTS_PER_FILE = 1000 /* kept with their reasons; all are counted */
};

static inline int32_t place_file(int64_t place)
{
    return (int32_t)(place >> PLACE_LINE_BITS);
}

static inline int64_t place_line(int64_t place)
{
    return place & ((INT64_C(1) << PLACE_LINE_BITS) - 1);
}

typedef struct input_file {
    const char *path;
    size_t source;  /* index in the model */
    int32_t number; /* in the store: source_file.file_no */
    int64_t size, modified_us;
    char digest[DIGEST_TEXT]; /* "" until read */
    int64_t n_read, n_rejected, n_left_out;
    int64_t n_kept, n_future; /* usage only, as the next: of the rows that were loaded */
    day first_day, last_day;  /* of n_kept rows */
    bool unchanged;           /* since the last ingest */
} input_file;

typedef struct file_reject {
    int32_t file_no;
    reject what;
} file_reject;

typedef struct ingest_job {
    const context *cx;
    store *store;
    store_conn *conn;
    const model *m;
    ingest_options options;
    arena *a;
    time_zone zone;
    input_file *files; /* by file_no */
    size_t n_files;
    VEC(file_reject) rejects;
    dict *features, *users;
    usage_rows *usage;    /* while usage is read */
    account_map accounts; /* owned: ids; number and rate in the arena */
    currency_rate *rates;
    size_t n_rates;
    account_map via[TABLE_COUNT]; /* by table; ids NULL: not gathered */
    bool wanted[TABLE_COUNT];     /* is to be read */
    int64_t n_unknown[TABLE_COUNT];
} ingest_job;

/* Notes a refused row of a file, the first thousand with the reason. With `strict`, fails instead.
 */
STRATA_MUST_CHECK strata_status job_reject(ingest_job *j, int32_t file_no, const reject *r,
                                           strata_error *err);

#endif
