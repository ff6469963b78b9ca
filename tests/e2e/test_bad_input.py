# SPDX-License-Identifier: Apache-2.0
"""What goes wrong around the program: wrong files, locks, full disks, processes that die.
Each ends in a clear error, and the last good state stays."""
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time
import unittest

import strata_cli
from strata_cli import CliTest

NOBODY = 65534
STATE = """
select 'data' as what, value as name, null as n from meta where key = 'data_digest'
union all
select 'review', as_of::varchar, (select count(*) from membership m where m.run_id = r.run_id) from run r
union all
select 'usage', count(*)::varchar, sum(events)::bigint from usage_ledger
order by all"""


def helper():
    return pathlib.Path(strata_cli.PROGRAM).parent / "tests/unit/store/store_helper"


class Projects(CliTest):
    """Two portfolios, `old` and `new`, both read and reviewed; tests work on copies."""

    @classmethod
    def prepare(cls):
        test = cls()
        for name, seed in (("old", 1), ("new", 2)):
            test.strata("synth", name, "--accounts", "150", "--seed", seed)
            test.strata("ingest", project=name)
            if name == "old":
                shutil.copytree(cls.folder / "old", cls.folder / "unreviewed")
            test.strata("run", project=name)
        os.chmod(cls.folder, 0o755)

    def copy(self, name, source="old"):
        shutil.rmtree(self.folder / name, ignore_errors=True)
        shutil.copytree(self.folder / source, self.folder / name)
        return name

    def state(self, project):
        """What the store holds: the data's digest, and the reviews that are recorded."""
        return self.strata("sql", STATE, "-f", "csv", project=project)

    def start(self, *arguments, project, **options):
        return subprocess.Popen([strata_cli.PROGRAM, "--quiet", "--project", str(project),
                                 *arguments], cwd=self.folder, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True, **options)


class WrongFiles(Projects):
    def test_a_wrong_name_in_the_model_is_found_with_its_place_and_the_nearest(self):
        self.copy("w")
        model = self.folder / "w/strata.yaml"
        model.write_text(model.read_text() + "dimensions:\n  size:\n    tiers:\n"
                         "      - {name: Large, when: employes > 100}\n      - {name: Small, otherwise: true}\n")
        before = self.state("old")
        line = model.read_text().splitlines().index(
            "      - {name: Large, when: employes > 100}") + 1
        self.strata("run", project="w", status=78)
        self.assertIn(f"strata.yaml:{line}:", self.errors)
        self.assertIn("did you mean 'employees'", self.errors)
        model.write_text((self.folder / "old/strata.yaml").read_text())
        self.assertEqual(self.state("w"), before)

    def test_a_key_that_is_no_key_and_yaml_that_is_none_are_refused(self):
        self.copy("w")
        model = self.folder / "w/strata.yaml"
        for text, wanted in (("strata: 1\nextend: hybrid\n", "did you mean 'extends'"),
                             ("strata: 1\nsources: {accounts: [\n", "strata.yaml:"),
                             ("", "strata.yaml"), ("strata: 7\n", "strata.yaml:1:")):
            model.write_text(text)
            self.strata("ingest", project="w", status=78)
            self.assertIn(wanted, self.errors)

    def test_a_heading_that_is_not_there_is_refused_and_the_data_stays(self):
        self.copy("w")
        before = self.state("w")
        accounts = self.folder / "w/accounts.csv"
        text = accounts.read_text()
        accounts.write_text(text.replace("Account ID", "Acount ID", 1))
        self.strata("ingest", project="w", status=78)
        self.assertIn("strata.yaml:", self.errors)
        self.assertEqual(self.state("w"), before)

    def test_a_missing_file_and_a_folder_in_place_of_a_file_are_refused(self):
        self.copy("w")
        before = self.state("w")
        (self.folder / "w/tickets.csv").unlink()
        self.strata("ingest", project="w", status=74)
        self.assertIn("tickets.csv", self.errors)
        (self.folder / "w/tickets.csv").mkdir()
        self.strata("ingest", project="w", status=74)
        self.assertIn("tickets.csv", self.errors)
        self.assertEqual(self.state("w"), before)

    def test_a_file_that_may_not_be_read_is_named_and_the_data_stays(self):
        self.copy("w")
        before = self.state("w")
        folder, tickets = self.folder / "w", self.folder / "w/tickets.csv"
        user = {}
        if os.geteuid() == 0:  # who may read everything
            user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, NOBODY, NOBODY)
        tickets.write_text(tickets.read_text() + "\n")
        os.chmod(tickets, 0)
        for arguments, status, wanted in ((["ingest"], 74, "cannot read w/tickets.csv: permission denied"),
                                          (["ingest", "--strict"], 74, "cannot read w/tickets.csv: permission denied")):
            done = subprocess.run([strata_cli.PROGRAM, "--project", "w", *arguments], cwd=self.folder,
                                  capture_output=True, text=True, check=False, **user)
            self.assertEqual((done.returncode, done.stderr), (status, f"strata: {wanted}\n"))
        done = subprocess.run([strata_cli.PROGRAM, "--project", "w/draft", "init", "w/tickets.csv", "w/accounts.csv", "-f", "json"], cwd=self.folder,
                              capture_output=True, text=True, check=False, **user)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("cannot read w/tickets.csv: permission denied", done.stdout)
        self.assertEqual(self.state("w"), before)
        os.chmod(tickets, 0o644)
        self.strata("ingest", project="w")

    def test_strictness_refuses_the_whole_ingest_for_one_row(self):
        self.copy("w")
        tickets = self.folder / "w/tickets.csv"
        text = tickets.read_text()
        tickets.write_text(text + "A000002,A000002-T99,soon,,low,reporting,,When?\n")
        wanted = f"strata: w/tickets.csv:{text.count(chr(10)) + 1}: column opened_at: not a date ('soon')"
        before = self.state("w")
        self.strata("ingest", "--strict", project="w", status=65)
        self.assertIn(wanted, self.errors)
        self.assertEqual(self.state("w"), before)
        os.remove(self.folder / "w/strata.duckdb")  # the first ingest of all
        self.strata("ingest", "--strict", project="w", status=65)
        self.assertIn(wanted, self.errors)
        self.strata("segments", project="w", status=66)
        self.assertIn("strata ingest", self.errors)
        self.strata("ingest", project="w")  # the row is refused, and the rest is there
        self.assertIn("soon", (self.folder / "w/strata-rejects.csv").read_text())
        loaded = self.state("w")
        self.strata("ingest", "--strict", project="w", status=65)  # nothing is new, and it is there
        self.assertIn(wanted, self.errors)
        self.assertEqual(self.state("w"), loaded)
        tickets.write_text(text)
        self.strata("ingest", "--strict", project="w")
        self.strata("segments", project="w")


