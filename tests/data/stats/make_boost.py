#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reference values for boosted trees in tests/unit/stats/test_boost.c.

Debian 12: Python 3.11, python3-xgboost 1.7.4. The rows are those of make_predictions.py; the first
120 train, the rest validate. The contributions are worked out from the dumped trees by the
definition of Shapley's value over all sets of features (a node whose feature is not in the set
passes both sides on by their cover), not by XGBoost's own algorithm.
"""
import json
from itertools import combinations
from math import comb, log

import numpy as np
import xgboost

from make_predictions import sample, show

x, y = sample(200, 3, 2026)
x[::7, 1] = np.nan
train, held = xgboost.DMatrix(x[:120], y[:120], nthread=1), xgboost.DMatrix(x[120:], y[120:], nthread=1)
rate = y[:120].mean()
history = {}
model = xgboost.train(
    {"objective": "binary:logistic", "tree_method": "hist", "base_score": rate, "max_depth": 3, "eta": 0.1,
     "min_child_weight": 1, "lambda": 1, "nthread": 1, "eval_metric": "logloss", "verbosity": 0},
    train, 500, evals=[(held, "held")], early_stopping_rounds=20, evals_result=history, verbose_eval=False)
rounds = model.best_iteration + 1
print("xgboost", xgboost.__version__, "rounds", rounds, "run", len(history["held"]["logloss"]))
show("loss", min(history["held"]["logloss"]))
kept = model[:rounds]
show("margins of rows 120, 121, 126", kept.predict(held, output_margin=True)[[0, 1, 6]])


def value(node, row, known):
    """What a tree says of a row when only the features in `known` are known."""
    if "leaf" in node:
        return node["leaf"]
    kids = {k["nodeid"]: k for k in node["children"]}
    yes, no, missing = (kids[node[w]] for w in ("yes", "no", "missing"))
    f = int(node["split"][1:])
    if f in known:
        v = np.float32(row[f])
        return value(missing if np.isnan(v) else yes if v < np.float32(node["split_condition"]) else no, row, known)
    return (yes["cover"] * value(yes, row, known) + no["cover"] * value(no, row, known)) / node["cover"]


trees = [json.loads(t) for t in kept.get_dump(dump_format="json", with_stats=True)]
for i in (120, 121, 126):
    worth = {s: sum(value(t, x[i], s) for t in trees) for k in range(4) for s in combinations(range(3), k)}
    parts = [sum((worth[tuple(sorted(s + (j,)))] - worth[s]) / (3 * comb(2, len(s)))
                 for s in worth if j not in s) for j in range(3)]
    show("parts of row %d, then the rest" % i, parts, worth[()] + log(rate / (1 - rate)))
