/* SPDX-License-Identifier: Apache-2.0 */
#include "predict/question.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "panel/dates.h"

static const struct {
    const char *name, *feature;
} targets[PREDICT_TARGETS] = {{"churn", "churn_risk"}, {"expansion", "expansion_chance"}};

const char *predict_target_name(predict_target t)
{
    return targets[t].name;
}

const char *predict_target_feature(predict_target t)
{
    return targets[t].feature;
}

predict_target predict_target_find(const char *name)
{
    int t = 0;
    while (t < PREDICT_TARGETS && strcmp(targets[t].name, name) != 0) {
        t++;
    }
    return (predict_target)t;
}

/* --- horizons --- */

typedef struct unit {
    const char *name;
    int times;
    bool months;
} unit;

static const unit units[] = {
    {"days", 1, false}, {"day", 1, false},   {"d", 1, false},     {"weeks", 7, false},
    {"week", 7, false}, {"w", 7, false},     {"months", 1, true}, {"month", 1, true},
    {"m", 1, true},     {"years", 12, true}, {"year", 12, true},  {"y", 12, true},
};

static const unit *find_unit(const char *text)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(units[i].name, text) == 0) {
            return &units[i];
        }
    }
    return NULL;
}

strata_status horizon_parse(const char *text, horizon *out, strata_error *err)
{
    char *rest = NULL;
    long n = isdigit((unsigned char)text[0]) ? strtol(text, &rest, 10) : 0;
    while (rest != NULL && *rest == ' ') {
        rest++;
    }
    const unit *u = rest != NULL ? find_unit(rest) : NULL;
    if (u == NULL || n < 1) {
        return strata_fail(err, STRATA_E_USAGE,
                           "'%.40s' is no span; write 90 days, 6 weeks or 12 months", text);
    }
    long most = u->months ? HORIZON_MONTHS_MAX : HORIZON_DAYS_MAX;
    if (n > most / u->times) {
        return strata_fail(err, STRATA_E_USAGE, "'%.40s' is too long: at most %d days or %d months",
                           text, HORIZON_DAYS_MAX, HORIZON_MONTHS_MAX);
    }
    *out = (horizon){.n = (int)n * u->times, .months = u->months};
    return STRATA_OK;
}

void horizon_text(horizon h, char out[HORIZON_TEXT])
{
    (void)snprintf(out, HORIZON_TEXT, "%d %s%s", h.n, h.months ? "month" : "day",
                   h.n == 1 ? "" : "s");
}

day horizon_end(day d, horizon h)
{
    return h.months ? months_before(d, -h.n) : d + h.n;
}

day horizon_start(day d, horizon h)
{
    day from = h.months ? months_before(d, h.n) : d - h.n;
    while (horizon_end(from, h) > d) { /* months of different lengths */
        from--;
    }
    return from;
}

int horizon_days(horizon h)
{
    return h.months ? (int)lround(h.n * DAYS_PER_MONTH) : h.n;
}

/* --- outcomes --- */

bool predict_outcome(const arr_book *book, size_t account, predict_target t, day from, horizon h)
{
    day to = horizon_end(from, h);
    for (uint32_t k = book->start[account]; k < book->start[account + 1]; k++) {
        if (book->day[k] <= from || book->day[k] > to) {
            continue;
        }
        if (t == PREDICT_CHURN ? book->after[k] == 0 : book->kind[k] == ARR_EXPANSION) {
            return true;
        }
    }
    return false;
}
