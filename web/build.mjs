// SPDX-License-Identifier: Apache-2.0
// Bundles the workbench: build.mjs SOURCE-FOLDER OUTPUT-FOLDER [DEPFILE]. Two scripts, since the charts'
// runtime is larger than all else and loads beside the first data; style sheet, page and icon.
import { copyFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [source, output] = process.argv.slice(2, 4).map((p) => path.resolve(p));
const depfile = process.argv[4];
const { buildSync } = createRequire(path.join(source, '..', 'package.json'))('esbuild');

const { metafile } = buildSync({
  absWorkingDir: path.dirname(source),
  entryPoints: {
    app: path.join(source, 'src/main.tsx'),
    charts: path.join(source, 'src/charts/draw.ts'),
  },
  outdir: output,
  bundle: true,
  minify: true,
  metafile: true,
  format: 'esm',
  target: ['chrome109', 'firefox115', 'safari16'],
  external: ['/charts.js'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
});
const pages = ['index.html', 'icon.svg'];
for (const name of pages) {
  copyFileSync(path.join(source, name), path.join(output, name));
}
if (depfile) {
  const inputs = [...Object.keys(metafile.inputs).map((p) => path.join(path.dirname(source), p)), ...pages.map((p) => path.join(source, p))];
  writeFileSync(depfile, `${path.join(process.argv[3], 'app.js')}: ${inputs.map((p) => p.replaceAll(' ', '\\ ')).join(' ')}\n`);
}
