#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is to come, and what accounts are worth: forecast, ltv, churn, adoption and pmf."""
import json
import math
import os
import pathlib
import re
import unittest

import strata_cli
from strata_cli import CliTest

COMMANDS = ["forecast", "ltv", "churn", "adoption", "pmf"]


def numbers(value):
    """Every number anywhere in a document."""
    if isinstance(value, dict):
        for item in value.values():
            yield from numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, float):
        yield value


class OnAGeneratedPortfolio(CliTest):
    @classmethod
    def prepare(cls):
        me = cls("test_every_format_of_every_command_is_written")
        me.strata("synth", "acme", "--accounts", "1200", "--seed", "3", "--quiet")
        me.strata("ingest", "--quiet", project="acme")

    def test_every_format_of_every_command_is_written(self):
        for command in COMMANDS:
            for form in ["table", "json", "csv", "markdown", "html"]:
                with self.subTest(command=command, form=form):
                    text = self.strata(command, "--format", form, "--quiet", project="acme")
                    self.assertGreater(len(text), 100)
                    page = form == "html"  # scripts speak of NaN
                    self.assertFalse(not page and re.search(r"\b(nan|inf)\b", text, re.I), command)

    def test_a_survey_and_where_the_curve_flattens_are_evidence(self):
        """45 of 100 accounts answered 3, the rest less; the level is that of the ledger, month by month."""
        folder = self.folder / "acme"
        accounts = [r["id"] for r in self.rows("accounts", "--columns", "id", "--limit", 100, project="acme")]
        model, text = folder / "strata.yaml", (folder / "strata.yaml").read_text()
        (folder / "pmf.csv").write_text("account_id,answered_at,kind,score\n" + "".join(
            f"{a},2026-05-01,pmf,{3 if i < 45 else 1 + i % 2}\n" for i, a in enumerate(accounts)))
        model.write_text(text.replace("surveys: surveys.csv", "surveys: pmf.csv"))
        try:
            self.strata("ingest", project="acme")
            document = self.json("pmf", project="acme")
            signs = {r["sign"]: r for r in strata_cli.table_of(document, "signs")}
            self.assertEqual(signs["Customers would miss it"]["speaks"], "for")
            self.assertIn("45.0 %", signs["Customers would miss it"]["evidence"])
            model.write_text(model.read_text() + "metrics: {pmf_top: 4}\n")
            document = self.json("pmf", project="acme")
            signs = {r["sign"]: r for r in strata_cli.table_of(document, "signs")}
            self.assertEqual(signs["Customers would miss it"]["speaks"], "against")
        finally:
            model.write_text(text)
            self.strata("ingest", project="acme")
        self.assertIn("#0072b2", json.dumps(document))  # what was seen is told from the model
        spans = strata_cli.table_of(document, "churn_by_age")
        level = strata_cli.table_of(document, "level")
        self.assertEqual(signs["The curve flattens"]["speaks"] == "for", level is not None)
        if level is not None:
            (row,) = level
            later = [s for s in spans if int(s["age"].split()[0]) >= row["from_month"]]
            self.assertAlmostEqual(row["churn"], sum(s["lost"] for s in later) / sum(s["months"] for s in later), 12)
            self.assertTrue(row["left_low"] < row["left"] < row["left_high"])

    def test_results_do_not_depend_on_threads(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                one = self.strata(command, "--format", "json", "--threads", "1", project="acme")
                two = self.strata(command, "--format", "json", "--threads", "2", project="acme")
                self.assertEqual(one, two)

    def test_no_number_is_infinite(self):
        for command in COMMANDS:
            document = self.json(command, project="acme")
            self.assertTrue(all(math.isfinite(x) for x in numbers(document)), command)

    def test_a_forecast_widens_and_brackets_its_middle(self):
        rows = self.rows("forecast", "--horizon", "12", project="acme")
        self.assertEqual(len(rows), 12)
        widths = []
        for row in rows:
            low, mid, high = (float(row[k]) for k in ("nrr_low", "nrr", "nrr_high"))
            self.assertTrue(low <= mid <= high)
            widths.append(high - low)
            self.assertTrue(int(row["customers_low"]) <= int(row["customers"]) <=
                            int(row["customers_high"]))
        self.assertGreater(widths[-1], widths[0])
        self.assertGreater(widths[-1], 0)

    def test_the_back_test_knows_nothing_later(self):
        """The forecast as of a year ago, with all that came since in the store, is the one that is
        scored: customers of then, kept 12 months on, are within its range or near it."""
        then = self.rows("forecast", "--as-of", "2025-06-30", project="acme")
        ahead = {row["month"]: row for row in then}
        self.assertIn("2026-06-30", ahead)
        kept = self.rows("accounts", "--where", "arr > 0 and arr_12m_ago > 0", "--all",
                         "--columns", "id", project="acme")
        row = ahead["2026-06-30"]
        self.assertLess(abs(int(row["customers"]) - len(kept)) / len(kept), 0.06)

    def test_the_best_method_of_the_past_is_used_and_named(self):
        text = self.strata("forecast", "--format", "csv", "--table", "backtest", project="acme")
        self.assertIn("used", text)
        self.assertIn("movement rates by age", text)
        self.assertIn("beta-discrete-Weibull", text)

    def test_groups_of_ltv_add_up(self):
        rows = self.rows("ltv", "--by", "plan", project="acme")
        self.assertEqual(sum(int(r["accounts"]) for r in rows), 1200)

    def test_a_lower_margin_makes_a_lower_value(self):
        full = self.rows("ltv", project="acme")[0]
        half = self.rows("ltv", "--margin", "50%", project="acme")[0]
        self.assertAlmostEqual(float(half["ltv"]) / float(full["ltv"]), 0.5, places=3)

    def test_churn_counts_only_who_was_followed(self):
        rows = self.rows("churn", "--within", "6", project="acme")
        for row in rows:
            self.assertLessEqual(int(row["churned"]), int(row["followed"]))
            self.assertLessEqual(int(row["followed"]), int(row["accounts"]))
        self.assertEqual(int(rows[-1]["followed"]), 0)  # the last quarter

    def test_adoption_of_one_feature_by_plan(self):
        features = [row["feature"] for row in self.rows("adoption", project="acme")]
        rows = self.rows("adoption", features[0], "--by", "plan", project="acme")
        self.assertEqual([r["group"] for r in rows], ["Business", "Enterprise", "Starter", "Team"])
        self.strata("adoption", "no_such_feature", project="acme", status=66)
        self.assertIn("usage names no feature", self.errors)

    def test_mistakes_say_what_to_write(self):
        cases = [(["forecast", "--horizon", "99"], "--horizon"),
                 (["forecast", "--method", "magic"], "--method is best"),
                 (["forecast", "--by", "employees"], "quartiles"),
                 (["churn", "--every", "week"], "--every is month, quarter or year"),
                 (["churn", "--by", "plan", "--every", "year"], "leave one out"),
                 (["churn", "--by", "plann"], "did you mean"),
                 (["ltv", "--from", "noon"], ""),
                 (["adoption", "--by", "plan"], "name the feature")]
        for arguments, words in cases:
            with self.subTest(arguments=arguments):
                self.strata(*arguments, project="acme", status=64)
                self.assertIn(words, self.errors)


class Donors(CliTest):
    """11,104 people who first gave in 1995, and in which of the six years after they gave again: Fader,
    Hardie & Shang 2010, Marketing Science 29:1086-1108, table 2. By gifts and the year of the last."""

    GIFTS = {(0, 0): 3464, (1, 1): 1091, (1, 2): 277, (1, 3): 129, (1, 4): 78, (1, 5): 119, (1, 6): 129,
             (2, 2): 613, (2, 3): 255, (2, 4): 155, (2, 5): 173, (2, 6): 234, (3, 3): 322, (3, 4): 181,
             (3, 5): 225, (3, 6): 357, (4, 4): 240, (4, 5): 284, (4, 6): 512, (5, 5): 335, (5, 6): 728,
             (6, 6): 1203}

    @classmethod
    def prepare(cls):
        me = cls("test_the_published_fit_is_found")
        folder = cls.folder / "donors"
        folder.mkdir()
        (folder / "strata.yaml").write_text(
            "strata: 1\nextends: shop\nbusiness: {name: Donors, currency: USD}\n"
            "sources:\n  accounts: accounts.csv\n  orders: orders.csv\n")
        accounts, orders = ["account_id"], ["account_id,ordered_at,order_id,amount"]
        for (gifts, last), donors in cls.GIFTS.items():
            for k in range(donors):
                name = f"{gifts}-{last}-{k}"
                accounts.append(name)
                years = list(range(1, gifts)) + [last] * (gifts > 0)
                for year in [0] + years:
                    orders.append(f"{name},{1995 + year}-{1 + k % 12:02}-15,{name}-{year},{10 + k % 9}")
        (folder / "accounts.csv").write_text("\n".join(accounts) + "\n")
        (folder / "orders.csv").write_text("\n".join(orders) + "\n")
        me.strata("ingest", "--quiet", project="donors")

    def forecast(self, *extra):
        return self.json("forecast", "--opportunities", "year", "--method", "bg-bb", "--as-of",
                         "2001-12-31", "--horizon", "60", *extra, project="donors")

    def test_the_published_fit_is_found(self):
        text = self.strata("forecast", "--opportunities", "year", "--as-of", "2001-12-31", project="donors")
        words = " ".join(text.split())
        self.assertRegex(words, r"BG/BB: alpha = 1\.2 .*, beta = 0\.75 .*, gamma = 0\.657 .*, "
                                r"delta = 2\.78 .*; ln L = -33225\.6\.")
        self.assertIn("A purchase is a year with at least one order", words)

    def test_what_is_expected_of_each_is_what_the_published_parameters_give(self):
        """Computed once more from the model as it is told: leave, or stay and give."""
        rows = strata_cli.table_of(self.forecast("--limit", "11104"), "customers")
        self.assertEqual(len(rows), 11104)
        alpha, beta, gamma, delta = 1.204, 0.750, 0.657, 2.783

        def ln_beta(a, b):
            return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

        def chance(x, stay, n):
            """Of x gifts at known ones of n opportunities, and of being there at `stay` of them."""
            return math.exp(ln_beta(alpha + x, beta + n - x) + ln_beta(gamma, delta + stay))
        seen = set()
        for row in rows:
            gifts, last, _ = map(int, row["id"].split("-"))
            if (gifts, last) in seen:
                continue
            seen.add((gifts, last))
            here = chance(gifts, 6, 6)
            gone = sum(math.exp(ln_beta(alpha + gifts, beta + i - gifts) + ln_beta(gamma + 1, delta + i))
                       for i in range(last, 6))
            alive = chance(gifts, 7, 6) / (here + gone)
            later = sum(chance(gifts, 6 + m, 6) for m in range(1, 6)) / (here + gone)
            self.assertAlmostEqual(row["alive"], alive, delta=2e-3)
            expected = later * (alpha + gifts) / (alpha + beta + 6)
            self.assertAlmostEqual(row["expected"], expected, delta=5e-3)
        self.assertEqual(len(seen), len(self.GIFTS))

    def test_an_unfinished_year_counts_for_nothing(self):
        whole = strata_cli.table_of(self.forecast(), "customers")
        later = self.json("forecast", "--opportunities", "year", "--method", "bg-bb", "--as-of",
                          "2002-06-30", "--horizon", "60", project="donors")
        self.assertEqual([row["alive"] for row in whole],
                         [row["alive"] for row in strata_cli.table_of(later, "customers")])

    def test_mistakes_say_what_to_write(self):
        self.strata("forecast", "--method", "bg-bb", project="donors", status=64)
        self.assertIn("say which with --opportunities", self.errors)
        self.strata("forecast", "--opportunities", "week", project="donors", status=64)
        self.assertIn("--opportunities is month, quarter or year, not 'week'", self.errors)


class Young(CliTest):
    """One old customer makes days to forecast from; those who make a forecast came in the last months."""

    @classmethod
    def prepare(cls):
        (cls.folder / "strata.yaml").write_text("strata: 1\nbusiness: {name: young, currency: USD}\n"
                                                "sources: {arr: {path: s.csv, form: subscriptions}}\n")
        starts = ["2023-01-15"] + ["2025-10-15"] * 60
        (cls.folder / "s.csv").write_text("account_id,subscription_id,start,end,amount\n" + "".join(
            f"a{i},s{i},{start},,1000\n" for i, start in enumerate(starts)))
        cls().strata("ingest")

    def test_what_could_not_be_tried_is_not_called_best(self):
        text = " ".join(self.strata("forecast", "--as-of", "2025-12-31").split())
        self.assertIn("For customers and ARR nothing in the past tells which method is best", text)
        self.assertNotIn("least error", text)
        text = " ".join(self.strata("forecast", "--as-of", "2025-12-31", "--method", "rates").split())
        self.assertIn("chosen by hand", text)


class OnRealData(CliTest):
    """RavenStack has ARR; a shop has none."""

    @classmethod
    def setUpClass(cls):
        cls.data = pathlib.Path(os.environ.get("STRATA_DATA", strata_cli.SOURCE / "../shared/data"))
        if not (cls.data / "ravenstack").is_dir():
            raise unittest.SkipTest("no shared data here")
        super().setUpClass()

    def example(self, name):
        folder = self.folder / name
        if not folder.exists():
            folder.mkdir()
            text = (strata_cli.SOURCE / "examples" / name / "strata.yaml").read_text()
            (folder / "strata.yaml").write_text(text)
            self.strata("ingest", "--quiet", project=folder,
                        env={"STRATA_DATA": str(self.data.resolve())})
        return folder

    def test_ravenstack_runs_whole(self):
        folder = self.example("ravenstack")
        env = {"STRATA_DATA": str(self.data.resolve())}
        for command in COMMANDS:
            with self.subTest(command=command):
                text = self.strata(command, "--format", "json", project=folder, env=env)
                self.assertGreater(len(text), 200)

    def test_a_shop_says_what_needs_arr(self):
        folder = self.example("cdnow")
        env = {"STRATA_DATA": str(self.data.resolve())}
        for command in ["churn", "pmf"]:
            self.strata(command, project=folder, env=env, status=65)
            self.assertIn("add a source 'arr'", self.errors)
        self.assertIn("paid", self.strata("ltv", "--every", "month", project=folder,
                                          env=env).lower())


if __name__ == "__main__":
    strata_cli.main()
