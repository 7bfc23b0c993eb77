/** What the page asks the driver for, and where the answers go. */
import type { Message, Ts } from '../../protocol.ts';
import { driver } from '../driver.ts';
import { applyEvents } from './apply.ts';
import { merged, seenOf } from './messages.ts';
import { actors, channelsOf, dmOf, store } from './page-store.ts';
import { loadMarks } from './read-marks.ts';
import { mark, since } from './recent.ts';
import { type Log, type State, threadKey } from './state.ts';
import { setWorldClock } from './world-clock.ts';

const PAGE = 100;
/** As many later messages are loaded behind one that was linked to. */
const MAX_AFTER = 300;

/** One more than a message's time in the last digit, so that `before` includes it. */
const justAfter = (ts: Ts): Ts => {
  const [seconds = '0', micros = '0'] = ts.split('.');
  return `${seconds}.${String(Number(micros) + 1).padStart(6, '0')}`;
};

/** Takes an answer in, and on top of it what happened after it was asked for. */
function take(askedAt: number, change: (state: State) => State): void {
  store.set((state) => applyEvents(change(state), since(askedAt)));
}

function setLog(askedAt: number, channel: string, change: (log: Log | undefined) => Log | undefined): void {
  take(askedAt, (state) => {
    const next = change(state.logs[channel]);
    return next === undefined ? state : { ...state, logs: { ...state.logs, [channel]: next } };
  });
}

async function page(
  channel: string,
  asked: { before?: Ts; since?: Ts },
  limit = PAGE,
): Promise<Message[] | undefined> {
  const user = store.get().me;
  const answer = await driver.messages({ channel, user, limit, ...asked });
  // The person was switched while the answer was on its way: it is not theirs.
  if (!answer.ok || store.get().me !== user) return undefined;
  return answer.messages;
}

export async function loadLog(channel: string, at?: Ts): Promise<void> {
  const asked = mark();
  const before = at === undefined ? {} : { before: justAfter(at) };
  const messages = await page(channel, before);
  if (messages === undefined) return;
  const after = at === undefined ? [] : ((await page(channel, { since: at }, MAX_AFTER)) ?? []);
  // The driver gives the newest: more than this, and there would be a gap after the message one came for.
  const gap = after.length >= MAX_AFTER;
  const newer = gap ? [] : after;
  const { me, read } = store.get();
  const loaded = merged(messages, newer);
  setLog(asked, channel, (log) => ({
    messages: loaded,
    older: messages.length >= PAGE,
    newer: gap,
    readAtOpen: log?.readAtOpen ?? read[me]?.[channel] ?? '0',
    lastAtOpen: log?.lastAtOpen ?? loaded.at(-1)?.ts ?? '0',
  }));
}

export async function loadOlder(channel: string): Promise<void> {
  const first = store.get().logs[channel]?.messages[0];
  if (first === undefined) return;
  const asked = mark();
  const messages = await page(channel, { before: first.ts });
  if (messages === undefined) return;
  setLog(asked, channel, (log) =>
    log === undefined
      ? log
      : { ...log, messages: merged(messages, log.messages), older: messages.length >= PAGE },
  );
}

export async function loadThread(channel: string, ts: Ts): Promise<void> {
  const asked = mark();
  const user = store.get().me;
  const answer = await driver.messages({ channel, user, thread_ts: ts, limit: 1000 });
  if (!answer.ok || store.get().me !== user) return;
  const parent = store.get().logs[channel]?.messages.find((message) => message.ts === ts);
  const messages = merged(parent ? [parent] : [], answer.messages);
  take(asked, (state) => ({ ...state, threads: { ...state.threads, [threadKey(channel, ts)]: messages } }));
}

export async function loadWorkspace(): Promise<boolean> {
  const answer = await driver.workspace();
  if (!answer.ok) return false;
  setWorldClock(answer.clock);
  store.set((state) => {
    const known = answer.users.some((person) => person.id === state.me && !person.is_bot);
    const me = known ? state.me : (actors(answer)[0]?.id ?? '');
    const read = state.workspace === undefined ? loadMarks(answer.team.id) : state.read;
    return { ...state, workspace: answer, me, read };
  });
  return true;
}

/** The view and the Home of the person who looks now. */
export async function loadViews(): Promise<void> {
  const asked = mark();
  const user = store.get().me;
  const answer = await driver.view(user);
  if (answer.ok && store.get().me === user) take(asked, (state) => ({ ...state, view: answer.view }));
}

export async function loadHome(): Promise<void> {
  const asked = mark();
  const user = store.get().me;
  const answer = await driver.home(user);
  if (store.get().me === user) take(asked, (state) => ({ ...state, home: answer.ok ? answer.view : null }));
}

export async function loadWire(): Promise<void> {
  const asked = mark();
  const [called, delivered] = await Promise.all([driver.calls(), driver.deliveries()]);
  if (!called.ok || !delivered.ok) return;
  const wire = { calls: called.calls.slice(-500), deliveries: delivered.deliveries.slice(-500) };
  take(asked, (state) => ({ ...state, wire }));
}

const MAX_COUNTED = 40;

/** Looks once at the newest of every conversation, so that what waits for each person is counted from the start. */
export async function loadSeen(): Promise<void> {
  const { workspace, me } = store.get();
  const people = actors(workspace).slice(0, MAX_COUNTED);
  const dms = people.flatMap((person) => {
    const channel = dmOf(workspace, person.id);
    return channel ? [{ channel, user: person.id }] : [];
  });
  const channels = channelsOf(workspace, me).map((channel) => ({ channel: channel.id, user: me }));
  await Promise.all(
    [...channels, ...dms].slice(0, MAX_COUNTED * 2).map(async (asked) => {
      const answer = await driver.messages({ ...asked, limit: 30 });
      if (!answer.ok) return;
      const newest = answer.messages.slice(-30).map(seenOf);
      store.set((state) => {
        const known = state.seen[asked.channel] ?? [];
        const first = known[0]?.ts ?? '9';
        const list = [...newest.filter((one) => one.ts < first), ...known];
        return { ...state, seen: { ...state.seen, [asked.channel]: list } };
      });
    }),
  );
}
