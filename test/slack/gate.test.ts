/** The gate before every door: whoever may see nothing gets the one line, and nothing is run for them (CH-6). */

import { expect, it } from 'vitest';
import type { Answer, Origin, Submission } from '../../src/slack/feature.ts';
import { endUnlessRefused, type Refuses, unlessRefused } from '../../src/slack/gate.ts';

const GUEST = 'U0GREG00007';
const refuses: Refuses = async (userId) => (userId === GUEST ? { text: 'Guests read nothing.' } : undefined);

it.each([
  [GUEST, ['Guests read nothing.'], 0],
  ['U0DANA00001', [], 1],
])('CH-6: what %s clicks or types is run for members alone', async (userId, answers, runs) => {
  const said: string[] = [];
  let ran = 0;
  const origin = { userId, answer: async ({ text }: Answer) => void said.push(text) } as unknown as Origin;
  await unlessRefused(refuses, origin, async () => {
    ran += 1;
  });
  expect([said, ran]).toEqual([answers, runs]);
});

it.each([
  [GUEST, { kind: 'errors', errors: { why: 'Guests read nothing.' } }, 0],
  ['U0DANA00001', { kind: 'close' }, 1],
])(
  'CH-6: what %s sends with a form that they have open is refused at its field',
  async (userId, end, runs) => {
    let ran = 0;
    const submission = { userId, view: { values: { why: {}, when: {} } } } as unknown as Submission;
    const ended = await endUnlessRefused(refuses, submission, async () => {
      ran += 1;
      return { kind: 'close' };
    });
    expect([ended, ran]).toEqual([end, runs]);
  },
);
