import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Room → the rooms it may import values from. `types` are rooms of which it may know the types only. */
const ARROWS: Record<string, { values: string[]; types?: string[] }> = {
  'src/time': { values: [] },
  // The ground floor: what is agreed with a request, in words that everybody uses.
  'src/terms': { values: ['src/time'], types: ['src/judge/types'] },
  // What people type, read without asking anybody.
  'src/words': { values: ['src/time', 'src/policy/calendar/zone'] },
  'src/clock': { values: ['src/time'] },
  // What people write for a duration, in the policy as in an adapter's settings.
  'src/config/durations': { values: ['src/time'] },
  'src/log': { values: [] },
  'src/judge': { values: ['src/time'] },
  'src/policy': { values: ['src/time'], types: ['src/deployment', 'src/judge'] },
  // A document and what it promises: it knows no Slack and no deployment.
  'src/contract': { values: ['src/time'], types: ['src/policy'] },
  // What an alert says, and which deployments could be to blame: it knows messages, not Slack.
  'src/alerts': { values: ['src/time'], types: ['src/policy'] },
  'src/deployment': {
    values: ['src/time', 'src/policy', 'src/judge'],
    types: ['src/backends/port', 'src/notifiers/port'],
  },
  'src/notifiers/port': { values: [], types: ['src/adapters'] },
  'src/notifiers': {
    values: ['src/message-of', 'src/adapters', 'src/notifiers/port'],
  },
  'src/metrics/reading': { values: [], types: ['src/judge'] },
  'src/backends/port': { values: [], types: ['src/time', 'src/adapters', 'src/deployment', 'src/policy'] },
  'src/metrics/port': { values: [], types: ['src/time', 'src/adapters', 'src/judge', 'src/backends/port'] },
  'src/signals/port': { values: [], types: ['src/time', 'src/policy', 'src/backends/port'] },
  // What every kind of adapter has in common.
  'src/adapters': { values: ['src/time', 'src/message-of'], types: ['src/log', 'src/backends'] },
  // The simulated world is backend and metrics in one.
  'src/backends': {
    values: [
      'src/time',
      'src/message-of',
      'src/config/durations',
      'src/adapters',
      'src/backends/port',
      'src/metrics',
    ],
    types: ['src/deployment', 'src/policy', 'src/metrics/port', 'src/signals/port'],
  },
  // Prometheus is asked in the same way for figures and for alerts.
  'src/signals': {
    values: ['src/time', 'src/message-of', 'src/adapters', 'src/backends', 'src/metrics', 'src/signals/port'],
    types: ['src/policy', 'src/backends/port'],
  },
  'src/metrics': {
    values: ['src/time', 'src/config/durations', 'src/adapters', 'src/backends', 'src/metrics/port'],
    types: ['src/judge', 'src/backends/port'],
  },
  // Requests of smoke tests, to hosts that the policy names.
  'src/smoke': { values: ['src/time'], types: ['src/policy'] },
  'src/conductor': {
    values: [
      'src/metrics/reading',
      'src/time',
      'src/message-of',
      'src/deployment',
      'src/judge',
      'src/policy',
      // What a server asks of all calls to it.
      'src/adapters/retry-after',
      'src/backends/port',
      'src/notifiers/port',
      'src/contract',
      'src/config/nearest',
    ],
    types: ['src/log', 'src/metrics/port', 'src/signals/port', 'src/alerts'],
  },
  // A picture of what the judge saw; it knows no Slack.
  'src/chart': { values: ['src/time', 'src/judge', 'src/deployment'] },
  'src/people': {
    values: ['src/time', 'src/conductor/deadline'],
    types: ['src/log', 'src/policy', 'src/deployment', 'src/conductor'],
  },
  'src/config': {
    // The kinds of adapters bring their own settings.
    values: [
      'src/time',
      'src/message-of',
      'src/judge',
      'src/policy',
      'src/deployment',
      'src/adapters',
      'src/backends',
      'src/metrics',
      'src/signals',
      'src/notifiers',
      'src/config/durations',
    ],
    types: ['src/judge'],
  },
  'src/slack': {
    values: ['src/time', 'src/message-of', 'src/conductor', 'src/deployment', 'src/words'],
    types: ['src/log'],
  },
  'src/http': {
    values: [
      'src/alerts',
      'src/time',
      'src/policy',
      'src/conductor/ports',
      'src/config/nearest',
      'src/config/api-keys',
    ],
    types: ['src/log'],
  },
  db: {
    values: [
      'src/time',
      'src/message-of',
      'src/conductor',
      'src/deployment',
      'src/policy/artifacts',
      'src/policy/gates',
      // What a stage teaches is added to what is known in one transaction.
      'src/judge/history',
    ],
    types: ['src/policy', 'src/contract', 'src/judge'],
  },
  views: {
    values: ['src/time', 'src/deployment', 'src/judge', 'src/contract'],
    types: ['src/alerts', 'src/policy', 'src/backends/port'],
  },
  commands: {
    values: [
      'src/time',
      'src/conductor',
      'src/deployment',
      'src/policy',
      'src/contract',
      'src/config/nearest',
      'src/config/in-parts',
      'views',
      'src/alerts',
      'src/words',
    ],
    types: ['src/backends/port', 'src/log', 'src/people', 'src/slack'],
  },
  'src/cli': { values: ['*'] },
  'src/main': { values: ['*'] },
  'local-slack': { values: [] },
};

