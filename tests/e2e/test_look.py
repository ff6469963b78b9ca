# SPDX-License-Identifier: Apache-2.0
"""The commands that look at a portfolio: segments, accounts, profile, compare, quality, features.

Golden files show what people see; beside them stand invariants that any right output meets.
After a wanted change: STRATA_UPDATE_GOLDEN=1 meson test -C build look
"""
import os
import re

import strata_cli
from strata_cli import CliTest

GOLDEN = "tests/golden/cli"


class Portfolio(CliTest):
    """A small invented portfolio."""

    @classmethod
    def prepare(cls):
        cls().strata("synth", "p", "--accounts", 400, "--seed", 7)
        cls.folder = cls.folder / "p"
        cls().strata("ingest")

    def golden(self, name, *arguments):
        """Compares with the golden file, digests left out."""
        text = re.sub(r"@ [0-9a-f]{6}", "@ DIGEST", self.strata(*arguments))
        path = strata_cli.SOURCE / GOLDEN / name
        if os.environ.get("STRATA_UPDATE_GOLDEN"):
            path.write_text(text)
        self.assertEqual(text, path.read_text(), f"{path}: STRATA_UPDATE_GOLDEN=1 takes it over")

    def table(self, document, wanted):
        """A table of a JSON document, by id."""
        stack = list(document["sections"])
        while stack:
            node = stack.pop()
            if node.get("type") == "table" and node["id"] == wanted:
                return node
            stack.extend(node.get("items", []))
        self.fail(f"no table {wanted}")
        return None


class Segments(Portfolio):
    def test_the_table_is_as_it_was(self):
        self.golden("segments-80.txt", "segments", "--width", 80)
        self.golden("segments-120.txt", "segments", "behavioral", "2026-Q1", "--width", 120)

    def test_segments_partition_the_customers_in_every_dimension(self):
        customers = len(self.rows("accounts"))
        arr = sum(round(float(r["arr"]) * 100) for r in self.rows("accounts"))
        for approach in ("value", "behavioral", "health", "lifecycle", "rfm", "hybrid",
                         "firmographic", "priority"):
            with self.subTest(approach=approach):
                rows = self.rows("segments", approach)
                self.assertEqual(sum(int(r["accounts"]) for r in rows), customers)
                self.assertEqual(sum(round(float(r["arr"]) * 100) for r in rows), arr)
                self.assertAlmostEqual(sum(float(r["account_share"]) for r in rows), 1.0, places=9)
                self.assertAlmostEqual(sum(float(r["arr_share"]) for r in rows), 1.0, places=9)

    def test_totals_are_the_sums_of_the_rows(self):
        document = self.json("segments")
        table = self.table(document, "segments")
        total, outside = table["totals"]
        self.assertEqual(total["accounts"], sum(r["accounts"] for r in table["rows"]))
        self.assertEqual(total["accounts"], document["document"]["accounts"])
        self.assertEqual(total["since"], sum(r["since"] for r in table["rows"]))
        self.assertEqual(total["accounts"] + outside["accounts"], len(self.rows("accounts", "--all")))

    def test_every_rate_lies_between_its_bounds_and_grr_is_never_above_nrr(self):
        for row in self.rows("segments", "value"):
            if row["nrr_12m"]:
                self.assertLessEqual(float(row["grr_12m"]), min(1.0, float(row["nrr_12m"])) + 1e-12)
                self.assertTrue(0.0 <= float(row["churn_12m"]) <= 1.0)

    def test_the_trend_ends_with_the_accounts_of_today(self):
        for row in self.rows("segments"):
            self.assertEqual(int(row["trend"].split(";")[-1]), int(row["accounts"]))

    def test_a_period_is_as_of_its_last_day_since_the_day_before_it(self):
        period = self.rows("segments", "2026-Q1")
        dates = self.rows("segments", "--as-of", "2026-03-31", "--since", "2025-12-31")
        self.assertEqual(period, dates)

    def test_facts_after_the_date_change_nothing(self):
        past = self.rows("segments", "--as-of", "2025-06-30")
        again = self.rows("segments", "--as-of", "2025-06-30", "--today", "2025-06-30")
        self.assertEqual(past, again)

    def test_threads_change_nothing(self):
        one = self.strata("segments", "-f", "json", "--threads", 1)
        self.assertEqual(one, self.strata("segments", "-f", "json", "--threads", 2))
        self.assertEqual(one, self.strata("segments", "-f", "json", "--threads", 7))

    def test_every_format_comes_out(self):
        for form in ("table", "json", "csv", "markdown", "html"):
            self.assertIn("Champions", self.strata("segments", "--format", form))

    def test_figures_say_where_they_come_from(self):
        document = self.json("segments")
        where = {p["rows_where"] for p in document["provenance"]}
        self.assertIn('segment = "Champions"', where)
        listed = self.rows("accounts", "--where", 'segment = "Champions"')
        row = self.table(document, "segments")["rows"][0]
        self.assertEqual(row["accounts"], len(listed))

    def test_refuses_what_it_does_not_know(self):
        self.strata("segments", "cluster", status=64)
        self.assertIn("'strata cluster --as-dimension cluster' writes their rules as one", self.errors)
        self.strata("segments", "valeu", status=64)
        self.assertIn("did you mean 'value'?", self.errors)
        self.strata("segments", "value", "yesterday", status=64)
        self.assertIn("is no timeframe", self.errors)
        self.strata("segments", "1999", status=64)
        self.assertIn("has no data", self.errors)
        self.strata("segments", "2026-Q1", "--as-of", "2026-01-01", status=64)
        self.assertIn("leave out --as-of", self.errors)
        self.strata("segments", "--as-of", "1990-01-01", status=64)
        self.assertIn("before the first fact", self.errors)
        self.strata("segments", "--as-of", "2099-01-01", status=64)
        self.assertIn("after today", self.errors)


