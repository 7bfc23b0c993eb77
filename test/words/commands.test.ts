/** What people type, word for word, and what is understood of it: as Slack sends it. */

import { describe, expect, it } from 'vitest';
import { readVerb } from '../../src/words/aliases.ts';
import { asWritten } from '../../src/words/as-written.ts';
import { verbFirst, withInstead } from '../../src/words/instead.ts';
import { readSubject, type Subject } from '../../src/words/subject.ts';
import { readWanted, type Wanted } from '../../src/words/wanted.ts';
import { NAMES } from './names.ts';

describe('K-1: text as Slack sends it is read as it was written', () => {
  it.for([
    ['R&amp;D asked for it', 'R&D asked for it'],
    ['p95 &gt; 300 ms &amp;&amp; 5xx &lt; 1', 'p95 > 300 ms && 5xx < 1'],
    ['&amp;amp; stays one escape', '&amp; stays one escape'],
    ['<http://checkout.io|checkout.io> v2', 'checkout.io v2'],
    ['<http://checkout.io/|checkout.io>', 'checkout.io'],
    ['<mailto:a@b.example|a@b.example>', 'a@b.example'],
    ['see <https://x.example/1?a=1&amp;b=2>', 'see https://x.example/1?a=1&b=2'],
    ['see <https://x.example/1|the ticket>', 'see the ticket (https://x.example/1)'],
    ['<#C0123|checkout> v2', '#checkout v2'],
    ['<#C0123|> v2', '#C0123 v2'],
    ['ask <@U1|dana>', 'ask @dana'],
    ['ask <@U1>', 'ask <@U1>'],
    ['<!here> look', '@here look'],
    ['<!subteam^S1|@oncall>', '@oncall'],
    ['checkout\u00a0v2.1.0\u202fto\u2003production', 'checkout v2.1.0 to production'],
    ['check\u200bout\ufeff v2', 'checkout v2'],
    ['a < b and &lt;not|a link&gt;', 'a < b and <not|a link>'],
  ] as const)('%j is %j', ([sent, written]) => expect(asWritten(sent)).toBe(written));
});

describe('K-1: the first word says what to do', () => {
  it.for([
    ['?', 'help', ''],
    ['help?', 'help', ''],
    ['“Status” checkout', 'status', 'checkout'],
    ['HOLD, checkout', 'hold', 'checkout'],
    ['roll back checkout because errors', 'rollback', 'checkout because errors'],
    ['Roll-back checkout', 'rollback', 'checkout'],
    ['revert D-12', 'rollback', 'D-12'],
    ['dry run checkout v2', 'dry-run', 'checkout v2'],
    ['*rollback* checkout', 'rollback', 'checkout'],
    ['pls rollback checkout', 'rollback', 'checkout'],
    ['/deploy rollback checkout: x', 'rollback', 'checkout: x'],
    ['deploy please roll back checkout', 'rollback', 'checkout'],
    ['deploy checkout v2', 'checkout', 'v2'],
    ['🙏 undo D-1', 'rollback', 'D-1'],
    ['stop checkout', 'hold', 'checkout'],
    ['ABORT checkout!', 'hold', 'checkout!'],
    ['continue checkout', 'resume', 'checkout'],
    ['/deploy', '/deploy', ''],
    ['please', 'please', ''],
    ['constructor', 'constructor', ''],
    ['', '', ''],
  ] as const)('%j: %s, with %j', ([text, verb, rest]) => expect(readVerb(text)).toEqual({ verb, rest }));
});

describe('K-1: a mistyped command as it was meant keeps all else that was typed', () => {
  it.for([
    ['rolback checkout because  R&D', 'rolback', 'rollback', 'rollback checkout because  R&D'],
    ['hold “chekout”: odd', 'chekout', 'checkout', 'hold checkout: odd'],
    ['chekout chekout', 'chekout', 'checkout', 'checkout chekout'],
    ['hold D-1, please', 'D-1', 'D-2', 'hold D-2, please'],
    ['status checkout', 'nothing', 'else', 'status checkout'],
  ] as const)('%j', ([typed, word, instead, meant]) => expect(withInstead(typed, word, instead)).toBe(meant));

  it.for([
    ['checkout rollback', 'rollback', 'rollback checkout'],
    ['checkout *Rollback* because x', 'rollback', 'rollback checkout because x'],
    ['help', 'help', 'help'],
  ] as const)('%j with its verb first', ([typed, verb, meant]) => expect(verbFirst(typed, verb)).toBe(meant));
});