/** What everybody stands on. */
const GROUND = ['src/time', 'src/terms', 'src/defined'];

/** Packages that the pure rooms must not know. */
const PURE = [
  'src/words',
  'src/terms',
  'src/deployment',
  'src/policy',
  'src/judge',
  'src/contract',
  'src/alerts',
  'views',
];
const IMPURE =
  /^(@slack\/(bolt|web-api|socket-mode)|kysely|better-sqlite3|pino|node-cron|fastify|node:(?!crypto))/;

interface Import {
  file: string;
  from: string;
  target: string;
  typeOnly: boolean;
}

const STATEMENT =
  /^(?:import|export)\s+(type\s+)?([^'";]*?)from\s+'([^']+)'|^import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('node_modules'))
    .map((file) => join(folder, file));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(STATEMENT)].map((match) => {
    const names = (match[2] ?? '')
      .replace(/[{}]/g, '')
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean);
    return {
      file,
      from: roomOf(file),
      target: match[3] ?? match[4] ?? match[5] ?? '',
      typeOnly:
        match[1] !== undefined || (names.length > 0 && names.every((name) => name.startsWith('type '))),
    };
  });
}

/** The most exact room that a path lies in. */
function roomOf(path: string): string {
  const plain = path.replace(/\.tsx?$/, '');
  const rooms = Object.keys(ARROWS).filter((room) => plain === room || plain.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? plain;
}

/** Every circle of files that import each other, as `a → b → a`. */
function circlesAmong(files: readonly string[]): string[] {
  const targets = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter(({ target }) => target.startsWith('.'))
        .map(({ target }) => join(dirname(file), target)),
    ]),
  );
  const left = new Set<string>();
  const circles: string[] = [];
  const follow = (file: string, way: readonly string[]): void => {
    const seen = way.indexOf(file);
    if (seen >= 0) circles.push([...way.slice(seen), file].join(' → '));
    if (seen >= 0 || left.has(file)) return;
    for (const target of targets.get(file) ?? []) follow(target, [...way, file]);
    left.add(file);
  };
  for (const file of files) follow(file, []);
  return circles;
}

const covers = (allowed: string[] | undefined, path: string): boolean =>
  (allowed ?? []).some((room) => room === '*' || path === room || path.startsWith(`${room}/`));

const all = ['src', 'commands', 'views', 'db', 'local-slack'].flatMap(sources).flatMap(importsOf);

describe('imports', () => {
  it('are read from every room', () => {
    for (const room of Object.keys(ARROWS))
      expect(
        all.some(({ from }) => from === room) || room === 'src/time' || room === 'src/policy',
        room,
      ).toBe(true);
    expect(all.length).toBeGreaterThan(300);
  });

  it('follow the arrows of the architecture, and no other', () => {
    const wrong = all
      .filter(({ target }) => target.startsWith('.'))
      .filter(({ file, from, target, typeOnly }) => {
        const path = relative(ROOT, join(ROOT, dirname(file), target)).replace(/\.tsx?$/, '');
        if (roomOf(path) === from || (covers(GROUND, path) && !GROUND.includes(from))) return false;
        const arrows = ARROWS[from];
        return (
          arrows === undefined || !(covers(arrows.values, path) || (typeOnly && covers(arrows.types, path)))
        );
      })
      .map(({ file, target, typeOnly }) => `${file} → ${target}${typeOnly ? ' (types)' : ''}`);
    expect(wrong).toEqual([]);
  });

  it('go round in no circle anywhere, types included', () => {
    const inside = ['src', 'commands', 'views', 'db', 'local-slack', 'bench', 'scripts'].flatMap(sources);
    expect(inside.length).toBeGreaterThan(500);
    expect(circlesAmong(inside)).toEqual([]);
  });

  it('of the pure rooms know no Slack client, database, logger, network or clock', () => {
    const wrong = all.filter(
      ({ from, target, typeOnly }) => PURE.includes(from) && !typeOnly && IMPURE.test(target),
    );
    expect(wrong).toEqual([]);
    for (const file of PURE.flatMap(sources)) {
      const text = readFileSync(join(ROOT, file), 'utf8');
      expect(text, file).not.toMatch(/Date\.now\(|new Date\(\)|Math\.random\(|performance\.now|setTimeout/);
    }
  });

  it('leave the local Slack a package of its own', () => {
    const out = all.filter(
      ({ from, file, target }) =>
        from === 'local-slack' &&
        target.startsWith('.') &&
        relative('local-slack', join(dirname(file), target)).startsWith('..'),
    );
    expect(out).toEqual([]);
  });
});
