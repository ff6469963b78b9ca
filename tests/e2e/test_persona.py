# SPDX-License-Identifier: Apache-2.0
"""Personas: what was planted in invented texts is found and nothing else, personal data never shows, later facts, the
order of rows and threads change nothing, and data of any kind or none is met with a sentence."""
import collections
import csv
import datetime
import json
import random
import re
import shutil
import zipfile

import strata_cli
from strata_cli import CliTest


def tables(node):
    """Rows of every table of a document by its id, with those of inner sections."""
    found = {}
    for item in node.get("sections", node.get("items", [])):
        if item["type"] == "table":
            found[item["id"]] = item["rows"]
        elif item["type"] == "section":
            found.update(tables(item))
    return found


class Demo(CliTest):
    """A generated portfolio, whose texts have a known truth (docs/synthetic-data.md)."""

    @classmethod
    def prepare(cls):
        one = cls()
        one.strata("synth", "demo", "--accounts", 2500, "--seed", 5)
        one.strata("ingest", project="demo")

    def persona(self, *arguments, project="demo"):
        return self.json("persona", *arguments, project=project)

    def said(self, document, table):
        return {row["text"]: row for row in tables(document).get(table, [])}

    def test_planted_themes_are_found_and_no_others(self):
        regulated = self.persona("--where", 'industry in (Healthcare, "Financial services", "Public sector")')
        self.assertEqual(set(self.said(regulated, "themes")), {"audits"})
        phrases = set(self.said(regulated, "ticket_phrases"))
        self.assertTrue({"data processing agreement", "access log"} <= phrases, phrases)
        for phrase in phrases:
            self.assertTrue(any(phrase in text for text in (
                "auditors ask for the access log", "need a signed data processing agreement",
                "which region stores our data")), phrase)
        enterprise = self.persona("--by", "plan", "Enterprise")
        self.assertEqual(next(iter(self.said(enterprise, "themes"))), "permissions")
        starter = self.persona("--by", "plan", "Starter")
        self.assertEqual(next(iter(self.said(starter, "themes"))), "how-to")

    def test_nothing_is_found_where_nothing_was_planted(self):
        # Use cases and regions have nothing to do with what is written.
        for name in ("use_case", "region"):
            for segment in tables(self.persona("--by", name))["personas"]:
                one = tables(self.persona("--by", name, segment["persona"]))
                for table in ("themes", "ticket_phrases", "praise", "complaints", "remarks"):
                    self.assertNotIn(table, one, (segment["persona"], one.get(table)))

    def test_personal_data_never_shows(self):
        tickets = (self.folder / "demo" / "tickets.csv").read_text()
        self.assertGreater(tickets.count(".example or call +1 202"), 100)
        book = self.strata("report", "personas", "--format", "markdown", project="demo")
        self.assertIn("permissions", book)
        for word in (".example", "202 555", "p1@", "reply"):
            self.assertNotIn(word, book.lower(), word)

    def test_counts_are_those_of_the_files(self):
        end = datetime.date(2026, 6, 30)
        start = datetime.date(2025, 7, 1)
        with open(self.folder / "demo" / "tickets.csv", newline="") as f:
            rows = [r for r in csv.DictReader(f) if start.isoformat() <= r["opened_at"] <= end.isoformat()]
        customers = {r["id"] for r in self.rows("accounts", "--limit", 100000, "--columns", "id", project="demo")}
        with open(self.folder / "demo" / "accounts.csv", newline="") as f:
            inside = {r["Account ID"] for r in csv.DictReader(f) if r["plan"] == "Enterprise"} & customers
        said = {r["account_id"] for r in rows if r["theme"] == "permissions"} & customers
        document = self.persona("--by", "plan", "Enterprise")
        row = self.said(document, "themes")["permissions"]
        self.assertEqual(row["accounts"], len(said & inside))
        self.assertEqual(row["accounts_elsewhere"], len(said - inside))
        speakers = {r["account_id"] for r in rows} & inside
        self.assertAlmostEqual(row["share"], len(said & inside) / len(speakers), places=12)

    def test_plays_are_the_playbooks_whose_trigger_holds(self):
        """Counted again by `accounts`, with the triggers of the playbook files that Strata ships."""
        document = self.persona("--by", "plan", "Enterprise")
        rows = self.said_by(document, "persona_plays", "playbook")
        self.assertIn("Renewal in 60 days", rows)
        for name in ("save", "renewal-60", "adoption"):
            text = (strata_cli.SOURCE / "playbooks" / f"{name}.yaml").read_text()
            title = re.search(r"^title: (.*)$", text, re.M)[1]
            trigger = re.search(r"^trigger: (.*)$", text, re.M)[1]
            counts = []
            for plan in ("plan = Enterprise", "not plan = Enterprise"):
                listed = self.rows("accounts", "--where", f"({trigger}) and {plan}", "--limit", 100000, project="demo")
                of = self.rows("accounts", "--where", f"is_customer and {plan}", "--limit", 100000, project="demo")
                counts.append(f"{len(listed)} of {len(of)}")
            if int(counts[0].split()[0]) >= 10:
                self.assertEqual(rows[title]["here"].split(" (")[0].replace(",", ""), counts[0], title)
                self.assertEqual(rows[title]["elsewhere"].split(" (")[0].replace(",", ""), counts[1], title)
            else:
                self.assertNotIn(title, rows)

    def said_by(self, document, table, key):
        return {row[key]: row for row in tables(document)[table]}

    def test_threads_and_the_order_of_rows_change_nothing(self):
        want = self.strata("persona", "--format", "json", project="demo")
        book = self.strata("report", "personas", "--format", "json", project="demo")
        for threads in (1, 3):
            self.assertEqual(self.strata("persona", "--format", "json", "--threads", threads, project="demo"), want)
        other = self.folder / "shuffled"
        shutil.copytree(self.folder / "demo", other, ignore=shutil.ignore_patterns("strata.duckdb*", "*.html"))
        for name in ("tickets", "surveys", "contacts", "touchpoints", "opportunities"):
            path = other / f"{name}.csv"
            head, *rows = path.read_text().splitlines(keepends=True)
            random.Random(3).shuffle(rows)
            path.write_text(head + "".join(rows))
        self.strata("ingest", project="shuffled")
        same = lambda text: json.loads(text)["sections"]
        self.assertEqual(same(self.strata("persona", "--format", "json", project="shuffled")), same(want))
        self.assertEqual(same(self.strata("report", "personas", "--format", "json", project="shuffled")), same(book))

    def test_later_facts_change_nothing(self):
        day = "2026-01-31"
        now = lambda: self.strata("report", "personas", "--format", "json", "--as-of", day, project="later")
        shutil.copytree(self.folder / "demo", self.folder / "later", ignore=shutil.ignore_patterns("*.html"))
        before = json.loads(now())
        for name, fields in {
            "tickets": {"account_id": "A000001", "ticket_id": "L1", "opened_at": "2026-02-01", "severity": "high",
                        "theme": "audits", "text": "the sky is falling"},
            "surveys": {"account_id": "A000002", "answered_at": "2026-02-02", "kind": "nps", "score": "10",
                        "text": "the sky is falling"},
            "touchpoints": {"account_id": "A000004", "at": "2026-02-03", "channel": "pigeon", "minutes": "5",
                            "responded": "true"},
        }.items():
            columns = (self.folder / "later" / f"{name}.csv").read_text().splitlines()[0].split(",")
            self.assertTrue(set(fields) <= set(columns), (name, columns))
            with open(self.folder / "later" / f"{name}.csv", "a", newline="") as f:
                for _ in range(50):
                    csv.DictWriter(f, columns, lineterminator="\n").writerow(fields)
                    if "ticket_id" in fields:
                        fields["ticket_id"] += "x"
        self.strata("ingest", project="later")
        after = json.loads(now())
        self.assertEqual(after["sections"], before["sections"])

    def test_every_format_and_flag_is_taken(self):
        for fmt in ("table", "json", "csv", "markdown", "html"):
            self.assertTrue(self.strata("persona", "--format", fmt, project="demo"))
            self.assertTrue(self.strata("persona", "Champions", "--format", fmt, project="demo"))
        self.strata("report", "personas", project="demo")
        self.assertTrue((self.folder / "demo" / "personas.html").exists())
        self.strata("persona", "Champions", "--months", "3", "--as-of", "2025-12-31", project="demo")
        self.strata("persona", "--by", "rfm", project="demo")

    def test_mistakes_are_told(self):
        for arguments, message, status in (
                (("Champion",), "did you mean 'Champions'?", 66),
                (("--by", "valeu"), "did you mean 'value'?", 64),
                (("--where", "arr >"), "--where:1:", 64),
                (("--where", "arr > 5 for 30 days"), "looks back", 64),
                (("--where", "arr > 1", "--by", "plan"), "not both", 64),
                (("Champions", "--where", "arr > 1"), "not both", 64),
                (("--where", "arr > 1e12"), "no account is in", 66),
                (("--months", "0"), "months", 64)):
            self.strata("persona", *arguments, project="demo", status=status)
            self.assertIn(message, self.errors)


