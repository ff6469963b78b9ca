/* SPDX-License-Identifier: Apache-2.0 */
#include "source/text/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/parallel.h"
#include "source/text/csv.h"
#include "source/text/scan_private.h"
#include "source/text/textfile.h"
#include "store/stmt.h"

enum { PIECE_BYTES = 512 << 10, MAX_PIECES = 16 };

/* The rows of a window, by piece. */
typedef struct side {
    size_t n_pieces;
    row_block blocks[MAX_PIECES];
    parsed results[MAX_PIECES];
    int64_t lines[MAX_PIECES]; /* of the piece's first row, in the file; known once settled */
} side;

/* One window of a delimited file: whole records, cut into pieces for the threads. While
 * it is parsed into one side, the rows of the window before are staged from the other. */
typedef struct window {
    const scan *s;
    const plan *p;
    int32_t file_no;
    csv_dialect dialect;
    const char *text;
    size_t ends[MAX_PIECES];
    size_t n_pieces;
    digest *digest;
    textfile *file;
    side sides[2];
    size_t parsing; /* the side that is parsed into; the other has n_pieces to be staged */
} window;

static void window_free(window *w)
{
    for (size_t k = 0; w != NULL && k < 2; k++) {
        for (size_t i = 0; i < MAX_PIECES; i++) {
            row_block_done(&w->sides[k].blocks[i]);
            parsed_done(&w->sides[k].results[i]);
        }
    }
    free(w);
}
STRATA_DEFINE_AUTO(window, window_free)

/* Stages what the window before left. */
static strata_status stage_former(window *w, strata_error *err)
{
    side *d = &w->sides[1 - w->parsing];
    for (size_t i = 0; i < d->n_pieces; i++) {
        STRATA_TRY(scan_stage(w->s, w->p, w->file_no, d->lines[i], &d->results[i], err));
    }
    d->n_pieces = 0;
    return STRATA_OK;
}

/* Task 0 stages the window before, task 1 is the digest of the bytes, the last reads the next
 * window, the others split and parse a piece each. */
static strata_status window_task(void *job, size_t task, strata_error *err)
{
    window *w = job;
    side *d = &w->sides[w->parsing];
    if (task == 0) {
        return stage_former(w, err);
    }
    if (task == 1) {
        digest_add(w->digest, w->text, w->ends[w->n_pieces - 1]);
        return STRATA_OK;
    }
    size_t i = task - 2;
    if (i == w->n_pieces) {
        return textfile_ahead(w->file, err);
    }
    size_t begin = i == 0 ? 0 : w->ends[i - 1];
    STRATA_TRY(csv_split(&w->dialect, w->text + begin, w->ends[i] - begin, w->p->wanted,
                         w->p->n_headings, &d->blocks[i], err));
    return parse_rows(w->p, &w->s->look, &d->blocks[i], &d->results[i], err);
}

static strata_status window_init(window *w, const scan *s, const plan *p, strata_error *err)
{
    w->s = s;
    w->p = p;
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = 0; i < MAX_PIECES; i++) {
            w->sides[k].blocks[i].n_columns = p->n_cells;
            STRATA_TRY(parsed_init(&w->sides[k].results[i], p, err));
        }
    }
    return STRATA_OK;
}

const char *scan_base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* What is being read of one file. */
typedef struct reading {
    scan *s;
    input_file *file;
    int32_t file_no;
    textfile *text;
    int64_t line; /* of what is ahead, from 1 */
    digest digest;
} reading;

static strata_status first_record(reading *r, csv_dialect *d, size_t *len, const char **text,
                                  strata_error *err)
{
    const model_source *src = r->s->source;
    for (size_t reach = TEXTFILE_PIECE;; reach *= 2) {
        size_t n;
        bool last;
        STRATA_TRY(textfile_peek(r->text, text, &n, &last, err));
        *d = csv_sniff(*text, n, scan_delimiter(src),
                       (char)(src->quote != NULL ? src->quote[0] : 0));
        *len = csv_record_end(d, *text, n, last);
        if (*len != SIZE_MAX || n == 0) {
            return STRATA_OK;
        }
        if (last) {
            return strata_fail(err, STRATA_E_DATA, "%s:%lld: a quote in the heading is not closed",
                               r->file->path, (long long)r->line);
        }
        STRATA_TRY(textfile_reach(r->text, reach * 2, r->line, err));
    }
}

/* Passes over empty lines at the top. */
static strata_status skip_empty_lines(reading *r, strata_error *err)
{
    const char *text;
    size_t n;
    bool last;
    STRATA_TRY(textfile_peek(r->text, &text, &n, &last, err));
    size_t skip = 0;
    for (size_t i = 0; i < n && strchr(" \t\r\n", text[i]) != NULL && text[i] != '\0'; i++) {
        if (text[i] == '\n') {
            skip = i + 1;
            r->line++;
        }
    }
    digest_add(&r->digest, text, skip);
    textfile_skip(r->text, skip);
    return STRATA_OK;
}

