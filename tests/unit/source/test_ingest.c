/* SPDX-License-Identifier: Apache-2.0 */

/* Files as companies have them: formats, mistakes, and files that change. */

#include <zlib.h>

#include "source_test.h"

#include "base/file.h"

#define ORDERS "sources: {accounts: a.csv, orders: o.csv}\n"
#define ORDER_ROWS                                                                                 \
    "select a.account_id, date '1970-01-01' + l.day, l.amount / 100, l.orders "                    \
    "from order_ledger l join account a using (account) order by l.account, l.day"

static void check_orders(const char *orders, size_t n, const char *want)
{
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\nB\n");
    write_bytes(&p, "o.csv", orders, n);
    assert_ingests(&p, ORDERS);
    assert_rows(&p, ORDER_ROWS, want);
    project_close(&p);
}
#define orders_give(text, want) check_orders((text), sizeof(text) - 1, (want))

static void files_come_in_many_dialects(void **state)
{
    (void)state;
    static const char want[] = "A 2024-01-02 1234.5 1\nB 2024-01-03 2.0 1\n";
    orders_give("account_id,ordered_at,amount\nA,2024-01-02,\"$1,234.50\"\nB,2024-01-03,2\n", want);
    orders_give("\xEF\xBB\xBF"
                "account_id,ordered_at,amount\r\nA,2024-01-02,1234.5\r\nB,2024-01-03,2\r\n",
                want);
    orders_give("account_id;ordered_at;amount\nA;02.01.2024;1.234,50\nB;03.01.2024;2\n", want);
    orders_give("account_id\tordered_at\tamount\nA\t2024-01-02\t1234.5\nB\t2024-01-03\t2", want);
    orders_give("account_id,ordered_at,amount,note\nA,2024-01-02,1234.5,\"two\nlines\"\n"
                "\nB,2024-01-03,2,\"say \"\"hi\"\"\"\n",
                want);
    orders_give("Account ID,OrderedAt,Amount\rA,2024-01-02,1234.5\rB,2024-01-03,2\r", want);
}

static void day_and_month_are_settled_by_the_whole_column(void **state)
{
    (void)state;
    orders_give("account_id,ordered_at,amount\nA,03/04/2024,1\nA,31/05/2024,2\n",
                "A 2024-04-03 1.0 1\nA 2024-05-31 2.0 1\n");
    orders_give("account_id,ordered_at,amount\nA,03/04/2024,1\nA,05/31/2024,2\n",
                "A 2024-03-04 1.0 1\nA 2024-05-31 2.0 1\n");
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "o.csv", "account_id,ordered_at,amount\nA,03/04/2024,1\nA,2024-05-31,2\n");
    assert_ingests(&p, "ingest: {rejects_allowed: 50%}\n" ORDERS);
    assert_rows(&p, "select line, value, reason from reject",
                "2 03/04/2024 could be day/month or month/day: set `date_format`\n");
    assert_ingests(&p, "sources: {accounts: a.csv, orders: {path: o.csv, date_format: m/d/y}}\n");
    assert_rows(&p, ORDER_ROWS, "A 2024-03-04 1.0 1\nA 2024-05-31 2.0 1\n");
    project_close(&p);
}

static void days_are_those_of_the_portfolios_time_zone(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "o.csv",
               "account_id,ordered_at,amount\n"
               "A,2024-01-02T03:00:00Z,1\n" /* 22:00 on the first in New York */
               "A,2024-07-02T03:59:59Z,2\n" /* 23:59 on the first: daylight saving */
               "A,2024-07-02T04:00:00Z,4\n" /* midnight */
               "A,2024-01-02 23:00,8\n");   /* local already */
    assert_ingests(&p, "business: {timezone: America/New_York}\n" ORDERS);
    assert_rows(&p, ORDER_ROWS,
                "A 2024-01-01 1.0 1\nA 2024-01-02 8.0 1\nA 2024-07-01 2.0 1\nA 2024-07-02 4.0 1\n");
    assert_ingest_fails(&p, "business: {timezone: Mars/Olympus}\n" ORDERS, STRATA_E_MODEL,
                        "Mars/Olympus", NULL);
    project_close(&p);
}

static void lines_of_an_order_are_one_order_and_returns_are_none(void **state)
{
    (void)state;
    orders_give("account_id,order_id,ordered_at,amount\n"
                "A,1,2024-01-02,10\nA,1,2024-01-02,5\nA,2,2024-01-02,1\nA,3,2024-01-03,-4\n"
                "A,4,2024-01-04,0\n",
                "A 2024-01-02 16.0 2\nA 2024-01-03 -4.0 0\nA 2024-01-04 0.0 1\n");
}