class WrongStores(Projects):
    def test_a_project_that_is_not_there_says_how_to_make_one(self):
        self.strata("segments", project="nowhere", status=66)
        self.assertIn("strata init", self.errors)

    def test_a_store_that_another_process_holds_is_named_with_the_holder(self):
        self.copy("held")
        holder = subprocess.Popen([helper(), "hold", str(self.folder / "held/strata.duckdb"), "60"],
                                  stdout=subprocess.PIPE, text=True)
        try:
            self.assertEqual(holder.stdout.readline(), "ready\n")
            start = time.monotonic()
            self.strata("--wait", "0", "run", project="held", status=75)
            self.assertLess(time.monotonic() - start, 5)
            self.assertIn(str(holder.pid), self.errors)
            self.assertIn("store_helper", self.errors)
            self.strata("--wait", "1", "segments", project="held", status=75)
            self.strata("doctor", project="held", status=75)
        finally:
            holder.kill()
            holder.communicate()
        self.strata("run", project="held")

    def test_readers_do_not_wait_for_readers(self):
        reader = subprocess.Popen([helper(), "read", str(self.folder / "old/strata.duckdb"), "60"],
                                  stdout=subprocess.PIPE, text=True)
        try:
            self.assertEqual(reader.stdout.readline(), "ready\n")
            self.strata("--wait", "0", "accounts", project="old")
        finally:
            reader.kill()
            reader.communicate()

    def test_a_store_of_a_newer_program_is_refused_and_kept(self):
        self.copy("newer")
        store = self.folder / "newer/strata.duckdb"
        subprocess.run([helper(), "newer", str(store)], check=True)
        before = store.read_bytes()
        for command in ("ingest", "run", "segments", "doctor"):
            self.strata(command, project="newer", status=69)
            self.assertIn("newer", self.errors)
        self.assertEqual(store.read_bytes(), before)

    def test_a_file_that_is_no_store_is_refused_and_kept(self):
        self.copy("junk")
        store = self.folder / "junk/strata.duckdb"
        store.write_bytes(b"this is no database" * 1000)
        self.strata("segments", project="junk", status=69)
        self.strata("ingest", project="junk", status=69)
        self.assertEqual(store.read_bytes(), b"this is no database" * 1000)

    def test_a_folder_that_cannot_be_written_can_be_read(self):
        self.copy("frozen")
        folder = self.folder / "frozen"
        for path in [folder, *folder.rglob("*")]:
            os.chmod(path, 0o555 if path.is_dir() else 0o444)
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        for command, status in (("segments", 0), ("ingest", 74), ("run", 74)):
            done = subprocess.run([strata_cli.PROGRAM, "--project", "frozen", command],
                                  cwd=self.folder, capture_output=True, text=True, check=False, **user)
            self.assertEqual(done.returncode, status, command + done.stderr)
        for path in [folder, *folder.rglob("*")]:
            os.chmod(path, 0o755)


