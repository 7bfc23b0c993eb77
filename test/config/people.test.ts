/** People, their hours, the notice and the time a rollout may take: what they become, and what their mistakes are called. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../src/cli/explain-policy.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { describeProblem } from '../../src/config/problems.ts';
import { communicationFor } from '../../src/policy/communication.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { DAY, HOUR, MINUTE } from '../../src/time.ts';

const EXAMPLE = readFileSync(new URL('../../gonogo.example.yml', import.meta.url), 'utf8');
const PHONE = '+49 30 771234';

/** The example with other people in it. */
const withPeople = (people: string, more = ''): string =>
  `${EXAMPLE.replace(/^people:\n( {2}.*\n)+/m, `people:\n${people}\n`)}\n${more}`;

function policyOf(text: string): Policy {
  const loaded = loadPolicy(text, readPresets());
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}

function problemsOf(text: string): string[] {
  const loaded = loadPolicy(text, readPresets());
  return loaded.ok ? [] : loaded.problems.map(describeProblem);
}

const EXTRA: Record<string, string> = {
  'handoff-v1': '  sre: [U0OMAR00001]\n',
  'phase-contract': '  project_sponsor: [U0PETRA0001]\n',
};

const small = (preset: string): string => `
preset: ${preset}
team: Shop
roles:
  tech_lead: [U0TOM000001]
  security: [U0SANA00001]
  operations: [U0OMAR00001]
  product_owner: [U0PRIYA0001]
  business_stakeholder: [U0BIANCA001]
  cab: [U0CARLA0001]
${EXTRA[preset] ?? ''}services:
  checkout: { channel: C0CHECKOUT2 }
`;

describe('WN-5: people in gonogo.yml', () => {
  it('have their hours in their own zone or the team’s, and a phone that only says how they are reached', () => {
    const { people, services } = policyOf(
      withPeople(`  U0OMAR00004: { hours: 24/7, phone: "${PHONE}" }
  U0PRIYA0005: { hours: "Mon–Fri 09:00–17:00", time_zone: America/New_York }
  U0DANA00001: { hours: daily 08:00-20:00 }`),
    );
    expect(people.get('U0OMAR00004')).toMatchObject({ hours: { from: 0, to: 1440 }, phone: PHONE });
    expect(people.get('U0PRIYA0005')?.hours).toMatchObject({ timeZone: 'America/New_York' });
    expect(people.get('U0DANA00001')?.hours).toMatchObject({
      timeZone: 'Europe/Berlin',
      from: 480,
      to: 1200,
    });
    expect(services.get('checkout')?.escalation).toBe('U0PRIYA0005');
    expect(services.get('search')?.escalation).toBeUndefined();
  });

  it.each([
    [
      'hours that nobody can read',
      '  U0OMAR00004: { hours: office hours }',
      /line \d+: people\.U0OMAR00004\.hours: found "office hours"; allowed: "Mon–Fri 09:00–17:00", .* or "24 h"/,
    ],
    [
      'a zone that there is not',
      '  U0OMAR00004: { hours: 24 h, time_zone: Berlin }',
      /people\.U0OMAR00004\.time_zone: found "Berlin"; allowed: an IANA time zone/,
    ],
    [
      'a person whom nothing else names',
      '  U0OMAR00005: { hours: 24 h }',
      /people\.U0OMAR00005: found "U0OMAR00005"; allowed: a person of a role, a team, a rotation or a service: U0TOM000002, .*U0OMAR00004/,
    ],
    [
      'what is no member id',
      '  omar: { hours: 24 h }',
      /people\.omar: found the key "omar"; allowed: a Slack member id/,
    ],
    [
      'a key that there is not',
      '  U0OMAR00004: { telephone: "1" }',
      /found the unknown key "telephone"; allowed: hours, phone, time_zone/,
    ],
  ])('PR-1: refuse %s, with its place', (_what, people, problem) => {
    expect(problemsOf(withPeople(people)).join('\n')).toMatch(problem);
  });

  it.each([`"call ${PHONE}"`, '4930771234', `["${PHONE}"]`])(
    'never have a phone repeated, whatever is wrong with it: %s',
    (phone) => {
      const [problem = '', ...more] = problemsOf(withPeople(`  U0OMAR00004: { phone: ${phone} }`));
      expect(more).toEqual([]);
      expect(problem).toMatch(
        /people\.U0OMAR00004\.phone: found something else; allowed: a phone number in quotation marks/,
      );
      expect(problem).not.toMatch(/771234/);
    },
  );

  it('may be anybody where anybody may ask, and where user groups hold the roles', () => {
    const stranger = '  U0RUTH00006: { hours: 24 h }';
    expect(problemsOf(withPeople(stranger))).toHaveLength(1);
    const anyone = withPeople(stranger).replace(/^requesters: .*$/m, 'requesters: [anyone]');
    expect(problemsOf(anyone)).toEqual([]);
    const groups = withPeople(stranger).replace(
      'operations: [U0OMAR00004]',
      'operations: { usergroup: "@ops" }',
    );
    expect(problemsOf(groups)).toEqual([]);
  });

  it('are explained without their phones', () => {
    const sentences = explainPolicy(
      policyOf(withPeople(`  U0OMAR00004: { hours: 24 h, phone: "${PHONE}" }`)),
    );
    expect(sentences).toContain('Contacts: U0OMAR00004 (there 24 h, reached by phone).');
    expect(sentences).toContain('A rollout that runs over escalates to U0PRIYA0005 for checkout.');
    expect(sentences.join('\n')).not.toContain(PHONE);
  });
});

