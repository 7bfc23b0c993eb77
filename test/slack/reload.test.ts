/** The policy is changed while the bot runs (PR-4), and what is on its way keeps what it was asked under (PR-3). */

import { writeFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { DAY, MINUTE } from '../../src/time.ts';
import { examplePolicy } from './bot.ts';
import { request, signAll } from './deploying.ts';
import { it, type Stage } from './stage.ts';

const EXAMPLE = examplePolicy();

async function change(stage: Stage, policy: string) {
  writeFileSync(stage.policyFile, policy);
  const reloaded = await stage.bot.reload();
  await stage.settled();
  return reloaded;
}

const announced = async (stage: Stage): Promise<string[]> =>
  (await stage.driver.messages({ channel: 'C0DEPLOYS01' })).map(({ text }) => text);

describe('a policy file that changes', () => {
  it('PR-4: is in force at once for new requests, and the team is told', async ({ open }) => {
    const stage = await open({ policy: EXAMPLE });
    const without = EXAMPLE.replace(/ {2}reports:[\s\S]*$/, '');
    expect(await change(stage, without)).toMatchObject({ kind: 'taken' });
    expect(await announced(stage)).toEqual([
      expect.stringContaining('The policy was changed and is in force for what is asked for from now on.'),
    ]);
    const typed = await stage.type('dana', 'deploys', '/deploy reports v1.0.0 to production');
    expect(typed.told.join()).toMatch(/No service `reports`|There is no `\/deploy reports`/);
  });

  it('PR-4: stays as it was where it becomes a mistake, and the team reads which', async ({ open }) => {
    const stage = await open({ policy: EXAMPLE });
    const broken = EXAMPLE.replace('strategy: blue-green', 'strategy: blue-gren');
    expect(await change(stage, broken)).toMatchObject({ kind: 'refused' });
    const [told] = await announced(stage);
    expect(told).toContain('gonogo.yml was changed and is not a policy. The one before stays in force.');
    expect(told).toContain('services.payments.strategy: found "blue-gren"; allowed: ');
    expect(told).toContain('did you mean blue-green?');
    const id = await request(stage);
    expect((await stage.load(id)).status).toBe('preparing');
  });

  it('PR-4: is refused where it names a backend that there is not', async ({ open }) => {
    const stage = await open({ policy: EXAMPLE });
    const unknown = EXAMPLE.replace('strategy: blue-green', 'backend: pigeons');
    expect(await change(stage, unknown)).toMatchObject({
      kind: 'refused',
      problems: [expect.stringContaining('pigeons')],
    });
  });

  it('PR-3: changes nothing of what is on its way, not even where its service is gone', async ({ open }) => {
    const stage = await open({ policy: EXAMPLE, onDisk: true });
    const id = await request(stage);
    const before = await stage.load(id);
    const others = EXAMPLE.replace('  aliases: { checkout: [cart] }\n', '');
    const other = others
      .replace(/^ {2}checkout:\n( {4}.*\n)+/m, '')
      .concat(
        '\nsafeguards: { observe_for: 1h, rollback_within: 1m }\nstrategies: { canary: { name: Jump, steps: [{ set_weight: 100 }] } }\n',
      );
    expect(await change(stage, other)).toMatchObject({ kind: 'taken' });
    expect(await stage.load(id)).toEqual(before);
    await signAll(stage, id);
    await stage.restart();
    await stage.pass(2 * DAY, async () => (await stage.load(id)).status === 'handed_over');
    const after = await stage.load(id);
    expect(after.status).toBe('handed_over');
    expect(after.rollout?.stages.map(({ percent }) => percent)).toEqual([5, 25, 75, 100]);
    expect(after.terms.safeguards).toEqual(before.terms.safeguards);
    expect((after.ending?.at ?? 0) - (after.rollout?.completedAt ?? 0)).toBeGreaterThanOrEqual(DAY - MINUTE);
  });
});
