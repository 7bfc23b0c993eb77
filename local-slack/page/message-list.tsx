/** A scrolled list of messages: days, the unread line, older ones on demand; it stays at its end unless one scrolls up. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message, Ts } from '../protocol.ts';
import { Icon } from './icons.tsx';
import { MessageView } from './message.tsx';
import { continues } from './state/messages.ts';
import { usePage, useZone } from './state/page-store.ts';
import { useWorldNow } from './state/world-clock.ts';
import { slackDate } from './text/slack-date.ts';

export interface MessageListProps {
  messages: Message[];
  label: string;
  inThread?: boolean;
  /** A message to bring into sight. */
  at?: Ts | undefined;
  older?: boolean;
  onOlder?: () => Promise<void>;
  /** The unread line stands before the first message after `readTo`, up to `until`. */
  readTo?: Ts;
  until?: Ts;
  /** The end is in sight. */
  onEnd?: (last: Ts) => void;
  /** There are newer messages that are not loaded. */
  onLatest?: (() => void) | undefined;
}

const NEAR = 48;

const dayOf = (ts: Ts, zone: string) => slackDate('{date_num}', Number(ts) * 1000, zone, 0) ?? '';

function Day({ ts }: { ts: Ts }) {
  const zone = useZone();
  const now = useWorldNow('day');
  return (
    <div class="day">
      <span>{slackDate('{day_divider_pretty}', Number(ts) * 1000, zone, now)}</span>
    </div>
  );
}

/** Keeps the end in sight while it is, and the place while older messages come in above. */
function useScroll({ messages, at, older, onOlder, onEnd }: MessageListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(at === undefined);
  const loading = useRef(false);
  const height = useRef(0);
  const top = useRef(0);
  const [away, setAway] = useState(false);
  const first = messages[0]?.ts;
  const last = messages.at(-1)?.ts;

  const toEnd = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    stuck.current = true;
    box.scrollTop = box.scrollHeight;
    top.current = box.scrollTop;
  }, []);
  const check = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    const left = box.scrollHeight - box.scrollTop - box.clientHeight;
    // Only someone who scrolls up leaves the end: what grows below or above them does not.
    if (left < NEAR) stuck.current = true;
    else if (box.scrollTop < top.current - 1) stuck.current = false;
    top.current = box.scrollTop;
    setAway(!stuck.current && left > box.clientHeight / 2);
    if (stuck.current && last && !document.hidden) onEnd?.(last);
    if (box.scrollTop < 300 && older && !loading.current) {
      loading.current = true;
      void onOlder?.().finally(() => {
        loading.current = false;
      });
    }
  }, [last, older, onOlder, onEnd]);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    // At the very top the browser does not keep the place by itself.
    if (box.scrollTop < 1 && height.current > 0 && !stuck.current)
      box.scrollTop = box.scrollHeight - height.current;
    if (stuck.current) toEnd();
    height.current = box.scrollHeight;
  }, [first, last, messages]);
  useLayoutEffect(() => {
    if (at === undefined) return;
    const target = content.current?.querySelector<HTMLElement>(`[data-ts="${at}"]`);
    if (!target) return;
    stuck.current = false;
    target.scrollIntoView({ block: 'center' });
    target.focus({ preventScroll: true });
  }, [at, first !== undefined]);
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (stuck.current) toEnd();
    });
    if (content.current) observer.observe(content.current);
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, [toEnd]);
  useEffect(() => {
    check();
    document.addEventListener('visibilitychange', check);
    return () => document.removeEventListener('visibilitychange', check);
  }, [check]);
  return { scroller, content, away, check, toEnd };
}

/** Arrows walk from message to message; T opens the thread of the one in focus. */
function walk(event: KeyboardEvent): void {
  const here = event.target as HTMLElement;
  if (!here.matches('[data-qa=message]') || event.altKey || event.ctrlKey || event.metaKey) return;
  const list = event.currentTarget as HTMLElement;
  const all = [...list.querySelectorAll<HTMLElement>('[data-qa=message]')];
  const at = all.indexOf(here);
  const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (next !== undefined) all[Math.max(0, next)]?.focus();
  else if (event.key.toLowerCase() === 't')
    here.querySelector<HTMLElement>('[data-qa=reply-in-thread]')?.click();
  else return;
  event.preventDefault();
}

export function MessageList(props: MessageListProps) {
  const { messages, label, inThread = false, at, readTo = '0', until = '0', onLatest } = props;
  const zone = useZone();
  const me = usePage((state) => state.me);
  const { scroller, content, away, check, toEnd } = useScroll(props);
  const isFresh = (message: Message) => message.ts > readTo && message.ts <= until && message.user !== me;
  const firstFresh = readTo === '0' ? undefined : messages.find(isFresh)?.ts;
  return (
    <div class="list-frame">
      <div
        class="message-list"
        ref={scroller}
        onScroll={check}
        onKeyDown={walk}
        role="region"
        aria-label={label}
        // A list that scrolls must be reachable by key even when nothing in it is.
        tabIndex={messages.length === 0 ? 0 : -1}
      >
        <div ref={content} class="message-content">
          {messages.map((message, index) => {
            const above = messages[index - 1];
            const newDay = !inThread && (!above || dayOf(above.ts, zone) !== dayOf(message.ts, zone));
            const fresh = message.ts === firstFresh;
            return [
              newDay && <Day key={`day ${message.ts}`} ts={message.ts} />,
              fresh && (
                <div class="unread-line" key="unread" data-qa="unread-line">
                  <span>New</span>
                </div>
              ),
              <MessageView
                key={message.ts}
                message={message}
                follows={!newDay && !fresh && continues(above, message)}
                inThread={inThread}
                marked={at === message.ts}
                reachable={index === messages.length - 1}
              />,
            ];
          })}
        </div>
      </div>
      {(away || onLatest) && (
        <button type="button" class="to-end" onClick={onLatest ?? toEnd}>
          <Icon name="arrowDown" size={16} /> Latest messages
        </button>
      )}
    </div>
  );
}
