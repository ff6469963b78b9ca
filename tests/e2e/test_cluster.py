# SPDX-License-Identifier: Apache-2.0
"""strata cluster: clusters that were planted come back, rules do what they say, names stay."""
import collections
import random
import re

import strata_cli
from strata_cli import CliTest

# Centres of four kinds of accounts in three numbers of the accounts file, far apart.
KINDS = ((10, 100, 5), (60, 100, 5), (10, 900, 5), (60, 900, 60))
METHODS = ("k-means", "ward", "average", "complete", "mixture", "mixture-diagonal", "mixture-tied",
           "mixture-spherical")
FEATURES = "a, b, c"


def pairs(n):
    return n * (n - 1) / 2


def adjusted_rand(x, y):
    """Hubert & Arabie 1985, from the counts of pairs."""
    both = sum(pairs(n) for n in collections.Counter(zip(x, y)).values())
    of_x = sum(pairs(n) for n in collections.Counter(x).values())
    of_y = sum(pairs(n) for n in collections.Counter(y).values())
    chance = of_x * of_y / pairs(len(x))
    return (both - chance) / ((of_x + of_y) / 2 - chance)


MODEL = """strata: 1
business: {name: planted, currency: USD}
sources:
  accounts: accounts.csv
  arr: {path: arr.csv, form: snapshots}
dimensions:
  size:
    tiers:
      - {name: Large, when: arr >= 5k}
      - {name: Small, otherwise: true}
"""


