# SPDX-License-Identifier: Apache-2.0
"""strata expansion against what `strata accounts` lists at the dates in question, and playbooks' tasks."""
import csv
import datetime
import io
import json
import shutil

import documents
import strata_cli
from strata_cli import CliTest

AS_OF, YEAR_AGO = "2026-06-30", "2025-06-30"
COLUMNS = "id,arr,expansion_score,expansion_tier,expansion_12m,arr_gap,seat_fill"


def auc(pairs):
    """Share of pairs (expanded, not expanded) in the right order, equal scores counting half."""
    yes = [score for score, out in pairs if out]
    no = [score for score, out in pairs if not out]
    return sum((a > b) + 0.5 * (a == b) for a in yes for b in no) / (len(yes) * len(no))


class Portfolio(CliTest):
    @classmethod
    def prepare(cls):
        case = cls("strata")
        case.strata("synth", "zoo", "--accounts", 700, "--seed", 5)
        path = cls.folder / "zoo" / "strata.yaml"
        path.write_text(path.read_text().replace("extends: hybrid",
                                                 "extends: [hybrid, expansion]\nprimary: segment"))
        case.strata("ingest", project="zoo")

    def listed(self, date):
        rows = self.rows("accounts", "--as-of", date, "--columns", COLUMNS, "--all", project="zoo")
        return {row["id"]: row for row in rows}

    def table(self, name, *options):
        text = self.strata("expansion", "--format", "csv", "--table", name, *options, project="zoo")
        return list(csv.DictReader(io.StringIO(text, newline="")))


class Expansion(Portfolio):
    def test_ready_accounts_are_listed_from_the_highest_score(self):
        now = self.listed(AS_OF)
        ready = {i for i, row in now.items() if row["expansion_tier"] == "Ready"}
        rows = self.table("expansion")
        self.assertEqual({row["account_id"] for row in rows}, ready)
        self.assertGreater(len(ready), 20)
        scores = [float(row["score"]) for row in rows]
        self.assertEqual(scores, sorted(scores, reverse=True))
        for row in rows:
            self.assertAlmostEqual(float(row["score"]),
                                   float(now[row["account_id"]]["expansion_score"]), places=9)
            self.assertTrue(row["opener"].endswith("?"), row)

    def test_tiers_add_up_to_the_portfolio(self):
        now = self.listed(AS_OF)
        for row in self.table("tiers"):
            members = [r for r in now.values() if r["expansion_tier"] == row["tier"]]
            self.assertEqual(int(row["accounts"]), len(members))
            self.assertAlmostEqual(float(row["value"]), sum(float(r["arr"]) for r in members), 2)

    def test_the_trial_is_what_the_lists_of_both_dates_say(self):
        then, now = self.listed(YEAR_AGO), self.listed(AS_OF)
        seen = [(row, float(now[i]["expansion_12m"] or 0) > 0) for i, row in then.items()
                if row["expansion_score"] and float(row["arr"] or 0) > 0]
        self.assertGreater(len(seen), 200)
        for row in self.table("tiers"):
            out = [e for r, e in seen if r["expansion_tier"] == row["tier"]]
            if row["expanded_share"]:
                self.assertGreaterEqual(len(out), 30)
                self.assertAlmostEqual(float(row["expanded_share"]), sum(out) / len(out), 9)
            else:
                self.assertLess(len(out), 30)
        sign = next(r for r in self.table("signs") if r["factor"] == "Active users per seat")
        # The factor's scale rises from 0.4 to 1 and is flat outside; its order is all that counts.
        pairs = [(min(1.0, max(0.4, float(r["seat_fill"]))), e) for r, e in seen if r["seat_fill"]]
        self.assertEqual(int(sign["accounts"]), len(pairs))
        self.assertAlmostEqual(float(sign["auc"]), auc(pairs), 9)

    def report(self, name):
        return self.rows("report", "expansion", "--limit", 100000, "--table", name, project="zoo")

    def test_the_brief_adds_up_to_the_accounts(self):
        now = self.listed(AS_OF)
        gaps = {i: max(0, round(100 * float(r["arr_gap"] or 0))) for i, r in now.items()}
        ready = [i for i, r in now.items() if r["expansion_tier"] == "Ready"]
        rooms = self.report("rooms")
        inside = [i for i, r in now.items() if r["expansion_tier"] and r["arr"] and float(r["arr"]) > 0]
        self.assertEqual(sum(round(100 * float(r["room"] or 0)) for r in rooms), sum(gaps[i] for i in inside))
        self.assertEqual(sum(round(100 * float(r["ready_room"] or 0)) for r in rooms), sum(gaps[i] for i in ready))
        self.assertEqual(sum(int(r["ready"]) for r in rooms), len(ready))
        sequence = self.report("sequence")
        self.assertEqual(sum(int(r["accounts"]) for r in sequence), len(ready))
        self.assertEqual(sum(round(100 * float(r["room"])) for r in sequence), sum(gaps[i] for i in ready))
        told = self.report("expansion")
        self.assertEqual({r["account_id"] for r in told}, set(ready))
        for row in told:  # the points shown are whole numbers of a score that is not
            points = sum(float(part.split(" of ")[0].rsplit(" ", 1)[1]) for part in row["split"].split(", "))
            self.assertAlmostEqual(points, float(row["score"]), delta=3.1)

    def test_a_portfolio_without_a_past_says_so(self):
        text = self.strata("expansion", "--as-of", "2021-03-31", project="zoo")
        self.assertIn("could not be tried", text)

    def test_threads_change_nothing(self):
        one = self.strata("expansion", "--threads", 1, "--format", "json", project="zoo")
        self.assertEqual(one, self.strata("expansion", "--threads", 7, "--format", "json",
                                          project="zoo"))

    def test_a_model_with_half_of_it_is_told_what_lacks(self):
        path = self.folder / "zoo" / "strata.yaml"
        text = path.read_text()
        try:
            path.write_text(text.replace(
                "business:", "dimensions:\n  expansion_tier:\n    tiers: [{name: All, otherwise: true}]\n"
                "business:", 1))
            self.strata("expansion", project="zoo", status=78)
            self.assertIn("tier 'Ready'", self.errors)
        finally:
            path.write_text(text)


