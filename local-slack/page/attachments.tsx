/** What hangs on a message beside its blocks: legacy attachments and reactions. */
import type { Block, Message } from '../protocol.ts';
import { Blocks } from './blocks/block.tsx';
import { useDirectory } from './state/page-store.ts';
import { Emoji, Mrkdwn, OutLink } from './text/text-view.tsx';

interface Attachment {
  color?: string;
  pretext?: string;
  title?: string;
  title_link?: string;
  text?: string;
  fallback?: string;
  footer?: string;
  fields?: { title?: string; value?: string }[];
  blocks?: Block[];
}

const NAMED: Record<string, string> = { good: 'var(--good)', warning: 'var(--warn)', danger: 'var(--bad)' };

function colorOf(color: string | undefined): string {
  if (color === undefined) return 'var(--line-strong)';
  return (
    NAMED[color] ?? (/^#?[0-9a-f]{6}$/i.test(color) ? `#${color.replace('#', '')}` : 'var(--line-strong)')
  );
}

function AttachmentView({ attachment }: { attachment: Attachment }) {
  const empty = !attachment.text && !attachment.title && !attachment.blocks && !attachment.fields;
  return (
    <div class="attachment" style={{ borderInlineStartColor: colorOf(attachment.color) }}>
      {attachment.pretext && <Mrkdwn text={attachment.pretext} />}
      {attachment.title && (
        <strong>
          {attachment.title_link ? (
            <OutLink url={attachment.title_link}>{attachment.title}</OutLink>
          ) : (
            attachment.title
          )}
        </strong>
      )}
      {attachment.text && <Mrkdwn text={attachment.text} />}
      {attachment.fields && (
        <div class="fields">
          {attachment.fields.map((field, index) => (
            <div key={index}>
              <strong>{field.title}</strong>
              <Mrkdwn text={field.value ?? ''} />
            </div>
          ))}
        </div>
      )}
      {attachment.blocks && <Blocks blocks={attachment.blocks} />}
      {attachment.footer && <small>{attachment.footer}</small>}
      {empty && attachment.fallback && <Mrkdwn text={attachment.fallback} />}
    </div>
  );
}

export function Attachments({ attachments }: { attachments: Record<string, unknown>[] }) {
  return (
    <>
      {attachments.map((attachment, index) => (
        <AttachmentView key={index} attachment={attachment as Attachment} />
      ))}
    </>
  );
}

export function Reactions({ reactions }: { reactions: NonNullable<Message['reactions']> }) {
  const { person } = useDirectory();
  return (
    <div class="reactions">
      {reactions.map(({ name, users, count }) => (
        <span class="reaction" key={name} title={users.map((id) => person(id)?.real_name ?? id).join(', ')}>
          <Emoji name={name} /> {count}
        </span>
      ))}
    </div>
  );
}
