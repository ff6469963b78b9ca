# SPDX-License-Identifier: Apache-2.0
"""A server that a test has started, and how tests ask it."""
import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
import urllib.parse

import strata_cli

try:
    import jsonschema
except ImportError:  # another Python than Debian's, which has it in python3-jsonschema
    sys.path.append("/usr/lib/python3/dist-packages")
    import jsonschema

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def checker(api, name):
    """Validates by a schema of what the server says of itself."""
    return jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": api["components"]})


class Server:
    """A running server; ends with the block. `ca`: it speaks TLS with a certificate of this authority."""

    def __init__(self, folder, *options, ca=None, before=None, **environment):
        self.process = subprocess.Popen([strata_cli.PROGRAM, "serve", "--project", str(folder), "--port", "0", *options],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment},
                                        preexec_fn=before)
        self.tls = ssl.create_default_context(cafile=str(ca)) if ca else None
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
        if self.tls:
            connection = http.client.HTTPSConnection("localhost", self.port, timeout=60, context=self.tls)
        else:
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

    def order(self, path, **query):
        """(status, what the server says of the job)"""
        status, _, body = self.ask(f"/v1/jobs/{path}", method="POST", **query)
        return status, json.loads(body)

    def events(self, job):
        """What was told of a job until it was over: [(event, data)]"""
        text = self.ask(f"/v1/jobs/{job}/events")[2].decode()
        told = [dict(line.split(": ", 1) for line in e.splitlines() if ": " in line and not line.startswith(":"))
                for e in text.split("\n\n")]
        return [(e["event"], json.loads(e["data"])) for e in told if "data" in e]

    def finish(self, path, **query):
        """Orders a job and waits for its end."""
        status, job = self.order(path, **query)
        if status != 202:
            raise AssertionError(f"{path}: {status} {job}")
        return self.events(job["id"])[-1][1]


def wait_until(what, seconds=20):
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
