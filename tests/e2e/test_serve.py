# SPDX-License-Identifier: Apache-2.0
"""strata serve: the same answers as the command line, over HTTP."""
import gzip
import json
import math
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import urllib.parse


import strata_cli
from strata_cli import CliTest
from serve_client import Server, XLSX, checker, jsonschema


class ServeTest(CliTest):
    @classmethod
    def prepare(cls):
        cls().strata("synth", "acme", "--accounts", "300", "--seed", "1")
        cls().strata("ingest", project="acme")
        cls().strata("backfill", "--every", "quarter", "--from", "2025-09-30", project="acme")


class Answers(ServeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server(cls.folder / "acme")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def error(self, status, path, method="GET", headers=None, body=None, **query):
        got, _, text = self.server.ask(path, method=method, headers=headers, body=body, **query)
        self.assertEqual(got, status, text)
        error = json.loads(text)["error"]
        self.assertEqual(error["status"], status)
        return error

    def test_an_answer_is_what_the_command_line_prints(self):
        folder = str(self.folder / "acme")
        for words, path, query in [
                (["segments"], "segments", {}),
                (["segments", "rfm", "30d"], "segments", {"approach": "rfm", "timeframe": "30d"}),
                (["accounts", "--where", "arr > 5k and health < 60", "--limit", "7"], "accounts",
                 {"where": "arr > 5k and health < 60", "limit": 7}),
                (["explain", "A000042"], "explain", {"account": "A000042"}),
                (["diff", "--as-of", "2026-03-31"], "diff", {"as_of": "2026-03-31"})]:
            printed = self.strata(*words, "--format", "json", project=folder)
            status, headers, body = self.server.ask(f"/v1/{path}", **query)
            self.assertEqual(status, 200, body)
            self.assertEqual(headers["Content-Type"], "application/json")
            self.assertEqual(body.decode(), printed, words)

    def test_forms_are_chosen_by_accept(self):
        for accept, kind in [("text/html", "text/html"), ("text/markdown", "text/markdown"), ("text/csv", "text/csv"), (XLSX, XLSX),
                             ("*/*", "application/json"), ("text/csv;q=0.1, text/html", "text/html"),
                             ("text/*;q=0.5, application/json;q=0.2, text/html;q=0", "text/markdown")]:
            status, headers, _ = self.server.ask("/v1/segments", headers={"Accept": accept})
            self.assertEqual((status, headers.get_content_type()), (200, kind), accept)
        self.error(406, "/v1/segments", headers={"Accept": "image/png"})

    def test_what_is_known_is_not_sent_again(self):
        _, headers, _ = self.server.ask("/v1/segments")
        tag = headers["ETag"]
        status, headers, body = self.server.ask("/v1/segments", headers={"If-None-Match": f'"x", W/{tag}'})
        self.assertEqual((status, body, headers["ETag"]), (304, b"", tag))
        status, headers, _ = self.server.ask("/v1/segments", approach="value", headers={"If-None-Match": tag})
        self.assertEqual(status, 200)
        self.assertNotEqual(headers["ETag"], tag)

    def test_answers_are_compressed_for_those_who_take_it(self):
        _, _, plain = self.server.ask("/v1/segments")
        _, headers, packed = self.server.ask("/v1/segments", headers={"Accept-Encoding": "br, gzip"})
        self.assertEqual(headers["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(packed), plain)
        _, headers, _ = self.server.ask("/v1/segments", headers={"Accept-Encoding": "gzip;q=0"})
        self.assertIsNone(headers["Content-Encoding"])

    def test_errors_are_those_of_the_command_line(self):
        error = self.error(400, "/v1/accounts", wher="x")
        self.assertEqual((error["code"], error["message"]),
                         ("usage", "accounts has no parameter 'wher' (did you mean 'where'?)"))
        self.assertIn("unknown feature 'helth'", self.error(400, "/v1/accounts", where="helth > 1")["message"])
        self.assertEqual(self.error(404, "/v1/explain", account="nobody")["code"], "not-found")
        self.error(404, "/v1/nothing")
        self.error(400, "/v1/segments", output="/tmp/x")
        self.error(400, "/v1/segments", project="/etc")
        self.error(405, "/v1/segments", method="POST", body="")
        self.error(405, "/v1/run")

    def test_the_project_is_described(self):
        project = self.server.json("/v1/project")
        self.assertEqual((project["currency"], project["last_day"]), ("USD", "2026-06-30"))
        primary = [d for d in project["dimensions"] if d["primary"]]
        self.assertEqual(len(primary), 1)
        listed = self.rows("segments", "--table", "segments", project="acme")
        self.assertEqual(primary[0]["segments"], [row["segment"] for row in listed][:len(primary[0]["segments"])])

    # What each command needs; nothing for the others.
    WITH = {"brief": {"account": "A000042"}, "cohort": {"name": "2025-Q1"}, "compare": {"segment": "Champions", "other": "Steady"},
            "explain": {"account": "A000042"}, "predict": {"what": "churn"}, "profile": {"segment": "Champions"},
            "reconcile": {"a": "nrr:movements", "b": "nrr:cohort"}, "offer": {"segment": "Champions"}}
    def test_every_command_answers_as_on_the_command_line(self):
        """JSON byte for byte, and by the schema that the server describes."""
        api = self.server.json("/v1/openapi.json")
        check = checker(api, "Document")
        paths = [path for path, item in api["paths"].items() if item.get("get", {}).get("tags") == ["commands"]]
        self.assertGreater(len(paths), 30)
        for path in paths:
            operation = api["paths"][path]["get"]
            name = path.rsplit("/", 1)[1]
            needed = [p["name"] for p in operation["parameters"] if p.get("required")]
            given = self.given(name, needed)
            words = [given[p["name"]] for p in operation["parameters"] if p.get("name") in given]
            words = ["review", *words] if name == "cohort" else words
            done = subprocess.run([strata_cli.PROGRAM, name, *words, "--project", str(self.folder / "acme"), "--format", "json"],
                                  capture_output=True, text=True, check=False, cwd=self.folder)
            status, _, body = self.server.ask(path, **given)
            self.assertEqual(done.returncode, 0, (name, done.stderr))
            self.assertEqual((status, body.decode()), (200, done.stdout), name)
            check.validate(json.loads(body))

    def given(self, name, needed):
        known = {"account": "A000042", "name": "2025-Q1", "segment": "Champions", "what": "churn"}
        given = dict(self.WITH.get(name, {}))
        return {**given, **{key: given.get(key, known.get(key, "nothing")) for key in needed}}

    def test_what_is_no_parameter_is_refused_everywhere(self):
        """Nothing that was asked for is left out without a word, not even of what takes nothing."""
        api = self.server.json("/v1/openapi.json")
        check = checker(api, "Failure")
        asked = 0
        for path, item in api["paths"].items():
            for method, operation in item.items():
                if method == "get" and "{" not in path:
                    needed = [p["name"] for p in operation.get("parameters", []) if p.get("required")]
                    status, _, body = self.server.ask(path, nonsense=1, **self.given(path.rsplit("/", 1)[1], needed))
                    self.assertEqual(status, 400, path)
                    check.validate(json.loads(body))
                    self.assertIn("nonsense", json.loads(body)["error"]["message"])
                    asked += 1
        self.assertGreater(asked, 80)
        for path in ["/v1/model/check", "/v1/whatif/edit"]:
            self.error(400, path + "?as_of=2026-03-31", method="POST", body="strata: 1")

    def test_what_says_its_end_twice_is_refused(self):
        """Something before the server might take the other one for the end, and the rest for a request of its own."""
        for said in ["Host: evil.example", "Content-Length: 9\r\nContent-Length: 30", "Content-Length: 9\r\nTransfer-Encoding: chunked"]:
            with socket.create_connection(("127.0.0.1", self.server.port), timeout=10) as s:
                s.sendall(f"POST /v1/model/check HTTP/1.1\r\nHost: localhost\r\n{said}\r\n\r\nstrata: 1GET /v1/model HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                answer = b""
                try:
                    while part := s.recv(65536):
                        answer += part
                except ConnectionResetError:
                    pass
            self.assertTrue(answer.startswith(b"HTTP/1.1 400"), answer)
            self.assertEqual(answer.count(b"HTTP/1.1 "), 1, answer)

    def test_signing_in_where_nobody_has_to_sets_nothing_that_was_sent(self):
        status, headers, _ = self.server.ask("/v1/session", method="POST", body="token=x; Domain=evil.example; Path=/elsewhere")
        self.assertEqual((status, headers["Location"]), (303, "/"))
        self.assertEqual(headers["Set-Cookie"].split(";")[0], "strata_token=")
        self.assertNotIn("evil", headers["Set-Cookie"])

    def test_heads_are_those_of_the_answers(self):
        for path in ["/v1/project", "/v1/segments", "/v1/jobs/", "/v1/openapi.json", "/"]:
            status, headers, body = self.server.ask(path)
            again, same, nothing = self.server.ask(path, method="HEAD")
            self.assertEqual((again, same["Content-Type"], same["ETag"], nothing), (status, headers["Content-Type"], headers["ETag"], b""), path)

    def test_answers_are_as_the_description_says(self):
        api = self.server.json("/v1/openapi.json")
        self.assertEqual(api["openapi"], "3.1.0")
        ids = [o["operationId"] for item in api["paths"].values() for o in item.values() if isinstance(o, dict)]
        self.assertEqual(len(ids), len(set(ids)))
        text = json.dumps(api)
        for reference in set(re.findall(r'"#/components/([^"]+)"', text)):
            kind, name = reference.split("/")
            self.assertIn(name, api["components"][kind])
        for schema in api["components"]["schemas"].values():
            jsonschema.Draft202012Validator.check_schema(schema)
        for item in api["paths"].values():
            for operation in item.values():
                for parameter in operation.get("parameters", []) if isinstance(operation, dict) else []:
                    if "schema" in parameter:
                        jsonschema.Draft202012Validator.check_schema(parameter["schema"])
        plan = {p["name"] for p in api["paths"]["/v1/model/plan"]["post"]["parameters"]}
        self.assertLessEqual({"dimension", "as_of"}, plan)
        checker(api, "Check").validate(json.loads(self.server.ask("/v1/model/check", method="POST", body="strata: 1")[2]))
        checker(api, "Rules").validate(self.server.json("/v1/whatif/rules"))
        status, job = self.server.order("readiness")
        checker(api, "Job").validate(job)
        for _, told in self.server.events(job["id"]):
            checker(api, "Job").validate(told)
        for job in self.server.json("/v1/jobs/")["jobs"]:
            checker(api, "Job").validate(job)
        checker(api, "Groups").validate(self.server.json("/v1/rows/tasks", groups="owner"))
        checker(api, "Project").validate(self.server.json("/v1/project"))
        checker(api, "Rows").validate(self.server.json("/v1/rows/accounts", limit=3))
        checker(api, "Model").validate(self.server.json("/v1/model"))
        checker(api, "Failure").validate(json.loads(self.server.ask("/v1/nothing")[2]))
        types = {p["name"]: p["schema"] for p in api["paths"]["/v1/accounts"]["get"]["parameters"] if "name" in p}
        self.assertEqual((types["limit"]["type"], types["all"]["type"], types["as_of"]["format"]), ("integer", "boolean", "date"))
        self.assertEqual(api["paths"]["/v1/predict"]["get"]["parameters"][0]["schema"]["enum"], ["churn", "expansion"])
        self.assertNotIn("/v1/run", api["paths"])
        self.assertIn("/v1/jobs/run", api["paths"])

    def walk(self, path, limit, **query):
        """All rows of a list by its pages, and how many pages there were; what is said of cells in self.said."""
        rows, cursor, pages = [], None, 0
        self.said = {"missing": [], "types": [], "provenance": []}
        while pages == 0 or cursor:
            page = self.server.json(path, limit=limit, **query, **({"cursor": cursor} if cursor else {}))
            self.pages.validate(page)
            self.assertEqual(page["from"], len(rows))
            for key, said in self.said.items():
                said += [{**m, "row": m["row"] + page["from"]} for m in page.get(key, []) if m["part"] == "rows"]
            rows, cursor, pages = rows + page["rows"], page["next_cursor"], pages + 1
        self.assertEqual(page["total"], len(rows))
        for key, said in self.said.items():
            said += [m for m in page.get(key, []) if m["part"] == "totals"]
        self.page = page
        return page["columns"], rows, pages

    def compare_said(self, document, tables):
        """Totals, why cells are null, types and origins of all pages are those of the document's tables."""
        columns = tables[0]["columns"]
        self.assertEqual(self.page["totals"], [[t[c["key"]] for c in columns] for table in tables for t in table["totals"]])
        if len(tables) == 1:  # of several in a row, rows are counted on
            for key, said in self.said.items():
                self.assertEqual(said, tables[0].get(key, []), key)
            self.assertEqual([c.get("provenance") for c in self.page["columns"]], [c.get("provenance") for c in columns])
        named = {c["provenance"] for c in self.page["columns"] if "provenance" in c} | {p["id"] for p in self.said["provenance"]}
        origins = {o["id"]: o for o in self.page["origins"]}
        self.assertEqual(set(origins), named)
        self.assertEqual(list(origins.values()), [p for p in document["provenance"] if p["id"] in named])

    def test_every_table_comes_page_by_page_and_whole(self):
        """Of each command that lists accounts, each table of the document; with the command's own limit lifted."""
        api = self.server.json("/v1/openapi.json")
        self.pages = checker(api, "Page")
        longest = {}
        for command, query, lift in [
                ("tasks", {}, {}), ("migration", {}, {}), ("expansion", {}, {}), ("coverage", {}, {}), ("diff", {"since": "2025-12-31"}, {}),
                ("cohorts", {"every": "year", "cell": "2024:1"}, {}), ("explain", {"account": "A000042"}, {}), ("capacity", {}, {}),
                ("history", {"account": "A000042"}, {}), ("movements", {}, {}), ("readiness", {}, {}), ("territories", {}, {}),
                ("predict", {"what": "churn"}, {"limit": 100000000}), ("journey", {}, {"limit": 100000000})]:
            self.assertIn(f"/v1/rows/{command}", api["paths"])
            tables = {}
            def gather(items):
                for item in items:
                    gather(item.get("items", []))
                    if item["type"] == "table":
                        tables.setdefault(item["id"], []).append(item)
            document = self.server.json(f"/v1/{command}", **query, **lift)
            gather(document["sections"])
            self.assertTrue(tables, command)
            for name, found in tables.items():
                keys = [c["key"] for c in found[0]["columns"]]
                if any([c["key"] for c in t["columns"]] != keys for t in found):
                    self.error(400, f"/v1/rows/{command}", table=name, **query)
                    continue
                wanted = [[row[k] for k in keys] for t in found for row in t["rows"]]
                columns, got, pages = self.walk(f"/v1/rows/{command}", max(2, len(wanted) // 3), table=name, **query)
                self.assertEqual(got, wanted, (command, name))
                self.assertEqual([c["key"] for c in columns], keys)
                self.compare_said(document, found)
                longest[command] = max(longest.get(command, 0), pages)
        self.assertTrue(all(longest[c] > 1 for c in ["tasks", "migration", "expansion", "coverage", "diff", "cohorts", "predict"]), longest)

    def test_first_rows_of_a_document_and_the_others_chosen_and_in_order(self):
        def table(doc):
            return next(i for s in doc["sections"] for i in s["items"] if i["type"] == "table" and i["id"] == "tasks")
        whole = table(self.server.json("/v1/tasks"))
        first = self.server.json("/v1/tasks", rows=5)
        checker(self.server.json("/v1/openapi.json"), "Document").validate(first)
        self.assertEqual((table(first)["rows"], table(first)["of"]), (whole["rows"][:5], len(whole["rows"])))
        self.assertNotIn("of", whole)
        self.pages = checker(self.server.json("/v1/openapi.json"), "Page")
        at = [c["key"] for c in whole["columns"]].index
        _, rows, pages = self.walk("/v1/rows/tasks", 7, order="-value")
        self.assertGreater(pages, 2)
        self.assertEqual([r[at("value")] for r in rows], sorted((r["value"] for r in whole["rows"]), reverse=True))
        playbook = whole["rows"][0]["playbook"]
        _, rows, _ = self.walk("/v1/rows/tasks", 7, only=f"playbook:{playbook}", order="name")
        self.assertEqual(sorted(r[at("account_id")] for r in rows), sorted(r["account_id"] for r in whole["rows"] if r["playbook"] == playbook))
        name = whole["rows"][-1]["name"]
        _, rows, _ = self.walk("/v1/rows/tasks", 7, find=name.upper())
        self.assertEqual({r[at("name")] for r in rows}, {name})
        groups = self.server.json("/v1/rows/tasks", groups="playbook")
        checker(self.server.json("/v1/openapi.json"), "Groups").validate(groups)
        self.assertEqual(sum(n for _, n in groups["groups"]), len(whole["rows"]))
        self.assertEqual(dict(groups["groups"])[playbook], sum(r["playbook"] == playbook for r in whole["rows"]))
        listed = next(s for s in self.server.json("/v1/predict", what="churn", rows=5)["sections"] if s["id"] == "accounts")
        self.assertEqual(listed["title"], f"All {listed['items'][0]['of']} accounts, the highest risk first", "lists that are short by default are whole")
        cursor = self.server.json("/v1/rows/tasks", limit=2, order="-value")["next_cursor"]
        self.assertEqual(self.error(409, "/v1/rows/tasks", cursor=cursor, order="value")["code"], "changed")
        for bad in [{"order": "size"}, {"only": "size:1"}, {"only": "playbook"}, {"groups": "size"}]:
            self.error(400, "/v1/rows/tasks", **bad)
        self.error(400, "/v1/tasks", rows="0")

    def test_pages_of_another_list_or_state_are_refused(self):
        page = self.server.json("/v1/rows/tasks", limit=2)
        cursor = page["next_cursor"]
        self.assertEqual(len(self.server.json("/v1/rows/tasks", limit=3, cursor=cursor)["rows"]), 3, "another size is no other list")
        for other in [{"table": "work"}, {"as_of": "2026-03-31"}]:
            self.assertIn("begin again", self.error(409, "/v1/rows/tasks", cursor=cursor, **other)["message"])
        self.assertEqual(self.error(409, "/v1/rows/expansion", cursor=cursor)["code"], "changed")
        self.assertEqual(self.error(409, "/v1/rows/accounts", cursor=cursor)["code"], "changed")
        for bad in ["x", cursor + "0" * 12, "0" * 16 + "--1"]:
            self.error(400, "/v1/rows/tasks", cursor=bad)
        for limit in ["0", "10001", "-1", "many"]:
            self.error(400, "/v1/rows/tasks", limit=limit)
        self.assertIn("there is no table 'nothing' here; there is ", self.error(400, "/v1/rows/tasks", table="nothing")["message"])
        self.assertIn("has no parameter 'nothing'", self.error(400, "/v1/rows/tasks", nothing="1")["message"])
        for path in ["/v1/rows/nothing", "/v1/rows/run", "/v1/rows/export", "/v1/rows/"]:
            self.error(404, path)
        self.assertEqual(self.server.json("/v1/rows/tasks", command_limit=1)["total"], 1, "the command's own limit, if somebody wants it")
        _, headers, _ = self.server.ask("/v1/rows/tasks", limit=2)
        self.assertEqual(self.server.ask("/v1/rows/tasks", limit=2, headers={"If-None-Match": headers["ETag"]})[0], 304)
        with Server(self.folder / "acme", "--allow-write") as server:
            cursor = server.json("/v1/rows/expansion", limit=2)["next_cursor"]
            path = self.folder / "acme/strata.yaml"
            text = path.read_text()
            path.write_text(text + "# another state\n")
            status, _, body = server.ask("/v1/rows/expansion", limit=2, cursor=cursor)
            path.write_text(text)
            self.assertEqual((status, json.loads(body)["error"]["code"]), (409, "changed"))

    def test_rows_come_page_by_page(self):
        query = {"where": "arr > 1k", "sort": "-arr", "columns": "id,arr,segment,since"}
        wanted = self.rows("accounts", "--where", "arr > 1k", "--sort", "-arr", "--columns", "id,arr,segment,since", project="acme")
        got, cursor, pages = [], None, 0
        while True:
            page = self.server.json("/v1/rows/accounts", limit=70, **query, **({"cursor": cursor} if cursor else {}))
            self.assertEqual([c["key"] for c in page["columns"]], ["id", "arr", "segment", "since"])
            self.assertEqual(page["total"], len(wanted))
            got += page["rows"]
            pages += 1
            cursor = page["next_cursor"]
            if cursor is None:
                break
        self.assertEqual(pages, -(-len(wanted) // 70))
        self.assertEqual([(r[0], f"{r[1]:.2f}", r[2], r[3]) for r in got],
                         [(r["id"], r["arr"], r["segment"], r["since"]) for r in wanted])
        document = json.loads(self.strata("accounts", "--all", "--sort", "id", "--columns", "id,health,spend_365d", "-f", "json", project="acme"))
        table = [i for i in document["sections"][0]["items"] if i["type"] == "table"][0]
        page = self.server.json("/v1/rows/accounts", limit=10000, columns="id,health,spend_365d", all="true", sort="id")
        self.assertTrue(page["missing"])
        self.assertEqual(page["missing"], [m for m in table["missing"] if m["part"] == "rows"])
        first = self.server.json("/v1/rows/accounts", limit=2)["next_cursor"]
        self.error(409, "/v1/rows/accounts", limit=2, sort="arr", cursor=first)
        for bad in ["x", first + "0" * 12, "0" * 16 + "--1"]:
            self.error(400, "/v1/rows/accounts", cursor=bad)
        for limit in ["0", "10001", "-1", "many"]:
            self.error(400, "/v1/rows/accounts", limit=limit)
        self.assertIn("unknown feature", self.error(400, "/v1/rows/accounts", where="nonsense > 1")["message"])

    def test_columns_are_plain_numbers(self):
        status, headers, body = self.server.ask("/v1/whatif/columns", features="arr,health", as_of="2026-03-31")
        self.assertEqual((status, headers["Content-Type"]), (200, "application/octet-stream"))
        numbers = struct.unpack(f"<{len(body) // 8}d", body)
        n = len(numbers) // 2
        rows = self.server.json("/v1/rows/accounts", sort="id", columns="id,arr,health", limit=10000, as_of="2026-03-31")["rows"]
        self.assertEqual(n, len(rows))
        for i, (_, arr, health) in enumerate(rows):
            self.assertEqual(None if math.isnan(numbers[i]) else numbers[i], arr)
            self.assertTrue(math.isnan(numbers[n + i]) if health is None else abs(numbers[n + i] - health) < 1e-9)
        self.error(400, "/v1/whatif/columns")
        self.error(400, "/v1/whatif/columns", features="arr,nothing")

    def test_rules_are_trees_over_columns(self):
        dimensions = {d["name"]: d for d in self.server.json("/v1/whatif/rules")["dimensions"]}
        self.assertEqual(list(dimensions)[-1], "segment", "whoever reads others comes after them")
        arr, health = {"name": "arr", "type": "money"}, {"name": "health", "type": "number"}
        self.assertEqual(dimensions["value"]["rules"][1], {"op": ">=", "of": [arr, {"number": 15000.0, "type": "number"}]})
        self.assertEqual((dimensions["health_band"]["kind"], dimensions["health_band"]["edges"]), ("bands", [80.0, 60.0]))
        self.assertEqual(dimensions["health_band"]["rules"], [health])
        self.assertEqual(dimensions["segment"]["rules"][3]["of"], [{"name": "value", "codes": [2]}, {"name": "health_band", "codes": [2]}])
        self.assertIsNone(dimensions["segment"]["rules"][-1], "otherwise")

    def test_a_model_is_checked_and_planned(self):
        model = self.server.json("/v1/model")
        self.assertEqual(model["text"], (self.folder / "acme/strata.yaml").read_text())
        def check(text):
            return json.loads(self.server.ask("/v1/model/check", method="POST", body=text)[2])
        self.assertEqual((check(model["text"])["ok"], check(model["text"])["errors"]), (True, []))
        wrong = check("strata: 1\nextends: hybrd\n")
        self.assertEqual((wrong["ok"], wrong["errors"][0]["line"], wrong["errors"][0]["column"]), (False, 2, 10))
        for said, line, column, what in [("papers: {tier-up: gone.md}", 2, 19, ""), ("playbooks: [renewal-90, gone.yaml]", 2, 25, ""),
                                         ("dimensions: {value: {overrides: gone.csv}}", 2, 33, "overrides of dimension 'value': ")]:
            wrong = check(f"extends: hybrid\n{said}\nstrata: 1\n")
            self.assertEqual((wrong["ok"], wrong["errors"][0]["line"], wrong["errors"][0]["column"]), (False, line, column))
            self.assertRegex(wrong["errors"][0]["message"], f"^{what}cannot open '.*gone.*': No such file or directory$")
        for path in ["/etc/passwd.yaml", "../other.yaml", "saved/../../other.yaml"]:
            self.assertIn("in the project's folder only", check(f"strata: 1\nextends: {path}\n")["errors"][0]["message"])
        status, _, body = self.server.ask("/v1/model/plan", method="POST", body=model["text"])
        self.assertEqual((status, json.loads(body)["document"]["kind"]), (200, "plan"))
        self.error(403, "/v1/model", method="PUT", body="x")  # without --allow-write

    def test_a_model_that_was_sent_reads_nothing_of_the_machine(self):
        """Neither the environment nor files outside the project's folder show in what is said of it."""
        with Server(self.folder / "acme", STRATA_TEST_SECRET="hunter2") as server:
            text = (self.folder / "acme/strata.yaml").read_text()
            for said in ["overrides: ${STRATA_TEST_SECRET}.csv\n", "extends: ${STRATA_TEST_SECRET}\n", "overrides: ../${STRATA_TEST_SECRET}\n"]:
                for path in ["/v1/model/check", "/v1/model/plan"]:
                    body = server.ask(path, method="POST", body=text + said if "overrides" in said else "strata: 1\n" + said)[2]
                    self.assertNotIn(b"hunter2", body)
                    self.assertIn(b"error", body)

    def test_what_is_no_resource_is_said(self):
        for path in ["/v1", "/v1/", "/v1/nothing", "/v1/jobs/nothing"]:
            self.error(404, path)

    def test_the_day_and_the_seed_are_those_of_the_server(self):
        with Server(self.folder / "acme", "--today", "2025-12-31", "--seed", "7") as server:
            printed = self.strata("segments", "--format", "json", "--today", "2025-12-31", "--seed", "7", project=str(self.folder / "acme"))
            self.assertEqual(server.ask("/v1/segments")[2].decode(), printed)
            printed = self.strata("cluster", "--today", "2025-12-31", "--seed", "7", "--format", "json", project=str(self.folder / "acme"))
            self.assertEqual(server.ask("/v1/cluster")[2].decode(), printed)

    def test_other_sites_and_other_names_are_refused(self):
        self.assertEqual(self.error(403, "/v1/project", headers={"Host": "evil.example"})["code"], "host")
        self.assertEqual(self.error(403, "/", headers={"Host": f"evil.example:{self.server.port}"})["code"], "host")
        self.assertEqual(self.server.ask("/v1/project", headers={"Host": f"localhost:{self.server.port}"})[0], 200)
        own = f"http://127.0.0.1:{self.server.port}"
        for headers in [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": own + "0"}, {"Origin": own.replace("http", "https")},
                        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site", "Origin": own}]:
            self.assertEqual(self.error(403, "/v1/model/check", method="POST", body="strata: 1", headers=headers)["code"], "origin")
        self.assertEqual(self.server.ask("/v1/model/check", method="POST", body="strata: 1",
                                         headers={"Origin": own, "Sec-Fetch-Site": "same-origin"})[0], 200)

    def test_too_much_is_refused(self):
        with socket.create_connection(("127.0.0.1", self.server.port)) as s:  # told before the body is sent
            s.sendall(b"POST /v1/model/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2097153\r\n\r\n")
            self.assertTrue(s.recv(4096).startswith(b"HTTP/1.1 413"))
        self.error(400, "/v1/accounts", where="x" * 9000)
        self.error(400, "/v1/accounts?" + "&".join(f"a{i}=1" for i in range(65)))
        for target in ["/v1/accounts?where=%", "/v1/accounts?where=%zz", "/v1/accounts?where=%00", "/v1/accounts?where=%ff", "/%2"]:
            self.error(400, target)
        status, _, _ = self.server.ask("/v1/project", headers={"X-Large": "x" * 100000})
        self.assertEqual(status, 431)

    def test_a_slow_client_keeps_nobody_waiting(self):
        slow = [socket.create_connection(("127.0.0.1", self.server.port)) for _ in range(20)]
        try:
            for s in slow:
                s.sendall(b"GET /v1/project HTTP/1.1\r\nHost: ")
            begun = time.monotonic()
            self.assertEqual(self.server.ask("/v1/project")[0], 200)
            self.assertLess(time.monotonic() - begun, 5)
        finally:
            for s in slow:
                s.close()

    def test_pages_are_files_of_the_workbench(self):
        status, headers, body = self.server.ask("/")
        self.assertEqual((status, headers.get_content_type()), (200, "text/html"))
        self.assertIn(b"<!doctype html>", body[:20].lower())
        self.assertEqual(self.server.ask("/segments/Champions")[2], body)
        self.error(404, "/nothing.js")
        self.assertNotIn("unsafe-inline' 'unsafe-eval", headers["Content-Security-Policy"])
        self.assertIn("default-src 'self'", headers["Content-Security-Policy"])


class Changes(ServeTest):
    """What --allow-write allows."""

    def test_jobs_change_the_project(self):
        with Server(self.folder / "acme", "--allow-write") as server:
            before = server.ask("/v1/history")[1]["ETag"]
            status, headers, body = server.ask("/v1/jobs/run", method="POST", body=json.dumps({"as_of": "2026-06-30"}),
                                               headers={"Content-Type": "application/json"})
            job = json.loads(body)
            self.assertEqual((status, headers["Location"]), (202, f"/v1/jobs/{job['id']}"))
            _, headers, events = server.ask(f"/v1/jobs/{job['id']}/events")
            self.assertEqual(headers.get_content_type(), "text/event-stream")
            last = [e for e in events.decode().split("\n\n") if e.strip()][-1]
            self.assertIn("event: done", last)
            end = json.loads(last.split("data: ")[1])
            self.assertEqual((end["state"], end["command"]), ("done", "run"), end)
            self.assertEqual(server.json(end["result"])["document"]["kind"], "run")
            self.assertNotEqual(server.ask("/v1/history")[1]["ETag"], before)
            self.assertEqual(server.json("/v1/jobs/")["jobs"][0]["id"], job["id"])
            for path, body, status in [("/v1/jobs/nothing", None, 404), ("/v1/jobs/run?nothing=1", None, 400), ("/v1/jobs/run", "[]", 400),
                                       ("/v1/jobs/run", '{"as_of": [1]}', 400), ("/v1/jobs/run?project=/etc", None, 400)]:
                got = server.ask(path, method="POST", body=body, headers={"Content-Type": "application/json"})
                self.assertEqual(got[0], status, got)
            self.assertEqual(server.ask("/v1/jobs/0123456789abcdef")[0], 404)
            self.assertEqual(server.ask(f"/v1/jobs/{job['id']}", method="PUT", body="x")[0], 405)
        log = [json.loads(line) for line in (self.folder / "acme/strata-audit.jsonl").read_text().splitlines()]
        log = [e for e in log if e["what"] == "run"]
        self.assertEqual([e["state"] for e in log][-2:], ["asked", "done"])
        self.assertEqual(log[-2]["with"], {"as_of": "2026-06-30"})

    def test_a_job_is_cancelled(self):
        with Server(self.folder / "acme", "--allow-write") as server:
            first = json.loads(server.ask("/v1/jobs/cluster", method="POST")[2])
            second = json.loads(server.ask("/v1/jobs/cluster?seed=2", method="POST")[2])
            self.assertEqual(json.loads(server.ask(f"/v1/jobs/{second['id']}", method="DELETE")[2])["state"], "cancelled")
            server.ask(f"/v1/jobs/{first['id']}", method="DELETE")
            events = server.ask(f"/v1/jobs/{first['id']}/events")[2].decode()
            self.assertIn('"state":"cancelled"', events)

    def test_the_model_is_replaced_whole_or_not_at_all(self):
        path = self.folder / "acme/strata.yaml"
        text = path.read_text()
        with Server(self.folder / "acme", "--allow-write") as server:
            digest = server.json("/v1/model")["digest"]
            def put(body, tag):
                return server.ask("/v1/model", method="PUT", body=body, headers={"If-Match": tag} if tag else {})
            self.assertEqual(put(text + "# more\n", None)[0], 400)
            self.assertEqual(put(text + "# more\n", "0" * 64)[0], 412)
            self.assertEqual(put("strata: 1\nextends: hybrd\n", digest)[0], 422)
            self.assertEqual(put(text.replace("accounts.csv", "/etc/passwd"), digest)[0], 422)
            self.assertEqual(path.read_text(), text)
            status, _, body = put(text + "# more\n", digest)
            self.assertEqual(status, 200, body)
            self.assertEqual(path.read_text(), text + "# more\n")
            self.assertEqual(json.loads(body)["digest"], server.json("/v1/model")["digest"])
            self.assertEqual(put(text, json.loads(body)["digest"])[0], 200)

    def test_moved_thresholds_become_text_that_is_put_over_no_other(self):
        path = self.folder / "acme/strata.yaml"
        text = path.read_text()
        moves = [{"dimension": "value", "feature": "arr", "from": 15000, "to": 20000},
                 {"dimension": "health_band", "feature": "health", "from": 80, "to": 75.5}]
        with Server(self.folder / "acme", "--allow-write") as server:
            def edit(what, kind="application/json"):
                status, _, body = server.ask("/v1/whatif/edit", method="POST", body=json.dumps(what), headers={"Content-Type": kind})
                return status, json.loads(body)
            status, edited = edit({"moves": moves})
            self.assertEqual(status, 200, edited)
            checker(server.json("/v1/openapi.json"), "Edited").validate(edited)
            self.assertEqual((edited["ok"], edited["digest"]), (True, server.json("/v1/model")["digest"]))
            self.assertEqual([(c["segment"], c["before"], c["after"], c["taken_from"]) for c in edited["changes"]],
                             [("Green", "80", "75.5", "template health-risk"), ("Growth", "15k", "20k", "template value")])
            self.assertEqual(path.read_text(), text, "nothing is saved")
            self.assertTrue(edited["text"].startswith(text), "what stood there stays")
            before, after = text.splitlines(), edited["text"].splitlines()
            added = {d["line"]: d["text"] for d in edited["diff"] if d["mark"] == "+"}
            self.assertEqual([line for i, line in enumerate(after, 1) if i not in added], before)
            put = lambda body, tag: server.ask("/v1/model", method="PUT", body=body, headers={"If-Match": tag})
            path.write_text(text + "# somebody else\n")
            status, _, body = put(edited["text"], edited["digest"])
            self.assertEqual((status, json.loads(body)["error"]["code"]), (412, "changed"))
            self.assertEqual(path.read_text(), text + "# somebody else\n")
            status, edited = edit({"moves": moves})
            self.assertIn("# somebody else", edited["text"])
            self.assertEqual(put(edited["text"], edited["digest"])[0], 200)
            rules = {d["name"]: d for d in server.json("/v1/whatif/rules")["dimensions"]}
            self.assertEqual((rules["health_band"]["edges"], rules["value"]["rules"][1]["of"][1]["number"]), ([75.5, 60.0], 20000.0))
            # Now the numbers are the file's own: nothing but they changes, one line each.
            status, again = edit({"moves": [{**moves[0], "from": 20000, "to": 17512.5}]})
            self.assertEqual([(d["mark"], d["text"].strip()) for d in again["diff"] if d["mark"] != " "],
                             [("-", "when: arr >= 20k"), ("+", "when: arr >= 17512.5")])
            self.assertIn("read its rules again", edit({"moves": moves})[1]["error"]["message"])
            for wrong in [{}, {"moves": []}, {"moves": [{"dimension": "value"}]}, {"moves": moves * 101}, {"moves": [{**moves[0], "to": "x"}]},
                          {"moves": moves, "more": 1}, [moves]]:
                self.assertEqual(edit(wrong)[0], 400, wrong)
            self.assertEqual(edit({"moves": moves}, "text/plain")[0], 400)
            self.assertEqual(edit({"moves": [{**moves[0], "from": 20000, "dimension": "worth"}]})[1]["error"]["message"], "there is no dimension 'worth'")
            self.assertEqual(put(text, server.json("/v1/model")["digest"])[0], 200)

    def test_readers_beside_a_writer_see_one_run_or_the_other(self):
        """The command line records reviews of other dates while clients read."""
        with Server(self.folder / "acme", "--wait", "60") as server:
            seen, stop, wrong = set(), threading.Event(), []
            def read():
                while not stop.is_set():
                    status, _, body = server.ask("/v1/history")
                    if status == 200:
                        seen.add(body)
                    elif status != 503:
                        wrong.append((status, body))
            readers = [threading.Thread(target=read) for _ in range(3)]
            states = {self.strata("history", "--format", "json", project=str(self.folder / "acme")).encode()}
            for r in readers:
                r.start()
            for date in ["2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]:
                self.strata("backfill", "--every", "quarter", "--from", "2025-12-31", "--as-of", date, "--wait", "60",
                            project=str(self.folder / "acme"))
                states.add(self.strata("history", "--format", "json", "--wait", "60", project=str(self.folder / "acme")).encode())
            stop.set()
            for r in readers:
                r.join()
            self.assertEqual(wrong, [])
            self.assertTrue(seen)
            self.assertLessEqual(seen, states)

    def test_a_server_that_is_killed_leaves_a_whole_project(self):
        server = Server(self.folder / "acme", "--allow-write")
        server.ask("/v1/jobs/backfill?every=month&from=2025-09-30", method="POST")
        time.sleep(0.3)
        server.stop(signal.SIGKILL)
        with Server(self.folder / "acme", "--allow-write", "--wait", "60") as again:
            status, _, body = again.ask("/v1/history")
            self.assertEqual(status, 200, body)
            self.assertEqual(again.ask("/v1/segments")[0], 200)

    def test_a_server_that_is_asked_to_end_ends(self):
        server = Server(self.folder / "acme")
        answers = []
        def ask():
            answers.append(server.ask("/v1/quality")[0])
        client = threading.Thread(target=ask)
        client.start()
        time.sleep(0.2)
        begun = time.monotonic()
        self.assertIn(server.stop(), (0, 130))
        self.assertLess(time.monotonic() - begun, 15)
        client.join()
        self.assertEqual(answers, [200])  # what had begun was answered


class Tokens(ServeTest):
    def test_tokens_say_who_may_do_what(self):
        tokens = self.folder / "tokens"
        made = {role: self.strata("token", "add", f"my-{role}", "--role", role, "--token-file", tokens).strip()
                for role in ["viewer", "analyst", "admin"]}
        self.assertEqual(os.stat(tokens).st_mode & 0o777, 0o600)
        for token in made.values():
            self.assertNotIn(token.split(".")[1], tokens.read_text())
        self.strata("token", "add", "my-admin", "--token-file", tokens, status=64)
        self.strata("token", "add", "a b", "--token-file", tokens, status=64)
        self.strata("token", "remove", "nobody", "--token-file", tokens, status=66)
        self.assertIn("my-viewer", self.strata("token", "list", "--token-file", tokens))
        with Server(self.folder / "acme", "--allow-write", "--token-file", str(tokens)) as server:
            def ask(path, token, method="GET", body=None):
                return server.ask(path, method=method, body=body, headers={"Authorization": f"Bearer {token}"} if token else {})[0]
            self.assertEqual(ask("/v1/project", None), 401)
            self.assertEqual(ask("/v1/project", "my-admin.wrong"), 401)
            status, headers, body = server.ask("/")
            self.assertEqual((status, headers["Cache-Control"]), (401, "no-store"))
            self.assertIn(b"Sign in", body)
            for role, allowed in [("viewer", (200, 403, 403, 403)), ("analyst", (200, 200, 202, 403)), ("admin", (200, 200, 202, 400))]:
                self.assertEqual((ask("/v1/project", made[role]), ask("/v1/model/check", made[role], "POST", "strata: 1"),
                                  ask("/v1/jobs/run", made[role], "POST"), ask("/v1/model", made[role], "PUT", "strata: 1")), allowed, role)
            status, headers, _ = server.ask("/v1/session", method="POST", body=f"token={made['viewer']}")
            self.assertEqual((status, headers["Location"]), (303, "/"))
            cookie = headers["Set-Cookie"]
            self.assertIn("HttpOnly; SameSite=Strict", cookie)
            self.assertEqual(server.ask("/", headers={"Cookie": cookie.split(";")[0]})[0], 200)
            self.strata("token", "remove", "my-viewer", "--token-file", tokens)
            old = {"Cookie": cookie.split(";")[0]}  # a browser goes on sending it, and locks nobody out
            self.assertEqual({server.ask("/v1/project", headers=old)[0] for _ in range(30)}, {401})
            self.assertEqual({ask("/v1/project", f"nobody.{i}") for i in range(30)}, {401})
            self.assertEqual(server.ask("/v1/session", method="POST", body=f"token={made['analyst']}", headers=old)[0], 303)
            self.assertEqual(ask("/v1/project", made["viewer"]), 401)
            statuses = [ask("/v1/project", f"my-admin.{i}") for i in range(12)]
            self.assertEqual(statuses[-1], 429)
            self.assertEqual(ask("/v1/project", made["admin"]), 200)  # who was known stays in

    def test_other_machines_are_let_in_only_on_purpose(self):
        for options in [["--bind", "0.0.0.0"], ["--bind", "nowhere"], ["--tls-cert", "x"], ["--token-file", "/dev/null"]]:
            done = subprocess.run([strata_cli.PROGRAM, "serve", "--project", str(self.folder / "acme"), "--port", "0", *options],
                                  capture_output=True, text=True, timeout=20, check=False)
            self.assertIn(done.returncode, (64, 66), done.stderr)


if __name__ == "__main__":
    strata_cli.main()
