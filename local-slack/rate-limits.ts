/** Slack's rate limits: buckets that refill with time, one per method, and for posting one per channel as well. */
import type { Timers } from './clock.ts';

/** `slack` as Slack has them, a factor for many times as many, or none at all. */
export type RateLimits = 'slack' | 'off' | { factor: number };

interface Limit {
  /** How many fit at once. */
  burst: number;
  /** How many come back in a second. */
  perSecond: number;
}

/** Slack's tiers, in calls a minute (docs.slack.dev/apis/web-api/rate-limits). Short bursts are tolerated. */
const perMinute = (calls: number): Limit => ({ burst: calls, perSecond: calls / 60 });
const TIERS = { 1: perMinute(1), 2: perMinute(20), 3: perMinute(50), 4: perMinute(100) } as const;

export type Tier = keyof typeof TIERS | 'special' | 'none';

/** About one a second in a channel, several hundred a minute in the workspace. */
const POSTING_IN_CHANNEL: Limit = { burst: 5, perSecond: 1 };
const SPECIAL: Limit = perMinute(300);

interface Bucket {
  tokens: number;
  at: number;
}

export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #timers: Timers;
  readonly #factor: number;

  constructor(timers: Timers, limits: RateLimits) {
    this.#timers = timers;
    this.#factor = limits === 'off' ? Number.POSITIVE_INFINITY : limits === 'slack' ? 1 : limits.factor;
  }

  /** Seconds to wait before the call would be taken, 0 when it is taken now. */
  wait(method: string, tier: Tier): number {
    if (tier === 'none') return 0;
    return this.#take(method, tier === 'special' ? SPECIAL : TIERS[tier]);
  }

  waitToPost(channel: string): number {
    return this.#take(`post ${channel}`, POSTING_IN_CHANNEL);
  }

  #take(key: string, { burst, perSecond }: Limit): number {
    if (!Number.isFinite(this.#factor)) return 0;
    const most = burst * this.#factor;
    const rate = perSecond * this.#factor;
    const now = this.#timers.now();
    const bucket = this.#buckets.get(key) ?? { tokens: most, at: now };
    const tokens = Math.min(most, bucket.tokens + ((now - bucket.at) / 1_000) * rate);
    const taken = tokens >= 1;
    this.#buckets.set(key, { tokens: taken ? tokens - 1 : tokens, at: now });
    return taken ? 0 : Math.max(1, Math.ceil((1 - tokens) / rate));
  }
}