class Accounts(Portfolio):
    def test_the_table_is_as_it_was(self):
        self.golden("accounts-80.txt", "accounts", "--where", "health < 60", "--sort", "health",
                    "--limit", 5, "--width", 80)

    def test_a_filter_and_its_opposite_are_all(self):
        low = self.rows("accounts", "--where", "health < 60")
        high = self.rows("accounts", "--where", "not (health < 60)")
        unknown = self.rows("accounts", "--where", "health is missing")
        self.assertEqual(len(low) + len(high) + len(unknown), len(self.rows("accounts")))
        self.assertTrue(all(float(r["health"]) < 60 for r in low))

    def test_sorts_up_and_down_with_missing_values_last(self):
        for sort, reverse in (("arr", False), ("-arr", True)):
            arr = [float(r["arr"]) for r in self.rows("accounts", "--sort", sort)]
            self.assertEqual(arr, sorted(arr, reverse=reverse))
        scores = [r["nps_last"] for r in
                  self.rows("accounts", "--sort", "-nps_last", "--columns", "id,nps_last")]
        known = [float(s) for s in scores if s]
        self.assertEqual(known, sorted(known, reverse=True))
        self.assertTrue(all(s == "" for s in scores[len(known):]))

    def test_limits_and_says_how_many_there_are(self):
        document = self.json("accounts", "--limit", 3)
        table = self.table(document, "accounts")
        self.assertEqual(len(table["rows"]), 3)
        self.assertIn(f"{document['document']['accounts']:,} accounts", document["document"]["title"])
        everything = sum(round(float(r["arr"]) * 100) for r in self.rows("accounts"))
        self.assertEqual(round(table["totals"][0]["arr"] * 100), everything)

    def test_says_so_when_none_matches(self):
        self.assertIn("None of", self.strata("accounts", "--where", "arr > 900M"))

    def test_names_the_place_and_the_nearest_name(self):
        self.strata("accounts", "--where", "arr > 1k and helth < 5", status=64)
        self.assertIn("--where:1:14: unknown feature 'helth' (did you mean 'health'?)", self.errors)
        self.strata("accounts", "--sort", "-ar", status=64)
        self.assertIn("--sort: unknown name 'ar' (did you mean 'arr'?)", self.errors)
        self.strata("accounts", "--columns", "id, nam", status=64)
        self.assertIn("did you mean 'name'?", self.errors)
        self.strata("accounts", "--where", "health turned missing", status=64)


class Pages(Portfolio):
    def test_pages_are_as_they_were(self):
        self.golden("profile-80.txt", "profile", "Steady", "--width", 80)
        self.golden("quality-80.txt", "quality", "--width", 80)

    def test_a_profile_agrees_with_the_segments(self):
        row = next(r for r in self.rows("segments") if r["segment"] == "Steady")
        table = self.table(self.json("profile", "steady"), "outcomes")
        nrr = next(r for r in table["rows"] if r["measure"] == "NRR")
        self.assertEqual(nrr["here"], float(row["nrr_12m"]))

    def test_risks_list_their_accounts(self):
        table = self.table(self.json("profile", "Steady"), "risks")
        for row in table["rows"]:
            listed = self.rows("accounts", "--where", f"{row['where']} and segment = \"Steady\"")
            self.assertEqual(len(listed), row["accounts"], row["risk"])

    def test_compare_shows_the_same_figures_from_both_sides(self):
        one = {r["measure"]: r for r in self.rows("compare", "Steady", "Save plays")}
        other = {r["measure"]: r for r in self.rows("compare", "Save plays", "Steady")}
        self.assertEqual(one.keys(), other.keys())
        for measure, row in one.items():
            self.assertEqual((row["a"], row["b"], row["p"]),
                             (other[measure]["b"], other[measure]["a"], other[measure]["p"]))

    def test_compare_with_a_date_agrees_with_the_segments_of_that_date(self):
        then = next(r for r in self.rows("segments", "--as-of", "2025-12-31")
                    if r["segment"] == "Steady")
        rows = {r["measure"]: r for r in self.rows("compare", "Steady", "--since", "2025-12-31")}
        self.assertEqual(rows["Accounts"]["then"], then["accounts"])
        self.assertEqual(rows["ARR together"]["then"], then["arr"])

    def test_quality_counts_its_verdicts(self):
        document = self.json("quality")
        rows = self.table(document, "card")["rows"]
        passed = sum(r["verdict"] == "pass" for r in rows)
        self.assertIn(f"{passed} of {len(rows)} checks passed", document["document"]["title"])

    def test_ambiguous_and_unknown_segments_are_refused(self):
        self.strata("profile", "At-risk", status=66)
        self.assertIn("say which with --dimension: behavior, risk, lifecycle", self.errors)
        self.strata("profile", "Championz", status=66)
        self.assertIn("did you mean 'Champions'?", self.errors)
        self.strata("compare", "Steady", status=64)
        self.strata("compare", "Steady", "Steady", status=64)


