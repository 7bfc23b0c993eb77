/** Details, and what stands on a card that ran over or comes too soon: valid for Slack whatever people wrote. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMessage, checkView } from '../../local-slack/block-kit/index.ts';
import type { Deployment } from '../../src/deployment/deployment.ts';
import { rolloutOf } from '../../src/deployment/rollout/progress.ts';
import type { RolloutState } from '../../src/deployment/rollout/state.ts';
import { CONTACT_ROLES } from '../../src/terms/contacts.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';
import { renderCard } from '../../views/card.ts';
import { contactsWords, hoursWords } from '../../views/contact-words.ts';
import { type ReachedContact, renderDetailsModal } from '../../views/details-modal.ts';
import { renderNote } from '../../views/notes.ts';
import { anyDeployment, nasty } from './any-deployment.ts';
import { DANA, deploymentIn, OMAR, T0, TOM } from './deployments.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const anyContact: fc.Arbitrary<ReachedContact> = fc.record(
  {
    role: fc.constantFrom(...CONTACT_ROLES),
    person: fc.record({ id: fc.constant('U0PRIYA0005'), name: nasty }),
    hours: fc.record({
      days: fc.subarray([...DAYS], { minLength: 1 }),
      from: fc.integer({ min: 0, max: 1439 }),
      to: fc.integer({ min: 0, max: 1440 }),
      timeZone: fc.constant('Europe/Berlin'),
    }),
    phone: nasty,
    thereNow: fc.boolean(),
  },
  { requiredKeys: ['role', 'person'] },
);

const overrun = { grace: 15 * MINUTE, escalateAfter: 30 * MINUTE };
const watched = (d: Deployment): Deployment => ({
  ...d,
  terms: { ...d.terms, safeguards: { ...d.terms.safeguards, overrun } },
});

/** A rollout that somebody was warned about. */
const late = (change: Partial<RolloutState> = {}): Deployment => {
  const d = watched(deploymentIn('held'));
  const plannedUntil = (d.rollout?.startedAt ?? 0) + 3.5 * HOUR;
  return {
    ...d,
    rollout: {
      ...rolloutOf(d),
      overrun: { plannedUntil, because: 'plan', warnedAt: plannedUntil + 15 * MINUTE },
      ...change,
    },
  };
};

describe('WN-5: Details', () => {
  it('are a view that Slack takes, of any deployment with any contacts', () => {
    fc.assert(
      fc.property(anyDeployment(), fc.array(anyContact, { maxLength: 5 }), nasty, (d, contacts, role) => {
        const view = renderDetailsModal(watched(d), { contacts, roleName: () => role });
        expect(checkView(view, 'modal')).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    [{ days: DAYS, from: 0, to: 1440 }, '24 h'],
    [{ days: DAYS, from: 480, to: 1200 }, 'daily 08:00–20:00 Europe/Berlin'],
    [{ days: DAYS.slice(0, 5), from: 540, to: 1020 }, 'Mon–Fri 09:00–17:00 Europe/Berlin'],
    [{ days: ['mon', 'tue', 'sat'] as const, from: 0, to: 1440 }, 'Mon, Tue, Sat 00:00–24:00 Europe/Berlin'],
    [{ days: ['fri', 'sat', 'sun'] as const, from: 1320, to: 360 }, 'Fri–Sun 22:00–06:00 Europe/Berlin'],
  ])('write hours as people do: %j', (hours, words) => {
    expect(hoursWords({ ...hours, timeZone: 'Europe/Berlin' })).toBe(words);
  });

  it('name the zone once where it is that of all, and each where they differ', () => {
    const daily = (timeZone: string) => ({ days: [...DAYS], from: 480, to: 1200, timeZone });
    const always = { days: [...DAYS], from: 0, to: 1440, timeZone: 'UTC' };
    const words = (...zones: [string, string]): string =>
      contactsWords({
        ...deploymentIn('scheduled'),
        terms: {
          ...deploymentIn('scheduled').terms,
          contacts: [
            { role: 'lead', person: DANA, hours: daily(zones[0]) },
            { role: 'on_call', person: OMAR, hours: always },
            { role: 'escalation', person: TOM, hours: daily(zones[1]) },
          ],
        },
      });
    expect(words('Europe/Berlin', 'Europe/Berlin')).toBe(
      'Lead Dana (daily 08:00–20:00) · on-call Omar (24 h) · escalation Tom (daily 08:00–20:00 Europe/Berlin)',
    );
    expect(words('America/New_York', 'Europe/Berlin')).toBe(
      'Lead Dana (daily 08:00–20:00 America/New_York) · on-call Omar (24 h) · escalation Tom (daily 08:00–20:00 Europe/Berlin)',
    );
  });
});

describe('WN-6: a rollout that runs over', () => {
  it('says so on its card, since when, and by how much when it is read', () => {
    const { plannedUntil = 0 } = late().rollout?.overrun ?? {};
    expect(plannedUntil).toBeGreaterThan(T0);
    const seconds = Math.floor(plannedUntil / 1000);
    expect(renderCard(late()).text).toContain(`Running over: planned until <!date^${seconds}^{time}|`);
    expect(renderCard(late()).text).toContain(`<!date^${seconds}^{ago}|`);
  });

  it('says until when it was extended instead, and nothing once it is through or going back', () => {
    expect(renderCard(late({ extendedBy: HOUR })).text).toMatch(/Ran over its plan at .*, extended until /);
    for (const status of ['observing', 'rolling_back', 'rolled_back'] as const)
      expect(renderCard(lateIn(status)).text).not.toContain('⏰');
  });

  it('is told in lines that Slack takes', () => {
    for (const level of ['warned', 'escalated'] as const)
      for (const because of ['plan', 'target', 'window'] as const) {
        const d = late();
        const drawn = renderNote(d, {
          type: 'overran',
          level,
          because,
          plannedUntil: T0,
          ...(level === 'escalated' ? { to: [{ id: 'U0PRIYA0005', name: 'Priya' }] } : {}),
          deployment: d.id,
          seq: d.seq + 1,
          at: T0 + 20 * MINUTE,
          by: { kind: 'system', name: 'clock' },
        });
        expect(drawn && checkMessage({ ...drawn })).toEqual([]);
        expect(drawn?.text).toContain('over by 20 min');
        expect(drawn?.text).toContain(
          level === 'escalated' ? '<@U0PRIYA0005>' : '<@U0DANA00001> or <@U0OMAR00001>',
        );
      }
  });
});

describe('CM-5: a start that comes soon', () => {
  const communication = { notice: DAY };

  it.each([
    [HOUR, 'Less than 24 h ahead: it is known 59 min before its start'],
    [DAY + MINUTE, undefined],
  ])('after %i ms says %s on its card', (after, words) => {
    const d = {
      ...deploymentIn('scheduled', { startAt: T0 + after }),
      terms: { ...deploymentIn('scheduled', { startAt: T0 + after }).terms, communication },
    };
    if (words === undefined) expect(renderCard(d).text).not.toContain('ahead');
    else expect(renderCard(d).text).toContain(words);
  });

  it('is none for records from before there was a notice', () => {
    expect(renderCard(deploymentIn('scheduled', { startAt: T0 + HOUR })).text).not.toContain('ahead');
  });
});

/** The same rollout, moved on. */
function lateIn(status: Deployment['status']): Deployment {
  const { terms, rollout } = late();
  const d = deploymentIn(status);
  return {
    ...d,
    terms: { ...d.terms, safeguards: terms.safeguards },
    rollout: { ...rolloutOf(d), ...(rollout?.overrun && { overrun: rollout.overrun }) },
  };
}
