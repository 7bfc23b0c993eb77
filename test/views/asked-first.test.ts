/** What every button does with a click: nothing urgent asks first, and nothing that is dangerous goes without being asked. */

import type { ActionsBlock, Button } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../commands/context.ts';
import { everything } from '../../commands/features.ts';
import type { ContractRecord } from '../../src/contract/record.ts';
import type { Homes } from '../../src/slack/homes.ts';
import { HOUR } from '../../src/time.ts';
import {
  ALERT_ACTIONS,
  renderAlertAnswer,
  renderAskedRollback,
  renderRollbackChoice,
} from '../../views/alert.ts';
import { renderCard } from '../../views/card.ts';
import { CHANGE_REQUEST_MODAL } from '../../views/change-request-modal.ts';
import { MEANT_ACTION, renderUnknownName } from '../../views/command-answers.ts';
import { renderContractCard } from '../../views/contract-card.ts';
import { CONTRACT_ACTIONS } from '../../views/contract-ids.ts';
import { CARD_ACTIONS, MORE } from '../../views/deployment-actions.ts';
import { renderDm } from '../../views/dm.ts';
import { DRILL_ACTION, renderDrillOffer } from '../../views/drill.ts';
import { DRY_RUN } from '../../views/dry-run.ts';
import { HOME_ACTIONS, renderHome } from '../../views/home.ts';
import { LOCK_ACTIONS, renderLockInTheWay } from '../../views/locks.ts';
import { breakDataButton, rollBackButton } from '../../views/rollback-buttons.ts';
import { acceptDriftButtons, heldButtons, holdButton } from '../../views/rollout-buttons.ts';
import { SCHEDULE_FIELDS } from '../../views/schedule-fields.ts';
import { SCHEDULE_BUTTONS } from '../../views/schedule-lines.ts';
import { renderStageReport } from '../../views/stage-report.ts';
import { contractIn, SMALLEST } from '../contract/documents.ts';
import { anyDeployment } from './any-deployment.ts';
import { deploymentIn, T0, TOM } from './deployments.ts';

/**
 * `at once`: a click is enough · `confirm`: the button asks, without a word to type · `form`: it opens one, and nothing
 * is done before that is sent · `either`: a form where what was seen does not settle it, else the button asks.
 */
type Asks = 'at once' | 'confirm' | 'form' | 'either';

/** Exhaustive by type: a new button says here what it asks, and why. */
const CARD: Record<keyof typeof CARD_ACTIONS, readonly [Asks, why: string]> = {
  rollBack: ['confirm', 'moves traffic: one question that says what moves; its reason is asked afterwards'],
  breakData: ['at once', 'is the second question of a rollback itself'],
  hold: ['at once', 'stops where it is, and can be resumed; its reason is asked afterwards'],
  takePage: ['at once', 'only says who has it'],
  withdraw: ['at once', 'takes back a go that shall start nothing, and can be given again'],
  go: ['at once', 'is theirs to give, bound to what they saw, and can be withdrawn until the start'],
  noGo: ['form', 'ends it, and says why'],
  ask: ['form', 'is a question'],
  promote: ['either', 'sends more people there before the watch is over'],
  resume: ['at once', 'goes on where it was; see below for what overwrites somebody else'],
  acceptDrift: ['confirm', 'replaces what somebody else deployed'],
  handOver: ['either', 'ends the watching'],
  giveUp: ['form', 'ends the tries of a rollback'],
  problem: ['form', 'may roll back'],
  explain: ['form', 'is words'],
  explainHold: ['form', 'is words'],
  review: ['form', 'is words'],
  writeUp: ['form', 'is words'],
  changeRequest: ['form', 'is words'],
  checklist: ['form', 'shows, and ticks what is sent'],
  again: ['form', 'asks for a new one'],
  details: ['form', 'only shows'],
  incident: ['at once', 'posts what the record says in its thread'],
  more: ['at once', 'is a menu'],
};

