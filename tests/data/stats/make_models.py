# SPDX-License-Identifier: Apache-2.0
# Reference values of tests/unit/stats/test_churn.c: mpmath (Debian 12: python3-mpmath), 30 digits.
#   python3 tests/data/stats/make_models.py
from mpmath import beta, diff, findroot, hyp2f1, log, matrix, mp, mpf, nstr, nsum, sqrt

mp.dps = 30
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]


def survival(a, b, c, t):
    return beta(a, b + mpf(t) ** c) / beta(a, b) if t > 0 else mpf(1)


def log_likelihood(survivors, a, b, c):
    curve = [survival(a, b, c, t) for t in range(len(survivors))]
    lost = sum((survivors[t] - survivors[t + 1]) * log(curve[t] - curve[t + 1])
               for t in range(len(survivors) - 1))
    return lost + survivors[-1] * log(curve[-1])


# Maximum and inverse of the observed information; k = 2: c stays 1 (sBG).
def fit(survivors, start):
    k = len(start)
    unit = [tuple(int(i == j) for j in range(k)) for i in range(k)]

    def f(*x):
        return log_likelihood(survivors, *(list(x) + [1] * (3 - k)))

    x = tuple(findroot(lambda *x: [diff(f, x, u) for u in unit], start))
    h = matrix(k, k)
    for i in range(k):
        for j in range(k):
            h[i, j] = -diff(f, x, tuple(p + q for p, q in zip(unit[i], unit[j])))
    v = h ** -1
    print([nstr(e, 10) for e in x], "se", [nstr(sqrt(v[i, i]), 10) for i in range(k)],
          "covariance", nstr(v[0, 1], 10), "ln L", nstr(f(*x), 12))
    return x


x = fit(HIGH_END[:8], (0.668, 3.806))
print("S(12)", nstr(survival(x[0], x[1], 1, 12), 12))
fit(HIGH_END[:5], (0.2593, 1.7226, 1.5844))
fit(HIGH_END, (0.2496, 1.6542, 1.5968))

a, b, v = mpf("3.8"), mpf("15.2"), 1 / mpf("1.1")
for n in range(5):
    print("sBG residual", n, nstr((b + n) / (a + b + n) * hyp2f1(1, b + n + 1, a + b + n + 1, v), 15))
print("sBG new", nstr(hyp2f1(1, b, a + b, v), 15))
a, b = mpf("1.7"), mpf("4.2")
print("sBG within 10", nstr(sum(survival(a, b, 1, t) / survival(a, b, 1, 3) for t in range(4, 14)), 15))
a, b, c = mpf(".2593"), mpf("1.7226"), mpf("1.5844")
print("BdW residual", nstr(nsum(lambda t: survival(a, b, c, 3 + t) / survival(a, b, c, 2) * v ** t, [0, 600]), 15))
