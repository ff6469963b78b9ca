# SPDX-License-Identifier: Apache-2.0
"""The report on a small invented portfolio: a golden of its text form, with invariants beside it.

After a wanted change of the text: STRATA_UPDATE_GOLDEN=1 python3 tests/e2e/test_report.py PROGRAM SOURCE
"""
import fcntl
import html.parser
import json
import os
import pty
import re
import subprocess
import time

import strata_cli
from strata_cli import CliTest

TODAY = ("--today", "2026-06-30")
SECTIONS = ["summary", "segments", "matrix", "concentration", "dimensions", "profiles", "findings",
            "coverage", "operating-model", "targeting", "move-rules", "expected-effect", "movement", "trend", "milestones", "quality", "roadmap", "lists",
            "data-quality", "method"]


class Page(html.parser.HTMLParser):
    """What a browser would load, the ids, and the text that people read."""

    def __init__(self):
        super().__init__()
        self.loads, self.ids, self.specs, self.text = [], [], [], []
        self.inside = None

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "id" in values:
            self.ids.append(values["id"])
        if tag in ("script", "img", "iframe", "audio", "video", "source", "embed"):
            self.loads += [values[k] for k in ("src", "srcset") if k in values]
        if tag == "link":
            self.loads.append(values.get("href"))
        if tag in ("script", "style"):
            self.inside = values.get("type", tag)

    def handle_endtag(self, tag):
        if tag in ("script", "style"):
            self.inside = None

    def handle_data(self, data):
        if self.inside == "application/json":
            self.specs.append(json.loads(data))
        elif self.inside is None:
            self.text.append(data)


