# SPDX-License-Identifier: Apache-2.0
"""`strata explain` says what would move an account: for every such line a twin of the account is made in the data, alike but
for what the line names, and must be in the segment that the line names."""
import csv
import datetime
import math
import re

import documents
import strata_cli
from strata_cli import CliTest

TODAY = datetime.date(2026, 6, 30)
FEATURES = 20  # of the product; one account uses them all, so that adoption is k / 20

# What the accounts are like; `trend` is events in 30 days over those of the 30 before.
BASE = dict(arr=20000.0, health=70, tenure=800, adoption=9, days=10, quiet=0, trend=1.0, nps=None)
ACCOUNTS = {
    "steady": {},
    "saved": dict(arr=60000.0, potential=70000.0, health=45),
    "champion": dict(arr=90000.0, health=91, adoption=18, days=24),
    "new": dict(arr=30000.0, health=65, tenure=40),
    "small": dict(arr=800.0, health=85, adoption=3, days=2, trend=0.5),
    "core": dict(arr=5000.0, health=59, tenure=2000),
    "gone_quiet": dict(arr=14999.0, health=80, days=0, quiet=40),
    "between": dict(arr=15000.0, health=88, adoption=15, days=19),
    "old": dict(arr=50000.0, health=79, tenure=2500, adoption=14),
}
# A value of each dimension, in terms of what the data holds.
REACHED = {
    ("value", "Strategic"): dict(arr=50000.01), ("value", "Growth"): dict(arr=15000.0),
    ("value", "Core"): dict(arr=5000.0), ("value", "Starter"): dict(arr=4999.99),
    ("health_band", "Green"): dict(health=80), ("health_band", "Yellow"): dict(health=60),
    ("health_band", "Red"): dict(health=59),
    ("lifecycle", "Onboarding"): dict(tenure=90), ("lifecycle", "Growth"): dict(tenure=365),
    ("lifecycle", "Mature"): dict(tenure=1095), ("lifecycle", "Established"): dict(tenure=1826),
    ("lifecycle", "Late stage"): dict(tenure=1827),
    ("behavior", "Power"): dict(adoption=17, days=20, quiet=0),
    ("behavior", "Standard"): dict(adoption=8, days=4, quiet=0),
    ("behavior", "In between"): dict(adoption=7, days=10, quiet=0),
    ("behavior", "Dormant"): dict(days=0, quiet=30),
}


def nearest(text, step):
    """The nearest value that "$15,000 or more", "under 60", "30% or less" or "more than 80%" holds for, among the multiples of
    `step`, the finest that the data can say."""
    number = float(re.search(r"-?[\d,]+(\.\d+)?", text)[0].replace(",", "")) / (100 if "%" in text else 1)
    unit = re.search(r"\d (month|year)s?\b", text)
    number *= {"month": 30.4375, "year": 365.25}[unit[1]] if unit else 1
    up = text.endswith("or more") or text.startswith("more than ")
    count = round(number / step, 6)
    count = math.ceil(count) if up else math.floor(count)
    strict = text.startswith(("more than ", "under ")) and abs(count * step - number) < step / 1e6
    return round((count + (strict if up else -strict)) * step, 2)


def changed(what, text):
    """How the data must differ for "adoption from 45% to more than 80%"."""
    name, target = re.fullmatch(r"(\w+) from .+? to (.+)", text).groups()
    if (name, target) in REACHED:
        return REACHED[name, target]
    if name in ("arr", "potential_arr"):
        return {"arr" if name == "arr" else "potential": nearest(target, 0.01)}
    if name in ("health", "active_days_30d", "tenure"):
        return {"days" if name == "active_days_30d" else name: int(nearest(target, 1))}
    if name == "last_seen":
        quiet = int(nearest(target, 1))
        return dict(quiet=quiet, days=0 if quiet >= 30 else what["days"])
    if name == "adoption":
        return dict(adoption=round(nearest(target, 1 / FEATURES) * FEATURES))
    if name == "usage_trend_30d":
        return dict(trend=1 + nearest(target, 0.01))
    raise AssertionError(f"the data of this test cannot change '{text}'")


def twin_name(*key):
    return "-".join(key).replace(" ", "_")


