/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_COMMAND_ASK_COHORT_H
#define STRATA_COMMAND_ASK_COHORT_H

/* What the commands over cohorts share: the project, the date, every account's
 * history, where accounts start, and how they are put into groups.
 *
 *     COHORT_ASK_AUTO cohort_ask ask = {0};
 *     cohort_ask_open(c, &ask, err);
 *     cohort_ask_groups(&ask, true, PERIOD_MONTH, err);
 */

#include "cohort/book.h"
#include "cohort/groups/groups.h"
#include "command/session.h"

/* Rows for a command's list of options; each says what it does in `strata help`. */
#define COHORT_OPTION_EVERY                                                                        \
    {                                                                                              \
        .name = "every", .arg = "UNIT",                                                            \
        .help = "group accounts by the month, quarter or year that they start in"                  \
    }
#define COHORT_OPTION_BY                                                                           \
    {                                                                                              \
        .name = "by", .arg = "EXPR",                                                               \
        .help = "group accounts by an attribute, a dimension or any expression instead"            \
    }
#define COHORT_OPTION_ON                                                                           \
    {                                                                                              \
        .name = "on", .arg = "DATE",                                                               \
        .help = "evaluate --by as of this date (default: the as-of date)"                          \
    }
#define COHORT_OPTION_FROM                                                                         \
    {                                                                                              \
        .name = "from", .arg = "EVENT",                                                            \
        .help =                                                                                    \
            "where accounts start: first (first ARR or order, default) or started (started_on)"    \
    }

typedef struct cohort_ask {
    call *c;
    project *project;
    const portfolio *p;
    day as_of;
    arr_book *arr;            /* empty where the portfolio has no ARR */
    arr_book *arr_other;      /* the same with churn dated the other way; NULL: not asked for, or
                                 there is no difference (ask/metrics.h) */
    order_book *orders;       /* empty where it has no orders */
    bool has_arr;             /* else it is a shop: orders only */
    const day *origin;        /* by account: the day it starts; DAY_MISSING: not before as_of */
    const char *origin_words; /* "first day with ARR" */
    calendar calendar;        /* unit of --every; the model's fiscal year */
    groups *groups;           /* after cohort_ask_groups() */
    bool by_start;            /* groups are start periods */
} cohort_ask;

void cohort_ask_done(cohort_ask *ask);
#define COHORT_ASK_AUTO STRATA_CLEANUP(cohort_ask_done)

/* The project with its data as of --as-of, the books and the origins (--from). STRATA_E_DATA for a
 * portfolio with neither ARR nor orders, saying what to add. */
STRATA_MUST_CHECK strata_status cohort_ask_open(call *c, cohort_ask *ask, strata_error *err);
/* The groups of --by and --on, or of --every (default `unit`); with neither given and `grouped`
 * false: everyone as one group. --by and --every together are STRATA_E_USAGE. */
STRATA_MUST_CHECK strata_status cohort_ask_groups(cohort_ask *ask, bool grouped, period_unit unit,
                                                  strata_error *err);
/* The number of the group that a person named; STRATA_E_NOTFOUND with the nearest label. */
STRATA_MUST_CHECK strata_status cohort_ask_find(const cohort_ask *ask, const char *label,
                                                size_t *out, strata_error *err);
/* An empty document with its head: accounts that started, and ARR as of the date. */
STRATA_MUST_CHECK strata_status cohort_ask_document(const cohort_ask *ask, const char *kind,
                                                    const char *title, document **out,
                                                    strata_error *err);
/* Says under a table that a grouping by value is of one date, where that matters. */
const char *cohort_ask_caution(const cohort_ask *ask); /* NULL: nothing to say */

#endif
