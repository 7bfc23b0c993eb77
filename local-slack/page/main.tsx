/** Starts the page: loads the workspace, goes where the address says, and follows the server's events. */
import { render } from 'preact';
import type { StreamEvent } from '../protocol.ts';
import { App } from './app.tsx';
import { summaryOf } from './message.tsx';
import { applyEvents } from './state/apply.ts';
import { followAddress } from './state/going.ts';
import {
  loadHome,
  loadLog,
  loadSeen,
  loadThread,
  loadViews,
  loadWire,
  loadWorkspace,
} from './state/loading.ts';
import { inChannel } from './state/messages.ts';
import { directoryOf, store } from './state/page-store.ts';
import { remember } from './state/recent.ts';
import { hearTime } from './state/world-clock.ts';
import { follow } from './stream.ts';
import { keptTheme, setTheme } from './tools.tsx';

/** What of a batch a screen reader says: new messages where the person is, by others. */
function announcement(events: StreamEvent[]): string | undefined {
  const { me, spot, thread, workspace } = store.get();
  const heard = events.flatMap((event) => {
    if (event.type !== 'message' || event.message.user === me) return [];
    const { message } = event;
    if (message.ephemeral !== undefined && message.ephemeral !== me) return [];
    const here = message.channel === spot?.channel && inChannel(message);
    const inThread = thread !== undefined && message.thread_ts === thread.ts;
    if (!here && !inThread) return [];
    const name = message.username ?? directoryOf(workspace).person(message.user)?.real_name ?? 'App';
    return [`${name}: ${summaryOf(message).slice(0, 300)}`];
  });
  return heard.at(-1);
}

function onEvents(events: StreamEvent[]): void {
  remember(events);
  for (const event of events) if (event.type === 'message') hearTime(event.message.ts);
  const said = announcement(events);
  store.set((state) => {
    const next = applyEvents(state, events);
    return said === undefined ? next : { ...next, announced: said };
  });
  if (events.some((event) => event.type === 'workspace')) void loadWorkspace();
}

/** Loads what the address names: at first, and all that is in sight again after a lost connection. */
async function load(again: boolean): Promise<void> {
  if (!(await loadWorkspace())) return;
  const { spot, thread } = store.get();
  const loads = [loadViews(), loadWire(), loadSeen()];
  if (!again || !spot) loads.push(followAddress());
  else {
    store.set((state) => ({ ...state, logs: {}, threads: {} }));
    loads.push(loadLog(spot.channel));
    if (spot.tab === 'home') loads.push(loadHome());
    if (thread) loads.push(loadThread(thread.channel, thread.ts));
  }
  await Promise.all(loads);
}

function start(): void {
  setTheme(keptTheme());
  const root = document.getElementById('root');
  if (!root) throw new Error('The page has no element with the id "root" to draw into.');
  render(<App />, root);
  // Listening comes first, so that nothing falls between what is loaded and what is heard.
  follow({
    onEvents,
    onOpen: (again) => {
      store.set((state) => ({ ...state, live: true }));
      void load(again);
    },
    onLost: () => store.set((state) => ({ ...state, live: false })),
  });
  window.addEventListener('popstate', () => void followAddress());
}

start();
