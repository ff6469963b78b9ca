/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include "base/rng.h"
#include "base/vec.h"
#include "predict/predict.h"
#include "segment/fixture.h"

/* Accounts whose monthly chance to leave follows from a health score that is told each month. */
enum { ACCOUNTS = 500, MONTHS = 30 };

typedef struct world {
    fixture f;
    arr_book *book;
    VEC(arr_fact) arr;
    VEC(health_fact) health;
    VEC(survey_fact) surveys;
    symbol *symbols;
    column attributes[2];
    bool left[ACCOUNTS];
    day as_of;
} world;

typedef struct recipe {
    size_t accounts;
    int months;   /* of history */
    double churn; /* monthly chance at health 0; at 100 a fiftieth of it */
    bool later;   /* facts after the as-of date too */
} recipe;

static const recipe usual = {.accounts = ACCOUNTS, .months = MONTHS, .churn = 0.08};
static const char model_text[] = "strata: 1\ndimensions:\n  value:\n    tiers:\n"
                                 "      - {name: Large, when: arr >= 5k}\n"
                                 "      - {name: Small, otherwise: true}\n";

static day month_day(int m)
{
    return day_add_months(day_from_civil(2023, 1, 10), m);
}

static void live(world *w, const recipe *r, int32_t account)
{
    rng g;
    rng_init(&g, 5, (uint64_t)account);
    double health = 100.0 * rng_uniform(&g);
    int64_t arr = 100000 + (int64_t)rng_below(&g, 900000);
    int born = (int)rng_below(&g, (uint64_t)r->months);
    assert_true(vec_push(&w->arr, (arr_fact){account, month_day(born), arr, ARR_NEW}));
    int until = r->later ? r->months + 4 : r->months;
    for (int m = born; m < until; m++) {
        double noise = 5.0 * rng_normal(&g);
        double told = fmin(fmax(health + noise, 0.0), 100.0);
        assert_true(vec_push(&w->health, (health_fact){account, month_day(m) + 1, told}));
        if (rng_uniform(&g) < 0.3) {
            assert_true(
                vec_push(&w->surveys, (survey_fact){account, month_day(m) + 2,
                                                    floor(11.0 * rng_uniform(&g)), SURVEY_NPS}));
        }
        if (rng_uniform(&g) < r->churn * pow(0.02, health / 100.0)) {
            assert_true(vec_push(&w->arr, (arr_fact){account, month_day(m) + 20, 0, ARR_CHURN}));
            w->left[account] = w->left[account] || m < r->months;
            return;
        }
    }
}

static void world_make(world *w, const recipe *r)
{
    *w = (world){.as_of = month_day(r->months)};
    for (int32_t i = 0; i < (int32_t)r->accounts; i++) {
        live(w, r, i);
    }
    ledger_facts facts = {.n_accounts = r->accounts,
                          .arr = w->arr.data,
                          .n_arr = w->arr.n,
                          .health = w->health.data,
                          .n_health = w->health.n,
                          .surveys = w->surveys.data,
                          .n_surveys = w->surveys.n};
    fixture_make(&w->f, &facts, model_text);
    strata_error err = {0};
    assert_ok(arr_book_load(&w->f.cx, w->f.portfolio.ledgers, w->as_of, &w->book, &err), &err);
}

static void world_done(world *w)
{
    arr_book_free(w->book);
    fixture_done(&w->f);
    vec_free(&w->arr);
    vec_free(&w->health);
    vec_free(&w->surveys);
}
#define WORLD_AUTO STRATA_CLEANUP(world_done)

static predict_request question(const world *w)
{
    return (predict_request){.p = &w->f.portfolio,
                             .bound = w->f.bound,
                             .dimension = fixture_dimension(&w->f, "value"),
                             .book = w->book,
                             .target = PREDICT_CHURN,
                             .horizon = {90, false},
                             .as_of = w->as_of};
}

static prediction ask(const world *w, const predict_request *q)
{
    strata_error err = {0};
    prediction p = {0};
    assert_ok(predict_run(&w->f.cx, q, w->f.arena, &p, &err), &err);
    return p;
}

/* --- what is said --- */

