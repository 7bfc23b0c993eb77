/**
 * Which messages go next where there are more than Slack takes (K-12): the most urgent first, and of those who has waited
 * longest. Every fourth is the one that has waited longest of all, so that none is forgotten; a rollback goes before it.
 */

import type { LiveMessages, MessageRow, Only } from '../conductor/ports/live-messages.ts';
import type { Due } from '../conductor/pump.ts';
import type { News } from '../deployment/effects.ts';
import type { Instant } from '../time.ts';
import type { Budgets } from './budgets.ts';

/** Places among those that are sent beside each other that only urgent ones get: slow calls never fill all. */
export const KEPT_FOR_URGENT = 4;
const EVERY = 4;
const ROUNDS = 3;
export const UPDATES = 'updates';
export const CONVERSATIONS = 'conversations';

export interface MessageOrder {
  next(now: Instant, except: ReadonlySet<string>, limit: number): Promise<Due<MessageRow>>;
  /** So many updates waited when it looked last, up to a few. */
  waiting(): number;
}

export function createMessageOrder(
  messages: Pick<LiveMessages, 'stale' | 'waiting' | 'nextAt'>,
  budgets: Budgets,
  keyOf: (row: MessageRow) => string,
): MessageOrder {
  const sent = { updates: 0, posts: 0 };
  let waiting = 0;

  /** Those that wait, the next one first. `all`: whatever waits, where that is known. */
  async function inTurn(
    now: Instant,
    limit: number,
    taken: ReadonlySet<string>,
    only: Only,
    all: readonly MessageRow[] | undefined,
  ) {
    const free = (row: MessageRow): boolean => !taken.has(keyOf(row));
    const known = all?.filter(({ ts }) => (ts !== undefined) === only.posted);
    const rows = (known ?? (await messages.stale(now, limit + taken.size * 4, only))).filter(free);
    const count = only.posted ? sent.updates : sent.posts;
    if (rows.length <= 1 || rows[0]?.news === 'rollback' || count % EVERY !== EVERY - 1) return rows;
    const oldest =
      known === undefined
        ? (await messages.stale(now, 1 + taken.size * 4, { ...only, oldest: true })).find(free)
        : rows.reduce((first, row) => (row.since < first.since ? row : first));
    return oldest === undefined ? rows : [oldest, ...rows];
  }

  /** `all` is undefined where they are so many that one kind would hide the other. */
  async function lookAtAll(now: Instant, most: number, upTo: News | undefined) {
    const { rows, next } = await messages.waiting(now, most, upTo);
    return { all: rows.length < most ? rows : undefined, next };
  }

  async function candidates(
    now: Instant,
    limit: number,
    taken: ReadonlySet<string>,
    full: Set<string>,
  ): Promise<Due<MessageRow>> {
    const upTo = limit <= KEPT_FOR_URGENT ? { upTo: 'action' as const } : {};
    const isClosed = (name: string): boolean => full.has(name) || budgets.isClosed(name);
    const outside = [...new Set([...full, ...budgets.closed()])];
    const noDirect = isClosed(CONVERSATIONS);
    const isOpen = outside.length === 0 && !noDirect && !isClosed(UPDATES);
    const { all, next } = isOpen
      ? await lookAtAll(now, limit + taken.size * 4, upTo.upTo)
      : { all: undefined, next: await messages.nextAt(now) };
    const posts = await inTurn(now, limit, taken, { posted: false, outside, noDirect, ...upTo }, all);
    if (isClosed(UPDATES)) return { items: posts, next };
    const updates = await inTurn(now, limit, taken, { posted: true, ...upTo }, all);
    waiting = updates.length;
    return { items: inTurns(posts, updates), next };
  }

  /** False where Slack takes only one of its kind at a time, and one was picked. */
  function pick(row: MessageRow, full: Set<string>): boolean {
    const names = budgetsOf(row);
    if (names.some((name) => full.has(name))) return false;
    for (const name of names) if (budgets.isScarce(name)) full.add(name);
    if (row.ts === undefined) sent.posts += 1;
    else sent.updates += 1;
    return true;
  }

  return {
    waiting: () => waiting,
    async next(now, except, limit) {
      const taken = new Set(except);
      const full = new Set<string>();
      const picked: MessageRow[] = [];
      let next: Instant | undefined;
      // What was passed over for a full place may have hidden others.
      for (let round = 0, passed = 1; round < ROUNDS && passed > 0; round += 1) {
        passed = 0;
        const found = await candidates(now, limit - picked.length, taken, full);
        next = found.next;
        for (const row of found.items) {
          if (picked.length === limit || taken.has(keyOf(row))) continue;
          if (!pick(row, full)) passed += 1;
          else if (taken.add(keyOf(row))) picked.push(row);
        }
        if (picked.length === limit) break;
      }
      return { items: picked, next };
    },
  };
}

/** What Slack counts together: updates in the whole workspace, posts in each channel, and conversations that are opened. */
export function budgetsOf(row: MessageRow): string[] {
  if (row.ts !== undefined) return [UPDATES];
  return 'user' in row.message ? [row.place, CONVERSATIONS] : [row.place];
}

/** Neither keeps the other waiting, for Slack counts them apart. */
function inTurns<T>(one: readonly T[], other: readonly T[]): T[] {
  const longest = Math.max(one.length, other.length);
  return Array.from({ length: longest }, (_, index) => [
    ...one.slice(index, index + 1),
    ...other.slice(index, index + 1),
  ]).flat();
}
