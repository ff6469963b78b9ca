// SPDX-License-Identifier: Apache-2.0
// Every page: it comes up without a jump, nothing goes wrong on it (the content policy would say so), it says
// something, every figure opens where it comes from, it does not run out of the window, and axe-core finds nothing; wide and light, then narrow and
// dark without loading it again. Each leaves two pictures; with WEB_ALL=1 also narrow and light, wide and dark.
import path from 'node:path';
import { axeFinds, check, holds, newPage, settled, shots } from './harness.mjs';

/** Pages of a portfolio: a name for its picture, and its address. */
export function pagesOf({ account, segment, other, cohort, past }) {
  return {
    portfolio: '/', tasks: '/tasks', segments: '/segments', matrix: '/segments?view=matrix', findings: '/segments?view=findings',
    quality: '/segments?view=quality', segment: `/segment?name=${segment}`, compare: `/compare?a=${segment}&b=${other}`, accounts: '/accounts',
    account: `/account/${account}`, stays: `/account/${account}?view=stays`, plays: `/account/${account}?view=tasks`,
    chance: `/account/${account}?view=chance`, brief: `/account/${account}?view=brief`,
    cohorts: '/cohorts', curves: '/cohorts?view=curves', ltv: '/cohorts?view=ltv', review: `/cohort?name=${cohort}`, cell: `/cohort?cell=${cohort}:2&every=quarter`,
    forecast: '/forecast', clusters: '/structure', predictions: '/structure?view=churn', card: '/structure?view=card',
    migration: '/migration', moves: '/migration?as=matrix', ahead: '/migration?view=ahead', coverage: '/coverage', expansion: '/expansion',
    territories: '/territories', documents: '/documents', framework: '/document/framework', analyses: '/analyses',
    persona: '/analysis/persona', data: '/data', model: '/model', whatif: '/model?view=whatif', jobs: '/jobs', past: `/?as_of=${past}`,
  };
}

const SIZES = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } };
const LOOKS = [[1440, 'light'], [390, 'dark'], ...(process.env.WEB_ALL ? [[390, 'light'], [1440, 'dark']] : [])];
/* So little that nobody sees it; browsers call 0.1 good. */
const JUMP = 0.02;

async function turn(page, [width, scheme]) {
  await page.setViewportSize(SIZES[width]);
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
}

async function picture(page, name, [width, scheme]) {
  await page.evaluate(() => window.scrollTo(0, 0));
  if (width === 390 && await page.locator('.plot').count() > 0) {
    await page.waitForTimeout(350); /* charts are drawn anew once the width rests */
  }
  await page.screenshot({ path: path.join(shots, `${name}-${width}-${scheme}.png`) });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  holds(wide <= 1, `the page is ${wide} pixels wider than its window of ${width}`);
}

/* Structure is looked through at both sizes; colours, which take most of the time, in light on every other page and in
 * the dark on those between (parts are shared by pages), with WEB_ALL=1 in both on all. */
async function lookThrough(page, odd) {
  for (const look of [...LOOKS].reverse()) {
    await turn(page, look);
    const found = await axeFinds(page, process.env.WEB_ALL !== undefined || (look[1] === 'dark') === odd);
    holds(found.length === 0, `axe-core at ${look.join(', ')}: ${found.join('\n')}`);
  }
}

/** Figures that open nothing, each by its table and column. */
const closed = () => [...document.querySelectorAll('main tbody td.num, main tfoot td.num, main .figures .value, main .time-line b, main .grid-row .num, main .flow-list .num')]
  .filter((e) => /\d/.test(e.textContent) && !e.matches('a') && !e.querySelector('button, a'))
  .map((e) => `${e.closest('[data-table]')?.dataset.table ?? e.closest('section, figure')?.id ?? ''}: ${e.closest('table')?.tHead?.rows[0]?.cells[e.cellIndex]?.textContent ?? e.parentElement.textContent}`)
  .filter((v, i, all) => all.indexOf(v) === i);

async function visit({ page, wrong }, origin, name, url, { prefix, through, odd, looks }) {
  await turn(page, LOOKS[0]);
  await page.goto(origin + url);
  await settled(page);
  const jumps = await page.evaluate(() => window.jumps);
  const failure = await page.evaluate(() => document.querySelector('.failure')?.textContent ?? null);
  holds(!failure, `it says: ${failure}`);
  const dead = await page.evaluate(closed);
  holds(dead.length === 0, `figures that open nothing: ${dead.join('; ')}`);
  const words = await page.evaluate(() => document.querySelector('main').innerText.split(/\s+/).length);
  holds(words > 20, `it says ${words} words only`);
  for (const look of looks) {
    await turn(page, look);
    await picture(page, prefix + name, look);
  }
  holds(jumps <= JUMP, `its parts jumped by ${jumps.toFixed(3)}`);
  if (through) {
    await lookThrough(page, odd);
  }
  const said = wrong.splice(0);
  holds(said.length === 0, `the browser says: ${said.join('\n')}`);
}

/** All pages, with as many windows at a time as it is worth on two processors. */
export async function tour(browser, origin, pages, { prefix = '', through = true, windows = 2, expected, looks = LOOKS } = {}) {
  const left = Object.entries(pages).map(([name, url], i) => [name, url, i % 2 === 1]);
  const walk = async () => {
    const window = await newPage(browser, { viewport: SIZES[1440] }, expected);
    for (let next = left.shift(); next; next = left.shift()) {
      const [name, url, odd] = next;
      await check(`${prefix}${name}`, () => visit(window, origin, name, url, { prefix, through, odd, looks }));
      window.wrong.splice(0);
    }
    await window.close();
  };
  await Promise.all(Array.from({ length: windows }, walk));
}