static void those_who_leave_are_told_from_those_who_stay(void **state)
{
    (void)state;
    WORLD_AUTO world w;
    world_make(&w, &usual);
    predict_request q = question(&w);
    STRATA_CLEANUP(prediction_done) prediction p = ask(&w, &q);
    assert_null(p.why);
    assert_true(p.tells);
    assert_true(p.judged[p.chosen].auc.auc > 0.7);
    assert_true(p.judged[p.chosen].check.defined);
    assert_close(p.judged[p.chosen].check.expected, (double)p.judge.n_positive, 0.3);
    size_t customers = 0;
    for (size_t i = 0; i < ACCOUNTS; i++) {
        customers += arr_book_at(w.book, i, w.as_of) > 0;
    }
    assert_int_equal(p.now.n, customers);
    assert_true(p.arr_low <= p.arr_expected && p.arr_expected <= p.arr_high);
    size_t in_segments = 0;
    for (size_t k = 0; k < p.n_segments; k++) {
        in_segments += p.by_segment[k].n;
    }
    assert_int_equal(in_segments, p.judge.n);
}

/* Measures of one date's rows by their definitions, row against row. */
static void measure_plainly(const prediction *p, const double *said, size_t date, judged_part *out)
{
    size_t better = 0;
    size_t pairs = 0;
    *out = (judged_part){0};
    for (size_t i = 0; i < p->judge.n; i++) {
        uint32_t row = p->judge.which[i];
        if (p->past.date[row] != date) {
            continue;
        }
        size_t above = 0;
        size_t hits_above = 0;
        for (size_t k = 0; k < p->judge.n; k++) {
            uint32_t other = p->judge.which[k];
            if (p->past.date[other] == date) {
                above += said[k] >= said[i];
                hits_above += said[k] >= said[i] && p->past.y[other];
                pairs += p->past.y[row] && !p->past.y[other] ? 2 : 0;
                better += p->past.y[row] && !p->past.y[other]
                              ? (size_t)(said[i] > said[k]) + (size_t)(said[i] >= said[k])
                              : 0;
            }
        }
        out->n++;
        out->hits += p->past.y[row];
        out->precision += p->past.y[row] ? (double)hits_above / (double)above : 0.0;
        out->brier += pow(said[i] - p->past.y[row], 2.0);
    }
    out->auc.auc = (double)better / (double)pairs;
    out->precision /= (double)out->hits;
    out->brier /= (double)out->n;
}

static void parts_are_judged_by_their_own_accounts(void **state)
{
    (void)state;
    WORLD_AUTO world w;
    world_make(&w, &usual);
    predict_request q = question(&w);
    STRATA_CLEANUP(prediction_done) prediction p = ask(&w, &q);
    strata_error err = {0};
    double *said = ARENA_NEW(w.f.arena, p.judge.n + 1, double);
    size_t checked = 0;
    assert_int_equal(p.chosen, LEARNER_LOGISTIC);
    assert_ok(predictor_probabilities(&p.logistic, &p.past, p.judge.which, p.judge.n, said, &err),
              &err);
    for (size_t date = 0; date < p.schedule.n; date++) {
        const judged_part *got = &p.by_judged_date[date];
        judged_part want;
        if (got->n == 0 || !got->auc.defined) {
            continue;
        }
        measure_plainly(&p, said, date, &want);
        assert_int_equal(got->n, want.n);
        assert_close(got->auc.auc, want.auc.auc, 1e-9);
        assert_close(got->precision, want.precision, 1e-9);
        assert_close(got->brier, want.brier, 1e-9);
        assert_true(got->lift >= 0.0 && got->lift * (double)got->hits <= (double)got->n + 1e-9);
        checked++;
    }
    assert_true(checked > 0);
}

