#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The peers of bench/trees.c: fastcluster.linkage_vector (Ward without a matrix of distances) and
sklearn's silhouette_score on the same points; every merge height and every width is compared.

  bench/trees.py DIR REPEAT    (DIR written by bench/trees)"""

import resource
import sys
import time

import fastcluster
import numpy as np
from sklearn.metrics import silhouette_samples, silhouette_score

folder, repeat = sys.argv[1], int(sys.argv[2])
labels = np.fromfile(folder + "/labels", dtype=np.uint32)
points = np.fromfile(folder + "/points").reshape(len(labels), -1)


def best(what, work):
    """Runs `work` a few times; yields its result and prints the best times."""
    wall, cpu = [], []
    for _ in range(repeat):
        begin = time.monotonic(), time.process_time()
        result = work()
        wall.append(time.monotonic() - begin[0])
        cpu.append(time.process_time() - begin[1])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:20} wall {min(wall):7.3f} s  cpu {min(cpu):7.3f} s  "
          f"{len(labels) / min(wall):8.0f} rows/s  peak {peak:4.0f} MB", flush=True)
    return result


tree = best("linkage_vector", lambda: fastcluster.linkage_vector(points, "ward"))
ours = np.fromfile(folder + "/merges").reshape(-1, 4)
if not np.allclose(ours[:, 2], tree[:, 2], rtol=1e-9, atol=0):
    sys.exit("bench: the two trees differ in height")
same = (ours[:, [0, 1, 3]] == tree[:, [0, 1, 3]]).all(axis=1).mean()
mean = best("silhouette_score", lambda: silhouette_score(points, labels))
widths = np.fromfile(folder + "/widths")
if abs(widths.mean() / mean - 1) > 1e-9 or not np.allclose(
        widths, silhouette_samples(points, labels), rtol=0, atol=1e-8):
    sys.exit("bench: the silhouettes differ")
print(f"all heights agree, {same:.2%} of the merges have the same numbers; all silhouettes agree")
