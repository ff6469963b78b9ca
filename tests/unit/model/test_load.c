/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "model/model.h"

#define S "strata: 1\n"
#define V                                                                                          \
    "dimensions: {value: {ordered: true, tiers: [{name: Large, when: arr > 50k}, {name: Small, "   \
    "otherwise: true}]}}\n"

static model *load(const char *yaml)
{
    model *m = NULL;
    strata_error err = {0};
    assert_ok(model_parse("strata.yaml", yaml, strlen(yaml), &m, &err), &err);
    return m;
}

/* Every mistake, and the message behind "strata.yaml:". */
static const struct {
    const char *yaml, *message;
} mistakes[] = {
    {"business: {}\n", "1:1: this is not a model file yet: it must say 'strata: 1'"},
    {"strata: 2\n", "1:9: 'strata' must be 1, the version that this program reads"},
    {"- a\n", "1:1: a model file is a mapping of keys, not a list"},
    {"", " is empty"},
    {S "bussiness: {name: x}\n", "2:1: unknown key 'bussiness' (did you mean 'business'?)"},
    {S "zzz: 1\n",
     "2:1: unknown key 'zzz': there are strata, extends, business, sources, ingest, population, "
     "features, bins, scores, dimensions, segments, milestones, journey, hypotheses, metrics, "
     "quality, "
     "review, benchmarks, crm, primary, engagement, effect, migration, targets, playbooks, "
     "personas, messages, papers, roadmap, tier_change and trees"},
    {S "crm: {salesfroce: {id: Id}}\n",
     "2:7: unknown key 'salesfroce' in crm (did you mean 'salesforce'?)"},
    {S "crm: {hubspot: {ids: Id}}\n", "2:17: unknown key 'ids' in hubspot (did you mean 'id'?)"},
    {S "crm: {hubspot: 1}\n", "2:16: hubspot must be a mapping, not text"},
    {S "extends: hybird\n", "2:10: unknown template 'hybird' (did you mean 'hybrid'?)"},
    {S "extends: qqqqqq\n",
     "2:10: unknown template 'qqqqqq': shipped are behavioral, common, expansion, firmographic, "
     "health-risk, health-score, hybrid-long, hybrid, lifecycle-long, lifecycle, predictive, rfm, "
     "shop, usage-value, value-large, value; a file needs a "
     "path that ends in .yaml"},
    {S "extends: {a: b}\n",
     "2:10: 'extends' takes a template, a path or a list of them, not a mapping"},
    {S "extends: ./nowhere.yaml\n",
     "2:10: cannot open './nowhere.yaml': No such file or directory"},
    {S "papers: {tier-up: nowhere.md}\n",
     "2:19: cannot open 'nowhere.md': No such file or directory"},
    {S "features: {x: null}\n",
     "2:12: 'x' is null, but there is nothing to remove: give it a value or leave it out"},
    {S "features:\n", "2:1: 'features' has no value: give it one, leave it out, or write null to "
                      "remove what is extended"},
    {S "features: {x: }\n",
     "2:12: 'x' has no value: give it one, leave it out, or write null to remove what is extended"},
    {S "business: text\n", "2:11: 'business' must be a mapping, not text"},
    {S "business: {curency: USD}\n",
     "2:12: unknown key 'curency' in business (did you mean 'currency'?)"},
    {S "business: {currency: dollars}\n",
     "2:22: 'currency' of business is 'dollars', but must be an ISO code such as USD"},
    {S "business: {fiscal_year_starts: 13}\n",
     "2:32: 'fiscal_year_starts' of business is '13', but must be a month such as february or 2"},
    {S "business: {customers: 5 days}\n",
     "2:23: 'customers' of business is '5 days', a duration, but must be a plain number"},
    {S "business: {customers: -5}\n", "2:23: 'customers' of business is below 0"},
    {S "business: {can_act: maybe}\n",
     "2:21: 'can_act' of business is 'maybe', but must be true or false"},
    {S "business: {products: {a: b}}\n",
     "2:22: 'products' of business must be text, not a mapping"},
    {S "sources: {acounts: a.csv}\n",
     "2:11: unknown key 'acounts' in sources (did you mean 'accounts'?)"},
    {S "sources: {accounts: {pth: a.csv}}\n",
     "2:22: unknown key 'pth' in source 'accounts' (did you mean 'path'?)"},
    {S "sources: {accounts: {format: csv}}\n", "2:21: source 'accounts' has no 'path'"},
    {S "sources: {accounts: {path: a, format: xlsx}}\n",
     "2:39: 'format' of source 'accounts' is 'xlsx', but must be csv, parquet or json"},
    {S "sources: {usage: {path: a, form: snapshots}}\n",
     "2:28: 'form' is not for source 'usage': only arr has it"},
    {S "sources: {usage: {path: a, kind: nps}}\n",
     "2:28: 'kind' is not for source 'usage': only surveys and opportunities have it"},
    {S "sources: {surveys: {path: a, kind: xyz}}\n",
     "2:36: 'kind' of source 'surveys' is 'xyz', but must be nps, csat or pmf"},
    {S "sources: {arr: {path: a, form: snapshots, end_is: last_day}}\n",
     "2:43: 'end_is' is for subscriptions only"},
    {S "sources: {accounts: {path: a, delimiter: '||'}}\n",
     "2:43: 'delimiter' of source 'accounts' is '||', but must be one sign, or tab"},
    {S "sources: {accounts: {path: a, quote: 'qq'}}\n",
     "2:39: 'quote' of source 'accounts' is 'qq', but must be one sign"},
    {S "sources: {usage: {path: a, via: acounts}}\n",
     "2:33: 'via' of source 'usage' is 'acounts', but must be accounts, arr, orders, usage, "
     "tickets, surveys, contacts, touchpoints, opportunities, csms, health or interventions"},
    {S "sources: {usage: {path: a, map: [x]}}\n",
     "2:33: 'map' of source 'usage' must be a mapping, not a list"},
    {S "sources: {usage: {path: a, values: {x: y}}}\n",
     "2:40: 'x' of source 'usage' must be a mapping, not text"},
    {S "sources: {usage: '${STRATA_TEST_UNSET}/a.csv'}\n",
     "2:19: environment variable 'STRATA_TEST_UNSET' is not set: set it, or write "
     "${STRATA_TEST_UNSET:-default}"},
    {S "sources: {usage: '${STRATA_TEST_UNSET'}\n", "2:19: '${STRATA_TEST_UNSET' has no closing }"},
    {S "sources: {usage: '${A B}'}\n", "2:19: '${A B}' names no environment variable"},
    {S "ingest: {rejects_allowed: 150%}\n",
     "2:27: 'rejects_allowed' of ingest is '150%', but must be a share from 0% to 100%"},
    {S "ingest: {rates: {EUR: -1}}\n", "2:23: 'EUR' of rates must be above 0"},
    {S "population: {outside: x}\n", "2:1: population has no 'when'"},
    {S "features: {Seat Fill: a / b}\n",
     "2:12: feature 'Seat Fill' needs a name of small letters, digits and _"},
    {S "features: {missing: a / b}\n",
     "2:12: feature cannot be named 'missing', a word of the rule language"},
    {S "features: {x: [a]}\n", "2:15: feature 'x' must be a mapping, not a list"},
    {S "features: {x: {label: a}}\n", "2:12: feature 'x' has no 'value'"},
    {S "bins: {x: {quantiles: 5}}\n", "2:8: bin 'x' has no 'of'"},
    {S "bins: {x: {of: arr, quantiles: 5, steps: []}}\n",
     "2:8: bin 'x' must have one of 'steps' and 'quantiles'"},
    {S "bins: {x: {of: arr, reverse: true, steps: []}}\n",
     "2:8: 'reverse' of bin 'x' is for quantiles only"},
    {S "bins: {x: {of: arr, quantiles: 1}}\n",
     "2:32: 'quantiles' of bin 'x' is '1', but must be a whole number from 2 to 100"},
    {S "bins: {x: {of: arr, steps: [{otherwise: true, score: 1}]}}\n",
     "2:28: 'steps' of bin 'x' needs two steps or more"},
    {S "bins: {x: {of: arr, steps: [{up_to: 5}, {otherwise: true, score: 1}]}}\n",
     "2:29: a step of bin 'x' has no 'score'"},
    {S "bins: {x: {of: arr, steps: [{up_to: 5, score: 1}, {up_to: 6, score: 1}]}}\n",
     "2:51: the last step of bin 'x' must be {otherwise: true, score: ..}"},
    {S "bins: {x: {of: arr, steps: [{otherwise: true, score: 1}, {otherwise: true, score: 1}]}}\n",
     "2:29: a step of bin 'x' before the last must have 'up_to', not 'otherwise'"},
    {S "bins: {x: {of: arr, steps: [{up_to: 6, score: 1}, {up_to: 5, score: 2}, {otherwise: true, "
       "score: 3}]}}\n",
     "2:59: steps of bin 'x' must ascend: 5 comes after 6"},
    {S "scores: {x: {missing: worst}}\n", "2:10: score 'x' has no 'factors'"},
    {S "scores: {x: {factors: []}}\n", "2:10: score 'x' does not say what a missing factor does: "
                                       "add 'missing: redistribute', neutral, worst or exclude"},
    {S "scores: {x: {missing: zero}}\n",
     "2:23: 'missing' of score 'x' is 'zero', but must be redistribute, neutral, worst or exclude"},
    {S
     "scores: {x: {missing: worst, factors: [{feature: a, weight: 60%, scale: {0: 0, 1: 100}}]}}\n",
     "2:39: weights of score 'x' sum to 60.0 %, but must sum to 100 %"},
    {S
     "scores: {x: {missing: worst, factors: [{feature: a, wieght: 60%, scale: {0: 0, 1: 100}}]}}\n",
     "2:53: unknown key 'wieght' in factor 1 of score 'x' (did you mean 'weight'?)"},
    {S "scores: {x: {missing: worst, factors: [{feature: a, scale: {0: 0, 1: 100}}]}}\n",
     "2:40: factor 1 of score 'x' has no 'weight'"},
    {S "scores: {x: {missing: worst, factors: [{feature: a, weight: 0, scale: {0: 0, 1: 100}}]}}\n",
     "2:61: factor 1 of score 'x' weighs nothing: leave it out"},
    {S "scores: {x: {missing: worst, factors: [{feature: a, weight: 1, scale: {0: 0}}]}}\n",
     "2:71: 'scale' of factor 1 of score 'x' needs two points or more"},
    {S "scores: {x: {missing: worst, factors: [{feature: a, weight: 1, scale: {0: 0, 1: 150}}]}}\n",
     "2:81: 'scale' of factor 1 of score 'x' gives 150 points, but a score goes from 0 to 100"},
    {S "scores: {x: {missing: worst, factors: [{feature: a, weight: 1, scale: {1: 0, 0: 100}}]}}\n",
     "2:78: 'scale' of factor 1 of score 'x' must ascend: 0 comes after 1"},
    {S "scores: {x: {missing: worst, factors: [{feature: a, weight: 1, scale: {b: 0, 0: 100}}]}}\n",
     "2:72: unknown feature 'b' in factor 1 of score 'x'"},
    {S "dimensions: {x: {label: y}}\n",
     "2:14: dimension 'x' must have one of 'tiers', 'bands' and 'by'"},
    {S "dimensions: {x: {by: industry, of: arr, bands: {a: 1, b: 0}}}\n",
     "2:14: dimension 'x' must have one of 'tiers', 'bands' and 'by': set the others to null if "
     "they come from what is extended"},
    {S "dimensions: {segment: {by: industry}}\n",
     "2:14: dimension 'segment' is made by 'segments': use that key or another name"},
    {S "dimensions: {x: {of: arr, other_under: 3%, bands: {a: 1, b: 0}}}\n",
     "2:27: 'other_under' of dimension 'x' is for 'by' only"},
    {S "dimensions: {x: {by: industry, ordered: true}}\n",
     "2:32: 'ordered' of dimension 'x' is for 'tiers' only"},
    {S "dimensions: {x: {missing: Q, tiers: [{name: A, otherwise: true}]}}\n",
     "2:18: 'missing' of dimension 'x' is for 'bands' and 'by' only"},
    {S "dimensions: {x: {bands: {a: 1, b: 0}}}\n",
     "2:14: dimension 'x' does not say what its bands are 'of'"},
    {S "dimensions: {x: {of: arr, bands: {a: 10k, b: 25k}}}\n",
     "2:46: bands of dimension 'x' must descend: 'b' from 25k comes after 'a' from 10k"},
    {S "dimensions: {x: {of: arr, bands: {a: 10k}}}\n",
     "2:34: 'bands' of dimension 'x' needs 2 to 200 bands"},
    {S "dimensions: {x: {of: arr, bands: [{name: a}]}}\n",
     "2:34: 'bands' of dimension 'x' needs 2 to 200 bands"},
    {S "dimensions: {x: {of: arr, bands: [{name: a, from: 2}, {label: b, from: 1}]}}\n",
     "2:55: a band of dimension 'x' has no 'name'"},
    {S "dimensions: {x: {of: arr, bands: [{name: a, from: 2}, {name: a, from: 1}]}}\n",
     "2:71: dimension 'x' has two bands named 'a'"},
    {S "dimensions: {x: {of: arr, bands: {Unknown: 2, b: 1}}}\n",
     "2:44: band 'Unknown' of dimension 'x' is also the segment for missing values: name another "
     "with 'missing'"},
    {S "dimensions: {x: {of: arr, bands: {a: arr, b: 1}}}\n",
     "2:38: unknown feature 'arr' in dimension 'x'"},
    {S "dimensions: {x: {of: arr, bands: {a: true, b: 1}}}\n",
     "2:38: 'a' of dimension 'x' is 'true', but must be a number"},
    {S "dimensions: {x: {of: arr, bands: {a: 1 / 0, b: 1}}}\n",
     "2:38: 'a' of dimension 'x' is '1 / 0', which has no value"},
    {S "dimensions: {x: {of: arr, bands: {a: today, b: 1}}}\n",
     "2:38: 'a' of dimension 'x' changes with the as-of date"},
    {S "dimensions: {x: {tiers: {A: 1}}}\n", "2:25: dimension 'x' needs a list of 1 to 200 tiers"},
    {S "dimensions: {x: {tiers: []}}\n", "2:25: dimension 'x' needs a list of 1 to 200 tiers"},
    {S "dimensions: {x: {tiers: [{when: arr > 1}]}}\n",
     "2:26: a tier of dimension 'x' has no 'name'"},
    {S "dimensions: {x: {tiers: [{name: A, when: arr > 1, otherwise: true}]}}\n",
     "2:26: tier 'A' has both 'when' and 'otherwise'"},
    {S "dimensions: {x: {tiers: [{name: A}]}}\n",
     "2:26: tier 'A' has neither 'when' nor 'otherwise: true'"},
    {S "dimensions: {x: {tiers: [{name: A, otherwise: false}]}}\n",
     "2:26: tier 'A' has neither 'when' nor 'otherwise: true'"},
    {S "dimensions: {x: {tiers: [{name: A, otherwise: true}, {name: B, otherwise: true}]}}\n",
     "2:26: tier 'A' is the otherwise, which matches everything, but others follow: move it to the "
     "end"},
    {S "dimensions: {x: {tiers: [{name: A, when: arr > 1}]}}\n",
     "2:33: dimension 'x' does not end in otherwise, so accounts could be left out: add {name: "
     "Other, otherwise: true}"},
    {S "dimensions: {x: {tiers: [{name: A, when: arr > 1}, {name: A, otherwise: true}]}}\n",
     "2:59: dimension 'x' has two tiers named 'A'"},
    {S "dimensions: {x: {tiers: [{name: A, whn: arr > 1}]}}\n",
     "2:36: unknown key 'whn' in tier 'A' (did you mean 'when'?)"},
    {S "dimensions: {x: {tiers: [{name: A, when: [arr > 1]}]}}\n",
     "2:42: 'when' of tier 'A' must be text, not a list"},
    {S "dimensions: {x: {by: industry, hold: {enter_after: 30}}}\n",
     "2:52: 'enter_after' of hold of dimension 'x' is '30', but must be a duration such as 30 "
     "days"},
    {S "dimensions: {x: {by: industry, hold: {enter_after: -3 days}}}\n",
     "2:52: 'enter_after' of hold of dimension 'x' is '-3 days', but must be between 0 and 100 "
     "years"},
    {S "dimensions: {x: {by: industry, hold: {enter: 30}}}\n",
     "2:39: unknown key 'enter' in hold of dimension 'x': there are enter_after, leave_after and "
     "margin"},
    {S "segments: {label: x}\n", "2:1: segments has no 'cells'"},
    {S "segments: text\n", "2:11: segments must be a mapping, not text"},
    {S "features: {x: arr}\nscores: {}\ndimensions: {x: {by: industry}}\n",
     "4:14: dimension 'x' has the name of a feature (line 2): rules could not tell them apart"},
    {S "milestones: [{name: A}]\n", "2:14: a milestone has no 'when'"},
    {S "milestones: [{name: A, when: a > 1}, {name: A, when: a > 1}]\n",
     "2:38: two milestones are named 'A'"},
    {S "journey: {}\n", "2:1: journey has no 'stages'"},
    {S "journey: {stages: []}\n", "2:19: 'stages' of journey is empty; list at least one"},
    {S "journey: {stages: {a: b}}\n", "2:19: 'stages' of journey must be a list, not a mapping"},
    {S "journey: {stages: [x]}\n", "2:20: stage must be a mapping, not text"},
    {S "journey: {stages: [{name: A}]}\n", "2:20: a stage of the journey has no 'when'"},
    {S "journey: {stages: [{when: a > 1}]}\n", "2:20: a stage of the journey has no 'name'"},
    {S "journey: {stages: [{name: A, when: a > 1, expected: 30 days}]}\n",
     "2:43: unknown key 'expected' in stage: there are name, when, expected_within and "
     "description"},
    {S "journey: {stages: [{name: A, when: a > 1, expected_within: 0 days}]}\n",
     "2:20: 'expected_within' of stage 'A' is 0; write a time such as 30 days, or leave it out"},
    {S "journey: {stages: [{name: A, when: a > 1}, {name: A, when: a > 1}]}\n",
     "2:44: two stages of the journey are named 'A'"},
    {S "journey: {stages: [{name: Started, when: a > 1}]}\n",
     "2:20: a stage is named 'Started', which every account is in before the first stage; give it "
     "another name"},
    {S "hypotheses: [{claim: x, where: a > 1}]\n", "2:14: a hypothesis has no 'compare'"},
    {S "hypotheses: [{claim: x, where: a > 1, compare: arr, expect: more}]\n",
     "2:61: 'expect' of hypothesis is 'more', but must be lower, higher or different"},
    {S "metrics: {nrr: magic}\n", "2:16: 'nrr' of metrics is 'magic', but must be point_to_point, "
                                  "movements, cohort, rolling_30_days or renewal_base"},
    {S "quality: {few_segments: 2.5}\n",
     "2:25: 'few_segments' of quality is '2.5', but must be a whole number from 1 to 1000"},
    {S "benchmarks: {nrr_12: 105%}\n",
     "2:14: unknown key 'nrr_12' in benchmarks (did you mean 'nrr_12m'?)"},
    {S "benchmarks: {nrr_12m: 105}\n",
     "2:23: 'nrr_12m' of benchmarks is '105', but must be a share from 0% to 1000%"},
    {S "targets: {logo_retention_3m: 105%}\n",
     "2:30: 'logo_retention_3m' of targets is '105%', but must be a share from 0% to 100%"},
    {S "targets: {grr_9m: [1]}\n", "2:19: 'grr_9m' of targets must be text, not a list"},
    {S "effect: {actions: [{name: A, where: seen}]}\n",
     "2:20: an action of effect needs name, where, and intervention or keeps"},
    {S "effect: {actions: [{name: A, where: seen, keeps: 120%}]}\n",
     "2:50: 'keeps' of action 'A' must be 0% to 100%, not '120%'"},
    {S "effect: {actions: [{name: A, where: seen, keeps: {low: 10%}}]}\n",
     "2:50: 'keeps' of action 'A' needs low, likely and high"},
    {S "targets: {all: {nps: 140}}\n",
     "2:22: 'nps' of targets of 'all' is '140', but must be a number from -100 to 100"},
    {S "targets: {all: {churn: 110%}}\n",
     "2:24: 'churn' of targets of 'all' is '110%', but must be a share from 0% to 100%"},
    {S "targets: {all: {curn: 10%}}\n",
     "2:17: unknown key 'curn' in targets of 'all' (did you mean 'churn'?)"},
    {S "targets: {by: size}\n", "2:11: targets go by the dimension 'size', which there is not"},
    {S "targets: {Growht: {churn: 10%}}\ndimensions: {value: {tiers: [{name: Growth, otherwise: "
       "true}]}}\n",
     "2:11: targets names the segment 'Growht', which dimension 'value' has not (did you mean "
     "'Growth'?)"},
    {S "engagement: {hours: {reveiw: 2}}\n",
     "2:22: unknown key 'reveiw' in hours of engagement (did you mean 'review'?)"},
    {S "engagement: {hours: {review: -2}}\n",
     "2:30: hours of a review must be 0 to 10000, not '-2'"},
    {S "engagement: {levels: {higher: {cadence: weekly}}}\n",
     "2:23: unknown key 'higher' in levels of engagement (did you mean 'high'?)"},
    {S "engagement: {levels: {high: {cadence: sometimes}}}\n",
     "2:39: 'cadence' of touch level 'high' must be none, weekly, fortnightly, monthly, quarterly, "
     "half-yearly, yearly or a number of days"},
    {S "engagement: {levels: {high: {onboarding: 10k}}}\n",
     "2:42: 'onboarding' of touch level 'high' must be 0 to 3650 days, not '10k'"},
    {S "engagement: {levels: {high: {accounts_per_csm: 0}}}\n",
     "2:29: accounts_per_csm of touch level 'high' must be above 0, up to 1M"},
    {S "migration: {upp: arr > 1}\n", "2:13: unknown key 'upp' in migration (did you mean 'up'?)"},
    {S "migration: {review: daily}\n",
     "2:21: 'review' of migration is 'daily', but must be weekly, monthly or quarterly"},
    {S "migration: {by: valeu}\n" V,
     "2:1: migration goes by the dimension 'valeu', which there is not (did you mean 'value'?)"},
    {S "migration: {goals: [{from: Small, to: Larg, share: 15%}]}\n" V,
     "2:21: goal of migration names the segment 'Larg', which dimension 'value' has not (did you "
     "mean 'Large'?)"},
    {S "migration: {goals: [{from: Small, to: Small, share: 15%}]}\n" V,
     "2:21: a goal of migration goes from 'Small' to 'Small': name two segments"},
    {S "migration: {goals: [{from: Small, to: Large}]}\n" V,
     "2:21: a goal of migration has no 'share'"},
    {S "migration: {goals: [{from: Small, to: Large, share: 1%}, {from: Small, to: Large, share: "
       "2%}]}\n" V,
     "2:58: two goals of migration go from 'Small' to 'Large'"},
    {S "migration: {pathways: [{name: p, from: Small, to: Large, trigger: arr > 1}]}\n" V,
     "2:24: a pathway of migration has no 'intervention'"},
    {S "migration: {pathways: [{name: p, from: Tiny, to: Large, trigger: arr > 1, intervention: "
       "review}]}\n" V,
     "2:24: pathway of migration names the segment 'Tiny', which dimension 'value' has not"},
    {S "migration: {pathways: [{name: p, from: Small, to: Large, trigger: arr > 1, intervention: "
       "review, investment: {minutes: -5}}]}\n" V,
     "2:110: 'minutes' of investment must be 0 to 600000"},
    {S "tier_change: {notice: 400 days}\n", "2:1: 'notice' of tier_change is over 365 days"},
    {S "tier_change: {exceptions: [{name: a}]}\n",
     "2:28: an exception of tier_change has no 'when'"},
    {S "tier_change: {exceptions: [{name: a, when: arr > 1}, {name: a, when: arr > 2}]}\n",
     "2:54: two exceptions of tier_change are named 'a'"},
    {S "engagement: {month: 800}\n", "2:1: 'month' of engagement must be above 0, up to 744 hours"},
    {S "engagement: {segments: {A: {cadence: weekly}}}\n",
     "2:25: engagement of 'A' has no 'touch': high, medium, low or digital"},
    {S "engagement: {segments: {A: {touch: high}}}\n",
     "2:25: engagement has segments, but the model has no dimension"},
    {S "engagement: {by: valeu}\n",
     "2:1: engagement goes by the dimension 'valeu', which there is not"},
    {S "extends: value\nengagement: {segments: {Growht: {touch: high}}}\n",
     "3:25: engagement names the segment 'Growht', which dimension 'value' has not (did you mean "
     "'Growth'?)"},
    {S "dimensions: {v: {of: arr, bands: {A: 1k, B: 0}}}\n"
       "engagement: {segments: {A: {touch: high}}}\n",
     "3:25: touch 'high' is not among the levels of engagement; add levels: {high: {cadence: "
     "...}}"},
    {S "quality: {few_segments: 8}\n",
     "2:1: 'few_segments' of quality is 8, above 'many_segments', 6"},
    {S "quality: {minimum_accounts: -1}\n", "2:1: 'minimum_accounts' of quality is below 0"},
    {S "personas: {minimum_support: 0}\n",
     "2:1: 'minimum_support' of personas must be a number of accounts, 1 or more"},
    {S "personas: {minimum: 3}\n",
     "2:12: unknown key 'minimum' in personas: there are minimum_support and buyers"},
    {S "personas: {buyers: [{name: A, when: arr > 1}]}\n",
     "2:28: buyers of personas does not end in otherwise, so accounts could be left out: add "
     "{name: Other, otherwise: true}"},
    {S "trees: {roll_up: sum}\n", "2:18: 'roll_up' of trees is 'sum', but must be arr or none"},
    {S "trees: {helth: worst}\n", "2:9: unknown key 'helth' in trees (did you mean 'health'?)"},
    {S "review: daily\n", "2:9: 'review' is 'daily', but must be week, month or quarter"},
    {S "primary: valeu\ndimensions: {value: {by: industry}}\n",
     "2:10: 'primary' names the dimension 'valeu', which there is not (did you mean 'value'?)"},
    {S "primary: zzz\ndimensions: {value: {by: industry}}\n",
     "2:10: 'primary' names the dimension 'zzz', which there is not"},
    {S "playbooks: {a: b}\n", "2:12: 'playbooks' must be a list, not a mapping"},
    {S "review: month\nreview: week\n", "3:1: key 'review' is there twice, first in line 2"},
    {S "review: [month\n", "3:1: is not valid YAML: flow sequence without a closing bracket"},
    {S "extends: value\ndimensions: {value: {by: industry}}\n",
     "3:14: dimension 'value' must have one of 'tiers', 'bands' and 'by': set the others to null "
     "if they come from what is extended"},
};

