# SPDX-License-Identifier: Apache-2.0
"""strata cohorts: triangles against the rows of the store, cells and their accounts, saved segments."""
import datetime
import csv
import datetime
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import unittest

import strata_cli
from strata_cli import CliTest
from test_real_data import data_folder


class Cohorts(CliTest):
    """A small invented portfolio."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls().strata("synth", "p", "--accounts", 400, "--seed", 7)
        cls.folder = cls.folder / "p"
        with open(cls.folder / "accounts.csv", encoding="utf-8") as f:
            one = f.read().splitlines()[1]
        with open(cls.folder / "accounts.csv", "a", encoding="utf-8") as f:
            f.write("Z" + one.split(",", 1)[0] + "," + one.split(",", 1)[1] + "\n")  # a start, and never ARR
        cls().strata("ingest")
        cls.arr = {}
        for row in cls().rows("sql", "select a.account_id as id, l.day, l.arr_after / 100 as arr from arr_ledger l "
                                     "join account a using (account) order by 1, 2"):
            cls.arr.setdefault(row["id"], []).append((int(row["day"]), float(row["arr"])))

    def cells(self, *options):
        return {(r["cohort"], r["age"]): r for r in self.rows("cohorts", *options)}

    def listed(self, cell, *options):
        return self.rows("cohorts", "--cell", cell, "--table", "accounts", *options)

    def test_each_account_is_in_one_cohort_and_age_0_holds_all_of_it(self):
        cells = self.cells("--every", "quarter")
        started = [c for (_, age), c in cells.items() if age == "0"]
        self.assertEqual(sum(int(c["accounts"]) for c in started), len(self.arr))
        for cell in cells.values():
            if cell["kind"] == "censored":
                self.assertEqual((cell["accounts"], cell["rate"], cell["value"]), ("", "", ""))
            if cell["kind"] == "too few":
                self.assertEqual(cell["rate"], "")

    def test_ages_before_usage_was_recorded_are_not_known(self):
        begins = self.rows("sql", "select strftime(date '1970-01-01' + min(day), '%Y-%m-01') as day from usage_ledger")[0]["day"]
        used = {(r["id"], r["month"]) for r in self.rows(
            "sql", "select distinct a.account_id as id, strftime(date '1970-01-01' + u.day, '%Y-%m') as month "
                   "from usage_ledger u join account a using (account)")}
        hidden = 0
        for (cohort, age), cell in self.cells("--every", "month", "--measure", "usage").items():
            year, month = int(cohort[:4]), int(cohort[5:]) - 1 + int(age)
            at = f"{year + month // 12}-{month % 12 + 1:02}"
            if at + "-01" < begins:
                hidden += 1
                self.assertEqual((cell["kind"], cell["accounts"], cell["rate"]), ("censored", "", ""), cell)
            elif cell["kind"] != "censored":
                started = [i for i, rows in self.arr.items() if self.month(rows) == cohort]
                self.assertEqual(int(cell["accounts"]), len(started))
                self.assertEqual(int(cell["active"]), sum((i, at) in used for i in started))
        self.assertGreater(hidden, 10)
        self.assertIn("Usage begins on 1 July 2023", self.strata("cohorts", "--measure", "usage"))
        self.strata("cohorts", "--measure", "usage", "--cell", "2022-03:1", status=66)
        self.assertIn("age 1 of cohort '2022-03' began before usage does, on 2023-07-01", self.errors)

    @staticmethod
    def month(rows):
        return str(datetime.date(1970, 1, 1) + datetime.timedelta(next(day for day, arr in rows if arr > 0)))[:7]

    def test_the_arr_of_all_cohorts_now_is_that_of_the_portfolio(self):
        cells = self.cells("--every", "year", "--measure", "nrr")
        latest = {}
        for (cohort, _), cell in cells.items():
            if cell["kind"] != "censored":
                latest[cohort] = float(cell["value"])
        now = sum(rows[-1][1] for rows in self.arr.values())
        self.assertAlmostEqual(sum(latest.values()), now, places=2)

    def test_grr_is_never_above_1_nor_above_nrr(self):
        nrr = self.cells("--every", "year", "--measure", "nrr")
        for place, cell in self.cells("--every", "year", "--measure", "grr").items():
            if cell["rate"]:
                self.assertLessEqual(float(cell["rate"]), 1)
                self.assertLessEqual(float(cell["rate"]), float(nrr[place]["rate"]) + 1e-12)
                self.assertLessEqual(float(cell["low"]), float(cell["high"]))

    def test_groups_by_a_value_use_each_accounts_own_clock(self):
        cells = self.cells("--by", "plan")
        plans = {cohort for cohort, _ in cells}
        self.assertEqual(sum(int(cells[(p, "0")]["accounts"]) for p in plans),
                         sum(1 for rows in self.arr.values()))
        for plan in plans:
            reached = [int(cells[(plan, age)]["accounts"]) for p, age in cells
                       if p == plan and cells[(p, age)]["over"] == "true"]
            self.assertEqual(reached, sorted(reached, reverse=True))
        (now,) = (r.values() for r in self.rows("sql", "select count(*) from account"))
        self.assertEqual(int(*now), len(self.arr) + 1)  # who never had ARR is in none of them

    def test_facts_after_the_date_and_threads_change_nothing(self):
        past = ("cohorts", "--every", "quarter", "--measure", "nrr", "--as-of", "2025-05-31", "-f",
                "json")
        one = self.strata(*past, "--threads", 1)
        self.assertEqual(one, self.strata(*past, "--threads", 2))
        self.assertEqual(one, self.strata(*past, "--threads", 7, "--today", "2025-05-31"))

    def test_a_table_fits_the_terminal(self):
        for width in (80, 100, 120):
            text = self.strata("cohorts", "--every", "month", "--width", width)
            self.assertLessEqual(max(len(line) for line in text.splitlines()), width)
            self.assertRegex(text, r"\d+ of \d+")  # cohorts of a month are small here
            self.assertIn("so no rate", text)

    def test_every_format_comes_out(self):
        for form in ("table", "json", "csv", "markdown", "html"):
            self.assertIn("2025", self.strata("cohorts", "--format", form))

    def test_refuses_what_cannot_be(self):
        for status, words, *options in (
                (64, "--every is month, quarter or year", "--every", "week"),
                (64, "--measure is logo, nrr", "--measure", "churn"),
                (64, "both group", "--every", "month", "--by", "plan"),
                (64, "exact ages only", "--measure", "nrr", "--kind", "bracket"),
                (64, "ascending ages", "--kind", "bracket", "--brackets", "3,1"),
                (64, "goes with --cell", "--lost"),
                (64, "a cohort and an age", "--cell", "2025-01"),
                (65, "needs orders", "--measure", "orders"),
                (66, "no cohort", "--cell", "1999-01:1"),
                (66, "no age", "--cell", "2025-01:900"),
                (66, "not reached", "--cell", "2026-06:3")):
            self.strata("cohorts", *options, status=status)
            self.assertIn(words, self.errors)

    def test_a_cell_lists_the_accounts_that_make_it(self):
        cells = self.cells("--every", "quarter")
        for age in ("0", "2", "4"):
            cell = cells[("2025-Q1", age)]
            rows = self.listed(f"2025-Q1:{age}")
            lost = self.listed(f"2025-Q1:{age}", "--lost")
            self.assertEqual(len(rows), int(cell["accounts"]))
            self.assertEqual(len(rows) - len(lost), int(cell["active"]))
            self.assertTrue(all(float(r["arr_then"]) == 0 for r in lost))
            for row in rows:
                self.assertEqual(float(row["arr_start"]),
                                 next(arr for _, arr in self.arr[row["id"]] if arr > 0))

    def test_a_cell_becomes_a_segment_of_the_model(self):
        cell = ("cohorts", "--cell", "2025-Q1:2", "--save", "q1_2025")
        document = self.json(*cell)
        self.assertEqual(document["document"]["kind"], "cohort-cell")
        self.strata(*cell, status=64)
        self.assertIn("--replace", self.errors)
        self.strata(*cell, "--replace")
        for name in ("arr", "Q1", "segment"):
            self.strata("cohorts", "--cell", "2025-Q1:2", "--save", name, status=64)
        model = self.folder / "strata.yaml"
        model.write_text(re.sub(r"(?m)^extends: (\w+)$", r"extends: [\1, saved/q1_2025.yaml]",
                                model.read_text()))
        self.strata("run")
        self.assertEqual(self.errors, "")  # no warning that the segment can never match
        customers = {r["id"] for r in self.rows("accounts", "--where", "is_customer")}
        wanted = {r["id"] for r in self.listed("2025-Q1:2")} & customers
        saved = self.rows("accounts", "--where", 'q1_2025 = Saved')
        self.assertEqual({r["id"] for r in saved}, wanted)
        rows = {r["segment"]: int(r["accounts"]) for r in self.rows("segments", "q1_2025")}
        self.assertEqual(rows["Saved"], len(wanted))
        # Known from the day on that the list was made; before it, nobody is in it.
        self.assertIn("2026-06-30", (self.folder / "saved/q1_2025.yaml").read_text())
        before = {r["segment"]: int(r["accounts"])
                  for r in self.rows("segments", "q1_2025", "--as-of", "2026-05-31")}
        self.assertEqual(before["Saved"], 0)
        self.strata("cohorts", "--cell", "2025-Q1:2", "--save", "q1_2025", "--replace")
        self.strata("run")  # once more


PEER = "/usr/bin/python3"  # where Debian's python3-pandas is


def peer(folder, accounts, subscriptions, questions):
    """What pandas makes of the same files (peer_seats.py)."""
    if subprocess.run([PEER, "-c", "import pandas"], capture_output=True, check=False).returncode != 0:
        raise unittest.SkipTest("pandas is not installed (Debian's python3-pandas)")
    script = pathlib.Path(__file__).parent / "peer_seats.py"
    done = subprocess.run([PEER, "-W", "ignore", script, accounts, subscriptions], cwd=folder, check=False,
                          input=json.dumps(questions), capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)


class Seats(CliTest):
    """Subscriptions with switches, gaps, trials, second ones beside the first, and some that do not say."""

    AS_OF = "2026-03-31"

    @classmethod
    def write(cls, rows, name="subscriptions.csv"):
        with open(cls.folder / name, "w", encoding="utf-8") as f:
            f.write("account_id,subscription_id,start,end,amount,seats\n" + "".join(r + "\n" for r in rows))

    @classmethod
    def term(cls, rows, account, start, end, amount, seats):
        day = lambda n: (datetime.date(2023, 1, 1) + datetime.timedelta(days=n)).isoformat()
        rows.append(f"{account},s{len(rows):05},{day(start)},{day(end) if end else ''},{amount},{seats}")

    @classmethod
    def prepare(cls):
        draw = random.Random(11)
        rows = []
        accounts = ["account_id,started_on,plan"]
        for i in range(180):
            account = f"A{i:03}"
            start = draw.randrange(0, 1100)
            plan = draw.choice(["Basic", "Pro", "Silent"])
            accounts.append(f"{account},{(datetime.date(2023, 1, 1) + datetime.timedelta(days=start)).isoformat()},{plan}")
            seats = draw.randrange(1, 40)
            if draw.random() < 0.2:  # a trial with seats of its own, over when ARR begins, or not
                cls.term(rows, account, start - 14, start + draw.choice([0, 0, 40]), 0, draw.randrange(1, 9))
            at = start
            for k in range(draw.randrange(1, 7)):
                end = None if k > 3 else at + draw.choice([30, 61, 184, 365])
                said = "" if plan == "Silent" and i % 3 else seats
                cls.term(rows, account, at, end, 12 * seats, said)
                if draw.random() < 0.2 and end:  # one beside it
                    cls.term(rows, account, at + draw.randrange(0, 30), end + draw.choice([-3, 0, 20, 90]), 50,
                             draw.choice(["", 2, 2.5, 7]))
                if end is None:
                    break
                at = end + draw.choice([0, 0, 0, 0, 15, 200])  # a switch, or gone and back
                seats = max(1, seats + draw.randrange(-6, 8))
        (cls.folder / "accounts.csv").write_text("\n".join(accounts) + "\n")
        cls.rows_written = rows
        cls.write(rows)
        cls.model = ("strata: 1\nextends: hybrid\nbusiness: {name: Seats}\n"
                     "sources:\n  accounts: accounts.csv\n  arr: {path: subscriptions.csv, form: subscriptions}\n")
        (cls.folder / "strata.yaml").write_text(cls.model)
        cls().strata("ingest")

    def cells(self, *options):
        return {(r["cohort"], r["age"]): r for r in self.rows("cohorts", "--as-of", self.AS_OF, *options)}

    def check(self, options, told):
        """Every cell against the peer's, and none besides."""
        ours = {k: c for k, c in self.cells(*options).items() if c["accounts"] not in ("", "0")}
        theirs = {(c["cohort"], c["age"]): c for c in told if c["accounts"] > 0}
        self.assertEqual(set(ours), set(theirs), options)
        for place, cell in ours.items():
            want = theirs[place]
            self.assertEqual((int(cell["accounts"]), int(cell["active"]), cell["over"]),
                             (want["accounts"], want["active"], str(want["over"]).lower()), (options, place))
            self.assertAlmostEqual(float(cell["value"]), want["value"], 6, (options, place))
            if cell["rate"]:
                self.assertAlmostEqual(float(cell["rate"]), want["value"] / want["base"], 4, (options, place))
        return len(ours)

    def test_every_cell_is_that_of_pandas(self):
        net = {"measure": "seats", "every": "month", "as_of": self.AS_OF}
        gross = {"measure": "seats-gross", "every": "quarter", "as_of": self.AS_OF}
        questions = [net, gross, {**net, "every": "quarter", "previous": True}, {**gross, "every": "year", "previous": True},
                     {**net, "by": "plan", "days": True}, {**gross, "every": "month", "by": "plan", "as_of": "2024-10-15"}]
        n = 0
        for q, told in zip(questions, peer(self.folder, "accounts.csv", "subscriptions.csv", questions)):
            options = ["--measure", q["measure"], *(["--by", q["by"]] if "by" in q else ["--every", q["every"]]),
                       *(["--against", "previous"] if "previous" in q else []),
                       *(["--ages", "days"] if "days" in q else []), "--as-of", q["as_of"]]
            n += self.check(options, told)
        self.assertGreater(n, 900)

    def test_fiscal_years_count(self):
        (self.folder / "strata.yaml").write_text(self.model.replace("name: Seats", "name: Seats, fiscal_year_starts: may"))
        try:
            questions = [{"measure": "seats", "every": e, "as_of": self.AS_OF, "fiscal": 5} for e in ("quarter", "year")]
            for q, told in zip(questions, peer(self.folder, "accounts.csv", "subscriptions.csv", questions)):
                self.assertTrue(all(c["cohort"].startswith("FY") for c in told))
                self.check(["--measure", "seats", "--every", q["every"]], told)
        finally:
            (self.folder / "strata.yaml").write_text(self.model)

    def test_without_a_change_in_the_first_period_net_retention_begins_at_1(self):
        changed = set()
        first = {}
        for row in sorted(self.rows_written, key=lambda r: r.split(",")[2]):
            account, _, start, end, amount, _ = row.split(",")
            month = first.setdefault(account, start)[:7]
            again = start[:7] == month and start != first[account]
            changed |= {account} if amount == "0" or again or end[:7] == month else set()
        self.write([r for r in self.rows_written if r.split(",")[0] not in changed])
        self.strata("ingest")
        try:
            for measure in ("seats", "seats-gross"):
                begin = [c for (_, age), c in self.cells("--measure", measure, "--by", "plan").items() if age == "0"]
                self.assertGreater(sum(int(c["accounts"]) for c in begin), 50)
                self.assertEqual({c["rate"] for c in begin} - {""}, {"1"})
        finally:
            self.write(self.rows_written)
            self.strata("ingest")

    def test_later_rows_other_orders_and_threads_change_no_byte(self):
        past = [("cohorts", "--measure", m, "--every", "quarter", "--as-of", "2025-05-31", "-f", "json")
                for m in ("seats", "seats-gross")]
        said = [self.strata(*c, "--threads", 1) for c in past]
        self.assertEqual(said, [self.strata(*c, "--threads", 2) for c in past])
        other = list(self.rows_written) + ["A000,z1,2025-06-01,,10,500", "A007,z2,2025-09-01,2025-10-01,9,1"]
        random.Random(3).shuffle(other)
        self.write(other)
        self.strata("ingest")
        try:
            again = [self.strata(*c) for c in past]
        finally:
            self.write(self.rows_written)
            self.strata("ingest")
        self.assertEqual(*([re.sub(r'"data_digest": *"[^"]*"', "", t) for t in told] for told in (said, again)))

    def test_who_never_says_is_left_out_and_told(self):
        text = self.strata("cohorts", "--measure", "seats", "--as-of", self.AS_OF, "--width", 200)
        ever = {r.split(",")[0] for r in self.rows_written if r.split(",")[5] and r.split(",")[4] != "0"}
        left = int(re.search(r"(\d+) of (\d+) accounts that started by the as-of date are left out", text).group(1))
        self.assertGreater(left, 10)
        cells = self.cells("--measure", "seats", "--every", "year")
        followed = sum(int(c["accounts"]) for (_, age), c in cells.items() if age == "0")
        self.assertLessEqual(followed, len(ever) + 5)
        self.assertIn("the subscriptions then in force do not say how many", text)
        self.assertIn("Net seat retention", text)

    def test_a_cell_lists_its_accounts_and_becomes_a_segment(self):
        cells = self.cells("--measure", "seats", "--every", "year")
        place, cell = next((k, c) for k, c in cells.items() if k[1] == "1" and c["over"] == "true")
        ask = ("cohorts", "--as-of", self.AS_OF, "--every", "year", "--measure", "seats", "--cell", ":".join(place))
        rows = self.rows(*ask, "--table", "accounts")
        self.assertEqual(len(rows), int(cell["accounts"]))
        self.assertAlmostEqual(sum(float(r["seats_then"]) for r in rows), float(cell["value"]), 6)
        self.assertEqual(sum(float(r["seats_then"]) > 0 for r in rows), int(cell["active"]))
        self.assertAlmostEqual(float(cell["value"]) / sum(float(r["seats_start"]) for r in rows), float(cell["rate"]), 4)
        self.assertEqual(len(self.rows(*ask, "--lost", "--table", "accounts")), len(rows) - int(cell["active"]))
        self.strata(*ask, "--save", "kept_seats")
        saved = (self.folder / "saved/kept_seats.csv").read_text()
        self.assertTrue(all(r["id"] in saved for r in rows))

    def test_values_and_counts_are_of_seats_and_accounts(self):
        for show, words in (("value", "seats at the end of the year"), ("count", "accounts with seats at the end of the year")):
            text = self.strata("cohorts", "--measure", "seats", "--every", "year", "--show", show, "--as-of", self.AS_OF)
            self.assertIn(words, text)
            self.assertNotIn("$", text.split("Net seat retention", 1)[1].split("How it is counted")[0])
        for form in ("json", "csv", "markdown", "html", "xlsx"):
            out = self.folder / f"seats.{form}"
            self.strata("cohorts", "--measure", "seats-gross", "--format", form, "--output", out)
            self.assertGreater(out.stat().st_size, 500)

    def test_what_is_missing_is_told_with_what_to_do(self):
        self.strata("cohorts", "--measure", "seats", "--kind", "bracket", status=64)
        self.assertIn("exact ages only", self.errors)
        without = [",".join(r.split(",")[:5]) + "," for r in self.rows_written]
        self.write(without)
        self.strata("ingest")
        try:
            self.strata("cohorts", "--measure", "seats", status=65)
            self.assertIn("map a column seats of arr", self.errors)
        finally:
            self.write(self.rows_written)
            self.strata("ingest")
        (self.folder / "snapshots.csv").write_text("account_id,date,arr\nA000,2025-01-31,100\n")
        (self.folder / "strata.yaml").write_text(
            self.model.replace("path: subscriptions.csv, form: subscriptions", "path: snapshots.csv, form: snapshots"))
        self.strata("ingest")
        try:
            self.strata("cohorts", "--measure", "seats", status=65)
            self.assertIn("subscriptions with a column seats", self.errors)
        finally:
            (self.folder / "strata.yaml").write_text(self.model)
            self.strata("ingest")


