/* SPDX-License-Identifier: Apache-2.0 */
#include "demo.h"

#include <math.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void add_summary(document *d, int arr_origin)
{
    doc_section *s = document_section(d, NULL, "summary",
                                      "Growth accounts hold 32 % of ARR and most of the risk");
    doc_cell arr = cell_money(6140000000);
    arr.provenance = arr_origin;
    doc_figure(s, "ARR", arr, "+$2.1M since 31 March 2026");
    doc_figure(s, "NRR 12 months", cell_share(1.082), "GRR 92.1 %");
    doc_figure(s, "Accounts at risk", cell_count(186), "$4.1M of ARR");
    doc_figure(s, "NPS", cell_empty("needs surveys"), NULL);
    doc_paragraph(s,
                  "Two dimensions separate accounts best: **lifecycle stage** and **value**. "
                  "Of 5,000 accounts 412 are *champions*; they bring $18.9M, 30.8 %% of ARR. "
                  "The rule behind a segment is shown by `strata explain %s`; see also "
                  "[the definitions](https://strata.example/docs/definitions).",
                  document_escape(d, "A*CME [EU]"));
    doc_bullet(s, "Move 38 quiet accounts to tech touch: **212 hours** a quarter come free.");
    doc_bullet(s, "Call the 12 rescue missions that renew before 30 September 2026.");
    doc_note(s, "warning",
             "38 accounts are pinned by hand; the rules would place **9** elsewhere.");
    doc_note(s, "missing",
             "Support load: a `tickets` table with `opened_at` would switch this on.");
    doc_note(s, "note", "ARR is in USD at the rate of each contract's start.");
}

static void add_segments(document *d, int champions)
{
    static const doc_column columns[] = {
        {"segment", "Segment", CELL_TEXT, 0, 0, false},
        {"accounts", "Accounts", CELL_COUNT, 0, 0, true},
        {"accounts_share", "%", CELL_SHARE, 0, 1, false},
        {"arr", "ARR", CELL_MONEY, 0, 0, true},
        {"arr_share", "% of ARR", CELL_SHARE, 0, 1, false},
        {"nrr", "NRR 12m", CELL_SHARE, 0, 2, false},
        {"health", "Health", CELL_NUMBER, 1, 3, false},
        {"quiet", "Last seen", CELL_DAYS, 0, 5, false},
        {"renewal", "Next renewal", CELL_DATE, 0, 6, false},
        {"moved", "Since March", CELL_CHANGE, 0, 4, false},
        {"trend", "12 months", CELL_SPARK, 0, 4, false},
        {"pinned", "Pinned", CELL_BOOL, 0, 7, false},
    };
    static const double up[] = {3, 4, 4, 6, 7, 7, 9, 10, 12, 12, 13, 15};
    static const double down[] = {9, 8, 8, NAN, 6, 6, 5, 5, 4, 3, 3, 2};
    doc_section *s = document_section(d, NULL, "segments", "Seven segments, each account in one");
    doc_section *inner = document_section(d, s, "sizes", "Champions are few and large");
    doc_table *t =
        doc_table_new(inner, "segments", "Segments by ARR, 30 June 2026", columns, COUNT(columns));
    doc_cell first = cell_count(412);
    first.provenance = champions;
    doc_row(t, (doc_cell[]){cell_text("Champions"), first, cell_share(0.0824),
                            cell_money(1890000000), cell_share(0.3078), cell_share(1.21),
                            cell_number(88.04), cell_days(2), cell_date(20650), cell_change(14),
                            cell_spark(up, COUNT(up)), cell_bool(false)});
    doc_row(t, (doc_cell[]){cell_text("Rescue missions"), cell_count(186), cell_share(0.0372),
                            cell_money(410000000), cell_share(0.0668), cell_share(0.84),
                            cell_number(31.5), cell_days(41), cell_date(20700), cell_change(-31),
                            cell_spark(down, COUNT(down)), cell_bool(true)});
    doc_row(t,
            (doc_cell[]){cell_text("Quiet Größe 静かな顧客 👩‍👩‍👧"),
                         cell_count(7), cell_share(0.0014), cell_money(12345), cell_share(0.000002),
                         cell_empty("not enough data (7 accounts, 30 needed)"), cell_number(NAN),
                         cell_days(NAN), cell_date(DAY_MISSING), cell_change(0),
                         cell_spark(NULL, 0), cell_bool(false)});
    doc_row_total(t, (doc_cell[]){cell_text("All"), cell_count(605), cell_share(0.121),
                                  cell_money(2300012345), cell_share(0.374602), cell_share(1.082),
                                  cell_empty(NULL), cell_empty(NULL), cell_empty(NULL),
                                  cell_change(-17), cell_empty(NULL), cell_empty(NULL)});
    doc_table_footnote(t, "38 accounts are pinned by hand, see `strata pins`.");
}

