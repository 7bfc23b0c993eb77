/** K-6: where alerts are watched, and what mistakes in that are called. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../src/cli/explain-policy.ts';
import { loadPolicy } from '../../src/config/load-policy.ts';
import { readPresets } from '../../src/config/presets.ts';
import { describeProblem } from '../../src/config/problems.ts';

const EXAMPLE = readFileSync(new URL('../../gonogo.example.yml', import.meta.url), 'utf8');
const withAlerts = (alerts: string): string => EXAMPLE.replace(/^alerts:\n( {2}.*\n)+/m, alerts);

function read(alerts: string) {
  return loadPolicy(withAlerts(alerts), readPresets());
}

describe('alerts in gonogo.yml', () => {
  it('K-6: name channels with their patterns and their service, aliases, and what is said without a suspect', () => {
    const loaded = read(`alerts:
  no_suspect: silent
  channels:
    C0ALERTS005: { patterns: ["[{service}]", "svc/{service} "], service: checkout }
    C0DEPLOYS01:
  aliases: { checkout: [cart, Checkout API] }
`);
    expect(loaded.ok && loaded.policy.alerts).toEqual({
      noSuspect: 'silent',
      channels: new Map([
        ['C0ALERTS005', { patterns: ['[{service}]', 'svc/{service} '], service: 'checkout' }],
        ['C0DEPLOYS01', { patterns: [] }],
      ]),
      aliases: new Map([['checkout', ['cart', 'Checkout API']]]),
    });
  });

  it('K-6: are read back in sentences by check', () => {
    const loaded = read(`alerts:
  no_suspect: silent
  channels: { C0ALERTS005: { service: checkout }, C0DEPLOYS01: }
  aliases: { checkout: [cart] }
`);
    const sentences = loaded.ok ? explainPolicy(loaded.policy).join('\n') : '';
    expect(sentences).toContain(
      'A new alert in C0ALERTS005 and C0DEPLOYS01 is answered once in its thread with the deployments that could be to blame, and not at all where nothing was deployed.',
    );
    expect(sentences).toContain('An alert that names no service is about checkout in C0ALERTS005.');
    expect(sentences).toContain('In alerts, checkout is also called cart.');
  });

  it('K-6: watch nothing where nothing is said', () => {
    const loaded = read('');
    expect(loaded.ok && loaded.policy.alerts).toEqual({
      noSuspect: 'say',
      channels: new Map(),
      aliases: new Map(),
    });
  });

  it.each([
    [
      'a service that is not there',
      'alerts:\n  channels: { C0ALERTS005: { service: chekout } }\n',
      'alerts.channels.C0ALERTS005.service',
      'did you mean checkout?',
    ],
    [
      'aliases of a service that is not there',
      'alerts:\n  aliases: { chekout: [cart] }\n',
      'alerts.aliases.chekout',
      'did you mean checkout?',
    ],
    [
      'a name of two services',
      'alerts:\n  aliases: { checkout: [Payments] }\n',
      'alerts.aliases.checkout[0]',
      'a name that is not also of payments',
    ],
    [
      'an alias of two services',
      'alerts:\n  aliases: { checkout: [cart], payments: [cart] }\n',
      'alerts.aliases.payments[0]',
      'also of checkout',
    ],
    [
      'a pattern without its service',
      'alerts:\n  channels: { C0ALERTS005: { patterns: ["svc/"] } }\n',
      'patterns[0]',
      'words around one {service}',
    ],
    [
      'a pattern with two',
      'alerts:\n  channels: { C0ALERTS005: { patterns: ["{service} {service}"] } }\n',
      'patterns[0]',
      'words around one {service}',
    ],
    [
      'a channel by its name',
      'alerts:\n  channels: { alerts: }\n',
      'alerts.channels',
      'the id of a Slack channel',
    ],
    ['a word that means nothing', 'alerts:\n  no_suspect: shout\n', 'alerts.no_suspect', 'say'],
  ])('K-6: refuse %s, and say what is allowed', (_what, alerts, path, allowed) => {
    const loaded = read(alerts);
    const problems = loaded.ok ? [] : loaded.problems.map(describeProblem);
    expect(problems).toEqual([expect.stringContaining(path)]);
    expect(problems[0]).toContain(allowed);
  });
});
