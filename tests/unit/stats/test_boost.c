/* SPDX-License-Identifier: Apache-2.0 */
/* Boosted trees: what they must find and must not find on data whose truth is known, and the
 * figures of python3-xgboost 1.7.4. */
#include "strata_test.h"

#include "exactly.h"
#include "prediction_sample.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/learning/boost.h"
#include "stats/learning/boost_bytes.h"
#include "stats/learning/discrimination.h"

enum { N = 1200, D = 4 };
static const context alone = {.threads = 1, .seed = 1};

/* Two sets of rows, a test's own, one at a time. */
typedef struct rows {
    double x[N * D];
    uint8_t y[N];
    double chance[N]; /* the truth */
    boost_data data;
} rows;

typedef double truth_fn(const double *x); /* a margin */

static double nothing(const double *x)
{
    (void)x;
    return -1.0;
}

/* No single feature tells anything. */
static double either_or(const double *x)
{
    return (x[0] > 0.0) == (x[1] > 0.0) ? 2.0 : -2.0;
}

static double line(const double *x)
{
    return -1.0 + 2.0 * x[0] - x[1];
}

/* Feature 2 is missing for a third; it matters that it is. Feature 3 is noise. */
static double missing_tells(const double *x)
{
    return isnan(x[2]) ? 2.0 : -2.0;
}

static void make_rows(rows *r, truth_fn *truth, uint64_t stream)
{
    rng g;
    rng_init(&g, 77, stream);
    for (size_t i = 0; i < N; i++) {
        double *x = &r->x[i * D];
        for (size_t j = 0; j < D; j++) {
            x[j] = rng_normal(&g);
        }
        if (rng_below(&g, 3) == 0) {
            x[2] = NAN;
        }
        r->chance[i] = 1.0 / (1.0 + exp(-truth(x)));
        r->y[i] = rng_uniform(&g) < r->chance[i];
    }
    r->data = (boost_data){.n = N, .d = D, .x = r->x, .y = r->y};
}

/* Trained on one sample of the truth, stopped on a second. */
static boost *trained(truth_fn *truth, const context *cx)
{
    static rows train;
    static rows validation;
    make_rows(&train, truth, 1);
    make_rows(&validation, truth, 2);
    boost *b = NULL;
    boost_options o = boost_defaults();
    strata_error err = {0};
    assert_ok(boost_train(cx, &train.data, &validation.data, &o, &b, &err), &err);
    return b;
}

static double auc_of(const double *score, const uint8_t *y)
{
    auc_result r = {0};
    strata_error err = {0};
    assert_ok(auc_compute(&(scored){N, score, y}, NULL, &r, &err), &err);
    return r.auc;
}

/* How much of the area that the true chances reach is missed on fresh rows. */
static double missed(truth_fn *truth)
{
    static rows fresh;
    static double margin[N];
    make_rows(&fresh, truth, 3);
    STRATA_AUTO(boost_free) boost *b = trained(truth, &alone);
    strata_error err = {0};
    assert_ok(boost_margins(b, fresh.x, N, margin, &err), &err);
    return auc_of(fresh.chance, fresh.y) - auc_of(margin, fresh.y);
}

static void what_there_is_is_found(void **state)
{
    (void)state;
    assert_true(missed(line) < 0.02);
    assert_true(missed(either_or) < 0.02);
    assert_true(missed(missing_tells) < 0.02);
}

static void where_there_is_nothing_little_or_nothing_is_kept(void **state)
{
    (void)state;
    STRATA_AUTO(boost_free) boost *b = trained(nothing, &alone);
    boost_summary s = boost_summary_of(b);
    assert_true(s.rounds <= 30 && s.rounds_run <= s.rounds + 30);
    assert_true(s.loss <= s.loss_base && s.loss_base - s.loss < 0.005);
    assert_true(s.n == N && s.n_validation == N && s.d == D);
}

/* A validation that contradicts the training. */
static boost *misled(void)
{
    static rows train;
    static rows validation;
    make_rows(&train, line, 1);
    make_rows(&validation, line, 2);
    for (size_t i = 0; i < N; i++) {
        validation.y[i] = 1 - validation.y[i];
    }
    boost *b = NULL;
    boost_options o = boost_defaults();
    strata_error err = {0};
    assert_ok(boost_train(&alone, &train.data, &validation.data, &o, &b, &err), &err);
    return b;
}