const CHECKOUT = { service: 'checkout' };
const PLACE = { service: 'checkout', environment: 'production' };

describe('K-1: a deployment is named in any order and any dress, and what follows is the reason', () => {
  it.for<[string, Partial<Subject>]>([
    ['checkout', CHECKOUT],
    ['Checkout', CHECKOUT],
    ['CHECKOUT!', CHECKOUT],
    ['“checkout”', CHECKOUT],
    ['‘checkout’,', CHECKOUT],
    ['checkout,', CHECKOUT],
    ['*checkout*', CHECKOUT],
    ['_checkout_', CHECKOUT],
    ['`checkout`', CHECKOUT],
    ['#checkout', CHECKOUT],
    ['the checkout service', CHECKOUT],
    ['http://checkout.io', { service: 'checkout.io' }],
    ['webapi', { service: 'WebAPI' }],
    ['apps/web', { service: 'apps/web' }],
    ['checkout production', PLACE],
    ['checkout in production', PLACE],
    ['checkout to prod', PLACE],
    ['production checkout', PLACE],
    ['checkout PRD', PLACE],
    ['checkout stg', { service: 'checkout', environment: 'staging' }],
    ['checkout pro', PLACE],
    ['webapi Frankfurt', { service: 'WebAPI', environment: 'eu-west' }],
    // Two fit, so that it is none of them.
    ['webapi eu-', { service: 'WebAPI', reason: 'eu-' }],
    ['payments pr is wrong', { service: 'payments', reason: 'pr is wrong' }],
    ['prod', { environment: 'production' }],
    ['D-1042', { id: 'D-1042' }],
    ['d-1042', { id: 'D-1042' }],
    ['d1042', { id: 'D-1042' }],
    ['#D-1042:', { id: 'D-1042' }],
    ['D-1042 because R&D said so', { id: 'D-1042', reason: 'R&D said so' }],
    ['D-1042 checkout', { id: 'D-1042', service: 'checkout' }],
    ['checkout because 5xx', { ...CHECKOUT, reason: '5xx' }],
    ['checkout because of 5xx', { ...CHECKOUT, reason: '5xx' }],
    ['checkout: 5xx', { ...CHECKOUT, reason: '5xx' }],
    ['checkout — 5xx', { ...CHECKOUT, reason: '5xx' }],
    ['checkout – 5xx', { ...CHECKOUT, reason: '5xx' }],
    ['checkout -- 5xx', { ...CHECKOUT, reason: '5xx' }],
    ['checkout - 5xx', { ...CHECKOUT, reason: '5xx' }],
    ['checkout due to 5xx', { ...CHECKOUT, reason: '5xx' }],
    ['checkout prod because 5xx', { ...PLACE, reason: '5xx' }],
    ['checkout the errors rise', { ...CHECKOUT, reason: 'the errors rise' }],
    ['checkout payments fail', { ...CHECKOUT, reason: 'payments fail' }],
    ['checkout: production burns', { ...CHECKOUT, reason: 'production burns' }],
    ['checkout a log line because x', { ...CHECKOUT, reason: 'a log line because x' }],
    ['chekout', { unknown: { what: 'service', word: 'chekout' } }],
    ['chekout because x', { unknown: { what: 'service', word: 'chekout' } }],
    ['checkout prodution', { ...CHECKOUT, unknown: { what: 'environment', word: 'prodution' } }],
    ['checkout because prodution burns', { ...CHECKOUT, reason: 'prodution burns' }],
    ['checkout reduction of load', { ...CHECKOUT, reason: 'reduction of load' }],
    ['checkout pls', CHECKOUT],
    ['checkout 🔥', CHECKOUT],
    ['checkout :fire: thx', CHECKOUT],
    ['checkout/prod', PLACE],
    ['checkout/prod: 5xx', { ...PLACE, reason: '5xx' }],
    ['D–1042', { id: 'D-1042' }],
    ['D—1042 — 5xx', { id: 'D-1042', reason: '5xx' }],
    ['D 1042', { id: 'D-1042' }],
    ['(d_1042)', { id: 'D-1042' }],
    ['checkout and payments', { ...CHECKOUT, also: 'payments', reason: 'and payments' }],
    ['checkout & payments', { ...CHECKOUT, also: 'payments', reason: '& payments' }],
    ['D-1, D-2', { id: 'D-1', also: 'D-2', reason: 'D-2' }],
    ['checkout and nothing else', { ...CHECKOUT, reason: 'and nothing else' }],
    ['checkout’s errors', { unknown: { what: 'service', word: 'checkout’s' } }],
    ['1042', { unknown: { what: 'service', word: '1042' } }],
    ['checkout NOW!!!', CHECKOUT],
    ['deployment D-1042', { id: 'D-1042' }],
    ['checkout [prod]', PLACE],
    ['D-99999999999999999', { unknown: { what: 'service', word: 'D-99999999999999999' } }],
    ['everything', { unknown: { what: 'service', word: 'everything' } }],
    ['@dana checkout', { unknown: { what: 'service', word: '@dana' } }],
    ['checkout for 2h', { ...CHECKOUT, reason: 'for 2h' }],
    ['checkout to v2.0.4', { ...CHECKOUT, reason: 'to v2.0.4' }],
    ['', {}],
  ])('%j', ([text, { unknown, ...meant }]) => {
    const { reason, unknown: told, ...read } = readSubject(text, NAMES);
    const { reason: because = unknown ? reason : '', ...names } = meant;
    expect({ ...read, reason, told }).toEqual({ ...names, reason: because, told: unknown });
  });
});

