/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/number.h"
#include "base/strbuf.h"
#include "synth/account.h"
#include "synth/parameters.h"

enum { MANY = 6000, DECILES = 10 };

typedef struct at_risk {
    double engagement, hazard;
    bool churned;
} at_risk;

static void arr_is_positive_while_a_customer_and_never_negative(void **state)
{
    (void)state;
    synth_options o = synth_defaults();
    account *a = calloc(1, sizeof *a);
    assert_non_null(a);
    for (uint64_t k = 0; k < 1000; k++) {
        account_make(a, &o, k);
        assert_true(a->n_terms >= 1);
        assert_int_equal(a->terms[0].start, a->started);
        for (size_t i = 0; i < a->n_terms; i++) {
            const term *t = &a->terms[i];
            assert_true(t->cents_month > 0);
            assert_true(t->start >= a->started && t->start <= o.ends);
            assert_true(t->end == DAY_MISSING || (t->end > t->start && t->end <= o.ends));
        }
        const month *last = &a->months[a->n_months - 1];
        bool customer = last->active && !last->churned;
        assert_int_equal(account_arr(a) > 0, customer);
    }
    free(a);
}

static void a_month_is_active_exactly_when_one_main_term_runs(void **state)
{
    (void)state;
    synth_options o = synth_defaults();
    account *a = calloc(1, sizeof *a);
    assert_non_null(a);
    for (uint64_t k = 0; k < 1000; k++) {
        account_make(a, &o, k);
        for (size_t i = 0; i < a->n_months; i++) {
            const month *m = &a->months[i];
            int main = 0;
            int seats = 0;
            for (size_t j = 0; j < a->n_terms; j++) {
                const term *t = &a->terms[j];
                bool runs = t->start <= m->from && (t->end == DAY_MISSING || t->end > m->from);
                main += runs && !t->addon;
                seats += runs ? t->seats : 0;
            }
            assert_int_equal(main, m->active);
            assert_int_equal(seats, m->seats);
        }
    }
    free(a);
}

static void starts_lie_in_the_window_or_the_years_before_it(void **state)
{
    (void)state;
    synth_options o = synth_defaults();
    account *a = calloc(1, sizeof *a);
    assert_non_null(a);
    int mature = 0;
    for (uint64_t k = 0; k < 2000; k++) {
        account_make(a, &o, k);
        assert_int_equal(a->window, day_from_civil(2023, 7, 1));
        assert_true(a->started >= day_from_civil(2020, 7, 1) && a->started <= o.ends);
        assert_true(a->parent < (int64_t)k);
        mature += a->started < a->window;
    }
    free(a);
    /* binomial, four standard deviations of a share of 0.4 in 2000 */
    assert_close_at(mature / 2000.0, synth_p(P_MATURE_SHARE), 0, 4 * sqrt(0.24 / 2000), __FILE__,
                    __LINE__);
}

static void assert_same_term(const term *a, const term *b)
{
    assert_true(a->start == b->start && a->end == b->end && a->cents_month == b->cents_month);
    assert_true(a->seats == b->seats && a->addon == b->addon);
}

static void an_account_is_the_same_however_many_there_are(void **state)
{
    (void)state;
    synth_options few = synth_defaults();
    synth_options many = synth_defaults();
    few.accounts = 8;
    many.accounts = SYNTH_ACCOUNTS_MAX;
    account *a = calloc(1, sizeof *a);
    account *b = calloc(1, sizeof *b);
    assert_true(a != NULL && b != NULL);
    for (uint64_t k = 0; k < 8; k++) {
        account_make(a, &few, k);
        account_make(b, &many, k);
        assert_int_equal(a->n_terms, b->n_terms);
        for (size_t i = 0; i < a->n_terms; i++) {
            assert_same_term(&a->terms[i], &b->terms[i]);
        }
        assert_memory_equal(&a->fit, &b->fit, sizeof a->fit);
        assert_true(a->csm == b->csm && a->parent == b->parent);
    }
    free(a);
    free(b);
}

/* The same account with its data cut off earlier: its life is drawn forwards, so nothing of it is
 * another, and who comes to be known does not depend on what is bought later. */
