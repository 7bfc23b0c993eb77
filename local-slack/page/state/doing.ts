/** What a person does: says, commands, clicks; and how a failure is told to them, in the place Slack would. */
import type { Message, Ts } from '../../protocol.ts';
import { type Acted, base64Of, driver, type Place } from '../driver.ts';
import { applyEvents } from './apply.ts';
import { takeUnsent } from './forms.ts';
import { store } from './page-store.ts';
import { worldNow } from './world-clock.ts';

/** Who speaks for the workspace itself. */
export const SLACKBOT = 'USLACKBOT';

let noticeCount = 0;

/** A short message at the edge of the page. */
export function notify(text: string): void {
  noticeCount += 1;
  const notice = { id: noticeCount, text };
  store.set((state) => ({ ...state, notices: [...state.notices.slice(-2), notice], announced: text }));
  setTimeout(() => dismiss(notice.id), 7000);
}

export function dismiss(id: number): void {
  store.set((state) => ({ ...state, notices: state.notices.filter((notice) => notice.id !== id) }));
}

/** An ephemeral message of the workspace itself: it lives on this page only. */
function tellInChannel(channel: string, text: string, thread?: Ts): void {
  const { me, logs } = store.get();
  const last = Number(logs[channel]?.messages.at(-1)?.ts ?? 0);
  const ts = Math.max(worldNow() / 1000, last + 0.000001).toFixed(6);
  const message: Message = { channel, ts, user: SLACKBOT, text, blocks: [], ephemeral: me };
  if (thread) message.thread_ts = thread;
  store.set((state) => ({ ...applyEvents(state, [{ type: 'message', message }]), announced: text }));
}

const NO_REASON = 'The app answered with an error.';

async function command(user: string, channel: string, text: string, thread: Ts | undefined): Promise<void> {
  const answer = await driver.command({ user, channel, text, ...(thread ? { thread_ts: thread } : {}) });
  // What the app failed at, the server whispers by itself; what it refused, only this page can say.
  if (!answer.ok && answer.code === undefined) tellInChannel(channel, answer.error ?? NO_REASON, thread);
}

/** Sends what stands in a composer. True when it went, so that the composer may empty itself. */
export async function send(channel: string, text: string, thread?: Ts): Promise<boolean> {
  const { me } = store.get();
  if (text.startsWith('/')) {
    void command(me, channel, text, thread);
    return true;
  }
  const answer = await driver.say({ user: me, channel, text, ...(thread ? { thread_ts: thread } : {}) });
  if (!answer.ok) notify(answer.error ?? NO_REASON);
  return answer.ok;
}

/** Tells the server what stands in a form's fields, so that the app finds it beside what was clicked. */
export async function keepGiven(place: Place, surface: string): Promise<void> {
  const user = store.get().me;
  const unsent = takeUnsent(surface);
  await Promise.all(unsent.map((field) => driver.action({ user, ...field, ...place })));
}

/** A click or a choice in a message or a view. True when the app took it. */
export async function act(acted: Omit<Acted, 'user'> & Place): Promise<boolean> {
  const answer = await driver.action({ user: store.get().me, ...acted });
  if (!answer.ok) notify(answer.error ?? NO_REASON);
  return answer.ok;
}

export async function shortcut(callback_id: string, on?: { channel: string; ts: Ts }): Promise<void> {
  const answer = await driver.shortcut({ user: store.get().me, callback_id, ...on });
  if (!answer.ok) notify(answer.error ?? NO_REASON);
}

export async function upload(channel: string, file: File, thread?: Ts): Promise<void> {
  const where = { user: store.get().me, channel, ...(thread ? { thread_ts: thread } : {}) };
  const answer = await driver.upload({ ...where, filename: file.name, content: await base64Of(file) });
  if (!answer.ok) notify(`${file.name}: ${answer.error ?? NO_REASON}`);
}
