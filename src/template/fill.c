/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "template/template.h"

static const char small[] = "abcdefghijklmnopqrstuvwxyz";
static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Up to and with the piece that ends the sentence which begins at `from`. */
static size_t sentence_end(const template_cell *cell, size_t from)
{
    while (from + 1 < cell->n && !cell->pieces[from].ends) {
        from++;
    }
    return from + 1;
}

/* What stands in for a field that is missing; NULL: nothing does. */
static const char *stand_in(const template_form *form, const template_piece *p)
{
    return p->text != NULL ? p->text : form->fields[p->field].otherwise;
}

static bool is_said(const template_form *form, const template_cell *cell, size_t from, size_t to,
                    const char *const *values)
{
    for (size_t i = from; i < to; i++) {
        const template_piece *p = &cell->pieces[i];
        const bool there = p->kind != PIECE_TEXT && values[p->field] != NULL;
        if ((p->kind == PIECE_FIELD && !there && stand_in(form, p) == NULL) ||
            (p->kind == PIECE_IF && !there) || (p->kind == PIECE_UNLESS && there)) {
            return false;
        }
    }
    return true;
}

bool template_is_whole(const template_form *form, const template_cell *cell,
                       const char *const *values)
{
    return is_said(form, cell, 0, cell->n, values);
}

static void add_value(strbuf *out, const char *text, bool capital)
{
    const char *letter = capital && *text != '\0' ? strchr(small, *text) : NULL;
    if (letter != NULL) {
        strbuf_add_char(out, capitals[letter - small]);
        text++;
    }
    strbuf_add(out, text);
}

static void add_piece(strbuf *out, const template_form *form, const template_piece *p,
                      const char *const *values)
{
    if (p->kind == PIECE_TEXT) {
        strbuf_add(out, p->text);
    } else if (p->kind == PIECE_FIELD) {
        const char *value = values[p->field];
        const bool name = value != NULL && form->fields[p->field].is_name;
        add_value(out, value != NULL ? value : stand_in(form, p), p->begins && !name);
    }
}

static void trim(strbuf *out, size_t from)
{
    while (out->len > from && out->text[out->len - 1] == ' ') {
        out->text[--out->len] = '\0';
    }
}

bool template_say(strbuf *out, const template_form *form, const template_cell *cell,
                  const char *const *values)
{
    const size_t begun = out->len;
    for (size_t i = 0; i < cell->n;) {
        const size_t end = sentence_end(cell, i);
        if (is_said(form, cell, i, end, values)) {
            const size_t before = out->len;
            if (before > begun) {
                strbuf_add_char(out, ' ');
            }
            const size_t from = out->len;
            for (size_t k = i; k < end; k++) {
                add_piece(out, form, &cell->pieces[k], values);
            }
            trim(out, out->len > from ? from : before);
        }
        i = end;
    }
    return out->len > begun;
}

bool template_say_part(strbuf *out, const template_form *form, const template_part *part,
                       const char *const *values)
{
    const size_t begun = out->len;
    for (size_t i = 0; i < part->n; i++) {
        const size_t before = out->len;
        if (before > begun) {
            strbuf_add_char(out, ' ');
        }
        if (!template_say(out, form, &part->blocks[i].cells[0], values)) {
            trim(out, before);
        }
    }
    return out->len > begun;
}
