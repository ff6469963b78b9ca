# SPDX-License-Identifier: Apache-2.0
"""strata serve where it is easily wrong: files, broken models, jobs and their log, TLS, slow clients, a full disk."""
import csv
import io
import json
import os
import resource
import signal
import socket
import stat
import subprocess
import threading
import time
import urllib.parse
import zipfile

import strata_cli
from serve_client import Server, XLSX, checker, wait_until
from strata_cli import CliTest

PARQUET = "application/vnd.apache.parquet"


class EdgeTest(CliTest):
    @classmethod
    def prepare(cls):
        cls().strata("synth", "acme", "--accounts", "300", "--seed", "1")
        cls().strata("ingest", project="acme")

    def log(self):
        return [json.loads(line) for line in (self.folder / "acme/strata-audit.jsonl").read_text().splitlines()]

    def check_log(self):
        """Every change that was asked for has one end."""
        log = [e for e in self.log() if "job" in e]
        for asked in (e for e in log if e["state"] == "asked"):
            ends = [e["state"] for e in log if e["job"] == asked["job"] and e["state"] != "asked"]
            self.assertEqual(len(ends), 1, asked)
            self.assertIn(ends[0], ["done", "failed", "cancelled"])


class Changes(EdgeTest):
    """One server that may write, for all of these."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server(cls.folder / "acme", "--allow-write")
        cls.api = cls.server.json("/v1/openapi.json")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def error(self, status, path, **more):
        got, _, text = self.server.ask(path, **more)
        self.assertEqual(got, status, text)
        checker(self.api, "Failure").validate(json.loads(text))
        return json.loads(text)["error"]["message"]

    def test_1_without_a_review_a_broken_model_is_mended_on_the_machine(self):
        path = self.folder / "acme/strata.yaml"
        text = path.read_text()
        path.write_text(text + "nonsense: [\n")
        try:
            digest = self.server.json("/v1/model")["digest"]
            found = json.loads(self.server.ask("/v1/model/check", method="POST", body=text)[2])
            checker(self.api, "Check").validate(found)
            self.assertEqual((found["ok"], found["errors"]), (True, []))
            message = self.error(422, "/v1/model", method="PUT", body=text, headers={"If-Match": digest})
            self.assertIn("mend it where it lies", message)
            self.assertIn("nonsense", path.read_text())
        finally:
            path.write_text(text)

    def test_2_a_long_job_tells_how_far_it_is(self):
        status, job = self.server.order("backfill", every="month", **{"from": "2025-01-31"})
        self.assertEqual(status, 202)
        checker(self.api, "Job").validate(job)
        told = self.server.events(job["id"])
        for _, data in told:
            checker(self.api, "Job").validate(data)
        self.assertEqual([e for e, _ in told][-1], "done")
        self.assertEqual({e for e, _ in told[:-1]}, {"progress"})
        running = [d["progress"] for _, d in told if d["state"] == "running" and d["progress"]["what"]]
        self.assertTrue(running, told)
        self.assertTrue(any(p["total"] > 0 for p in running), running)
        self.assertEqual(told[-1][1]["state"], "done")
        for listed in self.server.json("/v1/jobs/")["jobs"]:
            checker(self.api, "Job").validate(listed)

    def test_3_a_broken_model_is_replaced_by_one_with_the_same_sources(self):
        path = self.folder / "acme/strata.yaml"
        text = path.read_text()
        self.strata("run", project="acme")
        path.write_text("nonsense: [\n")
        try:
            digest = self.server.json("/v1/model")["digest"]
            put = {"method": "PUT", "headers": {"If-Match": digest}}
            self.assertIn("cannot be changed over HTTP", self.error(422, "/v1/model", body=text.replace("accounts.csv", "/etc/passwd"), **put))
            status, _, body = self.server.ask("/v1/model", body=text + "# mended\n", **put)
            self.assertEqual(status, 200, body)
            checker(self.api, "Check").validate(json.loads(body))
            self.assertEqual(path.read_text(), text + "# mended\n")
        finally:
            path.write_text(text)

    def test_4_a_plan_is_a_document(self):
        status, headers, body = self.server.ask("/v1/model/plan", method="POST", body=(self.folder / "acme/strata.yaml").read_text())
        self.assertEqual((status, headers["Content-Type"]), (200, "application/json"))
        checker(self.api, "Document").validate(json.loads(body))
        self.error(406, "/v1/model/plan", method="POST", body="strata: 1", headers={"Accept": PARQUET})

    def test_5_tables_are_files_as_the_command_line_writes_them(self):
        for what in ["accounts", "features", "membership", "segments", "history"]:
            for kind, accept in [("csv", "text/csv"), ("json", "application/json"), ("ndjson", "application/x-ndjson"), ("parquet", PARQUET)]:
                if what != "accounts" and kind in ("json", "ndjson"):
                    continue
                name = f"{what}.{kind}"
                self.strata("export", name, "--what", what, project="acme")
                status, headers, body = self.server.ask("/v1/export", what=what, headers={"Accept": accept})
                self.assertEqual((status, headers.get_content_type()), (200, accept), body[:200])
                self.assertEqual(headers["Content-Disposition"], f'attachment; filename="{name}"')
                self.assertEqual(body, (self.folder / name).read_bytes(), name)
        wanted = list(csv.DictReader(io.StringIO((self.folder / "accounts.csv").read_text(), newline="")))
        status, headers, body = self.server.ask("/v1/export", type="xlsx", where="arr > 10k", headers={"Accept": "*/*"})
        self.assertEqual((status, headers["Content-Type"]), (200, XLSX))
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            rows = book.read("xl/worksheets/sheet1.xml").count(b"<row ")
        self.assertEqual(rows, 1 + sum(float(r["arr"] or 0) > 10000 for r in wanted))
        self.assertIn("did you mean 'features'", self.error(400, "/v1/export", what="featurs"))
        for given in [{"to": "/tmp"}, {"file": "/tmp/x"}, {"output": "x"}]:
            self.error(400, "/v1/export", **given)
        self.error(406, "/v1/export", headers={"Accept": "text/html"})
        self.error(406, "/v1/segments", headers={"Accept": PARQUET})
        end = self.server.finish("export", what="segments", type="csv")
        self.assertEqual(self.server.ask(end["result"])[2], (self.folder / "segments.csv").read_bytes())

    def test_5b_what_passes_through_a_file_is_seen_by_nobody_else(self):
        scratch = self.folder / "scratch"
        scratch.mkdir()
        seen, ended = set(), threading.Event()

        def watch():
            while not ended.is_set():
                for entry in os.scandir(scratch):
                    try:
                        seen.add((entry.is_dir(), stat.S_IMODE(entry.stat().st_mode)))
                    except FileNotFoundError:
                        pass

        watcher = threading.Thread(target=watch)
        with Server(self.folder / "acme", before=lambda: os.umask(0), TMPDIR=str(scratch)) as server:
            watcher.start()
            try:
                for kind in ["csv", "parquet", "xlsx"]:
                    status, _, body = server.ask("/v1/export", what="features", type=kind, headers={"Accept": "*/*"})
                    self.assertEqual(status, 200, body[:200])
            finally:
                ended.set()
                watcher.join()
            self.assertLessEqual(seen, {(True, 0o700), (False, 0o600)})
            self.assertIn((True, 0o700), seen)
            self.assertEqual(list(scratch.iterdir()), [])
            scratch.rmdir()
            status, _, body = server.ask("/v1/export", type="json", headers={"Accept": "*/*"})
            self.assertEqual(status, 500)
            self.assertIn(f"{scratch}; set TMPDIR", json.loads(body)["error"]["message"])

    def test_6_files_for_a_crm_come_with_their_job(self):
        self.error(405, "/v1/crm?system=salesforce")
        end = self.server.finish("crm", system="salesforce", dry_run="true")
        self.assertEqual((end["state"], end.get("files")), ("done", None), end)
        end = self.server.finish("crm", system="salesforce")
        checker(self.api, "Job").validate(end)
        self.assertEqual([f.rsplit("/", 1)[1] for f in end["files"]], ["accounts.csv", "moves.csv", "tasks.csv"])
        document = self.server.json(end["result"])
        rows = {r["file"]: r["rows"] for s in document["sections"] for i in s["items"] if i.get("id") == "files" for r in i["rows"]}
        for path in end["files"]:
            status, headers, body = self.server.ask(path)
            self.assertEqual((status, headers.get_content_type()), (200, "text/csv"))
            self.assertEqual(len(list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))) - 1, rows[path.rsplit("/", 1)[1]])
        self.error(404, end["files"][0].replace("accounts", "nothing"))
        self.error(400, "/v1/jobs/crm?system=salesforce&to=/tmp", method="POST")
        self.assertFalse((self.folder / "crm").exists())

    def test_6a_a_dry_run_changes_nothing_and_takes_no_leave(self):
        tokens = self.folder / "dry-tokens"
        token = self.strata("token", "add", "reader", "--role", "viewer", "--token-file", tokens).strip()
        store = self.folder / "acme/strata.duckdb"
        before = (store.stat().st_mtime_ns, store.read_bytes())
        log = self.log()
        for options, headers in [([], {}), (["--allow-write", "--token-file", str(tokens)], {"Authorization": f"Bearer {token}"})]:
            with Server(self.folder / "acme", *options) as server:
                for asked, kind in [("crm?system=salesforce&dry_run=true", "crm"), ("crm?system=salesforce&dry-run=1", "crm"), ("run?dry=true", "run")]:
                    status, _, body = server.ask(f"/v1/jobs/{asked}", method="POST", headers=headers)
                    self.assertEqual(status, 202, body)
                    events = f"/v1/jobs/{json.loads(body)['id']}/events"
                    end = json.loads(server.ask(events, headers=headers)[2].decode().strip().rsplit("data: ", 1)[1])
                    self.assertEqual(end["state"], "done", end)
                    self.assertEqual(json.loads(server.ask(end["result"], headers=headers)[2])["document"]["kind"], kind)
                    self.assertNotIn("files", end)
                for asked in ["crm?system=salesforce", "crm?system=salesforce&dry_run=false", "crm?system=salesforce&dry_run=true&dry_run=false", "run",
                              "run?dry=0", "ingest", "ingest?dry=true"]:
                    self.assertIn(server.ask(f"/v1/jobs/{asked}", method="POST", headers=headers)[0], (400, 403), asked)
        self.assertEqual((store.stat().st_mtime_ns, store.read_bytes()), before)
        self.assertEqual(self.log(), log)

    def test_6b_what_nobody_got_was_not_handed_over(self):
        gone = self.folder / "no-scratch"
        with Server(self.folder / "acme", "--allow-write", TMPDIR=str(gone)) as server:
            before = server.finish("crm", system="hubspot", dry_run="true")
            said = server.json(before["result"])["document"]["title"]
            status, _, body = server.ask("/v1/jobs/crm?system=hubspot", method="POST", headers={"Accept": XLSX})
            self.assertEqual(status, 202, body)
            end = server.events(json.loads(body)["id"])[-1][1]
            self.assertEqual((end["state"], end.get("files")), ("failed", None), end)
            self.assertIn("set TMPDIR", end["error"]["message"])
            after = server.finish("crm", system="hubspot", dry_run="true")
            self.assertEqual(server.json(after["result"])["document"]["title"], said)
            self.assertNotIn("since", said)
        self.check_log()

    def test_7_the_machine_is_looked_at_and_terminals_are_not(self):
        document = self.server.json("/v1/doctor")
        checker(self.api, "Document").validate(document)
        self.assertEqual(document["document"]["kind"], "doctor")
        self.assertIsNone(self.server.ask("/v1/doctor")[1]["ETag"])
        self.assertEqual(self.error(404, "/v1/sql?sql=select+1"), "sql is of the command line only: no SQL is taken from a request")
        for name in ["init", "synth", "token", "serve", "mcp", "completion", "help"]:
            self.assertIn("of the command line only", self.error(404, f"/v1/{name}"))
            self.assertIn("of the command line only", self.error(404, f"/v1/jobs/{name}", method="POST"))

    def test_8_what_is_said_besides_comes_too(self):
        with Server(self.folder / "acme", "--today", "2026-06-30") as server:
            _, headers, _ = server.ask("/v1/segments", approach="value", timeframe="2026")
            self.assertIn("2026 is not over", urllib.parse.unquote(headers["Strata-Notice"]))
            self.assertTrue(headers["Strata-Notice"].isascii())
            _, headers, _ = server.ask("/v1/segments", approach="value", timeframe="2026")  # kept with the answer
            self.assertIn("2026 is not over", urllib.parse.unquote(headers["Strata-Notice"]))
            self.assertIsNone(server.ask("/v1/segments")[1]["Strata-Notice"])
            end = server.finish("segments", approach="value", timeframe="2026")
            self.assertIn("2026 is not over", end["notices"][0])

    def test_8b_all_that_is_said_is_sent_or_counted(self):
        def said(headers):
            return [urllib.parse.unquote(s) for s in (headers["Strata-Notice"] or "").split(", ") if s]

        def nowhere(n):
            return " or ".join(["arr > 0"] + [f"region == 'Atlantis {i}'" for i in range(n)])

        for page in range(2):  # the second comes out of memory, with a cursor
            query = {"cursor": rows["next_cursor"]} if page else {}
            status, headers, body = self.server.ask("/v1/rows/accounts", where=nowhere(2), limit=5, **query)
            self.assertEqual(status, 200, body)
            rows = json.loads(body)
            self.assertEqual(rows["from"], 5 * page)
            self.assertEqual([s.split(": ")[1] for s in said(headers)], [f"no account has region 'Atlantis {i}'" for i in range(2)])
        for packed in [{}, {"Accept-Encoding": "gzip"}]:  # the second is kept
            _, headers, _ = self.server.ask("/v1/accounts", where=nowhere(150), limit=5, headers=packed)
            told = said(headers)
            self.assertLessEqual(len(headers["Strata-Notice"]), 4096)
            self.assertEqual([s.split(": ")[1] for s in told[:-1]], [f"no account has region 'Atlantis {i}'" for i in range(len(told) - 1)])
            self.assertEqual(told[-1], f"and {151 - len(told)} more that the command line shows")
        self.strata("accounts", "--where", nowhere(150), project="acme")
        self.assertEqual(self.errors.count("no account has region"), 150)
        model = (self.folder / "acme/strata.yaml").read_text()
        model += "dimensions:\n  place: {tiers: [{name: far, when: region = Atlantis}, {name: near, otherwise: true}]}\n"
        status, headers, body = self.server.ask("/v1/model/plan", method="POST", body=model)
        self.assertEqual(status, 200, body)
        self.assertIn("no account has region 'Atlantis'", " ".join(said(headers)))

    def test_9_only_so_many_jobs_are_taken(self):
        orders = [self.server.order("backfill", every="month", **{"from": "2020-12-31"}) for _ in range(12)]
        refused = [answer for status, answer in orders if status == 429]
        self.assertTrue(refused)
        self.assertIn("8 jobs are under way", refused[0]["error"]["message"])
        taken = [job["id"] for status, job in orders if status == 202]
        for job in taken:
            self.server.ask(f"/v1/jobs/{job}", method="DELETE")
        for job in taken:
            self.assertEqual(self.server.events(job)[-1][1]["state"], "cancelled")
        self.check_log()
        self.assertIn("8 jobs are under way already; wait for one", [e.get("message") for e in self.log() if e["state"] == "failed"])
        status, _, _ = self.server.ask("/v1/history")
        self.assertEqual(status, 200)


class Memory(EdgeTest):
    def test_the_stores_memory_is_limited_as_asked(self):
        with Server(self.folder / "acme", "--memory", "2MB") as server:
            status, _, body = server.ask("/v1/segments")
            self.assertEqual(status, 500, body)
            error = json.loads(body)["error"]
            self.assertEqual(error["code"], "no-memory")
            self.assertRegex(error["message"], r"memory ran out .*1\.9 MiB used.*; allow more with --memory")
        with Server(self.folder / "acme", "--memory", "500MB") as server:
            self.assertEqual(server.ask("/v1/segments")[0], 200)
        for command in ["serve", "mcp", "segments"]:
            self.strata(command, "--memory", "lots", project="acme", status=64, stdin="")
            self.assertEqual(self.errors, "strata: 'lots' is no limit for the store's memory; write a size such as 2GB\n")


class Elsewhere(EdgeTest):
    def test_files_of_the_model_that_lie_elsewhere_decide_too(self):
        """What strata.yaml extends and names need not lie in the project's folder."""
        base = self.folder / "base"
        base.mkdir()
        (base / "base.yaml").write_text("strata: 1\nextends: hybrid\ntargets: {nrr_12m: 110%}\n")
        (base / "pins.csv").write_text("account_id,segment,who,why,from,until\n")
        path = self.folder / "acme/strata.yaml"
        before = path.read_text()
        path.write_text(before.replace("extends: hybrid", "extends: ../base/base.yaml") +
                        "dimensions: {value: {overrides: ../base/pins.csv}}\n")
        try:
            with Server(self.folder / "acme") as server:
                def ask(path):
                    status, headers, body = server.ask(path)
                    self.assertEqual(status, 200, body)
                    again, _, _ = server.ask(path, headers={"If-None-Match": headers["ETag"]})
                    self.assertEqual(again, 304)
                    return headers["ETag"], body.decode()
                tag, told = ask("/v1/targets")
                (base / "base.yaml").write_text("strata: 1\nextends: hybrid\ntargets: {nrr_12m: 90%}\n")
                status, _, body = server.ask("/v1/targets", headers={"If-None-Match": tag})
                self.assertEqual(status, 200)
                self.assertNotEqual(body.decode(), told)
                self.assertEqual(body.decode(), self.strata("targets", "--format", "json", project=self.folder / "acme"))
                listed = ask("/v1/segments?approach=value")[1]
                first = server.json("/v1/rows/accounts", limit=1, columns="id,value")["rows"][0]
                other = "Starter" if first[1] != "Starter" else "Core"
                (base / "pins.csv").write_text(f"account_id,segment,who,why,from,until\n{first[0]},{other},me,a test,2020-01-01,2027-01-31\n")
                self.assertEqual(server.json("/v1/rows/accounts", limit=1, columns="id,value")["rows"][0], [first[0], other])
                self.assertNotEqual(ask("/v1/segments?approach=value")[1], listed)
        finally:
            path.write_text(before)


