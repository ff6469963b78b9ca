/* SPDX-License-Identifier: Apache-2.0 */
#include "source/text/csv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "source/text/value.h"

void row_block_done(row_block *b)
{
    free(b->cells);
    free(b->lines);
    free(b->unescaped);
    vec_free(&b->faults);
    *b = (row_block){0};
}

/* What is behind the quote that closes a field (the first that is not doubled); NULL: none does. */
static const char *behind_quotes(const char *p, const char *end, char quote)
{
    for (;;) {
        p = memchr(p, quote, (size_t)(end - p));
        if (p == NULL || p + 1 == end || p[1] != quote) {
            return p == NULL ? NULL : p + 1;
        }
        p += 2;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* A blank that ends no line. */
static bool is_gap(const csv_dialect *d, char c)
{
    return is_blank(c) && c != d->newline;
}

/* Does a field end at c? In tables aligned with spaces at any blank. */
static bool parts_fields(const csv_dialect *d, char c)
{
    return d->delimiter == ' ' ? is_gap(d, c) : c == d->delimiter;
}

size_t csv_record_end(const csv_dialect *d, const char *text, size_t len, bool last)
{
    const char *p = text;
    const char *end = text + len;
    bool field_start = true;
    while (p < end) {
        if (field_start && d->quote != 0 && *p == d->quote) {
            p = behind_quotes(p + 1, end, d->quote);
            if (p == NULL || (p == end && !last)) {
                return SIZE_MAX; /* at the end, the next byte could double it */
            }
            field_start = false;
            continue;
        }
        char c = *p++;
        if (c == d->newline) {
            return (size_t)(p - text);
        }
        field_start = parts_fields(d, c);
    }
    return last && len > 0 ? len : SIZE_MAX;
}

static size_t cut_unquoted(const csv_dialect *d, const char *text, size_t len, bool last,
                           size_t step, size_t *ends, size_t max)
{
    size_t n = 0;
    size_t at = 0;
    while (at < len && n < max) {
        const char *from = text + (len - at > step ? at + step : at);
        const char *nl = NULL;
        if (len - at > step) {
            nl = memchr(from, d->newline, (size_t)(text + len - from));
        }
        if (nl == NULL) { /* the rest, up to its last line end */
            size_t end = len;
            while (!last && end > at && text[end - 1] != d->newline) {
                end--;
            }
            if (end > at) {
                ends[n++] = end;
            }
            break;
        }
        at = (size_t)(nl - text) + 1;
        ends[n++] = at;
    }
    return n;
}

size_t csv_cut(const csv_dialect *d, const char *text, size_t len, bool last, size_t step,
               size_t *ends, size_t max)
{
    if (d->quote == 0 || memchr(text, d->quote, len) == NULL) {
        return cut_unquoted(d, text, len, last, step, ends, max);
    }
    size_t n = 0;
    size_t at = 0;
    size_t begin = 0;
    while (at < len && n < max) {
        size_t size = csv_record_end(d, text + at, len - at, last);
        if (size == SIZE_MAX) {
            break;
        }
        at += size;
        if (at - begin >= step) {
            ends[n++] = at;
            begin = at;
        }
    }
    if (at > begin && n < max) {
        ends[n++] = at;
    }
    return n;
}

static bool grow_rows(row_block *b)
{
    size_t cap = b->cap_rows == 0 ? 1024 : b->cap_rows * 2;
    size_t columns = b->n_columns == 0 ? 1 : b->n_columns;
    text_view *cells = realloc(b->cells, cap * columns * sizeof *cells);
    if (cells == NULL) {
        return false;
    }
    b->cells = cells;
    int64_t *lines = realloc(b->lines, cap * sizeof *lines);
    if (lines == NULL) {
        return false;
    }
    b->lines = lines;
    b->cap_rows = cap;
    return true;
}

/* Where the splitter stands. */
typedef struct splitter {
    const csv_dialect *d;
    const char *p, *end;
    int64_t line;
    row_block *block;
} splitter;

/* A quoted field; p is behind the opening quote. False when it is never closed. */
static bool quoted_field(splitter *s, text_view *out)
{
    char q = s->d->quote;
    row_block *b = s->block;
    const char *from = s->p;
    const char *close = memchr(from, q, (size_t)(s->end - from));
    bool doubled = close != NULL && close + 1 < s->end && close[1] == q;
    assert(b->unescaped != NULL); /* prepare_block() saw the quote */
    char *to = b->unescaped + b->n_unescaped;
    char *first = to;
    const char *part = from;
    while (close != NULL && close + 1 < s->end && close[1] == q) {
        memcpy(to, part, (size_t)(close + 1 - part));
        to += close + 1 - part;
        part = close + 2;
        close = memchr(part, q, (size_t)(s->end - part));
    }
    if (close == NULL) {
        return false;
    }
    for (const char *nl = from; (nl = memchr(nl, s->d->newline, (size_t)(close - nl))) != NULL;
         nl++) {
        s->line++;
    }
    s->p = close + 1;
    const char *stray = s->p;
    while (s->p < s->end && !parts_fields(s->d, *s->p) && *s->p != s->d->newline) {
        s->p++;
    }
    bool strays = s->p > stray && *stray != '\r' && *stray != ' ';
    if (!doubled && !strays) {
        *out = (text_view){close > from ? from : NULL, (size_t)(close - from)};
        return true;
    }
    memcpy(to, part, (size_t)(close - part));
    to += close - part;
    if (strays) {
        memcpy(to, stray, (size_t)(s->p - stray));
        to += s->p - stray;
    }
    b->n_unescaped = (size_t)(to - b->unescaped);
    *out = (text_view){first, (size_t)(to - first)};
    return true;
}

static void skip_blanks(splitter *s)
{
    while (s->p < s->end && is_gap(s->d, *s->p)) {
        s->p++;
    }
}

static void space_field(splitter *s, text_view *out)
{
    const char *from = s->p;
    while (s->p < s->end && !is_gap(s->d, *s->p) && *s->p != s->d->newline) {
        s->p++;
    }
    *out = (text_view){from, (size_t)(s->p - from)};
    skip_blanks(s);
}

static void plain_field(splitter *s, text_view *out)
{
    const char *p = s->p;
    const char *end = s->end;
    char delimiter = s->d->delimiter;
    char newline = s->d->newline;
    while (p < end && *p != delimiter && *p != newline) {
        p++;
    }
    const char *stop = p;
    if (stop > s->p && stop[-1] == '\r' && (stop == end || *stop == newline)) {
        stop--;
    }
    *out = (text_view){stop > s->p ? s->p : NULL, (size_t)(stop - s->p)};
    s->p = p;
}

/* The field at s->p. False when its quote stays open. */
static bool next_field(splitter *s, text_view *out)
{
    bool spaces = s->d->delimiter == ' ';
    if (s->p < s->end && s->d->quote != 0 && *s->p == s->d->quote) {
        s->p++;
        if (!quoted_field(s, out)) {
            return false;
        }
        if (spaces) {
            skip_blanks(s);
        }
    } else if (spaces) {
        space_field(s, out);
    } else {
        plain_field(s, out);
    }
    return true;
}

/* One record into the row `cells`; the number of its fields, SIZE_MAX when a quote stays open.
 * Empty fields beyond n_fields do not count. */
static size_t split_record(splitter *s, const int *wanted, size_t n_fields, text_view *cells)
{
    size_t n = 0;
    size_t kept = 0;
    bool spaces = s->d->delimiter == ' ';
    if (spaces) {
        skip_blanks(s);
    }
    for (;;) {
        text_view v = {NULL, 0};
        if (!next_field(s, &v)) {
            return SIZE_MAX;
        }
        if (n < n_fields && wanted[n] >= 0) {
            cells[wanted[n]] = v;
        }
        n++;
        kept = n <= n_fields || v.len > 0 ? n : kept;
        if (s->p >= s->end) {
            return kept;
        }
        if (*s->p == s->d->newline) {
            s->p++;
            s->line++;
            return kept;
        }
        s->p += !spaces;
    }
}

static bool at_empty_line(const splitter *s)
{
    const char *p = s->p;
    while (p < s->end && *p != s->d->newline && (*p == '\r' || *p == ' ')) {
        p++;
    }
    return p == s->end || *p == s->d->newline;
}

static void skip_line(splitter *s)
{
    const char *nl = memchr(s->p, s->d->newline, (size_t)(s->end - s->p));
    s->p = nl == NULL ? s->end : nl + 1;
    s->line++;
}

/* Are all bytes between 1 and 127? */
static bool plain_ascii(const char *text, size_t len)
{
    uint64_t high = 0;
    size_t i = 0;
    for (; i + 8 <= len; i += 8) {
        uint64_t v;
        memcpy(&v, text + i, 8);
        high |= v | ((v - 0x0101010101010101U) & ~v);
    }
    for (; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        high |= c == 0 || c > 127 ? 0x80U : 0;
    }
    return (high & 0x8080808080808080U) == 0;
}

static strata_status prepare_block(const csv_dialect *d, const char *text, size_t len,
                                   row_block *out, strata_error *err)
{
    out->n_rows = 0;
    out->faults.n = 0;
    out->n_unescaped = 0;
    out->bytes = len;
    out->ascii = plain_ascii(text, len);
    if (d->quote != 0 && out->cap_unescaped < len && memchr(text, d->quote, len) != NULL) {
        char *larger = realloc(out->unescaped, len);
        if (larger == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        out->unescaped = larger;
        out->cap_unescaped = len;
    }
    return STRATA_OK;
}

strata_status csv_split(const csv_dialect *d, const char *text, size_t len, const int *wanted,
                        size_t n_fields, row_block *out, strata_error *err)
{
    STRATA_TRY(prepare_block(d, text, len, out, err));
    splitter s = {.d = d, .p = text, .end = text + len, .block = out};
    while (s.p < s.end) {
        if ((*s.p == d->newline || *s.p == '\r' || *s.p == ' ') && at_empty_line(&s)) {
            skip_line(&s);
            continue;
        }
        if (out->n_rows == out->cap_rows && !grow_rows(out)) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        int64_t line = s.line;
        text_view *cells = out->cells + out->n_rows * out->n_columns;
        size_t n = split_record(&s, wanted, n_fields, cells);
        if (n == n_fields) {
            out->lines[out->n_rows++] = line;
            continue;
        }
        if (!vec_push(&out->faults, (csv_fault){line, n})) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        if (n == SIZE_MAX) {
            s.p = s.end;
        }
    }
    out->n_lines = s.line;
    return STRATA_OK;
}

strata_status csv_fields(const csv_dialect *d, const char *text, size_t len, arena *a,
                         const char *const **out, size_t *n, strata_error *err)
{
    row_block block = {0};
    STRATA_TRY(prepare_block(d, text, len, &block, err));
    splitter s = {.d = d, .p = text, .end = text + len, .block = &block};
    size_t count = split_record(&s, NULL, 0, NULL);
    int *wanted = count == SIZE_MAX ? NULL : STRATA_NEW_ARRAY(count + 1, int);
    text_view *cells = count == SIZE_MAX ? NULL : STRATA_NEW_ARRAY(count + 1, text_view);
    const char **names = count == SIZE_MAX ? NULL : ARENA_NEW(a, count + 1, const char *);
    bool ok = wanted != NULL && cells != NULL && names != NULL;
    if (ok) {
        for (size_t i = 0; i < count; i++) {
            wanted[i] = (int)i;
        }
        block.n_unescaped = 0;
        s = (splitter){.d = d, .p = text, .end = text + len, .block = &block};
        (void)split_record(&s, wanted, count, cells);
        for (size_t i = 0; ok && i < count; i++) {
            value_trim(&cells[i].ptr, &cells[i].len);
            names[i] = arena_strndup(a, cells[i].ptr, cells[i].len);
            ok = names[i] != NULL;
        }
    }
    free(wanted);
    free(cells);
    row_block_done(&block);
    if (count == SIZE_MAX) {
        return strata_fail(err, STRATA_E_DATA, "a quote in the heading is not closed");
    }
    if (!ok) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    *out = names;
    *n = count;
    return STRATA_OK;
}

/* How many of the first lines have as many fields as the first, and how many that is. */
static size_t agreement(const csv_dialect *d, const char *text, size_t len, size_t *n_fields)
{
    row_block block = {0};
    strata_error err;
    if (prepare_block(d, text, len, &block, &err) != STRATA_OK) {
        return 0;
    }
    splitter s = {.d = d, .p = text, .end = text + len, .block = &block};
    size_t same = 0;
    *n_fields = 0;
    for (size_t lines = 0; s.p < s.end && lines < 40; lines++) {
        if (at_empty_line(&s)) {
            skip_line(&s);
            continue;
        }
        const char *from = s.p;
        size_t n = 0;
        do { /* every field counts, also empty ones at the end */
            text_view v;
            bool quoted = d->quote != 0 && *s.p == d->quote;
            s.p += quoted;
            if (quoted && !quoted_field(&s, &v)) {
                s.p = s.end;
            } else if (!quoted) {
                plain_field(&s, &v);
            }
            n++;
        } while (s.p < s.end && *s.p++ == d->delimiter && s.p < s.end);
        bool whole = s.p < s.end || from == text;
        *n_fields = *n_fields == 0 ? n : *n_fields;
        same += whole && n == *n_fields;
    }
    row_block_done(&block);
    return same;
}

/* Have the first lines all the same number of words, two or more? Then spaces align columns. */
static bool is_aligned(const char *text, size_t len, char newline)
{
    size_t first = 0;
    size_t lines = 0;
    for (const char *p = text; p < text + len && lines < 40;) {
        const char *end = memchr(p, newline, (size_t)(text + len - p));
        if (end == NULL) {
            break;
        }
        size_t words = 0;
        for (; p < end; p++) {
            words += !is_blank(*p) && (p + 1 == end || is_blank(p[1]));
        }
        if (words > 0) {
            first = lines++ == 0 ? words : first;
            if (words != first) {
                return false;
            }
        }
        p = end + 1;
    }
    return lines > 2 && first > 1;
}

csv_dialect csv_sniff(const char *text, size_t len, char delimiter, char quote)
{
    csv_dialect d = {
        .delimiter = delimiter, .quote = (char)(quote != 0 ? quote : '"'), .newline = '\n'};
    if (memchr(text, '\n', len) == NULL && memchr(text, '\r', len) != NULL) {
        d.newline = '\r';
    }
    if (delimiter != 0) {
        return d;
    }
    size_t best = 0;
    d.delimiter = ',';
    static const char candidates[] = {',', ';', '\t', '|'};
    size_t sample = len < 65536 ? len : 65536;
    for (size_t i = 0; i < sizeof candidates; i++) {
        csv_dialect tried = d;
        tried.delimiter = candidates[i];
        size_t n_fields = 0;
        size_t same = agreement(&tried, text, sample, &n_fields);
        size_t score = n_fields > 1 ? same * 1000 + n_fields : 0;
        if (score > best) {
            best = score;
            d.delimiter = candidates[i];
        }
    }
    if (best == 0 && is_aligned(text, sample, d.newline)) {
        d.delimiter = ' ';
    }
    return d;
}
