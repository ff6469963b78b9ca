/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/utf8.h"
#include "template/scan.h"

enum { PARTS_MOST = 64, BLOCKS_MOST = 200, LATER_MOST = 366 };

typedef struct parser {
    arena *a;
    const template_form *form;
    const char *file, *end;
    template_part parts[PARTS_MOST];
    size_t n;
    template_block *blocks; /* of the part at work */
    size_t n_blocks;
} parser;

typedef struct line {
    const char *text; /* without the line end and blanks before it */
    size_t len;
    int number;
} line;

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory reading a template");
}

static template_place place_of(const parser *p, const line *l, size_t column)
{
    return (template_place){p->file, l->number, (int)column + 1};
}

static bool next_line(const parser *p, const char **at, line *out)
{
    if (*at == p->end) {
        return false;
    }
    const char *stop = memchr(*at, '\n', (size_t)(p->end - *at));
    stop = stop != NULL ? stop : p->end;
    size_t len = (size_t)(stop - *at);
    while (len > 0 && ((*at)[len - 1] == ' ' || (*at)[len - 1] == '\r' || (*at)[len - 1] == '\t')) {
        len--;
    }
    *out = (line){*at, len, out->number + 1};
    *at = stop < p->end ? stop + 1 : stop;
    return true;
}

static bool begins_with(const line *l, const char *mark)
{
    const size_t len = strlen(mark);
    return l->len >= len && memcmp(l->text, mark, len) == 0;
}

/* --- heads --- */

static bool is_head(const line *l)
{
    return begins_with(l, "## ") || (l->len == 2 && begins_with(l, "##"));
}

static strata_status fail_part(const parser *p, template_place place, const char *name,
                               strata_error *err)
{
    const char *names[PARTS_MOST] = {NULL};
    size_t n = 0;
    const char *list = "";
    for (; n < p->form->n_parts && n < PARTS_MOST && list != NULL; n++) {
        names[n] = p->form->parts[n].name;
        list = arena_printf(p->a, "%s%s%s", list, n > 0 ? ", " : "", names[n]);
    }
    return scan_fail(err, place, "%s has no part '%s'%s; there are %s", p->form->name, name,
                     nearest_hint(name, names, n).text, list != NULL ? list : "");
}

static const template_shape *shape_of(const template_form *form, const char *name)
{
    for (size_t k = 0; k < form->n_parts; k++) {
        if (strcmp(form->parts[k].name, name) == 0) {
            return &form->parts[k];
        }
    }
    return NULL;
}

/* "## opener adoption" */
static strata_status begin_part(parser *p, const line *l, strata_error *err)
{
    enum { MARK = 3, HEAD_MOST = 80 };
    const template_place place = place_of(p, l, MARK);
    if (l->len <= MARK || l->len > HEAD_MOST) {
        return scan_fail(err, place, "a part is named by up to %d bytes: '## %s'", HEAD_MOST - MARK,
                         p->form->parts[0].name);
    }
    char *name = arena_strndup(p->a, l->text + MARK, l->len - MARK);
    if (name == NULL) {
        return fail_nomem(err);
    }
    char *key = strchr(name, ' ');
    if (key != NULL) {
        *key++ = '\0';
    }
    const template_shape *shape = shape_of(p->form, name);
    if (shape == NULL) {
        return fail_part(p, place, name, err);
    }
    if (key != NULL && !shape->keyed) {
        return scan_fail(err, place, "'%s' is one part and takes no second word, here '%s'", name,
                         key);
    }
    const template_text so_far = {p->form, p->parts, p->n};
    const template_part *twice = template_find(&so_far, name, key);
    if (twice != NULL) {
        return scan_fail(err, place, "the part '%s%s%s' is there twice, first on line %d", name,
                         key != NULL ? " " : "", key != NULL ? key : "", twice->place.line);
    }
    if (p->n == PARTS_MOST) {
        return scan_fail(err, place, "%s has more than %d parts", p->form->name, PARTS_MOST);
    }
    size_t lines = 1;
    for (const char *c = l->text; c < p->end; c++) {
        lines += *c == '\n';
    }
    p->blocks = ARENA_NEW(p->a, lines < BLOCKS_MOST ? lines : BLOCKS_MOST, template_block);
    p->n_blocks = 0;
    p->parts[p->n++] =
        (template_part){.shape = shape, .key = key, .place = place, .blocks = p->blocks};
    return p->blocks != NULL ? STRATA_OK : fail_nomem(err);
}

