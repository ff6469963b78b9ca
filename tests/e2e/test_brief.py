# SPDX-License-Identifier: Apache-2.0
"""What is told of one account: the brief, against what the lists say; and what it must not tell.

After a wanted change of the text: STRATA_UPDATE_GOLDEN=1 python3 tests/e2e/test_brief.py PROGRAM SOURCE
"""
import csv
import os
import shutil

import strata_cli
from strata_cli import CliTest

TODAY = ("--today", "2026-06-30")
PAST = "2026-03-31"


class Portfolio(CliTest):
    @classmethod
    def prepare(cls):
        case = cls("strata")
        case.strata("synth", "zoo", "--accounts", 300, "--seed", 7)
        case.strata("ingest", *TODAY, project="zoo")
        case.strata("run", *TODAY, project="zoo")

    def customers(self, columns="id,arr,health"):
        return self.rows("accounts", "--columns", columns, *TODAY, project="zoo")

    def brief(self, account, *options, form="json"):
        command = ("brief", account, *TODAY, *options)
        return self.json(*command, project="zoo") if form == "json" else self.strata(
            *command, "--format", form, project="zoo")


class Brief(Portfolio):
    def test_the_page_of_one_account_is_as_before(self):
        text = self.brief(self.customers()[3]["id"], form="markdown")
        path = strata_cli.SOURCE / "tests" / "golden" / "report" / "brief.md"
        text = "\n".join(line for line in text.splitlines() if "digest" not in line and "hybrid @" not in line) + "\n"
        if os.environ.get("STRATA_UPDATE_GOLDEN"):
            path.write_text(text)
        self.assertEqual(text, path.read_text())

    def test_points_of_the_factors_add_up_to_the_score_of_both_days(self):
        for row in self.customers()[:5]:
            parts = self.rows("brief", row["id"], "--table", "health", *TODAY, project="zoo")
            for key, date in (("points_now", "2026-06-30"), ("points_then", "2026-03-31")):
                (score,) = [r["health_score"] for r in self.rows(
                    "accounts", "--all", "--columns", "id,health_score", "--as-of", date, *TODAY, project="zoo")
                    if r["id"] == row["id"]]
                self.assertAlmostEqual(sum(float(p[key]) for p in parts), float(score), 9)
            for p in parts:
                self.assertAlmostEqual(float(p["points_now"]) - float(p["points_then"]), float(p["change"]), 9)

    def test_months_are_what_the_lists_of_these_days_say(self):
        account = self.customers()[0]["id"]
        lines = {r["measure"]: r for r in self.rows("brief", account, "--table", "trend", *TODAY, project="zoo")}
        for measure, column in (("Events in 30 days", "events_30d"), ("Health", "health")):
            for when, date in (("now", "2026-06-30"), ("year_ago", "2025-06-30")):
                (row,) = [r for r in self.rows("accounts", "--all", "--columns", "id," + column, "--as-of", date, *TODAY,
                                               project="zoo") if r["id"] == account]
                said = float(lines[measure][when].replace(",", ""))
                self.assertAlmostEqual(said, float(row[column]), delta=0.06)

    def test_a_name_does_as_well_as_an_id(self):
        row = self.customers("id,name")[0]
        self.assertEqual(self.brief(row["id"], form="markdown").replace(row["id"], "X"),
                         self.brief(row["name"], form="markdown").replace(row["id"], "X"))

    def test_an_unknown_account_is_refused_with_the_nearest(self):
        self.strata("brief", "A00001", project="zoo", status=66)
        self.assertIn("did you mean 'A00000", self.errors)
        self.strata("brief", project="zoo", status=64)

    def test_threads_change_nothing(self):
        account = self.customers()[0]["id"]
        self.assertEqual(self.brief(account, "--threads", 1, form="html"), self.brief(account, "--threads", 5, form="html"))

    def test_those_that_left_get_a_page_too(self):
        gone = [r for r in self.rows("accounts", "--all", "--columns", "id,arr", "--where", "not is_customer",
                                     *TODAY, project="zoo")]
        text = self.brief(gone[0]["id"], form="markdown")
        self.assertIn("no customer now", text)


