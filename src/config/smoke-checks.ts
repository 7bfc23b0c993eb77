/** What a schema cannot see of smoke tests: requests without an address, hosts that nobody named, secrets without TLS. */

import { MINUTE } from '../time.ts';
import { hostOf, parseWait, VERBS } from './build-smoke.ts';
import { parseDuration } from './durations.ts';
import type { Settings } from './merge.ts';
import { show, unknownWord } from './problems.ts';
import type { Path } from './yaml-text.ts';

type Report = (path: Path, found: string, allowed: string) => void;
type Smoke = NonNullable<Settings['services'][string]['smoke']>;
type Test = Smoke['tests'][string];
type Request = NonNullable<Test['steps']>[number];

export function checkSmoke(settings: Settings, report: Report): void {
  checkWithin(settings, report);
  for (const [name, { smoke }] of Object.entries(settings.services)) {
    if (smoke === undefined) continue;
    const path = ['services', name, 'smoke'];
    checkPlaces(smoke, path, settings, report);
    for (const [id, test] of Object.entries(smoke.tests))
      checkTest(test, [...path, 'tests', id], smoke, report);
  }
}

function checkWithin({ smoke }: Settings, report: Report): void {
  if (smoke?.within === undefined) return;
  const within = parseDuration(smoke.within);
  if (within === 0 || within > 5 * MINUTE)
    report(['smoke', 'within'], show(smoke.within), 'over 0, up to 5m');
}

function checkPlaces(smoke: Smoke, path: Path, settings: Settings, report: Report): void {
  const known = Object.keys(settings.environments);
  const hosts = (settings.smoke?.hosts ?? []).map(hostOf);
  for (const [environment, { base, arm }] of Object.entries(smoke.environments ?? {})) {
    const at = [...path, 'environments', environment];
    if (!known.includes(environment)) report(at, show(environment), unknownWord(environment, known));
    if (arm !== undefined && arm.base === undefined && Object.keys(arm.headers ?? {}).length === 0)
      report([...at, 'arm'], 'neither', 'an address or a header that leads to the new version');
    const addresses: [Path, string | undefined][] = [
      [[...at, 'base'], base],
      [[...at, 'arm', 'base'], arm?.base],
    ];
    for (const [where, address] of addresses) {
      if (address === undefined) continue;
      const url = new URL(address);
      const usual = url.protocol === 'https:' ? 443 : 80;
      const port = url.port === '' ? usual : Number(url.port);
      if (!hosts.some(({ host, port: named = usual }) => host === url.hostname && named === port))
        report(where, show(address), `a host that smoke.hosts names: add ${url.host} there`);
      if (Object.keys(smoke.secrets ?? {}).length > 0 && !isSafe(url))
        report(where, show(address), 'https, because its tests send secrets');
      if (url.username !== '' || url.password !== '')
        report(where, 'credentials', 'an address without them: secrets are references, and sent in a header');
    }
  }
}

const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

function checkTest(test: Test, path: Path, smoke: Smoke, report: Report): void {
  const { by = 'gonogo', steps } = test;
  const own = VERBS.some((verb) => test[verb] !== undefined);
  if (by !== 'gonogo') {
    if (own || steps !== undefined) report(path, `requests, and by: ${by}`, 'one of them');
    return;
  }
  if (own === (steps !== undefined)) {
    report(
      path,
      own ? 'a request and steps' : 'no request',
      'a request such as "get: /healthz", or steps, or by: ci',
    );
    return;
  }
  const names = new Set(['version', ...Object.keys(smoke.secrets ?? {})]);
  const all: [Path, Request][] = steps?.map((step, index) => [[...path, 'steps', index], step]) ?? [
    [path, test],
  ];
  for (const [at, request] of all) {
    checkRequest(request, at, report);
    for (const name of namesIn(request)) {
      if (!names.has(name)) report(at, `{{${name}}}`, `a value that is there: ${[...names].join(', ')}`);
    }
    for (const name of Object.keys(request.keep ?? {})) names.add(name);
  }
}

function checkRequest(request: Request, path: Path, report: Report): void {
  const verbs = VERBS.filter((verb) => request[verb] !== undefined);
  if (verbs.length !== 1) report(path, verbs.join(' and ') || 'no request', `one of ${VERBS.join(', ')}`);
  const bodies = (['form', 'json', 'body'] as const).filter((kind) => request[kind] !== undefined);
  if (bodies.length > 1) report(path, bodies.join(' and '), 'one of form, json, body');
  const [verb] = verbs;
  if (bodies.length > 0 && (verb === 'get' || verb === 'head'))
    report(path, `${bodies[0]} with ${verb}`, 'post or put to send something');
  const within = request.expect?.within;
  if (within !== undefined && parseWait(within) === 0)
    report([...path, 'expect', 'within'], show(within), 'a duration over 0');
}

function namesIn(request: Request): string[] {
  const text = JSON.stringify(request);
  return [...text.matchAll(/\{\{([^{}]{0,60})\}\}/g)].map(([, name = '']) => name);
}
