# SPDX-License-Identifier: Apache-2.0
"""Portfolios that hardly carry an analysis: one account, nobody gone, everybody gone, one month, ARR before
the account, customers by clockwork. Whatever looks at cohorts says what it can and why it cannot more."""
import concurrent.futures
import datetime
import json
import re
import subprocess

import strata_cli
from strata_cli import CliTest

START = datetime.date(2023, 1, 1)
AS_OF = "2024-12-31"
ARR_ONLY = [["cohorts", "--measure", "nrr", "--every", "month"], ["cohorts", "--measure", "grr", "--by", "plan", "--ages", "days"],
            ["movements", "--every", "year", "--expansion", "--reasons"], ["metrics", "--dialect", "all", "--by", "plan"],
            ["reconcile", "nrr", "nrr:movements"], ["forecast", "--method", "survival"], ["forecast", "--method", "sbg"],
            ["forecast", "--method", "bdw", "--horizon", "36"], ["survival", "--by", "plan", "--curves", "--cox", "plan, arr"],
            ["churn", "--within", "1"], ["pmf"], ["cohort", "review", "2023"]]
ALL = [["cohorts"], ["cohorts", "--kind", "bracket", "--from", "started"], ["cohorts", "--measure", "revenue"],
       ["cohorts", "--measure", "usage"], ["forecast"], ["ltv", "--by", "plan", "--discount", "0%"], ["adoption", "login"]]
ORDERS_ONLY = [["cohorts", "--measure", "units"], ["forecast", "--method", "bg-nbd", "--horizon", "60"],
               ["forecast", "--method", "pareto-nbd"], ["forecast", "--opportunities", "month", "--method", "bg-bb"]]
NO_NUMBER = re.compile(r"(?<![\w-])-?(nan|inf|infinity)(?![\w-])", re.I)


def day(n):
    return (START + datetime.timedelta(n)).isoformat()


def subscriptions(*lives):
    """Of (first day, day it ends or None, amount), an account each."""
    return [f"a{i},s{i},{day(first)},{'' if last is None else day(last)},{amount}"
            for i, (first, last, amount) in enumerate(lives)]


def orders(*days, amount=20):
    return [f"a{i},o{i}-{k},{day(d)},{amount}" for i, of in enumerate(days) for k, d in enumerate(of)]


# Rows of ARR (or of orders), and the day on which accounts are said to have started.
ARR = {
    "one_left": (subscriptions((14, 243, 1000)), 14),
    "all_on_the_last_day": (subscriptions(*[(730, None, 1000 + i) for i in range(40)]), 730),
    "nobody_left": (subscriptions(*[(17 * i, None, 1000 + i) for i in range(40)]), 0),
    "all_left": (subscriptions(*[(5 * i, 12 * i + 100, 1000) for i in range(40)]), 0),
    "all_left_at_one_age": (subscriptions(*[(7 * i, 7 * i + 365, 1000) for i in range(40)]), 0),
    "arr_before_the_account": (subscriptions(*[(11 * i, None if i % 3 else 11 * i + 90, 1000) for i in range(40)]), 400),
    "cohorts_of_one": (subscriptions(*[(30 * i, None if i % 2 else 30 * i + 150, 10 ** (i % 9)) for i in range(24)]), 0),
}
# Segmented, and nobody left: all customers for more than a year, and half of them; and nobody who stayed.
SEGMENTED = {"loyal": (subscriptions(*[(7 * i, None, 1000 + i) for i in range(40)]), 0),
             "young": (subscriptions(*[(17 * i, None, 1000 + i) for i in range(40)]), 0),
             "gone": (subscriptions(*[(5 * i, 12 * i + 100, 1000) for i in range(40)]), 0)}
ORDERS = {
    "one_order": (orders([122]), 100),
    "once_each": (orders(*[[7 * i] for i in range(40)]), 0),
    "clockwork": (orders(*[range(0, 720, 30)] * 40), 0),
    "nothing_paid": (orders(*[range(i, i + 200, 20) for i in range(40)], amount=0), 0),
}


