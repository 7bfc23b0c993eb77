/** The address bar: who looks, at which conversation, message and thread. Links have the shape they have on Slack. */
import type { Ts } from '../protocol.ts';
import type { Spot } from './state/state.ts';

export interface Route {
  user?: string;
  spot?: Spot;
  thread?: Ts;
}

const packed = (ts: Ts) => `p${ts.replace('.', '')}`;
const unpacked = (packedTs: string): Ts => `${packedTs.slice(1, -6)}.${packedTs.slice(-6)}`;

/** Reads `/archives/C…/p…?thread_ts=…&user=U…&tab=home`. */
export function routeOf(url: URL): Route {
  const [, channel, message] = /^\/archives\/([A-Z0-9]+)(?:\/(p\d{7,}))?\/?$/.exec(url.pathname) ?? [];
  const user = url.searchParams.get('user');
  const thread = url.searchParams.get('thread_ts');
  const tab = url.searchParams.get('tab') === 'home' ? 'home' : 'messages';
  return {
    ...(user ? { user } : {}),
    ...(channel ? { spot: { channel, tab, ...(message ? { at: unpacked(message) } : {}) } } : {}),
    ...(thread ? { thread } : {}),
  };
}

export function pathOf(route: Route): string {
  const query = new URLSearchParams();
  if (route.spot?.tab === 'home') query.set('tab', 'home');
  if (route.thread) query.set('thread_ts', route.thread);
  if (route.user) query.set('user', route.user);
  const place = route.spot ? `/archives/${route.spot.channel}` : '/';
  const message = route.spot?.at ? `/${packed(route.spot.at)}` : '';
  return `${place}${message}${query.size > 0 ? `?${query}` : ''}`;
}

/** A link to a message that anyone can open as themselves. */
export function linkTo(channel: string, ts: Ts, thread?: Ts): string {
  const inThread = thread && thread !== ts ? { thread } : {};
  return pathOf({ spot: { channel, tab: 'messages', at: ts }, ...inThread });
}