class Facts(Portfolio):
    """A copy to which rows are added."""

    def copy(self, name):
        shutil.copytree(self.folder / "zoo", self.folder / name)
        (self.folder / name / "strata.duckdb").unlink(missing_ok=True)
        return self.folder / name

    def append(self, folder, file, **values):
        path = folder / file
        with open(path, newline="") as stream:
            header = next(csv.reader(stream))
        with open(path, "a", newline="") as stream:
            csv.writer(stream).writerow([values.get(c, "") for c in header])

    def test_later_facts_change_nothing(self):
        account = self.customers()[1]["id"]
        want = self.strata("brief", account, "--as-of", PAST, *TODAY, "--format", "markdown", project="zoo")
        folder = self.copy("later")
        for file, values in {
                "tickets.csv": {"ticket_id": "T-9", "opened_at": "2026-05-01", "severity": "urgent", "theme": "audits"},
                "surveys.csv": {"answered_at": "2026-05-02", "kind": "nps", "score": 1, "text": "all is lost"},
                "touchpoints.csv": {"at": "2026-05-03", "channel": "call"},
                "usage.csv": {"org_id": account, "ts": "2026-05-04T10:00:00", "event": "search", "count": 900},
                "opportunities.csv": {"opened_at": "2026-05-05", "kind": "renewal", "amount": 9, "due_on": "2026-07-01",
                                      "stage": "open"},
                "interventions.csv": {"at": "2026-05-06", "playbook": "save", "kind": "call"}}.items():
            self.append(folder, file, account_id=account, **values)
        self.strata("ingest", *TODAY, project="later")
        got = self.strata("brief", account, "--as-of", PAST, *TODAY, "--format", "markdown", project="later")

        def told(text):
            return [line for line in text.splitlines() if "data" not in line and "--project" not in line]
        self.assertEqual(told(got), told(want))

    def test_people_are_roles_and_never_names(self):
        account = self.customers()[2]["id"]
        folder = self.copy("people")
        self.append(folder, "contacts.csv", account_id=account, contact_id="zoltan.quux", title="Zoltan Quux",
                    role="champion", email="zoltan.quux@example.org")
        self.append(folder, "tickets.csv", account_id=account, ticket_id="T-8", opened_at="2026-06-20", severity="high",
                    theme="export", text="Zoltan Quux cannot open the export, call 030 1234567 or zoltan.quux@example.org")
        self.strata("ingest", *TODAY, project="people")
        text = self.strata("brief", account, *TODAY, "--format", "markdown", project="people")
        for part in ("zoltan", "quux", "1234567", "example.org"):
            self.assertNotIn(part, text.lower())
        self.assertIn("cannot open the export", text)
        self.assertIn("A serious ticket on export is open since 20 June 2026", text)
        self.assertIn("Your ticket on export of 20 June 2026 is still open", text)

    def test_what_is_missing_is_named_with_what_brings_it(self):
        folder = self.folder / "bare"
        folder.mkdir()
        for file in ("accounts.csv", "subscriptions.csv"):
            shutil.copy(self.folder / "zoo" / file, folder)
        (folder / "strata.yaml").write_text(
            "strata: 1\nextends: value\nsources:\n"
            "  accounts: {path: accounts.csv, map: {account_id: Account ID, started_on: Customer since}}\n"
            "  arr: {path: subscriptions.csv, form: subscriptions}\n")
        self.strata("ingest", *TODAY, project="bare")
        text = self.strata("brief", self.customers()[0]["id"], *TODAY, project="bare")
        for part in ("Usage: a source usage", "People: a source contacts", "Tickets: a source tickets",
                     "Renewal: a source opportunities", "Health: health-score"):
            self.assertIn(part, text)


