/* SPDX-License-Identifier: Apache-2.0 */
#include "document/chart_theme.h"
#include "strata_test.h"
#include "support/failing_alloc.h"

static const char *const names[] = {"A", "B", "C"};
static const chart_theme theme = {"USD", names, COUNT(names)};
static const double values[] = {4, 2, NAN};
static const char *const periods[] = {"2026-01", "2026-02"};
static const double up[] = {0.5, 0.6};
static const double down[] = {0.5, NAN};
static const chart_series series[] = {{"A", up, up, up}, {"B", down, NULL, NULL}};
static const chart_time over_time = {periods, 2, series, 2, CHART_SHARE, "NRR", false, 1};

static json_t *make_bars(void)
{
    const chart_measure m[] = {{"Accounts", CHART_COUNT, values, NULL},
                               {"ARR", CHART_MONEY, values, names}};
    return chart_bars(&theme, names, 3, m, 2);
}

static json_t *make_matrix(void)
{
    static const double cells[] = {1, 2, NAN, 4};
    return chart_matrix(&theme, &(chart_grid){"From", "To", names, names, 2, 2, cells, CHART_COUNT,
                                              NULL, NULL, true});
}

static json_t *make_lorenz(void)
{
    const chart_mark mark = {0.2, 0.6, "20 % hold 60 %"};
    return chart_lorenz(&theme, (double[]){0, 0.2, 1}, (double[]){0, 0.6, 1}, 3, &mark, 1);
}

static json_t *make_lines(void)
{
    return chart_lines(&theme, &over_time);
}

static json_t *make_stack(void)
{
    return chart_stack(&theme, &over_time, true);
}

static json_t *make_multiples(void)
{
    return chart_multiples(&theme, &over_time);
}

static json_t *make_slope(void)
{
    return chart_slope(&theme, &over_time);
}

static json_t *make_dots(void)
{
    const chart_dot dots[] = {{"A", 1.1, 1.0, 1.2, "n = 4"}, {"B", NAN, NAN, NAN, NULL}};
    return chart_dots(&theme, dots, 2, CHART_SHARE, 1.05, "target");
}

static json_t *make_cloud(void)
{
    const chart_point points[] = {{0.5, 1.0, "A"}, {-0.5, NAN, "B"}};
    const chart_mark marks[] = {{0.5, 1.0, "A"}, {-0.5, 0.9, "B"}};
    return chart_cloud(&theme, &(chart_plane){.points = points,
                                              .n = 2,
                                              .marks = marks,
                                              .n_marks = 2,
                                              .x_title = "more arr",
                                              .y_title = NULL});
}

static json_t *make_bridge(void)
{
    const chart_bridge_step steps[] = {
        {"Opening", 10, true}, {"New", 5, false}, {"Churn", -3, false}, {"Closing", 12, true}};
    return chart_bridge(&theme, steps, 4, CHART_MONEY);
}

static json_t *make_flows(void)
{
    const chart_series flows[] = {{"A", (double[]){1, 2}, NULL, NULL},
                                  {"B", (double[]){-1, -0.0}, NULL, NULL}};
    chart_time t = over_time;
    t.series = flows;
    t.n_series = 2;
    t.n_periods = 2;
    return chart_flows(&theme, &t);
}

static json_t *make_spans(void)
{
    const chart_span spans[] = {{"usage", 18262, 19722, CHART_TONE_NONE},
                                {"tickets", 19000, 19100, CHART_TONE_WARN}};
    return chart_spans(spans, 2, 19722);
}

static json_t *(*const makers[])(void) = {make_bridge, make_flows, make_bars,  make_matrix,
                                          make_lorenz, make_lines, make_stack, make_multiples,
                                          make_slope,  make_dots,  make_cloud, make_spans};

