/** What can be done while it rolls out, is held or is watched, with what each asks first. */

import type { Button } from '@slack/types';
import type { Deployment } from '../src/deployment/deployment.ts';
import { unseenBeforePromote, unseenBeforeResume } from '../src/deployment/rollout/evidence.ts';
import { currentStep, duringStep, mayBePromoted, stagesBegun } from '../src/deployment/rollout/progress.ts';
import { stagesOf } from '../src/terms/plan.ts';
import { confirmation } from './blocks.ts';
import { deploymentButton } from './deployment-actions.ts';
import { plainRelease } from './deployment-words.ts';
import { rollBackButton } from './rollback-buttons.ts';
import { oneLine, traffic } from './text.ts';

/** Empty where there is nothing to promote: traffic is still moving, or the plan is over. What was not seen asks for a reason. */
export function promoteButtons(d: Deployment): Button[] {
  const stage = d.rollout?.stages.at(-1);
  const finishing = isFinishing(d);
  if (!(mayBePromoted(d) || finishing) || (stage === undefined && !duringStep(d, 'tests'))) return [];
  const asks = unseenBeforePromote(d) !== undefined;
  return [
    deploymentButton(d, 'promote', {
      text: `${finishing ? 'Accept as complete' : 'Promote now'}${asks ? '…' : ''}`,
      more: stage === undefined ? {} : { n: stage.number },
      label: `Promote ${plainRelease(d)} now${asks ? ', with a reason' : ''}`,
      ...(asks ? {} : { confirm: confirmPromote(d) }),
    }),
  ];
}

const isFinishing = (d: Deployment): boolean =>
  d.status === 'held' && stagesBegun(d).length > 0 && currentStep(d) === undefined;

function confirmPromote(d: Deployment) {
  return confirmation({
    title: `Promote ${plainRelease(d)} now?`,
    text: `It ${nextWords(d)}. It stays watched and can be rolled back.`,
    yes: 'Promote',
    no: 'Keep watching',
  });
}

/** What a promote does now: "goes from 5 % to 25 % of traffic before its watch is over". */
export function nextWords(d: Deployment): string {
  if (isFinishing(d)) return 'counts as complete, and is then watched as usual';
  const stage = d.rollout?.stages.at(-1);
  const next = stagesOf(d.terms.envelope.plan)[stagesBegun(d).length];
  const to =
    next === undefined
      ? 'to completion'
      : `from ${traffic(stage?.percent ?? 0)} to ${traffic(next.percent)} of traffic`;
  return duringStep(d, 'tests')
    ? `goes ${to} without its smoke tests`
    : `goes ${to} before its watch is over`;
}

export function holdButton(d: Deployment): Button {
  const stage = d.rollout?.stages.at(-1)?.number;
  return deploymentButton(d, 'hold', {
    text: 'Hold',
    more: stage === undefined ? {} : { n: stage },
    label: `Hold ${plainRelease(d)}`,
  });
}

export function problemButton(d: Deployment): Button {
  return deploymentButton(d, 'problem', {
    text: 'Report a problem',
    label: `Report a problem of ${plainRelease(d)}`,
  });
}

/** The reason of a hold is asked after it, never before. */
export function explainHoldButtons(d: Deployment): Button[] {
  if (!lacksReasonOfHold(d)) return [];
  return [
    deploymentButton(d, 'explainHold', {
      text: 'Say why',
      label: `Say why ${plainRelease(d)} is held`,
    }),
  ];
}

export function lacksReasonOfHold({ rollout }: Deployment): boolean {
  return rollout?.hold?.by.kind === 'person' && rollout.hold.reason === '';
}

/** What can be decided while it is held: the dangerous one first, and none of them the obvious one. */
export function heldButtons(d: Deployment): Button[] {
  return [rollBackButton(d), resumeButton(d), ...promoteButtons(d)];
}

/** Somebody else deployed there since it was asked for: it starts from what runs now once somebody says so. */
export function acceptDriftButtons(d: Deployment): Button[] {
  const { drift } = d.start;
  if (d.status !== 'scheduled' || drift === undefined) return [];
  const runs = oneLine(drift.runs ?? 'nothing').slice(0, 40);
  return [
    deploymentButton(d, 'acceptDrift', {
      text: `Start from ${runs}`,
      more: { n: drift.seq },
      label: `Start ${plainRelease(d)} from ${runs}`,
      confirm: confirmation({
        title: `Start from ${runs}?`,
        text: `Somebody else brought ${runs} there, and ${plainRelease(d)} replaces it. A rollback then goes back to ${runs}.`,
        yes: 'Start from there',
        no: 'Wait',
      }),
    }),
  ];
}

function resumeButton(d: Deployment): Button {
  const asks = unseenBeforeResume(d) !== undefined;
  return deploymentButton(d, 'resume', {
    text: asks ? 'Resume…' : d.rollout?.hold?.drift ? 'Put it back, go on' : 'Resume',
    label: `Resume ${plainRelease(d)}${asks ? ', with a reason' : ''}`,
    ...(!asks && d.rollout?.hold?.drift ? { confirm: confirmOverwrite(d) } : {}),
  });
}

function confirmOverwrite(d: Deployment) {
  return confirmation({
    title: `Put ${plainRelease(d)} back?`,
    text: 'Somebody else changed what runs. That is overwritten, and the stage is watched from its beginning.',
    yes: 'Put it back',
    no: 'Leave it as it is',
  });
}

/** Where what was seen does not settle it, a reason is asked for. */
export function handOverButton(d: Deployment): Button {
  if (d.rollout?.finalWatch?.unsettled !== undefined)
    return deploymentButton(d, 'handOver', {
      text: 'Hand over…',
      label: `Hand ${plainRelease(d)} over, with a reason`,
    });
  return deploymentButton(d, 'handOver', {
    text: 'Hand over now',
    label: `Hand ${plainRelease(d)} over now`,
    confirm: confirmation({
      title: `Hand ${plainRelease(d)} over now?`,
      text: 'GoNoGo stops watching it. /deploy rollback can still take it back.',
      yes: 'Hand over',
      no: 'Keep watching',
    }),
  });
}
