# SPDX-License-Identifier: Apache-2.0
"""The example program on libstrata answers as the command line does, and the library shows nothing
but its public interface."""
import csv
import io
import os
import subprocess
import sys

import strata_cli
from strata_cli import CliTest

EXAMPLE, LIBRARY = (os.path.abspath(path) for path in sys.argv[3:5])


class Library(CliTest):
    @classmethod
    def prepare(cls):
        case = cls("strata")
        case.strata("synth", "zoo", "--accounts", 300, "--seed", 3)
        case.strata("ingest", project="zoo")

    def example(self, *arguments):
        done = subprocess.run([EXAMPLE, *arguments], capture_output=True, text=True,
                              cwd=self.folder, check=False)
        self.errors = done.stderr
        return done.returncode, done.stdout

    def test_the_example_answers_as_the_program_does(self):
        for date in ([], ["2025-03-31"]):
            status, text = self.example("zoo", *date)
            self.assertEqual(status, 0, self.errors)
            mine = {row["account_id"]: row for row in csv.DictReader(io.StringIO(text))}
            options = ["--as-of", date[0]] if date else []
            rows = self.rows("accounts", "--columns", "id,segment,arr", *options, project="zoo")
            self.assertGreater(len(rows), 100)
            for row in rows:
                got = mine[row["id"]]
                self.assertEqual((got["segment"], float(got["arr"])),
                                 (row["segment"], float(row["arr"])), row["id"])

    def test_failures_have_the_exit_codes_of_the_program(self):
        status, text = self.example("nowhere")
        self.assertEqual((status, text), (66, ""))
        self.assertIn("nowhere", self.errors)

    def test_only_public_names_can_be_seen(self):
        done = subprocess.run(["nm", "-D", "--defined-only", LIBRARY], capture_output=True,
                              text=True, check=True)
        names = {line.split()[-1] for line in done.stdout.splitlines() if " T " in line}
        self.assertIn("strata_open", names)
        headers = "".join(path.read_text() for path in
                          (strata_cli.SOURCE / "include/strata").glob("*.h"))
        for name in names:
            self.assertIn(name + "(", headers)


if __name__ == "__main__":
    strata_cli.main()
