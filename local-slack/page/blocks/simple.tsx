/** The plain blocks: header, divider, actions, context, context actions, rich text, markdown, alert. */
import type {
  ActionsBlock,
  AlertBlock,
  ContextActionsBlock,
  ContextBlock,
  HeaderBlock,
  MarkdownBlock,
  RichTextBlock,
} from '@slack/types';
import { Icon, type IconName } from '../icons.tsx';
import { Markdown } from '../text/markdown-view.tsx';
import { RichText } from '../text/rich-text-view.tsx';
import { plainOf, Text } from '../text/text-view.tsx';
import { ElementView } from './element.tsx';
import { SmallImage } from './media.tsx';

export function HeaderView({ block }: { block: HeaderBlock }) {
  const level = (block as { level?: number }).level;
  return (
    <div class={`header-block${level ? ` header-${level}` : ''}`} role="heading" aria-level={3}>
      {plainOf(block.text)}
    </div>
  );
}

export function DividerView() {
  return <hr class="divider-block" />;
}

export function ActionsView({ block }: { block: ActionsBlock }) {
  return (
    <div class="actions-block">
      {block.elements.map((element, index) => (
        <ElementView key={element.action_id ?? index} element={element} />
      ))}
    </div>
  );
}

export function ContextView({ block }: { block: ContextBlock }) {
  return (
    <div class="context-block">
      {block.elements.map((element, index) =>
        element.type === 'image' ? (
          <SmallImage key={index} image={element} />
        ) : (
          <Text key={index} text={element} />
        ),
      )}
    </div>
  );
}

export function ContextActionsView({ block }: { block: ContextActionsBlock }) {
  return (
    <div class="context-actions">
      {block.elements.map((element, index) => (
        <ElementView key={element.action_id ?? index} element={element} />
      ))}
    </div>
  );
}

export function RichTextView({ block }: { block: RichTextBlock }) {
  return <RichText block={block} />;
}

export function MarkdownView({ block }: { block: MarkdownBlock }) {
  return <Markdown text={block.text} />;
}

const ALERTS: Record<NonNullable<AlertBlock['level']>, { icon: IconName; word: string }> = {
  default: { icon: 'info', word: 'Note' },
  info: { icon: 'info', word: 'Information' },
  warning: { icon: 'warning', word: 'Warning' },
  error: { icon: 'error', word: 'Error' },
  success: { icon: 'check', word: 'Success' },
};

export function AlertView({ block }: { block: AlertBlock }) {
  const level = block.level ?? 'default';
  const { icon, word } = ALERTS[level] ?? ALERTS.default;
  return (
    <div class={`alert-block alert-${level}`} role="note" aria-label={word}>
      <Icon name={icon} size={20} />
      <Text text={block.text} />
    </div>
  );
}
