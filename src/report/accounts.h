/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_REPORT_ACCOUNTS_H
#define STRATA_REPORT_ACCOUNTS_H

/* Lists of accounts to work through. */

#include "base/strbuf.h"
#include "document/document.h"
#include "rule/rule.h"
#include "segment/view.h"

typedef enum list_kind {
    LIST_SLOT, /* a name that rules may use */
    LIST_ID,
    LIST_NAME,
    LIST_SINCE /* the day of the account's start */
} list_kind;

typedef struct list_column {
    list_kind kind;
    size_t slot; /* LIST_SLOT */
} list_column;

typedef struct list_request {
    const rule *where; /* NULL: all; must not look back */
    bool outside;      /* accounts outside the population too */
    list_column sort;
    bool descending;
    size_t limit; /* SIZE_MAX: all */
    const list_column *columns;
    size_t n_columns;
} list_request;

/* What was found; accounts in the order asked for, missing values last, ties by id. */
typedef struct account_list {
    const uint32_t *accounts; /* all that match */
    size_t n;
    int64_t value_minor; /* theirs */
    size_t population;   /* accounts in the population, and their value */
    int64_t population_minor;
    size_t n_outside; /* more that match, but are outside the population and were not asked for */
} account_list;

/* The view must have kept every slot that the request names. Allocated in `a`. */
STRATA_MUST_CHECK strata_status account_list_make(const view *v, const list_request *request,
                                                  arena *a, account_list *out, strata_error *err);

/* "id", "name", "since", or a name of the view's model; false when there is none. */
bool list_column_find(const bound_model *b, const char *name, list_column *out);
const char *list_column_key(const bound_model *b, list_column wanted);

/* How a column is shown, and what it holds for one account. */
typedef struct list_column_look {
    const char *label;
    cell_type type;
    int decimals; /* of CELL_NUMBER */
} list_column_look;
list_column_look list_column_shown(const view *v, list_column wanted);
doc_cell list_column_cell(const view *v, list_column wanted, uint32_t account);

/* "486 of 5,000 accounts match, worth $12.3M of ARR (20.0 %)". */
void account_list_title(strbuf *out, const view *v, const list_request *request,
                        const account_list *list);
void report_accounts(document *d, doc_section *parent, const view *v, const list_request *request,
                     const account_list *list);

#endif
