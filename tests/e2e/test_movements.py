# SPDX-License-Identifier: Apache-2.0
"""ARR movements, metrics in dialects and their reconciliation, on a small portfolio with every case and on
RavenStack."""
import csv
import io
import os
import shutil
import unittest

import strata_cli
from strata_cli import CliTest
from test_real_data import data_folder

MODEL = """strata: 1
business: {name: small, currency: USD%s}
%s
sources:
  accounts: {path: accounts.csv}
  arr: {path: arr.csv, form: movements}
  opportunities: {path: deals.csv, kind: renewal}
dimensions:
  tier: {by: plan}
"""
ACCOUNTS = """account_id,name,started_on,channel,plan
a1,Ant,2023-10-01,ads,pro
a2,Bee,2023-10-01,ads,pro
a3,Cat,2023-10-01,partner,basic
a4,Dog,2024-03-02,partner,basic
a5,Elk,2024-03-04,ads,basic
a6,Fox,2023-09-01,ads,pro
"""
# Opening 2024: a1 1000, a2 800, a3 500. a6 left before and comes back; a2 leaves and returns; a5 comes and goes within March.
ARR = """account_id,date,delta,type,reason
a1,2023-10-01,1000,,
a1,2024-02-10,250.50,seats,
a1,2024-06-01,-50.25,,fewer seats
a2,2023-10-01,800,,
a2,2024-04-10,-800,,credit card expired
a2,2024-07-10,600,,
a3,2023-10-01,500,,
a3,2024-08-31,-500,,competitor
a4,2024-03-02,300,,
a4,2024-09-02,120,price,
a5,2024-03-04,90,,
a5,2024-03-20,-90,,trial
a6,2023-09-01,400,,
a6,2023-12-01,-400,,budget
a6,2024-05-05,350,,
"""
DEALS = """account_id,opened_at,amount,due_on,stage
a1,2024-01-05,1000,2024-10-01,won
a2,2024-01-05,800,2024-04-10,lost
a3,2024-01-05,500,2024-12-31,open
a4,2024-09-05,420,2025-03-02,open
"""


