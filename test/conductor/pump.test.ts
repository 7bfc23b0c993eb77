/** What fails through a fault of our own rests, and is tried again; nothing else waits for it. */

import { expect, it } from 'vitest';
import { createPump, NotNow } from '../../src/conductor/pump.ts';
import { createLog } from '../../src/log.ts';
import { SECOND } from '../../src/time.ts';
import { createManualClock } from '../manual-clock.ts';

it.each([
  ['a fault', new Error('a fault of ours'), 5 * SECOND],
  ['no room just now', new NotNow('no room'), SECOND],
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