static void each_mistake_is_named_with_its_place_and_a_remedy(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(mistakes); i++) {
        model *m = NULL;
        strata_error err = {0};
        const char *yaml = mistakes[i].yaml;
        if (model_parse("strata.yaml", yaml, strlen(yaml), &m, &err) == STRATA_OK) {
            model_free(m);
            fail_msg("taken without complaint: %s", yaml);
        }
        assert_int_equal(err.status, STRATA_E_MODEL);
        assert_null(m);
        assert_true(strncmp(err.message, "strata.yaml:", 12) == 0);
        assert_string_equal(err.message + 12, mistakes[i].message);
    }
}

static void the_cohort_dialect_counts_returns_unless_told_otherwise(void **state)
{
    (void)state;
    STRATA_AUTO(model_free) model *cohort = load(S "metrics: {nrr: cohort}\n");
    STRATA_AUTO(model_free) model *told =
        load(S "metrics: {nrr: cohort, reactivation: excluded}\n");
    STRATA_AUTO(model_free) model *other = load(S "metrics: {nrr: movements}\n");
    assert_string_equal(cohort->metrics.reactivation, "included");
    assert_string_equal(told->metrics.reactivation, "excluded");
    assert_string_equal(other->metrics.reactivation, "excluded");
}

static void a_model_without_anything_has_the_defaults(void **state)
{
    (void)state;
    STRATA_AUTO(model_free) model *m = load(S);

    assert_string_equal(m->template_name, "custom");
    assert_string_equal(m->folder, ".");
    assert_string_equal(m->business.currency, "USD");
    assert_string_equal(m->business.timezone, "UTC");
    assert_int_equal(m->business.fiscal_year_starts, 1);
    assert_true(isnan(m->business.customers));
    assert_int_equal(m->business.can_act, -1);
    assert_close(m->ingest.rejects_allowed, 0.05, 0);
    assert_string_equal(m->metrics.nrr, "point_to_point");
    assert_string_equal(m->metrics.reactivation, "excluded");
    assert_string_equal(m->metrics.churn_dated, "end_of_paid_period");
    assert_close(m->quality.minimum_share, 0.02, 0);
    assert_int_equal(m->quality.refresh_days, 92);
    assert_int_equal(m->review, REVIEW_QUARTER);
    assert_null(m->population.text);
    assert_string_equal(m->outside_label, "Not customers now");
    assert_null(m->primary);
}