class Clients(EdgeTest):
    def test_a_client_that_reads_nothing_is_let_go_of(self):
        with Server(self.folder / "acme", "--timeout", "2") as server:
            slow = socket.socket()
            slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            slow.connect(("127.0.0.1", server.port))
            with slow:
                ask = b"GET /v1/report HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"
                slow.sendall(ask * 20)  # more than fits between the two
                begun = time.monotonic()
                self.assertEqual(server.ask("/v1/project")[0], 200)
                self.assertLess(time.monotonic() - begun, 10)

                def dropped():
                    with open("/proc/net/tcp") as f:  # the server's end of it
                        return not any(line.split()[1].endswith(f":{server.port:04X}") and
                                       line.split()[2].endswith(f":{slow.getsockname()[1]:04X}") and line.split()[3] == "01"
                                       for line in f.readlines()[1:])
                self.assertTrue(wait_until(dropped), "it is still connected")
            self.assertEqual(server.ask("/v1/project")[0], 200)

    def test_a_client_that_sends_a_byte_now_and_then_is_let_go_of(self):
        with Server(self.folder / "acme", "--timeout", "1") as server, socket.create_connection(("127.0.0.1", server.port)) as slow:
            slow.sendall(b"GET /v1/project HTTP/1.1\r\nX: ")

            def dropped():
                try:
                    slow.sendall(b"x")
                except OSError:
                    return True
                return False
            self.assertTrue(wait_until(dropped, 10), "it may go on for ever")
            self.assertEqual(server.ask("/v1/project")[0], 200)

    def test_slow_clients_keep_nobody_else_out(self):
        """More of them than there are connections, none ever idle."""
        with Server(self.folder / "acme") as server:
            slow, stop = [], threading.Event()

            def dribble():
                while not stop.wait(0.2):
                    for s in slow:
                        try:
                            s.sendall(b"x")
                        except OSError:
                            pass

            def answered():
                try:
                    return server.ask("/v1/project")[0] == 200
                except OSError:
                    return False
            try:
                for _ in range(400):
                    slow.append(socket.create_connection(("127.0.0.1", server.port)))
                    slow[-1].sendall(b"GET /v1/project HTTP/1.1\r\nX: ")
                feeder = threading.Thread(target=dribble)
                feeder.start()
                self.assertTrue(wait_until(answered, 10), "nobody else gets in")
                self.assertEqual([answered() for _ in range(5)], [True] * 5)
            finally:
                stop.set()
                feeder.join()
                for s in slow:
                    s.close()

    def test_a_certificate_is_spoken_with(self):
        key, cert = self.folder / "key.pem", self.folder / "cert.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", cert],
                       check=True, capture_output=True)
        tokens = self.folder / "tokens"
        token = self.strata("token", "add", "ann", "--role", "viewer", "--token-file", tokens).strip()
        for options in [["--tls-cert", str(key), "--tls-key", str(cert)], ["--tls-cert", str(cert)]]:
            done = subprocess.run([strata_cli.PROGRAM, "serve", "--project", str(self.folder / "acme"), "--port", "0", *options],
                                  capture_output=True, text=True, timeout=20, check=False)
            self.assertIn(done.returncode, (64, 74), done.stderr)
        with Server(self.folder / "acme", "--bind", "0.0.0.0", "--token-file", str(tokens), "--tls-cert", str(cert), "--tls-key", str(key),
                    ca=cert) as server:
            self.assertEqual(server.ask("/v1/project")[0], 401)
            status, headers, _ = server.ask("/v1/project", headers={"Authorization": f"Bearer {token}"})
            self.assertEqual((status, headers["Strict-Transport-Security"]), (200, "max-age=31536000"))
            _, headers, _ = server.ask("/v1/session", method="POST", body=f"token={token}")
            self.assertIn("; Secure", headers["Set-Cookie"])
        with Server(self.folder / "acme", "--bind", "0.0.0.0", "--insecure-bind", "--token-file", str(tokens)) as server:
            self.assertEqual(server.ask("/v1/project")[0], 401)
            status, headers, _ = server.ask("/v1/project", headers={"Authorization": f"Bearer {token}", "Host": "strata.example"})
            self.assertEqual((status, headers["Strict-Transport-Security"]), (200, None))

    def test_pages_run_no_script_but_their_files(self):
        with Server(self.folder / "acme") as server:
            _, headers, body = server.ask("/")
            policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
            self.assertEqual((policy["default-src"], policy["script-src"], policy["object-src"]), ("'self'", "'self'", "'none'"))
            self.assertNotIn(b"<script>", body)
            self.assertEqual(server.ask("/v1/project")[1]["Content-Security-Policy"], "default-src 'none'; frame-ancestors 'none'")


class FullDisk(EdgeTest):
    """A limit on the size of files stands for a disk without room."""

    def test_jobs_fail_with_words_and_reads_go_on(self):
        room = 65536  # bytes of any file: less than the store has

        def before():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        known = self.strata("segments", "--format", "json", project=self.folder / "acme").encode()
        with Server(self.folder / "acme", "--allow-write", before=before) as server:
            end = server.finish("backfill", every="month", **{"from": "2020-12-31"})
            self.assertEqual(end["state"], "failed", end)
            self.assertIn("strata.duckdb", end["error"]["message"])
            self.assertEqual(server.ask("/v1/segments")[2], known)
            self.assertEqual(server.ask("/v1/history")[0] in (200, 404), True)
        self.check_log()
        with Server(self.folder / "acme", "--allow-write") as server:  # with room again
            self.assertEqual(server.finish("run")["state"], "done")
            self.assertEqual(server.ask("/v1/segments")[0], 200)


if __name__ == "__main__":
    strata_cli.main()
