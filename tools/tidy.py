#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""tidy.py BUILD JOBS STEPS [CLANG-TIDY-ARGUMENT...]: clang-tidy over the project's own C files.

STEPS is how many steps the path analyser may take in one function (clang's max-nodes; its own default is
225000). It visits what it has not seen first, so that most of a large budget goes into ever more ways to
the same lines: of 44 mistakes put into the sources that the default found, 40000 steps found all. `make test` takes 4000,
for time; `make tidy` all of it.

Files that passed before with as many steps, and whose preprocessed text, settings and arguments are the
same since, are left out: their digests are in BUILD/tidy/. One file per run, since clang-tidy 14 takes every va_list
after the first file's for uninitialised.
"""
import concurrent.futures
import hashlib
import json
import os
import shlex
import subprocess
import sys


def commands_of(build):
    """The compile command of each file below the project's folders; the first one counts. Tests and benchmarks
    take a third of the time and are looked at by `make tidy` (TIDY_ALL) only."""
    root = os.getcwd()
    folders = ("src", "tools", "tests", "bench") if os.environ.get("TIDY_ALL") else ("src", "tools")
    found = {}
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as lines:
        for row in json.load(lines):
            path = os.path.relpath(os.path.join(row["directory"], row["file"]), root)
            if path.split(os.sep)[0] in folders:
                found.setdefault(path, row)
    return found


def preprocessed(row):
    words = shlex.split(row["command"])
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MQ"):
            skip = True
        elif word not in ("-c", "-MD"):
            kept.append(word)
    return subprocess.run(kept + ["-E"], cwd=row["directory"], check=False, capture_output=True).stdout


def settings_of(path):
    text = b""
    folder = os.path.dirname(path)
    while True:
        name = os.path.join(folder, ".clang-tidy")
        if os.path.exists(name):
            with open(name, "rb") as settings:
                text += settings.read()
        if folder == "":
            return text
        folder = os.path.dirname(folder)


def passed_before(stamp, steps):
    if not os.path.exists(stamp):
        return False
    with open(stamp, encoding="utf-8") as file:
        return int(file.read() or 0) >= steps


def check(build, path, row, steps, arguments):
    """What clang-tidy has to say of one file; empty when it passes. Its commands are in BUILD/tidy/, since
    a file that several programs compile would be looked at for each of them."""
    digest = hashlib.sha256(preprocessed(row) + settings_of(path) + " ".join(arguments).encode())
    stamp = os.path.join(build, "tidy", digest.hexdigest()[:32])
    if passed_before(stamp, steps):
        return ""
    budget = [f"--extra-arg={word}" for word in ("-Xclang", "-analyzer-config", "-Xclang", f"max-nodes={steps}")]
    run = subprocess.run(["clang-tidy", "-p", os.path.join(build, "tidy"), "--quiet", *arguments, *budget,
                          "--extra-arg=-Wno-unknown-warning-option", path],
                         check=False, capture_output=True, text=True)
    if run.returncode == 0:
        with open(stamp, "w", encoding="utf-8") as file:
            file.write(str(steps))
        return ""
    return run.stdout or run.stderr


def main(build, jobs, steps, *arguments):
    os.makedirs(os.path.join(build, "tidy"), exist_ok=True)
    commands = commands_of(build)
    with open(os.path.join(build, "tidy", "compile_commands.json"), "w", encoding="utf-8") as file:
        json.dump(list(commands.values()), file)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(int(jobs)) as pool:
        runs = {path: pool.submit(check, build, path, row, int(steps), arguments) for path, row in commands.items()}
        for path, run in runs.items():
            text = run.result()
            if text:
                failed += 1
                print(f"{path}:\n{text}")
    print(f"{len(commands) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main(*sys.argv[1:]))
