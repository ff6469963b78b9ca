// SPDX-License-Identifier: Apache-2.0
// What the browser tests share: the project, the server, the browser, and a list of checks that each
// say what holds. Ends with "N passed, N failed"; with 77 (skipped) where there is no Chromium.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export const [root, build] = process.argv.slice(2, 4).map((p) => path.resolve(p));
const require = createRequire(path.join(root, 'package.json'));
const strata = path.join(build, 'strata');
export const output = path.join(build, 'tests/web');
export const shots = path.join(output, 'pictures');

const CHROMIUM = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function findChromium() {
  const found = CHROMIUM.find((p) => p && existsSync(p));
  if (!found) {
    console.log('skipped: there is no Chromium (scripts/setup --test installs it)');
    process.exit(77);
  }
  return found;
}

function run(...args) {
  const r = spawnSync(strata, args, { encoding: 'utf8' });
  if (r.status !== 0) {
    throw new Error(`strata ${args.join(' ')}: ${r.stderr}`);
  }
}

const stamp = () => String(statSync(strata).mtimeMs);

/** A folder made once for a version of the program by `make`. */
function keptProject(name, make) {
  const folder = path.join(output, name);
  const mark = path.join(folder, 'ready');
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== stamp()) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(output, { recursive: true });
    make(folder);
    writeFileSync(mark, stamp());
  }
  return folder;
}

/** A copy that a test may change. */
function copied(folder) {
  const copy = `${folder}-live`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  return copy;
}

/** A small portfolio with some history. */
export function makeProject(accounts) {
  return copied(keptProject(`portfolio-${accounts}`, (folder) => {
    run('synth', folder, '--accounts', String(accounts), '--seed', '1', '-q');
    run('ingest', '-p', folder, '-q');
    run('run', '-p', folder, '-q');
    run('backfill', '-p', folder, '-q');
  }));
}

/** One whose data has not been read. */
export function makeUnread(accounts) {
  return copied(keptProject('unread', (folder) => run('synth', folder, '--accounts', String(accounts), '--seed', '1', '-q')));
}

/** A large one of ARR and usage alone, without history; only to be read. */
export function makeLargeProject(accounts) {
  return keptProject(`portfolio-${accounts}`, (folder) => {
    run('synth', folder, '--accounts', String(accounts), '--seed', '1', '--only', 'accounts,subscriptions,usage', '--usage-rows', String(accounts * 4), '-q');
    run('ingest', '-p', folder, '-q');
  });
}

/** RavenStack, of which the project ships the model and no data; null where the data is not. */
export function makeRavenStack() {
  const data = process.env.STRATA_DATA ?? path.join(root, '../shared/data');
  if (!existsSync(path.join(data, 'ravenstack/ravenstack_accounts.csv'))) {
    return null;
  }
  process.env.STRATA_DATA = data;
  return copied(keptProject('ravenstack', (folder) => {
    cpSync(path.join(root, 'examples/ravenstack'), folder, { recursive: true });
    run('ingest', '-p', folder, '-q');
    run('run', '-p', folder, '-q');
    run('backfill', '-p', folder, '-q');
  }));
}

async function answers(address, until) {
  while (Date.now() < until) {
    try {
      if ((await fetch(address)).ok) {
        return;
      }
    } catch {
      // not up yet
    }
    await new Promise((r) => setTimeout(r, 100));
  }
  throw new Error(`no server at ${address}`);
}

let servers = 0;

/** `strata serve` on a port of this run; `more`: its options; it is up when it answers `first`. */
export async function serve(project, more = ['--allow-write'], first = 'project') {
  const port = 20000 + ((process.pid * 4 + servers++) % 20000);
  const child = spawn(strata, ['serve', '--port', String(port), '-p', project, ...more], { stdio: 'ignore' });
  const origin = `http://127.0.0.1:${port}`;
  await answers(`${origin}/v1/${first}`, Date.now() + 60000);
  return { origin, stop: () => child.kill() };
}

let passed = 0;
let failed = 0;

export async function check(name, work) {
  const start = Date.now();
  try {
    await work();
    passed++;
    console.log(`ok      ${name} (${Date.now() - start} ms)`);
  } catch (e) {
    failed++;
    console.log(`NOT OK  ${name}\n${e.stack ?? e}`);
  }
}

export function finish() {
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}

export async function launch() {
  mkdirSync(shots, { recursive: true });
  const { chromium } = require('playwright-core');
  return chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
}

let axeText;
const axe = () => (axeText ??= readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));

/* Of long documents and tables the first parts are looked through: the others are made of the same, and would take
 * most of the time of all tests. The page is not good for anything else afterwards. */
const REST = ['.text > section:nth-of-type(n + 4)', 'tbody tr:nth-of-type(n + 4)', '.grid-row:nth-of-type(n + 4)', '.plot svg', '.gutter span', '.column-choice label:nth-of-type(n + 3)'];

/** What axe-core finds on the page as it is, in a line for each. `contrast`: colours too, which takes longest. */
export async function axeFinds(page, contrast = true) {
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.evaluate(axe());
    await page.evaluate((rest) => document.querySelectorAll(rest).forEach((e) => e.remove()), REST.join());
  }
  const { violations } = await page.evaluate((enabled) => window.axe.run({ exclude: ['.plot svg'] }, { resultTypes: ['violations'], rules: { 'color-contrast': { enabled } } }), contrast);
  return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join('; ')}`);
}

/** A page that keeps what went wrong on it, and how far its parts jumped while it came up. `expected` names
 * messages that a test brings about. */
export async function newPage(browser, options, expected = () => false) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  await context.addInitScript(() => {
    window.jumps = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((e) => { window.jumps += e.hadRecentInput ? 0 : e.value; }))
      .observe({ type: 'layout-shift', buffered: true });
  });
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (m) => m.type() === 'error' && !expected(m.text()) && wrong.push(m.text()));
  page.on('pageerror', (e) => wrong.push(e.message));
  return { page, wrong, close: () => context.close() };
}

const WAITING = '.skeleton, .title-bone, .stale, .value .bone';

/** The page has its heading and waits for nothing any more; charts in sight are drawn. */
export async function settled(page) {
  await page.waitForFunction((waiting) => document.querySelector('h1') && !document.querySelector(waiting) &&
    [...document.querySelectorAll('.plot')].every((p) => p.dataset.drawn || p.getBoundingClientRect().top > window.innerHeight), WAITING, { timeout: 60000, polling: 50 });
}

/** As `holds`, of what the page does after the browser told it: asks until it is so. */
export async function becomes(ask, message) {
  const until = Date.now() + 5000;
  while (!(await ask())) {
    holds(Date.now() < until, message);
    await new Promise((done) => setTimeout(done, 20));
  }
}

export function holds(truth, message) {
  if (!truth) {
    throw new Error(message);
  }
}
