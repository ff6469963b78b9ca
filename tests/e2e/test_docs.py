#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""test_docs.py [--update] PROGRAM ROOT [FILE...]: the documentation is true.

Examples    Every fenced ```console and ```sh block of README.md, docs/ and examples/ is run, in order, in a
            folder of its own for each document. In console blocks a line that begins with "$ " is a command
            and what follows is its output; "..." stands for any number of lines. Commands without output
            shown need only succeed. A block that should fail says so: ```console exit=78. A comment
            <!-- setup: COMMAND --> runs before what follows it, unseen.
            A `make` line is not run: its targets must exist.
Tables      Tables between <!-- table: NAME --> and <!-- end --> are made from their source: the features
            from features.def, the store from sql/schema, exit codes and commands from the program.
Links       Relative links in every Markdown file lead somewhere, headings included.

--update writes what the program says now into the documents. There, output that is "@" is filled in, "@8" with
its first eight lines.
"""
import os
import pathlib
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import fcntl

COLUMNS = 100
FENCE = re.compile(r"^```(\w*)(.*)$")


# ------------------------------------------------------------------------------ running commands
class Shell:
    """Runs commands one after another as somebody at a terminal would; the folder carries over."""

    def __init__(self, program, root, folder):
        self.cwd = str(folder)
        tools = pathlib.Path(folder, ".bin")
        tools.mkdir()
        (tools / "strata").symlink_to(pathlib.Path(program).resolve())
        self.env = dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}", NO_COLOR="1", TERM="xterm",
                        LC_ALL="C.UTF-8", COLUMNS=str(COLUMNS), STRATA_ROOT=str(root))
        self.env.pop("STRATA_PROJECT", None)

    def run(self, command):
        """Exit code and what is seen: standard output, and standard error when it failed."""
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
        mark = pathlib.Path(self.cwd, ".cwd")
        script = f"trap \"pwd >'{mark}'\" EXIT\n{command}"
        process = subprocess.Popen(["sh", "-c", script], cwd=self.cwd, env=self.env, stdin=subprocess.DEVNULL,
                                   stdout=slave, stderr=subprocess.PIPE)
        os.close(slave)
        errors = []
        reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))
        reader.start()
        seen = b""
        while True:
            try:
                part = os.read(master, 65536)
            except OSError:  # the other side is closed
                break
            if not part:
                break
            seen += part
        os.close(master)
        reader.join()
        code = process.wait()
        if mark.exists():
            self.cwd = mark.read_text().strip()
            mark.unlink()
        text = seen.decode().replace("\r\n", "\n")
        if code != 0:
            text += errors[0].decode()
        return code, [line.rstrip() for line in text.rstrip("\n").split("\n")] if text.strip() else []


# ------------------------------------------------------------------------------------- comparing
def normal(line):
    """What may differ without the document being wrong: digests, versions, times taken."""
    line = re.sub(r"@ [0-9a-f]{6}\b", "@ ······", line.rstrip())
    line = re.sub(r"\b\d+(\.\d+)? (ms|s)\b", "N s", line)
    line = re.sub(r"\b\d[\d,]* days ago\b", "N days ago", line)
    line = re.sub(r"\b0\.\d+\.\d+\b", "VERSION", line)
    return re.sub(r" {2,}", "  ", line)


def matches(want, got):
    """Lines match; "..." in `want` stands for any number of lines."""
    if not want:
        return not got
    if want[0].strip() == "...":
        return any(matches(want[1:], got[i:]) for i in range(len(got) + 1))
    return bool(got) and normal(want[0]) == normal(got[0]) and matches(want[1:], got[1:])


def shorten(want, got):
    """`got`, cut the way `want` is: as many lines before and after its first "..."."""
    fill = re.match(r"@(\d*)$", want[0].strip())
    if fill:
        return got if not fill[1] or int(fill[1]) >= len(got) else got[:int(fill[1])] + ["..."]
    dots = [i for i, line in enumerate(want) if line.strip() == "..."]
    if not dots:
        return got
    head, tail = dots[0], len(want) - dots[-1] - 1
    if head + tail >= len(got):
        return got
    return got[:head] + ["..."] + (got[len(got) - tail:] if tail else [])