class Degenerate(CliTest):
    @classmethod
    def prepare(cls):
        for name, (rows, started) in {**ARR, **SEGMENTED, **ORDERS}.items():
            cls.write(name, rows, started)

    @classmethod
    def write(cls, name, rows, started):
        folder = cls.folder / name
        folder.mkdir()
        accounts = sorted({r.split(",")[0] for r in rows})
        entity, head = ("arr", "account_id,subscription_id,start,end,amount") if name not in ORDERS else \
                       ("orders", "account_id,order_id,ordered_at,amount")
        (folder / "rows.csv").write_text("\n".join([head, *rows]) + "\n")
        (folder / "accounts.csv").write_text("account_id,started_on,plan\n" + "".join(f"{a},{day(started)},pro\n" for a in accounts))
        (folder / "usage.csv").write_text("account_id,at,feature,count,user_id\n" + "".join(f"{a},{day(500)},login,1,u\n" for a in accounts[::2]))
        (folder / "surveys.csv").write_text("account_id,answered_at,kind,score\n" + f"{accounts[0]},{day(500)},pmf,2\n")
        form = ", form: subscriptions" if name not in ORDERS else ""
        (folder / "strata.yaml").write_text(
            f"strata: 1\n{'extends: value' if name in SEGMENTED else ''}\nbusiness: {{name: {name}, currency: USD}}\nsources:\n  accounts: accounts.csv\n"
            f"  {entity}: {{path: rows.csv{form}}}\n  usage: usage.csv\n  surveys: surveys.csv\n")
        cls().strata("--quiet", "ingest", project=name)

    def runTest(self):
        pass

    def check(self, name, command, form):
        """Ends well, or with a sentence; no number that is none; as many as are counted."""
        extra = ["--table", "all"] if form == "csv" else []
        done = subprocess.run([strata_cli.PROGRAM, "--project", name, *command, *extra, "--as-of", AS_OF, "--format", form],
                              cwd=self.folder, capture_output=True, text=True, check=False)
        text = done.stdout
        said = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.S) + done.stderr
        where = f"{name}: {' '.join(command)} as {form}"
        self.assertIn(done.returncode, (0, 65, 66), where + done.stderr)
        self.assertIsNone(NO_NUMBER.search(said), where)
        self.assertIsNone(re.search(r"\b1 (account|customer|month)s\b|\b1 account have\b", said), where)
        self.assertGreater(len(said), 40, where)
        if form == "json" and text:
            json.loads(text, parse_constant=lambda x: self.fail(f"{x} in {where}"))

    def test_every_command_says_what_it_can(self):
        runs = [(name, command, "json") for name in ARR for command in ARR_ONLY]
        runs += [(name, command, "json") for name in ("one_left", "arr_before_the_account") for command in ALL]
        runs += [(name, command, "json") for name in ORDERS for command in ORDERS_ONLY + ALL[:1] + ALL[-3:]]
        runs += [("nobody_left", command, form) for command in ARR_ONLY for form in ("html", "table")]
        runs += [("once_each", command, form) for command in ORDERS_ONLY for form in ("markdown", "csv", "html")]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda run: self.check(*run), runs))

    def told(self, name, *command):
        return " ".join(self.strata(*command, "--as-of", AS_OF, project=name).split())

    def test_csv_without_a_table_says_so(self):
        self.strata("forecast", "--format", "csv", "--as-of", AS_OF, project="one_left")
        self.assertIn("No forecast: nobody is a customer on that day", self.errors)
        self.strata("churn", "--format", "csv", "--table", "nosuch", "--as-of", AS_OF, project="one_left")
        self.assertIn("no table called nosuch", self.errors)

    def test_one_account_that_left_is_no_verdict(self):
        signs = self.rows("pmf", "--as-of", AS_OF, project="one_left")
        self.assertEqual([s["speaks"] for s in signs], ["not known"] * 3)
        self.assertIn("1 account has paid $627 so far", self.told("one_left", "ltv"))
        self.assertIn("(quality.minimum_accounts)", self.told("one_left", "cohort", "review", "2023"))
        self.assertIn("1 account, too few", self.told("one_left", "cohort", "review", "2023", "--width", "200"))

    def test_nobody_gone_is_neither_a_range_of_no_width_nor_a_lifetime(self):
        rows = self.rows("forecast", "--as-of", AS_OF, project="nobody_left")
        self.assertLess(float(rows[-1]["nrr_low"]), 0.95)
        self.assertIn("nobody has left yet", self.told("nobody_left", "ltv"))
        (row,) = self.rows("survival", "--as-of", AS_OF, project="nobody_left")
        self.assertEqual((row["survival_12m"], row["survival_12m_low"], row["median"]), ("1", "", ""))

    def test_a_year_in_which_nobody_left_shows_no_range_of_churn(self):
        rows = {r["measure"]: r for r in self.rows("effect", "--as-of", AS_OF, project="loyal")}
        self.assertEqual([rows["Churn"][k] for k in ("base", "base_low", "base_high")], ["0", "", ""])
        self.assertEqual([rows["LTV"][k] for k in ("base", "base_low", "base_high")], ["", "", ""])
        self.assertIn("Nobody left of the 40 accounts that the years are drawn from", self.told("loyal", "effect"))
        self.assertIn("a churn of up to 8.8 % would be no surprise", self.told("loyal", "effect"))  # Wilson, 0 of 40
        self.strata("effect", "--as-of", AS_OF, project="young", status=65)
        self.assertIn("22 accounts were customers 12 months before, 30 are needed", self.errors)

    def test_what_is_done_for_customers_says_that_there_are_none(self):
        self.assertIn("Nobody is a customer on that day", self.told("gone", "offer"))
        self.assertIn("Nothing is due by", self.told("gone", "tasks"))
        self.assertIn("No play runs", self.told("gone", "playbooks"))
        self.strata("effect", "--as-of", AS_OF, project="gone", status=65)
        self.assertIn("there is no customer to simulate", self.errors)

    def test_everybody_gone_leaves_nothing_to_forecast(self):
        for name in ("one_left", "all_left", "all_left_at_one_age"):
            self.assertIn("nobody is a customer on that day", self.told(name, "forecast"))
        self.assertIn("is not known: nobody is a customer now", self.told("all_left", "ltv"))

    def test_everybody_gone_leaves_nobody_to_look_after(self):
        """It is said that nobody is there, and not that a column or hours are missing which are not."""
        told = self.told("gone", "coverage")
        self.assertIn("Nobody is a customer on that day", told)
        self.assertNotIn("needs a column", told)
        self.assertNotIn("nobody's hours are known", self.told("gone", "capacity"))
        self.strata("report", "proposal", "--as-of", AS_OF, project="gone", status=65)
        self.assertIn("no account is in a segment that is looked after", self.errors)

    def test_one_day_is_too_little(self):
        self.assertIn("needs 100 months of accounts", self.told("all_on_the_last_day", "forecast"))
        signs = self.rows("pmf", "--as-of", AS_OF, project="all_on_the_last_day")
        self.assertEqual({s["speaks"] for s in signs}, {"not known"})
        cells = self.rows("cohorts", "--as-of", AS_OF, project="all_on_the_last_day")
        self.assertEqual([(c["age"], c["kind"], c["active"]) for c in cells], [("0", "observed", "40")])

    def test_cohorts_of_one_have_counts_and_no_rates(self):
        cells = self.rows("cohorts", "--every", "month", "--as-of", AS_OF, project="cohorts_of_one")
        self.assertEqual({c["kind"] for c in cells}, {"too few", "censored"})
        self.assertEqual({c["rate"] for c in cells}, {""})


if __name__ == "__main__":
    strata_cli.main()
