# SPDX-License-Identifier: Apache-2.0
"""What tests ask of a document in JSON: its parts in order, figures without an origin, and what it comes to."""

FIGURES = {"count", "number", "share", "money", "days", "change", "series"}
ADDED = {"count", "money"}  # sums of these mean something


def parts(document):
    """Every part, however deep, in the order in which people read."""
    stack = list(reversed(document["sections"]))
    while stack:
        part = stack.pop()
        yield part
        stack.extend(reversed(part.get("items", [])))


def tables(document):
    return [p for p in parts(document) if p["type"] == "table"]


def table(document, wanted):
    """The only table of this id."""
    (found,) = [t for t in tables(document) if t["id"] == wanted]
    return found


def cents(rows, key):
    return sum(round(100 * (r[key] or 0)) for r in rows)


def unexplained(document):
    """Figures without an origin: neither of their own nor of their column."""
    known = {p["id"] for p in document["provenance"]}
    lacking = []
    for part in parts(document):
        if part["type"] == "figure" and part["value"] is not None and part.get("provenance") not in known:
            lacking.append(f"figure '{part['label']}'")
        if part["type"] != "table":
            continue
        own = {(p["row"], p["column"]) for p in part.get("provenance", []) if p["part"] == "rows"}
        for column in part["columns"]:
            if column["type"] not in FIGURES or column.get("provenance") in known:
                continue
            if any(row[column["key"]] is not None and (i, column["key"]) not in own
                   for i, row in enumerate(part["rows"])):
                lacking.append(f"{part['id']}.{column['key']}")
    return lacking


def outline(document):
    """Its title, headings and figures, and what each table comes to: no row of the data itself."""
    lines = [f"# {document['document']['kind']}: {document['document']['title']}"]
    for section in document["sections"]:
        if section["type"] == "section" and section.get("title"):
            lines.append(f"## {section['title']}")
        lines += [f"{p['label']}: {p['value']}" for p in section.get("items", []) if p["type"] == "figure"]
        lines += [f"{t['id']}: {len(t['rows'])} rows{sums(t)}" for t in tables({"sections": [section]})]
    return "\n".join(lines) + "\n"


def sums(of):
    keys = [c["key"] for c in of["columns"] if c["type"] in ADDED]
    return "".join(f", {key} {cents(of['rows'], key) / 100:.2f}" for key in keys)
