/** By when a deployment must begin that carries out a contract. */

import { describe, expect, it } from 'vitest';
import {
  contractWindowProblem,
  missesItsWindow,
  revisedWindowProblem,
} from '../../src/deployment/request/contract-window.ts';
import { findAllRefusals } from '../../src/deployment/start/all-refusals.ts';
import type { ContractTerms } from '../../src/terms/contract.ts';
import type { Start } from '../../src/terms/envelope.ts';
import { DAY, HOUR } from '../../src/time.ts';
import { envelope, facts, play, request, requested, ruth, T0 } from './builders.ts';

const TERMS: ContractTerms = { id: 'C-1', acceptedAt: T0, startBy: T0 + 2 * DAY };
const WHEN_READY: Start = { kind: 'when_ready' };
const at = (instant: number): Start => ({ kind: 'at', at: instant });

function withContract(start: Start) {
  return play(requested({ envelope: envelope({ start }), contract: TERMS }));
}

describe('HO-4: a start under a contract', () => {
  it.each<[string, ContractTerms | undefined, Start, number, boolean]>([
    ['without a contract', undefined, at(T0 + 9 * DAY), T0, true],
    ['where it names no window', { id: 'C-1', acceptedAt: T0 }, at(T0 + 9 * DAY), T0, true],
    ['at the last moment', TERMS, at(T0 + 2 * DAY), T0, true],
    ['a moment later', TERMS, at(T0 + 2 * DAY + 1), T0, false],
    ['as soon as it is ready, in time', TERMS, WHEN_READY, T0 + 2 * DAY, true],
    ['as soon as it is ready, too late', TERMS, WHEN_READY, T0 + 2 * DAY + 1, false],
  ])('%s', (_when, terms, start, now, allowed) => {
    const problem = contractWindowProblem(terms, start, now);
    expect(problem).toEqual(
      allowed ? undefined : expect.objectContaining({ kind: 'refused', code: 'contract_window' }),
    );
  });

  it.each<[string, Start, number, boolean]>([
    ['as it was', WHEN_READY, T0, true],
    ['another, in time', at(T0 + DAY), T0, true],
    ['another, too late', at(T0 + 3 * DAY), T0, false],
    ['another, too late, when its window has passed', at(T0 + 3 * DAY), T0 + 2 * DAY + 1, true],
  ])('changed to %s', (_how, start, now, allowed) => {
    const problem = revisedWindowProblem(withContract(WHEN_READY), envelope({ start }), now);
    expect(problem === undefined).toBe(allowed);
  });

  it('is known to be late by its time, or by what it waits for', () => {
    const ready = withContract(WHEN_READY);
    expect(missesItsWindow(ready)).toBe(false);
    expect(missesItsWindow({ ...ready, start: { ...ready.start, at: T0 + 2 * DAY } })).toBe(false);
    expect(missesItsWindow({ ...ready, start: { ...ready.start, at: T0 + 2 * DAY + HOUR } })).toBe(true);
    expect(
      missesItsWindow({
        ...ready,
        start: { ...ready.start, waiting: { for: [], since: T0, until: T0 + 3 * DAY } },
      }),
    ).toBe(true);
    expect(missesItsWindow(withContract(at(T0 + 3 * DAY)))).toBe(true);
  });

  it('ST-7: that is too late is one refusal of a dry run, which goes on as if there were no window', () => {
    const asked = request({ envelope: envelope({ start: at(T0 + 3 * DAY) }), contract: TERMS });
    const { refusals, accepted } = findAllRefusals(asked, facts(ruth));
    expect(refusals.map(({ code }) => code)).toEqual(['contract_window']);
    expect(accepted?.events[0]).toMatchObject({ terms: { contract: { id: 'C-1', acceptedAt: T0 } } });
  });
});
