/** The latest events, so that what arrives while an answer is on its way is not lost under that answer. */
import type { StreamEvent } from '../../protocol.ts';

const MAX_REMEMBERED = 2000;
let kept: StreamEvent[] = [];
let dropped = 0;

export function remember(events: StreamEvent[]): void {
  kept.push(...events);
  if (kept.length <= MAX_REMEMBERED) return;
  dropped += kept.length - MAX_REMEMBERED;
  kept = kept.slice(-MAX_REMEMBERED);
}

/** Where the events are now. */
export const mark = (): number => dropped + kept.length;

export const since = (at: number): StreamEvent[] => kept.slice(Math.max(0, at - dropped));
