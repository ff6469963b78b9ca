// SPDX-License-Identifier: Apache-2.0
// What changes the project or takes long: the model applied, a cell of a cohort kept as a segment, jobs ordered, followed
// and cancelled.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { axeFinds, becomes, check, holds, newPage, output, settled, shots } from './harness.mjs';

export async function changes(browser, origin) {
  const { page, wrong, close } = await newPage(browser, { viewport: { width: 1440, height: 900 }, acceptDownloads: true }, (text) => /4[12]2/.test(text));
  const open = async (url) => {
    await page.goto(origin + url);
    await settled(page);
  };
  const model = async () => (await fetch(`${origin}/v1/model`)).json();

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
    holds((await model()).text === text, 'planning saves nothing');
    await page.click('text=Apply: save strata.yaml');
    await page.waitForSelector('text=Applied.');
    holds((await model()).text.includes('arr > 20k'), 'the file has it');
    await editor.fill(text);
    await page.waitForSelector('.problems .error', { state: 'detached', timeout: 15000 });
    await page.click('text=Plan: who would move?');
    await page.waitForFunction(() => document.querySelector('#plan') && document.querySelector('.plan .button.strong'));
    await page.click('text=Apply: save strata.yaml');
    await page.waitForSelector('text=Applied.');
    holds((await model()).text === text, 'and is as it was');
  });

  await check('dragged thresholds are shown as a change of the model file, saved, and never over what somebody else wrote', async () => {
    const put = async (text) => fetch(`${origin}/v1/model`, { method: 'PUT', headers: { 'If-Match': (await model()).digest }, body: text });
    const { text } = await model();
    await open('/model?view=whatif&what=value&edge=value.arr');
    const show = page.locator('button:text-is("Show the change of strata.yaml")');
    holds(await show.isDisabled(), 'nothing has moved');
    await page.locator('.edge-input').nth(1).fill('20000');
    await page.keyboard.press('Tab');
    const said = await page.locator('.whatif [role=status]').first().innerText();
    await show.click();
    await page.waitForSelector('.diff-line.after');
    const lines = await page.locator('.diff').innerText();
    holds(/arr >= 20k/.test(lines) && /taken over from template value/.test(lines), lines);
    holds((await page.locator('.apply .note.warning').innerText()).includes('ARR from 15k to 50k'), 'words that may no longer hold');
    for (const [width, colorScheme] of [[390, 'dark'], [1440, 'light']]) {
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.locator('#apply').scrollIntoViewIfNeeded();
      await page.evaluate(() => document.querySelector('#apply').scrollIntoView());
      await page.screenshot({ path: path.join(shots, `whatif-change-${width}-${colorScheme}.png`) });
      holds(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth) <= 1, `at ${width} it runs out of the window`);
    }
    holds((await model()).text === text, 'looking saves nothing');
    await page.click('.apply >> text=Plan: who would move?');
    await page.waitForSelector('.apply section h2', { timeout: 30000 });
    await put(`${text}# somebody else\n`);
    await page.click('text=Save strata.yaml');
    await page.waitForSelector('text=Not saved: somebody else has changed strata.yaml since.');
    holds((await model()).text === `${text}# somebody else\n`, 'what they wrote is there');
    await page.click('button:text-is("Look at the change again")');
    await page.waitForSelector('.apply .failure', { state: 'detached' });
    await page.click('text=Save strata.yaml');
    await page.waitForSelector('text=Saved.');
    const saved = (await model()).text;
    holds(saved.startsWith(`${text}# somebody else\n`) && /when: arr >= 20k\n/.test(saved), 'both changes are there');
    await page.click('text=Go on from the new thresholds');
    await becomes(async () => await page.locator('.edge-input').nth(1).inputValue() === '20000' && (await page.locator('.whatif [role=status]').first().innerText()).includes('where they are now'), 'it begins where the model stands');
    const found = await axeFinds(page);
    holds(found.length === 0, `axe-core: ${found.join('; ')}`);
    holds(/would move/.test(said), said);
    await put(text);
  });

  await check('a cell of a cohort becomes a segment by a click', async () => {
    await open('/cohorts?every=year');
    await page.locator('.cell-door').nth(1).click();
    await page.click('[role=dialog] >> text=Keep as a segment');
    await page.waitForFunction(() => location.pathname === '/cohort' && document.querySelector('h1 + .facts'));
    await settled(page);
    const name = await page.inputValue('.choice input');
    await page.click('button:text-is("Save")');
    await page.waitForSelector('text=Saved.', { timeout: 30000 });
    await page.click('text=Its accounts');
    await page.waitForFunction((n) => location.pathname === '/accounts' && document.querySelector('h1').innerText.includes(`where ${n} = Saved`) && document.querySelector('.grid-row a'), name);
    holds(!(await page.locator('h1').innerText()).startsWith('0 '), 'it has accounts');
    holds((await model()).text.includes(`saved/${name}.yaml`), 'the model names it');
  });

  await check('a job is ordered, followed to its end, and its result taken along', async () => {
    await open('/jobs');
    await page.click('text=Find groups');
    await page.waitForSelector('.job:first-child.done:has(strong:text-is("cluster"))', { timeout: 60000 });
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('.job:first-child .button').click()]);
    const saved = path.join(output, 'groups.json');
    await file.saveAs(saved);
    holds(JSON.parse(readFileSync(saved, 'utf8')).document.kind.startsWith('cluster'), 'it is the document of strata cluster');
  });

  await check('a job is cancelled, and one that fails says why', async () => {
    await page.click('text=Learn who churns');
    await page.waitForSelector('.job:first-child:has(strong:text-is("predict"))');
    await page.click('text=Record past reviews');
    await page.locator('.job:has(strong:text-is("backfill")) .button:has-text("Cancel")').click();
    await page.waitForSelector('.job.cancelled', { timeout: 60000 });
    await fetch(`${origin}/v1/jobs/explain`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"account": "nobody"}' });
    await open('/jobs');
    await page.waitForSelector('.job:first-child.failed', { timeout: 60000 });
    holds((await page.locator('.job:first-child').innerText()).includes('nobody'), 'it names the account');
  });

  await check('nothing else went wrong on the way of changes', () => holds(wrong.length === 0, wrong.join('\n')));
  await close();
}
