# SPDX-License-Identifier: Apache-2.0
"""Workbooks (--format xlsx) against the same answers as CSV, and against what data may try in them."""
import csv
import datetime
import os
import pty
import re
import resource
import signal
import stat
import subprocess
import sys
import unittest

import strata_cli
from strata_cli import CliTest
from workbook import Workbook, unescape

try:
    import openpyxl
except ImportError:  # another Python than Debian's, which has it in python3-openpyxl
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        import openpyxl
    except ImportError:
        openpyxl = None

EPOCH = datetime.date(1899, 12, 30)
NASTY = ["=1+1", "=HYPERLINK(\"http://evil.example\",\"x\")", "+1", "-1+2", "@SUM(1)", "http://evil.example",
         "_x0041_", "'quoted'", "Größe 静 👍", "<b>&amp;</b>"]


class Portfolio(CliTest):
    @classmethod
    def prepare(cls):
        case = cls("strata")
        case.strata("synth", "zoo", "--accounts", 400, "--seed", 3)
        path = cls.folder / "zoo" / "accounts.csv"
        lines = path.read_text().splitlines()
        head = lines[0].split(",")
        name = head.index("name")
        for i, nasty in enumerate(NASTY):
            cells = lines[i + 1].split(",")
            cells[name] = '"' + nasty.replace('"', '""') + '"'
            lines[i + 1] = ",".join(cells)
        path.write_text("\n".join(lines) + "\n")
        case.strata("ingest", project="zoo")
        case.strata("report", "-o", "report.xlsx", project="zoo")

    def book(self, *arguments, name="out.xlsx"):
        self.strata(*arguments, "-o", name, project="zoo")
        return Workbook(self.folder / name)

    def close(self, got, text):
        """A cell against what CSV has for it."""
        if isinstance(got, bool):
            self.assertEqual(str(got).lower(), text)
        elif isinstance(got, float) and re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            self.assertEqual((EPOCH + datetime.timedelta(days=got)).isoformat(), text)
        elif isinstance(got, float):
            self.assertAlmostEqual(got, float(text), places=9)
        else:
            # CSV puts an apostrophe before what a spreadsheet would run; here text is text.
            self.assertIn(text, [got or "", "'" + (got or "")])


class Tables(Portfolio):
    def test_a_sheet_has_the_rows_of_the_csv_file_with_types(self):
        columns = "id,name,arr,health_score,since,value,segment,last_seen"
        rows = self.rows("accounts", "--all", "--columns", columns, project="zoo")
        sheet = self.book("accounts", "--all", "--columns", columns).sheets["Accounts"]
        found = sheet.table()
        self.assertEqual(len(found), len(rows))
        self.assertGreater(len(rows), 200)
        for got, want in zip(found, rows):
            for cell, text in zip(got.values(), want.values()):
                self.close(cell, text)
        kinds = {type(v) for row in found for v in row.values()}
        self.assertEqual(kinds, {str, float, type(None)} & kinds | {str, float})

    def test_every_row_is_there_without_all_being_asked_for(self):
        self.assertEqual(len(self.book("accounts").sheets["Accounts"].table()),
                         len(self.rows("accounts", project="zoo")))

    def test_names_stay_text_whatever_they_say(self):
        sheet = self.book("accounts", "--columns", "id,name").sheets["Accounts"]
        texts = set(sheet.cells.values())
        for nasty in NASTY:
            self.assertTrue(nasty in texts or not self.listed(nasty), nasty)
        self.assertEqual(sheet.formulas, [])
        self.assertTrue(all(kind == "s" for place, kind in sheet.types.items()
                            if isinstance(sheet.cells[place], str)))

    def listed(self, name):
        """Whether the account of that name is in the portfolio on the last day."""
        rows = self.rows("accounts", "--columns", "id,name", project="zoo")
        return any(row["name"].lstrip("'") == name.lstrip("'") for row in rows)


