/* SPDX-License-Identifier: Apache-2.0 */
/* Trees of clusters: against SciPy and R, against a naive search, and what they must keep to. */
#include "strata_test.h"

#include "exactly.h"
#include "iris.h"

#include "support/failing_alloc.h"

#include "base/rng.h"
#include "stats/clustering/hierarchy.h"
#include "stats/clustering/partition.h"

static const context alone = {.threads = 1, .seed = 1};
static const points iris_points = {iris, IRIS_N, IRIS_D};
static const linkage linkages[] = {LINKAGE_WARD, LINKAGE_AVERAGE, LINKAGE_COMPLETE};

static arena *new_arena(void)
{
    arena *a = NULL;
    strata_error err = {0};
    assert_ok(arena_new(&a, &err), &err);
    return a;
}

static double likeness(const uint32_t *a, const uint32_t *b, size_t n)
{
    double index = -7.0;
    strata_error err = {0};
    assert_ok(adjusted_rand_index(a, b, n, &index, &err), &err);
    return index;
}

/* SciPy 1.10.1: linkage(x, "ward" | "average" | "complete") */
static void small_trees_are_those_of_scipy(void **state)
{
    (void)state;
    static const double x[] = {0, 0, 0, 1, 4, 0, 4, 1.5, 10, 0, 10.25, 3};
    static const double want[3][5] = {
        {1.0, 1.5, 3.010398644698074, 5.667892024377317, 13.344786747390659},
        {1.0, 1.5, 3.010398644698074, 4.1065590931064255, 8.339753800789907},
        {1.0, 1.5, 3.010398644698074, 4.272001872658765, 10.680004681646913}};
    static const uint32_t ids[5][3] = {{0, 1, 2}, {2, 3, 2}, {4, 5, 2}, {6, 7, 4}, {8, 9, 6}};
    points p = {x, 6, 2};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (size_t l = 0; l < 3; l++) {
        hierarchy h;
        strata_error err = {0};
        assert_ok(hierarchy_run(&alone, &p, linkages[l], a, &h, &err), &err);
        assert_int_equal(h.n, 6);
        for (size_t i = 0; i < 5; i++) {
            assert_close(h.merges[i].height, want[l][i], 1e-14);
            assert_int_equal(h.merges[i].a, ids[i][0]);
            assert_int_equal(h.merges[i].b, ids[i][1]);
            assert_int_equal(h.merges[i].size, ids[i][2]);
        }
    }
}

/* SciPy 1.10.1, for Ward also R 4.2.2's hclust(method = "ward.D2"). Complete linkage of
 * iris is left out: it depends on which of equal distances comes first. */
static void iris_trees_have_the_published_heights_and_likeness(void **state)
{
    (void)state;
    static const struct {
        linkage l;
        double first, last[3], rand_index;
    } want[] = {
        {LINKAGE_WARD,
         0.09999999999999964,
         {6.399406819518539, 12.300396052792589, 32.44760699959244},
         0.7311985567707746},
        {LINKAGE_AVERAGE,
         0.09999999999999964,
         {1.7855664820227883, 1.9636140862746496, 4.062682686118029},
         0.7591987071071522},
    };
    uint32_t species[IRIS_N];
    uint32_t label[IRIS_N];
    for (size_t i = 0; i < IRIS_N; i++) {
        species[i] = iris_species(i);
    }
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (size_t i = 0; i < COUNT(want); i++) {
        hierarchy h;
        strata_error err = {0};
        assert_ok(hierarchy_run(&alone, &iris_points, want[i].l, a, &h, &err), &err);
        assert_true(exactly(h.merges[0].height, 0.0)); /* two virginicas are the same */
        assert_close(h.merges[1].height, want[i].first, 1e-14);
        for (size_t k = 0; k < 3; k++) {
            assert_close(h.merges[IRIS_N - 4 + k].height, want[i].last[k], 1e-13);
        }
        assert_ok(hierarchy_cut(&h, 3, label, &err), &err);
        assert_close(likeness(label, species, IRIS_N), want[i].rand_index, 1e-13);
    }
}

/* --- random points --- */

enum { N_MAX = 300, D_MAX = 9 };

typedef struct sample {
    double x[N_MAX * D_MAX];
    points p;
} sample;

/* Every tenth point is there twice. */
static void make_sample(sample *s, size_t n, size_t d, uint64_t seed)
{
    rng r;
    rng_init(&r, seed, 0);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < d; j++) {
            bool again = i % 10 == 9;
            s->x[i * d + j] = again ? s->x[(i - 5) * d + j] : rng_normal(&r) + (double)(i % 3 * 3);
        }
    }
    s->p = (points){s->x, n, d};
}