static void what_comes_later_does_not_change_who_was_there(void **state)
{
    (void)state;
    synth_options o = synth_defaults();
    account *a = calloc(1, sizeof *a);
    account *b = calloc(1, sizeof *b);
    assert_true(a != NULL && b != NULL);
    size_t people = 0;
    for (uint64_t k = 0; k < 500; k++) {
        account_make(a, &o, k);
        account_make(b, &o, k);
        b->ends = o.ends - 300;
        b->plan = b->coverage = 0;
        b->n_months = b->n_terms = b->n_champions = b->n_newcomers = 0;
        account_live(b);
        assert_true(b->n_newcomers <= a->n_newcomers && b->n_champions <= a->n_champions);
        for (size_t i = 0; i < b->n_newcomers; i++, people++) {
            assert_int_equal(a->newcomers[i].from, b->newcomers[i].from);
            assert_int_equal(a->newcomers[i].decides, b->newcomers[i].decides);
        }
        for (size_t i = b->n_newcomers; i < a->n_newcomers; i++) {
            assert_true(a->newcomers[i].from > b->ends);
        }
        for (size_t i = 0; i < b->n_champions; i++, people++) {
            assert_int_equal(a->champions[i].from, b->champions[i].from);
        }
    }
    assert_true(people > 500);
    free(a);
    free(b);
}

static void one_champion_comes_after_the_other(void **state)
{
    (void)state;
    synth_options o = synth_defaults();
    o.years = SYNTH_YEARS_MAX;
    account *a = calloc(1, sizeof *a);
    assert_non_null(a);
    size_t gone = 0;
    for (uint64_t k = 0; k < 2000; k++) {
        account_make(a, &o, k);
        assert_true(a->n_champions > 0 && a->champions[0].from == a->started);
        for (size_t i = 0; i < a->n_champions; i++) {
            const stay *c = &a->champions[i];
            assert_true(i + 1 == a->n_champions || c->until != DAY_MISSING);
            assert_true(c->until == DAY_MISSING || c->from < c->until);
            assert_true(i == 0 || a->champions[i - 1].until < c->from);
            gone += c->until != DAY_MISSING;
        }
    }
    assert_true(gone > 1000);
    free(a);
}

/* More seats a month, of those with and without somebody new in this month or the four before, at
 * like engagement: the factor of the parameters, less where an account has as many seats as people.
 */
static void more_seats_follow_people_of_new_departments(void **state)
{
    (void)state;
    synth_options o = synth_defaults();
    account *a = calloc(1, sizeof *a);
    assert_non_null(a);
    double seats[2] = {0};
    double chances[2] = {0}; /* of more seats, times the parameters */
    for (uint64_t k = 0; k < MANY; k++) {
        account_make(a, &o, k);
        size_t joined = 0;
        for (size_t i = 0; i + 1 < a->n_months; i++) {
            const month *m = &a->months[i];
            while (joined < a->n_newcomers && a->newcomers[joined].from <= m->from) {
                joined++;
            }
            bool lately =
                joined > 0 && a->newcomers[joined - 1].from >= a->months[i < 4 ? 0 : i - 4].from;
            if (m->active && a->months[i + 1].active && !m->churned) {
                seats[lately] += a->months[i + 1].seats > m->seats;
                chances[lately] += m->engagement * m->engagement;
            }
        }
    }
    free(a);
    assert_close_at(seats[0] / chances[0], synth_p(P_EXPAND), 0.1, 0, __FILE__, __LINE__);
    assert_close_at(seats[1] / chances[1], synth_p(P_EXPAND) * synth_p(P_PEOPLE_EXPAND), 0.1, 0,
                    __FILE__, __LINE__);
}

static int by_engagement(const void *pa, const void *pb)
{
    const at_risk *a = pa;
    const at_risk *b = pb;
    return (a->engagement > b->engagement) - (a->engagement < b->engagement);
}

static size_t collect(at_risk *out, size_t cap)
{
    synth_options o = synth_defaults();
    account *a = calloc(1, sizeof *a);
    assert_non_null(a);
    size_t n = 0;
    for (uint64_t k = 0; k < MANY; k++) {
        account_make(a, &o, k);
        for (size_t i = 0; i < a->n_months; i++) {
            const month *m = &a->months[i];
            if (m->active && m->to <= o.ends) {
                assert_true(n < cap);
                out[n++] = (at_risk){m->engagement, m->hazard, m->churned};
            }
        }
    }
    free(a);
    return n;
}

