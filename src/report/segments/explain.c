/* SPDX-License-Identifier: Apache-2.0 */
#include "report/segments/explain.h"

#include <math.h>
#include <string.h>

#include "report/value.h"
#include "segment/score.h"

enum { FACTORS_MAX = 64 };

/* What the builders below share. */
typedef struct explanation {
    document *d;
    const view *v;
    size_t account;
    const rule_input *in; /* the watched account, at index 0 */
    arena *arena;         /* of texts, for the time of building */
} explanation;

static const char *verdict_word(int verdict)
{
    return verdict == RULE_YES ? "yes" : verdict == RULE_NO ? "no" : "unknown";
}

/* --- who it is --- */

static void who(const explanation *x, doc_section *parent)
{
    const view *v = x->v;
    static const char *const names[] = {"arr",    "spend_365d", "started_on", "tenure", "industry",
                                        "region", "plan",       "csm_id",     "seats",  "health"};
    static const doc_column columns[] = {{.key = "what", .label = "What", .type = CELL_TEXT},
                                         {.key = "value", .label = "Value", .type = CELL_TEXT}};
    doc_section *s = document_section(x->d, parent, "account", v->p->names[x->account]);
    doc_table *t = doc_table_new(s, "account", NULL, columns, 2);
    doc_row(t, (doc_cell[]){cell_text("Account"), cell_text(v->p->ids[x->account])});
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (size_t slot = 0; slot < v->b->scope.n_symbols; slot++) {
            const symbol *sym = &v->b->scope.symbols[slot];
            if (strcmp(sym->name, names[i]) != 0) {
                continue;
            }
            doc_cell cell = report_slot_cell(sym, segmentation_column(v->s, slot), x->account);
            if (cell.type != CELL_EMPTY) {
                doc_row(t,
                        (doc_cell[]){cell_text(sym->label != NULL ? sym->label : sym->name), cell});
            }
        }
    }
}

/* --- where it is --- */

/* "Growth: 25k or more. The rules say Core since they last looked; held until ..." */
static void standing(const explanation *x, const bound_def *def, doc_section *s)
{
    const view *v = x->v;
    segment_code code = segmentation_codes(v->s, def, v->now_at)[x->account];
    segment_code raw = segmentation_raw_codes(v->s, def, v->now_at)[x->account];
    segment_code before = segmentation_codes(v->s, def, v->since_at)[x->account];
    char since[32];
    day_format_long(v->since, since, sizeof since);
    const override_pin *pin = v->overrides != NULL ? override_find(v->overrides, def->index,
                                                                   (uint32_t)x->account, v->as_of)
                                                   : NULL;
    doc_paragraph(s, "In **%s**. On %s: %s.", report_segment_label(v->b, def, code), since,
                  before == code ? "the same" : report_segment_label(v->b, def, before));
    if (pin != NULL) {
        char until[32] = "further notice";
        if (pin->until != DAY_MAX) {
            day_format_long(pin->until, until, sizeof until);
        }
        doc_note(s, "note", "Pinned by %s until %s: %s. The rules alone say %s.",
                 document_escape(x->d, pin->who), until, document_escape(x->d, pin->why),
                 report_segment_label(v->b, def, raw));
    } else if (raw != code) {
        const model_hold *hold = &v->b->model->dimensions[def->index].hold;
        doc_note(s, "note",
                 "The rules say %s, but memberships are held: up after %d days, down after %d, "
                 "and an edge must be passed by %g %%.",
                 report_segment_label(v->b, def, raw), hold->enter_after_days,
                 hold->leave_after_days, hold->margin * 100.0);
    }
}

/* Accounts outside the population: the condition that keeps them out is all there is to say. */
static strata_status outside(const explanation *x, doc_section *s, strata_error *err)
{
    const rule *population = x->v->b->population;
    const char *observed = NULL;
    if (population == NULL) {
        return STRATA_OK;
    }
    STRATA_TRY(rule_observed(population, x->in, 0, x->v->p->currency, x->arena, &observed, err));
    doc_paragraph(s, "The model segments accounts for which `%s`; here %s.",
                  document_escape(x->d, rule_text(population)), document_escape(x->d, observed));
    return STRATA_OK;
}

