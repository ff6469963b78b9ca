# SPDX-License-Identifier: Apache-2.0
"""Help, manual pages and shell completion: made from one table, so they must agree with it."""
import os
import pathlib
import pty
import re
import select
import shutil
import subprocess
import time
import unittest

import strata_cli
from strata_cli import CliTest


def man_folder():
    return pathlib.Path(strata_cli.PROGRAM).parent / "man"


class Manual(CliTest):
    def commands(self):
        listed = self.strata("help").split("commands:\n")[1].split("\n\n")[0]
        return [line.split()[0] for line in listed.splitlines()]

    def test_every_command_has_help_with_its_usage(self):
        for name in self.commands():
            for text in (self.strata(name, "--help"), self.strata("help", name)):
                self.assertIn(f"usage: strata {name}", text)
                self.assertIn("options of every command:", text)

    def test_every_option_of_a_command_is_in_its_manual(self):
        for name in self.commands():
            options = re.findall(r"^ +(?:-\w, )?(--[\w-]+)", self.strata(name, "--help"), re.M)
            manual = self.strata("help", name, "--man").replace("\\-", "-")
            for option in options:
                self.assertIn(option, manual, name)

    def test_every_command_has_a_manual_page_and_no_page_is_left_over(self):
        pages = sorted(p.name for p in man_folder().glob("*.1"))
        self.assertEqual(pages, sorted(["strata.1"] + [f"strata-{c}.1" for c in self.commands()]))

    @unittest.skipUnless(shutil.which("groff"), "groff is not installed")
    def test_manual_pages_are_set_without_a_warning(self):
        for page in sorted(man_folder().glob("*.1")):
            done = subprocess.run(["groff", "-man", "-ww", "-Tutf8", str(page)],
                                  capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), page.name)
            text = re.sub(".\x08", "", done.stdout)  # bold is written twice
            self.assertIn("NAME", text)
            if page.name == "strata-accounts.1":
                self.assertIn("--where 'segment = \"Save plays\"'", " ".join(text.split()))

    @unittest.skipUnless(shutil.which("mandoc"), "mandoc is not installed")
    def test_the_other_reader_of_manual_pages_warns_of_nothing(self):
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *sorted(map(str, man_folder().glob("*.1")))],
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_completion_is_what_each_shell_can_read(self):
        for shell, file in (("bash", "strata"), ("zsh", "_strata"), ("fish", "strata.fish")):
            if shutil.which(shell):
                done = subprocess.run([shell, "-n", str(man_folder() / file)],
                                      capture_output=True, text=True, check=False)
                self.assertEqual((done.returncode, done.stderr), (0, ""), shell)
            text = (man_folder() / file).read_text()
            for name in self.commands():
                self.assertIn(name, text)

    def test_bash_completes_commands_and_options(self):
        script = (f"source '{man_folder() / 'strata'}'\n"
                  "COMP_WORDS=(strata ex); COMP_CWORD=1; _strata; echo \"${COMPREPLY[@]}\"\n"
                  "COMP_WORDS=(strata export --wh); COMP_CWORD=2; _strata; echo \"${COMPREPLY[@]}\"")
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
        first, second = done.stdout.splitlines()
        self.assertEqual(sorted(first.split()), ["expansion", "explain", "export"])
        self.assertEqual(sorted(second.split()), ["--what", "--where"])

    @unittest.skipUnless(shutil.which("fish"), "fish is not installed")
    def test_fish_completes_commands_options_and_formats(self):
        lines = ("strata ex", "strata export --wh", "strata --project . segments --format ", "strata --for")
        script = f"source '{man_folder() / 'strata.fish'}'; " + "; echo ===; ".join(f"complete -C '{line}'" for line in lines)
        (self.folder / "exports").mkdir(exist_ok=True)  # no command, and not offered as one
        done = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True, check=True, cwd=self.folder)
        found = [[line.split("\t")[0] for line in part.splitlines()] for part in re.split(r"^===\n", done.stdout, flags=re.M)]
        self.assertEqual(found, [["expansion", "explain", "export"], ["--what", "--where"],
                                 ["csv", "html", "json", "markdown", "table", "xlsx"], ["--format"]])
        self.assertIn("explain\tSay why one account is in its segments, and what would move it", done.stdout)

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not installed")
    def test_zsh_completes_commands_options_and_formats(self):
        """As somebody types them at a terminal: a beginning, then Tab."""
        typed = {"strata capac": "strata capacity", "strata export --wha": "strata export --what",
                 "strata --project . segm": "strata --project . segments", "strata segments --format mark": "strata segments --format markdown",
                 "strata --project . accounts --colu": "strata --project . accounts --columns"}
        setup = (f"fpath=('{man_folder()}' $fpath); autoload -Uz compinit && compinit -u -D; PS1=; "
                 "show() { print -r -- \"<$BUFFER>\"; BUFFER=; zle .accept-line }; zle -N show; bindkey '^G' show; "
                 "bindkey '^I' complete-word; print rea''dy\n")
        reading, writing = pty.openpty()
        shell = subprocess.Popen(["zsh", "-f", "-i"], stdin=writing, stdout=writing, stderr=writing, start_new_session=True,
                                 env={**os.environ, "TERM": "dumb"}, cwd=self.folder)
        try:
            os.close(writing)
            self.talk(reading, setup, "ready")
            for line, whole in typed.items():
                said = self.talk(reading, line + "\t\x07", ">")
                self.assertIn(f"<{whole}", said.replace("\r", "").replace("\n", ""))
        finally:
            shell.kill()
            shell.wait()
            os.close(reading)

    def talk(self, terminal, text, until):
        os.write(terminal, text.encode())
        said, end = "", time.monotonic() + 15
        while until not in said.replace(text, ""):
            self.assertLess(time.monotonic(), end, said)
            if select.select([terminal], [], [], 0.2)[0]:
                said += os.read(terminal, 65536).decode(errors="replace")
        return said

    def test_a_command_that_is_not_there_names_the_nearest(self):
        self.strata("exprot", status=64)
        self.assertIn("did you mean 'export'", self.errors)


if __name__ == "__main__":
    strata_cli.main()
