/* SPDX-License-Identifier: Apache-2.0 */
#include "render/xlsx/xlsx.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/scratch.h"
#include "render/driver.h"

void xlsx_check(xlsx *x, lxw_error got)
{
    x->failed = x->failed == LXW_NO_ERROR ? got : x->failed;
}

static void xlsx_done(xlsx *x)
{
    if (x->book != NULL) {
        lxw_workbook_free(x->book);
    }
    vec_free(&x->sheets);
    vec_free(&x->drawn);
    vec_free(&x->origins);
    free(x->by_id);
    free(x->names);
    strbuf_done(&x->text);
}

/* Excel would show less than there is without a word. */
static strata_status check_size(const xlsx *x, strata_error *err)
{
    enum { SPARE = XLSX_HEAD_ROW + 64 }; /* the head, totals and footnotes */
    for (size_t i = 0; i < x->sheets.n; i++) {
        const doc_table *t = x->sheets.data[i].table;
        if (t != NULL && t->n_rows + t->n_totals > LXW_ROW_MAX - SPARE) {
            return strata_fail(
                err, STRATA_E_DATA,
                "table '%s' has %zu rows, and a sheet of Excel holds 1,048,576; write "
                "it as csv, or ask for fewer rows",
                t->id, t->n_rows);
        }
        if (t != NULL && t->n_columns > LXW_COL_MAX) {
            return strata_fail(
                err, STRATA_E_DATA,
                "table '%s' has %zu columns, and a sheet of Excel holds 16,384; write "
                "it as csv",
                t->id, t->n_columns);
        }
    }
    return STRATA_OK;
}

/* The date of the facts, not of today: the same data gives the same bytes. */
static void set_properties(xlsx *x)
{
    enum { DAY_SECONDS = 86400 };
    static const time_t long_ago = 315532800; /* 1980-01-01, where the times of zip files begin */
    const document_head *h = &x->doc->head;
    char portfolio[256];
    char title[256];
    char author[] = "Strata";
    (void)snprintf(title, sizeof title, "%.200s", h->title != NULL ? h->title : "");
    (void)snprintf(portfolio, sizeof portfolio, "%.200s", h->portfolio != NULL ? h->portfolio : "");
    lxw_doc_properties p = {.title = title, .subject = portfolio, .author = author};
    p.created = h->as_of > 3652 && h->as_of <= DAY_MAX ? (time_t)h->as_of * DAY_SECONDS : long_ago;
    xlsx_check(x, workbook_set_properties(x->book, &p));
}

static void add_pages(xlsx *x)
{
    x->summary = workbook_add_worksheet(x->book, XLSX_SUMMARY);
    x->charts = x->drawn.n > 0 ? workbook_add_worksheet(x->book, XLSX_CHARTS) : NULL;
    for (size_t i = 0; i < x->sheets.n; i++) {
        lxw_worksheet *page = workbook_add_worksheet(x->book, xlsx_sheet_name(x, i));
        x->sheets.data[i].page = page;
        if (page == NULL) {
            xlsx_check(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
        }
    }
    x->origins_page = workbook_add_worksheet(x->book, XLSX_ORIGINS);
    if (x->summary == NULL || x->origins_page == NULL || (x->drawn.n > 0 && x->charts == NULL)) {
        xlsx_check(x, LXW_ERROR_MEMORY_MALLOC_FAILED);
    }
}

static bool index_origins(xlsx *x)
{
    const doc_provenance *last = x->doc->last_provenance;
    x->by_id = STRATA_NEW_ARRAY((size_t)(last != NULL ? last->id : 0) + 1, const doc_provenance *);
    for (const doc_provenance *p = x->doc->provenance; x->by_id != NULL && p != NULL; p = p->next) {
        x->by_id[p->id] = p;
    }
    return x->by_id != NULL;
}

/* Fills the workbook. */
static void compose(xlsx *x)
{
    set_properties(x);
    add_pages(x);
    if (x->failed != LXW_NO_ERROR) {
        return;
    }
    xlsx_make_formats(x);
    for (size_t i = 0; i < x->sheets.n; i++) {
        if (x->sheets.data[i].table != NULL) {
            xlsx_write_table(x, i);
        } else {
            xlsx_write_grid(x, i);
        }
    }
    if (x->charts != NULL) {
        xlsx_write_charts(x);
    }
    xlsx_write_summary(x);
    xlsx_write_origins(x);
}

strata_status xlsx_status(const xlsx *x, strata_error *err)
{
    char why[128] = "";
    if (x->no_memory || x->text.failed == STRATA_E_NOMEM ||
        x->failed == LXW_ERROR_MEMORY_MALLOC_FAILED) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory writing a workbook");
    }
    if (x->failed_errno == ENOSPC || x->failed_errno == EDQUOT || x->failed_errno == EFBIG) {
        return strata_fail(err, STRATA_E_IO,
                           "cannot write the workbook: the disk is full; free some space, then "
                           "try again");
    }
    if (x->failed != LXW_NO_ERROR) {
        bool known = x->failed_errno != 0 && strerror_r(x->failed_errno, why, sizeof why) == 0;
        return strata_fail(err, STRATA_E_IO, "cannot write the workbook: %s",
                           known ? why : lxw_strerror(x->failed));
    }
    return strbuf_status(&x->text, err);
}

