#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_promises.py PROGRAM: what Strata promises of its results, seen from the outside.

Same data, same results    However many threads, in whatever order the rows of the exports stand, and
                           however often it is asked: the same bytes.
Only what was known then   Rows dated after --as-of change nothing in results as of that date.
A failure changes nothing  A refused ingest leaves the former data, results and history.
"""
import csv
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

ACCOUNTS = "60"
PAST = "2026-03-31"
# The column that says when a fact came to be, by export. The others have no dates of their own.
DATED = {"subscriptions.csv": "start", "usage.csv": "ts", "tickets.csv": "opened_at", "surveys.csv": "answered_at",
         "touchpoints.csv": "at", "opportunities.csv": "opened_at", "health.csv": "at", "interventions.csv": "at"}


class Checks:
    def __init__(self):
        self.passed = self.failed = 0

    def same(self, what, want, got):
        if want == got:
            self.passed += 1
            return
        self.failed += 1
        want, got = want.splitlines(), got.splitlines()
        pairs = [(a, b) for a, b in zip(want, got) if a != b]
        a, b = pairs[0] if pairs else (f"{len(want)} lines", f"{len(got)} lines")
        print(f"FAIL {what}:\n  first  {cut(a, b)}\n  then   {cut(b, a)}")

    def true(self, what, good):
        self.passed += bool(good)
        self.failed += not good
        if not good:
            print(f"FAIL {what}")


def cut(text, other):
    """`text` from shortly before where it differs from `other`."""
    at = next((i for i, (x, y) in enumerate(zip(text, other)) if x != y), 0)
    return repr(text[max(0, at - 80):at + 120])


class Project:
    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)

    def try_run(self, *words):
        return subprocess.run([self.program, "--project", str(self.folder), "--today", "2026-06-30", *words],
                              capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

    def run(self, *words):
        done = self.try_run(*words)
        if done.returncode != 0:
            sys.exit(f"strata {' '.join(words)} ended with {done.returncode}: {done.stderr}")
        return done.stdout.replace(str(self.folder), "PROJECT")  # next steps name it

    def copy(self, folder):
        """The same exports and model, nothing ingested."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns("strata.duckdb*"))
        return Project(self.program, folder)

    def results(self, *options):
        """What the commands say of a project, by command."""
        asked = [("segments", "-f", "json"), ("segments", "value", "12m", "-f", "json"),
                 ("accounts", "-f", "csv"), ("diff", "--since", PAST, "-f", "json"),
                 ("explain", "A000007", "-f", "json"), ("features", "-f", "json"),
                 ("report", "-f", "json"), ("quality", "-f", "json"), ("run", "--dry", "-f", "json"),
                 ("evidence", "-f", "json"), ("journey", "-f", "json")]
        return {" ".join(words): self.run(*words, *options) for words in asked}


def rewrite(path, change):
    """Replaces the rows of an export by change(heading, rows)."""
    with open(path, newline="", encoding="utf-8") as file:
        heading, *rows = csv.reader(file)
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([heading, *change(heading, rows)])


def compare(checks, what, want, got):
    for command, text in want.items():
        checks.same(f"{what}: strata {command}", text, got[command])


def check_threads(checks, project):
    want = project.results("--threads", "1")
    for threads in ("2", "7"):
        compare(checks, f"{threads} threads", want, project.results("--threads", threads))
    compare(checks, "asked again", want, project.results("--threads", "2"))
    return want


def check_order(checks, project, want, folder):
    other = project.copy(folder)
    for number, path in enumerate(sorted(other.folder.glob("*.csv"))):
        rewrite(path, lambda _, rows, n=number: random.Random(n).sample(rows, len(rows)))
    other.run("ingest", "--threads", "2")
    got = other.results("--threads", "2")
    compare(checks, "rows in another order", {command: without_digest(text) for command, text in want.items()},
            {command: without_digest(text) for command, text in got.items()})


def check_ingest_threads(checks, project, want, folder):
    other = project.copy(folder)
    other.run("ingest", "--threads", "7")
    compare(checks, "ingested by 7 threads", want, other.results())


def without_digest(text):
    """Documents name the data by a digest of the files as they are."""
    digest = re.search(r'"data_digest":"([0-9a-f]+)"', text)
    return text.replace(digest[1], "DIGEST") if digest else text


