/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/insights.h"

#include <math.h>
#include <stdio.h>

#include "analysis/insight_parts.h"
#include "analysis/read.h"
#include "stats/inference/quantile.h"

static const struct {
    const char *key, *label, *implies;
    insight_fn *make;
} kinds[] = {
    {"value_concentration", "Value concentration",
     "Cover the accounts at the top one by one; the rest needs a motion that scales.",
     insight_concentration},
    {"risk_by_segment", "Risk by segment",
     "Start where the money at risk is, not where the accounts are.", insight_risk},
    {"expansion_pipeline", "Where the expansion pipeline sits",
     "Compare with where expansion came from in the last 12 months before moving people.",
     insight_pipeline},
    {"underpriced_heavy_users", "Underpriced heavy users",
     "Look at packaging and at the next renewal of these accounts.", insight_underpriced},
    {"overserved_quiet_accounts", "Over-served quiet accounts",
     "Move the time to accounts with more at stake, or find out why it does not help.",
     insight_overserved},
};
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

static strata_status no_memory(strata_error *err)
{
    return strata_fail(err, STRATA_E_NOMEM, "out of memory for insights");
}

strata_status insight_needs(insight *out, const char *needs, strata_error *err)
{
    if (needs == NULL) {
        return no_memory(err);
    }
    *out = (insight){.key = out->key, .label = out->label, .implies = out->implies, .needs = needs};
    return STRATA_OK;
}

bool insight_counts(const insight_builder *x, size_t account)
{
    return x->codes[account] < x->def->n_segments && x->customer != NULL &&
           x->customer[account] > 0.0;
}

strata_status insight_sorted(const insight_builder *x, const double *values, double **sorted,
                             size_t *n, strata_error *err)
{
    double *list = ARENA_NEW(x->a, x->s->n, double);
    if (list == NULL) {
        return no_memory(err);
    }
    size_t count = 0;
    for (size_t i = 0; i < x->s->n; i++) {
        if (insight_counts(x, i) && isfinite(values[i])) {
            list[count++] = values[i];
        }
    }
    sort_values(list, count);
    *sorted = list;
    *n = count;
    return STRATA_OK;
}

/* Counts into rows by segment; of_minor and share.of are about customers. */
static void count_rows(const insight_builder *x, const uint8_t *hits, const double *amounts,
                       insight *out, insight_row *rows)
{
    const int64_t *worth = x->s->value;
    for (size_t i = 0; i < x->s->n; i++) {
        if (!insight_counts(x, i)) {
            continue;
        }
        insight_row *row = &rows[x->codes[i]];
        int64_t value = worth != NULL ? worth[i] : 0;
        row->share.of++;
        row->of_minor += value;
        if (hits[i] == RULE_YES) {
            row->share.hits++;
            row->value_minor += amounts != NULL ? money_minor(amounts[i]) : value;
            out->accounts++;
            out->value_minor += value;
        }
    }
}

strata_status insight_count(const insight_builder *x, insight *out, const char *expression,
                            const double *amounts, const uint8_t **hits, strata_error *err)
{
    size_t n = x->def->n_segments;
    uint8_t *verdict = ARENA_NEW(x->a, x->s->n, uint8_t);
    insight_row *rows = ARENA_NEW(x->a, n, insight_row);
    if (verdict == NULL || rows == NULL || expression == NULL) {
        return no_memory(err);
    }
    STRATA_TRY(study_condition_text(x->s, expression, verdict, err));
    count_rows(x, verdict, amounts, out, rows);
    size_t used = 0;
    for (size_t g = 0; g < n; g++) {
        if (rows[g].share.of > 0) {
            rows[used] = rows[g];
            rows[used].code = (segment_code)g;
            rows[used].label = x->def->labels[g];
            rows[used].share = share_of(x->s, rows[g].share.hits, rows[g].share.of);
            used++;
        }
    }
    out->expression = expression;
    out->rows = rows;
    out->n_rows = used;
    if (hits != NULL) {
        *hits = verdict;
    }
    return STRATA_OK;
}

strata_status insight_state(const insight_builder *x, insight *out, const char *sentence,
                            const named_value *values, size_t n, strata_error *err)
{
    named_value *copy = ARENA_NEW(x->a, n, named_value);
    if (copy == NULL || sentence == NULL || out->definition == NULL) {
        return no_memory(err);
    }
    for (size_t i = 0; i < n; i++) {
        copy[i] = values[i];
    }
    out->stated = true;
    out->sentence = sentence;
    out->values = copy;
    out->n_values = n;
    return STRATA_OK;
}

short_text insight_constant(double x)
{
    long long hundredths = llround(fabs(x) * 100.0);
    short_text t;
    (void)snprintf(t.s, sizeof t.s, hundredths % 100 == 0 ? "%s%lld" : "%s%lld.%02lld",
                   x < 0.0 ? "-" : "", hundredths / 100, hundredths % 100);
    return t;
}

const insight_row *insight_top_row(const insight *in)
{
    const insight_row *top = NULL;
    for (size_t i = 0; i < in->n_rows; i++) {
        const insight_row *row = &in->rows[i];
        if (row->share.hits > 0 && (top == NULL || row->value_minor > top->value_minor)) {
            top = row;
        }
    }
    return top;
}

strata_status insights_make(const study *s, const bound_def *def, arena *a, const insight **out,
                            size_t *n, strata_error *err)
{
    insight_builder x = {.s = s,
                         .def = def,
                         .codes = study_codes_now(s, def),
                         .customer = study_numbers(s, "is_customer"),
                         .value = s->v->value,
                         .a = a};
    if (s->v->value != NULL) {
        x.value_feature = s->v->has_arr ? "arr" : "spend_365d";
    }
    for (size_t i = 0; i < s->n; i++) {
        x.n_customers += insight_counts(&x, i);
    }
    insight *made = ARENA_NEW(a, N_KINDS, insight);
    if (made == NULL) {
        return no_memory(err);
    }
    for (size_t k = 0; k < N_KINDS; k++) {
        made[k] =
            (insight){.key = kinds[k].key, .label = kinds[k].label, .implies = kinds[k].implies};
        STRATA_TRY(kinds[k].make(&x, &made[k], err));
        STRATA_TRY(context_check(s->cx, err));
    }
    *out = made;
    *n = N_KINDS;
    return STRATA_OK;
}
