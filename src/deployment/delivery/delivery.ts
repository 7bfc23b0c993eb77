/** What one deployment says of how a team delivers (MT-1, MT-2), from its state: what the record does not know is not guessed. */

import type { Duration, Instant } from '../../time.ts';
import type { Deployment } from '../deployment.ts';
import { COMPLETE } from '../lifecycle.ts';

export interface WentBack {
  at: Instant;
  /** When the version before had all traffic again; unset while that is under way, and where it failed. */
  restoredAt?: Instant;
  /** Unset where another system conducted it. */
  by?: 'itself' | 'person';
  why: string;
}

export interface Delivery {
  id: string;
  service: string;
  environment: string;
  version: string;
  /** When traffic first moved; of what only takes another back, when that began. */
  at: Instant;
  /** `took_back`: what was handed over before was taken back, and nothing else was deployed. */
  kind: 'deployed' | 'went_back' | 'took_back' | 'under_way';
  requestedAt: Instant;
  /** When CI registered the build, where it did. */
  builtAt?: Instant;
  /** When it had all traffic; also of one that went back later. */
  completedAt?: Instant;
  wentBack?: WentBack;
  /** How long each go was waited for, from when it was asked for, by the name of its role. */
  signOffs: { role: string; waited: Duration }[];
  /** From the last go to the start: gates, the checklist, a window, or the hour that was asked for. */
  waitedForStart?: Duration;
}

/** Undefined for a drill, for what never started, and for what nobody watched to its end. */
export function deliveryOf(d: Deployment, builtAt?: Instant): Delivery | undefined {
  const { terms, rollout, rollback } = d;
  const at = rollout?.startedAt ?? (terms.takesBack && rollback?.startedAt);
  const kind = kindOf(d);
  if (terms.drill === true || at === undefined || kind === undefined) return undefined;
  const { service, environment, version } = terms.envelope;
  return {
    id: d.id,
    service,
    environment,
    version,
    at,
    kind,
    requestedAt: d.requestedAt,
    ...(builtAt === undefined || builtAt > at ? {} : { builtAt }),
    ...completion(d),
    ...goingBack(d),
    ...waits(d, at),
  };
}

function kindOf(d: Deployment): Delivery['kind'] | undefined {
  if (d.terms.watched !== undefined) return watchedKind(d);
  if (d.rollback !== undefined) return d.rollout === undefined ? 'took_back' : 'went_back';
  return COMPLETE.has(d.status) ? 'deployed' : 'under_way';
}

/** What became of it where somebody else conducted it; unknown never counts as good. */
function watchedKind({ status, rollout }: Deployment): Delivery['kind'] | undefined {
  const { ended, most } = rollout?.reported ?? {};
  if (status === 'watched_only') return 'under_way';
  if (ended === 'went_back' || ended === 'failed') return 'went_back';
  return (ended === 'observed' || ended === 'superseded') && most?.percent === 100 ? 'deployed' : undefined;
}

function completion({ rollout }: Deployment): Pick<Delivery, 'completedAt'> {
  const most = rollout?.reported?.most;
  const completedAt = rollout?.completedAt ?? (most?.percent === 100 ? most.at : undefined);
  return completedAt === undefined ? {} : { completedAt };
}

function goingBack({ status, rollback, rollout, ending }: Deployment): Pick<Delivery, 'wentBack'> {
  if (rollback !== undefined) {
    const { startedAt: at, endedAt, by, why, reason } = rollback;
    const restored = status === 'rolled_back' && endedAt !== undefined ? { restoredAt: endedAt } : {};
    return {
      wentBack: { at, ...restored, by: by.kind === 'person' ? 'person' : 'itself', why: reason ?? why },
    };
  }
  const ended = rollout?.reported?.ended;
  if ((ended !== 'went_back' && ended !== 'failed') || ending === undefined) return {};
  return { wentBack: { at: ending.at, why: ending.reason ?? '' } };
}

function waits(d: Deployment, at: Instant): Pick<Delivery, 'signOffs' | 'waitedForStart'> {
  const { signOffs, askedAt = d.requestedAt } = d.approval;
  const goes = signOffs.filter((one) => one.decision === 'go' && !one.fallen && !one.afterwards);
  const last = Math.max(...goes.map((go) => go.at));
  return {
    signOffs: goes.map(({ role, at: given }) => ({
      role: d.terms.required.find((one) => one.role === role)?.name ?? role,
      waited: Math.max(0, given - askedAt),
    })),
    ...(goes.length === 0 ? {} : { waitedForStart: Math.max(0, at - last) }),
  };
}
