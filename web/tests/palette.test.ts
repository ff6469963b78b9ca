// SPDX-License-Identifier: Apache-2.0
// The tokens of the style sheet, as people with a colour vision deficiency see them: segments keep apart, scales keep
// their order, texts their contrast; in light and in the dark.
//
// Simulation: Machado, Oliveira and Fernandes (2009), "A Physiologically-based Model for Simulation of Color Vision
// Deficiency", severity 1.0, on linear RGB. Difference: CIE 1976 L*a*b*. Contrast: WCAG 2.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { dimensionOf, segmentColour, type Project } from '../src/data/project';

type Rgb = [number, number, number];
type Matrix = [Rgb, Rgb, Rgb];

const SEEN: Record<string, Matrix> = {
  normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
};

const linear = (hex: string): Rgb => [1, 3, 5].map((at) => {
  const v = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}) as Rgb;

const times = (m: Matrix, c: Rgb): Rgb => m.map((row) => Math.min(1, Math.max(0, row[0] * c[0] + row[1] * c[1] + row[2] * c[2]))) as Rgb;
const luminance = (c: Rgb): number => 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];

function lab(c: Rgb): Rgb {
  const f = (t: number) => (t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 * t + 16) / 116);
  const x = f((0.4124564 * c[0] + 0.3575761 * c[1] + 0.1804375 * c[2]) / 0.95047);
  const y = f(0.2126729 * c[0] + 0.7151522 * c[1] + 0.072175 * c[2]);
  const z = f((0.0193339 * c[0] + 0.119192 * c[1] + 0.9503041 * c[2]) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}
const difference = (a: Rgb, b: Rgb): number => Math.hypot(...lab(a).map((v, i) => v - (lab(b)[i] as number)));
const contrast = (a: string, b: string): number => {
  const [x, y] = [luminance(linear(a)), luminance(linear(b))];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};

const css = readFileSync(path.join(process.env.STRATA_ROOT ?? '..', 'assets/report.css'), 'utf8');
function tokens(block: string): Record<string, string> {
  return Object.fromEntries([...block.matchAll(/--([a-z0-9-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]])) as Record<string, string>;
}
const light = tokens(css.slice(css.indexOf(':root'), css.indexOf('@media')));
const dark = { ...light, ...tokens(css.slice(css.indexOf('prefers-color-scheme: dark'), css.indexOf('*, *::before'))) };
const SCHEMES = { light, dark };

/** A model has six segments or fewer, or is warned about; the colours after them repeat no name beside the first six. */
const SEGMENTS = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'];

for (const [scheme, token] of Object.entries(SCHEMES)) {
  for (const [eyes, matrix] of Object.entries(SEEN)) {
    test(`${scheme}: six segments keep apart with ${eyes}`, () => {
      for (const a of SEGMENTS) {
        for (const b of SEGMENTS.filter((x) => x > a)) {
          const d = difference(times(matrix, linear(token[a] as string)), times(matrix, linear(token[b] as string)));
          if (process.env.SHOW) { console.log(scheme, eyes, a, b, d.toFixed(1)); }
          assert.ok(d >= 12, `${a} and ${b} differ by ${d.toFixed(1)}`);
        }
      }
    });
    test(`${scheme}: the scale of shades keeps its order with ${eyes}`, () => {
      const seen = Array.from({ length: 9 }, (_, i) => luminance(times(matrix, linear(token[`s${i}`] as string))));
      const sign = Math.sign((seen[8] as number) - (seen[0] as number));
      for (let i = 1; i < 9; i++) {
        assert.ok(sign * ((seen[i] as number) - (seen[i - 1] as number)) > 0, `s${i} is no step on from s${i - 1}`);
      }
    });
  }
  test(`${scheme}: texts have the contrast of WCAG AA`, () => {
    for (const text of ['ink', 'muted', 'accent', 'warn']) {
      for (const ground of ['paper', 'soft', 'hover']) {
        const c = contrast(token[text] as string, token[ground] as string);
        assert.ok(c >= 4.5, `${text} on ${ground}: ${c.toFixed(2)}`);
      }
    }
    for (let i = 0; i < 9; i++) {
      const best = Math.max(contrast(token['on-light'] as string, token[`s${i}`] as string), contrast(token['on-dark'] as string, token[`s${i}`] as string));
      assert.ok(best >= 4.5, `no text on s${i} has 4.5: ${best.toFixed(2)}`);
    }
  });
}

test('a segment has the colour of its dimension, whose name other dimensions may have too', () => {
  const project: Project = { name: '', currency: 'USD', last_day: '', dimensions: [
    { name: 'segment', label: 'Segment', primary: true, segments: ['Champions', 'Steady'] },
    { name: 'value', label: 'Value tier', segments: ['Strategic', 'Growth', 'Core'] },
    { name: 'lifecycle', label: 'Lifecycle stage', segments: ['At-risk', 'Onboarding', 'Growth', 'Mature'] },
    { name: 'risk', label: 'Risk class', segments: ['Critical', 'At-risk', 'Champions'] },
  ] };
  assert.equal(dimensionOf(['At-risk', 'Onboarding', 'Growth', 'Mature', null], project), 'lifecycle');
  assert.equal(dimensionOf(['Growth', 'Core'], project), 'value');
  assert.equal(dimensionOf(['Champions'], project), 'segment', 'the primary one among equals');
  assert.equal(dimensionOf(['elsewhere', 5, null], project), undefined);
  assert.equal(segmentColour(project, 'Growth', 'lifecycle'), 'var(--c2)');
  assert.equal(segmentColour(project, 'Champions', 'Risk class'), 'var(--c2)', 'by its label too');
});
