/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spoken.h"

const char *spoken_name(arena *a, const char *name)
{
    char *text = name != NULL ? arena_strdup(a, name) : NULL;
    for (char *c = text; c != NULL && *c != '\0'; c++) {
        if (*c == '_') {
            *c = ' ';
        }
    }
    return text;
}
