/* SPDX-License-Identifier: Apache-2.0 */
#include "strata_test.h"

#include <signal.h>
#include <sys/resource.h>

#include "base/file.h"
#include "synth/account.h"
#include "synth/synth.h"
#include "synth_folder.h"

typedef struct scratch {
    char dir[64];   /* exists, empty */
    char inner[96]; /* "p" in it, not there yet */
} scratch;

static int setup(void **state)
{
    scratch *s = calloc(1, sizeof *s);
    if (s == NULL) {
        return -1;
    }
    scratch_make(s->dir);
    (void)snprintf(s->inner, sizeof s->inner, "%s/p", s->dir);
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    scratch *s = *state;
    scratch_remove(s->dir);
    free(s);
    return 0;
}

static synth_options small(size_t accounts)
{
    synth_options o = synth_defaults();
    o.accounts = accounts;
    return o;
}

static void make(const synth_options *o, const char *dir, synth_summary *sum)
{
    context cx = {.threads = 1};
    strata_error err = {0};
    assert_ok(synth_write(&cx, o, dir, sum, &err), &err);
}

static void assert_same_files(const char *a, const char *b)
{
    for (unsigned f = 0; f < SYNTH_FILE_COUNT; f++) {
        char name[40];
        (void)snprintf(name, sizeof name, "%s.csv", synth_file_name((synth_file)f));
        assert_same_file(a, b, name);
    }
}

static void equal_seeds_give_equal_bytes_and_others_differ(void **state)
{
    const scratch *s = *state;
    char other[64];
    scratch_make(other); /* an empty folder may be used */
    synth_options o = small(60);
    make(&o, s->inner, NULL);
    make(&o, other, NULL);
    assert_same_files(s->inner, other);
    o.seed = 2;
    o.force = true;
    make(&o, other, NULL);
    char *x = scratch_read(s->inner, "usage.csv");
    char *y = scratch_read(other, "usage.csv");
    assert_string_not_equal(x, y);
    free(x);
    free(y);
    scratch_remove(other);
}

/* FNV-1a over all files. Tests are compiled by gcc and, with sanitizers, by clang: draws whose
 * order is left to the compiler show here. A change of the generator makes another number. */
static void every_compiler_writes_the_same_bytes(void **state)
{
    const scratch *s = *state;
    const synth_options o = small(60);
    uint64_t sum = 0xcbf29ce484222325;
    make(&o, s->inner, NULL);
    for (unsigned f = 0; f < SYNTH_FILE_COUNT; f++) {
        char name[40];
        (void)snprintf(name, sizeof name, "%s.csv", synth_file_name((synth_file)f));
        char *text = scratch_read(s->inner, name);
        for (const char *c = text; *c != '\0'; c++) {
            sum = (sum ^ (unsigned char)*c) * 0x100000001b3;
        }
        free(text);
    }
    assert_int_equal(sum, 0x7fa64f13b1547a29);
}

static void more_accounts_only_append(void **state)
{
    const scratch *s = *state;
    char other[64];
    scratch_make(other);
    synth_options o = small(20);
    make(&o, s->inner, NULL);
    o.accounts = 50;
    make(&o, other, NULL);
    for (unsigned f = 0; f < SYNTH_FILE_COUNT; f++) {
        char name[40];
        (void)snprintf(name, sizeof name, "%s.csv", synth_file_name((synth_file)f));
        char *few = scratch_read(s->inner, name);
        char *many = scratch_read(other, name);
        assert_int_equal(strncmp(few, many, strlen(few)), 0);
        free(few);
        free(many);
    }
    scratch_remove(other);
}