class Checks:
    def __init__(self, update):
        self.update, self.passed, self.failed = update, 0, 0

    def note(self, good, text):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAIL {text}")


# -------------------------------------------------------------------------------------- examples
def commands_of(block, kind):
    """[[command, output lines or None]]; None: nothing shown. A sh block is one script."""
    if kind == "sh":
        return [["set -e\n" + "\n".join(block), None]]
    steps = []
    for line in block:
        if line.startswith("$ "):
            steps.append([line[2:], None])
        elif steps and steps[-1][1] is None and steps[-1][0].endswith("\\"):
            steps[-1][0] = steps[-1][0] + "\n" + line
        elif steps:
            steps[-1][1] = (steps[-1][1] or []) + [line]
    return steps


def targets_exist(command, root):
    makefile = (root / "Makefile").read_text()
    return all(re.search(rf"^{re.escape(word)}:", makefile, re.M)
               for word in command.split()[1:] if "=" not in word)


def strip_blank(lines):
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    while lines and not lines[0].strip():
        lines = lines[1:]
    return lines


def run_block(lines, start, end, info, shell, checks, where, root):
    """Runs lines[start:end]; returns the lines to stand there."""
    kind, rest = info
    expected = int((re.search(r"exit=(\d+)", rest) or [0, 0])[1])
    steps = commands_of(lines[start:end], kind)
    out = []
    for number, (command, want) in enumerate(steps):
        if command.startswith("make"):
            checks.note(targets_exist(command, root), f"{where}: no such target: {command}")
            out += ["$ " + command] + (want or [])
            continue
        code, got = shell.run(command)
        wanted_code = expected if number == len(steps) - 1 else 0
        checks.note(code == wanted_code, f"{where}: `{command}` ended with {code}:\n" + "\n".join(got))
        out += [("$ " + command if i == 0 else command) for i, command in enumerate(command.split("\n"))]
        if want is None:
            continue
        if checks.update:
            got = shorten(want, got)
        elif not matches(strip_blank(want), strip_blank(got)):
            checks.note(False, f"{where}: `{command}` shows\n" + "\n".join(got))
        out += strip_blank(got) + ([""] if not want[-1].strip() else [])
    return out if kind == "console" else lines[start:end]


def run_examples(path, shell, checks, root):
    lines = path.read_text().split("\n")
    out, i = [], 0
    while i < len(lines):
        setup = re.match(r"<!-- setup: (.*) -->$", lines[i])
        if setup:
            code, got = shell.run(setup[1])
            checks.note(code == 0, f"{path.name}:{i + 1}: `{setup[1]}` ended with {code}:\n" + "\n".join(got))
        fence = FENCE.match(lines[i])
        out.append(lines[i])
        i += 1
        if not fence:
            continue
        start = i
        while i < len(lines) and lines[i] != "```":
            i += 1
        block = lines[start:i]
        if fence[1] in ("console", "sh"):
            made = run_block(lines, start, i, (fence[1], fence[2]), shell, checks, f"{path.name}:{start}", root)
            block = made if checks.update else block
        out += block
        if i < len(lines):
            out.append(lines[i])
            i += 1
    if checks.update and out != lines:
        path.write_text("\n".join(out))


# ---------------------------------------------------------------------------------------- tables
UNITS = {"VALUE_DURATION": "days", "VALUE_BOOL": "yes or no", "VALUE_MONEY": "money", "VALUE_NUMBER": "number",
         "VALUE_SHARE": "share"}


