# SPDX-License-Identifier: Apache-2.0
"""What cohorts, churn, ltv, survival and adoption say under their options, counted once more here, account by
account and day by day, from the rows of the store."""
import collections
import csv
import datetime
import math

import strata_cli
from strata_cli import CliTest

EPOCH, AS_OF = datetime.date(1970, 1, 1), datetime.date(2026, 6, 30)
MONTH = 30.4375
KINDS = {"0": range(0, 1), "1-2": range(1, 3), "3-5": range(3, 6), "6+": range(6, 1000)}


def half_up(x):
    return math.floor(x + 0.5)


def month_of(d):
    at = EPOCH + datetime.timedelta(d)
    return at.year * 12 + at.month - 1


def month_end(month):
    return (datetime.date((month + 1) // 12, (month + 1) % 12 + 1, 1) - EPOCH).days - 1


class Peers(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls().strata("synth", "p", "--accounts", 300, "--seed", 11, "--only", "accounts,subscriptions,usage")
        cls.folder = cls.folder / "p"
        cls().strata("ingest")
        cls.arr, cls.plan, cls.started = {}, {}, {}
        for row in cls().rows("sql", "select account, day, arr_after from arr_ledger order by 1, 2"):
            cls.arr.setdefault(int(row["account"]), []).append((int(row["day"]), int(row["arr_after"])))
        for row in cls().rows("sql", "select account, plan, account_id from account"):
            cls.plan[int(row["account"])] = row["plan"]
        cls.today = (AS_OF - EPOCH).days
        cls.first = {a: next(d for d, n in rows if n > 0) for a, rows in cls.arr.items()}

    def runTest(self):
        pass

    def at(self, account, day):
        return next((n for d, n in reversed(self.arr[account]) if d <= day), 0)

    def states(self, account):
        """Whether there is ARR at the end of each calendar month of age, the last one as of today."""
        born = month_of(self.first[account])
        return [self.at(account, min(month_end(m), self.today)) > 0 for m in range(born, month_of(self.today) + 1)]

    def cells(self, *options):
        rows = self.rows("cohorts", "--every", "year", *options, "--as-of", AS_OF)
        return {(r["cohort"], r["age"]): r for r in rows if r["kind"] != "censored"}

    def counts(self, cells):
        return {key: (int(r["accounts"]), int(r["active"])) for key, r in cells.items()}

    def test_kinds_of_ages_count_whom_they_say(self):
        by_month = {r: [] for r in ("or-later", "bracket")}
        want = {"or-later": {}, "bracket": {}}
        for account in self.arr:
            states = self.states(account)
            label = str(EPOCH + datetime.timedelta(self.first[account]))[:7]
            for k in range(len(states)):
                cell = want["or-later"].setdefault((label, f"{k}+"), [0, 0])
                cell[0] += 1
                cell[1] += any(states[k:])
            for name, ages in KINDS.items():
                if ages[0] < len(states):
                    cell = want["bracket"].setdefault((label, name), [0, 0])
                    cell[0] += 1
                    cell[1] += any(states[k] for k in ages if k < len(states))
        for kind in by_month:
            options = ["--brackets", "0,1,3,6"] if kind == "bracket" else []
            rows = self.rows("cohorts", "--every", "month", "--kind", kind, *options, "--as-of", AS_OF)
            got = {(r["cohort"], r["age"]): [int(r["accounts"]), int(r["active"])] for r in rows if r["kind"] != "censored"}
            self.assertEqual(got, want[kind])

    def test_against_the_age_before_counts_who_was_active_then(self):
        want = {}
        for account in self.arr:
            states = self.states(account)
            label = str(EPOCH + datetime.timedelta(self.first[account]))[:7]
            for k, now in enumerate(states):
                before = k == 0 or states[k - 1]
                cell = want.setdefault((label, str(k)), [0, 0])
                cell[0] += before
                cell[1] += before and now
        rows = self.rows("cohorts", "--every", "month", "--against", "previous", "--as-of", AS_OF)
        got = {(r["cohort"], r["age"]): [int(r["accounts"]), int(r["active"])] for r in rows if r["kind"] != "censored"}
        self.assertEqual(got, want)

    def test_ages_by_days_run_from_each_start(self):
        want = {}
        for account in self.arr:
            for k in range(0, 80):
                end = self.first[account] + math.ceil((k + 1) * MONTH) - 1
                if end <= self.today:
                    cell = want.setdefault((self.plan[account], str(k)), [0, 0])
                    cell[0] += 1
                    cell[1] += self.at(account, end) > 0
        rows = self.rows("cohorts", "--by", "plan", "--ages", "days", "--as-of", AS_OF)
        got = {(r["cohort"], r["age"]): [int(r["accounts"]), int(r["active"])] for r in rows if r["over"] == "true"}
        self.assertEqual(got, want)

    def test_revenue_is_arr_earned_day_by_day(self):
        earned = {}
        for account in self.arr:
            born = EPOCH + datetime.timedelta(self.first[account])
            total, month = 0.0, month_of(self.first[account])
            for m in range(month, month_of(self.today) + 1):
                days = month_end(m) - month_end(m - 1)
                total += sum(self.at(account, d) for d in range(month_end(m - 1) + 1, min(month_end(m), self.today) + 1)) / 12 / days
                if m % 12 == 11 or m == month_of(self.today):
                    cell = earned.setdefault((str(born.year), str(m // 12 - born.year)), [0, 0.0])
                    cell[0] += 1
                    cell[1] += total / 100
        cells = self.cells("--measure", "revenue")
        self.assertEqual(set(cells), set(earned))
        for key, (accounts, sum_of) in earned.items():
            self.assertEqual(int(cells[key]["accounts"]), accounts)
            self.assertAlmostEqual(float(cells[key]["value"]), sum_of, delta=0.01 * accounts)
            if cells[key]["rate"]:
                self.assertAlmostEqual(float(cells[key]["rate"]), sum_of / accounts, delta=0.02)

    def left_on(self, account):
        return next((d for d, n in self.arr[account] if n == 0 and d > self.first[account]), None)

    def test_churn_counts_who_was_followed_long_enough(self):
        for within, grouped in ((7, "plan"), (12, "year")):
            want = {}
            for account, first in self.first.items():
                label = self.plan[account] if grouped == "plan" else str((EPOCH + datetime.timedelta(first)).year)
                limit, left = first + half_up(within * MONTH), self.left_on(account)
                row = want.setdefault(label, [0, 0, 0, 0])
                row[0] += 1
                row[1] += limit <= self.today
                if limit <= self.today and left is not None and left <= limit:
                    row[2] += 1
                    row[3] += self.at(account, left - 1)
            by = ["--by", "plan"] if grouped == "plan" else ["--every", "year"]
            rows = self.rows("churn", "--within", within, *by, "--as-of", AS_OF)
            got = {r["group"]: [int(r["accounts"]), int(r["followed"]), int(r["churned"]), round(100 * float(r["lost_arr"]))] for r in rows}
            self.assertEqual(got, want)

    def test_paid_so_far_is_what_was_paid_by_that_age(self):
        want = {}
        for account, first in self.first.items():
            for months in (3, 6, 12, 24, 36):
                to = first + half_up(months * MONTH)
                if to <= self.today:
                    row = want.setdefault((self.plan[account], months), [0, 0.0])
                    row[0] += 1
                    row[1] += sum(self.at(account, d) for d in range(first, to)) / 365.25 / 100
        for row in self.rows("ltv", "--by", "plan", "--as-of", AS_OF):
            for months in (3, 6, 12, 24, 36):
                accounts, paid = want.get((row["cohort"], months), (0, 0.0))
                if accounts >= 30:
                    self.assertAlmostEqual(float(row[f"paid_{months}m"]), paid / accounts, delta=0.0051)
                else:
                    self.assertEqual(row[f"paid_{months}m"], "")

    def test_units_of_survival_and_cohorts_of_start_change_the_words_only(self):
        (months,) = self.rows("survival", "--as-of", AS_OF)
        for unit, days in (("weeks", 7), ("quarters", 3 * MONTH), ("years", 12 * MONTH)):
            (row,) = self.rows("survival", "--unit", unit, "--as-of", AS_OF)
            if months["median"]:
                self.assertAlmostEqual(float(row["median"]) * days, float(months["median"]) * MONTH, places=6)
            self.assertEqual(row["survival_12m"], months["survival_12m"])
        years = self.rows("survival", "--every", "year", "--as-of", AS_OF)
        self.assertEqual({r["group"]: int(r["accounts"]) for r in years},
                         {y: sum((EPOCH + datetime.timedelta(f)).year == int(y) for f in self.first.values())
                          for y in {str((EPOCH + datetime.timedelta(f)).year) for f in self.first.values()}})
        self.assertEqual(sum(int(r["left"]) for r in years), int(months["left"]))

    def test_expansion_with_and_without_more_seats_is_that_of_the_subscriptions(self):
        arr, seats = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
        with open(self.folder / "subscriptions.csv", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yearly = round(100 * float(row["amount"]) * {"month": 12, "quarter": 4, "year": 1}[row["period"]])
                for day, sign in ((row["start"], 1), (row["end"], -1)):
                    if day:
                        arr[row["account_id"]][day] += sign * yearly
                        seats[row["account_id"]][day] += sign * int(row["seats"] or 0)
        want = collections.Counter()
        for account, changes in arr.items():
            before = 0
            for day in sorted(changes):
                after = before + changes[day]
                if "2025-06-30" < day <= str(AS_OF) and 0 < before < after:
                    want["More seats" if seats[account][day] > 0 else "No more seats: plan, product or price"] += after - before
                before = after
        self.assertEqual(len(want), 2)
        rows = self.rows("movements", "--expansion", "--table", "expansion_by_type", "--as-of", AS_OF)
        self.assertEqual({r["group"]: round(100 * float(r["expansion"])) for r in rows}, want)

    def test_adoption_by_quarter_of_start_holds_whoever_was_seen_from_the_start(self):
        begins = int(self.rows("sql", "select min(day) as day from usage_ledger")[0]["day"])
        names = {r["account_id"]: int(r["account"]) for r in self.rows("sql", "select account, account_id from account")}
        with open(self.folder / "usage.csv", encoding="utf-8") as file:
            used = {(names.get(r["org_id"]), (datetime.date.fromisoformat(r["ts"][:10]) - EPOCH).days)
                    for r in csv.DictReader(file) if r["event"] == "search"}
        # Who leaves is followed no further, also when they come back.
        left = {a: next((d for d, n in rows if n == 0 and d > self.first[a]), self.today + 1) for a, rows in self.arr.items()}
        used = {account for account, day in used if account in left and day < left[account]}
        rows = self.rows("adoption", "search", "--every", "year", "--as-of", AS_OF)
        seen = {}
        for account, first in self.first.items():
            row = seen.setdefault(str((EPOCH + datetime.timedelta(first)).year), [0, 0])
            row[0] += first >= begins
            row[1] += first >= begins and account in used
        self.assertEqual({r["group"]: [int(r["accounts"]), int(r["adopted"])] for r in rows}, seen)

    def test_a_definition_is_reconciled_over_the_time_asked_for(self):
        """Six months by --last, and the same by --since; NRR and GRR of each are those of the ledger."""
        since = (datetime.date(2025, 12, 31) - EPOCH).days
        base = {a: self.at(a, since) for a in self.arr if self.at(a, since) > 0}
        nrr = sum(self.at(a, self.today) for a in base) / sum(base.values())
        grr = sum(min(self.at(a, self.today), n) for a, n in base.items()) / sum(base.values())
        last = self.rows("reconcile", "nrr", "grr", "--last", "6m", "--as-of", AS_OF)
        self.assertEqual(last, self.rows("reconcile", "nrr", "grr", "--since", "2025-12-31", "--as-of", AS_OF))
        self.assertAlmostEqual(sum(float(r["effect"]) for r in last), 100 * (nrr - grr), places=6)
        self.assertEqual(len(self.rows("reconcile", "nrr", "grr", "--last", "6m", "--limit", 3, "--as-of", AS_OF)), 3)
        moved = {r["name"]: r for r in self.rows("metrics", "--dialect", "nrr", "--reactivation", "included", "--since", "2025-12-31",
                                                 "--as-of", AS_OF)}
        back = sum(self.at(a, self.today) for a in self.arr
                   if a not in base and self.first[a] <= since and self.at(a, self.today) > 0)
        self.assertAlmostEqual(float(moved["nrr:point_to_point"]["value"]), nrr + back / sum(base.values()), places=9)


if __name__ == "__main__":
    strata_cli.main()