static void headers_name_the_columns(void **state)
{
    static const char *const want[][2] = {
        {"accounts.csv",
         "Account ID,name,Customer since,parent_id,industry,employees,region,country,"
         "plan,use_case,channel,csm_id,coverage,seats,currency,potential_arr,"
         "complexity,strategic\n"},
        {"subscriptions.csv",
         "account_id,subscription_id,start,end,amount,period,currency,seats,product\n"},
        {"usage.csv", "org_id,ts,event,count,user_id\n"},
        {"tickets.csv", "account_id,ticket_id,opened_at,closed_at,severity,theme,csat,text\n"},
        {"surveys.csv", "account_id,answered_at,kind,score,text,contact_id\n"},
        {"contacts.csv",
         "account_id,contact_id,title,role,department,known_from,active_until,email\n"},
        {"touchpoints.csv", "account_id,at,csm_id,channel,minutes,responded\n"},
        {"opportunities.csv", "account_id,opened_at,kind,amount,due_on,stage,competitor\n"},
        {"csms.csv", "csm_id,name,capacity_hours,skills,regions,cost_per_hour\n"},
        {"health.csv", "account_id,at,score\n"},
        {"interventions.csv", "account_id,at,playbook,kind,minutes,outcome\n"},
        {"truth.csv", "account_id,archetype,fit,engagement,customer,hazard,months_at_risk,"
                      "expected_churns,churns,reactivations\n"},
    };
    const scratch *s = *state;
    synth_options o = small(1);
    make(&o, s->inner, NULL);
    for (size_t i = 0; i < COUNT(want); i++) {
        char *text = scratch_read(s->inner, want[i][0]);
        assert_int_equal(strncmp(text, want[i][1], strlen(want[i][1])), 0);
        free(text);
    }
    char *model = scratch_read(s->inner, "strata.yaml");
    assert_non_null(strstr(model, "\nextends: hybrid\n"));
    assert_non_null(strstr(model, "  usage: {path: usage.csv, map: {account_id: org_id"));
    free(model);
}

/* The digits after `lead`, which must come next; moves behind them. */
static uint64_t number_at(const char **at, const char *lead)
{
    assert_int_equal(strncmp(*at, lead, strlen(lead)), 0);
    *at += strlen(lead);
    assert_true(**at >= '0' && **at <= '9');
    uint64_t n = 0;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        n = 10 * n + (uint64_t)(**at - '0');
    }
    return n;
}

/* One usage row against the life of its account. */
static void check_usage(account *a, const synth_options *o, const char *line)
{
    uint64_t k = number_at(&line, "A");
    int y = (int)number_at(&line, ",");
    int mo = (int)number_at(&line, "-");
    int d = (int)number_at(&line, "-");
    line = strchr(strchr(line, ',') + 1, ','); /* past the time and the event */
    assert_true(number_at(&line, ",") >= 1);
    assert_true(number_at(&line, ",A") == k && k >= 1 && k <= o->accounts);
    uint64_t user = number_at(&line, "-U");
    assert_int_equal(*line, '\0');
    if (a->n_months == 0 || a->k != k - 1) {
        account_make(a, o, k - 1);
    }
    day at = day_from_civil(y, mo, d);
    assert_true(at >= a->window && at <= o->ends);
    const month *in = NULL;
    for (size_t i = 0; i < a->n_months; i++) {
        in = a->months[i].from <= at && at < a->months[i].to ? &a->months[i] : in;
    }
    assert_true(in != NULL && in->active && user <= (uint64_t)in->seats);
}

static void use_happens_only_while_a_customer_by_at_most_the_seats(void **state)
{
    const scratch *s = *state;
    synth_options o = small(150);
    o.dirt = 0;
    synth_summary sum;
    make(&o, s->inner, &sum);
    char *text = scratch_read(s->inner, "usage.csv");
    account *a = calloc(1, sizeof *a);
    assert_non_null(a);
    uint64_t rows = 0;
    for (char *line = strchr(text, '\n') + 1; *line != '\0'; rows++) {
        char *end = strchr(line, '\n');
        *end = '\0';
        check_usage(a, &o, line);
        line = end + 1;
    }
    assert_int_equal(rows, sum.rows[SYNTH_USAGE]);
    assert_true(rows > 1000);
    free(a);
    free(text);
}

static size_t occurrences(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what)) {
        n++;
    }
    return n;
}