static void the_portfolio_is_named_after_its_folder(void **state)
{
    (void)state;
    model *m = NULL;
    strata_error err = {0};
    assert_ok(model_parse("/data/acme/strata.yaml", S, strlen(S), &m, &err), &err);
    assert_string_equal(m->business.name, "acme");
    assert_string_equal(m->folder, "/data/acme");
    model_free(m);
}

static void numbers_are_constants_of_the_rule_language(void **state)
{
    (void)state;
    STRATA_AUTO(model_free)
    model *m =
        load(S "business: {customers: 5k, fiscal_year_starts: feb}\n"
               "quality: {minimum_share: 1%, refresh: 2 weeks, minimum_accounts: 2 * 10}\n"
               "dimensions:\n"
               "  a: {of: arr, bands: {High: 1.5M, Low: -75k}}\n"
               "  b: {by: plan, other_under: 0.03, hold: {enter_after: 1 month, margin: 5%}}\n");
    assert_close(m->business.customers, 5000, 0);
    assert_int_equal(m->business.fiscal_year_starts, 2);
    assert_close(m->quality.minimum_share, 0.01, 0);
    assert_int_equal(m->quality.refresh_days, 14);
    assert_close(m->quality.minimum_accounts, 20, 0);
    assert_close(m->dimensions[0].bands[0].from, 1500000, 0);
    assert_close(m->dimensions[0].bands[1].from, -75000, 0);
    assert_close(m->dimensions[1].other_under, 0.03, 0);
    assert_int_equal(m->dimensions[1].hold.enter_after_days, 30);
    assert_int_equal(m->dimensions[1].hold.leave_after_days, 0);
    assert_close(m->dimensions[1].hold.margin, 0.05, 0);
}

