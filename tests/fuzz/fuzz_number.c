/* SPDX-License-Identifier: Apache-2.0 */
/* What number_parse and day_parse_iso accept must survive the way back to text, and no formatter
 * may overrun its buffer or write text that is not terminated. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void number_survives(const char *text, size_t len)
{
    double x;
    if (!number_parse(text, len, &x)) {
        return;
    }
    check(isfinite(x));
    char out[NUMBER_TEXT];
    number_format_exact(x, out);
    double back = 0;
    check(number_parse(out, strlen(out), &back) && same_bits(x, back));
}

static void day_survives(const char *text, size_t len)
{
    day d;
    if (!day_parse_iso(text, len, &d)) {
        return;
    }
    check(d >= DAY_MIN && d <= DAY_MAX);
    char out[DAY_TEXT];
    day_format(d, out);
    check(len == DAY_TEXT - 1 && memcmp(out, text, len) == 0);
    check(day_month_start(d) <= d && d <= day_month_end(d));
}

static void formats_fit(const char *text, size_t len)
{
    double x = 0;
    int64_t minor = 0;
    memcpy(&x, text, len < sizeof x ? len : sizeof x);
    memcpy(&minor, text, len < sizeof minor ? len : sizeof minor);
    char currency[9] = {0};
    if (len > sizeof x) {
        size_t rest = len - sizeof x;
        memcpy(currency, text + sizeof x, rest < sizeof currency ? rest : sizeof currency - 1);
    }
    char out[NUMBER_TEXT];
    number_format_exact(x, out);
    check(strlen(out) < NUMBER_TEXT);
    number_format(x, (int)(len % 10), out);
    check(strlen(out) < NUMBER_TEXT);
    number_format_share(x, out);
    check(strlen(out) < NUMBER_TEXT);
    number_format_money_short(minor, currency, out);
    check(strlen(out) < NUMBER_TEXT);
    number_format_money_full(minor, currency, out);
    check(strlen(out) < NUMBER_TEXT);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    const char *text = (const char *)bytes;
    number_survives(text, len);
    day_survives(text, len);
    formats_fit(text, len);
    return 0;
}