static void dirt_is_counted_and_can_be_turned_off(void **state)
{
    const scratch *s = *state;
    synth_options o = small(200);
    o.dirt = 0.1;
    synth_summary dirty;
    make(&o, s->inner, &dirty);
    char *usage = scratch_read(s->inner, "usage.csv");
    char *tickets = scratch_read(s->inner, "tickets.csv");
    assert_int_equal(occurrences(usage, ",n/a,"), dirty.dirt[SYNTH_DIRT_NUMBER]);
    assert_int_equal(occurrences(usage, "\nA9000"), dirty.dirt[SYNTH_DIRT_UNKNOWN]);
    assert_int_equal(occurrences(tickets, "2026-02-30"), dirty.dirt[SYNTH_DIRT_DATE]);
    assert_int_equal(dirty.rows[SYNTH_ACCOUNTS], 200 + dirty.dirt[SYNTH_DIRT_DUPLICATE]);
    free(usage);
    free(tickets);
    o.dirt = 0;
    o.force = true;
    synth_summary clean;
    make(&o, s->inner, &clean);
    for (size_t i = 0; i < SYNTH_DIRT_COUNT; i++) {
        assert_true(dirty.dirt[i] > 0);
        assert_int_equal(clean.dirt[i], 0);
    }
    assert_int_equal(clean.rows[SYNTH_USAGE] + dirty.dirt[SYNTH_DIRT_NUMBER] +
                         dirty.dirt[SYNTH_DIRT_UNKNOWN],
                     dirty.rows[SYNTH_USAGE]);
}

