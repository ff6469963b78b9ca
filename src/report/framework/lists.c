/* SPDX-License-Identifier: Apache-2.0 */
/* The lists that a CSM works through: per segment the accounts worth most, why each is there and
 * what speaks against it staying. */
#include <stdlib.h>
#include <string.h>

#include "analysis/read.h"
#include "report/framework/parts.h"

enum { SIGNS_MAX = 16 };

/* A reason to worry about an account, as in the profiles. */
typedef struct sign {
    const char *label;
    uint8_t *verdict; /* by account */
} sign;

/* What the account lists of all segments share. */
typedef struct lists {
    framework *f;
    column *columns;
    sign signs[SIGNS_MAX];
    size_t n_signs;
    const double *health; /* NULL: none */
} lists;

static strata_status add_signs(lists *l, strata_error *err)
{
    const segment_profile *all = &l->f->profile->total;
    const study *s = l->f->s;
    for (size_t i = 0; i < all->n_risks && l->n_signs < SIGNS_MAX; i++) {
        sign *x = &l->signs[l->n_signs];
        x->label = all->risks[i].label;
        x->verdict = ARENA_NEW(l->f->a, s->n + 1, uint8_t);
        if (x->verdict == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
        }
        STRATA_TRY(study_condition_text(s, all->risks[i].expression, x->verdict, err));
        l->n_signs++;
    }
    return STRATA_OK;
}

