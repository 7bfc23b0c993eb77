/** Which service an alert is about: by a pattern of its channel, a label, a name or alias it says, or the channel's owner. */

import type { AlertPolicy } from '../policy/alerts.ts';
import type { Alert } from './alert.ts';

/** `like`: a value that only begins as the service is called; with `text` a guess, and to be said as one. */
export type Found = 'pattern' | 'label' | 'like' | 'title' | 'text' | 'channel';

export interface Candidate {
  service: string;
  how: Found;
}

export interface Catalogue {
  /** Names of services, and the channel where each one's cards live. */
  services: readonly { name: string; channel: string }[];
  alerts: Pick<AlertPolicy, 'aliases' | 'channels'>;
}

/** Labels whose value is a service, or something that is named after one. */
const NAMING = new Set([
  ...[
    'service',
    'service_name',
    'app',
    'application',
    'app_name',
    'component',
    'project',
    'workload',
    'entity',
  ],
  ...[
    'deployment',
    'container',
    'job',
    'pod',
    'namespace',
    'target',
    'function',
    'impacted_entities',
    'policy',
  ],
]);

/** All that are equally likely, by the strongest evidence there is; several mean that a person must say. */
export function findServices(alert: Alert, channel: string, catalogue: Catalogue): Candidate[] {
  const names = namesOf(catalogue);
  const said = [alert.title, ...alert.lines];
  const patterns = catalogue.alerts.channels.get(channel)?.patterns ?? [];
  const labels = Object.entries(alert.labels).filter(([name]) => NAMING.has(name));
  const valuesOf = (some: typeof labels): string[] => some.map(([, value]) => value);
  const called = valuesOf(labels.filter(([name]) => name.startsWith('service')));
  const others = valuesOf(labels.filter(([name]) => !name.startsWith('service')));
  const steps: [Found, () => Iterable<string | undefined>][] = [
    [
      'pattern',
      () => patterns.flatMap((pattern) => said.map((line) => names.get(lower(fitting(pattern, line))))),
    ],
    // The label that is called so comes first: the rest are guesses at it.
    ['label', () => called.flatMap((value) => named(value, names))],
    ['like', () => called.map((value) => like(value, names))],
    ['label', () => others.flatMap((value) => named(value, names))],
    ['like', () => others.map((value) => like(value, names))],
    ['title', () => mentioned(alert.title, names)],
    ['text', () => said.flatMap((line) => mentioned(line, names))],
    ['channel', () => owners(catalogue, channel)],
  ];
  for (const [how, look] of steps) {
    const found = new Set([...look()].filter((one) => one !== undefined));
    if (found.size > 0) return [...found].map((service) => ({ service, how }));
  }
  return [];
}

/** Every name and alias, in small letters, to its service. */
function namesOf({ services, alerts }: Catalogue): Map<string, string> {
  const names = new Map<string, string>();
  for (const { name } of services) {
    for (const alias of alerts.aliases.get(name) ?? []) names.set(lower(alias), name);
  }
  for (const { name } of services) names.set(lower(name), name);
  return names;
}

const lower = (word: string | undefined): string => (word ?? '').toLowerCase();

/** A whole value, a pod of it, or all that a value lists. */
function named(value: string, names: ReadonlyMap<string, string>): string[] {
  const word = lower(value).trim();
  const exact = names.get(word) ?? names.get(word.replace(OF_A_POD, ''));
  return exact === undefined ? mentioned(value, names) : [exact];
}

/** What Kubernetes puts behind a name: `checkout-6d5f9c7d8b-x2vkq`, `checkout-0`. No vowels: `checkout-worker` is another. */
const OF_A_POD = /-(?:[bcdf-hj-np-tv-z0-9]{4,10}-[bcdf-hj-np-tv-z0-9]{3,6}|[bcdf-hj-np-tv-z0-9]{5}|\d{1,3})$/;

/** A value that begins as a service is called may be another one: `checkout-worker`. */
function like(value: string, names: ReadonlyMap<string, string>): string | undefined {
  const word = lower(value).trim();
  const beginning = [...names.keys()].filter(
    (name) => word.startsWith(`${name}-`) || word.startsWith(`${name}.`),
  );
  return names.get(beginning.toSorted((a, b) => b.length - a.length)[0] ?? '');
}

const WORD = /[a-z0-9][a-z0-9_@/.-]{0,80}/g;

/** Names that stand in a line as words of their own; an alias of several words as such. */
function mentioned(line: string, names: ReadonlyMap<string, string>): string[] {
  const text = lower(line);
  const words = [...text.matchAll(WORD)].map(([word]) => word.replace(/[./-]+$/, ''));
  const spaced = [...names].filter(
    ([name]) => name.includes(' ') && ` ${words.join(' ')} `.includes(` ${name} `),
  );
  return [
    ...new Set([...words.flatMap((word) => names.get(word) ?? []), ...spaced.map(([, service]) => service)]),
  ];
}

/** Where exactly one service lives in a channel, an alert there is its own; a channel of many says nothing. */
function owners({ services, alerts }: Catalogue, channel: string): string[] {
  const told = alerts.channels.get(channel)?.service;
  if (told !== undefined) return [told];
  const here = services.filter((service) => service.channel === channel);
  return here.length === 1 ? here.map(({ name }) => name) : [];
}

const NAME_AT_START = /^[A-Za-z0-9][\w.@-]{0,60}/;

/** What stands where a pattern has `{service}`: its words around it must stand there as they are. */
export function fitting(pattern: string, line: string): string | undefined {
  const [before = '', after = ''] = pattern.split('{service}');
  for (let at = line.indexOf(before); at !== -1; at = line.indexOf(before, at + 1)) {
    const rest = line.slice(at + before.length);
    const word = NAME_AT_START.exec(rest)?.[0];
    if (word === undefined) continue;
    const end = after === '' ? word.length : rest.indexOf(after);
    if (end > 0 && end <= word.length) return rest.slice(0, end);
  }
  return undefined;
}