class Small(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.folder / "strata.yaml").write_text(MODEL % ("", ""))
        (cls.folder / "accounts.csv").write_text(ACCOUNTS)
        (cls.folder / "arr.csv").write_text(ARR)
        (cls.folder / "deals.csv").write_text(DEALS)
        cls().strata("ingest")

    def year(self, *arguments):
        return self.rows(*arguments, "--as-of", "2024-12-31")

    def metric(self, name, *more):
        (row,) = self.year("metrics", "--dialect", name, *more)
        return row

    def test_the_year_adds_up_to_the_cent(self):
        (row,) = [r for r in self.year("movements", "--every", "year", "--last", "1") if r["period"] == "2024"]
        want = {"opening": "2300.00", "new": "390.00", "expansion": "370.50", "reactivation": "950.00",
                "contraction": "50.25", "churn": "1390.00", "closing": "2570.25", "accounts": "4"}
        self.assertEqual({k: row[k] for k in want}, want)

    def test_every_month_and_group_adds_up(self):
        head = self.json("movements", "--by", "plan", "--as-of", "2024-12-31")
        tables = {t["id"]: t for s in head["sections"] for t in s["items"] if t["type"] == "table"}
        rows = tables["movements"]["rows"] + tables["movements_by_period"]["rows"] + [tables["movements"]["totals"][0]]
        self.assertEqual(len(rows), 2 + 24 + 1)
        for r in rows:
            cents = {k: round(100 * r[k]) for k in ("opening", "new", "expansion", "reactivation", "contraction", "churn", "closing")}
            self.assertEqual(cents["opening"] + cents["new"] + cents["expansion"] + cents["reactivation"]
                             - cents["contraction"] - cents["churn"], cents["closing"], r)

    def test_every_month_is_what_sql_says_of_the_ledger(self):
        sums = self.rows("sql", "select strftime(date '1970-01-01' + day, '%Y-%m') period, kind, sum(abs(delta)) minor "
                                "from arr_ledger group by all")
        kinds = ["new", "expansion", "contraction", "churn", "reactivation"]
        rows = {r["period"]: r for r in self.year("movements", "--last", "100") if r["period"] != "Together"}
        self.assertEqual(sum(float(r[k]) > 0 for r in rows.values() for k in kinds), len(sums))
        for s in sums:
            self.assertAlmostEqual(float(rows[s["period"]][kinds[int(s["kind"])]]), int(s["minor"]) / 100)

    def test_a_period_can_be_named_by_either_option(self):
        for unit in ("month", "quarter", "year"):
            self.assertEqual(self.year("movements", "--by", unit), self.year("movements", "--every", unit))
        self.strata("movements", "--by", "month", "--every", "year", status=64)
        self.assertIn("leave one out", self.errors)

    def test_fiscal_quarters_are_named_after_the_year_they_end_in(self):
        (self.folder / "strata.yaml").write_text(MODEL % (", fiscal_year_starts: 2", ""))
        try:
            rows = self.year("movements", "--every", "quarter", "--last", "2")
        finally:
            (self.folder / "strata.yaml").write_text(MODEL % ("", ""))
        self.assertEqual([r["period"] for r in rows][:2], ["FY2025-Q3", "FY2025-Q4"])
        self.assertEqual(rows[1]["to"], "2024-12-31")

    def test_dialects_give_their_own_figures(self):
        # Base 2300; at the end a1 1200.25, a2 600, a3 0.
        self.assertAlmostEqual(float(self.metric("nrr:point")["value"]), 1800.25 / 2300)
        self.assertAlmostEqual(float(self.metric("nrr:movements")["value"]), (2300 + 370.5 - 50.25 - 1390) / 2300)
        self.assertAlmostEqual(float(self.metric("nrr:movements", "--same-month", "ignore")["value"]),
                               (2300 + 370.5 - 50.25 - 1300) / 2300)
        self.assertAlmostEqual(float(self.metric("nrr:point", "--reactivation", "included")["value"]), 2150.25 / 2300)
        self.assertAlmostEqual(float(self.metric("nrr:renewal_base")["value"]), 1000 / 2300)
        self.assertAlmostEqual(float(self.metric("grr:point")["value"]), 1600 / 2300)
        self.assertAlmostEqual(float(self.metric("quick_ratio:with_")["value"]), 1710.5 / 1440.25)
        self.assertAlmostEqual(float(self.metric("logo_churn:delinquent")["value"]), 1 / 3)
        self.assertAlmostEqual(float(self.metric("logo_churn:voluntary")["value"]), 2 / 3)
        self.assertAlmostEqual(float(self.metric("ltv:arpa_retention")["value"]), 2300 / 3 / (1 / 3), places=2)

    def test_the_model_chooses_the_dialect_and_what_cannot_be_honoured_is_said(self):
        (self.folder / "strata.yaml").write_text(
            MODEL % ("", "metrics: {nrr: movements, reactivation: included, churn_dated: cancellation}"))
        try:
            rows = {r["metric"]: r for r in self.year("metrics")}
            text = self.strata("metrics", "--as-of", "2024-12-31")
        finally:
            (self.folder / "strata.yaml").write_text(MODEL % ("", ""))
        self.assertEqual(rows["NRR"]["name"], "nrr:movements")
        self.assertAlmostEqual(float(rows["NRR"]["value"]), (2300 + 370.5 - 50.25 - 1390 + 950) / 2300)
        self.assertIn("no subscription is known to have been cancelled before its end", text.replace("\n", " "))

    def test_a_reconciliation_adds_up_and_names_each_account(self):
        head = self.json("reconcile", "nrr:point_to_point", "nrr:movement", "--as-of", "2024-12-31")
        tables = {t["id"]: t for s in head["sections"] for t in s["items"] if t["type"] == "table"}
        total = tables["causes"]["totals"][0]
        for key in ("effect", "numerator_a", "numerator_b", "numerator_difference", "denominator_a"):
            self.assertAlmostEqual(sum(r[key] for r in tables["causes"]["rows"]), total[key], places=9)
        self.assertAlmostEqual(sum(r["effect"] for r in tables["accounts"]["rows"]), total["effect"], places=9)
        causes = {r["account_id"]: r["cause"] for r in tables["accounts"]["rows"]}
        self.assertEqual(causes, {"a2": "returned", "a4": "new", "a5": "same_month"})
        same = self.rows("reconcile", "movements", "movements-same_month", "--as-of", "2024-12-31")
        self.assertEqual([r["account_id"] for r in same], ["a5"])

    def test_expansion_and_losses_are_told_by_their_words(self):
        types = self.rows("movements", "--expansion", "--table", "expansion_by_type", "--as-of", "2024-12-31")
        self.assertEqual([(r["group"], r["expansion"]) for r in types], [("price", "120.00"), ("seats", "250.50")])
        losses = self.rows("movements", "--reasons", "--table", "losses", "--as-of", "2024-12-31")
        self.assertEqual([(r["reason"], r["churn"], r["delinquent"]) for r in losses][:2],
                         [("credit card expired", "800.00", "true"), ("competitor", "500.00", "false")])

    def test_renewals_due_stand_against_renewed(self):
        rows = self.rows("movements", "--every", "year", "--last", "1", "--table", "renewals", "--as-of", "2024-12-31")
        self.assertEqual((rows[0]["due"], rows[0]["renewed"], rows[0]["lost"], rows[0]["open"]), ("3", "1", "1", "1"))
        self.assertEqual((rows[0]["due_amount"], rows[0]["renewed_amount"]), ("2300.00", "1000.00"))

    def test_same_bytes_for_any_number_of_threads(self):
        for command in (["movements", "--expansion", "--by", "channel"], ["metrics", "--dialect", "all", "--trend"],
                        ["reconcile", "nrr", "grr"]):
            outputs = {self.strata(*command, "--as-of", "2024-12-31", "--format", "json", "--threads", n) for n in (1, 2, 7)}
            self.assertEqual(len(outputs), 1, command)

    def test_before_the_first_arr_metrics_say_why_they_are_not_defined(self):
        rows = self.rows("metrics", "--dialect", "all", "--as-of", "2023-10-02")
        self.assertTrue(all(r["value"] == "" for r in rows if r["name"] in ("nrr:point_to_point", "ltv:arpa_churn")))

    def test_what_makes_no_sense_is_refused(self):
        self.strata("metrics", "--dialect", "nonsense", status=64)
        self.strata("metrics", "--since", "2024-01-01", "--last", "3m", status=64)
        self.strata("metrics", "--since", "2025-01-01", "--as-of", "2024-12-31", status=64)
        self.strata("movements", "--same-month", "perhaps", status=64)
        self.strata("movements", "--on", "2024-01-01", status=64)
        self.strata("reconcile", "nrr", "logo_churn", "--as-of", "2024-12-31", status=64)
        self.strata("reconcile", "nrr", "nrr", status=64)
        self.strata("reconcile", "nrr", "nosuch", status=66)


