/** Sixty alerts whose cause is known, with deployments around them that have nothing to do with it. All synthetic. */

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Change, Scene } from '../../src/alerts/suspects.ts';
import { HOUR, type Instant, MINUTE } from '../../src/time.ts';

export const KINDS = ['own', 'none', 'dependency', 'two at once', 'hours later'] as const;

export interface KnownScene {
  kind: (typeof KINDS)[number];
  scene: Scene;
  /** The deployment that did it; unset where none did. */
  cause?: string;
}

const EACH = 12;
const AT: Instant = Date.UTC(2026, 10, 27, 3);
/** Who needs whom: checkout → payments → ledger, and so on; the rest of the company stands beside. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  checkout: ['payments', 'cart'],
  payments: ['ledger'],
  cart: ['catalogue'],
  search: ['catalogue'],
  web: ['checkout', 'search'],
};
const BESIDE = ['mail', 'reports', 'ads', 'support', 'billing'];

export function knownScenes(seed = 7): KnownScene[] {
  const generator = xoroshiro128plus(seed);
  const random = (): number => uniformFloat64(generator);
  const make = new Making(random);
  return KINDS.flatMap((kind) => Array.from({ length: EACH }, () => make.scene(kind)));
}

class Making {
  readonly #random: () => number;
  #count = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  scene(kind: KnownScene['kind']): KnownScene {
    const service = this.#one(['checkout', 'payments', 'cart', 'web', 'search']);
    const cause = this.#cause(kind, service);
    const changes = [
      ...(cause === undefined ? [] : [cause]),
      ...this.#decoys(service),
      ...this.#rival(kind, service),
    ];
    const scene: Scene = {
      service,
      ...(this.#chance(0.7) && { environment: 'production' }),
      at: AT,
      changes: this.#shuffled(changes),
      dependsOn: (name) => NEEDS[name] ?? [],
    };
    return { kind, scene, ...(cause !== undefined && { cause: cause.deployment }) };
  }

  #cause(kind: KnownScene['kind'], service: string): Change | undefined {
    const minutes = (from: number, to: number): number => this.#between(from, to) * MINUTE;
    switch (kind) {
      case 'none':
        return undefined;
      case 'own':
      case 'two at once':
        return this.#chance(0.7)
          ? this.#rolling(service, minutes(3, 45), this.#chance(0.5) ? 'worse' : 'undecided')
          : this.#finished(service, minutes(4, 50), 'no_worse');
      case 'dependency': {
        const needed = this.#one(NEEDS[service] ?? []);
        return this.#chance(0.6)
          ? this.#rolling(needed, minutes(3, 40), this.#chance(0.6) ? 'worse' : 'undecided')
          : this.#finished(needed, minutes(4, 50), 'undecided');
      }
      case 'hours later':
        return this.#finished(service, minutes(120, 420), this.#chance(0.5) ? 'undecided' : 'no_worse');
    }
  }

  /** What a company deploys in a day beside it: elsewhere, earlier, unrelated. */
  #decoys(service: string): Change[] {
    const unrelated = Array.from({ length: 4 }, () =>
      this.#chance(0.5)
        ? this.#rolling(this.#one(BESIDE), this.#between(2, 120) * MINUTE, 'undecided')
        : this.#finished(this.#one(BESIDE), this.#between(5, 600) * MINUTE, 'no_worse'),
    );
    const staging = {
      ...this.#rolling(service, this.#between(5, 200) * MINUTE, 'undecided'),
      environment: 'staging',
    };
    const earlier = this.#finished(service, this.#between(9 * 60, 40 * 60) * MINUTE, 'no_worse');
    const needed = this.#finished(
      this.#one(NEEDS[service] ?? []),
      this.#between(240, 1_400) * MINUTE,
      'no_worse',
    );
    return [
      ...unrelated,
      ...(this.#chance(0.3) ? [staging] : []),
      earlier,
      ...(this.#chance(0.5) ? [needed] : []),
    ];
  }

  /** A second change close by that is innocent: of a dependency, or one that was taken back before. */
  #rival(kind: KnownScene['kind'], service: string): Change[] {
    // Chance alone puts a rollout beside a fault that is not its own.
    if (kind === 'none') {
      return this.#chance(0.35) ? [this.#rolling(service, this.#between(5, 60) * MINUTE, 'no_worse')] : [];
    }
    if (kind !== 'two at once') return [];
    const needed = this.#one(NEEDS[service] ?? []);
    const rival = this.#chance(0.6)
      ? this.#rolling(needed, this.#between(3, 60) * MINUTE, this.#chance(0.5) ? 'no_worse' : 'undecided')
      : { ...this.#finished(service, this.#between(20, 90) * MINUTE, 'undecided'), rolledBack: true };
    return [rival];
  }

  #rolling(service: string, before: number, judged: Change['judged']): Change {
    return {
      ...this.#named(service),
      startedAt: AT - before - this.#between(0, 90) * MINUTE,
      grewAt: AT - before,
      rolledBack: false,
      judged,
    };
  }

  #finished(service: string, before: number, judged: Change['judged']): Change {
    const endedAt = AT - before;
    const grewAt = endedAt - 30 * MINUTE;
    return { ...this.#named(service), startedAt: grewAt - HOUR, grewAt, endedAt, rolledBack: false, judged };
  }

  #named(service: string): Pick<Change, 'deployment' | 'service' | 'environment' | 'version'> {
    this.#count += 1;
    return {
      deployment: `D-${1_000 + this.#count}`,
      service,
      environment: 'production',
      version: `v1.${this.#count}.0`,
    };
  }

  #between(from: number, to: number): number {
    return Math.round(from + this.#random() * (to - from));
  }

  #chance(share: number): boolean {
    return this.#random() < share;
  }

  #one<T>(list: readonly T[]): T {
    const chosen = list[Math.floor(this.#random() * list.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  #shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((value) => ({ value, at: this.#random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ value }) => value);
  }
}