static void units_given_back_are_taken_off_whichever_sign_they_are_written_with(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(
        &p, "o.csv",
        "account_id,order_id,ordered_at,amount,quantity\n"
        "A,1,2024-01-02,100,10\nA,1,2024-01-02,-20,2\n"
        "A,2,2024-01-03,-30,3\nA,3,2024-01-04,-30,-3\nA,4,2024-01-05,0,1\nA,5,2024-01-06,-1,\n");
    assert_ingests(&p, ORDERS);
    assert_rows(&p,
                "select date '1970-01-01' + day, orders, quantity from order_ledger order by day",
                "2024-01-02 1 8.0\n2024-01-03 0 -3.0\n2024-01-04 0 -3.0\n2024-01-05 1 1.0\n"
                "2024-01-06 0 -\n");
    project_close(&p);
}

static void bad_rows_are_refused_with_line_column_and_reason(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\nA\nB\n");
    write_text(&p, "o.csv",
               "account_id,ordered_at,amount,product\n"
               "A,2024-01-02,1,\"x\ny\"\n"
               "A,2024-01-02,1\n"
               "A,2024-01-02,1,a,b\n"
               "A,soon,1,\n"
               "Q,2024-01-02,1,\n"
               "A,2024-01-02,,\n"
               "A,2024-01-02,1,caf\xE9\n"
               "B,2024-01-02,2,\n");
    char path[128];
    (void)snprintf(path, sizeof path, "%s/rejects.csv", p.folder);
    p.options.rejects_path = path;
    assert_ingests(&p, "ingest: {rejects_allowed: 90%}\n" ORDERS);
    assert_rows(&p, ORDER_ROWS, "A 2024-01-02 1.0 1\nB 2024-01-02 2.0 1\n");
    char *text = NULL;
    size_t len;
    strata_error err = {0};
    assert_ok(file_read(path, 1 << 20, &text, &len, &err), &err);
    assert_non_null(strstr(text, "a.csv,3,,account_id,A,an earlier row has this id"));
    assert_non_null(strstr(text, ",4,,,\"3 fields, the heading has 4\",wrong number of fields"));
    assert_non_null(strstr(text, ",6,2,ordered_at,soon,not a date"));
    assert_non_null(strstr(text, ",7,1,account_id,Q,no such account"));
    assert_non_null(strstr(text, ",8,3,amount,,\"empty, and needed\""));
    assert_non_null(strstr(text, ",9,4,product,,\"not UTF-8"));
    free(text);
    assert_int_equal(p.sum.sources[1].n_read, 8);
    assert_int_equal(p.sum.sources[1].n_loaded, 2);
    assert_int_equal(p.sum.sources[1].n_rejected, 6);
    assert_int_equal(p.sum.sources[1].n_unknown_accounts, 1);
    project_close(&p);
}

static void too_many_refused_rows_and_strictness_fail_and_change_nothing(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "o.csv", "account_id,ordered_at,amount\nA,2024-01-02,1\n");
    assert_ingests(&p, ORDERS);
    write_text(&p, "o.csv", "account_id,ordered_at,amount\nA,2024-01-02,2\nA,never,1\n");
    assert_ingest_fails(&p, ORDERS, STRATA_E_DATA, "1 of 2 rows", "line 3: ordered_at not a date");
    assert_rows(&p, ORDER_ROWS, "A 2024-01-02 1.0 1\n");
    p.options.strict = true;
    assert_ingest_fails(&p, "ingest: {rejects_allowed: 90%}\n" ORDERS, STRATA_E_DATA,
                        "o.csv:3: column ordered_at: not a date ('never')", NULL);
    assert_rows(&p, ORDER_ROWS, "A 2024-01-02 1.0 1\n");
    project_close(&p);
}

