/** The live card: the right words and the right buttons for every status, within Slack's limits. */

import type { ActionsBlock, Button, Overflow } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage } from '../../local-slack/block-kit/index.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import { STATUSES } from '../../src/deployment/lifecycle.ts';
import { rolloutOf } from '../../src/deployment/rollout/progress.ts';
import type { RolloutState } from '../../src/deployment/rollout/state.ts';
import { HOUR } from '../../src/time.ts';
import type { Rendered } from '../../views/blocks.ts';
import { decodeButton } from '../../views/button-value.ts';
import { renderCard } from '../../views/card.ts';
import { item, needs } from '../deployment/readiness-builders.ts';
import { anyDeployment } from './any-deployment.ts';
import { deploymentIn, lookAt, moved, OMAR, T0, TOM } from './deployments.ts';

const all = (message: Rendered): string => JSON.stringify(message.blocks).replaceAll('\\n', '\n');
const elements = (message: Rendered) =>
  message.blocks.flatMap((block) => (block.type === 'actions' ? (block as ActionsBlock).elements : []));
const buttons = (message: Rendered): Button[] =>
  elements(message).filter((element): element is Button => element.type === 'button');
const labels = (d: Deployment): string[] => buttons(renderCard(d)).map(({ text }) => text.text);
const menu = (d: Deployment): string[] =>
  elements(renderCard(d))
    .filter((element): element is Overflow => element.type === 'overflow')
    .flatMap(({ options }) => options.map(({ text }) => text.text));

const NEEDS = needs({ checklist: [item('start'), item('after', { before: 'hand_over' })] });

