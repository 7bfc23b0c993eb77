import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../db/open.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import { DANA, T0, TOM } from './examples.ts';

const ANSWER = {
  channel: 'C0ALERTS005',
  ts: '1795753434.925397',
  service: 'checkout',
  suspects: [{ deployment: 'D-1001', score: 0.7 }],
};
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
    const named = (ts: string, service = 'checkout') => ({ ...ANSWER, ts, service });
    const claims = await Promise.all(
      Array.from({ length: 50 }, (_, index) => store.claim(named(`t${index}`), T0, limits)),
    );
    expect(claims.filter(Boolean)).toHaveLength(2);
    expect(await store.claim(named('other', 'payments'), T0, limits)).toBe(true);
    expect(await store.claim(named('t9'), T0 + 100, limits)).toBe(false);
    expect(await store.to(ANSWER.channel, 't9')).toMatchObject({ suspects: ANSWER.suspects });
    expect(await store.claim(named('later'), T0 + 10, limits)).toBe(true);
  });

  it('K-6: can be claimed again where the first could not be said', async () => {
    const store = await alerts();
    await store.claim(ANSWER, T0);
    await store.release(ANSWER);
    expect(await store.claim(ANSWER, T0)).toBe(true);
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
