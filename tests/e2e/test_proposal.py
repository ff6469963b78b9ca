# SPDX-License-Identifier: Apache-2.0
"""strata offer, and the reports on proposal, roadmap and readiness."""
import csv
import re
import shutil
import unittest

import strata_cli
from strata_cli import CliTest


class Planned(CliTest):
    """A small invented portfolio."""

    @classmethod
    def prepare(cls):
        test = cls()
        test.strata("synth", "p", "--accounts", "900", "--seed", "5")
        test.strata("ingest", project="p")

    def table(self, command, table, *more, project="p"):
        return self.rows(*command.split(), "--table", table, *more, project=project)

    def copy(self, name, change=None):
        target = self.folder / name
        shutil.copytree(self.folder / "p", target, dirs_exist_ok=True)
        for stale in target.glob("strata.duckdb*"):
            stale.unlink()
        if change is not None:
            model = target / "strata.yaml"
            model.write_text(change(model.read_text()))
        return target


class Offer(Planned):
    COLUMNS = ("message", "product", "service", "pricing")

    def test_rules_list_exactly_the_accounts_of_their_lines(self):
        behind = {}
        for row in self.table("offer", "accounts"):
            behind.setdefault((row["segment"], row["column"], row["text"]), set()).add(row["account_id"])
        checked = 0
        for column in self.COLUMNS:
            for row in self.table("offer", column):
                if column != "message":
                    listed = behind[(row["segment"], column, row["text"])]
                    self.assertEqual(len(listed), int(row["accounts"]), row)
                if row["where"]:
                    found = self.rows("accounts", "--where", row["where"], "--columns", "id,arr", project="p")
                    self.assertEqual(len(found), int(row["accounts"]), row["where"])
                    self.assertEqual(sum(round(float(r["arr"]) * 100) for r in found),
                                     round(float(row["value"]) * 100), row["where"])
                    if column != "message":
                        self.assertEqual({r["id"] for r in found}, listed, row["where"])
                    checked += 1
        self.assertGreater(checked, 15)

    def test_messages_go_to_everybody_once_and_money_agrees_with_the_portfolio(self):
        for dimension in ("segment", "value"):
            rows = self.table("offer", "message", "--dimension", dimension)
            total = self.rows("accounts", "--where", "is_customer", "--columns", "id,arr", project="p")
            self.assertEqual(sum(int(r["accounts"]) for r in rows), len(total))
            self.assertEqual(sum(round(float(r["value"]) * 100) for r in rows),
                             sum(round(float(r["arr"]) * 100) for r in total))

    def test_pricing_figures_agree_with_the_accounts(self):
        for row in self.table("offer", "pricing", "--dimension", "value"):
            if row["line"] != "seats_empty":
                continue
            found = self.rows("accounts", "--where", row["where"], "--columns",
                              "id,arr,seats,active_users_30d", project="p")
            empty = sum(round(float(r["arr"]) * 100 * (1 - float(r["active_users_30d"]) / float(r["seats"])))
                        for r in found)
            self.assertAlmostEqual(empty / 100, float(row["worth"]), delta=0.02 * len(found))

    def test_service_agrees_with_coverage(self):
        rows = self.table("offer", "service")
        under = self.table("coverage", "under_served")
        self.assertEqual(sum(int(r["accounts"]) for r in rows if r["line"] == "under_served"), len(under))
        self.assertEqual(round(sum(float(r["worth"]) for r in rows if r["line"] == "under_served"), 2),
                         round(sum(float(r["at_stake"]) for r in under), 2))

    def test_own_messages_are_filled_and_sentences_without_facts_left_out(self):
        self.copy("own", lambda text: text + "messages:\n  segment:\n    Champions: \"{product} suits you. "
                  "You like {praise} and {feature}. Thank you.\"\n    Steady: Keep going.\n")
        self.strata("ingest", project="own")
        rows = {r["segment"]: r for r in self.table("offer", "message", project="own")}
        self.assertEqual(rows["Steady"]["text"], "Keep going.")
        self.assertEqual(rows["Steady"]["line"], "own")
        self.assertRegex(rows["Champions"]["text"], r"^Platform suits you\. (You like [^{}]+\. )?Thank you\.$")

    def test_mistakes_in_messages_and_roadmap_are_told_with_their_place(self):
        cases = {
            "messages: {segment: {Champions: 'Dear {nme}'}}": "unknown field '{nme}'",
            "messages: {segment: {Champions: 'Dear {product'}}": "stands alone",
            "messages: {segment: {Champion: Hello}}": "did you mean 'Champions'?",
            "messages: {segmnt: {Champions: Hello}}": "the dimension 'segmnt', which there is not",
            "messages: {segment: [Hello]}": "must be a mapping",
            "roadmap: {days: {imput: 3}}": "did you mean 'input'?",
            "roadmap: {days: {input: -1}}": "must be 0 to 1000",
            "roadmap: {people: 0}": "must be above 0",
            "roadmap: {start: soon}": "strata.yaml",
        }
        for i, (line, words) in enumerate(cases.items()):
            target = self.copy("bad", lambda text, line=line: text + line + "\n")
            lines = (target / "strata.yaml").read_text().count("\n")
            self.strata("offer", project="bad", status=78)
            self.assertIn(words, self.errors)
            self.assertRegex(self.errors, rf"strata\.yaml:{lines}:\d+: ")
            shutil.rmtree(target)

    def test_nothing_that_happens_later_changes_it(self):
        before = self.json("offer", "--as-of", "2026-03-31", project="p")
        target = self.copy("later", lambda text: text)
        for name, cut in (("tickets.csv", 2), ("usage.csv", 1), ("surveys.csv", 1)):
            path = target / name
            with open(path, newline="") as f:
                rows = list(csv.reader(f))
            later = [r for r in rows[1:] if r[cut][:10] > "2026-03-31"]
            rows = [rows[0]] + [r for r in rows[1:] if r[cut][:10] <= "2026-03-31"]
            self.assertGreater(len(later), 10, name)
            with open(path, "w", newline="") as f:
                csv.writer(f, lineterminator="\n").writerows(rows)
        self.strata("ingest", project="later")
        after = self.json("offer", "--as-of", "2026-03-31", project="later")
        for made in (before, after):
            made["document"].pop("data_digest")
            made.pop("next_steps")
        self.assertEqual(before, after)

    def test_a_shop_is_told_what_is_missing(self):
        shop = self.folder / "shop"
        shop.mkdir(exist_ok=True)
        (shop / "strata.yaml").write_text("strata: 1\nextends: shop\nsources: {accounts: a.csv, orders: o.csv}\n")
        (shop / "a.csv").write_text("account_id\n" + "".join(f"C{i}\n" for i in range(80)))
        (shop / "o.csv").write_text("account_id,order_id,ordered_at,amount\n" + "".join(
            f"C{i % 80},O{i},2025-{1 + i % 12:02d}-03,{10 + i % 37}\n" for i in range(400)))
        self.strata("ingest", project="shop")
        text = " ".join(self.strata("offer", project="shop").split())
        self.assertIn("needs usage", text)


