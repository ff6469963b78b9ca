# SPDX-License-Identifier: Apache-2.0
"""Files for Salesforce and HubSpot against what `strata accounts` and `strata diff` say."""
import csv
import re

import strata_cli
from strata_cli import CliTest

EARLIER, NOW = "2026-03-31", "2026-06-30"
NASTY = ["=HYPERLINK(1)", "+1", "-1+2", "@SUM(1)", "\tcmd"]  # what a spreadsheet might run


class Portfolio(CliTest):
    @classmethod
    def prepare(cls):
        case = cls("strata")
        case.strata("synth", "zoo", "--accounts", 400, "--seed", 4)
        path = cls.folder / "zoo" / "accounts.csv"
        with open(path, newline="", encoding="utf-8") as f:
            rows = list(csv.reader(f))
        name = rows[0].index("name")
        for i, row in enumerate(rows[1:]):
            row[name] = f"{NASTY[i % len(NASTY)]} {i}"
        with open(path, "w", newline="", encoding="utf-8") as f:
            csv.writer(f, quoting=csv.QUOTE_ALL).writerows(rows)
        case.strata("ingest", project="zoo")

    def export(self, *arguments, system="salesforce", folder="out"):
        self.strata("crm", system, "--to", folder, *arguments, project="zoo")
        return [self.file(folder, name) for name in ("accounts", "moves", "tasks")]

    def file(self, folder, name):
        with open(self.folder / folder / f"{name}.csv", newline="", encoding="utf-8") as f:
            return list(csv.DictReader(f))

    def segments(self, date):
        rows = self.rows("export", "-", "--what", "membership", "--as-of", date, project="zoo")
        return {(r["account_id"], r["dimension"]): r["label"] for r in rows if r["label"]}


