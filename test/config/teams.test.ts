/** Teams, approvers by service, on-calls and rotations in gonogo.yml: what they become, and what their mistakes are called (PR-6). */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../src/cli/explain-policy.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { describeProblem } from '../../src/config/problems.ts';
import { windowsAt } from '../../src/policy/calendar/windows.ts';
import { onCallPerson } from '../../src/policy/on-call.ts';
import { roleAt, rolesAt } from '../../src/policy/team-roles.ts';
import { DAY, HOUR } from '../../src/time.ts';
import { PRESETS } from './preset-policies.ts';

const company = (more = '', services = '', team = ''): string => `
team: Acme
time_zone: Europe/Berlin
roles:
  tech_lead: [U0TOM000001]
  security: [U0SANA00001]
  operations: [U0OMAR00001]
  product_owner: [U0PRIYA0001]
  cab: [U0CARLA0001]
people:
  U0EVE000001: { hours: "Mon–Fri 18:00–23:00" }
rotations:
  shop:
    order: [U0ANN000001, U0BEN000001, U0CEM000001]
    from: "2026-01-05 09:00"
    overrides: [{ person: U0EVE000001, from: 2026-01-14, to: 2026-01-15 }]
teams:
  shop:
    channel: C0SHOP00001
    approvers: { tech_lead: [U0TINA00001], security: { usergroup: "@shop-security" } }
    on_call: shop
    lead: U0LEA000001
    windows: [{ days: [mon], from: "09:00", to: "17:00", environments: [production] }]
${team}defaults: { channel: C0DEFAULT01, on_call: U0OMAR00001 }
windows:
  - { name: Usual, days: [tue], from: "08:00", to: "20:00" }
  - { name: Cart, days: [wed], from: "08:00", to: "20:00", services: [cart] }
services:
  cart: { team: shop }
  checkout: { team: shop, approvers: { tech_lead: [U0TESS00001] }, on_call: [U0ANN000001, U0EVE000001] }
  search: { in: { production: { on_call: { usergroup: "@search-oncall" } } } }
${services}${more}`;

function policyOf(text: string) {
  const loaded = loadPolicy(text, PRESETS);
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return loaded.policy;
}

const problemsOf = (text: string): string[] => {
  const loaded = loadPolicy(text, PRESETS);
  return loaded.ok ? [] : loaded.problems.map(describeProblem);
};

const POLICY = policyOf(company());

describe('PR-6: a service', () => {
  it('has what it says itself, else what its team says, else the defaults', () => {
    const { services } = POLICY;
    expect(services.get('cart')).toMatchObject({ channel: 'C0SHOP00001', lead: 'U0LEA000001', team: 'shop' });
    expect(services.get('search')).toMatchObject({ channel: 'C0DEFAULT01' });
    expect(services.get('search')?.lead).toBeUndefined();
  });

  it('finds its approvers in itself, its team, or the roles of all', () => {
    const members = (service: string, role: string) => roleAt(POLICY, service, role)?.members;
    expect(members('checkout', 'tech_lead')).toEqual(['U0TESS00001']);
    expect(members('cart', 'tech_lead')).toEqual(['U0TINA00001']);
    expect(members('search', 'tech_lead')).toEqual(['U0TOM000001']);
    expect(members('cart', 'operations')).toEqual(['U0OMAR00001']);
    expect(roleAt(POLICY, 'checkout', 'security')).toMatchObject({ usergroups: ['@shop-security'] });
    expect(roleAt(POLICY, 'checkout', 'tech_lead')?.name).toBe('Tech lead');
  });

  it.each([
    ['the tech lead of all, for a service whose team has its own', 'cart', ['tech_lead'], []],
    ['the tech lead of all, for any other', 'search', ['tech_lead'], ['tech_lead']],
    ['the team’s, for its services', 'cart', ['shop/tech_lead', 'cab'], ['cab', 'tech_lead']],
    ['the team’s, where the service names its own', 'checkout', ['shop/tech_lead'], []],
    ['the team’s, for others', 'search', ['shop/tech_lead'], []],
  ])('CH-6: gives roles only to whom it has them: %s', (_, service, held, counts) => {
    const who = { id: 'U0ANYONE001', roles: held };
    const found = rolesAt(POLICY, { service }, who, 0);
    expect(found.filter((role) => !role.includes('/'))).toEqual(counts);
    expect(rolesAt(POLICY, { service }, { ...who, roles: found }, 0)).toEqual(found);
  });

  it('WN-1: opens in the windows of its team, where these name the environment, and in those that name the service', () => {
    const names = (service: string, environment: string) =>
      windowsAt(POLICY.calendar.windows, { service, environment }).map(({ name }) => name);
    expect(names('search', 'production')).toEqual(['Usual']);
    expect(names('cart', 'production')).toEqual(['Cart', 'mon 09:00–17:00']);
    expect(names('checkout', 'production')).toEqual(['mon 09:00–17:00']);
    expect(names('checkout', 'staging')).toEqual(['Usual']);
  });

  it('PR-1: is read back with its team, its approvers and its on-call', () => {
    expect(explainPolicy(POLICY)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^cart \(Shop\) goes to .*on call: the rotation shop \(U0ANN000001, /),
        expect.stringMatching(
          /^search goes to .*on call: U0OMAR00001, in production whoever is in @search-oncall/,
        ),
        'Tech lead of cart: U0TINA00001.',
        'Security of cart and checkout: @shop-security.',
      ]),
    );
  });
});

