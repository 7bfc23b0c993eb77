/** How a change of a request is told: what differs, and what somebody else changed meanwhile (CH-7). */

import type { Details } from '../../terms/change.ts';
import type { Envelope } from '../../terms/envelope.ts';
import type { Terms } from '../../terms/terms.ts';
import { moment } from '../../time.ts';
import { canonicalJson } from '../canonical-json.ts';
import type { Deployment } from '../deployment.ts';
import type { Intent } from '../intents.ts';
import { wordsHash } from './envelope.ts';

const DETAIL_NAMES: Partial<Record<keyof Details, string>> = {
  changeType: 'change type',
  deploymentType: 'deployment type',
  risk: 'risk',
  database: 'database',
  compatible: 'compatible versions',
  reverseScript: 'reverse script',
  summary: 'summary',
};

export function changesBetween(d: Deployment, envelope: Envelope, details: Details): string[] {
  const changes: string[] = [];
  const was = d.terms.envelope;
  if (was.version !== envelope.version) changes.push(`version ${was.version} → ${envelope.version}`);
  else if (was.sha !== envelope.sha) {
    const same = was.tree !== undefined && was.tree === envelope.tree ? ' (its tree is the same)' : '';
    changes.push(`commit ${was.sha.slice(0, 7)} → ${envelope.sha.slice(0, 7)}${same}`);
  }
  if (was.version === envelope.version && was.digest !== envelope.digest) changes.push('artifact digest');
  if (was.plan.strategy !== envelope.plan.strategy)
    changes.push(`strategy ${was.plan.strategy} → ${envelope.plan.strategy}`);
  else if (canonicalJson(was.plan) !== canonicalJson(envelope.plan)) changes.push('plan');
  if (canonicalJson(was.start) !== canonicalJson(envelope.start)) changes.push('start time');
  if (d.terms.details.lead.id !== details.lead.id)
    changes.push(`lead ${d.terms.details.lead.name} → ${details.lead.name}`);
  if (d.terms.details.onCall.id !== details.onCall.id)
    changes.push(`on-call ${d.terms.details.onCall.name} → ${details.onCall.name}`);
  for (const [key, name] of Object.entries(DETAIL_NAMES) as [keyof Details, string][]) {
    if (d.terms.details[key] !== details[key]) changes.push(name);
  }
  return changes;
}

type IntentOf<K extends Intent['kind']> = Extract<Intent, { kind: K }>;

/** A form that began from something older must not put it back. */
export function isLostUpdate(
  d: Deployment,
  { envelopeHash: seen, wordsHash: read }: IntentOf<'revise'>,
): boolean {
  return (
    (seen !== undefined && seen !== d.envelopeHash) ||
    (read !== undefined && read !== wordsHash(d.terms.details))
  );
}

/** What the person would save beside what is there now, field by field; long words are cut. */
export function bothValues(d: Deployment, { envelope, details }: Terms): string {
  const now = d.terms;
  const fields: [string, string, string][] = [
    ['version', now.envelope.version, envelope.version],
    ['strategy', now.envelope.plan.strategy, envelope.plan.strategy],
    ['start', startWords(now.envelope), startWords(envelope)],
    ['change type', now.details.changeType, details.changeType],
    ['deployment type', now.details.deploymentType, details.deploymentType],
    ['risk', now.details.risk, details.risk],
    ['database', now.details.database, details.database],
    ['compatible versions', now.details.compatible ?? '', details.compatible ?? ''],
    ['reverse script', now.details.reverseScript ?? '', details.reverseScript ?? ''],
    ['lead', now.details.lead.name, details.lead.name],
    ['on-call', now.details.onCall.name, details.onCall.name],
    ['summary', now.details.summary, details.summary],
  ];
  const differ = fields.filter(([, theirs, yours]) => theirs !== yours);
  const cut = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
  const words = differ.map(
    ([field, theirs, yours]) => `${field}: now "${cut(theirs)}", yours "${cut(yours)}"`,
  );
  return words.length === 0 ? '' : `${words.join('; ')}. `;
}

const startWords = ({ start }: Envelope): string =>
  start.kind === 'at' ? moment(start.at) : 'as soon as it is ready';
