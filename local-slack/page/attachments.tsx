/** What hangs on a message beside its blocks: legacy attachments and reactions. */
import type { Block, Message } from '../protocol.ts';
import { Blocks } from './blocks/block.tsx';
import { useDirectory } from './state/page-store.ts';
import { DateText, Emoji, Mrkdwn, OutLink } from './text/text-view.tsx';

interface Field {
  title?: string;
  value?: string;
  short?: boolean;
}

interface LegacyAction {
  type?: string;
  text?: string;
  url?: string;
  style?: string;
}

interface Attachment {
  color?: string;
  pretext?: string;
  author_name?: string;
  author_link?: string;
  title?: string;
  title_link?: string;
  text?: string;
  fallback?: string;
  footer?: string;
  /** Seconds since the epoch. */
  ts?: number | string;
  fields?: Field[];
  actions?: LegacyAction[];
  blocks?: Block[];
  image_url?: string;
}

const colorOf = (color: string | undefined): string =>
  color !== undefined && /^[0-9a-f]{6}$/i.test(color) ? `#${color}` : 'var(--line-strong)';

function Linked({ url, text }: { url: string | undefined; text: string }) {
  const words = <Mrkdwn text={text} />;
  return url ? <OutLink url={url}>{words}</OutLink> : words;
}

function Fields({ fields }: { fields: Field[] }) {
  return (
    <div class="attachment-fields">
      {fields.map((field, index) => (
        <div key={index} class={field.short ? 'short' : 'long'}>
          {field.title && <strong>{field.title}</strong>}
          <Mrkdwn text={field.value ?? ''} />
        </div>
      ))}
    </div>
  );
}

/** Links work anywhere; a button that asks its app does not, as that app is not here. */
function Actions({ actions }: { actions: LegacyAction[] }) {
  return (
    <div class="actions">
      {actions.map(({ text = '', url }, index) =>
        url ? (
          <OutLink key={index} url={url}>
            {text}
          </OutLink>
        ) : (
          <button
            key={index}
            type="button"
            class="btn"
            disabled
            title="Another app answers this, and it does not run here"
          >
            {text}
          </button>
        ),
      )}
    </div>
  );
}

function Footer({ footer, ts }: { [K in 'footer' | 'ts']: Attachment[K] | undefined }) {
  const seconds = Number(ts);
  const dated = ts !== undefined && Number.isFinite(seconds) && seconds > 0;
  if (!footer && !dated) return null;
  return (
    <small class="attachment-footer">
      {footer && <Mrkdwn text={footer} />}
      {dated && <DateText seconds={seconds} format="{date_short_pretty} at {time}" fallback="" />}
    </small>
  );
}

function AttachmentView({ attachment }: { attachment: Attachment }) {
  const { color, pretext, author_name, author_link, title, title_link, text, fallback, footer, ts } =
    attachment;
  const { fields, actions, blocks, image_url } = attachment;
  const empty = !pretext && !text && !title && !blocks?.length && !fields?.length && !image_url;
  return (
    <div class="attachment-frame" data-qa="attachment">
      {pretext && <Mrkdwn text={pretext} />}
      <div class="attachment" style={{ borderInlineStartColor: colorOf(color) }}>
        {author_name && (
          <small>
            <Linked url={author_link} text={author_name} />
          </small>
        )}
        {title && (
          <strong class="attachment-title">
            <Linked url={title_link} text={title} />
          </strong>
        )}
        {text && <Mrkdwn text={text} />}
        {fields && fields.length > 0 && <Fields fields={fields} />}
        {blocks && <Blocks blocks={blocks} />}
        {image_url && <img class="attachment-image" src={image_url} alt={title ?? fallback ?? ''} />}
        {actions && actions.length > 0 && <Actions actions={actions} />}
        {empty && fallback && <Mrkdwn text={fallback} />}
        <Footer footer={footer} ts={ts} />
      </div>
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
