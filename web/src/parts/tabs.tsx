// SPDX-License-Identifier: Apache-2.0
// Choices of which one holds: views of a page (links in the URL), and switches (radio groups).
import { useId } from 'preact/hooks';
import { href } from '../router';

export function Tabs({ path, param, tabs, now, label }: {
  path: string; param: string; tabs: readonly (readonly [string, string])[]; now: string; label: string;
}) {
  const first = tabs[0]?.[0];
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(([id, text]) => (
        <a key={id} href={href(path, { [param]: id === first ? null : id })} aria-current={id === now ? 'page' : undefined}>{text}</a>
      ))}
    </nav>
  );
}

export function Switch({ label, options, value, onChange }: {
  label: string; options: readonly (readonly [string, string])[]; value: string; onChange: (v: string) => void;
}) {
  const name = useId();
  return (
    <fieldset class="switch">
      <legend>{label}</legend>
      {options.map(([id, text]) => (
        <label key={id} class={id === value ? 'on' : undefined}>
          <input type="radio" name={name} value={id} checked={id === value} onChange={() => onChange(id)} />{text}
        </label>
      ))}
    </fieldset>
  );
}
