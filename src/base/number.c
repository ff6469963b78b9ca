/* SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* strtod follows the locale's decimal point; the program never calls
 * setlocale(), so that is always "." here. */
bool number_parse(const char *text, size_t len, double *out)
{
    char copy[64];
    if (len == 0 || len >= sizeof copy) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (strchr("0123456789+-.eE", text[i]) == NULL || text[i] == '\0') {
            return false;
        }
    }
    memcpy(copy, text, len);
    copy[len] = '\0';
    char *end = NULL;
    double x = strtod(copy, &end);
    if (end != copy + len || !isfinite(x)) {
        return false;
    }
    *out = x;
    return true;
}

void number_format_exact(double x, char out[NUMBER_TEXT])
{
    if (!isfinite(x)) {
        memcpy(out, "null", 5);
        return;
    }
    /* Fifteen digits hold any text of up to fifteen; numbers near zero have fewer to give. */
    for (int precision = fabs(x) < DBL_MIN ? 1 : 15; precision <= 17; precision++) {
        (void)snprintf(out, NUMBER_TEXT, "%.*g", precision, x);
        double back = strtod(out, NULL);
        if (back <= x &&
            back >= x) { /* x is finite; the sign of zero is printed by any precision */
            return;
        }
    }
}

/* Puts a comma between every three digits of the whole part. */
static void group(const char *plain, char out[NUMBER_TEXT])
{
    size_t start = plain[0] == '-';
    size_t whole = strcspn(plain + start, ".");
    size_t at = 0;
    if (start > 0) {
        out[at++] = '-';
    }
    for (size_t i = 0; i < whole && at < NUMBER_TEXT - 2; i++) {
        if (i > 0 && (whole - i) % 3 == 0) {
            out[at++] = ',';
        }
        out[at++] = plain[start + i];
    }
    size_t rest = strlen(plain + start + whole);
    if (at + rest >= NUMBER_TEXT) {
        rest = NUMBER_TEXT - 1 - at;
    }
    memcpy(out + at, plain + start + whole, rest);
    out[at + rest] = '\0';
}

/* "-0" and "-0.00" would puzzle a reader. */
static void drop_negative_zero(char *text)
{
    if (text[0] == '-' && strspn(text + 1, "0.,") == strlen(text + 1)) {
        memmove(text, text + 1, strlen(text));
    }
}

void number_format(double x, int decimals, char out[NUMBER_TEXT])
{
    if (!isfinite(x)) {
        out[0] = '\0';
        return;
    }
    char plain[NUMBER_TEXT];
    if (fabs(x) >= 1e24) {
        (void)snprintf(out, NUMBER_TEXT, "%.3g", x);
        return;
    }
    (void)snprintf(plain, sizeof plain, "%.*f", decimals, x);
    drop_negative_zero(plain);
    group(plain, out);
}

void number_format_share(double share, char out[NUMBER_TEXT])
{
    number_format(share * 100.0, 1, out);
}

static const char *symbol_of(const char *currency)
{
    static const char *const pairs[][2] = {
        {"USD", "$"},        {"EUR", "\xe2\x82\xac"}, {"GBP", "\xc2\xa3"},
        {"JPY", "\xc2\xa5"}, {"INR", "\xe2\x82\xb9"}, {"CAD", "CA$"},
        {"AUD", "A$"},       {"CHF", "CHF "}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (currency != NULL && strcmp(currency, pairs[i][0]) == 0) {
            return pairs[i][1];
        }
    }
    return NULL;
}

static void put_money(const char *amount, const char *currency, char out[NUMBER_TEXT])
{
    const char *symbol = symbol_of(currency);
    bool negative = amount[0] == '-';
    if (symbol != NULL) {
        (void)snprintf(out, NUMBER_TEXT, "%s%s%.36s", negative ? "-" : "", symbol,
                       amount + negative);
    } else if (currency != NULL && currency[0] != '\0') {
        (void)snprintf(out, NUMBER_TEXT, "%.40s %.5s", amount, currency);
    } else {
        (void)snprintf(out, NUMBER_TEXT, "%.46s", amount);
    }
}

void number_format_money_full(int64_t minor, const char *currency, char out[NUMBER_TEXT])
{
    char plain[NUMBER_TEXT];
    char grouped[NUMBER_TEXT];
    uint64_t size = minor < 0 ? 0U - (uint64_t)minor : (uint64_t)minor;
    (void)snprintf(plain, sizeof plain, "%s%llu.%02llu", minor < 0 ? "-" : "",
                   (unsigned long long)(size / 100), (unsigned long long)(size % 100));
    group(plain, grouped);
    put_money(grouped, currency, out);
}

/* Three significant digits and a suffix; a carry (999,950 -> "1.00M") moves to the next suffix. */
static void shorten(double x, char out[NUMBER_TEXT])
{
    static const char *const suffixes[] = {"", "k", "M", "B", "T"};
    double size = fabs(x);
    size_t step = 0;
    while (step < 4 && size >= 999.5) {
        size /= 1000.0;
        step++;
    }
    int decimals = step == 0 ? 0 : size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    (void)snprintf(out, NUMBER_TEXT, "%s%.*f%s", x < 0 && size > 0 ? "-" : "", decimals, size,
                   suffixes[step]);
}

void number_format_money_short(int64_t minor, const char *currency, char out[NUMBER_TEXT])
{
    char amount[NUMBER_TEXT];
    shorten((double)minor / 100.0, amount);
    drop_negative_zero(amount);
    put_money(amount, currency, out);
}
