/* SPDX-License-Identifier: Apache-2.0 */
/* For fopencookie(). */
#define _GNU_SOURCE // NOLINT(bugprone-reserved-identifier)
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

#ifdef __GLIBC__

static bool begins_like_one(const char *text, size_t n)
{
    static const char *const marks[] = {"[ERROR]", "[WARNING]: "};
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t len = strlen(marks[i]);
        if (n >= len && memcmp(text, marks[i], len) == 0) {
            return true;
        }
    }
    return false;
}

static void put(const char *text, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t got = write(STDERR_FILENO, text + done, n - done);
        if (got <= 0) {
            return; /* there is no other place to say so */
        }
        done += (size_t)got;
    }
}

/* A message is written in one piece, or in several of which the last ends the line. */
static ssize_t write_but_theirs(void *cookie, const char *text, size_t n)
{
    cli_library_lines *l = cookie;
    for (size_t at = 0; at < n;) {
        const char *end = memchr(text + at, '\n', n - at);
        size_t len = end != NULL ? (size_t)(end - text) + 1 - at : n - at;
        l->theirs = l->within ? l->theirs : begins_like_one(text + at, len);
        if (!l->theirs) {
            put(text + at, len);
        }
        l->within = end == NULL;
        at += len;
    }
    return (ssize_t)n;
}

void cli_drop_library_lines(cli_library_lines *l)
{
    const cookie_io_functions_t writes = {.write = write_but_theirs};
    FILE *f = fopencookie(l, "w", writes);
    if (f != NULL) {
        (void)setvbuf(f, NULL, _IONBF, 0); /* as standard error is */
        stderr = f;
    }
}

#else

void cli_drop_library_lines(cli_library_lines *l)
{
    (void)l; /* standard error cannot be exchanged */
}

#endif
