# SPDX-License-Identifier: Apache-2.0
"""The charts of the report say what its tables say, and what the accounts say counted once more here.

A chart is read back from its specification; test_report_page.mjs looks at the page they stand in.
"""
import re
import statistics

import documents
import strata_cli
from strata_cli import CliTest

TODAY = ("--today", "2026-06-30")
AT_BARS = re.compile(r"^(.+?): .*$")  # "Stable: accounts that did not go back"


def sections(document):
    return {p["id"]: p for p in documents.parts(document) if p["type"] == "section"}


def charts(node):
    return {p["id"]: p for p in documents.parts({"sections": [node]}) if p["type"] == "chart"}


def data(chart):
    return chart["spec"]["data"]["values"]


def bars(chart):
    """Values by measure and label."""
    found = {}
    for row in data(chart):
        found.setdefault(row["measure"], {})[row["label"]] = row["value"]
    return found


def cells(chart):
    return {(r["row"], r["column"]): r for r in data(chart) if r["value"] is not None}


def quartile(values, share):
    """Type 7, as R's quantile() by default."""
    values = sorted(values)
    at = (len(values) - 1) * share
    low = int(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (at - low) * (values[high] - values[low])


class Charts(CliTest):
    @classmethod
    def prepare(cls):
        test = cls()
        test.strata("synth", "p", "--accounts", "500", "--seed", "1")
        model = cls.folder / "p" / "strata.yaml"
        model.write_text(model.read_text().replace("extends: hybrid", "extends: [hybrid, rfm]")
                         .replace("\nsources:", "\nprimary: segment\nsources:"))
        test.strata("ingest", *TODAY, project="p")
        test.strata("run", *TODAY, project="p")
        cls.document = test.json("report", *TODAY, project="p")
        cls.parts = sections(cls.document)
        cls.charts = {p["id"]: p for p in documents.parts(cls.document) if p["type"] == "chart"}
        cls.accounts = test.rows("accounts", *TODAY, "--columns",
                                 "id,arr,segment,health,grid_r,grid_f,is_customer", project="p")

    def table(self, wanted):
        return documents.table(self.document, wanted)["rows"]

    def rows_by(self, wanted, key):
        return {r[key]: r for r in self.table(wanted)}

    # --- sizes, outcomes, time ---

    def test_sizes_are_those_of_the_table(self):
        drawn = bars(self.charts["sizes"])
        for row in self.table("segments"):
            self.assertEqual(drawn["Accounts"][row["segment"]], row["accounts"])
            self.assertAlmostEqual(drawn["ARR"][row["segment"]], row["arr"], places=6)
        self.assertEqual(len(drawn["ARR"]), len(self.table("segments")))

    def test_retention_and_the_monthly_panels_are_those_of_the_table(self):
        rows = self.rows_by("segments", "segment")
        stated = {k for k, r in rows.items() if r["nrr_12m"] is not None}
        self.assertEqual({r["label"] for r in data(self.charts["retention"])}, stated)
        for r in data(self.charts["retention"]):
            self.assertEqual(r["value"], rows[r["label"]]["nrr_12m"])
            self.assertLessEqual(r["low"], r["value"])
            self.assertGreaterEqual(r["high"], r["value"])
        series = {}
        for r in data(self.charts["trend"]):
            series.setdefault(r["series"], []).append(r["value"])
        self.assertEqual(series, {k: r["trend"] for k, r in rows.items()})

    def test_arr_by_month_is_that_of_the_table(self):
        rows = self.rows_by("trend", "month")
        drawn = data(self.charts["trend-value"])
        self.assertEqual(len(drawn), sum(len(r) - 2 for r in rows.values()))
        for r in drawn:
            month = next(m for m in rows if str(m).startswith(r["period"]))
            self.assertAlmostEqual(r["value"], rows[month][r["series"]], places=2)

    def test_outcomes_after_a_review_are_those_of_the_table(self):
        rows = {r["segment"]: r for r in self.table("after")}
        for chart, key in (("churn_after", "churn"), ("expansion_after", "expansion")):
            for r in data(self.charts[chart]):
                self.assertEqual((r["value"], r["low"], r["high"]),
                                 tuple(rows[r["label"]][key + end] for end in ("", "_low", "_high")))

    def test_milestones_are_those_of_the_table(self):
        rows = self.rows_by("milestones", "milestone")
        drawn = data(self.charts["milestones-chart"])
        self.assertGreater(len(drawn), 2)
        for r in drawn:
            row = rows[r["label"]]
            self.assertEqual((r["value"], r["low"], r["high"], r["note"]),
                             (row["share"], row["low"], row["high"], f"n = {row['of']}"))

    # --- grids ---

    def test_matrices_are_those_of_the_tables_and_their_titles_name_the_largest_cell(self):
        for chart, table in (("grid-health_band", "matrix_value_health_band"),
                             ("grid-lifecycle", "matrix_value_lifecycle")):
            drawn = cells(self.charts[chart])
            rows = self.table(table)
            told = {(r["row"], r["column"]): r for r in rows}
            self.assertLessEqual(set(told), set(drawn))
            for where, cell in drawn.items():
                row = told.get(where, {"value": 0, "accounts": 0})
                self.assertAlmostEqual(cell["value"], row["value"], places=2)
                if row["accounts"] > 0:
                    self.assertEqual(cell["below"].split()[0], str(row["accounts"]))
            largest = max(rows, key=lambda r: r["value"])
            self.assertTrue(self.charts[chart]["title"].startswith(
                f"{largest['row']} and {largest['column']} hold the most: {largest['accounts']} account"))

    def test_moves_come_to_the_figures_in_the_text(self):
        names = {r["segment"] for r in self.table("segments")}
        count = {"moved": 0, "stayed": 0, "other": 0}
        for (row, column), c in cells(self.charts["flows"]).items():
            if row in names or column in names:  # else never in the population
                kind = "other" if not {row, column} <= names else "stayed" if row == column else "moved"
                count[kind] += c["value"]
        said = self.parts["movement"]["title"]
        text = [p["text"] for p in self.parts["movement"]["items"] if p["type"] == "paragraph"][0]
        self.assertTrue(said.startswith(f"{count['moved']} accounts changed segment"), said)
        self.assertTrue(text.startswith(f"{count['stayed']} accounts stayed"), text)
        came, left = (int(n) for n in re.search(r"(\d+) came in from outside or new, (\d+)", text).groups())
        self.assertEqual(came + left, count["other"])
        self.assertEqual(sum(r["accounts"] for r in self.table("causes")), count["moved"] + came + left)

    def test_the_heat_map_counts_the_accounts_of_each_pair_of_scores(self):
        counted, worth = {}, {}
        for a in self.accounts:
            if a["is_customer"] == "true" and a["grid_r"]:
                cell = int(float(a["grid_f"])), int(float(a["grid_r"]))
                counted[cell] = counted.get(cell, 0) + 1
                worth[cell] = worth.get(cell, 0) + float(a["arr"])
        drawn = {(int(r["row"][1]), int(r["column"][1])): r for r in data(self.charts["rfm-grid"])}
        self.assertEqual(len(drawn), 25)
        self.assertEqual({c: r["value"] for c, r in drawn.items() if r["value"]}, counted)
        best = counted.get((5, 5), 0) + counted.get((4, 5), 0)
        value = worth.get((5, 5), 0) + worth.get((4, 5), 0)
        share, of_value = best / sum(counted.values()), value / sum(worth.values())
        self.assertEqual(self.parts["rfm"]["title"], "The latest and most frequent "
                         f"{100 * share:.1f} % bring {100 * of_value:.1f} % of ARR")

    # --- concentration ---

    def test_concentration_is_what_the_accounts_come_to(self):
        arr = sorted((float(a["arr"]) for a in self.accounts if a["is_customer"] == "true"),
                     reverse=True)
        n, total = len(arr), sum(arr)
        rows = self.rows_by("concentration", "figure")
        self.assertEqual(rows["Customers"]["value"], n)
        top = {"Share of the top 20 %": -(-n // 5), "Share of the top 50 %": -(-n // 2)}
        for name, k in top.items():
            self.assertAlmostEqual(rows[name]["value"], sum(arr[:k]) / total, places=9)
        # Half the mean difference of two accounts over the mean: by its definition, pair by pair.
        gini = sum(abs(a - b) for a in arr for b in arr) / (2 * n * total)
        self.assertAlmostEqual(rows["Gini coefficient"]["value"], gini, places=9)
        self.assertIn(f"the Gini coefficient is {gini:.2f}", self.charts["lorenz"]["alt"])
        self.assertEqual(self.parts["concentration"]["title"],
                         f"A fifth of the customers holds {100 * sum(arr[:top['Share of the top 20 %']]) / total:.1f} % of ARR")

    def test_the_concentration_curve_runs_from_none_to_all_and_never_under_the_diagonal(self):
        points = [(p["x"], p["y"]) for p in data(self.charts["lorenz"])]
        self.assertEqual((points[0], points[-1]), ((0, 0), (1, 1)))
        arr = sorted((float(a["arr"]) for a in self.accounts if a["is_customer"] == "true"),
                     reverse=True)
        for (x, y), (x2, y2) in zip(points, points[1:]):
            self.assertTrue(x < x2 and y <= y2 and y >= x - 1e-9)
        for x, y in points:  # between whole accounts the curve is straight
            k = x * len(arr)
            expected = sum(arr[:int(k)]) + (k - int(k)) * (arr[int(k)] if int(k) < len(arr) else 0)
            self.assertAlmostEqual(y, expected / sum(arr), places=6)

    # --- profiles ---

    def test_health_of_the_segments_is_that_of_their_accounts(self):
        drawn = {r["label"]: r for r in data(self.charts["health"])}
        medians = {}
        for name, r in drawn.items():
            known = [float(a["health"]) for a in self.accounts if a["segment"] == name and a["health"]]
            self.assertEqual(r["note"], f"n = {len(known)}")
            medians[name] = statistics.median(known)
            for value, share in ((r["low"], 0.25), (r["value"], 0.5), (r["high"], 0.75)):
                self.assertAlmostEqual(value, quartile(known, share), places=6)
        best, worst = max(medians, key=medians.get), min(medians, key=medians.get)
        self.assertIn(f"highest in {best} (median {drawn[best]['text']}) and lowest in {worst} "
                      f"({drawn[worst]['text']})", self.charts["health"]["title"])

    def test_risks_of_each_segment_are_those_of_its_table(self):
        found = 0
        for name, part in self.parts.items():
            if not re.fullmatch(r"risks(-\d+)?", name):
                continue
            (rows,) = [t["rows"] for t in documents.tables({"sections": [part]})]
            drawn = charts(part).get("risk-bars")
            self.assertEqual(drawn is not None, len(rows) >= 3, name)
            if drawn:
                found += 1
                self.assertEqual(bars(drawn), {"Accounts": {r["risk"]: r["accounts"] for r in rows},
                                               "Their ARR": {r["risk"]: r["arr"] for r in rows}})
                self.assertTrue(drawn["title"].startswith(rows[0]["risk"]), drawn["title"])
                self.assertEqual(rows[0]["arr"], max(r["arr"] for r in rows))
        self.assertGreater(found, 1)

    # --- the card, and the data ---

    def test_the_card_s_bars_hold_the_verdicts_and_figures_of_its_rows(self):
        rows = self.rows_by("card", "check")
        short = []
        for r in data(self.charts["card-bars"]):
            row = rows[AT_BARS.match(r["label"])[1]]
            said, verdict = r["text"].split(", ")
            self.assertEqual(verdict, row["verdict"])
            self.assertAlmostEqual(float(said.split()[0]), 100 * r["value"], delta=0.051)
            self.assertEqual(r["color"] == "#8a94a0", verdict == "pass")
            if verdict != "pass":
                short.append(f"{row['check']} ({said})")
            shares = [float(s) for s in re.findall(r"([\d.]+) %", row["evidence"])]
            if row["check"] in ("Measurable", "Stable"):
                self.assertAlmostEqual(100 * r["value"], 100 - shares[-1], delta=0.06)
            if row["check"] == "Reachable":
                self.assertAlmostEqual(100 * r["value"], shares[0], delta=0.06)
        for part in short:
            self.assertIn(part, self.charts["card-bars"]["title"])

    def test_the_reach_of_the_data_and_its_rejects_are_those_of_the_table(self):
        rows = self.rows_by("sources", "source")
        drawn = {r["label"]: r for r in data(self.charts["reach"])}
        self.assertEqual(set(drawn), {k for k, r in rows.items() if r["first_day"]})
        for name, r in drawn.items():
            self.assertEqual((r["from"], r["to"]), (rows[name]["first_day"], rows[name]["last_day"]))
            year, month, dom = (int(x) for x in r["from"].split("-"))
            self.assertAlmostEqual(r["begins"], year + (month - 1) / 12 + (dom - 1) / 365, delta=0.01)
        refused = {k: r["rejected"] for k, r in rows.items() if r["rejected"]}
        self.assertEqual(bars(self.charts["rejected-rows"])["Rejected rows"], refused)
        for name, share in bars(self.charts["rejected-rows"])["Of rows read"].items():
            self.assertAlmostEqual(share, refused[name] / rows[name]["read"], places=12)
        most = max(refused, key=lambda k: refused[k] / rows[k]["read"])
        self.assertEqual(self.charts["rejected-rows"]["title"],
                         f"Largest share refused: {most}, {refused[most]} of {rows[most]['read']:,} rows")

    def test_a_source_that_ended_long_ago_stands_out(self):
        document = self.json("report", "--today", "2026-12-31", "--as-of", "2026-12-31", project="p")
        chart = charts(sections(document)["data-quality"])["reach"]
        ended = [r for r in data(chart) if r["color"] == "#e69f00"]
        self.assertEqual(len(ended), len(data(chart)))
        self.assertRegex(chart["title"], rf"^{len(ended)} of {len(ended)} dated sources end more than 31 "
                         r"days before 31 December 2026: \w+ on \d+ June 2026 first$")


if __name__ == "__main__":
    strata_cli.main()
