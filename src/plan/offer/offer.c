/* SPDX-License-Identifier: Apache-2.0 */
#include "plan/offer/offer.h"

#include <math.h>
#include <string.h>

#include "plan/offer/parts.h"
#include "stats/inference/quantile.h"

const char *const offer_column_names[] = {"message", "product", "service", "pricing", NULL};

strata_status offer_no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for the offer to the segments");
}

strata_status offer_slots(const portfolio *p, const bound_model *b, arena *a, const size_t **slots,
                          size_t *n, strata_error *err)
{
    static const feature_id wanted[] = {FEATURE_ACTIVE_USERS_30D, FEATURE_EVENTS_90D,
                                        FEATURE_FEATURES_USED_90D, FEATURE_ADOPTION};
    enum { N_WANTED = sizeof wanted / sizeof wanted[0] };
    (void)b;
    size_t *list = ARENA_NEW(a, N_WANTED, size_t);
    if (list == NULL) {
        return offer_no_memory(err);
    }
    *n = 0;
    for (size_t i = 0; i < N_WANTED; i++) {
        if (p->symbols[wanted[i]].missing_because == NULL) {
            list[(*n)++] = wanted[i];
        }
    }
    *slots = list;
    return STRATA_OK;
}

/* --- lines --- */

const char *offer_where(const offer_builder *x, const bound_def *def, segment_code code,
                        const char *more)
{
    STRBUF_AUTO strbuf quoted;
    strbuf_init(&quoted, 0);
    for (const char *c = def->keys[code]; *c != '\0'; c++) {
        strbuf_add(&quoted, *c == '"' ? "\"" : "");
        strbuf_add_char(&quoted, *c);
    }
    return strbuf_status(&quoted, NULL) == STRATA_OK
               ? arena_printf(x->a, "%s = \"%s\"%s%s", x->s->v->b->scope.symbols[def->slot].name,
                              strbuf_text(&quoted), more != NULL ? " and " : "",
                              more != NULL ? more : "")
               : NULL;
}

strata_status offer_add(const offer_builder *x, const offer_line *line, offer_lines *out,
                        strata_error *err)
{
    offer_line made = *line;
    if (made.text == NULL || made.evidence == NULL) {
        return offer_no_memory(err);
    }
    for (size_t i = 0; i < x->s->n; i++) {
        if (x->verdict[i] == RULE_YES) {
            x->list[made.n++] = (uint32_t)i;
            made.value_minor += x->s->value != NULL ? x->s->value[i] : 0;
        }
    }
    if (made.n == 0) {
        return STRATA_OK;
    }
    uint32_t *accounts = ARENA_NEW(x->a, made.n, uint32_t);
    if (accounts == NULL) {
        return offer_no_memory(err);
    }
    memcpy(accounts, x->list, made.n * sizeof *accounts);
    made.accounts = accounts;
    return vec_push(out, made) ? STRATA_OK : offer_no_memory(err);
}

strata_status offer_add_where(const offer_builder *x, const offer_line *line, offer_lines *out,
                              strata_error *err)
{
    if (line->where == NULL) {
        return offer_no_memory(err);
    }
    STRATA_TRY(study_condition_text(x->s, line->where, x->verdict, err));
    return offer_add(x, line, out, err);
}

size_t offer_sorted(const offer_builder *x, segment_code code, const double *values)
{
    size_t n = 0;
    for (size_t i = 0; values != NULL && i < x->s->n; i++) {
        bool counts = x->codes[i] == code && x->s->value != NULL && x->s->value[i] > 0;
        if (counts && isfinite(values[i])) {
            x->sorted[n++] = values[i];
        }
    }
    sort_values(x->sorted, n);
    return n;
}

/* --- the matrix --- */

