/** What is read, ticked and written of a deployment, and asking for it again. */

import type { Button } from '@slack/types';
import { lacksChangeRequest } from '../src/deployment/approval/change-request.ts';
import { owesChangeRequest, owesWriteUp } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { owesReview } from '../src/deployment/review/owed.ts';
import { deploymentButton } from './deployment-actions.ts';
import { plainRelease } from './deployment-words.ts';

/** Empty where no review is owed. */
export function reviewButtons(d: Deployment): Button[] {
  if (!owesReview(d)) return [];
  return [
    deploymentButton(d, 'review', {
      text: 'Write the review',
      label: `Write the review of ${plainRelease(d)}`,
    }),
  ];
}

/** It may be worded anew. */
export function changeReviewButton(d: Deployment): Button {
  return deploymentButton(d, 'review', {
    text: 'Review',
    label: `Change the review of ${plainRelease(d)}`,
  });
}

export function incidentButton(d: Deployment): Button {
  return deploymentButton(d, 'incident', {
    text: 'Incident record',
    label: `Post the incident record of ${plainRelease(d)} in its thread`,
  });
}

export function againButton(d: Deployment): Button {
  return deploymentButton(d, 'again', {
    text: 'Deploy again',
    label: `Deploy ${plainRelease(d)} again`,
  });
}

export function changeRequestButton(d: Deployment): Button {
  const missing = lacksChangeRequest(d);
  return deploymentButton(d, 'changeRequest', {
    text: missing ? 'Write change request' : 'Change request',
    label: `${missing ? 'Write' : 'Change'} the change request of ${plainRelease(d)}`,
  });
}

export function checklistButton(d: Deployment): Button {
  return deploymentButton(d, 'checklist', {
    text: 'Checklist',
    label: `Checklist of ${plainRelease(d)}`,
  });
}

export function detailsButton(d: Deployment): Button {
  return deploymentButton(d, 'details', {
    text: 'Details',
    label: `Details of ${plainRelease(d)}`,
  });
}

export function writeUpButton(d: Deployment): Button {
  return deploymentButton(d, 'writeUp', {
    text: 'Write it up',
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
