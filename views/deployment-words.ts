/** How a deployment is called, and what its plan, its people and its change read like. */

import { goesFor } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import { isLeftToPeople } from '../src/deployment/rollback/data-at-risk.ts';
import { isDeclaredCompatible } from '../src/deployment/rollback/what-breaks.ts';
import type { Details } from '../src/terms/change.ts';
import { changeTypeWords } from '../src/terms/change.ts';
import { compatibleVersions, reverseScriptOf } from '../src/terms/database-plan.ts';
import { type By, distinctPeople, type PersonRef } from '../src/terms/person.ts';
import { type Plan, plannedDuration, stagesOf } from '../src/terms/plan.ts';
import { duration, inline, listOf, mention, traffic } from './text.ts';

/** `checkout v2.1.0`, escaped. */
export function release({ terms: { envelope } }: Deployment): string {
  return `${inline(envelope.service, 60)} ${inline(envelope.version, 60)}`;
}

/** `checkout v2.1.0 → production`, escaped. */
export function title(d: Deployment): string {
  return `${release(d)} → ${inline(d.terms.envelope.environment, 40)}`;
}

/** `checkout v2.1.0`, for plain text. */
export function plainRelease({ terms: { envelope } }: Deployment): string {
  return `${envelope.service} ${envelope.version}`;
}

/** `CR-1042`: a deployment has one change request at most, and its number. */
export const changeRequestId = ({ id }: Pick<Deployment, 'id'>): string => id.replace(/^D-/, 'CR-');

export function name(person: PersonRef): string {
  return inline(person.name, 60) || person.id;
}

/** Who did it; the engine by its own name. */
export function byName(by: By): string {
  return by.kind === 'person' ? name(by) : 'GoNoGo';
}

/** `Canary 5 → 25 → 75 → 100 %, 3 h 30 min` */
export function planWords(plan: Plan, strategyName?: string): string {
  const shares = stagesOf(plan).map(({ percent }) => traffic(percent).slice(0, -2));
  const shown = shares.length > 10 ? [...shares.slice(0, 8), '…', ...shares.slice(-1)] : shares;
  const watched = plannedDuration(plan);
  const title =
    strategyName ?? plan.strategy.replace(/[-_]/g, ' ').replace(/^./, (first) => first.toUpperCase());
  const path = shown.length === 0 ? '' : ` ${shown.join(' → ')} %`;
  return `${inline(title, 60)}${path}${watched === 0 ? '' : `, ${duration(watched)}`}`;
}

export const DEPLOYMENT_TYPE_NAMES: Record<Details['deploymentType'], string> = {
  feature: 'Feature',
  bug_fix: 'Bug fix',
  security: 'Security',
  performance: 'Performance',
  infrastructure: 'Infrastructure',
  major_release: 'Major release',
};

export const DATABASE_NAMES: Record<Details['database'], string> = {
  none: 'No change',
  additive: 'Additive',
  breaking: 'Breaking',
  data_migration: 'Data migration',
};

/** What becomes of the database when the code goes back (RB-4); it begins with what the version that comes back was declared to be. */
export function databaseOnRollback(d: Deployment): string {
  const { details } = d.terms;
  return [declaredWords(d), DATABASE_ON_ROLLBACK[details.database](details)].filter(Boolean).join(' ');
}

const DATABASE_ON_ROLLBACK: Record<Details['database'], (details: Details) => string> = {
  none: () => '',
  additive: () => 'The additive database change stays, and so does what was written since.',
  breaking: () =>
    'It does not undo the breaking database change: that needs its point-in-time recovery besides, and what was written since is lost with it.',
  data_migration: (details) =>
    `It does not undo the data migration: that needs its reverse script besides${scriptWords(details)}.`,
};

const scriptWords = (details: Details): string => {
  const script = reverseScriptOf(details);
  return script === undefined ? '' : ` (${inline(script, 60)})`;
};

function declaredWords(d: Deployment): string {
  const isCompatible = isDeclaredCompatible(d);
  if (isCompatible === undefined) return '';
  const to = inline(d.previous ?? '', 60);
  return isCompatible
    ? `${to} was declared to work with the changed database.`
    : `⚠️ ${to} is not among the versions that were declared to work with the changed database.`;
}

/** Its kind and what is declared besides, for those who sign it; empty where nothing changes. */
export function databasePlanWords(details: Details): string {
  if (details.database === 'none') return '';
  const versions = compatibleVersions(details);
  const script = reverseScriptOf(details);
  return [
    `database: ${details.database.replace('_', ' ')}`,
    ...(versions === undefined ? [] : [`works with ${inline(versions.join(', '), 120)}`]),
    ...(script === undefined ? [] : [`reverse script: ${inline(script, 200)}`]),
  ].join(', ');
}

/** Of what is held: what the engine does meanwhile. */
export function ifItFails(d: Deployment): string {
  return isLeftToPeople(d)
    ? 'and is not rolled back by itself, because that would break data'
    : 'and is rolled back if it fails';
}

/** `v2.0.4 → v2.1.0 · normal change, feature, medium risk · lead Dana · on-call Omar` */
export function changeWords(d: Deployment): string {
  const { changeType, deploymentType, risk, lead, onCall } = d.terms.details;
  const from =
    d.previous === null
      ? 'first version here'
      : `${inline(d.previous, 60)} → ${inline(d.terms.envelope.version, 60)}`;
  const kind = `${changeTypeWords(changeType)} change, ${DEPLOYMENT_TYPE_NAMES[deploymentType].toLowerCase()}, ${risk} risk`;
  return `${from} · ${kind} · lead ${name(lead)} · on-call ${name(onCall)}`;
}

/** `Roll back to v2.0.4`; where nothing ran before, the new version is taken out. Not escaped. */
export function rollbackVerb(d: Deployment): string {
  return d.previous === null ? `Take ${d.terms.envelope.version} out` : `Roll back to ${d.previous}`;
}

/** `Go from Tom, Sana and Omar` */
export function goesWords(d: Deployment): string {
  if (d.terms.required.length === 0) return 'No sign-off needed';
  const people = d.terms.required.flatMap(({ role }) => goesFor(d, role)).map(({ person }) => person);
  const names = distinctPeople(people).map(name);
  return names.length === 0 ? 'No go yet' : `Go from ${listOf(names, 'and', 8)}`;
}

/** The two people who answer for it, mentioned because they must act. */
export function leadOrOnCall({
  terms: {
    details: { lead, onCall },
  },
}: Deployment): string {
  return lead.id === onCall.id ? mention(lead) : `${mention(lead)} or ${mention(onCall)}`;
}

/** The same two by name, where nobody is to be notified. */
export function leadOrOnCallNames({
  terms: {
    details: { lead, onCall },
  },
}: Deployment): string {
  return lead.id === onCall.id ? name(lead) : `${name(lead)} or ${name(onCall)}`;
}

/** The registered build is another one: what that means for this deployment, and what to do. */
export function otherBuildWords(d: Deployment, says: string): string {
  const sentence = inline(says, 300).replace(/^./, (first) => first.toUpperCase());
  return NOT_STARTED.has(d.status)
    ? `${sentence}. It cannot start like this: choose the registered build, or a new version.`
    : `${sentence}. ${leadOrOnCall(d)} must decide whether it stays.`;
}
