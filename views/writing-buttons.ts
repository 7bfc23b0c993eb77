/** What is read, ticked and written of a deployment, and asking for it again. */

import type { Button } from '@slack/types';
import { lacksChangeRequest } from '../src/deployment/approval/change-request.ts';
import { owesChangeRequest, owesWriteUp } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { owesReview } from '../src/deployment/review/owed.ts';
import { button } from './blocks.ts';
import { CARD_ACTIONS, stamp } from './deployment-actions.ts';
import { plainRelease } from './deployment-words.ts';

/** Empty where no review is owed. */
export function reviewButtons(d: Deployment): Button[] {
  if (!owesReview(d)) return [];
  return [
    button({
      action: CARD_ACTIONS.review,
      text: 'Write the review',
      value: stamp(d),
      label: `Write the review of ${plainRelease(d)}`,
    }),
  ];
}

/** It may be worded anew. */
export function changeReviewButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.review,
    text: 'Review',
    value: stamp(d),
    label: `Change the review of ${plainRelease(d)}`,
  });
}

export function incidentButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.incident,
    text: 'Incident record',
    value: stamp(d),
    label: `Post the incident record of ${plainRelease(d)} in its thread`,
  });
}

export function againButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.again,
    text: 'Deploy again',
    value: stamp(d),
    label: `Deploy ${plainRelease(d)} again`,
  });
}

export function changeRequestButton(d: Deployment): Button {
  const missing = lacksChangeRequest(d);
  return button({
    action: CARD_ACTIONS.changeRequest,
    text: missing ? 'Write change request' : 'Change request',
    value: stamp(d),
    label: `${missing ? 'Write' : 'Change'} the change request of ${plainRelease(d)}`,
  });
}

export function checklistButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.checklist,
    text: 'Checklist',
    value: stamp(d),
    label: `Checklist of ${plainRelease(d)}`,
  });
}

export function detailsButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.details,
    text: 'Details',
    value: stamp(d),
    label: `Details of ${plainRelease(d)}`,
  });
}

export function writeUpButton(d: Deployment): Button {
  return button({
    action: CARD_ACTIONS.writeUp,
    text: 'Write it up',
    value: stamp(d),
    label: `Write up ${plainRelease(d)}`,
  });
}

/** What its lead owes in writing. */
export function toWrite(d: Deployment): Button[] {
  return [
    ...(owesWriteUp(d) ? [writeUpButton(d)] : []),
    ...(owesChangeRequest(d) ? [changeRequestButton(d)] : []),
  ];
}