class WrongOutputs(Projects):
    def run_into(self, target, *arguments):
        with open(target, "wb") as out:
            return subprocess.run([strata_cli.PROGRAM, "--project", "old", *arguments], stdout=out,
                                  cwd=self.folder, stderr=subprocess.PIPE, text=True, check=False)

    def test_a_full_disk_under_standard_output_is_noticed(self):
        for arguments in (["segments"], ["accounts", "-f", "csv"], ["accounts", "-f", "json"],
                          ["sql", "select * from usage_ledger", "-f", "csv"], ["export", "-"],
                          ["segments", "-f", "html"], ["help"]):
            done = self.run_into("/dev/full", *arguments)
            self.assertEqual(done.returncode, 74, arguments)
            self.assertNotEqual(done.stderr, "")

    def test_a_reader_that_goes_away_is_no_failure_worth_a_message(self):
        for arguments in (["accounts", "-f", "csv"], ["export", "-", "--what", "membership"],
                          ["sql", "select * from usage_ledger", "-f", "csv"]):
            process = subprocess.Popen([strata_cli.PROGRAM, "--project", "old", *arguments],
                                       cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdout.close()
            errors = process.stderr.read().decode()
            process.wait(timeout=60)
            process.stderr.close()
            self.assertEqual(errors, "", arguments)

    def test_an_output_file_is_whole_or_not_there(self):
        self.strata("accounts", "-o", "nowhere/a.html", "-f", "html", project="old", status=74)
        (self.folder / "kept.csv").write_text("mine")
        self.strata("sql", "select error('stop')", "-f", "csv", "-o", "kept.csv", project="old",
                    status=65)
        self.assertEqual((self.folder / "kept.csv").read_text(), "mine")
        self.assertEqual(list(self.folder.glob("kept.csv.*")), [])


class Interrupted(Projects):
    """The exports change from `old` to `new` while a process is stopped at a random moment."""

    TIMES = 10

    def changed_project(self, name):
        """The store of `old` with the exports of `new` beside it."""
        self.copy(name)
        for path in (self.folder / "new").glob("*.csv"):
            shutil.copy(path, self.folder / name)
        return name

    def duration(self, *arguments, project):
        start = time.monotonic()
        process = self.start(*arguments, project=project)
        _, errors = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, errors)
        return time.monotonic() - start

    def stop_at_random(self, arguments, prepare, signals, seed):
        draw = random.Random(seed)
        prepare("k")
        old = self.state("k")
        took = self.duration(*arguments, project="k")
        new = self.state("k")
        self.assertNotEqual(old, new)
        stopped = 0
        for _ in range(self.TIMES):
            prepare("k")
            process = self.start(*arguments, project="k")
            time.sleep(draw.uniform(0.0, took))
            process.send_signal(signals)
            _, errors = process.communicate(timeout=60)
            code = process.returncode
            self.assertIn(code, (0, 130, -signals), errors)
            stopped += code != 0
            self.assertIn(self.state("k"), (old, new))
            self.duration(*arguments, project="k")
            self.assertEqual(self.state("k"), new)
        self.assertGreater(stopped, 0)

    def unreviewed(self, name):
        return self.copy(name, "unreviewed")

    def test_kill_during_ingest_leaves_the_old_data_or_the_new(self):
        self.stop_at_random(["ingest"], self.changed_project, signal.SIGKILL, 1)

    def test_ctrl_c_during_ingest_leaves_the_old_data_or_the_new(self):
        self.stop_at_random(["ingest"], self.changed_project, signal.SIGINT, 2)

    def test_kill_during_run_leaves_the_old_reviews_or_the_new(self):
        self.stop_at_random(["run"], self.unreviewed, signal.SIGKILL, 3)

    def test_ctrl_c_during_run_leaves_the_old_reviews_or_the_new(self):
        self.stop_at_random(["run"], self.unreviewed, signal.SIGINT, 4)


if __name__ == "__main__":
    strata_cli.main()
