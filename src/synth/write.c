/* SPDX-License-Identifier: Apache-2.0 */
/* The folder: checked, written beside the target, moved into place. */
#include "synth/synth.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/nearest.h"
#include "synth/parameters.h"
#include "synth/project.h"
#include "synth/writers.h"

enum { PATH_BYTES = 4096, POLL_ACCOUNTS = 64 };

#define SYNTH_FILE_NAME(sym, name) [sym] = (name),
static const char *const file_names[SYNTH_FILE_COUNT] = {SYNTH_FILE_LIST(SYNTH_FILE_NAME)};
#undef SYNTH_FILE_NAME

synth_options synth_defaults(void)
{
    return (synth_options){.accounts = 5000,
                           .seed = 1,
                           .years = 3,
                           .ends = day_from_civil(2026, 6, 30),
                           .dirt = 0.002};
}

const char *synth_file_name(synth_file f)
{
    return f < SYNTH_FILE_COUNT ? file_names[f] : NULL;
}

static strata_status parse_name(const char *name, size_t len, unsigned *bits, strata_error *err)
{
    for (size_t i = 0; i < SYNTH_FILE_COUNT; i++) {
        if (strlen(file_names[i]) == len && memcmp(file_names[i], name, len) == 0) {
            *bits |= 1U << i;
            return STRATA_OK;
        }
    }
    char word[64];
    (void)snprintf(word, sizeof word, "%.*s", len < 60 ? (int)len : 60, name);
    return strata_fail(err, STRATA_E_USAGE, "no file is called '%s'%s", word,
                       nearest_hint_or(word, file_names, SYNTH_FILE_COUNT,
                                       "; known are accounts, subscriptions, usage, ...")
                           .text);
}

strata_status synth_parse_only(const char *list, unsigned *out, strata_error *err)
{
    unsigned bits = 0;
    for (const char *at = list;; at++) {
        size_t len = strcspn(at, ",");
        STRATA_TRY(parse_name(at, len, &bits, err));
        at += len;
        if (*at == '\0') {
            break;
        }
    }
    *out = bits;
    return STRATA_OK;
}

static strata_status check_options(const synth_options *o, strata_error *err)
{
    if (o->accounts < 1 || o->accounts > SYNTH_ACCOUNTS_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "%zu accounts are outside 1 to %d", o->accounts,
                           SYNTH_ACCOUNTS_MAX);
    }
    if (o->years < 1 || o->years > SYNTH_YEARS_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "%d years are outside 1 to %d", o->years,
                           SYNTH_YEARS_MAX);
    }
    if (o->ends < day_from_civil(1990, 1, 1) || o->ends > day_from_civil(2100, 12, 31)) {
        return strata_fail(err, STRATA_E_USAGE, "the last day must be between 1990 and 2100");
    }
    if (!(o->dirt >= 0 && o->dirt <= 0.1)) {
        return strata_fail(err, STRATA_E_USAGE, "a dirt share of %g is outside 0 to 0.1", o->dirt);
    }
    return STRATA_OK;
}

static strata_status path_fail(strata_error *err, const char *doing, const char *path, int code)
{
    char why[128];
    if (strerror_r(code, why, sizeof why) != 0) {
        (void)snprintf(why, sizeof why, "error %d", code);
    }
    return strata_fail(err, STRATA_E_IO, "cannot %s '%s': %s", doing, path, why);
}

static bool holds_something(DIR *d)
{
    bool some = false;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread has this stream */
    for (const struct dirent *e; !some && (e = readdir(d)) != NULL;) {
        some = strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    }
    return some;
}

/* *in_use: the folder is there and holds something. */
static strata_status check_target(const char *dir, bool force, bool *in_use, strata_error *err)
{
    DIR *d = opendir(dir);
    if (d == NULL) {
        *in_use = false;
        return errno == ENOENT ? STRATA_OK : path_fail(err, "use", dir, errno);
    }
    bool some = holds_something(d);
    (void)closedir(d);
    if (some && !force) {
        return strata_fail(err, STRATA_E_USAGE,
                           "the folder '%s' is not empty; give another one, or say --force to "
                           "replace the files of the same names",
                           dir);
    }
    *in_use = some;
    return STRATA_OK;
}

/* A folder being filled; what it holds is removed unless it was moved away. */
typedef struct workplace {
    char path[PATH_BYTES];
    int fd; /* -1: not there */
} workplace;

