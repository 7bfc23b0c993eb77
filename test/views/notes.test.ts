/** The timeline: a line for each milestone, silence for the rest. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage } from '../../local-slack/block-kit/index.ts';
import type { EventType } from '../../src/deployment/events.ts';
import type { Status } from '../../src/deployment/lifecycle.ts';
import type { Step } from '../../src/terms/plan.ts';
import { HOUR } from '../../src/time.ts';
import { stepLine } from '../../views/markdown.ts';
import { renderNote } from '../../views/notes.ts';
import { anyHistory } from './any-deployment.ts';
import { deploymentIn, historyOf, movedBack, SANA, type Settings, T0, TOM } from './deployments.ts';

function note(status: Status, type: EventType, changes: Partial<Settings> = {}): string | undefined {
  const { deployment, events } = historyOf(status, changes);
  const event = events.findLast((one) => one.type === type);
  if (!event) throw new Error(`no ${type} on the way to ${status}`);
  return renderNote(deployment, event)?.text;
}

describe('the timeline', () => {
  it.each([
    [
      'preparing',
      'requested',
      'Dana asked for v2.1.0 in production · Canary 5 → 25 → 75 → 100 %, 3 h 30 min · needs a go from Tech lead, Security and Operations',
    ],
    ['preparing', 'signed', '✅ Go from Tom as Tech lead'],
    [
      'rolling_out',
      'started',
      '🚀 checkout v2.1.0 → production has started · v2.0.4 keeps the rest of the traffic until all of it has moved',
    ],
    [
      'held',
      'held',
      '✋ Held by Tom: p99 is climbing\n<@U0DANA00001> or <@U0OMAR00001>: decide. checkout v2.1.0 stays at 25 % until you do, watched, and is rolled back if it fails.',
    ],
    [
      'observing',
      'verified',
      '✅ checkout v2.1.0 is live in production with all traffic, after 3 h 32 min · watched for 24 h',
    ],
    [
      'handed_over',
      'handed_over',
      '✅ Handed over: watched for 24 h without trouble\nNo figure from before the start is known to compare with',
    ],
    [
      'rolling_back',
      'rollback_started',
      '⏪ Rolling checkout back from v2.1.0 to v2.0.4 · Tom: p99 is climbing\nv2.0.4 takes all traffic again, and v2.1.0 is scaled down.',
    ],
    [
      'rolled_back',
      'rolled_back',
      '⏪ checkout is back on v2.0.4 with all traffic, after 11 s (target 15 min)',
    ],
    ['cancelled', 'cancelled', 'Cancelled by Dana: p99 is climbing'],
  ] as const)('K-3: at %s, %s reads as a person would say it', (status, type, words) => {
    expect(note(status, type)).toBe(words);
  });

  it.each([
    [[{ kind: 'replace' }], 'it replaces v2.0.4 everywhere at once'],
    [
      [{ kind: 'stand-up' }, { kind: 'set-weight', percent: 100 }, { kind: 'retire-old' }],
      'v2.0.4 stays beside it, ready to take the traffic back, until the hand-over',
    ],
    [
      [{ kind: 'stand-up' }, { kind: 'set-weight', percent: 100 }],
      'v2.0.4 stays beside it, ready to take the traffic back, also afterwards',
    ],
    [
      [
        { kind: 'batch', number: 1, of: 2 },
        { kind: 'batch', number: 2, of: 2 },
      ],
      'it replaces v2.0.4 part by part',
    ],
  ] satisfies [Step[], string][])(
    'ST-5: at its start says how long the old version stays, as its steps have it: %j',
    (steps, words) => {
      const plan = { strategy: 'any', steps };
      expect(note('rolling_out', 'started', { plan })).toBe(
        `🚀 checkout v2.1.0 → production has started · ${words}`,
      );
    },
  );

  it.each([24, 72])('MV-2, MV-3: the message of its end says how long it was watched: %i h', (hours) => {
    const { deployment: d, events } = historyOf('handed_over');
    const safeguards = { ...d.terms.safeguards, observeFor: hours * HOUR };
    const event = events.at(-1);
    const drawn = event && renderNote({ ...d, terms: { ...d.terms, safeguards } }, event);
    expect(drawn?.text).toContain(
      `✅ Handed over: watched for ${hours === 24 ? '24 h' : '3 days'} without trouble`,
    );
  });

  it('says nothing about steps and looks, which the stage’s report shows, and about a rejection only once', () => {
    expect(note('rolling_out', 'looked')).toBeUndefined();
    expect(note('rolling_out', 'step_started')).toBeUndefined();
    expect(note('rolling_out', 'step_completed')).toBeUndefined();
    expect(note('rejected', 'rejected')).toBeUndefined();
  });

  it('ST-5, RB-6: the report and the incident record have the steps of a rollback', () => {
    const back = deploymentIn('rolling_back');
    expect(stepLine(back, movedBack(back, 50))).toEqual([
      '- 2026-01-05 17:00 UTC ⏪ v2.1.0 still has 50 % of traffic',
    ]);
  });

  it('RB-1: asks the reason of a rollback that a person ordered, after it has begun', () => {
    const { deployment, events } = historyOf('rolling_back');
    const event = events.at(-1);
    const drawn = event && renderNote(deployment, event);
    expect(JSON.stringify(drawn?.blocks)).toContain('Say why');
    const byItself = historyOf('rolling_back', { by: { kind: 'system', name: 'judge' } });
    const last = byItself.events.at(-1);
    expect(JSON.stringify(last && renderNote(byItself.deployment, last)?.blocks)).not.toContain('Say why');
  });

  it('CH-7: names what changed, and whose go fell with it', () => {
    const { deployment } = historyOf('preparing');
    const {
      envelopeHash,
      terms: { envelope, details },
    } = deployment;
    const drawn = renderNote(deployment, {
      type: 'revised',
      terms: { envelope, details },
      envelopeHash,

      changes: ['version v2.1.0 → v2.1.1'],
      falls: [
        { role: 'tech_lead', person: TOM, why: 'version' },
        { role: 'security', person: SANA, why: 'Sana wrote its version' },
      ],
      wrote: ['version'],
      deployment: deployment.id,
      seq: 9,
      at: T0,
      by: { kind: 'person', ...SANA },
    });
    expect(drawn?.text).toBe(
      'Sana changed it: version v2.1.0 → v2.1.1. Fallen, and asked for again: the go of Tom as Tech lead (version) and Sana as Security (Sana wrote its version)',
    );
  });

  it('fits within Slack’s limits for every event of any deployment', () => {
    fc.assert(
      fc.property(anyHistory(), ({ deployment, events }) => {
        for (const event of events) {
          const drawn = renderNote(deployment, event);
          if (drawn) expect(checkMessage(drawn)).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });
});
