# SPDX-License-Identifier: Apache-2.0
# Reference values of tests/unit/analysis/test_quality_card.c: SciPy 1.10.1 (Debian 12: python3-scipy).
#   python3 tests/data/analysis/make.py
# The portfolio is that of tests/unit/analysis/town.h: customers of a year ago by segment.
from scipy import stats

table = [[100, 0], [90, 10], [108, 72]]
r = stats.chi2_contingency(table, correction=False)
print("churn", repr(r[0]), repr(r[1]), repr(stats.contingency.association(table)))
changes = [[0.2] * 50 + [0.0] * 50, [-1.0] * 10 + [0.2] * 40 + [0.0] * 50, [-1.0] * 72 + [0.2] * 54 + [0.0] * 54]
k = stats.kruskal(*changes)
print("growth", repr(k.statistic), repr(k.pvalue), repr(k.statistic / 379))