static void remove_file(const workplace *w, const char *name)
{
    (void)unlinkat(w->fd, name, 0);
}

static void workplace_done(workplace *w)
{
    if (w->fd < 0) {
        return;
    }
    char name[64];
    for (size_t i = 0; i < SYNTH_FILE_COUNT; i++) {
        (void)snprintf(name, sizeof name, "%s.csv", file_names[i]);
        remove_file(w, name);
    }
    remove_file(w, SYNTH_MODEL_FILE);
    (void)close(w->fd);
    (void)rmdir(w->path);
}

static strata_status workplace_make(workplace *w, const char *dir, strata_error *err)
{
    size_t len = strlen(dir);
    while (len > 1 && dir[len - 1] == '/') {
        len--;
    }
    int n = snprintf(w->path, sizeof w->path, "%.*s.%ld.new", len < PATH_BYTES ? (int)len : 0, dir,
                     (long)getpid());
    if (len == 0 || len >= PATH_BYTES || n < 0 || (size_t)n >= sizeof w->path) {
        return strata_fail(err, STRATA_E_IO, "'%.200s' is no usable folder name", dir);
    }
    STRATA_TRY(file_make_dirs(w->path, err));
    w->fd = open(w->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (w->fd < 0) {
        int code = errno;
        (void)rmdir(w->path);
        return path_fail(err, "open", w->path, code);
    }
    return STRATA_OK;
}

static void out_done(synth_out *out)
{
    for (size_t i = 0; i < SYNTH_FILE_COUNT; i++) {
        csv_drop(&out->file[i]);
    }
}

static bool wanted(const synth_options *o, size_t f)
{
    return o->only == 0 || (o->only >> f & 1U) != 0;
}

static strata_status open_one(synth_out *out, size_t i, int dir_fd, strata_error *err)
{
    char name[32];
    (void)snprintf(name, sizeof name, "%s.csv", file_names[i]);
    STRATA_TRY(csv_open(&out->file[i], dir_fd, name, err));
    csv_raw_row(&out->file[i], synth_header((synth_file)i));
    return STRATA_OK;
}

static strata_status open_files(synth_out *out, const synth_options *o, int dir_fd,
                                strata_error *err)
{
    for (size_t i = 0; i < SYNTH_FILE_COUNT; i++) {
        strata_status st = wanted(o, i) ? open_one(out, i, dir_fd, err) : STRATA_OK;
        STRATA_TRY(st);
    }
    return STRATA_OK;
}

static void write_one(synth_out *out, const account *a)
{
    static void (*const writer[SYNTH_FILE_COUNT])(synth_out *, const account *) = {
        [SYNTH_ACCOUNTS] = write_account,
        [SYNTH_SUBSCRIPTIONS] = write_subscriptions,
        [SYNTH_USAGE] = write_usage,
        [SYNTH_TICKETS] = write_tickets,
        [SYNTH_SURVEYS] = write_surveys,
        [SYNTH_CONTACTS] = write_contacts,
        [SYNTH_TOUCHPOINTS] = write_touchpoints,
        [SYNTH_OPPORTUNITIES] = write_opportunities,
        [SYNTH_HEALTH] = write_health,
        [SYNTH_INTERVENTIONS] = write_interventions,
        [SYNTH_TRUTH] = write_truth,
    }; /* csms.csv is not by account */
    for (size_t i = 0; i < SYNTH_FILE_COUNT; i++) {
        if (writer[i] != NULL && out->file[i].buffer != NULL) {
            writer[i](out, a);
        }
    }
    synth_summary *s = &out->sum;
    s->customers += account_arr(a) > 0;
    s->arr_cents += account_arr(a);
    s->churns += (uint64_t)a->churns;
    s->reactivations += (uint64_t)a->reactivations;
    s->expected_churns += a->expected_churns;
}

static strata_status check_files(const synth_out *out, strata_error *err)
{
    for (size_t i = 0; i < SYNTH_FILE_COUNT; i++) {
        STRATA_TRY(csv_status(&out->file[i], err));
    }
    return STRATA_OK;
}

/* Asked to stop, or out of space? Told how far it is, too. */
static strata_status look_up(const context *cx, const synth_out *out, size_t k, size_t n,
                             strata_error *err)
{
    STRATA_TRY(context_check(cx, err));
    STRATA_TRY(check_files(out, err));
    context_progress(cx, "accounts", k, n);
    return STRATA_OK;
}

static strata_status write_accounts(const context *cx, const synth_options *o, synth_out *out,
                                    strata_error *err)
{
    STRATA_AUTO_FREE account *a = STRATA_NEW_ARRAY(1, account);
    if (a == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for an account");
    }
    for (size_t k = 0; k < o->accounts; k++) {
        strata_status st =
            k % POLL_ACCOUNTS == 0 ? look_up(cx, out, k, o->accounts, err) : STRATA_OK;
        STRATA_TRY(st);
        account_make(a, o, k);
        write_one(out, a);
    }
    context_progress(cx, "accounts", o->accounts, o->accounts);
    return STRATA_OK;
}

static strata_status finish_files(synth_out *out, strata_error *err)
{
    for (size_t i = 0; i < SYNTH_FILE_COUNT; i++) {
        csv_file *f = &out->file[i];
        STRATA_TRY(csv_finish(f, err));
        out->sum.rows[i] = f->rows > 0 ? f->rows - 1 : 0;
        out->sum.bytes += f->bytes;
    }
    return STRATA_OK;
}

static strata_status write_model(const synth_options *o, const workplace *w, strata_error *err)
{
    char path[PATH_BYTES + 32];
    (void)snprintf(path, sizeof path, "%s/" SYNTH_MODEL_FILE, w->path);
    STRBUF_AUTO strbuf text = {0};
    strbuf_init(&text, 0);
    synth_model_text(&text, o);
    STRATA_TRY(strbuf_status(&text, err));
    return file_write(path, strbuf_text(&text), text.len, err);
}

static strata_status move_file(const workplace *w, int to, const char *dir, const char *name,
                               strata_error *err)
{
    if (renameat(w->fd, name, to, name) != 0 && errno != ENOENT) {
        return path_fail(err, "replace a file in", dir, errno);
    }
    return STRATA_OK;
}

static void close_fd(const int *fd)
{
    if (*fd >= 0) {
        (void)close(*fd);
    }
}

/* Into a folder in use, file by file: each is the old or the new one. */
static strata_status move_files(const workplace *w, const char *dir, strata_error *err)
{
    STRATA_CLEANUP(close_fd) int to = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (to < 0) {
        return path_fail(err, "open", dir, errno);
    }
    for (size_t i = 0; i < SYNTH_FILE_COUNT; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "%s.csv", file_names[i]);
        STRATA_TRY(move_file(w, to, dir, name, err));
    }
    return move_file(w, to, dir, SYNTH_MODEL_FILE, err);
}