/* --- blocks --- */

static strata_status fail_cells(const parser *p, const template_part *part, template_place place,
                                size_t n, strata_error *err)
{
    static const char *const written[TEMPLATE_CELLS_MOST + 1] = {
        "", "WHAT", "DAY | WHAT", "DAY | WHO | WHAT", "DAY | WHO | WHAT | WHY"};
    return scan_fail(err, place, "a step of '%s' in %s has %zu cells; it is written '- %s'",
                     part->shape->name, p->form->name, n, written[part->shape->cells]);
}

/* "tell + 7": from the bar back, so that the place is right. */
static strata_status read_day(const parser *p, scan *s, template_block *out, strata_error *err)
{
    enum { NAME_MOST = 40 };
    char name[NAME_MOST + 1] = "";
    size_t len = 0;
    while (s->at < s->end && *s->at == ' ') {
        scan_step(s);
    }
    const template_place place = s->place;
    for (; s->at < s->end && *s->at != '|' && len < NAME_MOST; scan_step(s)) {
        name[len++] = *s->at;
    }
    while (len > 0 && name[len - 1] == ' ') {
        name[--len] = '\0';
    }
    char *plus = strchr(name, '+');
    if (plus != NULL) {
        char *stop = NULL;
        const long later = strtol(plus + 1, &stop, 10);
        if (stop == plus + 1 || *stop != '\0' || later < 0 || later > LATER_MOST) {
            return scan_fail(err, place,
                             "'%s' is no day; it is written '%s + 7', with 0 to %d days", name,
                             p->form->days[0], LATER_MOST);
        }
        out->later = (int)later;
        *plus = '\0';
        for (len = (size_t)(plus - name); len > 0 && name[len - 1] == ' ';) {
            name[--len] = '\0';
        }
    }
    for (out->day = 0; out->day < p->form->n_days; out->day++) {
        if (strcmp(p->form->days[out->day], name) == 0) {
            return STRATA_OK;
        }
    }
    return scan_fail(err, place, "%s knows no day '%s'%s", p->form->name, name,
                     nearest_hint(name, p->form->days, p->form->n_days).text);
}

/* From `s` to its end: a step with its cells, or a paragraph. */
static strata_status read_block(parser *p, scan *s, strata_error *err)
{
    const template_part *part = &p->parts[p->n - 1];
    const size_t wanted = part->shape->cells;
    const char stop = wanted > 0 ? '|' : '\0';
    template_block b = {.place = s->place};
    template_cell *cells = ARENA_NEW(p->a, TEMPLATE_CELLS_MOST, template_cell);
    if (cells == NULL) {
        return fail_nomem(err);
    }
    if (part->shape->dated) {
        STRATA_TRY(read_day(p, s, &b, err));
        b.n_cells++;
    } else {
        STRATA_TRY(scan_cell(s, stop, &cells[b.n_cells++], err));
    }
    while (s->at < s->end && b.n_cells < TEMPLATE_CELLS_MOST) {
        scan_step(s); /* the bar */
        STRATA_TRY(scan_cell(s, stop, &cells[b.n_cells++], err));
    }
    if (wanted > 0 && (b.n_cells != wanted || s->at < s->end)) {
        return fail_cells(p, part, b.place, b.n_cells + (s->at < s->end), err);
    }
    if (p->n_blocks == BLOCKS_MOST) {
        return scan_fail(err, b.place, "the part '%s' has more than %d paragraphs or steps",
                         part->shape->name, BLOCKS_MOST);
    }
    b.cells = cells;
    p->blocks[p->n_blocks++] = b;
    p->parts[p->n - 1].n = p->n_blocks;
    return STRATA_OK;
}

