import { describe, expect, it } from 'vitest';
import { failureOf, isCommand, laneOf, retryAfter } from '../../src/deployment/command-effects.ts';
import { SECOND } from '../../src/time.ts';

const APPLY = { kind: 'apply', key: 'D-1:6', step: 2 } as const;
const ROLL_BACK = { kind: 'roll_back', key: 'D-1:9', to: 'v2.0.4' } as const;
const SUPERSEDE = { kind: 'supersede', key: 'D-1:5' } as const;

describe('A command', () => {
  it('RB-1: has the lane of rollbacks to itself where it is one', () => {
    expect([APPLY, SUPERSEDE, ROLL_BACK].map(laneOf)).toEqual(['rest', 'rest', 'rollback']);
    expect(isCommand(ROLL_BACK)).toBe(true);
    expect(isCommand({ kind: 'show', key: 'D-1:card', message: { kind: 'card' }, news: 'look' })).toBe(false);
  });

  it.each([
    [APPLY, 30 * SECOND],
    [SUPERSEDE, 30 * SECOND],
    [ROLL_BACK, 5 * SECOND],
  ] as const)('RB-1: %j is tried again later each time, and after %i ms at most', (command, longest) => {
    expect([0, 1, 2].map((attempts) => retryAfter(command, attempts))).toEqual([
      SECOND,
      2 * SECOND,
      4 * SECOND,
    ]);
    expect(retryAfter(command, 3)).toBe(Math.min(8 * SECOND, longest));
    expect(retryAfter(command, 60)).toBe(longest);
  });

  it('that fails for good is a decision of people, and else is told as out of reach', () => {
    expect(failureOf(APPLY, 'no', true)).toEqual({
      kind: 'backend_refused',
      doing: 'apply',
      step: 2,
      message: 'no',
    });
    expect(failureOf(APPLY, 'no', false)).toEqual({
      kind: 'backend_unreachable',
      doing: 'apply',
      message: 'no',
    });
    expect(failureOf(ROLL_BACK, 'no', true)).toEqual({
      kind: 'backend_refused',
      doing: 'roll_back',
      message: 'no',
    });
    expect(failureOf(ROLL_BACK, 'no', false)).toMatchObject({
      kind: 'backend_unreachable',
      doing: 'roll_back',
    });
    expect(failureOf(SUPERSEDE, 'no', true)).toBeUndefined();
  });
});
