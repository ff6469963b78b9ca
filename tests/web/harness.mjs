// SPDX-License-Identifier: Apache-2.0
// What the browser tests share: the project, the server, the browser, and a list of checks that each
// say what holds. Ends with "N passed, N failed"; with 77 (skipped) where there is no Chromium.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
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

/** A small portfolio with some history, made once for a version of the program. */
export function makeProject(accounts) {
  const folder = path.join(output, `portfolio-${accounts}`);
  if (!existsSync(path.join(folder, 'ready'))) {
    spawnSync('rm', ['-rf', folder]);
    run('synth', folder, '--accounts', String(accounts), '--seed', '1', '-q');
    run('ingest', '-p', folder, '-q');
    run('run', '-p', folder, '-q');
    run('backfill', '-p', folder, '-q');
    spawnSync('touch', [path.join(folder, 'ready')]);
  }
  return folder;
}

async function answers(origin, until) {
  while (Date.now() < until) {
    try {
      if ((await fetch(`${origin}/v1/project`)).ok) {
        return;
      }
    } catch {
      // not up yet
    }
    await new Promise((r) => setTimeout(r, 100));
  }
  throw new Error(`no server at ${origin}`);
}

/** `strata serve` on a port of this run. */
export async function serve(project) {
  const port = 20000 + (process.pid % 20000);
  const child = spawn(strata, ['serve', '--port', String(port), '-p', project, '--allow-write'], { stdio: 'ignore' });
  const origin = `http://127.0.0.1:${port}`;
  await answers(origin, Date.now() + 30000);
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

const axe = () => readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds on the page as it is, in a line for each. Of long documents it looks through the first
 * sections: the others are made of the same parts, and it would take most of the time of all tests. */
export async function axeFinds(page) {
  await page.evaluate(axe());
  const { violations } = await page.evaluate(() => window.axe.run({ exclude: ['.text > section:nth-of-type(n + 7)'] }, { resultTypes: ['violations'] }));
  return violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join('; ')}`);
}

/** A page that keeps what went wrong on it. `expected` names answers that a test asks for. */
export async function newPage(browser, options, expected = () => false) {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (m) => m.type() === 'error' && !expected(m.text()) && wrong.push(m.text()));
  page.on('pageerror', (e) => wrong.push(e.message));
  return { page, wrong, close: () => context.close() };
}

/** The page has its heading and waits for nothing any more. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('.skeleton, .title-bone, .stale, .value .bone'), null, { timeout: 40000 });
}

export function holds(truth, message) {
  if (!truth) {
    throw new Error(message);
  }
}