static void reasons_add_up_to_the_chance(void **state)
{
    (void)state;
    WORLD_AUTO world w;
    world_make(&w, &usual);
    predict_request q = question(&w);
    STRATA_CLEANUP(prediction_done) prediction p = ask(&w, &q);
    strata_error err = {0};
    double *typical = NULL;
    assert_ok(typical_values(&p.now, &p.candidates, w.f.arena, &typical, &err), &err);
    const uint32_t *order = prediction_order(&p, w.f.arena);
    for (size_t i = 0; i < p.now.n; i += 7) {
        account_reasons r = {0};
        assert_ok(reasons_of(&p.today, &p.now, order[i], typical, w.f.arena, &r, &err), &err);
        double parts = r.base;
        double themes = r.base;
        for (size_t k = 0; k < r.n; k++) {
            parts += r.all[k].part;
        }
        for (size_t k = 0; k < r.n_themes; k++) {
            themes += r.themes[k].part;
        }
        assert_close(parts, p.chance[order[i]], 1e-9);
        assert_close(themes, p.chance[order[i]], 1e-9);
    }
    assert_true(p.chance[order[0]] >= p.chance[order[p.now.n - 1]]);
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i] / (double)n;
    }
    return sum;
}

/* Today's regression is of all dates; what it says of those it was calibrated on is at the level
 * that they were seen at. */
static void todays_regression_is_of_all_dates_at_the_level_seen_last(void **state)
{
    (void)state;
    WORLD_AUTO world w;
    world_make(&w, &usual);
    predict_request q = question(&w);
    STRATA_CLEANUP(prediction_done) prediction p = ask(&w, &q);
    assert_int_equal(p.chosen, LEARNER_LOGISTIC);
    assert_int_equal(p.today.again.n, p.past.n);
    assert_true(p.today.learned.n + p.today.tuned.n < p.past.n); /* dates between are in it too */
    assert_true(p.today.logistic.n == p.past.n);
    assert_int_equal(p.logistic.logistic.n, p.learn.n); /* the judged one knows nothing later */
    assert_true(p.learn.n_positive_accounts < 80 || p.logistic.n_used >= 8);
    double *said = ARENA_NEW(w.f.arena, p.today.tuned.n + 1, double);
    strata_error err = {0};
    assert_ok(predictor_probabilities(&p.today, &p.past, p.today.tuned.which, p.today.tuned.n, said,
                                      &err),
              &err);
    double seen = (double)p.today.tuned.n_positive / (double)p.today.tuned.n;
    assert_close(mean_of(said, p.today.tuned.n), seen, 0.02);
}

static void what_goes_with_a_lower_risk_is_lower(void **state)
{
    (void)state;
    WORLD_AUTO world w;
    world_make(&w, &usual);
    predict_request q = question(&w);
    STRATA_CLEANUP(prediction_done) prediction p = ask(&w, &q);
    strata_error err = {0};
    double *typical = NULL;
    assert_ok(typical_values(&p.now, &p.candidates, w.f.arena, &typical, &err), &err);
    const uint32_t *order = prediction_order(&p, w.f.arena);
    what_if found[3];
    size_t n = 0;
    assert_ok(what_ifs(&p.today, &(what_if_question){&p.now, order[0], typical, true, 3}, found, &n,
                       w.f.arena, &err),
              &err);
    assert_true(n > 0);
    assert_true(found[0].chance < p.chance[order[0]]);
    assert_string_equal(p.candidates.items[found[0].candidate].name, "health_supplied");
}

/* --- what must not change it --- */

static void assert_same(const prediction *a, const prediction *b)
{
    assert_int_equal(a->now.n, b->now.n);
    assert_memory_equal(a->chance, b->chance, a->now.n * sizeof *a->chance);
    assert_memory_equal(&a->judged[a->chosen].auc.auc, &b->judged[b->chosen].auc.auc,
                        sizeof(double));
}

static void later_facts_change_nothing(void **state)
{
    (void)state;
    WORLD_AUTO world now;
    WORLD_AUTO world later;
    recipe with_later = usual;
    with_later.later = true;
    world_make(&now, &usual);
    world_make(&later, &with_later);
    assert_true(later.arr.n > now.arr.n);
    predict_request q = question(&now);
    predict_request q_later = question(&later);
    STRATA_CLEANUP(prediction_done) prediction a = ask(&now, &q);
    STRATA_CLEANUP(prediction_done) prediction b = ask(&later, &q_later);
    assert_same(&a, &b);
}

