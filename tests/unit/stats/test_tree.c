/* SPDX-License-Identifier: Apache-2.0 */
/* Classification trees: against sklearn, against a naive search, and what their leaves say. */
#include "strata_test.h"

#include "exactly.h"
#include "iris.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/learning/tree.h"

enum { N = 400, D = 3, LABELS = 3, LEAVES = 7 };

typedef struct sample {
    double x[N * D];
    uint32_t label[N];
} sample;

/* Feature 0 continuous, 1 a count with missing values, 2 yes or no; labels follow all three. */
static void make_sample(sample *s, size_t n, uint64_t seed)
{
    rng r;
    rng_init(&r, seed, 0);
    for (size_t i = 0; i < n; i++) {
        double *x = s->x + i * D;
        x[0] = rng_normal(&r);
        x[1] = rng_below(&r, 4) == 0 ? NAN : floor(6.0 * rng_uniform(&r));
        x[2] = floor(2.0 * rng_uniform(&r));
        double lean = x[0] + (isnan(x[1]) ? 1.5 : 0.3 * x[1]) * x[2] + 0.4 * rng_normal(&r);
        s->label[i] = lean < 0.0 ? 0 : lean < 1.2 ? 1 : 2;
    }
}

static tree_data data_of(const sample *s, size_t n)
{
    return (tree_data){.x = s->x, .n = n, .d = D, .label = s->label, .n_labels = LABELS};
}

static const context alone = {.threads = 1, .seed = 1};

static arena *new_arena(void)
{
    arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    return a;
}

static size_t count_right(const tree *t, const tree_data *d)
{
    size_t right = 0;
    for (size_t i = 0; i < d->n; i++) {
        right += t->nodes[tree_leaf_of(t, d->x + i * d->d)].label == d->label[i];
    }
    return right;
}

static double mean_impurity(const tree *t)
{
    double sum = 0.0;
    for (size_t i = 0; i < t->n_nodes; i++) {
        double pure = 0.0;
        for (size_t c = 0; c < t->n_labels; c++) {
            double count = (double)t->counts[i * t->n_labels + c];
            pure += count * count / (double)t->nodes[i].n;
        }
        sum += t->nodes[i].left == 0 ? (double)t->nodes[i].n - pure : 0.0;
    }
    return sum / (double)t->nodes[0].n;
}

/* sklearn 1.2.1: DecisionTreeClassifier(max_leaf_nodes, min_samples_leaf, random_state=0) */
static void iris_trees_are_those_of_sklearn(void **state)
{
    (void)state;
    static const struct {
        size_t max_leaves, min_leaf, leaves, right;
        double impurity;
    } want[] = {
        {2, 1, 2, 100, 0.3333333333333333},   {3, 1, 3, 144, 0.0735373054213634},
        {4, 5, 4, 146, 0.043876811594202904}, {5, 1, 5, 147, 0.03082125603864733},
        {5, 5, 5, 146, 0.041487922705314},    {8, 1, 8, 149, 0.008888888888888889},
        {20, 5, 6, 146, 0.03955555555555555}, {20, 1, 9, 150, 0.0},
    };
    uint32_t label[IRIS_N];
    for (size_t i = 0; i < IRIS_N; i++) {
        label[i] = iris_species(i);
    }
    tree_data d = {iris, IRIS_N, IRIS_D, label, IRIS_SPECIES};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (size_t i = 0; i < COUNT(want); i++) {
        tree_options o = {want[i].max_leaves, want[i].min_leaf, 0.0};
        tree t;
        strata_error err = {0};
        assert_ok(tree_grow(&alone, &d, &o, a, &t, &err), &err);
        assert_int_equal(t.n_leaves, want[i].leaves);
        assert_int_equal(count_right(&t, &d), want[i].right);
        assert_close_at(mean_impurity(&t), want[i].impurity, 1e-13, 1e-15, __FILE__, __LINE__);
        /* Petals under 2 cm are setosa: any number over 1.9 up to 3.0 would do */
        assert_int_equal(t.nodes[0].feature, 2);
        assert_true(exactly(t.nodes[0].threshold, 2.0));
    }
}

/* Gini gain of a split, counted row by row. */
static double naive_gain(const tree_data *d, const tree_node *split, size_t min_leaf)
{
    double counts[2][LABELS] = {{0}};
    double n[2] = {0};
    for (size_t i = 0; i < d->n; i++) {
        double x = d->x[i * d->d + split->feature];
        size_t side = isnan(x) ? !split->missing_left : !(x < split->threshold);
        counts[side][d->label[i]] += 1.0;
        n[side] += 1.0;
    }
    if (n[0] < (double)min_leaf || n[1] < (double)min_leaf) {
        return 0.0;
    }
    double gain = 0.0;
    for (size_t c = 0; c < LABELS; c++) {
        double both = counts[0][c] + counts[1][c];
        gain += counts[0][c] * counts[0][c] / n[0] + counts[1][c] * counts[1][c] / n[1] -
                both * both / (double)d->n;
    }
    return gain;
}

