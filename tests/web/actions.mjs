// SPDX-License-Identifier: Apache-2.0
// What a reader does and nothing keeps: filter, sort, follow a figure to its accounts, go back in time and back in
// history, move thresholds, try limits, print, download.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { becomes, check, holds, newPage, output, settled } from './harness.mjs';
import { longList } from './long_list.mjs';
import { longTable } from './long_table.mjs';

/** So many values that spread as ARR does, always the same. */
export function spread(n) {
  const values = new Float64Array(n);
  for (let i = 0, x = 12345; i < n; i++) {
    x = (x * 1103515245 + 12345) % 2147483648;
    values[i] = Math.exp((x / 2147483648) * 8 + 4);
  }
  return values;
}

/** Answers for every column that the what-if asks for, of `n` accounts. */
export async function inventColumns(page, n) {
  const values = spread(n);
  await page.route('**/v1/whatif/columns*', (r) => {
    const names = new URL(r.request().url()).searchParams.get('features').split(',');
    const body = new Float64Array(n * names.length);
    names.forEach((name, i) => body.set(name === 'arr' || name === 'potential_arr' ? values : values.map((v, k) => (v + k) % 100), i * n));
    return r.fulfill({ body: Buffer.from(body.buffer), contentType: 'application/octet-stream' });
  });
}

/** Drags the first threshold; the milliseconds that each step took, smallest first. */
export async function dragThreshold(page, steps) {
  await page.waitForSelector('.edge');
  const box = await page.locator('.edge').first().boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 14, y);
  await page.mouse.down();
  const took = [];
  for (let i = 1; i <= steps; i++) {
    await page.mouse.move(box.x + 14 + i * 6, y);
    await page.waitForTimeout(20);
    took.push(Number(await page.locator('.whatif [role=status]').getAttribute('data-took')));
  }
  await page.mouse.up();
  return took.sort((a, b) => a - b);
}

