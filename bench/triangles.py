#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The triangles of bench/triangles.c in pandas, from the columns that `triangles --dump` wrote.

Computes the same sums as Strata does, against the start and against the age before; the time of the
first alone stands beside it. Reading the columns is not timed. Changes are summed by cohort and age
and added up over the ages, which is far faster than a state of every account at every month end.
Compares every cell; revenue to a cent, for it is computed in floating point here.
  triangles.py FOLDER [REPEAT]"""

import resource
import sys
import time

import numpy as np
import pandas as pd

MONTH = 377580


def against_start(rows, months, parts, first_day):
    """Sums of a cohort's accounts at the end of each age. Also every row's account, cohort, age and ARR."""
    account, after = rows.account.to_numpy(), rows.after.to_numpy()
    new = np.empty(len(rows), dtype=bool)
    new[0] = True
    np.not_equal(account[1:], account[:-1], out=new[1:])
    before = np.where(new, 0, np.roll(after, 1))
    month = months[rows.day.to_numpy() - first_day]
    start = np.maximum.accumulate(np.where(new, np.arange(len(rows)), 0))
    cohort, base = month[start], after[start]
    age = month - cohort
    changes = pd.DataFrame({
        "cohort": cohort, "age": age, "accounts": new.astype(np.int64),
        "base": np.where(new, after, 0),
        "active": (after > 0).astype(np.int64) - (before > 0),
        "arr": after - before,
        "kept": np.minimum(after, base) - np.minimum(before, base),
        "paid": (after - before) * (age * float(MONTH) + parts[rows.day.to_numpy() - first_day]),
    }).groupby(["cohort", "age"]).sum()
    cohorts = changes.index.get_level_values(0).unique()
    last = months[-1]
    grid = pd.MultiIndex.from_tuples([(c, a) for c in cohorts for a in range(last - c + 1)],
                                     names=["cohort", "age"])
    cells = changes.reindex(grid, fill_value=0).groupby(level=0).cumsum()
    ages = cells.index.get_level_values(1)
    cells["revenue"] = (cells.arr * ((ages + 1) * float(MONTH)) - cells.paid) / (12 * MONTH)
    return cells, (account, cohort, age, after)


def against_previous(cells, account, cohort, age, after):
    """Adds what those active at the end of the age before are now; in age 0, of all."""
    last = np.ones(len(age), dtype=bool)
    last[:-1] = (account[1:] != account[:-1]) | (age[1:] != age[:-1])
    account, cohort, age, after = account[last], cohort[last], age[last], after[last]
    before = np.zeros_like(after)
    before[1:] = np.where(account[1:] == account[:-1], after[:-1], 0)
    changes = pd.DataFrame({
        "cohort": cohort, "age": age,
        "lost": ((before > 0) & (after == 0)).astype(np.int64),
        "won": np.where(before == 0, after, 0),
        "dropped": np.maximum(before - after, 0),
    }).groupby(["cohort", "age"]).sum().reindex(cells.index, fill_value=0)
    first = cells.index.get_level_values(1) == 0
    start = {"before": cells.accounts, "before_arr": cells.base, "stayed": cells.active,
             "stayed_arr": cells.arr, "stayed_kept": cells.kept}
    cells["before"], cells["before_arr"] = cells.active.shift(fill_value=0), cells.arr.shift(fill_value=0)
    cells["stayed"] = cells.before - changes.lost
    cells["stayed_arr"] = cells.arr - changes.won
    cells["stayed_kept"] = cells.before_arr - changes.dropped
    for name, values in start.items():
        cells[name] = np.where(first, values, cells[name])


def keep_best(begin, best):
    took = time.monotonic() - begin[0], time.process_time() - begin[1]
    return took if best is None or took < best else best


def main():
    folder, repeat = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    rows = pd.DataFrame({"account": np.fromfile(f"{folder}/account", dtype=np.int32),
                         "day": np.fromfile(f"{folder}/day", dtype=np.int32),
                         "after": np.fromfile(f"{folder}/after", dtype=np.int64)})
    first_day = int(rows.day.min())
    days = pd.to_datetime(np.arange(first_day, rows.day.max() + 1), unit="D")
    months = (days.year * 12 + days.month - 1).to_numpy()
    parts = ((days.day - 1) * (MONTH // days.days_in_month)).to_numpy().astype(float)
    start = both = None
    for _ in range(repeat):
        begin = time.monotonic(), time.process_time()
        cells, states = against_start(rows, months, parts, first_day)
        start = keep_best(begin, start)
        against_previous(cells, *states)
        both = keep_best(begin, both)
    theirs = np.fromfile(f"{folder}/cells", dtype=np.int64).reshape(-1, 13)
    names = ["cohort", "age", "accounts", "base", "active", "arr", "kept"]
    previous = ["before", "before_arr", "stayed", "stayed_arr", "stayed_kept"]
    mine = cells.reset_index()
    if not np.array_equal(mine[names + previous].to_numpy(), theirs[:, [*range(7), *range(8, 13)]]):
        sys.exit("triangles.py: cells differ")
    if np.abs(cells.revenue.to_numpy() - theirs[:, 7]).max() > 1:
        sys.exit("triangles.py: revenue differs")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for what, took in (("pandas", both), ("pandas, against the start", start)):
        print(f"{what:28} wall {took[0]:8.4f} s  cpu {took[1]:8.4f} s  peak {peak:5.0f} MB")


main()
