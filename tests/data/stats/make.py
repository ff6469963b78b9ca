# SPDX-License-Identifier: Apache-2.0
# Reference values of tests/unit/stats: SciPy 1.10.1 (Debian 12: python3-scipy).
#   python3 tests/data/stats/make.py
from scipy import special, stats

print("gamma_p", [repr(special.gammainc(a, x)) for a, x in
                  [(0.5, 0.1), (0.5, 2.0), (1.0, 1.0), (2.5, 1.0), (2.5, 10.0), (100.0, 90.0), (32500.0, 32600.0)]])
print("gamma_q", [repr(special.gammaincc(a, x)) for a, x in
                  [(0.5, 0.1), (0.5, 20.0), (3.0, 25.0), (100.0, 130.0), (50000.0, 50500.0)]])
print("beta_i", [repr(special.betainc(a, b, x)) for a, b, x in
                 [(0.5, 0.5, 0.3), (2.0, 3.0, 0.4), (10.0, 1.5, 0.9), (500.0, 501.0, 0.48), (50000.0, 50001.0, 0.501)]])
print("log_gamma", [repr(special.gammaln(x)) for x in [0.1, 0.5, 1.5, 3.0, 10.0, 171.5, 1e5]])
print("chi2.sf", [repr(stats.chi2.sf(x, df)) for x, df in [(3.841458820694124, 1), (0.3, 2), (45.0, 10), (700.0, 5)]])
print("binom.cdf", [repr(stats.binom.cdf(k, n, 0.5)) for k, n in [(0, 6), (3, 10), (480, 1000), (499000, 1000000)]])

table = [[12, 5, 8], [7, 14, 3], [20, 22, 31]]
r = stats.chi2_contingency(table, correction=False)
print("chi2_contingency", repr(r[0]), repr(r[1]), r[2], repr(r[3].min()), repr(stats.contingency.association(table)))
print("2x2", [repr(x) for x in stats.chi2_contingency([[56, 14], [48, 32]], correction=False)[:2]])

a, b = [3.1, 4.7, 4.7, 5.0, 8.8, 9.9, 2.0], [1.0, 2.0, 2.5, 3.1, 4.7, 0.5, 1.5, 2.2]
r = stats.mannwhitneyu(a, b, method="asymptotic", use_continuity=True)
print("mannwhitneyu", repr(r.statistic), repr(r.pvalue))
groups = [[2.9, 3.0, 2.5, 2.6, 3.2], [3.8, 2.7, 4.0, 2.4], [2.8, 3.4, 3.7, 2.2, 2.0, 3.0]]
r = stats.kruskal(*groups)
print("kruskal", repr(r.statistic), repr(r.pvalue))

xs = [1e-5, 0.1, 0.5, 1.0, 1.4616321449683622, 2.5, 9.999, 10.0, 37.5, 1e4, 1e8]
print("digamma", [repr(special.digamma(x)) for x in xs])
print("trigamma", [repr(float(special.polygamma(1, x))) for x in xs])
print("log_beta", [repr(special.betaln(a, b)) for a, b in
                   [(0.1, 0.2), (1.0, 1.0), (0.668, 3.806), (0.3, 500.0), (12.0, 11.0), (2.5, 1e7), (1e5, 1e6)]])

for y, at in [([5.1, 4.8, 4.9, 4.2, 4.4, 3.9, 3.7, 4.0, 3.1, 3.3], None), ([3, 3, 1, 4, 4, 5, 9, 2, 6, 5, 3], None),
              ([2, 1, 5, 4, 8, 7.5], [1, 2, 4, 8, 9, 12])]:
    print("theilslopes", stats.theilslopes(y, at))