static void each_form_is_a_specification_with_data(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(makers); i++) {
        json_t *spec = makers[i]();
        assert_non_null(spec);
        assert_string_equal(json_string_value(json_object_get(spec, "$schema")),
                            "https://vega.github.io/schema/vega-lite/v5.json");
        json_t *rows = json_object_get(json_object_get(spec, "data"), "values");
        assert_true(json_array_size(rows) > 0);
        assert_non_null(json_object_get(json_object_get(spec, "usermeta"), "strata"));
        char *text = json_dumps(spec, JSON_COMPACT);
        assert_non_null(text);
        assert_null(strstr(text, "legend\":{"));
        free(text);
        json_decref(spec);
    }
}

/* 2020-01-01 to 2023-12-31 are whole years. */
static void spans_run_from_the_first_day_to_the_end_of_the_last(void **state)
{
    (void)state;
    json_t *spec = make_spans();
    json_t *rows = json_object_get(json_object_get(spec, "data"), "values");
    json_t *usage = json_array_get(rows, 0);
    assert_close(json_number_value(json_object_get(usage, "begins")), 2020.0, 1e-12);
    assert_close(json_number_value(json_object_get(usage, "ends")), 2024.0, 1e-12);
    assert_string_equal(json_string_value(json_object_get(usage, "from")), "2020-01-01");
    assert_string_equal(json_string_value(json_object_get(usage, "to")), "2023-12-31");
    assert_string_equal(json_string_value(json_object_get(usage, "color")), CHART_GREY);
    json_t *tickets = json_array_get(rows, 1);
    assert_string_equal(json_string_value(json_object_get(tickets, "color")), CHART_WARN);
    json_decref(spec);
}

static void bars_of_a_whole_say_by_tone_where_to_look(void **state)
{
    (void)state;
    static const double share[] = {0.5, 1.0};
    static const chart_tone tones[] = {CHART_TONE_FAIL, CHART_TONE_NONE};
    const chart_measure m = {
        .title = "Holds", .format = CHART_SHARE, .values = share, .tones = tones, .full = 2.0};
    json_t *spec = chart_bars(&theme, names, 2, &m, 1);
    json_t *rows = json_object_get(json_object_get(spec, "data"), "values");
    json_t *half = json_array_get(rows, 0);
    json_t *all = json_array_get(rows, 1);
    assert_string_equal(json_string_value(json_object_get(half, "color")), CHART_FAIL);
    assert_string_equal(json_string_value(json_object_get(all, "color")), CHART_GREY);
    assert_close(json_number_value(json_object_get(all, "x2")), 0.76 / 2, 1e-12);
    assert_close(json_number_value(json_object_get(half, "x2")), 0.76 / 4, 1e-12);
    json_decref(spec);
}

static void dots_without_intervals_draw_none(void **state)
{
    (void)state;
    const chart_dot with[] = {{"A", 1.1, 1.0, 1.2, NULL}};
    const chart_dot without[] = {{"A", 1.1, NAN, NAN, NULL}};
    json_t *drawn = chart_dots(&theme, with, 1, CHART_SHARE, NAN, NULL);
    json_t *bare = chart_dots(&theme, without, 1, CHART_SHARE, NAN, NULL);
    assert_int_equal(json_array_size(json_object_get(drawn, "layer")),
                     json_array_size(json_object_get(bare, "layer")) + 1);
    json_decref(drawn);
    json_decref(bare);
}

static void rows_are_higher_where_a_label_takes_two_lines(void **state)
{
    (void)state;
    assert_int_equal(chart_row_height("Stable", 30), 30);
    assert_int_equal(chart_row_height("Renewal within 90 days and health under 60", 30), 38);
    assert_int_equal(chart_row_height(NULL, 30), 30);
}

static void bars_start_at_the_zero_of_their_lane(void **state)
{
    (void)state;
    json_t *spec = make_bars();
    json_t *rows = json_object_get(json_object_get(spec, "data"), "values");
    json_t *a = json_array_get(rows, 0);
    json_t *b = json_array_get(rows, 1);
    double x = json_number_value(json_object_get(a, "x"));
    double full = json_number_value(json_object_get(a, "x2")) - x;
    double half = json_number_value(json_object_get(b, "x2")) - x;
    assert_close(half, full / 2, 1e-12);
    assert_string_equal(json_string_value(json_object_get(json_array_get(rows, 2), "text")),
                        "not known");
    json_decref(spec);
}

