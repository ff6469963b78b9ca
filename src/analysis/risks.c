/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/risks.h"

#include <stdlib.h>

#include "analysis/make_figure.h"
#include "analysis/read.h"
#include "base/auto.h"

/* The thresholds are those of the catalogue's bands: dormant after 30 days, red under 60,
 * detractors up to 6. All are about customers only. */
static const struct {
    const char *key, *label, *expression;
    const char *needs[2];
} catalogue[] = {
    {"low_health", "Health under 60", "is_customer and health < 60", {"health"}},
    {"never_used", "Never used the product", "is_customer and not seen", {"seen"}},
    {"quiet",
     "Not seen for more than 30 days",
     "is_customer and last_seen > 30 days",
     {"last_seen"}},
    {"usage_falling",
     "Usage down by more than 30 % in 30 days",
     "is_customer and usage_trend_30d < -30%",
     {"usage_trend_30d"}},
    {"contracted",
     "Contracted in 12 months",
     "is_customer and contraction_12m > 0",
     {"contraction_12m"}},
    {"old_ticket",
     "A ticket open for more than 30 days",
     "is_customer and oldest_open_ticket > 30 days",
     {"oldest_open_ticket"}},
    {"detractor", "Last NPS score 6 or lower", "is_customer and nps_last <= 6", {"nps_last"}},
    {"single_threaded",
     "Only one active contact",
     "is_customer and single_threaded",
     {"single_threaded"}},
    {"no_champion", "No champion", "is_customer and not has_champion", {"has_champion"}},
    {"renewal_at_risk",
     "Renewal within 90 days and health under 60",
     "is_customer and renewal_in <= 90 days and health < 60",
     {"renewal_in", "health"}},
};
enum { N_RISKS = sizeof catalogue / sizeof catalogue[0] };

static bool possible(const study *s, size_t k)
{
    bool all = study_has(s, "is_customer");
    for (size_t i = 0; i < 2 && catalogue[k].needs[i] != NULL; i++) {
        size_t slot = study_slot(s, catalogue[k].needs[i]);
        all = all && slot != SIZE_MAX && study_symbol(s, slot)->type != VALUE_TEXT;
    }
    return all;
}

typedef struct tally {
    size_t *hits, *of;
    int64_t *value;
} tally;

static void count_risk(const study *s, const segment_code *codes, size_t n_segments,
                       const uint8_t *verdict, const double *customer, tally *t)
{
    for (size_t i = 0; i < s->n; i++) {
        if (codes[i] >= n_segments || !(customer[i] > 0.0)) {
            continue;
        }
        bool hit = verdict[i] == RULE_YES;
        int64_t worth = hit && s->value != NULL ? s->value[i] : 0;
        t->of[codes[i]]++;
        t->of[n_segments]++;
        t->hits[codes[i]] += hit;
        t->hits[n_segments] += hit;
        t->value[codes[i]] += worth;
        t->value[n_segments] += worth;
    }
}

static int most_money_first(const void *x, const void *y)
{
    const profile_risk *a = x;
    const profile_risk *b = y;
    if (a->value_minor != b->value_minor) {
        return a->value_minor > b->value_minor ? -1 : 1;
    }
    if (a->share.hits != b->share.hits) {
        return a->share.hits > b->share.hits ? -1 : 1;
    }
    /* The catalogue's order, which no two share. */
    size_t ka = 0;
    size_t kb = 0;
    for (size_t k = 0; k < N_RISKS; k++) {
        ka = catalogue[k].key == a->key ? k : ka;
        kb = catalogue[k].key == b->key ? k : kb;
    }
    return (ka > kb) - (ka < kb);
}

/* One risk over all segments; items[g * N_RISKS ...] has room for all of them. */
static strata_status add_risk(const study *s, const bound_def *def, size_t k, profile_risk *items,
                              risk_list *lists, strata_error *err)
{
    size_t n = def->n_segments;
    STRATA_AUTO_FREE uint8_t *verdict = STRATA_NEW_ARRAY(s->n, uint8_t);
    STRATA_AUTO_FREE size_t *counts = STRATA_NEW_ARRAY(2 * (n + 1), size_t);
    STRATA_AUTO_FREE int64_t *value = STRATA_NEW_ARRAY(n + 1, int64_t);
    if (verdict == NULL || counts == NULL || value == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory counting risks");
    }
    STRATA_TRY(study_condition_text(s, catalogue[k].expression, verdict, err));
    tally t = {.hits = counts, .of = counts + n + 1, .value = value};
    count_risk(s, study_codes_now(s, def), n, verdict, study_numbers(s, "is_customer"), &t);
    for (size_t g = 0; g <= n; g++) {
        if (t.hits[g] > 0) {
            items[g * N_RISKS + lists[g].n++] =
                (profile_risk){.key = catalogue[k].key,
                               .label = catalogue[k].label,
                               .expression = catalogue[k].expression,
                               .share = share_of(s, t.hits[g], t.of[g]),
                               .value_minor = t.value[g]};
        }
    }
    return STRATA_OK;
}

strata_status risks_of_segments(const study *s, const bound_def *def, arena *a, risk_list **out,
                                strata_error *err)
{
    size_t n = def->n_segments + 1;
    risk_list *lists = ARENA_NEW(a, n, risk_list);
    profile_risk *items = ARENA_NEW(a, n * N_RISKS, profile_risk);
    if (lists == NULL || items == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory counting risks");
    }
    for (size_t k = 0; k < N_RISKS; k++) {
        if (possible(s, k)) {
            STRATA_TRY(add_risk(s, def, k, items, lists, err));
        }
    }
    for (size_t g = 0; g < n; g++) {
        lists[g].items = items + g * N_RISKS;
        if (lists[g].n > 1) {
            qsort(items + g * N_RISKS, lists[g].n, sizeof items[0], most_money_first);
        }
    }
    *out = lists;
    return STRATA_OK;
}
