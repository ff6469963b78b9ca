#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""count_tests.py STATUS TESTLOG.json...: prints "PASSED FAILED" of one `meson test` run.

A cmocka program counts as its test functions, a script that ends in "N passed, N failed" and one of
node's test runner as they say, anything else as one. A program that died or failed without saying where counts one failure,
and so does a run without any test.
"""
import json
import re
import sys


def count(test):
    text = test.get("stdout", "") + "\n" + test.get("stderr", "")
    good = sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test", text, re.M))
    bad = sum(int(n) for n in re.findall(r"^\[  FAILED  \] (\d+) test", text, re.M))
    if good + bad == 0:
        last = re.findall(r"^(\d+) passed, (\d+) failed", text, re.M)
        node = re.findall(r"^# pass (\d+)\n# fail (\d+)", text, re.M)
        good, bad = map(int, (last or node)[-1]) if last or node else (0, 0)
    if test["result"] == "SKIP":
        return 0, 0
    if test["result"] in ("OK", "EXPECTEDFAIL"):
        return max(good, 1), 0
    return good, max(bad, 1)


def main(status, paths):
    passed = failed = tests = 0
    for path in paths:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                good, bad = count(json.loads(line))
                passed, failed, tests = passed + good, failed + bad, tests + 1
    if tests == 0 or (status != 0 and failed == 0):
        failed += 1
    print(passed, failed)


main(int(sys.argv[1]), sys.argv[2:])
