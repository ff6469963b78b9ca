/* SPDX-License-Identifier: Apache-2.0 */
/* Ten rules of two or three clauses over a million accounts, first match wins; beside it, the
 * same as one CASE expression in DuckDB on one thread, over the same values. Prints CPU time,
 * rows per second and peak memory; fails when the two disagree. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/context.h"
#include "bench/watch.h"
#include "rule/rule.h"
#include "store/stmt.h"
#include "store/store.h"

enum { ACCOUNTS = 1000000, BLOCK = 4096, RULES = 10, ROUNDS = 9 };

enum { ARR, POTENTIAL, SCORE, ADOPTION, LAST_SEEN, EMPLOYEES, GROWTH, HEALTH, LIFECYCLE, SLOTS };
enum { TEXT_SLOTS_FROM = HEALTH };

static const char *const healths[] = {"green", "yellow", "red"};
static const char *const lifecycles[] = {"Onboarding", "Growing", "Mature", "Renewing"};

static const symbol symbols[SLOTS] = {
    {.name = "arr", .type = VALUE_MONEY},
    {.name = "potential_arr", .type = VALUE_MONEY},
    {.name = "health_score", .type = VALUE_NUMBER},
    {.name = "adoption", .type = VALUE_SHARE},
    {.name = "last_seen", .type = VALUE_DURATION},
    {.name = "employees", .type = VALUE_NUMBER},
    {.name = "growth", .type = VALUE_SHARE},
    {.name = "health", .type = VALUE_TEXT, .levels = healths, .n_levels = 3},
    {.name = "lifecycle", .type = VALUE_TEXT, .levels = lifecycles, .n_levels = 4},
};

static const struct {
    const char *rule, *sql;
} rules[RULES] = {
    {"arr > 75k and health_score >= 80 and adoption >= 70%",
     "arr > 75000 and health_score >= 80 and adoption >= 0.7"},
    {"arr > 75k and (health_score < 60 or last_seen > 30 days)",
     "arr > 75000 and (health_score < 60 or last_seen > 30)"},
    {"arr > 75k and growth > 10%", "arr > 75000 and growth > 0.1"},
    {"arr >= 25k and health = green and growth > 20%",
     "arr >= 25000 and health = 0 and growth > 0.2"},
    {"arr >= 25k and health in (yellow, red) and lifecycle = Onboarding",
     "arr >= 25000 and health in (1, 2) and lifecycle = 0"},
    {"arr >= 25k and adoption < 30%", "arr >= 25000 and adoption < 0.3"},
    {"arr >= 10k and employees < 50 and adoption > 70%",
     "arr >= 10000 and employees < 50 and adoption > 0.7"},
    {"arr >= 10k and health = red", "arr >= 10000 and health = 2"},
    {"potential_arr > 150k and not health = red", "potential_arr > 150000 and not health = 2"},
    {"last_seen > 90 days or adoption < 5%", "last_seen > 90 or adoption < 0.05"},
};

/* Every twentieth value of each column is missing. */
static const char make_table[] =
    "CREATE TEMP TABLE bench AS SELECT "
    "if(hash(i, 1) % 20 = 0, NULL, exp(6.5 + (hash(i, 2) % 600) / 100.0)) AS arr, "
    "if(hash(i, 3) % 20 = 0, NULL, exp(8.0 + (hash(i, 4) % 500) / 100.0)) AS potential_arr, "
    "if(hash(i, 5) % 20 = 0, NULL, (hash(i, 6) % 101)::DOUBLE) AS health_score, "
    "if(hash(i, 7) % 20 = 0, NULL, (hash(i, 8) % 1000) / 1000.0) AS adoption, "
    "if(hash(i, 9) % 20 = 0, NULL, (hash(i, 10) % 120)::DOUBLE) AS last_seen, "
    "if(hash(i, 11) % 20 = 0, NULL, (hash(i, 12) % 2000)::DOUBLE) AS employees, "
    "if(hash(i, 13) % 20 = 0, NULL, (hash(i, 14) % 100) / 100.0 - 0.5) AS growth, "
    "if(hash(i, 15) % 20 = 0, NULL, (hash(i, 16) % 3)::INTEGER) AS health, "
    "if(hash(i, 17) % 20 = 0, NULL, (hash(i, 18) % 4)::INTEGER) AS lifecycle "
    "FROM range(1000000) AS accounts(i)";

typedef struct portfolio {
    double *num[SLOTS];
    int32_t *code[SLOTS];
} portfolio;

static strata_status run_sql(store_conn *conn, const char *sql, strata_error *err)
{
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new_text(conn, "bench", sql, &s, err));
    return stmt_execute(s, err);
}

static void keep_row(portfolio *p, const stmt *s, size_t row)
{
    for (size_t slot = 0; slot < SLOTS; slot++) {
        if (slot < TEXT_SLOTS_FROM) {
            p->num[slot][row] = stmt_get_double(s, slot);
        } else {
            p->code[slot][row] =
                stmt_is_null(s, slot) ? CODE_MISSING : (int32_t)stmt_get_int(s, slot);
        }
    }
}

static strata_status load(store_conn *conn, arena *a, portfolio *p, strata_error *err)
{
    for (size_t slot = 0; slot < SLOTS; slot++) {
        p->num[slot] = slot < TEXT_SLOTS_FROM ? ARENA_NEW(a, ACCOUNTS, double) : NULL;
        p->code[slot] = slot < TEXT_SLOTS_FROM ? NULL : ARENA_NEW(a, ACCOUNTS, int32_t);
        if (p->num[slot] == NULL && p->code[slot] == NULL) {
            return strata_fail(err, STRATA_E_NOMEM, "out of memory");
        }
    }
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new_text(conn, "bench", "SELECT * FROM bench", &s, err));
    STRATA_TRY(stmt_execute(s, err));
    for (size_t row = 0; row < ACCOUNTS; row++) {
        bool more = false;
        STRATA_TRY(stmt_next(s, &more, err));
        if (!more) {
            return strata_fail(err, STRATA_E_STORE, "table ends at row %zu", row);
        }
        keep_row(p, s, row);
    }
    return STRATA_OK;
}