NOTICE_MODEL = """strata: 1
business: {name: notice, currency: USD}
%s
sources:
  arr: {path: subscriptions.csv, form: subscriptions%s}
"""
# a1 gives up a second subscription (contraction), a2 leaves with three months still paid, a3 gave notice in the year before,
# a4 has no end yet, a5 is said to have cancelled after its end, a6 stays.
SUBSCRIPTIONS = """account_id,subscription_id,start,end,cancelled_on,amount,reason
a1,s1,2023-07-01,,,1000,
a1,s2,2023-07-01,2025-07-01,2024-11-15,200,too many
a2,s3,2023-03-01,2025-03-01,2024-12-10,500,competitor
a3,s4,2023-01-01,2024-01-01,2023-10-01,300,budget
a4,s5,2024-02-01,,2024-08-01,400,card declined
a5,s6,2023-01-01,2024-06-01,2024-09-01,100,
a6,s7,2023-06-01,,,250,
"""


class Notice(CliTest):
    """Churn dated at the cancellation, worked out by hand for 2024."""
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.write(SUBSCRIPTIONS)
        cls().strata("ingest")

    @classmethod
    def write(cls, rows, metrics="", more=""):
        (cls.folder / "strata.yaml").write_text(NOTICE_MODEL % (metrics, more))
        (cls.folder / "subscriptions.csv").write_text(rows)

    def year(self, *arguments):
        (row,) = [r for r in self.rows("movements", "--every", "year", "--last", "1", "--as-of", "2024-12-31",
                                       *arguments) if r["period"] == "2024"]
        return {k: float(row[k]) for k in ("opening", "new", "contraction", "churn", "closing")}

    def nrr(self, *arguments):
        (row,) = self.rows("metrics", "--dialect", "nrr:point", "--as-of", "2024-12-31", *arguments)
        return float(row["value"])

    def test_service_to_its_end_is_the_usual(self):
        want = {"opening": 2350, "new": 400, "contraction": 0, "churn": 400, "closing": 2350}
        self.assertEqual(self.year(), want)
        self.assertEqual(self.year("--churn-dated", "end_of_paid_period"), want)
        self.assertAlmostEqual(self.nrr(), 1950 / 2350)

    def test_at_the_cancellation_arr_goes_when_notice_is_given(self):
        self.assertEqual(self.year("--churn-dated", "cancellation"),
                         {"opening": 2050, "new": 400, "contraction": 200, "churn": 1000, "closing": 1250})
        self.assertAlmostEqual(self.nrr("--churn-dated", "cancellation"), 1250 / 2050)
        # Of the four accounts with ARR at the beginning, a2 and a5 leave; a4, who came within the year, for a failed payment.
        for dialect, want in (("delinquent", 1 / 4), ("voluntary", 2 / 4)):
            (row,) = self.rows("metrics", "--dialect", f"logo_churn:{dialect}", "--as-of", "2024-12-31",
                               "--churn-dated", "cancellation")
            self.assertAlmostEqual(float(row["value"]), want)

    def test_the_model_can_ask_for_it(self):
        self.write(SUBSCRIPTIONS, "metrics: {churn_dated: cancellation}")
        try:
            self.assertAlmostEqual(self.nrr(), 1250 / 2050)
            self.assertAlmostEqual(self.nrr("--churn-dated", "end_of_paid_period"), 1950 / 2350)
            rows = self.rows("reconcile", "nrr", "nrr-cancellation", "--as-of", "2024-12-31")
        finally:
            self.write(SUBSCRIPTIONS)
        self.assertEqual(sorted(r["account_id"] for r in rows), ["a1", "a2", "a3"])

    def test_the_two_datings_are_reconciled_account_by_account(self):
        rows = self.rows("reconcile", "nrr", "nrr+cancellation", "--as-of", "2024-12-31")
        self.assertEqual({r["account_id"]: r["cause"] for r in rows}, dict.fromkeys(("a1", "a2", "a3"), "notice"))
        self.assertAlmostEqual(sum(float(r["effect"]) for r in rows), 100 * (1950 / 2350 - 1250 / 2050), places=6)

    @staticmethod
    def kept(rows, year, on):
        """Of accounts that started in a year: how many, who has ARR on a day, their ARR at first, now, and the lower."""
        first, arr = {}, {}
        for r in csv.DictReader(io.StringIO(rows)):
            stop = min(x for x in (r["end"] or "9999", r["cancelled_on"] or "9999", "9999"))
            if stop <= r["start"]:
                continue
            day, amount = first.get(r["account_id"], ("9999", 0))
            if r["start"] <= day:
                first[r["account_id"]] = (r["start"], float(r["amount"]) + (amount if r["start"] == day else 0))
            if r["start"] <= on < stop:
                arr[r["account_id"]] = arr.get(r["account_id"], 0) + float(r["amount"])
        who = [a for a, (day, _) in first.items() if day[:4] == year]
        now = [arr.get(a, 0) for a in who]
        return (len(who), sum(x > 0 for x in now), sum(first[a][1] for a in who), sum(now),
                sum(min(x, first[a][1]) for a, x in zip(who, now)))

    def test_cohorts_lose_who_gave_notice_on_its_day(self):
        options = ("--every", "year", "--as-of", "2024-12-31")
        dated = (*options, "--churn-dated", "cancellation")
        # Nothing is left of a7: it cancelled on its first day, so it never became a customer.
        rows = SUBSCRIPTIONS + "a7,s8,2023-05-01,2025-05-01,2023-05-01,70,slip\n"
        self.write(rows)
        self.strata("ingest")
        try:
            for year, age, on in (("2023", "0", "2023-12-31"), ("2023", "1", "2024-12-31"), ("2024", "0", "2024-12-31")):
                n, active, base, now, kept = self.kept(rows, year, on)
                for measure, value in (("logo", active), ("nrr", now), ("grr", kept)):
                    (cell,) = [c for c in self.rows("cohorts", "--measure", measure, *dated)
                               if (c["cohort"], c["age"]) == (year, age)]
                    self.assertEqual((int(cell["accounts"]), int(cell["active"]), float(cell["value"])),
                                     (n, active, value), (measure, year, age))
                if year == "2023":
                    self.assertEqual((n, base), (5, 2350))  # a7 would be the sixth
            (cell,) = [c for c in self.rows("cohorts", "--measure", "nrr", *options) if (c["cohort"], c["age"]) == ("2023", "1")]
            self.assertEqual((int(cell["accounts"]), float(cell["value"])), (6, 2020))  # up to the end of service
            gone = self.rows("cohorts", *dated, "--cell", "2023:1", "--lost", "--table", "accounts")
            self.assertEqual({r["id"] for r in gone}, {"a2", "a3", "a5"})
            text = self.strata("cohorts", *dated).replace("\n", " ")
            self.assertIn("Churn is dated at the cancellation", text)
            self.assertIn("--churn-dated cancellation --cell", self.strata("cohorts", "--measure", "nrr", *dated, "--cell",
                                                                           "2023:1", "--width", 300))
            self.write(rows, "metrics: {churn_dated: cancellation}")
            self.assertEqual(self.rows("cohorts", "--measure", "nrr", *options),
                             self.rows("cohorts", "--measure", "nrr", *dated))
        finally:
            self.write(SUBSCRIPTIONS)
            self.strata("ingest")
        for measure in ("revenue", "seats"):
            self.strata("cohorts", "--measure", measure, "--churn-dated", "cancellation", status=64)
            self.assertIn("goes with --measure logo, nrr and grr", self.errors)
        self.strata("cohorts", "--churn-dated", "notice", status=64)
        self.assertIn("end_of_paid_period or cancellation", self.errors)

    def test_where_no_notice_differs_it_is_said(self):
        early = ("--as-of", "2023-09-30", "--since", "2023-07-31")
        self.strata("reconcile", "nrr", "nrr+cancellation", *early, status=65)
        self.assertIn("cancelled_on", self.errors)
        text = self.strata("metrics", "--churn-dated", "cancellation", *early).replace("\n", " ")
        self.assertIn("dated at the end of the paid period", text)
        self.strata("metrics", "--churn-dated", "notice", status=64)
        self.assertIn("end_of_paid_period or cancellation", self.errors)

    def test_a_notice_given_later_changes_nothing_before(self):
        before = self.strata("metrics", "--churn-dated", "cancellation", "--as-of", "2024-06-30", "--dialect", "all")
        self.write(SUBSCRIPTIONS.replace("a6,s7,2023-06-01,,,", "a6,s7,2023-06-01,2025-06-01,2024-07-01,"))
        self.strata("ingest")
        try:
            after = self.strata("metrics", "--churn-dated", "cancellation", "--as-of", "2024-06-30", "--dialect", "all")
            self.assertEqual(self.year("--churn-dated", "cancellation")["closing"], 1000)
        finally:
            self.write(SUBSCRIPTIONS)
            self.strata("ingest")
        self.assertEqual(before, after)

    def test_a_notice_on_or_before_the_start_leaves_nothing_to_count(self):
        for notice in ("2024-02-01", "2024-01-15"):
            self.write(SUBSCRIPTIONS.replace("a6,s7,2023-06-01,,,250,", f"a6,s7,2024-02-01,2025-06-01,{notice},250,slip"))
            self.strata("ingest")
            try:
                self.assertEqual(self.year()["closing"], 2350)
                self.assertEqual(self.year("--churn-dated", "cancellation"),
                                 {"opening": 1800, "new": 400, "contraction": 200, "churn": 1000, "closing": 1000})
            finally:
                self.write(SUBSCRIPTIONS)
                self.strata("ingest")

    def test_a_month_closes_alike_whenever_it_is_looked_at(self):
        """Notice on the day of the start, and a second subscription later: nothing of the first counts,
        also before there is a second."""
        self.write(SUBSCRIPTIONS.replace("a6,s7,2023-06-01,,,250,", "a6,s7,2024-01-01,2025-06-01,2024-01-01,9600,slip\n"
                                         "a6,s8,2024-05-01,,,600,"))
        self.strata("ingest")
        try:
            for day in ("2024-04-30", "2024-12-31"):
                (row,) = [r for r in self.rows("movements", "--every", "month", "--last", "12", "--as-of", day,
                                               "--churn-dated", "cancellation") if r["period"] == "2024-04"]
                self.assertEqual(float(row["closing"]), 2200, day)
        finally:
            self.write(SUBSCRIPTIONS)
            self.strata("ingest")

    def test_what_is_appended_later_changes_no_byte_of_what_was_closed(self):
        """Of an account of whose subscription nothing is left: a second one, notice of that, and words not said before."""
        first = SUBSCRIPTIONS.replace("a6,s7,2023-06-01,,,250,", "a6,s7,2024-01-01,2025-06-01,2024-01-01,9600,slip")
        commands = [[*c, "--as-of", "2024-04-30", "--churn-dated", "cancellation"] for c in
                    (("movements", "--every", "month", "--last", "12"), ("metrics", "--dialect", "all"),
                     ("cohorts", "--every", "month", "--measure", "nrr", "-f", "csv"),
                     ("movements", "--every", "month", "--last", "12", "--table", "reasons"))]
        try:
            said = []
            for rows in (first, first + "a6,s8,2024-05-01,2025-05-01,2024-11-01,600,a new reason\n"
                                        "a5,s9,2024-06-01,2025-06-01,2024-05-15,70,another\n"):
                self.write(rows)
                self.strata("ingest")
                said.append([self.strata(*c) for c in commands])
        finally:
            self.write(SUBSCRIPTIONS)
            self.strata("ingest")
        self.assertEqual(*said)

    def test_the_example_of_the_definitions(self):
        self.write("".join(line for line in SUBSCRIPTIONS.splitlines(True) if line[:2] in ("ac", "a1", "a2", "a6")))
        self.strata("ingest")
        try:
            self.assertAlmostEqual(self.nrr(), 1)
            self.assertAlmostEqual(self.nrr("--churn-dated", "cancellation"), 1250 / 1950)
            moved = self.year("--churn-dated", "cancellation")
            self.assertEqual((moved["contraction"], moved["churn"]), (200, 500))
        finally:
            self.write(SUBSCRIPTIONS)
            self.strata("ingest")

    def test_the_last_day_of_service_can_be_the_habit(self):
        self.write(SUBSCRIPTIONS.replace("2024-06-01,2024-09-01", "2024-05-31,2024-06-01"), more=", end_is: last_day")
        self.strata("ingest")
        try:
            self.assertEqual(self.year("--churn-dated", "cancellation")["churn"], 1000)
            ((n,),) = (r.values() for r in self.rows("sql", "select count(*) from arr_notice where account = 4"))
            self.assertEqual(int(n), 0)
        finally:
            self.write(SUBSCRIPTIONS)
            self.strata("ingest")


