# SPDX-License-Identifier: Apache-2.0
"""strata survival against curves, tests and regressions computed here from the rows of the store."""
import calendar
import datetime
import math
import re
import shutil

import strata_cli
from strata_cli import CliTest

MONTH = 30.4375
AS_OF = datetime.date(2026, 6, 30)
EPOCH = datetime.date(1970, 1, 1)


def number(day):
    return (day - EPOCH).days


def kaplan_meier(lives):
    """Of (entry, time, event): time, at risk, survival and its interval after each time of an end."""
    steps, share, variance = [], 1.0, 0.0
    for now in sorted({t for _, t, e in lives if e}):
        risk = sum(1 for s, t, _ in lives if s < now <= t)
        ended = sum(1 for _, t, e in lives if e and t == now)
        share *= 1 - ended / risk
        variance += ended / (risk * (risk - ended)) if risk > ended else math.nan
        low = high = math.nan  # of nobody: they are not defined
        if share > 0:
            width = 1.959963984540054 * math.sqrt(variance) / abs(math.log(share))
            low, high = (math.exp(math.log(share) * math.exp(sign * width)) for sign in (1, -1))
        steps.append((now, risk, share, low, high))
    return steps


def log_rank_of_two(lives, group):
    excess = variance = 0.0
    for now in sorted({t for _, t, e in lives if e}):
        at = [(t, e, g) for (s, t, e), g in zip(lives, group) if s < now <= t]
        n, mine = len(at), sum(g for _, _, g in at)
        ended = sum(1 for t, e, _ in at if e and t == now)
        excess += sum(g for t, e, g in at if e and t == now) - ended * mine / n
        if n > 1:
            variance += ended * (n - ended) / (n - 1) * mine / n * (1 - mine / n)
    return excess * excess / variance


def cox_of_one(lives, x):
    """Coefficient and standard error by Newton's method, Efron's ties."""
    times = sorted({t for _, t, e in lives if e})
    at_risk = {now: [i for i, (s, t, _) in enumerate(lives) if s < now <= t] for now in times}
    beta = 0.0
    for _ in range(25):
        score = information = 0.0
        for now in times:
            ends = [i for i in at_risk[now] if lives[i][1] == now and lives[i][2]]
            sums = [[sum(math.exp(beta * x[i]) * x[i] ** k for i in rows) for k in range(3)]
                    for rows in (at_risk[now], ends)]
            score += sum(x[i] for i in ends)
            for k in range(len(ends)):
                s0, s1, s2 = (a - k / len(ends) * b for a, b in zip(*sums))
                score -= s1 / s0
                information += s2 / s0 - (s1 / s0) ** 2
        beta += score / information
    return beta, 1 / math.sqrt(information)


