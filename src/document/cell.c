/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "document/document.h"

doc_cell cell_empty(const char *reason)
{
    return (doc_cell){.type = CELL_EMPTY, .text = reason};
}

doc_cell cell_text(const char *text)
{
    return text == NULL ? cell_empty(NULL) : (doc_cell){.type = CELL_TEXT, .text = text};
}

doc_cell cell_count(int64_t n)
{
    return (doc_cell){.type = CELL_COUNT, .number = (double)n};
}

/* JSON has no infinities and no reader wants one: only finite numbers are said. */
static doc_cell finite_or_empty(cell_type type, double x)
{
    return isfinite(x) ? (doc_cell){.type = type, .number = x} : cell_empty(NULL);
}

doc_cell cell_number(double x)
{
    return finite_or_empty(CELL_NUMBER, x);
}

doc_cell cell_share(double share)
{
    return finite_or_empty(CELL_SHARE, share);
}

doc_cell cell_money(int64_t minor)
{
    return (doc_cell){.type = CELL_MONEY, .minor = minor};
}

doc_cell cell_days(double days)
{
    return finite_or_empty(CELL_DAYS, days);
}

doc_cell cell_date(day d)
{
    return d < DAY_MIN || d > DAY_MAX ? cell_empty(NULL) : (doc_cell){.type = CELL_DATE, .date = d};
}

doc_cell cell_change(int64_t n)
{
    return (doc_cell){.type = CELL_CHANGE, .number = (double)n};
}

doc_cell cell_bool(bool yes)
{
    return (doc_cell){.type = CELL_BOOL, .number = yes ? 1.0 : 0.0};
}

doc_cell cell_spark(const double *series, size_t n)
{
    return series == NULL || n == 0
               ? cell_empty(NULL)
               : (doc_cell){.type = CELL_SPARK, .series = series, .n_series = n};
}
