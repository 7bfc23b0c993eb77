/** `gonogo check`: a policy in sentences, and the schema that ships for editors (PR-1). */

import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { explainPolicy } from '../../src/cli/explain-policy.ts';
import { policyJsonSchema } from '../../src/config/json-schema.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { describeProblem } from '../../src/config/problems.ts';

const PRESETS = readPresets();

function explained(more: string): string[] {
  const loaded = loadPolicy(
    `
team: Shop
time_zone: Europe/Berlin
roles:
  tech_lead: [U0TOM000001]
  security: [U0SANA00001, U0PAUL00001]
  operations: { usergroup: ["@ops", "@sre"] }
  product_owner: [U0PRIYA0001]
  cab: [U0CARLA0001]
  business_stakeholder: [U0BIANCA001]
services:
  checkout: { channel: C0CHECKOUT2, on_call: U0OMAR00001 }
${more}`,
    PRESETS,
  );
  if (!loaded.ok) throw new Error(loaded.problems.map(describeProblem).join('\n'));
  return explainPolicy(loaded.policy);
}

describe('a policy in sentences', () => {
  it('CH-1, CH-2: says of gold-standard who is asked, when, and what an emergency owes', () => {
    expect(explained('')).toEqual(
      expect.arrayContaining([
        'A version reaches an environment only after it completed in the one before; an emergency may skip that.',
        'development: no sign-off.',
        'staging: no sign-off; the approved merge counts.',
        'production: sign-offs by Tech lead, Security, Operations; for major release Product owner.',
        'A standard change is pre-approved: nobody is asked.',
        'A normal change is announced 5 business days ahead and waits for the sign-offs of its environment and of Change board.',
        'An emergency starts without a go and then owes the sign-offs of its environment and of Change board, and a write-up, within 3 days; a reminder comes every 24 h.',
        'A normal change waits for its change request.',
        'A go counts for 14 days, a missing one is asked for again every 24 h and Operations is told after 2 days, from 09:00 to 17:00 on business days.',
        'Business days are Monday to Friday in Europe/Berlin.',
        'Who may roll back: its lead, its on-call or Operations.',
      ]),
    );
  });

  it('CH-5: says which changes wait for a change request, and that an emergency owes it', () => {
    const says = explained('change_types: { emergency: { change_request: true } }');
    expect(says).toContain('An emergency starts without its change request and then owes it.');
    expect(explained('').join()).not.toContain('emergency starts without its change request');
  });

  it('AN-2, AN-3: says when it goes back by itself, and when people decide', () => {
    expect(explained('preset: procedures')).toEqual(
      expect.arrayContaining([
        'It goes back by itself on errors over 2× baseline, p50 over 1.5× baseline, p99 over 1.5× baseline, a failing health check or evidence that errors are more than 1.25× baseline.',
        'It is watched for 24 h after the last stage; a rollback should take under 30 min; a request that nobody completes ends after 7 days.',
      ]),
    );
    expect(explained('')).toContainEqual(
      expect.stringMatching(/^It holds, and people decide, on errors over/),
    );
  });

  it('CH-3, CH-6: says what hangs on the deployment type, and how many of a role', () => {
    expect(explained('preset: procedures')).toContainEqual(
      expect.stringContaining(
        'for performance or infrastructure Operations; for major release Business stakeholder',
      ),
    );
    const quorum = 'environments: { production: { sign_offs: [{ role: security, quorum: 2 }] } }';
    expect(explained(quorum)).toContain('production: sign-offs by 2 of Security.');
  });

  it('says who alone may ask for a kind of change, and leaves kinds of change out where nobody is asked', () => {
    expect(explained('change_types: { standard: { requesters: [tech_lead] } }')).toContain(
      'A standard change is pre-approved: nobody is asked. Only Tech lead may ask for it.',
    );
    expect(explained('environments: { staging: }').join('\n')).not.toMatch(/change|emergency starts/);
  });
});

describe('the JSON Schema that ships', () => {
  const shipped: unknown = JSON.parse(
    readFileSync(new URL('../../gonogo.schema.json', import.meta.url), 'utf8'),
  );

  it('PR-1: is that of this version: `gonogo schema > gonogo.schema.json` writes it', () => {
    expect(shipped).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });

  it('PR-1: takes the example, and refuses what the program refuses', () => {
    const validate = addFormats.default(new Ajv({ strict: false })).compile(shipped as object);
    const example = parse(
      readFileSync(new URL('../../gonogo.example.yml', import.meta.url), 'utf8'),
    ) as object;
    expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
    for (const wrong of [
      { promotion: 'up' },
      { change_types: { urgent: {} } },
      { change_types: { normal: { lead_time: '5' } } },
      { sign_offs: { working_hours: { from: '9', to: '17:00' } } },
      { holidays: ['Christmas'] },
      { announcements: '#deploys' },
    ])
      expect(validate({ ...example, ...wrong }), JSON.stringify(wrong)).toBe(false);
  });
});
