#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The panel of bench/panel.c at one date, in pandas, from the columns that `panel --dump` wrote.

Reading the columns is not timed; only rows that a window needs are grouped, and distinct counts
drop duplicates first, which is faster than nunique. Compares every cell.
  panel.py FOLDER [REPEAT]"""

import resource
import sys
import time

import numpy as np
import pandas as pd

NAMES = ["arr", "arr_growth_12m", "expansion_12m", "last_seen", "events_30d", "events_90d",
         "usage_trend_30d", "active_days_30d", "features_used_30d", "features_used_90d",
         "active_users_30d", "active_users_90d", "adoption"]
EXPANSION = 1


def read(folder, prefix, names, dtype=np.int32):
    return pd.DataFrame({n: np.fromfile(f"{folder}/{prefix}_{n}", dtype=np.int64).astype(dtype)
                         for n in names})


def distinct(rows, column):
    """How many different values of a column each account has."""
    return rows[["account", column]].drop_duplicates().groupby("account").size()


def panel(usage, arr, started, known, day, year_before):
    n = len(started)
    usage = usage[usage.day <= day]
    recent = usage[usage.day > day - 90]
    month = recent[recent.day > day - 30]
    before = recent[(recent.day <= day - 30) & (recent.day > day - 60)]
    named = recent[recent.user >= 0]
    by_account = usage.groupby("account").day
    first, last = by_account.min().reindex(range(n)), by_account.max().reindex(range(n))
    arr = arr[arr.day <= day]
    now = arr.groupby("account").after.last().reindex(range(n), fill_value=0)
    then = arr[arr.day <= year_before].groupby("account").after.last().reindex(range(n),
                                                                               fill_value=0)
    expanded = arr[(arr.kind == EXPANSION) & (arr.day > year_before)]
    here = (np.fmin(started, first) <= day).to_numpy()

    def count(values):
        return values.reindex(range(n), fill_value=0).where(here)

    events = month.groupby("account").events.sum()
    earlier = before.groupby("account").events.sum().reindex(range(n))
    used = count(distinct(recent[recent.feature >= 0], "feature"))
    return pd.DataFrame({
        "arr": now / 100,
        "arr_growth_12m": (now / then - 1).where(then > 0),
        "expansion_12m": expanded.groupby("account").delta.sum().reindex(range(n),
                                                                         fill_value=0) / 100,
        "last_seen": day - last,
        "events_30d": count(events),
        "events_90d": count(recent.groupby("account").events.sum()),
        "usage_trend_30d": events.reindex(range(n), fill_value=0) / earlier - 1,
        "active_days_30d": count(distinct(month, "day")),
        "features_used_30d": count(distinct(month[month.feature >= 0], "feature")),
        "features_used_90d": used,
        "active_users_30d": count(distinct(named[named.day > day - 30], "user")),
        "active_users_90d": count(distinct(named, "user")),
        "adoption": used / known,
    }, columns=NAMES, dtype=float)


def main():
    folder, repeat = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 3
    day, year_before = (int(x) for x in open(f"{folder}/dates").read().split())
    usage = read(folder, "usage", ["account", "day", "feature", "user", "events"])
    arr = read(folder, "arr", ["account", "day", "kind"])
    arr["after"] = np.fromfile(f"{folder}/arr_after", dtype=np.int64)
    arr["delta"] = np.fromfile(f"{folder}/arr_delta", dtype=np.int64)
    started = pd.Series(np.fromfile(f"{folder}/started", dtype=np.int64))
    known = int((np.fromfile(f"{folder}/first_seen", dtype=np.int64) <= day).sum())
    best = None
    for _ in range(repeat):
        wall, cpu = time.monotonic(), time.process_time()
        ours = panel(usage, arr, started, known, day, year_before)
        took = time.monotonic() - wall, time.process_time() - cpu
        best = took if best is None or took < best else best
    theirs = np.fromfile(f"{folder}/panel").reshape(len(NAMES), -1)
    for f, name in enumerate(NAMES):
        if not np.allclose(ours[name].to_numpy(), theirs[f], rtol=1e-12, atol=0, equal_nan=True):
            sys.exit(f"panel.py: {name} differs from the sweep's")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'pandas, one date':28} wall {best[0]:7.3f} s  cpu {best[1]:7.3f} s  "
          f"{len(usage) / best[0] / 1e6:7.1f} M rows/s  peak {peak:5.0f} MB")


main()
