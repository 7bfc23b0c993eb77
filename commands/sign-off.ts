/** Go and No-go (K-4): on the card, in the DM and on Home. */

import { owedSignOffs } from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { NOT_STARTED } from '../src/deployment/lifecycle.ts';
import type { Click, Feature, Submission, SubmissionEnd } from '../src/slack/feature.ts';
import type { ButtonValue } from '../views/button-value.ts';
import { CARD_ACTIONS, MORE } from '../views/deployment-actions.ts';
import { NO_GO_MODAL, readNoGoModal, renderNoGoModal } from '../views/no-go-modal.ts';
import { carryOut, clicked, openModal, type Room, submit } from './room.ts';

export function signOff(room: Room): Feature {
  return {
    clicks: {
      [CARD_ACTIONS.go]: (click) => go(room, click),
      [CARD_ACTIONS.noGo]: (click) => openNoGo(room, click),
    },
    choices: {
      [MORE.go]: (click) => go(room, click),
      [MORE.noGo]: (click) => openNoGo(room, click),
    },
    submissions: { [NO_GO_MODAL.callback]: (submission) => noGo(room, submission) },
  };
}

async function go(room: Room, click: Click): Promise<void> {
  const found = await clicked(room, click);
  if (!found) return;
  const { deployment, value } = found;
  await carryOut(room, click, deployment.id, { kind: 'sign', decision: 'go', ...signed(deployment, value) });
}

async function openNoGo(room: Room, click: Click): Promise<void> {
  const found = await clicked(room, click);
  if (!found) return;
  const { deployment, value } = found;
  if (!NOT_STARTED.has(deployment.status) && owedSignOffs(deployment).length === 0) {
    return click.answer({ text: `Sign-offs for ${deployment.id} are over. The card shows where it is.` });
  }
  await openModal(room, click, renderNoGoModal(deployment, value));
}

async function noGo(room: Room, submission: Submission): Promise<SubmissionEnd> {
  const read = readNoGoModal(submission.view);
  if (!read.ok) return { kind: 'errors', errors: read.errors };
  const deployment = await room.stores.events.load(read.button.d);
  const shown = deployment ? signed(deployment, read.button) : { envelopeHash: '' };
  return submit(room, submission, read.button.d, NO_GO_MODAL.block, {
    kind: 'sign',
    decision: 'no_go',
    ...shown,
    ...(read.reason === undefined ? {} : { reason: read.reason }),
  });
}

/** What the person was shown: its hash, as far as the button carries it, decides whether it is still the same. */
function signed(deployment: Deployment, value: ButtonValue): { envelopeHash: string; role?: string } {
  const shown = value.h ?? '';
  const same = shown !== '' && deployment.envelopeHash.startsWith(shown);
  return {
    envelopeHash: same ? deployment.envelopeHash : shown,
    ...(value.r === undefined ? {} : { role: value.r }),
  };
}