static double best_naive_gain(const tree_data *d, size_t min_leaf)
{
    double best = 0.0;
    for (size_t f = 0; f < d->d; f++) {
        for (size_t i = 0; i < d->n; i++) {
            tree_node split = {.feature = f, .threshold = d->x[i * d->d + f]};
            if (!isnan(split.threshold)) {
                best = fmax(best, naive_gain(d, &split, min_leaf));
                split.missing_left = true;
                best = fmax(best, naive_gain(d, &split, min_leaf));
            }
        }
    }
    return best;
}

static void the_first_split_is_the_best_of_all(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (uint64_t seed = 0; seed < 40; seed++) {
        sample s;
        size_t n = 5 + seed * 3;
        make_sample(&s, n, seed);
        tree_data d = data_of(&s, n);
        tree_options o = {2, 1 + seed % 4, 0.0};
        tree t;
        strata_error err = {0};
        assert_ok(tree_grow(&alone, &d, &o, a, &t, &err), &err);
        double best = best_naive_gain(&d, o.min_leaf);
        double got = t.n_leaves == 2 ? naive_gain(&d, &t.nodes[0], o.min_leaf) : 0.0;
        assert_close(got + 1.0, best + 1.0, 1e-12);
    }
}

static void leaves_hold_what_they_say(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, N, 3);
    tree_data d = data_of(&s, N);
    tree_options o = {LEAVES, 12, 0.0};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    tree t;
    strata_error err = {0};
    assert_ok(tree_grow(&alone, &d, &o, a, &t, &err), &err);
    assert_int_equal(t.n_leaves, LEAVES);
    assert_int_equal(t.n_nodes, 2 * LEAVES - 1);
    assert_true(count_right(&t, &d) > N * 7 / 10);
    size_t counts[2 * LEAVES][LABELS] = {{0}};
    for (size_t i = 0; i < N; i++) {
        counts[tree_leaf_of(&t, s.x + i * D)][s.label[i]]++;
    }
    for (size_t i = 0; i < t.n_nodes; i++) {
        if (t.nodes[i].left == 0) {
            assert_memory_equal(counts[i], t.counts + i * LABELS, sizeof counts[i]);
            assert_true(t.nodes[i].n >= 12);
        } else {
            const tree_node *l = &t.nodes[t.nodes[i].left];
            const tree_node *r = &t.nodes[t.nodes[i].right];
            assert_int_equal(l->n + r->n, t.nodes[i].n);
            assert_true(l->parent == i && r->parent == i);
        }
    }
}

static bool meets(const tree_clause *c, size_t n, const double *row)
{
    for (size_t i = 0; i < n; i++) {
        double x = row[c[i].feature];
        if (isnan(x) ? !c[i].missing : !(c[i].low <= x && x < c[i].high)) {
            return false;
        }
    }
    return true;
}

static void clauses_of_a_leaf_match_its_rows_and_no_others(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (uint64_t seed = 10; seed < 20; seed++) {
        sample s;
        make_sample(&s, N, seed);
        tree_data d = data_of(&s, N);
        tree_options o = {LEAVES, 4, 0.0};
        tree t;
        strata_error err = {0};
        assert_ok(tree_grow(&alone, &d, &o, a, &t, &err), &err);
        for (size_t leaf = 0; leaf < t.n_nodes; leaf++) {
            tree_clause clause[LEAVES - 1];
            size_t n = t.nodes[leaf].left == 0 ? tree_clauses(&t, leaf, clause) : 0;
            for (size_t i = 0; n > 0 && i < N; i++) {
                bool here = tree_leaf_of(&t, s.x + i * D) == leaf;
                assert_true(meets(clause, n, s.x + i * D) == here);
            }
            for (size_t i = 1; i < n; i++) {
                assert_true(clause[i - 1].feature < clause[i].feature);
            }
            for (size_t i = 0; i < n; i++) {
                assert_true(clause[i].low < clause[i].high);
                assert_true(!clause[i].saw_missing || clause[i].feature == 1);
            }
        }
    }
}

static bool same_tree(const tree *a, const tree *b)
{
    bool same = a->n_nodes == b->n_nodes && a->n_leaves == b->n_leaves;
    for (size_t i = 0; same && i < a->n_nodes; i++) {
        const tree_node *x = &a->nodes[i];
        const tree_node *y = &b->nodes[i];
        same = x->feature == y->feature && exactly(x->threshold, y->threshold) &&
               x->left == y->left && x->right == y->right && x->n == y->n && x->label == y->label &&
               x->missing_left == y->missing_left && x->saw_missing == y->saw_missing;
    }
    return same;
}