class Trees(Portfolio):
    def accounts(self):
        return {r["id"]: r for r in self.rows("accounts", "--all", "--columns", "id,arr,arr_12m_ago,parent,health", *TODAY,
                                              project="zoo")}

    def test_families_are_what_the_accounts_say(self):
        rows = self.accounts()
        above = {i: r["parent"] for i, r in rows.items() if r["parent"] in rows}

        def head(account):
            while account in above:
                account = above[account]
            return account
        families = {}
        for i in rows:
            families.setdefault(head(i), []).append(i)
        families = {h: ids for h, ids in families.items() if len(ids) > 1}
        self.assertGreater(len(families), 3)
        told = self.rows("trees", *TODAY, project="zoo")
        self.assertEqual({r["account_id"] for r in told}, set(families))
        for r in told:
            ids = families[r["account_id"]]
            cents = [round(100 * float(rows[i]["arr"] or 0)) for i in ids]
            self.assertEqual(round(100 * float(r["family_value"])), sum(cents))
            self.assertEqual(int(r["below"]), len(ids) - 1)
            before = [i for i in ids if float(rows[i]["arr_12m_ago"] or 0) > 0]
            if before:
                nrr = sum(float(rows[i]["arr"]) for i in before) / sum(float(rows[i]["arr_12m_ago"]) for i in before)
                self.assertAlmostEqual(float(r["nrr"]), nrr, 9)
            known = [i for i in ids if float(rows[i]["arr"] or 0) > 0 and rows[i]["health"]]
            if known:
                arr = sum(float(rows[i]["arr"]) for i in known)
                self.assertAlmostEqual(float(r["family_health"]),
                                       sum(float(rows[i]["arr"]) * float(rows[i]["health"]) for i in known) / arr, 6)

    def test_families_and_the_others_add_up_to_the_portfolio_to_the_cent(self):
        inside, alone = self.rows("trees", "--table", "totals", *TODAY, project="zoo")
        total = sum(round(100 * float(r["arr"] or 0)) for r in self.accounts().values())
        self.assertEqual(round(100 * float(inside["value"])) + round(100 * float(alone["value"])), total)
        self.assertEqual(int(inside["accounts"]) + int(alone["accounts"]), 300)

    def test_one_tree_is_shown_from_its_top(self):
        child = next(r for r in self.rows("accounts", "--all", "--columns", "id,parent", *TODAY, project="zoo") if r["parent"])
        rows = self.rows("trees", child["id"], *TODAY, project="zoo")
        self.assertEqual(rows[0]["depth"], "0")
        self.assertIn(child["id"], [r["account_id"] for r in rows])
        self.strata("trees", "A00001", project="zoo", status=66)
        self.assertIn("did you mean 'A00000", self.errors)

    def test_threads_change_nothing_and_parents_may_be_left_alone(self):
        self.assertEqual(self.strata("trees", *TODAY, "--threads", 1, project="zoo"),
                         self.strata("trees", *TODAY, "--threads", 5, project="zoo"))
        path = self.folder / "zoo" / "strata.yaml"
        text = path.read_text()
        try:
            path.write_text(text + "trees: {roll_up: none}\n")
            rows = self.rows("trees", *TODAY, project="zoo")
            self.assertEqual({r["family_value"] for r in rows}, {""})
            # Of families looked after differently, the level is the one that the model asks for.
            levels = ["digital", "low", "medium", "high"]
            mixed = [r for r in rows if "," in r["coverages"]]
            self.assertTrue(mixed)
            for row in mixed:
                self.assertEqual(row["family_coverage"], max(row["coverages"].split(", "), key=levels.index))
            path.write_text(text + "trees: {health: worst, coverage: own}\n")
            for row in self.rows("trees", *TODAY, project="zoo"):
                self.assertEqual(row["family_coverage"], row["coverage"])
                if row["health"] and row["family_health"] and row["value"] != "0.00":
                    self.assertLessEqual(float(row["family_health"]), float(row["health"]))
        finally:
            path.write_text(text)

    def test_a_circle_is_refused_with_its_rows(self):
        folder = self.folder / "circle"
        folder.mkdir()
        (folder / "a.csv").write_text("account_id,parent_id\nA,B\nB,A\n")
        (folder / "s.csv").write_text("account_id,start,amount\nA,2024-01-01,1\n")
        (folder / "strata.yaml").write_text(
            "strata: 1\nextends: value\nsources: {accounts: a.csv, arr: {path: s.csv, form: subscriptions}}\n")
        self.strata("ingest", project="circle", status=65)
        self.assertIn("'A' (", self.errors)
        self.assertIn("a.csv:2) under 'B' (", self.errors)


class Plan(Portfolio):
    """The hours and plays that `strata plan` says a changed model brings."""

    def test_hours_are_those_of_capacity_under_each_model_and_plays_those_of_its_playbooks(self):
        path = self.folder / "zoo" / "strata.yaml"
        own = path.read_text()
        changed = own + ("playbooks: [save, win-back]\ndimensions:\n  value:\n    tiers:\n"
                         "      - {name: Strategic, when: arr > 75k}\n      - {name: Growth, when: arr >= 25k}\n"
                         "      - {name: Core, when: arr >= 10k}\n      - {name: Starter, otherwise: true}\n")
        (self.folder / "zoo" / "new.yaml").write_text(changed)

        def of_plan(table, *more):
            return self.rows("plan", "zoo/new.yaml", *TODAY, "--table", table, *more, project="zoo")
        hours = {r["segment"]: r for r in of_plan("hours")}
        plays = {r["playbook"]: r for r in of_plan("plays", "--replay")}
        for when, text in (("before", own), ("after", changed)):
            try:
                path.write_text(text)
                told = {r["segment"]: r for r in self.rows("capacity", "--table", "hours", *TODAY, project="zoo")}
                running = {}
                for task in self.rows("playbooks", *TODAY, project="zoo"):
                    running[task["title"]] = task
            finally:
                path.write_text(own)
            for name, row in hours.items():
                want = float(told[name]["hours"]) if name in told else 0.0
                self.assertAlmostEqual(float(row["hours_" + when]), want, 6)
            for name, row in plays.items():
                if row["running_" + when]:
                    self.assertEqual(int(row["running_" + when]), int(running[name]["running"]))
        self.assertEqual(plays["Adoption"]["begun_after"], "")
        self.assertEqual(plays["Save"]["change"], "0")


if __name__ == "__main__":
    strata_cli.main()
