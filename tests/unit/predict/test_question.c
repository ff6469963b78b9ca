/* SPDX-License-Identifier: Apache-2.0 */
#include "../strata_test.h"

#include <stdio.h>

#include "base/blob.h"
#include "predict/bands.h"
#include "predict/schedule.h"

static horizon parsed(const char *text)
{
    horizon h = {0};
    strata_error err = {0};
    assert_ok(horizon_parse(text, &h, &err), &err);
    return h;
}

static void spans_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        horizon want;
    } cases[] = {{"90 days", {90, false}},  {"90d", {90, false}},   {"6 weeks", {42, false}},
                 {"12 months", {12, true}}, {"1 year", {12, true}}, {"3m", {3, true}}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        horizon h = parsed(cases[i].text);
        assert_int_equal(h.n, cases[i].want.n);
        assert_int_equal(h.months, cases[i].want.months);
    }
}

static void what_is_no_span_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",        "days",      "0 days",    "-3 months",       "12",
                                      "2 moons", "37 months", "4000 days", "99999999999 days"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        horizon h = {7, false};
        strata_error err = {0};
        assert_int_equal(horizon_parse(bad[i], &h, &err), STRATA_E_USAGE);
        assert_non_null(strstr(err.message, bad[i]));
        assert_int_equal(h.n, 7);
    }
}

static void a_horizon_that_begins_in_time_is_over_in_time(void **state)
{
    (void)state;
    static const horizon spans[] = {{90, false}, {1, true}, {3, true}, {12, true}};
    for (day d = day_from_civil(2024, 1, 1); d < day_from_civil(2025, 3, 5); d++) {
        for (size_t i = 0; i < COUNT(spans); i++) {
            day from = horizon_start(d, spans[i]);
            assert_true(horizon_end(from, spans[i]) <= d);
            assert_true(horizon_end(from + 4, spans[i]) > d);
        }
    }
}

/* --- schedules --- */

static ledger_info history_of(int months, day as_of)
{
    ledger_info info = {.n_accounts = 1, .entities = 1U << ENTITY_ARR};
    for (int e = 0; e < ENTITY_COUNT; e++) {
        info.first_day_of[e] = DAY_MISSING;
    }
    info.first_day_of[ENTITY_ARR] = day_add_months(as_of, -months);
    return info;
}

/* No outcome that one block sees lies in the horizon of a date of a later block. */
static void assert_blocks_apart(const schedule *s, const date_role *roles)
{
    for (size_t i = 0; i < s->n; i++) {
        assert_true(horizon_end(s->dates[i], s->horizon) <= s->as_of);
        for (size_t j = i + 1; j < s->n; j++) {
            assert_true(s->dates[i] < s->dates[j]);
            if (roles[i] != ROLE_UNUSED && roles[j] != ROLE_UNUSED && roles[i] != roles[j]) {
                assert_true(horizon_end(s->dates[i], s->horizon) <= s->dates[j]);
                assert_true(roles[i] < roles[j] || roles[i] == ROLE_SHARED);
            }
        }
    }
}

static void blocks_of_dates_never_see_each_others_outcomes(void **state)
{
    (void)state;
    static const horizon spans[] = {{30, false}, {90, false}, {6, true}, {12, true}};
    day as_of = day_from_civil(2026, 6, 30);
    for (int months = 1; months < 80; months++) {
        for (size_t i = 0; i < COUNT(spans); i++) {
            ledger_info info = history_of(months, as_of);
            schedule s;
            schedule_make(&info, as_of, spans[i], &s);
            if (s.why != NULL) {
                continue;
            }
            assert_blocks_apart(&s, s.judged);
            assert_blocks_apart(&s, s.today);
            assert_int_equal(s.judged[s.n - 1], ROLE_JUDGE);
        }
    }
}

static void a_short_history_says_so(void **state)
{
    (void)state;
    day as_of = day_from_civil(2026, 6, 30);
    ledger_info info = history_of(10, as_of);
    schedule s;
    schedule_make(&info, as_of, (horizon){12, true}, &s);
    assert_non_null(strstr(s.why, "too short"));
}

static void data_that_begins_late_is_left_out_and_early_data_moves_the_start(void **state)
{
    (void)state;
    day as_of = day_from_civil(2026, 6, 30);
    ledger_info info = history_of(36, as_of);
    info.first_day_of[ENTITY_USAGE] = day_add_months(as_of, -30);
    info.first_day_of[ENTITY_TICKETS] = day_add_months(as_of, -6);
    info.first_day_of[ENTITY_SURVEYS] = as_of + 5; /* nobody knows of it yet */
    schedule s;
    schedule_make(&info, as_of, (horizon){90, false}, &s);
    assert_null(s.why);
    assert_int_equal(s.begins, info.first_day_of[ENTITY_USAGE]);
    assert_int_equal(s.late, 1U << ENTITY_TICKETS);
}

/* --- bands --- */

static const char *template_text(const char *name)
{
    for (const strata_blob *b = strata_model_files; b->name != NULL; b++) {
        if (strcmp(b->name, name) == 0) {
            return (const char *)b->data;
        }
    }
    return NULL;
}

static void bands_are_those_of_the_template(void **state)
{
    (void)state;
    const char *yaml = template_text("predictive.yaml");
    assert_non_null(yaml);
    for (int t = 0; t < PREDICT_TARGETS; t++) {
        const predict_band *bands = predict_bands((predict_target)t);
        for (size_t k = 0; k + 1 < PREDICT_BANDS; k++) {
            char line[120];
            (void)snprintf(line, sizeof line, "- name: %s\n        when: %s >= %.0f%%\n",
                           bands[k].name, predict_target_feature((predict_target)t),
                           100.0 * bands[k].from);
            assert_non_null(strstr(yaml, line));
        }
    }
    assert_int_equal(predict_band_of(PREDICT_CHURN, 0.2), 0);
    assert_int_equal(predict_band_of(PREDICT_CHURN, 0.1999), 1);
    assert_int_equal(predict_band_of(PREDICT_CHURN, 0.0), PREDICT_BANDS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_read_as_people_write_them),
        cmocka_unit_test(what_is_no_span_is_refused),
        cmocka_unit_test(a_horizon_that_begins_in_time_is_over_in_time),
        cmocka_unit_test(blocks_of_dates_never_see_each_others_outcomes),
        cmocka_unit_test(a_short_history_says_so),
        cmocka_unit_test(data_that_begins_late_is_left_out_and_early_data_moves_the_start),
        cmocka_unit_test(bands_are_those_of_the_template),
    };
    return cmocka_run_group_tests_name("predict_question", tests, NULL, NULL);
}
