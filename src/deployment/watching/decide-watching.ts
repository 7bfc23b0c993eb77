/**
 * What somebody else deploys: it is shown and judged from its first word to its last, and nothing of it is ever told to a
 * backend. Its events have no effect but messages.
 */

import type { Observation } from '../../backends/port.ts';
import type { ComparedMetric } from '../../judge/before-after.ts';
import type { Look } from '../../judge/types.ts';
import { accepted, acceptedIfAny, refused, title, UNCHANGED } from '../decision.ts';
import type { Deployment } from '../deployment.ts';
import type { EventBody } from '../events.ts';
import type { Decision, Facts, Intent } from '../intents.ts';
import { envelopeHash } from '../request/envelope.ts';
import { whyCompared } from '../rollout/compared.ts';
import { strangerIn } from '../rollout/drift.ts';
import { observedUntil } from '../rollout/progress.ts';
import { weightIn } from '../rollout/steps.ts';
import { unknownWords } from '../signals/unknown-words.ts';
import type { WatchEnd } from './state.ts';

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** What GoNoGo may not do for a service that it only watches, whichever door it comes by. */
export function watchedOnly({ watchOnly }: Facts, what: string): Decision | undefined {
  if (watchOnly === undefined) return undefined;
  return refused(
    'watched_only',
    `${watchOnly.service} is only watched (mode: watch): GoNoGo ${what} nothing there. ${watchOnly.from}`,
  );
}

export function decideWatch(
  { terms, previous, percent }: IntentOf<'watch'>,
  { actor, occupiedBy }: Facts,
): Decision {
  if (actor.kind === 'person')
    return refused('not_allowed', 'What is watched is seen or reported, and not asked for.');
  if (occupiedBy !== undefined)
    return refused('occupied', `${occupiedBy.version} (${occupiedBy.id}) is on its way there.`);
  return accepted(
    { type: 'requested', terms, envelopeHash: envelopeHash(terms), gates: {}, previous },
    { type: 'watch_started', previous, percent },
  );
}

/** What whoever deploys it says. */
export function decideReported(d: Deployment, intent: IntentOf<'reported'>, { actor }: Facts): Decision {
  if (d.status !== 'watched_only') return refused('wrong_status', `${title(d)} is not watched now.`);
  if (actor.kind === 'person')
    return refused('not_allowed', 'Where it is is reported by what deploys it, and not by hand.');
  if (intent.state === 'failed')
    return accepted(ended('failed', intent.reason ?? 'whoever deploys it gave no reason'));
  return acceptedIfAny(moved(d, intent.state === 'done' ? 100 : intent.percent));
}

/** Another one takes its place, or it is not to be watched any more. */
export function decideEndWatch(d: Deployment, { how, reason }: IntentOf<'end_watch'>): Decision {
  return d.status === 'watched_only' ? accepted(ended(how, reason)) : UNCHANGED;
}

/** What the backend shows of it. */
export function watchedAtBackend(d: Deployment, seen: Observation): Decision {
  if (d.terms.watched?.by !== 'backend') return UNCHANGED;
  const { version } = d.terms.envelope;
  const stranger = strangerIn(d, seen);
  if (stranger !== undefined) return accepted(ended('superseded', `${stranger} takes its place`));
  const isThere = [seen.stable, seen.canary, seen.standby].includes(version);
  if (!isThere) return accepted(ended('went_back', `${seen.stable ?? 'nothing'} runs there again`));
  const newest = seen.canary !== null && seen.weight > 0 ? seen.canary : seen.stable;
  const sick = seen.health === 'failing' && newest === version;
  return acceptedIfAny([
    ...moved(d, weightIn(seen, version)),
    ...(sick ? warned(d, 'its health check is failing') : []),
  ]);
}

/** What a look comes to: people hear of harm once, and at the end what the judge saw; it is theirs to act on. */
export function afterWatchedLook(
  d: Deployment,
  look: Look,
  compared: readonly ComparedMetric[] = [],
): EventBody[] {
  const worse = compared.some(({ verdict }) => verdict === 'fail') ? whyCompared(compared) : undefined;
  const because = look.verdict === 'fail' ? look.because : worse;
  const warning = because === undefined ? [] : warned(d, because);
  const over = d.rollout?.reported?.percent === 100 && look.to >= observedUntil(d);
  return over ? [...warning, ended('observed', lastWord(d, look, compared))] : warning;
}

/** Said once in a deployment: people know then, and the card goes on showing it. */
export function warned(d: Deployment, because: string): EventBody[] {
  return d.rollout?.finalWatch?.unsettled === undefined ? [{ type: 'watch_warned', because }] : [];
}

function moved(d: Deployment, percent: number | undefined): EventBody[] {
  if (percent === undefined || percent === d.rollout?.reported?.percent) return [];
  return [{ type: 'watch_moved', percent }];
}

function ended(how: WatchEnd, reason: string): EventBody {
  return { type: 'watch_ended', how, reason };
}

/** What nobody could see is never called well (AN-5). */
function lastWord(d: Deployment, look: Look, compared: readonly ComparedMetric[]): string {
  if (look.verdict === 'fail') return `the judge saw harm: ${look.because}`;
  const earlier = d.rollout?.finalWatch?.unsettled;
  if (earlier !== undefined) return `the judge saw harm before: ${earlier.because}`;
  const unknown = d.signals?.unknown;
  if (unknown !== undefined) return unknownWords(unknown.because);
  const comparison = whyCompared(compared.length > 0 ? compared : (d.rollout?.finalWatch?.compared ?? []));
  if (look.verdict !== 'pass') return `the judge could not say whether it is well: ${look.because}`;
  return comparison ?? 'the judge saw nothing against it';
}