static strata_status prepare(lists *l, framework *f, strata_error *err)
{
    *l = (lists){.f = f, .health = study_numbers(f->s, "health")};
    l->columns = ARENA_NEW(f->a, f->b->scope.n_symbols, column);
    if (l->columns == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    segmentation_columns(f->v->s, f->b->scope.n_symbols, l->columns);
    return add_signs(l, err);
}

static const char *join(framework *f, const char *text, const char *more)
{
    return text[0] == '\0' ? more : framework_text(f, "%s; %s", text, more);
}

/* Of an account that no rule names: where it is in the dimensions that the rules read. */
static const char *where_else(framework *f, uint32_t account)
{
    const bound_def *list[FRAMEWORK_READ_MAX];
    size_t n = framework_read(f, list);
    const char *text = n == 0 ? "no other rule held" : "";
    for (size_t i = 0; i < n; i++) {
        segment_code code = study_codes_now(f->s, list[i])[account];
        text = join(f, text,
                    framework_text(f, "%s is %s", f->b->scope.symbols[list[i]->slot].name,
                                   report_segment_label(f->b, list[i], code)));
    }
    return text;
}

/* The clauses that put it there, with the values they saw; of the rest the dimensions it is in. */
static strata_status why_here(const lists *l, segment_code code, uint32_t account, const char **out,
                              strata_error *err)
{
    framework *f = l->f;
    const rule *when = code < f->def->n_rules ? f->def->rules[code] : NULL;
    bool tiers = f->b->model->dimensions[f->def->index].kind == DIMENSION_TIERS;
    rule_input in = {.now = {.columns = l->columns, .as_of = f->v->as_of}};
    *out = "";
    if (!tiers) {
        return rule_observed(f->def->rules[0], &in, account, f->currency, f->a, out, err);
    }
    if (when == NULL) {
        *out = where_else(f, account);
        return STRATA_OK;
    }
    const rule_clause *clauses = NULL;
    size_t n = 0;
    STRATA_TRY(rule_explain(when, &in, account, f->currency, f->a, &clauses, &n, err));
    for (size_t i = 0; i < n; i++) {
        if (clauses[i].verdict == RULE_YES && clauses[i].observed[0] != '\0') {
            *out = join(f, *out, clauses[i].observed);
        }
    }
    return STRATA_OK;
}

static const char *signs_of(const lists *l, uint32_t account)
{
    const char *text = "";
    for (size_t i = 0; i < l->n_signs; i++) {
        if (l->signs[i].verdict[account] == RULE_YES) {
            text = join(l->f, text, l->signs[i].label);
        }
    }
    return text;
}

typedef struct member {
    uint32_t account;
    int64_t value;
} member;

static int by_value(const void *a, const void *b)
{
    const member *x = a;
    const member *y = b;
    if (x->value != y->value) {
        return x->value > y->value ? -1 : 1;
    }
    return (x->account > y->account) - (x->account < y->account);
}

static strata_status put_rows(const lists *l, const segment_profile *p, const member *list,
                              size_t n, doc_table *t, strata_error *err)
{
    framework *f = l->f;
    for (size_t i = 0; i < n; i++) {
        uint32_t account = list[i].account;
        const char *why = NULL;
        STRATA_TRY(why_here(l, p->code, account, &why, err));
        const char *signs = signs_of(l, account);
        doc_cell cells[6] = {cell_text(f->v->p->ids[account])};
        size_t k = 1;
        if (f->has_names) {
            cells[k++] = cell_text(f->v->p->names[account]);
        }
        if (f->profile->has_value) {
            cells[k++] = cell_money(list[i].value);
        }
        if (l->health != NULL) {
            cells[k++] = cell_number(l->health[account]);
        }
        cells[k++] = cell_text(why);
        cells[k] = signs[0] != '\0' ? cell_text(signs) : cell_empty(NULL);
        doc_row(t, cells);
    }
    return STRATA_OK;
}

static doc_table *new_table(const lists *l, doc_section *s, const segment_profile *p)
{
    framework *f = l->f;
    doc_column columns[6] = {{.key = "account_id", .label = "Account", .type = CELL_TEXT}};
    size_t n = 1;
    if (f->has_names) {
        columns[n++] =
            (doc_column){.key = "name", .label = "Name", .type = CELL_TEXT, .priority = 1};
    }
    if (f->profile->has_value) {
        columns[n++] =
            (doc_column){.key = "value", .label = f->profile->value_label, .type = CELL_MONEY};
    }
    if (l->health != NULL) {
        columns[n++] = (doc_column){.key = "health", .label = "Health", .type = CELL_NUMBER};
    }
    columns[n++] =
        (doc_column){.key = "why", .label = "Why here", .type = CELL_TEXT, .priority = 2};
    if (l->n_signs > 0) {
        columns[n++] = (doc_column){
            .key = "watch", .label = "Speaks against staying", .type = CELL_TEXT, .priority = 3};
    }
    return doc_table_new(s, framework_text(f, "list_%u", (unsigned)p->code), NULL, columns, n);
}

static strata_status one_list(const lists *l, doc_section *parent, const segment_profile *p,
                              member *scratch, strata_error *err)
{
    framework *f = l->f;
    const segment_code *now = study_codes_now(f->s, f->def);
    size_t n = 0;
    for (size_t i = 0; i < f->s->n; i++) {
        if (now[i] == p->code) {
            scratch[n++] = (member){(uint32_t)i, f->s->value != NULL ? f->s->value[i] : 0};
        }
    }
    qsort(scratch, n, sizeof *scratch, by_value);
    size_t most = n < f->in->most ? n : f->in->most;
    doc_section *s =
        document_section(f->d, parent, framework_text(f, "list-%u", (unsigned)p->code), p->label);
    if (p->motion != NULL) {
        doc_paragraph(s, "Next step: %s.", SAFE(f->d, p->motion));
    }
    doc_table *t = new_table(l, s, p);
    STRATA_TRY(put_rows(l, p, scratch, most, t, err));
    if (most < n) {
        STRBUF_AUTO strbuf where;
        strbuf_init(&where, 0);
        report_segment_where(&where, f->b, f->def, p->code);
        doc_table_footnote(t, "The %zu worth most of %s; all: `strata accounts --where '%s'`", most,
                           words_count((int64_t)n).text, strbuf_text(&where));
    }
    return STRATA_OK;
}

strata_status framework_lists(framework *f, strata_error *err)
{
    lists l;
    STRATA_TRY(prepare(&l, f, err));
    STRATA_AUTO_FREE member *scratch = STRATA_NEW_ARRAY(f->s->n + 1, member);
    if (scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory for the report");
    }
    doc_section *s = document_section(f->d, NULL, "lists", "Lists to work through");
    doc_paragraph(s, "For each segment the accounts worth most, what put each of them there, and "
                     "what speaks against it staying.");
    for (size_t i = 0; i < f->profile->n_segments; i++) {
        if (f->profile->segments[i].accounts > 0) {
            STRATA_TRY(one_list(&l, s, &f->profile->segments[i], scratch, err));
        }
    }
    return STRATA_OK;
}