static void rows_in_any_order_on_any_threads_give_the_same_tree(void **state)
{
    (void)state;
    sample s;
    sample shuffled;
    uint32_t order[N];
    make_sample(&s, N, 5);
    for (uint32_t i = 0; i < N; i++) {
        order[i] = i;
    }
    rng r;
    rng_init(&r, 6, 0);
    rng_shuffle(&r, order, N);
    for (size_t i = 0; i < N; i++) {
        memcpy(shuffled.x + i * D, s.x + (size_t)order[i] * D, D * sizeof(double));
        shuffled.label[i] = s.label[order[i]];
    }
    STRATA_AUTO(arena_free) arena *a = new_arena();
    tree_data d = data_of(&s, N);
    tree_data other = data_of(&shuffled, N);
    tree_options o = {LEAVES, 3, 0.0};
    context seven = {.threads = 7, .seed = 9};
    tree t;
    tree u;
    strata_error err = {0};
    assert_ok(tree_grow(&alone, &d, &o, a, &t, &err), &err);
    assert_ok(tree_grow(&seven, &other, &o, a, &u, &err), &err);
    assert_true(same_tree(&t, &u));
}

static void a_shortened_tree_is_the_one_that_was_grown_so_far(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, N, 8);
    tree_data d = data_of(&s, N);
    STRATA_AUTO(arena_free) arena *a = new_arena();
    tree_options o = {LEAVES, 5, 0.0};
    tree whole;
    tree shorter;
    strata_error err = {0};
    assert_ok(tree_grow(&alone, &d, &o, a, &whole, &err), &err);
    for (o.max_leaves = 1; o.max_leaves <= LEAVES; o.max_leaves++) {
        tree grown;
        assert_ok(tree_grow(&alone, &d, &o, a, &grown, &err), &err);
        assert_ok(tree_shorten(&whole, o.max_leaves, a, &shorter, &err), &err);
        assert_true(same_tree(&grown, &shorter));
        assert_memory_equal(grown.counts, shorter.counts,
                            grown.n_nodes * LABELS * sizeof *grown.counts);
    }
    shorter.n_nodes = 77;
    assert_int_equal(tree_shorten(&whole, LEAVES + 1, a, &shorter, &err), STRATA_E_USAGE);
    assert_int_equal(tree_shorten(&whole, 0, a, &shorter, &err), STRATA_E_USAGE);
    assert_int_equal(shorter.n_nodes, 77);
}

static void missing_values_go_where_they_are_told_apart_better(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 3, 7, 8, 9, NAN, NAN, NAN};
    static const uint32_t with_low[] = {0, 0, 0, 1, 1, 1, 0, 0, 0};
    static const uint32_t with_high[] = {0, 0, 0, 1, 1, 1, 1, 1, 1};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    tree_options o = {2, 1, 0.0};
    tree_data d = {x, 9, 1, with_low, 2};
    tree t;
    strata_error err = {0};
    assert_ok(tree_grow(&alone, &d, &o, a, &t, &err), &err);
    assert_true(t.nodes[0].missing_left && t.nodes[0].saw_missing);
    assert_true(exactly(t.nodes[0].threshold, 5.0));
    assert_int_equal(count_right(&t, &d), 9);
    d.label = with_high;
    assert_ok(tree_grow(&alone, &d, &o, a, &t, &err), &err);
    assert_true(!t.nodes[0].missing_left && t.nodes[0].saw_missing);
    assert_int_equal(count_right(&t, &d), 9);
    d.n = 6; /* none missing: a missing value later goes right, and no rule need say so */
    assert_ok(tree_grow(&alone, &d, &o, a, &t, &err), &err);
    static const double nothing[] = {NAN};
    assert_int_equal(tree_leaf_of(&t, nothing), t.nodes[0].right);
    tree_clause c[1];
    assert_int_equal(tree_clauses(&t, t.nodes[0].left, c), 1);
    assert_true(!c[0].missing && !c[0].saw_missing && exactly(c[0].high, 5.0) && isinf(c[0].low));
}

