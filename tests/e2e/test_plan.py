# SPDX-License-Identifier: Apache-2.0
"""strata capacity and coverage: sums against each other and the store, point in time, missing data."""
import csv
import json
import pathlib
import shutil
import unittest

import strata_cli
from strata_cli import CliTest


def minutes(row, key="hours"):
    return round(float(row[key]) * 60)


class Planned(CliTest):
    """A small invented portfolio with managers, touchpoints and coverage levels."""

    @classmethod
    def prepare(cls):
        test = cls()
        test.strata("synth", "p", "--accounts", "600", "--seed", "3")
        test.strata("ingest", project="p")

    def table(self, command, table, *more, project="p"):
        return self.rows(command, "--table", table, *more, project=project)

    def copy(self, name):
        target = self.folder / name
        shutil.copytree(self.folder / "p", target, dirs_exist_ok=True)
        for stale in target.glob("strata.duckdb*"):
            stale.unlink()
        return target

    def rewrite(self, path, change):
        with open(path, newline="") as f:
            rows = list(csv.reader(f))
        with open(path, "w", newline="") as f:
            csv.writer(f, lineterminator="\n").writerows(change(rows))


class Capacity(Planned):
    def test_hours_by_segment_activity_and_manager_agree_to_the_minute(self):
        segments = self.table("capacity", "hours")
        books = self.table("capacity", "csms")
        kinds = ["touchpoint_hours", "review_hours", "onboarding_hours", "renewal_hours", "ticket_hours"]
        for row in segments:
            self.assertEqual(sum(minutes(row, k) for k in kinds), minutes(row), row["segment"])
        for key in ("hours", "accounts", "value"):
            self.assertEqual(sum(round(float(r[key]) * 6000) for r in segments),
                             sum(round(float(r[key]) * 6000) for r in books), key)
        stored = self.rows("sql", "select count(*) as n from csm", project="p")
        self.assertEqual(len([r for r in books if r["csm_id"]]), int(stored[0]["n"]))

    def test_a_what_if_changes_what_is_there_and_not_what_is_needed(self):
        more = self.strata("capacity", "--hours", "10000", project="p")
        self.assertIn("120,000 hours were asked about", more)
        self.assertEqual(self.table("capacity", "hours"), self.table("capacity", "hours", "--hours", "10000"))
        self.strata("capacity", "--hours", "lots", project="p", status=64)

    def test_zero_hours_one_manager_and_unknown_ones_are_said(self):
        target = self.copy("one")
        self.rewrite(target / "csms.csv", lambda rows: [rows[0], [*rows[1][:2], "0", *rows[1][3:]]])
        self.strata("ingest", project="one")
        books = self.table("capacity", "csms", project="one")
        self.assertEqual(books[0]["csm_id"], "C000001")
        self.assertEqual((books[0]["hours_available"], books[0]["load"]), ("0", ""))
        self.assertTrue(any(r["name"] == "(CSM not in csms)" for r in books))
        text = self.strata("capacity", project="one")
        self.assertIn("whose CSM the source 'csms' does not know; strata ingest names them with file and line", " ".join(text.split()))
        told = " ".join(self.strata("ingest", "--wide", project="one").split())
        self.assertRegex(told, r"accounts unknown_csms \d+ 'C000002' \(one/accounts.csv:\d+\)")
        self.assertRegex(told, r"csms no_hours 1 'C000001' \(one/csms.csv:2\): capacity_hours is 0")

    def test_without_managers_it_says_what_is_missing(self):
        target = self.copy("none")
        model = target / "strata.yaml"
        model.write_text("".join(l for l in model.read_text().splitlines(True) if "csms:" not in l))
        self.strata("ingest", project="none")
        text = self.strata("capacity", "--wide", project="none")
        self.assertIn("needs a source 'csms'", text)
        self.assertIn("with 120 hours a month", text)


