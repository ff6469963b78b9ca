// SPDX-License-Identifier: Apache-2.0
// The agent interface, spoken to by the official client of the protocol, which checks every message against the
// protocol's own schemas.
//   node test_mcp_client.mjs PROGRAM
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const program = process.argv.at(-1);
const folder = mkdtempSync(join(tmpdir(), "strata-mcp-"));
const project = join(folder, "p");
const client = new Client({ name: "strata-test", version: "1.0.0" });

before(async () => {
  execFileSync(program, ["synth", project, "--accounts", "300", "--seed", "7", "--quiet"], { stdio: "ignore" });
  execFileSync(program, ["ingest", "--project", project, "--quiet"], { stdio: "ignore" });
  await client.connect(new StdioClientTransport({ command: program, args: ["mcp", "--project", project] }));
});

after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

test("the server says who it is and what it can do", () => {
  assert.equal(client.getServerVersion().name, "strata");
  const capabilities = client.getServerCapabilities();
  assert.ok(capabilities.tools && capabilities.resources && capabilities.prompts);
  assert.match(client.getInstructions(), /where_from/);
});

test("tools are listed with schemas and hints, and answer", async () => {
  const { tools } = await client.listTools();
  const names = tools.map((t) => t.name);
  for (const name of ["describe", "segments", "explain", "cohort", "forecast", "coverage", "expansion", "report", "open"]) {
    assert.ok(names.includes(name), name);
  }
  assert.ok(tools.every((t) => t.annotations.readOnlyHint === true));
  const described = await client.callTool({ name: "describe", arguments: {} });
  assert.equal(described.isError, false);
  assert.match(described.content[0].text, /Dimensions/);
  const answer = described.structuredContent.answer;
  const opened = await client.callTool({ name: "open", arguments: { answer, table: "segments", limit: 2 } });
  assert.equal(opened.structuredContent.rows.length, 2);
  const origins = await client.callTool({ name: "where_from", arguments: { answer } });
  assert.ok(origins.structuredContent.figures.length > 0);
});

test("what a tool cannot do is a result that says so", async () => {
  const result = await client.callTool({ name: "accounts", arguments: { where: "helth < 60" } });
  assert.equal(result.isError, true);
  assert.match(result.content[0].text, /did you mean 'health'/);
  await assert.rejects(client.callTool({ name: "no_such_tool", arguments: {} }), /there is no tool/);
});

test("resources and templates can be read", async () => {
  const { resources } = await client.listResources();
  assert.ok(resources.some((r) => r.uri === "strata://model"));
  const { resourceTemplates } = await client.listResourceTemplates();
  assert.ok(resourceTemplates.some((t) => t.uriTemplate === "strata://accounts/{account}"));
  const model = await client.readResource({ uri: "strata://model" });
  assert.match(model.contents[0].text, /sources:/);
});

test("prompts carry their figures", async () => {
  const { prompts } = await client.listPrompts();
  assert.ok(prompts.some((p) => p.name === "cohort_review"));
  const prompt = await client.getPrompt({ name: "segment_customers", arguments: {} });
  assert.match(prompt.messages[0].content.text, /\| Segment \|/);
});

test("progress is told on request", async () => {
  const seen = [];
  await client.callTool({ name: "accounts", arguments: {} }, undefined, { onprogress: (p) => seen.push(p.progress) });
  assert.deepEqual(seen, [...seen].sort((a, b) => a - b));
});