/* Lines first .. up to the blank line, the next step or part; *at is behind them. */
static strata_status begin_block(parser *p, const line *first, const char **at, int *number,
                                 strata_error *err)
{
    enum { MARK = 2 };
    const template_part *part = &p->parts[p->n - 1];
    const bool step = part->shape->cells > 0;
    if (step != begins_with(first, "- ")) {
        return scan_fail(err, place_of(p, first, 0),
                         step ? "'%s' is a list of steps: each begins with '- '"
                              : "'%s' is of paragraphs: a line of it cannot begin with '- '",
                         part->shape->name);
    }
    const char *owner = arena_printf(p->a, "part '%s' of %s", part->shape->name, p->form->name);
    if (owner == NULL) {
        return fail_nomem(err);
    }
    line l = *first;
    const char *end = first->text + first->len;
    const char *ahead = *at;
    while (next_line(p, &ahead, &l) && l.len > 0 && !is_head(&l) &&
           !(step && begins_with(&l, "- "))) {
        end = l.text + l.len;
        *at = ahead;
        *number = l.number;
    }
    scan s = {.a = p->a,
              .form = p->form,
              .what = owner,
              .place = place_of(p, first, step ? MARK : 0),
              .at = first->text + (step ? MARK : 0),
              .end = end};
    return read_block(p, &s, err);
}

/* --- the whole --- */

static strata_status check_bytes(const parser *p, const char *bytes, size_t len, strata_error *err)
{
    const template_place place = {p->file, 1, 1};
    if (len > TEMPLATE_BYTES_MOST) {
        return scan_fail(err, place, "%s is longer than %d bytes", p->form->name,
                         TEMPLATE_BYTES_MOST);
    }
    if (!utf8_is_valid(bytes, len) || memchr(bytes, '\0', len) != NULL) {
        return scan_fail(err, place, "%s is no UTF-8 text", p->form->name);
    }
    return STRATA_OK;
}

static strata_status read_lines(parser *p, const char *bytes, strata_error *err)
{
    const char *at = bytes;
    line l = {0};
    while (next_line(p, &at, &l)) {
        if (is_head(&l)) {
            STRATA_TRY(begin_part(p, &l, err));
        } else if (l.len > 0 && p->n > 0) {
            int number = l.number;
            STRATA_TRY(begin_block(p, &l, &at, &number, err));
            l.number = number;
        }
    }
    return STRATA_OK;
}

strata_status template_parse(arena *a, const template_form *form, const char *file,
                             const char *bytes, size_t len, template_text *out, strata_error *err)
{
    parser *p = ARENA_NEW(a, 1, parser);
    if (p == NULL) {
        return fail_nomem(err);
    }
    p->a = a;
    p->form = form;
    p->file = file;
    p->end = bytes + len;
    STRATA_TRY(check_bytes(p, bytes, len, err));
    STRATA_TRY(read_lines(p, bytes, err));
    if (p->n == 0) {
        return scan_fail(err, ((template_place){file, 1, 1}),
                         "%s has no part; one begins with a line such as '## %s'", form->name,
                         form->parts[0].name);
    }
    *out = (template_text){form, p->parts, p->n};
    return STRATA_OK;
}

strata_status template_parse_cell(arena *a, const template_form *form, template_place place,
                                  const char *what, const char *text, template_cell *out,
                                  strata_error *err)
{
    scan s = {.a = a,
              .form = form,
              .what = what,
              .place = place,
              .fixed = true,
              .at = text,
              .end = text + strlen(text)};
    return scan_cell(&s, '\0', out, err);
}

const template_part *template_find(const template_text *t, const char *part, const char *key)
{
    for (size_t k = 0; k < t->n; k++) {
        const template_part *x = &t->parts[k];
        const bool same_key =
            (key == NULL) == (x->key == NULL) && (key == NULL || strcmp(key, x->key) == 0);
        if (same_key && strcmp(x->shape->name, part) == 0) {
            return x;
        }
    }
    return NULL;
}
