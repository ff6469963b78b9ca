/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STRATA_RENDER_TERMINAL_SCREEN_H
#define STRATA_RENDER_TERMINAL_SCREEN_H

/* Text on a terminal: how wide it is, what is safe to send, where lines break.
 * Widths are columns as terminals count them: 0 for combining marks, 2 for
 * wide East Asian characters and emoji. */

#include "base/strbuf.h"

/* A failure of a scratch buffer fails the output it was for. */
static inline void strbuf_pass_failure(strbuf *out, const strbuf *scratch)
{
    if (scratch->failed != STRATA_OK) {
        out->failed = scratch->failed;
    }
}

/* Appends text that cannot steer a terminal: control characters, escape
 * sequences and marks that turn the direction of writing become U+FFFD, line
 * breaks and tabs a space. With `ascii` what is beyond ASCII becomes "?". */
void screen_put_clean(strbuf *out, const char *text, size_t len, bool ascii);

/* One character as a reader counts them (with its combining marks): its bytes,
 * its columns in *width. `len` is at least 1. */
size_t screen_cluster(const char *text, size_t len, int *width);
int screen_width(const char *text, size_t len);

/* Appends in upper case; words with a digit in them ("12m") stay as they are. */
void screen_put_upper(strbuf *out, const char *text);

/* How many bytes of `text` stand on one line of `width` columns: up to the last
 * space that fits, or as many characters as fit when there is none (one at
 * least). *skip gets the blanks to leave out before the next line. */
size_t screen_line(const char *text, size_t len, int width, size_t *skip);

/* Writes words on lines of at most `width` columns (0: no limit). */
typedef struct screen_wrap {
    strbuf *out;
    strbuf word;
    int width, indent; /* indent: of the lines after the first */
    int column, word_width;
    bool ascii, color, spaced; /* spaced: a blank is due before the word */
} screen_wrap;

/* Continues at `column` of the present line. */
void screen_wrap_init(screen_wrap *w, strbuf *out, int width, int column, int indent);
void screen_wrap_done(screen_wrap *w);
#define SCREEN_WRAP_AUTO STRATA_CLEANUP(screen_wrap_done)
/* Plain text, cleaned first. */
void screen_wrap_text(screen_wrap *w, const char *text, size_t len);
/* A text with inline Markdown: bold and code by escape sequences when w->color. */
void screen_wrap_inline(screen_wrap *w, const char *text);
/* Writes what is left and ends the line. */
void screen_wrap_end(screen_wrap *w);

#endif
