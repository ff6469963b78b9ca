/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/intake.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { ANSWER_MAX = 2000 };

/* Without blanks at its ends. */
static const char *trimmed(char *line)
{
    char *start = line + strspn(line, " \t");
    size_t n = strlen(start);
    while (n > 0 && strchr(" \t\r\n", start[n - 1]) != NULL) {
        start[--n] = '\0';
    }
    return start;
}

/* What people write and the file does not: capitals in "Yes" and "February", small letters in
 * "usd". */
static void normalise(const intake_question *q, char *text)
{
    bool upper = strcmp(q->key, "currency") == 0;
    bool lower = q->kind == INTAKE_YES_NO || strcmp(q->key, "fiscal_year_starts") == 0;
    for (char *p = text; (upper || lower) && *p != '\0'; p++) {
        *p = (char)(upper ? toupper((unsigned char)*p) : tolower((unsigned char)*p));
    }
}

/* One answer that is of its kind; *more false at the end of input. */
static strata_status ask(const call *c, const intake_question *q, const char **out, bool *more,
                         strata_error *err)
{
    char line[ANSWER_MAX];
    *out = NULL;
    do {
        (void)fprintf(stderr, "%s%s\n> ", q->question,
                      q->kind == INTAKE_LIST ? " Several with commas between." : "");
        if (fgets(line, sizeof line, stdin) == NULL) {
            STRATA_TRY(context_check(&c->cx, err));
            *more = false;
            return STRATA_OK;
        }
        char *answer = arena_strdup(c->arena, trimmed(line));
        if (answer == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
        normalise(q, answer);
        if (intake_accepts(q, answer)) {
            *out = answer;
        } else {
            (void)fprintf(stderr, "'%s' is no answer to that; an empty line leaves it out\n",
                          answer);
        }
    } while (*out == NULL);
    return STRATA_OK;
}

strata_status intake_ask(const call *c, const char *answers[INTAKE_QUESTIONS], strata_error *err)
{
    bool more = true;
    (void)fprintf(stderr, "Some questions about your business, for the 'business' part of the "
                          "file. An empty line leaves one out.\n\n");
    for (size_t i = 0; i < INTAKE_QUESTIONS && more; i++) {
        STRATA_TRY(ask(c, &intake_questions[i], &answers[i], &more, err));
    }
    return STRATA_OK;
}
