/** Where a person goes on the page: into a conversation, a thread, another person's shoes; the address bar follows. */
import type { Ts } from '../../protocol.ts';
import { pathOf, routeOf } from '../route.ts';
import { loadHome, loadLog, loadSeen, loadThread, loadViews } from './loading.ts';
import { channelsOf, dmOf, store } from './page-store.ts';
import { keepMarks } from './read-marks.ts';
import type { Spot, State } from './state.ts';

function writeAddress(how: 'push' | 'replace'): void {
  const { me, spot, thread } = store.get();
  const path = pathOf({ user: me, ...(spot ? { spot } : {}), ...(thread ? { thread: thread.ts } : {}) });
  if (path === `${location.pathname}${location.search}`) return;
  if (how === 'push') history.pushState(null, '', path);
  else history.replaceState(null, '', path);
}

/** The first place that makes sense for a person: where they are, else the first channel they see. */
function spotFor(state: State, wished: Spot | undefined): Spot | undefined {
  const { workspace, me } = state;
  const mine = new Set([
    ...channelsOf(workspace, me).map((channel) => channel.id),
    dmOf(workspace, me) ?? '',
  ]);
  if (wished && mine.has(wished.channel)) return wished;
  const dm = dmOf(workspace, me);
  // Whoever looked at the app's DM as somebody else looks at their own now.
  if (wished && dm && workspace?.dms.some((other) => other.id === wished.channel)) {
    return { channel: dm, tab: wished.tab };
  }
  const first = channelsOf(workspace, me)[0]?.id ?? dm;
  return first ? { channel: first, tab: 'messages' } : undefined;
}

async function enter(spot: Spot, thread: Ts | undefined): Promise<void> {
  const log = store.get().logs[spot.channel];
  const missing = spot.at !== undefined && log?.messages.every((message) => message.ts !== spot.at);
  store.set((state) => {
    const { [spot.channel]: open, ...others } = state.logs;
    const readTo = state.read[state.me]?.[spot.channel] ?? '0';
    return {
      ...state,
      spot,
      thread: thread ? { channel: spot.channel, ts: thread } : undefined,
      logs:
        open && !missing
          ? {
              ...others,
              [spot.channel]: { ...open, readAtOpen: readTo, lastAtOpen: open.messages.at(-1)?.ts ?? '0' },
            }
          : others,
      railOpen: false,
    };
  });
  const loads: Promise<void>[] = [];
  if (spot.tab === 'home') loads.push(loadHome());
  else if (!log || missing || log.newer) loads.push(loadLog(spot.channel, spot.at));
  if (thread) loads.push(loadThread(spot.channel, thread));
  await Promise.all(loads);
}

export async function goTo(spot: Spot, thread?: Ts): Promise<void> {
  const entered = enter(spot, thread);
  writeAddress('push');
  await entered;
}

export function openThread(channel: string, ts: Ts): void {
  store.set((state) => ({ ...state, thread: { channel, ts } }));
  writeAddress('push');
  void loadThread(channel, ts);
}

export function closeThread(): void {
  store.set((state) => ({ ...state, thread: undefined }));
  writeAddress('replace');
}

/** Acts as another person from now on; what only the last one could see is dropped. */
export async function become(user: string): Promise<void> {
  if (user === store.get().me) return;
  store.set((state) => ({
    ...state,
    me: user,
    logs: {},
    threads: {},
    view: null,
    home: undefined,
    railOpen: false,
  }));
  const state = store.get();
  const spot = spotFor(state, state.spot);
  const thread = spot?.channel === state.thread?.channel ? state.thread?.ts : undefined;
  const entered = spot ? enter(spot, thread) : Promise.resolve();
  writeAddress('push');
  await Promise.all([entered, loadViews(), loadSeen()]);
}

/** Goes where the address bar says: at the start, and on back and forward. */
export async function followAddress(): Promise<void> {
  const route = routeOf(new URL(location.href));
  if (route.user && route.user !== store.get().me) {
    store.set((state) => ({
      ...state,
      me: route.user ?? state.me,
      logs: {},
      threads: {},
      view: null,
      home: undefined,
    }));
    void loadViews();
  }
  const spot = spotFor(store.get(), route.spot);
  if (spot) await enter(spot, route.thread);
  writeAddress('replace');
}

export function markRead(channel: string, ts: Ts): void {
  const { me, read, workspace } = store.get();
  if ((read[me]?.[channel] ?? '0') >= ts) return;
  const marks = { ...read, [me]: { ...read[me], [channel]: ts } };
  store.set((state) => ({ ...state, read: marks }));
  if (workspace) keepMarks(workspace.team.id, marks);
}

/** Leaves a marked message behind, so that coming back to the channel shows its end. */
export function forgetMark(): void {
  const { spot } = store.get();
  if (spot?.at === undefined) return;
  store.set((state) => ({ ...state, spot: { channel: spot.channel, tab: spot.tab } }));
  writeAddress('replace');
}
