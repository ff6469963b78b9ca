// SPDX-License-Identifier: Apache-2.0
// Every page, wide and light, and narrow and dark: it comes up, nothing goes wrong on it (the content policy
// would say so), it does not run out of the window, axe-core finds nothing. Each leaves a picture.
//   test_pages.mjs ROOT BUILD-FOLDER
import path from 'node:path';
import { axeFinds, check, finish, findChromium, holds, launch, makeProject, newPage, serve, settled, shots } from './harness.mjs';

findChromium();
const server = await serve(makeProject(400));
const browser = await launch();

const first = (await (await fetch(`${server.origin}/v1/rows/accounts?limit=1&columns=id`)).json()).rows[0][0];
const PAGES = {
  portfolio: '/', tasks: '/tasks', segments: '/segments', matrix: '/segments?view=matrix', findings: '/segments?view=findings',
  quality: '/segments?view=quality', segment: '/segment?name=Steady', compare: '/compare?a=Steady&b=Champions', accounts: '/accounts',
  account: `/account/${first}`, stays: `/account/${first}?view=stays`, plays: `/account/${first}?view=tasks`, brief: `/account/${first}?view=brief`,
  cohorts: '/cohorts', curves: '/cohorts?view=curves', ltv: '/cohorts?view=ltv', review: '/cohort?name=2025-Q1',
  forecast: '/forecast', clusters: '/structure', predictions: '/structure?view=churn', migration: '/migration', ahead: '/migration?view=ahead', coverage: '/coverage',
  expansion: '/expansion', territories: '/territories', documents: '/documents', framework: '/document/framework', analyses: '/analyses',
  persona: '/analysis/persona', data: '/data', model: '/model', whatif: '/model?view=whatif', past: '/?as_of=2025-12-31',
};

/* What differs in its structure on a phone is looked through there too; the others come up there with WEB_ALL=1 only. */
const PHONE = ['portfolio', 'segments', 'accounts', 'account', 'cohorts', 'migration', 'whatif'];

async function look(page, wrong, name, url, suffix, through) {
  await page.goto(server.origin + url);
  await settled(page);
  await page.waitForTimeout(150);
  await page.screenshot({ path: path.join(shots, `${name}-${suffix}.png`) });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  holds(wide <= 1, `the page is ${wide} pixels wider than its window`);
  const failure = await page.evaluate(() => document.querySelector('.failure')?.textContent ?? null);
  holds(!failure, `it says: ${failure}`);
  const found = through ? await axeFinds(page) : [];
  holds(found.length === 0, `axe-core: ${found.join('\n')}`);
  const said = wrong.splice(0);
  holds(said.length === 0, `the browser says: ${said.join('\n')}`);
}

const wide = await newPage(browser, { viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
for (const [name, url] of Object.entries(PAGES)) {
  await check(`${name} at 1440, light`, () => look(wide.page, wide.wrong, name, url, '1440-light', true));
}
await wide.close();
const narrow = await newPage(browser, { viewport: { width: 390, height: 844 }, colorScheme: 'dark', isMobile: true, hasTouch: true });
for (const [name, url] of Object.entries(PAGES).filter(([name]) => process.env.WEB_ALL || PHONE.includes(name))) {
  await check(`${name} at 390, dark`, () => look(narrow.page, narrow.wrong, name, url, '390-dark', PHONE.includes(name)));
}
await narrow.close();
await browser.close();
server.stop();
finish();
