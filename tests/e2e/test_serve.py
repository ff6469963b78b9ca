# SPDX-License-Identifier: Apache-2.0
"""strata serve: the same answers as the command line, over HTTP."""
import gzip
import http.client
import json
import re
import signal
import subprocess
import urllib.parse

import strata_cli
from strata_cli import CliTest


class Server:
    """A running server; ends with the block."""

    def __init__(self, folder, *options):
        self.process = subprocess.Popen([strata_cli.PROGRAM, "serve", "--project", str(folder), "--port", "0", *options],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        found = re.search(r":(\d+)/", line)
        if not found:
            raise AssertionError(f"no server: {line}{self.process.stderr.read()}")
        self.port = int(found[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.returncode

    def ask(self, path, method="GET", body=None, headers=None, **query):
        """(status, headers, bytes)"""
        if query:
            path += "?" + urllib.parse.urlencode(query)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def json(self, path, **query):
        status, _, body = self.ask(path, **query)
        if status != 200:
            raise AssertionError(f"{path}: {status} {body}")
        return json.loads(body)


class ServeTest(CliTest):
    @classmethod
    def prepare(cls):
        cls().strata("synth", "acme", "--accounts", "400", "--seed", "1")
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
        for accept, kind in [("text/html", "text/html"), ("text/markdown", "text/markdown"), ("text/csv", "text/csv"),
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

    def test_pages_are_files_of_the_workbench(self):
        status, headers, body = self.server.ask("/")
        self.assertEqual((status, headers.get_content_type()), (200, "text/html"))
        self.assertIn(b"<!doctype html>", body[:20].lower())
        self.assertEqual(self.server.ask("/segments/Champions")[2], body)
        self.error(404, "/nothing.js")
        self.assertNotIn("unsafe-inline' 'unsafe-eval", headers["Content-Security-Policy"])
        self.assertIn("default-src 'self'", headers["Content-Security-Policy"])


if __name__ == "__main__":
    strata_cli.main()
