# SPDX-License-Identifier: Apache-2.0
"""Reads a workbook with nothing but the standard library, as strictly as a spreadsheet would."""
import posixpath
import re
import xml.etree.ElementTree as ElementTree
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def unescape(text):
    """_x0041_ is how a workbook writes the code of a character."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m.group(1), 16)), text)


class Sheet:
    def __init__(self, name, root, strings):
        self.name, self.root = name, root
        self.cells = {}  # (row, column) from 1 -> value
        self.types = {}
        self.formulas = [c.get("r") for c in root.iter(f"{MAIN}c") if c.find(f"{MAIN}f") is not None]
        for cell in root.iter(f"{MAIN}c"):
            letters, row = re.fullmatch("([A-Z]+)([0-9]+)", cell.get("r")).groups()
            kind, value = cell.get("t", "n"), cell.findtext(f"{MAIN}v")
            if kind == "s":
                value = strings[int(value)]
            elif kind == "inlineStr":
                value = unescape("".join(t.text or "" for t in cell.iter(f"{MAIN}t")))
            elif kind == "b":
                value = value == "1"
            elif value is not None:
                value = float(value)
            if value is not None:
                self.cells[int(row), column_number(letters)] = value
                self.types[int(row), column_number(letters)] = kind
        self.links = [(l.get("location"), l.get(f"{REL}id")) for l in root.iter(f"{MAIN}hyperlink")]

    def row(self, number):
        columns = [c for r, c in self.cells if r == number]
        return [self.cells.get((number, c)) for c in range(1, max(columns, default=0) + 1)]

    def table(self, head=4):
        """The rows under a head up to the first empty one, as dicts."""
        heads, rows = self.row(head), []
        while self.row(head + 1 + len(rows)):
            cells = self.row(head + 1 + len(rows))
            rows.append(dict(zip(heads, cells + [None] * (len(heads) - len(cells)))))
        return rows


class Workbook:
    def __init__(self, path):
        self.parts = {}
        with zipfile.ZipFile(path) as package:
            assert package.testzip() is None
            for info in package.infolist():
                assert info.date_time[0] == 1980, info  # no clock in it
                self.parts[info.filename] = package.read(info)
        self.xml = {name: ElementTree.fromstring(text) for name, text in self.parts.items()
                    if name.endswith((".xml", ".rels"))}
        strings = []
        if "xl/sharedStrings.xml" in self.xml:
            strings = [unescape("".join(t.text or "" for t in si.iter(f"{MAIN}t")))
                       for si in self.xml["xl/sharedStrings.xml"]]
        targets = {r.get("Id"): posixpath.join("xl", r.get("Target"))
                   for r in self.xml["xl/_rels/workbook.xml.rels"]}
        self.sheets = {s.get("name"): Sheet(s.get("name"), self.xml[targets[s.get(f"{REL}id")]], strings)
                       for s in self.xml["xl/workbook.xml"].iter(f"{MAIN}sheet")}

    def outside(self):
        """Targets that are not in this file."""
        return [r.get("Target") for name, root in self.xml.items() if name.endswith(".rels")
                for r in root.iter(f"{PACKAGE}Relationship") if r.get("TargetMode") == "External"]

    def ranges(self):
        """Every reference of a chart: (sheet, range)."""
        found = []
        for name, root in self.xml.items():
            if name.startswith("xl/charts/chart"):
                for element in root.iter():
                    if element.tag.endswith("}f"):
                        sheet, cells = element.text.rsplit("!", 1)
                        found.append((sheet.strip("'").replace("''", "'"), cells))
        return found
