/** Which buttons a card has in sight and what its menu holds: the likeliest first, the one that moves all traffic last. */

import type { ActionsBlockElement, Button } from '@slack/types';
import { waitsForChangeRequest } from '../src/deployment/approval/change-request.ts';
import {
  missingSignOffs,
  owedSignOffs,
  owesChangeRequest,
  owesWriteUp,
} from '../src/deployment/approval/sign-offs.ts';
import type { Deployment } from '../src/deployment/deployment.ts';
import { missingBefore } from '../src/deployment/readiness/readiness.ts';
import { duringStep, handingOverState, stagesBegun } from '../src/deployment/rollout/progress.ts';
import { overflow } from './blocks.ts';
import { CARD_ACTIONS, EXTEND_BY, MORE, shown, stamp } from './deployment-actions.ts';
import { takePageButtons } from './pager-words.ts';
import { hasChecklist, itemsBefore } from './readiness.ts';
import { explainButtons, giveUpButtons, rollBackButton } from './rollback-buttons.ts';
import {
  acceptDriftButtons,
  handOverButton,
  heldButtons,
  holdButton,
  lacksReasonOfHold,
  problemButton,
  promoteButtons,
} from './rollout-buttons.ts';
import { goButton, noGoButton } from './sign-off-buttons.ts';
import { duration } from './text.ts';
import {
  againButton,
  changeRequestButton,
  changeReviewButton,
  checklistButton,
  detailsButton,
  incidentButton,
  reviewButtons,
  writeUpButton,
} from './writing-buttons.ts';

type Choice = { text: string; value: string };

/** What may stand in the menu or beside it. */
interface Offer {
  choice: Choice;
  button: Button;
}

const MAX_IN_SIGHT = 3;
/** Slack takes no more in an overflow menu. */
const MAX_CHOICES = 5;

/** What can be done now: while a pager rings, first of all to say who has it. */
export function cardButtons(d: Deployment): ActionsBlockElement[] {
  return [...takePageButtons(d), ...usualButtons(d)];
}

function usualButtons(d: Deployment): ActionsBlockElement[] {
  switch (d.status) {
    case 'preparing':
    case 'scheduled':
      return beforeStart(d);
    case 'rolling_out':
      return [...promoteButtons(d), holdButton(d), rollBackButton(d), ...onTheWay(d)];
    case 'held':
      return [...heldButtons(d), ...onTheWay(d)];
    case 'verifying':
      return [holdButton(d), rollBackButton(d), ...onTheWay(d)];
    case 'observing': {
      const open = missingBefore(d, 'hand_over').length > 0 ? [checklistButton(d)] : [];
      const handOver = handingOverState(d) === 'under_way' ? [] : [handOverButton(d)];
      return [...open, ...handOver, rollBackButton(d), ...onTheWay(d)];
    }
    case 'rolling_back':
      return [...explainButtons(d), ...giveUpButtons(d), ...onTheWay(d)];
    case 'rolled_back':
      return [...explainButtons(d), ...afterRollback(d)];
    case 'failed':
      return [againButton(d), ...explainButtons(d), ...afterRollback(d, [detailsOffer(d)])];
    case 'rejected':
    case 'expired':
    case 'cancelled':
      return [againButton(d)];
    // Nothing of it can be driven from here.
    case 'watched_only':
    case 'watch_over':
      return [];
    case 'handed_over':
      return owedButtons(d, [], judgeAgain(d));
  }
}

/** What an emergency or a rollback owes, as buttons: where nothing else is to be done with it. */
export function owedButtons(d: Deployment, offers: Offer[] = [], last: Choice[] = []): ActionsBlockElement[] {
  const owed = owedOffers(d);
  return arranged(
    owed.slice(0, MAX_IN_SIGHT).map(({ button }) => button),
    owed.slice(MAX_IN_SIGHT).map(({ choice }) => choice),
    offers,
    last,
  );
}

/** What is owed, and what is left to be read or worded anew. */
function afterRollback(d: Deployment, offers: Offer[] = []): ActionsBlockElement[] {
  const reviewed = d.review?.written === undefined ? [] : [reviewOffer(d)];
  return owedButtons(d, [incidentOffer(d), ...reviewed, ...offers], judgeAgain(d));
}

function incidentOffer(d: Deployment): Offer {
  return {
    choice: { text: 'Incident record', value: stamp(d, { a: MORE.incident }) },
    button: incidentButton(d),
  };
}

function reviewOffer(d: Deployment): Offer {
  return { choice: reviewChoice(d, 'Review…'), button: changeReviewButton(d) };
}

const reviewChoice = (d: Deployment, text: string): Choice => ({
  text,
  value: stamp(d, { a: MORE.review }),
});

function beforeStart(d: Deployment): ActionsBlockElement[] {
  const wanted: Button[] = [
    ...acceptDriftButtons(d),
    ...(waitsForChangeRequest(d) ? [changeRequestButton(d)] : []),
    ...(asksForSignOffs(d) ? [goButton(d), noGoButton(d)] : []),
  ];
  const checklist = hasChecklist(d) ? [checklistOffer(d)] : [];
  const inSight = wanted.length < MAX_IN_SIGHT;
  const noGo = d.terms.required.length > 0 && !asksForSignOffs(d);
  return arranged(
    [...wanted, ...(inSight ? checklist.map(({ button }) => button) : [])],
    [
      { text: 'Change…', value: stamp(d, { a: MORE.edit }) },
      ...(mayBeOverridden(d)
        ? [{ text: 'Start in spite of it…', value: stamp(d, { a: MORE.override }) }]
        : []),
      ...(noGo ? [{ text: 'No-go…', value: stamp(d, { a: MORE.noGo, ...shown(d) }) }] : []),
      ...(missingSignOffs(d).length > 0
        ? [{ text: 'Delegate my sign-off…', value: stamp(d, { a: MORE.delegate }) }]
        : []),
    ],
    [
      ...(inSight ? [] : checklist),
      ...(d.evidence.changeRequest === undefined ? [] : [changeRequestOffer(d)]),
      detailsOffer(d),
    ],
    [{ text: 'Cancel this deployment…', value: stamp(d, { a: MORE.cancel }) }],
  );
}

