import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WaitingJob } from '../../src/backends/port.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { LIVE, STATUSES, type Status } from '../../src/deployment/lifecycle.ts';
import { answerToJob } from '../../src/deployment/waiting-jobs.ts';
import { HOUR } from '../../src/time.ts';
import { byOf, clock, envelope, play, requested, T0 } from './builders.ts';

const PLACE = { service: 'checkout', environment: 'production' };
const { sha } = envelope();

const job = (change: Partial<WaitingJob> = {}): WaitingJob => ({
  key: 'a',
  targets: [PLACE],
  of: 'others',
  sha,
  at: T0,
  unknown: 'leave',
  ...change,
});

function deployment(status: Status, endedAt = T0 + HOUR): Deployment {
  const asked = play(requested());
  return LIVE.has(status)
    ? { ...asked, status }
    : { ...asked, status, ending: { at: endedAt, by: byOf(clock) } };
}

describe('a job that waits at the backend', () => {
  it.each([
    ['preparing', 'wait'],
    ['scheduled', 'wait'],
    ['rolling_out', 'approve'],
    ['held', 'wait'],
    ['verifying', 'approve'],
    ['observing', 'approve'],
    ['handed_over', 'reject'],
    ['rolling_back', 'reject'],
    ['rolled_back', 'reject'],
    ['failed', 'reject'],
    ['rejected', 'reject'],
    ['expired', 'reject'],
    ['cancelled', 'reject'],
    ['watched_only', 'wait'],
    ['watch_over', 'reject'],
  ] as const)('K-9: of a deployment that is %s: %s', (status, kind) => {
    for (const of of ['others', 'step'] as const)
      expect(answerToJob(job({ of }), [deployment(status)])).toMatchObject({ kind });
  });

  it('every status is in the table above', () => {
    expect(STATUSES).toHaveLength(15);
  });

  it('RB-1: is let through whatever stands, where it is a rollback, and never where another came after it', () => {
    for (const status of STATUSES) {
      expect(answerToJob(job({ of: 'rollback' }), [deployment(status)]).kind).toBe('approve');
      expect(answerToJob(job({ of: 'overtaken' }), [deployment(status)]).kind).toBe('reject');
    }
  });

  it('CH-1: names the decision it has, and says to others how to get one', () => {
    expect(answerToJob(job(), [deployment('rolling_out')])).toEqual({
      kind: 'approve',
      comment: 'Decided in Slack: D-1, checkout v2.1.0 to production.',
    });
    expect(answerToJob(job(), [deployment('rejected')])).toEqual({
      kind: 'reject',
      comment: 'D-1, checkout v2.1.0 to production has ended: somebody said no-go.',
    });
    expect(answerToJob(job({ unknown: 'reject', sha: 'f'.repeat(40) }), [deployment('rolling_out')])).toEqual(
      {
        kind: 'reject',
        comment:
          'GoNoGo has no deployment of commit fffffff to production under way. Ask for it in Slack with "/deploy checkout", and run this job again once it has started.',
      },
    );
  });

  it('is left alone or rejected as the settings say, where no deployment stands for it', () => {
    const before = deployment('rejected', T0 - 1);
    for (const known of [[], [before]]) {
      expect(answerToJob(job(), known)).toEqual({ kind: 'wait' });
      expect(answerToJob(job({ unknown: 'reject' }), known)).toMatchObject({ kind: 'reject' });
    }
  });

  it('CH-7: is never approved for another commit, another place, or a commit that says nothing', () => {
    const others = [
      job({ sha: 'f'.repeat(40) }),
      job({ targets: [{ ...PLACE, environment: 'staging' }] }),
      job({ targets: [{ ...PLACE, service: 'search' }] }),
      job({ targets: [] }),
    ];
    const { sha: _none, ...silent } = job();
    const anyOther = fc.constantFrom(...others, silent);
    fc.assert(
      fc.property(
        anyOther,
        fc.constantFrom<'reject' | 'leave'>('reject', 'leave'),
        fc.array(fc.constantFrom(...STATUSES), { maxLength: 3 }),
        (other, unknown, statuses) =>
          answerToJob(
            { ...other, unknown },
            statuses.map((one) => deployment(one)),
          ).kind !== 'approve',
      ),
    );
  });

  it('CH-7: where it could be in several places, each of them has to have its own decision', () => {
    const two = job({ targets: [PLACE, { ...PLACE, service: 'search' }], unknown: 'reject' });
    const here = deployment('rolling_out');
    const there = (status: Status): Deployment => {
      const d = deployment(status);
      return { ...d, terms: { ...d.terms, envelope: { ...d.terms.envelope, service: 'search' } } };
    };
    expect(answerToJob(two, [here]).kind).toBe('wait');
    expect(answerToJob(two, [here, there('preparing')]).kind).toBe('wait');
    expect(answerToJob(two, [here, there('rolling_out')]).kind).toBe('approve');
    expect(answerToJob(two, []).kind).toBe('reject');
  });
});