class WorkedExamples(CliTest):
    """ChartMogul help: what it calculates by hand."""

    def metrics(self, rows, **dialects):
        (self.folder / "strata.yaml").write_text(
            "strata: 1\nsources:\n  accounts: {path: accounts.csv}\n  arr: {path: arr.csv, form: movements}\n"
            "dimensions:\n  tier: {by: plan}\n")
        accounts = sorted({r.split(",")[0] for r in rows})
        (self.folder / "accounts.csv").write_text(
            "account_id,plan\n" + "".join(f"{a},x\n" for a in accounts))
        (self.folder / "arr.csv").write_text("account_id,date,delta\n" + "".join(r + "\n" for r in rows))
        self.strata("ingest", "--force")
        (one,) = self.rows("metrics", "--dialect", dialects["dialect"], "--since", "2024-02-29", "--as-of", "2024-03-31")
        return float(one["value"])

    def test_gross_churn_of_20_and_net_churn_of_10_percent(self):
        """Start 100, churn 10, contraction 10, expansion 10: GRR is 80 %, NRR 90 %."""
        rows = ["a,2024-01-01,60", "b,2024-01-01,30", "c,2024-01-01,10",
                "a,2024-03-10,10", "b,2024-03-11,-10", "c,2024-03-12,-10"]
        self.assertAlmostEqual(1 - self.metrics(rows, dialect="grr:movements"), 0.20)
        self.assertAlmostEqual(1 - self.metrics(rows, dialect="nrr:movements"), 0.10)

    def test_a_quick_ratio_of_three_and_a_half(self):
        """New 20k and expansion 8k over churn 5k and contraction 3k."""
        rows = ["a,2024-01-01,50000", "b,2024-01-01,5000", "a,2024-03-01,8000", "b,2024-03-02,-5000",
                "c,2024-03-03,20000", "d,2024-01-01,9000", "d,2024-03-04,-3000"]
        self.assertAlmostEqual(self.metrics(rows, dialect="quick_ratio:without"), 3.5)