HOSTILE = ["", "\\x00", "a" * 70000, "\U0001F600" * 30, "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "%s%n%d",
           "jane.doe@acme.com", "JANE DOE called", "+1 (202) 555-0147", "https://acme.com/u/jane", "jane (at) acme (dot) com",
           "e\u0301\u0301\u0301", "\u202egnp.exe", "'; drop table ticket; --"]


class Small(CliTest):
    """Portfolios that carry little."""

    def make(self, name, model, **files):
        folder = self.folder / name
        folder.mkdir()
        (folder / "strata.yaml").write_text("strata: 1\nextends: value\nbusiness: {name: small}\nsources:\n" + model)
        for key, text in files.items():
            (folder / f"{key}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        self.strata("ingest", project=name)
        return name

    ACCOUNTS = "account_id,name,started_on\n" + "".join(f"a{i},Firm {chr(65 + i % 26)}{i},2024-01-01\n" for i in range(80))
    ARR = "account_id,date,delta\n" + "".join(f"a{i},2024-01-01,{3000 + 400 * i}\n" for i in range(80))
    MODEL = "  accounts: {path: accounts.csv}\n  arr: {path: arr.csv, form: movements}\n"

    def test_accounts_and_arr_alone_say_what_is_missing(self):
        name = self.make("bare", self.MODEL, accounts=self.ACCOUNTS, arr=self.ARR)
        text = self.strata("persona", "Starter", project=name)
        for part in ("Needs contacts", "Needs touchpoints", "needs tickets with the column", "Deals need opportunities",
                     "Use by feature is left out"):
            self.assertIn(part, " ".join(text.split()))
        everything = self.strata("persona", project=name)
        self.assertIn("too few accounts were customers a year ago", everything)
        later = self.strata("persona", "--as-of", "2025-06-30", project=name)
        self.assertIn("everybody stayed", later)
        self.assertTrue(self.strata("report", "personas", "--format", "markdown", project=name))

    def test_two_accounts_are_too_few_for_anything(self):
        name = self.make("two", self.MODEL + "  tickets: {path: tickets.csv}\n  contacts: {path: contacts.csv}\n",
                         accounts="account_id,name\na1,One\na2,Two\n",
                         arr="account_id,date,delta\na1,2024-01-01,9000\na2,2024-01-01,900\n",
                         tickets="account_id,opened_at,theme,text\na1,2024-02-01,billing,Invoice is wrong\n",
                         contacts="account_id,role\na1,champion\n")
        text = self.strata("persona", project=name)
        self.assertIn("Not enough data", text)
        one = self.strata("persona", "--where", "arr > 5000", project=name)
        self.assertNotIn("Invoice", one)
        self.assertIn("1 of 1", one)
        self.strata("report", "personas", "--format", "markdown", project=name)

    def test_a_preferred_channel_and_gaps_in_the_committee_are_found(self):
        draw = random.Random(7)
        touches = ["account_id,at,channel,responded"]
        # Everybody answers e-mail; who is met at all answers as often as the rest, whatever the day.
        for i in range(80):
            for k in range(6):
                channel = ("email", "call")[k % 2]
                answered = draw.random() < (0.9 if channel == "email" else 0.4)
                touches.append(f"a{i},2024-0{k + 1}-1{draw.randrange(8)},{channel},{str(answered).lower()}")
        contacts = ["account_id,contact_id,role,active_until"]
        for i in range(80):
            contacts.append(f"a{i},e{i},economic,")
            contacts.append(f"a{i},c{i},champion,{'2024-05-01' if i < 30 else ''}")
            if i % 2:
                contacts.append(f"a{i},t{i},technical,")
        name = self.make("ways", self.MODEL + "  touchpoints: {path: touches.csv}\n  contacts: {path: contacts.csv}\n",
                         accounts=self.ACCOUNTS, arr=self.ARR, touches="\n".join(touches) + "\n",
                         contacts="\n".join(contacts) + "\n")
        found = tables(self.json("persona", "--where", "arr >= 15000", "--as-of", "2024-06-30", project=name))
        self.assertEqual(found["personas"][0]["channel"], "email")
        # arr >= 15000 are accounts 30 to 79: all have a champion, every second a technical buyer.
        self.assertEqual([(r["role"], r["present"], r["missing"]) for r in found["roles"]],
                         [("economic buyer", 50, 0), ("technical buyer", 25, 25), ("champion", 50, 0)])
        gaps = tables(self.json("report", "personas", "--as-of", "2024-06-30", "--limit", 1000, project=name))["gaps"]
        self.assertEqual(len(gaps), 30 + 25)
        left = {r["id"]: r for r in gaps}
        self.assertEqual(left["a0"]["missing"], "technical buyer, champion")
        self.assertEqual(left["a0"]["champion_left"], "2024-05-01")
        self.assertEqual(left["a30"]["missing"], "technical buyer")
        self.assertEqual([r["arr"] for r in gaps], sorted((r["arr"] for r in gaps), reverse=True))

    def test_a_planted_anti_persona_is_confirmed_and_a_random_attribute_is_none(self):
        draw = random.Random(11)
        accounts, arr = ["account_id,industry,region,started_on"], ["account_id,date,delta"]
        for i in range(600):
            bad = i % 4 == 0
            accounts.append(f"a{i},{'Hotels' if bad else draw.choice(['Banks', 'Shops'])},{draw.choice('XYZ')},2023-01-01")
            arr.append(f"a{i},2023-01-01,12000")
            if draw.random() < (0.6 if bad else 0.05):
                arr.append(f"a{i},2024-03-0{1 + i % 9},-12000")
        name = self.make("anti", self.MODEL, accounts="\n".join(accounts) + "\n", arr="\n".join(arr) + "\n")
        rows = tables(self.json("persona", "--as-of", "2024-06-30", project=name))["anti"]
        self.assertEqual([(r["where"], r["state"]) for r in rows], [('industry = "Hotels"', "confirmed")])
        listed = self.rows("accounts", "--where", rows[0]["where"], "--as-of", "2024-06-30", "--limit", 1000, project=name)
        self.assertEqual(len(listed), rows[0]["accounts_now"])

    def test_reasons_for_leaving_are_those_that_were_given(self):
        """Drawn so that small accounts leave over the price and large ones over what is missing; told again from the
        drawn facts. What does not count is among them: who came back, who left before or after the year, reasons of
        what was only cut, reasons before the last one."""
        draw = random.Random(17)
        accounts, arr = ["account_id,size,started_on"], ["account_id,date,delta,reason"]
        left = {"Small": collections.Counter(), "Large": collections.Counter()}
        for i in range(900):
            size = "Small" if i % 2 else "Large"
            reason = draw.choices(("pricing", "missing features", "budget"),
                                  (6, 1, 3) if size == "Small" else (1, 6, 3))[0]
            accounts.append(f"a{i},{size},2022-01-01")
            arr.append(f"a{i},2022-01-01,12000,")
            kind = draw.choices(("stays", "leaves", "silent", "early", "later", "back", "cut", "twice"),
                                (40, 25, 5, 5, 5, 5, 5, 10))[0]
            if kind in ("leaves", "twice"):
                left[size][reason] += 1
            if kind == "twice":  # left over something else, came back, left again
                arr += [f"a{i},2023-09-01,-12000,moved", f"a{i},2023-10-01,12000,"]
            end = {"early": "2023-03-01", "later": "2024-08-01", "stays": None}.get(kind, "2024-03-01")
            if end is not None:
                arr.append(f"a{i},{end},{-4000 if kind == 'cut' else -12000},{'' if kind == 'silent' else reason}")
            if kind == "back":
                arr.append(f"a{i},2024-05-01,12000,")
        name = self.make("reasons", self.MODEL, accounts="\n".join(accounts) + "\n", arr="\n".join(arr) + "\n")
        for size, other in (("Small", "Large"), ("Large", "Small")):
            rows = tables(self.json("persona", size, "--by", "size", "--as-of", "2024-06-30", project=name))["reasons"]
            here, there = left[size], left[other]
            of, of_there = sum(here.values()), sum(there.values())
            self.assertEqual([r["reason"] for r in rows], sorted(here, key=lambda k: (-here[k], k)))
            for row in rows:
                for cell, hits, n in (("here", here[row["reason"]], of), ("elsewhere", there[row["reason"]], of_there)):
                    self.assertEqual(row[cell], f"{hits} of {n} ({100 * hits / n:.1f} %)", row)
            p = {r["reason"]: r["p"] for r in rows}
            self.assertEqual(p["pricing"], "p < 0.001")
            self.assertEqual(p["missing features"], "p < 0.001")
            self.assertNotIn("<", p["budget"])
        early = self.strata("persona", "Small", "--by", "size", "--as-of", "2023-01-31", project=name)
        self.assertIn("Nobody who left in these 12 months gave a reason (reason in the source of ARR).", " ".join(early.split()))

    def test_texts_of_any_bytes_are_read_and_names_stay_hidden(self):
        tickets = ["account_id,opened_at,theme,text"]
        for i in range(80):
            for k, text in enumerate(HOSTILE + ["Jane Doe says exports fail at Firm A0", "jane.doe@acme.com exports fail"]):
                quoted = text.replace('"', '""')
                theme = "jane.doe@acme.com" if k % 2 else "exports, imports"
                tickets.append(f'a{i},2024-03-{k + 1:02d},"{theme}","{quoted}"')
        broken = b'a1,2024-04-01,x,"caf\xe9 \xff\xfe fails"\n'
        contacts = "account_id,contact_id,title,email,role\n" + "".join(
            f"a{i},c{i},VP Sky,jane.doe@acme.com,champion\n" for i in range(80))
        name = self.make("hostile",
                         self.MODEL + "  tickets: {path: tickets.csv}\n  contacts: {path: contacts.csv}\n"
                         "ingest: {rejects_allowed: 100%}\n",
                         accounts=self.ACCOUNTS, arr=self.ARR, contacts=contacts,
                         tickets="\n".join(tickets).encode() + b"\n" + broken)
        # Half of the accounts say it twice as often, so that something stands out at all.
        for fmt in ("json", "markdown", "html", "csv"):
            text = self.strata("persona", "--where", "arr < 20000", "--format", fmt, project=name).lower()
            for word in ("jane", "doe@", "acme", "555-0147", "alert(1)", "drop table"):
                self.assertNotIn(word, text)

    def test_no_column_shows_personal_data_in_any_format(self):
        """Columns meant for a use case, a channel, a feature, a competitor or a reason, filled with people."""
        who = ("jane.doe@acme.com", "call Jane Doe on +1 202 555 0147")
        draw = random.Random(3)
        rows = {"accounts": ["account_id,name,started_on,use_case,plan"], "arr": ["account_id,date,delta,reason"],
                "tickets": ["account_id,opened_at,theme,text"], "surveys": ["account_id,answered_at,kind,score,text,contact_id"],
                "touchpoints": ["account_id,at,channel,responded"], "usage": ["account_id,at,user_id,feature"],
                "opportunities": ["account_id,kind,opened_at,due_on,stage,amount,competitor"],
                "contacts": ["account_id,contact_id,role,email"]}
        for i in range(160):
            big, value = i % 2, 40000 if i % 2 else 3000
            rows["accounts"].append(f"a{i},Firm {i} Ltd,2022-01-01,{who[big]},{('Small', 'Big')[big]}")
            rows["arr"].append(f"a{i},2022-01-01,{value},")
            if draw.random() < (0.5 if big else 0.1):
                rows["arr"].append(f"a{i},2024-02-01,{-value},{('Jane was unhappy', who[0])[big]}")
            for k in range(4):
                rows["tickets"].append(f"a{i},2024-03-0{k + 1},{('Jane Doe', who[0], 'exports', who[1])[k]},"
                                       f"{('Zelda broke imports', 'Yorick broke exports')[big]}")
                rows["surveys"].append(f"a{i},2024-04-0{k + 1},nps,{(10, 3)[big]},Zelda says slow sync,zelda.quux@acme.com")
                rows["touchpoints"].append(f"a{i},2024-04-0{k + 3},{('call', 'email ' + who[0])[k % 2]},"
                                           f"{str(draw.random() < (0.1, 0.9)[k % 2]).lower()}")
                rows["usage"].append(f"a{i},2024-05-0{k + 1},yorick@acme.com,{('report.view', who[0])[big]}")
            rows["opportunities"].append(f"a{i},expansion,2024-01-05,2024-05-05,{('won', 'lost')[i // 2 % 2]},1000,"
                                         f"{('Rival', who[0])[big]}")
            rows["contacts"].append(f"a{i},c{i},champion,jane.doe@acme.com")
        name = self.make("people", self.MODEL + "".join(
            f"  {key}: {{path: {key}.csv}}\n" for key in rows if key not in ("accounts", "arr")),
            **{key: "\n".join(lines) + "\n" for key, lines in rows.items()})
        words = ("jane", "doe@", "acme", "zelda", "yorick", "202 555")
        for fmt in ("table", "json", "csv", "markdown", "html", "xlsx"):
            for command in (("persona", "Big", "--by", "plan"), ("persona", "--by", "plan"), ("report", "personas")):
                out = self.folder / f"people.{fmt}"
                self.strata(*command, "--as-of", "2024-06-30", "--format", fmt, "--output", str(out), project=name)
                text = out.read_bytes()
                if fmt == "xlsx":
                    with zipfile.ZipFile(out) as book:
                        text = b"".join(book.read(part) for part in book.namelist())
                for word in words:
                    self.assertNotIn(word.encode(), text.lower(), (fmt, command))
        self.strata("persona", "--by", "use_case", "--as-of", "2024-06-30", status=65, project=name)
        self.assertIn("the name of a segment holds personal data", self.errors)
        self.assertNotIn("jane", self.errors.lower())
        one = self.strata("persona", "Big", "--by", "plan", "--as-of", "2024-06-30", "--format", "markdown", project=name)
        self.assertIn("not shown: personal data", one)
        self.assertIn("report.view", one)
        self.assertIn("broke exports", one)


if __name__ == "__main__":
    strata_cli.main()
