#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The peers of bench/clusters.c: sklearn's KMeans and GaussianMixture on the same points, with
their own defaults for when to stop. Fails when sklearn finds something better.

  bench/clusters.py DIR    (DIR written by bench/clusters)"""

import resource
import sys
import time

import numpy as np
from sklearn.cluster import KMeans
from sklearn.mixture import GaussianMixture

folder = sys.argv[1]
points = np.fromfile(folder + "/points").reshape(-1, 8)
inertia = np.fromfile(folder + "/inertia")[0]
likelihood = np.fromfile(folder + "/likelihood")[0]


def timed(what, model):
    """Fits the model once and prints how long it took."""
    begin = time.monotonic(), time.process_time()
    model.fit(points)
    wall, cpu = time.monotonic() - begin[0], time.process_time() - begin[1]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:24} wall {wall:7.3f} s  cpu {cpu:7.3f} s  peak {peak:4.0f} MB", flush=True)
    return model


kmeans = timed("KMeans", KMeans(8, n_init=10, random_state=1))
if inertia > kmeans.inertia_ * (1 + 1e-6):
    sys.exit(f"bench: KMeans finds a smaller inertia, {kmeans.inertia_:.9g}")
mixture = timed("GaussianMixture", GaussianMixture(8, random_state=1))
theirs = mixture.score(points)
if likelihood / len(points) < theirs - 1e-3:
    sys.exit(f"bench: GaussianMixture finds a higher likelihood, {theirs * len(points):.9g}")
print(f"inertia {kmeans.inertia_:.9g} after {kmeans.n_iter_} iterations, log-likelihood "
      f"{theirs * len(points):.9g}: no better than ours")
