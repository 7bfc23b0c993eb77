/** What every notifier must do, whoever stands behind it. */

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type Notification, type Notifier, NotifierError } from '../../src/notifiers/port.ts';
import type { Mood } from './pagerduty-server.ts';

export interface NotifierRig {
  notifier: Notifier;
  /** What was taken so far, in order. */
  taken(): string[];
  refused(): string[];
  /** How the other side behaves with the next requests; undefined where there is none. */
  moods: Mood[] | undefined;
  close(): Promise<void>;
}

export function notification(change: Partial<Notification> = {}): Notification {
  return {
    tells: 'trigger',
    key: 'gonogo/checkout/production/D-1/9',
    at: Date.UTC(2026, 0, 5, 12),
    summary: 'checkout v2.1.0 in production (D-1): held, and nobody acts: no data',
    severity: 'error',
    about: 'held',
    deployment: 'D-1',
    service: 'checkout',
    environment: 'production',
    version: 'v2.1.0',
    previous: 'v2.0.4',
    lead: 'Dana',
    onCall: 'Omar',
    link: 'https://shop.slack.com/archives/C0CHECKOUT2/p1767614400000100',
    ...change,
  };
}

export function notifierConformance(start: () => Promise<NotifierRig>): void {
  let rig: NotifierRig;
  beforeAll(async () => {
    rig = await start();
  });
  afterAll(async () => {
    await rig.notifier.close?.();
    await rig.close();
  });
  const failing = async (...moods: Mood[]): Promise<NotifierError> => {
    rig.moods?.push(...moods);
    const error = await rig.notifier.notify(notification()).catch((caught: unknown) => caught);
    if (!(error instanceof NotifierError)) throw new Error(`it did not fail in words: ${String(error)}`);
    return error;
  };
  const sent = async (...all: Partial<Notification>[]): Promise<string[]> => {
    const before = rig.taken().length;
    for (const one of all) await rig.notifier.notify(notification(one));
    return rig.taken().slice(before);
  };

  it('K-9: tells of a call from its beginning to its end, and of changes', async () => {
    const all = ['trigger', 'acknowledge', 'resolve', 'change'] as const;
    expect(await sent(...all.map((tells) => ({ tells, by: 'Omar' })))).toEqual([...all]);
    expect(rig.refused()).toEqual([]);
  });

  it('CM-4: takes the same word twice', async () => {
    expect(await sent({ key: 'gonogo/twice' }, { key: 'gonogo/twice' })).toHaveLength(2);
  });

  it('takes words that are long, odd, or of another alphabet, and a deployment that has no card yet', async () => {
    const { link: _none, ...bare } = notification();
    await rig.notifier.notify({ ...bare, summary: `„${'ж'.repeat(3_000)}" \u0000 <b>`, previous: null });
    expect(rig.refused()).toEqual([]);
  });

  it('says what it can be tried with, and calls nobody for it', async () => {
    const before = rig.taken().filter((what) => what === 'trigger').length;
    const findings = (await rig.notifier.check?.()) ?? [];
    expect(findings.map(({ ok }) => ok)).toEqual([true]);
    expect(rig.taken().filter((what) => what === 'trigger')).toHaveLength(before);
  });

  const other = (title: string, run: () => Promise<void>): void =>
    it(title, async ({ skip }) => {
      if (rig.moods === undefined) skip('nothing stands behind it that could fail');
      await run();
    });

  other('CM-4: fails in words where it is refused, and may be said again', async () => {
    const error = await failing({ status: 500, body: 'out of order' });
    expect(error.message).toMatch(/500.*out of order/);
    expect(await sent({})).toEqual(['trigger']);
  });

  other('CM-4: says how long it is asked to wait', async () => {
    expect((await failing({ status: 429, retryAfter: '7' })).retryAfter).toBe(7_000);
    const date = new Date(Date.now() + 60_000).toUTCString();
    const { retryAfter = 0 } = await failing({ status: 503, retryAfter: date });
    expect(retryAfter).toBeGreaterThan(50_000);
    expect((await failing({ status: 429, retryAfter: 'soon' })).retryAfter).toBeUndefined();
  });

  other('CM-4: fails where the answer is cut off, and a second delivery does no harm', async () => {
    expect((await failing('takes it and is cut off')).message).toMatch(/cannot be reached/);
    expect(await sent({})).toEqual(['trigger']);
  });

  other('OP-3: ends at once where it is told to stop waiting', async () => {
    rig.moods?.push('hangs');
    const stopping = new AbortController();
    const waiting = rig.notifier.notify(notification(), stopping.signal);
    await vi.waitFor(() => expect(rig.moods).toEqual([]));
    stopping.abort();
    await expect(waiting).rejects.toThrow(/given up/);
  });

  other('follows no redirect: what it sends is for one address', async () => {
    expect((await failing({ status: 302 })).message).toMatch(/redirects \(302\)/);
  });
}