/* Every rule up to the one that matched, clause by clause. */
static strata_status tried_rules(const explanation *x, const bound_def *def, doc_section *s,
                                 strata_error *err)
{
    static const doc_column columns[] = {{.key = "segment", .label = "Segment", .type = CELL_TEXT},
                                         {.key = "clause", .label = "Rule", .type = CELL_TEXT},
                                         {.key = "observed", .label = "Account", .type = CELL_TEXT},
                                         {.key = "holds", .label = "Holds", .type = CELL_TEXT}};
    const view *v = x->v;
    segment_code raw = segmentation_raw_codes(v->s, def, v->now_at)[x->account];
    doc_table *t = doc_table_new(s, "rules", "Rules tried, in order; the first that holds decides",
                                 columns, 4);
    for (size_t tier = 0; tier < def->n_rules && (tier <= raw || raw >= SEGMENTS_MAX); tier++) {
        const char *label = report_segment_label(v->b, def, (segment_code)tier);
        if (def->rules[tier] == NULL) {
            doc_row(t, (doc_cell[]){cell_text(label), cell_text("otherwise"), cell_text(""),
                                    cell_text("yes")});
            continue;
        }
        const rule_clause *clauses = NULL;
        size_t n = 0;
        STRATA_TRY(
            rule_explain(def->rules[tier], x->in, 0, v->p->currency, x->arena, &clauses, &n, err));
        for (size_t k = 0; k < n; k++) {
            const char *text =
                arena_printf(x->arena, "%*s%s", 2 * clauses[k].depth, "", clauses[k].text);
            doc_row(t, (doc_cell[]){cell_text(k == 0 ? label : ""),
                                    cell_text(text != NULL ? text : clauses[k].text),
                                    cell_text(clauses[k].observed),
                                    cell_text(verdict_word(clauses[k].verdict))});
        }
    }
    return STRATA_OK;
}

/* Bands and attributes: the value, and the edges around it. */
static strata_status banded_value(const explanation *x, const bound_def *def, doc_section *s,
                                  strata_error *err)
{
    const model_dimension *dim = &x->v->b->model->dimensions[def->index];
    const char *observed = NULL;
    STRATA_TRY(rule_observed(def->rules[0], x->in, 0, x->v->p->currency, x->arena, &observed, err));
    doc_paragraph(s, "Decided by this: %s.", document_escape(x->d, observed));
    if (dim->kind != DIMENSION_BANDS) {
        return STRATA_OK;
    }
    static const doc_column columns[] = {
        {.key = "segment", .label = "Band", .type = CELL_TEXT},
        {.key = "from", .label = "From", .type = CELL_NUMBER, .decimals = 0}};
    doc_table *t = doc_table_new(s, "bands", "Lower edges, the edge itself included", columns, 2);
    for (size_t i = 0; i < dim->n_bands; i++) {
        doc_row(t, (doc_cell[]){cell_text(report_segment_label(x->v->b, def, (segment_code)i)),
                                i + 1 < dim->n_bands ? cell_number(dim->bands[i].from)
                                                     : cell_empty("the rest")});
    }
    return STRATA_OK;
}

/* What would change, in words; nothing for no change. */
static void put_way(const explanation *x, doc_section *s, const char *how, segment_code code,
                    const rule_change *changes, size_t n, const bound_def *def)
{
    const char *words = NULL;
    for (size_t k = 0; k < n; k++) {
        words = words == NULL ? changes[k].words
                              : arena_printf(x->arena, "%s, and %s", words, changes[k].words);
    }
    if (words != NULL) {
        doc_bullet(s, "%s **%s**: %s", how, report_segment_label(x->v->b, def, code), words);
    }
}