describe('K-1: a version is what the team of the service tags as one', () => {
  const patterns = new Map([
    ['checkout', ['checkout@{semver}', 'checkout/v{semver}']],
    ['payments', ['release-{number}']],
    ['apps/web', ['{date}.{number}', 'web-{sha}']],
  ]);
  it.for<[string, Partial<Wanted>]>([
    ['checkout@2.1.0', { service: 'checkout', version: 'checkout@2.1.0' }],
    ['checkout checkout@2.1.0 to prod', { ...PLACE, version: 'checkout@2.1.0' }],
    ['checkout/v2.1.0-rc.1+7', { service: 'checkout', version: 'checkout/v2.1.0-rc.1+7' }],
    ['checkout 2.1.0', { service: 'checkout', version: '2.1.0' }],
    [
      'payments release-42 to preview',
      { service: 'payments', version: 'release-42', environment: 'preview' },
    ],
    ['release-42 of payments', { service: 'payments', version: 'release-42' }],
    ['payments release-candidate', { service: 'payments', when: 'release-candidate' }],
    ['apps/web 2026.11.27.3', { service: 'apps/web', version: '2026.11.27.3' }],
    [
      'apps/web web-1a2b3c4 to production',
      { service: 'apps/web', version: 'web-1a2b3c4', environment: 'production' },
    ],
    ['checkout release-42', { service: 'checkout', when: 'release-42' }],
  ])('%j', ([text, meant]) => {
    expect(readWanted(text, NAMES, (service) => patterns.get(service))).toEqual({ when: '', ...meant });
  });
});

const ALL = { service: 'checkout', version: 'v2.1.0', environment: 'production' };

