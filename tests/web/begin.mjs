// SPDX-License-Identifier: Apache-2.0
// A portfolio from its beginning: data that nobody has read, read from the page; names as long and as foreign as names
// are; a model file that somebody breaks, and mends on the page.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { axeFinds, becomes, check, holds, newPage, serve, settled, shots } from './harness.mjs';

const NAMES = ['M\u00fcller & S\u00f6hne Donaudampfschifffahrtsgesellschaft mbH & Co. KGaA Niederlassung \u00d6sterreich',
  '\u682a\u5f0f\u4f1a\u793e\u30b5\u30f3\u30d7\u30eb\u5546\u4e8b', '\u0634\u0631\u0643\u0629 \u0627\u0644\u0645\u062b\u0627\u0644', '<b>Bold</b> & *star* _under_', 'A'.repeat(120)];

/** Writes other names into the accounts file, whose second column they are. */
function rename(project) {
  const file = path.join(project, 'accounts.csv');
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, lines.map((line, i) => {
    const cells = line.split(',');
    return i === 0 || cells.length < 3 ? line : [cells[0], NAMES[i % NAMES.length], ...cells.slice(2)].join(',');
  }).join('\n'));
}

export async function begin(browser, project) {
  rename(project);
  const server = await serve(project, ['--allow-write'], 'openapi.json');
  const { page, wrong, close } = await newPage(browser, { viewport: { width: 1440, height: 900 } }, (text) => /40[04]|422/.test(text));
  const open = async (url) => {
    await page.goto(server.origin + url);
    await settled(page);
  };
  const title = () => page.locator('h1').innerText();

  await check('without data the pages say so, and the data is read by a click', async () => {
    await open('/segments');
    holds(await title() === 'No data has been read yet', await title());
    await page.screenshot({ path: path.join(shots, 'begin-1440-light.png') });
    holds((await page.locator('main').innerText()).includes('strata ingest'), 'the command is named');
    await open('/model');
    holds((await page.locator('textarea').inputValue()).includes('sources:'), 'the model can be read before');
    await open('/');
    await page.click('text=Read the data now');
    await page.waitForFunction(() => /ARR/.test(document.querySelector('h1')?.innerText ?? ''), null, { timeout: 60000 });
    await settled(page);
  });

  await check('names of any length and script are shown and break no page', async () => {
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 });
      for (const url of ['/', '/accounts', '/tasks', '/expansion']) {
        await open(url);
        const text = await page.locator('main').innerText();
        holds(NAMES.some((n) => text.includes(n.slice(0, 20))), `${url} has none of the names`);
        const widest = await page.evaluate(() => Math.max(0, ...[...document.querySelectorAll('td.of-account a, th.of-account a')].map((a) => a.getBoundingClientRect().width)));
        holds(widest < (width === 390 ? 190 : 320), `${url} at ${width}: a name is ${widest.toFixed(0)} px wide`);
        holds(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth) <= 1, `${url} at ${width} runs out of the window`);
      }
      await page.screenshot({ path: path.join(shots, `names-${width}-light.png`) });
    }
    holds(await page.locator('main b:text-is("Bold")').count() === 0, 'a name is no markup');
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await check('a model that somebody broke is mended where it is told', async () => {
    /* the sources of the newest review are those that a mended file may name */
    await open('/jobs');
    await page.click('text=Record a review');
    await page.waitForSelector('.job:first-child.done:has(strong:text-is("run"))', { timeout: 60000 });
    const file = path.join(project, 'strata.yaml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}\nsegments: [\n`);
    await open('/segments');
    holds(await title() === 'The portfolio cannot be shown', await title());
    holds(/strata\.yaml:\d+/.test(await page.locator('main').innerText()), 'it says where');
    const found = await axeFinds(page);
    holds(found.length === 0, found.join('\n'));
    await open('/');
    await page.locator('main a:text-is("Model")').click();
    await page.waitForSelector('textarea');
    holds((await page.locator('textarea').inputValue()).endsWith('segments: [\n'), 'the text is as it lies there');
    await page.locator('textarea').fill(text);
    await page.locator('button:text-is("Save strata.yaml"):enabled').click();
    await becomes(() => readFileSync(file, 'utf8') === text, 'the file is mended');
    await page.click('nav >> text=Segments');
    await page.waitForFunction(() => location.pathname === '/segments' && document.querySelector('table .segment'), null, { timeout: 30000 });
  });

  await check('nothing else went wrong at the beginning', () => holds(wrong.length === 0, wrong.join('\n')));
  await close();
  server.stop();
}