describe('WN-6: the time that a rollout may take', () => {
  it('is the plan and 15 min of grace, and an hour for a hand-off; others are told 30 min later', () => {
    const plan = { grace: 15 * MINUTE, escalateAfter: 30 * MINUTE };
    expect(policyOf(EXAMPLE).safeguards.overrun).toEqual(plan);
    for (const preset of ['gold-standard', 'procedures', 'phase-contract'])
      expect(policyOf(small(preset)).safeguards.overrun).toEqual(plan);
    expect(policyOf(small('handoff-v1')).safeguards.overrun).toEqual({ ...plan, within: HOUR });
  });

  it('is no shorter than any plan', () => {
    expect(problemsOf(`${EXAMPLE}\nsafeguards: { rollout_within: 3h }\n`).join()).toMatch(
      /safeguards\.rollout_within: found "3h"; allowed: at least 3h 30m: the strategy canary is watched for that long/,
    );
    expect(problemsOf(`${EXAMPLE}\nsafeguards: { rollout_within: 3h 30m }\n`)).toEqual([]);
    expect(problemsOf(`${EXAMPLE}\nsafeguards: { overrun_grace: 0m }\n`).join()).toContain(
      'a duration over 0',
    );
  });

  it('is explained', () => {
    expect(explainPolicy(policyOf(small('handoff-v1')))).toContain(
      'Where a rollout is not through 1 h after its start, or when its window closes, its lead and on-call are told, and the escalation 30 min after them; nothing goes back because of the time.',
    );
  });
});

describe('CM-5: the notice', () => {
  it.each([
    ['gold-standard', DAY],
    ['handoff-v1', DAY],
    ['procedures', undefined],
    ['phase-contract', undefined],
  ])('of %s is %j', (preset, notice) => {
    expect(policyOf(small(preset)).communication?.notice).toBe(notice);
  });

  it('is for environments that somebody has to approve', () => {
    const policy = policyOf(EXAMPLE);
    expect(communicationFor(policy, 'production')).toEqual({ notice: DAY });
    expect(communicationFor(policy, 'staging')).toBeUndefined();
    expect(explainPolicy(policy)).toContain(
      'A start in production is meant to be known 24 h ahead; a nearer one says so.',
    );
  });

  it('can be another, and is a time', () => {
    expect(policyOf(`${EXAMPLE}\ncommunication: { notice: 2d }\n`).communication).toEqual({
      notice: 2 * DAY,
    });
    expect(problemsOf(`${EXAMPLE}\ncommunication: { notice: 0h }\n`).join()).toMatch(
      /communication\.notice: found "0h"; allowed: a duration over 0/,
    );
    expect(problemsOf(`${EXAMPLE}\ncommunication: { notice: a day }\n`).join()).toMatch(
      /communication\.notice: found "a day"; allowed: how long ahead/,
    );
  });
});

describe('WN-1: what a window says of its time', () => {
  it('is kept', () => {
    const { windows } = policyOf(
      `${EXAMPLE}\nwindows: [{ days: [mon], from: "09:00", to: "17:00", low_traffic: false, support: the hotline }]\n`,
    ).calendar;
    expect(windows).toMatchObject([{ lowTraffic: false, support: 'the hotline' }]);
  });
});