class RavenStackSeats(CliTest):
    """5,000 subscriptions of 500 accounts, of which 778 are trials without a price."""

    def test_every_cell_is_that_of_pandas(self):
        folder = os.path.join(data_folder(), "ravenstack")
        if not os.path.isdir(folder):
            self.skipTest("there is no data of ravenstack")
        with open(os.path.join(folder, "ravenstack_subscriptions.csv"), encoding="utf-8") as f, \
                open(self.folder / "subscriptions.csv", "w", encoding="utf-8") as out:
            out.write("account_id,subscription_id,start,end,amount,seats\n")
            for r in csv.DictReader(f):
                out.write(",".join((r["account_id"], r["subscription_id"], r["start_date"], r["end_date"],
                                    r["arr_amount"], r["seats"])) + "\n")
        shutil.copy(os.path.join(folder, "ravenstack_accounts.csv"), self.folder / "accounts.csv")
        (self.folder / "strata.yaml").write_text(
            "strata: 1\nextends: value\nsources:\n  accounts: {path: accounts.csv, map: {started_on: signup_date}}\n"
            "  arr: {path: subscriptions.csv, form: subscriptions}\n")
        self.strata("ingest")
        questions = [{"measure": m, "every": "quarter", "as_of": "2024-12-31"} for m in ("seats", "seats-gross")]
        for q, told in zip(questions, peer(self.folder, "accounts.csv", "subscriptions.csv", questions)):
            Seats.check(self, ["--measure", q["measure"], "--every", "quarter"], told)

    AS_OF = "2024-12-31"
    cells = Seats.cells


if __name__ == "__main__":
    strata_cli.main()
