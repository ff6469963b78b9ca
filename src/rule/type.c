/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/type.h"

const char *value_type_name(value_type type)
{
    static const char *const names[VALUE_TYPE_COUNT] = {
        [VALUE_NUMBER] = "number",     [VALUE_MONEY] = "money", [VALUE_SHARE] = "share",
        [VALUE_DURATION] = "duration", [VALUE_DATE] = "date",   [VALUE_BOOL] = "yes-or-no",
        [VALUE_TEXT] = "text"};
    return (unsigned)type < VALUE_TYPE_COUNT ? names[type] : "unknown";
}