class Reports(Portfolio):
    def test_a_report_is_a_workbook_by_the_name_of_its_file(self):
        book = Workbook(self.folder / "report.xlsx")
        names = list(book.sheets)
        self.assertEqual(names[0], "Summary")
        self.assertEqual(names[1], "Charts")
        self.assertEqual(names[-1], "Provenance")
        self.assertEqual(len(names), len({n.lower() for n in names}))
        for name in names:
            self.assertLessEqual(len(name), 31)
            self.assertNotRegex(name, r"[\[\]:*?/\\]")

    def test_nothing_is_run_and_nothing_leads_outside(self):
        book = Workbook(self.folder / "report.xlsx")
        self.assertEqual(book.outside(), [])
        for sheet in book.sheets.values():
            self.assertEqual(sheet.formulas, [], sheet.name)
            for location, identity in sheet.links:
                self.assertIsNone(identity)
                name, cell = location.rsplit("!", 1)
                self.assertIn(name[1:-1].replace("''", "'"), book.sheets)
                self.assertRegex(cell, "^[A-Z]+[0-9]+$")

    def test_charts_draw_figures_that_are_there(self):
        book = Workbook(self.folder / "report.xlsx")
        ranges = book.ranges()
        self.assertGreater(len(ranges), 20)
        for sheet, cells in ranges:
            first = re.match(r"\$([A-Z]+)\$([0-9]+)", cells).groups()
            rows = {r for r, _ in book.sheets[sheet].cells}
            self.assertIn(int(first[1]), rows)

    def test_labels_of_charts_are_written_as_people_read_them(self):
        """No share with fifteen digits, and none as an amount."""
        book = Workbook(self.folder / "report.xlsx")
        seen = 0
        for name, root in book.xml.items():
            if not name.startswith("xl/charts/chart"):
                continue
            for series in (e for e in root.iter() if e.tag.endswith("}ser")):
                labels = [e for e in series if e.tag.endswith("}dLbls")]
                values = [float(v.text) for e in series if e.tag.endswith("}val") for v in e.iter() if v.tag.endswith("}v")]
                formats = [e.get("formatCode") for l in labels for e in l if e.tag.endswith("}numFmt")]
                if labels and any(v != int(v) for v in values):
                    self.assertEqual(len(formats), 1, name)
                    if all(0 <= v <= 1 for v in values):
                        self.assertEqual(formats, ["0.0%"], name)
                        seen += 1
        self.assertGreater(seen, 0)

    def test_no_printed_page_ends_in_a_chart(self):
        root = Workbook(self.folder / "report.xlsx").xml
        sheet = root["xl/worksheets/sheet2.xml"]  # Charts
        breaks = [int(b.get("id")) for rows in sheet if rows.tag.endswith("}rowBreaks") for b in rows]
        self.assertGreater(len(breaks), 3)
        fitted = [e for e in sheet.iter() if e.tag.endswith("}pageSetUpPr") and e.get("fitToPage")]
        self.assertEqual(fitted, [], "a sheet that is fitted has no breaks of its own")
        places = []
        for anchor in root["xl/drawings/drawing1.xml"]:
            rows = [int(e.text) for e in anchor.iter() if e.tag.endswith("}row")]
            places.append((rows[0], rows[1]))
            self.assertFalse([b for b in breaks if rows[0] < b <= rows[1]], rows)
        pages = list(zip([0, *breaks], [*breaks, max(end for _, end in places)]))
        self.assertFalse([p for p in pages if p[1] - p[0] > 58 and sum(p[0] <= a < p[1] for a, _ in places) > 2])

    def test_numbers_stand_off_from_the_texts_beside_them(self):
        root = Workbook(self.folder / "report.xlsx").xml
        styles = [e for e in root["xl/styles.xml"] if e.tag.endswith("}cellXfs")][0]
        numbers = [xf for xf in styles if xf.get("numFmtId") not in ("0", "49")]
        self.assertGreater(len(numbers), 5)
        for xf in numbers:
            self.assertTrue(any(a.get("horizontal") == "left" or (a.get("horizontal"), a.get("indent")) == ("right", "1") for a in xf),
                            xf.attrib)

    def test_every_figure_leads_to_its_definition(self):
        book = Workbook(self.folder / "report.xlsx")
        origins = book.sheets["Provenance"]
        rows = origins.table(head=13)
        self.assertGreater(len(rows), 20)
        self.assertTrue(all(row["Definition"] or row["Inputs"] for row in rows))
        summary = book.sheets["Summary"]
        doors = [location for location, _ in summary.links if "Provenance" in location]
        self.assertGreater(len(doors), 3)
        for door in doors:
            self.assertIn((int(re.search("[0-9]+$", door).group()), 1), origins.cells)

    def test_figures_are_those_of_the_json_document(self):
        document = self.json("report", project="zoo")
        summary = Workbook(self.folder / "report.xlsx").sheets["Summary"]
        labels = {}
        for (row, column), text in sorted(summary.cells.items()):
            if column == 1:
                labels.setdefault(text, summary.cells.get((row, 2)))
        figures = [item for item in document["sections"][0]["items"] if item["type"] == "figure"]
        self.assertGreater(len(figures), 2)
        for figure in figures:
            if isinstance(figure["value"], (int, float)):
                self.assertAlmostEqual(labels[figure["label"]], figure["value"], places=6)

    def test_the_same_data_gives_the_same_bytes(self):
        self.strata("report", "-f", "xlsx", "-o", "again.xlsx", "--threads", 1, project="zoo")
        self.assertEqual((self.folder / "again.xlsx").read_bytes(),
                         (self.folder / "report.xlsx").read_bytes())