static void files_that_cannot_be_used_are_named(void **state)
{
    (void)state;
    project p;
    char folder[128];
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    assert_ingest_fails(&p, ORDERS, STRATA_E_IO, "o.csv", "no such file");
    (void)snprintf(folder, sizeof folder, "%s/o.csv", p.folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    assert_ingest_fails(&p, ORDERS, STRATA_E_IO, "is a folder", NULL);
    assert_int_equal(rmdir(folder), 0);
    assert_ingest_fails(&p, "sources: {accounts: a.csv, orders: \"o*.csv\"}\n", STRATA_E_IO,
                        "no file matches", NULL);
    write_text(&p, "o.csv", "account_id,ordered at,amont\nA,2024-01-01,1\n");
    assert_ingest_fails(&p, ORDERS, STRATA_E_MODEL, "needs a column for amount",
                        "map: {amount: amont}");
    assert_ingest_fails(
        &p, "sources:\n  accounts: a.csv\n  orders: {path: o.csv, map: {amount: Amonut}}\n",
        STRATA_E_MODEL, "did you mean 'amont'?", "strata.yaml:4:");
    write_bytes(&p, "o.csv",
                "\xFF\xFE"
                "a\0c\0",
                6);
    assert_ingest_fails(&p, ORDERS, STRATA_E_DATA, "UTF-16", NULL);
    write_bytes(&p, "o.csv", "acc\0unt,b\n1,2\n", 14);
    assert_ingest_fails(&p, ORDERS, STRATA_E_DATA, "NUL byte", NULL);
    write_text(&p, "o.csv", "account_id,ordered_at,amount\nA,2024-01-01,1\nA,2024-01-01,\"1\n");
    assert_ingest_fails(&p, ORDERS, STRATA_E_DATA, "o.csv:3:", "never closed");
    project_close(&p);
}

/* `text` in an encoding of `width` bytes a character, after `mark` (or none). */
static void write_wide(const project *p, const char *name, const char *text, size_t width,
                       bool big_end, bool mark)
{
    enum { MOST = 100 };
    char bytes[(MOST + 1) * 4] = {0};
    size_t n = 0;
    for (size_t i = mark ? 0 : 1; i <= strlen(text); i++) {
        unsigned c = i == 0 ? 0xFEFF : (unsigned char)text[i - 1];
        for (size_t b = 0; b < width; b++) {
            size_t at = big_end ? width - 1 - b : b;
            bytes[n + at] = (char)(b < 4 ? c >> (8 * b) & 0xFF : 0);
        }
        n += width;
    }
    write_bytes(p, name, bytes, n);
}

static void wide_characters_are_told_with_what_converts_them(void **state)
{
    (void)state;
    static const char text[] = "account_id,ordered_at,amount\nA,2024-01-01,1\n";
    static const struct {
        size_t width;
        bool big_end, mark;
        const char *is, *remedy;
    } cases[] = {{2, false, true, "o.csv is UTF-16;", "iconv -f UTF-16 -t UTF-8 "},
                 {2, true, true, "o.csv is UTF-16;", "iconv -f UTF-16 -t UTF-8 "},
                 {2, false, false, "o.csv is UTF-16LE;", "iconv -f UTF-16LE -t UTF-8 "},
                 {2, true, false, "o.csv is UTF-16BE;", "iconv -f UTF-16BE -t UTF-8 "},
                 {4, false, true, "o.csv is UTF-32;", "iconv -f UTF-32 -t UTF-8 "},
                 {4, true, true, "o.csv is UTF-32;", "iconv -f UTF-32 -t UTF-8 "},
                 {4, false, false, "o.csv is UTF-32LE;", "iconv -f UTF-32LE -t UTF-8 "},
                 {4, true, false, "o.csv is UTF-32BE;", "iconv -f UTF-32BE -t UTF-8 "}};
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    for (size_t i = 0; i < COUNT(cases); i++) {
        write_wide(&p, "o.csv", text, cases[i].width, cases[i].big_end, cases[i].mark);
        assert_ingest_fails(&p, ORDERS, STRATA_E_DATA, cases[i].is, cases[i].remedy);
    }
    project_close(&p);
}

static void keep_notice(void *payload, const char *text)
{
    char *said = payload;
    (void)snprintf(said, 256, "%s", text);
}

static void a_heading_that_is_there_twice_is_told(void **state)
{
    (void)state;
    char said[256] = "";
    project p;
    project_open(&p);
    p.cx.notice = keep_notice;
    p.cx.payload = said;
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "o.csv", "account_id,amount,ordered_at,amount\nA,1,2024-01-01,2\n");
    assert_ingest_fails(&p, ORDERS, STRATA_E_DATA,
                        "o.csv:1: the heading 'amount' is there twice, in columns 2 and 4",
                        "rename one of them");
    write_text(&p, "o.csv", "account_id,Amount,ordered_at,AMOUNT\nA,1,2024-01-01,2\n");
    assert_ingest_fails(&p, ORDERS, STRATA_E_DATA,
                        "o.csv:1: the heading 'Amount' is there twice, in columns 2 and 4 (as "
                        "'AMOUNT'), and it is not known which is meant",
                        NULL);
    write_text(&p, "o.csv", "account_id,Amount,ordered_at,amount\nA,1,2024-01-01,2\n");
    assert_ingests(&p, ORDERS); /* one is as asked */
    assert_rows(&p, ORDER_ROWS, "A 2024-01-01 2.0 1\n");
    write_text(&p, "o.csv", "account_id,sum,ordered_at,sum\nA,1,2024-01-01,2\n");
    assert_ingest_fails(
        &p, "sources:\n  accounts: a.csv\n  orders: {path: o.csv, map: {amount: sum}}\n",
        STRATA_E_DATA, "o.csv:1: the heading 'sum' is there twice, in columns 2 and 4", NULL);
    write_text(&p, "o.csv", "account_id,amount,ordered_at,note,note\nA,1,2024-01-02,x,y\n");
    assert_ingests(&p, ORDERS); /* nobody reads it */
    assert_rows(&p, ORDER_ROWS, "A 2024-01-02 1.0 1\n");
    assert_string_equal(said, "");
    write_text(&p, "a.csv", "account_id,Region,region,Region\nA,x,y,z\n");
    assert_ingests(&p, ORDERS);
    assert_string_equal(said, "a.csv:1: column 4 ('Region') is passed over, since attribute region "
                              "is column 2 ('Region') already: rename one of them to keep both");
    project_close(&p);
}