static void sources_are_one_path_a_mapping_or_several(void **state)
{
    (void)state;
    assert_int_equal(setenv("STRATA_TEST_EXPORTS", "out", 1), 0);
    STRATA_AUTO(model_free)
    model *m =
        load(S "sources:\n"
               "  accounts: ${STRATA_TEST_EXPORTS}/a-$$1.csv\n"
               "  arr: {path: '${STRATA_TEST_UNSET:-in}/s.csv', period: month, end_is: last_day, "
               "delimiter: tab}\n"
               "  surveys:\n"
               "    - {path: nps.csv, kind: nps, via: contacts, keep: score >= 0}\n"
               "    - {path: csat.csv, values: {kind: {Happy: csat}}, map: {score: Note}}\n");
    assert_int_equal(m->n_sources, 4);
    assert_string_equal(m->sources[0].path, "out/a-$1.csv");
    assert_string_equal(m->sources[1].path, "in/s.csv");
    assert_int_equal(m->sources[1].form, ARR_FORM_SUBSCRIPTIONS);
    assert_string_equal(m->sources[1].period, "month");
    assert_string_equal(m->sources[1].delimiter, "\t");
    assert_true(m->sources[1].end_is_last_day);
    assert_string_equal(m->sources[2].entity, "surveys");
    assert_string_equal(m->sources[2].kind, "nps");
    assert_string_equal(m->sources[2].via, "contacts");
    assert_string_equal(m->sources[2].keep.text, "score >= 0");
    assert_int_equal(m->sources[2].keep.place.line, 6);
    assert_string_equal(m->sources[3].values.items[0].key, "kind.Happy");
    assert_string_equal(m->sources[3].values.items[0].value, "csat");
    assert_string_equal(m->sources[3].map.items[0].key, "score");
}

