// SPDX-License-Identifier: Apache-2.0
// The long list of accounts, with the time that each thing takes a reader: the same for hundreds and for a million.
import { check, holds } from './harness.mjs';

const READY = '.grid-row a';

/** Milliseconds until `test` holds in the page after `work`. */
async function timed(page, work, test, argument) {
  const start = performance.now();
  await work();
  await page.waitForFunction(test, argument, { timeout: 120000, polling: 'raf' });
  return performance.now() - start;
}

const total = () => Number(document.querySelector('[role=grid]')?.getAttribute('aria-rowcount') ?? 0) - 1;

/** `least`: so many accounts at least. */
export async function longList(page, origin, least) {
  const tell = (what, ms) => console.log(`        ${what}: ${ms.toFixed(0)} ms`);
  let all = 0;
  await check(`a list of ${least.toLocaleString('en')} accounts or more comes up`, async () => {
    tell('first rows, nothing known before', await timed(page, () => page.goto(`${origin}/accounts`), (s) => document.querySelector(s), READY));
    tell('first rows again', await timed(page, () => page.reload(), (s) => document.querySelector(s), READY));
    all = await page.evaluate(total);
    holds(all >= least, `${all} accounts`);
    console.log(`        ${all.toLocaleString('en')} accounts`);
  });
  await check('it scrolls to its end and back, drawing the rows in sight only', async () => {
    const end = () => page.evaluate(() => { const b = document.querySelector('.grid-box'); b.scrollTop = b.scrollHeight; });
    const last = (n) => [...document.querySelectorAll('.grid-row')].some((r) => Number(r.getAttribute('aria-rowindex')) === n + 1 && r.querySelector('a'));
    tell('to the last row', await timed(page, end, last, all));
    holds(await page.locator('.grid-row').count() < 80, 'the rows in sight only');
    const frames = await page.evaluate(async () => {
      const box = document.querySelector('.grid-box');
      const took = [];
      for (let i = 0; i < 60; i++) {
        const start = performance.now();
        box.scrollTop = (box.scrollHeight - box.clientHeight) * (1 - i / 60);
        await new Promise((r) => requestAnimationFrame(() => setTimeout(r)));
        took.push(performance.now() - start);
      }
      return took.sort((a, b) => a - b);
    });
    tell('a step of scrolling, median', frames[30]);
    tell('a step of scrolling, slowest of 60', frames[59]);
  });
  await check('it is sorted and filtered', async () => {
    const arr = () => page.click('.grid-head button:has-text("Health")');
    tell('sorted by health', await timed(page, arr, (s) => document.querySelector('[role=columnheader][aria-sort]') && document.querySelector(s), READY));
    const filter = async () => {
      await page.fill('#where', 'health < 60 and arr > 10k');
      await page.keyboard.press('Enter');
    };
    tell('filtered by a rule', await timed(page, filter, ([s, n]) => /where/.test(document.querySelector('h1').innerText) && document.querySelector(s) &&
      Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount')) - 1 < n, [READY, all]));
  });
}