static bool is_missing(const rule_input *in, size_t slot)
{
    column c = in->now.columns[slot];
    if (c.code != NULL) {
        return c.code[0] == CODE_MISSING;
    }
    return c.num == NULL || isnan(c.num[0]);
}

/* No change of known values makes the rule false, and it reads some that are missing. */
static strata_status put_unknown(const explanation *x, doc_section *s, segment_code code,
                                 const bound_def *def, strata_error *err)
{
    size_t n = 0;
    const size_t *slots = rule_slots(def->rules[code], &n);
    const char *words = NULL;
    for (size_t i = 0; i < n; i++) {
        if (is_missing(x->in, slots[i])) {
            const symbol *sym = &x->v->b->scope.symbols[slots[i]];
            words = arena_printf(x->arena, "%s%s%s is missing%s%s", words != NULL ? words : "",
                                 words != NULL ? ", " : "", sym->name,
                                 sym->missing_because != NULL ? ": " : "",
                                 sym->missing_because != NULL ? sym->missing_because : "");
            if (words == NULL) {
                return strata_fail(err, STRATA_E_NOMEM, "out of memory");
            }
        }
    }
    if (words != NULL) {
        doc_bullet(s, "Out of **%s**: cannot be told while %s",
                   report_segment_label(x->v->b, def, code), document_escape(x->d, words));
    }
    return STRATA_OK;
}

/* What it would take to match each rule that is tried before, and no longer to match this one. */
static strata_status ways_out(const explanation *x, const bound_def *def, doc_section *s,
                              strata_error *err)
{
    const view *v = x->v;
    segment_code raw = segmentation_raw_codes(v->s, def, v->now_at)[x->account];
    const model_dimension *dim = &v->b->model->dimensions[def->index];
    if (raw >= SEGMENTS_MAX || dim->kind != DIMENSION_TIERS) {
        return STRATA_OK;
    }
    for (size_t tier = 0; tier <= raw; tier++) {
        const rule_change *changes = NULL;
        size_t n = 0;
        if (def->rules[tier] == NULL) {
            continue;
        }
        bool own = tier == raw;
        strata_status (*find)(const rule *, const rule_input *, size_t, const char *, arena *,
                              const rule_change **, size_t *, strata_error *) =
            own ? rule_leave : rule_invert;
        STRATA_TRY(find(def->rules[tier], x->in, 0, v->p->currency, x->arena, &changes, &n, err));
        put_way(x, s, own ? "Out of" : "To", (segment_code)tier, changes, n, def);
        STRATA_TRY(own && n == 0 ? put_unknown(x, s, raw, def, err) : STRATA_OK);
    }
    if (dim->hold.enter_after_days > 0 || dim->hold.leave_after_days > 0 || dim->hold.margin > 0) {
        doc_paragraph(s,
                      "Held calm: up after %d days, down after %d, and an edge must be passed by "
                      "%g %%.",
                      dim->hold.enter_after_days, dim->hold.leave_after_days,
                      dim->hold.margin * 100.0);
    }
    return STRATA_OK;
}

static strata_status dimension(const explanation *x, const bound_def *def, doc_section *parent,
                               strata_error *err)
{
    const view *v = x->v;
    const char *name = v->b->model->dimensions[def->index].name;
    doc_section *s = document_section(x->d, parent, name, report_dimension_label(v->b, def));
    standing(x, def, s);
    if (segmentation_codes(v->s, def, v->now_at)[x->account] >= SEGMENTS_MAX) {
        return outside(x, s, err);
    }
    if (v->b->model->dimensions[def->index].kind == DIMENSION_TIERS) {
        STRATA_TRY(tried_rules(x, def, s, err));
    } else {
        STRATA_TRY(banded_value(x, def, s, err));
    }
    return ways_out(x, def, s, err);
}

/* --- how a score adds up --- */

static double factor_value(const explanation *x, const rule *r, void *scratch)
{
    double value = NAN;
    rule_eval_number(r, x->in, 1, &value, scratch);
    return value;
}

