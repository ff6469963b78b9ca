/* SPDX-License-Identifier: Apache-2.0 */
#include "source/text/value.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"

void value_trim(const char **text, size_t *len)
{
    if (*len == 0) { /* perhaps no text at all */
        return;
    }
    const char *p = *text;
    const char *end = p + *len;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')) {
        p++;
    }
    while (end - p >= 2 && (unsigned char)p[0] == 0xC2 && (unsigned char)p[1] == 0xA0) {
        p += 2;
    }
    while (end > p && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r' || end[-1] == '\n')) {
        end--;
    }
    while (end - p >= 2 && (unsigned char)end[-2] == 0xC2 && (unsigned char)end[-1] == 0xA0) {
        end -= 2;
    }
    *text = p;
    *len = (size_t)(end - p);
}

bool value_is_empty(const char *text, size_t len)
{
    if (len == 0) {
        return true;
    }
    if (len > 4) {
        return false;
    }
    static const char *const words[] = {"null", "none", "n/a", "\\N", "-"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i]) == len && strncasecmp(text, words[i], len) == 0) {
            return true;
        }
    }
    return false;
}

bool value_order_of(const char *date_format, date_order *out)
{
    const char *d = strpbrk(date_format, "dD");
    const char *m = strpbrk(date_format, "mM");
    const char *y = strpbrk(date_format, "yY");
    if (d == NULL || m == NULL) {
        return false;
    }
    if (y != NULL && y < d && y < m) {
        *out = DATE_UNSETTLED;
    } else {
        *out = d < m ? DATE_DAY_FIRST : DATE_MONTH_FIRST;
    }
    return true;
}

bool value_settle(unsigned evidence, const value_style *now, value_style *out)
{
    *out = *now;
    bool again = false;
    unsigned order = evidence & (SEEN_DAY_FIRST | SEEN_MONTH_FIRST);
    if (now->order == DATE_UNSETTLED && (evidence & SEEN_AMBIGUOUS_DATE) != 0 &&
        (order == SEEN_DAY_FIRST || order == SEEN_MONTH_FIRST)) {
        out->order = order == SEEN_DAY_FIRST ? DATE_DAY_FIRST : DATE_MONTH_FIRST;
        again = true;
    }
    if (now->decimal == DECIMAL_UNSETTLED && (evidence & SEEN_DECIMAL_COMMA) != 0 &&
        (evidence & SEEN_UNSURE_NUMBER) != 0) {
        out->decimal = (evidence & SEEN_DECIMAL_DOT) != 0 ? DECIMAL_MIXED : DECIMAL_COMMA;
        again = true;
    }
    return again;
}

cell_status value_bool(const char *text, size_t len, bool *out, const char **why)
{
    value_trim(&text, &len);
    if (value_is_empty(text, len)) {
        return CELL_EMPTY;
    }
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"true", true}, {"yes", true}, {"y", true},   {"t", true},      {"1", true},
                 {"x", true},    {"on", true},  {"1.0", true}, {"false", false}, {"no", false},
                 {"n", false},   {"f", false},  {"0", false},  {"off", false},   {"0.0", false}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].word) == len && strncasecmp(text, words[i].word, len) == 0) {
            *out = words[i].value;
            return CELL_OK;
        }
    }
    *why = "not yes or no";
    return CELL_BAD;
}

/* Up to 15 digits with at most one dot: mantissa and power of ten are both
 * exact, so one division rounds correctly. False: take the slow way. */
static bool plain_number(const char *text, size_t len, double *out)
{
    static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    size_t i = len > 0 && text[0] == '-';
    bool negative = i == 1;
    if (len == i || len - i > 16 || text[i] == '.') {
        return false;
    }
    int64_t mantissa = 0;
    size_t digits = 0;
    size_t decimals = 0;
    bool dot = false;
    for (; i < len; i++) {
        unsigned d = (unsigned)(text[i] - '0');
        if (d <= 9) {
            mantissa = mantissa * 10 + (int64_t)d;
            digits++;
            decimals += dot;
        } else if (text[i] == '.' && !dot) {
            dot = true;
        } else {
            return false;
        }
    }
    if (digits > 15 || (dot && decimals == 0)) {
        return false;
    }
    double x = (double)mantissa / powers[decimals];
    *out = negative ? -x : x;
    return true;
}

typedef struct amount {
    bool negative, percent;
    char body[64]; /* digits, separators, sign of an exponent */
    size_t n;
} amount;

/* Length of a currency sign or ISO code at p; 0 when there is none. */
static size_t currency_mark(const char *p, const char *end)
{
    static const char *const signs[] = {"$", "\xE2\x82\xAC", "\xC2\xA3", "\xC2\xA5",
                                        "\xE2\x82\xB9"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i]);
        if ((size_t)(end - p) >= n && memcmp(p, signs[i], n) == 0) {
            return n;
        }
    }
    if (end - p >= 3 && p[0] >= 'A' && p[0] <= 'Z' && p[1] >= 'A' && p[1] <= 'Z' && p[2] >= 'A' &&
        p[2] <= 'Z' && (end - p == 3 || p[3] < 'A' || p[3] > 'Z')) {
        return 3;
    }
    return 0;
}

/* Length of a space, no-break spaces included, or of an apostrophe between digits. */
static size_t filler(const char *p, const char *end)
{
    if (*p == ' ' || *p == '\'') {
        return 1;
    }
    if (end - p >= 2 && memcmp(p, "\xC2\xA0", 2) == 0) {
        return 2;
    }
    if (end - p >= 3 && (memcmp(p, "\xE2\x80\xAF", 3) == 0 || memcmp(p, "\xE2\x80\x99", 3) == 0)) {
        return 3;
    }
    return 0;
}

