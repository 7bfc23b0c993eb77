/** A modal dialog over the page: the browser's own, which keeps the focus inside and gives it back. */
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface DialogProps {
  label: string;
  class?: string;
  onCancel: () => void;
  children: ComponentChildren;
  qa?: string;
  alert?: boolean;
}

export function Dialog({ label, class: extra = '', onCancel, children, qa, alert }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog ${extra}`}
      aria-label={label}
      data-qa={qa}
      {...(alert ? { role: 'alertdialog' as const } : {})}
      onCancel={(event) => {
        // The page decides when it is gone; the browser would close it before the app has heard.
        event.preventDefault();
        if (event.target === event.currentTarget) onCancel();
      }}
      onMouseDown={(event) => {
        if (event.target === event.currentTarget && extra.includes('light')) onCancel();
      }}
    >
      {children}
    </dialog>
  );
}