describe('WN-5: who is on call', () => {
  const START = Date.UTC(2026, 0, 5, 8);
  const at = (service: string, after: number, environment?: string) =>
    onCallPerson(POLICY, { service, ...(environment === undefined ? {} : { environment }) }, START + after);

  it.each([
    ['before the beginning the first', -DAY, 'U0ANN000001'],
    ['from the beginning the first', 0, 'U0ANN000001'],
    ['to the last moment of the week', 7 * DAY - 1, 'U0ANN000001'],
    ['then the second', 7 * DAY, 'U0BEN000001'],
    ['whoever stands in, from the midnight of that day', 9 * DAY - 9 * HOUR, 'U0EVE000001'],
    ['until the next midnight', 10 * DAY - 9 * HOUR, 'U0BEN000001'],
    ['the first again', 21 * DAY, 'U0ANN000001'],
    ['at the same hour of the wall when the clocks have changed', 84 * DAY - HOUR, 'U0ANN000001'],
    ['and no earlier', 84 * DAY - HOUR - 1, 'U0CEM000001'],
  ])('goes by the rotation: %s', (_, after, person) => {
    expect(at('cart', after)).toBe(person);
  });

  it('is the first of several who is in their hours, else the first', () => {
    expect(at('checkout', 10 * HOUR)).toBe('U0EVE000001');
    expect(at('checkout', 0)).toBe('U0ANN000001');
  });

  it('may be another in one environment, and a user group is not known from the file', () => {
    expect(at('search', 0, 'staging')).toBe('U0OMAR00001');
    expect(at('search', 0, 'production')).toBeUndefined();
    const inGroup = { id: 'U0GUS000001', roles: ['on_call:@search-oncall'] };
    expect(rolesAt(POLICY, { service: 'search', environment: 'production' }, inGroup, 0)).toContain(
      'on_call',
    );
    expect(rolesAt(POLICY, { service: 'search', environment: 'staging' }, inGroup, 0)).not.toContain(
      'on_call',
    );
  });
});