static strata_status compile_rules(arena *a, const rule **out, size_t *scratch, strata_error *err)
{
    const rule_scope scope = {symbols, SLOTS};
    for (size_t r = 0; r < RULES; r++) {
        STRATA_TRY(rule_compile_condition(a, rules[r].rule, NULL, &scope, &out[r], err));
        size_t bytes = rule_scratch_bytes(out[r]);
        *scratch = bytes > *scratch ? bytes : *scratch;
    }
    return STRATA_OK;
}

/* counts[r]: accounts whose first match is rule r; counts[RULES]: without a match. */
static void assign(const portfolio *p, const rule *const *compiled, void *scratch, size_t *counts)
{
    uint8_t verdicts[BLOCK];
    uint8_t tier[BLOCK];
    for (size_t start = 0; start < ACCOUNTS; start += BLOCK) {
        size_t n = ACCOUNTS - start < BLOCK ? ACCOUNTS - start : BLOCK;
        column columns[SLOTS];
        for (size_t slot = 0; slot < SLOTS; slot++) {
            columns[slot].num = p->num[slot] != NULL ? p->num[slot] + start : NULL;
            columns[slot].code = p->code[slot] != NULL ? p->code[slot] + start : NULL;
        }
        const rule_input in = {.now = {columns, 0}};
        for (size_t i = 0; i < n; i++) {
            tier[i] = RULES;
        }
        for (size_t r = RULES; r-- > 0;) {
            rule_eval_condition(compiled[r], &in, n, verdicts, scratch);
            for (size_t i = 0; i < n; i++) {
                tier[i] = verdicts[i] == RULE_YES ? (uint8_t)r : tier[i];
            }
        }
        for (size_t i = 0; i < n; i++) {
            counts[tier[i]]++;
        }
    }
}

static strata_status sql_counts(store_conn *conn, double *ms, size_t *counts, strata_error *err)
{
    char sql[4096] = "";
    size_t at = (size_t)snprintf(sql, sizeof sql, "SELECT tier, count(*) FROM (SELECT CASE");
    for (size_t r = 0; r < RULES; r++) {
        at += (size_t)snprintf(sql + at, sizeof sql - at, " WHEN %s THEN %zu", rules[r].sql, r);
    }
    (void)snprintf(sql + at, sizeof sql - at, " ELSE 10 END AS tier FROM bench) GROUP BY tier");
    STRATA_AUTO(stmt_free) stmt *s = NULL;
    STRATA_TRY(stmt_new_text(conn, "bench", sql, &s, err));
    *ms = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        double before = 1e3 * now().cpu;
        STRATA_TRY(stmt_execute(s, err));
        *ms = fmin(*ms, 1e3 * now().cpu - before);
    }
    for (bool more = true; more;) {
        STRATA_TRY(stmt_next(s, &more, err));
        if (more) {
            counts[stmt_get_int(s, 0)] = (size_t)stmt_get_int(s, 1);
        }
    }
    return STRATA_OK;
}

static void print_line(const char *who, double ms)
{
    (void)printf("%-28s %8.1f ms CPU  %7.1f million rows/s\n", who, ms, ACCOUNTS / ms / 1e3);
}

static strata_status bench(strata_error *err)
{
    STRATA_AUTO(arena_free) arena *a = NULL;
    STRATA_AUTO(store_close) store *st = NULL;
    const context cx = {.threads = 1, .seed = 1};
    const store_options options = {.mode = STORE_MEMORY, .threads = 1};
    const rule *compiled[RULES];
    portfolio p;
    size_t scratch_bytes = 0;
    size_t ours[RULES + 1] = {0};
    size_t theirs[RULES + 1] = {0};
    STRATA_TRY(arena_new(&a, err));
    STRATA_TRY(store_open(NULL, &options, &cx, &st, err));
    STRATA_TRY(run_sql(store_main(st), make_table, err));
    STRATA_TRY(load(store_main(st), a, &p, err));
    STRATA_TRY(compile_rules(a, compiled, &scratch_bytes, err));
    void *scratch = arena_alloc(a, scratch_bytes, 1);
    if (scratch == NULL) {
        return strata_fail(err, STRATA_E_NOMEM, "out of memory");
    }
    double ms = INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
        size_t counts[RULES + 1] = {0};
        double before = 1e3 * now().cpu;
        assign(&p, compiled, scratch, counts);
        ms = fmin(ms, 1e3 * now().cpu - before);
        for (size_t r = 0; r <= RULES; r++) {
            ours[r] = counts[r];
        }
    }
    double sql_ms;
    STRATA_TRY(sql_counts(store_main(st), &sql_ms, theirs, err));
    print_line("ten rules, first match", ms);
    print_line("DuckDB CASE, one thread", sql_ms);
    (void)printf(
        "rules need %zu kB of scratch; the process, with DuckDB and all columns, %.0f MB\n",
        scratch_bytes / 1024, peak_mb());
    for (size_t r = 0; r <= RULES; r++) {
        if (ours[r] != theirs[r]) {
            return strata_fail(err, STRATA_E_INTERNAL, "tier %zu has %zu accounts here, %zu in SQL",
                               r, ours[r], theirs[r]);
        }
    }
    return STRATA_OK;
}

int main(void)
{
    strata_error err = {0};
    if (bench(&err) != STRATA_OK) {
        (void)fprintf(stderr, "%s\n", err.message);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