def one_less(was, twin):
    """The twin one step of the data short of its change; None where more than one thing changes, or the step is no single one."""
    steps = dict(arr=0.01, health=1, days=1, tenure=1, adoption=1)
    names = [k for k in twin if twin[k] != was.get(k)]
    if len(names) != 1 or names[0] not in steps:
        return None
    (name,) = names
    back = steps[name] if was[name] > twin[name] else -steps[name]
    return {**twin, name: round(twin[name] + back, 2)}


class Explain(CliTest):
    unknown = []

    @classmethod
    def prepare(cls):
        test = cls()
        cls.people = {name: {**BASE, **own} for name, own in ACCOUNTS.items()}
        (cls.folder / "strata.yaml").write_text(
            "strata: 1\nextends: hybrid\nbusiness: {currency: USD}\nsources:\n  accounts: accounts.csv\n"
            "  arr: {path: arr.csv, form: subscriptions}\n  usage: usage.csv\n  health: health.csv\n  surveys: surveys.csv\n")
        cls.write(cls.people)
        test.strata("ingest", "--today", TODAY)
        cls.lines = {name: test.ways(name) for name in ACCOUNTS}
        cls.twins = {(name, section, to): {**cls.people[name], **{k: v for part in parts for k, v in changed(cls.people[name], part).items()}}
                     for name, ways in cls.lines.items() for section, to, parts in ways}
        named = {(name, section, way): any(tuple(re.fullmatch(r"(\w+) from .+ to (.+)", part).groups()) in REACHED for part in parts)
                 for name, ways in cls.lines.items() for section, way, parts in ways}
        short = {key: one_less(cls.people[key[0]], p) for key, p in cls.twins.items() if not named[key]}
        cls.short = {key: p for key, p in short.items() if p}
        cls.write({**cls.people, **{twin_name(*key): p for key, p in cls.twins.items()},
                   **{twin_name(*key) + "-short": p for key, p in cls.short.items()}})
        test.strata("ingest", "--today", TODAY)
        cls.found = {r["id"]: r for r in test.rows("accounts", "--today", TODAY, "--all", "--columns",
                                                   "id,value,health_band,lifecycle,behavior,risk,segment")}

    @classmethod
    def write(cls, people):
        def table(name, head, rows):
            with open(cls.folder / name, "w", newline="") as out:
                csv.writer(out).writerows([head, *rows])

        def ago(days):
            return TODAY - datetime.timedelta(days=days)

        def used(name, p):
            on = sorted(range(p["quiet"], p["quiet"] + p["days"]))
            spread = 45 if p["tenure"] > 45 else p["tenure"]
            spread = spread if p["days"] or p["quiet"] <= 30 else max(spread, p["quiet"])
            rows = [(name, ago(d), "f0", round(6000 * p["trend"] / max(1, len(on)))) for d in on]
            rows += [(name, ago(spread), f"f{k}", 6000 // p["adoption"]) for k in range(p["adoption"])]
            return rows + ([] if on else [(name, ago(p["quiet"]), "f0", 1)])

        table("accounts.csv", ("account_id", "name", "started_on", "potential_arr"),
              [(n, n, ago(p["tenure"]), p.get("potential", "")) for n, p in people.items()] + [("all", "all", ago(900), "")])
        table("arr.csv", ("account_id", "subscription_id", "start", "amount", "period"),
              [(n, "s" + n, ago(p["tenure"]), f"{p['arr']:.2f}", "year") for n, p in people.items()] + [("all", "sall", ago(900), "9000", "year")])
        table("usage.csv", ("account_id", "at", "feature", "count"),
              [r for n, p in people.items() for r in used(n, p)] + [("all", ago(3), f"f{k}", 9) for k in range(FEATURES)])
        table("health.csv", ("account_id", "at", "score"), [(n, ago(1), p["health"]) for n, p in people.items()])
        table("surveys.csv", ("account_id", "answered_at", "kind", "score"),
              [("all", ago(5), "nps", 9)] + [(n, ago(5), "nps", p["nps"]) for n, p in people.items() if p["nps"] is not None])

    def ways(self, name):
        """(dimension, segment, what must change) for every line."""
        document = self.json("explain", name, "--today", TODAY)
        found = []
        for section in documents.parts(document):
            for item in section.get("items", []) if section["type"] == "section" else []:
                if item["type"] == "bullet":
                    way, to, how = re.fullmatch(r"(To|Out of) \*\*(.+?)\*\*: (.+)", item["text"]).groups()
                    if how.startswith("cannot be told while "):
                        self.unknown.append((name, section["id"], way + " " + to, how))
                        continue
                    found.append((section["id"], way + " " + to, how.split(", and ")))
        return found

    def test_the_accounts_are_as_they_were_made(self):
        rows = {r["id"]: r for r in self.rows("accounts", "--today", TODAY, "--all", "--columns",
                                              "id,arr,health,tenure,adoption,active_days_30d,last_seen")}
        for name, p in self.people.items():
            row = rows[name]
            self.assertEqual((float(row["arr"]), float(row["health"]), float(row["tenure"])), (p["arr"], p["health"], p["tenure"]))
            self.assertAlmostEqual(float(row["adoption"]), p["adoption"] / FEATURES)
            self.assertEqual((float(row["active_days_30d"]), float(row["last_seen"])), (p["days"], p["quiet"]))

    def segment_of(self, name, section, way, kind=""):
        return self.found[twin_name(name, section, way) + kind][section]

    def test_what_would_move_an_account_does_move_it(self):
        tried = set()
        for (name, section, way), p in self.twins.items():
            with self.subTest(account=name, dimension=section, way=way, twin=p):
                went, own = self.segment_of(name, section, way), self.found[name][section]
                if way.startswith("To "):
                    self.assertNotEqual(own, way[3:])
                    self.assertEqual(went, way[3:])
                else:
                    self.assertEqual(own, way[7:])
                    self.assertNotEqual(went, own)
                tried.add((section, way))
        self.assertGreaterEqual(len(self.twins), 60)
        for wanted in (("value", "To Strategic"), ("value", "To Growth"), ("value", "Out of Strategic"), ("behavior", "To Power"),
                       ("behavior", "Out of Dormant"), ("lifecycle", "To At-risk"), ("lifecycle", "Out of Mature"),
                       ("segment", "To Champions"), ("segment", "To Rescue missions"), ("segment", "To Ready to grow"),
                       ("segment", "Out of Champions"), ("risk", "To Critical"), ("risk", "Out of Critical")):
            self.assertIn(wanted, tried)

    def test_it_names_the_smallest_change(self):
        self.assertGreaterEqual(len(self.short), 25)
        for (name, section, way), p in self.short.items():
            with self.subTest(account=name, dimension=section, way=way, twin=p):
                went = self.segment_of(name, section, way, "-short")
                if way.startswith("To "):
                    self.assertNotEqual(went, way[3:])
                else:
                    self.assertEqual(went, way[7:])

    def test_that_memberships_are_held_is_said_beside_it(self):
        said = {}
        for section in documents.parts(self.json("explain", "steady", "--today", TODAY)):
            if section["type"] == "section":
                said[section["id"]] = [i["text"] for i in section["items"] if i["type"] == "paragraph"]
        held = "Held calm: up after 30 days, down after 60, and an edge must be passed by 5 %."
        self.assertIn(held, said["value"])
        self.assertNotIn(held, said["lifecycle"])

    def test_a_missing_value_that_keeps_an_account_where_it_is_is_named(self):
        path = self.folder / "strata.yaml"
        text = path.read_text()
        path.write_text(text + "dimensions:\n  heard:\n    tiers:\n      - {name: Never, when: nps_last is missing}\n"
                               "      - {name: Large, when: arr > 1k and (nps_last is missing or nps_last < 7)}\n      - {name: Asked, otherwise: true}\n")
        try:
            said = [i["text"] for s in documents.parts(self.json("explain", "steady", "--dimension", "heard", "--today", TODAY))
                    for i in s.get("items", []) if i["type"] == "bullet"]
        finally:
            path.write_text(text)
        self.assertEqual(said, ["Out of **Never**: cannot be told while nps_last is missing"])
        self.assertIn(("champion", "value", "Out of Strategic", "cannot be told while potential_arr is missing"), self.unknown)


if __name__ == "__main__":
    strata_cli.main()
