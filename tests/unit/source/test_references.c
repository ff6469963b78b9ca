/* SPDX-License-Identifier: Apache-2.0 */

/* What leads nowhere: parents, managers and hours that are not there, said with file and line. */

#include "source_test.h"

#define SOURCES "ingest: {rejects_allowed: 50%}\nsources: {accounts: a.csv, csms: m.csv}\n"

static void findings_are(project *p, const char *want)
{
    char rows[512];
    (void)snprintf(rows, sizeof rows,
                   "select entity, kind, n, replace(example, '%s/', '') from data_issue "
                   "order by all",
                   p->folder);
    assert_rows(p, rows, want);
}

static void managers_and_parents_that_are_not_there_are_told_with_their_places(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv",
               "account_id,parent_id,csm_id\nA,,M1\nB,A,M9\nC,Z,M9\nD,,\nE,Z,M7\nF,Y,M6\nG,,M5\n");
    write_text(&p, "m.csv", "csm_id,name,capacity_hours\nM1,Ada,120\n");
    assert_ingests(&p, SOURCES);
    findings_are(&p, "accounts unknown_csms 5 'M9' (a.csv:3), 'M7' (a.csv:6), 'M6' (a.csv:7) and 1 "
                     "more: no such csm_id in the source 'csms'; nobody's book has these accounts\n"
                     "accounts unknown_parents 3 'Z' (a.csv:4), 'Y' (a.csv:7): no such account; "
                     "they stand without a parent\n");
    write_text(&p, "m.csv", "csm_id,name,capacity_hours\nM1,Ada,120\nM5,,\nM6,,\nM7,,\nM9,,\n");
    assert_ingests(&p, SOURCES);
    findings_are(&p, "accounts unknown_parents 3 'Z' (a.csv:4), 'Y' (a.csv:7): no such account; "
                     "they stand without a parent\n");
    project_close(&p);
}

static void without_a_source_of_managers_none_is_unknown(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id,csm_id\nA,M1\n");
    assert_ingests(&p, "sources: {accounts: a.csv}\n");
    findings_are(&p, "");
    project_close(&p);
}

static void managers_without_hours_are_told_and_impossible_ones_refused(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id,csm_id\nA,M1\n");
    write_text(&p, "m.csv",
               "csm_id,capacity_hours,cost_per_hour\nM1,0,60\nM2,,\nM3,-5,60\nM4,745,60\n"
               "M5,744,-1\nM6,744,0\n");
    assert_ingests(&p, SOURCES);
    findings_are(&p, "csms no_hours 1 'M1' (m.csv:2): capacity_hours is 0; leave it empty where it "
                     "is not known\n");
    assert_rows(&p, "select csm_id from csm order by all", "M1\nM2\nM6\n");
    assert_rows(&p, "select line, column_name, value, reason from reject order by all",
                "4 capacity_hours -5 is not 0 to 744 hours a month\n"
                "5 capacity_hours 745 is not 0 to 744 hours a month\n"
                "6 cost_per_hour -1 is below 0\n");
    write_text(&p, "m.csv", "csm_id,capacity_hours\nM1,100\n");
    assert_ingests(&p, SOURCES);
    findings_are(&p, "");
    project_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(managers_and_parents_that_are_not_there_are_told_with_their_places),
        cmocka_unit_test(without_a_source_of_managers_none_is_unknown),
        cmocka_unit_test(managers_without_hours_are_told_and_impossible_ones_refused),
    };
    return cmocka_run_group_tests_name("references", tests, NULL, NULL);
}
