# SPDX-License-Identifier: Apache-2.0
"""Every figure of every command says where it comes from: its own definition, or that of its column.

A new column fails here until assets/glossary.txt, or the report itself, says what it is.
"""
import json
import subprocess

import documents
import strata_cli
from strata_cli import CliTest

# What commands that need something are asked; all others are asked as they stand.
ASKED = {
    "cohort": [["cohort", "review", "2025-Q1"]],
    "cohorts": [["cohorts"], ["cohorts", "--measure", "nrr"], ["cohorts", "--every", "year", "--cell", "2024:1"]],
    "compare": [["compare", "Steady", "--since", "2025-06-30"]],
    "diff": [["diff", "--since", "2026-03-31"]],
    "movements": [["movements"], ["movements", "--expansion", "--reasons"]],
    "persona": [["persona"], ["persona", "Steady"]],
    "predict": [["predict", "churn"], ["predict", "churn", "--card"]],
    "profile": [["profile", "Steady"]],
    "reconcile": [["reconcile", "nrr", "nrr:movements"]],
    "segments": [["segments"], ["segments", "rfm"]],
}
ONE_ACCOUNT = {"explain", "brief", "history"}


class Provenance(CliTest):
    @classmethod
    def prepare(cls):
        cls().strata("synth", "p", "--accounts", 600, "--seed", 7)
        cls.folder = cls.folder / "p"
        cls().strata("ingest")
        cls().strata("run")

    def commands(self):
        """Those that only ask, with what they need, as the agent interface lists them."""
        messages = [{"id": 1, "method": "initialize", "params": {}},
                    {"id": 2, "method": "tools/list"}]
        text = "".join(json.dumps({"jsonrpc": "2.0", **m}) + "\n" for m in messages)
        done = subprocess.run([strata_cli.PROGRAM, "mcp"], input=text, capture_output=True, text=True,
                              check=True)
        tools = json.loads(done.stdout.splitlines()[1])["result"]["tools"]
        return {t["name"]: t["inputSchema"] for t in tools[3:]}  # after the tools of its own

    def test_every_figure_of_every_command_has_an_origin(self):
        account = self.rows("accounts", "--limit", 1)[0]["id"]
        reports = []
        for name, schema in self.commands().items():
            asked = ASKED.get(name, [[name]])
            if name in ONE_ACCOUNT:
                asked = [[name, account]]
            elif name == "report":
                reports = schema["properties"]["what"]["enum"]
                asked = [["report", what] for what in reports]
            else:
                self.assertTrue(name in ASKED or not schema["required"], f"what to ask of {name}?")
            for words in asked:
                with self.subTest(asked=" ".join(words)):
                    self.assertEqual(documents.unexplained(self.json(*words)), [])
        self.assertIn("framework", reports)


if __name__ == "__main__":
    strata_cli.main()