class Exports(Portfolio):
    def test_1_a_dry_run_counts_and_leaves_nothing_behind(self):
        text = self.strata("crm", "salesforce", "--dry-run", "--to", "dry", "--as-of", EARLIER, project="zoo")
        self.assertIn("would be written for salesforce", text)
        self.assertIn("It is the first export", text)
        self.assertFalse((self.folder / "dry").exists())
        again = self.strata("crm", "salesforce", "--dry-run", "--to", "dry", "--as-of", EARLIER, project="zoo")
        self.assertEqual(text, again)

    def test_2_the_first_export_has_every_account_and_no_moves(self):
        accounts, moves, tasks = self.export("--as-of", EARLIER)
        told = self.segments(EARLIER)
        self.assertEqual({a["Strata_Account_Id__c"] for a in accounts}, {i for i, _ in told})
        self.assertEqual(moves, [])
        for a in accounts:
            self.assertEqual(a["Strata_Segment__c"], told[a["Strata_Account_Id__c"], "segment"])
            self.assertEqual(a["Strata_As_Of__c"], EARLIER)
        scores = [a["Strata_Health_Score__c"] for a in accounts if a["Strata_Health_Score__c"]]
        self.assertTrue(scores)
        for score in scores:  # as a page of the CRM shows it
            self.assertRegex(score, r"^-?\d+(\.\d{1,2})?$")
        exact = {r["id"]: r["health_score"] for r in self.rows("accounts", "--all", "--columns", "id,health_score", "--as-of", EARLIER, project="zoo")}
        for a in accounts:
            if a["Strata_Health_Score__c"]:
                self.assertAlmostEqual(float(a["Strata_Health_Score__c"]), float(exact[a["Strata_Account_Id__c"]]), delta=0.0051)
        due = [t["due"] for t in self.rows("tasks", "--within", 14, "--as-of", EARLIER, project="zoo")]
        self.assertEqual([t["ActivityDate"] for t in tasks], due)
        self.assertTrue(all(t["Status"] == "Not Started" for t in tasks))
        listed = self.rows("tasks", "--within", 14, "--as-of", EARLIER, project="zoo")
        self.assertEqual([(t["Strata_Task__c"], t["Strata_Owner_Id__c"]) for t in tasks],
                         [(t["task_id"], t["owner_id"]) for t in listed])

    def test_3_the_second_has_only_what_changed_with_reasons(self):
        before, after = self.segments(EARLIER), self.segments(NOW)
        dry = self.strata("crm", "salesforce", "--dry-run", "--format", "json", project="zoo")
        _, moves, _ = self.export()
        changed = {k for k in before.keys() | after.keys() if before.get(k) != after.get(k)}
        self.assertEqual(len(moves), len(changed))
        self.assertGreater(len(moves), 50)
        self.assertIn(f"{len(moves):,} moves since 31 March 2026", dry)
        labels = {m["dimension"] for m in moves}
        self.assertGreater(len(labels), 3)
        primary = [m for m in moves if m["dimension"] == "Segment"]
        for m in primary:
            key = (m["Strata_Account_Id__c"], "segment")
            self.assertEqual(m["left"], before.get(key, ""))
            self.assertEqual(m["entered"], after.get(key, ""))
            self.assertTrue(m["why"])
        ruled = [m for m in moves if m["why"] == "a rule's condition changed"]
        self.assertGreater(len(ruled), 20)
        self.check_harmless(moves)
        for m in ruled:
            self.assertTrue(m["clause"] and m["was"] and m["is"], m)

    def test_4_the_third_has_no_moves_and_files_are_the_same_again(self):
        first = [(self.folder / "out" / f"{n}.csv").read_bytes() for n in ("accounts", "tasks")]
        _, moves, _ = self.export()
        self.assertEqual(moves, [])
        again = [(self.folder / "out" / f"{n}.csv").read_bytes() for n in ("accounts", "tasks")]
        self.assertEqual(first, again)

    def test_5_since_a_date_overrides_the_record(self):
        _, moves, _ = self.export("--since", EARLIER, "--dry-run", folder="out")
        self.assertEqual(moves, [])  # a dry run: the file of the third export
        _, moves, _ = self.export("--since", EARLIER, folder="since")
        before, after = self.segments(EARLIER), self.segments(NOW)
        self.assertEqual(len(moves), sum(before.get(k) != after.get(k) for k in before.keys() | after.keys()))

    def test_6_systems_are_told_apart_and_texts_do_no_harm(self):
        accounts, moves, tasks = self.export(system="hubspot", folder="hub")
        self.assertEqual(moves, [])
        self.assertEqual(list(accounts[0])[:2], ["Record ID", "Company name"])
        self.assertIn("strata_health_band", accounts[0])
        self.assertEqual(list(tasks[0])[:3], ["Record ID", "Task title", "Due date"])
        self.check_harmless(accounts)
        for row in tasks:
            self.assertFalse([v for v in row.values() if v[:1] in "=+@" and v])

    def check_harmless(self, rows):
        """Texts that begin like formulas have an apostrophe before them, in every way that they begin."""
        cells = [v for row in rows for v in row.values() if v]
        self.assertEqual([v for v in cells if v[0] in "=+@\t\r" or (v[0] == "-" and not re.fullmatch(r"-[\d.]+", v))], [])
        for nasty in NASTY:
            self.assertTrue([v for v in cells if v.startswith("'" + nasty) or (nasty[0] == "\t" and v.startswith(nasty[1:]))], nasty)

    def test_7_heads_come_from_the_model(self):
        path = self.folder / "zoo" / "strata.yaml"
        text = path.read_text()
        path.write_text(text + "crm:\n  salesforce:\n    id: Id\n    name: \"-\"\n    prefix: CS_\n    fields: "
                               "{health_band: Health__c, arr: Strata_ARR__c, behavior: \"-\"}\n")
        try:
            accounts, _, _ = self.export(folder="mapped")
            arr = {r["id"]: r["arr"] for r in self.rows("accounts", "--columns", "id,arr", project="zoo")}
            self.assertEqual(list(accounts[0])[:2], ["Id", "CS_Value__c"])
            self.assertIn("Health__c", accounts[0])
            self.assertNotIn("CS_Behavior__c", accounts[0])
            for a in accounts:
                if a["Id"] in arr and arr[a["Id"]]:
                    self.assertAlmostEqual(float(a["Strata_ARR__c"] or 0), float(arr[a["Id"]]))
            path.write_text(text + "crm: {salesforce: {fields: {helth: Health__c}}}\n")
            self.strata("crm", "salesforce", project="zoo", status=78)
            self.assertIn("unknown name 'helth'", self.errors)
        finally:
            path.write_text(text)

    def test_8_mistakes_are_told(self):
        self.strata("crm", "salesfroce", project="zoo", status=64)
        self.assertIn("did you mean 'salesforce'", self.errors)
        self.strata("crm", project="zoo", status=64)
        self.strata("crm", "hubspot", "--since", NOW, project="zoo", status=64)
        self.strata("crm", "hubspot", "--to", "/proc/nowhere", project="zoo", status=74)


del Portfolio


if __name__ == "__main__":
    strata_cli.main()
