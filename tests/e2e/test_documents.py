# SPDX-License-Identifier: Apache-2.0
"""Every document on a small invented portfolio and on RavenStack: goldens of what people read, and beside them
what holds whatever the text. (Goldens of framework, migration plan and brief stand with their own tests.)

After a wanted change of a text: scripts/golden
"""
import json
import os
import re

import documents
import strata_cli
from strata_cli import CliTest, RavenStackTest

TODAY = ("--today", "2026-06-30")
REPORTS = ["framework", "proposal", "expansion", "migration", "territories", "measurement", "roadmap", "readiness",
           "personas"]
REVIEW = ["cohort", "review"]
ALL = ("--limit", "100000")
BROKEN = r"(?i)\b(nan|inf|infinity|null|undefined)\b|\(null\)|\{[a-z_]+\}"


def asked(name, cohort, account):
    """The command of a document."""
    return {"review": [*REVIEW, cohort], "brief": ["brief", account]}.get(name, ["report", name])


def compare(case, name, text):
    path = strata_cli.SOURCE / "tests" / "golden" / "report" / name
    if os.environ.get("STRATA_UPDATE_GOLDEN"):
        path.write_text(text)
    case.assertEqual(text, path.read_text(), f"{path}: scripts/golden takes it over")


class Documents(CliTest):
    NAMES = [*REPORTS, "brief", "review"]
    GOLDEN = ["proposal", "expansion", "territories", "measurement", "roadmap", "readiness", "personas", "review"]
    made = {}

    @classmethod
    def prepare(cls):
        test = cls()
        test.strata("synth", "p", "--accounts", "400", "--seed", "1")
        cls.folder = cls.folder / "p"
        for command in ("ingest", "run"):
            test.strata(command, *TODAY)

    def once(self, name, *options):
        """Each is asked for once."""
        key = (name, *options)
        if key not in self.made:
            account = self.accounts()[0]["id"] if name == "brief" else None
            self.made[key] = self.strata(*asked(name, "2025", account), *TODAY, *options)
        return self.made[key]

    def document(self, name):
        more = ALL if name in REPORTS else ()
        return json.loads(self.once(name, *more, "--format", "json"))

    def accounts(self):
        if "accounts" not in self.made:
            self.made["accounts"] = self.rows("accounts", "--columns", "id,name,arr,segment,csm_id", *TODAY)
        return self.made["accounts"]

    def test_framework_and_scoreboard_tell_one_range_of_one_figure(self):
        board = {}
        figure = r"([\d.,]+ %) \|"
        for row in re.findall(rf"(?m)^\| (.+?) \| (NRR|GRR) 12m \|.*?\| {figure} .*? \| {figure} {figure}",
                              self.once("measurement", "--format", "markdown")):
            board[row[:2]] = row[2:]
        said = {}
        text = self.once("framework", "--format", "markdown")
        for what, *figures in re.findall(r"- (NRR|GRR), 12 months: \*\*(.+?)\*\* \(95 %: (.+?) to (.+?)\)", text):
            said["All", what] = tuple(figures)
        for name, body in re.findall(r"(?ms)^### ([^\n]+?): [\d,]+ accounts?, (.*?)(?=^### )", text):
            for what, *figures in re.findall(r"- (NRR|GRR): \*\*(.+?)\*\* \((.+?) to (.+?)\)", body):
                said[name, what] = tuple(figures)
        self.assertGreater(len(said), 4)
        self.assertEqual(said, board)

    def test_each_reads_as_expected(self):
        for name in self.GOLDEN:
            with self.subTest(name):
                more = ("--limit", "2") if name in REPORTS else ()
                text = re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", self.once(name, *more, "--format", "markdown"))
                self.assertNotRegex(text, BROKEN)
                compare(self, f"{name}.md", text)

    def test_every_figure_of_each_has_an_origin(self):
        for name in self.NAMES:
            with self.subTest(name):
                self.assertEqual(documents.unexplained(self.document(name)), [])

    def test_no_text_of_any_is_broken(self):
        for name in self.NAMES:
            with self.subTest(name):
                for part in documents.parts(self.document(name)):
                    said = [part.get(k) for k in ("title", "text", "label")]
                    said += [v for row in part.get("rows", []) for v in row.values()]
                    for text in (t for t in said if isinstance(t, str)):
                        self.assertNotRegex(text, BROKEN)

    def test_all_speak_of_the_same_portfolio_to_the_cent(self):
        customers = self.accounts()
        for name in self.NAMES:
            with self.subTest(name):
                head = self.document(name)["document"]
                self.assertEqual(round(100 * head["arr"]), documents.cents(
                    [{"arr": float(r["arr"])} for r in customers], "arr"))
                if name != "review":  # which is of all that ever were
                    self.assertEqual(head["accounts"], len(customers))

    def test_rows_called_all_are_the_sums_of_their_tables(self):
        """Of counts and money; what a share or a rate comes to is no sum."""
        seen = 0
        for name in self.NAMES:
            for table in documents.tables(self.document(name)):
                first = table["columns"][0]["key"]
                alls = [t for t in table.get("totals", []) if t[first] == "All"]
                for column in table["columns"]:
                    rows = [r[column["key"]] for r in table["rows"]]
                    if column["type"] not in documents.ADDED or not alls or alls[0][column["key"]] is None:
                        continue
                    with self.subTest(f"{name}: {table['id']}.{column['key']}"):
                        self.assertEqual(sum(round(100 * (x or 0)) for x in rows),
                                         round(100 * alls[0][column["key"]]))
                        seen += 1
        self.assertGreater(seen, 30)

    def test_no_list_names_an_account_twice(self):
        for name in self.NAMES:
            for table in documents.tables(self.document(name)):
                if "account_id" in [c["key"] for c in table["columns"]]:
                    with self.subTest(f"{name}: {table['id']}"):
                        ids = [r["account_id"] for r in table["rows"]]
                        self.assertEqual(len(ids), len(set(ids)))

    def test_the_lists_of_the_framework_divide_the_customers(self):
        document = self.document("framework")
        listed = [r for t in documents.tables(document) if t["id"].startswith("list_") for r in t["rows"]]
        self.assertEqual(sorted(r["account_id"] for r in listed), sorted(r["id"] for r in self.accounts()))
        self.assertEqual(documents.cents(listed, "value"), round(100 * document["document"]["arr"]))

    def test_candidates_for_another_tier_go_up_or_down(self):
        document = self.document("migration")
        up, down = ({r["account_id"] for r in documents.table(document, f"candidates_{way}")["rows"]}
                    for way in ("up", "down"))
        self.assertTrue(up.isdisjoint(down))
        self.assertGreater(min(len(up), len(down)), 0)
        for matrix in (t for t in documents.tables(document) if t["id"] == "matrix"):
            for begin in {r["from"] for r in matrix["rows"]}:
                mine = [r for r in matrix["rows"] if r["from"] == begin]
                self.assertEqual({r["of"] for r in mine}, {sum(r["accounts"] for r in mine)})

    def test_books_keep_every_account_hour_and_cent(self):
        for row in (documents.table(self.document(name), "books") for name in ("territories", "proposal")):
            for key, scale in (("accounts", 1), ("hours", 60), ("value", 100)):
                before, after = (sum(round(scale * r[f"{key}_{when}"]) for r in row["rows"])
                                 for when in ("before", "after"))
                self.assertEqual(before, after, key)

    def test_phases_of_the_roadmap_are_the_sums_of_their_steps(self):
        document = self.document("roadmap")
        phases = documents.table(document, "phases")["rows"]
        steps = {p["title"].split(":")[0]: q["rows"] for p in document["sections"]
                 for q in p.get("items", []) if q.get("id") == "steps"}
        self.assertEqual([p["phase"] for p in phases], list(steps))
        for phase in phases:
            mine = steps[phase["phase"]]
            self.assertEqual((phase["steps"], phase["done"]), (len(mine), sum(s["done"] for s in mine)))
            self.assertAlmostEqual(phase["days"], sum(s["days"] or 0 for s in mine if not s["done"]), delta=0.06)

    def test_personas_divide_the_customers_as_segments_do(self):
        rows = documents.table(self.document("personas"), "personas")["rows"]
        segments = documents.table(self.document("framework"), "segments")["rows"]
        self.assertEqual({(r["persona"], r["accounts"], round(100 * r["arr"])) for r in rows},
                         {(r["segment"], r["accounts"], round(100 * r["arr"])) for r in segments
                          if r["accounts"]})  # nobody is no persona

    def test_a_review_accounts_for_all_the_money(self):
        document = self.document("review")
        moves = documents.table(document, "movements")
        opening = documents.table(document, "deals")["totals"][0]["opening_arr"]
        self.assertEqual(round(100 * opening) + documents.cents(moves["rows"][1:], "arr")
                         if moves["rows"][0]["movement"] == "opening" else
                         round(100 * opening) + documents.cents(moves["rows"], "arr"),
                         round(100 * moves["totals"][0]["arr"]))

    def test_readiness_counts_what_it_lists(self):
        document = self.document("readiness")
        rows = documents.table(document, "analyses")["rows"]
        runs = sum(r["runs"] for r in rows)
        titles = [part.get("title") or "" for part in documents.parts(document)]
        self.assertTrue(any(f"{runs} of {len(rows)} analyses run" in t for t in titles), titles)
        self.assertTrue(all(r["missing"] for r in rows if not r["runs"]))


