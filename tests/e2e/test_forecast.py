#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is to come, and what accounts are worth: forecast, ltv, churn, adoption and pmf."""
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