static double distance(const points *p, size_t i, size_t j)
{
    double sum = 0.0;
    for (size_t c = 0; c < p->d; c++) {
        double off = p->x[i * p->d + c] - p->x[j * p->d + c];
        sum += off * off;
    }
    return sqrt(sum);
}

/* Sum of squares of one cluster, or of two together, about their mean. */
static double squares(const points *p, const uint32_t *label, uint32_t a, uint32_t b)
{
    double sum = 0.0;
    for (size_t c = 0; c < p->d; c++) {
        double n = 0.0;
        double mean = 0.0;
        for (size_t i = 0; i < p->n; i++) {
            bool in = label[i] == a || label[i] == b;
            n += in;
            mean += in ? p->x[i * p->d + c] : 0.0;
        }
        mean /= n;
        for (size_t i = 0; i < p->n; i++) {
            double off = p->x[i * p->d + c] - mean;
            sum += label[i] == a || label[i] == b ? off * off : 0.0;
        }
    }
    return sum;
}

/* By the words of the definition. */
static double naive_height(const points *p, linkage l, const uint32_t *label, uint32_t a,
                           uint32_t b)
{
    if (l == LINKAGE_WARD) {
        double added = squares(p, label, a, b) - squares(p, label, a, a) - squares(p, label, b, b);
        return sqrt(2.0 * fmax(added, 0.0));
    }
    double sum = 0.0;
    double most = 0.0;
    double n = 0.0;
    for (size_t i = 0; i < p->n; i++) {
        for (size_t j = 0; j < p->n; j++) {
            if (label[i] == a && label[j] == b) {
                sum += distance(p, i, j);
                most = fmax(most, distance(p, i, j));
                n += 1.0;
            }
        }
    }
    return l == LINKAGE_AVERAGE ? sum / n : most;
}

/* Merges the nearest pair of the clusters `alive`; yields its height. */
static double naive_merge(const points *p, linkage l, uint32_t *label, uint32_t *alive,
                          size_t n_alive)
{
    double best = INFINITY;
    size_t at[2] = {0};
    for (size_t i = 0; i < n_alive; i++) {
        for (size_t j = 0; j < i; j++) {
            double height = naive_height(p, l, label, alive[i], alive[j]);
            if (height < best) {
                best = height;
                at[0] = i;
                at[1] = j;
            }
        }
    }
    for (size_t i = 0; i < p->n; i++) {
        label[i] = label[i] == alive[at[0]] ? alive[at[1]] : label[i];
    }
    alive[at[0]] = alive[n_alive - 1];
    return best;
}

static void trees_are_those_of_a_naive_search(void **state)
{
    (void)state;
    enum { N = 33 };
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (size_t round = 0; round < 9; round++) {
        linkage l = linkages[round % 3];
        sample s;
        make_sample(&s, N, 1 + round, round);
        uint32_t label[N];
        uint32_t alive[N];
        uint32_t cut[N];
        for (uint32_t i = 0; i < N; i++) {
            label[i] = i;
            alive[i] = i;
        }
        hierarchy h;
        strata_error err = {0};
        assert_ok(hierarchy_run(&alone, &s.p, l, a, &h, &err), &err);
        for (size_t i = 0; i + 1 < N; i++) {
            double want = naive_merge(&s.p, l, label, alive, N - i);
            assert_close_at(h.merges[i].height, want, 1e-10, 1e-7, __FILE__, __LINE__);
            if (i >= 3) { /* once the points that are there twice are one */
                assert_ok(hierarchy_cut(&h, N - 1 - i, cut, &err), &err);
                assert_true(exactly(likeness(cut, label, N), 1.0));
            }
        }
    }
}

static void heights_never_fall_and_sizes_add_up(void **state)
{
    (void)state;
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (size_t l = 0; l < 3; l++) {
        sample s;
        make_sample(&s, N_MAX, 3, 40 + l);
        hierarchy h;
        strata_error err = {0};
        assert_ok(hierarchy_run(&alone, &s.p, linkages[l], a, &h, &err), &err);
        bool used[2 * N_MAX] = {false};
        for (size_t i = 0; i + 1 < N_MAX; i++) {
            const merge *m = &h.merges[i];
            assert_true(m->a < m->b && m->b < N_MAX + i);
            assert_true(!used[m->a] && !used[m->b]);
            used[m->a] = true;
            used[m->b] = true;
            size_t left = m->a < N_MAX ? 1 : h.merges[m->a - N_MAX].size;
            size_t right = m->b < N_MAX ? 1 : h.merges[m->b - N_MAX].size;
            assert_int_equal(m->size, left + right);
            assert_true(i == 0 || m->height >= h.merges[i - 1].height);
        }
        assert_int_equal(h.merges[N_MAX - 2].size, N_MAX);
    }
}