static void when_no_tree_helps_all_get_the_base_rate(void **state)
{
    (void)state;
    STRATA_AUTO(boost_free) boost *b = misled();
    boost_summary s = boost_summary_of(b);
    assert_true(s.rounds == 0 && s.rounds_run == 30 && exactly(s.loss, s.loss_base));
    assert_close(s.base_rate, (double)s.n_positive / N, 1e-12);
    const double x[2 * D] = {0.5, NAN, 1e9, 0};
    double margin[2];
    double part[2 * (D + 1)];
    strata_error err = {0};
    assert_ok(boost_margins(b, x, 2, margin, &err), &err);
    assert_close(margin[1], log(s.base_rate / (1.0 - s.base_rate)), 1e-12);
    assert_ok(boost_contributions(b, x, 2, part, &err), &err);
    assert_true(exactly(part[0], 0.0) && exactly(part[D], margin[0]));
    assert_true(exactly(part[D + 1], 0.0) && exactly(part[2 * D + 1], margin[1]));
}

static void contributions_add_up_to_the_margin(void **state)
{
    (void)state;
    static rows fresh;
    static double margin[N];
    static double part[N * (D + 1)];
    make_rows(&fresh, missing_tells, 3);
    STRATA_AUTO(boost_free) boost *b = trained(missing_tells, &alone);
    strata_error err = {0};
    assert_ok(boost_margins(b, fresh.x, N, margin, &err), &err);
    assert_ok(boost_contributions(b, fresh.x, N, part, &err), &err);
    double moved[D] = {0};
    for (size_t i = 0; i < N; i++) {
        double sum = part[i * (D + 1) + D];
        for (size_t j = 0; j < D; j++) {
            sum += part[i * (D + 1) + j];
            moved[j] += fabs(part[i * (D + 1) + j]) / N;
        }
        assert_close_at(sum, margin[i], 0.0, 1e-9, __FILE__, __LINE__);
        /* What every prediction starts from is the same, but for rounding. */
        assert_close_at(part[i * (D + 1) + D], part[D], 0.0, 1e-4, __FILE__, __LINE__);
    }
    assert_true(moved[2] > 10.0 * moved[0] && moved[2] > 10.0 * moved[3]);
}

static void assert_same_bytes(const boost *a, const boost *b)
{
    STRATA_AUTO(arena_free) arena *room = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&room, &err), &err);
    const unsigned char *of_a = NULL;
    const unsigned char *of_b = NULL;
    size_t n_a = 0;
    size_t n_b = 0;
    assert_ok(boost_save(a, room, &of_a, &n_a, &err), &err);
    assert_ok(boost_save(b, room, &of_b, &n_b, &err), &err);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(of_a, of_b, n_a);
}

static void the_same_bytes_for_any_number_of_threads(void **state)
{
    (void)state;
    STRATA_AUTO(boost_free) boost *one = trained(line, &alone);
    const int threads[] = {1, 2, 7};
    for (size_t t = 0; t < COUNT(threads); t++) {
        STRATA_AUTO(boost_free)
        boost *b = trained(line, &(context){.threads = threads[t], .seed = 1});
        assert_same_bytes(one, b);
    }
    STRATA_AUTO(boost_free) boost *other = trained(line, &(context){.threads = 1, .seed = 2});
    const double x[D] = {0.3, 0.2, 0.1, 0.0};
    double of_one = 0.0;
    double of_other = 0.0;
    strata_error err = {0};
    assert_ok(boost_margins(one, x, 1, &of_one, &err), &err);
    assert_ok(boost_margins(other, x, 1, &of_other, &err), &err);
    assert_false(exactly(of_one, of_other)); /* another seed draws other rows */
}

static void a_model_read_back_is_the_same(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *room = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&room, &err), &err);
    boost *models[] = {trained(either_or, &alone), misled()};
    for (size_t k = 0; k < 2; k++) {
        STRATA_AUTO(boost_free) boost *was = models[k];
        STRATA_AUTO(boost_free) boost *back = NULL;
        const unsigned char *bytes = NULL;
        size_t n = 0;
        assert_ok(boost_save(was, room, &bytes, &n, &err), &err);
        assert_ok(boost_load(bytes, n, &back, &err), &err);
        assert_same_bytes(was, back);
        boost_summary a = boost_summary_of(was);
        boost_summary b = boost_summary_of(back);
        assert_memory_equal(&a, &b, sizeof a);
        static rows fresh;
        static double of_was[N];
        static double of_back[N];
        make_rows(&fresh, either_or, 3);
        assert_ok(boost_margins(was, fresh.x, N, of_was, &err), &err);
        assert_ok(boost_margins(back, fresh.x, N, of_back, &err), &err);
        assert_memory_equal(of_was, of_back, sizeof of_was);
    }
}

