/** Telling pagers: in order, in a lane of their own, as often as it takes and for no longer than it says anything (CM-4). */

import { afterEach, describe, expect, it } from 'vitest';
import { type Notification, type Notifier, NotifierError } from '../../src/notifiers/port.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/time.ts';
import { createRig, onlyInstance, PEOPLE, type Rig } from './rig.ts';

const paging = (example: Policy): Policy => {
  const ops = { name: 'ops', kind: 'log', limit: 8, settings: {}, declared: true };
  return {
    ...example,
    notifiers: new Map([['ops', ops]]),
    services: new Map([...example.services].map(([name, one]) => [name, { ...one, notifiers: ['ops'] }])),
  };
};

interface Recorder extends Notifier {
  said: string[];
  /** What it does with the next words instead of taking them. */
  next: ((notification: Notification) => Promise<void>)[];
}

function recorder(): Recorder {
  const said: string[] = [];
  const next: Recorder['next'] = [];
  return {
    name: 'recorder',
    said,
    next,
    async notify(notification) {
      if (notification.tells === 'change') return;
      await next.shift()?.(notification);
      said.push(notification.tells);
    },
  };
}

let rig: Rig;
let pager: Recorder;
let lost = false;

async function open(): Promise<void> {
  pager = recorder();
  lost = false;
  const { find, all } = onlyInstance<Notifier>(pager);
  rig = await createRig({
    policy: paging,
    notifiers: { find: (ref) => (lost ? undefined : find(ref)), all },
  });
}
afterEach(() => rig.close());

async function rollingOut(version: string): Promise<string> {
  const { id } = await rig.request(version);
  await rig.signAll(id);
  await rig.pass(MINUTE, async () => (await rig.load(id)).rollout?.stages[0]?.watchedSince !== undefined);
  return id;
}

/** Its health check fails: it goes back by itself, and calls. */
async function wentBack(): Promise<string> {
  const id = await rollingOut('v2.1.3');
  await rig.pass(5 * MINUTE, async () => (await call(id)) !== undefined);
  return id;
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A rollback that is late, and whose pager is being called: nothing waits for the one that hangs. */
async function lateAndCalling(): Promise<string> {
  const id = await rollingOut('v2.1.0');
  rig.world.setOutage({ from: rig.clock.now(), to: rig.clock.now() + 16 * MINUTE });
  await rig.does(PEOPLE.omar, id, { kind: 'roll_back', why: 'alerts' });
  for (let minute = 0; minute < 16; minute += 1) {
    rig.clock.moveTo(rig.clock.now() + MINUTE);
    await turns();
  }
  return id;
}
const refuses = async (): Promise<void> => {
  throw new NotifierError('out of order');
};
const call = async (id: string) => (await rig.load(id)).paging?.calls[0];

describe('CM-4: a pager', () => {
  it('that hangs keeps neither the rollback nor its look waiting, and who has it is said after the call', async () => {
    await open();
    let taken = (): void => {};
    pager.next.push(
      () =>
        new Promise<void>((done) => {
          taken = done;
        }),
    );
    const id = await lateAndCalling();
    expect(await call(id)).toMatchObject({ matter: 'rollback_late', reached: [] });
    await rig.does(PEOPLE.dana, id, { kind: 'take_page' });
    for (let second = 0; second < 90; second += 1) {
      rig.clock.moveTo(rig.clock.now() + SECOND);
      await turns();
    }
    expect((await rig.load(id)).status).toBe('rolled_back');
    expect(pager.said).toEqual([]);
    taken();
    await rig.pass(MINUTE);
    expect(pager.said[0]).toBe('trigger');
    expect([...pager.said].sort()).toEqual(['acknowledge', 'resolve', 'trigger']);
  });

  it('that refuses is asked again with growing pauses, and waits as long as it asks for', async () => {
    await open();
    const at: number[] = [];
    const busy = (retryAfter?: number) => async (): Promise<void> => {
      at.push(rig.clock.now());
      throw new NotifierError('busy', retryAfter === undefined ? {} : { retryAfter });
    };
    pager.next.push(busy(), busy(), busy(90 * SECOND), busy(HOUR), async () => void at.push(rig.clock.now()));
    const id = await wentBack();
    await rig.pass(HOUR, async () => pager.said.length > 0);
    const pauses = at.slice(1).map((time, index) => Math.round((time - (at[index] ?? 0)) / SECOND));
    expect(pauses).toEqual([1, 2, 90, 600]);
    expect((await call(id))?.reached).toEqual([
      expect.objectContaining({ notifier: 'ops', calledAt: at.at(-1) }),
    ]);
    const types = (await rig.stores.events.events(id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'pager_failed')).toHaveLength(1);
  });

  it('that cannot be told wakes nobody any more once somebody has it', async () => {
    await open();
    pager.next.push(...Array.from({ length: 100 }, () => refuses));
    const id = await wentBack();
    await rig.does(PEOPLE.omar, id, { kind: 'take_page' });
    pager.next.length = 0;
    await rig.pass(10 * MINUTE);
    expect(pager.said).toEqual(['acknowledge', 'resolve']);
  });

  it('that the configuration lost is named on the card, and may come back', async () => {
    await open();
    lost = true;
    const id = await wentBack();
    await rig.conductor.idle();
    expect((await call(id))?.reached).toEqual([
      expect.objectContaining({ problem: 'the configuration has no notifier ops any more' }),
    ]);
    lost = false;
    await rig.pass(10 * MINUTE, async () => pager.said.length > 0);
    expect(pager.said).toEqual(['trigger']);
  });

  it('is not told of what is a day old', async () => {
    await open();
    pager.next.push(...Array.from({ length: 1_000 }, () => refuses));
    await wentBack();
    await rig.pass(DAY + 10 * MINUTE);
    const tries = pager.next.length;
    await rig.pass(HOUR);
    expect(pager.next.length).toBe(tries);
  });

  it('OP-3: that hangs does not keep GoNoGo from stopping, and is told after the next start', async () => {
    await open();
    pager.notify = ({ tells }, signal) =>
      tells === 'change'
        ? Promise.resolve()
        : new Promise<never>((_resolve, reject) => {
            signal?.addEventListener('abort', () => reject(new NotifierError('given up')), { once: true });
          });
    const id = await lateAndCalling();
    await rig.conductor.stop();
    expect(await rig.stores.effects.ready(rig.clock.now(), new Set(), 10, 'notices')).toMatchObject({
      ready: [{ effect: { tells: 'trigger' }, attempts: 0 }],
    });
    expect((await call(id))?.reached).toEqual([]);
  });
});