/** Choices of a menu cannot ask one by one: what is dangerous opens a form. */
const MENU: Record<keyof typeof MORE, readonly ['at once' | 'form', why: string]> = {
  details: ['form', 'only shows'],
  edit: ['form', 'changes what was signed'],
  override: ['form', 'starts in spite of a freeze'],
  cancel: ['form', 'ends it'],
  go: ['at once', 'as on the card'],
  noGo: ['form', 'as on the card'],
  delegate: ['form', 'asks somebody else'],
  writeUp: ['form', 'is words'],
  checklist: ['form', 'as on the card'],
  changeRequest: ['form', 'as on the card'],
  explainHold: ['form', 'is words'],
  problem: ['form', 'may roll back'],
  review: ['form', 'is words'],
  incident: ['at once', 'as on the card'],
  extendShort: ['at once', 'watches longer, which harms nobody'],
  extendLong: ['at once', 'watches longer, which harms nobody'],
  judgeAgain: ['at once', 'only says what the judge would say now'],
};

/** What stands elsewhere than on the surfaces of a deployment; a choice in a form changes nothing before that is sent. */
const ELSEWHERE: Record<string, readonly [Asks, why: string]> = {
  [ALERT_ACTIONS.rollBack]: CARD.rollBack,
  [ALERT_ACTIONS.hold]: CARD.hold,
  [ALERT_ACTIONS.notADeployment]: ['at once', 'says something of an alert, and moves nothing'],
  [LOCK_ACTIONS.takeOver]: ['confirm', 'keeps the deployments of others from starting'],
  [CONTRACT_ACTIONS.accept]: ['form', 'begins times that are owed'],
  [CONTRACT_ACTIONS.seeAll]: ['form', 'only shows'],
  [CONTRACT_ACTIONS.schedule]: ['form', 'asks for a new one'],
  [DRILL_ACTION]: ['confirm', 'moves traffic there and back'],
  [HOME_ACTIONS.schedule]: ['form', 'asks for a new one'],
  [MEANT_ACTION]: [
    'at once',
    'is what was typed, spelt right; what moves traffic back is then offered with its question',
  ],
  [DRY_RUN.button]: ['form', 'only shows'],
  [CHANGE_REQUEST_MODAL.addRisk]: ['form', 'is a field of a form'],
  [CHANGE_REQUEST_MODAL.removeRisk]: ['form', 'is a field of a form'],
  [SCHEDULE_BUTTONS.unfold]: ['form', 'only shows'],
  [SCHEDULE_BUTTONS.goThereFirst]: ['form', 'fills a form in'],
};

const ASKS: ReadonlyMap<string, Asks> = new Map([
  ...(Object.keys(CARD) as (keyof typeof CARD)[]).map((key) => [CARD_ACTIONS[key], CARD[key][0]] as const),
  ...Object.entries(ELSEWHERE).map(([id, [asks]]) => [id, asks] as const),
]);

/** All that the bot listens to. */
const FEATURES = everything({} as CommandContext, {} as Homes).features;
const idsOf = (part: 'clicks' | 'choices'): string[] =>
  FEATURES.flatMap((feature) => Object.keys(feature[part] ?? {}));

interface Drawn {
  blocks?: readonly { type: string }[];
}

const buttonsOn = (message: Drawn | undefined): Button[] =>
  (message?.blocks ?? [])
    .flatMap((block) => (block.type === 'actions' ? (block as ActionsBlock).elements : []))
    .filter((element): element is Button => element.type === 'button');

const MOVING = deploymentIn('rolling_out');
const NONE = { deployments: [], total: 0 };
const CONTRACT: ContractRecord = {
  id: 'C-1',
  contract: contractIn(SMALLEST),
  sha256: '',
  service: 'checkout',
  environment: 'production',
  imported: { by: TOM, at: T0 },
};
const ELSEWHERE_DRAWN: Drawn[] = [
  renderAlertAnswer({
    services: ['checkout'],
    suspects: [
      {
        suspect: {
          change: {
            deployment: MOVING.id,
            service: 'checkout',
            environment: 'production',
            version: 'v2.1.0',
            startedAt: T0,
            rolledBack: false,
            judged: 'worse',
          },
          score: 0.9,
          likely: true,
          reasons: [{ kind: 'rolling_out' }],
        },
        deployment: MOVING,
      },
    ],
  }),
  renderRollbackChoice([MOVING], { suspected: true }),
  renderAskedRollback(MOVING, undefined),
  renderLockInTheWay(
    { id: 'L-1', service: 'checkout', holder: TOM, reason: 'a load test', from: T0, until: T0 + HOUR },
    { service: 'checkout', minutes: 60, why: 'a fix' },
  ),
  renderContractCard(CONTRACT),
  renderContractCard({ ...CONTRACT, accepted: { by: TOM, at: T0, moves: {} } }),
  renderDrillOffer(
    { service: 'checkout', environment: 'staging', version: 'v2.1.0' },
    { from: 'v2.0.4', rollbackWithin: HOUR },
  ),
  renderHome({
    viewer: TOM.id,
    waiting: NONE,
    refused: NONE,
    owed: NONE,
    underWay: NONE,
    scheduled: NONE,
    recent: NONE,
  }),
  renderUnknownName('service', 'chekout', {
    near: 'checkout',
    known: ['checkout'],
    meant: 'rollback checkout',
  }),
];

