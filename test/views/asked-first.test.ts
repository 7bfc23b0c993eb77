/** What every button does with a click: nothing urgent asks first, and nothing that is dangerous goes without being asked. */

import type { ActionsBlock, Button } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rendered } from '../../views/blocks.ts';
import { renderCard } from '../../views/card.ts';
import { CARD_ACTIONS, MORE } from '../../views/deployment-actions.ts';
import { renderDm } from '../../views/dm.ts';
import { breakDataButton, rollBackButton } from '../../views/rollback-buttons.ts';
import { acceptDriftButtons, heldButtons, holdButton } from '../../views/rollout-buttons.ts';
import { renderStageReport } from '../../views/stage-report.ts';
import { anyDeployment } from './any-deployment.ts';
import { deploymentIn } from './deployments.ts';

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

const ASKS: ReadonlyMap<string, Asks> = new Map(
  (Object.keys(CARD) as (keyof typeof CARD)[]).map((key) => [CARD_ACTIONS[key], CARD[key][0]]),
);

const buttonsOn = (message: Rendered | undefined): Button[] =>
  (message?.blocks ?? [])
    .flatMap((block) => (block.type === 'actions' ? (block as ActionsBlock).elements : []))
    .filter((element): element is Button => element.type === 'button');

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
