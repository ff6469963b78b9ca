# SPDX-License-Identifier: Apache-2.0
"""`strata cohort review`: what it says of an invented portfolio, checked against the data itself."""
import json
import math
import unittest

import strata_cli
from strata_cli import CliTest


def numbers(node):
    if isinstance(node, dict):
        for value in node.values():
            yield from numbers(value)
    elif isinstance(node, list):
        for value in node:
            yield from numbers(value)
    elif isinstance(node, float):
        yield node


class Review(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls()
        test.strata("synth", "p", "--accounts", 300, "--seed", 7)
        test.strata("ingest", project="p")

    def runTest(self):
        pass

    def review(self, *arguments, **options):
        return self.strata("cohort", "review", *arguments, project="p", **options)

    def test_the_counts_are_those_of_the_ledger(self):
        rows = self.rows("cohort", "review", "2024", project="p")
        ledger = self.rows("sql", "select account from arr_ledger where arr_after > 0 group by account having "
                                  "min(day) between date '2024-01-01' - date '1970-01-01' and "
                                  "date '2024-12-31' - date '1970-01-01'", project="p")
        self.assertEqual([row["month"] for row in rows], ["3", "6", "9", "12"])
        for row in rows:
            kept, of = row["kept"].split(" of ")
            self.assertEqual(of, row["followed"])
            self.assertLessEqual(int(kept), int(of))
        self.assertEqual(int(rows[0]["followed"]), len(ledger))

    def test_every_form_holds_numbers_only(self):
        for arguments in (["2025-Q1"], ["Team", "--by", "plan"], ["2026-Q2"]):
            text = self.review(*arguments, "--width", 80)
            self.assertNotRegex(text, r"\bnan\b|\binf\b")
            self.assertLessEqual(max(map(len, text.splitlines())), 80)

    def test_threads_change_nothing(self):
        one = self.review("2025-03", "-f", "json", "--threads", 1)
        self.assertEqual(one, self.review("2025-03", "-f", "json", "--threads", 2))
        self.assertTrue(all(math.isfinite(x) for x in numbers(json.loads(one))))
        self.assertNotRegex(one, r"\bnan\b|\binf\b|NaN|Infinity")

    def test_goals_of_the_model_file_are_shown_as_assumptions(self):
        model = self.folder / "p" / "strata.yaml"
        before = model.read_text()
        self.assertIn("No benchmark and no target", self.review("2024"))
        try:
            model.write_text(before + "benchmarks: {nrr_12m: 105%, source: A survey}\n"
                                      "targets: {logo_retention_12m: 99%}\n")
            text = self.review("2024", "--width", 200)
            self.assertIn("Goals are assumptions of the model file; source of the benchmarks: A survey.", text)
            self.assertIn("Had it reached", text.replace("HAD IT REACHED", "Had it reached"))
            self.assertIn("not a forecast", text)
        finally:
            model.write_text(before)

    def test_actions_count_what_their_command_lists(self):
        text = self.review("2024", "--width", 400)
        if "The accounts of each" in text:
            where = [line.split('--where "')[1].rsplit('"', 1)[0] for line in text.splitlines()
                     if line.startswith("• strata accounts --where")]
            self.assertTrue(where)
            for condition in where:
                rows = self.rows("accounts", "--where", condition, "--limit", 10000, project="p")
                self.assertTrue(rows, condition)

    def test_the_page_has_its_charts(self):
        page = self.review("2024", "-f", "html")
        for chart in ("Accounts kept, by month of life", "Accounts kept, by cohort and month of life",
                      "From one NRR to the other", "From opening ARR to ARR today",
                      "ARR of the cohort's customers over that of today"):
            self.assertTrue(chart in page or chart.replace("'", "&#39;") in page, chart)

    def test_what_cannot_be_reviewed_is_said(self):
        self.strata("cohort", "list", project="p", status=64)
        self.assertIn("cohort knows 'review NAME', not 'list'", self.errors)
        self.strata("cohort", "review", project="p", status=64)
        self.assertIn("needs a cohort", self.errors)
        self.strata("cohort", "review", "soon", project="p", status=64)
        self.assertIn("no start period", self.errors)
        self.strata("cohort", "review", "1999-Q1", project="p", status=66)
        self.assertIn("there is no cohort '1999-Q1'", self.errors)

    def test_a_fiscal_year_has_its_own_quarters(self):
        model = self.folder / "p" / "strata.yaml"
        before = model.read_text()
        try:
            model.write_text(before.replace("fiscal_year_starts: january", "fiscal_year_starts: february"))
            self.assertIn("FY2026-Q1", self.review("FY2026-Q1"))
        finally:
            model.write_text(before)


if __name__ == "__main__":
    strata_cli.main()