static void churn_falls_with_engagement_and_agrees_with_the_true_hazards(void **state)
{
    (void)state;
    size_t cap = (size_t)MANY * 72;
    at_risk *months = calloc(cap, sizeof *months);
    assert_non_null(months);
    size_t n = collect(months, cap);
    qsort(months, n, sizeof *months, by_engagement);
    double rate[DECILES];
    for (size_t d = 0; d < DECILES; d++) {
        double expected = 0;
        double variance = 0;
        double churned = 0;
        size_t first = n * d / DECILES;
        size_t stop = n * (d + 1) / DECILES;
        for (size_t i = first; i < stop; i++) {
            expected += months[i].hazard;
            variance += months[i].hazard * (1 - months[i].hazard);
            churned += months[i].churned;
        }
        /* a sum of independent Bernoulli variables; four standard deviations */
        assert_close_at(churned, expected, 0, 4 * sqrt(variance), __FILE__, __LINE__);
        rate[d] = churned / (double)(stop - first);
        assert_true(d < 2 || rate[d] < rate[d - 2]);
    }
    assert_true(rate[0] > 5 * rate[DECILES - 1]);
    free(months);
}

/* The document lies beside the tests: docs/ from tests/unit/synth/test_life.c */
static char *read_document(void)
{
    static const char tail[] = "tests/unit/synth/test_life.c";
    char path[4096];
    strata_error err = {0};
    char *text = NULL;
    size_t len = 0;
    int root = (int)(sizeof __FILE__ - sizeof tail);
    (void)snprintf(path, sizeof path, "%.*sdocs/synthetic-data.md", root, __FILE__);
    assert_ok(file_read(path, 1 << 20, &text, &len, &err), &err);
    return text;
}

static void assert_says(const char *document, const strbuf *row)
{
    if (strstr(document, strbuf_text(row)) == NULL) {
        fail_msg("docs/synthetic-data.md lacks the row: %s", strbuf_text(row));
    }
}

static void add_number(strbuf *b, double x)
{
    char text[NUMBER_TEXT];
    number_format_exact(x, text);
    strbuf_printf(b, " %s |", text);
}

static void check_table(const char *document, const synth_category *table, size_t n, bool share,
                        size_t values)
{
    STRBUF_AUTO strbuf row = {0};
    strbuf_init(&row, 0);
    double total = 0;
    for (size_t i = 0; i < n; i++) {
        strbuf_clear(&row);
        strbuf_printf(&row, "\n| %s |", table[i].name);
        if (share) {
            add_number(&row, table[i].share);
        }
        for (size_t j = 0; j < values; j++) {
            add_number(&row, table[i].value[j]);
        }
        assert_says(document, &row);
        total += table[i].share;
    }
    assert_close_at(total, share ? 1 : 0, 0, 1e-12, __FILE__, __LINE__);
}

static void the_document_names_every_parameter_with_its_value(void **state)
{
    (void)state;
    char *document = read_document();
    STRBUF_AUTO strbuf row = {0};
    strbuf_init(&row, 0);
    for (size_t i = 0; i < P_COUNT; i++) {
        strbuf_clear(&row);
        strbuf_printf(&row, "\n| `%s` |", synth_parameters[i].name);
        add_number(&row, synth_parameters[i].value);
        strbuf_printf(&row, " %s |\n", synth_parameters[i].meaning);
        assert_says(document, &row);
    }
    for (size_t i = 0; i < FEATURE_KINDS; i++) {
        strbuf_clear(&row);
        strbuf_printf(&row, "\n| %s |", synth_features[i].name);
        for (size_t j = 0; j < ARCHETYPES; j++) {
            add_number(&row, synth_features[i].weight[j]);
        }
        assert_says(document, &row);
    }
    check_table(document, synth_industries, INDUSTRIES, true, 3);
    check_table(document, synth_channels, CHANNELS, true, 2);
    check_table(document, synth_plans, PLANS, false, 6);
    check_table(document, synth_weekdays, WEEKDAYS, false, 1);
    check_table(document, synth_archetypes, ARCHETYPES, true, 3);
    check_table(document, synth_coverages, COVERAGES, false, 4);
    free(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arr_is_positive_while_a_customer_and_never_negative),
        cmocka_unit_test(a_month_is_active_exactly_when_one_main_term_runs),
        cmocka_unit_test(starts_lie_in_the_window_or_the_years_before_it),
        cmocka_unit_test(an_account_is_the_same_however_many_there_are),
        cmocka_unit_test(what_comes_later_does_not_change_who_was_there),
        cmocka_unit_test(one_champion_comes_after_the_other),
        cmocka_unit_test(more_seats_follow_people_of_new_departments),
        cmocka_unit_test(churn_falls_with_engagement_and_agrees_with_the_true_hazards),
        cmocka_unit_test(the_document_names_every_parameter_with_its_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
