#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Reference values for discrimination, calibration and logistic regression in tests/unit/stats.

Debian 12: Python 3.11, scikit-learn 1.2.1, numpy 1.24, scipy 1.10. Prints constants; the data are
those of tests/unit/stats/prediction_sample.h, made by the same generator (no numpy random).
"""
import numpy as np
from scipy.special import expit
from sklearn import __version__
from sklearn.calibration import _SigmoidCalibration
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (average_precision_score, brier_score_loss, log_loss, roc_auc_score)


def draws(n, seed):
    """n numbers in (0, 1) by Park & Miller's generator, exact in whole numbers below 2^53."""
    out = []
    for _ in range(n):
        seed = seed * 16807 % 2147483647
        out.append(seed / 2147483647)
    return out


def sample(n, d, seed):
    """Rows of d features in -1..1 (the last rounded to tenths) and an outcome."""
    u = draws(n * (d + 1), seed)
    x = np.empty((n, d))
    y = np.empty(n, int)
    for i in range(n):
        row = u[i * (d + 1):(i + 1) * (d + 1)]
        x[i] = [2 * v - 1 for v in row[:d]]
        x[i, d - 1] = np.floor(x[i, d - 1] * 10 + 0.5) / 10
        margin = -1 + sum((j + 1) * x[i, j] * (-1) ** j for j in range(d))
        y[i] = row[d] < expit(margin)
    return x, y


def show(name, *values):
    print(name, *("%.15g" % v for v in np.concatenate([np.ravel(v) for v in values])))


def main():
    print("sklearn", __version__)
    x, y = sample(200, 3, 2026)
    a, b = x[:, 2] - 0.3 * x[:, 1], x[:, 2]
    p = expit(-1 + 1.5 * a)
    show("positives", y.sum())
    show("auc a, b", roc_auc_score(y, a), roc_auc_score(y, b))
    show("ap a, b", average_precision_score(y, a), average_precision_score(y, b))
    show("brier, log loss", brier_score_loss(y, p), log_loss(y, p))

    # Clustered variance of the AUC (Obuchowski 1997) written out; row i is in cluster i // 4.
    pos, neg = b[y == 1], b[y == 0]
    psi = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg[None, :])
    v10, v01, auc = psi.mean(1), psi.mean(0), psi.mean()
    cp, cn = (np.arange(200) // 4)[y == 1], (np.arange(200) // 4)[y == 0]
    X = np.array([(v10[cp == c] - auc).sum() for c in range(50)])
    Y = np.array([(v01[cn == c] - auc).sum() for c in range(50)])
    kp, kn, k = len(set(cp)), len(set(cn)), 50
    m, n = len(pos), len(neg)
    var = (kp / (kp - 1) * (X**2).sum() / m**2 + kn / (kn - 1) * (Y**2).sum() / n**2
           + 2 * k / (k - 1) * (X * Y).sum() / (m * n))
    show("clustered se of b", np.sqrt(var))

    # Ridge-penalised logistic regression on standardised features.
    z = (x - x.mean(0)) / x.std(0)
    for ridge in (0.5, 20):
        f = LogisticRegression(C=1 / ridge, solver="newton-cholesky", tol=1e-12, max_iter=200).fit(z, y)
        beta = f.coef_[0] / x.std(0)
        show("ridge %g: beta, intercept" % ridge, beta, f.intercept_ - (beta * x.mean(0)).sum())
    w = 1 + (np.arange(200) % 3)
    zm = np.average(x, axis=0, weights=w)
    zs = np.sqrt(np.average((x - zm)**2, axis=0, weights=w))
    f = LogisticRegression(C=0.5, solver="newton-cholesky", tol=1e-12, max_iter=200).fit((x - zm) / zs, y, w)
    beta = f.coef_[0] / zs
    show("weighted, ridge 2: beta, intercept", beta, f.intercept_ - (beta * zm).sum())

    # Isotonic regression (with ties) and Platt's curve.
    iso = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(b, y)
    show("isotonic at", iso.predict([-2, -0.95, -0.5, -0.05, 0.0, 0.33, 0.6, 0.97, 2]))
    platt = _SigmoidCalibration().fit(a, y)
    show("platt slope, intercept (BFGS, to about 1e-5)", -platt.a_, -platt.b_)


if __name__ == "__main__":
    main()
