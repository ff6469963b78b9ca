/* SPDX-License-Identifier: Apache-2.0 */
#include "synth/csv.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"

enum { BUFFER = 1 << 16, FIELD_MAX = 1 << 12 };

static strata_status io_fail(strata_error *err, const char *name, int code)
{
    char why[128];
    if (strerror_r(code, why, sizeof why) != 0) {
        (void)snprintf(why, sizeof why, "error %d", code);
    }
    return strata_fail(err, STRATA_E_IO, "cannot write '%s': %s", name, why);
}

strata_status csv_open(csv_file *f, int dir_fd, const char *name, strata_error *err)
{
    STRATA_AUTO_FREE char *buffer = STRATA_NEW_ARRAY(BUFFER, char);
    if (buffer == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory writing '%s'", name);
    }
    int fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) {
        return io_fail(err, name, errno);
    }
    *f = (csv_file){.buffer = strata_steal(&buffer), .fd = fd};
    (void)snprintf(f->name, sizeof f->name, "%s", name);
    return STRATA_OK;
}

void csv_drop(csv_file *f)
{
    if (f->buffer != NULL) {
        (void)close(f->fd);
        free(f->buffer);
        f->buffer = NULL;
    }
}

static void flush(csv_file *f)
{
    for (size_t done = 0; done < f->len && f->failed == 0;) {
        ssize_t n = write(f->fd, f->buffer + done, f->len - done);
        if (n >= 0) {
            done += (size_t)n;
        } else if (errno != EINTR) {
            f->failed = errno;
        }
    }
    f->bytes += f->len;
    f->len = 0;
}

strata_status csv_status(const csv_file *f, strata_error *err)
{
    return f->failed == 0 ? STRATA_OK : io_fail(err, f->name, f->failed);
}

strata_status csv_finish(csv_file *f, strata_error *err)
{
    if (f->buffer == NULL) {
        return STRATA_OK;
    }
    flush(f);
    if (f->failed == 0 && fsync(f->fd) != 0) {
        f->failed = errno;
    }
    if (close(f->fd) != 0 && f->failed == 0) {
        f->failed = errno;
    }
    free(f->buffer);
    f->buffer = NULL;
    return csv_status(f, err);
}

/* Room for a field of up to FIELD_MAX bytes, its comma written; NULL when the file is not wanted.
 */
static char *field(csv_file *f)
{
    if (f->buffer == NULL) {
        return NULL;
    }
    if (f->len + FIELD_MAX + 2 > BUFFER) {
        flush(f);
    }
    if (f->in_row) {
        f->buffer[f->len++] = ',';
    }
    f->in_row = true;
    return f->buffer + f->len;
}

static char *put_digits(char *at, uint64_t x, int width)
{
    char digits[20];
    int n = 0;
    do {
        digits[n++] = (char)('0' + x % 10);
        x /= 10;
    } while (x > 0);
    for (int i = n; i < width; i++) {
        *at++ = '0';
    }
    while (n > 0) {
        *at++ = digits[--n];
    }
    return at;
}

static char *put_day(char *at, day d)
{
    civil c = day_to_civil(d);
    at = put_digits(at, (uint64_t)c.year, 4);
    *at++ = '-';
    at = put_digits(at, (uint64_t)c.month, 2);
    *at++ = '-';
    return put_digits(at, (uint64_t)c.day, 2);
}

static void field_done(csv_file *f, const char *end)
{
    f->len = (size_t)(end - f->buffer);
}

void csv_text(csv_file *f, const char *text)
{
    char *at = field(f);
    if (at == NULL || text == NULL) {
        return;
    }
    bool quote = strpbrk(text, ",\"\r\n") != NULL;
    const char *stop = at + FIELD_MAX - 3; /* a doubled quote and the closing one still fit */
    if (quote) {
        *at++ = '"';
    }
    for (; *text != '\0' && at < stop; text++) {
        if (*text == '"') {
            *at++ = '"';
        }
        *at++ = *text;
    }
    if (quote) {
        *at++ = '"';
    }
    field_done(f, at);
}

void csv_int(csv_file *f, int64_t x)
{
    char *at = field(f);
    if (at == NULL) {
        return;
    }
    if (x < 0) {
        *at++ = '-';
    }
    field_done(f, put_digits(at, x < 0 ? -(uint64_t)x : (uint64_t)x, 1));
}

static void fixed(csv_file *f, int64_t scaled, int decimals)
{
    char *at = field(f);
    if (at == NULL) {
        return;
    }
    uint64_t unit = 1;
    for (int i = 0; i < decimals; i++) {
        unit *= 10;
    }
    uint64_t size = scaled < 0 ? -(uint64_t)scaled : (uint64_t)scaled;
    if (scaled < 0) {
        *at++ = '-';
    }
    at = put_digits(at, size / unit, 1);
    if (decimals > 0) {
        *at++ = '.';
        at = put_digits(at, size % unit, decimals);
    }
    field_done(f, at);
}

void csv_cents(csv_file *f, int64_t cents)
{
    fixed(f, cents, 2);
}

void csv_real(csv_file *f, double x, int decimals)
{
    static const double unit[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    double scaled = round(x * unit[decimals]);
    fixed(f, (int64_t)scaled, decimals);
}

void csv_id(csv_file *f, char prefix, uint64_t n)
{
    char *at = field(f);
    if (at != NULL) {
        *at++ = prefix;
        field_done(f, put_digits(at, n, 6));
    }
}

void csv_sub_id(csv_file *f, char prefix, uint64_t n, char part, uint64_t i)
{
    char *at = field(f);
    if (at != NULL) {
        *at++ = prefix;
        at = put_digits(at, n, 6);
        *at++ = '-';
        *at++ = part;
        field_done(f, put_digits(at, i, 2));
    }
}

void csv_day(csv_file *f, day d)
{
    char *at = field(f);
    if (at != NULL && d != DAY_MISSING) {
        field_done(f, put_day(at, d));
    }
}

void csv_time(csv_file *f, day d, unsigned second)
{
    char *at = field(f);
    if (at == NULL) {
        return;
    }
    at = put_day(at, d);
    *at++ = ' ';
    at = put_digits(at, second / 3600, 2);
    *at++ = ':';
    at = put_digits(at, second / 60 % 60, 2);
    *at++ = ':';
    field_done(f, put_digits(at, second % 60, 2));
}

void csv_end_row(csv_file *f)
{
    if (f->buffer != NULL) {
        f->buffer[f->len++] = '\n'; /* field() leaves room for it */
        f->rows++;
    }
    f->in_row = false;
}

void csv_raw_row(csv_file *f, const char *line)
{
    char *at = field(f);
    if (at != NULL) {
        while (*line != '\0') {
            *at++ = *line++;
        }
        field_done(f, at);
    }
    csv_end_row(f);
}
