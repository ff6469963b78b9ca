# SPDX-License-Identifier: Apache-2.0
"""The agent interface, spoken to as an assistant's client does: lines of JSON-RPC on standard input."""
import json
import os
import subprocess
import time

import strata_cli
from strata_cli import CliTest


class Session:
    """A running `strata mcp`, initialised."""

    def __init__(self, folder, *options):
        self.process = subprocess.Popen(
            [strata_cli.PROGRAM, "mcp", "--project", str(folder), *options], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.n = 0
        self.notifications = []
        self.request("initialize", {"protocolVersion": "2025-06-18", "capabilities": {},
                                    "clientInfo": {"name": "test", "version": "1"}})
        self.send({"method": "notifications/initialized"})

    def send(self, message):
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.process.stdin.flush()

    def receive(self):
        return json.loads(self.process.stdout.readline())

    def reply(self, method, params=None):
        self.n += 1
        self.send({"id": self.n, "method": method, "params": params or {}})
        while True:
            message = self.receive()
            if message.get("id") == self.n:
                return message
            self.notifications.append(message)

    def request(self, method, params=None):
        message = self.reply(method, params)
        assert "result" in message, message
        return message["result"]

    def tool(self, name, **arguments):
        result = self.request("tools/call", {"name": name, "arguments": arguments})
        return result["isError"], result["content"][0]["text"], result.get("structuredContent")

    def cpu(self):
        """Seconds of processor time so far."""
        with open(f"/proc/{self.process.pid}/stat") as f:
            fields = f.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.wait(30)


class Mcp(CliTest):
    @classmethod
    def prepare(cls):
        cls().strata("synth", "p", "--accounts", 400, "--seed", 7)
        cls.folder = cls.folder / "p"
        cls().strata("ingest")
        cls().strata("run")

    def setUp(self):
        self.session = Session(self.folder)
        self.addCleanup(self.session.close)

    def test_a_tool_says_what_the_command_says(self):
        failed, text, outline = self.session.tool("segments", approach="value")
        self.assertFalse(failed)
        command = self.strata("segments", "value", "--format", "markdown", project=self.folder)
        self.assertTrue(text.startswith(command[:400]), text[:400])
        self.assertEqual(outline["document"]["kind"], "segments")
        answer = outline["answer"]
        self.assertIn(f"This answer is {answer}.", text)

        _, rows, part = self.session.tool("open", answer=answer, table="segments")
        self.assertEqual(part, json.loads(rows))
        document = self.json("segments", "value", project=self.folder)
        table = next(i for i in document["sections"][0]["items"] if i["type"] == "table")
        for one, other in zip(part["rows"], table["rows"], strict=True):
            self.assertEqual(one["arr"], other["arr"])
            self.assertEqual(one["segment"], other["segment"])
            self.assertAlmostEqual(one["arr_share"], other["arr_share"], places=13)

    def test_figures_say_where_they_come_from_and_the_rows_are_there(self):
        _, _, outline = self.session.tool("profile", segment="Champions")
        self.assertTrue(outline["figures"])
        for figure in outline["figures"]:
            self.assertTrue(figure["definition"], figure)
        _, _, origins = self.session.tool("where_from", answer=outline["answer"])
        wheres = {f["rows_where"] for f in origins["figures"] if f.get("rows_where")}
        self.assertTrue(wheres)
        for where in sorted(wheres)[:3]:
            failed, text, _ = self.session.tool("accounts", where=where)
            self.assertFalse(failed, f"{where}: {text}")

    def test_long_answers_are_short_and_open(self):
        _, text, outline = self.session.tool("accounts", limit=150)
        self.assertIn("130 more rows in table", text)
        self.assertLess(len(text), 20000)
        table = outline["tables"][0]
        self.assertEqual(table["rows"], 150)
        _, _, part = self.session.tool("open", answer=outline["answer"], table=table["id"],
                                       offset=140, limit=50)
        self.assertEqual(len(part["rows"]), 10)
        self.assertEqual(part["rows_in_all"], 150)
        _, text, outline = self.session.tool("report", what="framework")
        self.assertLess(len(text), 17000)
        self.assertIn("the first part", text)
        section = outline["sections"][-1]["id"]
        failed, _, part = self.session.tool("open", answer=outline["answer"], section=section)
        self.assertFalse(failed)
        self.assertEqual(part["id"], section)

    def test_going_deeper_is_small_too_and_leaves_nothing_out(self):
        _, _, outline = self.session.tool("report")
        self.assertEqual((len(outline["figures"]), outline["figures_in_all"] > 20), (20, True))
        self.assertLess(len(json.dumps(outline)), 16000)
        _, text, first = self.session.tool("where_from", answer=outline["answer"])
        self.assertLess(len(text), 16000)
        got, n = [], first["figures_in_all"]
        self.assertGreater(n, 200)
        while len(got) < n:
            _, _, part = self.session.tool("where_from", answer=outline["answer"], offset=len(got), limit=200)
            self.assertEqual(part["offset"], len(got))
            got += part["figures"]
        self.assertEqual(got[:len(first["figures"])], first["figures"])
        document = json.loads(self.strata("report", "--format", "json", project="."))
        ids = {p["id"] for p in document["provenance"]}
        named = []

        def gather(items):
            for item in items:
                gather(item.get("items", []))
                if item["type"] == "figure":
                    named.append(item.get("provenance"))
                for one in item.get("columns", []) + item.get("provenance", []) if item["type"] == "table" else []:
                    named.append(one.get("provenance", one.get("id")))
        gather(document["sections"])
        self.assertEqual(n, sum(i in ids for i in named))
        for section in outline["sections"]:
            _, text, _ = self.session.tool("open", answer=outline["answer"], section=section["id"])
            self.assertLess(len(text), 40000, section["id"])

    def test_what_is_not_known_says_why_in_an_opened_table_too(self):
        _, _, outline = self.session.tool("segments")
        _, _, part = self.session.tool("open", answer=outline["answer"], table="segments")
        document = json.loads(self.strata("segments", "--format", "json", project="."))
        table = [i for s in document["sections"] for i in s["items"] if i["type"] == "table" and i["id"] == "segments"][0]
        self.assertTrue(table["missing"])
        self.assertEqual(part["missing"], table["missing"])
        _, _, part = self.session.tool("open", answer=outline["answer"], table="segments", offset=1, limit=1)
        self.assertEqual(part["missing"], [m for m in table["missing"] if m["part"] != "rows" or m["row"] == 1])

    def test_next_steps_are_tools_of_the_same_name(self):
        names = {tool["name"] for tool in self.session.request("tools/list")["tools"]}
        steps = 0
        for tool in ["segments", "quality", "cohorts", "coverage", "expansion", "migration", "forecast", "readiness"]:
            _, _, outline = self.session.tool(tool)
            for step in outline["next_steps"]:
                words = step.split()
                self.assertEqual(words[:2], ["strata", "--project"])
                if words[3] not in {"run", "ingest", "backfill", "crm", "export", "sql", "init"}:  # of the command line, or with leave
                    self.assertIn(words[3], names, step)
                    steps += 1
        self.assertGreater(steps, 8)

    def test_the_portfolio_is_described_with_its_segments(self):
        _, text, _ = self.session.tool("describe")
        for dimension, segments in {"value": "Strategic, Growth, Core, Starter", "health_band": "Green, Yellow, Red"}.items():
            self.assertIn(f"\n- {dimension}: {segments}", text)

    def test_every_tool_that_needs_nothing_answers_or_says_why(self):
        tools = self.session.request("tools/list")["tools"]
        self.assertGreater(len(tools), 30)
        slow = {"cluster", "predict"}  # the same path, and they take their time
        for tool in tools:
            schema = tool["inputSchema"]
            self.assertEqual(schema["additionalProperties"], False)
            if schema.get("required") or tool["name"] in slow:
                continue
            with self.subTest(tool=tool["name"]):
                failed, text, outline = self.session.tool(tool["name"])
                self.assertFalse(failed, text)
                if tool["name"] != "open":
                    self.assertTrue(outline["answer"].startswith("a"))

    def test_what_is_wrong_is_told_as_on_the_command_line(self):
        failed, text, _ = self.session.tool("accounts", where="arr > 1 and helth < 60")
        self.assertTrue(failed)
        self.assertIn("unknown feature 'helth' (did you mean 'health'?)", text)
        failed, text, _ = self.session.tool("explain", account="A-0")
        self.assertTrue(failed)
        self.assertIn("there is no account 'A-0'", text)

    def test_nothing_is_changed_without_leave(self):
        before = (self.folder / "strata.duckdb").stat().st_mtime_ns
        reply = self.session.reply("tools/call", {"name": "run", "arguments": {}})
        self.assertEqual(reply["error"]["code"], -32602)
        failed, text, _ = self.session.tool("cohorts", cell="2024-01:3", save="x")
        self.assertTrue(failed)
        self.assertIn("it changes the project, which this access may not", text)
        self.assertEqual((self.folder / "strata.duckdb").stat().st_mtime_ns, before)

    def test_the_stores_memory_is_limited_as_asked(self):
        for limit, fails in [("2MB", True), ("500MB", False)]:
            session = Session(self.folder, "--memory", limit)
            try:
                reply = session.reply("tools/call", {"name": "segments", "arguments": {}})
                self.assertEqual("error" in reply, fails, reply)
                if fails:
                    self.assertRegex(reply["error"]["message"], r"memory ran out .*1\.9 MiB used.*; allow more with --memory")
            finally:
                self.assertEqual(session.close(), 0)

    def test_with_leave_a_review_is_recorded_and_seen(self):
        session = Session(self.folder, "--allow-write")
        self.addCleanup(session.close)
        _, before, _ = session.tool("history")
        failed, text, _ = session.tool("run", as_of="2026-05-31")
        self.assertFalse(failed, text)
        self.assertIn("Note: not recorded: there is a later review, of 2026-06-30", text)
        failed, text, _ = session.tool("backfill", every="quarter", **{"from": "2025-06-30"})
        self.assertFalse(failed, text)
        _, after, _ = session.tool("history")
        self.assertNotIn("2025-12-31", before)
        self.assertIn("2025-12-31", after)

    def test_a_store_written_meanwhile_is_seen_and_not_locked(self):
        _, before, _ = self.session.tool("accounts", limit=1)
        self.strata("ingest", "--force", project=self.folder)  # fails if the session held the store
        _, after, _ = self.session.tool("accounts", limit=1)
        self.assertEqual(before.rsplit("This answer", 1)[0], after.rsplit("This answer", 1)[0])

    def test_prompts_carry_figures(self):
        names = [p["name"] for p in self.session.request("prompts/list")["prompts"]]
        self.assertIn("segment_customers", names)
        got = self.session.request("prompts/get", {"name": "segment_customers"})
        text = got["messages"][0]["content"]["text"]
        segments = self.rows("segments", project=self.folder)
        for row in segments:
            self.assertIn(row["segment"], text)
        cohort = self.rows("cohorts", "--every", "quarter", project=self.folder)[0]["cohort"]
        got = self.session.request("prompts/get", {"name": "cohort_review",
                                                   "arguments": {"cohort": cohort}})
        self.assertIn(cohort, got["messages"][0]["content"]["text"])

    def test_resources_are_the_model_and_documents(self):
        uris = [r["uri"] for r in self.session.request("resources/list")["resources"]]
        for uri in uris:
            with self.subTest(uri=uri):
                got = self.session.request("resources/read", {"uri": uri})["contents"][0]
                self.assertTrue(got["text"])
        got = self.session.request("resources/read", {"uri": "strata://model"})["contents"][0]
        self.assertEqual(got["text"], (self.folder / "strata.yaml").read_text())
        account = self.rows("accounts", "--limit", 1, project=self.folder)[0]["id"]
        uri = "strata://accounts/" + account.replace("-", "%2D")
        got = self.session.request("resources/read", {"uri": uri})["contents"][0]
        self.assertIn(account, got["text"])
        reply = self.session.reply("resources/read", {"uri": "strata://accounts/none"})
        self.assertEqual(reply["error"]["code"], -32002)

    def test_long_work_tells_how_far_it_is_and_can_be_stopped(self):
        self.session.request("tools/call", {"name": "segments", "arguments": {},
                                            "_meta": {"progressToken": "p1"}})
        values = [n["params"]["progress"] for n in self.session.notifications
                  if n.get("method") == "notifications/progress"]
        self.assertEqual(values, sorted(values))
        # What is asked next is answered though the request before it was cancelled.
        self.session.send({"id": "long", "method": "tools/call",
                           "params": {"name": "predict", "arguments": {"what": "churn"}}})
        self.session.send({"method": "notifications/cancelled", "params": {"requestId": "long"}})
        self.assertEqual(self.session.request("ping"), {})

    def test_work_that_is_cancelled_is_not_done(self):
        """No answer comes of it, and the processor falls quiet."""
        self.session.request("ping")
        before = self.session.cpu()
        self.session.send({"id": "long", "method": "tools/call",
                           "params": {"name": "predict", "arguments": {"what": "churn"}}})
        end = time.monotonic() + 20
        while self.session.cpu() < before + 0.05 and time.monotonic() < end:
            time.sleep(0.01)
        self.session.send({"method": "notifications/cancelled", "params": {"requestId": "long"}})
        self.assertEqual(self.session.request("ping"), {})
        quiet = self.session.cpu()
        time.sleep(0.5)
        self.assertLess(self.session.cpu() - quiet, 0.1)
        self.assertNotIn("long", [n.get("id") for n in self.session.notifications])

    def test_it_ends_when_its_client_does(self):
        session = Session(self.folder)
        self.assertEqual(session.close(), 0)

    def test_it_keeps_answering_after_garbage(self):
        self.session.process.stdin.write("garbage\n\n[]\n")
        self.session.process.stdin.flush()
        self.assertEqual(self.session.receive()["error"]["code"], -32700)
        self.assertEqual(self.session.receive()["error"]["code"], -32600)
        self.assertEqual(self.session.request("ping"), {})
        self.session.process.stdin.write('{"jsonrpc": "2.0", "id": 1, "method": "ping", "params": "' + "x" * (20 << 20) + '"}\n')
        self.session.process.stdin.flush()
        self.assertEqual(self.session.receive()["error"]["message"], "a message may have 4 MB at most")
        self.assertEqual(self.session.request("ping"), {})


if __name__ == "__main__":
    strata_cli.main()
