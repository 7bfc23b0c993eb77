/** Commands that still have to be carried out. */

import type { CommandLane } from '../../deployment/command-effects.ts';
import type { Effect } from '../../deployment/effects.ts';
import type { Instant } from '../../time.ts';

/** A command to the backend (or to another deployment) that still has to be carried out. */
export interface PendingEffect {
  key: string;
  deployment: string;
  /** Rises from commit to commit over all deployments of the record, and goes on higher after a restore. */
  sequence: number;
  /** Names the record among all there are. */
  record: string;
  effect: Exclude<Effect, { kind: 'show' }>;
  attempts: number;
}

export interface EffectQueue {
  /** Those of a lane whose time has come, the oldest first, and when the next one's comes; those in `except` are under way already. */
  ready(
    now: Instant,
    except: ReadonlySet<string>,
    limit: number,
    lane: CommandLane,
  ): Promise<{ ready: PendingEffect[]; next: Instant | undefined }>;
  done(key: string): Promise<void>;
  retryAt(key: string, at: Instant, problem: string): Promise<void>;
  /** It will not be tried again; the record says why. */
  drop(key: string, problem: string): Promise<void>;
}
