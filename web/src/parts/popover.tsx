// SPDX-License-Identifier: Apache-2.0
// A small window beside the button that opens it; Escape, a click elsewhere or another page closes it.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props {
  label: ComponentChildren;
  name: string;
  class?: string;
  children: () => ComponentChildren;
}

export function Popover({ label, name, class: className, children }: Props) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const close = (focus: boolean) => {
    setOpen(false);
    if (focus) {
      button.current?.focus();
    }
  };
  useLayoutEffect(() => {
    const at = button.current?.getBoundingClientRect();
    const win = box.current;
    if (!open || !at || !win) {
      return;
    }
    const below = at.bottom + 8 + win.offsetHeight < window.innerHeight;
    win.style.left = `${Math.max(16, Math.min(at.left, window.innerWidth - win.offsetWidth - 16))}px`;
    win.style.top = `${Math.max(8, below ? at.bottom + 8 : at.top - 8 - win.offsetHeight)}px`;
    win.focus({ preventScroll: true });
  }, [open]);
  // Before the next key can come: with useEffect() one that is pressed at once would be lost.
  useLayoutEffect(() => {
    if (!open) {
      return undefined;
    }
    const key = (e: KeyboardEvent) => {
      if (e.key === 'Escape') {
        e.stopPropagation();
        close(true);
      }
    };
    const press = (e: PointerEvent) => {
      const t = e.target as Node;
      if (!box.current?.contains(t) && !button.current?.contains(t)) {
        close(false);
      }
    };
    const moved = () => close(false);
    document.addEventListener('keydown', key);
    document.addEventListener('pointerdown', press);
    window.addEventListener('resize', moved);
    window.addEventListener('scroll', moved, { passive: true });
    return () => {
      document.removeEventListener('keydown', key);
      document.removeEventListener('pointerdown', press);
      window.removeEventListener('resize', moved);
      window.removeEventListener('scroll', moved);
    };
  }, [open]);
  return (
    <>
      <button type="button" class={className} ref={button} aria-expanded={open} aria-haspopup="dialog"
        aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>{label}</button>
      {open && (
        <div class="popover" id={id} role="dialog" aria-label={name} tabIndex={-1} ref={box}>{children()}</div>
      )}
    </>
  );
}
