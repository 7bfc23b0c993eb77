/** `gonogo metrics` over a record as the bot leaves it (MT-1), and how a long one is read (OP-9). */

import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/command.ts';
import { metrics } from '../../src/cli/metrics.ts';
import { deliveredIn } from '../../src/conductor/deliveries.ts';
import type { Stores } from '../../src/conductor/ports/stores.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/time.ts';
import { commitOf, goOf, requestOf, SCHEDULED, STARTED, T0, TOM } from '../db/examples.ts';
import { freshFile, open } from '../db/places.ts';
import { listening } from './listening.ts';

const terminal = listening();

/** Asked for an hour before it starts, and complete an hour after; or gone back after ten minutes, in four. */
async function deploy(
  { events }: Stores,
  id: string,
  { at, ends, ...parts }: { at: Instant; ends: 'well' | 'back'; service?: string; environment?: string },
): Promise<void> {
  const request = requestOf(id, { at: at - HOUR, ...parts });
  const signed = commitOf(request.after, [goOf(request.after, 'tech_lead'), SCHEDULED], {
    at: at - 20 * MINUTE,
    by: TOM,
  });
  const started = commitOf(signed.after, [STARTED], { at });
  const last =
    ends === 'well'
      ? [commitOf(started.after, [{ type: 'verification_started' }, { type: 'verified' }], { at: at + HOUR })]
      : [];
  if (ends === 'back') {
    const back = { type: 'rollback_started', to: 'v2.0.0', why: 'errors of 2.3 %' } as const;
    const begun = commitOf(started.after, [back], { at: at + 10 * MINUTE });
    last.push(begun, commitOf(begun.after, [{ type: 'rolled_back' }], { at: at + 14 * MINUTE }));
  }
  for (const commit of [request, signed, started, ...last]) await events.commit(commit);
}

async function month() {
  const file = freshFile();
  const stores = await open(file);
  await deploy(stores, 'D-1001', { at: T0 - 40 * DAY, ends: 'well' });
  await deploy(stores, 'D-1002', { at: T0 - 9 * DAY, ends: 'well' });
  await deploy(stores, 'D-1003', { at: T0 - 2 * DAY, ends: 'back' });
  await deploy(stores, 'D-1004', { at: T0 - DAY, ends: 'well', service: 'search', environment: 'staging' });
  return { file, stores };
}

const until = ['--until', new Date(T0).toISOString()];

describe('gonogo metrics', () => {
  it('MT-1, MT-2: prints a row for each environment, what went back and why, and what was waited for', async () => {
    const { file } = await month();
    expect(await metrics.run(['--db', file, ...until])).toBe(EXIT.ok);
    expect(terminal.said.out.split('\n')).toEqual([
      '2025-12-06 13:00 UTC to 2026-01-05 13:00 UTC',
      'Environment  Deployed  A week  Went back  Lead time  Back within',
      'production   2         0.47    1 (50 %)   2 h        4 min',
      'staging      1         0.23    0 (0 %)    2 h        —',
      'Lead time, from the request to all traffic: 2 h.',
      'A rollout took 1 h.',
      'From the word to go back to all traffic on the old version: 4 min.',
      'Went back: 1 by a person.',
      'Waited for a go: Tech lead 40 min.',
      'From the last go to the start (gates, checklist, window, the hour asked for): 20 min.',
      'D-1003 checkout v2.1.0 in production, by a person: errors of 2.3 %',
      '',
    ]);
  });

  it('MT-1: by service, of one place, and for a script', async () => {
    const { file } = await month();
    const asked = [
      '--last',
      '60d',
      '--service',
      'checkout',
      '--by',
      'service',
      '--json',
      '--db',
      file,
      ...until,
    ];
    expect(await metrics.run(asked)).toBe(EXIT.ok);
    expect(JSON.parse(terminal.said.out)).toMatchObject({
      until: '2026-01-05T13:00:00.000Z',
      all: { deployments: 3, failed: 1, restore: { median: 4 * MINUTE, of: 1 } },
      rows: [{ name: 'checkout', lead: { of: 2 } }],
    });
  });

  it('K-6: says how often people said of a suspect that no deployment did it', async () => {
    const { file, stores } = await month();
    const answer = {
      channel: 'C0ALERTS005',
      ts: '1',
      service: 'checkout',
      suspects: [{ deployment: 'D-1003', score: 1 }],
    };
    const alert = {
      source: 'text',
      status: 'firing',
      title: 'checkout is down',
      labels: {},
      lines: [],
    } as const;
    for (const [ts, more] of [
      ['1', {}],
      ['2', {}],
      ['3', { suspects: [] }],
      ['4', { alert: undefined }],
      ['5', { service: 'search' }],
    ] as const) {
      const { alert: said, ...one } = { ...answer, alert, ...more, ts };
      await stores.alerts.claim({ ...one, ...(said && { alert: said }) }, T0 - HOUR);
      await stores.alerts.answered(one, `${ts}.1`);
    }
    await stores.alerts.notADeployment({ ...answer, ts: '2' }, TOM, T0);
    expect(await metrics.run(['--db', file, '--service', 'checkout', ...until])).toBe(EXIT.ok);
    expect(terminal.said.out).toContain(
      'Alerts answered with a suspect: 2; no deployment, as people said, in 1 (50 %).',
    );
  });

  it('answers 64 for what it does not understand', async () => {
    for (const wrong of [
      ['--last', 'soon'],
      ['--last', '0d'],
      ['--by', 'team'],
      ['--until', 'x'],
      ['checkout'],
    ])
      expect(await metrics.run(wrong)).toBe(EXIT.usage);
  });
});

describe('what was delivered', () => {
  it('OP-9: is read page by page with nothing twice or left out, and says where it stopped', async () => {
    const { stores } = await month();
    // Many of one moment: the order has to go on inside it.
    for (let number = 2001; number <= 2045; number += 1)
      await deploy(stores, `D-${number}`, { at: T0 - 5 * DAY, ends: 'back', service: `s${number}` });
    const asked = { from: T0 - 30 * DAY, until: T0 };
    const { deliveries, since } = await deliveredIn(stores.events, asked);
    expect(new Set(deliveries.map(({ id }) => id)).size).toBe(48);
    expect(deliveries).toHaveLength(48);
    expect(since).toBeUndefined();
    const cut = await deliveredIn(stores.events, asked, 2);
    expect(cut.deliveries.map(({ id }) => id)).toEqual(['D-1004', 'D-1003']);
    expect(cut.since).toBe(T0 - 2 * DAY);
  });
});
