/** One message: who, when, what, its thread, and what one can do with it. */
import { memo } from 'preact/compat';
import { useMemo } from 'preact/hooks';
import type { Message, Person } from '../protocol.ts';
import { Attachments, Reactions } from './attachments.tsx';
import { Avatar } from './avatar.tsx';
import { Blocks } from './blocks/block.tsx';
import { SharedFile } from './blocks/media.tsx';
import { SurfaceContext } from './blocks/surface.ts';
import { Icon } from './icons.tsx';
import { MenuButton } from './menu.tsx';
import { linkTo } from './route.ts';
import { notify, SLACKBOT, shortcut } from './state/doing.ts';
import { openThread } from './state/going.ts';
import { isReply } from './state/messages.ts';
import { useDirectory, useZone } from './state/page-store.ts';
import { useWorldNow } from './state/world-clock.ts';
import { slackDate } from './text/slack-date.ts';
import { Mrkdwn } from './text/text-view.tsx';

const msOf = (ts: string) => Number(ts) * 1000;

function Time({ ts, class: look = 'time' }: { ts: string; class?: string }) {
  const zone = useZone();
  const now = useWorldNow('day');
  return (
    <time
      class={look}
      dateTime={new Date(msOf(ts)).toISOString()}
      title={`${slackDate('{date_long} {time_secs}', msOf(ts), zone, now)} (${zone})`}
    >
      {slackDate('{time}', msOf(ts), zone, now)}
    </time>
  );
}

async function copyLink(message: Message): Promise<void> {
  const link = new URL(linkTo(message.channel, message.ts, message.thread_ts), location.origin);
  try {
    await navigator.clipboard.writeText(link.href);
    notify('Link copied.');
  } catch {
    // Without the right to write the clipboard the person copies it from here.
    notify(link.href);
  }
}

function Tools({ message, inThread }: { message: Message; inThread: boolean }) {
  const shortcuts = useDirectory().workspace?.shortcuts.filter((one) => one.type === 'message') ?? [];
  const thread = message.thread_ts ?? message.ts;
  return (
    <div class="message-tools">
      {!inThread && message.ephemeral === undefined && (
        <button
          type="button"
          class="icon-btn"
          aria-label="Reply in thread"
          title="Reply in thread (T)"
          data-qa="reply-in-thread"
          onClick={() => openThread(message.channel, thread)}
        >
          <Icon name="reply" />
        </button>
      )}
      <button
        type="button"
        class="icon-btn"
        aria-label="Copy link"
        title="Copy link"
        onClick={() => void copyLink(message)}
      >
        <Icon name="link" />
      </button>
      {shortcuts.length > 0 && message.ephemeral === undefined && (
        <MenuButton
          label="Message shortcuts"
          items={shortcuts.map((one) => ({
            key: one.callback_id,
            value: one.callback_id,
            label: one.name,
            detail: one.description,
            run: () => void shortcut(one.callback_id, { channel: message.channel, ts: message.ts }),
          }))}
        >
          <Icon name="bolt" />
        </MenuButton>
      )}
    </div>
  );
}

function ThreadLine({ message }: { message: Message }) {
  const directory = useDirectory();
  const zone = useZone();
  const count = message.reply_count ?? 0;
  const latest = message.latest_reply;
  const now = useWorldNow('day');
  const when = latest ? slackDate('{date_short_pretty} at {time}', msOf(latest), zone, now) : undefined;
  return (
    <button
      type="button"
      class="thread-line"
      data-qa="open-thread"
      onClick={() => openThread(message.channel, message.ts)}
    >
      {message.reply_users?.slice(0, 4).map((id) => (
        <Avatar key={id} person={directory.person(id)} size={22} />
      ))}
      <strong>{count === 1 ? '1 reply' : `${count} replies`}</strong>
      {when && <span>Last reply {when.charAt(0).toLowerCase() + when.slice(1)}</span>}
    </button>
  );
}

function Content({ message }: { message: Message }) {
  const surface = useMemo(
    () => ({
      key: `${message.channel}/${message.ts}`,
      place: { channel: message.channel, ts: message.ts },
      values: {},
      errors: {},
      clearError: () => undefined,
    }),
    [message.channel, message.ts],
  );
  return (
    <SurfaceContext.Provider value={surface}>
      {message.blocks.length > 0 ? (
        <Blocks blocks={message.blocks} />
      ) : (
        message.text && <Mrkdwn text={message.text} />
      )}
      {message.files?.map((file) => (
        <SharedFile key={file.id} file={file} />
      ))}
      {message.attachments && <Attachments attachments={message.attachments} />}
      {message.reactions && <Reactions reactions={message.reactions} />}
    </SurfaceContext.Provider>
  );
}

const nameOf = (message: Message, person: Person | undefined): string =>
  message.username ?? person?.real_name ?? (message.user === SLACKBOT ? 'Local Slack' : message.user);

function Head({ message, person }: { message: Message; person: Person | undefined }) {
  const name = nameOf(message, person);
  return (
    <div class="message-head">
      <strong class="message-name">{name}</strong>
      {(message.bot_id || person?.is_bot || !person) && <span class="tag">App</span>}
      <Time ts={message.ts} />
    </div>
  );
}

/** What stands for the whole where only a line of it is read: an alert says nothing in its text. */
export function summaryOf({ text, attachments = [] }: Message): string {
  if (text !== '') return text;
  const [first] = attachments;
  return String(first?.title ?? first?.fallback ?? '');
}

export interface MessageProps {
  message: Message;
  /** It continues the message above: no head. */
  follows: boolean;
  inThread: boolean;
  /** The address names this message. */
  marked: boolean;
  /** The one of its list that Tab reaches. */
  reachable: boolean;
}

export const MessageView = memo(function MessageView({
  message,
  follows,
  inThread,
  marked,
  reachable,
}: MessageProps) {
  const person = useDirectory().person(message.user);
  const look = [
    'message',
    follows && 'follows',
    message.ephemeral && 'ephemeral',
    message.subtype === 'tombstone' && 'gone',
    marked && 'marked',
  ];
  const sentToChannel = isReply(message) && message.broadcast;
  return (
    <article
      class={look.filter(Boolean).join(' ')}
      data-qa="message"
      data-ts={message.ts}
      tabIndex={reachable ? 0 : -1}
      aria-label={`${message.username ?? person?.real_name ?? 'App'}: ${summaryOf(message).slice(0, 120)}`}
    >
      <div class="message-side">
        {follows ? <Time ts={message.ts} /> : <Avatar person={person} name={message.username} />}
      </div>
      <div class="message-main">
        {message.ephemeral && <div class="message-note">Only visible to you</div>}
        {sentToChannel && !inThread && (
          <button
            type="button"
            class="message-note link-btn"
            onClick={() => openThread(message.channel, message.thread_ts ?? message.ts)}
          >
            Replied to a thread
          </button>
        )}
        {sentToChannel && inThread && <div class="message-note">Also sent to the channel</div>}
        {!follows && <Head message={message} person={person} />}
        <Content message={message} />
        {message.edited && <span class="edited">(edited)</span>}
        {!inThread && (message.reply_count ?? 0) > 0 && <ThreadLine message={message} />}
      </div>
      <Tools message={message} inThread={inThread} />
    </article>
  );
});