static void only_the_wanted_files_are_written_with_the_same_bytes(void **state)
{
    const scratch *s = *state;
    char other[64];
    scratch_make(other);
    synth_options o = small(30);
    make(&o, other, NULL);
    strata_error err = {0};
    assert_ok(synth_parse_only("usage,accounts", &o.only, &err), &err);
    synth_summary sum;
    make(&o, s->inner, &sum);
    assert_int_equal(scratch_entries(s->inner, false), 3);
    assert_int_equal(sum.rows[SYNTH_TICKETS], 0);
    char *x = scratch_read(s->inner, "usage.csv");
    char *y = scratch_read(other, "usage.csv");
    assert_string_equal(x, y);
    free(x);
    free(y);
    char *model = scratch_read(s->inner, "strata.yaml");
    assert_null(strstr(model, "tickets"));
    free(model);
    scratch_remove(other);
    assert_int_equal(synth_parse_only("usage,acounts", &o.only, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "no file is called 'acounts' (did you mean 'accounts'?)");
    assert_int_equal(synth_parse_only("usage,", &o.only, &err), STRATA_E_USAGE);
}

static void usage_rows_come_near_the_number_asked_for(void **state)
{
    const scratch *s = *state;
    synth_options o = small(3000);
    strata_error err = {0};
    assert_ok(synth_parse_only("usage", &o.only, &err), &err);
    static const uint64_t want[] = {30000, 1500000};
    for (size_t i = 0; i < COUNT(want); i++) {
        o.usage_rows = want[i];
        o.force = true;
        synth_summary sum;
        make(&o, s->inner, &sum);
        assert_close((double)sum.rows[SYNTH_USAGE], (double)want[i], 0.15);
    }
}

static void a_folder_in_use_is_refused_unless_forced_and_keeps_other_files(void **state)
{
    const scratch *s = *state;
    context cx = {.threads = 1};
    strata_error err = {0};
    char mine[160];
    (void)snprintf(mine, sizeof mine, "%s/notes.txt", s->inner);
    assert_ok(file_make_dirs(s->inner, &err), &err);
    assert_ok(file_write(mine, "hello", 5, &err), &err);
    synth_options o = small(2);
    assert_int_equal(synth_write(&cx, &o, s->inner, NULL, &err), STRATA_E_USAGE);
    assert_non_null(strstr(err.message, "is not empty; give another one, or say --force"));
    assert_int_equal(scratch_entries(s->inner, false), 1);
    o.force = true;
    make(&o, s->inner, NULL);
    assert_int_equal(scratch_entries(s->inner, false), SYNTH_FILE_COUNT + 2);
    assert_true(file_exists(mine));
    assert_int_equal(scratch_entries(s->dir, false), 1);
    assert_int_equal(synth_write(&cx, &o, mine, NULL, &err), STRATA_E_IO);
}

static void cancelling_leaves_nothing(void **state)
{
    const scratch *s = *state;
    volatile sig_atomic_t cancelled = 1;
    context cx = {.threads = 1, .cancelled = &cancelled};
    strata_error err = {0};
    synth_options o = small(10);
    synth_summary sum = {.bytes = 7};
    assert_int_equal(synth_write(&cx, &o, s->inner, &sum, &err), STRATA_E_CANCELLED);
    assert_int_equal(scratch_entries(s->dir, false), 0);
    assert_int_equal(sum.bytes, 7);
}

typedef struct listener {
    volatile sig_atomic_t cancelled;
    uint64_t stop_at, last;
} listener;

static void listen(void *payload, const char *what, uint64_t done, uint64_t total)
{
    listener *l = payload;
    assert_string_equal(what, "accounts");
    assert_true(done >= l->last && done <= total && total == 200);
    l->last = done;
    l->cancelled = done >= l->stop_at;
}

static void progress_reaches_the_end_and_cancelling_on_the_way_leaves_nothing(void **state)
{
    const scratch *s = *state;
    listener l = {.stop_at = 100};
    context cx = {.threads = 1, .progress = listen, .payload = &l, .cancelled = &l.cancelled};
    strata_error err = {0};
    synth_options o = small(200);
    assert_int_equal(synth_write(&cx, &o, s->inner, NULL, &err), STRATA_E_CANCELLED);
    assert_int_equal(l.last, 128);
    assert_int_equal(scratch_entries(s->dir, false), 0);
    l = (listener){.stop_at = UINT64_MAX};
    assert_ok(synth_write(&cx, &o, s->inner, NULL, &err), &err);
    assert_int_equal(l.last, 200);
}

/* A file size limit stands in for a full disk: write() fails the same way. */
static void a_full_disk_is_reported_and_leaves_nothing(void **state)
{
    const scratch *s = *state;
    struct rlimit kept;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    struct rlimit tight = {.rlim_cur = 100000, .rlim_max = kept.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
    context cx = {.threads = 1};
    strata_error err = {0};
    synth_options o = small(500);
    strata_status st = synth_write(&cx, &o, s->inner, NULL, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &kept), 0);
    (void)signal(SIGXFSZ, handler);
    assert_int_equal(st, STRATA_E_IO);
    assert_non_null(strstr(err.message, "cannot write 'usage.csv': File too large"));
    assert_int_equal(scratch_entries(s->dir, false), 0);
}

static void options_out_of_range_are_refused(void **state)
{
    const scratch *s = *state;
    context cx = {.threads = 1};
    strata_error err = {0};
    synth_options o = small(0);
    assert_int_equal(synth_write(&cx, &o, s->inner, NULL, &err), STRATA_E_USAGE);
    assert_string_equal(err.message, "0 accounts are outside 1 to 1000000");
    o = small(1);
    o.years = 21;
    assert_int_equal(synth_write(&cx, &o, s->inner, NULL, &err), STRATA_E_USAGE);
    o = small(1);
    o.dirt = NAN;
    assert_int_equal(synth_write(&cx, &o, s->inner, NULL, &err), STRATA_E_USAGE);
    o = small(1);
    o.ends = DAY_MISSING;
    assert_int_equal(synth_write(&cx, &o, s->inner, NULL, &err), STRATA_E_USAGE);
    assert_int_equal(scratch_entries(s->dir, false), 0);
}

static void the_longest_window_fits(void **state)
{
    const scratch *s = *state;
    synth_options o = small(100);
    o.years = SYNTH_YEARS_MAX;
    synth_summary sum;
    make(&o, s->inner, &sum);
    assert_true(sum.customers > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(equal_seeds_give_equal_bytes_and_others_differ, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(every_compiler_writes_the_same_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(more_accounts_only_append, setup, teardown),
        cmocka_unit_test_setup_teardown(headers_name_the_columns, setup, teardown),
        cmocka_unit_test_setup_teardown(use_happens_only_while_a_customer_by_at_most_the_seats,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(dirt_is_counted_and_can_be_turned_off, setup, teardown),
        cmocka_unit_test_setup_teardown(only_the_wanted_files_are_written_with_the_same_bytes,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(usage_rows_come_near_the_number_asked_for, setup, teardown),
        cmocka_unit_test_setup_teardown(
            a_folder_in_use_is_refused_unless_forced_and_keeps_other_files, setup, teardown),
        cmocka_unit_test_setup_teardown(cancelling_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(
            progress_reaches_the_end_and_cancelling_on_the_way_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_disk_is_reported_and_leaves_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(options_out_of_range_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(the_longest_window_fits, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