static void damaged_bytes_are_refused(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *room = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&room, &err), &err);
    STRATA_AUTO(boost_free) boost *b = trained(line, &alone);
    const unsigned char *bytes = NULL;
    size_t n = 0;
    assert_ok(boost_save(b, room, &bytes, &n, &err), &err);
    unsigned char *mine = arena_alloc(room, n, 1);
    assert_non_null(mine);
    boost *back = NULL;
    for (size_t at = 0; at < n; at += n / 50) {
        memcpy(mine, bytes, n);
        mine[at] ^= 0x20;
        assert_int_equal(boost_load(mine, n, &back, &err), STRATA_E_DATA);
        assert_int_equal(boost_load(bytes, at, &back, &err), STRATA_E_DATA);
    }
    assert_int_equal(boost_load(bytes, n - 1, &back, &err), STRATA_E_DATA);
    assert_non_null(strstr(err.message, "is damaged; train it again"));
    assert_int_equal(boost_load(bytes, 3, &back, &err), STRATA_E_DATA);
    assert_string_equal(err.message,
                        "these 3 bytes are no model of boosted trees that this version "
                        "reads; train it again");
    assert_null(back);
}

static void margins_and_parts_are_those_of_python(void **state)
{
    (void)state;
    /* tests/data/stats/make_boost.py */
    prediction_sample s;
    make_sample(&s);
    for (size_t i = 0; i < SAMPLE_N; i += 7) {
        s.x[i * SAMPLE_D + 1] = NAN;
    }
    boost_data train = {.n = 120, .d = SAMPLE_D, .x = s.x, .y = s.y};
    boost_data held = {.n = 80, .d = SAMPLE_D, .x = &s.x[120 * SAMPLE_D], .y = &s.y[120]};
    const boost_options o = {.max_rounds = 500,
                             .patience = 20,
                             .max_depth = 3,
                             .learning_rate = 0.1,
                             .min_child_weight = 1.0,
                             .l2 = 1.0,
                             .row_share = 1.0,
                             .feature_share = 1.0};
    STRATA_AUTO(boost_free) boost *b = NULL;
    strata_error err = {0};
    assert_ok(boost_train(&alone, &train, &held, &o, &b, &err), &err);
    assert_int_equal(boost_summary_of(b).rounds, 18);
    assert_int_equal(boost_summary_of(b).rounds_run, 38);
    assert_close(boost_summary_of(b).loss, 0.537577267270535, 1e-6);
    const size_t shown[] = {0, 1, 6};
    const double margins[] = {-2.43393802642822, -2.02421426773071, -1.08242774009705};
    /* By the definition of Shapley's value. */
    const double parts[][SAMPLE_D + 1] = {
        {0.0966158844607623, -0.635244629679821, -1.34087966176465, -0.55442971358436},
        {-0.291625357601401, -0.729675497609171, -0.448483866973138, -0.55442971358436},
        {-0.506156371631809, -0.359904233086801, 0.338062492934901, -0.55442971358436},
    };
    double margin[80];
    double part[80 * (SAMPLE_D + 1)];
    assert_ok(boost_margins(b, held.x, 80, margin, &err), &err);
    assert_ok(boost_contributions(b, held.x, 80, part, &err), &err);
    for (size_t k = 0; k < COUNT(shown); k++) {
        assert_close(margin[shown[k]], margins[k], 1e-6);
        for (size_t j = 0; j <= SAMPLE_D; j++) {
            assert_close_at(part[shown[k] * (SAMPLE_D + 1) + j], parts[k][j], 0.0, 2e-6, __FILE__,
                            __LINE__);
        }
    }
}

static void what_xgboost_complains_of_is_passed_on(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *room = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&room, &err), &err);
    static const char garbage[] = "{\"learner\": [1, 2";
    boost_summary s = {.d = 3, .rounds = 1, .base_rate = 0.5};
    const unsigned char *bytes = NULL;
    size_t n = 0;
    assert_ok(boost_pack(&s, garbage, sizeof garbage, room, &bytes, &n, &err), &err);
    boost *b = NULL;
    assert_int_equal(boost_load(bytes, n, &b, &err), STRATA_E_INTERNAL);
    assert_null(b);
    assert_non_null(strstr(err.message, "reading trees: xgboost says: "));
    assert_null(strchr(err.message, '['));
    assert_null(strchr(err.message, '\n'));
}

