/** Everything one presses: buttons, links as buttons, overflow menus, feedback and icon buttons. */
import type { Button, FeedbackButtons, IconButton, Overflow, WorkflowButton } from '@slack/types';
import { Icon, type IconName, isIcon } from '../icons.tsx';
import { MenuButton } from '../menu.tsx';
import { useMe } from '../state/page-store.ts';
import { plainOf } from '../text/text-view.tsx';
import { useAct, useAround } from './surface.ts';

const STYLES = { primary: 'btn btn-primary', danger: 'btn btn-danger' } as const;

function hooksOf(element: { action_id?: string }, blockId: string) {
  return { 'data-action-id': element.action_id ?? '', 'data-block-id': blockId };
}

export function ButtonView({ element }: { element: Button | WorkflowButton }) {
  const { busy, run } = useAct(element);
  const { blockId } = useAround();
  const look = element.style ? STYLES[element.style] : 'btn';
  const label = element.accessibility_label ? { 'aria-label': element.accessibility_label } : {};
  const url = element.type === 'button' ? element.url : undefined;
  if (url && /^https?:/i.test(url)) {
    return (
      <a
        class={look}
        href={url}
        target="_blank"
        rel="noopener noreferrer"
        onClick={() => void run()}
        {...label}
        {...hooksOf(element, blockId)}
      >
        {plainOf(element.text)} <Icon name="out" size={14} />
      </a>
    );
  }
  return (
    <button
      type="button"
      class={look}
      aria-busy={busy}
      onClick={() => void run()}
      {...label}
      {...hooksOf(element, blockId)}
    >
      {plainOf(element.text)}
    </button>
  );
}

export function OverflowView({ element }: { element: Overflow }) {
  const { busy, run } = useAct(element);
  const { blockId } = useAround();
  const items = element.options.map((option, index) => ({
    key: `${index}`,
    label: plainOf(option.text),
    value: option.value ?? '',
    ...(option.description ? { detail: plainOf(option.description) } : {}),
    run: () => {
      if (option.url && /^https?:/i.test(option.url)) window.open(option.url, '_blank', 'noopener');
      void run(option.value ?? '');
    },
  }));
  return (
    <MenuButton
      label="More actions"
      items={items}
      class="btn btn-icon"
      busy={busy}
      hooks={hooksOf(element, blockId)}
    >
      <Icon name="dots" />
    </MenuButton>
  );
}

export function FeedbackView({ element }: { element: FeedbackButtons }) {
  const { busy, run } = useAct(element);
  const { blockId } = useAround();
  const sides = [
    { button: element.positive_button, icon: 'up' },
    { button: element.negative_button, icon: 'thumbsDown' },
  ] as const;
  return (
    <span class="feedback" role="group" aria-label="Feedback" {...hooksOf(element, blockId)}>
      {sides.map(({ button, icon }) => (
        <button
          type="button"
          class="icon-btn"
          key={icon}
          aria-label={button.accessibility_label ?? plainOf(button.text)}
          aria-busy={busy}
          title={plainOf(button.text)}
          data-value={button.value}
          onClick={() => void run(button.value)}
        >
          <Icon name={icon} />
        </button>
      ))}
    </span>
  );
}

export function IconButtonView({ element }: { element: IconButton }) {
  const { busy, run } = useAct(element);
  const { blockId } = useAround();
  const me = useMe();
  const only = element.visible_to_user_ids;
  if (only && me && !only.includes(me.id)) return null;
  const icon: IconName = isIcon(element.icon) ? element.icon : 'circle';
  return (
    <button
      type="button"
      class="icon-btn with-text"
      aria-label={element.accessibility_label ?? plainOf(element.text)}
      aria-busy={busy}
      onClick={() => void run(element.value)}
      {...hooksOf(element, blockId)}
    >
      <Icon name={icon} size={16} /> {plainOf(element.text)}
    </button>
  );
}