static void results_do_not_depend_on_threads(void **state)
{
    (void)state;
    WORLD_AUTO world w;
    world_make(&w, &usual);
    predict_request q = question(&w);
    w.f.cx.threads = 1;
    STRATA_CLEANUP(prediction_done) prediction a = ask(&w, &q);
    w.f.cx.threads = 3;
    STRATA_CLEANUP(prediction_done) prediction b = ask(&w, &q);
    assert_same(&a, &b);
}

/* --- leaks --- */

/* Two attributes of the accounts file, made after the fact. */
static void plant(world *w)
{
    arena *a = w->f.arena;
    double *flag = ARENA_NEW(a, ACCOUNTS, double);
    double *when = ARENA_NEW(a, ACCOUNTS, double);
    for (size_t i = 0; i < ACCOUNTS; i++) {
        flag[i] = w->left[i] ? 1.0 : 0.0;
        when[i] = w->left[i] ? 100.0 + (double)(i % 7) : (double)NAN;
    }
    w->symbols = ARENA_NEW(a, FEATURE_COUNT + 2, symbol);
    memcpy(w->symbols, w->f.portfolio.symbols, FEATURE_COUNT * sizeof *w->symbols);
    w->symbols[FEATURE_COUNT] = (symbol){.name = "gone", .type = VALUE_BOOL};
    w->symbols[FEATURE_COUNT + 1] = (symbol){.name = "exit_interview", .type = VALUE_NUMBER};
    w->attributes[0].num = flag;
    w->attributes[1].num = when;
    w->f.portfolio.symbols = w->symbols;
    w->f.portfolio.n_symbols = FEATURE_COUNT + 2;
    w->f.portfolio.attributes = w->attributes;
}

static const candidate *find_candidate(const prediction *p, const char *name)
{
    for (size_t k = 0; k < p->candidates.n; k++) {
        if (strcmp(p->candidates.items[k].name, name) == 0) {
            return &p->candidates.items[k];
        }
    }
    fail_msg("no candidate %s", name);
    return NULL;
}

static void features_that_know_the_outcome_are_refused(void **state)
{
    (void)state;
    WORLD_AUTO world w;
    world_make(&w, &usual);
    plant(&w);
    static const char *const with[] = {"gone", "exit_interview"};
    predict_request q = question(&w);
    STRATA_CLEANUP(prediction_done) prediction honest = ask(&w, &q);
    assert_int_equal(find_candidate(&honest, "gone")->left_out, LEFT_NO_PAST);
    q.with = with;
    q.n_with = 2;
    STRATA_CLEANUP(prediction_done) prediction p = ask(&w, &q);
    assert_int_equal(find_candidate(&p, "exit_interview")->left_out, LEFT_ONE_CLASS);
    assert_int_equal(find_candidate(&p, "gone")->left_out, LEFT_TOO_GOOD);
    assert_true(find_candidate(&p, "gone")->alone > 0.95);
    assert_int_equal(find_candidate(&p, "churned")->left_out, LEFT_SAYS_OUTCOME);
    assert_int_equal(find_candidate(&p, "days_since_churn")->left_out, LEFT_SAYS_OUTCOME);
    assert_int_equal(find_candidate(&p, "health_supplied")->left_out, USED);
}