static void empty_files_and_headings_alone_are_no_rows(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "o.csv", "");
    assert_ingests(&p, ORDERS);
    assert_rows(&p, ORDER_ROWS, "");
    write_text(&p, "o.csv", "account_id,ordered_at,amount");
    assert_ingests(&p, ORDERS);
    assert_rows(&p, ORDER_ROWS, "");
    assert_int_equal(p.sum.n_accounts, 1);
    project_close(&p);
}

static void a_line_without_end_fails_with_bounded_memory(void **state)
{
    (void)state;
    project p;
    char path[128];
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    (void)snprintf(path, sizeof path, "%s/o.csv", p.folder);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_true(fputs("account_id,ordered_at,amount\nA,2024-01-01,1\nA,2024-01-01,", f) >= 0);
    static char block[1 << 16];
    memset(block, '1', sizeof block);
    for (int i = 0; i < 512; i++) { /* 32 MB */
        assert_int_equal(fwrite(block, 1, sizeof block, f), sizeof block);
    }
    assert_int_equal(fclose(f), 0);
    assert_ingest_fails(&p, ORDERS, STRATA_E_DATA, "o.csv:3:", "longer than 16 MB");
    project_close(&p);
}

static void compressed_files_and_patterns_are_read(void **state)
{
    (void)state;
    project p;
    char path[128];
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\nB\n");
    write_text(&p, "o1.csv", "account_id,ordered_at,amount\nA,2024-01-02,1\n");
    (void)snprintf(path, sizeof path, "%s/o2.csv.gz", p.folder);
    gzFile gz = gzopen(path, "wb");
    static const char text[] = "amount,account_id,ordered_at\n2,B,2024-01-03\n";
    assert_int_equal(gzwrite(gz, text, sizeof text - 1), sizeof text - 1);
    assert_int_equal(gzclose(gz), Z_OK);
    assert_ingests(&p, "sources: {accounts: a.csv, orders: \"o*.csv*\"}\n");
    assert_rows(&p, ORDER_ROWS, "A 2024-01-02 1.0 1\nB 2024-01-03 2.0 1\n");
    assert_int_equal(p.sum.sources[1].n_files, 2);
    write_bytes(&p, "o2.csv.gz",
                "\x1F\x8B\x08\x00"
                "garbage garbage",
                19);
    assert_ingest_fails(&p, "sources: {accounts: a.csv, orders: \"o*.csv*\"}\n", STRATA_E_DATA,
                        "o2.csv.gz", NULL);
    project_close(&p);
}

