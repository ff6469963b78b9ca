#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Predictions: against the true risks of a generated portfolio, and what must not change them."""
import calendar
import csv
import datetime
import os
import random
import re
import unittest

import strata_cli
from strata_cli import CliTest, table_of


def expected_auc(score, truth):
    """The area under the curve on average over outcomes drawn by the true chances."""
    order = sorted(truth, key=lambda account: score[account])
    hits = below = 0.0
    at = 0
    while at < len(order):
        end, positive, negative = at, 0.0, 0.0
        while end < len(order) and score[order[end]] == score[order[at]]:
            positive += truth[order[end]]
            negative += 1 - truth[order[end]]
            end += 1
        hits += positive * (below + negative / 2)
        below += negative
        at = end
    return hits / (sum(truth.values()) * sum(1 - x for x in truth.values()))


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def month_later(start, months):
    """The same day of the month, or its last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return datetime.date(year, month + 1, min(start.day, last))


class AgainstTheTruth(CliTest):
    """Against the chance that the generator gave each account's month in progress
    (docs/synthetic-data.md). Nobody could do better than the oracle, who knows each account's
    engagement; what is in the files shows it through use, health scores and answers, with noise.
    STRATA_SEEDS="1 2 3 4 5 6" looks at more portfolios than the first two: of 1 to 10, AUCs were 0.0144 below the
    oracle's on average, 0.012 to 0.017."""

    SEEDS = os.environ.get("STRATA_SEEDS", "1 2").split()

    @classmethod
    def prepare(cls):
        me = cls("test_the_risk_is_the_true_risk_as_far_as_it_can_be_known")
        for seed in cls.SEEDS:
            me.strata("synth", f"acme{seed}", "--accounts", "5000", "--seed", str(seed), "--quiet")
            me.strata("ingest", "--quiet", project=f"acme{seed}")

    def test_the_risk_is_the_true_risk_as_far_as_it_can_be_known(self):
        for seed in self.SEEDS:
            self.assertLess(self.compare(f"acme{seed}"), 0.02, f"seed {seed}")

    def compare(self, project):
        document = self.json("predict", "churn", "--within", "30 days", "--limit", "100000", "--quiet",
                             project=project)
        said = {row["account"]: row["chance"] for row in table_of(document, "accounts")}
        truth = {row["account_id"]: float(row["hazard"])
                 for row in read(self.folder / project / "truth.csv") if row["hazard"]}
        self.assertEqual(set(said), set(truth))
        oracle = expected_auc(truth, truth)
        model = expected_auc(said, truth)
        self.assertLess(model, oracle)
        mean_said = sum(said.values()) / len(said)
        mean_true = sum(truth.values()) / len(truth)
        self.assertLess(abs(mean_said / mean_true - 1), 0.15)
        # Fifths by what was said: within each, what was said is about what is true.
        order = sorted(said, key=lambda account: said[account])
        for k in range(5):
            part = order[k * len(order) // 5:(k + 1) * len(order) // 5]
            a = sum(said[i] for i in part)
            b = sum(truth[i] for i in part)
            self.assertLess(abs(a - b), 0.35 * b + 1, f"fifth {k}: said {a:.1f}, true {b:.1f}")
        return oracle - model

    def test_renewals_are_opened_whatever_comes_of_them(self):
        """From the subscriptions alone: every year of service that a customer enters its last 90 days
        of has its renewal, also where the customer left in between."""
        folder = self.folder / "acme1"
        back = {row["account_id"] for row in read(folder / "truth.csv") if row["reactivations"] != "0"}
        terms = {}
        for row in read(folder / "subscriptions.csv"):
            if row["period"] == "year" and row["product"] == "Platform" and row["account_id"] not in back:
                terms.setdefault(row["account_id"], []).append(row)
        last, first = datetime.date(2026, 6, 30), datetime.date(2023, 7, 1)
        expected = set()
        for account, rows in terms.items():
            start = datetime.date.fromisoformat(min(row["start"] for row in rows))
            ends = [row["end"] for row in rows]
            end = datetime.date.max if "" in ends else datetime.date.fromisoformat(max(ends))
            for year in range(1, 7):
                due = month_later(start, 12 * year)
                opened = due - datetime.timedelta(days=90)
                if first <= opened <= last and opened < end:
                    stage = "lost" if end <= due else "won" if due <= last else "open"
                    expected.add((account, str(opened), str(due), stage))
        seen = {(row["account_id"], row["opened_at"], row["due_on"], row["stage"])
                for row in read(folder / "opportunities.csv")
                if row["kind"] == "renewal" and row["account_id"] not in back}
        self.assertEqual(expected ^ seen, set())
        stages = [stage for _, _, _, stage in seen]
        self.assertGreater(min(stages.count(stage) for stage in ["lost", "won", "open"]), 10)


class OnAGeneratedPortfolio(CliTest):
    @classmethod
    def prepare(cls):
        me = cls("test_every_format_is_written")
        me.strata("synth", "acme", "--accounts", "1000", "--seed", "3", "--quiet")
        me.strata("ingest", "--quiet", project="acme")

    def test_every_format_is_written(self):
        for extra, form in [([], "table"), ([], "csv"), (["--card"], "markdown"), (["--card"], "html")]:
            with self.subTest(extra=extra, form=form):
                text = self.strata("predict", "churn", *extra, "--format", form, "--quiet",
                                   project="acme")
                self.assertGreater(len(text), 100)
                page = form == "html"  # scripts speak of NaN
                self.assertFalse(not page and re.search(r"\b(nan|inf)\b", text, re.I))
        self.strata("predict", "churn", "--card", "--format", "csv", status=64, project="acme")

    def test_results_do_not_depend_on_threads(self):
        one = self.strata("predict", "churn", "--format", "json", "--threads", "1", project="acme")
        two = self.strata("predict", "churn", "--format", "json", "--threads", "2", project="acme")
        self.assertEqual(one, two)

    def test_parts_add_up_to_the_chance(self):
        listed = self.rows("predict", "churn", "--limit", "1", "--quiet", project="acme")
        for row in listed:
            document = self.json("predict", "churn", "--account", row["account"], "--quiet",
                                 project="acme")
            themes = table_of(document, "themes")
            base, parts = themes[0]["points"], themes[1:]
            total = [r for r in parts if r["theme"] == "This account"]
            total = total[0]["points"] if total else 100 * float(row["chance"])
            parts = [r["points"] for r in parts if r["theme"] != "This account"]
            self.assertAlmostEqual(base + sum(parts), total, places=6)
            self.assertAlmostEqual(total, 100 * float(row["chance"]), places=6)

    def test_kept_chances_are_features_and_bands(self):
        self.strata("predict", "churn", "--save", "--quiet", project="acme")
        listed = self.rows("predict", "churn", "--limit", "5", "--quiet", project="acme")
        kept = {row["id"]: row for row in self.rows("accounts", "--columns", "id,churn_risk,churn_risk_age",
                                                    project="acme")}
        for row in listed:
            mine = kept[row["account"]]
            self.assertAlmostEqual(float(mine["churn_risk"]), float(row["chance"]), places=9)
            self.assertEqual(float(mine["churn_risk_age"]), 0)
        bands = {row["segment"]: int(row["accounts"])
                 for row in self.rows("segments", "predictive", project="acme")}
        for row in self.table_named("bands", "predict", "churn"):
            self.assertEqual(bands[row["band"]], row["accounts"])
        # The day before, nobody had said anything yet.
        before = self.rows("accounts", "--where", "churn_risk is missing", "--as-of", "2026-06-29",
                           project="acme")
        self.assertGreater(len(before), 500)
        # Once more: the same rows, none twice.
        self.strata("predict", "churn", "--save", "--quiet", project="acme")
        count = "select count(*) as n, count(distinct account_id) as ids from prediction"
        rows = self.rows("sql", count, project="acme")
        self.assertEqual(rows[0]["n"], rows[0]["ids"])
        # Another horizon takes the place of the first.
        self.strata("predict", "churn", "--within", "60 days", "--save", "--quiet", project="acme")
        rows = self.rows("sql", "select distinct horizon_days as h from prediction", project="acme")
        self.assertEqual([row["h"] for row in rows], ["60"])

    def table_named(self, name, *arguments):
        return table_of(self.json(*arguments, "--quiet", project="acme"), name)

    def test_past_dates_are_predicted_from_their_own_past(self):
        self.strata("predict", "expansion", "--save", "--every", "month", "--from", "2026-05-15",
                    "--limit", "0", "--quiet", project="acme")
        days = self.rows("sql", "select day, n_accounts from prediction_run where target = 1 order by day",
                         project="acme")
        self.assertEqual(len(days), 2)  # the end of May, and the last day
        alone = self.rows("predict", "expansion", "--as-of", "2026-05-31", "--limit", "4", "--quiet",
                          project="acme")
        kept = {row["id"]: row for row in self.rows("accounts", "--columns", "id,expansion_chance",
                                                    "--as-of", "2026-05-31", project="acme")}
        for row in alone:
            self.assertAlmostEqual(float(kept[row["account"]]["expansion_chance"]),
                                   float(row["chance"]), places=9)

    def test_bad_input_is_refused(self):
        for arguments, message in [
                (["predict", "churnn"], "what to predict is churn or expansion, not 'churnn'"),
                (["predict", "churn", "--within", "soon"], "'soon' is no span"),
                (["predict", "churn", "--with", "industri"], "did you mean 'industry'?"),
                (["predict", "churn", "--every", "month"], "--every and --from go with --save"),
                (["predict", "churn", "--save", "--every", "week"], "--every is month, not 'week'"),
                (["predict", "churn", "--save", "--account", "A000001"], "leave out --account")]:
            with self.subTest(arguments=arguments):
                self.refused(arguments)
                self.assertIn(message, self.errors)

    def refused(self, arguments):
        for status in (64, 66):
            try:
                self.strata(*arguments, status=status, project="acme")
                return
            except AssertionError:
                continue
        self.fail(f"{arguments} was not refused: {self.errors}")

    def test_a_history_that_is_too_short_says_so(self):
        text = self.strata("predict", "churn", "--within", "36 months", "--quiet", project="acme")
        self.assertIn("No prediction of churn within 36 months: the history is too short", text)
        self.strata("predict", "churn", "--within", "36 months", "--save", status=65, project="acme")
        self.assertIn("nothing to save", self.errors)


class WhenFilesChange(CliTest):
    """The same portfolio with its rows shuffled, and with facts after the date."""

    @classmethod
    def prepare(cls):
        me = cls("test_the_order_of_rows_changes_nothing")
        me.strata("synth", "acme", "--accounts", "1000", "--seed", "4", "--quiet")

    def chances(self, project):
        self.strata("ingest", "--quiet", project=project)
        return self.rows("predict", "churn", "--as-of", "2026-03-31", "--limit", "100000", "--quiet",
                         project=project)

    def copy(self, name, change):
        source, target = self.folder / "acme", self.folder / name
        target.mkdir()
        for path in source.iterdir():
            if path.suffix == ".csv":
                with open(path, encoding="utf-8", newline="") as file:
                    head, *rows = file.readlines()
                (target / path.name).write_text(head + "".join(change(path.name, rows)),
                                                encoding="utf-8", newline="")
            elif path.suffix == ".yaml":
                (target / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        return name

    def test_the_order_of_rows_changes_nothing(self):
        mixed = random.Random(1)
        shuffled = self.copy("shuffled", lambda name, rows: mixed.sample(rows, len(rows)))
        self.assertEqual(self.chances("acme"), self.chances(shuffled))

    def test_facts_after_the_date_change_nothing(self):
        """Usage, surveys, health and touchpoints of the last three months are not there yet."""
        dated = ["usage.csv", "surveys.csv", "health.csv", "touchpoints.csv"]

        def until(name, rows):
            if name not in dated:
                return rows
            return [row for row in rows if not re.search(r",2026-0[456]-\d\d", row)]
        self.assertEqual(self.chances("acme"), self.chances(self.copy("earlier", until)))


if __name__ == "__main__":
    strata_cli.main()