static void unknown_attributes_are_refused_with_the_nearest(void **state)
{
    (void)state;
    WORLD_AUTO world w;
    world_make(&w, &usual);
    plant(&w);
    static const struct {
        const char *name;
        strata_status status;
        const char *message;
    } cases[] = {
        {"gne", STRATA_E_NOTFOUND, "accounts have no attribute 'gne' (did you mean 'gone'?)"},
        {"arr", STRATA_E_USAGE,
         "'arr' is no attribute but a feature, and looked at already: leave it out"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        predict_request q = question(&w);
        q.with = &cases[i].name;
        q.n_with = 1;
        prediction p = {0};
        strata_error err = {0};
        assert_int_equal(predict_run(&w.f.cx, &q, w.f.arena, &p, &err), cases[i].status);
        assert_string_equal(err.message, cases[i].message);
    }
}

/* --- too little --- */

static void assert_nothing(const recipe *r, horizon h, const char *why)
{
    WORLD_AUTO world w;
    world_make(&w, r);
    predict_request q = question(&w);
    q.horizon = h;
    STRATA_CLEANUP(prediction_done) prediction p = ask(&w, &q);
    assert_non_null(p.why);
    if (strstr(p.why, why) == NULL) {
        fail_msg("'%s' does not say '%s'", p.why, why);
    }
    assert_false(p.tells);
    assert_null(p.chance);
}

static void too_little_data_says_what_is_missing(void **state)
{
    (void)state;
    recipe nobody = usual;
    nobody.churn = 0.0;
    assert_nothing(&nobody, (horizon){90, false}, ": 0 of ");
    recipe dozen = usual;
    dozen.churn = 0.002;
    assert_nothing(&dozen, (horizon){90, false}, "40 are needed");
    recipe two = usual;
    two.accounts = 2;
    assert_nothing(&two, (horizon){90, false}, "40 are needed");
    assert_nothing(&usual, (horizon){36, true}, "too short");
    recipe young = usual;
    young.months = 5;
    assert_nothing(&young, (horizon){90, false}, "too short");
}

static void chance_alone_is_called_chance(void **state)
{
    (void)state;
    /* Everyone leaves by the same chance, whatever their health. */
    WORLD_AUTO world w = {.as_of = month_day(MONTHS)};
    for (int32_t i = 0; i < ACCOUNTS; i++) {
        rng g;
        rng_init(&g, 9, (uint64_t)i);
        assert_true(vec_push(&w.arr, (arr_fact){i, month_day(0), 100000, ARR_NEW}));
        for (int m = 0; m < MONTHS; m++) {
            assert_true(
                vec_push(&w.health, (health_fact){i, month_day(m) + 1, 100 * rng_uniform(&g)}));
            if (rng_uniform(&g) < 0.02) {
                assert_true(vec_push(&w.arr, (arr_fact){i, month_day(m) + 20, 0, ARR_CHURN}));
                break;
            }
        }
    }
    ledger_facts facts = {.n_accounts = ACCOUNTS,
                          .arr = w.arr.data,
                          .n_arr = w.arr.n,
                          .health = w.health.data,
                          .n_health = w.health.n};
    strata_error err = {0};
    fixture_make(&w.f, &facts, model_text);
    assert_ok(arr_book_load(&w.f.cx, w.f.portfolio.ledgers, w.as_of, &w.book, &err), &err);
    predict_request q = question(&w);
    STRATA_CLEANUP(prediction_done) prediction p = ask(&w, &q);
    assert_null(p.why);
    assert_false(p.tells);
    assert_null(p.chance);
}

static void a_portfolio_without_arr_is_refused(void **state)
{
    (void)state;
    static const order_fact orders[] = {{0, 19000, 500, 1}};
    ledger_facts facts = {.n_accounts = 1, .orders = orders, .n_orders = 1};
    WORLD_AUTO world w = {.as_of = 19800};
    fixture_make(&w.f, &facts, model_text);
    strata_error err = {0};
    assert_ok(arr_book_load(&w.f.cx, w.f.portfolio.ledgers, w.as_of, &w.book, &err), &err);
    predict_request q = question(&w);
    prediction p = {0};
    assert_int_equal(predict_run(&w.f.cx, &q, w.f.arena, &p, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "strata forecast"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_who_leave_are_told_from_those_who_stay),
        cmocka_unit_test(parts_are_judged_by_their_own_accounts),
        cmocka_unit_test(reasons_add_up_to_the_chance),
        cmocka_unit_test(todays_regression_is_of_all_dates_at_the_level_seen_last),
        cmocka_unit_test(what_goes_with_a_lower_risk_is_lower),
        cmocka_unit_test(later_facts_change_nothing),
        cmocka_unit_test(results_do_not_depend_on_threads),
        cmocka_unit_test(features_that_know_the_outcome_are_refused),
        cmocka_unit_test(unknown_attributes_are_refused_with_the_nearest),
        cmocka_unit_test(too_little_data_says_what_is_missing),
        cmocka_unit_test(chance_alone_is_called_chance),
        cmocka_unit_test(a_portfolio_without_arr_is_refused),
    };
    return cmocka_run_group_tests_name("predict", tests, NULL, NULL);
}
