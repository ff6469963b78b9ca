// SPDX-License-Identifier: Apache-2.0
// A series in a line of text: its shape, with the last value marked. Gaps stay gaps.
export function Spark({ values, width = 88, height = 22 }: { values: (number | null)[]; width?: number; height?: number }) {
  const known = values.filter((v): v is number => v !== null);
  if (known.length === 0) {
    return <span class="none">{'\u2013'}</span>;
  }
  const low = Math.min(...known);
  const high = Math.max(...known);
  const x = (i: number) => 3 + (i / Math.max(1, values.length - 1)) * (width - 6);
  const y = (v: number) => (high > low ? height - 3 - ((v - low) / (high - low)) * (height - 6) : height / 2);
  let path = '';
  values.forEach((v, i) => {
    if (v !== null) {
      path += `${i === 0 || values[i - 1] == null ? 'M' : 'L'}${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
    }
  });
  const last = values.length - 1;
  const end = values[last];
  return (
    <svg class="spark" width={width} height={height} role="img"
      aria-label={`from ${known[0]} to ${known[known.length - 1]}, between ${low} and ${high}`}>
      <path d={path} />
      {end !== null && end !== undefined && <circle cx={x(last)} cy={y(end)} r="2.2" />}
    </svg>
  );
}
