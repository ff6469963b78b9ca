# SPDX-License-Identifier: Apache-2.0
"""init, readiness, doctor, sql, export and plan, as a user types them."""
import csv
import json
import os
import pathlib
import pty
import shutil
import subprocess
import unittest

import strata_cli
from strata_cli import CliTest

NEW_MODEL = """strata: 1
extends: strata.yaml
dimensions:
  value:
    tiers:
      - {name: Strategic, when: arr > 60k}
      - {name: Growth, when: arr >= 15k}
      - {name: Core, when: arr >= 6000}
      - {name: Tiny, otherwise: true}
"""


class Project(CliTest):
    """A small invented portfolio, read and reviewed once."""

    @classmethod
    def prepare(cls):
        test = cls()
        test.strata("synth", "p", "--accounts", "300", "--seed", "7")
        test.strata("ingest", project="p")
        test.strata("run", project="p")


class Init(CliTest):
    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def exports(self, folder, files):
        for name, text in files.items():
            self.write(f"{folder}/exports/{name}", text)
        self.strata("init", f"{folder}/exports", project=folder)
        self.strata("ingest", "--strict", project=folder)
        self.strata("run", project=folder)
        return (self.folder / folder / "strata.yaml").read_text()

    def arr(self, folder):
        rows = self.rows("sql", "select coalesce(sum(arr), 0)::bigint as arr from run", project=folder)
        return int(rows[0]["arr"])

    def test_salesforce_exports_make_a_project_that_runs(self):
        model = self.exports("sf", {
            "Accounts.csv": "Account ID,Account Name,Industry,Employees,Billing Country,Created Date\n"
                            "001A,Acme,Technology,120,US,2023-01-31\n001B,\"B, Inc\",Retail,20,DE,2023-02-01\n",
            "Subscriptions.csv": "Subscription ID,Account ID,Start Date,End Date,ARR\n"
                                 "S1,001A,2023-02-01,,\"$12,000.00\"\nS2,001B,2023-03-01,,6000\n",
            "Cases.csv": "Case Number,Account ID,Created Date,Closed Date,Priority,Subject\n"
                         "1,001A,2023-05-01,2023-05-03,High,Broken\n2,001B,2023-05-02,,Low,Slow\n",
        })
        self.assertIn("extends: hybrid", model)
        self.assertEqual(self.arr("sf"), 1800000)

    def test_stripe_subscriptions_alone_use_the_value_template(self):
        model = self.exports("stripe", {
            "subscriptions.csv": "id,Customer ID,Plan,Quantity,Interval,Amount,Start Date (UTC),Ended At (UTC)\n"
                                 "sub_1,cus_1,Pro,3,month,100.00,2023-01-31 10:00,\n"
                                 "sub_2,cus_2,Pro,1,year,900.00,2023-02-01 10:00,\n"})
        self.assertIn("extends: value", model)
        self.assertEqual(self.arr("stripe"), 120000 + 90000)

    def test_hubspot_companies_and_orders_use_the_shop_template(self):
        model = self.exports("hub", {
            "hubspot-companies.csv": "Record ID,Company name,Company owner,Create Date,Country/Region,"
                                     "Number of Employees\n1,Acme,jo,2023-01-31 10:00,US,20\n"
                                     "2,Other,jo,2023-02-03 10:00,US,10\n",
            "orders.csv": "Order ID,Customer ID,Order Date,Total\no1,1,2024-01-03,12.50\no2,2,2024-02-03,1.50\n"})
        self.assertIn("extends: shop", model)
        self.assertIn('account_id: "Record ID"', model)

    def test_headings_with_quotes_and_colons_still_make_a_file_that_loads(self):
        self.write("odd/accounts.csv", 'Account ID,Account Name,"a: ""b"" # c",$x\n1,A,2,3\n')
        self.write("odd/arr.csv", "Account ID,Date,ARR\n1,2024-01-31,100\n")
        self.strata("init", "odd", project="odd")
        self.strata("ingest", project="odd")

    def test_a_file_that_is_there_is_kept_without_force(self):
        self.write("kept/orders.csv", "Order ID,Customer ID,Order Date,Total\no1,1,2024-01-03,12.50\n")
        self.write("kept/strata.yaml", "mine")
        self.strata("init", project="kept", status=64)
        self.assertEqual((self.folder / "kept/strata.yaml").read_text(), "mine")
        self.strata("init", "--force", project="kept")
        self.assertIn("extends: shop", (self.folder / "kept/strata.yaml").read_text())

    def test_files_that_say_nothing_write_nothing(self):
        self.write("no/readme.txt", "hello\n")
        out = self.strata("init", project="no", status=65)
        self.assertIn("not recognised", out)
        self.assertFalse((self.folder / "no/strata.yaml").exists())
        self.strata("init", "missing.csv", project="no", status=74)

    def test_on_a_terminal_it_asks_and_keeps_the_answers(self):
        self.write("ask/orders.csv", "Order ID,Customer ID,Order Date,Total\no1,1,2024-01-03,12.50\n")
        ours, theirs = pty.openpty()
        process = subprocess.Popen([strata_cli.PROGRAM, "--project", "ask", "init"], cwd=self.folder,
                                   stdin=theirs, stderr=theirs, stdout=subprocess.DEVNULL)
        os.close(theirs)
        answers = ["My \"shop\"", "Books, Pens", "abc", "1200", "pricing", "", "", "", "", "", "", "",
                   "Yes", "no", "no", "eur", "", "February"]
        os.write(ours, ("\n".join(answers) + "\n").encode())
        self.assertEqual(process.wait(timeout=60), 0)
        os.close(ours)
        model = (self.folder / "ask/strata.yaml").read_text()
        for line in ['name: "My \\"shop\\""', 'products: ["Books", "Pens"]', "customers: 1200",
                     "can_act: yes", 'currency: "EUR"', 'fiscal_year_starts: "february"']:
            self.assertIn(line, model)
        self.strata("ingest", project="ask")

    def test_ravenstack_exports_are_guessed(self):
        data = pathlib.Path(os.environ.get("STRATA_DATA")
                            or strata_cli.SOURCE.parent / "shared" / "data") / "ravenstack"
        if not data.is_dir():
            self.skipTest("there is no data of ravenstack")
        self.strata("init", data, project="raven")
        self.strata("ingest", project="raven")
        self.strata("run", project="raven")
        self.assertEqual(self.arr("raven"), 12 * 10159608 * 100)