static strata_status settle(workplace *w, const char *dir, bool in_use, strata_error *err)
{
    if (in_use) {
        return move_files(w, dir, err);
    }
    if (rename(w->path, dir) != 0) { /* an empty folder there is replaced */
        return path_fail(err, "make the folder", dir, errno);
    }
    (void)close(w->fd);
    w->fd = -1;
    return STRATA_OK;
}

static strata_status fill(const context *cx, const synth_options *o, const workplace *w,
                          synth_summary *sum, strata_error *err)
{
    STRATA_CLEANUP(out_done) synth_out files = {.usage_rate = 1};
    if (o->usage_rows > 0) {
        double expected = synth_p(P_USAGE_ROWS) * (double)o->accounts;
        files.usage_rate = (double)o->usage_rows / expected;
    }
    STRATA_TRY(open_files(&files, o, w->fd, err));
    write_csms(&files, o);
    STRATA_TRY(write_accounts(cx, o, &files, err));
    STRATA_TRY(finish_files(&files, err));
    STRATA_TRY(write_model(o, w, err));
    *sum = files.sum;
    return STRATA_OK;
}

strata_status synth_write(const context *cx, const synth_options *options, const char *dir,
                          synth_summary *out, strata_error *err)
{
    bool in_use = false;
    synth_summary sum = {0};
    STRATA_TRY(check_options(options, err));
    STRATA_TRY(check_target(dir, options->force, &in_use, err));
    STRATA_CLEANUP(workplace_done) workplace w = {.fd = -1};
    STRATA_TRY(workplace_make(&w, dir, err));
    STRATA_TRY(fill(cx, options, &w, &sum, err));
    STRATA_TRY(settle(&w, dir, in_use, err));
    if (out != NULL) {
        *out = sum;
    }
    return STRATA_OK;
}