class Split(Planned):
    """The split of the hours, with an effect that the model file assumes or the data show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        target = cls.folder / "assumed"
        if not target.exists():
            shutil.copytree(cls.folder / "p", target)
            with open(target / "strata.yaml", "a") as f:
                f.write("engagement: {effect: {low: 5%, likely: 15%, high: 25%}}\n")

    def split(self, hours):
        return self.table("capacity", "split", "--hours", str(hours), project="assumed")

    def test_hours_given_are_those_there_are_and_more_never_protect_less(self):
        needed = sum(float(r["hours"]) for r in self.table("capacity", "hours", project="assumed"))
        before = 0.0
        for part in (0.4, 0.7, 1.2):
            month = round(needed * part / 12)
            rows = self.split(month)
            first = sum(float(r["hours_first"]) for r in rows)
            given = sum(float(r["hours_given"]) for r in rows)
            planned = sum(float(r["hours_planned"]) for r in rows)
            self.assertAlmostEqual(given, min(planned, month * 12 - first), delta=0.01)
            worth = sum(float(r["protected"] or 0) + float(r["grown"] or 0) for r in rows)
            self.assertGreaterEqual(worth, before)
            before = worth
        self.assertEqual({r["ten_more"] for r in rows}, {"0.00"})

    def test_hours_that_hold_too_little_are_said(self):
        text = self.strata("capacity", "--hours", "1", project="assumed")
        self.assertIn("cannot hold the onboarding, renewals and tickets of", text.replace("\n", " "))
        first = sum(float(r["hours_first"]) for r in self.table("capacity", "split", project="assumed"))
        self.assertIn(f"and {first:,.0f} hours for all segments", " ".join(text.split()))


class Territories(Planned):
    def moves(self, *more, project="p"):
        return self.table("territories", "moves", *more, project=project)

    def books(self, *more, project="p"):
        return {r["csm_id"]: r for r in self.table("territories", "books", *more, project=project)}

    def test_books_change_by_their_moves_and_nothing_else(self):
        books, moves = self.books(), self.moves()
        self.assertGreater(len(moves), 5)
        owner = {r["id"]: r["csm_id"] for r in
                 self.rows("accounts", "--columns", "id,csm_id", project="p")}
        came = {csm: [0, 0, 0] for csm in books}
        for m in moves:
            self.assertEqual(owner[m["account_id"]], m["from"])
            for csm, sign in ((m["from"], -1), (m["to"], 1)):
                came[csm][0] += sign
                came[csm][1] += sign * minutes(m)
                came[csm][2] += sign * round(float(m["value"]) * 100)
        for csm, row in books.items():
            change = [int(row["accounts_after"]) - int(row["accounts_before"]),
                      minutes(row, "hours_after") - minutes(row, "hours_before"),
                      round(float(row["value_after"]) * 100) - round(float(row["value_before"]) * 100)]
            self.assertEqual(change, came[csm], csm)
            self.assertLessEqual(minutes(row, "hours_after"),
                                 max(float(row["capacity_hours"]) * 60, minutes(row, "hours_before")))

    def test_hours_before_are_those_of_capacity(self):
        held = {r["csm_id"]: minutes(r) for r in self.table("capacity", "csms") if r["csm_id"]}
        for csm, row in self.books().items():
            self.assertEqual(minutes(row, "hours_before"), held[csm], csm)

    def test_limits_on_moves_and_locks_hold(self):
        self.assertLessEqual(len(self.moves("--moves", "3")), 3)
        self.assertEqual(self.moves("--moves", "0"), [])
        large = {r["id"] for r in self.rows("accounts", "--where", "arr >= 10k", "--columns", "id", project="p")}
        moved = {m["account_id"] for m in self.moves("--lock", "arr >= 10k")}
        self.assertTrue(moved.isdisjoint(large))

    def test_the_way_back_mirrors_the_moves(self):
        path = self.folder / "undo.csv"
        there = {(m["account_id"], m["from"], m["to"]) for m in self.moves("--undo", path)}
        with open(path, newline="") as f:
            back = {(r["account_id"], r["to"], r["from"]) for r in csv.DictReader(f)}
        self.assertEqual(there, back)

    def hand_over(self, exports, moves):
        """Writes the managers of these moves into accounts.csv, as a CRM would."""
        to = {m["account_id"]: m["to"] for m in moves}

        def change(rows):
            account, csm = rows[0].index("Account ID"), rows[0].index("csm_id")
            for row in rows[1:]:
                row[csm] = to.get(row[account], row[csm])
            return rows
        self.rewrite(exports / "accounts.csv", change)

    def test_made_and_taken_back_the_books_are_as_before(self):
        target = self.copy("back")
        self.hand_over(target, [])  # as this test writes it
        before = (target / "accounts.csv").read_bytes()
        path = self.folder / "way_back.csv"
        planned, moves = self.books("--undo", path), self.moves()
        self.hand_over(target, moves)
        self.assertNotEqual((target / "accounts.csv").read_bytes(), before)
        self.strata("ingest", project="back")
        made = self.books(project="back")
        for csm, row in planned.items():
            for key in ("hours", "accounts", "value", "renewals", "at_risk"):
                self.assertEqual(made[csm][f"{key}_before"], row[f"{key}_after"], (csm, key))
        with open(path, newline="") as f:
            self.hand_over(target, list(csv.DictReader(f)))
        self.assertEqual((target / "accounts.csv").read_bytes(), before)

    def test_the_report_is_the_plan_with_all_moves(self):
        self.strata("report", "territories", "-o", "books.html", project="p")
        page = (self.folder / "books.html").read_text()
        for m in self.moves():
            self.assertIn(m["account_id"], page)
        for part in ("accounts change hands: ", "above fair shares, not ", "What binds", "of what the best one could bring"):
            self.assertIn(part, page)

    def test_threads_row_order_and_later_facts_change_nothing(self):
        date = ["--as-of", "2026-03-31"]
        wanted = self.moves(*date)
        self.assertEqual(wanted, self.moves(*date, "--threads", "1"))
        target = self.copy("turned")
        for name in ("accounts.csv", "subscriptions.csv", "tickets.csv", "touchpoints.csv"):
            self.rewrite(target / name, lambda rows: [rows[0], *reversed(rows[1:])])
        with open(target / "touchpoints.csv", "a") as f:
            f.write("A000001,2026-06-29,C000001,call,600,true\n")
        self.strata("ingest", project="turned")
        self.assertEqual(wanted, self.moves(*date, project="turned"))

    def test_what_cannot_be_is_said(self):
        self.strata("territories", "--lock", "arr >", project="p", status=64)
        self.strata("territories", "--limit", "1%", "--assign", project="p", status=67)
        self.assertIn("may have", self.errors)
        target = self.copy("nobody")
        model = target / "strata.yaml"
        model.write_text(model.read_text().replace("  csms: csms.csv\n", ""))
        self.strata("ingest", project="nobody")
        self.strata("territories", project="nobody", status=65)
        self.assertIn("csms", self.errors)


class Coverage(Planned):
    def test_the_sums_are_those_of_the_accounts(self):
        fit = {r["fit"]: r for r in self.table("coverage", "fit")}
        for table, label in (("under_served", "less than it should be"), ("over_served", "more than it should be")):
            rows = self.table("coverage", table)
            self.assertEqual(len(rows), int(fit[label]["accounts"]))
            self.assertEqual(sum(minutes(r) for r in rows), minutes(fit[label]))
            self.assertEqual(sum(round(float(r["value"]) * 100) for r in rows), round(float(fit[label]["value"]) * 100))
        both = self.table("coverage", "under_served") + self.table("coverage", "over_served")
        for change in self.table("coverage", "changes"):
            self.assertLessEqual(int(change["accounts"]), len(both))

    def test_without_coverage_and_touchpoints_it_says_what_is_missing(self):
        target = self.copy("bare")
        model = target / "strata.yaml"
        model.write_text("".join(l for l in model.read_text().splitlines(True) if "touchpoints:" not in l))
        self.rewrite(target / "accounts.csv",
                     lambda rows: [[v for k, v in zip(rows[0], r) if k != "coverage"] for r in rows])
        self.strata("ingest", project="bare")
        text = self.strata("coverage", "--wide", project="bare")
        self.assertIn("needs a column 'coverage'", text)

    def test_without_coverage_and_health_touchpoints_tell_and_nobody_is_called_quiet(self):
        target = self.copy("told")
        model = target / "strata.yaml"
        model.write_text("".join(l for l in model.read_text().splitlines(True)
                                 if not l.strip().startswith(("health:", "usage:", "surveys:", "tickets:"))))
        self.rewrite(target / "accounts.csv",
                     lambda rows: [[v for k, v in zip(rows[0], r) if k != "coverage"] for r in rows])
        self.strata("ingest", project="told")
        text = " ".join(self.strata("coverage", "--wide", project="told").split())
        self.assertIn("What accounts have is read from their touchpoints", text)
        self.assertRegex(text, r"accounts? gets? more than they should ")
        self.assertNotIn("quiet", text.lower())
        fit = self.table("coverage", "fit", project="told")
        hours = self.table("capacity", "hours", project="told")
        for key in ("accounts", "value"):
            self.assertEqual(sum(round(float(r[key]) * 100) for r in fit), sum(round(float(r[key]) * 100) for r in hours))


class Same(Planned):
    def results(self, project, *more):
        found = []
        for command in ("capacity", "coverage"):
            document = self.json(command, "--as-of", "2026-03-31", *more, project=project)
            found.append(json.dumps(document["sections"], sort_keys=True))
        return found

    def test_threads_do_not_matter(self):
        self.assertEqual(self.results("p", "--threads", "1"), self.results("p", "--threads", "3"))

    def test_neither_later_facts_nor_the_order_of_rows_matter(self):
        target = self.copy("later")
        for name in ("accounts", "touchpoints", "tickets", "health", "csms", "opportunities"):
            self.rewrite(target / f"{name}.csv", lambda rows: [rows[0], *reversed(rows[1:])])
        account = "A000001"
        with open(target / "touchpoints.csv", "a") as f:
            f.write(f"{account},2026-05-05,C000001,call,30,true\n" * 40)
        with open(target / "tickets.csv", "a") as f:
            f.write(f"{account},{account}-T99,2026-05-06,,high,permissions,,later\n")
        self.strata("ingest", project="later")
        before = self.results("p")
        after = self.results("later")
        for a, b in zip(before, after):
            self.assertEqual(a, b)


if __name__ == "__main__":
    strata_cli.main()
