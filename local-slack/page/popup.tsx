/** A list or menu that floats over everything next to what opened it, dialogs included. */
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

export interface PopupProps {
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  children: ComponentChildren;
  class?: string;
  /** Which edge of the anchor it lines up with. */
  align?: 'start' | 'end';
  /** Where it goes when both sides have room. */
  side?: 'below' | 'above';
  /** At least as wide as the anchor. */
  match?: boolean;
}

const GAP = 4;
const EDGE = 8;

function place(box: HTMLElement, anchor: HTMLElement, { align, side, match }: PopupProps): void {
  const at = anchor.getBoundingClientRect();
  if (match) box.style.minWidth = `${at.width}px`;
  box.style.maxHeight = '';
  const below = window.innerHeight - at.bottom - GAP - EDGE;
  const above = at.top - GAP - EDGE;
  const wanted = Math.min(box.scrollHeight + 2, 340);
  const goesUp =
    side === 'above' ? above >= Math.min(wanted, 160) || above > below : below < wanted && above > below;
  const height = Math.min(wanted, goesUp ? above : below);
  box.style.maxHeight = `${Math.max(height, 80)}px`;
  const width = box.offsetWidth;
  const left = align === 'end' ? at.right - width : at.left;
  box.style.left = `${Math.max(EDGE, Math.min(left, window.innerWidth - width - EDGE))}px`;
  box.style.top = goesUp ? `${at.top - GAP - box.offsetHeight}px` : `${at.bottom + GAP}px`;
}

export function Popup(props: PopupProps) {
  const { anchor, onClose, children, class: extra = '' } = props;
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box || !anchor.current) return;
    if (!box.matches(':popover-open')) box.showPopover();
    place(box, anchor.current, props);
  });
  useEffect(() => {
    const again = () => {
      if (ref.current && anchor.current) place(ref.current, anchor.current, props);
    };
    const outside = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!ref.current?.contains(target) && !anchor.current?.contains(target)) onClose();
    };
    window.addEventListener('resize', again);
    window.addEventListener('scroll', again, true);
    document.addEventListener('pointerdown', outside, true);
    return () => {
      window.removeEventListener('resize', again);
      window.removeEventListener('scroll', again, true);
      document.removeEventListener('pointerdown', outside, true);
    };
  }, [onClose]);
  return (
    <div ref={ref} popover="manual" class={`popup ${extra}`}>
      {children}
    </div>
  );
}
