/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_COHORTS_MOVEMENTS_H
#define STRATA_REPORT_COHORTS_MOVEMENTS_H

/* ARR movements: what the portfolio opened with, what came and went, what it
 * closed with, by period or by group; renewals due against renewed; where
 * expansion came from; losses by reason. */

#include "base/strbuf.h"
#include "cohort/movements/bridge.h"
#include "cohort/movements/expansion.h"
#include "cohort/movements/renewals.h"
#include "document/document.h"

typedef struct movements_input {
    const char *currency;
    calendar calendar;
    const bridge *periods; /* by period and group */
    const bridge *window;  /* the same days as one period */
    const groups *groups;  /* NULL: not grouped */
    bool by_period;        /* grouped: also a table by group and period */
    bool without_brief;    /* what came and went within a month is left out */
    const char *caution;   /* under a table by group; NULL: none */
    const char *dated;     /* how churn is dated, where that needs a word; NULL */
    arena *arena;          /* of the command */
} movements_input;

/* "ARR rose from $15.1M to $122M in 12 months: ..." */
void report_movements_title(strbuf *out, const movements_input *in);
void report_movements(document *d, doc_section *parent, const movements_input *in);

/* Due, renewed, lost and open by the same periods. Without renewals, what would switch it on. */
void report_renewals(document *d, doc_section *parent, const movements_input *in,
                     const renewal_book *renewals);

/* `kind` says what the rows are: "Channel", "Type", "Month of life". */
typedef struct expansion_input {
    const char *id, *kind, *title;
    const expansion_table *table;
    const char *footnote;
} expansion_input;
void report_expansion(document *d, doc_section *parent, const movements_input *in,
                      const expansion_input *x);
void report_losses(document *d, doc_section *parent, const movements_input *in,
                   const loss_row *rows, size_t n);

#endif