static void parquet_and_json_are_read_like_any_file(void **state)
{
    (void)state;
    static const char want[] = "A 2024-01-02 1.5 1\nB 2024-01-03 2.0 1\n";
    project p;
    char sql[512];
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\nB\n");
    write_text(
        &p, "o.ndjson",
        "{\"account_id\": \"A\", \"ordered_at\": \"2024-01-02T10:00:00Z\", \"amount\": 1.5}\n"
        "{\"account_id\": \"B\", \"ordered_at\": \"2024-01-03\", \"amount\": 2}\n"
        "{\"account_id\": \"Z\", \"ordered_at\": \"2024-01-03\", \"amount\": null}\n");
    assert_ingests(
        &p, "ingest: {rejects_allowed: 50%}\nsources: {accounts: a.csv, orders: o.ndjson}\n");
    assert_rows(&p, ORDER_ROWS, want);
    assert_rows(&p, "select line, column_name, value from reject", "3 account_id Z\n");
    write_text(&p, "o.json",
               "[{\"account_id\": \"A\", \"ordered_at\": \"2024-01-02\", \"amount\": 1.5},\n"
               " {\"account_id\": \"B\", \"ordered_at\": \"2024-01-03\", \"amount\": 2}]");
    assert_ingests(&p, "sources: {accounts: a.csv, orders: o.json}\n");
    assert_rows(&p, ORDER_ROWS, want);
    (void)snprintf(
        sql, sizeof sql,
        "copy (select 'A' as \"Account ID\", timestamp '2024-01-02 10:00' as ordered_at, "
        "1.5::decimal(9, 2) as amount union all select 'B', '2024-01-03', 2) "
        "to '%s/o.parquet' (format parquet)",
        p.folder);
    stmt *q = NULL;
    assert_ok(stmt_new_text(store_main(p.store), "test", sql, &q, &p.err), &p.err);
    assert_ok(stmt_execute(q, &p.err), &p.err);
    stmt_free(q);
    assert_ingests(&p, "sources: {accounts: a.csv, orders: o.parquet}\n");
    assert_rows(&p, ORDER_ROWS, want);
    write_text(&p, "o.parquet", "this is no such file");
    assert_ingest_fails(&p, "sources: {accounts: a.csv, orders: o.parquet}\n", STRATA_E_DATA,
                        "o.parquet", NULL);
    assert_rows(&p, ORDER_ROWS, want);
    project_close(&p);
}

static void computed_columns_and_rows_to_keep(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\nB\n");
    write_text(&p, "o.csv",
               "account_id,ordered_at,Qty,Unit Price,Land\n"
               "A,2024-01-02,2,1.50,DE\nA,2024-01-03,-1,1.50,DE\n,2024-01-03,1,1,DE\n"
               "B,2024-01-02,3,1,FR\nB,2024-01-04,4,1,DE\n");
    assert_ingests(&p, "sources:\n  accounts: a.csv\n  orders:\n    path: o.csv\n"
                       "    map: {quantity: Qty, price: Unit Price, amount: = quantity * price}\n"
                       "    keep: quantity > 0 and account_id is not missing and Land = DE\n");
    assert_rows(&p, ORDER_ROWS, "A 2024-01-02 3.0 1\nB 2024-01-04 4.0 1\n");
    assert_int_equal(p.sum.sources[1].n_left_out, 3);
    assert_int_equal(p.sum.sources[1].n_rejected, 0);
    project_close(&p);
}

static void accounts_are_those_of_orders_where_there_is_no_list(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "o.csv",
               "account_id,ordered_at,amount\nz,2024-02-02,1\nb,2024-01-02,1\nz,2024-01-15,1\n");
    assert_ingests(&p, "sources: {orders: o.csv}\n");
    assert_true(p.sum.accounts_derived);
    assert_rows(&p, "select account, account_id, started_on from account order by account",
                "0 b 2024-01-02\n1 z 2024-01-15\n");
    project_close(&p);
}

static void accounts_keep_columns_of_their_own(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv",
               "account_id,name,Score,Since Year,Trial,Renewal,Note,Empty\n"
               "A,Ada,\"1,234.5\",2020,True,2024-05-01,x,\nB,Bo,7,,no,,y,\n");
    write_text(&p, "o.csv", "account_id,ordered_at,amount\nA,2024-01-02,1\n");
    assert_ingests(&p, ORDERS);
    assert_rows(&p,
                "select account, name, type, number, text from account_attribute "
                "order by account, name",
                "0 note text - x\n0 renewal date 19844.0 -\n0 score number 1234.5 -\n"
                "0 since_year number 2020.0 -\n0 trial boolean 1.0 -\n"
                "1 note text - y\n1 score number 7.0 -\n1 trial boolean 0.0 -\n");
    project_close(&p);
}