class Triangles(Portfolio):
    def test_cohorts_are_a_heat_map_of_the_rates_in_the_json_document(self):
        book = self.book("cohorts", "--every", "year")
        maps = [s for n, s in book.sheets.items() if "heat map" in n]
        self.assertEqual(len(maps), 1)
        document = self.json("cohorts", "--every", "year", project="zoo")
        cells = {(c["cohort"], c["age"]): c["rate"] for section in document["sections"]
                 for item in section["items"] if item.get("id") == "cells" for c in item["rows"]}
        ages = maps[0].row(4)
        shown = 0
        for (row, column), value in maps[0].cells.items():
            if row > 4 and column > 1 and isinstance(value, float):
                self.assertAlmostEqual(value, cells[maps[0].cells[row, 1], ages[column - 1]], places=9)
                shown += 1
        self.assertGreater(shown, 8)


@unittest.skipIf(openpyxl is None, "python3-openpyxl is not there")
class ByAnotherReader(Portfolio):
    """openpyxl reads what export and report write, and agrees with CSV."""

    def test_a_long_table_has_the_rows_of_the_csv_file(self):
        self.strata("export", "all.xlsx", project="zoo")
        self.strata("export", "all.csv", project="zoo")
        with open(self.folder / "all.csv", newline="", encoding="utf-8") as f:
            wanted = list(csv.reader(f))
        book = openpyxl.load_workbook(self.folder / "all.xlsx", read_only=True)
        self.assertEqual(book.sheetnames, ["Accounts"])
        # It leaves the codes of characters as they are.
        got = [[unescape(c.value) if isinstance(c.value, str) else c.value for c in row] for row in book["Accounts"].rows]
        self.assertEqual(got[0], wanted[0])
        self.assertEqual(len(got), len(wanted))
        for cells, texts in zip(got[1:], wanted[1:]):
            for cell, text in zip(cells, texts):
                if isinstance(cell, datetime.datetime):
                    cell = (cell.date() - EPOCH).days
                self.close(float(cell) if type(cell) is int else cell, text)
        self.assertLessEqual(set(NASTY), {row[1] for row in got})
        sheet = openpyxl.load_workbook(self.folder / "all.xlsx")["Accounts"]
        self.assertEqual((sheet.freeze_panes, sheet.auto_filter.ref.split(":")[0]), ("B2", "A1"))
        self.assertFalse([c for row in sheet.iter_rows() for c in row if c.data_type == "f"])
        self.strata("export", "again.xlsx", "--threads", 1, project="zoo")
        self.assertEqual((self.folder / "again.xlsx").read_bytes(), (self.folder / "all.xlsx").read_bytes())

    def test_a_report_opens(self):
        book = openpyxl.load_workbook(self.folder / "report.xlsx")
        self.assertEqual(book.sheetnames[0], "Summary")
        self.assertGreater(sum(len(sheet._charts) for sheet in book), 3)

    def test_a_workbook_goes_into_a_file_whole_or_not_at_all(self):
        self.strata("export", "/proc/nowhere/a.xlsx", project="zoo", status=74)
        self.assertFalse(list(self.folder.glob("*.tmp")))

    def test_a_workbook_goes_into_a_pipe_and_leaves_it_one(self):
        self.strata("export", "kept.xlsx", project="zoo")
        wanted = (self.folder / "kept.xlsx").read_bytes()
        pipe = self.folder / "pipe.xlsx"
        os.mkfifo(pipe)
        reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
        self.strata("export", "pipe.xlsx", project="zoo")
        self.assertEqual(reader.communicate(timeout=30)[0], wanted)
        self.assertTrue(stat.S_ISFIFO(pipe.stat().st_mode))
        pipe.unlink()
        done = subprocess.run([strata_cli.PROGRAM, "-p", "zoo", "export", "-", "--type", "xlsx"], capture_output=True, cwd=self.folder, check=True)
        self.assertEqual(done.stdout, wanted)
        (self.folder / "added").write_bytes(b"before")
        with open(self.folder / "added", "ab") as out:
            subprocess.run([strata_cli.PROGRAM, "-p", "zoo", "export", "-", "--type", "xlsx"], stdout=out, cwd=self.folder, check=True)
        self.assertEqual((self.folder / "added").read_bytes(), b"before" + wanted)
        self.strata("export", "/dev/full", "--type", "xlsx", project="zoo", status=74)
        self.assertEqual(self.errors, "strata: cannot write '/dev/full': No space left on device\n")
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/full").st_mode))

    def test_a_full_disk_is_told_in_one_line_and_leaves_no_workbook(self):
        def little_room():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
        for asked in [["export", "full.xlsx", "--what", "features"], ["accounts", "-o", "full.xlsx", "--format", "xlsx"],
                      ["report", "-o", "full.xlsx", "--format", "xlsx"]]:
            done = subprocess.run([strata_cli.PROGRAM, "-p", "zoo", *asked], capture_output=True, text=True, cwd=self.folder,
                                  preexec_fn=little_room, check=False)
            self.assertEqual(done.returncode, 74, asked)
            self.assertRegex(done.stderr, r"^strata: .*(the disk is full|set TMPDIR to a folder with room).*\n$")
            self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
            self.assertFalse((self.folder / "full.xlsx").exists())
        self.assertFalse(list(self.folder.glob("*.tmp")))

    def test_temporary_files_without_room_make_no_broken_workbook(self):
        small = self.folder / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True, check=False).returncode != 0:
            self.skipTest("a small disk takes root")
        try:
            for asked in [["export", "a.xlsx", "--what", "features"], ["accounts", "-o", "a.xlsx", "--format", "xlsx"]]:
                self.strata(*asked, project="zoo", status=74, env={"TMPDIR": str(small)})
                self.assertIn(f"cannot write a temporary file in {small}; set TMPDIR to a folder with room", self.errors)
                self.assertEqual(self.errors.count("\n"), 1)
                self.assertFalse((self.folder / "a.xlsx").exists())
            self.assertEqual(list(small.iterdir()), [])
            (small / "filled").write_bytes(b"x" * 40000)
            self.strata("export", small / "b.xlsx", project="zoo", status=74)
            self.assertEqual(self.errors, f"strata: '{small}/b.xlsx': cannot write the workbook: the disk is full; free some space, then try again\n")
            self.assertEqual([f.name for f in small.iterdir()], ["filled"])
        finally:
            subprocess.run(["umount", str(small)], check=True)


class Refusals(Portfolio):
    def test_a_terminal_gets_no_workbook(self):
        master, slave = pty.openpty()
        for asked, said in [(["accounts", "-f", "xlsx"], "say where it goes: -o FILE.xlsx"),
                            (["export", "-", "--type", "xlsx"], "a workbook is no text for a terminal; name a file")]:
            done = subprocess.run([strata_cli.PROGRAM, "-p", "zoo", *asked], stdout=slave,
                                  stderr=subprocess.PIPE, text=True, cwd=self.folder, check=False)
            self.assertEqual(done.returncode, 64)
            self.assertIn(said, done.stderr)
        os.close(slave)
        os.close(master)

    def test_a_folder_without_room_for_the_temporary_file_is_named(self):
        self.strata("accounts", "-o", "a.xlsx", project="zoo", status=74, env={"TMPDIR": "/nowhere"})
        self.assertIn("set TMPDIR", self.errors)
        self.assertFalse((self.folder / "a.xlsx").exists())


del Portfolio


if __name__ == "__main__":
    strata_cli.main()