class Shop(CliTest):
    def test_a_portfolio_without_arr_says_what_is_missing(self):
        (self.folder / "strata.yaml").write_text(
            "strata: 1\nsources:\n  accounts: {path: accounts.csv}\n  orders: {path: orders.csv}\n"
            "dimensions:\n  tier: {by: plan}\n")
        (self.folder / "accounts.csv").write_text(ACCOUNTS)
        (self.folder / "orders.csv").write_text("account_id,order_id,ordered_at,amount\na1,1,2024-02-01,20\n")
        self.strata("ingest")
        for command in (["movements"], ["metrics"], ["reconcile", "nrr", "grr"]):
            self.strata(*command, status=65)
            self.assertIn("need ARR", self.errors)
            self.assertIn("add a source 'arr'", self.errors)


class RavenStack(CliTest):
    """Subscriptions as accounts: then what ends is churn, as the published figure counts it."""

    def test_churned_mrr_of_healthtech_us_enterprise_is_the_published_one(self):
        folder = os.path.join(data_folder(), "ravenstack")
        if not os.path.isdir(folder):
            self.skipTest("there is no data of ravenstack")
        with open(os.path.join(folder, "ravenstack_accounts.csv"), encoding="utf-8") as f:
            owners = {r["account_id"]: r for r in csv.DictReader(f)}
        with open(os.path.join(folder, "ravenstack_subscriptions.csv"), encoding="utf-8") as f, \
                open(self.folder / "accounts.csv", "w", encoding="utf-8") as out:
            out.write("account_id,name,industry,country,plan\n")
            for r in csv.DictReader(f):
                owner = owners[r["account_id"]]
                out.write(f"{r['subscription_id']},{owner['account_name']},{owner['industry']},{owner['country']},{r['plan_tier']}\n")
        shutil.copy(os.path.join(folder, "ravenstack_subscriptions.csv"), self.folder / "subscriptions.csv")
        # One of them starts and ends on one day, the last; it runs only if `end` is the last day of service.
        (self.folder / "strata.yaml").write_text(
            "strata: 1\nsources:\n  accounts: {path: accounts.csv}\n"
            "  arr: {path: subscriptions.csv, form: subscriptions, period: month, end_is: last_day,\n"
            "        map: {account_id: subscription_id, start: start_date, end: end_date, amount: mrr_amount}}\n"
            "dimensions:\n  tier: {by: plan}\n")
        self.strata("ingest")
        rows = self.rows("movements", "--every", "year", "--last", "3", "--as-of", "2025-01-01", "--by",
                         'industry = "HealthTech" and country = "US" and plan = "Enterprise"')
        churn = {r["group"].split()[0]: float(r["churn"]) for r in rows}
        self.assertEqual(churn["industry"] / 12, 136116)


if __name__ == "__main__":
    strata_cli.main()
