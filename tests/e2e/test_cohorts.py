# SPDX-License-Identifier: Apache-2.0
"""strata cohorts: triangles against the rows of the store, cells and their accounts, saved segments."""
import datetime
import re

import strata_cli
from strata_cli import CliTest


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


if __name__ == "__main__":
    strata_cli.main()
