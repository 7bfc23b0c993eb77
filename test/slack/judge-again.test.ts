/** "Judge it again" in the menu of a card: what the settings of now would have said (AN-6). */

import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { MINUTE } from '../../src/time.ts';
import { CARD_ACTIONS } from '../../views/deployment-actions.ts';
import { asShipped, examplePolicy } from './bot.ts';
import { rollingOut } from './deploying.ts';
import { it, type Stage } from './stage.ts';
import { choice, wordsOf } from './views-in-slack.ts';

async function judgedAgain(stage: Stage, id: string): Promise<string> {
  const card = await stage.card(id);
  const value = choice(card, CARD_ACTIONS.more, 'Judge it again');
  const { modal, told } = await stage.click('sana', card, CARD_ACTIONS.more, value);
  return modal === null ? told.join('\n') : wordsOf(modal);
}

const LENIENT = examplePolicy().replace(
  'traffic: { per_minute: 48000, errors: 0.07 }',
  'judge: { alpha: 0.0001, margin: 8, harm: 16, criteria: [], triggers: [] }',
);

describe('AN-6: a deployment judged again', () => {
  it('AN-6: has the same verdicts under the same settings, and says which would differ once they changed', async ({
    open,
  }) => {
    const stage = await open({ policy: asShipped() });
    const id = await rollingOut(stage, 'checkout v2.1.1 to production');
    await stage.pass(28 * MINUTE);
    expect((await stage.load(id)).status).toBe('rolled_back');
    expect(await judgedAgain(stage, id)).toMatch(/All \d+ looks would have had the same verdict\./);
    writeFileSync(stage.policyFile, LENIENT);
    await stage.bot.reload();
    const words = await judgedAgain(stage, id);
    expect(words).toMatch(/\d+ of \d+ looks would have had another verdict/);
    expect(words).toContain('up to then it would not have');
    expect(words).toContain('Nothing changes by this');
  });
});
