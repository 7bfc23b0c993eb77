/** What stops a request, and a change of one: each a refusal with what to do instead, or undefined. */

import { PLAN_AHEAD } from '../../policy/calendar/blockers.ts';
import { tooFar } from '../../policy/calendar/policy.ts';
import { baseOf, type Details } from '../../terms/change.ts';
import type { ComesBack } from '../../terms/comes-back.ts';
import type { Envelope } from '../../terms/envelope.ts';
import type { Terms } from '../../terms/terms.ts';
import { moment } from '../../time.ts';
import { nameOf, refused } from '../decision.ts';
import type { Decision, Facts } from '../intents.ts';
import { stepsNobodyTakes } from '../rollout/steps.ts';
import { otherBuild } from './other-build.ts';

export function requestProblem(
  envelope: Envelope,
  facts: Pick<Facts, 'now' | 'running' | 'occupiedBy' | 'calendar'>,
  before?: Envelope,
): Decision | undefined {
  const place = `${envelope.service} in ${envelope.environment}`;
  if (facts.occupiedBy) {
    const { id, version, lead } = facts.occupiedBy;
    return refused(
      'occupied',
      `${place} is taken: ${version} is on its way (${id}, lead ${lead.name}). Wait until it has ended, or ask ${lead.name} to end it.`,
    );
  }
  if (facts.running === envelope.version) {
    return refused(
      'already_running',
      `${envelope.version} already runs as ${place}. Choose another version.`,
    );
  }
  const sameStart =
    before &&
    before.start.kind === 'at' &&
    envelope.start.kind === 'at' &&
    before.start.at === envelope.start.at;
  const far =
    envelope.start.kind === 'at' && !sameStart
      ? tooFar(envelope.start.at, facts.now, facts.calendar?.planAhead ?? PLAN_AHEAD)
      : undefined;
  if (far !== undefined) return refused('start_too_far', `${far}. Choose an earlier one.`);
  if (envelope.start.kind === 'at' && envelope.start.at < facts.now && !sameStart) {
    return refused(
      'start_in_past',
      'That time has passed. Choose a later one, or start as soon as it is ready.',
    );
  }
  return undefined;
}

/** A strategy that the policy does not allow there (ST-8). A step that nobody would carry out is found now, not when traffic has moved half-way. */
export function unsupportedProblem(
  { envelope, adapters }: Terms,
  { taken = new Set(), strategies, planProblem }: Facts,
): Decision | undefined {
  const { strategy } = envelope.plan;
  if (strategies !== undefined && !strategies.includes(strategy)) {
    const others = strategies.length === 0 ? '' : ` Choose ${strategies.join(', ')}.`;
    return refused('not_supported', `${envelope.environment} does not allow "${strategy}".${others}`);
  }
  const missing = stepsNobodyTakes(envelope.plan, taken);
  const why = missing.length > 0 ? `it takes no ${missing.join(' and no ')}` : planProblem;
  if (why === undefined) return undefined;
  return refused(
    'not_supported',
    `${adapters.backend.name} can't carry out "${envelope.plan.strategy}": ${why}. Choose another strategy.`,
  );
}

/** A way back is rehearsed where there is one, and not where it counts (RB-5). */
export function drillProblem(
  { drill }: Pick<Terms, 'drill'>,
  { noDrill, running }: Facts,
): Decision | undefined {
  if (drill !== true) return undefined;
  if (noDrill !== undefined) return refused('not_supported', noDrill);
  return running === null
    ? refused(
        'not_supported',
        'Nothing runs there, so there is nothing to go back to. Deploy a version first.',
      )
    : undefined;
}

/** What was rolled back does not come back by itself (RB-8): who asks for it knows what happened, and says why now. */
export function comesBackProblem({ rolledBack }: Facts, again: string | undefined): Decision | undefined {
  if (rolledBack === undefined || reasonIn(again) !== undefined) return undefined;
  const { deployment, version, at, by, why } = rolledBack;
  return refused(
    'rolled_back_before',
    `${version} was rolled back there ${moment(at)} by ${nameOf(by)} (${deployment}): ${sentence(why.slice(0, 200) || 'no reason given')} Say why it is right now.`,
  );
}

const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** For the record, the card and those who approve it. */
export function comesBack({ rolledBack }: Facts, again: string | undefined): { comesBack?: ComesBack } {
  const reason = reasonIn(again);
  return rolledBack === undefined || reason === undefined ? {} : { comesBack: { ...rolledBack, reason } };
}

const reasonIn = (again: string | undefined): string | undefined => again?.trim() || undefined;

export function otherBuildProblem(envelope: Envelope, { artifact }: Facts): Decision | undefined {
  const other = otherBuild(envelope, artifact?.registered);
  return other === undefined
    ? undefined
    : refused('other_build', `${capital(other)}. Deploy the registered build, or build a new version.`);
}

const capital = (text: string): string => text.replace(/^./, (first) => first.toUpperCase());

/** What is broken cannot wait for its turn in the environments before (GT-8). */
export function promotionProblem(
  { version, environment }: Envelope,
  details: Details,
  { notCompletedIn: before }: Facts,
): Decision | undefined {
  if (before === undefined || baseOf(details) === 'emergency') return undefined;
  return refused(
    'not_promoted',
    `${version} is not complete in ${before}, so ${environment} is closed to it. Deploy it to ${before}, or ask for an emergency change.`,
  );
}

export function admissionProblem({ notAdmitted }: Facts): Decision | undefined {
  return notAdmitted === undefined
    ? undefined
    : refused('wrong_change_type', `${notAdmitted} Nothing was recorded.`);
}

/** Nobody alone reaches production: a policy that names nobody to ask is a mistake, never a yes. */
export function nobodyAsked({ approval, required, details }: Terms): Decision | undefined {
  if (approval.when === 'none' || required.length > 0) return undefined;
  return refused(
    'not_allowed',
    `The policy names nobody to approve this (${details.changeType}, ${details.deploymentType.replaceAll('_', ' ')}): whoever keeps it must name a role. Nothing was recorded.`,
  );
}