describe('K-5, RB-1: what is asked before something is done', () => {
  it('every button of a card, a report and a message asks as its row says, in any state', () => {
    fc.assert(
      fc.property(anyDeployment(), (d) => {
        const stage = d.rollout?.stages.at(-1)?.number;
        const drawn = [
          ...buttonsOn(renderCard(d)),
          ...buttonsOn(renderDm(d, d.terms.required[0]?.asked[0]?.id ?? '')),
          ...(stage === undefined ? [] : buttonsOn(renderStageReport(d, stage))),
        ];
        const overwrites = d.rollout?.hold?.drift === true;
        for (const { action_id = '', confirm, text } of drawn) {
          if (action_id === CARD_ACTIONS.resume && overwrites) continue;
          const asks = ASKS.get(action_id);
          const isAsked = asks === 'confirm' || (asks === 'either' && !text.text.endsWith('…'));
          expect([action_id, confirm !== undefined]).toEqual([action_id, isAsked]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('every button and choice that the bot listens to has a row, and no row is left over', () => {
    const fields = new Set<string>(Object.values(SCHEDULE_FIELDS));
    const buttons = idsOf('clicks').filter((id) => !fields.has(id));
    expect(buttons.toSorted()).toEqual([...ASKS.keys()].toSorted());
    expect([...new Set(idsOf('choices'))].toSorted()).toEqual(Object.values(MORE).toSorted());
  });

  it('K-6, K-7, WN-4, RB-5: nor does what stands on alerts, Home, locks, contracts and drills do otherwise', () => {
    const drawn = ELSEWHERE_DRAWN.flatMap(buttonsOn);
    for (const { action_id = '', confirm } of drawn)
      expect([action_id, confirm !== undefined]).toEqual([action_id, ASKS.get(action_id) === 'confirm']);
    const seen = new Set(drawn.map(({ action_id }) => action_id));
    const inForms = new Set<string>([
      DRY_RUN.button,
      ...Object.values(SCHEDULE_BUTTONS),
      CHANGE_REQUEST_MODAL.addRisk,
      CHANGE_REQUEST_MODAL.removeRisk,
    ]);
    expect(Object.keys(ELSEWHERE).filter((id) => !seen.has(id) && !inForms.has(id))).toEqual([]);
  });

  it('nothing urgent asks for a word, and what overwrites somebody else asks', () => {
    const d = deploymentIn('rolling_out');
    expect(holdButton(d).confirm).toBeUndefined();
    expect(rollBackButton(d).confirm?.style).toBe('danger');
    expect(breakDataButton(d).confirm).toBeUndefined();
    const scheduled = deploymentIn('scheduled');
    const drift = { seq: 3, since: 0, runs: 'v2.0.5' };
    const [start] = acceptDriftButtons({ ...scheduled, start: { ...scheduled.start, drift } });
    expect(start?.confirm?.text.text).toContain('Somebody else brought v2.0.5 there');
    const held = deploymentIn('held');
    const { rollout } = held;
    if (rollout?.hold === undefined) throw new Error('not held');
    const drifted = { ...held, rollout: { ...rollout, hold: { ...rollout.hold, drift: true as const } } };
    const resume = heldButtons(drifted).find(({ action_id }) => action_id === CARD_ACTIONS.resume);
    expect(resume?.text.text.endsWith('…') || resume?.confirm !== undefined).toBe(true);
  });

  it('every choice of the menu is either harmless or opens a form', () => {
    const atOnce = (Object.keys(MENU) as (keyof typeof MENU)[]).filter((key) => MENU[key][0] === 'at once');
    expect(Object.keys(MENU).sort()).toEqual(Object.keys(MORE).sort());
    expect(atOnce).toEqual(['go', 'incident', 'extendShort', 'extendLong', 'judgeAgain']);
  });
});
