// SPDX-License-Identifier: Apache-2.0
// A small window beside the button that opens it; Escape, a click elsewhere or another page closes it.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface WindowProps {
  /** what it stands beside, and where the focus goes back to */
  anchor: () => HTMLElement | null | undefined;
  id?: string;
  name: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Window({ anchor, id, name, onClose, children }: WindowProps) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const at = anchor()?.getBoundingClientRect();
    const win = box.current;
    if (!at || !win) {
      return undefined;
    }
    const below = at.bottom + 8 + win.offsetHeight < window.innerHeight;
    win.style.left = `${Math.max(16, Math.min(at.left, window.innerWidth - win.offsetWidth - 16))}px`;
    win.style.top = `${Math.max(8, below ? at.bottom + 8 : at.top - 8 - win.offsetHeight)}px`;
    win.focus({ preventScroll: true });
    // Before the next key can come: with useEffect() one that is pressed at once would be lost.
    const key = (e: KeyboardEvent) => {
      if (e.key === 'Escape') {
        e.stopPropagation();
        onClose();
        anchor()?.focus();
      }
    };
    const press = (e: PointerEvent) => {
      const t = e.target as Node;
      if (!win.contains(t) && !anchor()?.contains(t)) {
        onClose();
      }
    };
    document.addEventListener('keydown', key);
    document.addEventListener('pointerdown', press);
    window.addEventListener('resize', onClose);
    window.addEventListener('scroll', onClose, { passive: true });
    return () => {
      document.removeEventListener('keydown', key);
      document.removeEventListener('pointerdown', press);
      window.removeEventListener('resize', onClose);
      window.removeEventListener('scroll', onClose);
    };
  }, []);
  return <div class="popover" id={id} role="dialog" aria-label={name} tabIndex={-1} ref={box}>{children}</div>;
}

interface Props {
  label: ComponentChildren;
  name: string;
  class?: string;
  children: () => ComponentChildren;
}

export function Popover({ label, name, class: className, children }: Props) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  return (
    <>
      <button type="button" class={className} ref={button} aria-expanded={open} aria-haspopup="dialog"
        aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>{label}</button>
      {open && <Window anchor={() => button.current} id={id} name={name} onClose={() => setOpen(false)}>{children()}</Window>}
    </>
  );
}