static void texts_of_the_intake_are_kept_as_written(void **state)
{
    (void)state;
    STRATA_AUTO(model_free)
    model *m = load(S "business: {products: [CRM, Dialer], csm_team: 12 people, can_act: yes}\n");
    assert_int_equal(m->business.texts.n, 2);
    assert_string_equal(m->business.texts.items[0].value, "CRM, Dialer");
    assert_string_equal(m->business.texts.items[1].key, "csm_team");
    assert_int_equal(m->business.can_act, 1);
}

static void expressions_know_where_they_stand(void **state)
{
    (void)state;
    STRATA_AUTO(model_free)
    model *m = load(S "features:\n  a: \"x + 1\"\n  b: {value: y}\n  c: |\n    z\n");
    assert_int_equal(m->features[0].value.place.line, 3);
    assert_int_equal(m->features[0].value.place.column, 7); /* behind the quote */
    assert_int_equal(m->features[1].value.place.column, 14);
    assert_int_equal(m->features[2].value.place.line, 6);
    assert_string_equal(m->features[0].value.place.what, "feature 'a'");
}

static void segments_come_last_and_are_primary(void **state)
{
    (void)state;
    STRATA_AUTO(model_free)
    model *m =
        load(S "segments: {label: Cells, hold: {margin: 1%}, cells: [{name: A, otherwise: true}]}\n"
               "dimensions: {plan_group: {by: plan}}\n");
    assert_int_equal(m->n_dimensions, 2);
    assert_string_equal(m->dimensions[1].name, "segment");
    assert_string_equal(m->dimensions[1].label, "Cells");
    assert_close(m->dimensions[1].hold.margin, 0.01, 0);
    assert_string_equal(m->primary, "segment");
}

