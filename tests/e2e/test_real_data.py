# SPDX-License-Identifier: Apache-2.0
"""The example projects on data that no one here wrote. Skipped where the data is not."""
import collections
import csv
import gzip
import math
import os
import shutil
import unittest

import strata_cli
from strata_cli import CliTest


def data_folder():
    return os.environ.get("STRATA_DATA") or str(strata_cli.SOURCE.parent / "shared" / "data")


class Example(CliTest):
    name = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.name is None or not os.path.isdir(os.path.join(data_folder(), cls.name)):
            raise unittest.SkipTest(f"there is no data of {cls.name}")
        shutil.copy(strata_cli.SOURCE / "examples" / cls.name / "strata.yaml", cls.folder)
        cls().example("ingest")

    def example(self, *arguments):
        return self.strata(*arguments, env={"STRATA_DATA": data_folder()})

    def table(self, *arguments):
        return self.rows(*arguments, env={"STRATA_DATA": data_folder()})

    def number(self, sql):
        """The only value of a query."""
        (row,) = self.table("sql", sql)
        (value,) = row.values()
        return float(value)


class RavenStack(Example):
    """Month-end MRR and paying accounts: figures of the design, from the exports themselves."""

    name = "ravenstack"

    def test_arr_at_month_ends_is_twelve_times_the_known_mrr(self):
        known = {"2023-12-31": (1262113, 185), "2024-06-30": (3833405, 333),
                 "2024-12-31": (10159608, 500)}
        for date, (mrr, accounts) in known.items():
            rows = self.table("segments", "value", "--as-of", date)
            self.assertEqual(sum(int(r["accounts"]) for r in rows), accounts)
            self.assertAlmostEqual(sum(float(r["arr"]) for r in rows), 12 * mrr, places=2)

    def test_a_cohort_is_reviewed_with_its_counts(self):
        rows = {r["month"]: r for r in self.table("cohort", "review", "2023-Q4")}
        self.assertEqual({m: r["kept"] for m, r in rows.items()}, dict.fromkeys(("3", "6", "9", "12"), "67 of 67"))
        self.assertTrue(rows["12"]["nrr"].startswith("971.1 %"))

    def test_stays_end_when_the_last_subscription_does(self):
        """Nine accounts were without ARR at some day: counted from the ledger itself."""
        (row,) = self.table("survival")
        gone = self.number("select count(distinct account) from arr_ledger where arr_after = 0")
        self.assertEqual((row["accounts"], float(row["left"])), ("500", gone))
        rows = self.table("survival", "--by", "plan")
        self.assertEqual(sum(int(r["accounts"]) for r in rows), 500)
        self.assertEqual(sum(int(r["left"]) for r in rows), gone)

    def test_the_twenty_one_duplicated_usage_ids_are_refused(self):
        rows = {r["source"]: r for r in self.table("ingest", "--force")}
        self.assertEqual(rows["usage"]["rejected"], "21")
        self.assertEqual(rows["usage"]["read"], "25000")
        text = (self.folder / "strata-rejects.csv").read_text()
        self.assertEqual(len(text.splitlines()), 22)

    def test_825_tickets_have_no_satisfaction_score(self):
        self.assertEqual(self.number("select count(*) from ticket where csat is null"), 825)

    def test_cohorts_hold_every_account_and_all_arr(self):
        rows = self.table("cohorts", "--every", "quarter", "--measure", "nrr")
        now = {r["cohort"]: float(r["value"]) for r in rows if r["kind"] != "censored"}
        self.assertAlmostEqual(sum(now.values()), 12 * 10159608, places=2)
        self.assertEqual(sum(int(r["accounts"]) for r in rows if r["age"] == "0"), 500)

    def test_every_account_of_the_population_is_in_one_segment(self):
        self.example("run")
        rows = self.table("sql", "select dimension, count(distinct account_id) n, count(*) spans "
                                 "from membership where valid_to is null group by all")
        for row in rows:
            self.assertEqual((row["n"], row["spans"]), ("500", "500"))


