#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The peer of bench/buyers.c: a BG/NBD fit as one writes it with numpy and SciPy, the vectorised
likelihood of all customers under scipy.optimize.minimize.

  bench/buyers.py ROWS    (written by bench/buyers --dump ROWS)"""

import resource
import sys
import time

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

x, t_x, age = np.fromfile(sys.argv[1]).reshape(-1, 3).T.copy()


def minus_log_likelihood(logs):
    r, alpha, a, b = np.exp(logs)
    with np.errstate(divide="ignore"):
        left = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1)
                        - (r + x) * np.log(alpha + t_x), -np.inf)
    value = (gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
             + np.logaddexp(-(r + x) * np.log(alpha + age), left))
    return -value.mean()


begin = time.process_time()
fit = minimize(minus_log_likelihood, np.zeros(4), method="L-BFGS-B", options={"ftol": 1e-12})
took = time.process_time() - begin
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"numpy and SciPy              {took:8.3f} s CPU  {len(x) / took / 1e6:7.1f} million rows/s")
print(f"{fit.nfev} looks at the likelihood, peak {peak:.0f} MB")
print("r %.6f alpha %.6f a %.6f b %.6f, log-likelihood %.4f"
      % (*np.exp(fit.x), -fit.fun * len(x)))