class People(CliTest):
    """Who leads, the steps, the openers, the gate on health, and papers of one's own, on a portfolio that adds two people of
    Finance to some accounts."""
    NEW = ("2026-04-10", "2026-05-20")

    @classmethod
    def prepare(cls):
        case = cls("strata")
        case.strata("synth", "zoo", "--accounts", 400, "--seed", 5)
        folder = cls.folder / "zoo"
        path = folder / "strata.yaml"
        cls.model = path.read_text().replace("extends: hybrid", "extends: [hybrid, expansion]\nprimary: segment")
        path.write_text(cls.model)
        rows = list(csv.DictReader((folder / "contacts.csv").read_text().splitlines()))
        cls.before = {}
        for row in rows:
            cls.before.setdefault(row["account_id"], set()).add(row["department"].lower())
        accounts = sorted(cls.before)
        cls.chosen = [a for a in accounts if "legal" not in cls.before[a]][::2]
        first = {row["account_id"]: row["department"] for row in reversed(rows)}
        with (folder / "contacts.csv").open("a", newline="") as file:
            for account in cls.chosen:
                for k, day in enumerate(cls.NEW):
                    name = " legal " if k else "Legal"
                    file.write(f"{account},{account}-N{k},Counsel,user,{name},{day},,\n")
            # More people, one of whom decides, in a department that has long been known.
            for account in accounts:
                for k, role in enumerate(("user", "economic", "user")):
                    file.write(f"{account},{account}-O{k},Clerk,{role},{first[account]},2026-05-25,,\n")
        case.strata("ingest", project="zoo")

    def listed(self, date, columns):
        rows = self.rows("accounts", "--as-of", date, "--columns", "id," + columns, "--all", project="zoo")
        return {row["id"]: row for row in rows}

    def expansion(self):
        return self.rows("expansion", "--limit", 100000, "--table", "expansion", project="zoo")

    def test_people_are_counted_from_the_day_they_are_known(self):
        columns = "new_contacts_180d,new_departments_180d,departments"
        dates = {d: self.listed(d, columns) for d in ("2026-04-09", "2026-04-10", "2026-05-20")}
        seen = 0
        for account in set(self.chosen).intersection(*dates.values()):
            a, b, c = (dates[d][account] for d in sorted(dates))
            if a["new_departments_180d"] and b["new_departments_180d"] and c["new_departments_180d"]:
                seen += 1
                self.assertGreaterEqual(float(b["departments"]), float(a["departments"]))
                self.assertEqual(float(b["departments"]), float(a["departments"]) + 1)
        self.assertGreater(seen, 50)

    def test_what_is_known_later_changes_nothing(self):
        path = self.folder / "zoo" / "contacts.csv"
        columns = "new_contacts_180d,new_deciders_180d,departments,new_departments_180d,expansion_score"
        date, text = "2026-03-31", path.read_text()
        before = self.listed(date, columns)
        lines = [line for line in text.splitlines() if ",Counsel," not in line]
        try:
            path.write_text("\n".join(lines) + "\n")
            self.strata("ingest", project="zoo")
            self.assertEqual(self.listed(date, columns), before)
        finally:
            path.write_text(text)
            self.strata("ingest", project="zoo")

    def test_openers_name_the_department_and_the_month(self):
        told = {r["account_id"]: r["opener"] for r in self.expansion()}
        mine = [t for a, t in told.items() if a in self.chosen and "people of Legal since April 2026" in t]
        self.assertGreater(len(mine), 5)
        for text in mine:
            self.assertTrue(text.startswith("We have met two people of Legal"), text)
        self.assertFalse([t for a, t in told.items() if a in self.chosen and "We have met" in t and t not in mine])
        for account, text in told.items():
            if account not in self.chosen:
                self.assertNotIn("Legal", text)

    def test_openers_count_whom_their_sign_counts(self):
        """New departments by people of departments nobody was known of before, new deciders by deciders alone."""
        words = ["", "one person", "two people", "three people", "four people", "five people", "six people"]
        known = {}
        for row in csv.DictReader((self.folder / "zoo" / "contacts.csv").read_text().splitlines()):
            if row["known_from"] <= AS_OF:
                known.setdefault(row["account_id"], {}).setdefault(row["department"].strip().lower(), []).append(row)
        seen = {"who decides there?": 0, "What do they expect": 0}
        for row in self.expansion():
            asked = next((s for s in seen if s in row["opener"] and "We have met" in row["opener"]), None)
            if asked is None:
                continue
            counts = []
            for people in known[row["account_id"]].values():
                new = [p for p in people if p["known_from"] >= "2026-01-02" and not "" < p["active_until"] <= AS_OF]
                if asked == "who decides there?":
                    new = new if min(p["known_from"] for p in people) >= "2026-01-02" else []
                else:
                    new = [p for p in new if p["role"] != "user"]
                if new:
                    counts.append((-len(new), min(p["department"].strip() for p in new)))
            n, department = min(counts)
            self.assertIn(f"We have met {words[-n]} of {department} since", row["opener"])
            seen[asked] += 1
        self.assertGreater(min(seen.values()), 3, seen)

    def test_openers_say_only_what_holds_of_the_account(self):
        facts = self.listed(AS_OF, "active_users_30d,seats,adoption,usage_trend_90d,nps_last")
        seen = dict.fromkeys(("people worked", "seats", "use of", "offers"), 0)
        for row in self.expansion():
            text, fact = row["opener"], facts[row["account_id"]]
            at = lambda name: float(fact[name] or "nan")
            share = lambda x: "all" if x >= 1 else f"{min(int(x * 100 + 0.5), 99)} %"
            self.assertNotIn("we know of your plans", text)
            if " of your people worked with Platform in the 30 days up to 30 June 2026." in text:
                self.assertEqual(text.split(" ")[0].replace(",", ""), fact["active_users_30d"])
                seen["people worked"] += 1
            elif text.startswith("Your team fills"):
                self.assertIn(f"fills {share(at('active_users_30d') / at('seats'))} of its seats", text)
                seen["seats"] += 1
            elif text.startswith("You use "):
                self.assertIn(f"You use {share(at('adoption'))} of what Platform offers", text)
                seen["offers"] += 1
            elif text.startswith("Your use of"):
                grew = at("usage_trend_90d")
                self.assertGreaterEqual(grew, 0.05)
                self.assertIn("has more than doubled" if grew > 1 else f"has grown by {int(grew * 100 + 0.5)} %", text)
                seen["use of"] += 1
            elif text.startswith("You gave us"):
                self.assertGreaterEqual(at("nps_last"), 8)
            else:
                self.assertTrue(text.startswith("We have met "), text)
        self.assertGreater(seen["people worked"], 3, seen)
        self.assertGreater(seen["seats"], 0, seen)

    def test_the_lead_follows_the_room_and_steps_follow_the_lead(self):
        room = self.listed(AS_OF, "arr_gap,health,open_expansions,expansion_lead")
        for row in self.expansion():
            gap = float(room[row["account_id"]]["arr_gap"] or 0)
            lead = "Sales" if gap >= 50e3 else "Both" if gap >= 15e3 else "CS"
            self.assertEqual(row["lead"], lead)
            self.assertIn("Write the hand-over" if lead == "Sales" else "figures on one page", row["first_step"])
            self.assertEqual(row["first_by"], "2026-07-07" if lead == "Sales" else "2026-07-08")
            # Nobody is asked for more while in trouble, or while a deal is open.
            self.assertGreaterEqual(float(room[row["account_id"]]["health"]), 60)
            self.assertEqual(float(room[row["account_id"]]["open_expansions"] or 0), 0)

    def test_the_brief_has_the_steps_with_names_and_room(self):
        row = next(r for r in self.expansion() if r["lead"] == "Sales")
        steps = self.rows("brief", row["account_id"], "--table", "hand_off", project="zoo")
        self.assertEqual(len(steps), 7)
        self.assertEqual([s["by"] for s in steps], sorted(s["by"] for s in steps))
        self.assertIn("room for $", steps[0]["what"])
        self.assertEqual(row["first_step"], steps[0]["who"] + ": " + steps[0]["what"])
        self.assertTrue(any(s["who"] == "Sales" for s in steps))

    def test_steps_speak_of_a_champion_where_one_is_known(self):
        known = self.listed(AS_OF, "has_champion")
        seen = set()
        for row in self.expansion():
            champion = {"1": "yes", "yes": "yes", "true": "yes", "0": "no", "no": "no", "false": "no"}[known[row["account_id"]]["has_champion"]]
            if champion in seen:
                continue
            seen.add(champion)
            told = " ".join(s["what"] for s in self.rows("brief", row["account_id"], "--table", "hand_off", project="zoo"))
            self.assertEqual("the champion" in told, champion == "yes", told)
        self.assertEqual(seen, {"yes", "no"})
        # Where nobody's contacts are read, nobody is said to be there.
        folder = self.folder / "unknown"
        shutil.copytree(self.folder / "zoo", folder)
        path = folder / "strata.yaml"
        path.write_text("".join(line for line in self.model.splitlines(True) if not line.startswith("  contacts:")))
        self.strata("ingest", project="unknown")
        row = self.rows("expansion", "--limit", 1, "--table", "expansion", project="unknown")[0]
        told = " ".join(s["what"] for s in self.rows("brief", row["account_id"], "--table", "hand_off", project="unknown"))
        self.assertRegex(told, "the champion,? or ")

    def test_papers_of_ones_own_go_before_the_shipped_ones(self):
        folder = self.folder / "zoo"
        path = folder / "strata.yaml"
        own = folder / "own.md"
        try:
            path.write_text(self.model + "papers: {expansion: own.md}\n")
            own.write_text("A note.\n\n## opener\nHow are you, {account}?\n## opener seats\nSeats: {fact} {percent}?\n"
                           "## hand_off Sales\n- start + 5 | {csm|Nobody} | Ring {account}.\n")
            row = next(r for r in self.expansion() if r["lead"] == "Sales")
            self.assertRegex(row["first_step"], r": Ring .*\.$")
            self.assertEqual(row["first_by"], "2026-07-13")  # the 11th is a Saturday
            for text, says in (("## opener\nHi {acount}", "own.md:2:4: unknown field '{acount}'"),
                               ("## opner\nHi", "own.md:1:4: expansion has no part 'opner' (did you mean 'opener'?)"),
                               ("## opener\nHi {account", "own.md:2:4: a brace")):
                own.write_text(text)
                self.strata("segments", project="zoo", status=78)
                self.assertIn(says, self.errors)
            own.write_text("## opener seat_fil\nHi")
            self.strata("expansion", project="zoo", status=78)
            self.assertIn("own.md:1:4: unknown feature 'seat_fil' of an opener (did you mean 'seat_fill'?)", self.errors)
            many = "".join(f"  own_{k}: {{value: arr}}\n" for k in range(600))
            path.write_text(self.model + "papers: {expansion: own.md}\nfeatures:\n" + many)
            own.write_text("## opener own_599\nHi\n")
            self.strata("expansion", project="zoo")
            own.write_text("## opener own_5999\nHi\n")
            self.strata("expansion", project="zoo", status=78)
            self.assertIn("own.md:1:4: unknown feature 'own_5999' of an opener (did you mean 'own_5", self.errors)
            path.write_text(self.model + "papers: {expansions: own.md}\n")
            self.strata("segments", project="zoo", status=78)
            self.assertIn("did you mean 'expansion'?", self.errors)
        finally:
            path.write_text(self.model)


