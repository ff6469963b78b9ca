/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "store/private.h"

/* How DuckDB begins its messages, and what that means to a caller. A failed commit or append
 * has the reason's own beginning, or words, further on. */
static const struct {
    const char *prefix;
    strata_status status;
} kinds[] = {
    {"INTERRUPT Error: ", STRATA_E_CANCELLED},
    {"Out of Memory Error: ", STRATA_E_NOMEM},
    {"IO Error: ", STRATA_E_IO},
    {"Permission Error: ", STRATA_E_IO},
    {"Conversion Error: ", STRATA_E_DATA},
    {"Out of Range Error: ", STRATA_E_DATA},
    {"Constraint Error: ", STRATA_E_DATA},
    {"Invalid Input Error: ", STRATA_E_DATA},
    {"Invalid Input Error: Cannot prepare multiple statements", STRATA_E_USAGE},
    {"Invalid Input Error: No statement to prepare", STRATA_E_USAGE},
    {"NOT NULL constraint failed: ", STRATA_E_DATA},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds };

static bool says(const char *message, const char *words)
{
    return strstr(message, words) != NULL;
}

static strata_status status_of(const char *message, strata_status otherwise)
{
    strata_status status = STRATA_OK;
    for (size_t i = 0; i < N_KINDS; i++) {
        if (strncmp(message, kinds[i].prefix, strlen(kinds[i].prefix)) == 0) {
            status = kinds[i].status;
        }
    }
    for (size_t i = 0; i < N_KINDS && status == STRATA_OK; i++) {
        status = says(message, kinds[i].prefix) ? kinds[i].status : STRATA_OK;
    }
    return status != STRATA_OK ? status : otherwise;
}

/* The message without its class ("Binder Error: "). */
static const char *without_class(const char *message)
{
    const char *colon = strstr(message, " Error: ");
    const char *line = strchr(message, '\n');
    return colon != NULL && (line == NULL || colon < line) ? colon + strlen(" Error: ") : message;
}

/* Ours begin with a small letter; a word in capitals stays. */
static int first_letter(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    return first != '\0' && islower((unsigned char)text[1]) ? tolower(first) : first;
}

/* A statement that fails between two looks at it has its reason wrapped in what the second look
 * says. */
static const char *innermost(const char *message)
{
    static const char wrap[] = "closed pending query result\nError: ";
    const char *inner = strstr(message, wrap);
    return inner != NULL ? inner + strlen(wrap) : message;
}

strata_status store_explain(strata_error *err, strata_status otherwise, const char *what,
                            const char *message)
{
    const char *said =
        message != NULL && *message != '\0' ? innermost(message) : "DuckDB gives no reason";
    strata_status status = status_of(said, otherwise);
    const char *text = without_class(said);
    int len = (int)strcspn(text, "\n");
    if (otherwise == STRATA_E_USAGE) { /* the user's own SQL: keep the lines that show where */
        len = (int)strlen(text);
    }
    if (says(said, "No space left on device") || says(said, "File too large") ||
        says(said, "Disk quota exceeded")) {
        return strata_fail(err, STRATA_E_IO,
                           "%s: the disk is full (%.*s); free some space, then try again", what,
                           len, text);
    }
    if (status == STRATA_E_CANCELLED) {
        return strata_fail(err, STRATA_E_CANCELLED, "stopped; nothing was changed");
    }
    if (status == STRATA_E_NOMEM) {
        return strata_fail(err, STRATA_E_NOMEM,
                           "%s: memory ran out (%.*s); allow more with --memory", what, len, text);
    }
    if (len == 0) {
        return strata_fail(err, status, "%s: %s", what, said);
    }
    return strata_fail(err, status, "%s: %c%.*s", what, first_letter(text), len - 1, text + 1);
}
