/* SPDX-License-Identifier: Apache-2.0 */
#include "demo.h"

#include <math.h>

#include "document/chart.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const segments[] = {"Champions", "Growth", "Steady", "Quiet </script>",
                                       "Rescue missions"};
static const chart_theme theme = {"USD", segments, COUNT(segments)};

static void add_bars(doc_section *s)
{
    static const double accounts[] = {412, 1206, 2411, 785, 186};
    static const double arr[] = {18.9e6, 19.6e6, 14.2e6, 4.6e6, 4.1e6};
    const chart_measure measures[] = {{"Accounts", CHART_COUNT, accounts, NULL},
                                      {"ARR", CHART_MONEY, arr, NULL}};
    doc_chart(s, "sizes", "Champions and Growth are a third of accounts and 63 % of ARR",
              "Bars by segment. Accounts: Champions 412, Growth 1,206, Steady 2,411, Quiet 785, "
              "Rescue missions 186. ARR: 18.9M, 19.6M, 14.2M, 4.6M, 4.1M dollars.",
              chart_bars(&theme, segments, COUNT(segments), measures, COUNT(measures)));
    const chart_measure one = {"ARR", CHART_MONEY, arr, NULL};
    doc_chart(s, "arr", "Growth holds most ARR", "Bars of ARR by segment.",
              chart_bars(&theme, segments, COUNT(segments), &one, 1));
}

static void add_grids(doc_section *s)
{
    static const char *const stages[] = {"Onboarding", "Adopting", "Established", "Renewing"};
    static const char *const tiers[] = {"Small", "Mid", "Large", "Strategic"};
    static const double arr[] = {1.1e6, 2.0e6, 3.2e6, 0.9e6, 3.1e6, 6.4e6, 8.8e6, 4.0e6,
                                 2.9e6, 7.7e6, 9.1e6, 5.2e6, 1.0e6, 2.2e6, 3.0e6, 1.4e6};
    static const char *const counts[] = {"310", "122", "41",  "3",  "880", "404", "120", "9",
                                         "960", "610", "160", "14", "400", "170", "60",  "5"};
    static const char *const below[] = {"$1.1M", "$2.0M", "$3.2M", "$0.9M", "$3.1M", "$6.4M",
                                        "$8.8M", "$4.0M", "$2.9M", "$7.7M", "$9.1M", "$5.2M",
                                        "$1.0M", "$2.2M", "$3.0M", "$1.4M"};
    doc_chart(s, "matrix", "Large established accounts carry the most ARR",
              "Matrix of lifecycle stage by size with accounts and ARR in each cell.",
              chart_matrix(&theme, &(chart_grid){"Stage", "Size", stages, tiers, 4, 4, arr,
                                                 CHART_MONEY, counts, below, false}));
    static const char *const cohorts[] = {"2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"};
    static const char *const ages[] = {"0", "3", "6", "9", "12"};
    static const double kept[] = {1,   0.94, 0.90, 0.88, 0.86, 1,   0.96, 0.93, 0.90,
                                  NAN, 1,    0.95, 0.92, NAN,  NAN, 1,    0.97, NAN,
                                  NAN, NAN,  1,    NAN,  NAN,  NAN, NAN};
    doc_chart(s, "triangle", "Newer cohorts keep more customers at six months",
              "Cohort triangle of customers kept, by months since start.",
              chart_matrix(&theme, &(chart_grid){"Cohort", "Months since start", cohorts, ages, 5,
                                                 5, kept, CHART_SHARE, NULL, NULL, false}));
    static const double moves[] = {380, 20, 8, 2, 2,  60,  1100, 30, 6, 10, 4,  90, 2250,
                                   50,  17, 0, 4, 45, 700, 36,   1,  6, 12, 27, 140};
    doc_chart(s, "moves", "Most accounts stay; 90 moved up from Steady to Growth",
              "Moves between segments since 31 March 2026, from row to column.",
              chart_matrix(&theme, &(chart_grid){"From", "To", segments, segments, 5, 5, moves,
                                                 CHART_COUNT, NULL, NULL, true}));
}

static void add_curve(doc_section *s)
{
    double x[101];
    double y[101];
    for (int i = 0; i <= 100; i++) {
        x[i] = i / 100.0;
        y[i] = 1 - pow(1 - x[i], 3.2);
    }
    const chart_mark marks[] = {{0.2, y[20], "20 % of accounts hold 51.0 %"},
                                {0.5, y[50], "50 % hold 89.1 %"}};
    doc_chart(s, "lorenz", "A fifth of accounts holds half of ARR",
              "Concentration curve: 20 % of accounts hold 51.0 % of ARR, 50 % hold 89.1 %.",
              chart_lorenz(&theme, x, y, COUNT(x), marks, COUNT(marks)));
}

