# SPDX-License-Identifier: Apache-2.0
"""strata offer, and the reports on proposal, roadmap and readiness."""
import csv
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


if __name__ == "__main__":
    strata_cli.main()