static void weights_count_rows(void **state)
{
    (void)state;
    static rows r;
    static double twice_x[2 * N * D];
    static uint8_t twice_y[2 * N];
    static double two[N];
    make_rows(&r, line, 1);
    for (size_t i = 0; i < 2 * N; i++) {
        memcpy(&twice_x[i * D], &r.x[i / 2 * D], D * sizeof *twice_x);
        twice_y[i] = r.y[i / 2];
        two[i / 2] = 2.0;
    }
    boost_options o = boost_defaults();
    o.row_share = o.feature_share = 1.0;
    boost_data twice = {.n = 2 * N, .d = D, .x = twice_x, .y = twice_y};
    boost_data weighted = r.data;
    weighted.weight = two;
    STRATA_AUTO(boost_free) boost *a = NULL;
    STRATA_AUTO(boost_free) boost *b = NULL;
    strata_error err = {0};
    assert_ok(boost_train(&alone, &twice, &r.data, &o, &a, &err), &err);
    assert_ok(boost_train(&alone, &weighted, &weighted, &o, &b, &err), &err);
    assert_close(boost_summary_of(a).loss, boost_summary_of(b).loss, 1e-3);
    assert_close(boost_summary_of(a).base_rate, boost_summary_of(b).base_rate, 1e-12);
}

static void odd_columns_and_few_rows_do_no_harm(void **state)
{
    (void)state;
    static rows train;
    static rows validation;
    make_rows(&train, line, 1);
    make_rows(&validation, line, 2);
    for (size_t i = 0; i < N; i++) {
        train.x[i * D + 2] = NAN; /* never known */
        train.x[i * D + 3] = 4.0; /* always the same */
    }
    boost_options o = boost_defaults();
    strata_error err = {0};
    STRATA_AUTO(boost_free) boost *b = NULL;
    assert_ok(boost_train(&alone, &train.data, &validation.data, &o, &b, &err), &err);
    assert_true(boost_summary_of(b).loss < boost_summary_of(b).loss_base);
    static double part[N * (D + 1)];
    assert_ok(boost_contributions(b, validation.x, N, part, &err), &err);
    for (size_t i = 0; i < N; i++) {
        assert_true(exactly(part[i * (D + 1) + 2], 0.0) && exactly(part[i * (D + 1) + 3], 0.0));
    }
    assert_ok(boost_margins(b, validation.x, 0, part, &err), &err);
    /* Six rows, fewer than a leaf needs. */
    STRATA_AUTO(boost_free) boost *few = NULL;
    train.data.n = 6;
    train.y[0] = 1;
    train.y[1] = 0;
    assert_ok(boost_train(&alone, &train.data, &validation.data, &o, &few, &err), &err);
    assert_true(isfinite(boost_summary_of(few).loss));
}

/* What boost_train() says. */
static strata_status refused(const boost_data *train, const boost_data *validation,
                             const boost_options *o, strata_error *err)
{
    boost *b = NULL;
    strata_status status = boost_train(&alone, train, validation, o, &b, err);
    assert_null(b);
    return status;
}