static void add_time(doc_section *s)
{
    static const char *const months[] = {"2025-07", "2025-08", "2025-09", "2025-10",
                                         "2025-11", "2025-12", "2026-01", "2026-02",
                                         "2026-03", "2026-04", "2026-05", "2026-06"};
    static const double a[] = {380, 384, 390, 388, 392, 396, 398, 398, 400, 404, 409, 412};
    static const double b[] = {1100, 1110, 1120, 1118, 1130, 1150,
                               1170, 1172, 1180, 1190, 1200, 1206};
    static const double c[] = {2300, 2310, 2330, 2350, 2360, 2380,
                               2390, 2400, 2400, 2405, 2410, 2411};
    static const double d[] = {850, 845, 840, 838, 830, 820, 810, 805, 800, 795, 790, 785};
    static const double e[] = {150, 152, 150, 155, 158, 160, 162, 166, 170, 176, 181, 186};
    const chart_series counts[] = {{segments[0], a, NULL, NULL},
                                   {segments[1], b, NULL, NULL},
                                   {segments[2], c, NULL, NULL},
                                   {segments[3], d, NULL, NULL},
                                   {segments[4], e, NULL, NULL}};
    chart_time t = {months, COUNT(months), counts, COUNT(counts), CHART_COUNT, "Accounts", true, 0};
    doc_chart(s, "mix", "The mix moves slowly towards Growth", "Stacked bars of accounts by month.",
              chart_stack(&theme, &t, false));
    doc_chart(s, "shares", "Growth gained 1.1 points in a year", "Stacked shares by month.",
              chart_stack(&theme, &t, true));
    doc_chart(s, "panels", "Each segment on its own", "Small lines of accounts per segment.",
              chart_multiples(&theme, &t));
    static const double nrr[] = {1.02, 1.03, 1.03, 1.05, 1.04, NAN,
                                 1.06, 1.07, 1.08, 1.08, 1.09, 1.10};
    static const double low[] = {1.00, 1.01, 1.01, 1.03, 1.02, NAN,
                                 1.04, 1.05, 1.06, 1.05, 1.05, 1.04};
    static const double high[] = {1.04, 1.05, 1.05, 1.07, 1.06, NAN,
                                  1.08, 1.09, 1.10, 1.11, 1.13, 1.16};
    static const double other[] = {1.01, 1.01, 1.02, 1.02, 1.03, 1.03,
                                   1.05, 1.06, 1.07, 1.08, 1.08, 1.095};
    const chart_series lines[] = {{"Champions", nrr, low, high}, {"All", other, NULL, NULL}};
    chart_time f = {months,      COUNT(months),    lines, COUNT(lines),
                    CHART_SHARE, "NRR, 12 months", false, 9};
    doc_chart(s, "nrr", "NRR of Champions pulls ahead", "Lines of NRR with a band and a forecast.",
              chart_lines(&theme, &f));
    static const char *const ends[] = {"2026-03-31", "2026-06-30"};
    static const double s0[] = {400, 412};
    static const double s1[] = {1180, 1206};
    static const double s2[] = {170, 186};
    const chart_series slopes[] = {{"Champions", s0, NULL, NULL},
                                   {"Growth", s1, NULL, NULL},
                                   {"Rescue missions", s2, NULL, NULL}};
    chart_time g = {ends, 2, slopes, COUNT(slopes), CHART_COUNT, NULL, true, 0};
    doc_chart(s, "slope", "Rescue missions grew by 16", "Accounts at two dates by segment.",
              chart_slope(&theme, &g));
}

static void add_dots(doc_section *s)
{
    static const chart_dot dots[] = {{"Champions", 1.21, 1.17, 1.25, "n = 412"},
                                     {"Growth", 1.12, 1.09, 1.15, "n = 1,206"},
                                     {"Steady", 1.01, 0.99, 1.03, "n = 2,411"},
                                     {"Rescue missions", 0.84, 0.76, 0.92, "n = 186"},
                                     {"New", 0.98, NAN, NAN, "n = 7"}};
    doc_chart(s, "dots", "Champions renew above target, Rescue missions far below",
              "NRR by segment with 95 % intervals and the target of 105 %.",
              chart_dots(&theme, dots, COUNT(dots), CHART_SHARE, 1.05, "target 105 %"));
}

void demo_add_charts(document *d)
{
    doc_section *s = document_section(d, NULL, "charts", "Every form of chart");
    add_bars(s);
    add_grids(s);
    add_curve(s);
    add_time(s);
    add_dots(s);
}
