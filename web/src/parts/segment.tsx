// SPDX-License-Identifier: Apache-2.0
// A segment by its name and its colour, which it keeps wherever it appears.
import { segmentColour, useWorld } from '../data/project';
import { href } from '../router';

export function SegmentDot({ name, dimension }: { name: string; dimension?: string }) {
  const { project } = useWorld();
  const colour = segmentColour(project, name, dimension);
  return colour ? <span class="dot" style={{ background: colour }} aria-hidden="true" /> : null;
}

export function SegmentName({ name, dimension, link }: { name: string; dimension?: string; link?: boolean }) {
  const text = <><SegmentDot name={name} dimension={dimension} />{name}</>;
  return link ? <a class="segment" href={href('/segment', { name, dimension })}>{text}</a> : <span class="segment">{text}</span>;
}