static void bad_rows_are_named(void **state)
{
    (void)state;
    static rows r;
    static double weight[N];
    make_rows(&r, line, 1);
    boost_options o = boost_defaults();
    strata_error err = {0};
    boost_data bad = r.data;
    r.x[7 * D + 1] = INFINITY;
    assert_int_equal(refused(&bad, &r.data, &o, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "row 7 of feature 1 is inf, too large to compute with");
    r.x[7 * D + 1] = -1e39;
    assert_int_equal(refused(&bad, &r.data, &o, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "row 7 of feature 1 is -1e+39, too large to compute with");
    r.x[7 * D + 1] = 0.0;
    weight[3] = NAN;
    bad.weight = weight;
    assert_int_equal(refused(&r.data, &bad, &o, &err), STRATA_E_DATA);
    assert_string_equal(
        err.message, "the weight of row 3 for validation is nan; it must be 0 or more and finite");
    uint8_t ones[N];
    memset(ones, 1, sizeof ones);
    bad = (boost_data){.n = N, .d = D, .x = r.x, .y = ones};
    assert_int_equal(refused(&bad, &r.data, &o, &err), STRATA_E_DATA);
    assert_string_equal(err.message,
                        "all 1200 outcomes for training are 1; rows of both outcomes are needed");
    assert_int_equal(refused(&r.data, &bad, &o, &err), STRATA_E_DATA);
    ones[5] = 2;
    assert_int_equal(refused(&bad, &r.data, &o, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "the outcome of row 5 for training is 2; it must be 0 or 1");
    bad = r.data;
    bad.d = 0;
    assert_int_equal(refused(&bad, &bad, &o, &err), STRATA_E_USAGE);
    bad.d = D - 1;
    assert_int_equal(refused(&r.data, &bad, &o, &err), STRATA_E_USAGE);
    bad = (boost_data){.d = D, .x = r.x, .y = r.y};
    assert_int_equal(refused(&bad, &r.data, &o, &err), STRATA_E_DATA);
}

static void bad_options_are_named(void **state)
{
    (void)state;
    static rows r;
    make_rows(&r, line, 1);
    const struct {
        boost_options change; /* what is not 0 in it */
        const char *says;
    } cases[] = {
        {{.max_rounds = 5001},
         "5001 rounds with a patience of 30; 1 to 5000 and 1 or more are "
         "possible"},
        {{.max_depth = 11}, "trees of depth 11; 1 to 10 are possible"},
        {{.learning_rate = 1.5}, "a learning rate of 1.5; it must be above 0 and at most 1"},
        {{.row_share = -1.0}, "a share of rows of -1; it must be above 0 and at most 1"},
        {{.feature_share = (double)NAN},
         "a share of features of nan; it must be above 0 and at most "
         "1"},
        {{.l2 = -2.0}, "a least leaf of 5 and a ridge of -2; both must be 0 or more"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        boost_options o = boost_defaults();
        const boost_options *c = &cases[i].change;
        o.max_rounds = c->max_rounds ? c->max_rounds : o.max_rounds;
        o.max_depth = c->max_depth ? c->max_depth : o.max_depth;
        o.learning_rate = exactly(c->learning_rate, 0.0) ? o.learning_rate : c->learning_rate;
        o.row_share = exactly(c->row_share, 0.0) ? o.row_share : c->row_share;
        o.feature_share = exactly(c->feature_share, 0.0) ? o.feature_share : c->feature_share;
        o.l2 = exactly(c->l2, 0.0) ? o.l2 : c->l2;
        strata_error err = {0};
        assert_int_equal(refused(&r.data, &r.data, &o, &err), STRATA_E_USAGE);
        assert_string_equal(err.message, cases[i].says);
    }
}

static void it_stops_when_told_to(void **state)
{
    (void)state;
    static rows r;
    make_rows(&r, line, 1);
    volatile sig_atomic_t stop = 1;
    context cx = {.threads = 1, .cancelled = &stop};
    boost *b = NULL;
    boost_options o = boost_defaults();
    strata_error err = {0};
    assert_int_equal(boost_train(&cx, &r.data, &r.data, &o, &b, &err), STRATA_E_CANCELLED);
    assert_null(b);
}

static void running_out_of_memory_is_reported(void **state)
{
    (void)state;
    static rows r;
    make_rows(&r, line, 1);
    boost_options o = boost_defaults();
    o.max_rounds = 3;
    double part[D + 1];
    int n = 0;
    FAILURE_LOOP(n, {
        boost *b = NULL;
        strata_error err = {0};
        strata_status st = boost_train(&alone, &r.data, &r.data, &o, &b, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, b == NULL);
        boost_free(b);
    });
    boost *b = NULL;
    strata_error err = {0};
    assert_ok(boost_train(&alone, &r.data, &r.data, &o, &b, &err), &err);
    FAILURE_LOOP(n, {
        part[0] = 77.0;
        strata_status st = boost_contributions(b, r.x, 1, part, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, exactly(part[0], 77.0));
    });
    FAILURE_LOOP(n, {
        arena *a = NULL;
        boost *back = NULL;
        const unsigned char *bytes = NULL;
        size_t length = 0;
        strata_status st = arena_new(&a, &err);
        if (st == STRATA_OK) {
            st = boost_save(b, a, &bytes, &length, &err);
        }
        if (st == STRATA_OK) {
            st = boost_load(bytes, length, &back, &err);
        }
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, back == NULL);
        boost_free(back);
        arena_free(a);
    });
    boost_free(b);
    assert_true(n > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_there_is_is_found),
        cmocka_unit_test(where_there_is_nothing_little_or_nothing_is_kept),
        cmocka_unit_test(when_no_tree_helps_all_get_the_base_rate),
        cmocka_unit_test(contributions_add_up_to_the_margin),
        cmocka_unit_test(the_same_bytes_for_any_number_of_threads),
        cmocka_unit_test(a_model_read_back_is_the_same),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(margins_and_parts_are_those_of_python),
        cmocka_unit_test(what_xgboost_complains_of_is_passed_on),
        cmocka_unit_test(weights_count_rows),
        cmocka_unit_test(odd_columns_and_few_rows_do_no_harm),
        cmocka_unit_test(bad_rows_are_named),
        cmocka_unit_test(bad_options_are_named),
        cmocka_unit_test(it_stops_when_told_to),
        cmocka_unit_test(running_out_of_memory_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
