/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 64 };

static int fold(char c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A' + 'a';
    }
    return c == '-' || c == ' ' ? '_' : c;
}

static size_t min2(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment distance of two words of at most LONGEST bytes. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
    size_t rows[3][LONGEST + 1];
    for (size_t j = 0; j <= nb; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= na; i++) {
        size_t *now = rows[i % 3];
        const size_t *last = rows[(i + 2) % 3];
        const size_t *before = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= nb; j++) {
            size_t change = fold(a[i - 1]) != fold(b[j - 1]);
            now[j] = min2(min2(last[j] + 1, now[j - 1] + 1), last[j - 1] + change);
            if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
                fold(a[i - 2]) == fold(b[j - 1])) {
                now[j] = min2(now[j], before[j - 2] + 1);
            }
        }
    }
    return rows[na % 3][nb];
}

const char *nearest_name(const char *word, const char *const *names, size_t n)
{
    size_t len = strlen(word);
    if (len == 0 || len > LONGEST) {
        return NULL;
    }
    size_t best_distance = len < 2 ? 0 : len < 6 ? 1 : len / 3;
    const char *best = NULL;
    for (size_t i = 0; i < n; i++) {
        size_t name_len = strlen(names[i]);
        if (name_len > LONGEST) {
            continue;
        }
        size_t d = distance(word, len, names[i], name_len);
        if (d < best_distance || (d == best_distance && best == NULL)) {
            best = names[i];
            best_distance = d;
        }
    }
    return best;
}

nearest_text nearest_hint_or(const char *word, const char *const *names, size_t n,
                             const char *otherwise)
{
    nearest_text hint;
    const char *near = word != NULL ? nearest_name(word, names, n) : NULL;
    if (near != NULL) {
        (void)snprintf(hint.text, sizeof hint.text, " (did you mean '%s'?)", near);
    } else {
        (void)snprintf(hint.text, sizeof hint.text, "%s", otherwise);
    }
    return hint;
}

nearest_text nearest_hint(const char *word, const char *const *names, size_t n)
{
    return nearest_hint_or(word, names, n, "");
}