class Cdnow(Example):
    """README of the data set: 69,659 rows, 23,570 customers, 167,881 CDs, $2,500,315.63."""

    name = "cdnow"

    def test_totals_are_those_of_the_published_file(self):
        self.assertEqual(self.number("select count(*) from account"), 23570)
        self.assertEqual(self.number("select sum(orders) from order_ledger"), 69659)
        self.assertEqual(self.number("select sum(quantity) from order_ledger"), 167881)
        self.assertEqual(self.number("select sum(amount)::bigint from order_ledger"), 250031563)

    def test_cohorts_are_those_of_the_first_quarter(self):
        rows = self.table("cohorts", "--every", "month")
        first = {r["cohort"]: int(r["accounts"]) for r in rows if r["age"] == "0"}
        self.assertEqual(first, {"1997-01": 7846, "1997-02": 8476, "1997-03": 7248})

    def test_units_by_cohort_and_month_are_those_of_the_file(self):
        """Every CD once, and each cell as counted here from the file."""
        months = {"1997-01": 0, "1997-02": 1, "1997-03": 2}
        want, first = {}, {}
        with open(os.path.join(data_folder(), "cdnow", "CDNOW_master.txt"), encoding="ascii") as file:
            rows = [(who, f"{when[:4]}-{when[4:6]}", float(cds)) for who, when, cds, _ in map(str.split, file)
                    if when.isdigit()]
        for who, month, _ in rows:
            first[who] = min(first.get(who, month), month)
        for who, month, cds in rows:
            age = int(month[:4]) * 12 + int(month[5:]) - 1997 * 12 - 1 - months[first[who]]
            want[first[who], str(age)] = want.get((first[who], str(age)), 0) + cds
        got = {(r["cohort"], r["age"]): r
               for r in self.table("cohorts", "--every", "month", "--measure", "units", "--show", "count")
               if r["kind"] != "censored"}
        self.assertEqual({k: float(r["value"]) for k, r in got.items()}, want)
        self.assertEqual(sum(float(r["value"]) for r in got.values()), 167881)
        for (cohort, _), r in got.items():
            self.assertAlmostEqual(float(r["rate"]), float(r["value"]) / want[cohort, "0"], places=6)

    def test_customers_fill_the_grid_once(self):
        rows = self.table("segments", "rfm_segment")
        self.assertEqual(len(rows), 11)
        self.assertEqual(sum(int(r["accounts"]) for r in rows), 23570)

    def test_what_needs_arr_is_off_and_says_so(self):
        text = self.example("segments")
        self.assertNotIn("NRR", text.split("\n\n")[1])
        self.assertIn("needs arr", self.example("features", "arr_growth_12m"))


    def test_segments_are_judged_by_what_was_bought_afterwards(self):
        """Repeat purchase and spend 3, 6 and 12 months after each end of a quarter, from the order file itself."""
        orders = collections.defaultdict(list)
        with open(os.path.join(data_folder(), "cdnow", "CDNOW_master.txt"), encoding="ascii") as f:
            next(f)  # headings
            for line in f:
                customer, day, _, dollars = line.split()
                orders[customer].append((f"{day[:4]}-{day[4:6]}-{day[6:]}", round(100 * float(dollars))))
        ends = ["1997-03-31", "1997-06-30", "1997-09-30", "1997-12-31", "1998-03-31", "1998-06-30"]
        segment = {end: {r["id"]: r["rfm_band"] for r in self.table(
            "accounts", "--as-of", end, "--columns", "id,rfm_band", "--limit", "100000")} for end in ends[:-1]}
        want = {}
        for months in (3, 6, 12):
            for start, end in zip(ends, ends[months // 3:]):
                after = {c: [x for day, x in rows if start < day <= end] for c, rows in orders.items()
                         if any(day <= start for day, _ in rows)}
                spent = sorted(sum(x) for x in after.values() if x)
                half = spent[(len(spent) - 1) // 2]
                for c, x in after.items():
                    for name in (segment[start][c], "All"):
                        row = want.setdefault((str(months), name), [set(), 0, 0, 0, 0])
                        row[0].add(c)
                        for k, add in enumerate((1, bool(x), sum(x), bool(x) and sum(x) > half)):
                            row[k + 1] += add
        found = {(r["months"], r["segment"]): r for r in self.table("evidence", "--table", "after")}
        self.assertEqual(set(found), set(want))
        for key, (who, times, bought, cents, much) in want.items():
            row = found[key]
            self.assertEqual([int(row[k]) for k in ("accounts", "observations", "bought", "much")],
                             [len(who), times, bought, much], key)
            self.assertEqual(round(100 * float(row["spent"])), cents, key)
            self.assertAlmostEqual(float(row["spent_each"]), cents / times / 100, delta=0.0051, msg=key)
            self.assertAlmostEqual(float(row["repeat"]), bought / times, places=12, msg=key)
            for figure in ("repeat", "spent_each", "spent_much"):
                self.assertLessEqual(float(row[f"{figure}_low"]), float(row[figure]), key)
                self.assertLessEqual(float(row[figure]), float(row[f"{figure}_high"]), key)
        best = self.table("evidence", "--table", "ranking")[0]
        self.assertEqual((best["outcome"], best["had_outcome"]), ("repeat purchase", "11458"))

    def test_forecast_is_that_of_the_formulas(self):
        """Fitted and added up with scipy: 9 months from 30 September 1997, of all customers. Here the half widths of
        chance and of the estimates, of this forecast and of the quarter's before; how far that one was off adds."""
        known = {"bg-nbd": (16873.7, 418.2, 642348, 203), "mbg-nbd": (15933.6, 380.3, 606662, 194.5)}
        for method, (mid, half, spend, before_half) in known.items():
            asked = ("forecast", "--as-of", "1997-09-30", "--horizon", "9", "--method", method)
            row = self.table(*asked)[-1]
            (case,) = self.table(*asked, "--table", "cases")
            before, came = float(case["purchases"]), float(case["purchases_actual"])
            chance = before_half / 1.2815515655
            square = max(0, ((came - before) ** 2 - chance ** 2) / before ** 2)
            wide = math.hypot(half, 3.0777 * math.sqrt(square) * mid)  # Student's t, one degree of freedom
            self.assertAlmostEqual(float(row["purchases"]), mid, delta=1)
            self.assertAlmostEqual(float(row["purchases_low"]), mid - wide, delta=6)
            self.assertAlmostEqual(float(row["purchases_high"]), mid + wide, delta=6)
            self.assertAlmostEqual(float(row["spend"]), spend, delta=50)

    def test_purchases_to_come_are_those_of_an_integral(self):
        """DERT of the Pareto/NBD over all customers, by Simpson's rule from the order file, at the fit rounded to
        three digits."""
        row = self.table("ltv")[0]
        self.assertAlmostEqual(float(row["dert"]), 6.454, delta=0.02)

    def test_ranges_hold(self):
        """Also from June 1997, when the only forecast before was the one from halfway."""
        cases = self.table("forecast", "--table", "cases")
        held = {(c["origin"], c["months"]): float(c["purchases_low"]) <= float(c["purchases_actual"])
                <= float(c["purchases_high"]) for c in cases}
        self.assertEqual(len(held), 6)
        self.assertTrue(all(held.values()), held)


class OnlineRetail(Example):
    """UCI Online Retail, rows with a customer and positive quantity and price: 397,884 rows, 4,338
    customers, 18,532 invoices, revenue 8,911,407.904."""

    name = "online_retail"

    def test_totals_are_those_of_the_positive_rows(self):
        (row,) = self.table("ingest", "--force")
        self.assertEqual((row["read"], row["loaded"], row["left_out"]),
                         ("541909", "397884", "144025"))
        self.assertEqual(self.number("select count(*) from account"), 4338)
        self.assertEqual(self.number("select sum(orders) from order_ledger"), 18532)
        revenue = self.number("select sum(amount)::bigint from order_ledger") / 100
        self.assertAlmostEqual(revenue, 8911407.904, delta=0.01)

    def test_the_cohort_of_december_2010_is_the_known_one(self):
        rows = self.table("cohorts", "--every", "month", "--show", "count")
        active = [int(r["active"]) for r in rows if r["cohort"] == "2010-12"]
        self.assertEqual(active, [885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235])
        self.assertEqual([r["kind"] for r in rows if r["cohort"] == "2010-12"][-2:],
                         ["observed", "partial"])
        revenue = self.table("cohorts", "--every", "year", "--measure", "revenue")
        last = {r["cohort"]: float(r["value"]) for r in revenue if r["kind"] != "censored"}
        self.assertAlmostEqual(sum(last.values()), 8911407.90, delta=5)

    def test_units_of_the_first_cohort_are_those_of_the_file(self):
        with gzip.open(os.path.join(data_folder(), "online_retail", "online_retail.csv.gz"), "rt", encoding="utf-8") as file:
            bought = [(r["CustomerID"], r["InvoiceDate"], int(r["Quantity"])) for r in csv.DictReader(file)
                      if r["CustomerID"] and int(r["Quantity"]) > 0 and float(r["UnitPrice"]) > 0]
        rows = self.table("cohorts", "--every", "month", "--measure", "units", "--show", "count", "--last", "100")
        told = sum(float(r["value"]) for r in rows if r["kind"] != "censored")
        self.assertEqual(told, sum(n for _, _, n in bought))

    def test_a_model_in_which_nobody_leaves_is_used_and_was_tried(self):
        tried = {(r["quantity"], r["method"]): r for r in self.table("forecast", "--table", "backtest")}
        nbd = tried["Purchases", "NBD"]
        self.assertEqual((nbd["cases"], nbd["held"], nbd["used"]), ("3", "2 of 3", "used"))
        self.assertEqual(tried["Purchases", "BG/NBD"]["cases"], "0")
        self.assertLess(float(nbd["error"]), float(tried["Purchases", "the last period goes on"]["error"]))

    def test_a_past_date_knows_only_its_past(self):
        then = self.table("accounts", "--as-of", "2011-03-31", "--columns", "spend_total")
        self.assertEqual(len(then), int(self.number(
            "select count(distinct account) from order_ledger "
            "where day <= date '2011-03-31' - date '1970-01-01'")))


del Example  # unittest would run it

if __name__ == "__main__":
    strata_cli.main()