describe('PR-1: a mistake about teams', () => {
  it.each([
    [
      'an unknown team',
      company('', '  ads: { team: shopp }\n'),
      /services\.ads\.team: found "shopp"; allowed: shop \(did you mean shop\?\)/,
    ],
    ['a team without services', company('', '', '  ads: {}\n'), /teams\.ads: found a team without services/],
    [
      'a service without a channel',
      company().replace('channel: C0DEFAULT01, ', ''),
      /services\.search: found no channel; allowed: channel: C… here, in its team, or in defaults/,
    ],
    [
      'an approver of an unknown role',
      company().replace('tech_lead: [U0TINA00001]', 'techlead: [U0TINA00001]'),
      /teams\.shop\.approvers\.techlead: found "techlead"; .*did you mean tech_lead\?/,
    ],
    [
      'an approver who is nobody',
      company().replace('[U0TINA00001]', '[]'),
      /teams\.shop\.approvers\.tech_lead: found nobody/,
    ],
    [
      'an unknown rotation',
      company().replace('on_call: shop', 'on_call: shops'),
      /teams\.shop\.on_call: found "shops"; allowed: a Slack member id, or a rotation: shop \(did you mean shop\?\)/,
    ],
    [
      'a turn of half a day',
      company().replace('from: "2026-01-05 09:00"', 'from: "2026-01-05 09:00"\n    every: 12h'),
      /rotations\.shop\.every: found "12h"; allowed: whole days/,
    ],
    [
      'a day that there is not',
      company().replace('from: "2026-01-05 09:00"', 'from: 2026-02-30'),
      /rotations\.shop\.from: found "2026-02-30"; allowed: a day that exists/,
    ],
    [
      'somebody who stands in backwards',
      company().replace('to: 2026-01-15', 'to: 2026-01-13'),
      /overrides\[0\]\.to: found 2026-01-14 to 2026-01-13; allowed: an end after the beginning/,
    ],
    [
      'an on-call in an unknown environment',
      company().replace('in: { production', 'in: { prod'),
      /services\.search\.in\.prod: found "prod"/,
    ],
    [
      'one person for two roles of a team',
      company().replace('[U0TINA00001]', '[U0OMAR00001]'),
      /production\.sign_offs: found .* for .*, where one person fills one role/,
    ],
  ])('is named: %s', (_, text, words) => {
    expect(problemsOf(text).join('\n')).toMatch(words);
  });

  it('CH-10: says how many people an environment needs where the file names fewer', () => {
    const three = company()
      .replace('security: [U0SANA00001]', 'security: [U0TOM000001]')
      .replace('cab: [U0CARLA0001]', 'cab: [U0OMAR00001]');
    expect(
      problemsOf(three.replace('  search: {', '  search: { environments: [production],')).join('\n'),
    ).toMatch(
      /production\.sign_offs: found 2 people for normal changes that bring feature; allowed: 5 different people, for production needs 4 who say go and one more who asks/,
    );
  });

  it('CH-6: check names whoever is the only one for a role: what they ask for themselves has nobody to approve it', () => {
    const small = (approvers: string, more = ''): string[] =>
      explainPolicy(
        policyOf(
          `team: A\npreset: small-team\nroles: { approver: ${approvers} }\ndefaults: { channel: C0SHOP00001, on_call: U0OMAR00001 }\n${more}`,
        ),
      ).filter((line) => line.startsWith('Only '));
    const two =
      'teams: { shop: { approvers: { approver: [U0EVE000001] } } }\nservices: { web: , cart: { team: shop } }';
    expect(small('[U0TOM000001]', 'services: { web: }')).toEqual([
      'Only U0TOM000001 holds Approver: what they ask for, lead or write themselves has nobody to approve it.',
    ]);
    expect(small('[U0TOM000001, U0SANA00001]', 'services: { web: }')).toEqual([]);
    expect(small('{ usergroup: "@approvers", members: [U0TOM000001] }', 'services: { web: }')).toEqual([]);
    expect(small('[U0TOM000001, U0SANA00001]', two)).toEqual([
      'Only U0EVE000001 holds Approver for cart: what they ask for, lead or write themselves has nobody to approve it.',
    ]);
  });

  it('a role that every team fills may stay empty for all', () => {
    const all = company()
      .replace('tech_lead: [U0TOM000001]', 'tech_lead: []')
      .replace('  search: {', '  search: { approvers: { tech_lead: [U0TOM000001] },');
    expect(problemsOf(all)).toEqual([]);
  });
});

