/* SPDX-License-Identifier: Apache-2.0 */
#include "template/scan.h"

#include <string.h>

#include "base/nearest.h"

enum { NAME_MOST = 40 };

strata_status scan_place_failure(strata_error *err, template_place place)
{
    return strata_wrap(err, STRATA_E_MODEL, "%s:%d:%d", place.file, place.line, place.column);
}

void scan_step(scan *s)
{
    bool line = *s->at == '\n';
    s->at++;
    if (!s->fixed) {
        s->place.line += line;
        s->place.column = line ? 1 : s->place.column + 1;
    }
}

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading a template");
}

size_t template_field_find(const template_form *form, const char *name, size_t len)
{
    size_t k = 0;
    while (k < form->n_fields &&
           (strlen(form->fields[k].name) != len || memcmp(form->fields[k].name, name, len) != 0)) {
        k++;
    }
    return k;
}

/* --- fields --- */

static strata_status fail_unknown(const scan *s, template_place place, const char *name,
                                  strata_error *err)
{
    enum { LISTED = 10 };
    const char *names[TEMPLATE_FIELDS_MOST] = {NULL};
    const char *list = "";
    const size_t n = s->form->n_fields;
    for (size_t k = 0; k < n; k++) {
        names[k] = s->form->fields[k].name;
        if (n <= LISTED && list != NULL) {
            list = arena_printf(s->a, "%s%s%s", list,
                                k == 0       ? "; there are "
                                : k + 1 == n ? " and "
                                             : ", ",
                                names[k]);
        }
    }
    return scan_fail(err, place, "unknown field '{%s}' in the %s%s%s", name, s->what,
                     nearest_hint(name, names, n).text, list != NULL ? list : "");
}

/* What stands between the braces: [?!]name or name|words. */
static strata_status read_field(scan *s, template_piece *out, strata_error *err)
{
    const template_place place = s->place;
    const char *begin = s->at + 1;
    const char *close = begin;
    while (close < s->end && *close != '}' && *close != '{' && *close != '\n') {
        close++;
    }
    if (close == s->end || *close != '}') {
        return scan_fail(err, place,
                         "a brace in the %s stands alone; fields are written {%s}, on one line",
                         s->what, s->form->fields[0].name);
    }
    const bool asks = begin < close && (*begin == '?' || *begin == '!');
    const char *name = begin + asks;
    const char *bar = asks ? NULL : memchr(name, '|', (size_t)(close - name));
    size_t len = (size_t)((bar != NULL ? bar : close) - name);
    if (len > NAME_MOST) {
        return scan_fail(err, place, "the name of a field in the %s is longer than %d bytes",
                         s->what, NAME_MOST);
    }
    *out = (template_piece){.kind = !asks           ? PIECE_FIELD
                                    : *begin == '?' ? PIECE_IF
                                                    : PIECE_UNLESS,
                            .field = template_field_find(s->form, name, len)};
    if (out->field == s->form->n_fields) {
        char text[NAME_MOST + 1] = "";
        memcpy(text, name, len);
        return fail_unknown(s, place, text, err);
    }
    if (bar != NULL) {
        out->text = arena_strndup(s->a, bar + 1, (size_t)(close - bar) - 1);
        if (out->text == NULL) {
            return fail_nomem(err);
        }
    }
    while (s->at <= close) {
        scan_step(s);
    }
    return STRATA_OK;
}

/* --- words --- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* A mark that ends a sentence, with what closes around it, stands before a blank or the end. */
static bool ends_sentence(const scan *s, char stop)
{
    if (*s->at != '.' && *s->at != '?' && *s->at != '!') {
        return false;
    }
    const char *next = s->at + 1;
    while (next < s->end && strchr("*\")_", *next) != NULL && *next != '\0') {
        next++;
    }
    return next == s->end || is_blank(*next) || *next == stop;
}

typedef struct words_out {
    char *text; /* room for what is left of the source */
    size_t len;
} words_out;

/* Literal text up to the next field, the end of a sentence or the stop; true: a sentence ended. */
static bool read_words(scan *s, char stop, words_out *w)
{
    w->len = 0;
    while (s->at < s->end && *s->at != '{' && *s->at != '}' && *s->at != stop) {
        const bool last = ends_sentence(s, stop);
        if (is_blank(*s->at)) {
            w->text[w->len++] = ' ';
            while (s->at < s->end && is_blank(*s->at)) {
                scan_step(s);
            }
            continue;
        }
        w->text[w->len++] = *s->at;
        scan_step(s);
        while (last && s->at < s->end && !is_blank(*s->at) && *s->at != stop) {
            w->text[w->len++] = *s->at; /* what closes around it */
            scan_step(s);
        }
        if (last) {
            while (s->at < s->end && is_blank(*s->at)) {
                scan_step(s);
            }
            return true;
        }
    }
    return false;
}

/* Marks where sentences begin and end; `ended` says after which pieces. */
static void mark_sentences(template_piece *pieces, size_t n)
{
    bool begun = false;
    for (size_t i = 0; i < n; i++) {
        const bool says = pieces[i].kind == PIECE_TEXT || pieces[i].kind == PIECE_FIELD;
        pieces[i].begins = says && !begun;
        begun = (begun || says) && !pieces[i].ends;
    }
    if (n > 0) {
        pieces[n - 1].ends = true;
    }
}

/* Room for all pieces of a cell and for all their text; NULL when memory ran out. */
static template_piece *make_room(const scan *s, char **text)
{
    size_t marks = 1;
    for (const char *c = s->at; c < s->end; c++) {
        marks += *c == '{' || *c == '.' || *c == '?' || *c == '!';
    }
    *text = arena_alloc(s->a, (size_t)(s->end - s->at) + 2 * marks + 1, 1);
    return *text != NULL ? ARENA_NEW(s->a, 2 * marks, template_piece) : NULL;
}

strata_status scan_cell(scan *s, char stop, template_cell *out, strata_error *err)
{
    words_out w = {0};
    size_t n = 0;
    while (s->at < s->end && is_blank(*s->at)) {
        scan_step(s);
    }
    template_piece *pieces = make_room(s, &w.text);
    if (pieces == NULL) {
        return fail_nomem(err);
    }
    while (s->at < s->end && *s->at != stop) {
        if (*s->at == '{') {
            STRATA_TRY(read_field(s, &pieces[n++], err));
            continue;
        }
        if (*s->at == '}') {
            return scan_fail(err, s->place,
                             "a brace in the %s stands alone; fields are written {%s}", s->what,
                             s->form->fields[0].name);
        }
        const bool ended = read_words(s, stop, &w);
        pieces[n++] = (template_piece){.kind = PIECE_TEXT, .text = w.text, .ends = ended};
        w.text += w.len + 1;
    }
    mark_sentences(pieces, n);
    *out = (template_cell){pieces, n};
    return STRATA_OK;
}
