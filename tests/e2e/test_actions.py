# SPDX-License-Identifier: Apache-2.0
"""Coverage, targets, the simulated year and tasks, recomputed from the accounts."""
import csv
import re

import documents
import strata_cli
from strata_cli import CliTest

AS_OF, YEAR_AGO = "2026-06-30", "2025-06-30"
LEVELS = ["digital", "low", "medium", "high"]
COLUMNS = "id,arr,segment,health,arr_growth_12m,is_customer,nps_last,nps_age,touch_minutes_90d,csm_id"


def minutes(x):
    return round(float(x) * 60)


class Actions(CliTest):
    made = {}

    @classmethod
    def prepare(cls):
        test = cls()
        test.strata("synth", "p", "--accounts", "700", "--seed", "2")
        cls.folder = cls.folder / "p"
        test.strata("ingest")

    def table(self, command, table):
        if command not in self.made:
            self.made[command] = self.json(command)
        return documents.table(self.made[command], table)["rows"]

    def listed(self, date):
        if date not in self.made:
            rows = self.rows("accounts", "--as-of", date, "--all", "--columns", COLUMNS)
            self.made[date] = {r["id"]: r for r in rows}
        return self.made[date]

    def test_points_of_the_reasons_make_the_level(self):
        """Two of three points move an account by one level from that of its tier."""
        moved = 0
        for row in self.table("coverage", "under_served") + self.table("coverage", "over_served"):
            begin = re.search(r" calls for (\w+)", row["why"])[1]
            points = {m[1]: int(m[2]) for m in re.finditer(r", (health|ARR growth|complexity)[^()]*\(([+-]1)\)", row["why"])}
            account = self.listed(AS_OF)[row["account_id"]]
            health, growth = account["health"], account["arr_growth_12m"]
            self.assertEqual(points.get("health", 0),
                             0 if not health else (float(health) < 60) - (float(health) >= 80), row)
            self.assertEqual(points.get("ARR growth", 0),
                             0 if not growth else (float(growth) > 0.2) - (float(growth) <= 0), row)
            total = sum(points.values())
            level = LEVELS.index(begin) + (total >= 2) - (total <= -2)
            should = LEVELS[level] if 0 <= level < len(LEVELS) else begin
            self.assertEqual(row["has"] if row["should_have"] == "what is planned" else row["should_have"], should, row)
            moved += should != begin
        self.assertGreater(moved, 10)

    def test_targets_are_what_the_accounts_of_both_dates_say(self):
        then, now = self.listed(YEAR_AGO), self.listed(AS_OF)
        rates = self.hourly()
        checked = 0
        for row in self.table("targets", "targets"):
            if row["actual"] is None:
                continue
            mine = {i for i, r in then.items() if float(r["arr"] or 0) > 0 and row["segment"] in (r["segment"], "All")}
            was = {i: float(then[i]["arr"]) for i in mine}
            after = {i: float(now[i]["arr"] or 0) for i in mine}
            members = [r for r in now.values() if r["segment"] and row["segment"] in (r["segment"], "All")
                       and float(r["arr"] or 0) > 0]
            known = [r for r in members if r["touch_minutes_90d"]]
            scores = [float(r["nps_last"]) for r in members if r["nps_last"] and float(r["nps_age"]) <= 365]
            told = {
                "NRR 12m": lambda: sum(after.values()) / sum(was.values()),
                "GRR 12m": lambda: sum(min(was[i], after[i]) for i in mine) / sum(was.values()),
                "Churn 12m": lambda: sum(x == 0 for x in after.values()) / len(mine),
                "Expanded 12m": lambda: sum(after[i] > was[i] for i in mine) / len(mine),
                "NPS": lambda: 100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)) / len(scores),
                "Cost to serve": lambda: sum(
                    float(r["touch_minutes_90d"]) * 365.25 / 90 / 60 * rates.get(r["csm_id"], rates["mean"])
                    for r in known) / sum(float(r["arr"]) for r in known)}
            if row["measure"] in told:
                with self.subTest(segment=row["segment"], measure=row["measure"]):
                    whole = row["measure"] == "NPS"  # stated in whole points
                    self.assertAlmostEqual(row["actual"], told[row["measure"]](), delta=0.5 if whole else 1e-4)
                    checked += 1
        self.assertGreater(checked, 12)

    def hourly(self):
        with open(self.folder / "csms.csv", newline="") as f:
            rates = {r["csm_id"]: float(r["cost_per_hour"]) for r in csv.DictReader(f) if r["cost_per_hour"]}
        rates["mean"] = sum(rates.values()) / len(rates)
        return rates

    def test_the_simulated_year_agrees_with_hours_and_churn(self):
        rows = {r["measure"]: r for r in self.table("effect", "effect")}
        customers = [r for r in self.listed(AS_OF).values() if float(r["arr"] or 0) > 0]
        arr = sum(float(r["arr"]) for r in customers)
        needed = sum(minutes(r["hours"]) for r in self.table("capacity", "hours")) / 60
        more = sum(minutes(r["hours"]) for r in self.table("coverage", "fit")) / 60
        hours = rows["CSM hours a year"]
        self.assertAlmostEqual(hours["plan"], needed, delta=0.51)
        self.assertAlmostEqual(hours["base"], needed - more, delta=0.51)
        for run in ("base", "plan"):
            churn, ltv = rows["Churn"][run], rows["LTV"][run]
            self.assertAlmostEqual(ltv * churn / (arr / len(customers)), 1.0, delta=0.01)
            self.assertAlmostEqual(rows["ARR"][run] / arr / rows["NRR"][run], 1.0, delta=0.01)
            self.assertLessEqual(rows["GRR"][run], min(1.0, rows["NRR"][run]))
            self.assertAlmostEqual(rows["ARR per CSM hour"][run] * hours[run] / rows["ARR"][run], 1.0, delta=0.01)

    def test_no_step_is_told_twice_on_a_day_or_over_days(self):
        """What is still open a week later is due on the same day as before."""
        before, later = (self.rows("tasks", "--as-of", day, "--within", "60") for day in ("2026-06-20", "2026-06-27"))
        keys = []
        for rows in (before, later):
            key = [(r["account_id"], r["playbook"], r["step"], r["began"]) for r in rows]
            self.assertEqual(len(key), len(set(key)))
            running = {}
            for r in rows:
                running.setdefault((r["account_id"], r["playbook"]), set()).add(r["began"])
            self.assertTrue(all(len(x) == 1 for x in running.values()))  # a play runs once at a time
            keys.append({k: r["due"] for k, r in zip(key, rows)})
        both = keys[0].keys() & keys[1].keys()
        self.assertGreater(len(both), 50)
        for key in both:
            self.assertEqual(keys[0][key], keys[1][key], key)


if __name__ == "__main__":
    strata_cli.main()