static void facts_find_their_account_through_another_source(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\nB\n");
    write_text(&p, "s.csv",
               "account_id,subscription_id,start,amount\nB,S1,2024-01-01,1\nA,S2,2024-01-01,1\n");
    write_text(&p, "u.csv",
               "subscription_id,at,feature,count\nS1,2024-01-05,x,3\nS9,2024-01-05,x,3\n");
    assert_ingests(&p, "sources: {accounts: a.csv, arr: s.csv, usage: {path: u.csv, via: arr}}\n"
                       "ingest: {rejects_allowed: 50%}\n");
    assert_rows(&p, "select account, events from usage_ledger", "1 3\n");
    assert_rows(&p, "select value, reason from reject", "S9 no row with this id, so no account\n");
    /* the subscriptions change, the usage file does not: its accounts must follow */
    write_text(&p, "s.csv", "account_id,subscription_id,start,amount\nA,S1,2024-01-01,1\n");
    assert_ingests(&p, "sources: {accounts: a.csv, arr: s.csv, usage: {path: u.csv, via: arr}}\n"
                       "ingest: {rejects_allowed: 50%}\n");
    assert_rows(&p, "select account, events from usage_ledger", "0 3\n");
    project_close(&p);
}

static void usage_is_summed_by_day_feature_and_user(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\nB\n");
    write_text(&p, "u.csv",
               "account_id,at,feature,count,user_id\n"
               "B,2024-01-05 10:00,zoom,2,u1\nB,2024-01-05 11:00,zoom,3,u1\n"
               "B,2024-01-05,zoom,1,u0\nA,2024-01-06,chat,,\nA,2024-01-06,chat,0,u1\n");
    assert_ingests(&p, "sources: {accounts: a.csv, usage: u.csv}\n");
    assert_rows(&p, "select account, day, feature, usr, events from usage_ledger",
                "0 19728 0 - 1\n1 19727 1 0 1\n1 19727 1 1 5\n");
    assert_rows(&p, "select feature, name, first_seen from usage_feature order by 1",
                "0 chat 19728\n1 zoom 19727\n");
    assert_rows(&p, "select usr, user_id from usage_user order by 1", "0 u0\n1 u1\n");
    project_close(&p);
}

static void usage_of_several_sources_with_and_without_ids_is_one_ledger(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\nB\n");
    write_text(&p, "u1.csv",
               "account_id,at,feature,count,usage_id\n"
               "A,2024-01-05,zoom,2,7\nA,2024-01-05,zoom,3,8\nA,2024-01-06,zoom,9,7\n");
    write_text(&p, "u2.csv",
               "account_id,at,feature,count\n"
               "B,03/04/2024,chat,1\nA,05/01/2024,zoom,0.4\nA,31/01/2024,,0.4\n");
    assert_ingests(&p, "ingest: {rejects_allowed: 50%}\nsources: {accounts: a.csv, "
                       "usage: [{path: u1.csv}, {path: u2.csv}]}\n");
    assert_rows(&p, "select account, day, feature, usr, events from usage_ledger",
                "0 19727 1 - 5\n1 19816 0 - 1\n");
    assert_rows(&p, "select name, first_seen from usage_feature order by 1",
                "chat 19816\nzoom 19727\n");
    assert_rows(&p, "select line, value, reason from reject", "4 7 an earlier row has this id\n");
    assert_rows(&p,
                "select rows_read, rows_loaded, rows_rejected, first_day, last_day "
                "from source_file where entity = 'usage' order by file_no",
                "3 2 1 2024-01-05 2024-01-05\n3 3 0 2024-01-05 2024-04-03\n");
    assert_rows(&p, "select kind, n, example from data_issue where kind = 'missing_months'",
                "missing_months 2 no rows in 2024-02 and later months\n");
    project_close(&p);
}

static void the_same_files_change_nothing(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "o.csv", "account_id,ordered_at,amount\nA,2024-01-02,1\n");
    assert_ingests(&p, ORDERS);
    assert_true(p.sum.changed);
    char before[DIGEST_TEXT];
    memcpy(before, p.sum.data_digest, sizeof before);
    assert_ingests(&p, ORDERS);
    assert_false(p.sum.changed);
    assert_string_equal(p.sum.data_digest, before);
    /* written again with the same content: the time differs, the content does not */
    write_text(&p, "o.csv", "account_id,ordered_at,amount\nA,2024-01-02,1\n");
    assert_ingests(&p, ORDERS);
    assert_false(p.sum.changed);
    write_text(&p, "o.csv", "account_id,ordered_at,amount\nA,2024-01-02,3\n");
    assert_ingests(&p, ORDERS);
    assert_true(p.sum.changed);
    assert_string_not_equal(p.sum.data_digest, before);
    assert_rows(&p, ORDER_ROWS, "A 2024-01-02 3.0 1\n");
    project_close(&p);
}