class Reports(Planned):
    def test_the_proposal_agrees_with_coverage_territories_and_capacity(self):
        problem = self.table("report proposal", "problem")
        fit = {r["fit"]: r for r in self.table("coverage", "fit")}
        under, over = fit["less than it should be"], fit["more than it should be"]
        self.assertEqual(sum(int(r["under_accounts"]) for r in problem), int(under["accounts"]))
        self.assertEqual(sum(int(r["over_accounts"]) for r in problem), int(over["accounts"]))
        for key, row, name in (("under_value", under, "value"), ("over_value", over, "value"),
                               ("at_stake", under, "at_stake")):
            self.assertEqual(round(sum(float(r[key]) for r in problem) * 100), round(float(row[name]) * 100), key)
        self.assertEqual(round(sum(float(r["hours_missing"]) for r in problem) * 60), round(float(under["hours"]) * 60))
        hours = self.table("report proposal", "operating_model")
        needed = self.table("capacity", "hours")
        self.assertEqual(round(sum(float(r["hours"]) for r in hours) * 60),
                         round(sum(float(r["hours"]) for r in needed) * 60))
        moves = self.table("territories", "moves")
        steps = {r["step"]: r for r in self.table("report proposal", "transition")}
        now, waiting = (int(steps[k]["accounts"]) for k in ("4. Even the books", "Held back: another manager"))
        self.assertEqual(now + waiting, len(moves))
        self.assertGreater(waiting, 0)
        hands = self.table("report proposal", "hands", "--limit", "100000")
        self.assertEqual({h["account_id"] for h in hands}, {m["account_id"] for m in moves})
        self.assertEqual([sum(h["step"] == k for h in hands) for k in ("4. Even the books", "held back")], [now, waiting])
        self.assertTrue(all((h["held_for"] != "") == (h["step"] == "held back") for h in hands))
        self.check_fairness(moves, {h["account_id"] for h in hands if h["step"] == "held back"})

    def check_fairness(self, moves, waiting):
        """What the first page promises comes of the moves that are made, not of those that wait."""
        listed = self.table("territories", "books")
        books = {b["csm_id"]: round(float(b["hours_before"]) * 60) for b in listed}
        capacity = {b["csm_id"]: float(b["capacity_hours"]) for b in listed}
        total = sum(books.values())
        shares = []
        for now in (True, False):
            after = dict(books)
            for m in moves:
                if not (now and m["account_id"] in waiting):
                    minutes = round(float(m["hours"]) * 60)
                    after[m["from"]], after[m["to"]] = after[m["from"]] - minutes, after[m["to"]] + minutes
            shares.append(sum(max(0.0, after[j] - total * capacity[j] / sum(capacity.values())) for j in after) / total)
        text = self.strata("report", "proposal", "--format", "markdown", project="p")
        said = re.search(r"goes from .* to ([0-9.]+) % of all hours, and to ([0-9.]+) % once the moves held back follow", text)
        for percent, share in zip(said.groups(), shares):
            self.assertAlmostEqual(float(percent) / 100, share, delta=0.0006)

    def test_every_account_of_the_misfit_is_in_one_step_or_held_back(self):
        steps = self.table("report proposal", "transition")
        listed = self.table("report proposal", "accounts", "--limit", "100000")
        touch = [r for r in steps if r["step"][0] in "123" or r["step"] == "Held back: less touch"]
        self.assertEqual(sum(int(r["accounts"]) for r in touch), len(listed))
        self.assertEqual(len({r["account_id"] for r in listed}), len(listed))
        held = [r for r in listed if r["step"] == "held back"]
        self.assertTrue(all(r["held_for"] for r in held))
        dated = [r for r in steps if r["from"]]
        self.assertEqual([r["from"] for r in dated], sorted(r["from"] for r in dated))
        for a, b in zip(dated, dated[1:]):
            self.assertLess(a["until"], b["from"])

    def test_the_proposal_answers_what_will_be_said_against_it(self):
        text = self.strata("report", "proposal", "-f", "markdown", project="p")
        for words in ("Finance:", "Sales:", "You take my accounts away", "I get the difficult ones",
                      "Customers who get less", "Held back", "How it was computed"):
            self.assertIn(words, text)
        self.assertNotIn("nan", text.lower().replace("finance", ""))

    def test_an_effect_that_the_model_assumes_is_said_to_be_one(self):
        self.copy("assumed", lambda text: text + "engagement: {effect: {low: 5%, likely: 15%, high: 25%}}\n")
        self.strata("ingest", project="assumed")
        row = self.table("report proposal", "effect", project="assumed")[0]
        stake = float({r["fit"]: r for r in self.table("coverage", "fit")}["less than it should be"]["at_stake"])
        for key, share in (("low", 0.05), ("likely", 0.15), ("high", 0.25)):
            self.assertAlmostEqual(float(row[key]), stake * share, delta=0.02)
        self.assertEqual(row["from" if "from" in row else "source"], "assumed in the model file")

    def test_the_roadmap_counts_what_is_open(self):
        phases = self.table("report roadmap", "phases")
        self.assertEqual([r["phase"] for r in phases][:4], ["Foundation", "Operationalise", "Activate", "Optimise"])
        text = self.strata("report", "roadmap", "-f", "markdown", project="p")
        self.assertIn("Assumed by", text)
        self.assertIn("none is recorded", text)
        self.strata("run", project="p")
        self.assertIn("the last one is 0 days old", self.strata("report", "roadmap", "-f", "markdown", project="p"))

    def test_more_people_and_a_start_make_other_dates(self):
        self.copy("dated", lambda text: text + "roadmap: {people: 40, start: 2026-09-07}\n")
        self.strata("ingest", project="dated")
        usual = self.table("report roadmap", "phases")
        dated = self.table("report roadmap", "phases", project="dated")
        self.assertEqual(dated[0]["from"], "2026-09-07")
        self.assertEqual([r["days"] for r in usual][:1], [r["days"] for r in dated][:1])

    def test_readiness_as_a_document_says_what_the_command_says(self):
        self.assertEqual(self.table("readiness", "analyses"), self.table("report readiness", "analyses"))

    def test_documents_agree_on_the_roadmap_but_for_the_books_which_they_name(self):
        """Phases of the roadmap, less evening the books, are those of the framework and of the readiness report."""
        of = lambda kind: {p["phase"]: (float(p["days"]), int(p["steps"])) for p in self.table(f"report {kind}", "phases")}
        whole = of("roadmap")
        text = self.strata("report", "roadmap", "-f", "markdown", project="p")
        (books,) = re.findall(r"\| Even the books of the managers \| no \| \d+ \| account \| ([0-9.]+) \|", text)
        self.assertGreater(float(books), 0)
        for kind in ("framework", "readiness"):
            part = of(kind)
            for phase, (days, steps) in whole.items():
                active = phase == "Activate"
                self.assertAlmostEqual(part[phase][0], days - (float(books) if active else 0.0), delta=0.051)
                self.assertEqual(part[phase][1], steps - active)
            self.assertIn("Evening the managers' books is not among these steps", " ".join(
                self.strata("report", kind, "-f", "markdown", project="p").split()))
        self.assertNotIn("is not among these steps", text)

    def test_the_framework_has_the_operating_model_the_matrix_and_the_roadmap(self):
        text = self.strata("report", "-f", "markdown", project="p")
        for words in ("Operating model:", "What each segment should hear", "Roadmap: what to do first"):
            self.assertIn(words, text)

    def test_without_managers_and_touch_it_says_what_is_missing(self):
        def strip(text):
            return "".join(l for l in text.splitlines(True) if "csms:" not in l and "touchpoints:" not in l)
        target = self.copy("bare", strip)
        with open(target / "accounts.csv", newline="") as f:
            rows = list(csv.reader(f))
        keep = [i for i, name in enumerate(rows[0]) if name.lower() != "coverage"]
        with open(target / "accounts.csv", "w", newline="") as f:
            csv.writer(f, lineterminator="\n").writerows([[r[i] for i in keep] for r in rows])
        self.strata("ingest", project="bare")
        self.strata("report", "proposal", "-f", "markdown", project="bare", status=65)
        self.assertIn("what touch accounts get is not known", self.errors)
        self.strata("report", "roadmap", "-f", "markdown", project="bare")
        self.strata("report", "propsal", project="p", status=64)
        self.assertIn("personas, proposal, readiness", self.errors)


if __name__ == "__main__":
    strata_cli.main()
