/** Whether the newest release of a service goes to an environment by itself (CH-2): on merge, or once a night. */

import type { Artifact } from '../../policy/artifacts.ts';
import type { AutomaticRule } from '../../policy/policy.ts';
import { type Duration, HOUR, type Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import { COMPLETE, NOT_STARTED, type Status } from '../lifecycle.ts';

export interface AutomaticFacts {
  rule: AutomaticRule;
  now: Instant;
  /** The last time of the night that has come, for one that goes by night. */
  night?: Instant;
  /** What CI registered last of the service. */
  release?: { artifact: Pick<Artifact, 'version' | 'digest'>; registeredAt: Instant };
  /** The newest that anybody, or this itself, asked for there. */
  newest?: Deployment;
  /** The newest there that has moved traffic, or was to. */
  newestThatRan?: Deployment;
  /** Where it must complete first, and has not. */
  notCompletedIn?: string;
}

export type Automatic =
  | { kind: 'nothing' }
  | { kind: 'go' }
  /** An older release that still waits there gives way. */
  | { kind: 'go_instead'; of: Deployment }
  /** Nothing goes by itself until somebody has deployed there. */
  | { kind: 'stopped'; by: Deployment };

const NOTHING: Automatic = { kind: 'nothing' };
/** A night that was missed by more is over: nobody expects it in the morning. */
const NIGHT: Duration = 2 * HOUR;
const STOPS: ReadonlySet<Status> = new Set(['rolled_back', 'failed']);

export function decideAutomatic(facts: AutomaticFacts): Automatic {
  const { release, newest, newestThatRan: ran } = facts;
  if (release === undefined || !isNew(release, newest)) return NOTHING;
  // What went back says that somebody must look; a drill goes back by design.
  if (ran !== undefined && STOPS.has(ran.status) && ran.terms.drill !== true)
    return { kind: 'stopped', by: ran };
  if (facts.notCompletedIn !== undefined || !isTime(facts, release.registeredAt)) return NOTHING;
  if (newest !== undefined && NOT_STARTED.has(newest.status))
    return newest.terms.automatic === undefined ? NOTHING : { kind: 'go_instead', of: newest };
  const isOver = ran === undefined || COMPLETE.has(ran.status) || ran.ending !== undefined;
  return isOver ? { kind: 'go' } : NOTHING;
}

/** Whoever asked for something there since it was registered has decided what runs. */
function isNew(release: NonNullable<AutomaticFacts['release']>, newest: Deployment | undefined): boolean {
  if (newest === undefined) return true;
  const { version, digest } = newest.terms.envelope;
  const isSame = version === release.artifact.version && digest === release.artifact.digest;
  return !isSame && release.registeredAt >= newest.requestedAt;
}

function isTime({ rule, now, night }: AutomaticFacts, registeredAt: Instant): boolean {
  if (rule.kind === 'on_merge') return true;
  return night !== undefined && registeredAt <= night && now >= night && now < night + NIGHT;
}
