/* SPDX-License-Identifier: Apache-2.0 */
#include "model/retune.h"

#include <math.h>
#include <string.h>

#include "model/read.h"
#include "model/retune_text.h"
#include "model/yaml_edit.h"
#include "rule/threshold.h"

/* One number to be written anew. */
typedef struct place_of_number {
    const retune_move *move;
    size_t dimension, rule; /* of the model; a tier or a band of it */
    const char *segment;
    size_t at, end;    /* in the text of the rule */
    const char *after; /* as it is written */
    yaml_span raw;     /* in the text of the file */
    bool again;        /* the same bytes as the one before: both read one anchor */
} place_of_number;

typedef struct retuning {
    const bound_model *b;
    retune_text text;
    VEC(place_of_number) numbers;
} retuning;

static void done(retuning *r)
{
    vec_free(&r->numbers);
    retune_text_done(&r->text);
}

static bool same(double a, double b)
{
    return !(a < b) && !(a > b);
}

/* --- which numbers --- */

static strata_status add_number(retuning *r, const place_of_number *where, strata_error *err)
{
    place_of_number n = *where;
    const model_dimension *d = &r->b->model->dimensions[n.dimension];
    const char *text = retune_expr(d, n.rule)->text;
    STRBUF_AUTO strbuf after;
    strbuf_init(&after, 0);
    rule_put_number_like(&after, text + n.at, n.end - n.at, n.move->to);
    STRATA_TRY(strbuf_status(&after, err));
    n.segment = d->kind == DIMENSION_BANDS ? d->bands[n.rule].label : d->tiers[n.rule].label;
    n.after = arena_strdup(r->text.a, strbuf_text(&after));
    return n.after != NULL && vec_push(&r->numbers, n) ? STRATA_OK : retune_no_memory(err);
}

