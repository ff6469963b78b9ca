/* SPDX-License-Identifier: Apache-2.0 */
#include "report/words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "segment/view.h"

STRATA_PRINTF(1, 2) static words say(const char *fmt, ...)
{
    words w;
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(w.text, sizeof w.text, fmt, args);
    va_end(args);
    return w;
}

words words_money(int64_t minor, const char *currency)
{
    char text[NUMBER_TEXT];
    number_format_money_short(minor, currency, text);
    return say("%s", text);
}

words words_count(int64_t n)
{
    char text[NUMBER_TEXT];
    number_format((double)n, 0, text);
    return say("%s", text);
}

int64_t words_whole(double x)
{
    return (int64_t)llround(x);
}

words words_between(words low, words high)
{
    return say("%.40s to %.40s", low.text, high.text);
}

words words_things(int64_t n, const char *one)
{
    return say("%s %s%s", words_count(n).text, one, n == 1 ? "" : "s");
}

words words_share(double share)
{
    char text[NUMBER_TEXT];
    number_format_share(share, text);
    return say("%s %%", text);
}

/* "5 of 12" */
static words hits_of(share_figure f)
{
    return say("%s of %s", words_count((int64_t)f.hits).text, words_count((int64_t)f.of).text);
}

words words_rate(share_figure f)
{
    return f.stated ? words_share(f.share) : hits_of(f);
}

/* "8.2 % (6.1 to 10.9 %)" */
static words with_range(double x, double low, double high)
{
    char least[NUMBER_TEXT];
    number_format_share(low, least);
    return say("%s (%s to %s)", words_share(x).text, least, words_share(high).text);
}

words words_rate_range(share_figure f)
{
    return f.stated ? with_range(f.share, f.low, f.high) : hits_of(f);
}

words words_ratio_range(ratio_figure f)
{
    return f.stated ? with_range(f.ratio, f.low, f.high)
                    : say("not stated for %s", words_things((int64_t)f.accounts, "account").text);
}

words words_day(day d)
{
    char text[24];
    day_format_long(d, text, sizeof text);
    return say("%s", text);
}

words words_month_of(day d)
{
    words w = words_day(d);
    const char *month = strchr(w.text, ' ');
    return month != NULL ? say("%s", month + 1) : w;
}

words words_since(day since, day as_of)
{
    if (since != day_month_end(since)) {
        char iso[DAY_TEXT];
        day_format(since, iso);
        return say("Since %s", iso);
    }
    words month = words_month_of(since);
    if (day_month_index(as_of) - day_month_index(since) < 12) {
        month.text[strcspn(month.text, " ")] = '\0';
    }
    return say("Since %.80s", month.text);
}

words words_value(double x, value_type type, const char *currency)
{
    char text[NUMBER_TEXT];
    if (isnan(x)) {
        return say("not known");
    }
    switch (type) {
    case VALUE_MONEY:
        return words_money(money_minor(x), currency);
    case VALUE_SHARE:
        return words_share(x);
    case VALUE_DURATION:
        return words_things(llround(x), "day");
    case VALUE_DATE:
        return words_day((day)llround(x));
    case VALUE_BOOL:
        return say("%s", x > 0 ? "yes" : "no");
    case VALUE_NUMBER:
    case VALUE_TEXT:
    case VALUE_TYPE_COUNT:
        break;
    }
    number_format(x, floor(x) < x ? (fabs(x) < 10 ? 2 : 1) : 0, text);
    return say("%s", text);
}

words words_difference(double x, int decimals)
{
    char text[NUMBER_TEXT];
    number_format(x, decimals, text);
    return say("%s%s", x > 0.0 && strpbrk(text, "123456789") != NULL ? "+" : "", text);
}

words words_p(double p)
{
    return p < 0.001 ? say("p < 0.001") : say("p = %.3f", p);
}

doc_cell words_cell(doc_table *t, words w)
{
    return cell_kept(t, w.text);
}