def feature_table(root, _program):
    text = (root / "src/panel/features.def").read_text()
    text = text[text.index("/* Accounts */"):]
    rows = []
    pattern = re.compile(r'/\* ([A-Z][^*]*?)\*/|FEATURE\(\s*\w+,\s*"(\w+)",\s*(\w+),\s*[^,]+,\s*((?:"[^"]*"\s*)+),'
                         r'\s*((?:"[^"]*"\s*)+)\)', re.S)
    for match in pattern.finditer(text):
        if match[1]:
            heading = match[1].split(".")[0].strip()
            rows += ["", f"### {heading}", "", "| name | unit | definition |", "|---|---|---|"]
        else:
            definition = "".join(re.findall(r'"([^"]*)"', match[5]))
            rows.append(f"| `{match[2]}` | {UNITS[match[3]]} | {definition} |")
    assert len(rows) > 100
    return rows[1:]


def store_table(root, _program):
    rows = []
    for path in sorted((root / "sql/schema").glob("*.sql")):
        text = path.read_text()
        for match in re.finditer(r"((?:^-- [^\n]*\n)*)^create table (\w+) \(\n(.*?)^\);", text, re.M | re.S):
            about = " ".join(line[3:] for line in match[1].split("\n") if line.startswith("-- "))
            rows += ["", f"### {match[2]}", ""] + ([about, ""] if about else [])
            rows += ["| column | type | |", "|---|---|---|"]
            for line in match[3].split("\n"):
                column = re.match(r"    (\w+) (\w+)([^-]*?),?\s*(?:-- (.*))?$", line)
                if column:
                    flags = "required" if "not null" in column[3] or "primary key" in column[3] else ""
                    note = "; ".join(part for part in (flags, column[4]) if part)
                    rows.append(f"| `{column[1]}` | {column[2]} | {note.replace('|', chr(92) + '|')} |")
    return rows[1:]


def exit_codes(root):
    text = (root / "include/strata/error.h").read_text()
    return {int(code): slug for slug, code in re.findall(r'X\(\w+, "([\w-]+)", (\d+), \d+\)', text)}


def commands(program):
    text = subprocess.run([program, "help"], capture_output=True, text=True, check=True).stdout
    section = text[text.index("\ncommands:"):]
    return dict(re.findall(r"^  ([a-z]+) +(\S.*)$", section[:section.index("\n\n")], re.M))


def command_table(_root, program):
    return ["| command | |", "|---|---|"] + [f"| `strata {name}` | {what} |"
                                              for name, what in sorted(commands(program).items())]


# Examples of the help that need what a test has not.
NOT_RUN = ["strata synth big --accounts 1000000 --only accounts,subscriptions,usage",
           "strata help segments --man | man -l -",
           "strata serve --port 8484",
           "strata reconcile nrr nrr+cancellation"]  # subscriptions of the invented portfolio end unannounced

TABLES = {"features": feature_table, "store": store_table, "commands": command_table}


def check_tables(path, checks, root, program):
    text = path.read_text()

    def replace(match):
        made = "\n".join(TABLES[match[1]](root, program))
        checks.note(checks.update or match[2].strip() == made.strip(),
                    f"{path.name}: the table '{match[1]}' differs from its source (--update writes it)")
        return f"<!-- table: {match[1]} -->\n\n{made}\n\n<!-- end -->"

    made = re.sub(r"<!-- table: (\w+) -->\n(.*?)<!-- end -->", replace, text, flags=re.S)
    if checks.update and made != text:
        path.write_text(made)


def check_next_steps(checks, program, where, lines):
    """What a command proposes to do next names commands and options that there are."""
    text = "\n".join(lines)
    steps = text[text.rindex("\nnext: ") + 7:] if "\nnext: " in text else ""
    for step in filter(None, re.split(r" · ", re.sub(r"\n +", " ", steps))):
        words = step.split()
        known = commands(program)
        name = next((word for word in words[1:] if word in known), "")
        usage = subprocess.run([program, "help", name], capture_output=True, text=True, check=False).stdout
        options = re.findall(r"(?<= )(?:--[a-z-]+|-[a-z](?= ))", step.replace("--project ", "--project="))
        checks.note(name and all(re.search(rf"(?<![\w-]){option}\b", usage) for option in options),
                    f"{where} proposes `{step}`, which does not work")


