/* SPDX-License-Identifier: Apache-2.0 */
#include "cohort/tenure.h"

tenure tenure_of(const arr_book *book, size_t account, day as_of)
{
    day first = book->first[account];
    if (first == DAY_MISSING || first > as_of) {
        return (tenure){DAY_MISSING, DAY_MISSING, false};
    }
    for (uint32_t k = book->start[account]; k < book->start[account + 1] && book->day[k] <= as_of;
         k++) {
        if (book->after[k] == 0 && book->day[k] > first) {
            return (tenure){first, book->day[k], true};
        }
    }
    return (tenure){first, as_of, false};
}

int tenure_full_months(day from, day to)
{
    int months = day_month_index(to) - day_month_index(from);
    return months > 0 && day_add_months(from, months) > to ? months - 1 : months;
}

static void count_one(tenure t, day as_of, size_t most, lifetimes *out)
{
    size_t full = (size_t)tenure_full_months(t.from, t.to);
    /* Leaving on the day a month is full is leaving with that month. */
    bool exactly = full > 0 && day_add_months(t.from, (int)full) == t.to;
    bool within = t.churned && !exactly;
    bool over = !within || day_add_months(t.from, (int)full + 1) <= as_of;
    size_t came = within && over ? full + 1 : full;
    size_t seen = came < most ? came : most;
    for (size_t k = 0; k < seen; k++) {
        out->at_risk[k] += 1.0;
    }
    out->n_periods = seen > out->n_periods ? seen : out->n_periods;
    out->customers += 1.0;
    out->renewals += (double)seen;
    if (t.churned && over && came <= most) {
        out->lost[came - 1] += 1.0;
        out->losses += 1.0;
    }
}

void tenure_count(const arr_book *book, const segment_code *codes, segment_code group, day as_of,
                  size_t most, lifetimes *out)
{
    for (size_t i = 0; i < book->n_accounts; i++) {
        tenure t = tenure_of(book, i, as_of);
        if (t.from != DAY_MISSING && (codes == NULL || codes[i] == group)) {
            count_one(t, as_of, most, out);
        }
    }
}
