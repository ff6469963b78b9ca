// SPDX-License-Identifier: Apache-2.0
// What a reader does: filter, sort, follow a figure to its accounts, go back in time and back in history, drag
// an edge over a million accounts, print, download, edit the model.
//   test_actions.mjs ROOT BUILD-FOLDER
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { check, finish, findChromium, holds, launch, makeProject, newPage, output, serve, settled } from './harness.mjs';

findChromium();
const server = await serve(makeProject(300));
const browser = await launch();
const asked = (text) => /40[0-9]|422|ERR_FAILED|ERR_CONNECTION/.test(text);
const { page, wrong, close } = await newPage(browser, { viewport: { width: 1440, height: 900 }, acceptDownloads: true }, asked);
const open = async (url) => {
  await page.goto(server.origin + url);
  await settled(page);
};
const title = () => page.locator('h1').innerText();

await check('a filter in the language of the rules is in the URL, and back takes it away', async () => {
  await open('/accounts');
  const all = await title();
  await page.fill('#where', 'health < 60');
  await page.click('text=Filter');
  await page.waitForFunction((t) => document.querySelector('h1').innerText !== t && document.querySelector('.grid-row'), all);
  holds(page.url().includes('where='), 'the URL has the filter');
  holds((await title()).includes('where health < 60'), 'the heading says it');
  await page.goBack();
  await page.waitForFunction((t) => document.querySelector('h1').innerText === t, all);
});

await check('a wrong filter says under the field what is wrong', async () => {
  await page.fill('#where', 'helth < 60');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.field-error');
  holds((await page.locator('.field-error').innerText()).includes('health'), 'it names what was meant');
  holds(await page.locator('#where').getAttribute('aria-invalid'), 'the field is marked');
});

await check('heads sort, arrow keys walk the rows, Enter opens the account', async () => {
  await open('/accounts');
  await page.click('.grid-head button:has-text("Health")');
  await page.waitForFunction(() => document.querySelector('[role=columnheader][aria-sort]') && document.querySelector('.grid-row a'));
  await page.locator('.grid-row').first().focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'PageDown', 'ArrowUp', 'Home', 'End', 'Home', 'ArrowDown']) {
    await page.keyboard.press(key);
  }
  holds(await page.evaluate(() => document.activeElement.dataset.at) === '1', 'the second row has the focus');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.pathname.startsWith('/account/'));
});

await check('a long list draws the rows in sight only and reaches its end', async () => {
  await open('/accounts');
  await page.evaluate(() => { const b = document.querySelector('.grid-box'); b.scrollTop = b.scrollHeight; });
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll('.grid-row')];
    const total = Number(document.querySelector('[role=grid]').getAttribute('aria-rowcount'));
    return rows.some((r) => Number(r.getAttribute('aria-rowindex')) === total && r.querySelector('a')) && rows.length < 80;
  });
});

await check('a figure opens its definition, and the accounts behind it', async () => {
  await open('/segments');
  await page.locator('tbody .door').first().click();
  const window = page.locator('[role=dialog]');
  holds((await window.innerText()).includes('Definition'), 'the definition is there');
  await page.keyboard.press('Escape');
  holds(await window.count() === 0, 'Escape closes it');
  holds(await page.evaluate(() => document.activeElement.className === 'door'), 'the focus is back on the figure');
  await page.locator('tbody .door').first().click();
  await page.locator('[role=dialog] a').click();
  await page.waitForFunction(() => location.pathname === '/accounts' && document.querySelector('.grid-row a'));
});

await check('the as-of date stays with every link', async () => {
  await open('/segments');
  const now = await title();
  await page.fill('#as-of', '2025-12-31');
  await page.locator('#as-of').dispatchEvent('change');
  await page.waitForFunction(() => document.querySelector('.facts')?.innerText.includes('31 December 2025'));
  await page.click('nav >> text=Accounts');
  await page.waitForFunction(() => location.search.includes('as_of=2025-12-31') && document.querySelector('.grid-row a'));
  await page.click('text=latest');
  await page.waitForFunction(() => !location.search.includes('as_of'));
  holds(now.length > 0, 'there was a heading');
});