void xlsx_close(xlsx *x)
{
    errno = 0;
    lxw_error got = workbook_close(x->book);
    int code = errno;
    x->book = NULL; /* closing frees it, whether it went well or not */
    if (x->failed == LXW_NO_ERROR && got != LXW_NO_ERROR) {
        x->failed_errno = code;
    }
    xlsx_check(x, got);
}

/* The library does not look whether the parts of the file, which it writes to temporary files one
 * after the other, arrived there: without room for them all, what it makes may be no workbook. */
static strata_status check_room(const xlsx *x, const char *folder, strata_error *err)
{
    enum { OTHER_PARTS = 1 << 20, CELL_BYTES = 64 };
    uint64_t bytes = OTHER_PARTS;
    for (size_t i = 0; i < x->sheets.n; i++) {
        const doc_table *t = x->sheets.data[i].table;
        bytes += t != NULL ? (uint64_t)CELL_BYTES * (t->n_rows + t->n_totals) * t->n_columns : 0;
    }
    return scratch_check_room(folder, bytes, err);
}

/* The library writes to a file by name: one of our own that is gone afterwards. */
typedef struct passing_file {
    scratch_folder folder;
    char path[sizeof(scratch_folder) + sizeof "/book.xlsx"];
} passing_file;

static void passing_file_done(passing_file *f)
{
    if (f->path[0] != '\0') {
        (void)unlink(f->path);
    }
    scratch_folder_done(&f->folder);
}

static strata_status write_book(xlsx *x, passing_file *file, strata_error *err)
{
    lxw_workbook_options options = {.tmpdir = file->folder.path, .use_zip64 = LXW_FALSE};
    (void)snprintf(file->path, sizeof file->path, "%s/book.xlsx", file->folder.path);
    x->book = workbook_new_opt(file->path, &options);
    if (x->book == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory writing a workbook");
    }
    compose(x);
    STRATA_TRY(xlsx_status(x, err));
    xlsx_close(x);
    return xlsx_status(x, err);
}

strata_status render_xlsx(const document *d, const render_options *options, strbuf *out,
                          strata_error *err)
{
    STRATA_CLEANUP(xlsx_done) xlsx x = {.doc = d};
    STRATA_CLEANUP(passing_file_done) passing_file file = {0};
    STRATA_AUTO_FREE char *bytes = NULL;
    size_t len = 0;
    strbuf_init(&x.text, 0);
    xlsx_plan(&x);
    if (x.no_memory || !index_origins(&x)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory writing a workbook");
    }
    STRATA_TRY(check_size(&x, err));
    STRATA_TRY(check_room(&x, options->scratch, err));
    STRATA_TRY(scratch_folder_new(options->scratch, &file.folder, err));
    STRATA_TRY(write_book(&x, &file, err));
    STRATA_TRY(file_read(file.path, out->limit, &bytes, &len, err));
    strbuf_add_n(out, bytes, len);
    return strbuf_status(out, err);
}
