#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reference values of the buyer models by mpmath, to 30 digits: Gauss' hypergeometric function, and
expectations as integrals over what is unknown of a customer, which is how the models are defined
(the code has closed forms or other integrals). Prints tests/unit/stats/buyers_expected.h."""

import mpmath as mp

mp.mp.dps = 30
print("""/* SPDX-License-Identifier: Apache-2.0 */
/* Made by tests/data/stats/make_buyers.py (mpmath %s). */
#ifndef STRATA_BUYERS_EXPECTED_H
#define STRATA_BUYERS_EXPECTED_H

/* 2F1(a, b; c; z): its sign and the logarithm of its size. */
static const struct {
    double a, b, c, z, sign, log_size;
} hyp2f1_rows[] = {""" % mp.__version__)


def number(v):
    return mp.nstr(mp.mpf(v), 17, min_fixed=-5, max_fixed=17)


def grid():
    """Parameters as the models call the function, and z up to next to 1."""
    for z in (0.001, 0.2, 0.5, 0.73, 0.95, 0.9999, 1 - 2.0**-26):
        for x in (0, 1, 7, 221, 10000):
            yield 0.243 + x, 2.426 + x, 2.219 + x + (x == 0) * 2, z  # BG/NBD
            yield 0.553 + 0.606 + x, 1.606, 2.159 + x, z  # Pareto/NBD, alpha >= beta
            yield 0.553 + 0.606 + x, 0.553 + x, 2.159 + x, z  # alpha < beta
            yield 30.25 + x, 4.5 + x, 5.125 + x, z
            yield 0.3 + x, 12.75 + x, 41.5 + x, z
        for n in (0, 6, 500):
            yield 1.0, 3.783 + n, 4.44 + n, z  # BG/BB
        yield 1.0, 1.0, 2.0, z  # -ln(1 - z) / z
        yield 2.0, 3.0, 5.0, z  # c - a - b = 0
        yield 2.0, 5.0, 4.0, z
        yield -3.0, 2.5, 1.25, z
        yield -28.3, 0.4, 1.9, z


for a, b, c, z in grid():
    a, b, c, z = (float(v) for v in (a, b, c, z))
    # Quicker and as exact: Euler's form where it is the more regular one.
    if c - a - b < 0:
        f = mp.hyp2f1(mp.mpf(c) - a, mp.mpf(c) - b, c, z, maxterms=10**7, maxprec=10**5)
        log_size = mp.log(abs(f)) + (mp.mpf(c) - a - b) * mp.log(1 - mp.mpf(z))
    else:
        f = mp.hyp2f1(a, b, c, z, maxterms=10**7, maxprec=10**5)
        log_size = mp.log(abs(f))
    print("    {%r, %r, %r, %r, %d, %s}," % (a, b, c, z, mp.sign(f), number(log_size)))
print("};")


def beta_mean(f, a, b):
    """E f(p), p ~ beta(a, b), with the singular ends taken out by substitution."""
    g = lambda u: f(u ** (1 / a)) * (1 - u ** (1 / a)) ** (b - 1) / a
    h = lambda u: f(1 - u ** (1 / b)) * (1 - u ** (1 / b)) ** (a - 1) / b
    half = mp.mpf(1) / 2
    return (mp.quad(g, [0, half**a / 8, half**a]) + mp.quad(h, [0, half**b / 8, half**b])) / mp.beta(a, b)


def bg_expected(modified, r, alpha, a, b, x, t_x, T, t):
    r, alpha, a, b, x, t_x, T, t = (mp.mpf(v) for v in (r, alpha, a, b, x, t_x, T, t))
    stays = x + modified
    odds = 0
    if stays > 0:
        odds = mp.beta(a + 1, b + stays - 1) * (alpha + t_x) ** -(r + x)
        odds /= mp.beta(a, b + stays) * (alpha + T) ** -(r + x)
    more = lambda p: (-mp.expm1(-(r + x) * mp.log1p(p * t / (alpha + T)))) / p if p else (r + x) * t / (alpha + T)
    return 1 / (1 + odds), beta_mean(more, a, b + stays) / (1 + odds)


print("""
/* Chance of being alive and purchases expected in the next t, BG/NBD and modified. */
static const struct {
    int modified;
    double r, alpha, a, b, x, t_x, T, t, alive, expected;
} bg_rows[] = {""")
for row in ((0.243, 4.414, 0.793, 2.426, 2, 30.43, 38.86, 39),
            (0.243, 4.414, 0.793, 2.426, 0, 0, 38.86, 0.001),
            (0.243, 4.414, 1.0, 2.426, 5, 20, 38.86, 39),
            (0.243, 4.414, 1.0005, 2.426, 5, 20, 38.86, 390),
            (0.5, 2, 0.25, 0.5, 0, 0, 0, 50),
            (0.5, 2, 0.75, 0.25, 0, 0, 0, 50),
            (12.5, 3, 2.5, 0.75, 40, 90, 100, 5000),
            (0.25, 4.5, 0.75, 2.5, 10000, 38, 38.5, 26)):
    for modified in (0, 1):
        alive, expected = bg_expected(modified, *row)
        print("    {%d, %s, %s, %s}," % (modified, ", ".join(repr(v) for v in row), number(alive),
                                         number(expected)))
print("};")


def pareto(r, alpha, s, beta, x, t_x, T, d):
    r, alpha, s, beta, x, t_x, T, d = (mp.mpf(v) for v in (r, alpha, s, beta, x, t_x, T, d))
    points = [t_x + (T - t_x) * k / 256 for k in range(257)] if T > t_x else [t_x, T]
    left = mp.quad(lambda u: s * (alpha + u) ** -(r + x) * (beta + u) ** -(s + 1), points)
    stay = (alpha + T) ** -(r + x) * (beta + T) ** -s
    alive = stay / (stay + left)
    life = mp.quad(lambda v: mp.exp(-d * v) * (1 + v / (beta + T)) ** -s, [0, 1, 10, 100, 1000, 10**4, mp.inf])
    log_l = mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(alpha) + s * mp.log(beta) + mp.log(stay + left)
    return log_l, alive, alive * (r + x) / (alpha + T) * life


print("""
/* ln L, chance of being alive and discounted expected residual transactions, Pareto/NBD. */
static const struct {
    double r, alpha, s, beta, x, t_x, T, rate, log_l, alive, dert;
} pareto_rows[] = {""")
for row in ((0.553, 10.578, 0.606, 11.669, 2, 30.43, 38.86, 0.0027),
            (0.553, 10.578, 0.606, 11.669, 0, 0, 38.86, 0.0027),
            (0.553, 11.669, 0.606, 10.578, 7, 3.5, 38.86, 0.1),
            (0.553, 10.578, 0.606, 10.578, 7, 33.5, 38.86, 2.0),
            (0.5143, 2.8845, 0.2856, 14.1087, 221, 103.42857, 103.57143, 0.0027),
            (2.5, 100.0, 1.0, 0.01, 3, 20, 40, 0.01),
            (2.5, 0.01, 3.0, 100.0, 3, 20, 40, 0.01),
            (1.5, 10.0, 2.5, 20.0, 10000, 39, 40, 0.003),
            (1.5, 10.0, 2.5, 20.0, 0, 0, 0, 0.003)):
    print("    {%s, %s}," % (", ".join(repr(float(v)) for v in row),
                             ", ".join(number(v) for v in pareto(*row))))
print("};\n\n#endif")
