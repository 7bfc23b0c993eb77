/** What a pager reads: plain words, because it may be a telephone. */

import { defined } from '../../defined.ts';
import type { Notification } from '../../notifiers/port.ts';
import type { By } from '../../terms/person.ts';
import type { Deployment } from '../deployment.ts';
import type { Tells } from '../effects.ts';
import { MATTER } from './matters.ts';
import type { NotifyEffect } from './notify.ts';
import type { PagerCall } from './state.ts';

type Said = Pick<Notification, 'summary' | 'severity' | 'about' | 'key' | 'tells' | 'by'>;

/** Undefined where the record does not know the call any more. */
export function notificationOf(d: Deployment, effect: NotifyEffect, link?: string): Notification | undefined {
  const said = saidBy(d, effect);
  if (said === undefined) return undefined;
  const { service, environment, version } = d.terms.envelope;
  const { lead, onCall } = d.terms.details;
  return {
    ...said,
    at: effect.at,
    deployment: d.id,
    service,
    environment,
    version,
    previous: d.previous,
    lead: lead.name,
    onCall: onCall.name,
    ...defined({ link }),
  };
}

function saidBy(d: Deployment, { tells, about, key }: NotifyEffect): Said | undefined {
  if (isChange(tells)) {
    const summary = oneLine(`${release(d)} ${CHANGE_WORDS[tells](d)}`);
    return { tells: 'change', key, about: tells, severity: 'info', summary };
  }
  const call = d.paging?.calls.find(({ seq }) => seq === about);
  return call === undefined ? undefined : { tells, ...ofCall(d, call, tells) };
}

function ofCall(d: Deployment, call: PagerCall, tells: 'trigger' | 'acknowledge' | 'resolve') {
  const by = personOf(call.acknowledged?.by);
  const words = {
    trigger: call.says,
    acknowledge: `${by ?? 'somebody'} has it: ${call.says}`,
    resolve: `over: ${call.says}`,
  };
  return {
    key: callKey(d, call),
    about: call.matter,
    severity: MATTER[call.matter].severity,
    summary: oneLine(`${release(d)}: ${words[tells]}`),
    ...defined({ by }),
  };
}

/** Pagers know a call by it; two installations may share a pager. */
function callKey({ id, terms: { envelope } }: Deployment, { seq }: Pick<PagerCall, 'seq'>): string {
  return `gonogo/${envelope.service}/${envelope.environment}/${id}/${seq}`;
}

const CHANGE_WORDS = {
  started: ({ previous }: Deployment) => `has started (${previous ?? 'nothing'} ran before)`,
  verified: () => 'has all traffic',
  rolled_back: ({ rollback }: Deployment) => `was rolled back to ${rollback?.to ?? 'nothing'}`,
};

const isChange = (tells: Tells): tells is keyof typeof CHANGE_WORDS => tells in CHANGE_WORDS;

/** `checkout v2.1.0 in production (D-1042)` */
function release({ id, terms: { envelope } }: Deployment): string {
  return `${envelope.service} ${envelope.version} in ${envelope.environment} (${id})`;
}

const personOf = (by: By | undefined): string | undefined => (by?.kind === 'person' ? by.name : undefined);

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