def check_point_in_time(checks, project, folder):
    """With and without what happened after a date, results as of it are the same. (Who the accounts are
    and what became of contracts is told by rows that have no date of their own, so those stay.)"""
    asked = [("segments", "-f", "json"), ("accounts", "-f", "csv"), ("explain", "A000007", "-f", "json")]
    other = project.copy(folder)
    dropped = 0
    for name, column in DATED.items():
        with open(other.folder / name, newline="", encoding="utf-8") as file:
            checks.true(f"{name} has a column '{column}'", column in next(csv.reader(file)))

        def until(heading, rows, column=column):
            nonlocal dropped
            kept = [row for row in rows if row[heading.index(column)][:10] <= PAST]
            dropped += len(rows) - len(kept)
            if "closed_at" in heading:  # of a ticket that was open then
                at = heading.index("closed_at")
                kept = [row[:at] + ["" if row[at] > PAST else row[at]] + row[at + 1:] for row in kept]
            return kept

        rewrite(other.folder / name, until)
    other.run("ingest")
    checks.true("there are later rows", dropped > 100)
    for words in asked:
        want = without_digest(other.run(*words, "--as-of", PAST))
        checks.same(f"later rows: strata {' '.join(words)} --as-of {PAST}", want,
                    without_digest(project.run(*words, "--as-of", PAST)))


def check_failure(checks, project, folder):
    other = project.copy(folder)
    other.run("ingest")
    other.run("run")
    before = other.results(), other.run("history", "-f", "json")
    usage = other.folder / "usage.csv"
    good = usage.read_bytes()
    rewrite(usage, lambda _, rows: [[cell + "?" for cell in row] for row in rows])
    refused = other.try_run("ingest")
    checks.true("a ruined export is refused", refused.returncode == 65)
    checks.true("the message names the file", "usage.csv" in refused.stderr)
    compare(checks, "after a refused ingest", before[0], other.results())
    checks.same("after a refused ingest: strata history", before[1], other.run("history", "-f", "json"))
    usage.write_bytes(good)
    other.run("ingest")
    compare(checks, "after the export was mended", before[0], other.results())


def check_runs(checks, project, folder):
    """Recording twice is recording once."""
    other = project.copy(folder)
    other.run("ingest")
    first = other.run("run", "-f", "json"), other.run("export", "-", "--what", "history", "--type", "csv")
    second = other.run("run", "-f", "json"), other.run("export", "-", "--what", "history", "--type", "csv")
    checks.true("something is recorded", len(first[1].splitlines()) > 60)
    checks.same("recorded again: what is recorded", first[1], second[1])
    third = other.run("run", "-f", "json")
    checks.same("recorded a third time: strata run", second[0], third)


def check_redirected(checks, project, folder):
    """Standard output that is a file gets what a pipe gets, and stays what it is."""
    words = ("export", "-", "--what", "membership", "--type", "csv")
    was = os.readlink("/dev/stdout") if os.path.islink("/dev/stdout") else None
    with open(folder / "redirected.csv", "wb") as out:
        subprocess.run([project.program, "--project", str(project.folder), *words], check=True, stdout=out)
    checks.same("redirected: strata export -", project.run(*words),
                (folder / "redirected.csv").read_text(encoding="utf-8"))
    checks.true("/dev/stdout is still a link", was is None or os.readlink("/dev/stdout") == was)
    (folder / "real.csv").write_text("old")
    (folder / "link.csv").symlink_to("real.csv")
    project.run("export", str(folder / "link.csv"))
    checks.true("a link stays a link", (folder / "link.csv").is_symlink())
    checks.true("the file behind it is written", len((folder / "real.csv").read_text(encoding="utf-8")) > 100)


def check_history(checks, project, folder):
    """A backfill is what reviews recorded one by one would have been; looking back records nothing."""
    export = ("export", "-", "--what", "history", "--type", "csv")
    dates = ["2025-12-31", "2026-03-31", "2026-06-30"]
    at_once, one_by_one = project.copy(folder / "g"), project.copy(folder / "h")
    at_once.run("ingest")
    one_by_one.run("ingest")
    at_once.run("backfill", "--every", "quarter", "--from", dates[0])
    for date in dates:
        one_by_one.run("run", "--as-of", date)
    recorded = at_once.run(*export)
    checks.true("a backfill is recorded", len(recorded.splitlines()) > 60)
    checks.same("backfill and single runs", recorded, one_by_one.run(*export))
    one_by_one.run("run", "--as-of", dates[1])
    checks.same("a look at the past", recorded, one_by_one.run(*export))


def main(program):
    checks = Checks()
    program = str(pathlib.Path(program).resolve())
    with tempfile.TemporaryDirectory(prefix="strata-promises-") as folder:
        base = pathlib.Path(folder)
        subprocess.run([program, "synth", str(base / "a"), "--accounts", ACCOUNTS, "--seed", "3"],
                       check=True, capture_output=True)
        project = Project(program, base / "a")
        project.run("ingest", "--threads", "1")
        want = check_threads(checks, project)
        check_ingest_threads(checks, project, want, base / "b")
        check_order(checks, project, want, base / "c")
        check_point_in_time(checks, project, base / "d")
        check_failure(checks, project, base / "e")
        check_runs(checks, project, base / "f")
        check_redirected(checks, project, base)
        check_history(checks, project, base)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main(sys.argv[1]))
