/* SPDX-License-Identifier: Apache-2.0 */
/* GET /v1/whatif/rules: the rules of the model as trees, for putting accounts into segments
 * elsewhere. */
#include <math.h>
#include <string.h>

#include "model/bind.h"
#include "report/value.h"
#include "rule/outline.h"
#include "serve/parts.h"

typedef struct rules_work {
    exchange *x;
    json_t *out;
} rules_work;

typedef struct tree {
    const bound_model *b;
    const rule *r;
    const rule_part *parts;
    size_t n, at;
} tree;

static json_t *codes_json(const rule_part *p)
{
    json_t *codes = json_array();
    for (size_t i = 0; i < p->n_codes; i++) {
        (void)json_array_append_new(codes, json_integer(p->codes[i]));
    }
    return codes;
}

/* Numbers are what people wrote, JSON has no NaN: null is missing. */
static json_t *number_json(double x)
{
    return isnan(x) ? json_null() : json_real(x);
}

static json_t *part_json(tree *t)
{
    const rule_part *p = &t->parts[t->at++];
    switch (p->kind) {
    case PART_NUMBER:
        return json_pack("{s:o, s:s}", "number", number_json(p->number), "type",
                         value_type_name(p->type));
    case PART_NAME:
        return json_pack("{s:s, s:s}", "name", t->b->scope.symbols[p->slot].name, "type",
                         value_type_name(p->type));
    case PART_CODES:
        return json_pack("{s:s, s:o}", "name", t->b->scope.symbols[p->slot].name, "codes",
                         codes_json(p));
    case PART_OTHER:
        return json_pack("{s:s%}", "other", rule_text(t->r) + p->at, p->end - p->at);
    case PART_OPERATION:
        break;
    }
    json_t *kids = json_array();
    for (size_t i = 0; i < p->n_kids; i++) {
        (void)json_array_append_new(kids, part_json(t));
    }
    return json_pack("{s:s, s:o}", "op", p->operation, "of", kids);
}

static strata_status rule_json(const bound_model *b, const rule *r, arena *a, json_t **out,
                               strata_error *err)
{
    tree t = {.b = b, .r = r};
    if (r == NULL) {
        *out = json_null();
        return STRATA_OK;
    }
    STRATA_TRY(rule_outline(r, a, &t.parts, &t.n, err));
    *out = part_json(&t);
    return STRATA_OK;
}

static json_t *edges_json(const model_dimension *m)
{
    json_t *edges = json_array();
    for (size_t i = 0; i + 1 < m->n_bands; i++) {
        (void)json_array_append_new(edges, json_real(m->bands[i].from));
    }
    return edges;
}

/* One dimension by rules or bands; *out stays NULL for one that takes its segments from an
 * attribute: no threshold decides there. */
static strata_status dimension_rules(const bound_model *b, const bound_def *def, arena *a,
                                     json_t **out, strata_error *err)
{
    const model_dimension *m = &b->model->dimensions[def->index];
    size_t n = 0;
    if (m->kind == DIMENSION_BY) {
        return STRATA_OK;
    }
    const char *const *labels = bound_segments(b, def, &n);
    json_t *segments = json_array();
    json_t *rules = json_array();
    for (size_t i = 0; i < n; i++) {
        (void)json_array_append_new(segments, json_string(labels[i]));
    }
    for (size_t i = 0; i < def->n_rules; i++) {
        json_t *tree_of = NULL;
        strata_status st = rule_json(b, def->rules[i], a, &tree_of, err);
        if (st != STRATA_OK) {
            json_decref(segments);
            json_decref(rules);
            return st;
        }
        (void)json_array_append_new(rules, tree_of);
    }
    *out = json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "name", m->name, "label",
                     report_dimension_label(b, def), "kind",
                     m->kind == DIMENSION_BANDS ? "bands" : "tiers", "segments", segments, "rules",
                     rules, "edges", edges_json(m));
    return STRATA_OK;
}

static strata_status all_rules(void *payload, const context *cx, strata_error *err)
{
    rules_work *w = payload;
    STRATA_AUTO(project_close) project *p = NULL;
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(work_project(w->x->s, cx, &p, err));
    json_t *all = json_array();
    for (size_t i = 0; i < p->bound->n_defs; i++) {
        json_t *one = NULL;
        strata_status st = p->bound->defs[i].kind == DEF_DIMENSION
                               ? dimension_rules(p->bound, &p->bound->defs[i], a, &one, err)
                               : STRATA_OK;
        if (st != STRATA_OK) {
            json_decref(all);
            return st;
        }
        if (one != NULL) {
            (void)json_array_append_new(all, one);
        }
    }
    w->out = json_pack("{s:o}", "dimensions", all);
    return w->out != NULL ? STRATA_OK : strata_fail(err, STRATA_E_NOMEM, "out of memory");
}

strata_status answer_rules(exchange *x, strata_error *err)
{
    rules_work w = {.x = x};
    char key[DIGEST_TEXT];
    request_key(x, "application/json", NULL, key);
    if (reply_known(x, key)) {
        return STRATA_OK;
    }
    STRATA_TRY(work_do(x, all_rules, &w, err));
    return reply_json(x, w.out, err);
}