static void partitions_nest_and_are_ordered_by_size(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 120, 4, 9);
    STRATA_AUTO(arena_free) arena *a = new_arena();
    hierarchy h;
    strata_error err = {0};
    assert_ok(hierarchy_run(&alone, &s.p, LINKAGE_WARD, a, &h, &err), &err);
    uint32_t coarse[120];
    for (size_t k = 1; k <= 120; k++) {
        uint32_t fine[120];
        size_t size[120] = {0};
        uint32_t inside[120];
        assert_ok(hierarchy_cut(&h, k, fine, &err), &err);
        for (size_t i = 0; i < 120; i++) {
            assert_true(fine[i] < k);
            inside[fine[i]] = size[fine[i]]++ == 0 && k > 1 ? coarse[i] : inside[fine[i]];
            assert_true(k == 1 || inside[fine[i]] == coarse[i]);
        }
        for (size_t c = 0; c < k; c++) {
            assert_true(size[c] > 0 && (c == 0 || size[c - 1] >= size[c]));
        }
        memcpy(coarse, fine, sizeof fine);
    }
}

static void the_order_of_points_and_threads_do_not_matter(void **state)
{
    (void)state;
    enum { N = 200, D = 2 };
    sample s;
    sample shuffled;
    uint32_t order[N];
    /* Whole numbers: many equal distances and equal points */
    make_sample(&s, N, D, 12);
    for (size_t i = 0; i < N * D; i++) {
        s.x[i] = floor(2.0 * s.x[i]);
    }
    rng r;
    rng_init(&r, 4, 0);
    for (uint32_t i = 0; i < N; i++) {
        order[i] = i;
    }
    rng_shuffle(&r, order, N);
    shuffled.p = (points){shuffled.x, N, D};
    for (size_t i = 0; i < N; i++) {
        memcpy(shuffled.x + i * D, s.x + (size_t)order[i] * D, D * sizeof(double));
    }
    context seven = {.threads = 7, .seed = 5};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (size_t l = 0; l < 3; l++) {
        hierarchy one;
        hierarchy other;
        strata_error err = {0};
        assert_ok(hierarchy_run(&alone, &s.p, linkages[l], a, &one, &err), &err);
        assert_ok(hierarchy_run(&seven, &shuffled.p, linkages[l], a, &other, &err), &err);
        for (size_t i = 0; i + 1 < N; i++) {
            assert_true(exactly(one.merges[i].height, other.merges[i].height));
        }
        for (size_t k = 2; k <= 12; k++) {
            uint32_t label[N];
            uint32_t back[N];
            uint32_t cut[N];
            assert_ok(hierarchy_cut(&one, k, label, &err), &err);
            assert_ok(hierarchy_cut(&other, k, cut, &err), &err);
            for (size_t i = 0; i < N; i++) {
                back[order[i]] = cut[i];
            }
            assert_true(exactly(likeness(label, back, N), 1.0));
        }
    }
}

static void clusters_that_are_apart_are_found(void **state)
{
    (void)state;
    sample s;
    uint32_t want[N_MAX];
    uint32_t label[N_MAX];
    rng r;
    rng_init(&r, 8, 0);
    for (size_t i = 0; i < N_MAX; i++) {
        want[i] = (uint32_t)rng_below(&r, 4);
        s.x[2 * i] = rng_normal(&r) + 12.0 * (double)(want[i] % 2);
        s.x[2 * i + 1] = rng_normal(&r) + 12.0 * (double)(want[i] / 2);
    }
    s.p = (points){s.x, N_MAX, 2};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (size_t l = 0; l < 3; l++) {
        hierarchy h;
        strata_error err = {0};
        assert_ok(hierarchy_run(&alone, &s.p, linkages[l], a, &h, &err), &err);
        assert_ok(hierarchy_cut(&h, 4, label, &err), &err);
        assert_true(likeness(label, want, N_MAX) > 0.95);
    }
}

