// SPDX-License-Identifier: Apache-2.0
// The workbench in a browser: every page of an invented portfolio and of RavenStack (where its data is), and what
// readers do on them. One browser and one server for each portfolio.
//   test_workbench.mjs ROOT BUILD-FOLDER
import { actions } from './actions.mjs';
import { begin } from './begin.mjs';
import { changes } from './changes.mjs';
import { finish, findChromium, launch, makeProject, makeRavenStack, makeUnread, serve } from './harness.mjs';
import { ravenStack } from './ravenstack.mjs';
import { pagesOf, tour } from './tour.mjs';

findChromium();
const start = Date.now();
const [browser, acme] = await Promise.all([launch(), serve(makeProject(300))]);
const first = (await (await fetch(`${acme.origin}/v1/rows/accounts?limit=1&columns=id`)).json()).rows[0][0];

const phases = {
  tour: () => tour(browser, acme.origin, pagesOf({ account: first, segment: 'Steady', other: 'Champions', cohort: '2025-Q1', past: '2025-12-31' })),
  ravenstack: () => ravenStack(browser, makeRavenStack),
  begin: () => begin(browser, makeUnread(200)),
  actions: () => actions(browser, acme.origin),
  changes: () => changes(browser, acme.origin),
};
const only = process.env.WEB_ONLY?.split(',');
for (const [name, run] of Object.entries(phases)) {
  if (!only || only.includes(name)) {
    const begun = Date.now();
    await run();
    console.log(`        ${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  }
}
console.log(`        all: ${((Date.now() - start) / 1000).toFixed(1)} s`);
await browser.close();
acme.stop();
finish();
