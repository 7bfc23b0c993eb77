/** The workspace's own time: a demo's runs from another day than the browser's, and faster. */
import { useEffect } from 'preact/hooks';
import { type WorldClock, worldAt } from '../world-time.ts';
import { store, usePage } from './page-store.ts';

let clock: WorldClock = { world: Date.now(), browser: Date.now(), speed: 1 };

export const worldNow = (): number => worldAt(clock, Date.now());

const MINUTE = 60_000;
/** Wherever one is, days begin on a quarter of an hour. */
const QUARTER = 15 * MINUTE;

function tick(): void {
  const now = Math.floor(worldNow() / MINUTE) * MINUTE;
  store.set((state) => (state.now === now ? state : { ...state, now }));
}

/** Takes over the server's time; it is asked again whenever the workspace is loaded. */
export function setWorldClock({ now, speed }: { now: number; speed: number }): void {
  clock = { world: now, browser: Date.now(), speed };
  tick();
}

/** What was said is never in the future: a clock that was moved by hand shows itself by that. */
export function hearTime(ts: string): void {
  const now = Number(ts) * 1_000;
  if (now > worldNow()) setWorldClock({ now, speed: clock.speed });
}

/** Often enough that a minute of the workspace is missed by half at most. */
const pause = (): number => Math.min(30_000, Math.max(500, 30_000 / clock.speed));

export function useTicking(): void {
  useEffect(() => {
    let timer = 0;
    const again = (): void => {
      tick();
      timer = window.setTimeout(again, pause());
    };
    again();
    return () => window.clearTimeout(timer);
  }, []);
}

/** The present of the workspace: to the minute, or only so exactly that a new day is noticed. */
export function useWorldNow(exact: 'minute' | 'day' = 'minute'): number {
  const step = exact === 'minute' ? MINUTE : QUARTER;
  return usePage((state) => Math.floor(state.now / step) * step);
}
