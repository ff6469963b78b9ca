# SPDX-License-Identifier: Apache-2.0
"""Runs the program as a user would, for end-to-end tests.

A test file is `python3 test_x.py PROGRAM SOURCE_ROOT`; it calls main() below, which runs its
unittest classes and prints one line per test.
"""
import atexit
import csv
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM = None
SOURCE = None


class CliTest(unittest.TestCase):
    """A temporary folder, as self.folder, and the program. Classes derived from one that defines
    prepare() share a folder, which prepare() has filled once; any other class has one of its own."""

    @classmethod
    def prepare(cls):
        """Fills cls.folder."""

    @classmethod
    def setUpClass(cls):
        owner = next(c for c in cls.__mro__ if "prepare" in c.__dict__)
        if owner is CliTest:
            owner = cls
        if "folder" not in owner.__dict__:
            temporary = tempfile.TemporaryDirectory(prefix="strata-test-")
            atexit.register(temporary.cleanup)
            owner.folder = pathlib.Path(temporary.name)
            owner.prepare()

    def strata(self, *arguments, status=0, project=None, env=None, stdin=None):
        """Standard output of a command that must end with `status`; self.errors is its stderr."""
        command = [PROGRAM]
        if project is not None:
            command += ["--project", str(project)]
        command += [str(a) for a in arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, input=stdin,
                              env={**os.environ, **(env or {})}, check=False)
        self.errors = done.stderr
        self.assertEqual(done.returncode, status, f"{' '.join(command)}\n{done.stderr}")
        return done.stdout

    def json(self, *arguments, **options):
        return json.loads(self.strata(*arguments, "--format", "json", **options))

    def rows(self, *arguments, **options):
        """The command's main table as a list of dicts."""
        text = self.strata(*arguments, "--format", "csv", **options)
        return list(csv.DictReader(io.StringIO(text, newline="")))


class RavenStackTest(CliTest):
    """On the example of that name, read with these options. Skipped where its data is not."""
    INGEST = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        data = os.environ.get("STRATA_DATA") or str(SOURCE.parent / "shared" / "data")
        if not os.path.isdir(os.path.join(data, "ravenstack")):
            raise unittest.SkipTest("there is no data of ravenstack")
        cls.environment = {"STRATA_DATA": data}
        shutil.copy(SOURCE / "examples" / "ravenstack" / "strata.yaml", cls.folder)
        cls("strata").strata("ingest", *cls.INGEST, env=cls.environment)


def table_of(document, name):
    """The rows of the table with this id, wherever it is."""
    if isinstance(document, dict):
        if document.get("id") == name and "rows" in document:
            return document["rows"]
        document = list(document.values())
    if isinstance(document, list):
        for item in document:
            found = table_of(item, name)
            if found is not None:
                return found
    return None


def main():
    global PROGRAM, SOURCE
    PROGRAM, SOURCE = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    unittest.main(argv=[sys.argv[0]], verbosity=2)