class Plays(CliTest):
    """Plays begun, ended and measured, followed once more from the subscriptions day by day."""
    BIG = {"trigger": lambda arr: arr >= 6e3, "exit": lambda arr: arr < 3e3, "again": 100, "last": 10, "replaces": [],
           "measure": lambda arr: arr >= 8e3, "after": 90}
    HUGE = {"trigger": lambda arr: arr >= 20e3, "exit": lambda arr: arr < 15e3, "again": 60, "last": 5, "replaces": ["big"],
            "measure": None, "after": 0}
    FILES = {"big": """playbook: big
title: Big
trigger: arr >= 6k
exit: arr < 3k
again_after: 100 days
steps:
  - {key: look, title: Look at it, due: 3 days, owner: csm, minutes: 30}
  - {key: call, title: Call them, due: 10 days, owner: csm, minutes: 30}
measure: {when: arr >= 8k, after: 90 days}
""", "huge": """playbook: huge
title: Huge
trigger: arr >= 20k
exit: arr < 15k
again_after: 60 days
replaces: [big]
steps:
  - {key: look, title: Look at it, due: 5 days, owner: csm, minutes: 30}
"""}

    @classmethod
    def prepare(cls):
        case = cls("strata")
        case.strata("synth", "zoo", "--accounts", 200, "--seed", 3, "--only", "accounts,subscriptions")
        for name, text in cls.FILES.items():
            (cls.folder / "zoo" / f"{name}.yaml").write_text(text)
        path = cls.folder / "zoo" / "strata.yaml"
        cls.own = path.read_text()
        path.write_text(cls.own + "playbooks: [big.yaml, huge.yaml]\n")
        (cls.folder / "zoo" / "fewer.yaml").write_text(cls.own + "playbooks: [big.yaml]\n")
        case.strata("ingest", project="zoo")

    def arr_by_day(self, days):
        """By account, its ARR at the end of each day."""
        found = {}
        for row in csv.DictReader((self.folder / "zoo" / "subscriptions.csv").read_text().splitlines()):
            yearly = float(row["amount"]) * {"month": 12, "quarter": 4, "year": 1}[row["period"]]
            of = found.setdefault(row["account_id"], [0.0] * len(days))
            for k, day in enumerate(days):
                if row["start"] <= day < (row["end"] or "9999"):
                    of[k] += yearly
        return found

    def follow(self, books, days):
        counts = {name: dict.fromkeys(("begun", "begun_year", "exited", "over", "measured", "met"), 0) for name in books}
        running = {}
        for account, arr in self.arr_by_day(days).items():
            runs, began, waits = {}, {}, {}
            for today, now in enumerate(arr):
                for name, book in books.items():
                    told = counts[name]
                    if name in waits and today - waits[name] >= book["after"]:
                        told["measured"] += 1
                        told["met"] += book["measure"](now)
                        del waits[name]
                    if name in runs and book["exit"](now):
                        told["exited"] += 1
                        del runs[name]
                    elif name in runs and today - runs[name] > book["last"] + 30:
                        told["over"] += 1
                        del runs[name]
                    replaced = any(name in books[other]["replaces"] for other in runs)
                    rested = name not in began or today - began[name] >= book["again"]
                    if name not in runs and not replaced and rested and book["trigger"](now):
                        runs[name] = began[name] = today
                        told["begun"] += 1
                        told["begun_year"] += len(days) - today <= 365
                        if book["measure"] is not None:
                            waits.setdefault(name, today)
                        for other in [x for x in book["replaces"] if x in runs]:
                            counts[other]["over"] += 1  # told together with those that are over
                            del runs[other]
            running.update({(account, name.title()): days[at] for name, at in runs.items()})
        return counts, running

    def days(self):
        first = datetime.date(2024, 1, 1)
        return [str(first + datetime.timedelta(days=k)) for k in range((datetime.date(2026, 6, 30) - first).days + 1)]

    def test_counts_and_begins_are_those_followed_day_by_day(self):
        counts, running = self.follow({"big": self.BIG, "huge": self.HUGE}, self.days())
        rows = {row["playbook"]: row for row in self.rows("playbooks", "--as-of", AS_OF, project="zoo")}
        for name, told in counts.items():
            row = rows[name]
            self.assertGreater(told["begun"], 50)
            self.assertGreater(told["over"], 20)
            for key in ("begun", "exited", "over", "measured"):
                self.assertEqual(int(row[key]) if row[key] else 0, told[key], (name, key))
            self.assertEqual(int(row["running"]), sum(book == name.title() for _, book in running))
        self.assertAlmostEqual(float(rows["big"]["met_share"]), counts["big"]["met"] / counts["big"]["measured"], 9)
        tasks = self.rows("tasks", "--as-of", AS_OF, "--within", 60, project="zoo")
        self.assertEqual({(row["account_id"], row["playbook"]): row["began"] for row in tasks}, running)

    def test_a_changed_model_is_told_the_plays_that_would_have_begun(self):
        both, _ = self.follow({"big": self.BIG, "huge": self.HUGE}, self.days())
        fewer, _ = self.follow({"big": self.BIG}, self.days())
        rows = {row["playbook"]: row for row in
                self.rows("plan", "zoo/fewer.yaml", "--as-of", AS_OF, "--replay", "--table", "plays", project="zoo")}
        self.assertNotEqual(both["big"]["begun_year"], fewer["big"]["begun_year"])
        self.assertEqual(int(rows["Big"]["begun_before"]), both["big"]["begun_year"])
        self.assertEqual(int(rows["Big"]["begun_after"]), fewer["big"]["begun_year"])
        self.assertEqual(int(rows["Huge"]["begun_before"]), both["huge"]["begun_year"])
        self.assertEqual(rows["Huge"]["begun_after"], "")