static void equal_points_and_few_points_merge(void **state)
{
    (void)state;
    static const double same[] = {3, 3, 3, 3, 3};
    static const double two[] = {1, 2, 4, 6};
    STRATA_AUTO(arena_free) arena *a = new_arena();
    for (size_t l = 0; l < 3; l++) {
        hierarchy h;
        strata_error err = {0};
        points p = {same, 5, 1};
        assert_ok(hierarchy_run(&alone, &p, linkages[l], a, &h, &err), &err);
        assert_true(exactly(h.merges[3].height, 0.0) && h.merges[3].size == 5);
        p = (points){two, 2, 2};
        assert_ok(hierarchy_run(&alone, &p, linkages[l], a, &h, &err), &err);
        assert_true(exactly(h.merges[0].height, 5.0));
        p.n = 1;
        assert_ok(hierarchy_run(&alone, &p, linkages[l], a, &h, &err), &err);
        uint32_t label = 7;
        assert_ok(hierarchy_cut(&h, 1, &label, &err), &err);
        assert_int_equal(label, 0);
    }
}

static void bad_points_and_cuts_are_refused(void **state)
{
    (void)state;
    static double many[HIERARCHY_PAIRED_POINTS + 1];
    static const double missing[] = {1, NAN};
    static const double huge[] = {1, 1e200};
    for (size_t i = 0; i < COUNT(many); i++) {
        many[i] = (double)i;
    }
    STRATA_AUTO(arena_free) arena *a = new_arena();
    hierarchy h = {.n = 77};
    strata_error err = {0};
    points p = {missing, 2, 1};
    assert_int_equal(hierarchy_run(&alone, &p, LINKAGE_WARD, a, &h, &err), STRATA_E_DATA);
    assert_string_equal(err.message,
                        "coordinate 0 of point 1 is nan: fill in or drop missing values");
    p.x = huge;
    assert_int_equal(hierarchy_run(&alone, &p, LINKAGE_WARD, a, &h, &err), STRATA_E_NUMERIC);
    assert_string_equal(err.message,
                        "squares of coordinates up to 1e+200 are too large: scale them");
    p = (points){many, COUNT(many), 1};
    assert_int_equal(hierarchy_run(&alone, &p, LINKAGE_AVERAGE, a, &h, &err), STRATA_E_DATA);
    assert_string_equal(err.message, "distances of all pairs of 20001 different points would take "
                                     "1.6 GB: use Ward's linkage or at most 20000 points");
    sig_atomic_t stop = 1;
    context cx = {.threads = 1, .cancelled = &stop};
    p.n = 10;
    assert_int_equal(hierarchy_run(&cx, &p, LINKAGE_WARD, a, &h, &err), STRATA_E_CANCELLED);
    assert_int_equal(hierarchy_run(&cx, &p, LINKAGE_AVERAGE, a, &h, &err), STRATA_E_CANCELLED);
    assert_int_equal(h.n, 77);
    uint32_t label[10];
    assert_ok(hierarchy_run(&alone, &p, LINKAGE_WARD, a, &h, &err), &err);
    assert_int_equal(hierarchy_cut(&h, 11, label, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "10 points cannot be cut into 11 clusters");
    assert_int_equal(hierarchy_cut(&h, 0, label, &err), STRATA_E_USAGE);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    sample s;
    make_sample(&s, 20, 2, 1);
    strata_error err = {0};
    int failures = 0;
    for (size_t l = 0; l < 2; l++) {
        FAILURE_LOOP(failures, {
            STRATA_AUTO(arena_free) arena *a = NULL;
            hierarchy h = {.n = 77};
            strata_status st = arena_new(&a, &err);
            st = st == STRATA_OK ? hierarchy_run(&alone, &s.p, linkages[l], a, &h, &err) : st;
            FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, h.n == 77);
        });
    }
    STRATA_AUTO(arena_free) arena *a = new_arena();
    hierarchy h;
    assert_ok(hierarchy_run(&alone, &s.p, LINKAGE_WARD, a, &h, &err), &err);
    FAILURE_LOOP(failures, {
        uint32_t label[20] = {99};
        strata_status st = hierarchy_cut(&h, 3, label, &err);
        FAILURE_LOOP_EXPECT(st, STRATA_E_NOMEM, label[0] == 99);
    });
    assert_true(failures >= 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_trees_are_those_of_scipy),
        cmocka_unit_test(iris_trees_have_the_published_heights_and_likeness),
        cmocka_unit_test(trees_are_those_of_a_naive_search),
        cmocka_unit_test(heights_never_fall_and_sizes_add_up),
        cmocka_unit_test(partitions_nest_and_are_ordered_by_size),
        cmocka_unit_test(the_order_of_points_and_threads_do_not_matter),
        cmocka_unit_test(clusters_that_are_apart_are_found),
        cmocka_unit_test(equal_points_and_few_points_merge),
        cmocka_unit_test(bad_points_and_cuts_are_refused),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests_name("hierarchy", tests, NULL, NULL);
}
