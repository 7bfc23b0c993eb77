/** Going back, with what it asks first, and what is asked of it afterwards (RB-1). */

import type { Button } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { confirmation } from './blocks.ts';
import { deploymentButton } from './deployment-actions.ts';
import { databaseOnRollback, plainRelease, rollbackVerb } from './deployment-words.ts';
import { wayBackWords } from './step-words.ts';
import { traffic } from './text.ts';

/** `why` is the reason, where it was said beforehand. */
export function rollBackButton(d: Deployment, why = ''): Button {
  const { service, version } = d.terms.envelope;
  const stage = d.rollout?.stages.at(-1);
  const share =
    stage === undefined ? 'No traffic has moved.' : `${traffic(stage.percent)} of traffic moves at once.`;
  const title =
    d.previous === null
      ? `Take ${service} ${version} out?`
      : `Roll ${service} back from ${version} to ${d.previous}?`;
  return deploymentButton(d, 'rollBack', {
    text: rollbackVerb(d),
    style: 'danger',
    more: why === '' ? {} : { w: why },
    label:
      d.previous === null
        ? `Take ${service} ${version} out`
        : `Roll back ${service} ${version} to ${d.previous}`,
    confirm: confirmation({
      title,
      text: [share, wayBackWords(d), databaseOnRollback(d)].filter(Boolean).join(' '),
      yes: d.previous === null ? 'Take it out' : 'Roll back',
      no: `Keep ${version}`,
      danger: true,
    }),
  });
}

/** The second question has no third. */
export function breakDataButton(d: Deployment, why = ''): Button {
  return deploymentButton(d, 'breakData', {
    text: `${rollbackVerb(d)} all the same`,
    style: 'danger',
    more: why === '' ? {} : { w: why },
    label: `Roll back ${plainRelease(d)} although it breaks data`,
  });
}

/** The reason of a rollback is asked after it, never before (RB-1). */
export function explainButtons(d: Deployment): Button[] {
  const asked = d.rollback?.by.kind === 'person' && d.rollback.reason === undefined;
  if (!asked) return [];
  return [
    deploymentButton(d, 'explain', {
      text: 'Say why',
      label: `Say why ${plainRelease(d)} was rolled back`,
    }),
  ];
}

/** Of a rollback that nobody asked for. */
export function sayWhatHappenedButton(d: Deployment): Button {
  return deploymentButton(d, 'explain', {
    text: 'Say what happened',
    label: `Say what happened to ${plainRelease(d)}`,
  });
}

/** The way out of a rollback that the backend does not do: only while it is in trouble. */
export function giveUpButtons(d: Deployment): Button[] {
  if (d.status !== 'rolling_back' || d.trouble === undefined) return [];
  return [
    deploymentButton(d, 'giveUp', {
      text: 'Put right by hand…',
      label: `The rollback of ${plainRelease(d)} was put right by hand`,
    }),
  ];
}