def check_help_examples(checks, root, program):
    """Every example that `strata help COMMAND` gives works on a small portfolio."""
    with tempfile.TemporaryDirectory(prefix="strata-docs-") as folder:
        shell = Shell(program, root, folder)
        ready = ("mkdir fresh && strata synth acme --accounts 300 --seed 1 --dirt 0 && rm acme/truth.csv && cp acme/*.csv fresh && "
                 "cp -r fresh exports && mv exports fresh && cd acme && strata ingest && strata backfill --every month --from 2025-12-31 && "
                 "echo 'select count(*) as n from usage_ledger' >usage.sql && cp strata.yaml new.yaml && strata cluster --save --quiet")
        code, got = shell.run(ready)
        checks.note(code == 0, f"`{ready}` ended with {code}:\n" + "\n".join(got))
        for name in sorted(commands(program)):
            text = subprocess.run([program, "help", name], capture_output=True, text=True, check=True).stdout
            examples = re.search(r"^examples:\n(.*?)\n\n", text, re.M | re.S)
            for command in re.findall(r"^  (strata .*)$", examples[1] if examples else "", re.M):
                if command not in NOT_RUN:
                    command = command.replace("A-1042", "A000042")
                    if name == "init":
                        command = f"cd ../fresh && {command} && cd ../acme"
                    else:
                        command = command.replace("--project acme", "--project .")
                    code, got = shell.run(command)
                    check_next_steps(checks, program, f"`{command}`", got)
                    checks.note(code == 0, f"help {name}: `{command}` ended with {code}:\n" + "\n".join(got))


def check_names(checks, root, program):
    """What must be mentioned is mentioned: commands in the README, every exit code in its page."""
    readme = (root / "README.md").read_text()
    for name in commands(program):
        checks.note(re.search(rf"`strata {name}\b", readme), f"README.md does not mention `strata {name}`")
    named = set(re.findall(r"`strata ([a-z]+)", readme))
    checks.note(named <= set(commands(program)),
                f"README.md mentions commands that are not there: {sorted(named - set(commands(program)))}")
    page = (root / "docs/exit-codes.md").read_text()
    rows = {int(code): slug for code, slug in re.findall(r"^\| (\d+) \| `([\w-]+)` \|", page, re.M)}
    checks.note(rows == exit_codes(root), f"docs/exit-codes.md lists {rows}, the program has {exit_codes(root)}")


# ----------------------------------------------------------------------------------------- links
def slug(heading):
    heading = re.sub(r"\[([^\]]*)\]\([^)]*\)|`", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def without_code(text):
    return re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)


def check_links(checks, root):
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "*.md"],
                            capture_output=True, text=True, check=False).stdout.split()
    paths = [root / name for name in listed] or [p for d in (".", "docs") for p in (root / d).glob("*.md")]
    for path in paths:
        if not path.exists():
            continue
        for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`]*`", "", without_code(path.read_text()))):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, anchor = target.partition("#")
            other = path if not name else (path.parent / name).resolve()
            good = other.exists()
            if good and anchor and other.suffix == ".md":
                headings = re.findall(r"^#+ (.*)$", without_code(other.read_text()), re.M)
                good = anchor in [slug(h) for h in headings]
            checks.note(good, f"{path.relative_to(root)}: the link {target} leads nowhere")


def main(arguments):
    update = "--update" in arguments
    arguments = [a for a in arguments if a != "--update"]
    program, root = str(pathlib.Path(arguments[0]).resolve()), pathlib.Path(arguments[1]).resolve()
    checks = Checks(update)
    documents = [root / name for name in arguments[2:]] or sorted(
        [root / "README.md", *(root / "docs").glob("*.md"), *(root / "examples").glob("**/*.md")])
    for path in documents:
        check_tables(path, checks, root, program)
        with tempfile.TemporaryDirectory(prefix="strata-docs-") as folder:
            run_examples(path, Shell(program, root, folder), checks, root)
    if not arguments[2:]:
        check_help_examples(checks, root, program)
    check_names(checks, root, program)
    check_links(checks, root)
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0


sys.exit(main(sys.argv[1:]))