static strata_status number_headings(arena *a, size_t n, const char *const **out, strata_error *err)
{
    const char **names = ARENA_NEW(a, n + 1, const char *);
    for (size_t i = 0; names != NULL && i < n; i++) {
        names[i] = arena_printf(a, "#%zu", i + 1);
        if (names[i] == NULL) {
            names = NULL;
        }
    }
    if (names == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *out = names;
    return STRATA_OK;
}

/* The heading, and the plan that follows from it. *empty: the file holds nothing at all. */
static strata_status read_heading(reading *r, csv_dialect *d, plan *p, bool *empty,
                                  strata_error *err)
{
    STRATA_TRY(skip_empty_lines(r, err));
    const char *text;
    size_t len;
    STRATA_TRY(first_record(r, d, &len, &text, err));
    *empty = len == SIZE_MAX;
    if (*empty) {
        return STRATA_OK;
    }
    const char *const *headings;
    size_t n;
    arena *a = r->s->job->a;
    strata_status st = csv_fields(d, text, len, a, &headings, &n, err);
    if (st != STRATA_OK) {
        return strata_wrap(err, st, "%s:1", r->file->path);
    }
    if (memchr(text, 0, len) != NULL) {
        return strata_fail(err, STRATA_E_DATA,
                           "%s:1: the heading holds a NUL byte; this is no text file",
                           r->file->path);
    }
    if (plan_is_positional(r->s->source)) {
        STRATA_TRY(number_headings(a, n, &headings, err));
    } else {
        for (const char *c = text; (c = memchr(c, d->newline, (size_t)(text + len - c))) != NULL;
             c++) {
            r->line++;
        }
        digest_add(&r->digest, text, len);
        textfile_skip(r->text, len);
    }
    return plan_make(r->s->source, scan_base_name(r->file->path), headings, n, a, p, err);
}

static strata_status take_window(reading *r, window *w, strata_error *err)
{
    side *d = &w->sides[w->parsing];
    textfile_skip(r->text, w->ends[w->n_pieces - 1]);
    STRATA_TRY(parallel_run(r->s->job->cx, w->n_pieces + 3, window_task, w, err));
    for (size_t i = 0; i < w->n_pieces; i++) {
        d->lines[i] = r->line;
        STRATA_TRY(scan_settle(r->s, r->file_no, r->line, &d->results[i], err));
        r->line += d->blocks[i].n_lines;
    }
    d->n_pieces = w->n_pieces;
    w->parsing = 1 - w->parsing;
    STRATA_TRY(scan_rest(r->s, err));
    context_progress(r->s->job->cx, scan_base_name(r->file->path), textfile_position(r->text),
                     (uint64_t)r->file->size);
    return STRATA_OK;
}

static strata_status read_rows(reading *r, const csv_dialect *d, const plan *p, strata_error *err)
{
    STRATA_AUTO(window_free) window *w = calloc(1, sizeof *w);
    if (w == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(window_init(w, r->s, p, err));
    w->dialect = *d;
    w->digest = &r->digest;
    w->file = r->text;
    w->file_no = r->file_no;
    for (size_t reach = TEXTFILE_PIECE;;) {
        size_t len;
        bool last;
        STRATA_TRY(textfile_peek(r->text, &w->text, &len, &last, err));
        if (len == 0) {
            return stage_former(w, err);
        }
        w->n_pieces = csv_cut(d, w->text, len, last, PIECE_BYTES, w->ends, MAX_PIECES);
        if (w->n_pieces > 0) {
            STRATA_TRY(take_window(r, w, err));
            reach = TEXTFILE_PIECE;
        } else if (last) {
            return strata_fail(err, STRATA_E_DATA,
                               "%s:%lld: a quote that opens in this record is never closed",
                               r->file->path, (long long)r->line);
        } else {
            STRATA_TRY(stage_former(w, err)); /* its text goes when more is read */
            reach *= 2;
        }
        STRATA_TRY(textfile_reach(r->text, reach, r->line, err));
    }
}

strata_status scan_csv(scan *s, int32_t file_no, strata_error *err)
{
    STRATA_AUTO(textfile_close) textfile *text = NULL;
    input_file *file = &s->job->files[file_no];
    STRATA_TRY(textfile_open(file->path, &text, err));
    reading r = {.s = s, .file = file, .file_no = file_no, .text = text, .line = 1};
    digest_init(&r.digest);
    csv_dialect d;
    plan p;
    bool empty;
    STRATA_TRY(read_heading(&r, &d, &p, &empty, err));
    if (empty) {
        context_notice(s->job->cx, "%s is empty", file->path);
    } else {
        if (p.passed_over != NULL) {
            context_notice(s->job->cx, "%s", p.passed_over);
        }
        STRATA_TRY(read_rows(&r, &d, &p, err));
    }
    digest_finish(&r.digest, file->digest);
    return STRATA_OK;
}
