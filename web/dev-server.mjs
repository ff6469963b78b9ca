// SPDX-License-Identifier: Apache-2.0
// Stands in for `strata serve`: answers /v1/<command> by running the command line, and serves a built bundle.
// dev-server.mjs STRATA PROJECT BUNDLE [PORT]
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';

const [strata, project, bundle, port = '8420'] = process.argv.slice(2);
const LITERAL = { cohort: ['review'] };
const ARGS = { report: ['what'], predict: ['what'], explain: ['account'], history: ['account'], profile: ['segment'], compare: ['segment', 'other'], segments: ['approach', 'timeframe'], cohort: ['name'], brief: ['account'], reconcile: ['a', 'b'], persona: ['segment'] };
const FORMATS = [['text/html', 'html'], ['text/markdown', 'markdown'], ['text/csv', 'csv']];
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const kept = new Map();

function run(args) {
  const key = args.join('\0');
  if (!kept.has(key)) {
    kept.set(key, new Promise((done) => execFile(strata, args, { maxBuffer: 1 << 28 }, (e, out, err) => done({ code: e ? e.code : 0, out, err }))));
  }
  return kept.get(key);
}

function commandLine(command, query, format) {
  const args = [command, ...(LITERAL[command] ?? [])];
  const q = new Map(query);
  for (const name of ARGS[command] ?? []) {
    if (q.get(name)) { args.push(q.get(name)); }
    q.delete(name);
  }
  for (const [name, value] of q) {
    const option = `--${name.replaceAll('_', '-')}`;
    if (value === 'true') { args.push(option); } else if (value !== 'false') { args.push(option, value); }
  }
  return [...args, '-f', format, '-q', '-p', project];
}

const STATUS = { 64: 400, 65: 422, 66: 404, 67: 422, 68: 422, 75: 503, 78: 422 };
const fail = (res, status, message, code = 'usage') => send(res, status, 'application/json', JSON.stringify({ error: { code, message, status } }));

function send(res, status, type, body, more = {}) {
  res.writeHead(status, { 'Content-Type': type, 'Content-Security-Policy': CSP, 'X-Content-Type-Options': 'nosniff', ...more });
  res.end(body);
}

async function answer(req, res, command, query) {
  const format = FORMATS.find(([t]) => (req.headers.accept ?? '').startsWith(t))?.[1] ?? 'json';
  const r = await run(commandLine(command, query, format));
  if (r.code !== 0) {
    fail(res, STATUS[r.code] ?? 500, r.err.trim().replace(/^strata: (--where:)?/, '').split('\n')[0]);
    return;
  }
  const tag = `"${createHash('sha1').update(r.out).digest('hex').slice(0, 16)}"`;
  send(res, 200, format === 'json' ? 'application/json' : `text/${format}`, r.out, { ETag: tag });
}

async function json(args) {
  const r = await run(args);
  if (r.code !== 0) { throw new Error(r.err); }
  return JSON.parse(r.out);
}

let projectAnswer;
async function describe() {
  if (!projectAnswer) {
    const seg = await json(commandLine('segments', [], 'json'));
    const acc = await json(commandLine('accounts', [['limit', '1']], 'json'));
    const id = acc.sections[0].items[0].rows[0].id;
    const explain = await json(commandLine('explain', [['account', id]], 'json'));
    const names = explain.sections.map((s) => [s.id, s.title]).filter(([i]) => i !== 'account');
    const dimensions = [];
    for (const [name, label] of names) {
      try {
        const d = await json(commandLine('segments', [['approach', name]], 'json'));
        const t = d.sections[0].items.find((i) => i.type === 'table');
        dimensions.push({ name, label, primary: dimensions.length === 0, segments: t.rows.map((r) => r.segment) });
      } catch { /* a score, not a dimension */ }
    }
    projectAnswer = { name: seg.document.portfolio, currency: seg.document.currency, last_day: seg.document.as_of, dimensions };
  }
  return projectAnswer;
}

async function rows(res, query) {
  const q = new Map(query);
  const limit = Number(q.get('limit') ?? 100);
  const from = Number(q.get('cursor') ?? 0);
  q.delete('limit'); q.delete('cursor');
  const r = await run(commandLine('accounts', [...q], 'json'));
  if (r.code !== 0) { fail(res, STATUS[r.code] ?? 500, r.err.trim().split('\n')[0].replace(/^strata: (--where:)?/, '')); return; }
  const t = JSON.parse(r.out).sections[0].items.find((i) => i.type === 'table');
  const total = t.rows.length;
  send(res, 200, 'application/json', JSON.stringify({
    columns: t.columns, total, rows: t.rows.slice(from, from + limit).map((row) => t.columns.map((c) => row[c.key])),
    next_cursor: from + limit < total ? String(from + limit) : null,
  }));
}

async function columns(res, query) {
  const names = (query.get('features') ?? '').split(',');
  const doc = await json(commandLine('accounts', [['columns', ['id', ...names].join()], ...(query.get('as_of') ? [['as_of', query.get('as_of')]] : [])], 'json'));
  const t = doc.sections[0].items.find((i) => i.type === 'table');
  const out = new Float64Array(names.length * t.rows.length);
  names.forEach((n, k) => t.rows.forEach((r, i) => { out[k * t.rows.length + i] = r[n] ?? NaN; }));
  send(res, 200, 'application/octet-stream', Buffer.from(out.buffer));
}

const body = (req) => new Promise((done) => { let s = ''; req.on('data', (d) => { s += d; }); req.on('end', () => done(s)); });
const temporary = path.join(mkdtempSync(path.join(os.tmpdir(), 'strata-dev-')), 'new.yaml');

async function model(req, res, what) {
  const file = path.join(project, 'strata.yaml');
  if (req.method === 'GET') {
    const text = readFileSync(file, 'utf8');
    send(res, 200, 'application/json', JSON.stringify({ text, digest: createHash('sha1').update(text).digest('hex') }));
    return;
  }
  const text = await body(req);
  if (req.method === 'PUT') {
    writeFileSync(file, text);
    kept.clear();
    send(res, 200, 'application/json', JSON.stringify({ digest: createHash('sha1').update(text).digest('hex') }));
    return;
  }
  writeFileSync(temporary, text);
  kept.clear();
  const r = await run(['plan', temporary, '-f', 'json', '-q', '-p', project]);
  if (what === 'model/check') {
    const errors = r.code === 0 ? [] : [r.err.trim().split('\n')[0].replace(/^strata: /, '')];
    send(res, 200, 'application/json', JSON.stringify({ errors, warnings: [] }));
  } else if (r.code !== 0) {
    fail(res, 422, r.err.trim().split('\n')[0], 'model');
  } else {
    send(res, 200, 'application/json', r.out);
  }
}

createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x');
  try {
    if (url.pathname.startsWith('/v1/')) {
      const what = url.pathname.slice(4);
      if (what === 'project') { send(res, 200, 'application/json', JSON.stringify(await describe())); }
      else if (what === 'rows/accounts') { await rows(res, url.searchParams); }
      else if (what === 'whatif/columns') { await columns(res, url.searchParams); }
      else if (what.startsWith('model')) { await model(req, res, what); }
      else { await answer(req, res, what, url.searchParams); }
      return;
    }
    const name = /\.(js|css|svg)$/.test(url.pathname) ? url.pathname : '/index.html';
    send(res, 200, TYPES[path.extname(name)], readFileSync(path.join(bundle, name)));
  } catch (e) {
    fail(res, 500, String(e.message ?? e), 'internal');
  }
}).listen(Number(port), '127.0.0.1', () => console.log(`http://127.0.0.1:${port}`));
