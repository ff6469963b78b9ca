#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""serve.py STRATA PROJECT SECONDS: requests per second and 99th percentile of `strata serve`.

First answers are timed one by one: they compute. Then wrk asks over 16 connections for what is kept, what the client has already (304),
and pages of the list of accounts, each made anew from the list in memory."""
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

STRATA, PROJECT, SECONDS = sys.argv[1], sys.argv[2], sys.argv[3]
WHERE = urllib.parse.quote("arr > 5k")

# Pages at places that a list of accounts has; a prime step visits them in no order.
PAGES = """
local at = 0
function request()
  at = (at + 7919 * 100) % LAST
  return wrk.format("GET", "PATH&cursor=MARK-" .. at)
end
"""


class Server:
    def __init__(self):
        self.process = subprocess.Popen([STRATA, "serve", "-p", PROJECT, "--port", "0", "--threads", "2"], stdout=subprocess.PIPE,
                                        text=True)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline())[1])

    def ask(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        begin = time.monotonic()
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        took = time.monotonic() - begin
        connection.close()
        if answer.status not in (200, 304):
            sys.exit(f"serve: {path}: {answer.status} {body[:200]}")
        return took, answer, body

    def cpu(self):
        """Seconds of processor time so far."""
        with open(f"/proc/{self.process.pid}/stat") as f:
            fields = f.read().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak(self):
        with open(f"/proc/{self.process.pid}/status") as f:
            return int(re.search(r"VmHWM:\s+(\d+)", f.read())[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def load(server, what, path, script=None, header=None):
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "--latency", "--timeout", "60s", f"http://127.0.0.1:{server.port}{path}"]
    if header:
        command[1:1] = ["-H", header]
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as f:
        if script:
            f.write(script)
            f.flush()
            command[1:1] = ["-s", f.name]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1])
    tail = re.search(r"99%\s+([\d.]+\w+)", text)[1]
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    if wrong:
        sys.exit(f"serve: {what}: {wrong[1]} answers were failures")
    print(f"{what:44} {rate:9.0f} requests/s   99 % within {tail}", flush=True)


def main():
    server = Server()
    try:
        page = f"/v1/rows/accounts?limit=100&where={WHERE}"
        rows = json.loads(server.ask("/v1/rows/accounts?limit=2&columns=id")[2])["rows"]
        accounts = [row[0] for row in rows]
        print("First answers, computed", flush=True)
        for what, path in [("/v1/project", "/v1/project"), ("/v1/segments", "/v1/segments"), ("accounts, a page with a filter", page),
                           ("the same list by another filter", page.replace("5k", "6k")),
                           ("explain of an account", f"/v1/explain?account={accounts[0]}"),
                           ("explain of another", f"/v1/explain?account={accounts[1]}")]:
            before = server.cpu()
            took = server.ask(path)[0]
            print(f"{what:44} wall {took:7.3f} s  cpu {server.cpu() - before:6.2f} s", flush=True)
        first = json.loads(server.ask(page)[2])
        tag = server.ask("/v1/segments")[1].headers["ETag"]
        print(f"Under load: wrk, 16 connections, {SECONDS} s each", flush=True)
        load(server, "/v1/project", "/v1/project")
        load(server, "/v1/segments, kept", "/v1/segments")
        load(server, "/v1/segments, unchanged (304)", "/v1/segments", header=f"If-None-Match: {tag}")
        load(server, "accounts, a page with a filter, kept", page)
        if first["next_cursor"]:
            mark = first["next_cursor"].split("-")[0]
            last = str(max(first["total"] - 100, 1))
            load(server, "accounts, any page of the list", page,
                 PAGES.replace("PATH", page).replace("MARK", mark).replace("LAST", last))
        load(server, "explain, kept", f"/v1/explain?account={accounts[0]}")
        print(f"peak memory {server.peak():.0f} MB", flush=True)
    finally:
        server.stop()


if __name__ == "__main__":
    main()
