// SPDX-License-Identifier: Apache-2.0
// Bundles the unit tests and runs them with Node's own runner: run.mjs ROOT BUILD-FOLDER
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [root, output] = process.argv.slice(2).map((p) => path.resolve(p));
const { buildSync } = createRequire(path.join(root, 'package.json'))('esbuild');
const tests = path.join(root, 'web/tests');
const names = readdirSync(tests).filter((n) => /\.test\.tsx?$/.test(n));
buildSync({
  entryPoints: names.map((n) => path.join(tests, n)),
  outdir: output,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  logLevel: 'warning',
});
const files = names.map((n) => path.join(output, n.replace(/\.tsx?$/, '.mjs')));
const run = spawnSync(process.execPath, ['--test', ...files], { encoding: 'utf8', env: { ...process.env, STRATA_ROOT: root } });
process.stdout.write(run.stdout + run.stderr);
const number = (what) => new RegExp(`^# ${what} (\\d+)$`, 'm').exec(run.stdout)?.[1] ?? '0';
console.log(`${number('pass')} passed, ${number('fail')} failed`);
process.exit(run.status ?? 1);