/* Takes off signs, brackets, currencies and percent; false when something else is there. */
static bool strip_amount(const char *p, const char *end, amount *a)
{
    *a = (amount){0};
    if (end - p >= 2 && *p == '(' && end[-1] == ')') {
        a->negative = true;
        p++;
        end--;
    }
    while (p < end) {
        size_t skip = filler(p, end);
        skip = skip == 0 ? currency_mark(p, end) : skip;
        if (skip > 0) {
            p += skip;
            continue;
        }
        char c = *p++;
        if (c == '%' && p == end) {
            a->percent = true;
        } else if ((c == '-' || c == '+') && (a->n == 0 || p == end)) {
            a->negative = a->negative != (c == '-');
        } else if ((c >= '0' && c <= '9') || c == '.' || c == ',' || c == 'e' || c == 'E' ||
                   ((c == '-' || c == '+') && (a->body[a->n - 1] | 32) == 'e')) {
            if (a->n + 1 >= sizeof a->body) {
                return false;
            }
            a->body[a->n++] = c;
        } else {
            return false;
        }
    }
    return a->n > 0;
}

/* Where separators stand in the digits. */
typedef struct separators {
    size_t commas, dots;
    size_t last_comma, last_dot; /* index; meaningful when counted */
    bool groups_ok;              /* every group after the first thousands separator has 3 digits */
} separators;

static separators find_separators(const amount *a)
{
    separators s = {0};
    for (size_t i = 0; i < a->n; i++) {
        if (a->body[i] == ',') {
            s.commas++;
            s.last_comma = i;
        } else if (a->body[i] == '.') {
            s.dots++;
            s.last_dot = i;
        }
    }
    return s;
}

/* Do the separators `mark` up to `stop` split the digits into thousands? */
static bool grouped(const amount *a, char mark, size_t stop)
{
    size_t run = 0;
    bool first = true;
    for (size_t i = 0; i < stop; i++) {
        if (a->body[i] == mark) {
            if (first ? run < 1 || run > 3 : run != 3) {
                return false;
            }
            first = false;
            run = 0;
        } else {
            run++;
        }
    }
    return first || run == 3;
}

/* The decimal mark of this value ('.' or ','), 0 when it cannot be told apart, -1 when malformed.
 */
static int decimal_of(const amount *a, const separators *s)
{
    if (s->commas > 0 && s->dots > 0) {
        bool dot = s->last_dot > s->last_comma;
        if ((dot ? s->dots : s->commas) > 1 ||
            !grouped(a, dot ? ',' : '.', dot ? s->last_dot : s->last_comma)) {
            return -1;
        }
        return dot ? '.' : ',';
    }
    if (s->commas + s->dots == 0) {
        return '.';
    }
    char mark = s->commas > 0 ? ',' : '.';
    size_t count = s->commas + s->dots;
    size_t last = s->commas > 0 ? s->last_comma : s->last_dot;
    if (count > 1) {
        return !grouped(a, mark, a->n) ? -1 : mark == ',' ? '.' : ',';
    }
    bool unsure = a->n - last - 1 == 3 && last >= 1 && last <= 3 && a->body[0] != '0';
    return unsure ? 0 : mark;
}

/* Settles the mark by the style, and notes what the value shows. */
static int settle_decimal(int mark, const separators *s, const value_style *style,
                          unsigned *evidence)
{
    if (mark == 0) {
        *evidence |= SEEN_UNSURE_NUMBER;
        /* A lone dot is a decimal point unless the column says otherwise; a lone comma
         * before three digits parts thousands. */
        return style->decimal == DECIMAL_COMMA ? ',' : style->decimal == DECIMAL_MIXED ? 0 : '.';
    }
    if (s->commas + s->dots > 0) {
        *evidence |= mark == '.' ? SEEN_DECIMAL_DOT : SEEN_DECIMAL_COMMA;
    }
    return mark;
}

cell_status value_number(const char *text, size_t len, const value_style *style, unsigned *evidence,
                         double *out, const char **why)
{
    value_trim(&text, &len);
    bool dot = memchr(text, '.', len) != NULL;
    if (!dot && plain_number(text, len, out)) {
        return CELL_OK;
    }
    if (value_is_empty(text, len)) {
        return CELL_EMPTY;
    }
    amount a;
    *why = "not a number";
    if (!strip_amount(text, text + len, &a)) {
        return CELL_BAD;
    }
    separators s = find_separators(&a);
    int mark = settle_decimal(decimal_of(&a, &s), &s, style, evidence);
    if (mark == 0) {
        *why = "could be a decimal or thousands, and the column has both: set `decimal`";
        return CELL_BAD;
    }
    if (mark < 0) {
        return CELL_BAD;
    }
    char plain[sizeof a.body];
    size_t n = 0;
    for (size_t i = 0; i < a.n; i++) {
        if (a.body[i] == mark) {
            plain[n++] = '.';
        } else if (a.body[i] != ',' && a.body[i] != '.') {
            plain[n++] = a.body[i];
        }
    }
    double x;
    if (n > 0 && plain[n - 1] == '.') {
        n--;
    }
    if (!plain_number(plain, n, &x) && !number_parse(plain, n, &x)) {
        return CELL_BAD;
    }
    x = a.percent ? x / 100 : x;
    *out = a.negative ? -x : x;
    if (!isfinite(*out)) {
        *why = "not a finite number";
        return CELL_BAD;
    }
    return CELL_OK;
}
