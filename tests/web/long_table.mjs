// SPDX-License-Identifier: Apache-2.0
// A long table of a document: the first rows at once with the count of all, the others on demand; its order, its filter
// and the choices above it are of all rows, not of those that happen to be here.
import { becomes, check, holds } from './harness.mjs';

const rowsOf = (doc, id) => doc.sections.flatMap((s) => s.items).find((i) => i.type === 'table' && i.id === id);

export async function longTable(page, origin, open) {
  const all = rowsOf(await (await fetch(`${origin}/v1/tasks`)).json(), 'tasks').rows;
  const first = () => page.locator('[data-table=tasks] tbody tr').first().locator('.of-account .id').innerText();
  const count = () => page.locator('[data-table=tasks] tbody tr').count();
  const found = () => page.locator('.found').innerText();

  await check('a long table brings its first rows and the count of all', async () => {
    const answer = page.waitForResponse((r) => r.url().includes('/v1/tasks?'));
    await open('/tasks');
    const table = rowsOf(await (await answer).json(), 'tasks');
    holds(all.length > 150, `${all.length} rows are too few to try it`);
    holds(table.rows.length === 100 && table.of === all.length, `${table.rows.length} rows of ${table.of} came, there are ${all.length}`);
    holds((await page.locator('.more-rows').innerText()).startsWith(`40 of ${all.length} rows`), await page.locator('.more-rows').innerText());
  });

  await check('more rows come by scrolling and by a button, until all are there', async () => {
    await page.locator('[data-table=tasks] .box').evaluate((b) => { b.scrollTop = b.scrollHeight; });
    await becomes(async () => await count() === 80, 'scrolling brings the next');
    for (let n = 0; n < 60 && await page.locator('.more-rows').count() > 0; n++) {
      const before = await count();
      await page.click('text=Show more');
      await becomes(async () => await count() > before || await page.locator('.more-rows').count() === 0, `after ${before} rows`);
    }
    holds(await count() === all.length, `${await count()} rows of ${all.length}`);
    holds(await page.locator('[data-table=tasks] tbody tr').last().locator('.door').count() > 1, 'its figures open too');
    const last = await page.locator('[data-table=tasks] tbody tr').last().innerText();
    holds(last.includes(all[all.length - 1].account_id), `the last row is ${last}`);
  });

  await check('heads sort all rows of it, and the filter finds what has not been read yet', async () => {
    await open('/tasks');
    const most = all.reduce((a, b) => (b.value > a.value ? b : a));
    holds(!all.slice(0, 40).includes(most) || all.length > 100, 'the largest is somewhere');
    await page.click('[data-table=tasks] th button:has-text("ARR")');
    await becomes(async () => (await first()) === most.account_id, `the largest account is ${most.account_id}, the first row is of ${await first()}`);
    await page.click('[data-table=tasks] th button:has-text("ARR")');
    const least = all.reduce((a, b) => (b.value < a.value ? b : a));
    await becomes(async () => (await first()) === least.account_id, `the smallest account is ${least.account_id}`);
    await page.click('[data-table=tasks] th button:has-text("Account")');
    const late = all[all.length - 1];
    await page.fill('.filter', late.name.toUpperCase());
    const n = all.filter((r) => r.name === late.name).length;
    await becomes(async () => await found() === `${n} of ${all.length} rows` && await first() === late.account_id, `${n} rows are of ${late.name}: ${await found()}`);
    await page.fill('.filter', 'nobody is called so');
    await becomes(async () => (await page.locator('[data-table=tasks]').innerText()).includes('No row has'), 'nothing is found, and it says so');
  });

  await check('a choice counts all rows and takes those it says', async () => {
    await open('/tasks');
    const select = page.locator('.controls select').first();
    await becomes(async () => await select.locator('option').count() > 1, 'the playbooks are there');
    const [, playbook, n] = /^(.*) \(([\d,]+)\)$/.exec(await select.locator('option').nth(1).innerText());
    const own = all.filter((r) => r.playbook === playbook).length;
    holds(Number(n.replace(',', '')) === own, `${playbook}: ${n} said, ${own} there`);
    await select.selectOption({ index: 1 });
    await becomes(async () => await found() === `${own} of ${all.length} rows`, `${own} rows: ${await found()}`);
  });
}
