# SPDX-License-Identifier: Apache-2.0
"""Money in several currencies, in every entity that has money: what the rates make of it equals the same data written in the
reporting currency; a rate that is not there is asked for, and nothing is read."""
import csv
import io

import strata_cli
from strata_cli import CliTest

TODAY = ("--today", "2026-06-30")
RATES = {"": 1, "USD": 1, "EUR": 1.25, "GBP": 1.5, "JPY": 0.0078125}
HOME = {"A": "", "B": "EUR", "C": "GBP", "D": "USD"}  # what each account is in
FEATURES = ("id,arr,arr_12m_ago,expansion_12m,contraction_12m,first_arr,spend_30d,spend_90d,spend_365d,spend_total,average_order,renewal_amount,"
            "open_expansion,won_expansion_12m,potential_arr")
# Entity: its columns, and rows of (account, currency or "" for the account's own, amount, what else).
ROWS = {
    "arr": (("account_id", "date", "arr", "currency"), [
        ("A", "2025-01-31", 12000.00, ""), ("A", "2025-12-31", 13000.5, ""), ("B", "2025-01-31", 8000.10, ""), ("B", "2025-12-31", 9600.30, ""),
        ("B", "2026-03-31", 12000.00, "USD"), ("C", "2025-01-31", 20000, "JPY"), ("C", "2026-02-28", 2000.50, ""), ("D", "2026-03-31", 700.98, "GBP"),
        ("A", "2026-03-31", 13000.5, ""), ("C", "2026-03-31", 2000.50, "")]),
    "orders": (("account_id", "ordered_at", "amount", "currency"), [
        ("A", "2026-06-20", 100.00, "EUR"), ("A", "2026-05-01", 19.99, ""), ("B", "2026-06-21", 40.40, ""), ("B", "2025-12-24", 12345, "JPY"),
        ("C", "2026-06-01", 77.70, "GBP"), ("C", "2026-06-02", -7.70, ""), ("D", "2026-04-01", 5.05, "USD")]),
    "opportunities": (("account_id", "opened_at", "amount", "currency", "kind", "stage", "due_on"), [
        ("A", "2026-05-01", 1000.00, "GBP", "expansion", "open", "2026-09-30"), ("B", "2026-05-02", 2000.20, "", "renewal", "open", "2026-08-31"),
        ("B", "2026-01-02", 640.00, "EUR", "expansion", "won", "2026-03-31"), ("C", "2026-06-02", 99999, "JPY", "expansion", "open", "2026-12-31"),
        ("D", "2026-06-02", 55.55, "", "renewal", "open", "2026-07-31")]),
}
POTENTIAL = {"A": 30000, "B": 16000.40, "C": 40000, "D": 900}


def worth(account, currency, amount):
    return amount * RATES[currency or HOME[account]]


