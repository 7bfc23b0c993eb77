import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { DANA, T0, TOM } from './examples.ts';

const ANSWER = {
  channel: 'C0ALERTS005',
  ts: '1795753434.925397',
  service: 'checkout',
  suspects: [{ deployment: 'D-1001', score: 0.7 }],
};
/** The same where an alert is answered, and not a person who asked. */
const ALERT = { source: 'text', status: 'firing', title: 'checkout is down', labels: {}, lines: [] } as const;
const TO_ALERT = { ...ANSWER, alert: ALERT };
const REPLY = '1795753435.000001';

async function alerts(): Promise<Stores['alerts']> {
  const stores = await openDatabase({ file: ':memory:' });
  onTestFinished(() => stores.close());
  return stores.alerts;
}

describe('answers to alerts', () => {
  it('K-6: are claimed by one of many, and are found by the place of the answer', async () => {
    const store = await alerts();
    const claims = await Promise.all([1, 2, 3].map(() => store.claim(ANSWER, T0)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await store.find(ANSWER.channel, REPLY)).toBeUndefined();
    await store.answered(ANSWER, REPLY);
    expect(await store.find(ANSWER.channel, REPLY)).toEqual(ANSWER);
    expect(await store.find('C0OTHER0001', REPLY)).toBeUndefined();
  });

  it('K-12: are few for the same service in one channel, however many ask at once, and the rest are remembered as covered', async () => {
    const store = await alerts();
    const limits = [{ answers: 2, within: 10 }];
    const named = (ts: string, service = 'checkout') => ({ ...TO_ALERT, ts, service });
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, index) => store.claim(named(`t${index}`), T0, limits)),
    );
    expect(claims.filter(Boolean)).toHaveLength(2);
    expect(await store.claim(named('other', 'payments'), T0, limits)).toEqual({});
    expect(await store.claim(named('t9'), T0 + 100, limits)).toBe(false);
    expect(await store.to(ANSWER.channel, 't9')).toMatchObject({ suspects: ANSWER.suspects });
    expect(await store.claim(named('later'), T0 + 10, limits)).toEqual({});
  });

  it('K-6: can be claimed again where the first could not be said', async () => {
    const store = await alerts();
    await store.claim(ANSWER, T0);
    await store.release(ANSWER);
    expect(await store.unsaid(T0 + 5 * MINUTE)).toEqual([]);
    expect(await store.claim(ANSWER, T0 + 1)).toEqual({ earlier: T0 });
    expect(await store.claim(ANSWER, T0 + 2)).toBe(false);
  });

  it('K-6: that were claimed and never said can be claimed again after a minute, by one of many, and not once they are said', async () => {
    const store = await alerts();
    await store.claim(ANSWER, T0);
    expect(await store.claim(ANSWER, T0 + 59 * SECOND)).toBe(false);
    const claims = await Promise.all([1, 2, 3].map(() => store.claim(ANSWER, T0 + MINUTE)));
    expect(claims.filter(Boolean)).toEqual([{ earlier: T0 }]);
    await store.answered(ANSWER, REPLY);
    expect(await store.claim(ANSWER, T0 + 5 * MINUTE)).toBe(false);
    expect(await store.find(ANSWER.channel, REPLY)).toEqual(ANSWER);
  });

  it('K-6, K-12: that were never said cover no other alert, and what they covered can be claimed', async () => {
    const store = await alerts();
    const limits = [{ answers: 1, within: 10 * MINUTE }];
    const [lost, covered, third] = ['1.1', '1.2', '1.3'].map((ts) => ({ ...TO_ALERT, ts }));
    if (!lost || !covered || !third) throw new Error('three of them');
    await store.claim(lost, T0, limits);
    expect(await store.claim(covered, T0 + 1, limits)).toBe(false);
    expect(await store.claim(covered, T0 + 2 * MINUTE, limits)).toEqual({ earlier: T0 + 1 });
    await store.answered(covered, REPLY);
    expect(await store.claim(lost, T0 + 3 * MINUTE, limits)).toBe(false);
    expect(await store.unsaid(T0 + 5 * MINUTE)).toEqual([]);
    expect(await store.claim(third, T0 + 3 * MINUTE, limits)).toBe(false);
    expect(await store.claim(third, T0 + 6 * MINUTE, limits)).toBe(false);
  });

  it('K-6, K-12: to a person who asked by a mention cover no alert: it is answered with all that could be to blame', async () => {
    const store = await alerts();
    const limits = [{ answers: 1, within: 10 * MINUTE }];
    await store.claim({ ...ANSWER, ts: '1.0' }, T0);
    await store.answered({ ...ANSWER, ts: '1.0' }, REPLY);
    expect(await store.claim({ ...TO_ALERT, ts: '1.1' }, T0 + 1, limits)).toEqual({});
    expect(await store.claim({ ...TO_ALERT, ts: '1.2' }, T0 + 2, limits)).toBe(false);
    // The first was lost: what it covered is not covered by what a person was shown.
    expect(await store.claim({ ...TO_ALERT, ts: '1.2' }, T0 + 2 * MINUTE, limits)).toEqual({
      earlier: T0 + 2,
    });
  });

  it('K-6: that were never said are found from a minute on for half an hour, with all that their words are made of', async () => {
    const store = await alerts();
    const answer = { ...TO_ALERT, thread: ANSWER.ts };
    await store.claim(answer, T0);
    expect(await store.unsaid(T0 + 59 * SECOND)).toEqual([]);
    expect(await store.nextUnsaidAt(T0 + 59 * SECOND)).toBe(T0 + MINUTE);
    expect(await store.unsaid(T0 + MINUTE)).toEqual([{ ...answer, at: T0 }]);
    expect(await store.nextUnsaidAt(T0 + MINUTE)).toBeUndefined();
    await store.claim(answer, T0 + 20 * MINUTE);
    expect(await store.unsaid(T0 + 20 * MINUTE)).toEqual([]);
    expect(await store.unsaid(T0 + 29 * MINUTE)).toHaveLength(1);
    expect(await store.unsaid(T0 + 30 * MINUTE)).toEqual([]);
  });

  it('K-6: know which rollback they began until its end is told there', async () => {
    const store = await alerts();
    await store.claim(ANSWER, T0);
    await store.answered(ANSWER, REPLY);
    expect(await store.begun()).toEqual([]);
    await store.began(ANSWER, 'D-1001');
    const begun = { channel: ANSWER.channel, answerTs: REPLY, deployment: 'D-1001' };
    expect(await store.begun()).toEqual([begun]);
    await store.ended(begun);
    expect(await store.begun()).toEqual([]);
  });

  it('K-6: know which button was pressed until what came of it is shown, or the end of its rollback is', async () => {
    const store = await alerts();
    await store.claim(ANSWER, T0);
    await store.answered(ANSWER, REPLY);
    expect(await store.unshown()).toEqual([]);
    const pressed = { kind: 'rolls_back', deployment: 'D-1001', by: DANA, at: T0 } as const;
    await store.pressed(ANSWER, pressed);
    expect(await store.unshown()).toEqual([{ ...ANSWER, answerTs: REPLY, pressed }]);
    await store.shown(ANSWER);
    expect(await store.unshown()).toEqual([]);
    await store.pressed(ANSWER, pressed);
    await store.ended({ channel: ANSWER.channel, answerTs: REPLY, deployment: 'D-1001' });
    expect(await store.unshown()).toEqual([]);
  });

  it('K-6: remember the first who said that no deployment did it', async () => {
    const store = await alerts();
    await store.claim(ANSWER, T0);
    await store.answered(ANSWER, REPLY);
    await store.notADeployment(ANSWER, DANA, T0);
    await store.notADeployment(ANSWER, TOM, T0 + 1);
    expect(await store.find(ANSWER.channel, REPLY)).toEqual({ ...ANSWER, notADeployment: DANA });
  });
});