class Brief(Portfolio):
    def test_it_says_what_holds_an_account_back_and_whose_steps_are_due(self):
        """Not everything that could: health, serious tickets or a renewal, each where it is so."""
        where = "expansion_tier = 'Held back' and "
        signs = {"Health is ": ("health < 60", "health >= 60", "health"),
                 "Serious tickets in 90 days is ": ("tickets_high_90d >= 3", "tickets_high_90d < 3", "tickets_high_90d"),
                 "Time to renewal is ": ("renewal_in <= 30 days", "(renewal_in is missing or renewal_in > 30 days)", "renewal_in")}
        seen = set()
        for words, (condition, _, name) in signs.items():
            others = " and ".join(without for w, (_, without, _) in signs.items() if w != words)
            found = self.rows("accounts", "--where", f"{where}{condition} and {others}", "--columns", f"id,{name}",
                              "--limit", 100000, project="zoo")
            for row in found[:2]:
                text = " ".join(self.strata("brief", row["id"], project="zoo").split())
                self.assertRegex(text, rf"Held back: {words}{float(row[name]):g}( days?)?\. ")
                seen.add(words)
        self.assertGreater(len(seen), 1)
        task = next(r for r in self.rows("tasks", "--within", 14, project="zoo") if r["owner_id"])
        steps = documents.table(json.loads(self.strata("brief", task["account_id"], "--format", "json", project="zoo")), "plays")["rows"]
        self.assertIn((task["step"], task["owner"]), {(s["step"], s["owner"]) for s in steps})


    def test_without_a_play_it_says_which_would_be_called_for_and_why_none_runs(self):
        busy = {row["account_id"] for row in self.rows("tasks", "--within", 365, project="zoo")}
        red = {row["id"]: row["health"] for row in self.rows("accounts", "--where", "is_customer and health < 60", "--columns",
                                                             "id,health", "--limit", 100000, project="zoo")}
        calm = {row["id"] for row in self.rows("accounts", "--where", "is_customer and health >= 60", "--limit", 100000, project="zoo")}
        self.assertGreater(len(set(red) - busy), 1)
        for account in sorted(set(red) - busy)[:2]:
            text = " ".join(self.strata("brief", account, project="zoo").split())
            self.assertIn("No play runs", text)
            self.assertIn(f"Save would be called for (Health is {float(red[account]):g}), but its last play is over: "
                          "the next begins 120 days after that one began.", text)
        account = min(calm - busy)
        self.assertNotIn("Save would be called for", self.strata("brief", account, project="zoo"))