static strata_status find_in_rule(retuning *r, const bound_def *def, size_t rule_at,
                                  const retune_move *move, strata_error *err)
{
    const rule_threshold *found = NULL;
    size_t n = 0;
    if (def->rules[rule_at] == NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(rule_thresholds(def->rules[rule_at], r->text.a, &found, &n, err));
    for (size_t i = 0; i < n; i++) {
        const char *name = r->b->scope.symbols[found[i].slot].name;
        if (same(found[i].value, move->from) && strcmp(name, move->feature) == 0) {
            const place_of_number here = {.move = move,
                                          .dimension = def->index,
                                          .rule = rule_at,
                                          .at = found[i].at,
                                          .end = found[i].end};
            STRATA_TRY(add_number(r, &here, err));
        }
    }
    return STRATA_OK;
}

/* The last band has no edge that decides: below it is nothing. */
static strata_status find_in_bands(retuning *r, const bound_def *def, const retune_move *move,
                                   strata_error *err)
{
    const model_dimension *d = &r->b->model->dimensions[def->index];
    for (size_t i = 0; i + 1 < d->n_bands; i++) {
        if (same(d->bands[i].from, move->from)) {
            const place_of_number here = {.move = move,
                                          .dimension = def->index,
                                          .rule = i,
                                          .end = strlen(d->bands[i].edge.text)};
            STRATA_TRY(add_number(r, &here, err));
        }
    }
    return STRATA_OK;
}

static strata_status find_numbers(retuning *r, const retune_move *move, strata_error *err)
{
    const bound_def *def = bound_find(r->b, move->dimension);
    size_t before = r->numbers.n;
    if (def == NULL || def->kind != DEF_DIMENSION) {
        return strata_fail(err, STRATA_E_USAGE, "there is no dimension '%.100s'", move->dimension);
    }
    if (!isfinite(move->to)) {
        return strata_fail(err, STRATA_E_USAGE, "a threshold of '%.100s' is to be a number",
                           move->dimension);
    }
    dimension_kind kind = r->b->model->dimensions[def->index].kind;
    if (kind == DIMENSION_BANDS) {
        STRATA_TRY(find_in_bands(r, def, move, err));
    }
    for (size_t i = 0; kind == DIMENSION_TIERS && i < def->n_rules; i++) {
        STRATA_TRY(find_in_rule(r, def, i, move, err));
    }
    if (r->numbers.n == before) {
        return strata_fail(err, STRATA_E_USAGE,
                           "dimension '%.100s' has no threshold %.10g on %.100s; if the model has "
                           "been changed since, read its rules again",
                           move->dimension, move->from, move->feature);
    }
    return STRATA_OK;
}

/* --- into the text --- */

static bool is_elsewhere(const retuning *r, const place_of_number *n)
{
    const model_dimension *d = &r->b->model->dimensions[n->dimension];
    return strcmp(retune_expr(d, n->rule)->place.file, r->text.path) != 0;
}

static strata_status take_over(retuning *r, strata_error *err)
{
    for (size_t i = 0; i < r->numbers.n; i++) {
        const place_of_number *n = &r->numbers.data[i];
        bool first = is_elsewhere(r, n);
        for (size_t k = 0; first && k < i; k++) {
            first = r->numbers.data[k].dimension != n->dimension;
        }
        if (first) {
            STRATA_TRY(retune_take(&r->text, &r->b->model->dimensions[n->dimension], err));
        }
    }
    return STRATA_OK;
}

static const model_dimension *dimension_like(const model *m, const model_dimension *d)
{
    for (size_t i = 0; i < m->n_dimensions; i++) {
        const model_dimension *other = &m->dimensions[i];
        if (strcmp(other->name, d->name) == 0) {
            bool same_shape = other->kind == d->kind && other->n_tiers == d->n_tiers &&
                              other->n_bands == d->n_bands;
            return same_shape ? other : NULL;
        }
    }
    return NULL;
}

static int by_place(const void *a, const void *b)
{
    const place_of_number *x = a;
    const place_of_number *y = b;
    return (x->raw.at > y->raw.at) - (x->raw.at < y->raw.at);
}

static strata_status locate(retuning *r, strata_error *err)
{
    STRATA_AUTO(model_free) model *m = NULL;
    const retune_text *t = &r->text;
    const yaml_bytes y = {t->path, t->text, t->len};
    STRATA_TRY(model_parse_contained(t->path, t->text, t->len, &m, err));
    for (size_t i = 0; i < r->numbers.n; i++) {
        place_of_number *n = &r->numbers.data[i];
        const model_dimension *own = &r->b->model->dimensions[n->dimension];
        const model_dimension *d = dimension_like(m, own);
        const model_expr *e = d != NULL ? retune_expr(d, n->rule) : NULL;
        if (e == NULL || e->text == NULL || strcmp(e->place.file, t->path) != 0) {
            return yaml_fail(err, place_from_rule(own->place),
                             "the rules of '%s' are not in strata.yaml alone: change them by hand",
                             own->name);
        }
        STRATA_TRY(yaml_find_bytes(&y, place_from_rule(e->place), e->text,
                                   (yaml_span){n->at, n->end}, &n->raw, err));
    }
    qsort(r->numbers.data, r->numbers.n, sizeof *r->numbers.data, by_place);
    for (size_t i = 1; i < r->numbers.n; i++) {
        r->numbers.data[i].again = r->numbers.data[i].raw.at == r->numbers.data[i - 1].raw.at;
    }
    return STRATA_OK;
}

static strata_status write_numbers(retuning *r, strata_error *err)
{
    retune_text *t = &r->text;
    STRBUF_AUTO strbuf all;
    size_t at = 0;
    strbuf_init(&all, 0);
    for (size_t i = 0; i < r->numbers.n; i++) {
        const place_of_number *n = &r->numbers.data[i];
        if (!n->again) {
            strbuf_add_n(&all, t->text + at, n->raw.at - at);
            strbuf_add(&all, n->after);
            at = n->raw.end;
        }
    }
    strbuf_add_n(&all, t->text + at, t->len - at);
    STRATA_TRY(strbuf_status(&all, err));
    t->text = arena_strndup(t->a, strbuf_text(&all), all.len);
    t->len = all.len;
    return t->text != NULL ? STRATA_OK : retune_no_memory(err);
}

/* --- whether it is what was meant --- */

static void put_wanted(const retuning *r, size_t dimension, size_t rule_at, const char *text,
                       strbuf *out)
{
    size_t at = 0;
    size_t len = strlen(text);
    while (at < len) {
        const place_of_number *next = NULL;
        for (size_t i = 0; i < r->numbers.n; i++) {
            const place_of_number *n = &r->numbers.data[i];
            bool here = n->dimension == dimension && n->rule == rule_at && n->at >= at;
            next = here && (next == NULL || n->at < next->at) ? n : next;
        }
        size_t until = next != NULL ? next->at : len;
        strbuf_add_n(out, text + at, until - at);
        strbuf_add(out, next != NULL ? next->after : "");
        at = next != NULL ? next->end : len;
    }
}

static strata_status check_rule(const retuning *r, size_t dimension, size_t rule_at,
                                const model_expr *now, strata_error *err)
{
    const model_dimension *d = &r->b->model->dimensions[dimension];
    const char *text = retune_expr(d, rule_at)->text;
    STRBUF_AUTO strbuf wanted;
    strbuf_init(&wanted, 0);
    put_wanted(r, dimension, rule_at, text != NULL ? text : "", &wanted);
    STRATA_TRY(strbuf_status(&wanted, err));
    return strcmp(strbuf_text(&wanted), now->text != NULL ? now->text : "") == 0
               ? STRATA_OK
               : yaml_fail(err, place_from_rule(d->place),
                           "the new thresholds of '%s' cannot be told from other numbers here: "
                           "write them by hand",
                           d->name);
}

static strata_status check_written(const retuning *r, strata_error *err)
{
    STRATA_AUTO(model_free) model *m = NULL;
    const model *before = r->b->model;
    STRATA_TRY(model_parse_contained(r->text.path, r->text.text, r->text.len, &m, err));
    for (size_t i = 0; i < before->n_dimensions; i++) {
        const model_dimension *old = &before->dimensions[i];
        const model_dimension *d = dimension_like(m, old);
        size_t n = old->kind == DIMENSION_BANDS ? old->n_bands : old->n_tiers;
        if (d == NULL) {
            return yaml_fail(err, place_from_rule(old->place),
                             "'%s' would not be the same: "
                             "write the new thresholds by hand",
                             old->name);
        }
        for (size_t k = 0; k < n; k++) {
            STRATA_TRY(check_rule(r, i, k, retune_expr(d, k), err));
        }
    }
    return STRATA_OK;
}

/* --- what is told of it --- */

static int line_of(const char *text, size_t at)
{
    int line = 1;
    for (size_t i = 0; i < at; i++) {
        line += text[i] == '\n' ? 1 : 0;
    }
    return line;
}

/* A copy that outlives the model; of NULL: NULL. */
static const char *kept(arena *a, const char *text, bool *full)
{
    const char *copy = text != NULL ? arena_strdup(a, text) : NULL;
    *full = *full || (text != NULL && copy == NULL);
    return copy;
}

static retune_change change_of(const retuning *r, const place_of_number *n, const char *between,
                               bool *full)
{
    arena *a = r->text.a;
    const model_dimension *d = &r->b->model->dimensions[n->dimension];
    const model_expr *e = retune_expr(d, n->rule);
    const char *before = arena_strndup(a, e->text + n->at, n->end - n->at);
    *full = *full || before == NULL;
    return (retune_change){.dimension = kept(a, d->name, full),
                           .segment = kept(a, n->segment, full),
                           .feature = kept(a, n->move->feature, full),
                           .before = before,
                           .after = n->after,
                           .line = line_of(between, n->raw.at),
                           .taken_from = is_elsewhere(r, n) ? kept(a, e->place.file, full) : NULL,
                           .description = d->kind == DIMENSION_TIERS
                                              ? kept(a, d->tiers[n->rule].description, full)
                                              : NULL};
}

static strata_status tell_changes(const retuning *r, const char *between, retuned *out,
                                  strata_error *err)
{
    retune_change *all = ARENA_NEW(r->text.a, r->numbers.n + 1, retune_change);
    bool full = all == NULL;
    for (size_t i = 0; !full && i < r->numbers.n; i++) {
        all[i] = change_of(r, &r->numbers.data[i], between, &full);
    }
    if (full) {
        return retune_no_memory(err);
    }
    out->changes = all;
    out->n_changes = r->numbers.n;
    return STRATA_OK;
}

strata_status model_retune(const bound_model *b, const retune_file *file, const retune_move *moves,
                           size_t n_moves, arena *a, retuned *out, strata_error *err)
{
    STRATA_CLEANUP(done) retuning r = {.b = b, .text = {.a = a, .path = file->path}};
    if (n_moves == 0 || n_moves > RETUNE_MOVES_MAX) {
        return strata_fail(err, STRATA_E_USAGE, "%zu thresholds are to move, must be 1 to %d",
                           n_moves, RETUNE_MOVES_MAX);
    }
    STRATA_TRY(retune_text_begin(&r.text, file->text, file->len, err));
    for (size_t i = 0; i < n_moves; i++) {
        STRATA_TRY(find_numbers(&r, &moves[i], err));
    }
    STRATA_TRY(take_over(&r, err));
    STRATA_TRY(locate(&r, err));
    const char *between = r.text.text; /* numbers hold no line's end: its lines are the new ones */
    STRATA_TRY(write_numbers(&r, err));
    STRATA_TRY(check_written(&r, err));
    retuned found = {.text = r.text.text, .len = r.text.len};
    STRATA_TRY(tell_changes(&r, between, &found, err));
    STRATA_TRY(retune_lines(&r.text, &found.lines, &found.n_lines, err));
    *out = found;
    return STRATA_OK;
}