static strata_status score(const explanation *x, const bound_def *def, doc_section *parent,
                           strata_error *err)
{
    static const doc_column columns[] = {
        {.key = "factor", .label = "Factor", .type = CELL_TEXT},
        {.key = "observed", .label = "Account", .type = CELL_TEXT},
        {.key = "scaled", .label = "On 0-100", .type = CELL_NUMBER, .decimals = 1},
        {.key = "weight", .label = "Weight", .type = CELL_SHARE},
        {.key = "points", .label = "Points", .type = CELL_NUMBER, .decimals = 1, .bar = true}};
    const model_score *m = &x->v->b->model->scores[def->index];
    double values[FACTORS_MAX];
    double part[FACTORS_MAX];
    double weight[FACTORS_MAX];
    double scaled[FACTORS_MAX];
    for (size_t f = 0; f < m->n_factors; f++) {
        void *scratch = arena_alloc(x->arena, rule_scratch_bytes(def->rules[f]) + 1, 1);
        if (scratch == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory explaining a score");
        }
        values[f] = factor_value(x, def->rules[f], scratch);
    }
    double total = score_split(m, values, part, weight, scaled);
    double shown = x->in->now.columns[def->slot].num[0];
    bool supplied = !isnan(shown) && (isnan(total) || fabs(shown - total) > 1e-9);
    doc_section *s = document_section(x->d, parent, m->name, m->label != NULL ? m->label : m->name);
    if (supplied) {
        doc_paragraph(s, "**%.1f**, as supplied; the factors below are not used.", shown);
    }
    doc_table *t = doc_table_new(s, "factors", NULL, columns, 5);
    for (size_t f = 0; f < m->n_factors; f++) {
        const char *observed = NULL;
        STRATA_TRY(
            rule_observed(def->rules[f], x->in, 0, x->v->p->currency, x->arena, &observed, err));
        const char *label =
            m->factors[f].label != NULL ? m->factors[f].label : m->factors[f].feature.text;
        doc_row(t, (doc_cell[]){cell_text(label), cell_text(observed), cell_number(scaled[f]),
                                cell_share(weight[f]), cell_number(part[f])});
    }
    if (!isnan(total)) {
        doc_row_total(t, (doc_cell[]){cell_text("Score"), cell_empty(NULL), cell_empty(NULL),
                                      cell_share(1.0), cell_number(total)});
    } else {
        doc_note(s, "missing", "Too little is known for a score.");
    }
    return STRATA_OK;
}

/* Which definitions lead to `only`, by number, itself included; all of them for NULL. */
static bool *needed_for(const explanation *x, const bound_def *only)
{
    const bound_model *b = x->v->b;
    bool *needed = ARENA_NEW(x->arena, b->n_defs + 1, bool);
    for (size_t i = b->n_defs; needed != NULL && i-- > 0;) {
        needed[i] = only == NULL || &b->defs[i] == only;
        for (size_t later = i + 1; later < b->n_defs && !needed[i]; later++) {
            needed[i] = needed[later] && bound_reads(&b->defs[later], b->defs[i].slot);
        }
    }
    return needed;
}

strata_status report_explain(document *d, const view *v, size_t account, const bound_def *only,
                             strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_TRY(arena_new(&a, err));
    explanation x = {
        .d = d, .v = v, .account = account, .in = segmentation_watched(v->s), .arena = a};
    const bool *needed = needed_for(&x, only);
    if (needed == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory explaining an account");
    }
    who(&x, NULL);
    for (size_t i = v->b->n_defs; i-- > 0;) {
        const bound_def *def = &v->b->defs[i];
        if (def->kind == DEF_DIMENSION && (only == NULL || def == only)) {
            STRATA_TRY(dimension(&x, def, NULL, err));
        }
    }
    for (size_t i = 0; i < v->b->n_defs; i++) {
        if (v->b->defs[i].kind == DEF_SCORE && needed[i]) {
            STRATA_TRY(score(&x, &v->b->defs[i], NULL, err));
        }
    }
    return STRATA_OK;
}
