/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes are either refused with a message that names a place, or become a model whose promises
 * hold: weights sum to one, bands descend, tiers end in otherwise, and parsing twice gives the same
 * digest. What can be bound to a few features must be checkable too. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/bind.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7 loses a kilobyte over a text of many quoted quotes at the end of a file (its issue
 * 233, mended in later versions; corpus/fuzz_model/quotes.yaml). Leaks of ours that hold memory of
 * the library are found by the unit tests, which run without this. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml\n";
}

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void scores_sum_to_one(const model *m)
{
    for (size_t i = 0; i < m->n_scores; i++) {
        double sum = 0;
        for (size_t k = 0; k < m->scores[i].n_factors; k++) {
            const model_factor *f = &m->scores[i].factors[k];
            sum += f->weight;
            for (size_t p = 1; p < f->n_points; p++) {
                check(f->points[p].x > f->points[p - 1].x);
            }
        }
        check(fabs(sum - 1) < 1e-6);
    }
}

static void dimensions_take_everyone(const model *m)
{
    for (size_t i = 0; i < m->n_dimensions; i++) {
        const model_dimension *d = &m->dimensions[i];
        check(d->kind != DIMENSION_TIERS || d->tiers[d->n_tiers - 1].when.text == NULL);
        for (size_t k = 0; k + 1 < d->n_tiers; k++) {
            check(d->tiers[k].when.text != NULL);
        }
        for (size_t k = 1; k < d->n_bands; k++) {
            check(d->bands[k].from < d->bands[k - 1].from);
        }
    }
}

static void binding_is_safe(const model *m)
{
    static const char *const levels[] = {"a", "b"};
    static const symbol base[] = {
        {.name = "arr", .type = VALUE_MONEY},
        {.name = "adoption", .type = VALUE_SHARE},
        {.name = "tenure", .type = VALUE_DURATION},
        {.name = "is_customer", .type = VALUE_BOOL},
        {.name = "health_supplied", .type = VALUE_NUMBER, .missing_because = "needs health"},
        {.name = "plan", .type = VALUE_TEXT, .levels = levels, .n_levels = 2, .open_levels = true},
    };
    strata_error err = {0};
    bound_model *b = NULL;
    const model_warning *warnings = NULL;
    size_t n = 0;
    if (model_bind(m, base, sizeof base / sizeof base[0], &b, &err) == STRATA_OK) {
        check(b->n_defs == m->n_features + m->n_bins + m->n_scores + m->n_dimensions);
        check(model_check(b, &warnings, &n, &err) == STRATA_OK);
    }
    bound_model_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    STRATA_AUTO(model_free) model *m = NULL;
    STRATA_AUTO(model_free) model *again = NULL;
    strata_error err = {0};
    if (model_parse("fuzz.yaml", (const char *)bytes, len, &m, &err) != STRATA_OK) {
        check(m == NULL && err.status == STRATA_E_MODEL && strchr(err.message, ':') != NULL);
        return 0;
    }
    check(model_parse("fuzz.yaml", (const char *)bytes, len, &again, &err) == STRATA_OK);
    check(strcmp(m->digest, again->digest) == 0);
    scores_sum_to_one(m);
    dimensions_take_everyone(m);
    binding_is_safe(m);
    return 0;
}
