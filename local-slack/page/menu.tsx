/** A button that opens a menu of actions, by the keyboard patterns of ARIA's menu button. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Popup } from './popup.tsx';

export interface MenuItem {
  key: string;
  label: string;
  detail?: string;
  value?: string;
  run: () => void;
}

export interface MenuProps {
  label: string;
  items: MenuItem[];
  class?: string;
  children: ComponentChildren;
  busy?: boolean;
  hooks?: Record<string, string>;
}

function Items({ items, close }: { items: MenuItem[]; close: (refocus: boolean) => void }) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus(), []);
  const move = (event: KeyboardEvent) => {
    const all = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: all.length - 1,
    };
    const next = steps[event.key];
    if (next !== undefined) all.at(next % all.length)?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') close(event.key === 'Escape');
    else return;
    if (event.key !== 'Tab') event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={list} role="menu" onKeyDown={move} class="menu">
      {items.map((item) => (
        <button
          type="button"
          role="menuitem"
          tabIndex={-1}
          class="menu-item"
          key={item.key}
          data-value={item.value}
          onClick={() => {
            close(true);
            item.run();
          }}
        >
          <span>{item.label}</span>
          {item.detail && <small>{item.detail}</small>}
        </button>
      ))}
    </div>
  );
}

export function MenuButton({ label, items, class: extra = 'icon-btn', children, busy, hooks }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (refocus: boolean) => {
    setOpen(false);
    if (refocus) button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        class={extra}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-busy={busy}
        title={label}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowDown') return;
          event.preventDefault();
          setOpen(true);
        }}
        {...hooks}
      >
        {children}
      </button>
      {open && (
        <Popup anchor={button} onClose={() => close(false)} align="end">
          <Items items={items} close={close} />
        </Popup>
      )}
    </>
  );
}