class Tasks(Portfolio):
    def test_a_step_is_gone_once_its_intervention_is_ingested(self):
        before = self.rows("tasks", "--within", 0, "--playbook", "save", project="zoo")
        self.assertGreater(len(before), 5)
        first = before[0]
        path = self.folder / "zoo" / "interventions.csv"
        text = path.read_text()
        self.assertEqual((first["playbook_key"], first["step_key"]), ("save", "diagnose"))  # what the list says is what comes back
        path.write_text(text + f"{first['account_id']},{first['began']},{first['playbook_key']},{first['step_key']},30,accepted\n")
        try:
            self.strata("ingest", project="zoo")
            after = self.rows("tasks", "--within", 0, "--playbook", "save", project="zoo")
            mine = [row for row in after if row["account_id"] == first["account_id"]]
            self.assertNotIn(first["step"], [row["step"] for row in mine])
        finally:
            path.write_text(text)
            self.strata("ingest", project="zoo")

    def test_a_task_names_itself_and_its_owner_so_that_no_import_doubles_it(self):
        """Managers share names; the same step keeps its id from day to day, and no two have one."""
        today, later = (self.rows("tasks", "--as-of", day, "--within", 30, project="zoo") for day in ("2026-03-31", "2026-04-01"))
        with open(self.folder / "zoo" / "csms.csv", newline="") as file:
            managers = {row["csm_id"]: row["name"] for row in csv.DictReader(file)}
        for row in today:
            self.assertEqual(row["task_id"], ":".join(row[k] for k in ("account_id", "playbook_key", "step_key", "began")))
            self.assertEqual(managers.get(row["owner_id"], row["owner"]), row["owner"])
            self.assertEqual(row["owner_id"] == "", row["owner"] in ("no csm", "manager", "sales", "support", "digital"))
        ids = [row["task_id"] for row in today]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertGreater(len(set(ids) & {row["task_id"] for row in later}), 50)

    def test_what_is_told_of_an_account_is_how_it_is_now_in_words(self):
        rows = self.rows("tasks", "--within", 0, "--playbook", "save", project="zoo")
        health = {row["id"]: row["health"] for row in self.rows("accounts", "--columns", "id,health", "--limit", 100000, project="zoo")}
        for row in rows:
            self.assertEqual(row["now"], f"Health is {float(health[row['account_id']]):g}")

    def test_the_same_day_gives_the_same_list_and_the_next_the_same_plays(self):
        today = self.rows("tasks", "--as-of", "2026-03-31", "--within", 30, project="zoo")
        again = self.rows("tasks", "--as-of", "2026-03-31", "--within", 30, "--threads", 1, project="zoo")
        self.assertEqual(today, again)
        later = self.rows("tasks", "--as-of", "2026-04-01", "--within", 30, project="zoo")
        begun = {(r["account_id"], r["playbook"]): r["began"] for r in later}
        same = [begun[key] == r["began"] for r in today
                if (key := (r["account_id"], r["playbook"])) in begun]
        self.assertGreater(len(same), 50)
        self.assertGreater(sum(same) / len(same), 0.98)

    def test_what_there_is_not_is_named_with_the_nearest(self):
        self.strata("tasks", "--playbook", "sav", project="zoo", status=66)
        self.assertIn("did you mean 'save'", self.errors)
        self.strata("tasks", "--account", "A00000", project="zoo", status=66)
        text = self.strata("tasks", "--owner", "nobody at all", project="zoo")
        self.assertIn("Nothing is due", text)


del Portfolio


if __name__ == "__main__":
    strata_cli.main()
