// SPDX-License-Identifier: Apache-2.0
// A million accounts in the browser: the list scrolls, is filtered and sorted, and thresholds of the what-if are dragged.
// Prints what each took; asserts only that it came out right. Takes minutes: `make test-million`, not in the gate.
//   test_million.mjs ROOT BUILD-FOLDER (MILLION=N: so many accounts)
import { inventColumns, dragThreshold } from './actions.mjs';
import { check, finish, findChromium, holds, launch, makeLargeProject, newPage, serve, settled } from './harness.mjs';
import { longList } from './long_list.mjs';

findChromium();
const n = Number(process.env.MILLION ?? 1_000_000);
console.log(`        inventing and reading ${n.toLocaleString('en')} accounts; they are kept for the next time`);
const [browser, server] = await Promise.all([launch(), serve(makeLargeProject(n), [])]);
const { page, wrong, close } = await newPage(browser, { viewport: { width: 1440, height: 900 } });

await longList(page, server.origin, n * 0.5);

const trials = [['arr', ''], ['health_band', ''], ['value', '&edge=value.arr'], ['segment', '&edge=health_band.health']];
const tell = (what, took) => console.log(`        ${what}: median ${took[took.length >> 1].toFixed(1)} ms, slowest ${took[took.length - 1].toFixed(1)} ms`);

async function drag(what, edge) {
  await page.goto(`${server.origin}/model?view=whatif&what=${what}${edge}`);
  await settled(page);
  const took = await dragThreshold(page, 20);
  const said = await page.locator('.whatif [role=status]').innerText();
  holds(/accounts would move/.test(said), said);
  return [took, Number(await page.locator('.whatif [role=status]').getAttribute('data-accounts'))];
}

for (const [what, edge] of trials) {
  await check(`a threshold of ${what} is dragged over the accounts of the server`, async () => {
    const [took, of] = await drag(what, edge);
    tell(`${of.toLocaleString('en')} accounts placed and redrawn`, took);
  });
}
await inventColumns(page, 1_000_000);
for (const [what, edge] of trials) {
  await check(`a threshold of ${what} is dragged over 1,000,000 invented accounts`, async () => {
    const [took, of] = await drag(what, edge);
    holds(of === 1_000_000, `${of} accounts`);
    tell('1,000,000 accounts placed and redrawn', took);
  });
}
await check('nothing else went wrong on the way', () => holds(wrong.length === 0, wrong.join('\n')));
await close();
await browser.close();
server.stop();
finish();
