/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_SOURCE_FIELDS_H
#define STRATA_SOURCE_FIELDS_H

/* The catalogue of what sources can hold: tables, their columns, the words some
 * columns are written in. ARR has three tables, one per form. */

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"
#include "panel/ledger.h"
#include "store/column.h"

typedef enum source_table {
    TABLE_ACCOUNTS,
    TABLE_SNAPSHOTS,
    TABLE_MOVEMENTS,
    TABLE_SUBSCRIPTIONS,
    TABLE_ORDERS,
    TABLE_USAGE,
    TABLE_TICKETS,
    TABLE_SURVEYS,
    TABLE_CONTACTS,
    TABLE_TOUCHPOINTS,
    TABLE_OPPORTUNITIES,
    TABLE_CSMS,
    TABLE_HEALTH,
    TABLE_INTERVENTIONS,
    TABLE_COUNT
} source_table;

typedef enum field_kind {
    FIELD_ID,      /* text that names the row; a second row of the same id is rejected */
    FIELD_ACCOUNT, /* id of an account, turned into its number */
    FIELD_TEXT,
    FIELD_DAY,
    FIELD_MONEY, /* minor units of the reporting currency, by year where the table has a period */
    FIELD_NUMBER,
    FIELD_BOOL,
    FIELD_FEATURE,  /* code in the dictionary of usage features */
    FIELD_USER,     /* code in the dictionary of users */
    FIELD_CURRENCY, /* of the row's money; text in the accounts table */
    FIELD_PERIOD,   /* that the row's money covers */
    FIELD_SEVERITY, /* the rest: words with a code */
    FIELD_SURVEY_KIND,
    FIELD_ROLE,
    FIELD_DEAL_KIND,
    FIELD_STAGE
} field_kind;

typedef struct source_field {
    const char *name;
    field_kind kind;
    bool needed; /* rows without it are rejected, and a source without it is refused */
} source_field;

typedef struct table_spec {
    const char *name; /* "subscriptions": sql/source/stage_subscriptions.sql */
    source_table table;
    entity entity;
    const source_field *fields;
    size_t n_fields;
} table_spec;

const table_spec *table_get(source_table t);
/* The table a source fills; TABLE_COUNT for an unknown entity. */
source_table table_of(const model_source *s);
/* The table called `name`: "subscriptions", "contacts"; an entity's name finds its table, "arr"
 * that of subscriptions. TABLE_COUNT when there is none. */
source_table table_find(const char *name);
/* Index of a field; SIZE_MAX when the table has none of that name. */
size_t table_field(const table_spec *t, const char *name);
/* The field that names its rows; SIZE_MAX when there is none. */
size_t table_id_field(const table_spec *t);

/* Code of a word ("P1" is SEVERITY_URGENT) for the kinds from FIELD_SEVERITY on, and months for
 * FIELD_PERIOD ("annual": 12); -1 for a word nobody knows. Spaces, case and punctuation do not
 * count. */
int field_word(field_kind kind, text_view word);
/* "low, normal, high or urgent", for messages. */
const char *field_words(field_kind kind);
/* What kind of value, for messages: "a date". */
const char *field_kind_name(field_kind kind);

/* Lower case, letters and digits only with one `_` between words: "Account ID" -> "account_id",
 * "CloseDate" -> "close_date". `cap` bytes with the NUL; longer names are cut. */
void fold_name(const char *name, char *out, size_t cap);

#endif
