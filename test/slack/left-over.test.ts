/** Whatever is typed and not used is answered with its own words, in every command: nothing is dropped in silence (K-1). */

import { expect } from 'vitest';
import { heldAndPassed } from './deploying.ts';
import { PEOPLE } from './people.ts';
import { it } from './stage.ts';
import { wordsOf } from './views-in-slack.ts';

const TYPED: readonly [string, RegExp][] = [
  ['hold checkout and payments', /One at a time, and "payments" is named as well, so nothing was done/],
  ['promote D-1001, D-1002', /"D-1002" is named as well, so nothing was done/],
  ['resume checkout + payments', /One at a time/],
  ['hold checkout’s rollout', /No service `checkout’s`/],
  ['cancel 1001', /No service `1001`/],
  ['status checkout and payments', /One at a time/],
  ['status D-1001 and all', /"and all" is not understood/],
  ['status checkout yesterday', /No environment `yesterday`/],
  ['list everything', /"everything" is not understood/],
  ['list D-1001', /"D-1001" is not understood/],
  ['list checkout prod', /D-1001/],
  ['history checkout lately', /"lately" is not understood/],
  ['owed by dana', /"by dana" is not understood/],
  ['rollback chekout 🔥', /No service `chekout`\. Did you mean `checkout`/],
  ['freeze everything every friday: x', /"every friday" is not understood/],
  ['freeze checkout until 31.02.: x', /"31\.02\." is no day that there is/],
  ['freeze checkout until next week because x', /"next week" is more than one day/],
  ['lock checkout until last friday because x', /"last friday" is over/],
  ['lock checkout 14:00 because x', /"14:00" is not understood/],
  ['unlock checkout 9–17', /takes no time: nothing was done/],
  ['unfreeze everything next week', /takes no time: nothing was done/],
  ['extend checkout 30m', /extend|Did you mean|understood/],
  ['checkout v2.1.0 v2.1.1 to prod', /v2\.1\.1.* is not understood/],
  ['checkout v2.1.0 to staging and production', /"and production" is not understood as a time/],
  ['checkout v2.1.0 to prod next friday 9', /"9" in "next friday 9" is not understood/],
  ['checkout v2.1.0 to prod tomorrow 25:00', /"25:00" in "tomorrow 25:00" is not understood/],
  ['checkout v2.1.0 to prod 9–17', /names more than one time/],
  ['checkout v2.1.0 to prod EOD', /names no hour/],
  ['checkout v2.1.0 to prod 14h', /says how long, and not when/],
  ['checkout payments v2.1.0 to prod', /"payments" is not understood as a time/],
];

it('K-1: words that nothing is done with are answered, in every command and in one dress or another', async ({
  stage,
}) => {
  await heldAndPassed(stage);
  const wrong: string[] = [];
  for (const [text, answer] of TYPED) {
    const { told, modal } = await stage.type('dana', 'checkout', `/deploy ${text}`);
    const read = [...told, ...(modal === null ? [] : [wordsOf(modal)])].join('\n').replaceAll('\\"', '"');
    if (!answer.test(read)) wrong.push(`${text}: ${read.slice(0, 300)}`);
    if (modal !== null) await stage.driver.closeView(PEOPLE.dana, modal.id);
  }
  expect(wrong).toEqual([]);
  expect((await stage.load('D-1001')).status).toBe('held');

  const { told } = await stage.type('dana', 'checkout', '/deploy resume checkout pls for 2h <only>');
  expect(told.join(' ')).toMatch(/Done: D-1001.*The record says why: “pls for 2h &lt;only&gt;”/);
});