static void what_cannot_be_told_apart_is_one_leaf(void **state)
{
    (void)state;
    static const double same[] = {4, 4, 4, 4};
    static const double missing[] = {NAN, NAN, NAN, NAN};
    static const double apart[] = {1, 2, 3, 4};
    static const uint32_t mixed[] = {1, 0, 1, 1};
    static const uint32_t pure[] = {1, 1, 1, 1};
    const struct {
        const double *x;
        const uint32_t *label;
        tree_options o;
    } cases[] = {{same, mixed, {9, 1, 0.0}},  {missing, mixed, {9, 1, 0.0}},
                 {apart, pure, {9, 1, 0.0}},  {apart, mixed, {9, 3, 0.0}},
                 {apart, mixed, {9, 1, 0.5}}, {apart, mixed, {1, 1, 0.0}}};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (size_t i = 0; i < COUNT(cases); i++) {
        tree_data d = {cases[i].x, 4, 1, cases[i].label, 2};
        tree t;
        strata_error err = {0};
        assert_ok(tree_grow(&alone, &d, &cases[i].o, a, &t, &err), &err);
        assert_int_equal(t.n_leaves, 1);
        assert_int_equal(t.nodes[0].label, 1);
        assert_int_equal(tree_clauses(&t, 0, NULL), 0);
    }
    tree_data d = {NULL, 4, 0, mixed, 2}; /* no features at all */
    tree t;
    strata_error err = {0};
    assert_ok(tree_grow(&alone, &d, &cases[0].o, a, &t, &err), &err);
    assert_int_equal(t.n_leaves, 1);
    assert_int_equal(t.counts[1], 3);
}

static void thresholds_are_short_and_separate(void **state)
{
    (void)state;
    static const double cases[][3] = {
        {3, 4, 4},
        {10, 1000, 500},
        {-5, 5.0001, 0},
        {1.9, 3.0, 2},
        {-4, -3, -3},
        {0.123456, 0.123457, 0.123457},
        {1234, 1299, 1270},
        {119999.5, 120400.25, 120000},
        {0, 1, 1},
        {-1e-9, 0, 0},
        {1, 1.0000000000000002, 1.0000000000000002},
        {1e300, 2e300, 2e300},
        {-1.7e308, 1.7e308, 1.7e308},
        {0.2, 0.3, 0.3},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        double got = tree_short_threshold(cases[i][0], cases[i][1]);
        if (!exactly(got, cases[i][2])) {
            fail_msg("%.17g < %.17g <= %.17g", cases[i][0], got, cases[i][1]);
        }
    }
    rng r;
    rng_init(&r, 2, 0);
    for (size_t i = 0; i < 20000; i++) {
        double low = rng_normal(&r) * pow(10.0, floor(40.0 * rng_uniform(&r)) - 20.0);
        double high =
            rng_below(&r, 2) == 0 ? nextafter(low, INFINITY) : low + fabs(low) * rng_uniform(&r);
        double got = low < high ? tree_short_threshold(low, high) : high;
        assert_true((low < got || !(low < high)) && got <= high);
    }
}

static void bad_data_are_refused(void **state)
{
    (void)state;
    static const double x[] = {1, INFINITY};
    static const uint32_t label[] = {0, 2};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    tree t = {.n_nodes = 77};
    strata_error err = {0};
    tree_options o = {3, 1, 0.0};
    tree_data d = {x, 2, 1, label, 3};
    assert_int_equal(tree_grow(&alone, &d, &o, a, &t, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "value 0 of row 1 is infinite");
    d.n_labels = 2;
    assert_int_equal(tree_grow(&alone, &d, &o, a, &t, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "row 1 has label 2 of 2 labels");
    d.n = 0;
    assert_int_equal(tree_grow(&alone, &d, &o, a, &t, &err), STRATA_E_DATA);
    o.max_leaves = 0;
    assert_int_equal(tree_grow(&alone, &d, &o, a, &t, &err), STRATA_E_USAGE);
    sig_atomic_t stop = 1;
    context cx = {.threads = 1, .cancelled = &stop};
    d = (tree_data){x, 1, 1, label, 1};
    o.max_leaves = 2;
    assert_int_equal(tree_grow(&cx, &d, &o, a, &t, &err), STRATA_E_CANCELLED);
    assert_int_equal(t.n_nodes, 77);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 30, 1);
    tree_data d = data_of(&s, 30);
    tree_options o = {4, 2, 0.0};
    strata_error err = {0};
    int failures = 0;
    FAILURE_LOOP(failures, {
        STRATA_AUTO(arena_free) arena *a = NULL;
        tree t = {.n_nodes = 77};
        strata_status st = arena_new(&a, &err);
        st = st == STRATA_OK ? tree_grow(&alone, &d, &o, a, &t, &err) : st;
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, t.n_nodes == 77);
    });
    assert_true(failures >= 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iris_trees_are_those_of_sklearn),
        cmocka_unit_test(the_first_split_is_the_best_of_all),
        cmocka_unit_test(leaves_hold_what_they_say),
        cmocka_unit_test(clauses_of_a_leaf_match_its_rows_and_no_others),
        cmocka_unit_test(rows_in_any_order_on_any_threads_give_the_same_tree),
        cmocka_unit_test(a_shortened_tree_is_the_one_that_was_grown_so_far),
        cmocka_unit_test(missing_values_go_where_they_are_told_apart_better),
        cmocka_unit_test(what_cannot_be_told_apart_is_one_leaf),
        cmocka_unit_test(thresholds_are_short_and_separate),
        cmocka_unit_test(bad_data_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
