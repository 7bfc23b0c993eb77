/** Rollbacks that the record could not take (OP-3), with a core that answers as the test says. */

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Input, Outcome } from '../../src/conductor/handle.ts';
import { createKeptRollbacks } from '../../src/conductor/kept-rollbacks.ts';
import { DatabaseFault, RollbackKept } from '../../src/conductor/ports/faults.ts';
import type { Intent } from '../../src/deployment/intents.ts';
import { createLog } from '../../src/log.ts';
import { MINUTE } from '../../src/time.ts';
import { dana, omar, ruth, T0 } from '../deployment/builders.ts';
import { worldAt } from '../deployment/world.ts';
import { createManualClock } from '../manual-clock.ts';

const handedOver = worldAt('handed_over').d;
const rollBack: Input = {
  deployment: handedOver.id,
  intent: { kind: 'roll_back', why: 'alerts' },
  actor: omar,
};
const takeBack = (more: Partial<Intent> = {}): Input => ({
  intent: { kind: 'take_back', of: handedOver.id, why: 'alerts', ...more } as Intent,
  actor: omar,
});

/** The first time that it is asked the record is away; what it is asked afterwards is answered. */
function keeping(answer: (input: Input) => Outcome, spool?: string) {
  const clock = createManualClock(T0);
  const asked: Input[] = [];
  const refused: string[] = [];
  let isAway = true;
  const kept = createKeptRollbacks({
    async handle(input) {
      if (isAway) throw new DatabaseFault('full');
      asked.push(input);
      return answer(input);
    },
    spool,
    clock,
    log: createLog({ level: 'silent' }),
    refused: (_actor, deployment, why) => refused.push(`${deployment}: ${why}`),
  });
  return {
    kept,
    asked,
    refused,
    async comesBack() {
      isAway = false;
      clock.moveTo(T0 + MINUTE);
      await kept.idle();
    },
  };
}

const accepted: Outcome = { kind: 'accepted', deployment: handedOver, events: [] };
const kindsOf = (inputs: readonly Input[]): string[] => inputs.map(({ intent }) => intent.kind);

describe('OP-3: a rollback that the record cannot take', () => {
  it.each([
    ['of what has traffic', rollBack],
    ['RB-7: of what was handed over', takeBack()],
  ])('%s is kept, and carried out once', async (_which, input) => {
    const { kept, asked, comesBack } = keeping(() => accepted);
    await expect(kept.handle(input)).rejects.toBeInstanceOf(RollbackKept);
    await expect(kept.handle(input)).rejects.toBeInstanceOf(RollbackKept);
    await comesBack();
    expect(asked).toEqual([input]);
  });

  it('RB-7: turns out to be of what was handed over, which nobody could read when it was clicked', async () => {
    const { kept, asked, refused, comesBack } = keeping(({ intent }) =>
      intent.kind === 'take_back'
        ? accepted
        : { kind: 'refused', code: 'wrong_status', message: 'It was handed over.', deployment: handedOver },
    );
    await expect(kept.handle(rollBack)).rejects.toBeInstanceOf(RollbackKept);
    await comesBack();
    expect(kindsOf(asked)).toEqual(['roll_back', 'take_back']);
    expect(asked[1]).toMatchObject({ intent: { of: handedOver.id }, actor: omar });
    expect(refused).toEqual([]);
  });

  it('and refuses it later tells whoever was told that it would happen', async () => {
    const { kept, refused, comesBack } = keeping(() => ({
      kind: 'refused',
      code: 'wrong_status',
      message: 'Someone was faster.',
    }));
    await expect(kept.handle(rollBack)).rejects.toBeInstanceOf(RollbackKept);
    await comesBack();
    expect(refused).toEqual([`${handedOver.id}: Someone was faster.`]);
  });

  it('RB-1: is not lost behind one of somebody who may not, who pressed first', async () => {
    const first: Input = { ...rollBack, actor: ruth };
    const { kept, asked, refused, comesBack } = keeping(({ actor }) =>
      actor === omar
        ? accepted
        : { kind: 'refused', code: 'not_allowed', message: "You can't.", deployment: worldAt('observing').d },
    );
    for (const input of [first, rollBack, { ...rollBack, actor: dana }])
      await expect(kept.handle(input)).rejects.toBeInstanceOf(RollbackKept);
    await comesBack();
    // Dana's happens with Omar's: neither is asked for twice, nor told that it does not happen.
    expect(asked).toEqual([first, rollBack]);
    expect(refused).toEqual([`${handedOver.id}: You can't.`]);
  });

  it('is said to be in memory alone where its file cannot be written, and what was written stays', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gonogo-kept-'));
    const spool = join(folder, 'gonogo.db.rollbacks');
    const { kept, asked, comesBack } = keeping(() => accepted, spool);
    const inWords = (input: Input) => kept.handle(input).catch(({ message }: Error) => message);
    expect(await inWords(rollBack)).toMatch(/carried out as soon as it can be recorded$/);
    // As a disk that took the first of them and is full now.
    mkdirSync(`${spool}.new`);
    expect(await inWords({ ...rollBack, actor: dana })).toContain('unless GoNoGo ends before that');
    expect(JSON.parse(readFileSync(spool, 'utf8'))).toMatchObject([{ actor: omar }]);
    await comesBack();
    expect(asked).toEqual([rollBack]);
    expect(existsSync(spool)).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('RB-5: is not kept where it is a drill: that can be asked for again', async () => {
    const { kept, asked, comesBack } = keeping(() => accepted);
    const fault = await kept.handle(takeBack({ drill: true })).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(DatabaseFault);
    expect(fault).not.toBeInstanceOf(RollbackKept);
    await comesBack();
    expect(asked).toEqual([]);
  });
});
