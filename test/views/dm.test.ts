/** The message to an approver: what waits for them, and what came of it (K-4). */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage } from '../../local-slack/block-kit/index.ts';
import type { DeploymentEvent } from '../../src/deployment/events.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import { react } from '../../src/deployment/react.ts';
import { HOUR } from '../../src/time.ts';
import { decodeButton } from '../../views/button-value.ts';
import { renderDm } from '../../views/dm.ts';
import { anyDeployment } from './any-deployment.ts';
import { DANA, deploymentIn, OMAR, SANA, T0, THREE_ROLES, TOM } from './deployments.ts';

const lines = (...of: Parameters<typeof renderDm>): string[] => renderDm(...of)?.text.split('\n') ?? [];

describe('the message to an approver', () => {
  it('K-4: says whose go is needed, for what, why and until when, with the two buttons', () => {
    const d = deploymentIn('preparing', { startAt: T0 + HOUR });
    expect(lines(d, SANA.id)[0]).toMatch(
      /^Your go is needed as Security: checkout v2.1.0 → production {2}· {2}D-1042$/,
    );
    expect(lines(d, SANA.id)[1]).toMatch(/^Starts <!date.*> · asked for by Dana$/);
    expect(lines(d, SANA.id)[2]).toBe('“Adds Apple Pay.”');
    const actions = renderDm(d, SANA.id)?.blocks.at(-1);
    if (actions?.type !== 'actions' || !('elements' in actions)) throw new Error('no buttons');
    expect(actions.elements).toMatchObject([
      { text: { text: 'Go as Security' } },
      { text: { text: 'No-go' } },
      { text: { text: 'Ask Dana' } },
      { type: 'overflow' },
    ]);
    const [go] = actions.elements;
    expect(decodeButton(go?.type === 'button' ? go.value : undefined)).toMatchObject({
      d: 'D-1042',
      r: 'security',
    });
  });

  it('K-12: is the same to its last byte for whoever is still asked after another said go, and so is not sent again', () => {
    const [before, after] = [0, 1].map((goes) => deploymentIn('preparing', { goes }));
    if (before === undefined || after === undefined) throw new Error('no deployment');
    expect(after.seq).toBeGreaterThan(before.seq);
    expect(lines(before, OMAR.id)[0]).toContain('Your go is needed');
    expect(renderDm(after, OMAR.id)).toEqual(renderDm(before, OMAR.id));
  });

  it('K-12: is brought up to date after a go for everybody whom it then reads differently for', () => {
    const people = [DANA, OMAR, SANA, TOM];
    const asked = fc.uniqueArray(fc.constantFrom(...people), { minLength: 1, selector: ({ id }) => id });
    const required = fc
      .array(fc.record({ asked, quorum: fc.integer({ min: 1, max: 2 }) }), { minLength: 1, maxLength: 4 })
      .map((roles) => roles.map((one, index) => ({ role: `r${index}`, name: `Role ${index}`, ...one })));
    const story = fc.record({
      required,
      goes: fc.nat(2),
      role: fc.nat(3),
      by: fc.constantFrom(...people),
      startAt: fc.option(fc.constant(T0 + HOUR), { nil: undefined }),
    });
    let spared = 0;
    fc.assert(
      fc.property(story, ({ required, goes, role, by, startAt }) => {
        const before = deploymentIn('preparing', { required, goes, ...(startAt && { startAt }) });
        const event: DeploymentEvent = {
          type: 'signed',
          role: required[role % required.length]?.role ?? '',
          decision: 'go',
          envelopeHash: before.envelopeHash,
          deployment: before.id,
          seq: before.seq + 1,
          at: T0 + HOUR / 2,
          by: { kind: 'person', ...by },
        };
        const after = evolve(before, event);
        const shown = react(after, event).flatMap((effect) =>
          effect.kind === 'show' && effect.message.kind === 'dm' ? [effect.message.user] : [],
        );
        for (const { id } of people) {
          if (shown.includes(id)) continue;
          expect(renderDm(after, id)).toEqual(renderDm(before, id));
          if (renderDm(after, id) !== undefined) spared += 1;
        }
      }),
    );
    expect(spared).toBeGreaterThan(0);
  });

  it('K-4: is done once the role is filled, by them or by another', () => {
    expect(lines(deploymentIn('preparing', { goes: 2 }), SANA.id)[1]).toMatch(
      /^Done: you signed for Security at <!date/,
    );
    const shared = [
      { role: 'ops', name: 'Operations', quorum: 1, asked: [OMAR, TOM] },
      ...THREE_ROLES.slice(1, 2),
    ];
    const d = deploymentIn('preparing', { required: shared, goes: 1 });
    expect(lines(d, TOM.id)[1]).toMatch(/^Done: Omar signed for Operations at <!date/);
    expect(JSON.stringify(renderDm(d, TOM.id)?.blocks)).not.toContain('"actions"');
  });

  it.each([
    ['rejected', 'No longer needed: no-go from Sana: p99 is climbing'],
    ['cancelled', 'No longer needed: cancelled by Dana: p99 is climbing'],
    ['expired', 'No longer needed: it expired: its sign-offs did not come in time'],
  ] as const)('K-4: no longer asks when it was %s', (status, words) => {
    expect(lines(deploymentIn(status), OMAR.id)[1]).toBe(words);
  });

  it('CH-6: never asks the lead or the requester to sign their own', () => {
    const required = [{ role: 'ops', name: 'Operations', quorum: 1, asked: [DANA, OMAR] }];
    expect(lines(deploymentIn('preparing', { required, goes: 0 }), DANA.id)[1]).toBe(
      'You asked for it, so someone else signs.',
    );
  });

  it('has nothing to say to those who were not asked', () => {
    expect(renderDm(deploymentIn('preparing'), DANA.id)).toBeUndefined();
  });

  it('fits within Slack’s limits for any deployment', () => {
    fc.assert(
      fc.property(anyDeployment(), (d) => {
        const asked = d.terms.required[0]?.asked[0]?.id;
        const drawn = asked === undefined ? undefined : renderDm(d, asked);
        if (drawn) expect(checkMessage(drawn)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