class RavenStack(RavenStackTest):
    """Headings, figures and sums only: the data stays where it is."""
    INGEST = TODAY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts = cls("strata").rows("accounts", "--all", "--columns", "id,name,arr", *TODAY, env=cls.environment)

    LACKING = {"proposal": "add a column 'coverage' to accounts", "territories": "add the source csms"}

    def test_every_document_comes_to_what_it_did(self):
        outlines = []
        for name in [*REPORTS, "brief", "review"]:
            command = [*asked(name, "2023-Q4", self.accounts[0]["id"]), *(ALL if name in REPORTS else ())]
            if name in self.LACKING:
                self.strata(*command, *TODAY, env=self.environment, status=65)
                self.assertIn(self.LACKING[name], self.errors)
                continue
            document = self.json(*command, *TODAY, env=self.environment)
            with self.subTest(name):
                self.assertEqual(documents.unexplained(document), [])
                self.assertEqual(round(100 * document["document"]["arr"]), documents.cents(
                    [{"arr": float(r["arr"] or 0)} for r in self.accounts], "arr"))
                if name != "brief":  # which names its account
                    outlines.append(documents.outline(document))
        text = "\n".join(outlines)
        self.assertNotRegex(text, BROKEN)
        for row in self.accounts:
            self.assertFalse(row["id"] in text or row["name"] in text.split("\n"), row)
        compare(self, "ravenstack.txt", text)


if __name__ == "__main__":
    strata_cli.main()