class Currencies(CliTest):
    @classmethod
    def prepare(cls):
        cls.project("mixed", mixed=True, rates="{EUR: 1.25, GBP: 1.5, JPY: 0.0078125}")
        cls.project("plain", mixed=False, rates="{}")
        for name in ("mixed", "plain"):
            cls().strata("ingest", *TODAY, project=name)

    @classmethod
    def project(cls, name, mixed, rates, home=None):
        folder = cls.folder / name
        folder.mkdir(exist_ok=True)
        home = HOME if home is None else home

        def table(file, head, rows):
            out = io.StringIO()
            csv.writer(out).writerows([head, *rows])
            (folder / file).write_text(out.getvalue())

        table("accounts.csv", ("account_id", "name", "started_on", "currency", "potential_arr"),
              [(a, a, "2024-01-01", c if mixed else "", POTENTIAL[a] if mixed else f"{worth(a, '', POTENTIAL[a]):.6f}") for a, c in home.items()])
        for entity, (head, rows) in ROWS.items():
            table(entity + ".csv", head, [(a, d, x if mixed else f"{worth(a, c, x):.6f}", c if mixed else "", *more) for a, d, x, c, *more in rows])
        (folder / "strata.yaml").write_text(
            f"strata: 1\nextends: value\nbusiness: {{currency: USD}}\ningest: {{rates: {rates}}}\nsources:\n  accounts: accounts.csv\n"
            "  arr: {path: arr.csv, form: snapshots}\n  orders: orders.csv\n  opportunities: opportunities.csv\n")

    def features(self, name):
        return self.rows("accounts", *TODAY, "--all", "--columns", FEATURES, project=name)

    def test_mixed_currencies_come_to_what_the_converted_data_come_to(self):
        mixed = self.features("mixed")
        self.assertEqual(mixed, self.features("plain"))
        a = {r["id"]: r for r in mixed}
        self.assertEqual(float(a["B"]["arr"]), 12000.00)  # a snapshot of its own currency
        self.assertEqual(float(a["C"]["arr"]), 3000.75)
        self.assertEqual(float(a["C"]["arr_12m_ago"]), 156.25)  # yen
        self.assertEqual(float(a["A"]["spend_30d"]), 125.00)
        self.assertEqual(float(a["B"]["spend_365d"]), 50.50 + 96.45)
        self.assertEqual(float(a["C"]["spend_90d"]), 116.55 - 11.55)
        self.assertEqual(float(a["A"]["open_expansion"]), 1500.00)
        self.assertEqual(float(a["B"]["renewal_amount"]), 2500.25)
        self.assertEqual(float(a["B"]["won_expansion_12m"]), 800.00)
        self.assertEqual(float(a["C"]["open_expansion"]), 781.24)
        self.assertEqual(float(a["B"]["potential_arr"]), 20000.50)

    def test_movements_are_those_of_the_converted_data(self):
        for name in ("movements", "metrics"):
            self.assertEqual(self.rows(name, *TODAY, project="mixed"), self.rows(name, *TODAY, project="plain"))

    def test_a_rate_that_is_not_there_is_asked_for_and_nothing_is_read(self):
        """Yen stand in one entity at a time; the accounts are all in the reporting currency."""
        before = self.features("mixed")
        for entity, (head, rows) in ROWS.items():
            with self.subTest(entity=entity):
                self.project("mixed", mixed=True, rates="{EUR: 1.25, GBP: 1.5}")
                for other in ROWS:
                    if other != entity:
                        path = self.folder / "mixed" / (other + ".csv")
                        path.write_text(path.read_text().replace(",JPY", ",USD"))
                self.strata("ingest", *TODAY, project="mixed", status=78)
                self.assertIn(f"{entity}.csv", self.errors)
                self.assertIn("has amounts in JPY, and there is no rate for it; add `ingest: {rates: {JPY: ", self.errors)
                self.project("mixed", mixed=True, rates="{EUR: 1.25, GBP: 1.5, JPY: 0.0078125}")
                self.assertEqual(self.features("mixed"), before)

    def test_an_account_in_a_currency_without_a_rate_is_named(self):
        self.project("pounds", mixed=True, rates="{EUR: 1.25, JPY: 0.0078125}")
        self.strata("ingest", *TODAY, project="pounds", status=78)
        remedy = "there is no rate for it; add `ingest: {rates: {GBP: ...}}`, what one GBP is worth in USD"
        self.assertIn(f"accounts.csv has amounts in GBP, and {remedy}", self.errors)
        path = self.folder / "pounds" / "accounts.csv"
        path.write_text(path.read_text().replace("GBP,40000", "GBP,"))  # the account names a currency, and no amount
        self.strata("ingest", *TODAY, project="pounds", status=78)
        self.assertIn(f"account 'C' is in GBP, and {remedy}", self.errors)

    def test_another_rate_is_taken_over_and_is_no_movement(self):
        self.project("other", mixed=True, rates="{EUR: 1.25, GBP: 1.5, JPY: 0.0078125}")
        self.strata("ingest", *TODAY, project="other")
        self.project("other", mixed=True, rates="{EUR: 1.25, GBP: 2, JPY: 0.0078125}")
        self.strata("ingest", *TODAY, project="other")
        before = {r["id"]: r for r in self.features("mixed")}
        after = {r["id"]: r for r in self.features("other")}
        self.assertEqual(float(after["D"]["arr"]), 1401.96)
        self.assertEqual(float(after["D"]["expansion_12m"]), float(before["D"]["expansion_12m"]))
        self.assertEqual(after["A"]["arr"], before["A"]["arr"])
        self.assertEqual(float(after["A"]["open_expansion"]), 2000.00)

    def test_a_rate_must_be_a_number_above_nothing(self):
        for rate in ("0", "-1", "much"):
            self.project("bad", mixed=True, rates=f"{{EUR: {rate}}}")
            self.strata("ingest", *TODAY, project="bad", status=78)
            self.assertRegex(self.errors, r"strata\.yaml:4:\d+: " + ("unknown feature 'much' in rates" if rate == "much" else "'EUR' of rates must be above 0"))


if __name__ == "__main__":
    strata_cli.main()