class Features(Portfolio):
    def test_lists_every_name_once_and_what_is_missing(self):
        document = self.json("features")
        names = [r["name"] for t in ("computed", "attributes", "definitions")
                 for r in self.table(document, t)["rows"]]
        self.assertEqual(len(names), len(set(names)))
        self.assertTrue({"arr", "last_seen", "industry", "segment"} <= set(names))
        missing = self.table(self.json("features", "--missing"), "computed")["rows"]
        self.assertTrue(all(r["missing"] for r in missing))
        self.assertIn("spend_365d", [r["name"] for r in missing])

    def test_one_name_shows_its_definition_and_values(self):
        text = self.strata("features", "last_seen", "--width", 80)
        self.assertIn("Days since the last day with usage", text)
        self.assertIn("Half is at or under", text)
        self.strata("features", "last_sen", status=66)
        self.assertIn("did you mean 'last_seen'?", self.errors)


class Evidence(Portfolio):
    def test_members_of_segments_add_up_at_each_horizon(self):
        rows = self.rows("evidence")
        for months in ("3", "6", "12"):
            of = [r for r in rows if r["months"] == months]
            parts = [r for r in of if r["segment"] != "All"]
            total = next(r for r in of if r["segment"] == "All")
            for key in ("observations", "churned", "expanded"):
                self.assertEqual(sum(int(r[key]) for r in parts), int(total[key]))
            for r in of:
                if r["churn"]:
                    self.assertLessEqual(float(r["churn_low"]), float(r["churn"]))
                    self.assertLessEqual(float(r["churn"]), float(r["churn_high"]))

    def test_the_ranking_covers_every_dimension_twice(self):
        rows = self.rows("evidence", "--table", "ranking")
        for outcome in ("churn", "expansion"):
            names = [r["segmentation"] for r in rows if r["outcome"] == outcome]
            self.assertEqual(len(names), len(set(names)))
            self.assertGreaterEqual(len(names), 6)

    def test_quality_and_report_have_a_part_of_it(self):
        self.assertTrue(self.table(self.json("quality"), "after")["rows"])

    def test_bad_input_is_refused(self):
        self.strata("evidence", "--within", 4, status=64)
        self.assertIn("--within is 3, 6 or 12 months, not '4'", self.errors)
        self.strata("evidence", "--dimension", "helth", status=64)
        self.assertIn("did you mean", self.errors)

    def test_segments_from_before_the_usage_are_pointed_out(self):
        text = self.strata("evidence", "--as-of", "2023-07-31", "--width", 100)
        self.assertIn("all accounts were in one segment", text)
        self.assertIn("Usage is known from 1 July 2023 on", text.replace("\n", " "))


class Journey(Portfolio):
    def test_the_funnel_never_widens_and_everybody_is_somewhere(self):
        rows = self.rows("journey")
        came = [int(r["accounts"]) for r in rows]
        self.assertEqual(came, sorted(came, reverse=True))
        self.assertEqual(sum(int(r["here"]) + int(r["left"]) for r in rows), came[0])
        self.assertEqual(rows[0]["stage"], "Started")

    def test_a_stage_lists_its_accounts_with_what_they_lack(self):
        here = {r["stage"]: int(r["here"]) for r in self.rows("journey")}
        rows = self.rows("journey", "--stage", "first use", "--limit", 1000)
        self.assertEqual(len(rows), here["First use"])
        self.assertTrue(all("features_used_90d" in r["lacks"] for r in rows))

    def test_groups_split_the_whole(self):
        whole = {r["stage"]: int(r["accounts"]) for r in self.rows("journey")}
        groups = self.rows("journey", "--by", "industry", "--table", "groups")
        for stage in list(whole)[1:]:
            self.assertEqual(sum(int(r["accounts"]) for r in groups if r["stage"] == stage),
                             whole[stage])

    def test_stuck_accounts_are_over_their_limit(self):
        rows = self.rows("journey", "--table", "stuck", "--limit", 1000)
        self.assertTrue(rows)
        self.assertTrue(all(float(r["days"]) > float(r["limit"]) for r in rows))

    def test_bad_input_is_refused(self):
        self.strata("journey", "--stage", "Habbit", status=66)
        self.assertIn("did you mean 'Habit'?", self.errors)
        self.strata("journey", "--since", "2027-01-01", status=64)
        self.strata("journey", "--at", 3, status=64)
        self.strata("journey", "--by", "indutry", status=64)


if __name__ == "__main__":
    strata_cli.main()