static void shares_of_a_stack_sum_to_one(void **state)
{
    (void)state;
    json_t *spec = make_stack();
    json_t *rows = json_object_get(json_object_get(spec, "data"), "values");
    assert_close(json_number_value(json_object_get(json_array_get(rows, 1), "y2")), 1.0, 1e-12);
    assert_close(json_number_value(json_object_get(json_array_get(rows, 3), "y2")), 1.0, 1e-12);
    json_decref(spec);
}

static void a_name_keeps_its_color(void **state)
{
    (void)state;
    static const char *const other[] = {"C", "A"};
    const chart_theme turned = {NULL, other, COUNT(other)};
    assert_string_equal(chart_color(&theme, "B"), chart_color(&theme, "B"));
    assert_string_not_equal(chart_color(&theme, "A"), chart_color(&theme, "B"));
    assert_string_equal(chart_color(&turned, "unknown"), CHART_GREY);
    assert_string_equal(chart_color(&turned, NULL), CHART_GREY);
}

/* Every name has a colour of its own, whatever the names are. */
static void a_name_that_is_a_color_has_it(void **state)
{
    (void)state;
    static const char *const bands[] = {"Green", "Yellow", "Red", "Unknown", "Other"};
    static const char *const colors[] = {"#009e73", "#e69f00", "#d55e00", "#cc79a7", "#0072b2"};
    const chart_theme health = {NULL, bands, COUNT(bands)};
    for (size_t i = 0; i < COUNT(bands); i++) {
        assert_string_equal(chart_color(&health, bands[i]), colors[i]);
    }
}

static void labels_move_apart_and_keep_their_order(void **state)
{
    (void)state;
    double y[] = {1.0, 1.1, 1.05, 5.0};
    chart_spread_labels(y, COUNT(y), 1.0, 0.0, 10.0);
    assert_true(y[0] < y[2] && y[2] < y[1] && y[1] < y[3]);
    for (size_t i = 0; i < COUNT(y); i++) {
        for (size_t k = i + 1; k < COUNT(y); k++) {
            assert_true(fabs(y[i] - y[k]) > 0.99);
        }
    }
}

static void labels_that_are_no_utf8_are_repaired(void **state)
{
    (void)state;
    json_t *s = chart_string("a\xff");
    assert_string_equal(json_string_value(s), "a\xef\xbf\xbd");
    json_decref(s);
    s = chart_string(NULL);
    assert_string_equal(json_string_value(s), "");
    json_decref(s);
}

static void builders_without_memory_return_nothing(void **state)
{
    (void)state;
    int failures = 0;
    for (size_t i = 0; i < COUNT(makers); i++) {
        FAILURE_LOOP(failures, {
            json_t *spec = makers[i]();
            if (fail_alloc_pause()) {
                assert_null(spec);
            }
            json_decref(spec);
        });
    }
    assert_true(failures > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_a_specification_with_data),
        cmocka_unit_test(spans_run_from_the_first_day_to_the_end_of_the_last),
        cmocka_unit_test(bars_of_a_whole_say_by_tone_where_to_look),
        cmocka_unit_test(dots_without_intervals_draw_none),
        cmocka_unit_test(rows_are_higher_where_a_label_takes_two_lines),
        cmocka_unit_test(bars_start_at_the_zero_of_their_lane),
        cmocka_unit_test(shares_of_a_stack_sum_to_one),
        cmocka_unit_test(a_name_keeps_its_color),
        cmocka_unit_test(a_name_that_is_a_color_has_it),
        cmocka_unit_test(labels_move_apart_and_keep_their_order),
        cmocka_unit_test(labels_that_are_no_utf8_are_repaired),
        cmocka_unit_test(builders_without_memory_return_nothing),
    };
    return cmocka_run_group_tests_name("chart", tests, NULL, NULL);
}
