/* SPDX-License-Identifier: Apache-2.0 */
#include "source/ledger/spec.h"

#include <stdlib.h>

const ledger_spec ledger_specs[LEDGER_SPECS] = {
    {ENTITY_ARR,
     "source/ledger_arr.sql",
     "source/pages_arr.sql",
     "arr_page",
     "source/clear_pages_arr.sql",
     3,
     {{COLUMN_INT32, NEVER, DAY_MIN, DAY_MAX},
      {COLUMN_INT64, NEVER, 0, INT64_MAX},
      {COLUMN_UINT8, NEVER, 0, ARR_KIND_COUNT - 1}}},
    {ENTITY_ORDERS,
     "source/ledger_orders.sql",
     "source/pages_orders.sql",
     "order_page",
     "source/clear_pages_orders.sql",
     3,
     {{COLUMN_INT32, NEVER, DAY_MIN, DAY_MAX},
      {COLUMN_INT64, NEVER, INT64_MIN, INT64_MAX},
      {COLUMN_INT32, NEVER, 0, INT32_MAX}}},
    {ENTITY_USAGE,
     "source/ledger_usage.sql",
     "source/pages_usage.sql",
     "usage_page",
     "source/clear_pages_usage.sql",
     4,
     {{COLUMN_INT32, NEVER, DAY_MIN, DAY_MAX},
      {COLUMN_INT32, AS_CODE, -1, INT32_MAX},
      {COLUMN_INT32, AS_CODE, -1, INT32_MAX},
      {COLUMN_INT32, NEVER, 1, INT32_MAX}}},
    {ENTITY_TICKETS, "source/ledger_tickets.sql", .n_columns = 4,
     .columns = {{COLUMN_INT32, NEVER},
                 {COLUMN_INT32, AS_DAY},
                 {COLUMN_UINT8, NEVER},
                 {COLUMN_DOUBLE, AS_NAN}}},
    {ENTITY_SURVEYS, "source/ledger_surveys.sql", .n_columns = 3,
     .columns = {{COLUMN_INT32, NEVER}, {COLUMN_UINT8, NEVER}, {COLUMN_DOUBLE, AS_NAN}}},
    {ENTITY_CONTACTS, "source/ledger_contacts.sql", .n_columns = 4,
     .columns = {{COLUMN_INT32, AS_DAY_MIN},
                 {COLUMN_INT32, AS_DAY},
                 {COLUMN_UINT8, NEVER},
                 {COLUMN_INT32, NEVER}}},
    {ENTITY_TOUCHPOINTS, "source/ledger_touchpoints.sql", .n_columns = 3,
     .columns = {{COLUMN_INT32, NEVER}, {COLUMN_DOUBLE, AS_NAN}, {COLUMN_INT8, NEVER}}},
    {ENTITY_OPPORTUNITIES, "source/ledger_opportunities.sql", .n_columns = 5,
     .columns = {{COLUMN_INT32, NEVER},
                 {COLUMN_INT32, AS_DAY},
                 {COLUMN_INT64, AS_ZERO},
                 {COLUMN_UINT8, NEVER},
                 {COLUMN_UINT8, NEVER}}},
    {ENTITY_HEALTH, "source/ledger_health.sql", .n_columns = 2,
     .columns = {{COLUMN_INT32, NEVER}, {COLUMN_DOUBLE, AS_NAN}}},
    {ENTITY_INTERVENTIONS, "source/ledger_interventions.sql", .n_columns = 2,
     .columns = {{COLUMN_INT32, NEVER}, {COLUMN_DOUBLE, AS_NAN}}},
    {ENTITY_PREDICTIONS, "source/ledger_predictions.sql", .n_columns = 3,
     .columns = {{COLUMN_INT32, NEVER}, {COLUMN_UINT8, NEVER}, {COLUMN_DOUBLE, AS_NAN}}},
};

size_t ledger_value_size(column_type type)
{
    return type == COLUMN_INT64 || type == COLUMN_DOUBLE ? 8 : type == COLUMN_INT32 ? 4 : 1;
}

strata_status ledger_reserve(const ledger_spec *spec, ledger_arrays *a, size_t rows,
                             size_t accounts, strata_error *err)
{
    if (accounts + 1 > a->cap_start) {
        uint32_t *start = realloc(a->start, (accounts + 1) * sizeof *start);
        if (start == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        a->start = start;
        a->cap_start = accounts + 1;
    }
    if (rows > UINT32_MAX) {
        return strata_fail(err, STRATA_E_DATA, "more than %u rows in one block of accounts",
                           UINT32_MAX);
    }
    if (rows <= a->cap_rows) {
        return STRATA_OK;
    }
    size_t cap = a->cap_rows == 0 ? 8192 : a->cap_rows;
    while (cap < rows) {
        cap *= 2;
    }
    for (size_t i = 0; i < spec->n_columns; i++) {
        void *larger = realloc(a->columns[i], cap * ledger_value_size(spec->columns[i].type));
        if (larger == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for %zu ledger rows", cap);
        }
        a->columns[i] = larger;
    }
    a->cap_rows = cap;
    return STRATA_OK;
}

void ledger_arrays_free(ledger_arrays *a)
{
    free(a->start);
    for (size_t i = 0; i < LEDGER_COLUMNS; i++) {
        free(a->columns[i]);
    }
    *a = (ledger_arrays){0};
}
