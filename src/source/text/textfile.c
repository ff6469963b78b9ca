/* SPDX-License-Identifier: Apache-2.0 */
#include "source/text/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

struct textfile {
    char *path;
    gzFile gz;
    char *buffer;
    size_t cap, begin, end; /* what is ahead is buffer[begin..end) */
    char *former[2];        /* the two buffers before, newest first, still to be read */
    size_t former_cap[2];
    size_t reach; /* bytes a peek must offer */
    bool at_end;
};

static strata_status open_gz(const char *path, gzFile *out, strata_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return strata_fail(err, STRATA_E_IO, "cannot read %s: %s", path,
                           errno == EACCES   ? "permission denied"
                           : errno == ENOENT ? "no such file"
                                             : "it cannot be opened");
    }
    struct stat st;
    if (fstat(fd, &st) != 0 || S_ISDIR(st.st_mode)) {
        (void)close(fd);
        return strata_fail(err, STRATA_E_IO,
                           "%s is a folder; name a file, or a pattern such as %s/*.csv", path,
                           path);
    }
    *out = gzdopen(fd, "rb");
    if (*out == NULL) {
        (void)close(fd);
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    (void)gzbuffer(*out, 1 << 17);
    return STRATA_OK;
}

/* Why the last gzread() failed. */
static strata_status fail_read(textfile *f, strata_error *err)
{
    int number = errno;
    int code;
    const char *damage = gzerror(f->gz, &code);
    if (code != Z_ERRNO) {
        return strata_fail(err, STRATA_E_DATA, "cannot read %s: %s", f->path, damage);
    }
    char why[128];
    if (strerror_r(number, why, sizeof why) != 0) {
        (void)snprintf(why, sizeof why, "error %d", number);
    }
    return strata_fail(err, STRATA_E_IO, "cannot read %s: %s", f->path, why);
}

static bool enlarge(char **buffer, size_t *cap, size_t want)
{
    char *larger = *cap >= want ? *buffer : realloc(*buffer, want);
    if (larger == NULL) {
        return false;
    }
    *buffer = larger;
    *cap = *cap >= want ? *cap : want;
    return true;
}

/* What is left moves to the oldest buffer, so that what was peeked before stays readable. */
static bool turn_over(textfile *f)
{
    size_t left = f->end - f->begin;
    if (!enlarge(&f->former[1], &f->former_cap[1], f->reach > left ? f->reach : left)) {
        return false;
    }
    char *buffer = f->former[1];
    size_t cap = f->former_cap[1];
    memcpy(buffer, f->buffer + f->begin, left);
    f->former[1] = f->former[0];
    f->former_cap[1] = f->former_cap[0];
    f->former[0] = f->buffer;
    f->former_cap[0] = f->cap;
    f->buffer = buffer;
    f->cap = cap;
    f->begin = 0;
    f->end = left;
    return true;
}

static strata_status fill(textfile *f, strata_error *err)
{
    bool ok = f->begin == 0 || f->end - f->begin >= f->reach || turn_over(f);
    if (!ok || !enlarge(&f->buffer, &f->cap, f->reach)) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory reading %s", f->path);
    }
    while (!f->at_end && f->end - f->begin < f->reach) {
        int n = gzread(f->gz, f->buffer + f->end, (unsigned)(f->cap - f->end));
        if (n < 0) {
            return fail_read(f, err);
        }
        int code = Z_OK;
        if (n == 0) {
            const char *why = gzerror(f->gz, &code);
            if (code != Z_OK && code != Z_STREAM_END) {
                return strata_fail(err, STRATA_E_DATA, "cannot read %s: %s", f->path, why);
            }
        }
        f->at_end = n == 0;
        f->end += (size_t)n;
    }
    return STRATA_OK;
}

/* Which encoding of two or four bytes a character this is, as iconv calls it; NULL: none of them.
 * Without a mark, by where the zero bytes are that the first letters of Latin and the delimiters
 * have: text that one byte or UTF-8 encodes has none. */
