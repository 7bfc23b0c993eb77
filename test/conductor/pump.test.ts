/** What fails through a fault of our own rests, and is tried again; nothing else waits for it. It looks no oftener than it must, and misses nothing. */

import { expect, it } from 'vitest';
import { createPump, NotNow } from '../../src/conductor/pump.ts';
import { createLog } from '../../src/log.ts';
import { MINUTE, SECOND } from '../../src/time.ts';
import { createManualClock } from '../manual-clock.ts';

it.each([
  ['a fault', new Error('a fault of ours'), 5 * SECOND],
  ['no room just now', new NotNow('no room'), SECOND],
  ['a while that it asked for', new NotNow('refused', { rest: MINUTE }), MINUTE],
])('OP-3: after %s one thing rests while the other is done', async (_what, problem, rest) => {
  const clock = createManualClock();
  const tried: string[] = [];
  const waiting = new Set(['faulty', 'sound']);
  const pump = createPump<string>({
    name: 'test',
    clock,
    log: createLog({ level: 'silent' }),
    concurrency: 2,
    keyOf: (item) => item,
    due: async (_now, except) => ({
      items: [...waiting].filter((item) => !except.has(item)),
      next: undefined,
    }),
    run: async (item) => {
      tried.push(item);
      if (item === 'faulty' && tried.length < 4) throw problem;
      waiting.delete(item);
    },
  });
  pump.poke();
  await pump.idle();
  expect(tried).toEqual(['faulty', 'sound']);
  clock.advance(rest - 1);
  pump.poke();
  await pump.idle();
  expect(tried).toEqual(['faulty', 'sound']);
  clock.advance(1);
  await pump.idle();
  expect(tried).toEqual(['faulty', 'sound', 'faulty']);
  await pump.stop();
});

/** One thing that is due at `at`; whoever runs it says by `run` what comes of it. */
function pumpOf(run: (rests: (until: number | undefined) => void) => Promise<void>) {
  const clock = createManualClock();
  const due = { at: clock.now() as number | undefined };
  const seen = { looks: 0, runs: 0 };
  const pump = createPump<string>({
    name: 'test',
    clock,
    log: createLog({ level: 'silent' }),
    concurrency: 2,
    keyOf: (item) => item,
    due: async (now, except) => {
      seen.looks += 1;
      const isDue = due.at !== undefined && due.at <= now;
      return { items: isDue && !except.has('it') ? ['it'] : [], next: isDue ? undefined : due.at };
    },
    run: async (_item, _aside, rests) => {
      seen.runs += 1;
      await run(rests);
    },
  });
  return { clock, due, seen, pump };
}

it('looks no more for what has said until when it rests, and runs it then', async () => {
  const { clock, due, seen, pump } = pumpOf(async (rests) => {
    due.at = clock.now() + 60;
    rests(due.at);
  });
  pump.poke();
  await pump.idle();
  expect(seen).toEqual({ looks: 1, runs: 1 });
  clock.advance(59);
  await pump.idle();
  expect(seen.looks).toBe(1);
  clock.advance(1);
  await pump.idle();
  expect(seen).toEqual({ looks: 2, runs: 2 });
  await pump.stop();
});

it('RB-1: looks again after what rests where something came while it ran: it may have come for that', async () => {
  const { clock, due, seen, pump } = pumpOf(async (rests) => {
    due.at = undefined;
    if (seen.runs === 1) {
      // Somebody wakes it meanwhile, which it does not know of.
      due.at = clock.now();
      pump.poke();
      await Promise.resolve();
    }
    rests(clock.now() + 60);
  });
  pump.poke();
  await pump.idle();
  expect(seen.runs).toBe(2);
  await pump.stop();
});

it('wakes at what is due sooner than all that it knew, also where that came while it looked', async () => {
  const { clock, due, seen, pump } = pumpOf(async () => {
    due.at = undefined;
  });
  due.at = clock.now() + 100;
  pump.poke();
  // It has asked already, and was told of the later one.
  due.at = clock.now() + 50;
  pump.dueAt(due.at);
  await pump.idle();
  clock.advance(50);
  await pump.idle();
  expect(seen.runs).toBe(1);
  due.at = clock.now() + 80;
  pump.dueAt(due.at);
  due.at = clock.now() + 20;
  pump.dueAt(due.at);
  clock.advance(20);
  await pump.idle();
  expect(seen.runs).toBe(2);
  await pump.stop();
});