export async function actions(browser, origin) {
  const asked = (text) => /40[0-9]|422|ERR_FAILED|ERR_CONNECTION/.test(text);
  const { page, wrong, close } = await newPage(browser, { viewport: { width: 1440, height: 900 }, acceptDownloads: true }, asked);
  const open = async (url) => {
    await page.goto(origin + url);
    await settled(page);
  };
  const title = () => page.locator('h1').innerText();
  const rows = (where = '') => page.locator(`${where} tbody tr`).count();

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

  await longList(page, origin, 100);
  await longTable(page, origin, open);

  await check('a figure opens its definition, and the accounts behind it', async () => {
    await open('/segments');
    await page.locator('tbody .door').first().click();
    const window = page.locator('[role=dialog]');
    holds((await window.innerText()).includes('Definition'), 'the definition is there');
    await page.keyboard.press('Escape');
    await becomes(async () => await window.count() === 0, 'Escape closes it');
    await becomes(() => page.evaluate(() => document.activeElement.className === 'door'), 'the focus is back on the figure');
    await page.locator('tbody .door').first().click();
    await page.locator('[role=dialog] a').click();
    await page.waitForFunction(() => location.pathname === '/accounts' && document.querySelector('.grid-row a'));
  });

  await check('a figure of a row opens what it means, by the pointer and by keys', async () => {
    await open('/accounts');
    const said = async () => (await page.locator('[role=dialog]').innerText());
    await page.locator('.grid-row .door').first().click();
    await becomes(async () => /As of/.test(await said()), 'the window is there');
    const meaning = (await (await fetch(`${origin}/v1/features`)).json()).sections.flatMap((s) => s.items).flatMap((i) => i.rows ?? []).find((r) => r.name === 'arr').meaning;
    await becomes(async () => (await said()).replace(/\s+/g, ' ').includes(meaning.replace(/[`*]/g, '').slice(0, 40)), `${await said()} says ${meaning}`);
    await page.keyboard.press('Escape');
    await becomes(async () => await page.locator('[role=dialog]').count() === 0, 'Escape closes it');
    await page.locator('.grid-row').first().focus();
    for (let i = 0; i < 3; i++) {
      await page.keyboard.press('ArrowRight');
    }
    await page.keyboard.press('Enter');
    await becomes(async () => await page.locator('[role=dialog]').count() === 1 && new URL(page.url()).pathname === '/accounts', 'Enter on a figure opens it, not the account');
    await page.keyboard.press('Escape');
    await page.locator('.grid-row a').first().click();
    await page.waitForSelector('.fact-list .door');
    await page.locator('.fact-list .door').first().click();
    await becomes(async () => /Definition/.test(await said()), 'facts of an account open too');
    await page.keyboard.press('Escape');
    await open('/cohorts?every=year');
    await page.locator('.cell-door').nth(1).click();
    holds(/Definition/.test(await said()) && /As of/.test(await said()), await said());
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
    await open('/cohorts?every=month');
    const latest = await page.locator('.heat tbody tr').count();
    await page.click('text=Show all');
    await becomes(async () => await page.locator('.heat tbody tr').count() > latest, 'older cohorts are there when asked for');
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

  await check('what-if begins where the model stands, and its thresholds follow pointer, keys and figures', async () => {
    for (const dimension of ['lifecycle', 'risk', 'health_band']) {
      await open(`/model?view=whatif&what=${dimension}`);
      await page.waitForSelector('.whatif tbody tr');
      const counted = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('.whatif tbody tr')].map((r) => [r.cells[0].textContent, Number(r.cells[1].textContent.replace(/,/g, ''))])));
      const answer = await (await fetch(`${origin}/v1/segments?approach=${dimension}`)).json();
      const table = answer.sections.flatMap((s) => s.items).find((i) => i.type === 'table' && i.rows.some((r) => r.segment in counted));
      for (const row of table.rows) {
        holds(counted[row.segment] === row.accounts, `${dimension}: ${row.segment} has ${row.accounts} accounts, the browser counts ${counted[row.segment]}`);
      }
    }
    await page.locator('.edge-input').first().fill('75');
    await page.keyboard.press('Tab');
    const green = Number((await page.locator('.whatif tbody tr').first().locator('td').nth(1).innerText()).replace(/,/g, ''));
    const told = (await (await fetch(`${origin}/v1/rows/accounts?where=${encodeURIComponent('health >= 75')}&limit=1`)).json()).total;
    holds(green === told, `with Green from 75 the browser counts ${green}, the server ${told}`);
    await page.locator('.edge').first().focus();
    await page.keyboard.press('ArrowLeft');
    await becomes(async () => (await page.locator('.moved-edges').innerText()).includes('health'), 'what moved is said');
    await page.click('text=Back to the thresholds of now');
    await becomes(async () => (await page.locator('.whatif [role=status]').innerText()).includes('where they are now'), 'and taken back');
  });

  await check('a threshold two levels below is dragged over 200,000 accounts', async () => {
    await inventColumns(page, 200_000);
    await open('/model?view=whatif&what=segment&edge=health_band.health');
    const took = await dragThreshold(page, 12);
    const said = await page.locator('.whatif [role=status]').innerText();
    holds(/of 200,000 accounts would move/.test(said), said);
    console.log(`        200,000 accounts put into cells of four dimensions and redrawn: median ${took[6]} ms, slowest ${took[11]} ms`);
    await page.unroute('**/v1/whatif/columns*');
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
    await phone.page.goto(`${origin}/segments`);
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

  await check('a long wait is explained, and the page can be left meanwhile', async () => {
    let go;
    const held = new Promise((r) => { go = r; });
    await page.route('**/v1/coverage*', async (r) => { await held; await r.continue().catch(() => undefined); });
    await page.goto(`${origin}/coverage`);
    await page.waitForSelector('.wait-long', { timeout: 15000 });
    holds((await page.evaluate(() => window.jumps)) <= 0.02, 'saying so moves nothing');
    await page.click('nav >> text=Documents');
    await page.waitForFunction(() => location.pathname === '/documents' && /Documents/.test(document.querySelector('h1').innerText));
    go();
    await page.unroute('**/v1/coverage*');
  });

  await check('segments are set beside each other from the page of one', async () => {
    await open('/segment?name=Steady');
    await page.selectOption('.choice select', 'Champions');
    await page.waitForFunction(() => location.pathname === '/compare' && /against/.test(document.querySelector('h1').innerText));
    holds(await rows() > 5, 'there are measures');
  });

  await check('migration is of any two dates, as a flow and as a matrix, and a move opens its accounts', async () => {
    await open('/migration');
    const before = await title();
    await page.locator('.controls input[type=date]').first().fill('2025-06-30');
    await page.waitForFunction((t) => document.querySelector('h1').innerText !== t, before);
    await page.locator('.controls input[type=date]').nth(1).fill('2025-12-31');
    await page.waitForFunction(() => /30 June 2025 and 31 December 2025/.test(document.querySelector('h1').innerText));
    await settled(page);
    await page.locator('.ribbon').first().focus();
    await page.keyboard.press('Enter');
    const said = await page.locator('#movers').innerText();
    holds(Number(/: ([\d,]+) account/.exec(said)[1]) === await rows('section[aria-labelledby=movers]'), `${said}, and as many rows`);
    await page.click('label:text-is("Matrix")');
    const cell = page.locator('.heat .cell-door').first();
    const n = Number(await cell.innerText());
    await cell.click();
    await becomes(async () => await rows('section[aria-labelledby=movers]') === n, 'as many rows as the cell says');
  });

  await check('limits of territories are tried, and what does not do is said', async () => {
    await open('/territories');
    const free = await title();
    await page.fill('input[placeholder="any that pay"]', '3');
    await page.click('text=Try these limits');
    await page.waitForFunction((t) => document.querySelector('h1').innerText !== t && !document.querySelector('.stale'), free);
    holds(/Moving [123] of/.test(await title()), await title());
    await page.click('text=No limits of mine');
    await page.waitForFunction((t) => document.querySelector('h1').innerText === t && !document.querySelector('.stale'), free);
    await page.fill('input[placeholder="100%"]', '160%');
    await page.check('text=Give accounts without a manager to one');
    await page.click('text=Try these limits');
    await page.waitForFunction((t) => location.search.includes('limit=160') && document.querySelector('h1').innerText !== t && !document.querySelector('.stale'), free);
    await settled(page);
    const told = await (await fetch(`${origin}/v1/territories?limit=160%25&assign=true`)).json();
    holds(await title() === told.document.title, `${await title()}, the server says ${told.document.title}`);
    await page.fill('input[placeholder="any that pay"]', 'many');
    await page.click('text=Try these limits');
    await page.waitForSelector('.failure');
    holds((await page.locator('.failure').innerText()).includes('many'), 'it names what was typed');
  });

  await check('tasks are narrowed to a playbook, coverage and expansion filter and sort their lists', async () => {
    await open('/tasks');
    await becomes(async () => await page.locator('.controls select').first().locator('option').count() > 1, 'the playbooks are there');
    const all = await page.locator('.controls select').first().locator('option').nth(1).innerText();
    await page.locator('.controls select').first().selectOption({ index: 1 });
    const n = Number(/\(([\d,]+)\)$/.exec(all)[1].replace(',', ''));
    holds(page.url().includes('playbook='), 'the URL has it');
    holds(n > 0, all);
    for (const url of ['/coverage', '/expansion']) {
      await open(url);
      const head = page.locator('th button').first();
      await head.click();
      await becomes(async () => await page.locator('th[aria-sort]').count() === 1, `${url} is sorted`);
    }
  });

  await check('lists of accounts show all their columns on a wide screen', async () => {
    for (const url of ['/tasks', '/coverage', '/expansion', '/migration']) {
      await open(url);
      const cut = await page.evaluate(() => [...document.querySelectorAll('[data-table]:has(.of-account) .box')].filter((b) => b.scrollWidth > b.clientWidth + 1)
        .map((b) => `${b.closest('[data-table]').dataset.table} is ${b.scrollWidth - b.clientWidth} px wider than its place`));
      holds(cut.length === 0, `${url}: ${cut.join('; ')}`);
      holds(await page.locator('.of-account .id').count() > 0, `${url}: ids stand below names`);
    }
  });

  await check('clusters have a map and rules, predictions a card, data its rejects and what each source switches on', async () => {
    await open('/structure');
    await page.waitForSelector('.plot svg');
    holds(/rule|when|if/i.test(await page.locator('main').innerText()), 'rules in words');
    await page.click('.tabs >> text=Model card');
    await page.waitForFunction(() => location.search.includes('view=card') && /test|later|dates/.test(document.querySelector('main').innerText));
    await settled(page);
    await open('/data');
    const text = await page.locator('main').innerText();
    holds(await page.locator('[data-table=reject_reasons] tbody tr').count() > 0 && /Why rejected/.test(text), 'why rows were refused, with the first of each');
    holds(/reject/i.test(text) && /analyses run on this data/.test(text), text.slice(0, 200));
  });

  await check('an account shows ARR, health and usage over time, its memberships with causes, its plays and messages', async () => {
    await open('/accounts');
    await page.locator('.grid-row a').nth(2).click();
    await page.waitForSelector('.timeline');
    const lines = await page.locator('.time-line').allInnerTexts();
    holds(lines.length === 3 && /ARR/.test(lines[0]) && /Health/.test(lines[1]) && /Events/.test(lines[2]), lines.join(' | '));
    await page.click('.tabs >> text=Where it has been');
    await page.waitForSelector('.tabs a[aria-current]:has-text("Where it has been")');
    await settled(page);
    holds(/Why|Cause|cause/.test(await page.locator('thead').first().innerText()), 'a column of causes');
    await page.click('.tabs >> text=Plays and messages');
    await settled(page);
    holds(/What to say/.test(await page.locator('main').innerText()), 'messages');
  });

  await check('by keyboard alone: past the navigation, to a filter, down the rows, into an account', async () => {
    await open('/accounts');
    await page.keyboard.press('Tab');
    await becomes(() => page.evaluate(() => document.activeElement.className === 'skip'), 'the first stop leads past the navigation');
    await page.keyboard.press('Enter');
    for (let i = 0; i < 12 && await page.evaluate(() => document.activeElement.id !== 'where'); i++) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type('arr > 10k');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.search.includes('where=') && /where arr > 10k/.test(document.querySelector('h1').innerText) && document.querySelector('.grid-row a'));
    for (let i = 0; i < 30 && await page.evaluate(() => !document.activeElement.classList.contains('grid-row')); i++) {
      await page.keyboard.press('Tab');
    }
    holds(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none'), 'one sees where one is');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.pathname.startsWith('/account/'));
  });

  await check('on paper there is the page, and nothing to press', async () => {
    const account = (await (await fetch(`${origin}/v1/rows/accounts?limit=1&columns=id`)).json()).rows[0][0];
    for (const url of ['/', '/migration', '/cohorts', `/account/${account}`, '/tasks', '/jobs', '/model?view=whatif']) {
      await open(url);
      await page.emulateMedia({ media: 'print' });
      const left = await page.evaluate(() => ['.nav', '.top-bar', '.actions', '.tabs', '.controls'].filter((s) => [...document.querySelectorAll(s)].some((e) => e.getClientRects().length > 0)));
      holds(left.length === 0, `${url} prints ${left.join(', ')}`);
      const buttons = await page.evaluate(() => [...document.querySelectorAll('button')].filter((b) => b.getClientRects().length > 0 && !b.matches('.door, .cell-door, .sort')).map((b) => b.textContent));
      holds(buttons.length === 0, `${url} prints the buttons ${buttons.join(', ')}`);
      await page.emulateMedia({ media: 'screen' });
    }
  });

  await check('nothing else went wrong on the way', () => holds(wrong.length === 0, wrong.join('\n')));
  await close();
}