static const char *wide_encoding(const unsigned char *text, size_t n)
{
    enum { LOOKED_AT = 4096, FEWEST = 3, ONE_OF = 8 };
    static const struct {
        const char *mark;
        size_t len;
        const char *name;
    } marks[] = {{"\xFF\xFE\0\0", 4, "UTF-32"},
                 {"\0\0\xFE\xFF", 4, "UTF-32"},
                 {"\xFF\xFE", 2, "UTF-16"},
                 {"\xFE\xFF", 2, "UTF-16"}};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (n >= marks[i].len && memcmp(text, marks[i].mark, marks[i].len) == 0) {
            return marks[i].name;
        }
    }
    n = (n < LOOKED_AT ? n : LOOKED_AT) / 4 * 4;
    size_t zeros[4] = {0};
    for (size_t i = 0; i < n; i++) {
        zeros[i % 4] += text[i] == 0;
    }
    size_t all = zeros[0] + zeros[1] + zeros[2] + zeros[3];
    if (all < FEWEST || all * ONE_OF < n / 2) {
        return NULL;
    }
    return zeros[2] == n / 4 && zeros[3] == n / 4   ? "UTF-32LE"
           : zeros[0] == n / 4 && zeros[1] == n / 4 ? "UTF-32BE"
           : zeros[0] + zeros[2] == 0               ? "UTF-16LE"
           : zeros[1] + zeros[3] == 0               ? "UTF-16BE"
                                                    : NULL;
}

static strata_status check_encoding(const textfile *f, strata_error *err)
{
    const char *name = wide_encoding((const unsigned char *)f->buffer, f->end);
    if (name == NULL) {
        return STRATA_OK;
    }
    bool packed = gzdirect(f->gz) == 0;
    return strata_fail(
        err, STRATA_E_DATA,
        "%s is %s; save it as UTF-8, or convert it: %s%s%siconv -f %s -t UTF-8%s%s > "
        "utf-8.csv",
        f->path, name, packed ? "zcat " : "", packed ? f->path : "", packed ? " | " : "", name,
        packed ? "" : " ", packed ? "" : f->path);
}

strata_status textfile_open(const char *path, textfile **out, strata_error *err)
{
    STRATA_AUTO(textfile_close) textfile *f = calloc(1, sizeof *f);
    if (f == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    f->reach = TEXTFILE_PIECE;
    f->path = strdup(path);
    if (f->path == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    STRATA_TRY(open_gz(path, &f->gz, err));
    STRATA_TRY(fill(f, err));
    size_t n = f->end - f->begin;
    if (n >= 3 && memcmp(f->buffer, "\xEF\xBB\xBF", 3) == 0) {
        f->begin = 3;
    }
    STRATA_TRY(check_encoding(f, err));
    *out = strata_steal(&f);
    return STRATA_OK;
}

void textfile_close(textfile *f)
{
    if (f != NULL) {
        if (f->gz != NULL) {
            (void)gzclose(f->gz);
        }
        free(f->buffer);
        free(f->former[0]);
        free(f->former[1]);
        free(f->path);
        free(f);
    }
}

strata_status textfile_peek(textfile *f, const char **text, size_t *len, bool *last,
                            strata_error *err)
{
    STRATA_TRY(fill(f, err));
    *text = f->buffer + f->begin;
    *len = f->end - f->begin;
    *last = f->at_end;
    return STRATA_OK;
}

strata_status textfile_ahead(textfile *f, strata_error *err)
{
    return fill(f, err);
}

strata_status textfile_reach(textfile *f, size_t len, int64_t line, strata_error *err)
{
    if (len > TEXTFILE_MAX_RECORD) {
        return strata_fail(err, STRATA_E_DATA,
                           "%s:%lld: the record that begins here is longer than %d MB; look for a "
                           "quote that is not closed or for missing line ends",
                           f->path, (long long)line, TEXTFILE_MAX_RECORD >> 20);
    }
    f->reach = len > TEXTFILE_PIECE ? len : TEXTFILE_PIECE;
    return STRATA_OK;
}

void textfile_skip(textfile *f, size_t n)
{
    f->begin += n;
}

uint64_t textfile_position(const textfile *f)
{
    z_off_t at = gzoffset(f->gz);
    return at > 0 ? (uint64_t)at : 0;
}
