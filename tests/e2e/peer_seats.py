# SPDX-License-Identifier: Apache-2.0
"""Retention of seats counted once more by pandas, from the files that were ingested: the naive way, every
account's subscriptions on the last day of every age. Reads the questions as JSON, writes the cells as JSON.

  python3 peer_seats.py accounts.csv subscriptions.csv < questions.json
"""
import json
import math
import sys

import pandas as pd

FREQ = {"month": "M", "quarter": "Q-%s", "year": "A-%s"}
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]


def levels(subs, days):
    """Seats of each row (account_id, day) of `days`: of the subscriptions in force at the end of that day."""
    held = days.reset_index().merge(subs, on="account_id")
    held = held[(held.start <= held.day) & (held.end.isna() | (held.end > held.day))]
    return held.groupby("index").seats.sum().reindex(days.index, fill_value=0.0)


def started(subs):
    """By account: the first day with ARR, and the day and number of the first seats from then on."""
    paid = subs[(subs.amount > 0) & (subs.end.isna() | (subs.end > subs.start))]
    who = paid.groupby("account_id").start.min().rename("origin").reset_index()
    first = who.rename(columns={"origin": "day"})
    days = pd.concat([first, subs[["account_id", "start"]].rename(columns={"start": "day"})]).drop_duplicates()
    days = days.merge(who, on="account_id")
    days = days[days.day >= days.origin].reset_index(drop=True)
    days["base"] = levels(subs, days[["account_id", "day"]])
    days = days[days.base > 0].sort_values(["account_id", "day"]).groupby("account_id").first()
    return days.rename(columns={"day": "base_day"}).reset_index()


def age_ends(who, as_of, question):
    """A row for each account and each age that it has begun: the last day of the age."""
    rows = []
    month = MONTHS[(question.get("fiscal", 1) + 10) % 12]
    freq = FREQ[question["every"]] if question["every"] == "month" else FREQ[question["every"]] % month
    for a in who.itertuples():
        for age in range(10000):
            if question.get("days"):
                begin = a.origin + pd.Timedelta(days=math.ceil(age * 30.4375))
                end = a.origin + pd.Timedelta(days=math.ceil((age + 1) * 30.4375) - 1)
            else:
                period = pd.Period(a.origin, freq) + age
                begin, end = period.start_time.normalize(), period.end_time.normalize()
            if begin > as_of:
                break
            rows.append((a.account_id, age, end))
    return pd.DataFrame(rows, columns=["account_id", "age", "end_of_age"])


def label(day, question):
    month = question.get("fiscal", 1)
    if question["every"] == "month":
        return day.strftime("%Y-%m")
    period = pd.Period(day, FREQ[question["every"]] % MONTHS[(month + 10) % 12])
    text = f"{period.qyear}-Q{period.quarter}" if question["every"] == "quarter" else str(period.year)
    return ("FY" if month > 1 else "") + text


def cells(accounts, subs, question):
    as_of = pd.Timestamp(question["as_of"])
    subs = subs[subs.start <= as_of]
    who = started(subs)
    who = who[(who.base_day <= as_of) & (who.origin <= as_of)]
    if "by" in question:
        who["cohort"] = who.account_id.map(accounts.set_index("account_id")[question["by"]])
    else:
        who["cohort"] = [label(d, question) for d in who.origin]
    rows = age_ends(who, as_of, question).merge(who, on="account_id")
    rows["over"] = rows.end_of_age <= as_of
    rows["day"] = rows.end_of_age.where(rows.over, as_of)
    rows = rows[rows.over | ~rows.groupby(["cohort", "age"]).over.transform("any")].reset_index(drop=True)
    rows["now"] = levels(subs, rows[["account_id", "day"]])
    known = rows[rows.base_day <= rows.day].copy()
    ends = rows.set_index(["account_id", "age"]).end_of_age
    before = age_ends(who, as_of, question).set_index(["account_id", "age"]).end_of_age
    known["then"] = known.base
    later = known[known.age > 0]
    days = pd.DataFrame({"account_id": later.account_id,
                         "day": [before[(a, k - 1)] for a, k in zip(later.account_id, later.age)]}, index=later.index)
    assert len(ends) == len(rows)
    known.loc[later.index, "then"] = levels(subs, days)
    out = []
    for (cohort, age), g in known.groupby(["cohort", "age"]):
        if question.get("previous"):
            g = g[g.then > 0]
            base, now = g.then, g.now
        else:
            base, now = g.base, g.now
        part = now.clip(upper=base) if question["measure"] == "seats-gross" else now
        out.append({"cohort": cohort, "age": str(age), "over": bool(g.over.any()), "accounts": len(g),
                    "active": int((now > 0).sum()), "value": float(part.sum()), "base": float(base.sum())})
    return out


def main():
    accounts = pd.read_csv(sys.argv[1])
    subs = pd.read_csv(sys.argv[2], parse_dates=["start", "end"])
    subs["seats"] = subs.seats.fillna(0.0)
    json.dump([cells(accounts, subs, q) for q in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