/* --- extends --- */

static void lists_replace_and_mappings_merge(void **state)
{
    (void)state;
    STRATA_AUTO(model_free)
    model *m = load(S "extends: value\n"
                      "dimensions:\n"
                      "  value:\n"
                      "    label: Size\n"
                      "    tiers: [{name: A, when: arr > 1}, {name: B, otherwise: true}]\n"
                      "  plans: {by: plan}\n");
    assert_string_equal(m->template_name, "value");
    assert_int_equal(m->n_dimensions, 2);
    assert_string_equal(m->dimensions[0].name, "value");
    assert_string_equal(m->dimensions[0].label, "Size");
    assert_int_equal(m->dimensions[0].n_tiers, 2);
    assert_true(m->dimensions[0].ordered); /* from the template */
    assert_string_equal(m->dimensions[1].name, "plans");
    assert_string_equal(m->population.text, "is_customer");
    assert_string_equal(m->population.place.file, "template common");
}

static void null_removes_what_is_extended(void **state)
{
    (void)state;
    STRATA_AUTO(model_free)
    model *m = load(S "extends: health-risk\n"
                      "dimensions: {risk: null}\npopulation: ~\nprimary: health_band\n");
    assert_int_equal(m->n_dimensions, 1);
    assert_null(m->population.text);
}