describe('PR-6: names as teams write them', () => {
  const named = (service: string, environment = 'production'): string => `
team: Acme
roles: { tech_lead: [U0TOM000001], security: [U0SANA00001], operations: [U0OMAR00001], product_owner: [U0PRIYA0001], cab: [U0CARLA0001] }
environments: { staging: , ${environment}: { like: production } }
services: { ${service}: { channel: C0SHOP00001 } }`;

  it.each(['WebAPI', 'api.v2', 'apps/web', 'Billing_API-2'])('%s is a service', (name) => {
    expect([...policyOf(named(`"${name}"`, 'EU-West')).services.keys()]).toEqual([name]);
  });

  it.each(['web api', '2nd', 'web/', 'constructor', 'toString', 'valueOf', 'ab<c', `a${'b'.repeat(60)}`])(
    '%s is none, and what is one is said',
    (name) => {
      expect(problemsOf(named(`"${name}"`)).join()).toContain(
        'allowed: a service: letters, digits, and ".", "_", "/" or "-" between them, at most 60, a letter first',
      );
    },
  );

  it('two that differ in their case alone are refused', () => {
    expect(problemsOf(named('web: { channel: C0SHOP00001 }, WEB')).join()).toMatch(
      /services\.WEB: found WEB beside web; allowed: names that differ in more than their case/,
    );
  });
});

describe('PR-1: what a file says wrongly is told how it is right', () => {
  const base =
    'team: Acme\npreset: small-team\nroles: { approver: [U0TOM000001] }\ndefaults: { channel: C0SHOP00001 }\n';

  it('a key in the wrong place is told the right ones', () => {
    expect(problemsOf(`${base}services: { web: { sign_offs: [approver] } }`).join()).toMatch(
      /services\.web\.sign_offs: found the unknown key "sign_offs"; .*; sign_offs stands in sign_offs, or environments\.NAME\.sign_offs, or change_types/,
    );
    expect(problemsOf(`${base}holiday: [2026-12-24]\nservices: { web: {} }`).join()).toMatch(
      /did you mean holidays\?/,
    );
  });

  it('a key that stands there twice is said with its line', () => {
    expect(problemsOf(`${base}services:\n  web: {}\n  web: {}\n`).join()).toMatch(
      /line 7: .*a key that stands there already; allowed: each key once/,
    );
  });

  it('an empty service is one that has all from its team and the defaults, or is told what it lacks', () => {
    expect(policyOf(`${base}services:\n  web:\n  api:\n`).services.get('api')?.channel).toBe('C0SHOP00001');
    expect(
      problemsOf(`${base.replace('defaults: { channel: C0SHOP00001 }\n', '')}services:\n  web:\n`).join(),
    ).toMatch(/services\.web: found no channel/);
  });

  it('a backend that there is not, and a role without people, are said', () => {
    expect(problemsOf(`${base}services: { web: { backend: eu } }`).join()).toMatch(
      /services\.web\.backend: found "eu"/,
    );
    expect(problemsOf(`${base.replace('[U0TOM000001]', '[]')}services: { web: {} }`).join()).toMatch(
      /roles\.approver: found nobody; allowed: at least one person: a sign-off waits for this role/,
    );
  });

  it('mappings may be taken from another with <<', () => {
    const { services } = policyOf(
      `${base}services:\n  web: &usual { lead: U0LEA000001, strategy: rolling }\n  api: { <<: *usual, strategy: canary }\n`,
    );
    expect(services.get('api')).toMatchObject({ lead: 'U0LEA000001', strategy: 'canary' });
  });
});

describe('PR-6: a company', () => {
  const text = readFileSync(new URL('../../docs/forty-services.example.yml', import.meta.url), 'utf8');

  it('of forty services and eight teams fits in eighty lines', () => {
    const { services, teams } = policyOf(text);
    expect({ services: services.size, teams: teams.size }).toEqual({ services: 40, teams: 8 });
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(80);
    expect(text.split('\n').filter((line) => line.length > 140)).toEqual([]);
  });

  it('asks the tech leads of each team, and pages whoever has the week', () => {
    const policy = policyOf(text);
    expect(roleAt(policy, 'cart', 'tech_lead')?.members).toEqual(['U0SHOP00001', 'U0SHOP00002']);
    expect(roleAt(policy, 'payments', 'tech_lead')?.members).toEqual(['U0MONEY0002', 'U0ARCHI0001']);
    expect(roleAt(policy, 'apps/web', 'tech_lead')?.members).toEqual(['U0ARCHI0001', 'U0ARCHI0002']);
    expect(onCallPerson(policy, { service: 'wishlist' }, Date.UTC(2026, 0, 13))).toBe('U0SHOP00002');
    expect(onCallPerson(policy, { service: 'tax' }, Date.UTC(2026, 0, 13))).toBe('U0MONEY0001');
  });
});