describe('the card', () => {
  it('K-3: fits within Slack’s limits for any deployment in any status', () => {
    fc.assert(
      fc.property(anyDeployment(), (d) => {
        expect(checkMessage(renderCard(d))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('K-3: lets nothing that people typed become a mention, a link or a broadcast', () => {
    const evil = '<!channel> <@U0EVIL00001> <https://evil.example|x>';
    for (const status of STATUSES) {
      const d = deploymentIn(status, {
        reason: evil,
        details: { summary: evil, lead: { id: 'U0DANA00001', name: evil } },
      });
      const { text, blocks } = renderCard(d);
      const marked = blocks.filter(({ type }) => type !== 'rich_text');
      expect(JSON.stringify(marked) + text).not.toMatch(/<!channel|<@U0EVIL|<https/);
    }
  });

  it('K-4: shows role by role who said what, and mentions only those it waits for', () => {
    const card = renderCard(deploymentIn('preparing', { startAt: T0 + HOUR }), { strategyName: 'Canary' });
    expect(all(card)).toContain('Waiting for 2 of 3 sign-offs · starts <!date^');
    expect(all(card)).toContain('✅ *Tech lead* · go from Tom at <!date^');
    expect(all(card)).toContain('⏳ *Security* · waiting for Sana');
    expect(all(card)).not.toContain(`<@${TOM.id}>`);
    expect(all(card)).toContain('Canary 5 → 25 → 75 → 100 %, 3 h 30 min · database: additive');
    expect(card.text).not.toContain('<@');
    expect(card.text).toContain('waiting for Sana');
  });

  it('CH-6: never waits for the lead or the requester, and says so where nobody else holds the role', () => {
    const required = [{ role: 'operations', name: 'Operations', quorum: 1, asked: [OMAR] }];
    const card = renderCard(deploymentIn('preparing', { required, goes: 0, details: { lead: OMAR } }));
    expect(all(card)).toContain(
      'nobody can say go as Operations: Omar leads it. Give somebody else the role Operations',
    );
    expect(all(card)).not.toContain(`<@${OMAR.id}>`);
  });

  it('folds the board once it is complete', () => {
    const card = all(renderCard(deploymentIn('scheduled')));
    expect(card).toContain('Go from Tom, Sana and Omar');
    expect(card).not.toContain('✅');
  });

  it('MV-2: calls nothing fine where people must decide', () => {
    const d = deploymentIn('observing');
    const rollout = rolloutOf(d);
    const unsettled = { because: 'errors 2× what it was before the start', at: T0, seq: 9 };
    const lastLook = lookAt(T0, { verdict: 'pass', metrics: [], because: 'no figure is over its bound' });
    const finalWatch = { since: T0, blindFor: 0, lastLook };
    const cardOf = (watch: RolloutState['finalWatch']) =>
      all(renderCard({ ...d, rollout: { ...rollout, ...(watch && { finalWatch: watch }) } }));
    expect(cardOf(finalWatch)).toContain('Looks fine: no figure is over its bound');
    expect(cardOf({ ...finalWatch, unsettled })).toContain('The last look: no figure is over its bound');
    expect(cardOf({ ...finalWatch, unsettled })).not.toContain('ooks fine');
  });

  it('draws the stage bar, the end of the stage and the judge’s sentence while it rolls out', () => {
    const card = all(renderCard(deploymentIn('rolling_out')));
    expect(card).toContain('●━━●━━○──○  25 % · stage 2 of 4 · 60 of 60 min, until <!date^');
    expect(card).toContain('Not decided yet: errors 0.9× baseline, 9 : 1 that it is no worse');
  });

  it('says of a held rollout why, who must decide, and what happens until then', () => {
    const card = all(renderCard(deploymentIn('held')));
    expect(card).toContain('by Tom: p99 is climbing');
    expect(card).toContain('<@U0DANA00001> or <@U0OMAR00001> must decide: resume, promote or roll back.');
    expect(card).toContain('stays at 25 %, watched, and is rolled back if it fails');
  });

  it('ST-5: says how it goes back, and how far it is', () => {
    const back = deploymentIn('rolling_back');
    expect(all(renderCard(back))).toContain('v2.0.4 takes all traffic again, and v2.1.0 is scaled down.');
    expect(all(renderCard(moved(back, 50)))).toMatch(
      /is scaled down\. v2\.1\.0 still has 50 % of traffic, seen at <!date/,
    );
  });

  it('RB-2: shows how long the rollback took against its target', () => {
    expect(all(renderCard(deploymentIn('rolled_back')))).toContain(
      'after 11 s (target 15 min) · by Tom: p99 is climbing',
    );
  });

  it('shrinks to two lines when it is over', () => {
    for (const status of ['handed_over', 'rejected', 'expired', 'cancelled', 'rolled_back'] as const) {
      const [first, ...rest] = renderCard(deploymentIn(status)).blocks;
      expect(first?.type === 'section' && first.text?.text.split('\n')).toHaveLength(2);
      expect(rest.every(({ type }) => type === 'actions')).toBe(true);
    }
  });

  it('says that the backend is in trouble, and that it is tried again', () => {
    expect(all(renderCard(deploymentIn('rolling_out', { trouble: 'connection refused' })))).toContain(
      'connection refused. It is tried again.',
    );
  });
});

describe('the card’s buttons', () => {
  it.each([
    [
      'preparing',
      ['Go', 'No-go'],
      ['Change…', 'Delegate my sign-off…', 'Details', 'Cancel this deployment…'],
    ],
    ['scheduled', [], ['Change…', 'No-go…', 'Details', 'Cancel this deployment…']],
    [
      'rolling_out',
      ['Promote now…', 'Hold', 'Roll back to v2.0.4'],
      ['Watch 30 min longer', 'Watch 1 h longer', 'Details', 'Judge it again…'],
    ],
    [
      'held',
      ['Roll back to v2.0.4', 'Resume…', 'Promote now…'],
      ['Watch 30 min longer', 'Watch 1 h longer', 'Details', 'Judge it again…'],
    ],
    ['verifying', ['Hold', 'Roll back to v2.0.4'], ['Details', 'Report a problem…']],
    ['observing', ['Hand over now', 'Roll back to v2.0.4'], ['Details', 'Report a problem…']],
    ['handed_over', [], []],
    ['rolling_back', ['Say why'], ['Details']],
    ['rolled_back', ['Say why'], ['Incident record']],
    ['failed', ['Deploy again', 'Say why'], ['Incident record', 'Details']],
    ['rejected', ['Deploy again'], []],
    ['expired', ['Deploy again'], []],
    ['cancelled', ['Deploy again'], []],
  ] as const)('ST-6: %s offers %j and %j', (status, shown, inMenu) => {
    const d = deploymentIn(status);
    expect(labels(d)).toEqual(shown);
    expect(menu(d)).toEqual(inMenu);
  });

  it.each<[string, Deployment, string[], string[]]>([
    [
      'while sign-offs are missing',
      deploymentIn('preparing', { requirements: NEEDS }),
      ['Go', 'No-go', 'Checklist'],
      ['Change…', 'Delegate my sign-off…', 'Details', 'Cancel this deployment…'],
    ],
    [
      'once only items are waited for',
      deploymentIn('preparing', { requirements: NEEDS, goes: 3 }),
      ['Checklist'],
      ['Change…', 'No-go…', 'Details', 'Cancel this deployment…'],
    ],
    [
      'while it is scheduled',
      deploymentIn('scheduled', { requirements: NEEDS }),
      ['Checklist'],
      ['Change…', 'No-go…', 'Details', 'Cancel this deployment…'],
    ],
    [
      'on the way',
      deploymentIn('verifying', { requirements: NEEDS }),
      ['Hold', 'Roll back to v2.0.4'],
      ['Checklist…', 'Details', 'Report a problem…'],
    ],
    [
      'once it is live',
      deploymentIn('observing', { requirements: NEEDS }),
      ['Checklist', 'Hand over now', 'Roll back to v2.0.4'],
      ['Details', 'Report a problem…'],
    ],
    [
      'once its hand-over waits for nothing',
      deploymentIn('observing', { requirements: NEEDS, ticks: [{ item: 'after' }] }),
      ['Hand over now', 'Roll back to v2.0.4'],
      ['Details', 'Report a problem…'],
    ],
    ['at its end', deploymentIn('handed_over', { requirements: NEEDS }), [], []],
  ])('GT-5: offer the checklist %s', (_, d, shown, inMenu) => {
    expect(labels(d)).toEqual(shown);
    expect(menu(d)).toEqual(inMenu);
  });

  it('are at most three in sight, the red one last (first where it is held), confirmed, and naming service and version', () => {
    fc.assert(
      fc.property(anyDeployment(), (d) => {
        const found = buttons(renderCard(d));
        expect(found.length).toBeLessThanOrEqual(3);
        const red = found.findIndex(({ style }) => style === 'danger');
        if (red === -1) return;
        expect(red).toBe(d.status === 'held' ? 0 : found.length - 1);
        expect(found[red]?.confirm?.style).toBe('danger');
        expect(found[red]?.accessibility_label?.length).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
    const rollBack = buttons(renderCard(deploymentIn('rolling_out'))).at(-1);
    expect(rollBack?.accessibility_label).toBe('Roll back checkout v2.1.0 to v2.0.4');
    expect(rollBack?.confirm?.title).toMatchObject({ text: 'Roll checkout back from v2.1.0 to v2.0.4?' });
    expect(rollBack?.confirm?.text).toMatchObject({
      text: '25 % of traffic moves at once. v2.0.4 takes all traffic again, and v2.1.0 is scaled down. The additive database change stays, and so does what was written since.',
    });
  });

  it('takes the new version out where nothing ran before', () => {
    expect(labels(deploymentIn('rolling_out', { previous: null }))).toContain('Take v2.1.0 out');
  });

  it('carry ids, and what was shown, and nothing that an event changes which shows in no word', () => {
    const d = deploymentIn('preparing');
    for (const { value } of buttons(renderCard(d))) {
      expect(decodeButton(value)).toEqual({ d: 'D-1042', h: d.envelopeHash.slice(0, 12) });
    }
  });

  it('accepts a rollout as complete where its verification is held', () => {
    const verifying = deploymentIn('verifying');
    const held = evolve(verifying, {
      type: 'held',
      reason: 'health unknown',
      deployment: verifying.id,
      seq: verifying.seq + 1,
      at: T0 + 5 * HOUR,
      by: { kind: 'system', name: 'backend' },
    });
    expect(labels(held)).toEqual(['Roll back to v2.0.4', 'Resume', 'Accept as complete…']);
    expect(all(renderCard(held))).toContain('by GoNoGo: health unknown');
  });

  it('RB-1: shows the reason of a rollback once it is given, and stops asking for it', () => {
    const rolledBack = deploymentIn('rolled_back');
    const explained = evolve(rolledBack, {
      type: 'rollback_explained',
      reason: 'the cart lost its discounts',
      deployment: rolledBack.id,
      seq: rolledBack.seq + 1,
      at: T0 + 5 * HOUR,
      by: { kind: 'person', ...TOM },
    });
    expect(all(renderCard(explained))).toContain('by Tom: the cart lost its discounts');
    expect(labels(explained)).toEqual([]);
  });

  it('RB-7: offers the way out of a rollback that the backend does not do', () => {
    expect(labels(deploymentIn('rolling_back', { trouble: 'no such release' }))).toEqual([
      'Say why',
      'Put right by hand…',
    ]);
  });

  it('offers no promotion while traffic is still moving', () => {
    const d = deploymentIn('rolling_out', { stages: 4 });
    expect(labels(d)).toEqual(['Hold', 'Roll back to v2.0.4']);
  });
});
