// SPDX-License-Identifier: Apache-2.0
// The report as one file, in a browser: on a telephone, in the dark, on paper. It asks nobody for anything, says nothing
// on the console, and nothing of it is wider than the page.
//   test_report_page.mjs ROOT BUILD-FOLDER
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, check, findChromium, finish, holds, launch, output } from './harness.mjs';

findChromium();
const folder = path.join(output, 'report-page');
const project = path.join(folder, 'acme');
const page = path.join(folder, 'report.html');

function strata(...args) {
  const r = spawnSync(path.join(build, 'strata'), args, { encoding: 'utf8' });
  holds(r.status === 0, `strata ${args.join(' ')}: ${r.stderr}`);
}

function makeReport() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  strata('synth', project, '--accounts', '500', '--seed', '1', '-q');
  const model = path.join(project, 'strata.yaml');
  writeFileSync(model, readFileSync(model, 'utf8').replace('extends: hybrid', 'extends: [hybrid, rfm]\nprimary: segment'));
  strata('ingest', '-p', project, '-q', '--today', '2026-06-30');
  strata('run', '-p', project, '-q', '--today', '2026-06-30');
  strata('report', '-p', project, '-q', '--today', '2026-06-30', '--output', page);
}

/** The page with all its charts drawn, and what it said and asked for. */
async function open(browser, options, print = false) {
  const context = await browser.newContext(options);
  const tab = await context.newPage();
  const said = [];
  const asked = [];
  tab.on('console', (m) => said.push(`${m.type()}: ${m.text()}`));
  tab.on('pageerror', (e) => said.push(e.message));
  tab.on('request', (r) => asked.push(r.url()));
  if (print) {
    await tab.emulateMedia({ media: 'print' });
  }
  await tab.goto(`file://${page}`);
  await tab.waitForFunction(() => [...document.querySelectorAll('.plot')].every((p) => p.querySelector('svg')), null, { timeout: 30000 });
  return { tab, said, asked, close: () => context.close() };
}

/** What reaches beyond the page, but for what scrolls by itself and tables that are printed on pages on their side. */
const wider = (print) => {
  const { clientWidth, scrollWidth } = document.documentElement;
  const edge = clientWidth + 1;
  const page = scrollWidth > edge && !print ? ['the page'] : [];
  return [...page, ...[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > edge &&
    !e.closest(print ? '.wide' : '.box, .contents')).map((e) => `${e.tagName}.${e.className} '${e.textContent.slice(0, 40)}'`)].slice(0, 5);
};

/** Texts of charts that stand beyond the page, and charts beyond their place. */
const cut = () => [...document.querySelectorAll('.plot')].flatMap((plot) => {
  const edge = document.documentElement.clientWidth;
  const name = plot.dataset.spec;
  const texts = [...plot.querySelectorAll('svg text')].filter((t) => t.textContent && t.getBoundingClientRect().width > 0 && getComputedStyle(t).opacity !== '0')
    .filter((t) => t.getBoundingClientRect().right > Math.min(edge, plot.querySelector('svg').getBoundingClientRect().right + 1) || t.getBoundingClientRect().left < -1)
    .map((t) => `${name}: '${t.textContent}' is cut`);
  const svg = plot.querySelector('svg').getBoundingClientRect();
  return svg.right > edge + 1 ? [...texts, `${name} is ${Math.round(svg.right - edge)} px too wide`] : texts;
});

makeReport();
const browser = await launch();
const looks = [
  ['at 390 px', { viewport: { width: 390, height: 844 } }],
  ['at 390 px in the dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
  ['at 1440 px', { viewport: { width: 1440, height: 900 } }],
  ['on paper', { viewport: { width: 718, height: 1000 } }, true], // A4 less its margins
];
for (const [name, options, print] of looks) {
  const { tab, said, asked, close } = await open(browser, options, print);
  await check(`the report ${name} is as wide as the page`, async () => {
    const beyond = await tab.evaluate(wider, Boolean(print));
    holds(beyond.length === 0, `beyond the page: ${beyond.join('; ')}`);
    const found = await tab.evaluate(cut);
    holds(found.length === 0, found.join('\n'));
  });
  await check(`the report ${name} says nothing on the console and asks for nothing but itself`, async () => {
    holds(said.length === 0, said.join('\n'));
    holds(asked.length === 1, asked.join('\n'));
  });
  await check(`the report ${name} has its charts`, async () => {
    const drawn = await tab.evaluate(() => [...document.querySelectorAll('.plot')].filter((p) => p.querySelector('svg').getBoundingClientRect().height > 40).length);
    holds(drawn >= 15, `${drawn} charts are drawn`);
    const failed = await tab.evaluate(() => [...document.querySelectorAll('.plot')].some((p) => p.textContent.includes('could not be drawn')));
    holds(!failed, 'a chart could not be drawn');
  });
  if (print) {
    await check('printed, every chart is on a page and no page is empty', async () => {
      const pdf = await tab.pdf({ format: 'A4' });
      const pages = (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length;
      holds(pages > 5 && pages < 60, `${pages} pages`);
    });
  }
  await close();
}
await browser.close();
finish();