class Report(CliTest):
    @classmethod
    def prepare(cls):
        test = cls()
        test.strata("synth", "p", "--accounts", "400", "--seed", "7")
        test.strata("ingest", *TODAY, project="p")
        test.strata("run", *TODAY, project="p")

    made = {}  # that the same command gives the same bytes has a test of its own

    def report(self, form="markdown"):
        if form not in self.made:
            self.made[form] = self.report_again(form=form)
        return self.made[form]

    def report_again(self, *arguments, form):
        return self.strata("report", *TODAY, "--format", form, *arguments, project="p")

    def page(self):
        page = Page()
        page.feed(self.report(form="html"))
        return page

    def document(self):
        return json.loads(self.report(form="json"))

    # --- the golden ---

    def test_the_text_is_as_expected(self):
        path = strata_cli.SOURCE / "tests" / "golden" / "report" / "framework.md"
        text = re.sub(r"\b[0-9a-f]{64}\b", "DIGEST", self.report())
        if os.environ.get("STRATA_UPDATE_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        self.assertEqual(text, path.read_text())

    # --- what holds for any report ---

    def test_every_section_is_there_once(self):
        ids = self.page().ids
        for name in SECTIONS:
            self.assertEqual(ids.count(name), 1, name)
        self.assertEqual(len(ids), len(set(ids)))

    def test_no_figure_is_broken(self):
        for text in (self.report(), " ".join(self.page().text)):
            self.assertNotRegex(text, r"(?i)\b(nan|inf|infinity|null|undefined)\b|\(null\)")

    def test_it_opens_without_a_network_and_is_small(self):
        text = self.report(form="html")
        page = Page()
        page.feed(text)
        self.assertEqual(page.loads, [])
        self.assertNotRegex(text, r"""@import|url\(\s*['"]?(https?:)?//""")
        self.assertLess(len(text), 2_000_000)
        self.assertGreater(len(text), 500_000)  # the chart runtime is inside

    def test_charts_have_their_data_inside(self):
        specs = self.page().specs
        self.assertGreaterEqual(len(specs), 7)
        for spec in specs:
            self.assertNotIn('"url"', json.dumps(spec))

    def test_every_heading_is_a_text_of_its_own(self):
        headings = re.findall(r"^## (.+)$", self.report(), re.M)
        self.assertEqual(len(headings), len(set(headings)))
        self.assertEqual(len(headings), len(SECTIONS))

    def tables(self, node):
        """All tables by id, however deep."""
        found = {}
        if isinstance(node, dict):
            if "rows" in node and "id" in node:
                found[node["id"]] = node["rows"]
            for value in node.values():
                found.update(self.tables(value))
        elif isinstance(node, list):
            for value in node:
                found.update(self.tables(value))
        return found

    def test_figures_agree_with_the_segments_command(self):
        tables = self.tables(self.document())
        expected = self.tables(self.json("segments", *TODAY, project="p"))
        self.assertEqual(tables["segments"], expected["segments"])

    def test_matrices_and_dimensions_add_up_to_the_segments(self):
        tables = self.tables(self.document())
        accounts = sum(row["accounts"] for row in tables["segments"])
        self.assertGreater(accounts, 100)
        for name in ("matrix_value_health_band", "matrix_value_lifecycle", "dimension_value",
                     "dimension_segment"):
            self.assertEqual(sum(row["accounts"] for row in tables[name]), accounts, name)

    def test_the_same_bytes_whatever_the_threads(self):
        first = self.report_again("--threads", "1", form="html")
        for threads in ("2", "7", "1"):
            self.assertEqual(self.report_again("--threads", threads, form="html"), first)

    # --- the command ---

    def test_the_output_s_name_says_the_form(self):
        for name, start in (("r.html", "<!doctype html>"), ("r.md", "# "), ("r.json", "{")):
            self.strata("report", *TODAY, "--output", name, project="p")
            self.assertTrue((self.folder / name).read_text().startswith(start), name)

    def test_without_output_it_goes_into_the_project(self):
        self.assertEqual(self.strata("report", *TODAY, project="p"), "")
        self.assertIn("report.html", self.errors)
        self.assertTrue((self.folder / "p" / "report.html").exists())

    def test_an_unknown_report_is_a_usage_error(self):
        self.strata("report", "cohorts", project="p", status=64)
        self.assertIn("there is no report 'cohorts'", self.errors)


class Progress(CliTest):
    """What takes longer than a second says so, where somebody looks: here it waits for the store."""

    @classmethod
    def prepare(cls):
        cls().strata("synth", "p", "--accounts", 100, "--seed", 1)
        cls().strata("ingest", project="p")

    def waiting(self, *arguments, terminal=True, **environment):
        """(standard output, standard error) of a command that finds the store in use for two seconds."""
        ends = pty.openpty() if terminal else os.pipe()
        with open(self.folder / "p/strata.duckdb", "r+b") as held:
            fcntl.lockf(held, fcntl.LOCK_EX)
            process = subprocess.Popen([strata_cli.PROGRAM, "--project", "p", *arguments], stdout=subprocess.PIPE, stderr=ends[1],
                                       cwd=self.folder, env={**os.environ, "TERM": "xterm", **environment})
            os.close(ends[1])
            time.sleep(2)
        out = process.communicate(timeout=60)[0].decode()
        self.assertEqual(process.returncode, 0)
        told = b""
        try:
            while piece := os.read(ends[0], 65536):
                told += piece
        except OSError:  # the end of a terminal
            pass
        os.close(ends[0])
        return out, told.decode()

    def test_a_terminal_sees_how_far_a_report_is(self):
        out, told = self.waiting("report", "-o", "-")
        self.assertIn("\r\x1b[K[........................]   0 %  reading the accounts", told)
        self.assertTrue(told.endswith("\r\x1b[K"), told[-100:])
        self.assertEqual(out, self.strata("report", "-o", "-", project="p"))
        told = self.waiting("sql", "select 1", "--quiet")[1]
        self.assertEqual(told, "")

    def test_nobody_else_is_told_within_seconds(self):
        for terminal, environment in [(False, {}), (True, {"TERM": "dumb"})]:
            told = self.waiting("report", "-o", "-", terminal=terminal, **environment)[1]
            self.assertIn("in use by", told)
            self.assertEqual(told.count("\n"), 1, told)
            self.assertNotIn("\x1b", told)
            self.assertNotIn("%", told)


if __name__ == "__main__":
    strata_cli.main()
