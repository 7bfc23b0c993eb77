/** A version that was rolled back does not come back by itself (RB-8). */

import { describe, expect, it } from 'vitest';
import type { ListFilter } from '../../src/conductor/ports/event-store.ts';
import { rolledBackBefore } from '../../src/conductor/rolled-back-before.ts';
import { decide } from '../../src/deployment/decide.ts';
import { findAllRefusals } from '../../src/deployment/start/all-refusals.ts';
import { renderCard } from '../../views/card.ts';
import { renderDm } from '../../views/dm.ts';
import { envelope, facts, inShort, OMAR, request, ruth, T0, TOM } from './builders.ts';
import { worldAt } from './world.ts';

const rolledBack = {
  deployment: 'D-7',
  version: 'v2.1.0',
  at: T0,
  by: { kind: 'person' as const, ...OMAR },
  why: 'Coupons broke.',
};
const ASKED = facts(ruth, { rolledBack });

describe('RB-8: a version that was rolled back there', () => {
  it.each([undefined, '', '  '])('is refused with what happened, where the reason is %j', (again) => {
    const asked = again === undefined ? request() : { ...request(), again };
    expect(decide(undefined, asked, ASKED)).toMatchObject({
      code: 'rolled_back_before',
      message: `v2.1.0 was rolled back there {t:${T0}} by Omar (D-7): Coupons broke. Say why it is right now.`,
    });
  });

  it('is taken with a reason, which the record keeps with what happened', () => {
    const decision = decide(undefined, { ...request(), again: ' Coupons are mended. ' }, ASKED);
    expect(decision).toMatchObject({
      events: [{ type: 'requested', terms: { comesBack: { ...rolledBack, reason: 'Coupons are mended.' } } }],
    });
  });

  it('leaves no trace of a reason where nothing was rolled back', () => {
    const decision = decide(undefined, { ...request(), again: 'just so' }, facts(ruth));
    expect(JSON.stringify(decision)).not.toContain('just so');
  });

  it('is asked for when a waiting deployment is changed to it, and not when something else of it changes', () => {
    const world = worldAt('preparing');
    const { details } = world.d.terms;
    const to = { envelope: envelope({ version: 'v2.1.1' }), details };
    const back = { rolledBack: { ...rolledBack, version: 'v2.1.1' } };
    expect(inShort(world.tell({ kind: 'revise', terms: to }, ruth, back))).toBe('refused rolled_back_before');
    const reason = { again: 'It was the load test.' };
    expect(inShort(world.tell({ kind: 'revise', terms: to, ...reason }, ruth, back))).toBe(
      'accepted revised',
    );
    expect(world.d.terms.comesBack?.reason).toBe('It was the load test.');
    const risk = { ...to, details: { ...details, risk: 'high' as const } };
    expect(inShort(world.tell({ kind: 'revise', terms: risk }, ruth, back))).toBe('accepted revised');
    expect(world.d.terms.comesBack?.reason).toBe('It was the load test.');
  });

  it('is shown on the card and to those who approve it, until it becomes another version', () => {
    const world = worldAt('preparing');
    const { details } = world.d.terms;
    const to = (version: string) => ({ envelope: envelope({ version }), details });
    const back = { rolledBack: { ...rolledBack, version: 'v2.1.1' } };
    world.tell({ kind: 'revise', terms: to('v2.1.1'), again: 'Mended in the *proxy*' }, ruth, back);
    const says = /v2\.1\.1 was rolled back here .* by Omar \(D-7\): Coupons broke\. Why again: Mended/;
    expect(renderCard(world.d).text).toMatch(says);
    expect(renderDm(world.d, TOM.id)?.text).toMatch(says);
    world.tell({ kind: 'revise', terms: to('v2.1.2') }, ruth);
    expect(renderCard(world.d).text).not.toContain('Why again');
  });

  it('ST-7: is one of the refusals that a dry run lists, and not the last', () => {
    const { refusals, accepted } = findAllRefusals(
      request(),
      facts(ruth, { rolledBack, notCompletedIn: 'staging' }),
    );
    expect(refusals.map(({ code }) => code)).toEqual(['rolled_back_before', 'not_promoted']);
    expect(accepted).toBeDefined();
  });

  it.each([
    ['rolled_back', 'errors'],
    ['rolling_back', 'errors'],
    ['observing', undefined],
    ['handed_over', undefined],
  ] as const)('is known by its newest deployment there: %s', async (point, why) => {
    const newest = worldAt(point).d;
    const asked: ListFilter[] = [];
    const list = async (filter: ListFilter) => {
      asked.push(filter);
      return [newest];
    };
    const place = { service: 'checkout', environment: 'production', version: 'v2.1.0' };
    expect((await rolledBackBefore({ list }, place))?.why).toBe(why);
    expect(asked).toMatchObject([place]);
    expect([...(asked[0]?.statuses ?? [])]).toContain(newest.status);
  });
});
