/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/check.h"

#include <stdio.h>
#include <string.h>

#include "base/nearest.h"

static strata_status fail_nomem(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

static strata_status add_note(checker *c, const node *subject, const node *word, strata_error *err)
{
    char slice[SLICE_TEXT];
    int line, col;
    source_position(c->s, word->at, &line, &col);
    const rule_place *place = c->s->place;
    check_note *note = ARENA_NEW(c->a, 1, check_note);
    const char *text =
        arena_printf(c->a, "%s%s%d:%d: no account has %s '%.80s'%s",
                     place != NULL && place->file != NULL ? place->file : "",
                     place != NULL && place->file != NULL ? ":" : "", line, col,
                     source_slice(c->s, subject, slice), word->text,
                     nearest_hint(word->text, subject->levels, subject->n_levels).text);
    if (note == NULL || text == NULL) {
        return fail_nomem(err);
    }
    note->text = text;
    if (c->last_note == NULL) {
        c->notes = note;
    } else {
        c->last_note->next = note;
    }
    c->last_note = note;
    c->n_notes++;
    return STRATA_OK;
}

static strata_status unknown_level(checker *c, const node *subject, const node *word,
                                   strata_error *err)
{
    char slice[SLICE_TEXT];
    char hint[256];
    if (subject->open) {
        return add_note(c, subject, word, err);
    }
    const char *near = nearest_name(word->text, subject->levels, subject->n_levels);
    if (near != NULL) {
        (void)snprintf(hint, sizeof hint, "did you mean '%.64s'?", near);
    } else {
        size_t used = (size_t)snprintf(hint, sizeof hint, "it has");
        for (size_t i = 0; i < subject->n_levels && used + 80 < sizeof hint; i++) {
            used += (size_t)snprintf(hint + used, sizeof hint - used, "%s %.64s", i > 0 ? "," : "",
                                     subject->levels[i]);
        }
    }
    return source_fail(c->s, word->at, subject->n_levels > 0 ? hint : NULL, err,
                       "%s has no level '%.80s'", source_slice(c->s, subject, slice), word->text);
}

/* A bare word beside a text is a text; anything else there is a mistake. */
static strata_status want_word(checker *c, const node *subject, node *word, strata_error *err)
{
    char slice[2][SLICE_TEXT];
    if (word->kind == NODE_NAME && !word->grouped) {
        word->kind = NODE_TEXT;
    }
    if (word->kind != NODE_TEXT) {
        return source_fail(c->s, word->at, "write the level or text itself", err,
                           "'%s' is a text and cannot be compared with '%s'",
                           source_slice(c->s, subject, slice[0]),
                           source_slice(c->s, word, slice[1]));
    }
    word->type = VALUE_TEXT;
    return STRATA_OK;
}

/* Marks the levels equal to the word, in any case; false when there is none. */
static bool mark_levels(const node *subject, const char *word, uint8_t *table)
{
    bool found = false;
    for (size_t i = 0; i < subject->n_levels; i++) {
        if (text_equal_folded(subject->levels[i], word)) {
            table[i] = 1;
            found = true;
        }
    }
    return found;
}

static void count_codes(node *n, const uint8_t *table, size_t n_levels)
{
    n->n_codes = 0;
    n->code = CODE_MISSING;
    for (size_t i = 0; i < n_levels; i++) {
        if (table[i] != 0) {
            n->n_codes++;
            n->code = (int32_t)i;
        }
    }
}

/* The level in its own spelling, so that printing does not depend on the writer's. */
static void adopt_spelling(const node *subject, node *word)
{
    for (size_t i = 0; !subject->open && i < subject->n_levels; i++) {
        if (text_equal_folded(subject->levels[i], word->text)) {
            word->text = subject->levels[i];
            return;
        }
    }
}

static strata_status mark_word(checker *c, const node *subject, node *word, uint8_t *table,
                               strata_error *err)
{
    STRATA_TRY(want_word(c, subject, word, err));
    if (mark_levels(subject, word->text, table)) {
        adopt_spelling(subject, word);
        return STRATA_OK;
    }
    /* A feature without data may not even know its levels. */
    bool dark = subject->sym != NULL && subject->sym->missing_because != NULL;
    return dark && subject->n_levels == 0 ? STRATA_OK : unknown_level(c, subject, word, err);
}

strata_status check_against_texts(checker *c, node *n, node *subject, node *first,
                                  strata_error *err)
{
    if (subject->kind == NODE_TEXT) {
        return source_fail(c->s, subject->at, NULL, err,
                           "two texts written out are compared; one side must be a feature");
    }
    uint8_t *table = ARENA_NEW(c->a, subject->n_levels, uint8_t);
    if (table == NULL) {
        return fail_nomem(err);
    }
    bool list = n->kind == NODE_IN;
    for (node *word = first; word != NULL; word = list ? word->next : NULL) {
        STRATA_TRY(mark_word(c, subject, word, table, err));
    }
    count_codes(n, table, subject->n_levels);
    n->table = n->n_codes > 0 ? table : NULL;
    n->levels = subject->levels;
    n->n_levels = subject->n_levels;
    return STRATA_OK;
}

strata_status check_coalesce_text(checker *c, node *n, strata_error *err)
{
    node *subject = n->kids;
    node *word = subject->next;
    if (subject->kind == NODE_TEXT || n->n_kids != 2 || word->kind != NODE_TEXT) {
        return source_fail(c->s, n->at, "as in coalesce(industry, 'unknown')", err,
                           "coalesce over texts takes one feature and one text in quotes");
    }
    const char **levels = ARENA_NEW(c->a, subject->n_levels + 1, const char *);
    if (levels == NULL) {
        return fail_nomem(err);
    }
    size_t found = subject->n_levels;
    for (size_t i = 0; i < subject->n_levels; i++) {
        levels[i] = subject->levels[i];
        if (found == subject->n_levels && text_equal_folded(levels[i], word->text)) {
            found = i;
        }
    }
    levels[subject->n_levels] = word->text;
    n->code = (int32_t)found;
    n->levels = levels;
    n->n_levels = found == subject->n_levels ? found + 1 : subject->n_levels;
    n->open = subject->open;
    n->type = VALUE_TEXT;
    return STRATA_OK;
}