static void one_band_of_a_template_can_be_moved(void **state)
{
    (void)state;
    STRATA_AUTO(model_free)
    model *m = load(S "extends: health-risk\ndimensions: {health_band: {bands: {Green: 85}}}\n");
    const model_dimension *d = &m->dimensions[0];
    assert_int_equal(d->n_bands, 3);
    assert_close(d->bands[0].from, 85, 0);
    assert_string_equal(d->bands[0].edge.place.file, "strata.yaml");
    assert_close(d->bands[1].from, 60, 0);
    assert_string_equal(d->bands[1].edge.place.file, "template health-risk");
}

static void a_later_template_goes_over_an_earlier_one(void **state)
{
    (void)state;
    STRATA_AUTO(model_free) model *m = load(S "extends: [hybrid, value-large]\nprimary: segment\n");
    assert_string_equal(m->template_name, "value-large");
    assert_string_equal(m->dimensions[0].name, "value");
    assert_string_equal(m->dimensions[0].tiers[3].key, "Nurture");
    assert_int_equal(m->dimensions[0].hold.leave_after_days, 60);
}

/* --- files --- */

static char folder[] = "/tmp/strata-model-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    (void)state;
    static const char *const names[] = {"strata.yaml", "base.yaml", "other.yaml"};
    char path[200];
    for (size_t i = 0; i < COUNT(names); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    return rmdir(folder);
}

