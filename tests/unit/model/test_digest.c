/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>

#include "model/model.h"

#define S "strata: 1\n"

static void digest_of(const char *path, const char *yaml, char out[DIGEST_TEXT])
{
    model *m = NULL;
    strata_error err = {0};
    assert_ok(model_parse(path, yaml, strlen(yaml), &m, &err), &err);
    memcpy(out, m->digest, DIGEST_TEXT);
    model_free(m);
}

static void assert_same(const char *a, const char *b)
{
    char x[DIGEST_TEXT];
    char y[DIGEST_TEXT];
    digest_of("strata.yaml", a, x);
    digest_of("strata.yaml", b, y);
    assert_string_equal(x, y);
}

static void assert_other(const char *a, const char *b)
{
    char x[DIGEST_TEXT];
    char y[DIGEST_TEXT];
    digest_of("strata.yaml", a, x);
    digest_of("strata.yaml", b, y);
    assert_string_not_equal(x, y);
}

static void writing_does_not_change_the_digest(void **state)
{
    (void)state;
    assert_same(S, "# a comment\n" S "\n\n# another\n");
    assert_same(S "review: quarter\n", S); /* the default */
    assert_same(S "features: {a: arr, b: seats}\n", S "features: {b: seats, a: arr}\n");
    assert_same(S "features: {a: arr + 1}\n", S "features:\n  a: |\n    arr  +\n      1\n");
    assert_same(S "dimensions: {x: {of: arr, bands: {A: 75k, B: 0}}}\n",
                S "dimensions: {x: {of: arr, bands: {A: 75000, B: 0 * 3}}}\n");
    assert_same(S "extends: value\n", S "extends: [common, value]\n");
    assert_same(S "sources: {accounts: a.csv, arr: b.csv}\n",
                S "sources: {arr: c.csv, accounts: {path: d.csv}}\n");
    assert_same(S "business: {csm_team: x, industry: y}\n",
                S "business: {industry: y, csm_team: x}\n");
    assert_same(S "segments: [{name: A, otherwise: true}]\ndimensions: {x: {by: plan}}\n",
                S "dimensions: {x: {by: plan}}\nsegments: {cells: [{name: A, otherwise: true}]}\n");
}

static void where_the_file_lies_does_not_change_the_digest(void **state)
{
    (void)state;
    char a[DIGEST_TEXT];
    char b[DIGEST_TEXT];
    digest_of("/data/acme/strata.yaml", S "extends: hybrid\n", a);
    digest_of("other.yaml", S "extends: hybrid\n", b);
    assert_string_equal(a, b);
}