describe('K-1: what somebody wants deployed, in any order', () => {
  it.for<[string, Partial<Wanted>]>([
    ['checkout', { service: 'checkout' }],
    ['checkout v2.1.0 to production', ALL],
    ['checkout v2.1.0 production', ALL],
    ['checkout v2.1.0 prod', ALL],
    ['production checkout v2.1.0', ALL],
    ['v2.1.0 of checkout to production', ALL],
    ['v2.1.0 checkout in prod', ALL],
    ['deploy checkout version v2.1.0 to production please', ALL],
    ['“checkout”, *v2.1.0* to `production`.', ALL],
    ['#checkout v2.1.0 → production', ALL],
    ['checkout v2.1.0 -> prod', ALL],
    ['checkout - v2.1.0 - prod', ALL],
    ['checkout—v2.1.0 to prod', ALL],
    ['checkout:v2.1.0 to prod', ALL],
    ['checkout,v2.1.0,production', ALL],
    ['checkout/prod v2.1.0', ALL],
    ['🚀 checkout v2.1.0 to prod pls thx', ALL],
    ['checkout v2.1.0 to prod :rocket:', ALL],
    ['checkout “v2.1.0” to ‘prod’', ALL],
    ['checkout 2.1 to prod pls', { ...ALL, version: '2.1' }],
    ['checkout v 2.1.0', { service: 'checkout', version: '2.1.0' }],
    ['9.30 checkout v2.1.0 to prod', { ...ALL, when: '9.30' }],
    ['checkout 1.12. 14:00', { service: 'checkout', when: '1.12. 14:00' }],
    ['checkout v2.1.0 v2.1.1 to prod', { ...ALL, when: 'v2.1.1' }],
    ['checkout v2.1.0 to prod tomorrow 25:00', { ...ALL, when: 'tomorrow 25:00' }],
    ['checkout payments v2.1.0 to prod', { ...ALL, when: 'payments' }],
    ['checkout v2.1.0 to staging and production', { ...ALL, environment: 'staging', when: 'and production' }],
    ['checkout v2.1.0 from staging to production', { ...ALL, when: 'from staging' }],
    ['checkout staging to prod v2.1.0', { ...ALL, when: 'staging' }],
    ['checkout=v2.1.0 env=prod', { service: 'checkout', version: 'v2.1.0', when: 'env=prod' }],
    [
      '--service checkout --version v2.1.0',
      { service: 'checkout', version: 'v2.1.0', when: '--service --version' },
    ],
    ['checkout v2.1.0; rm -rf / to prod', { ...ALL, when: 'rm -rf /' }],
    ['checkout ../../etc/passwd', { service: 'checkout', when: '../../etc/passwd' }],
    ['checkout v2.1.0 rc1 to prod', { ...ALL, when: 'rc1' }],
    ['checkout 2.1.0.1 to prod', { ...ALL, version: '2.1.0.1' }],
    ['checkout\tv2.1.0\nprod', ALL],
    ['checkout 2 to prod', { ...PLACE, when: '2' }],
    ['checkout latest to prod', { ...PLACE, when: 'latest' }],
    ['checkout v2.1.0 to prod for @dana', { ...ALL, when: 'for @dana' }],
    ['checkout v2.1.0 to prod --force', { ...ALL, when: '--force' }],
    ['can you deploy checkout v2.1.0 to prod?', { ...ALL, when: 'can you' }],
    ['checkout v2.1.0 to production at 14:00', { ...ALL, when: 'at 14:00' }],
    ['at 14:00 checkout v2.1.0 to production', { ...ALL, when: 'at 14:00' }],
    ['checkout to production tomorrow 9am v2.1.0', { ...ALL, when: 'tomorrow 9am' }],
    ['checkout v2.1.0 to production in 35 minutes', { ...ALL, when: 'in 35 minutes' }],
    ['checkout 2.1.0', { service: 'checkout', version: '2.1.0' }],
    ['checkout V2.1.0-RC.1+Build.7', { service: 'checkout', version: 'V2.1.0-RC.1+Build.7' }],
    ['checkout 2026.11.27', { service: 'checkout', version: '2026.11.27' }],
    [
      'checkout 2026.11.27-2 on 28.11.2026',
      { service: 'checkout', version: '2026.11.27-2', when: 'on 28.11.2026' },
    ],
    ['checkout@2.1.0', { service: 'checkout', version: '2.1.0' }],
    ['checkout@v2.1.0 to prod', ALL],
    ['checkout/v2.1.0 to prod', ALL],
    ['apps/web@1.2.3', { service: 'apps/web', version: '1.2.3' }],
    ['apps/web/v1.2.3', { service: 'apps/web', version: 'v1.2.3' }],
    ['checkout 1a2b3c4', { service: 'checkout', version: '1a2b3c4' }],
    ['checkout v7', { service: 'checkout', version: 'v7' }],
    ['checkout 14:00', { service: 'checkout', when: '14:00' }],
    ['payments pre', { service: 'payments', environment: 'preview' }],
    ['checkout after lunch', { service: 'checkout', when: 'after lunch' }],
    ['checkout v2.1.0 to preview', { service: 'checkout', version: 'v2.1.0', environment: 'preview' }],
    ['checkout to prodution', { service: 'checkout', unknown: { what: 'environment', word: 'prodution' } }],
    ['checkout prodution', { service: 'checkout', unknown: { what: 'environment', word: 'prodution' } }],
    ['checkout to the moon', { service: 'checkout', unknown: { what: 'environment', word: 'moon' } }],
    ['chekout v2.1.0', { version: 'v2.1.0', unknown: { what: 'service', word: 'chekout' } }],
    ['', {}],
  ])('%j', ([text, { when, ...meant }]) => {
    const { when: left, ...read } = readWanted(text, NAMES);
    expect(read).toEqual(meant);
    if (meant.unknown === undefined) expect(left).toBe(when ?? '');
  });
});