static void a_source_taken_out_takes_its_facts_along(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\nB\n");
    write_text(&p, "o.csv", "account_id,ordered_at,amount\nA,2024-01-02,1\n");
    write_text(&p, "u.csv", "account_id,at\nA,2024-01-02\n");
    assert_ingests(&p, "sources: {accounts: a.csv, orders: o.csv, usage: u.csv}\n");
    assert_rows(&p, "select count(*) from usage_ledger", "1\n");
    assert_ingests(&p, ORDERS);
    assert_rows(&p, "select count(*) from usage_ledger", "0\n");
    assert_rows(&p, "select count(*) from source_file", "2\n");
    project_close(&p);
}

static void a_new_account_renumbers_all_facts(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nB\n");
    write_text(&p, "o.csv", "account_id,ordered_at,amount\nB,2024-01-02,1\n");
    assert_ingests(&p, ORDERS);
    write_text(&p, "a.csv", "account_id\nB\nA\n");
    assert_ingests(&p, ORDERS);
    assert_rows(&p, ORDER_ROWS, "B 2024-01-02 1.0 1\n");
    assert_rows(&p, "select account from order_ledger", "1\n");
    project_close(&p);
}

static void the_ledger_does_not_depend_on_the_order_of_rows(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "A,2024-01-02,f1,2,u3\n", "B,2024-01-02,f0,1,u1\n", "A,2024-01-01,f2,1,u2\n",
        "A,2024-01-02,f1,1,u3\n", "B,2024-01-03,,1,\n",     "A,2024-01-02,f1,1,u0\n",
    };
    char *first[2] = {NULL, NULL};
    project p[2];
    for (size_t k = 0; k < 2; k++) {
        STRBUF_AUTO strbuf text;
        strbuf_init(&text, 0);
        project_open(&p[k]);
        strbuf_add(&text, "account_id,at,feature,count,user_id\n");
        for (size_t i = 0; i < COUNT(lines); i++) {
            strbuf_add(&text, lines[k == 0 ? i : COUNT(lines) - 1 - i]);
        }
        write_text(&p[k], "u.csv", text.text);
        write_text(&p[k], "a.csv", k == 0 ? "account_id\nA\nB\n" : "account_id\nB\nA\n");
        assert_ingests(&p[k], "sources: {accounts: a.csv, usage: u.csv}\n");
        first[k] = rows_of(&p[k], "select * from usage_ledger");
    }
    assert_string_equal(first[0], first[1]);
    project_close(&p[0]);
    project_close(&p[1]);
}

static void rows_after_today_are_loaded_and_noted(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "o.csv", "account_id,ordered_at,amount\nA,2024-01-02,1\nA,2030-01-01,1\n");
    assert_ingests(&p, ORDERS);
    assert_rows(&p, "select kind, n, example from data_issue", "future_rows 1 up to 2030-01-01\n");
    project_close(&p);
}

static void months_without_rows_are_noted(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "o.csv",
               "account_id,ordered_at,amount\nA,2024-01-31,1\nA,2024-02-01,1\nA,2024-05-15,1\n");
    assert_ingests(&p, ORDERS);
    assert_rows(&p, "select kind, n, example from data_issue",
                "missing_months 2 no rows in 2024-03 and later months\n");
    project_close(&p);
}