/* Who is active and does not use the feature that their segment uses least against elsewhere. */
static strata_status find_without(offer_builder *x, strata_error *err)
{
    const leans *l = x->in->leans;
    size_t n = x->def->n_segments;
    const char **features = ARENA_NEW(x->a, n + 1, const char *);
    if (features == NULL) {
        return offer_no_memory(err);
    }
    bool any = false;
    for (size_t g = 0; l->why == NULL && g < n; g++) {
        features[g] = l->segments[g].n_less > 0 ? l->segments[g].less[0].feature : NULL;
        any = any || features[g] != NULL;
    }
    if (!any) {
        return STRATA_OK;
    }
    uint8_t *without = ARENA_NEW(x->a, n * x->s->n + 1, uint8_t);
    if (without == NULL) {
        return offer_no_memory(err);
    }
    STRATA_TRY(leans_without(x->s, x->in->conn, features, n, without, err));
    x->without = without;
    return STRATA_OK;
}

static strata_status begin(offer_builder *x, strata_error *err)
{
    const study *s = x->s;
    x->verdict = ARENA_NEW(x->a, s->n + 1, uint8_t);
    x->list = ARENA_NEW(x->a, s->n + 1, uint32_t);
    x->sorted = ARENA_NEW(x->a, s->n + 1, double);
    if (x->verdict == NULL || x->list == NULL || x->sorted == NULL) {
        return offer_no_memory(err);
    }
    x->users = study_numbers(s, "active_users_30d");
    x->events = study_numbers(s, "events_90d");
    x->features = study_numbers(s, "features_used_90d");
    x->seats = study_numbers(s, "seats");
    if (s->v->value != NULL) {
        x->value_feature = s->v->has_arr ? "arr" : "spend_365d";
    }
    return find_without(x, err);
}

static strata_status fill(const offer_builder *x, offer_segment *g, strata_error *err)
{
    static offer_part *const parts[OFFER_COLUMNS] = {offer_message, offer_product, offer_service,
                                                     offer_pricing};
    for (size_t c = 0; c < OFFER_COLUMNS; c++) {
        offer_lines lines = {0};
        const char *why = NULL;
        strata_status st = parts[c](x, g, &lines, &why, err);
        offer_line *kept = ARENA_NEW(x->a, lines.n + 1, offer_line);
        for (size_t i = 0; kept != NULL && i < lines.n; i++) {
            kept[i] = lines.data[i];
            kept[i].column = (offer_column)c;
        }
        g->cells[c] = (offer_cell){kept, lines.n, lines.n == 0 ? why : NULL};
        vec_free(&lines);
        STRATA_TRY(st);
        STRATA_TRY(kept != NULL ? STRATA_OK : offer_no_memory(err));
        STRATA_TRY(context_check(x->s->cx, err));
    }
    return STRATA_OK;
}

strata_status offer_make(const offer_input *in, arena *a, offer *out, strata_error *err)
{
    const profile *p = in->profile;
    offer_builder x = {.in = in,
                       .a = a,
                       .s = in->study,
                       .def = p->def,
                       .codes = study_codes_now(in->study, p->def),
                       .dimension = in->study->v->b->scope.symbols[p->def->slot].name};
    STRATA_TRY(begin(&x, err));
    offer_segment *segments = ARENA_NEW(a, p->n_segments + 1, offer_segment);
    if (segments == NULL) {
        return offer_no_memory(err);
    }
    size_t n = 0;
    for (size_t i = 0; i < p->n_segments; i++) {
        const segment_profile *from = &p->segments[i];
        if (from->accounts > 0) {
            segments[n] = (offer_segment){.profile = from,
                                          .code = from->code,
                                          .label = from->label,
                                          .accounts = from->accounts,
                                          .value_minor = from->value_minor};
            STRATA_TRY(fill(&x, &segments[n++], err));
        }
    }
    *out = (offer){.def = p->def,
                   .value_label = p->has_value ? p->value_label : NULL,
                   .segments = segments,
                   .n_segments = n};
    return STRATA_OK;
}
