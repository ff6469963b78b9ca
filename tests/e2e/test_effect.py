# SPDX-License-Identifier: Apache-2.0
"""The measured effect of interventions, and targets, against what files and lists say."""
import calendar
import collections
import csv
import datetime
import io
import math
import random
import re
import statistics

import strata_cli
from strata_cli import CliTest

ONE_DAY = datetime.timedelta(days=1)
AS_OF, YEAR_AGO = "2026-06-30", "2025-06-30"
TARGETS = """
targets:
  by: value
  owner: Head of CS
  source: board plan
  all: {nrr: 90%, grr: 99%, churn: 30%}
  Growth: {nrr: 300%, churn: 0%, nps: 10, cost_to_serve: 9%, owner: Ada}
"""


PATHWAYS = """
dimensions:
  size:
    tiers:
      - {name: Big, when: arr >= 12k}
      - {name: Small, otherwise: true}
migration:
  by: size
  cost_per_hour: 60
  pathways:
    - {name: As recorded, from: Small, to: Big, trigger: health < 60, intervention: technical-review, measure: arr >= 5k}
    - name: As stated
      from: Small
      to: Big
      trigger: health < 60
      intervention: technical-review
      investment: {minutes: 45, cost: 20}
"""


def months_on(day, n):
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class Portfolio(CliTest):
    @classmethod
    def prepare(cls):
        case = cls("strata")
        for seed in (1, 2):
            name = f"s{seed}"
            case.strata("synth", name, "--accounts", 2500, "--seed", seed)
            with open(cls.folder / name / "strata.yaml", "a", encoding="utf-8") as file:
                file.write(TARGETS if seed == 2 else PATHWAYS)
            case.strata("ingest", project=name)

    def table(self, project, command, name, *options):
        text = self.strata(command, "--format", "csv", "--table", name, *options, project=project)
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def file(self, project, name):
        with open(self.folder / project / f"{name}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


class Interventions(Portfolio):
    def planted(self, project):
        """What they brought in three months: whether one is accepted depends on nothing, and those that
        are not change nothing. So the difference between both, times the share accepted, is the effect."""
        terms = collections.defaultdict(list)
        for row in self.file(project, "subscriptions"):
            end = row["end"] or "9999-12-31"
            terms[row["account_id"]].append((row["start"], end))

        def customer(account, day):
            return any(start <= str(day) < end for start, end in terms[account])

        n, kept = collections.Counter(), collections.Counter()
        for row in self.file(project, "interventions"):
            day, account = datetime.date.fromisoformat(row["at"]), row["account_id"]
            end = months_on(day, 3)
            before = day - datetime.timedelta(days=1)
            if str(end) <= AS_OF and customer(account, before) and customer(account, day):
                n[row["outcome"]] += 1
                kept[row["outcome"]] += customer(account, end)
        share = n["accepted"] / sum(n.values())
        yes, no = (kept[k] / n[k] for k in ("accepted", "no response"))
        error = math.sqrt(yes * (1 - yes) / n["accepted"] + no * (1 - no) / n["no response"])
        return share * (yes - no), share * error

    def test_the_planted_effect_is_recovered(self):
        for project in ("s1", "s2"):
            row = next(r for r in self.table(project, "playbooks", "interventions")
                       if r["intervention"] == "All" and r["months"] == "3")
            truth, error = self.planted(project)
            low, high = float(row["kept_low"]), float(row["kept_high"])
            self.assertGreater(truth, 0.01)
            # The truth is known up to chance too.
            self.assertLess(low - 1.96 * error, truth, row)
            self.assertGreater(high + 1.96 * error, truth, row)
            self.assertGreater(float(row["kept_difference"]), 0.0)

    def paid(self, project):
        """ARR of an account at the end of a day."""
        terms = collections.defaultdict(list)
        for row in self.file(project, "subscriptions"):
            yearly = float(row["amount"]) * {"month": 12, "quarter": 4, "year": 1}[row["period"]]
            terms[row["account_id"]].append((row["start"], row["end"] or "9999-12-31", yearly))
        return lambda account, day: sum(x for start, end, x in terms[account] if start <= str(day) < end)

    def brought(self, project, months, outcome, asked=lambda day, item, arr: True):
        """What they brought in so many months against no intervention at all, and its standard error: a ratio of sums, of
        whose two parts outcome(arr then, arr after) is one account's. Whether one is accepted depends on nothing, and those
        that are not change nothing: accounts whose interventions in that time were all in vain are as if there had been
        none, and stand for those with any accepted, by one over the chance of that."""
        arr, log = self.paid(project), collections.defaultdict(list)
        for row in self.file(project, "interventions"):
            log[row["account_id"]].append((datetime.date.fromisoformat(row["at"]), row))
        accepted = statistics.mean(row["outcome"] == "accepted" for items in log.values() for _, row in items)
        sums = []  # by account: parts and bases of all, then of those in vain, weighted
        for account, items in log.items():
            mine = [0.0] * 4
            for k, (day, row) in enumerate(items):
                end, then = months_on(day, months), arr(account, day)
                soon = k and (day - items[k - 1][0]).days <= 90
                if soon or str(end) > AS_OF or not then or not arr(account, day - ONE_DAY) or not asked(day, row, then):
                    continue
                within = [later["outcome"] == "accepted" for at, later in items[k:] if at <= end]
                weight = 0.0 if any(within) else (1 - accepted) ** -len(within)
                part, base = outcome(then, arr(account, end))
                mine = [a + b for a, b in zip(mine, (part, base, weight * part, weight * base))]
            sums.append(mine)

        def difference(accounts):
            part, base, other_part, other_base = map(sum, zip(*accounts))
            return part / base - other_part / other_base

        draw = random.Random(1)
        return difference(sums), statistics.stdev(difference(draw.choices(sums, k=len(sums))) for _ in range(200))

    def test_the_effect_after_half_a_year_and_a_year_holds_the_truth(self):
        for project in ("s1", "s2"):
            rows = [r for r in self.table(project, "playbooks", "interventions") if r["intervention"] == "All"]
            self.assertEqual([r["months"] for r in rows], ["3", "6", "12"])
            for row in rows:
                truth, error = self.brought(project, int(row["months"]), lambda then, after: (after > 0, 1))
                low, high = float(row["kept_low"]), float(row["kept_high"])
                self.assertLess(error, 0.05, row)
                self.assertLess(low - 1.96 * error, truth, row)
                self.assertGreater(high + 1.96 * error, truth, row)

    def test_what_comes_back_for_the_cost_of_a_pathway_is_computed_again(self):
        ways = {way["name"]: way for way in self.table("s1", "migration", "pathways", "--pathways")}
        tried = {way["name"]: way for way in self.table("s1", "migration", "pathways_tried", "--pathways")}
        log = [row for row in self.file("s1", "interventions") if row["playbook"] == "technical-review"]
        arr, small = self.paid("s1"), lambda day, row, then: row["playbook"] == "technical-review" and then < 12e3
        # Minutes as recorded in twelve months, of accounts that were in the segment; the hour costs 60.
        rows = {date: {row["id"]: row["size"] for row in self.rows("accounts", "--as-of", date, "--columns", "id,size", "--all",
                                                                  project="s1")}
                for date in (str(months_on(datetime.date(2026, 7, 1), -k) - ONE_DAY) for k in range(13))}
        done = [row for row in log if YEAR_AGO < row["at"] <= AS_OF and
                rows[max(date for date in rows if date < row["at"])].get(row["account_id"]) == "Small"]
        minutes = statistics.mean(float(row["minutes"]) for row in done)
        self.assertEqual(int(tried["As recorded"]["done"]), len({row["account_id"] for row in done}))
        self.assertAlmostEqual(float(ways["As recorded"]["minutes"]), minutes, 6)
        self.assertAlmostEqual(float(ways["As recorded"]["cost"]), minutes, 2)
        self.assertAlmostEqual(float(ways["As stated"]["cost"]), 45 / 60 * 60 + 20, 6)
        met = [arr(account, AS_OF) >= 5e3 for account in {row["account_id"] for row in done}]
        self.assertEqual(int(tried["As recorded"]["met"]), sum(met))
        for name, way in tried.items():
            spent = float(ways[name]["cost"]) * int(way["matched"])
            low, back, high = (float(way[key]) for key in ("return_low", "return", "return_high"))
            self.assertAlmostEqual(back, float(way["arr"]) / spent, 4)
            self.assertTrue(low < back < high, way)
            # By the planted effect on ARR, for the mean ARR of those that had one.
            months = int(way["months"])
            truth, error = self.brought("s1", months, lambda then, after: (after, then), small)
            had = [arr(row["account_id"], row["at"]) for row in log if str(months_on(datetime.date.fromisoformat(row["at"]), months))
                   <= AS_OF and 0 < arr(row["account_id"], row["at"]) < 12e3]
            each = statistics.mean(had) / float(ways[name]["cost"])
            self.assertLess(low - 1.96 * error * each, truth * each, way)
            self.assertGreater(high + 1.96 * error * each, truth * each, way)
        # The same, for more money.
        ratio = float(ways["As recorded"]["cost"]) / float(ways["As stated"]["cost"])
        for key in ("return", "return_low", "return_high"):
            self.assertAlmostEqual(float(tried["As stated"][key]), float(tried["As recorded"][key]) * ratio, 4)

    def test_all_of_the_file_are_counted(self):
        rows = self.table("s1", "playbooks", "interventions")
        recorded = collections.Counter(r["playbook"] for r in self.file("s1", "interventions"))
        named = {r["intervention"]: int(r["recorded"]) for r in rows if r["intervention"] != "All"}
        self.assertEqual(named, dict(recorded))
        self.assertEqual({int(r["recorded"]) for r in rows if r["intervention"] == "All"},
                         {sum(recorded.values())})

    def test_threads_change_nothing(self):
        one = self.strata("playbooks", "-f", "json", "--threads", 1, project="s1")
        three = self.strata("playbooks", "-f", "json", "--threads", 3, project="s1")
        self.assertEqual(one, three)


class Targets(Portfolio):
    def listed(self, date):
        rows = self.rows("accounts", "--as-of", date, "--columns", "id,arr,value", "--all", project="s2")
        return {row["id"]: row for row in rows}

    def test_figures_are_what_the_lists_of_both_dates_say(self):
        then, now = self.listed(YEAR_AGO), self.listed(AS_OF)
        rows = {(r["segment"], r["measure"]): r for r in self.table("s2", "targets", "targets")}
        self.assertEqual(len(rows), 7)
        for segment in ("Growth", "All"):
            base = [i for i, r in then.items()
                    if float(r["arr"] or 0) > 0 and segment in (r["value"], "All")]
            was = sum(float(then[i]["arr"]) for i in base)
            after = {i: float(now[i]["arr"]) if i in now and now[i]["arr"] else 0.0 for i in base}
            nrr = rows[segment, "NRR 12m"]
            self.assertEqual(int(nrr["accounts"]), len(base))
            self.assertAlmostEqual(float(nrr["actual"]), sum(after.values()) / was, 9)
            churn = rows[segment, "Churn 12m"]
            self.assertAlmostEqual(float(churn["actual"]),
                                   sum(x == 0 for x in after.values()) / len(base), 9)

    def test_the_measurement_plan_has_the_scoreboard_and_answers_first(self):
        book = self.strata("report", "measurement", "-f", "markdown", project="s2")
        headings = [line[3:] for line in book.splitlines() if line.startswith("## ")]
        self.assertEqual(headings[:3], ["Is it working?", "Targets against what is",
                                        "Who moved, and how long accounts stay"])
        self.assertIn("of 7 targets", book)
        self.assertIn("| Growth | NPS | 10 |", book)
        self.assertIn("Segments are worth looking at every ", book)
        self.strata("report", "measurement", project="s2")
        self.assertTrue((self.folder / "s2" / "measurement.html").exists())

    def test_verdicts_follow_from_target_and_range(self):
        for row in self.table("s2", "targets", "targets"):
            target, actual = float(row["target"]), float(row["actual"])
            falls = row["measure"] in ("Churn 12m", "Cost to serve")
            best = float(row["actual_low" if falls else "actual_high"])
            met = actual <= target if falls else actual >= target
            reached = best <= target if falls else best >= target
            self.assertEqual(row["verdict"],
                             "on track" if met else "not certain" if reached else "behind", row)
            self.assertEqual(row["owner"], "Ada" if row["segment"] == "Growth" else "Head of CS")

    def test_a_target_of_no_segment_is_an_error_with_its_line(self):
        path = self.folder / "s2" / "strata.yaml"
        text = path.read_text()
        try:
            path.write_text(text.replace("  Growth: {nrr", "  Growht: {nrr"))
            line = 1 + path.read_text().splitlines().index(
                next(x for x in path.read_text().splitlines() if "Growht" in x))
            self.strata("targets", project="s2", status=78)
            self.assertIn(f"strata.yaml:{line}:3: targets names the segment 'Growht'", self.errors)
            self.assertIn("did you mean 'Growth'?", self.errors)
        finally:
            path.write_text(text)


ACTIONS = """
engagement: {effect: {low: 10%, likely: 20%, high: 30%}}
effect:
  actions:
    - {name: Save, where: health < 50, intervention: never-done, share: 50%, minutes: 60, keeps: 25%}
    - {name: Train, where: health < 60, intervention: never-done}
"""


class Effect(Portfolio):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = cls.folder / "s1" / "strata.yaml"
        if "actions:" not in path.read_text():
            path.write_text(path.read_text() + ACTIONS)

    def test_what_came_is_what_the_lists_say(self):
        trials = self.table("s1", "effect", "trials")
        self.assertEqual([r["from"] for r in trials][-1], YEAR_AGO)
        listed = {date: {r["id"]: float(r["arr"] or 0) for r in
                         self.rows("accounts", "--as-of", date, "--columns", "id,arr", "--all", project="s1")}
                  for date in (YEAR_AGO, AS_OF)}
        base = {i: x for i, x in listed[YEAR_AGO].items() if x > 0}
        after = sum(listed[AS_OF].get(i, 0.0) for i in base)
        self.assertAlmostEqual(float(trials[-1]["nrr"]), after / sum(base.values()), 9)
        self.assertEqual(int(trials[-1]["accounts"]), len(base))
        within = sum(float(r[f"{k}_low"]) <= float(r[k]) <= float(r[f"{k}_high"])
                     for r in trials for k in ("nrr", "grr", "churn"))
        self.assertGreaterEqual(within, 0.6 * 3 * len(trials))

    def test_each_part_says_where_its_figure_comes_from(self):
        rows = {r["part"]: r for r in self.table("s1", "effect", "assumptions")}
        line = 1 + next(i for i, x in enumerate((self.folder / "s1" / "strata.yaml").read_text().splitlines())
                        if "name: Save" in x)
        self.assertEqual(rows["Save"]["source"], f"assumed (strata.yaml:{line})")
        self.assertIn("too few of 'never-done'", rows["Train"]["source"])
        self.assertEqual(rows["Train"]["keeps"], "")
        self.assertAlmostEqual(float(rows["Save"]["hours"]), 0.5 * int(rows["Save"]["accounts"]))
        measures = {r["measure"]: r for r in self.table("s1", "effect", "effect")}
        self.assertLess(float(measures["Churn"]["gain"]), 0.0)
        self.assertGreater(float(measures["ARR"]["gain_low"]), 0.0)
        text = " ".join(self.strata("effect", project="s1").split())
        more, cost, unit, times = re.search(r"takes ([\d,]+) hours a year more, which cost \$([\d.]+)([kM]?): ([\d.]+) of ARR", text).groups()
        spent = float(cost) * {"": 1.0, "k": 1e3, "M": 1e6}[unit]
        roi, arr = measures["ROI: ARR for each 1 spent"], measures["ARR"]
        for key in ("gain", "gain_low", "gain_high"):
            self.assertAlmostEqual(float(roi[key]) * spent / float(arr[key]), 1.0, delta=0.01)
        self.assertAlmostEqual(float(times), float(roi["gain"]), delta=0.051)
        self.assertEqual(roi["base"], "")

    def test_threads_change_nothing(self):
        one, three = (self.strata("effect", "-f", "json", "--threads", n, project="s1") for n in (1, 3))
        self.assertEqual(one, three)

    def test_a_condition_of_an_action_that_is_wrong_is_an_error_with_its_line(self):
        path = self.folder / "s1" / "strata.yaml"
        text = path.read_text()
        try:
            path.write_text(text.replace("where: health < 50", "where: helth < 50"))
            self.strata("effect", project="s1", status=78)
            self.assertRegex(self.errors, r"strata.yaml:\d+:\d+: unknown .*helth.*did you mean 'health'")
        finally:
            path.write_text(text)


del Portfolio


if __name__ == "__main__":
    strata_cli.main()