static void the_other_entities_load(void **state)
{
    (void)state;
    project p;
    project_open(&p);
    write_text(&p, "a.csv", "account_id\nA\n");
    write_text(&p, "t.csv",
               "account_id,ticket_id,opened_at,closed_at,severity,csat\n"
               "A,1,2024-01-02,2024-01-03,P1,4\nA,2,2024-01-04,,medium,\n"
               "A,3,2024-01-04,2024-01-01,low,\nA,4,2024-01-04,,awful,\n");
    write_text(&p, "n.csv", "account_id,answered_at,score\nA,2024-01-02,9\nA,2024-01-03,11\n");
    write_text(&p, "c.csv",
               "account_id,contact_id,role,active_until\nA,c1,Champion,\nA,c2,,2024-01-01\n");
    write_text(&p, "p.csv",
               "account_id,at,minutes,responded\nA,2024-01-02,30,yes\nA,2024-01-03,,\n");
    write_text(&p, "d.csv",
               "account_id,opened_at,due_on,amount,kind,stage\nA,2024-01-02,2024-06-01,100,Renewal,"
               "Closed Won\n");
    write_text(&p, "h.csv",
               "account_id,at,score\nA,2024-01-02,80\nA,2024-01-02,60\nA,2024-01-03,101\n");
    write_text(&p, "i.csv", "account_id,at,playbook\nA,2024-01-02,rescue\n");
    write_text(&p, "m.csv", "csm_id,capacity_hours,cost_per_hour\nm1,120,55.5\n");
    assert_ingests(&p, "ingest: {rejects_allowed: 60%}\nsources:\n  accounts: a.csv\n"
                       "  tickets: {path: t.csv, values: {severity: {P1: urgent}}}\n"
                       "  surveys: {path: n.csv, kind: nps}\n  contacts: c.csv\n"
                       "  touchpoints: p.csv\n  opportunities: d.csv\n  health: h.csv\n"
                       "  interventions: i.csv\n  csms: m.csv\n");
    assert_rows(&p, "select day, closed, severity, csat from ticket",
                "19724 19725 3 4.0\n19726 - 1 -\n");
    assert_rows(&p, "select kind, score from survey", "0 9.0\n");
    assert_rows(&p, "select contact_id, role, active_until from contact order by 1",
                "c1 3 -\nc2 0 19723\n");
    assert_rows(&p, "select minutes, responded from touchpoint order by day", "30.0 true\n- -\n");
    assert_rows(&p, "select due, amount, kind, stage from opportunity", "19875 10000 0 1\n");
    assert_rows(&p, "select score from health_history", "70.0\n");
    assert_rows(&p, "select playbook from intervention", "rescue\n");
    assert_rows(&p, "select capacity_hours, cost_per_hour from csm", "120.0 5550\n");
    assert_rows(&p, "select entity, line, reason from reject order by all",
                "health 4 health is 0 to 100\nsurveys 3 NPS answers are 0 to 10\n"
                "tickets 4 ends before it begins\ntickets 5 low, normal, high or urgent\n");
    project_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_come_in_many_dialects),
        cmocka_unit_test(day_and_month_are_settled_by_the_whole_column),
        cmocka_unit_test(days_are_those_of_the_portfolios_time_zone),
        cmocka_unit_test(lines_of_an_order_are_one_order_and_returns_are_none),
        cmocka_unit_test(units_given_back_are_taken_off_whichever_sign_they_are_written_with),
        cmocka_unit_test(bad_rows_are_refused_with_line_column_and_reason),
        cmocka_unit_test(too_many_refused_rows_and_strictness_fail_and_change_nothing),
        cmocka_unit_test(files_that_cannot_be_used_are_named),
        cmocka_unit_test(wide_characters_are_told_with_what_converts_them),
        cmocka_unit_test(a_heading_that_is_there_twice_is_told),
        cmocka_unit_test(empty_files_and_headings_alone_are_no_rows),
        cmocka_unit_test(a_line_without_end_fails_with_bounded_memory),
        cmocka_unit_test(compressed_files_and_patterns_are_read),
        cmocka_unit_test(parquet_and_json_are_read_like_any_file),
        cmocka_unit_test(computed_columns_and_rows_to_keep),
        cmocka_unit_test(accounts_are_those_of_orders_where_there_is_no_list),
        cmocka_unit_test(accounts_keep_columns_of_their_own),
        cmocka_unit_test(facts_find_their_account_through_another_source),
        cmocka_unit_test(usage_is_summed_by_day_feature_and_user),
        cmocka_unit_test(usage_of_several_sources_with_and_without_ids_is_one_ledger),
        cmocka_unit_test(the_same_files_change_nothing),
        cmocka_unit_test(a_source_taken_out_takes_its_facts_along),
        cmocka_unit_test(a_new_account_renumbers_all_facts),
        cmocka_unit_test(the_ledger_does_not_depend_on_the_order_of_rows),
        cmocka_unit_test(rows_after_today_are_loaded_and_noted),
        cmocka_unit_test(months_without_rows_are_noted),
        cmocka_unit_test(the_other_entities_load),
    };
    return cmocka_run_group_tests_name("ingest", tests, NULL, NULL);
}