static void write_file(const char *name, const char *text)
{
    char path[200];
    strata_error err = {0};
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_ok(file_write(path, text, strlen(text), &err), &err);
}

static strata_status load_folder(model **out, strata_error *err)
{
    char path[200];
    (void)snprintf(path, sizeof path, "%s/strata.yaml", folder);
    return model_load(path, out, err);
}

/* The template's Growth is a tier of value; the one of lifecycle is another. */
static void engagement_of_a_template_is_left_with_its_dimension(void **state)
{
    (void)state;
    static const struct {
        const char *yaml;
        size_t n;
        const char *first;
    } cases[] = {
        {"strata: 1\nextends: hybrid\n", 4, "Strategic"},
        {"strata: 1\nextends: hybrid\nengagement: {by: value}\n", 4, "Strategic"},
        {"strata: 1\nextends: hybrid\nengagement: {segments: {Core: {touch: high}}}\n", 4,
         "Strategic"},
        {"strata: 1\nextends: hybrid\nengagement: {by: lifecycle}\n", 0, NULL},
        {"strata: 1\nextends: hybrid\n"
         "engagement: {by: lifecycle, segments: {Mature: {touch: low}}}\n",
         1, "Mature"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        STRATA_AUTO(model_free) model *m = load(cases[i].yaml);
        const model_engagement *g = &m->engagement;
        assert_int_equal(g->n_segments, cases[i].n);
        if (cases[i].first != NULL) {
            assert_string_equal(g->segments[0].segment, cases[i].first);
        }
    }
}

static void files_extend_files_and_templates(void **state)
{
    (void)state;
    model *m = NULL;
    strata_error err = {0};
    write_file("strata.yaml", S "extends: base.yaml\nreview: month\n");
    write_file("base.yaml", S "extends: value\nreview: week\nquality: {minimum_accounts: 7}\n");
    assert_ok(load_folder(&m, &err), &err);
    assert_int_equal(m->review, REVIEW_MONTH);
    assert_close(m->quality.minimum_accounts, 7, 0);
    assert_string_equal(m->template_name, "value");
    assert_string_equal(m->folder, folder);
    model_free(m);
}

static void a_circle_of_files_is_named(void **state)
{
    (void)state;
    model *m = NULL;
    strata_error err = {0};
    char want[300];
    write_file("strata.yaml", S "extends: other.yaml\n");
    write_file("other.yaml", S "extends: ./other.yaml\n");
    assert_int_equal(load_folder(&m, &err), STRATA_E_MODEL);
    assert_non_null(strstr(err.message, "extend"));
    write_file("other.yaml", S "extends: strata.yaml\n");
    assert_int_equal(load_folder(&m, &err), STRATA_E_MODEL);
    (void)snprintf(want, sizeof want,
                   "%s/other.yaml:2:10: '%s/strata.yaml' extends itself through %s/other.yaml",
                   folder, folder, folder);
    assert_string_equal(err.message, want);
    assert_null(m);
}

static void a_file_that_is_not_there_is_an_error(void **state)
{
    (void)state;
    model *m = NULL;
    strata_error err = {0};
    assert_int_equal(model_load("/nowhere/strata.yaml", &m, &err), STRATA_E_IO);
    assert_non_null(strstr(err.message, "/nowhere/strata.yaml"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_mistake_is_named_with_its_place_and_a_remedy),
        cmocka_unit_test(the_cohort_dialect_counts_returns_unless_told_otherwise),
        cmocka_unit_test(a_model_without_anything_has_the_defaults),
        cmocka_unit_test(the_portfolio_is_named_after_its_folder),
        cmocka_unit_test(numbers_are_constants_of_the_rule_language),
        cmocka_unit_test(sources_are_one_path_a_mapping_or_several),
        cmocka_unit_test(texts_of_the_intake_are_kept_as_written),
        cmocka_unit_test(expressions_know_where_they_stand),
        cmocka_unit_test(segments_come_last_and_are_primary),
        cmocka_unit_test(lists_replace_and_mappings_merge),
        cmocka_unit_test(null_removes_what_is_extended),
        cmocka_unit_test(one_band_of_a_template_can_be_moved),
        cmocka_unit_test(a_later_template_goes_over_an_earlier_one),
        cmocka_unit_test(engagement_of_a_template_is_left_with_its_dimension),
        cmocka_unit_test(files_extend_files_and_templates),
        cmocka_unit_test(a_circle_of_files_is_named),
        cmocka_unit_test(a_file_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests_name("model file", tests, make_folder, remove_folder);
}
