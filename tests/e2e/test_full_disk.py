# SPDX-License-Identifier: Apache-2.0
"""Commands that write, on a disk that has become full: a small file system in memory, filled. Skipped where none can be
mounted (it takes root). What was there stays, what is said is clear, and once there is room again all goes on.

The first ingest on a full disk is in test_bad_input.py, with the other ways in which an ingest may fail."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import strata_cli
from strata_cli import CliTest

TODAY = ("--today", "2026-06-30")
REMEDY = r"disk is full|No space left on device"


def mounted(folder):
    return os.geteuid() == 0 and shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", folder], capture_output=True, check=False).returncode == 0


class FullDisk(CliTest):
    @classmethod
    def setUpClass(cls):
        cls.disk = pathlib.Path(tempfile.mkdtemp(prefix="strata-disk-"))
        if not mounted(cls.disk):
            cls.disk.rmdir()
            raise unittest.SkipTest("no file system can be mounted here")
        super().setUpClass()

    @classmethod
    def tearDownClass(cls):
        subprocess.run(["umount", cls.disk], check=False)
        cls.disk.rmdir()

    @classmethod
    def prepare(cls):
        test, project = cls(), cls.disk / "p"
        test.strata("synth", project, "--accounts", "200", "--seed", "1")
        test.strata("ingest", *TODAY, project=project)
        test.strata("run", *TODAY, "--as-of", "2026-03-31", project=project)
        for name in ("report.html", "accounts.csv.out"):
            (project / name).write_text("what was written before\n")

    def fill(self, left):
        free = os.statvfs(self.disk)
        with open(self.disk / "filler", "wb") as out:
            out.write(bytes(free.f_bavail * free.f_frsize - left * 1024))

    def room(self):
        (self.disk / "filler").unlink(missing_ok=True)

    def state(self):
        """What is recorded and read, and every file but the store."""
        said = [self.strata("sql", q, "--format", "csv", project=self.disk / "p") for q in (
            "select r.as_of, count(*), hash(string_agg(s.segment || s.accounts, ',' order by s.segment)) from run r join run_segment s using (run_id) group by all order by 1",
            "select key, value from meta order by key")]
        files = {f.name: f.read_bytes() for f in (self.disk / "p").iterdir() if not f.name.startswith("strata.duckdb")}
        return said, files

    def fails(self, *arguments, left=0):
        """With the disk full; afterwards all is as it was."""
        before = self.state()
        self.fill(left)
        try:
            self.strata(*arguments, *TODAY, project=self.disk / "p", status=74)
            said = self.errors
        finally:
            self.room()
        self.assertRegex(said, REMEDY)
        after = self.state()
        self.assertEqual(after[0], before[0])
        self.assertEqual(sorted(after[1]), sorted(before[1]))
        self.assertEqual(after[1], before[1])
        return said

    def test_a_run_leaves_the_reviews_as_they_were(self):
        said = self.fails("run")
        self.assertIn("free some space, then try again", said)
        self.strata("run", *TODAY, project=self.disk / "p")
        self.assertIn("2026-06-30", self.strata("history", "--format", "csv", project=self.disk / "p"))

    def test_a_backfill_records_all_of_its_reviews_or_none(self):
        for left in (0, 96):
            with self.subTest(left=left):
                said = self.fails("backfill", "--every", "month", left=left)
                self.assertIn("free some space, then try again", said)
        before = len(self.rows("history", project=self.disk / "p"))
        self.strata("backfill", "--every", "month", *TODAY, project=self.disk / "p")
        self.assertGreater(len(self.rows("history", project=self.disk / "p")), before + 12)

    def test_a_report_leaves_the_one_before(self):
        page = self.disk / "p" / "report.html"
        for arguments, left in ((("report",), 0), (("report", "--output", str(page)), 400)):
            self.assertIn(str(page), self.fails(*arguments, left=left))
            self.assertEqual(page.read_text(), "what was written before\n")

    def test_an_export_leaves_the_file_before(self):
        kept = self.disk / "p" / "accounts.csv.out"
        self.assertIn("accounts.csv.out", self.fails("export", str(kept), "--type", "csv"))
        self.assertEqual(kept.read_text(), "what was written before\n")
        for name in ("new.json", "new.parquet"):
            with self.subTest(name=name):
                self.assertIn(name, self.fails("export", str(self.disk / "p" / name)))
        self.strata("export", str(kept), "--type", "csv", *TODAY, project=self.disk / "p")
        self.assertGreater(len(kept.read_text().splitlines()), 100)

    def test_an_ingest_of_changed_files_leaves_the_data_before(self):
        usage = self.disk / "p" / "usage.csv"
        usage.write_text(usage.read_text() + "".join(f"A00000{k % 9 + 1},2026-06-{k % 28 + 1:02d},more{k}\n" for k in range(20)))
        self.fails("ingest")

    def test_who_only_reads_can_read_on(self):
        self.fill(0)
        try:
            for command in ("segments", "history", "accounts"):
                self.assertNotEqual(self.strata(command, *TODAY, project=self.disk / "p"), "")
        finally:
            self.room()


if __name__ == "__main__":
    strata_cli.main()