/** Watching longer, while there is a watch to extend; what an emergency owes; what comes before the hand-over. */
function onTheWay(d: Deployment): ActionsBlockElement[] {
  const stage = d.rollout?.stages.at(-1);
  const moving = d.status === 'rolling_out' || d.status === 'held';
  const watching = moving && duringStep(d, 'mayExtend') ? stage : undefined;
  const extend = watching
    ? Object.entries(EXTEND_BY).map(([a, by]) => ({
        text: `Watch ${duration(by)} longer`,
        value: stamp(d, { a, n: watching.number }),
      }))
    : [];
  const why = lacksReasonOfHold(d)
    ? [{ text: 'Say why it is held…', value: stamp(d, { a: MORE.explainHold }) }]
    : [];
  const owed = [...why, ...owedOffers(d).map(({ choice }) => choice)];
  const before = d.status !== 'rolling_back' && d.status !== 'observing';
  const later = before && itemsBefore(d, 'hand_over').length > 0 ? [checklistOffer(d)] : [];
  const problems = problemOffers(d);
  return arranged(
    [],
    // The shorter extension can be chosen again.
    [...extend.slice(0, MAX_CHOICES - owed.length), ...owed],
    [...later, detailsOffer(d), ...problems],
    againChoice(d, extend.length + owed.length + later.length + 1 + problems.length),
  );
}

/** The judge asked again, of what it has looked at. */
function judgeAgain(d: Deployment): Choice[] {
  const looked = stagesBegun(d).some(({ lastLook }) => lastLook !== undefined);
  return looked ? [{ text: 'Judge it again…', value: stamp(d, { a: MORE.judgeAgain }) }] : [];
}

/** The last choice, while the menu has room for it. */
const againChoice = (d: Deployment, others: number): Choice[] => (others < MAX_CHOICES ? judgeAgain(d) : []);

/** What has a button of its own stands in the menu while that has room, else beside it. */
function arranged(
  inSight: Button[],
  choices: Choice[],
  offers: Offer[],
  last: Choice[] = [],
): ActionsBlockElement[] {
  const room = MAX_CHOICES - choices.length - last.length;
  const menu = [...choices, ...offers.slice(0, room).map(({ choice }) => choice), ...last];
  const beside = offers.slice(room).map(({ button }) => button);
  return [...inSight, ...beside, ...(menu.length === 0 ? [] : [overflow(CARD_ACTIONS.more, menu)])];
}

function checklistOffer(d: Deployment): Offer {
  return {
    choice: { text: 'Checklist…', value: stamp(d, { a: MORE.checklist }) },
    button: checklistButton(d),
  };
}

function detailsOffer(d: Deployment): Offer {
  return { choice: { text: 'Details', value: stamp(d, { a: MORE.details }) }, button: detailsButton(d) };
}

/** While a stage is watched, its report has the button. */
function problemOffers(d: Deployment): Offer[] {
  if (d.status !== 'observing' && d.status !== 'verifying') return [];
  const choice = { text: 'Report a problem…', value: stamp(d, { a: MORE.problem }) };
  return [{ choice, button: problemButton(d) }];
}

function changeRequestOffer(d: Deployment): Offer {
  const button = changeRequestButton(d);
  return {
    choice: { text: `${button.text.text}…`, value: stamp(d, { a: MORE.changeRequest }) },
    button,
  };
}

/** A freeze, a closed window or a rollback before it; who may override it is asked at the click. */
function mayBeOverridden({ start: { waiting } }: Deployment): boolean {
  return waiting?.for.some(({ kind, overrides }) => kind === 'rolled_back' || overrides.length > 0) ?? false;
}

/** Go and No-go are in sight until nothing but gates and items is waited for. */
function asksForSignOffs(d: Deployment): boolean {
  return (
    d.status === 'preparing' && (missingSignOffs(d).length > 0 || missingBefore(d, 'start').length === 0)
  );
}

function owedOffers(d: Deployment): Offer[] {
  return [
    ...reviewButtons(d).map((button) => ({ button, choice: reviewChoice(d, 'Write the review…') })),
    ...(owedSignOffs(d).length > 0
      ? [
          {
            button: goButton(d),
            choice: { text: 'Go, afterwards', value: stamp(d, { a: MORE.go, ...shown(d) }) },
          },
          {
            button: noGoButton(d),
            choice: { text: 'No-go, afterwards…', value: stamp(d, { a: MORE.noGo, ...shown(d) }) },
          },
        ]
      : []),
    ...(owesWriteUp(d)
      ? [
          {
            button: writeUpButton(d),
            choice: { text: 'Write it up…', value: stamp(d, { a: MORE.writeUp }) },
          },
        ]
      : []),
    ...(owesChangeRequest(d) ? [changeRequestOffer(d)] : []),
  ];
}
