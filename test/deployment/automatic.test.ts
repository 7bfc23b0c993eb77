/** Which release goes somewhere by itself, and when none does (CH-2). */

import { describe, expect, it } from 'vitest';
import { type AutomaticFacts, decideAutomatic } from '../../src/deployment/automatic/decide-automatic.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { evolve } from '../../src/deployment/evolve.ts';
import type { Status } from '../../src/deployment/lifecycle.ts';
import { HOUR, MINUTE } from '../../src/time.ts';
import { RUTH, requested, T0 } from './builders.ts';

const ASKED: Deployment = evolve(undefined, {
  ...requested(),
  deployment: 'D-1001',
  seq: 1,
  at: T0,
  by: { kind: 'person', ...RUTH },
});

/** What the decision reads of a deployment there. */
function there(
  status: Status,
  change: { automatic?: true; drill?: true; version?: string; at?: number } = {},
) {
  const { automatic, drill, version = 'v2.0.0', at = T0 } = change;
  const asked = ASKED;
  return {
    ...asked,
    status,
    requestedAt: at,
    terms: {
      ...asked.terms,
      envelope: { ...asked.terms.envelope, version },
      ...(automatic ? { automatic: 'on_merge' as const } : {}),
      ...(drill ? { drill: true as const } : {}),
    },
  };
}

const RELEASE = { artifact: { version: 'v2.1.0', digest: 'sha256:aa' }, registeredAt: T0 + HOUR };
const base: AutomaticFacts = { rule: { kind: 'on_merge' }, now: T0 + 2 * HOUR, release: RELEASE };
const nightly = { rule: { kind: 'nightly', at: 120 } } as const;

describe('CH-2: a release', () => {
  it.each<[what: string, facts: Partial<AutomaticFacts>, kind: string]>([
    ['goes where nothing was ever deployed', {}, 'go'],
    [
      'goes after one that is through',
      { newest: there('handed_over'), newestThatRan: there('handed_over') },
      'go',
    ],
    [
      'goes after one that is only watched still',
      { newest: there('observing'), newestThatRan: there('observing') },
      'go',
    ],
    [
      'waits for one on its way',
      { newest: there('rolling_out'), newestThatRan: there('rolling_out') },
      'nothing',
    ],
    ['waits for one that is held', { newest: there('held'), newestThatRan: there('held') }, 'nothing'],
    [
      'takes the place of an older one that went by itself and waits',
      { newest: there('preparing', { automatic: true }) },
      'go_instead',
    ],
    ['never takes the place of what a person asked for', { newest: there('preparing') }, 'nothing'],
    [
      'stays out after a rollback',
      { newest: there('rolled_back'), newestThatRan: there('rolled_back') },
      'stopped',
    ],
    [
      'stays out after a rollback, whatever was cancelled since',
      { newest: there('cancelled'), newestThatRan: there('rolled_back') },
      'stopped',
    ],
    ['stays out after a failure', { newest: there('failed'), newestThatRan: there('failed') }, 'stopped'],
    [
      'goes after a drill',
      {
        newest: there('rolled_back', { drill: true }),
        newestThatRan: {
          ...there('rolled_back', { drill: true }),
          ending: { at: T0, by: { kind: 'person', ...RUTH } },
        },
      },
      'go',
    ],
    [
      'stays out until it is complete in the environment before',
      { notCompletedIn: 'integration' },
      'nothing',
    ],
    ['is asked for once', { newest: there('cancelled', { version: 'v2.1.0', at: T0 }) }, 'nothing'],
    [
      'gives way to what somebody asked for since',
      { newest: there('handed_over', { at: T0 + 90 * MINUTE }) },
      'nothing',
    ],
    ['waits for the night', { ...nightly }, 'nothing'],
    ['goes at night', { ...nightly, night: T0 + 2 * HOUR }, 'go'],
    [
      'waits for the next night where it came after this one',
      { ...nightly, night: T0 + 30 * MINUTE },
      'nothing',
    ],
    [
      'does not go in the morning for a night that was missed',
      { ...nightly, night: T0 + 2 * HOUR, now: T0 + 4 * HOUR },
      'nothing',
    ],
  ])('CH-2: %s', (_, facts, kind) => {
    expect(decideAutomatic({ ...base, ...facts }).kind).toBe(kind);
  });

  it('CH-2: that nobody registered goes nowhere', () => {
    const { release: _release, ...without } = base;
    expect(decideAutomatic(without).kind).toBe('nothing');
  });
});
