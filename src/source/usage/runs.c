/* SPDX-License-Identifier: Apache-2.0 */
#include "source/usage/runs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WRITE_BYTES = 8 << 20, READ_ROWS = 8192, HANDED_ROWS = 1 << 16 };

void usage_runs_done(usage_runs *r)
{
    if (r->file >= 0) {
        (void)close(r->file);
    }
    vec_free(&r->ends);
    r->file = -1;
}

static strata_status fail_file(const char *what, strata_error *err)
{
    int code = errno;
    char why[128];
    if (strerror_r(code, why, sizeof why) != 0) {
        (void)snprintf(why, sizeof why, "error %d", code);
    }
    return strata_fail(err, STRATA_E_IO, "cannot %s the temporary file of usage: %s", what, why);
}

/* A file without a name. */
static strata_status make_file(usage_runs *r, const char *folder, strata_error *err)
{
    static const char name[] = "/strata-usage-XXXXXX";
    size_t n = strlen(folder);
    STRATA_AUTO_FREE char *path = malloc(n + sizeof name);
    if (path == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    memcpy(path, folder, n);
    memcpy(path + n, name, sizeof name);
    r->file = mkstemp(path);
    if (r->file < 0) {
        return fail_file("make", err);
    }
    return unlink(path) == 0 ? STRATA_OK : fail_file("unlink", err);
}

static off_t end_of(const usage_runs *r)
{
    return r->ends.n == 0 ? 0 : r->ends.data[r->ends.n - 1];
}

strata_status usage_runs_write(const context *cx, usage_runs *r, const char *folder,
                               const usage_row *rows, size_t n, strata_error *err)
{
    if (r->file < 0) {
        STRATA_TRY(make_file(r, folder, err));
    }
    off_t at = end_of(r);
    const char *from = (const char *)rows;
    for (size_t left = n * sizeof *rows; left > 0;) {
        STRATA_TRY(context_check(cx, err));
        ssize_t done = pwrite(r->file, from, left < WRITE_BYTES ? left : WRITE_BYTES, at);
        if (done < 0 && errno != EINTR) {
            return fail_file("write", err);
        }
        done = done < 0 ? 0 : done;
        from += done;
        at += done;
        left -= (size_t)done;
    }
    return vec_push(&r->ends, at) ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

/* What is being read of one run. */
typedef struct run_reader {
    off_t at, end;
    size_t i, n; /* of rows */
    usage_row *rows;
} run_reader;

typedef struct merging {
    int file;
    run_reader *readers;
    size_t n_readers;
    run_reader **heap; /* the first has the least row of all that are not at their end */
    size_t n_heap;
    usage_row *buffers;
    VEC(usage_row) gathered; /* of whole accounts and days, and at last of one that is not whole */
    size_t n_sorted;         /* of them */
} merging;

static void merging_done(merging *m)
{
    free(m->readers);
    free(m->heap);
    free(m->buffers);
    vec_free(&m->gathered);
}

static strata_status fill(const merging *m, run_reader *in, strata_error *err)
{
    size_t want = READ_ROWS * sizeof(usage_row);
    if ((off_t)want > in->end - in->at) {
        want = (size_t)(in->end - in->at);
    }
    for (size_t have = 0; have < want;) {
        ssize_t n = pread(m->file, (char *)in->rows + have, want - have, in->at + (off_t)have);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return fail_file("read", err);
        }
        have += n > 0 ? (size_t)n : 0;
    }
    in->at += (off_t)want;
    in->i = 0;
    in->n = want / sizeof(usage_row);
    return STRATA_OK;
}

static bool same_day(const usage_row *a, const usage_row *b)
{
    return a->account == b->account && a->day == b->day;
}

static bool comes_before(const run_reader *a, const run_reader *b)
{
    const usage_row *x = &a->rows[a->i];
    const usage_row *y = &b->rows[b->i];
    return x->account != y->account ? x->account < y->account : x->day < y->day;
}

static void sift_down(merging *m, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < m->n_heap; child++) {
            least = comes_before(m->heap[child], m->heap[least]) ? child : least;
        }
        if (least == at) {
            return;
        }
        run_reader *moved = m->heap[at];
        m->heap[at] = m->heap[least];
        m->heap[least] = moved;
        at = least;
    }
}

static strata_status merging_init(merging *m, const usage_runs *r, strata_error *err)
{
    m->n_readers = r->ends.n;
    m->file = r->file;
    m->readers = STRATA_NEW_ARRAY(m->n_readers, run_reader);
    m->heap = STRATA_NEW_ARRAY(m->n_readers, run_reader *);
    m->buffers = STRATA_NEW_ARRAY(m->n_readers * READ_ROWS, usage_row);
    if (m->readers == NULL || m->heap == NULL || m->buffers == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading usage back");
    }
    for (size_t i = 0; i < m->n_readers; i++) {
        run_reader *in = &m->readers[i];
        *in = (run_reader){.at = i == 0 ? 0 : r->ends.data[i - 1],
                           .end = r->ends.data[i],
                           .rows = m->buffers + i * READ_ROWS};
        STRATA_TRY(fill(m, in, err));
        m->heap[m->n_heap++] = in;
    }
    for (size_t i = m->n_heap; i-- > 0;) {
        sift_down(m, i);
    }
    return STRATA_OK;
}

/* The next row of all. */
static strata_status take_row(merging *m, usage_row *out, strata_error *err)
{
    run_reader *in = m->heap[0];
    *out = in->rows[in->i++];
    if (in->i == in->n) {
        if (in->at < in->end) {
            STRATA_TRY(fill(m, in, err));
        } else {
            m->heap[0] = m->heap[--m->n_heap];
        }
    }
    if (m->n_heap > 0) {
        sift_down(m, 0);
    }
    return STRATA_OK;
}

/* The last account and day is whole. */
static void sort_day(merging *m)
{
    if (m->gathered.n > m->n_sorted) {
        qsort(m->gathered.data + m->n_sorted, m->gathered.n - m->n_sorted, sizeof(usage_row),
              usage_compare);
    }
    m->n_sorted = m->gathered.n;
}

strata_status usage_runs_merge(const context *cx, const usage_runs *r, const usage_codes *codes,
                               usage_sink *sink, void *to, strata_error *err)
{
    STRATA_CLEANUP(merging_done) merging m = {0};
    STRATA_TRY(merging_init(&m, r, err));
    while (m.n_heap > 0) {
        usage_row row;
        STRATA_TRY(take_row(&m, &row, err));
        if (m.gathered.n > 0 && !same_day(&m.gathered.data[m.gathered.n - 1], &row)) {
            sort_day(&m);
            if (m.gathered.n >= HANDED_ROWS) {
                STRATA_TRY(context_check(cx, err));
                STRATA_TRY(sink(to, m.gathered.data, m.gathered.n, err));
                m.gathered.n = m.n_sorted = 0;
            }
        }
        if (!vec_push(&m.gathered, usage_recode(row, codes))) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for the usage of a day");
        }
    }
    sort_day(&m);
    return sink(to, m.gathered.data, m.gathered.n, err);
}