class Look(Project):
    def test_readiness_says_what_runs_and_what_is_missing(self):
        rows = self.rows("readiness", project="p")
        missing = {r["analysis"]: r["missing"] for r in rows if r["runs"] == "false"}
        self.assertIn("RFM of orders", missing)
        self.assertIn("orders", missing["RFM of orders"])
        self.assertGreater(len(rows), 20)

    def test_readiness_warns_of_few_customers(self):
        text = json.dumps(self.json("readiness", project="p"))
        self.assertIn("500", text)

    def test_doctor_finds_all_in_order(self):
        rows = self.rows("doctor", project="p")
        self.assertEqual([r for r in rows if r["state"] == "fail"], [])
        self.assertGreaterEqual(len(rows), 12)

    def test_doctor_fails_with_what_to_do(self):
        (self.folder / "ill").mkdir(exist_ok=True)
        model = (self.folder / "p/strata.yaml").read_text()
        (self.folder / "ill/strata.yaml").write_text(model)
        out = self.strata("doctor", project="ill", status=74)
        self.assertIn("no file that can be read at 'accounts.csv'", out)
        self.strata("doctor", project="nowhere", status=66)

    def test_doctor_notices_files_that_changed_after_the_ingest(self):
        shutil.copytree(self.folder / "p", self.folder / "changed", dirs_exist_ok=True)
        with open(self.folder / "changed/tickets.csv", "a", encoding="utf-8") as f:
            f.write("")
        os.utime(self.folder / "changed/tickets.csv", (1, 1))
        states = {r["check"]: r["state"] for r in self.rows("doctor", project="changed")}
        self.assertEqual(states["Source tickets"], "warn")

    def test_sql_shows_tables_and_rows(self):
        self.assertIn("usage_ledger", self.strata("sql", project="p"))
        (row,) = self.rows("sql", "select count(*) as n, '=1' as t from account", project="p")
        self.assertEqual((row["n"], row["t"]), ("300", "'=1"))
        rows = json.loads(self.strata("sql", "-", "-f", "json", project="p",
                                      stdin="select 0.1::decimal(4,2) as x, null as y, date '2024-02-29' as d"))
        self.assertEqual(rows, [{"x": 0.1, "y": None, "d": "2024-02-29"}])

    def test_sql_gives_every_row_in_csv_and_the_first_in_a_table(self):
        n = int(self.rows("sql", "select count(*) as n from usage_ledger", project="p")[0]["n"])
        self.assertGreater(n, 10000)
        text = self.strata("sql", "select * from usage_ledger", "-f", "csv", project="p")
        self.assertEqual(text.count("\n"), n + 1)
        table = self.strata("sql", "select * from usage_ledger", project="p")
        self.assertIn("the first 40 rows", table)

    def test_sql_writes_nothing_and_reaches_no_file(self):
        for statement in ("create table t (a int)", "delete from account", "drop table account",
                          "copy account to 'x.csv'", "attach 'x.db'", "select * from 'p/accounts.csv'",
                          "set enable_external_access = true"):
            self.strata("sql", statement, project="p", status=64)
            self.assertIn("only reads", self.errors)
        self.assertEqual(list(self.folder.glob("x.*")), [])

    def test_sql_errors_show_where(self):
        self.strata("sql", "select * from acount", project="p", status=64)
        self.assertIn("account", self.errors)
        self.strata("sql", "select 1; select 2", project="p", status=64)
        self.strata("sql", " ; ", project="p", status=64)

    def test_export_types_agree_with_each_other(self):
        self.strata("export", "a.csv", project="p")
        self.strata("export", "a.json", project="p")
        self.strata("export", "a.ndjson", project="p")
        with open(self.folder / "a.csv", encoding="utf-8", newline="") as f:
            rows = list(csv.DictReader(f))
        as_json = json.loads((self.folder / "a.json").read_text())
        lines = [json.loads(line) for line in (self.folder / "a.ndjson").read_text().splitlines()]
        self.assertEqual(as_json, lines)
        self.assertEqual(len(rows), 300)
        for row, entry in zip(rows, lines):
            self.assertEqual(list(row), list(entry))
            self.assertEqual(float(row["arr"]), entry["arr"])
            self.assertEqual(row["segment"], entry["segment"])

    def test_export_agrees_with_the_segments(self):
        rows = self.rows("export", "-", "--what", "membership", project="p")
        run = self.rows("sql", "select segment, accounts from run_segment where dimension = 'segment'",
                        project="p")
        for r in run:
            n = sum(x["dimension"] == "segment" and x["segment"] == r["segment"] for x in rows)
            self.assertEqual(n, int(r["accounts"]), r["segment"])

    def test_export_writes_every_table_into_a_folder(self):
        self.strata("export", "--to", "out", "--type", "parquet", project="p")
        names = sorted(p.name for p in (self.folder / "out").iterdir())
        self.assertEqual(names, [f"{n}.parquet" for n in
                                 ("accounts", "features", "history", "membership", "segments")])
        for name in names:
            data = (self.folder / "out" / name).read_bytes()
            self.assertEqual((data[:4], data[-4:]), (b"PAR1", b"PAR1"))

    def test_export_filters_and_chooses(self):
        rows = self.rows("export", "-", "--columns", "id,arr", "--where", "arr > 20k", project="p")
        self.assertEqual(list(rows[0]), ["account_id", "arr"])
        self.assertTrue(all(float(r["arr"]) > 20000 for r in rows))
        self.strata("export", "x.csv", "--columns", "id,ar", project="p", status=64)
        self.assertIn("did you mean 'arr'", self.errors)
        self.strata("export", "x.csv", "--where", "arr >", project="p", status=64)
        self.strata("export", "x.xls", project="p", status=64)
        self.strata("export", project="p", status=64)
        self.assertEqual(list(self.folder.glob("x.*")), [])

    def test_export_to_a_folder_that_is_not_there_leaves_nothing(self):
        self.strata("export", "nowhere/a.csv", project="p", status=74)
        self.assertFalse((self.folder / "nowhere").exists())

    def tables(self, items):
        """Rows of all tables, by id."""
        found = {}
        for item in items:
            if item["type"] == "section":
                found.update(self.tables(item["items"]))
            elif item["type"] == "table":
                found[item["id"]] = item["rows"]
        return found

    def test_plan_tells_definitions_sizes_and_movers(self):
        (self.folder / "p/new.yaml").write_text(NEW_MODEL)
        before = (self.folder / "p/strata.duckdb").read_bytes()
        plan = self.json("plan", "p/new.yaml", "--dimension", "value", project="p")
        tables = self.tables(plan["sections"])
        changed = {r["part"]: (r["before"], r["after"]) for r in tables["definitions"]}
        self.assertEqual(changed["Strategic"], ("arr > 50k or potential_arr > 100k", "arr > 60k"))
        self.assertEqual(changed["Core"], ("arr >= 5k", "arr >= 6k"))
        self.assertIsNone(changed["Tiny"][0])
        self.assertIsNone(changed["Starter"][1])
        self.assertEqual(sum(r["before"] for r in tables["sizes"]), sum(r["after"] for r in tables["sizes"]))
        self.assertEqual(sum(r["accounts"] for r in tables["flows"]), len(tables["movers"]))
        for mover in tables["movers"]:
            if (mover["from"], mover["to"]) == ("Strategic", "Growth"):
                self.assertEqual(mover["clause"], "arr > 60k")
        self.assertEqual((self.folder / "p/strata.duckdb").read_bytes(), before)

    def test_plan_says_what_made_a_named_cell(self):
        (self.folder / "p/cells.yaml").write_text(NEW_MODEL + "segments:\n  - {name: Top, when: value = Strategic}\n"
                                                  "  - {name: Low, when: value = Tiny}\n"
                                                  "  - {name: Rest, otherwise: true}\n")
        plan = self.json("plan", "p/cells.yaml", project="p")
        seen = {r["to"]: r["observed"] for r in self.tables(plan["sections"])["movers"]}
        self.assertRegex(seen["Top"], r"^value is Strategic \(arr is \$[\d,.]+\)$")
        self.assertRegex(seen["Low"], r"^value is Tiny \(arr is \$[\d,.]+\)$")

    def test_commands_that_judge_the_model_warn_and_others_do_not(self):
        shutil.copytree(self.folder / "p", self.folder / "doubtful", dirs_exist_ok=True)
        model = self.folder / "doubtful/strata.yaml"
        model.write_text(model.read_text() + "dimensions:\n  size:\n    tiers:\n"
                         "      - {name: Never, when: arr > 5 and arr < 4}\n      - {name: Any, otherwise: true}\n")
        for command in (["run", "--dry"], ["plan"]):
            self.strata(*command, project="doubtful")
            self.assertIn("'Never' of dimension 'size' can never match", self.errors)
        for command in (["segments"], ["accounts"], ["explain", "A000007"], ["history"]):
            self.strata(*command, project="doubtful")
            self.assertNotIn("Never", self.errors)

    def test_explain_of_a_dimension_shows_the_scores_that_it_reads(self):
        def sections(*arguments):
            return [s["id"] for s in self.json("explain", "A000007", *arguments, project="p")["sections"]]
        self.assertIn("health_score", sections())
        self.assertIn("health_score", sections("--dimension", "health_band"))
        self.assertIn("health_score", sections("--dimension", "segment"))
        self.assertNotIn("health_score", sections("--dimension", "value"))

    def test_standard_output_by_name_is_appended_to(self):
        path = self.folder / "log.txt"
        path.write_text("before\n")
        for arguments in (["segments", "-f", "csv", "-o", "/dev/stdout"], ["sql", "select 7 as seven", "-f", "csv", "-o", "-"],
                          ["export", "-", "--what", "segments"], ["export", "/dev/stdout", "--what", "segments"]):
            with open(path, "ab") as out:
                subprocess.run([strata_cli.PROGRAM, "--project", "p", *arguments], stdout=out, cwd=self.folder, check=True)
        lines = path.read_text().splitlines()
        self.assertEqual(lines[0], "before")
        self.assertIn("segment", lines[1])
        at = lines.index("seven")
        self.assertEqual(lines[at + 1], "7")
        table = self.strata("export", "-", "--what", "segments", project="p").splitlines()
        self.assertEqual(lines[at + 2:], table + table)

    def test_a_dash_is_standard_output_everywhere(self):
        for arguments in (["report"], ["report", "readiness", "-f", "markdown"], ["segments"], ["accounts", "-f", "csv"], ["sql", "select 1 as one"],
                          ["help"], ["completion", "bash"]):
            self.assertEqual(self.strata(*arguments, "--output", "-", project="p"), self.strata(*arguments, "-o", "/dev/stdout", project="p"))
            self.assertFalse((self.folder / "-").exists(), arguments)
        self.assertIn("<!doctype html>", self.strata("report", "-o", "-", project="p").lower())
        self.assertEqual(self.strata("accounts", "-o-", project="p"), self.strata("accounts", project="p"))

    def test_plan_without_a_file_compares_with_the_recorded_review(self):
        out = self.strata("plan", project="p")
        self.assertIn("The definitions are the same", out)

    def test_plan_with_a_wrong_model_names_the_place(self):
        (self.folder / "p/bad.yaml").write_text("strata: 1\nextends: hybrid\ndimensions:\n  value:\n"
                                                "    tiers:\n      - {name: A, when: ar > 1}\n"
                                                "      - {name: B, otherwise: true}\n")
        self.strata("plan", "p/bad.yaml", project="p", status=78)
        self.assertIn("bad.yaml:6:", self.errors)
        self.assertIn("did you mean 'arr'", self.errors)


if __name__ == "__main__":
    strata_cli.main()