def write_project(folder, rows, extra=()):
    """rows: dicts with id, a, b, c; ARR is 1,000 each, 1,100 at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "strata.yaml").write_text(MODEL)
    columns = ["a", "b", "c", *extra]
    with open(folder / "accounts.csv", "w", encoding="utf-8") as f:
        f.write("account_id,name,started_on," + ",".join(columns) + "\n")
        for r in rows:
            f.write(f"{r['id']},{r['id']},2024-01-01," + ",".join(str(r[c]) for c in columns) + "\n")
    with open(folder / "arr.csv", "w", encoding="utf-8") as f:
        f.write("account_id,date,arr\n")
        for r in rows:
            f.write(f"{r['id']},2024-01-01,1000\n")
            f.write(f"{r['id']},2026-06-30,1100\n")


def planted(n, seed):
    draw = random.Random(seed)
    rows = []
    for i in range(n):
        kind = i % len(KINDS)
        a, b, c = (round(draw.gauss(m, 0.06 * m + 1), 3) for m in KINDS[kind])
        rows.append({"id": f"A{i:04d}", "a": a, "b": b, "c": c, "kind": kind})
    return rows


class Planted(CliTest):
    @classmethod
    def prepare(cls):
        cls.rows_in = planted(400, 1)
        write_project(cls.folder / "p", cls.rows_in)
        cls().strata("--quiet", "ingest", project="p")
        cls.kind = {r["id"]: r["kind"] for r in cls.rows_in}

    def runTest(self):
        pass

    def members(self, *words, project="p"):
        return self.rows("cluster", "--features", FEATURES, "--members", "--table", "members", *words,
                         project=project)

    def test_planted_clusters_come_back_by_every_method(self):
        for method in METHODS:
            found = self.members("--method", method)
            labels = [r["cluster"] for r in found]
            self.assertEqual(len(set(labels)), len(KINDS), method)
            truth = [self.kind[r["account_id"]] for r in found]
            self.assertGreater(adjusted_rand(labels, truth), 0.95, method)

    def test_they_are_recommended_stable_and_found_by_their_rules(self):
        document = self.json("cluster", "--features", FEATURES, project="p")
        self.assertIn("that stand apart", document["document"]["title"])
        tables = dict(walk(document["sections"]))
        taken = [r["k"] for r in tables["choice"]["rows"] if "recommended" in r["remark"]]
        self.assertEqual(taken, [len(KINDS)])
        for row in tables["stability"]["rows"]:
            self.assertGreater(row["stability"], 0.95)
        for row in tables["rules"]["rows"]:
            self.assertGreater(row["found_held_out"], 0.95)

    def test_the_order_of_rows_and_the_number_of_threads_change_nothing(self):
        shuffled = list(self.rows_in)
        random.Random(7).shuffle(shuffled)
        write_project(self.folder / "shuffled", shuffled)
        self.strata("--quiet", "ingest", project="shuffled")
        for method in ("k-means", "average", "mixture-diagonal"):
            words = ("cluster", "--features", FEATURES, "--method", method, "--members")
            want = self.json(*words, "--threads", "1", project="p")
            self.assertEqual(self.json(*words, "--threads", "3", project="p"), want, method)
            other = self.json(*words, project="shuffled")
            self.assertEqual(other["sections"], want["sections"], method)

    def test_rules_as_written_find_what_is_stated(self):
        rules = self.rows("cluster", "--features", FEATURES, "--table", "rules", project="p")
        members = self.members()
        for rule in rules:
            listed = {r["id"] for r in self.rows("accounts", "--where", rule["expression"], "--columns",
                                                 "id", project="p")}
            own = {r["account_id"] for r in members if r["cluster"] == rule["cluster"]}
            self.assertEqual(len(listed), int(rule["matched"]))
            self.assertAlmostEqual(len(listed & own) / len(own), float(rule["found"]), places=12)
            self.assertAlmostEqual(len(listed & own) / len(listed), float(rule["right"]), places=12)

    def test_rules_become_a_dimension_of_the_model(self):
        write_project(self.folder / "dimension", self.rows_in)
        self.strata("--quiet", "ingest", project="dimension")
        self.strata("segments", "cluster", status=64, project="dimension")
        self.assertIn("'strata cluster --as-dimension cluster'", self.errors)
        words = ("cluster", "--features", FEATURES, "--as-dimension")
        self.strata(*words, "cluster", project="dimension")
        self.strata("segments", "cluster", status=64, project="dimension")
        self.assertIn("saved/cluster.yaml; add that file to its extends", self.errors)
        model = self.folder / "dimension" / "strata.yaml"
        model.write_text(model.read_text().replace("strata: 1\n", "strata: 1\nextends: saved/cluster.yaml\n"))
        self.strata("--quiet", "run", project="dimension")
        rules = self.rows("cluster", "--features", FEATURES, "--table", "rules", project="dimension")
        segments = {r["segment"]: int(r["accounts"]) for r in
                    self.rows("segments", "cluster", project="dimension") if r["segment"] != "All"}
        for rule in rules:
            self.assertEqual(segments[rule["cluster"]], int(rule["matched"]))
        self.strata(*words, "cluster", status=64, project="dimension")
        self.assertIn("--replace writes it anew", self.errors)
        self.assertIn("The model reads it already",
                      self.strata(*words, "cluster", "--replace", project="dimension"))
        self.strata(*words, "size", status=64, project="dimension")
        self.assertIn("the model has something else called 'size'", self.errors)
        self.strata(*words, "My clusters", status=64, project="dimension")
        self.assertIn("cannot name a segment", self.errors)

    def test_a_name_survives_what_is_saved(self):
        write_project(self.folder / "saved", self.rows_in)
        self.strata("--quiet", "ingest", project="saved")
        self.strata("cluster", "--features", FEATURES, "--save", project="saved")
        again = self.strata("cluster", "--features", FEATURES, project="saved")
        self.assertIn("4 of 4 clusters of 30 June 2026 go on under their names", again)
        merged = self.strata("cluster", "--features", FEATURES, "--k", "3", project="saved")
        self.assertIn("merged into", merged)
        split = self.strata("cluster", "--features", FEATURES, "--k", "5", project="saved")
        self.assertIn("split from", split)
        before = self.strata("cluster", "--features", FEATURES, "--as-of", "2026-06-29", project="saved")
        self.assertNotIn("Since the last saved", before)
        other = self.strata("cluster", "--features", FEATURES, "--where", "a > 0", project="saved")
        self.assertNotIn("Since the last saved", other)

    def test_kept_clusters_have_personas_without_a_dimension(self):
        write_project(self.folder / "kept", self.rows_in)
        self.strata("--quiet", "ingest", project="kept")
        model = (self.folder / "kept" / "strata.yaml").read_bytes()
        self.strata("persona", "--clusters", status=66, project="kept")
        self.assertIn("no clusters are kept as of 30 June 2026; 'strata cluster --save' keeps them", self.errors)
        self.strata("cluster", "--features", FEATURES, "--save", project="kept")
        sizes = collections.Counter(r["cluster"] for r in self.members(project="kept"))
        found = {r["persona"]: int(r["accounts"]) for r in self.rows("persona", "--clusters", project="kept")}
        self.assertEqual(found, sizes)
        name = next(iter(sizes))
        one = self.json("persona", name, "--clusters", project="kept")
        self.assertTrue(one["document"]["title"].startswith(f"{name}: {sizes[name]} accounts"), one["document"]["title"])
        self.assertEqual((self.folder / "kept" / "strata.yaml").read_bytes(), model)
        for words, status, message in (
                (("nobody", "--clusters"), 66, "there is no persona 'nobody'; there are '"),
                (("--clusters", "--by", "size"), 64, "give --by or --clusters, not both"),
                (("--clusters", "--as-of", "2026-06-29"), 66, "no clusters are kept as of 29 June 2026"),
                (("--clusters", "--where", "a > 0"), 66, "no clusters of 'a > 0' are kept as of 30 June 2026")):
            self.strata("persona", *words, status=status, project="kept")
            self.assertIn(message, self.errors)
        some = ("--where", "a > 35")
        self.strata("cluster", "--features", FEATURES, "--k", "2", *some, "--save", project="kept")
        sizes = collections.Counter(r["cluster"] for r in self.members("--k", "2", *some, project="kept"))
        self.assertLess(0, sum(sizes.values()))
        self.assertLess(sum(sizes.values()), len(self.rows_in))
        sizes["In no cluster"] = len(self.rows_in) - sum(sizes.values())
        found = {r["persona"]: int(r["accounts"]) for r in
                 self.rows("persona", "--clusters", *some, project="kept")}
        self.assertEqual(found, sizes)

    def test_what_cannot_be_clustered_says_why(self):
        few = self.folder / "few"
        write_project(few, self.rows_in[:2])
        self.strata("--quiet", "ingest", project="few")
        self.strata("cluster", "--features", FEATURES, status=65, project="few")
        self.assertIn("not enough data: 2 accounts to cluster, 20 are needed", self.errors)
        rows = [{**r, "same": 3, "none": "" if i else "5", "five": i % 5, "two": int(i == 7)}
                for i, r in enumerate(self.rows_in)]
        write_project(self.folder / "odd", rows, ("same", "none", "five", "two"))
        self.strata("--quiet", "ingest", project="odd")
        for words, status, message in (
                (("--features", "same"), 65, "no feature tells the accounts apart: same is the same for all "
                                             "accounts: 3"),
                (("--features", "none"), 65, "no feature tells the accounts apart"),
                (("--features", "five", "--k", "6"), 65, "6 clusters cannot be made of accounts with only 5 "
                                                         "different sets of values"),
                (("--features", "a", "--where", "a > 1000"), 65, "no account meets --where 'a > 1000'"),
                (("--features", "fiv"), 64, "did you mean 'five'?"),
                (("--features", "a, a"), 64, "--features names 'a' twice"),
                (("--features", "a,"), 64, "expression is empty"),
                (("--features", "name"), 64, "unknown feature"),
                (("--features", "started_on"), 64, "is a date"),
                (("--features", "arr_growth_12m > 10% for 30 days"), 64, "looks back"),
                (("--features", "events_30d"), 64, "'events_30d' has no values: needs usage"),
                (("--where", "b >"), 64, "--where"),
                (("--method", "kmeans"), 64, "did you mean 'k-means'?"),
                (("--k", "1"), 64, "--k is a number from 2 to 12"),
                (("--k", "13"), 64, "--k"),
                (("--missing", "zero"), 64, "--missing is median or leave-out, not 'zero'")):
            self.strata("cluster", *words, status=status, project="odd")
            self.assertIn(message, self.errors)
        for method in METHODS:
            two = self.strata("cluster", "--features", "two", "--method", method, project="odd")
            self.assertIn("Why 2: the accounts have only 2 different sets of values; one cluster has fewer than",
                          " ".join(two.split()), method)
        steps = self.rows("cluster", "--features", "five", "--k", "5", project="odd")
        names = {r["cluster"] for r in steps} - {"All"}
        self.assertEqual(len(names), 5)
        self.assertTrue({"High five", "Very high five", "Low five", "Very low five"} <= names, names)
        mixed = self.strata("cluster", "--features", "a, same, five", project="odd")
        self.assertIn("the same for all accounts: 3", mixed)

    def test_missing_values_take_the_median_or_leave_the_account_out(self):
        rows = [{**r, "a": "" if i % 10 == 0 else r["a"]} for i, r in enumerate(self.rows_in)]
        write_project(self.folder / "gaps", rows)
        self.strata("--quiet", "ingest", project="gaps")
        (filled,) = [r for r in self.rows("cluster", "--features", FEATURES, "--table", "features",
                                          project="gaps") if r["expression"] == "a"]
        self.assertEqual(int(filled["filled"]), 40)
        self.assertEqual(len(self.members("--missing", "leave-out", project="gaps")), 360)
        self.assertEqual(len(self.members(project="gaps")), 400)


def walk(items):
    """All tables of a document, with their ids."""
    for item in items:
        if item["type"] == "table":
            yield item["id"], item
        yield from walk(item.get("items", []))


class Portfolio(CliTest):
    """The generated portfolio: what is chosen by itself, what stays from month to month."""

    @classmethod
    def prepare(cls):
        cls().strata("--quiet", "synth", "demo", "--accounts", "600", "--seed", "3")
        cls().strata("--quiet", "ingest", project="demo")

    def runTest(self):
        pass

    def test_names_stay_when_the_data_grow_by_a_month(self):
        self.strata("cluster", "--as-of", "2026-05-31", "--k", "3", "--save", project="demo")
        before = self.rows("cluster", "--as-of", "2026-05-31", "--k", "3", project="demo")
        after = self.rows("cluster", "--k", "3", project="demo")
        self.assertEqual({r["cluster"] for r in before}, {r["cluster"] for r in after})
        fates = self.rows("cluster", "--k", "3", "--table", "refit", project="demo")
        self.assertEqual({r["fate"] for r in fates}, {"kept"})

    def test_later_facts_change_nothing(self):
        words = ("cluster", "--as-of", "2025-12-31", "--members")
        want = self.json(*words, project="demo")["sections"]
        usage = self.folder / "demo" / "usage.csv"
        text = usage.read_text(encoding="utf-8")
        head, first = text.split("\n")[:2]
        column = head.split(",").index("ts")
        cells = first.split(",")
        cells[column] = "2026-06-29"
        usage.write_text(text + (",".join(cells) + "\n") * 400, encoding="utf-8")
        self.strata("--quiet", "ingest", project="demo")
        self.assertEqual(self.json(*words, project="demo")["sections"], want)

    def test_what_is_left_out_says_why(self):
        left = {r["expression"]: r["why"] for r in self.rows("cluster", "--table", "left_out", project="demo")}
        self.assertEqual(left["orders_365d"], "needs orders")
        self.assertTrue(re.match(r"nearly the same as active_days_30d: rank correlation 0\.9",
                                 left["active_users_30d"]))

    def test_every_format_shows_it(self):
        for name in ("table", "json", "csv", "markdown", "html"):
            self.assertTrue(self.strata("cluster", "--format", name, project="demo"))


if __name__ == "__main__":
    strata_cli.main()
