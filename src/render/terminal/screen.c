/* SPDX-License-Identifier: Apache-2.0 */
#include "render/terminal/screen.h"

#include <string.h>

#include <utf8proc.h>

#include "render/inline.h"

/* The code point at `text`; a byte that is no UTF-8 counts as U+FFFD. */
static size_t next_point(const char *text, size_t len, utf8proc_int32_t *point)
{
    utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)len, point);
    if (n <= 0) {
        *point = 0xfffd;
        return 1;
    }
    return (size_t)n;
}

/* Characters that steer a terminal or the order in which text is shown. */
static bool is_steering(utf8proc_int32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x061c || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           (c >= 0xfff0 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

void screen_put_clean(strbuf *out, const char *text, size_t len, bool ascii)
{
    for (size_t i = 0; i < len;) {
        utf8proc_int32_t c;
        size_t n = next_point(text + i, len - i, &c);
        if (c == '\t' || c == '\n' || c == '\r' || (ascii && c == 0xa0)) {
            strbuf_add_char(out, ' ');
        } else if (is_steering(c)) {
            strbuf_add(out, ascii ? "?" : "\xef\xbf\xbd");
        } else if (ascii && c >= 0x80) {
            int columns;
            n = screen_cluster(text + i, len - i, &columns);
            strbuf_add_char(out, '?');
        } else {
            strbuf_add_n(out, text + i, n);
        }
        i += n;
    }
}

static bool is_flag_letter(utf8proc_int32_t c)
{
    return c >= 0x1f1e6 && c <= 0x1f1ff;
}

size_t screen_cluster(const char *text, size_t len, int *width)
{
    utf8proc_int32_t c;
    size_t used = next_point(text, len, &c);
    utf8proc_int32_t state = 0;
    int widest = utf8proc_charwidth(c);
    while (used < len && (unsigned char)text[used] >= 0x80) {
        utf8proc_int32_t next;
        size_t n = next_point(text + used, len - used, &next);
        if (utf8proc_grapheme_break_stateful(c, next, &state)) {
            break;
        }
        int columns = utf8proc_charwidth(next);
        /* A flag is two letters; U+FE0F asks for the picture, which is wide. */
        columns = next == 0xfe0f || is_flag_letter(next) ? 2 : columns;
        widest = columns > widest ? columns : widest;
        used += n;
        c = next;
    }
    *width = widest;
    return used;
}

int screen_width(const char *text, size_t len)
{
    int total = 0;
    for (size_t i = 0; i < len;) {
        int width;
        i += screen_cluster(text + i, len - i, &width);
        total += width;
    }
    return total;
}

static void put_upper_word(strbuf *out, const char *word, size_t len)
{
    for (size_t i = 0; i < len;) {
        utf8proc_int32_t c;
        utf8proc_uint8_t bytes[4];
        i += next_point(word + i, len - i, &c);
        utf8proc_ssize_t n = utf8proc_encode_char(utf8proc_toupper(c), bytes);
        strbuf_add_n(out, (const char *)bytes, n > 0 ? (size_t)n : 0);
    }
}

void screen_put_upper(strbuf *out, const char *text)
{
    while (*text != '\0') {
        size_t blank = strspn(text, " ");
        size_t len = strcspn(text + blank, " ");
        strbuf_add_n(out, text, blank);
        if (strcspn(text + blank, "0123456789") < len) {
            strbuf_add_n(out, text + blank, len);
        } else {
            put_upper_word(out, text + blank, len);
        }
        text += blank + len;
    }
}

size_t screen_line(const char *text, size_t len, int width, size_t *skip)
{
    size_t at = 0;
    size_t space = 0; /* the last blank that fits, 0: none */
    int column = 0;
    while (at < len) {
        int columns;
        size_t n = screen_cluster(text + at, len - at, &columns);
        if (text[at] == ' ' && at > 0) {
            space = at;
        }
        if (column + columns > width && at > 0) {
            break;
        }
        column += columns;
        at += n;
    }
    size_t end = at == len || space == 0 ? at : space;
    *skip = end < len ? strspn(text + end, " ") : 0;
    return end;
}

void screen_wrap_init(screen_wrap *w, strbuf *out, int width, int column, int indent)
{
    *w = (screen_wrap){.out = out, .width = width, .indent = indent, .column = column};
    strbuf_init(&w->word, 0);
}

void screen_wrap_done(screen_wrap *w)
{
    strbuf_done(&w->word);
}

static void flush_word(screen_wrap *w)
{
    strbuf_pass_failure(w->out, &w->word);
    if (w->word.len == 0) {
        return;
    }
    bool fits = w->width <= 0 || w->column + w->spaced + w->word_width <= w->width;
    if (!fits && w->column > w->indent) {
        strbuf_add_char(w->out, '\n');
        strbuf_repeat(w->out, ' ', (size_t)w->indent);
        w->column = w->indent;
    } else if (w->spaced) {
        strbuf_add_char(w->out, ' ');
        w->column++;
    }
    strbuf_add(w->out, strbuf_text(&w->word));
    w->column += w->word_width;
    w->spaced = false;
    w->word_width = 0;
    strbuf_clear(&w->word);
}

static void wrap_clean(screen_wrap *w, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        if (text[i] == ' ') {
            flush_word(w);
            w->spaced = w->spaced || w->column > w->indent;
            i++;
            continue;
        }
        int columns;
        size_t n = screen_cluster(text + i, len - i, &columns);
        if (w->width > 0 && w->word_width + columns > w->width - w->indent) {
            flush_word(w); /* a word longer than a line breaks anywhere */
        }
        strbuf_add_n(&w->word, text + i, n);
        w->word_width += columns;
        i += n;
    }
}

void screen_wrap_text(screen_wrap *w, const char *text, size_t len)
{
    strbuf clean STRBUF_AUTO;
    strbuf_init(&clean, 0);
    screen_put_clean(&clean, text, len, w->ascii);
    strbuf_pass_failure(w->out, &clean);
    wrap_clean(w, strbuf_text(&clean), clean.len);
}

/* Escape sequences belong to the word they stand at and take no room. */
static void switch_style(screen_wrap *w, const char *sequence)
{
    if (w->color) {
        strbuf_add(&w->word, sequence);
    }
}

static void put_link_target(screen_wrap *w, const inline_piece *link)
{
    screen_wrap_text(w, " (", 2);
    screen_wrap_text(w, link->href, link->href_len);
    screen_wrap_text(w, ")", 1);
}

void screen_wrap_inline(screen_wrap *w, const char *text)
{
    inline_reader reader = {.at = text};
    inline_piece was = {0};
    inline_piece p = {0};
    while (inline_next(&reader, &p)) {
        if (was.href != NULL && p.href != was.href) {
            put_link_target(w, &was);
        }
        switch_style(w, p.bold ? "\x1b[1m" : p.emphasis ? "\x1b[3m" : p.code ? "\x1b[36m" : "");
        screen_wrap_text(w, p.text, p.len);
        switch_style(w, p.bold || p.emphasis || p.code ? "\x1b[0m" : "");
        was = p;
    }
    if (was.href != NULL) {
        put_link_target(w, &was);
    }
}

void screen_wrap_end(screen_wrap *w)
{
    flush_word(w);
    strbuf_add_char(w->out, '\n');
    w->column = 0;
    w->spaced = false;
}