/* Names as customers have them, and as attackers would. */
static const char *const names[] = {
    "Acme GmbH",
    "Łódź & Søns <script>alert(1)</script>",
    "=HYPERLINK(\"http://evil.example\",\"click\")",
    "株式会社 東京 | pipes",
    "O'Neill \"Quoted\", Inc.",
    "Two\nlines\tand a tab",
    "\x1b[31mred\x1b[0m \a bell",
    ("مرحبا \xe2\x80\xae"
     "desrever"),
    "e\xcc\x81t\xc3\xa9 caf\xc3\xa9 🇫🇷 👍🏽",
    "broken \xff\xfe utf-8",
    "**not bold** `code` _x_ [l](https://x.example)",
    "@cmd -1+1",
};

static void add_accounts(document *d, size_t n)
{
    static const doc_column columns[] = {
        {"account", "Account", CELL_TEXT, 0, 0, false},
        {"owner", "CSM", CELL_TEXT, 0, 2, false},
        {"arr", "ARR", CELL_MONEY, 0, 0, true},
        {"health", "Health", CELL_NUMBER, 0, 1, false},
        {"why", "Why it is here", CELL_TEXT, 0, 3, false},
    };
    static const char *const owners[] = {"Ana Núñez", "Bo", "李 雷"};
    doc_section *s = document_section(d, NULL, "accounts", "Accounts to work through");
    doc_table *t = doc_table_new(s, "accounts", NULL, columns, COUNT(columns));
    for (size_t i = 0; i < n; i++) {
        char name[160];
        const char *base = names[i % COUNT(names)];
        (void)snprintf(name, sizeof name, i < COUNT(names) ? "%s" : "%s %zu", base, i);
        doc_row(t, (doc_cell[]){cell_text(i < COUNT(names) ? base : name),
                                i % 5 == 4 ? cell_empty("no CSM assigned")
                                           : cell_text(owners[i % COUNT(owners)]),
                                cell_money((int64_t)(9000000 - (int64_t)i * 137 % 8000000)),
                                cell_number((double)(i * 37 % 101)),
                                cell_text("health below 60 and no login for more than 30 days")});
    }
}

strata_status demo_document(size_t n_accounts, document **out, strata_error *err)
{
    document_head head = {.kind = "demo",
                          .title = "Segmentation framework",
                          .portfolio = "acme",
                          .currency = "USD",
                          .as_of = 20634, /* 2026-06-30 */
                          .model_name = "hybrid",
                          .model_digest = "3f9c21d0a7",
                          .data_digest = "77ab01",
                          .version = "0.1.0",
                          .seed = 18446744073709551615U,
                          .n_accounts = 5000,
                          .arr_minor = 6140000000};
    STRATA_AUTO(document_free) document *d = NULL;
    STRATA_TRY(document_new(&head, &d, err));
    int arr = document_provenance(d,
                                  "Sum of annual recurring revenue of all accounts with a "
                                  "contract on the as-of date",
                                  "contracts.csv: amount, start, end", "arr > 0");
    int champions = document_provenance(d, "Accounts in segment Champions", "model hybrid",
                                        "segment = 'Champions'");
    add_summary(d, arr);
    add_segments(d, champions);
    demo_add_charts(d);
    add_accounts(d, n_accounts);
    doc_next_step(d, "strata quality");
    doc_next_step(d, "strata diff --since 2026-03-31");
    STRATA_TRY(document_status(d, err));
    *out = strata_steal(&d);
    return STRATA_OK;
}