await check('cohorts switch between percent, value and count; a cell opens its accounts', async () => {
  await open('/cohorts?every=year');
  const cell = page.locator('.cell-door').nth(1);
  const percent = await cell.innerText();
  await page.click('label:text-is("Count")');
  await page.waitForFunction((p) => document.querySelectorAll('.cell-door')[1].innerText !== p, percent);
  await cell.click();
  await page.click('[role=dialog] >> text=Who is gone');
  await page.waitForFunction(() => location.pathname === '/cohort' && location.search.includes('lost=true'));
  await settled(page);
});

await check('an edge is dragged over 1,000,000 accounts', async () => {
  const n = 1_000_000;
  const values = new Float64Array(n);
  for (let i = 0, x = 12345; i < n; i++) {
    x = (x * 1103515245 + 12345) % 2147483648;
    values[i] = Math.exp((x / 2147483648) * 8 + 4);
  }
  await page.route('**/v1/whatif/columns*', (r) => r.fulfill({ body: Buffer.from(values.buffer), contentType: 'application/octet-stream' }));
  await open('/model?view=whatif&what=arr');
  await page.waitForSelector('.edge');
  const box = await page.locator('.edge').first().boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 14, y);
  await page.mouse.down();
  const took = [];
  for (let i = 1; i <= 20; i++) {
    await page.mouse.move(box.x + 14 + i * 6, y);
    await page.waitForTimeout(20);
    took.push(Number(await page.locator('.whatif .says').getAttribute('data-took')));
  }
  await page.mouse.up();
  const said = await page.locator('.whatif .says').innerText();
  holds(/of 1,000,000 accounts would move/.test(said), said);
  took.sort((a, b) => a - b);
  console.log(`        1,000,000 accounts put into bands and redrawn: median ${took[10]} ms, slowest ${took[19]} ms`);
  await page.locator('.edge').first().focus();
  await page.keyboard.press('ArrowLeft');
  await page.unroute('**/v1/whatif/columns*');
});

await check('a wrong model is told where, a right one is planned before it is applied', async () => {
  await open('/model');
  const editor = page.locator('textarea');
  const text = await editor.inputValue();
  await editor.fill(`${text}\nsegments:\n  - name: Large\n    when: arrr > 1\n  - name: Rest\n    otherwise: true\n`);
  await page.waitForSelector('.problems .error', { timeout: 15000 });
  holds((await page.locator('.problems').innerText()).includes('arr'), 'it names what was meant');
  await editor.fill(`${text}\nsegments:\n  - name: Large\n    when: arr > 20k\n  - name: Rest\n    otherwise: true\n`);
  await page.waitForSelector('.problems .error', { state: 'detached', timeout: 15000 });
  await page.click('text=Plan: who would move?');
  await page.waitForSelector('#plan', { timeout: 30000 });
});

await check('a document is printed on pages and downloaded as Markdown', async () => {
  await open('/document/framework');
  await page.waitForFunction(() => [...document.querySelectorAll('.plot')].every((p) => p.dataset.drawn));
  const pdf = await page.pdf({ path: path.join(output, 'framework.pdf'), format: 'A4' });
  holds(pdf.length > 50_000, `the PDF has ${pdf.length} bytes`);
  await page.click('text=Download');
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=Markdown')]);
  const saved = path.join(output, 'framework.md');
  await file.saveAs(saved);
  holds(statSync(saved).size > 10_000 && readFileSync(saved, 'utf8').includes('## '), 'it has headings');
});

await check('on a phone the pages are behind a menu', async () => {
  const phone = await newPage(browser, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await phone.page.goto(`${server.origin}/segments`);
  await settled(phone.page);
  holds(!(await phone.page.locator('#nav').isVisible()), 'hidden at first');
  await phone.page.tap('.menu-button');
  await phone.page.tap('#nav >> text=Tasks');
  await phone.page.waitForFunction(() => location.pathname === '/tasks');
  holds(!(await phone.page.locator('#nav').isVisible()), 'closed after a choice');
  await phone.close();
});

await check('when the server is gone, the page says so and can ask again', async () => {
  await open('/coverage');
  await page.route('**/v1/expansion*', (r) => r.abort());
  await page.click('nav >> text=Expansion');
  await page.waitForSelector('.failure');
  holds((await page.locator('.failure').innerText()).includes('strata serve'), 'it says what to look at');
  await page.unroute('**/v1/expansion*');
  await page.click('text=Try again');
  await page.waitForSelector('.failure', { state: 'detached' });
  await settled(page);
});

await check('nothing else went wrong on the way', () => holds(wrong.length === 0, wrong.join('\n')));
await close();
await browser.close();
server.stop();
finish();
