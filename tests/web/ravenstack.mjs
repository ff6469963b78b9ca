// SPDX-License-Identifier: Apache-2.0
// RavenStack has subscriptions, usage and tickets, and neither contacts nor managers nor touchpoints: every page opens,
// and those that need what is not there say what it is and how to supply it.
import { check, holds, newPage, serve, settled } from './harness.mjs';
import { pagesOf, tour } from './tour.mjs';

/** What a page has to say of what is not there. */
const LACKING = {
  '/coverage': /needs a column 'coverage' in accounts .* or a source 'touchpoints'/,
  '/territories': /add the source csms \(csm_id, name, capacity_hours\) and csm_id to accounts/,
  '/document/proposal': /add a column 'coverage' to accounts .* or a source 'touchpoints'/,
  '/document/personas': /needs a column use_case in accounts/i,
  '/analysis/persona': /Needs contacts with their role \(source contacts\)/,
  '/analysis/trees': /A column parent_id in accounts would say who is under whom/,
  '/structure?view=churn': /not enough data: \d+ of \d+ accounts churned .* \d+ are needed/i,
  '/tasks': /playbooks cannot run on this data or model/,
  '/data': /CSM touchpoints/,
};

export async function ravenStack(browser, make) {
  const project = make();
  if (!project) {
    console.log('        RavenStack is left out: its data is not there (STRATA_DATA)');
    return;
  }
  const server = await serve(project, []);
  const first = (await (await fetch(`${server.origin}/v1/rows/accounts?limit=1&columns=id`)).json()).rows[0][0];
  /* the browser itself reports an answer of 422 as an error: what the data do not allow */
  const expected = (text) => text.includes('422');
  await tour(browser, server.origin, pagesOf({ account: first, segment: 'Strategic', other: 'Growth', cohort: '2023-Q1', past: '2024-06-30' }),
    { prefix: 'ravenstack-', through: false, expected, ...(process.env.WEB_ALL ? {} : { looks: [[1440, 'light']] }) });
  const { page, wrong, close } = await newPage(browser, { viewport: { width: 1440, height: 900 } }, expected);
  await check('pages say what RavenStack lacks and how to supply it', async () => {
    for (const [url, words] of Object.entries(LACKING)) {
      await page.goto(server.origin + url);
      await settled(page);
      const text = await page.locator('main').innerText();
      holds(words.test(text), `${url} does not say ${words}: ${text.slice(0, 600)}`);
    }
  });
  await check('without --allow-write the workbench says so where something would be saved', async () => {
    await page.goto(`${server.origin}/cohort?cell=2023-Q2:2&every=quarter`);
    await settled(page);
    holds((await page.locator('main').innerText()).includes('--allow-write'), 'the cell of a cohort');
    await page.goto(`${server.origin}/jobs`);
    await settled(page);
    holds(await page.locator('button:has-text("Record a review")').isDisabled(), 'the button is off');
    holds((await page.locator('main').innerText()).includes('--allow-write'), 'the page says why');
  });
  await check('nothing else went wrong on RavenStack', () => holds(wrong.length === 0, wrong.join('\n')));
  await close();
  server.stop();
}