static void every_decision_changes_the_digest(void **state)
{
    (void)state;
    static const char *const decisions[] = {
        S,
        S "review: month\n",
        S "primary: x\ndimensions: {x: {by: plan}, y: {by: plan}}\n",
        S "primary: y\ndimensions: {x: {by: plan}, y: {by: plan}}\n",
        S "business: {currency: EUR}\n",
        S "business: {timezone: Europe/Berlin}\n",
        S "business: {fiscal_year_starts: 2}\n",
        S "ingest: {roll_up_parents: true}\n",
        S "ingest: {rates: {EUR: 1.1}}\n",
        S "ingest: {rates: {EUR: 1.2}}\n",
        S "sources: {accounts: a.csv}\n",
        S "sources: {accounts: {path: a.csv, map: {name: A}}}\n",
        S "sources: {accounts: {path: a.csv, keep: seats > 1}}\n",
        S "population: {when: is_customer}\n",
        S "features: {a: arr}\n",
        S "features: {a: 'plan = \"x y\"'}\n",
        S "features: {a: 'plan = \"x  y\"'}\n",
        S "bins: {b: {of: arr, quantiles: 5}}\n",
        S "bins: {b: {of: arr, quantiles: 5, reverse: true}}\n",
        S "bins: {b: {of: arr, quantiles: 5, missing: 1}}\n",
        S "bins: {b: {of: arr, steps: [{up_to: 1, score: 1}, {otherwise: true, score: 2}]}}\n",
        S "bins: {b: {of: arr, steps: [{up_to: 1, score: 1}, {otherwise: true, score: 3}]}}\n",
        S
        "scores: {s: {missing: worst, factors: [{feature: a, weight: 1, scale: {0: 0, 1: 9}}]}}\n",
        S "scores: {s: {missing: neutral, factors: [{feature: a, weight: 1, scale: {0: 0, 1: "
          "9}}]}}\n",
        S
        "scores: {s: {missing: worst, factors: [{feature: a, weight: 1, scale: {0: 0, 1: 8}}]}}\n",
        S "dimensions: {x: {of: arr, bands: {A: 75k, B: 0}}}\n",
        S "dimensions: {x: {of: arr, bands: {A: 76k, B: 0}}}\n",
        S "dimensions: {x: {of: arr, missing: None, bands: {A: 75k, B: 0}}}\n",
        S "dimensions: {x: {by: plan, hold: {margin: 1%}}}\n",
        S "dimensions: {x: {by: plan, other_under: 1%}}\n",
        S "dimensions: {x: {tiers: [{name: A, when: arr > 1}, {name: B, otherwise: true}]}}\n",
        S "dimensions: {x: {tiers: [{name: A, when: arr > 2}, {name: B, otherwise: true}]}}\n",
        S "dimensions: {x: {tiers: [{name: A, when: arr > 2, label: C}, {name: B, otherwise: "
          "true}]}}\n",
        S "milestones: [{name: A, when: seen}]\n",
        S "journey: {stages: [{name: A, when: seen}]}\n",
        S "journey: {stages: [{name: B, when: seen}]}\n",
        S "journey: {stages: [{name: A, when: not seen}]}\n",
        S "journey: {stages: [{name: A, when: seen, expected_within: 9 days}]}\n",
        S "journey: {stages: [{name: A, when: seen, description: x}]}\n",
        S "hypotheses: [{claim: A, where: seen, compare: arr}]\n",
        S "hypotheses: [{claim: A, where: seen, compare: arr, expect: lower}]\n",
        S "metrics: {nrr: cohort}\n",
        S "quality: {minimum_share: 1%}\n",
        S "benchmarks: {nrr_12m: 105%}\n",
        S "benchmarks: {nrr_9m: 105%}\n",
        S "benchmarks: {nrr_12m: 105%, source: x}\n",
        S "effect: {actions: [{name: A, where: seen, keeps: 10%}]}\n",
        S "effect: {actions: [{name: A, where: seen, keeps: 20%}]}\n",
        S "targets: {nrr_12m: 105%}\n",
        S "targets: {all: {nrr: 105%}}\n",
        S "targets: {all: {grr: 95%}}\n",
        S "targets: {all: {nrr: 105%, owner: A}}\n",
        S "targets: {all: {nrr: 105%}, owner: A}\n",
        S "engagement: {month: 100}\n",
        S "engagement: {hours: {review: 1}}\n",
        S "engagement: {hours: {ticket: 1}}\n",
        S "engagement: {levels: {low: {cadence: weekly}}}\n",
        S "engagement: {levels: {low: {reviews: weekly}}}\n",
        S "engagement: {levels: {high: {reviews: weekly}}}\n",
    };
    for (size_t i = 0; i < COUNT(decisions); i++) {
        for (size_t k = 0; k < i; k++) {
            assert_other(decisions[k], decisions[i]);
        }
    }
}

/* Kept: a change here means that every stored run looks as if its model had changed. */
static void the_digest_of_a_fixed_model_stays(void **state)
{
    (void)state;
    char text[DIGEST_TEXT];
    digest_of("strata.yaml",
              S "features: {half: arr / 2}\n"
                "dimensions: {x: {of: half, bands: {A: 10k, B: 0}}}\n",
              text);
    assert_string_equal(text, "768f6d88fc93331d5b695e621b7c81102901f44530000f5ee85e461615043da5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing_does_not_change_the_digest),
        cmocka_unit_test(where_the_file_lies_does_not_change_the_digest),
        cmocka_unit_test(every_decision_changes_the_digest),
        cmocka_unit_test(the_digest_of_a_fixed_model_stays),
    };
    return cmocka_run_group_tests_name("model digest", tests, NULL, NULL);
}