class Survival(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls().strata("--quiet", "synth", "demo", "--accounts", "300", "--seed", "5")
        cls.folder = cls.folder / "demo"
        cls().strata("--quiet", "ingest")

    def runTest(self):
        pass

    def stays(self, as_of=AS_OF):
        """By account: first day with ARR, first day without or the as-of date, whether it left."""
        stays = {}
        for row in self.rows("sql", "select account, day, arr_after from arr_ledger order by 1, 2"):
            account, day, after = (int(row[k]) for k in ("account", "day", "arr_after"))
            first, last, left = stays.get(account, (None, number(as_of), False))
            if day > number(as_of) or left:
                continue
            first = day if first is None and after > 0 else first
            if first is not None and after == 0 and day > first:
                last, left = day, True
            stays[account] = (first, last, left)
        return {a: s for a, s in stays.items() if s[0] is not None}

    def plans(self):
        return {int(r["account"]): r["plan"] for r in self.rows("sql", "select account, plan from account")}

    def check_row(self, row, lives):
        steps = kaplan_meier(lives)
        self.assertEqual(int(row["accounts"]), len(lives))
        self.assertEqual(int(row["left"]), sum(1 for life in lives if life[2]))
        for months in (3, 6, 12, 24):
            before = [s for s in steps if s[0] <= months * MONTH]
            if not before:
                continue
            for key, value in zip(("", "_low", "_high"), before[-1][2:]):
                self.assertAlmostEqual(float(row[f"survival_{months}m{key}"]), value, places=9)
        half = [s[0] for s in steps if s[2] < 0.5]
        if half:
            self.assertAlmostEqual(float(row["median"]), half[0] / MONTH, places=9)
        else:
            self.assertEqual(row["median"], "")

    def test_curve_of_all_accounts_is_kaplan_meier_over_the_ledger(self):
        (row,) = self.rows("survival", "--as-of", AS_OF)
        self.check_row(row, [(-1, last - first, left) for first, last, left in self.stays().values()])

    def test_curves_of_the_past_know_nothing_later(self):
        then = datetime.date(2024, 12, 31)
        (row,) = self.rows("survival", "--as-of", then)
        self.check_row(row, [(-1, last - first, left) for first, last, left in self.stays(then).values()])

    def test_curves_by_plan_and_their_test(self):
        plans, stays = self.plans(), self.stays()
        wanted = "plan = 'Starter'"
        document = self.json("survival", "--by", wanted, "--as-of", AS_OF)
        rows = {r["group"]: r for r in self.rows("survival", "--by", wanted, "--as-of", AS_OF)}
        lives = {a: (-1, s[1] - s[0], s[2]) for a, s in stays.items()}
        self.check_row(rows[wanted], [life for a, life in lives.items() if plans[a] == "Starter"])
        self.check_row(rows[f"not ({wanted})"], [life for a, life in lives.items() if plans[a] != "Starter"])
        chi = log_rank_of_two(list(lives.values()), [int(plans[a] == "Starter") for a in lives])
        text = str(document)
        self.assertIn(f"chi-square {chi:.2f} with 1 degree of freedom", text)

    def test_accounts_followed_from_a_day_on_enter_at_the_age_they_had(self):
        since = datetime.date(2025, 1, 31)
        (row,) = self.rows("survival", "--since", since, "--as-of", AS_OF)
        day = number(since)
        lives = [(day - first if first <= day else -1, last - first, left)
                 for first, last, left in self.stays().values() if last > day]
        self.check_row(row, lives)

    def test_regression_on_the_first_months_takes_what_was_known_then(self):
        plans, lives, x = self.plans(), [], []
        for account, (first, last, left) in self.stays().items():
            day = EPOCH + datetime.timedelta(first + 60)
            landmark = number(day.replace(day=calendar.monthrange(day.year, day.month)[1]))
            if (left and last <= landmark) or landmark >= number(AS_OF):
                continue
            lives.append((landmark - first, last - first, left))
            x.append(float(plans[account] == "Starter"))
        beta, se = cox_of_one(lives, x)
        (row,) = self.rows("survival", "--cox", "plan = 'Starter'", "--landmark", "60", "--table", "cox",
                           "--as-of", AS_OF)
        self.assertAlmostEqual(float(row["ratio"]), math.exp(beta), places=6)
        self.assertAlmostEqual(float(row["ratio_low"]), math.exp(beta - 1.959963984540054 * se), places=6)
        self.assertEqual(row["compared"], "yes against no")

    def test_usage_after_the_as_of_date_changes_nothing(self):
        words = ("survival", "--cox", "active_users_30d, arr", "--as-of", "2025-06-30", "--table", "cox")
        before = self.rows(*words)
        folder = self.folder / "shorter"
        folder.mkdir()
        for file in self.folder.glob("*.csv"):
            shutil.copy(file, folder)
        shutil.copy(self.folder / "strata.yaml", folder)
        usage = (folder / "usage.csv").read_text().splitlines(keepends=True)
        kept = [line for line in usage[1:] if line.split(",")[1] < "2025-07-01"]
        self.assertLess(len(kept), len(usage) - 1000)
        (folder / "usage.csv").write_text(usage[0] + "".join(kept))
        self.strata("--quiet", "ingest", project=folder)
        self.assertEqual(self.rows(*words, project=folder), before)

    def test_threads_do_not_change_a_byte(self):
        words = ("survival", "--by", "plan", "--cox", "plan, arr", "--curves", "--format", "json")
        self.assertEqual(self.strata(*words, "--threads", "1"), self.strata(*words, "--threads", "3"))

    def test_every_format_shows_it(self):
        words = ("survival", "--by", "plan", "--cox", "plan, arr", "--curves")
        for form, found in (("table", "Who was followed"), ("markdown", "## Who was followed"),
                            ("html", "step-after"), ("csv", "survival_12m_low"), ("json", '"ratio_low"')):
            self.assertIn(found, self.strata(*words, "--format", form), form)
        curves = self.rows(*words, "--table", "curve")
        for group in {r["group"] for r in curves}:
            shares = [float(r["survival"]) for r in curves if r["group"] == group]
            self.assertEqual(shares, sorted(shares, reverse=True))
        self.assertIsNone(re.search(r"\bnan\b|\binf", self.strata(*words, "--format", "json"), re.I))

    def test_a_day_for_the_groups_is_the_day_that_accounts_are_followed_from(self):
        text = self.strata("survival", "--by", "value", "--on", "2025-06-30", "--as-of", AS_OF)
        self.assertIn("Followed from 30 June 2025 on", text)
        self.assertNotIn("looks better than it was", text)
        self.assertIn("looks better than it was", self.strata("survival", "--by", "value"))

    def test_what_cannot_be_computed_says_why(self):
        text = self.strata("survival", "--cox", "churned", "--landmark", "0")
        self.assertIn("There is no fit: no covariate explains anything", text)
        self.assertIn("it is the same for all", text)
        text = self.strata("survival", "--as-of", "2020-08-31", "--cox", "arr")
        self.assertIn("Too little is known yet", text)
        self.assertIn("There is no fit", text)
        for words, message in (
                (("--unit", "days"), "--unit is weeks, months, quarters or years, not 'days'"),
                (("--landmark", "30"), "--landmark says when --cox takes its values"),
                (("--cox", "arr,"), "--cox:1:1: expression is empty"),
                (("--cox", "health_scor"), "unknown feature 'health_scor'"),
                (("--cox", "arr >= 10k for 30 days"), "looks back"),
                (("--cox", "last_order"), "'last_order' has no values: needs orders"),
                (("--cox", "started_on"), "is a date"),
                (("--since", "2030-01-01"), "give an earlier day"),
                (("--by", "value", "--on", "2025-06-30", "--since", "2025-01-01"), "--since lies before --on")):
            self.strata("survival", *words, status=64)
            self.assertIn(message, self.errors)


if __name__ == "__main__":
    strata_cli.main()
